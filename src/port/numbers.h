/* numbers.h — what a page may know of numbers, as the disk has it: where a contact is to be called,
 * and who is never to be called again. Asked by app/pages.c on the reader thread; store/ answers.
 */
#ifndef PORT_NUMBERS_H
#define PORT_NUMBERS_H

#include "base/types.h"

struct numbers_wish {
    uint64_t e164;
    bool is_by_house; /* nobody asked: their call was cut off by our fault */
};

/* A half hour that was chosen, and has not come (ADR 27). */
struct numbers_slot {
    uint64_t contact_id, e164;
    ms_t from_at;
    uint32_t queue_id, reference; /* reference: without its check digit */
    bool is_discreet;
};

struct numbers_slots {
    uint64_t after_id; /* only those of contacts behind it, in their order */
    struct numbers_slot *rows;
    unsigned max;
    unsigned n; /* output */
};

/* How many of each half hour of a queue are sold, those that count with promises too. */
#define NUMBERS_SOLD_MAX 512u
struct numbers_sold {
    uint32_t queue_id;
    ms_t after_at; /* only those that begin behind it */
    unsigned n;    /* output, all */
    struct numbers_sold_half {
        ms_t from_at;
        uint32_t n;
    } halves[NUMBERS_SOLD_MAX];
};

struct numbers_port {
    void *arg;
    /* 0; ENOENT: this contact is to be called nowhere. */
    int (*wish)(void *arg, uint64_t contact_id, struct numbers_wish *wish);
    /* 0, or errno and none. */
    int (*slots)(void *arg, struct numbers_slots *page);
    /* 0; ENOENT: nobody who was told this reference has chosen a time that is still to come. */
    int (*slot)(void *arg, uint32_t reference, struct numbers_slot *slot);
    /* 0, or errno and none. */
    int (*sold)(void *arg, struct numbers_sold *sold);
    /* 0; ENOENT: nobody has this id, or it was erased. */
    int (*person)(void *arg, uint64_t person_id, uint64_t *e164);
    /* *listed_n: how many there are. */
    int (*never)(void *arg, uint64_t e164, bool *is_listed, uint64_t *listed_n);
};

#endif
