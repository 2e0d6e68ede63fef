/* serve_talks.h — what agents do with a conversation from their page (ADR 43). Included by house.h.
 */
#ifndef CLI_SERVE_TALKS_H
#define CLI_SERVE_TALKS_H

#include "cli/orders.h"
#include "port/talks.h"

struct house;

struct house_talks {
    struct talks_board *board; /* owned */
    uint64_t turn;             /* of the board, as the reader was last woken for */
};

/* Before the lines. 0 or an exit code, told in words. */
int house_open_talks(struct house *h);
/* After the reader and the lines. */
void house_drop_talks(struct house *h);
/* What a page asks for. */
void house_take_talk(struct house *h, const struct order_talk *talk, struct order_answer *a);
/* At each turn, behind the lines: pages are told whom an agent has called in addition. */
void house_talks_turn(struct house *h);

#endif
