/* guess.h — wrong secrets, counted: of one line from one source, and of all lines from one source,
 * so that neither a search for one secret nor one through all lines goes on for long, while the
 * telephone whose line it is, elsewhere, is heard as ever (design §9, rule 9).
 * Called by register.c. Cost: O(1). Included by the files of phone/ only. */
#ifndef PHONE_GUESS_H
#define PHONE_GUESS_H

#include "base/arena.h"

/* So many wrong ones, then nothing is right for a while. */
#define PHONE_GUESSES_LINE 10
#define PHONE_GUESSES_SOURCE 100
#define PHONE_GUESS_LOCKED_MS ((ms_t)5 * 60 * 1000)
/* After so long without a wrong one the count begins anew. */
#define PHONE_GUESS_FORGOTTEN_MS ((ms_t)10 * 60 * 1000)
/* Rows in sets of a few: a keyed hash chooses the set, so that nobody can push a row out. */
#define PHONE_GUESS_SETS 256
#define PHONE_GUESS_WAYS 8

struct phone_guess {
    uint64_t key; /* a keyed hash; 0: free */
    ms_t last_at, until_at;
    uint32_t wrong_n;
};

struct phone_guesses {
    struct phone_guess *rows; /* borrowed from the arena */
};

void phone_guesses_open(struct phone_guesses *g, struct arena *arena);
void phone_guesses_clear(struct phone_guesses *g);
bool phone_guess_is_locked(const struct phone_guesses *g, uint64_t key, ms_t now_at);
/* One more; true: it is the one that locks. */
bool phone_guess_wrong(struct phone_guesses *g, uint64_t key, uint32_t most, ms_t now_at);
void phone_guess_right(struct phone_guesses *g, uint64_t key);

#endif
