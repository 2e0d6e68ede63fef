/* callbacks.h — a life of prop/callbacks, and the second account of it, kept from the events alone.
 * Included by test/prop/callbacks*.c only. */
#ifndef TEST_PROP_CALLBACKS_H
#define TEST_PROP_CALLBACKS_H

#include "test/support/callbacks_house.h"

#define PEOPLE 4096

enum where { NOWHERE, ON_LINE, WAITS, PROMISED, OFFERED, SPEAKS, BETWEEN, DONE };

struct person {
    uint64_t id, call_id, offer_id;
    ms_t key_at, not_before_at;
    uint32_t queue_id, agent_id;
    enum where where;
    unsigned tried_n, classes_n;
    bool is_dialled, is_classed, is_rung, has_hung_up; /* is_rung: the telephone rings */
    bool is_sold; /* a time of another day: a row from now on */
};

struct life {
    uint64_t seed, prng, next_id;
    unsigned step;
    ms_t now_at;
    struct acd *a, *twin;
    struct person people[PEOPLE];
    unsigned people_n;
    bool is_open[QUEUES + 1];
    unsigned long long promised_n, kept_n;
};

/* How often each way was met, over all lives. */
struct met {
    unsigned long long promised_n, deaths_n, shares_n, held_n, withdrawn_n, moved_n,
        ends_n[SETTLED_N];
};

extern struct life life;
extern struct met met;

/* Says the property, the seed and the step; the program ends. */
_Noreturn void callbacks_fail(const char *why);
/* What this event says, and whether it may. */
void callbacks_fold(struct life *l, const struct event *ev);

#endif
