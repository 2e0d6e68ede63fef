/* supervise.h — the two halves of prop-supervise: a life, and a simple account of its events. */
#ifndef TEST_PROP_SUPERVISE_H
#define TEST_PROP_SUPERVISE_H

#include "acd/acd.h"

#define QUEUES 2
#define AGENTS 5
#define SITES 4 /* 0: none */
#define CALLS_MAX 4096
#define DIRECTORY(i) (staff[(i)-1].queues)

/* The site of each, and its queues as bits: 1 << queue. */
extern const struct staff {
    uint32_t site, queues;
} staff[AGENTS];
extern const uint32_t area_of[SITES];

struct call {
    uint64_t contact_id, call_id;
    uint32_t queue, site;
    ms_t ring_at[4];
    unsigned ring, own_ring, helped; /* own: without help; helped: the ring that help opened */
    bool waits, is_open, was_refused, is_told, must_be_told;
};

struct life {
    uint64_t seed, prng, next_id;
    unsigned step, calls_n;
    ms_t now_at;
    struct acd *a, *twin;
    struct call calls[CALLS_MAX];
    ms_t help_until[QUEUES + 1][SITES]; /* 0: none */
    ms_t shut_until[QUEUES + 1], moved_until[AGENTS + 1];
    bool is_shut[QUEUES + 1];
    enum hours hours[QUEUES + 1];
    uint32_t serves[AGENTS + 1];
    uint64_t talk[AGENTS + 1], offered[AGENTS + 1]; /* offers */
    enum conclusion said[AGENTS + 1];
};
extern struct life life;
extern struct met {
    unsigned helped_n, offers_n, shut_n, told_n, moved_n, back_n, concluded_n, changed_n, deaths_n;
} met;

void fail(const char *why);
/* One event more; what is wrong with it ends the program. */
void fold(const struct event *ev);
/* At rest: nobody was forgotten by what was asked for. */
void look_at_all(void);

#endif
