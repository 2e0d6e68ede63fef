/* reception_kept.h — a reception whose lines stand in rows, and a process that takes them up after
 * the death of the one before, as cli/serve_calls.c does it. */
#ifndef TEST_SUPPORT_RECEPTION_KEPT_H
#define TEST_SUPPORT_RECEPTION_KEPT_H

#include "test/support/reception.h"

struct kept {
    struct rows rows;
    uint8_t *former; /* owned; as they stood at the death */
};

static inline size_t kept_bytes(const struct kept *k)
{
    return (size_t)k->rows.n * k->rows.stride;
}

static inline void kept_open(struct kept *k, uint32_t lines_max)
{
    k->rows =
        (struct rows){.stride = LINES_ROW_BYTES, .row_bytes = LINES_ROW_BYTES, .n = lines_max};
    k->rows.p = calloc(lines_max, LINES_ROW_BYTES);
    k->former = calloc(lines_max, LINES_ROW_BYTES);
    assert(k->rows.p && k->former);
}

static inline void kept_drop(struct kept *k)
{
    free(k->rows.p);
    free(k->former);
}

static inline void kept_take(struct kept *k, struct reception *r)
{
    struct rows former = k->rows;
    former.p = k->former;
    for (unsigned which = LINES_CALLERS; which <= LINES_OTHERS; which++)
        for (uint32_t i = 0; i < former.n; i++) {
            const uint8_t *p;
            size_t n = rows_get(&former, i, &p);
            if (n)
                lines_resume(r->lines, (struct text){(const char *)p, n},
                             (enum lines_resumed)which);
        }
}

/* The edges are set by before(), once there is a process; NULL: as they are. */
static inline void kept_resume(struct kept *k, struct reception *r,
                               void (*before)(struct reception *r, void *arg), void *arg)
{
    uint32_t at = 0;
    uint64_t call_id;
    for (size_t i = 0; i < r->board.n; i++) /* its streams were those of the dead one */
        r->board.legs[i].sound = (struct phone_sound){.then = MEDIA_NOTHING};
    memcpy(k->former, k->rows.p, kept_bytes(k));
    memset(k->rows.p, 0, kept_bytes(k));
    reception_begin(r);
    if (before)
        before(r, arg);
    lines_keep(r->lines, &k->rows);
    int err = app_read(r->app, r->now_at);
    assert(!err);
    kept_take(k, r);
    for (size_t i = 0; i < r->board.n; i++) {
        struct board_leg *leg = &r->board.legs[i];
        if (leg->state != BOARD_OVER && !lines_have_leg(leg->id, r->lines))
            leg->state = BOARD_OVER; /* phone_resume_end() */
    }
    while (lines_next_call(r->lines, &at, &call_id))
        app_keep(r->app, call_id);
    app_begin(r->app);
    lines_go_on(r->lines);
}

#endif
