/* lockout.c — see lockout.h. Invariant: no delay is longer than its kind's maximum, and what is
 * tried within a delay lengthens nothing; so nobody is kept out by what somebody else does. */
#include <string.h>

#include "access/lockout.h"

static const struct {
    uint32_t free_n;
    ms_t max_ms;
} bounds[LOCKOUT_KINDS] = {
    [LOCKOUT_PAIR] = {LOCKOUT_PAIR_FREE, LOCKOUT_MS_MAX},
    [LOCKOUT_ACCOUNT] = {LOCKOUT_ACCOUNT_FREE, LOCKOUT_ACCOUNT_MS_MAX},
    [LOCKOUT_ADDRESS] = {LOCKOUT_ADDRESS_FREE, LOCKOUT_ADDRESS_MS_MAX},
};

void lockout_open(struct lockout *l, struct siphash_key secret)
{
    memset(l, 0, sizeof(*l));
    l->secret = secret;
}

static uint64_t key_of(const struct lockout *l, enum lockout_kind kind, const struct lockout_try *t)
{
    char bytes[1 + sizeof(t->account_id) + 32] = {(char)kind};
    size_t n = t->address.n < 32 ? t->address.n : 32;
    if (kind != LOCKOUT_ADDRESS)
        memcpy(bytes + 1, &t->account_id, sizeof(t->account_id));
    if (kind != LOCKOUT_ACCOUNT && n)
        memcpy(bytes + 1 + sizeof(t->account_id), t->address.p, n);
    uint64_t key = siphash(&l->secret, (struct text){bytes, sizeof(bytes)});
    return key ? key : 1;
}

static bool is_over(const struct lockout_row *row, ms_t now_ms)
{
    return now_ms - row->last_ms >= LOCKOUT_FORGET_MS;
}

static struct lockout_row *find(struct lockout *l, enum lockout_kind kind,
                                const struct lockout_try *t)
{
    uint64_t key = key_of(l, kind, t);
    struct lockout_row *rows = l->rows[kind];
    for (uint64_t i = 0; i < LOCKOUT_WAYS; i++) {
        struct lockout_row *row = &rows[(key + i) % LOCKOUT_ROWS];
        if (row->key == key)
            return row;
    }
    return NULL;
}

/* Or a free one, or the one that failed longest ago. */
static struct lockout_row *find_or_take(struct lockout *l, enum lockout_kind kind,
                                        const struct lockout_try *t)
{
    uint64_t key = key_of(l, kind, t);
    struct lockout_row *row = find(l, kind, t), *rows = l->rows[kind];
    if (row)
        return row;
    row = &rows[key % LOCKOUT_ROWS];
    for (uint64_t i = 1; row->key && i < LOCKOUT_WAYS; i++) {
        struct lockout_row *other = &rows[(key + i) % LOCKOUT_ROWS];
        if (!other->key || other->last_ms < row->last_ms)
            row = other;
    }
    *row = (struct lockout_row){.key = key};
    return row;
}

static ms_t wait_ms(const struct lockout_row *row, ms_t now_ms)
{
    return row && row->until_ms > now_ms ? row->until_ms - now_ms : 0;
}

ms_t lockout_address_ms(struct lockout *l, const struct lockout_try *t, ms_t now_ms)
{
    const struct lockout_row *pair = t->account_id ? find(l, LOCKOUT_PAIR, t) : NULL;
    return pair && pair->is_known ? 0 : wait_ms(find(l, LOCKOUT_ADDRESS, t), now_ms);
}

bool lockout_may(struct lockout *l, const struct lockout_try *t, ms_t now_ms)
{
    const struct lockout_row *pair = find(l, LOCKOUT_PAIR, t);
    if (!t->account_id || wait_ms(pair, now_ms))
        return !t->account_id;
    return (pair && pair->is_known) || !wait_ms(find(l, LOCKOUT_ACCOUNT, t), now_ms);
}

static bool count(struct lockout *l, enum lockout_kind kind, const struct lockout_try *t,
                  ms_t now_ms)
{
    struct lockout_row *row = find_or_take(l, kind, t);
    ms_t delay_ms = LOCKOUT_MS_MIN;
    if (is_over(row, now_ms))
        row->n = 0;
    row->last_ms = now_ms;
    if (row->n < UINT32_MAX)
        row->n++;
    if (row->n <= bounds[kind].free_n)
        return false;
    for (uint32_t i = bounds[kind].free_n + 1; i < row->n && delay_ms < bounds[kind].max_ms; i++)
        delay_ms *= 2;
    row->until_ms = now_ms + (delay_ms < bounds[kind].max_ms ? delay_ms : bounds[kind].max_ms);
    return true;
}

bool lockout_failed(struct lockout *l, const struct lockout_try *t, ms_t now_ms)
{
    bool has_begun = false;
    count(l, LOCKOUT_ADDRESS, t, now_ms);
    if (!t->account_id)
        return false; /* nobody is kept out, and no row is taken for a name that is nobody's */
    has_begun |= count(l, LOCKOUT_PAIR, t, now_ms);
    has_begun |= count(l, LOCKOUT_ACCOUNT, t, now_ms);
    return has_begun;
}

void lockout_passed(struct lockout *l, const struct lockout_try *t, ms_t now_ms)
{
    struct lockout_row *row = find_or_take(l, LOCKOUT_PAIR, t);
    row->n = 0;
    row->until_ms = 0;
    row->last_ms = now_ms;
    row->is_known = true;
}
