/* house.h — a small house for the tests of the heart: one queue, a few agents, all that was said.
 * Each test opens its own; time is moved by hand. */
#ifndef TEST_UNIT_ACD_HOUSE_H
#define TEST_UNIT_ACD_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"

#define MINUTE ((ms_t)60000)
#define QUEUE 1
#define SAID_MAX 4096

struct house {
    struct acd *acd;
    ms_t now_at;
    uint64_t next_id;
    struct event said[SAID_MAX];
    unsigned said_n;
};

static inline enum acd_verdict house_step(struct house *h, const struct command *cmd)
{
    struct event_batch batch = {.next_id = h->next_id};
    enum acd_verdict verdict = acd_step(h->acd, cmd, h->now_at, &batch);
    h->next_id = batch.next_id;
    for (unsigned i = 0; i < batch.n; i++) {
        assert_true(h->said_n < SAID_MAX);
        h->said[h->said_n++] = batch.ev[i];
    }
    return verdict;
}

/* Does a command, then whatever is due, and checks the state. */
static inline enum acd_verdict house_do(struct house *h, struct command cmd)
{
    const struct command tick = {.kind = CMD_TICK};
    enum acd_verdict verdict = house_step(h, &cmd);
    while (acd_next_at(h->acd) <= h->now_at)
        house_step(h, &tick);
    acd_check(h->acd);
    return verdict == ACD_MORE ? ACD_DONE : verdict;
}

/* Time goes on by so much, each timer at its instant. */
static inline void house_wait(struct house *h, ms_t ms)
{
    ms_t until_at = h->now_at + ms;
    while (acd_next_at(h->acd) <= until_at) {
        h->now_at = acd_next_at(h->acd);
        house_do(h, (struct command){.kind = CMD_TICK});
    }
    h->now_at = until_at;
}

/* The last event of a kind, or NULL. */
static inline const struct event *house_last(const struct house *h, enum event_kind kind)
{
    for (unsigned i = h->said_n; i-- > 0;)
        if (h->said[i].kind == kind)
            return &h->said[i];
    return NULL;
}

static inline unsigned house_count(const struct house *h, enum event_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->said_n; i++)
        n += h->said[i].kind == kind;
    return n;
}

static inline struct command house_queue_set(uint32_t queue_id)
{
    return (struct command){.kind = CMD_QUEUE_SET,
                            .queue_set = {.queue_id = queue_id,
                                          .ring_site_ms = 20000,
                                          .ring_area_ms = 40000,
                                          .ring_network_ms = 60000,
                                          .offer_ms = 15000,
                                          .wrap_up_ms = 30000,
                                          .short_ms = 10000,
                                          .no_answer_back_ms = 10 * MINUTE,
                                          .handle_ms = 5 * MINUTE,
                                          .regain_ms = 10 * MINUTE,
                                          .closing_lead_ms = 15 * MINUTE}};
}

static inline struct house *house_open(const struct acd_limits *limits)
{
    struct house *h = calloc(1, sizeof(*h));
    void *memory = aligned_alloc(64, acd_bytes(limits));
    assert_non_null(h);
    assert_non_null(memory);
    h->acd = acd_open(memory, limits);
    h->next_id = 1;
    h->now_at = 1790000000000;
    house_do(h, house_queue_set(QUEUE));
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = QUEUE, .hours = HOURS_OPEN}});
    return h;
}

static inline struct house *house_open_small(void)
{
    const struct acd_limits limits = {
        .contacts_max = 64, .agents_max = 8, .queues_max = 4, .lanes_max = 64};
    return house_open(&limits);
}

static inline void house_drop(struct house *h)
{
    free(h->acd);
    free(h);
}

/* An agent of the queue, ready. */
static inline void house_staff(struct house *h, uint32_t agent_id, uint32_t site_id)
{
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = agent_id,
                                               .site_id = site_id,
                                               .area_id = site_id ? 1 + site_id / 10 : 0,
                                               .capacity = {1, 2},
                                               .capacity_n = 2,
                                               .queue_ids = {QUEUE},
                                               .queue_ids_n = 1}});
    house_do(h,
             (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = agent_id}});
    house_do(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = agent_id}});
}

/* A call arrives; its id. The contact's is one less. */
static inline uint64_t house_call_by(struct house *h, enum channel channel)
{
    assert_int_equal(house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                                  .call_arrived = {.leg_id = h->next_id,
                                                                   .channel = channel,
                                                                   .person_id = h->next_id}}),
                     ACD_DONE);
    return house_last(h, EV_CALL_ARRIVED)->id;
}

static inline struct command house_queue(uint64_t call_id)
{
    return (struct command){.kind = CMD_CALL_QUEUE,
                            .call_queue = {.call_id = call_id, .queue_id = QUEUE}};
}

/* A caller arrives and asks for somebody. */
static inline uint64_t house_caller(struct house *h)
{
    uint64_t call_id = house_call_by(h, CHANNEL_PHONE);
    assert_int_equal(house_do(h, house_queue(call_id)), ACD_DONE);
    return call_id;
}

static inline void house_hang_up(struct house *h, uint64_t call_id, enum ended_by by)
{
    house_do(
        h, (struct command){.kind = CMD_CALL_ENDED, .call_ended = {.call_id = call_id, .by = by}});
}

static inline uint64_t house_offer(const struct house *h)
{
    const struct event *ev = house_last(h, EV_OFFER_MADE);
    return ev ? ev->id : 0;
}

static inline void house_confirm(struct house *h, bool with_media)
{
    uint64_t id = house_offer(h);
    house_do(h, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = id}});
    for (int side = 0; with_media && side < SIDE_N; side++)
        house_do(h, (struct command){.kind = CMD_OFFER_MEDIA,
                                     .offer_media = {.offer_id = id, .side = (enum side)side}});
}

static inline void house_agent_does(struct house *h, enum command_kind kind, uint32_t agent_id)
{
    /* agent_id is the first field of all of these */
    house_do(h, (struct command){.kind = kind, .agent_ready = {.agent_id = agent_id}});
}

/* The class of the last call that got one; OUTCOME_NONE: none did. */
static inline enum outcome house_outcome(const struct house *h)
{
    const struct event *ev = house_last(h, EV_CALL_OUTCOME);
    return ev ? ev->call_outcome.outcome : OUTCOME_NONE;
}

#endif
