/* callbacks.c — promises kept, under random lives with deaths (design §3.7, §3.10). Each life is a
 * seed: a small house that callers ring, wait in, are promised a callback by, or are cut off;
 * agents who take what is kept for them, or not; days that end, queues that close, a process that
 * dies and is replayed from its events. A second, simple account of the events says after each that
 *   one_place    a promise ends once: answered, given up by somebody, or lapsed past its last day
 *   not_early    nobody is called before the instant promised, nor while the queue is closed
 *   one_at_once  nobody is called twice at once, nor more often than the attempts allow
 *   order        who has the older place is called first, but for the share of the line, by name
 *   one_class    each call has one class
 * and at the end of a life, with time and agents, that nobody was forgotten.
 *   prop-callbacks [--seed N] [--lives N] [--steps N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/prop/callbacks.h"

#define LIVES_LONG 17500 /* a million promises */
#define START_AT ((ms_t)1790000000000)

static const struct acd_limits limits = {
    .contacts_max = 96, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 24};

struct life life;
struct met met;

void callbacks_fail(const char *why)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1, step %u\n", why,
            (unsigned long long)life.seed, life.step);
    exit(1);
}

static uint32_t below(struct life *l, uint32_t n)
{
    uint64_t z = (l->prng += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) % n);
}

/* ---- the house ---------------------------------------------------------------------------- */

static void step(struct life *l, struct command cmd)
{
    struct event_batch batch = {.next_id = l->next_id};
    acd_step(l->a, &cmd, l->now_at, &batch);
    l->next_id = batch.next_id;
    for (unsigned i = 0; i < batch.n; i++) {
        callbacks_fold(l, &batch.ev[i]);
        acd_apply(l->twin, &batch.ev[i]);
    }
}

static void settle(struct life *l)
{
    for (unsigned turns = 0; acd_next_at(l->a) <= l->now_at; turns++) {
        step(l, (struct command){.kind = CMD_TICK});
        if (turns > 400)
            callbacks_fail("bounded: due work does not end");
    }
    acd_check(l->a);
    if (acd_hash(l->a) != acd_hash(l->twin))
        callbacks_fail("twin: live and replayed states differ");
}

static void does(struct life *l, struct command cmd)
{
    step(l, cmd);
    settle(l);
}

static void advance(struct life *l, ms_t by_ms)
{
    ms_t until_at = l->now_at + by_ms;
    while (acd_next_at(l->a) <= until_at) {
        if (acd_next_at(l->a) > l->now_at)
            l->now_at = acd_next_at(l->a);
        settle(l);
    }
    l->now_at = until_at;
}

static struct person *some(struct life *l, enum where where)
{
    struct person *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; i < l->people_n; i++)
        if (l->people[i].where == where && !below(l, ++n))
            found = &l->people[i];
    return found;
}

static void comes(struct life *l)
{
    does(l,
         (struct command){.kind = CMD_CALL_ARRIVED,
                          .call_arrived = {.leg_id = l->next_id,
                                           .person_id = below(l, 8) ? 1 + below(l, 1000000) : 0}});
    const struct person *p = &l->people[l->people_n - 1];
    if (p->where == ON_LINE && below(l, 6))
        does(l, (struct command){.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = p->call_id,
                                                .queue_id = 1 + below(l, QUEUES),
                                                .priority = (uint8_t)below(l, 2)}});
}

static void is_promised(struct life *l, struct person *p)
{
    if (!p)
        return;
    does(l, (struct command){
                .kind = CMD_CALLBACK_PROMISE,
                .callback_promise = {.call_id = p->call_id,
                                     .queue_id = p->where == WAITS ? 0 : 1 + below(l, QUEUES),
                                     .is_discreet = below(l, 2),
                                     .not_before_at =
                                         below(l, 3) ? 0 : l->now_at + 1 + below(l, 3600000)}});
    if (p->where == PROMISED && !below(l, 5))
        does(l, (struct command){.kind = CMD_CALLBACK_WITHDRAW,
                                 .callback_withdraw = {.call_id = p->call_id}});
    else
        does(l, (struct command){
                    .kind = CMD_CALL_ENDED,
                    .call_ended = {.call_id = p->call_id,
                                   .by = below(l, 2) ? ENDED_BY_CALLER : ENDED_BY_SYSTEM}});
}

