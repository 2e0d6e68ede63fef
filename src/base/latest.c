/* latest.c — see latest.h.
 * A seqlock whose words are atomics of their own, so that the race is defined (and TSan sees it):
 * the writer's words are stored with release after the odd turn, so whoever loads one of them with
 * acquire also sees that turn when it looks again (H.-J. Boehm, "Can seqlocks get along with
 * programming language memory models?", 2012, §4). On x86 all of it is plain moves. */
#include <string.h>

#include "base/latest.h"

#define WORD sizeof(uint64_t)

static size_t words_n(size_t n)
{
    assert(n <= LATEST_BYTES_MAX);
    return (n + WORD - 1) / WORD;
}

void latest_put(struct latest *l, const void *value, size_t n)
{
    const uint8_t *from = value;
    uint64_t turn = atomic_load_explicit(&l->turn, memory_order_relaxed);
    atomic_store_explicit(&l->turn, turn + 1, memory_order_relaxed);
    for (size_t i = 0; i < words_n(n); i++) {
        uint64_t word = 0;
        size_t left = n - i * WORD;
        memcpy(&word, from + i * WORD, left < WORD ? left : WORD);
        atomic_store_explicit(&l->words[i], word, memory_order_release);
    }
    atomic_store_explicit(&l->turn, turn + 2, memory_order_release);
}

static bool copy(const struct latest *l, uint64_t *to, size_t n)
{
    uint64_t before = atomic_load_explicit(&l->turn, memory_order_acquire);
    if (before == 0 || before % 2)
        return false;
    for (size_t i = 0; i < n; i++)
        to[i] = atomic_load_explicit(&l->words[i], memory_order_acquire);
    return atomic_load_explicit(&l->turn, memory_order_relaxed) == before;
}

bool latest_get(const struct latest *l, void *value, size_t n)
{
    uint64_t words[LATEST_BYTES_MAX / WORD];
    for (unsigned i = 0; i < LATEST_TRIES_MAX; i++) {
        if (!copy(l, words, words_n(n)))
            continue;
        memcpy(value, words, n);
        return true;
    }
    return false;
}

uint64_t latest_turn(const struct latest *l)
{
    return atomic_load_explicit(&l->turn, memory_order_acquire);
}
