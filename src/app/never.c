/* never.c — see never.h. Rows are known here by the first 8 of their 32 bytes: two of 65,536 that
 * share them are as likely as one in ten thousand million. */
#include <string.h>

#include "app/never.h"
#include "base/arena.h"

struct never {
    struct app *app;
    const struct never_port *port;
    struct map heads;
    bool is_lost;
};

static struct never *carve(struct arena *arena)
{
    struct never *n = arena_take(arena, 1, sizeof(*n));
    struct map none, *heads = n ? &n->heads : &none;
    map_open(heads, arena, NEVER_MAX);
    return n;
}

size_t never_bytes(void)
{
    struct arena arena = {.base = NULL};
    carve(&arena);
    return arena.used;
}

struct never *never_open(void *memory, struct app *app, const struct never_port *port)
{
    struct arena arena = {.base = memory, .size = never_bytes(), .is_zeroed = true};
    struct never *n = carve(&arena);
    n->app = app;
    n->port = port;
    n->is_lost = !port;
    return n;
}

static uint64_t head_of(const uint8_t hash[NEVER_HASH_BYTES])
{
    uint64_t head;
    memcpy(&head, hash, sizeof(head));
    return head ? head : 1; /* 0 is no key of the map */
}

void never_restore(struct never *n, const uint8_t hash[NEVER_HASH_BYTES])
{
    uint64_t head = head_of(hash);
    if (map_get(&n->heads, head) != SLOT_NONE)
        return;
    if (n->heads.n < NEVER_MAX)
        map_put(&n->heads, head, 0);
    else
        n->is_lost = true; /* one that is not known here would be called */
}

void never_lose(struct never *n)
{
    n->is_lost = true;
}

uint32_t never_n(const struct never *n)
{
    return n->heads.n;
}

enum gate_never never_has(const struct never *n, uint64_t e164)
{
    uint8_t hash[NEVER_HASH_BYTES];
    if (n->is_lost)
        return GATE_NEVER_LOST;
    if (!n->heads.n)
        return GATE_NEVER_NO;
    n->port->hash(n->port->arg, hash, e164);
    return map_get(&n->heads, head_of(hash)) != SLOT_NONE ? GATE_NEVER_YES : GATE_NEVER_NO;
}

static struct journal_row row_of(const struct never *n, uint64_t e164)
{
    struct journal_row row = {.kind = JOURNAL_ROW_NEVER};
    n->port->hash(n->port->arg, row.never.hash, e164);
    row.never.mark = n->port->mark;
    return row;
}

enum never_verdict never_put(struct never *n, uint64_t e164, ms_t wall_at)
{
    if (n->is_lost)
        return NEVER_LOST;
    struct journal_row row = row_of(n, e164);
    row.never.at = wall_at;
    if (map_get(&n->heads, head_of(row.never.hash)) != SLOT_NONE)
        return NEVER_NOTHING;
    if (n->heads.n == NEVER_MAX)
        return NEVER_FULL;
    if (!app_has_room(n->app))
        return NEVER_UNNOTED;
    app_rows(n->app, &row, 1);
    map_put(&n->heads, head_of(row.never.hash), 0);
    return NEVER_DONE;
}

enum never_verdict never_remove(struct never *n, uint64_t e164)
{
    if (n->is_lost)
        return NEVER_LOST;
    struct journal_row row = row_of(n, e164);
    row.never.is_gone = true;
    if (map_get(&n->heads, head_of(row.never.hash)) == SLOT_NONE)
        return NEVER_NOTHING;
    if (!app_has_room(n->app))
        return NEVER_UNNOTED;
    app_rows(n->app, &row, 1);
    map_remove(&n->heads, head_of(row.never.hash));
    return NEVER_DONE;
}