static void is_called(struct life *l, const struct person *p)
{
    if (!p)
        return;
    uint64_t id = p->offer_id;
    switch (below(l, 10)) {
    case 0:
        does(l, (struct command){.kind = CMD_CALLBACK_RESULT,
                                 .callback_result = {
                                     .offer_id = id,
                                     .result = (enum callback_result)below(l, CALLBACK_RESULT_N)}});
        break;
    case 1:
        does(l, (struct command){.kind = CMD_OFFER_DECLINE,
                                 .offer_decline = {.offer_id = id,
                                                   .why = below(l, 2) ? OFFER_END_DECLINED
                                                                      : OFFER_END_WITHDRAWN}});
        break;
    default:
        if (p->is_rung || !p->is_dialled)
            does(l, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = id}});
        else
            does(l, (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {.offer_id = id}});
        break;
    }
}

static void speaks(struct life *l, const struct person *p)
{
    static const enum offer_end whys[] = {OFFER_END_FINISHED, OFFER_END_CALLER_LEFT,
                                          OFFER_END_AGENT_LOST, OFFER_END_WITHDRAWN};
    if (!p)
        return;
    uint64_t id = p->offer_id, call_id = p->call_id;
    bool is_dialled = p->is_dialled;
    if (below(l, 3)) {
        for (int side = 0; side < SIDE_N; side++)
            does(l, (struct command){.kind = CMD_OFFER_MEDIA,
                                     .offer_media = {.offer_id = id, .side = (enum side)side}});
        return;
    }
    if (!is_dialled && below(l, 2))
        does(l, (struct command){.kind = CMD_CALL_ENDED,
                                 .call_ended = {.call_id = call_id, .by = ENDED_BY_CALLER}});
    else
        does(l, (struct command){.kind = CMD_OFFER_END,
                                 .offer_end = {.offer_id = id, .why = whys[below(l, 4)]}});
}

static void agent_does(struct life *l)
{
    uint32_t id = 1 + below(l, AGENTS);
    static const enum command_kind kinds[] = {CMD_AGENT_SIGN_IN, CMD_AGENT_READY, CMD_AGENT_READY,
                                              CMD_AGENT_READY,   CMD_AGENT_READY, CMD_AGENT_LOST,
                                              CMD_AGENT_SIGN_OUT};
    does(l, (struct command){.kind = kinds[below(l, 7)], .agent_ready = {.agent_id = id}});
}

/* A time that was sold has come, or a promise becomes one of another day. */
static void slots(struct life *l)
{
    const struct person *p = some(l, PROMISED);
    if (below(l, 3))
        does(l, (struct command){.kind = CMD_SLOT_DUE,
                                 .slot_due = {.queue_id = 1 + below(l, QUEUES),
                                              .person_id = below(l, 2),
                                              .from_at = l->now_at - below(l, 600000),
                                              .is_discreet = below(l, 2)}});
    else if (p)
        does(l, (struct command){.kind = CMD_SLOT_SELL,
                                 .slot_sell = {.contact_id = p->id,
                                               .queue_id = p->queue_id,
                                               .from_at = l->now_at + 1 + below(l, 86400000),
                                               .until_at = l->now_at + 90000000}});
}

static void rare(struct life *l)
{
    const struct person *p = some(l, below(l, 2) ? PROMISED : below(l, 2) ? OFFERED : WAITS);
    switch (below(l, 6)) {
    case 0: /* the process dies; the next one has the events, and says so */
        acd_clear(l->a);
        met.deaths_n++;
        break;
    case 1:
        does(l, (struct command){.kind = CMD_DAY_CLOSE});
        return;
    case 2:
        if (p)
            does(l, (struct command){
                        .kind = CMD_CALLBACK_CANCEL,
                        .callback_cancel = {.contact_id = p->id,
                                            .by = (enum cancelled_by)below(l, CANCELLED_BY_N)}});
        return;
    case 3:
        if (p)
            does(l, (struct command){
                        .kind = CMD_CALLBACK_MOVE,
                        .callback_move = {
                            .contact_id = p->id,
                            .not_before_at = below(l, 3) ? l->now_at + 1 + below(l, 3600000) : 0}});
        return;
    default:
        does(l, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = 1 + below(l, QUEUES),
                                                 .hours = below(l, 2)
                                                              ? HOURS_OPEN
                                                              : (enum hours)below(l, HOURS_N)}});
        return;
    }
    size_t n = acd_image_bytes(l->twin);
    uint8_t *bytes = malloc(n);
    acd_image_save(l->twin, bytes);
    if (!acd_image_load(l->a, bytes, n))
        callbacks_fail("image: its own image is refused");
    free(bytes);
    does(l, (struct command){.kind = CMD_NODE_LOST, .node_lost = {.node = 0}});
}

static void do_something(struct life *l)
{
    uint32_t r = below(l, 100);
    struct person *p = some(l, WAITS);
    if (r < 25)
        comes(l);
    else if (r < 37)
        is_promised(l, below(l, 4) ? p : some(l, ON_LINE));
    else if (r < 60)
        is_called(l, some(l, OFFERED));
    else if (r < 75)
        speaks(l, some(l, SPEAKS));
    else if (r < 90)
        agent_does(l);
    else if (r < 92)
        slots(l);
    else if (r < 96 && p && !p->is_dialled)
        does(l, (struct command){.kind = CMD_CALL_ENDED,
                                 .call_ended = {.call_id = p->call_id, .by = ENDED_BY_CALLER}});
    else if (r >= 96)
        rare(l);
}

