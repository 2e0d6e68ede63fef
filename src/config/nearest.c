/* nearest.c — which known word did they mean? Called by table.c for keys and words of lists.
 * Edit distance with a swap of neighbours counted once. Cost: n × length², lengths bounded.
 * Invariant: never suggests a word farther than 2 edits or half of its own length. */
#include <string.h>

#include "config/table.h"

#define WORD_MAX 48
#define EDITS_MAX 2

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;
    return m < c ? m : c;
}

static unsigned distance(const char *a, size_t an, const char *b, size_t bn)
{
    unsigned row[3][WORD_MAX + 1];
    for (unsigned j = 0; j <= bn; j++)
        row[0][j] = j;
    for (unsigned i = 1; i <= an; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= bn; j++) {
            unsigned differs = a[i - 1] != b[j - 1];
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + differs);
            bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (is_swap && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return row[an % 3][bn];
}

const char *config_nearest(const char *word, const char *const *words, unsigned n)
{
    const char *best = NULL;
    unsigned best_distance = EDITS_MAX + 1;
    size_t word_n = strlen(word);
    if (word_n > WORD_MAX)
        return NULL;
    for (unsigned i = 0; i < n; i++) {
        size_t k = strlen(words[i]);
        if (k > WORD_MAX)
            continue;
        unsigned d = distance(word, word_n, words[i], k);
        if (d < best_distance && d * 2 <= k) {
            best = words[i];
            best_distance = d;
        }
    }
    return best;
}
