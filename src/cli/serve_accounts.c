/* serve_accounts.c — see serve_accounts.h. Called by serve_open.c and serve.c. Cost: a look at a
 * ring each turn. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

/* The reader's. */
static bool post(void *arg, const struct journal_row *rows, unsigned n)
{
    struct house_accounts *a = arg;
    struct accounts_post one = {.n = n};
    assert(n && n <= ACCOUNTS_ROWS_MAX);
    memcpy(one.rows, rows, n * sizeof(rows[0]));
    bool is_taken = ring_push(&a->posts, &one, 1);
    explicit_bzero(&one, sizeof(one));
    if (is_taken)
        os_bell_ring_always(&a->bell);
    return is_taken;
}

/* The reads have the store as their arg; post has the house's part: one port, two hands. */
static struct accounts_port port_of(struct house_accounts *a)
{
    struct accounts_port port = store_accounts_port(&a->store);
    port.post = post;
    port.post_arg = a;
    return port;
}

static int open_memory(struct house_accounts *a)
{
    a->memory = calloc(1, ring_bytes(ACCOUNTS_POSTS_MAX, sizeof(struct accounts_post)));
    a->accounts = calloc(1, sizeof(*a->accounts));
    if (!a->memory || !a->accounts)
        return ENOMEM;
    ring_open(&a->posts, a->memory, ACCOUNTS_POSTS_MAX, sizeof(struct accounts_post));
    return os_bell_open(&a->bell);
}

int house_open_accounts(struct house *h)
{
    struct house_accounts *a = &h->accounts;
    const struct sql_args sql = {.path = h->journal_path};
    const struct settings_web *s = &h->settings.web;
    struct accounts_args args = {.port = &a->port,
                                 .passwords = &a->passwords,
                                 .idle_ms = s->session_idle_ms,
                                 .longest_ms = s->session_longest_ms,
                                 .rotate_ms = s->session_rotate_ms};
    a->bell.fd = -1;
    if (h->is_blind)
        return 0; /* no page is shown either */
    int err = open_memory(a);
    if (!err)
        err = password_worker_open(&a->worker, false);
    if (err)
        return cli_cannot(h->args, "accounts", err, "allow more memory, threads or open files");
    a->passwords = password_worker_port(a->worker);
    err = store_accounts_open(&a->store, &sql);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    a->port = port_of(a);
    int code = house_open_oidc(h);
    if (code)
        return code;
    args.oidc = a->oidc.worker ? &a->oidc.port : NULL;
    return accounts_open(a->accounts, &args)
               ? 0
               : cli_cannot(h->args, "accounts", EIO, "the machine gives no random bytes");
}

void house_drop_accounts(struct house *h)
{
    struct house_accounts *a = &h->accounts;
    house_drop_notice(h);
    house_drop_oidc(h);
    password_worker_drop(a->worker);
    store_accounts_drop(&a->store);
    if (a->memory) /* opened with the bell */
        os_bell_drop(&a->bell);
    if (a->accounts)
        explicit_bzero(a->accounts, sizeof(*a->accounts));
    free(a->accounts);
    free(a->memory);
}

void house_accounts_turn(struct house *h)
{
    struct house_accounts *a = &h->accounts;
    while (a->memory && ring_waiting_n(&a->posts) && app_has_room(h->app)) {
        const struct accounts_post *one = ring_item(&a->posts, 0);
        app_rows(h->app, one->rows, one->n);
        ring_release(&a->posts, 1);
    }
}
