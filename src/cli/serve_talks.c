/* serve_talks.c — see serve_talks.h. Called by serve.c and serve_open.c: wiring, no logic.
 * Cost: one atomic load a turn. */
#include <errno.h>
#include <stdlib.h>

#include "cli/house.h"

int house_open_talks(struct house *h)
{
    h->talks.board = calloc(1, sizeof(*h->talks.board));
    return h->talks.board ? 0 : cli_cannot(h->args, "serve", ENOMEM, "free some memory");
}

void house_drop_talks(struct house *h)
{
    free(h->talks.board);
    h->talks.board = NULL;
}

void house_take_talk(struct house *h, const struct order_talk *talk, struct order_answer *a)
{
    enum gate_verdict why = GATE_PASSES;
    a->verdict = (int)lines_talk(h->lines, talk, &why);
    a->gate = (int)why;
}

void house_talks_turn(struct house *h)
{
    uint64_t turn = atomic_load(&h->talks.board->turn);
    if (turn != h->talks.turn && h->reader)
        reader_wake(h->reader);
    h->talks.turn = turn;
}
