/* apply.h — one function per event kind; the only code that changes the state.
 * Included by apply*.c. Each takes the event and the state, nothing else, so that a journal replays
 * without its settings. */
#ifndef ACD_APPLY_H
#define ACD_APPLY_H

#include "acd/state.h"
#include "acd/table.h"

typedef void apply_fn(struct acd *a, const struct event *ev);

apply_fn apply_queue_set, apply_queue_hours, apply_queue_dropped, apply_queue_sweep;
apply_fn apply_agent_set, apply_agent_dropped, apply_agent_signed_in, apply_agent_signed_out;
apply_fn apply_agent_ready, apply_agent_paused, apply_agent_wrap_up, apply_agent_planned;
apply_fn apply_contact_opened, apply_call_arrived, apply_call_refused, apply_call_informed,
    apply_recording_refused, apply_call_listened, apply_call_alerted, apply_contact_moved;
apply_fn apply_reference_told, apply_contact_queued, apply_ring_opened, apply_needs_lifted,
    apply_contact_told, apply_contact_returned;
apply_fn apply_call_ended, apply_call_pending, apply_call_outcome;
apply_fn apply_contact_dropped, apply_contact_settled;
apply_fn apply_call_rejoins, apply_place_regained;
apply_fn apply_offer_made, apply_offer_advanced, apply_offer_joined, apply_offer_media;
apply_fn apply_offer_ended;
apply_fn apply_queue_callbacks, apply_callback_promised, apply_callback_withdrawn;
apply_fn apply_callback_due, apply_callback_held, apply_callback_tried, apply_callback_cancelled;
apply_fn apply_slot_sold, apply_slot_cancelled;
apply_fn apply_text_opened, apply_text_joined, apply_text_taken, apply_text_answered;
apply_fn apply_text_told, apply_text_returned, apply_text_moved, apply_text_ended;
apply_fn apply_callback_moved, apply_callback_renumbered;
apply_fn apply_help_asked, apply_help_swept, apply_help_ended;
apply_fn apply_conversation_concluded, apply_agent_moved, apply_agent_moved_back;

/* Moves along the tables; what they do not allow stops the program. */
void acd_contact_move(struct acd *a, uint32_t contact, enum event_kind kind);
void acd_agent_move(struct acd *a, uint32_t agent, enum agent_move move);

/* The slot that an event names and is about to change (touch.h); stops the program when there is
 * none. */
uint32_t acd_contact_must(struct acd *a, uint64_t id);
uint32_t acd_agent_must(struct acd *a, uint32_t id);
/* Is the agent, or the queue, already what this EV_AGENT_SET or EV_QUEUE_SET would make of it? */
bool acd_agent_is_set(const struct acd *a, const struct event *ev);
bool acd_queue_is_set(const struct acd *a, const struct event *ev);
uint32_t acd_queue_must(struct acd *a, uint32_t id);

/* The contact's, agent's or queue's one timer, after its state. */
void acd_contact_refresh_timer(struct acd *a, uint32_t contact);
void acd_agent_refresh_timer(struct acd *a, uint32_t agent);
void acd_queue_refresh_timer(struct acd *a, uint32_t queue);

/* apply_contact.c: a contact begins to wait, or ceases to. */
void acd_lanes_enter(struct acd *a, uint32_t contact, ms_t at);
void acd_lanes_leave(struct acd *a, uint32_t contact, ms_t at);
/* It names the lanes of its ring, its advisor and the network; none any more. */
void acd_lanes_name(struct acd *a, uint32_t contact);
void acd_lanes_forget(struct acd *a, uint32_t contact);
/* apply_help.c: the queue goes: nobody is to be looked at there any more. */
void acd_help_forget(struct acd *a, uint32_t queue);
/* apply_callback.c: whom we call is not to wait yet. */
void acd_promised_enter(struct acd *a, uint32_t contact);
/* After the hours of a queue, or those who wait to be called, have changed. */
void acd_queue_note_hold(struct acd *a, uint32_t queue);

/* For the queue's rate. Before its number of waiting changes: the time since the last change counts
 * as busy if anybody waited. A contact that had waited leaves the waiting (offered, or gave up). */
void acd_queue_count_busy(struct acd *a, uint32_t queue, ms_t at);
void acd_queue_count_left(struct acd *a, uint32_t queue, ms_t at);

#endif
