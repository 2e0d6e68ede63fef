/* serve_numbers.c — orders that are about a number, and what pages may know of numbers. Called by
 * serve.c and serve_open.c. Cost: as each order. */
#include "cli/house.h"

int house_open_numbers(struct house *h)
{
    const struct sql_args sql = {.path = h->journal_path};
    if (h->is_blind)
        return 0; /* no page is shown either */
    int err = store_pending_open(&h->numbers.pending, &sql);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    h->numbers.port = store_pending_port(&h->numbers.pending);
    return 0;
}

void house_drop_numbers(struct house *h)
{
    store_pending_drop(&h->numbers.pending);
}

void house_take_number(struct house *h, const struct order_number *number, struct order_answer *a)
{
    enum gate_verdict why = GATE_PASSES;
    a->verdict = (int)lines_renumber(h->lines, number->contact_id, number->e164, &why);
    a->gate = (int)why;
}
