/* pages_console.h — the agent's screen and what its buttons order: GET /agent, POST /agent/DEED.
 * Included by app/pages.c only. */
#ifndef APP_PAGES_CONSOLE_H
#define APP_PAGES_CONSOLE_H

#include "app/pages.h"

struct pages_console_args {
    const struct view_house *house; /* rights: whose session it is */
    const struct pages *pages;      /* orders: of orders alone not NULL */
    const struct pages_request *request;
    struct text deed; /* of the path */
    struct card_log *cards;
};

void pages_console_show(const struct pages_console_args *args, struct pages_answer *answer);
/* Back to the screen when it is stored, the screen itself with what was typed when it was refused,
 * or is_later. False: no such deed. */
bool pages_console_order(const struct pages_console_args *args, struct pages_answer *answer);

#endif
