/* board.h — the supervisor's board: who waits for what and how long, who can answer, how the day
 * goes and whether 85 % is still within reach. Called by app/pages_screens.c. Pure. */
#ifndef VIEW_BOARD_H
#define VIEW_BOARD_H

#include "view/house.h"
#include "view/html.h"

/* Names of one state that are shown; the others are counted. */
#define VIEW_BOARD_NAMES_MAX 60u

struct view_board {
    const struct view_accounts *accounts; /* NULL: nobody's name is known */
    bool is_large;    /* for a screen on the wall: figures alone, read from afar */
    bool is_fragment; /* the main part alone, for who has the page already */
};

void view_board(struct html *h, const struct view_house *house, const struct view_board *board);

#endif
