/* house.h — a small house for the unit tests of the heart: commands in, events kept to look at.
 * Each test opens its own with house_open() and gives it back with house_close(). */
#ifndef TEST_UNIT_ACD_HOUSE_H
#define TEST_UNIT_ACD_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"

#define HOUSE_EVENTS 4096

struct house {
    struct acd *a;
    void *memory; /* owned */
    ms_t now_at;
    uint64_t next_id;
    unsigned n;
    struct event ev[HOUSE_EVENTS]; /* all events so far */
};

static inline struct house *house_open(const struct acd_limits *limits)
{
    struct house *h = calloc(1, sizeof(*h));
    assert(h);
    h->memory = aligned_alloc(64, (acd_bytes(limits) + 63) / 64 * 64);
    assert(h->memory);
    h->a = acd_open(h->memory, limits);
    h->now_at = 1790000000000;
    h->next_id = 1;
    return h;
}

static inline void house_close(struct house *h)
{
    free(h->memory);
    free(h);
}

/* One command, then ticks until nothing is due. The verdict of the command. */
static inline enum acd_verdict house_do(struct house *h, struct command cmd)
{
    struct event_batch batch;
    enum acd_verdict first = ACD_NOTHING;
    for (unsigned i = 0; i == 0 || acd_next_at(h->a) <= h->now_at; i++) {
        assert(i < 100000);
        batch.next_id = h->next_id;
        enum acd_verdict verdict = acd_step(h->a, &cmd, h->now_at, &batch);
        first = i ? first : verdict;
        cmd = (struct command){.kind = CMD_TICK};
        h->next_id = batch.next_id;
        for (unsigned e = 0; e < batch.n; e++)
            h->ev[h->n++ % HOUSE_EVENTS] = batch.ev[e];
    }
    return first == ACD_MORE ? ACD_DONE : first;
}

/* Time goes on to at; what falls due on the way happens at its instant. */
static inline void house_wait(struct house *h, ms_t by_ms)
{
    ms_t until_at = h->now_at + by_ms;
    while (acd_next_at(h->a) <= until_at) {
        if (acd_next_at(h->a) > h->now_at)
            h->now_at = acd_next_at(h->a);
        house_do(h, (struct command){.kind = CMD_TICK});
    }
    h->now_at = until_at;
}

/* The last event of this kind; stops the test when there was none. */
static inline const struct event *house_last(const struct house *h, enum event_kind kind)
{
    for (unsigned i = h->n; i > 0; i--)
        if (h->ev[i - 1].kind == kind)
            return &h->ev[i - 1];
    assert(!"no such event");
    return NULL;
}

static inline unsigned house_count(const struct house *h, enum event_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->n; i++)
        n += h->ev[i].kind == kind;
    return n;
}

static inline struct command house_queue(uint32_t id)
{
    return (struct command){.kind = CMD_QUEUE_SET,
                            .queue_set = {.queue_id = id,
                                          .ring_site_ms = 10000,
                                          .ring_area_ms = 20000,
                                          .ring_network_ms = 30000,
                                          .offer_ms = 20000,
                                          .short_ms = 10000,
                                          .no_answer_back_ms = 600000,
                                          .handle_ms = 300000,
                                          .closing_lead_ms = 900000}};
}

static inline struct command house_hours(uint32_t queue_id, enum hours hours)
{
    return (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = queue_id, .hours = hours}};
}

static inline struct command house_agent(uint32_t id, uint32_t queue_id)
{
    return (struct command){.kind = CMD_AGENT_SET,
                            .agent_set = {.agent_id = id,
                                          .capacity = {1, 2, 0, 0},
                                          .capacity_n = 4,
                                          .queue_ids = {queue_id},
                                          .queue_ids_n = 1}};
}

/* An open queue 1. */
static inline void house_furnish(struct house *h)
{
    house_do(h, house_queue(1));
    house_do(h, house_hours(1, HOURS_OPEN));
}

static inline void house_sign_in(struct house *h, uint32_t agent_id, bool ready)
{
    house_do(h, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in.agent_id = agent_id});
    if (ready)
        house_do(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready.agent_id = agent_id});
}

/* A call on this channel that asks for queue_id; its id. */
static inline uint64_t house_call(struct house *h, enum channel channel, uint32_t queue_id)
{
    house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                 .call_arrived = {.channel = channel, .person_id = 7}});
    uint64_t call_id = house_last(h, EV_CALL_ARRIVED)->id;
    house_do(h, (struct command){.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = call_id, .queue_id = queue_id}});
    return call_id;
}

#endif
