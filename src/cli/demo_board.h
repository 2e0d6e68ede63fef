/* demo_board.h — the wallboard of a simulated hour: pages of the house on this machine, over a
 * journal that grows as the hour is told, at the time of that hour. Called by demo_monday.c. Its
 * time stands still until demo_board_time(). Invariant: nothing here is a service; no page of it
 * can change anything. */
#ifndef CLI_DEMO_BOARD_H
#define CLI_DEMO_BOARD_H

#include "acd/limits.h"
#include "event/event.h"
#include "plan/profile.h"

struct demo_board;

struct demo_board_args {
    const struct plan_profile *profile; /* names of its services and agents */
    struct acd_limits limits;           /* of the life that is told */
    ms_t from_at;                       /* where its hour begins */
    uint16_t port;                      /* 0: a free one */
};

/* 0, or errno: EADDRINUSE, EACCES (port)… */
MUST_CHECK int demo_board_open(struct demo_board **b, const struct demo_board_args *args);
/* Pages, journal and folder go. NULL is fine. */
void demo_board_drop(struct demo_board *b);
uint16_t demo_board_port(const struct demo_board *b);

/* It is `at` now, and goes on `pace` times as fast as it did. */
void demo_board_time(struct demo_board *b, ms_t at, unsigned pace);
/* The next of the hour, to be seen from the next demo_board_show() on. */
void demo_board_take(struct demo_board *b, const struct event *ev);
/* 0, or errno of the disk. */
MUST_CHECK int demo_board_show(struct demo_board *b);

#endif
