/* pages_callbacks.h — promises to call back, over HTTP: listed, shown, changed, cancelled (ADR 28).
 * Included by app/pages.c only. */
#ifndef APP_PAGES_CALLBACKS_H
#define APP_PAGES_CALLBACKS_H

#include "port/numbers.h"
#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

enum pages_callbacks_what { CALLBACKS_LIST, CALLBACKS_SHOW, CALLBACKS_CHANGE, CALLBACKS_CANCEL };

struct pages_callbacks_args {
    const struct view_house *house;
    const struct orders_port *orders;   /* NULL: nothing can be changed here */
    const struct numbers_port *numbers; /* NULL: no number is shown */
    const struct pages_request *request;
    struct text reference; /* as who asked wrote it */
    enum pages_callbacks_what what;
};

/* The answer, or is_later. */
void pages_callbacks(const struct pages_callbacks_args *args, struct pages_answer *answer);

#endif
