/* rows.h — rows of bytes in given memory that outlives the process which writes them, each with its
 * length and sum: one that death cut off while it was written is none.
 * Called by phone and app (the calls in course), and by main.c, which gives the memory. Pure. Cost:
 * a copy and a hash of what is put. */
#ifndef BASE_ROWS_H
#define BASE_ROWS_H

#include "base/arena.h"
#include "base/text.h"

/* Of each row's bytes, those that are ours. */
#define ROWS_HEAD_BYTES 16

struct rows {
    uint8_t *p;                 /* borrowed: the first row */
    uint32_t stride, row_bytes; /* from one to the next; of one, with its head: at most stride */
    uint32_t n;                 /* how many there is memory for */
};

/* How many bytes one row takes. */
static inline size_t rows_max(const struct rows *rows)
{
    return rows->row_bytes - ROWS_HEAD_BYTES;
}

/* False: no such row, or too long; what stood there is cleared. */
bool rows_put(const struct rows *rows, uint32_t i, const void *p, size_t n);
/* What was in it is overwritten. */
void rows_clear(const struct rows *rows, uint32_t i);
/* The length of what stands there; 0: nothing, or it is not whole. */
size_t rows_get(const struct rows *rows, uint32_t i, const uint8_t **p);

/* Which rows of a pool are to be written at the end of the turn: each place once. */
struct rows_due {
    const struct rows *rows; /* borrowed; NULL: nothing is kept */
    uint32_t *places, n, at; /* borrowed from the arena */
    uint8_t *is_due;         /* of each place; the same */
};

void rows_due_open(struct rows_due *due, struct arena *arena, uint32_t places_max);
void rows_touch(struct rows_due *due, uint32_t i);
/* The next of them, from the first on: no longer due. False: none is left. */
bool rows_due_next(struct rows_due *due, uint32_t *i);
/* Memory for one row, before it is put. */
struct text_out rows_due_out(const struct rows_due *due, char *bytes, size_t n);
/* What was written there; an empty or cut one clears the row. */
void rows_due_put(const struct rows_due *due, uint32_t i, const struct text_out *out);

#endif
