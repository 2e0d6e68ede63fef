/* serve_numbers.h — orders that are about a number, and what pages may know of numbers. Included by
 * house.h. */
#ifndef CLI_SERVE_NUMBERS_H
#define CLI_SERVE_NUMBERS_H

#include "cli/orders.h"
#include "store/pending.h"

struct house;

struct house_numbers {
    struct store_pending pending; /* the reader's */
    struct numbers_port port;
};

/* Between the journal and the reader. 0 or an exit code, told in words. */
int house_open_numbers(struct house *h);
void house_drop_numbers(struct house *h);
/* What becomes of it, but for last_id. */
void house_take_number(struct house *h, const struct order_number *number, struct order_answer *a);

#endif
