/* serve_numbers.c — see serve_numbers.h. Called by serve.c and serve_open.c. Cost: as each order;
 * at the start a row each. Invariant: a list that has rows and whose key is lost lets nobody be
 * called by a machine: who is on it is not known. */
#include <errno.h>

#include "cli/house.h"

/* ---- never -------------------------------------------------------------------------------- */

static void restore(const uint8_t hash[NEVER_HASH_BYTES], void *arg)
{
    never_restore(arg, hash);
}

static void tell_lost(struct house *h, enum store_never_state state, int err)
{
    os_log_line(&h->log, OS_LOG_ALARM,
                "never: who is never to be called cannot be read: nobody is called back — put the "
                "file of its key back\tkey=%s%s\twhy=%s\terrno=%d",
                h->journal_path, STORE_NEVER_SUFFIX,
                state == STORE_NEVER_LOST    ? "the key is lost"
                : state == STORE_NEVER_OTHER ? "it is the key of another list"
                                             : "the disk",
                err);
    never_lose(h->numbers.never);
}

/* A key is made with the first start, so that the first number finds it. */
static int make_key(struct house *h)
{
    struct store_never_key there;
    int err = store_never_key_read(&there, h->journal_path);
    return err == ENOENT ? store_never_key_make(&h->numbers.key, h->journal_path) : err;
}

static void read_list(struct house *h)
{
    struct house_numbers *n = &h->numbers;
    const struct sql_args sql = {.path = h->journal_path};
    struct store_never_reading r = {.fn = restore, .arg = n->never};
    enum store_never_state state = STORE_NEVER_EMPTY;
    int err = store_never_judge(&state, &n->key, h->journal_path);
    if (!err && state == STORE_NEVER_EMPTY)
        err = make_key(h);
    n->never_port = store_never_port(&n->key);
    if (!err && state == STORE_NEVER_WELL)
        err = store_never_read(&r, &sql);
    if (err || state == STORE_NEVER_LOST || state == STORE_NEVER_OTHER)
        tell_lost(h, state, err);
}

int house_open_never(struct house *h)
{
    struct house_numbers *n = &h->numbers;
    if (h->is_blind)
        return 0; /* nothing is promised either */
    int err = os_pages_open(&n->never_room, never_bytes());
    if (err)
        return cli_cannot(h->args, "serve", err, "free some memory");
    n->never = never_open(n->never_room.p, h->app, &n->never_port);
    read_list(h);
    return 0;
}

/* ---- pages -------------------------------------------------------------------------------- */

int house_open_numbers(struct house *h)
{
    const struct sql_args sql = {.path = h->journal_path};
    if (h->is_blind)
        return 0; /* no page is shown either */
    int err = store_pending_open(&h->numbers.pending, &sql, &h->numbers.key);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    h->numbers.port = store_pending_port(&h->numbers.pending);
    return 0;
}

void house_drop_numbers(struct house *h)
{
    store_pending_drop(&h->numbers.pending);
    os_pages_drop(&h->numbers.never_room);
}

/* ---- orders ------------------------------------------------------------------------------- */

void house_take_number(struct house *h, const struct order_number *number, struct order_answer *a)
{
    enum gate_verdict why = GATE_PASSES;
    bool is_added = number->about == ORDER_NEVER_ADD;
    const struct lines_call_back who = {.person_id = number->person_id,
                                        .e164 = number->e164,
                                        .queue_id = number->queue_id,
                                        .reference = number->reference};
    if (number->about == ORDER_CALL_BACK)
        a->verdict = (int)lines_call_back(h->lines, &who, &why);
    else if (number->about == ORDER_SLOT_CANCEL)
        a->verdict = (int)lines_slot_cancel(h->lines, number->contact_id, number->by);
    else if (number->about == ORDER_RENUMBER)
        a->verdict = (int)lines_renumber(h->lines, number->contact_id, number->e164, &why);
    else
        a->verdict = (int)lines_never(h->lines, number->e164, is_added, &why);
    a->gate = (int)why;
}
