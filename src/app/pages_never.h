/* pages_never.h — the list of those who are never called, over HTTP: one number at a time, for only
 * keyed hashes are kept (ADR 28). Included by app/pages.c only. */
#ifndef APP_PAGES_NEVER_H
#define APP_PAGES_NEVER_H

#include "port/numbers.h"
#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

enum pages_never_what { NEVER_COUNT, NEVER_CHECK, NEVER_ADD, NEVER_REMOVE };

struct pages_never_args {
    const struct view_house *house;
    const struct orders_port *orders;   /* NULL: nothing can be changed here */
    const struct numbers_port *numbers; /* NULL: nothing can be looked up */
    const struct pages_request *request;
    struct text number; /* as who asked wrote it */
    enum pages_never_what what;
};

/* The answer, or is_later. */
void pages_never(const struct pages_never_args *args, struct pages_answer *answer);

#endif
