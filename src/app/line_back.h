/* line_back.h — an agent calls somebody back, and what is kept to do it. Included by
 * src/app/line*.c only. */
#ifndef APP_LINE_BACK_H
#define APP_LINE_BACK_H

#include "app/wishes.h"
#include "event/effect.h"
#include "port/phone.h"

struct line;
struct lines;

struct line_back {
    uint64_t wish_id;            /* the contact */
    bool is_back;                /* CALLER: whom we call back; OFFER: its agent does */
    bool is_asked_gate;          /* OFFER: the gate has counted a call that is not dialled yet */
    bool is_noted, is_briefed;   /* OFFER: the attempt is on disk; its agent knows whom: dial */
    bool is_heard, is_far_heard; /* OFFER: sound has come from it; from whom it calls */
    bool by_robot;               /* CALLER: a sentence of a machine comes first */
    uint64_t never_id; /* CALLER: asked not to be called again; that event is not on disk yet */
    uint16_t word;     /* CALLER_UNWANTED: the prompt that says so */
};

void line_back_ring(struct lines *l, const struct effect *e);
void line_back_dial(struct lines *l, const struct effect *e);
/* The agent's telephone before somebody has spoken; false: it is a conversation like others. */
bool line_back_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_back_timer(struct lines *l, struct line *line);
/* From which number it is called back: the machine's own, where a machine speaks first; else the
 * number that was dialled. */
uint64_t line_back_shown(const struct lines *l, const struct line *caller, bool is_discreet);

/* line_reached.c. Both sides of a call back that is not a conversation yet; NULL: it has gone. */
struct line *line_back_far_of(struct lines *l, const struct line *agent);
struct line *line_back_agent_of(struct lines *l, const struct line *far);
struct command line_back_result(uint64_t offer_id, enum callback_result result);
struct command line_back_advance(uint64_t offer_id);
/* The attempt is over: both legs go. */
void line_back_finish(struct lines *l, struct line *agent, enum callback_result result);
/* The agent says who has answered. */
void line_back_key(struct lines *l, struct line *agent, char key);
/* Whom we call. */
void line_back_far_timer(struct lines *l, struct line *far);
void line_back_far_report(struct lines *l, struct line *line, const struct phone_report *r);
/* The agent has said that they speak; far NULL: or did. */
void line_back_join(struct lines *l, struct line *agent, struct line *far);
/* The offer is over, or the agent's telephone is: whom we call is let go. */
void line_back_over(struct lines *l, struct line *agent);
/* Keeps whom to call, here and with the writer; false: there is no room. */
bool line_back_keep(struct lines *l, const struct wish *wish);
/* The wish of this contact is over. */
void line_back_forget(struct lines *l, uint64_t contact_id);
/* Its number goes to the row of a slot: the wish stays with the gate. False: there is none. */
bool line_back_move(struct lines *l, uint64_t contact_id, struct wish *was);
/* The house has promised it, for this call was cut off by our fault: to the number it came from. */
void line_back_by_house(struct lines *l, const struct line *caller, uint64_t contact_id);

#endif
