/* board_parts.h — parts of the board that have a file of their own, and those that the agent's
 * screen has too. Included by view/board*.c and console.c only. */
#ifndef VIEW_BOARD_PARTS_H
#define VIEW_BOARD_PARTS_H

#include "acd/look.h"
#include "view/deeds.h"
#include "view/house.h"
#include "view/html.h"

/* How long since, going on by itself on the screen; « — » when since_at is 0. */
void board_since(struct html *h, const struct view_house *house, ms_t since_at);
/* « 296 sur 339 (87,3 %) »; « — » when nobody asked. */
void board_rate(struct html *h, const struct kpi_counts *c);

/* What somebody who came now would be told: « 2 à 5 min », or that it is closed. */
const char *board_estimate(const struct html *h, const struct acd_look_queue *q);
/* A name and a number, in a list of facts. */
void board_fact(struct html *h, const char *name, uint64_t n, bool is_alert);
/* Calls that were lost, by class. */
void board_lost(struct html *h, const struct kpi_counts *day);
/* « 14:30 », or « la fin du jour »; what stands by hand in a queue, in few words: nothing when
 * nothing does. */
void board_at(struct html *h, const struct view_house *house, ms_t at);
void board_until(struct html *h, const struct view_house *house, ms_t until_at);
void board_tags(struct html *h, const struct view_house *house, const struct acd_look_queue *q,
                uint32_t slot);

/* Of the pages behind the board: around what is alive, and how a form begins. */
struct board_page {
    const char *title, *path; /* path: of the page, without its id */
    const char *id;           /* of the directory */
    const char *refusal;
    uint64_t contact_id; /* on the line there, whom a form names; 0: none does */
    bool is_fragment;
};
void board_page_begin(struct html *h, const struct view_house *house,
                      const struct board_page *page);
void board_page_end(struct html *h, const struct view_house *house, const struct board_page *page);
void board_form(struct html *h, const struct view_house *house, const struct board_page *page,
                const char *deed);
/* « , par Nadège V. »: an account; 0: a program, or the command line. */
void board_by(struct html *h, const struct view_accounts *accounts, uint64_t by_id);
/* May who looks do it from here? */
bool board_may(const struct view_house *house);

/* « repas »; "" for none. */
const char *view_pause_words(const struct html *h, enum pause pause);
const char *view_state_words(const struct html *h, enum agent_state state);

/* A button that is a form: its deed, its key. */
struct board_deed {
    const char *name, *key, *french, *english;
};
struct view_board_one;
void board_listen(struct html *h, const struct view_house *house, const struct view_board_one *one,
                  const struct board_page *page);

struct board_promises {
    uint32_t open_n, waiting_n; /* to be made; whose turn it is */
    uint32_t late_n, soon_n;    /* past what was announced; within five minutes of it */
};
struct board_promises board_count_promises(const struct view_house *house);
/* What wants somebody now. */
struct view_board;
void board_alerts(struct html *h, const struct view_house *house, const struct view_board *board);
void board_reach(struct html *h, const struct view_house *house);
void board_agents(struct html *h, const struct view_house *house);
void board_quarters(struct html *h, const struct view_house *house);

#endif
