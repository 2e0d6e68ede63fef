/* doorkeeper_disk.h — what doorkeeper.h stands on: a disk that does what the test says. Included by
 * it alone. */
#ifndef TEST_SUPPORT_DOORKEEPER_DISK_H
#define TEST_SUPPORT_DOORKEEPER_DISK_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/pages.h"

#define DOOR_BYTES 200000
#define DOOR_AT ((ms_t)1794819600000)
#define DOOR_MS ((ms_t)5000000)
#define DOOR_ID 77
#define DOOR_SECRET "0123456789abcdef0123456789abcdef"
#define DOOR_COOKIE                                                                                \
    "__Host-decroche=3031323334353637383961626364656630313233343536373839616263646566"

/* What the disk has, what was given to it, and what was asked of the passwords. */
struct door {
    struct account account;
    struct account_session session;
    struct account_scope scope[2];
    unsigned scope_n;
    char hash[ACCOUNT_HASH_BYTES];
    bool has_account, has_session, is_disk_slow, is_post_full;
    uint8_t made_hash[SESSION_HASH_BYTES]; /* of the session that was posted last */
    bool has_made;
    struct journal_row rows[ACCOUNTS_ROWS_MAX];
    unsigned rows_n, posts_n, verifies_n, random_n;
    char verified[ACCOUNT_HASH_BYTES]; /* against which hash, last */
    struct password_told told;
    bool is_worker_busy, is_worker_full;
    unsigned orders_n;
    struct accounts_port port;
    struct password_port passwords;
    struct orders_port orders;
    struct committed_port committed;
    struct accounts *accounts;
    struct readmodel *model;
    struct directory *directory; /* owned */
    struct pages pages;
    struct pages_port pages_port;
    struct pages_answer answer;
    char page[DOOR_BYTES];
};

/* Good enough to tell inputs apart. */
static inline void door_hash(void *arg, uint8_t to[SESSION_HASH_BYTES], struct text bytes)
{
    uint64_t h = UINT64_C(14695981039346656037);
    (void)arg;
    for (unsigned i = 0; i < SESSION_HASH_BYTES; i++) {
        for (size_t k = 0; k < bytes.n; k++)
            h = (h ^ (uint8_t)bytes.p[k]) * UINT64_C(1099511628211);
        to[i] = (uint8_t)(h >> 32);
    }
}

static inline bool door_random(void *arg, void *to, size_t n)
{
    struct door *d = arg;
    memset(to, (int)(++d->random_n % 250 + 1), n);
    return true;
}

static inline int door_find(void *arg, struct text login, struct account *account, char *hash)
{
    struct door *d = arg;
    if (!d->has_account || !text_equal(login, text_of(d->account.login)))
        return ENOENT;
    *account = d->account;
    if (hash)
        memcpy(hash, d->hash, ACCOUNT_HASH_BYTES);
    return 0;
}

/* tidy: parameters — dictated by port/account.h */
static inline int door_session(void *arg, const uint8_t hash[SESSION_HASH_BYTES], ms_t now_at,
                               struct account_session *session, struct account *account)
{
    struct door *d = arg;
    bool is_made =
        d->has_made && !d->is_disk_slow && !memcmp(hash, d->made_hash, SESSION_HASH_BYTES);
    if (!is_made && (!d->has_session || memcmp(hash, d->session.hash, SESSION_HASH_BYTES)))
        return ENOENT;
    if (d->account.is_disabled || d->session.ends_at <= now_at)
        return ENOENT;
    *session = d->session;
    *account = d->account;
    return 0;
}

static inline int door_session_id(void *arg, uint64_t id, ms_t now_at,
                                  struct account_session *session)
{
    struct door *d = arg;
    if (!d->has_session || d->session.id != id || d->session.ends_at <= now_at)
        return ENOENT;
    *session = d->session;
    return 0;
}

static inline int door_scope(void *arg, uint64_t account_id, struct account_scope scope[],
                             unsigned *n)
{
    struct door *d = arg;
    (void)account_id;
    *n = d->scope_n;
    memcpy(scope, d->scope, d->scope_n * sizeof(scope[0]));
    return 0;
}

static inline int door_next(void *arg, const char *after, struct account *account)
{
    struct door *d = arg;
    if (!d->has_account || strcmp(after, d->account.login) >= 0)
        return ENOENT;
    *account = d->account;
    return 0;
}

/* tidy: parameters — dictated by port/account.h */
static inline int door_nth(void *arg, uint64_t account_id, ms_t now_at, unsigned i,
                           struct account_session *session)
{
    struct door *d = arg;
    (void)account_id;
    (void)now_at;
    *session = d->session;
    return i || !d->has_session ? ENOENT : 0;
}

static inline int door_count(void *arg, uint64_t *n)
{
    struct door *d = arg;
    *n = d->has_account;
    return 0;
}

static inline int door_audit(void *arg, unsigned n, struct account_audit *audit)
{
    (void)arg;
    *audit = (struct account_audit){.id = 1, .at = DOOR_AT, .who = 5, .about = 6};
    return n ? ENOENT : 0;
}

static inline bool door_has_audit(void *arg, uint64_t id)
{
    struct door *d = arg;
    const struct journal_row *last = &d->rows[d->rows_n ? d->rows_n - 1 : 0];
    return !d->is_disk_slow && d->rows_n && last->kind == JOURNAL_ROW_AUDIT && last->audit.id == id;
}

static inline bool door_post(void *arg, const struct journal_row *rows, unsigned n)
{
    struct door *d = arg;
    if (d->is_post_full)
        return false;
    d->posts_n++;
    d->rows_n = n;
    memcpy(d->rows, rows, n * sizeof(rows[0]));
    for (unsigned i = 0; i < n; i++)
        if (rows[i].kind == JOURNAL_ROW_SESSION && rows[i].session.step == SESSION_MADE) {
            memcpy(d->made_hash, rows[i].session.hash, SESSION_HASH_BYTES);
            d->has_made = true;
        }
    return true;
}

#endif
