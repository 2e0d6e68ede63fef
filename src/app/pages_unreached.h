/* pages_unreached.h — who was never reached today, listed, and called back by the house (ADR 37).
 * Included by app/pages.c only. */
#ifndef APP_PAGES_UNREACHED_H
#define APP_PAGES_UNREACHED_H

#include "app/awaited.h"
#include "app/page_list.h"
#include "app/unreached.h"
#include "port/numbers.h"
#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"
#include "view/unreached.h"

struct pages_unreached_args {
    const struct view_house *house;
    const struct unreached *unreached;  /* NULL: nobody yet today */
    const struct orders_port *orders;   /* NULL: nobody can be called from here */
    const struct numbers_port *numbers; /* NULL: no number is known */
    const struct pages_request *request;
    struct text reference; /* as who asked wrote it */
    bool is_call;          /* have them called; else the list */
};

/* Those of one page, the oldest first; false: ?limit or ?after is wrong, and the answer says so. */
bool pages_unreached_list(const struct pages_unreached_args *args, struct page_list *l,
                          struct pages_answer *answer);
/* One of them, by its slot. */
struct view_unreached pages_unreached_row(const struct pages_unreached_args *args, uint32_t slot);
/* A call back without its answer: status 0: it is_later; 200: promised; else words of why not. */
struct page_words pages_unreached_order(const struct pages_unreached_args *args,
                                        struct pages_answer *answer);
/* The answer, or is_later. */
void pages_unreached(const struct pages_unreached_args *args, struct pages_answer *answer);

#endif
