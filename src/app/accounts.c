/* accounts.c — see accounts.h: what is under way, from the first row to the disk. Called by
 * pages_sign.c and pages_accounts.c. Invariant: nobody is told of what is not stored: a line of the
 * log with a random id commits with it, and is looked for. */
#include <string.h>

#include "app/accounts.h"

_Static_assert((int)ACCOUNT_AGENT == (int)ROLE_AGENT &&
                   (int)ACCOUNT_SUPERVISOR == (int)ROLE_SUPERVISOR &&
                   (int)ACCOUNT_ADMINISTRATOR == (int)ROLE_ADMINISTRATOR &&
                   (int)ACCOUNT_AUDITOR == (int)ROLE_AUDITOR && (int)ACCOUNT_ROLES == (int)ROLE_N,
               "roles of accounts are those of the directory");
_Static_assert(ACCOUNT_SCOPE_MAX == RIGHTS_SCOPE_MAX && ACCOUNT_ID_BYTES == DIRECTORY_ID_BYTES,
               "a scope fits into rights");
_Static_assert(ACCOUNTS_ROWS_MAX <= JOURNAL_APPEND_MAX, "one change is one append");

#define IDLE_MS ((ms_t)2 * 3600 * 1000)
#define LONGEST_MS ((ms_t)12 * 3600 * 1000)
#define ROTATE_MS ((ms_t)15 * 60 * 1000)

void accounts_follow(struct accounts *a, const struct accounts_args *args)
{
    a->args = *args;
    a->args.idle_ms = args->idle_ms ? args->idle_ms : IDLE_MS;
    a->args.longest_ms = args->longest_ms ? args->longest_ms : LONGEST_MS;
    a->args.rotate_ms = args->rotate_ms ? args->rotate_ms : ROTATE_MS;
}

bool accounts_open(struct accounts *a, const struct accounts_args *args)
{
    struct siphash_key key;
    memset(a, 0, sizeof(*a));
    accounts_follow(a, args);
    if (!args->port->random(args->port->arg, &key, sizeof(key)) ||
        !args->port->random(args->port->arg, a->oidc.key, sizeof(a->oidc.key)))
        return false;
    lockout_open(&a->lockout, key);
    return true;
}

void accounts_drop(struct accounts *a, struct accounts_pending *p)
{
    if (p->job_id)
        a->args.passwords->forget(a->args.passwords->arg, p->job_id);
    if (p->oidc_job_id)
        a->args.oidc->forget(a->args.oidc->arg, p->oidc_job_id);
    memset(p, 0, sizeof(*p));
}

/* Whoever asked may have left without a word. */
static bool is_taken(const struct accounts_pending *p, ms_t now_ms)
{
    return p->order_id && now_ms - p->given_ms < ACCOUNTS_FORGOTTEN_MS;
}

struct accounts_pending *accounts_take(struct accounts *a, const struct pages_request *request,
                                       enum accounts_kind kind)
{
    for (unsigned i = 0; i < ACCOUNTS_PENDING_MAX; i++) {
        struct accounts_pending *p = &a->pending[i];
        if (is_taken(p, request->now_ms))
            continue;
        accounts_drop(a, p);
        p->order_id = ++a->last_order_id;
        p->kind = kind;
        p->given_ms = request->now_ms;
        return p;
    }
    return NULL;
}

struct accounts_pending *accounts_find(struct accounts *a, uint64_t order_id)
{
    for (unsigned i = 0; order_id && i < ACCOUNTS_PENDING_MAX; i++)
        if (a->pending[i].order_id == order_id)
            return &a->pending[i];
    return NULL;
}

bool accounts_changes(const struct accounts *a, const char *login, ms_t now_ms)
{
    for (unsigned i = 0; i < ACCOUNTS_PENDING_MAX; i++) {
        const struct accounts_pending *p = &a->pending[i];
        if (is_taken(p, now_ms) && p->kind == ACCOUNTS_CHANGE && !strcmp(p->account.login, login))
            return true;
    }
    return false;
}

struct journal_row *accounts_row(struct accounts_pending *p, enum journal_row_kind kind)
{
    assert(p->rows_n < ACCOUNTS_ROWS_MAX);
    struct journal_row *row = &p->rows[p->rows_n++];
    memset(row, 0, sizeof(*row));
    row->kind = kind;
    return row;
}

bool accounts_post(struct accounts *a, struct accounts_pending *p,
                   const struct account_audit *audit)
{
    const struct accounts_port *port = a->args.port;
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_AUDIT);
    row->audit = *audit;
    if (!row->audit.id && !port->random(port->arg, &row->audit.id, sizeof(row->audit.id)))
        return false;
    row->audit.id |= 1; /* never 0 */
    p->audit_id = row->audit.id;
    p->stage = ACCOUNTS_STORING;
    return port->post(port->post_arg, p->rows, p->rows_n);
}

void accounts_note(struct accounts *a, const struct account_audit *audit)
{
    const struct accounts_port *port = a->args.port;
    struct journal_row row = {.kind = JOURNAL_ROW_AUDIT, .audit = *audit};
    if (port->random(port->arg, &row.audit.id, sizeof(row.audit.id)))
        (void)port->post(port->post_arg, &row, 1); /* too much under way: it is lost */
}

enum accounts_told accounts_look(struct accounts *a, const struct accounts_pending *p, ms_t now_ms)
{
    const struct accounts_port *port = a->args.port;
    if (p->stage == ACCOUNTS_STORING && port->has_audit(port->arg, p->audit_id))
        return ACCOUNTS_STORED;
    return now_ms - p->given_ms < ACCOUNTS_WAIT_MS ? ACCOUNTS_LATER : ACCOUNTS_SILENT;
}
