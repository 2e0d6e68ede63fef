/* pages_orders.h — pages that change something. Included by app/pages.c only. */
#ifndef APP_PAGES_ORDERS_H
#define APP_PAGES_ORDERS_H

#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

/* Which order, for whom, as who asked wrote it. */
struct pages_order {
    enum command_kind kind;
    struct text agent; /* an id of the directory, or not */
    const struct pages_request *request;
};

/* The answer, or is_later. False: it was carried out, and the page of agents is the answer. */
bool pages_order(const struct orders_port *orders, const struct view_house *h,
                 const struct pages_order *order, struct pages_answer *answer);

#endif
