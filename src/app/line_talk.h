/* line_talk.h — what an agent does with a conversation: hold, consult, pass on, three at once, back
 * to the queue. Included by src/app/line*.c. */
#ifndef APP_LINE_TALK_H
#define APP_LINE_TALK_H

#include "app/line_deeds.h"

/* line_talk.c: of an agent who speaks: a key; no further key came; the telephone holds or not. */
void line_talk_key(struct lines *l, struct line *line, char key);
void line_talk_timer(struct lines *l, struct line *line);
void line_talk_holds(struct lines *l, struct line *line, bool holds);
/* Of a caller on hold: the time for a word has come. */
void line_talk_still(struct lines *l, struct line *caller);
/* The caller hears words and music; agent and caller hear each other (again); all three do. word:
 * to the agent, or PROMPT_NONE. */
void line_talk_hold(struct lines *l, struct line *caller);
void line_talk_resume(struct lines *l, struct line *line, enum prompt_id word);
void line_talk_three(struct lines *l, struct line *line, struct line *third);

/* What the code does of *1 to *9, when nobody is to be named. */
void line_talk_deed(struct lines *l, struct line *line, char code);

/* line_text.c: a text message to the person that this agent speaks with; why: of ORDER_TALKED_GATE.
 */
enum order_talked line_text_now(struct lines *l, const struct line *line,
                                const struct order_talk *talk, enum gate_verdict *why);

/* line_agreed.c: a half hour that agent and person agree on; why: of ORDER_TALKED_GATE. And not
 * after all. */
enum order_talked line_agreed(struct lines *l, const struct order_talk *talk,
                              enum gate_verdict *why);
enum order_talked line_agreed_not(struct lines *l, const struct order_talk *talk);

/* line_whom.c: whom an agent means. */
struct line_whom {
    struct text dialled; /* outside */
    uint64_t e164;
    uint32_t agent_id; /* 0: no agent of ours */
    uint32_t service;  /* to pass on: an index of the caller's directory; else DIRECTORY_NONE */
    bool is_ordinary, is_interpreter;
    enum gate_verdict why; /* of line_third_call(): what the gate said */
};
/* By what was typed behind that code; by a page: nobody, when all is 0. */
struct line_whom line_whom_typed(struct lines *l, const struct line *line, char code);
struct line_whom line_whom_asked(struct lines *l, const struct line *line,
                                 const struct order_talk *talk);

/* line_third.c: somebody whom an agent calls in addition; code: what for (1: to consult, 2: to pass
 * the caller on, 3: a conversation of three). When it cannot be, the agent has heard so, and speaks
 * with the caller as before. */
enum order_talked line_third_call(struct lines *l, struct line *line, char code,
                                  struct line_whom *to);
/* line_desk.c: the agent's page shows how far it is with the third one; NULL: with nobody. */
void line_desk_show(struct lines *l, const struct line *line, const struct line *third,
                    enum talk_shown shown);
/* That it rings there, and what for. */
void line_desk_rings(struct lines *l, const struct line *line, const struct line *third);
void line_third_report(struct lines *l, struct line *third, const struct phone_report *r);
void line_third_timer(struct lines *l, struct line *third);
/* The caller goes to the third, and the agent leaves. */
void line_third_complete(struct lines *l, struct line *line);
/* The agent hangs up while a third one is called or there: nobody is left alone. True: done, the
 * line is gone. */
bool line_third_leave(struct lines *l, struct line *line);
/* The agent's part is over, and the heart is about to offer the caller to them. */
void line_third_passes(struct lines *l, struct line *line);
/* The caller hears music until that offer is taken. */
void line_third_waits(struct lines *l, struct line *caller);
/* The line whose offer this is, when it is on the telephone already: it is offered the caller to
 * whom it spoke about them. */
struct line *line_third_taken(struct lines *l, struct line *caller, uint32_t agent_id);
/* line_pick.c: the agent of this short code takes the call that has rung for longest at a colleague
 * of their queues or of their site. False: there is none. */
bool line_pick_up(struct lines *l, struct line *line);
/* line_third.c: takes no calls from now on; false: cannot be spoken to. like: what is to be kept of
 * them for line_third_back(). */
bool line_third_aside(struct lines *l, uint32_t agent_id, struct line *like);
void line_third_back(struct lines *l, const struct line *like);
/* The same of a colleague who is to be rung: free, or not at work. */
bool line_third_reserve(struct lines *l, uint32_t agent_id, struct line *like);
/* The line of that leg, for whom that was kept; NULL: there is no leg, or no room: then they are as
 * before. */
struct line *line_third_new(struct lines *l, uint64_t leg_id, enum line_kind kind,
                            const struct line *like);
/* line_refer.c: the transfer key of the telephone of this line. */
void line_refer(struct lines *l, struct line *line, const struct phone_report *r);
/* Their agent has left: the offer of the heart is awaited. */
void line_third_awaits(struct lines *l, struct line *third, uint64_t caller_id);
/* The agent no longer wants them; a caller whom an agent had passed on has left; or a line is
 * dropped: its third goes too. */
void line_third_over(struct lines *l, struct line *line);
/* A line of whom somebody called, or who called them, is over, on our side too: its agent is as
 * before. */
void line_third_forget(struct lines *l, struct line *line, bool hangs_up);

#endif
