/* state.c — the rows: found by a keyed hash, forgotten with their day, told to the writer.
 * Called by gate.c. Cost: a hash and a look-up; a walk over all rows once a day. Invariants: a row
 * that holds nothing is told once as nothing, then its slot is free; rows of purses always stay. */
#include <string.h>

#include "base/arena.h"
#include "gate/state.h"

static uint64_t key_of(const struct gate *g, const struct claim *c)
{
    uint64_t words[2] = {c->scope, c->value};
    uint64_t key = siphash(&g->key, (struct text){(const char *)words, sizeof(words)});
    return key ? key : 1; /* 0 is no key of the map */
}

static void lay_out(struct gate *g, struct arena *arena, uint32_t rows_max)
{
    g->slots = arena_take(arena, rows_max, sizeof(*g->slots));
    map_open(&g->map, arena, rows_max);
}

size_t gate_bytes(uint32_t rows_max)
{
    struct arena arena = {0};
    struct gate probe;
    arena_take(&arena, 1, sizeof(struct gate));
    lay_out(&probe, &arena, rows_max);
    return arena.used;
}

/* The purses first: whatever else is full, they are there. */
static void make_purses(struct gate *g)
{
    for (unsigned i = 0; i < GATE_PURSES; i++) {
        struct claim c;
        claims_purse(&c, &g->rules, (enum gate_purse)i);
        state_make(g, &c);
    }
}

static void empty(struct gate *g)
{
    map_clear(&g->map);
    g->used = g->rows_n = 0;
    g->free = g->changed_first = g->changed_last = SLOT_NONE;
    make_purses(g);
}

struct gate *gate_open(void *memory, const struct gate_args *args)
{
    struct arena arena = {.base = memory, .size = gate_bytes(args->rows_max), .is_zeroed = true};
    struct gate *g = arena_take(&arena, 1, sizeof(*g));
    assert(args->rows_max >= GATE_PURSES + CLAIMS_MAX);
    lay_out(g, &arena, args->rows_max);
    g->rules = *args->rules;
    g->prices = *args->prices;
    g->key = args->key;
    g->rows_max = args->rows_max;
    g->day = INT32_MIN;
    empty(g);
    return g;
}

void gate_use_key(struct gate *g, struct siphash_key key)
{
    g->key = key;
    empty(g);
}

void gate_follow(struct gate *g, const struct settings_gate *rules,
                 const struct settings_price *prices)
{
    g->rules = *rules;
    g->prices = *prices;
}

/* ---- slots -------------------------------------------------------------------------------- */

uint32_t state_room_n(const struct gate *g)
{
    return g->rows_max - g->rows_n;
}

uint32_t state_find(const struct gate *g, const struct claim *c)
{
    return map_get(&g->map, key_of(g, c));
}

static uint32_t make(struct gate *g, uint64_t key, uint8_t scope)
{
    uint32_t slot = g->free;
    assert(state_room_n(g));
    if (slot != SLOT_NONE)
        g->free = g->slots[slot].next;
    else
        slot = g->used++;
    g->slots[slot] = (struct slot){.row = {.key = key, .day = g->day, .scope = scope}};
    map_put(&g->map, key, slot);
    g->rows_n++;
    return slot;
}

uint32_t state_make(struct gate *g, const struct claim *c)
{
    uint64_t key = key_of(g, c);
    uint32_t slot = map_get(&g->map, key);
    return slot == SLOT_NONE ? make(g, key, c->scope) : slot;
}

static void drop(struct gate *g, uint32_t slot)
{
    map_remove(&g->map, g->slots[slot].row.key);
    g->slots[slot] = (struct slot){.next = g->free};
    g->free = slot;
    g->rows_n--;
}

static bool holds_nothing(const struct gate_row *row)
{
    return !row->calls_n && !row->cost && !row->open_n && row->scope != SCOPE_PURSE;
}

/* ---- what the writer is told -------------------------------------------------------------- */

void state_touch(struct gate *g, uint32_t slot)
{
    struct slot *s = &g->slots[slot];
    s->row.day = g->day;
    if (s->is_changed)
        return;
    s->is_changed = true;
    s->next = SLOT_NONE;
    if (g->changed_last == SLOT_NONE)
        g->changed_first = slot;
    else
        g->slots[g->changed_last].next = slot;
    g->changed_last = slot;
}

bool gate_changed(struct gate *g, struct gate_row *row)
{
    if (g->purges) { /* before the rows that were counted since */
        *row = (struct gate_row){.day = g->day};
        g->purges = false;
        return true;
    }
    uint32_t slot = g->changed_first;
    if (slot == SLOT_NONE)
        return false;
    struct slot *s = &g->slots[slot];
    *row = s->row;
    s->is_changed = false;
    g->changed_first = s->next;
    if (g->changed_first == SLOT_NONE)
        g->changed_last = SLOT_NONE;
    if (holds_nothing(row))
        drop(g, slot);
    return true;
}

/* ---- days --------------------------------------------------------------------------------- */

/* What is left of a row when today is later than its day. */
static void age(struct gate_row *row, calendar_day today)
{
    bool is_old = row->day < today - GATE_OPEN_DAYS_MAX;
    if (row->scope != SCOPE_WISH || is_old) {
        row->calls_n = 0;
        row->cost = 0;
    }
    if (is_old)
        row->open_n = 0;
}

/* A clock that goes back by a day takes nothing back: what was counted is of the day it says. */
void state_roll(struct gate *g, calendar_day day)
{
    bool is_later = day > g->day;
    if (day == g->day)
        return;
    for (uint32_t i = 0; i < g->used; i++) {
        struct slot *s = &g->slots[i];
        if (!s->row.key)
            continue;
        s->knocks_n = 0;
        if (is_later)
            age(&s->row, day);
        else if (s->row.day > day)
            s->row.day = day;
        if (holds_nothing(&s->row) && !s->is_changed)
            drop(g, i);
    }
    g->purges |= is_later;
    g->reached = is_later ? 0 : g->reached;
    g->day = day;
}

bool gate_restore(struct gate *g, const struct gate_row *row, calendar_day today)
{
    struct gate_row kept = *row;
    if (g->day != today)
        state_roll(g, today);
    if (kept.day < today)
        age(&kept, today);
    else
        kept.day = today;
    uint32_t slot = map_get(&g->map, kept.key);
    if (!kept.key || holds_nothing(&kept))
        return true;
    if (slot == SLOT_NONE && !state_room_n(g))
        return false;
    if (slot == SLOT_NONE)
        slot = make(g, kept.key, kept.scope);
    g->slots[slot].row = kept;
    return true;
}
