/* lines_pending.c — in some lives somebody changes what was promised, at any moment: later, another
 * number, taken back, never again. Part of lines.c, which judges the lives; here:
 *   never        no machine dials a number from when it is listed until it is taken off */
#include <stdio.h>

#include "acd/look.h"
#include "test/prop/lines_life.h"

#define CALLER UINT64_C(33612345678) /* who calls in these lives */
#define CALLER_DIALLED "33612345678"
#define OTHERS UINT64_C(33536491200)
#define HOUR 3600000

static void hash(void *arg, uint8_t to[NEVER_HASH_BYTES], uint64_t e164)
{
    (void)arg;
    memset(to, 0, NEVER_HASH_BYTES);
    memcpy(to, &e164, sizeof(e164));
}

static const struct never_port port = {.hash = hash, .mark = 1};

const struct never_port *life_never_port(const struct life *l)
{
    return l->is_changed || l->is_opened ? &port : NULL;
}

/* What the store would have. */
void life_never_restore(struct life *l)
{
    uint8_t row[NEVER_HASH_BYTES];
    hash(NULL, row, CALLER);
    if (l->r->never && l->is_listed)
        never_restore(l->r->never, row);
}

static bool some_promise(struct life *l, struct acd_look_callback *look)
{
    uint32_t n = acd_look_calls_n(l->r->acd), from = n ? (uint32_t)prng_below(&l->changes, n) : 0;
    for (uint32_t i = 0; i < n; i++)
        if (acd_look_callback(l->r->acd, (from + i) % n, look))
            return true;
    return false;
}

static void list(struct life *l)
{
    enum gate_verdict why;
    bool is_added = !l->is_listed;
    if (lines_never(l->r->lines, CALLER, is_added, &why) != ACD_DONE)
        return;
    l->is_listed = is_added;
    l->listed_from = l->r->board.n;
}

static void change(struct life *l, struct life_met *met)
{
    struct acd_look_callback look;
    enum gate_verdict why;
    if (!some_promise(l, &look))
        return;
    ms_t later_at = l->r->now_at + 1 + (ms_t)prng_below(&l->changes, HOUR);
    switch (prng_below(&l->changes, 3)) {
    case 0:
        reception_do(l->r, (struct command){.kind = CMD_CALLBACK_CANCEL,
                                            .callback_cancel = {.contact_id = look.contact_id}});
        break;
    case 1:
        reception_do(l->r, (struct command){.kind = CMD_CALLBACK_MOVE,
                                            .callback_move = {.contact_id = look.contact_id,
                                                              .not_before_at = later_at}});
        break;
    default:
        lines_renumber(l->r->lines, look.contact_id, OTHERS + prng_below(&l->changes, 3), &why);
    }
    met->changed_n++;
}

static void check_never(const struct life *l)
{
    const struct board *b = &l->r->board;
    for (size_t i = l->listed_from; l->is_listed && i < b->n; i++)
        if (b->legs[i].is_ours && !b->legs[i].aor && !strcmp(b->legs[i].number, CALLER_DIALLED))
            life_fail("never: a machine dials who asked never to be called again");
}

void life_change(struct life *l, struct life_met *met)
{
    if (!l->is_changed)
        return;
    if (prng_chance(&l->changes, 20000))
        change(l, met);
    if (prng_chance(&l->changes, 2000))
        list(l);
    turn(l->r);
    check_never(l);
}
