/* guess.c — see guess.h. Invariant: a key has one row at most; a row that is locked gives way only
 * to another when its whole set is locked. */
#include <string.h>

#include "phone/guess.h"

void phone_guesses_open(struct phone_guesses *g, struct arena *arena)
{
    g->rows = arena_take(arena, (size_t)PHONE_GUESS_SETS * PHONE_GUESS_WAYS, sizeof(*g->rows));
}

void phone_guesses_clear(struct phone_guesses *g)
{
    memset(g->rows, 0, (size_t)PHONE_GUESS_SETS * PHONE_GUESS_WAYS * sizeof(*g->rows));
}

static struct phone_guess *set_of(const struct phone_guesses *g, uint64_t key)
{
    return &g->rows[key % PHONE_GUESS_SETS * PHONE_GUESS_WAYS];
}

static struct phone_guess *find(const struct phone_guesses *g, uint64_t key)
{
    struct phone_guess *set = set_of(g, key);
    for (unsigned i = 0; i < PHONE_GUESS_WAYS; i++)
        if (key && set[i].key == key)
            return &set[i];
    return NULL;
}

bool phone_guess_is_locked(const struct phone_guesses *g, uint64_t key, ms_t now_at)
{
    const struct phone_guess *row = find(g, key);
    return row && row->until_at > now_at;
}

/* A free row, else the one whose loss matters least: not locked, and wrong longest ago. */
static struct phone_guess *place(struct phone_guesses *g, uint64_t key)
{
    struct phone_guess *set = set_of(g, key), *least = set;
    for (unsigned i = 0; i < PHONE_GUESS_WAYS; i++) {
        bool is_less = set[i].until_at < least->until_at ||
                       (set[i].until_at == least->until_at && set[i].last_at < least->last_at);
        if (is_less)
            least = &set[i];
    }
    *least = (struct phone_guess){.key = key};
    return least;
}

bool phone_guess_wrong(struct phone_guesses *g, uint64_t key, uint32_t most, ms_t now_at)
{
    struct phone_guess *row = find(g, key);
    if (!key)
        return false;
    if (!row)
        row = place(g, key);
    if (row->until_at > now_at)
        return false; /* locked already: not for longer */
    if (row->until_at || now_at - row->last_at >= PHONE_GUESS_FORGOTTEN_MS)
        *row = (struct phone_guess){.key = key};
    row->last_at = now_at;
    if (++row->wrong_n < most)
        return false;
    row->until_at = now_at + PHONE_GUESS_LOCKED_MS;
    return true;
}

void phone_guess_right(struct phone_guesses *g, uint64_t key)
{
    struct phone_guess *row = find(g, key);
    if (row)
        *row = (struct phone_guess){0};
}
