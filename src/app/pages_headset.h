/* pages_headset.h — a page as the telephone of its agent (ADR 39): POST /api/v1/rtc and what is
 * below it. Included by app/pages.c only. */
#ifndef APP_PAGES_HEADSET_H
#define APP_PAGES_HEADSET_H

#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

struct pages_headset_args {
    const struct view_house *house;   /* rights: whose page it is */
    const struct orders_port *orders; /* NULL: none are taken here */
    const struct pages_request *request;
    struct text id; /* of the path; empty: a page that takes over */
    char *location; /* PAGES_LOCATION_BYTES, until the answer was sent */
};

/* The answer, or is_later. */
void pages_headset(const struct pages_headset_args *args, struct pages_answer *answer);

#endif
