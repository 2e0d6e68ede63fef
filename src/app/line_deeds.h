/* line_deeds.h — what each file of the lines does for the others.
 * Included by src/app/line*.c only. */
#ifndef APP_LINE_DEEDS_H
#define APP_LINE_DEEDS_H

#include "app/line.h"

/* line_caller.c */
/* Sets entry and flow of what was dialled; false: nobody is there. */
/* Digits of a number as trunks write it; 0: it is none. */
uint64_t line_e164(struct text user);
bool line_caller_finds(const struct lines *l, struct text called, struct line *line);
void line_caller_arrived(struct lines *l, const struct phone_report *r);
void line_caller_born(struct lines *l, struct line *line, uint64_t person_id,
                      const struct journal_row *row);
void line_caller_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_caller_effect(struct lines *l, struct line *line, const struct effect *e);
void line_caller_timer(struct lines *l, struct line *line);
void line_caller_let_go(struct lines *l, struct line *line, enum prompt_id last, enum ended_by by);
/* The same with more to say. */
void line_caller_take_leave(struct lines *l, struct line *line, const struct say_list *words,
                            enum ended_by by);
/* The leg is hung up, and the heart is told. */
void line_caller_leave(struct lines *l, struct line *line);

/* Says where the caller stands. */
void line_caller_told(struct lines *l, struct line *line, const struct effect *e);

/* line_menu.c: CALLER_MENU, from the answer to the queue or the goodbye. */
void line_menu_begin(struct lines *l, struct line *line);
/* Is this queue closed at the moment? */
bool line_menu_is_closed(const struct lines *l, uint32_t queue_id);
/* Nothing but a closed message would be heard, whatever is not pressed. */
bool line_menu_only_closes(const struct lines *l, const struct line *line);
/* The languages that this caller insists on, as skills. */
uint64_t line_menu_needs(const struct line *line);
void line_menu_key(struct lines *l, struct line *line, char key);
void line_menu_played(struct lines *l, struct line *line, bool is_by_key);
void line_menu_timer(struct lines *l, struct line *line);
/* While the caller's sound is sent back: how it comes. */
void line_menu_counts(struct line *line, const struct media_counts *counts);
/* Among the waiting of the queue that the flow asks for, with the place of that contact; 0: with a
 * new one. */
void line_menu_enter(struct lines *l, struct line *line, const struct ivr_ask *ask,
                     uint64_t contact_id);
void line_menu_refused(struct lines *l, struct line *line, enum refusal why);

/* line_words.c: what a caller is told, as prompts. */
void words_told(struct lines *l, struct line *line, const struct effect *e, struct say_list *list);
void words_refused(struct lines *l, const struct line *line, enum refusal why,
                   struct say_list *list);
/* When these hours open; nothing while they are open, or when that is not known. */
void words_opening(struct lines *l, const struct line *line, uint64_t weeks, struct say_list *list);

/* lines.c */
/* line_hear() of several legs of one conversation. */
struct line_mix {
    uint32_t number;
    uint64_t ids[MEDIA_HEARS_MAX];
};
bool line_hear_mix(struct lines *l, struct line *line, const struct say_list *list,
                   const struct line_mix *mix);

/* lines.c: the directory's; NULL: left the files. */
const struct directory_agent *line_agent(const struct lines *l, uint32_t agent_id);

/* line_offer.c */
void line_offer_ring(struct lines *l, const struct effect *e);
void line_offer_effect(struct lines *l, const struct effect *e);
void line_offer_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_offer_timer(struct lines *l, struct line *line);
/* The wrap-up is over: their telephone must be free. */
void line_offer_end_wrap_up(struct lines *l, uint32_t agent_id);
/* The caller has left, or somebody else has the caller. */
void line_offer_wrap_up(struct lines *l, struct line *line);
/* Does this agent speak, or ring, on a line of ours? Cost: a walk over the lines. */
bool line_offer_is_busy(const struct lines *l, uint32_t agent_id);
/* « Santé. »: the service that an offer is about, said to its agent. */
enum prompt_id line_offer_about(const struct lines *l, const struct line *line);
/* Ends their calls that a new one may end: a wrap-up, a short code. */
void line_offer_free(struct lines *l, uint32_t agent_id);
/* The telephone of this agent is no longer registered. */
void line_offer_away(struct lines *l, uint32_t agent_id);

/* line_gate.c */
/* "+33536491234": as the words and the telephone take it. */
struct text line_number_text(char number[DIRECTORY_NUMBER_BYTES], uint64_t e164);
/* May it go out? Who, whom and what for are given; the rest is filled in. */
enum gate_verdict line_gate_ask(struct lines *l, struct gate_call *call);
/* What is true of every call: the day, the operator. line_gate_ask() does it by itself. */
void line_gate_fill(const struct lines *l, struct gate_call *call);
/* It passed, and was not sent. */
void line_gate_back(struct lines *l, const struct gate_call *call);
/* The writer gets what was counted. False: it takes nothing. */
bool line_gate_note(struct lines *l);

/* line_never.c */
/* Of what a machine dials, and of wishes. */
enum gate_never line_never_has(const struct lines *l, const struct gate_call *call);

/* line_out.c */
/* A call by an operator, showing a number of ours: that one, or the first. Its leg, or 0. */
struct line_dialling {
    uint64_t near_id, e164, shown_e164;
    struct text name;
};
uint64_t line_dial(struct lines *l, const struct line_dialling *dialling);
/* The same, where the gate was asked already. */
uint64_t line_dial_asked(struct lines *l, const struct line_dialling *dialling);
/* A call of an agent, or of a person, to outside, as the gate allows. Its leg; 0: word says to them
 * why not. */
struct line_outside {
    struct text dialled;
    uint32_t agent_id;
    bool is_transfer; /* in addition to a caller, or for them to go to */
    uint64_t near_id;
    /* output */
    unsigned word; /* a prompt */
    enum gate_verdict verdict;
    bool is_agents;
};
uint64_t line_out_call(struct lines *l, struct line_outside *out);
void line_out_arrived(struct lines *l, const struct phone_report *r);
void line_out_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_out_timer(struct lines *l, struct line *line);

/* line_text.c */
/* That we call back, within what is told; line NULL: nobody hears it. True: a text message will be
 * sent. */
bool line_text_promised(struct lines *l, const struct line *line, uint64_t contact_id);
/* That the half hour has come. */
void line_text_soon(struct lines *l, const struct slot *slot);
/* That nobody was reached. */
void line_text_tried(struct lines *l, uint64_t contact_id);

/* line_keys.c */
void line_keys_arrived(struct lines *l, const struct phone_report *r);
/* Is it the number at which agents with ordinary telephones sign in? */
bool line_keys_is_for(const struct lines *l, struct text called);
void line_keys_called(struct lines *l, const struct phone_report *r);
void line_keys_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_keys_timer(struct lines *l, struct line *line);
/* An agent has another state. */
void line_keys_effect(struct lines *l, const struct effect *e);

#endif
