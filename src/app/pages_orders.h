/* pages_orders.h — pages that change something. Included by app/pages.c only. */
#ifndef APP_PAGES_ORDERS_H
#define APP_PAGES_ORDERS_H

#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

/* Is it a path of an order? */
bool pages_order_is(struct text path);

/* The answer, or is_later. False: it was carried out, and the page of agents is the answer. */
bool pages_order(const struct orders_port *orders, const struct view_house *h,
                 const struct pages_request *r, struct pages_answer *answer);

#endif
