/* serve_headsets.h — pages that are telephones, before those on desks (ADR 39). Included by
 * house.h. */
#ifndef CLI_SERVE_HEADSETS_H
#define CLI_SERVE_HEADSETS_H

#include "browser/headset.h"
#include "cli/orders.h"
#include "view/vitals.h"

struct house;

struct house_headsets {
    struct headsets *all;         /* owned; NULL: the settings want none */
    struct headsets_board *board; /* owned; the same */
    struct media_port media;      /* the engine, as phone/ sees it */
    uint64_t turn;                /* of the board, as the reader was last woken for */
};

/* How many streams of the engine they may have. */
uint32_t house_headsets_max(const struct house *h);
/* Between the engine and the telephone. 0 or an exit code, told in words. */
int house_open_headsets(struct house *h);
/* The telephone is open: h->phone_port is theirs, or its own where there are none. */
void house_put_headsets(struct house *h);
/* After the telephone, before the engine. */
void house_drop_headsets(struct house *h);
/* What phone/ tells. arg: the house. */
phone_report_fn house_phone_reports;
phone_knows_fn house_phone_knows;
/* At each turn, behind the telephone; by the steered clock, when there must be another. */
void house_headsets_turn(struct house *h);
ms_t house_headsets_next_at(const struct house *h);
void house_headsets_vitals(const struct house *h, struct vitals *v);
/* What a page asks for. */
void house_take_headset(struct house *h, const struct order_headset *headset,
                        struct order_answer *a);

#endif
