/* pages_console.h — what the buttons of the agent's screen order: POST /agent/DEED. Included by
 * app/pages.c only. */
#ifndef APP_PAGES_CONSOLE_H
#define APP_PAGES_CONSOLE_H

#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

struct pages_console_args {
    const struct view_house *house; /* rights: whose session it is */
    const struct orders_port *orders;
    const struct pages_request *request;
    struct text deed; /* of the path */
};

/* Back to the screen when it is stored, or could not be done; or is_later. False: no such deed. */
bool pages_console_order(const struct pages_console_args *args, struct pages_answer *answer);

#endif
