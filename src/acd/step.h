/* step.h — the parts of acd_step(): one function per command, one per kind of due work.
 * Included by step*.c. */
#ifndef ACD_STEP_H
#define ACD_STEP_H

#include "acd/match.h"
#include "acd/state.h"

struct step {
    struct acd *a;
    ms_t now_at;
    struct event_batch *out;
};

typedef enum acd_verdict step_fn(struct step *s, const struct command *cmd);

/* Numbers the event, records it, hands it out. Its id is returned. */
uint64_t step_say(struct step *s, struct event ev);

/* If somebody can take this contact, or this agent can take somebody: the offer is made. */
bool step_offer_contact(struct step *s, uint32_t contact);
bool step_offer_agent(struct step *s, uint32_t agent);

/* The offer of a pair, by whatever rule. */
void step_say_offer(struct step *s, const struct match *m, enum rule rule, enum offer_phase phase);
/* Back among the waiting with the same place, and nothing else yet. */
void step_say_returned(struct step *s, uint32_t contact, enum offer_end why);
/* Who was called back, and is to be called at another time: this promise was kept. False: it
 * stands. */
bool step_settles_agreed(struct step *s, uint32_t contact);
/* Did both sides send something after the confirmation, and, when our side ends it, for long
 * enough? (design §3.5) */
bool step_counts(const struct contact *c, ms_t talk_ms, enum offer_end why);
/* Ends the offer or conversation of a contact; the agent and the contact are then free to move. */
void step_end_offer(struct step *s, uint32_t contact, enum offer_end why);
/* The same, and offered again if anybody is free. */
void step_return_contact(struct step *s, uint32_t contact, enum offer_end why);
/* After a conversation: wrap-up, or what the agent had planned, or ready and offered. */
void step_release_agent(struct step *s, uint32_t agent);
/* The call is over: its class if known, its contact settled or its place kept. */
void step_end_call(struct step *s, uint32_t contact, enum ended_by by);
/* Gives the class to a call that has ended and closes the contact accordingly. */
void step_class_call(struct step *s, uint32_t contact, enum outcome outcome);

/* Tells a waiting contact where it is; see contact_told in schema/events.toml. */
void step_tell(struct step *s, uint32_t contact, enum told what);

/* A length of time that a setting or a wish may have. */
static inline bool step_is_duration(ms_t ms)
{
    return ms >= 0 && ms <= ACD_DURATION_MS_MAX;
}

/* step_call.c: the wish is over, and its slot free. */
void step_settle(struct step *s, uint32_t contact, enum settled how);
/* step_call.c: is there room for one more contact, whose call this node carries? */
bool step_has_room(const struct acd *a, uint16_t node);
/* step_call.c: the contact whose live call has this id; SLOT_NONE: none. */
uint32_t step_call_find(const struct acd *a, uint64_t call_id);
/* Why this queue cannot take a contact now; REFUSAL_N: it can. */
unsigned step_refusal_of(const struct acd *a, uint32_t queue);
/* Among the waiting of this queue, as CMD_CALL_QUEUE asks; nothing is offered or told yet. */
void step_say_queued(struct step *s, uint32_t contact, uint32_t queue, const struct command *cmd);
/* The same, then offered at once, or told where; a queue that cannot take them is a refusal. */
enum acd_verdict step_enter_queue(struct step *s, uint32_t contact, const struct command *cmd);
/* step_offer.c: the contact whose offer this is and still stands; SLOT_NONE: none. */
uint32_t step_offer_find(const struct acd *a, uint64_t offer_id);
/* Since when the person is not spoken to, in all. */
ms_t step_waited_ms(const struct step *s, const struct contact *c);

/* step_callback.c: our fault ends this call: it is promised a callback, if it may be. */
void step_promise_after_fault(struct step *s, uint32_t contact);
/* This contact, which waits, is called back. */
void step_say_promised(struct step *s, uint32_t contact, const struct event *how);
/* Its call has no class yet: this one. */
void step_class_if_open(struct step *s, uint32_t contact, enum outcome outcome);
/* An attempt is over, and nobody was reached. */
void step_tried(struct step *s, uint32_t contact, enum callback_result result);
/* A conversation with somebody whom we called is over: why. */
void step_end_dialled(struct step *s, uint32_t contact, enum offer_end why);
/* The promise is taken back; its call gets this class, unless it has one. */
void step_cancel_promise(struct step *s, uint32_t contact, enum cancelled_by by,
                         enum outcome class);
/* The process that called has died. */
void step_lose_dialled(struct step *s, uint32_t contact);

/* step_call.c: the class of a call, and nothing else. */
void step_say_outcome(struct step *s, uint32_t contact, enum outcome outcome);
/* step_text.c: the agent leaves: what it has of written contacts goes back to its queues. */
void step_texts_back(struct step *s, uint32_t agent);
/* A written contact whose time is over. */
void step_text_due(struct step *s, uint32_t contact);

/* step_unit.c: the next ring of a waiting contact opens, and nothing is offered yet. */
void step_widen(struct step *s, uint32_t contact, enum ring_why why);
/* step_help.c: the same of one that begins to wait, if help is asked for. */
void step_help_now(struct step *s, uint32_t contact);
static inline void step_help(struct step *s, uint32_t contact)
{
    if (s->a->queues[s->a->contacts[contact].queue].helps_n)
        step_help_now(s, contact);
}
/* Of those who waited, some more are looked at; help whose instant has come ends: false, none. */
void step_help_sweep(struct step *s);
bool step_help_due(struct step *s, uint32_t queue);
/* step_shut.c: a queue closed by hand opens by itself; false: not now. */
bool step_shut_due(struct step *s, uint32_t queue);
/* step_move.c: an agent who was moved is back; false: not now. */
bool step_move_due(struct step *s, uint32_t agent);

/* One unit of due work, at most ACD_EVENTS_PER_UNIT events; false when nothing is due. */
bool step_unit(struct step *s);

step_fn step_queue_set, step_queue_hours, step_queue_drop, step_priority_set;
step_fn step_agent_set, step_agent_drop, step_agent_sign_in, step_agent_sign_out;
step_fn step_agent_ready, step_agent_pause, step_agent_more_time, step_agent_lost;
step_fn step_call_arrived, step_call_queue, step_call_refuse, step_call_informed,
    step_call_refuse_recording, step_call_listen, step_call_alert, step_call_leave_menu;
step_fn step_call_ask_place, step_call_ask_reference, step_call_ended;
step_fn step_offer_advance, step_offer_confirm, step_offer_decline, step_offer_media;
step_fn step_offer_end, step_offer_pass, step_offer_move;
step_fn step_queue_callbacks, step_callback_promise, step_callback_withdraw;
step_fn step_callback_result, step_callback_cancel;
step_fn step_slot_sell, step_slot_due, step_slot_cancel;
step_fn step_callback_move, step_callback_renumber, step_never_list;
step_fn step_place_regain;
step_fn step_text_arrive, step_text_join, step_text_take, step_text_answer, step_text_told;
step_fn step_text_return, step_text_move, step_text_end;
step_fn step_help_ask, step_help_end, step_queue_shut, step_queue_reopen;
step_fn step_conversation_conclude, step_agent_move, step_agent_move_back;

#endif
