/* rows.c — see rows.h. Invariant: a length stands there only once all of its bytes do. */
#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "base/rows.h"

struct head {
    uint64_t sum;
    uint32_t n, unused;
};
_Static_assert(sizeof(struct head) == ROWS_HEAD_BYTES, "rows would overlap");

static uint8_t *row(const struct rows *rows, uint32_t i)
{
    return rows->p + (size_t)i * rows->stride;
}

static void set_head(uint8_t *to, const struct head *head)
{
    atomic_signal_fence(memory_order_seq_cst); /* death comes between two stores */
    memcpy(to, head, sizeof(*head));
    atomic_signal_fence(memory_order_seq_cst);
}

void rows_clear(const struct rows *rows, uint32_t i)
{
    struct head head;
    if (i >= rows->n)
        return;
    memcpy(&head, row(rows, i), sizeof(head));
    if (!head.n)
        return;
    size_t n = head.n <= rows_max(rows) ? head.n : rows_max(rows);
    set_head(row(rows, i), &(struct head){.n = 0});
    memset(row(rows, i) + sizeof(head), 0, n);
}

bool rows_put(const struct rows *rows, uint32_t i, const void *p, size_t n)
{
    if (i >= rows->n)
        return false;
    rows_clear(rows, i);
    if (!n || n > rows_max(rows))
        return false;
    const struct head head = {.sum = hash_bytes(p, n), .n = (uint32_t)n};
    memcpy(row(rows, i) + sizeof(head), p, n);
    set_head(row(rows, i), &head);
    return true;
}

size_t rows_get(const struct rows *rows, uint32_t i, const uint8_t **p)
{
    struct head head;
    if (i >= rows->n)
        return 0;
    memcpy(&head, row(rows, i), sizeof(head));
    *p = row(rows, i) + sizeof(head);
    bool is_whole = head.n && head.n <= rows_max(rows) && hash_bytes(*p, head.n) == head.sum;
    return is_whole ? head.n : 0;
}

/* ---- those that are due -------------------------------------------------------------------- */

void rows_due_open(struct rows_due *due, struct arena *arena, uint32_t places_max)
{
    due->places = arena_take(arena, places_max, sizeof(*due->places));
    due->is_due = arena_take(arena, places_max, 1);
}

void rows_touch(struct rows_due *due, uint32_t i)
{
    if (!due->rows || due->is_due[i])
        return;
    due->is_due[i] = 1;
    due->places[due->n++] = i;
}

bool rows_due_next(struct rows_due *due, uint32_t *i)
{
    if (due->at == due->n) {
        due->at = due->n = 0;
        return false;
    }
    *i = due->places[due->at++];
    due->is_due[*i] = 0;
    return true;
}

struct text_out rows_due_out(const struct rows_due *due, char *bytes, size_t n)
{
    size_t max = rows_max(due->rows);
    return (struct text_out){.p = bytes, .max = max < n ? max : n};
}

void rows_due_put(const struct rows_due *due, uint32_t i, const struct text_out *out)
{
    if (!out->n || out->is_cut || !rows_put(due->rows, i, out->p, out->n))
        rows_clear(due->rows, i);
}
