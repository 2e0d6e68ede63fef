/* pages_board.h — the supervisor's board and the pages behind it: one service, one agent, who was
 * never reached, with their forms (ADR 37, ADR 41). Included by app/pages.c only. */
#ifndef APP_PAGES_BOARD_H
#define APP_PAGES_BOARD_H

#include "app/pages.h"

struct pages_board_args {
    struct pages *pages; /* where an answer leads stands there */
    const struct view_house *house;
    const struct pages_request *request;
    struct text id; /* what stands for {…} in the path */
};

/* The page; or, of a form, back to where it stands when it is stored, the same page with the reason
 * when it could not be done, or is_later. False: there is no such page for who asks. */
bool pages_board(const struct pages_board_args *args, struct pages_answer *answer);

#endif
