/* line_listen.h — a supervisor in the conversation of an agent: hears both, speaks to the agent
 * alone, or to both; by the short code (*78 and the agent's line), or because the agent calls for
 * help (*9). Included by src/app/line*.c. */
#ifndef APP_LINE_LISTEN_H
#define APP_LINE_LISTEN_H

#include "event/event.h"
#include "port/orders.h"
#include "port/phone.h"
#include "say/say.h"

struct line;
struct lines;

struct line_listening {
    uint64_t by_id;      /* OFFER: the leg of who listens, or rings for that; 0: nobody */
    uint32_t agent_id;   /* KEYS: to whom the code's agent will listen after this call; 0: nobody */
    uint32_t next_i;     /* OFFER, *9: the place in the directory from which to look further */
    enum listening mode; /* LISTEN: as the journal has it */
    enum listening wish; /* LISTEN: how they want to begin, from their page; NONE: to listen */
    bool is_alert;       /* LISTEN: was called for by *9 */
};

/* A supervisor has dialled the code, and this line: what to say. Their telephone rings after this
 * call when it is PROMPT_LISTEN_RING. */
enum prompt_id line_listen_ask(struct lines *l, struct line *keys);
void line_listen_begin(struct lines *l, uint32_t listener_id, uint32_t agent_id);
/* From the supervisor's page: agent is the line of the conversation. */
enum order_talked line_listen_order(struct lines *l, struct line *agent,
                                    const struct order_talk *talk);
/* The agent calls for help. */
void line_listen_alert(struct lines *l, struct line *agent);

/* Of who listens. */
void line_listen_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_listen_timer(struct lines *l, struct line *line);

/* What each is told first; NULL: nothing. */
struct line_words {
    const struct say_list *agent, *caller, *listener;
};
/* Agent and caller, and a third one of theirs, hear each other from now on; so does who listens,
 * and is heard as the mode says. */
void line_listen_hear(struct lines *l, struct line *agent, const struct line_words *words);
/* The conversation is over, and noted so: at the end of the turn, or at once. */
void line_listen_over(struct lines *l, struct line *agent);
void line_listen_over_now(struct lines *l, struct line *agent);

/* The process that they listened in has died: they do so no longer, and the journal hears until
 * when. */
void line_listen_died(struct lines *l, struct line *line, bool hangs_up);

#endif