/* Everybody at work, everything open, everybody answers: nobody may be left. */
static void finish(struct life *l)
{
    for (uint32_t q = 1; q <= QUEUES; q++)
        does(l, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    for (unsigned turn = 0; turn < 6000; turn++) {
        bool is_over = true;
        for (uint32_t id = 1; id <= AGENTS; id++) {
            does(l, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = id}});
            does(l, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = id}});
        }
        for (unsigned i = 0; i < l->people_n; i++) {
            const struct person *p = &l->people[i];
            is_over &= !p->is_dialled || p->where == DONE;
            if (p->where == OFFERED && (p->is_rung || !p->is_dialled))
                does(l, (struct command){.kind = CMD_OFFER_CONFIRM,
                                         .offer_confirm = {.offer_id = p->offer_id}});
            else if (p->where == OFFERED)
                does(l, (struct command){.kind = CMD_OFFER_ADVANCE,
                                         .offer_advance = {.offer_id = p->offer_id}});
            if (p->where != SPEAKS)
                continue;
            for (int side = 0; side < SIDE_N; side++)
                does(l, (struct command){
                            .kind = CMD_OFFER_MEDIA,
                            .offer_media = {.offer_id = p->offer_id, .side = (enum side)side}});
            advance(l, ACD_ANSWERED_MS_MIN);
            if (p->where == SPEAKS)
                does(l, (struct command){
                            .kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = p->offer_id, .why = OFFER_END_FINISHED}});
        }
        advance(l, 60000);
        if (is_over)
            return;
    }
    callbacks_fail("one_place: somebody who was promised a call is forgotten");
}

static void live(uint64_t seed, unsigned steps, void *memory[2])
{
    struct life *l = &life;
    memset(l, 0, sizeof(*l));
    l->seed = l->prng = seed;
    l->now_at = START_AT;
    l->next_id = 1;
    l->a = acd_open(memory[0], &limits);
    l->twin = acd_open(memory[1], &limits);
    for (uint32_t i = 0; i < CALLBACKS_COMMANDS; i++)
        does(l, callbacks_command(i));
    for (l->step = 0; l->step < steps; l->step++) {
        do_something(l);
        advance(l, below(l, 6) ? below(l, 6000) : below(l, 400000));
    }
    finish(l);
    if (l->promised_n != l->kept_n)
        callbacks_fail("one_place: promises and ends do not match");
    met.promised_n += l->promised_n;
}

int main(int argc, char **argv)
{
    const char *how = getenv("DECROCHE_TEST");
    unsigned long long seed = 1, lives = how && !strcmp(how, "long") ? LIVES_LONG : 150,
                       steps = 500;
    for (int i = 1; i + 1 < argc; i += 2) {
        unsigned long long v = strtoull(argv[i + 1], NULL, 10);
        if (!strcmp(argv[i], "--seed"))
            seed = v;
        else if (!strcmp(argv[i], "--lives"))
            lives = v;
        else if (!strcmp(argv[i], "--steps"))
            steps = v;
    }
    void *memory[2];
    for (unsigned i = 0; i < 2; i++) {
        memory[i] = aligned_alloc(64, acd_bytes(&limits));
        assert(memory[i]);
    }
    for (unsigned long long i = 0; i < lives; i++)
        live(seed + i, (unsigned)steps, memory);
    bool has_seen_all = met.ends_n[SETTLED_ANSWERED] && met.ends_n[SETTLED_LAPSED] &&
                        met.ends_n[SETTLED_CANCELLED] && met.ends_n[SETTLED_LATER] &&
                        met.shares_n && met.held_n && met.deaths_n && met.moved_n;
    if (lives >= 100 && !has_seen_all)
        callbacks_fail("seen: these lives have not met every way that a promise ends");
    printf(
        "%llu lives from seed %llu: %llu promises, %llu deaths: none lost, none twice, none early; "
        "%llu answered, %llu lapsed, %llu cancelled, %llu of another day; %llu times the share of "
        "the line\n",
        lives, seed, met.promised_n, met.deaths_n, met.ends_n[SETTLED_ANSWERED],
        met.ends_n[SETTLED_LAPSED], met.ends_n[SETTLED_CANCELLED], met.ends_n[SETTLED_LATER],
        met.shares_n);
    for (unsigned i = 0; i < 2; i++)
        free(memory[i]);
    return 0;
}
