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
