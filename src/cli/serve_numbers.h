/* serve_numbers.h — orders that are about a number, the list of those who are never called, and
 * what pages may know of numbers. Included by house.h. */
#ifndef CLI_SERVE_NUMBERS_H
#define CLI_SERVE_NUMBERS_H

#include "app/never.h"
#include "cli/orders.h"
#include "os/pages.h"
#include "store/never.h"
#include "store/pending.h"

struct house;

struct house_numbers {
    struct never *never; /* over never_room; NULL: the list cannot be kept */
    struct os_pages never_room;
    struct store_never_key key; /* never changed while the service runs */
    struct never_port never_port;
    struct store_pending pending; /* the reader's */
    struct numbers_port port;
};

/* Between the journal and the lines. 0 or an exit code, told in words. */
int house_open_never(struct house *h);
/* Before the reader. */
int house_open_numbers(struct house *h);
void house_drop_numbers(struct house *h);
/* What becomes of it, but for last_id. */
void house_take_number(struct house *h, const struct order_number *number, struct order_answer *a);

#endif
