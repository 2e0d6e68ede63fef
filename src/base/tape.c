/* tape.c — see tape.h.
 * As in latest.c every word is an atomic of its own: `begin` moves before the words of a record are
 * overwritten, which are stored with release; whoever loads one of the new words with acquire sees
 * that `begin` when it looks again, and refuses what it has copied. A record begins with its place
 * and its length, so that one that was met half written is also refused by its own words. */
#include <string.h>

#include "base/tape.h"

#define WORD sizeof(uint64_t)
#define HEAD_WORDS 2 /* place, length in bytes */

static uint64_t words_of(size_t n)
{
    return HEAD_WORDS + (n + WORD - 1) / WORD;
}

static _Atomic uint64_t *word_at(const struct tape *t, uint64_t place)
{
    return &t->words[place % t->words_n];
}

void tape_open(struct tape *t, void *memory, size_t bytes)
{
    assert(bytes >= TAPE_BYTES_MIN);
    t->words = memory;
    t->words_n = bytes / WORD;
    atomic_init(&t->begin, 0);
    atomic_init(&t->end, 0);
}

/* The oldest records go until n words fit. */
static void make_room(struct tape *t, uint64_t end, uint64_t n)
{
    uint64_t begin = atomic_load_explicit(&t->begin, memory_order_relaxed);
    while (end + n - begin > t->words_n)
        begin += words_of(atomic_load_explicit(word_at(t, begin + 1), memory_order_relaxed));
    atomic_store_explicit(&t->begin, begin, memory_order_relaxed);
}

void tape_put(struct tape *t, const void *record, size_t n)
{
    const uint8_t *from = record;
    uint64_t place = atomic_load_explicit(&t->end, memory_order_relaxed);
    assert(n <= TAPE_RECORD_MAX);
    make_room(t, place, words_of(n));
    atomic_store_explicit(word_at(t, place), place, memory_order_release);
    atomic_store_explicit(word_at(t, place + 1), n, memory_order_release);
    for (uint64_t i = 0; i < words_of(n) - HEAD_WORDS; i++) {
        uint64_t word = 0;
        size_t left = n - i * WORD;
        memcpy(&word, from + i * WORD, left < WORD ? left : WORD);
        atomic_store_explicit(word_at(t, place + HEAD_WORDS + i), word, memory_order_release);
    }
    atomic_store_explicit(&t->end, place + words_of(n), memory_order_release);
}

/* False: it has given way meanwhile. */
static bool copy(const struct tape *t, uint64_t place, uint8_t *to, size_t *n)
{
    uint64_t number = atomic_load_explicit(word_at(t, place), memory_order_acquire);
    uint64_t length = atomic_load_explicit(word_at(t, place + 1), memory_order_acquire);
    if (number != place || length > TAPE_RECORD_MAX)
        return false;
    for (uint64_t i = 0; i < words_of(length) - HEAD_WORDS; i++) {
        uint64_t word =
            atomic_load_explicit(word_at(t, place + HEAD_WORDS + i), memory_order_acquire);
        size_t left = length - i * WORD;
        memcpy(to + i * WORD, &word, left < WORD ? left : WORD);
    }
    *n = length;
    return atomic_load_explicit(&t->begin, memory_order_relaxed) <= place;
}

size_t tape_next(const struct tape *t, uint64_t *place, void *to)
{
    size_t n = 0;
    for (;;) { /* ends: `end` of this call is reached, or a record is whole */
        uint64_t end = atomic_load_explicit(&t->end, memory_order_acquire);
        uint64_t begin = atomic_load_explicit(&t->begin, memory_order_acquire);
        if (*place < begin)
            *place = begin;
        if (*place >= end)
            return 0;
        if (copy(t, *place, to, &n)) {
            *place += words_of(n);
            return n;
        }
        if (atomic_load_explicit(&t->begin, memory_order_acquire) <= *place)
            return 0; /* no record of ours lies here: never, but no reader turns for ever */
    }
}
