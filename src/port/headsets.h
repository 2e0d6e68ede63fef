/* headsets.h — whose page is a telephone, and how far its call is: written by browser/ on the main
 * thread, read by the reader for the pages of those agents. A word an agent, never removed: what
 * changes is its state. Cost: one or two cache lines a look. */
#ifndef PORT_HEADSETS_H
#define PORT_HEADSETS_H

#include <stdatomic.h>

#include "base/types.h"

/* Words; half of them may be used. Who finds no room has a headset that no page shows. */
#define HEADSETS_WORDS 65536u
#define HEADSETS_SHIFT 8

enum headset_shown {
    HEADSET_NONE,  /* no page, or none that is heard from */
    HEADSET_READY, /* sound flows, nobody is there */
    HEADSET_RINGS,
    HEADSET_IN_CALL,
    HEADSET_SHOWNS
};

struct headsets_board {
    _Atomic uint64_t words[HEADSETS_WORDS]; /* agent << HEADSETS_SHIFT | enum headset_shown */
    _Atomic uint64_t turn;                  /* changes */
    uint32_t used_n;                        /* the writer's */
};

/* The word of this agent, or the free one where it would stand; HEADSETS_WORDS: none. */
static inline uint32_t headsets_find(const struct headsets_board *b, uint32_t agent_id)
{
    uint32_t at = agent_id * 2654435769u % HEADSETS_WORDS;
    for (uint32_t i = 0; i < HEADSETS_WORDS; i++, at = (at + 1) % HEADSETS_WORDS) {
        uint64_t word = atomic_load_explicit(&b->words[at], memory_order_acquire);
        if (!word || word >> HEADSETS_SHIFT == agent_id)
            return at;
    }
    return HEADSETS_WORDS;
}

static inline enum headset_shown headsets_look(const struct headsets_board *b, uint32_t agent_id)
{
    uint32_t at = b && agent_id ? headsets_find(b, agent_id) : HEADSETS_WORDS;
    if (at == HEADSETS_WORDS)
        return HEADSET_NONE;
    uint64_t word = atomic_load_explicit(&b->words[at], memory_order_acquire);
    return (enum headset_shown)(word & ((1u << HEADSETS_SHIFT) - 1));
}

/* True: it is another than before. */
static inline bool headsets_put(struct headsets_board *b, uint32_t agent_id,
                                enum headset_shown shown)
{
    uint32_t at = b && agent_id ? headsets_find(b, agent_id) : HEADSETS_WORDS;
    if (at == HEADSETS_WORDS)
        return false;
    uint64_t before = atomic_load_explicit(&b->words[at], memory_order_relaxed);
    uint64_t word = (uint64_t)agent_id << HEADSETS_SHIFT | (uint64_t)shown;
    if (before == word || (!before && b->used_n == HEADSETS_WORDS / 2))
        return false;
    b->used_n += !before;
    atomic_store_explicit(&b->words[at], word, memory_order_release);
    atomic_fetch_add_explicit(&b->turn, 1, memory_order_release);
    return true;
}

#endif
