/* callbacks.c — promises kept, under random lives with deaths (design §3.7, §3.10). Each life is a
 * seed: a small house that callers ring, wait in, are promised a callback by, or are cut off;
 * agents who take what is kept for them, or not; days that end, queues that close; times that are
 * sold, rows of the store until they come. The app is the real one, over a disk whose writer lags
 * behind (callbacks_disk.c): the process dies at any write, commit or effect, and is replayed from
 * what was committed. A second, simple account of the events says after each that
 *   one_place    a promise ends once: answered, given up by somebody, or lapsed past its last day
 *   not_early    nobody is called before the instant promised, nor while the queue is closed
 *   one_at_once  nobody is called twice at once, nor more often than the attempts allow
 *   order        who has the older place is called first, but for the share of the line, by name
 *   one_class    each call has one class
 * what people outside have seen is compared with it (callbacks_outside.c: heard, one_ring,
 * own_time, one_message); and at the end of a life, with time and agents, nobody was forgotten.
 *   prop-callbacks [--seed N] [--lives N] [--steps N] */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/prop/callbacks.h"

#define LIVES_LONG 90000 /* six million promises, of which a million were heard */
#define START_AT ((ms_t)1790000000000)

struct life life;

void callbacks_fail(const char *why)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1, step %u\n", why,
            (unsigned long long)life.seed, life.step);
    exit(1);
}

uint32_t callbacks_below(struct life *l, uint32_t n)
{
    uint64_t z = (l->prng += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static uint32_t below(struct life *l, uint32_t n)
{
    return callbacks_below(l, n);
}

/* ---- people --------------------------------------------------------------------------------- */

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
    unsigned before_n = l->people_n;
    if (l->references_n == REFERENCES)
        callbacks_fail("bounded: more references than there is room for");
    callbacks_do(l, (struct command){
                        .kind = CMD_CALL_ARRIVED,
                        .call_arrived = {.leg_node = NODE,
                                         .leg_id = ++l->legs_n,
                                         .reference = l->references_n++,
                                         .person_id = below(l, 8) ? 1 + below(l, 1000000) : 0}});
    if (l->people_n == before_n)
        return;
    const struct person *p = &l->people[l->people_n - 1];
    if (p->where == ON_LINE && below(l, 6))
        callbacks_do(l, (struct command){.kind = CMD_CALL_QUEUE,
                                         .call_queue = {.call_id = p->call_id,
                                                        .queue_id = 1 + below(l, QUEUES),
                                                        .priority = (uint8_t)below(l, 2)}});
}

static void hangs_up(struct life *l, const struct person *p)
{
    if (p)
        callbacks_do(l, (struct command){
                            .kind = CMD_CALL_ENDED,
                            .call_ended = {.call_id = p->call_id,
                                           .by = below(l, 2) ? ENDED_BY_CALLER : ENDED_BY_SYSTEM}});
}

/* Whoever is told hangs up, at once or later; who is not told hears so after a while. */
static void is_promised(struct life *l, const struct person *p)
{
    if (!p || p->is_sold) /* has a time already */
        return;
    callbacks_do(l, (struct command){
                        .kind = CMD_CALLBACK_PROMISE,
                        .callback_promise = {
                            .call_id = p->call_id,
                            .queue_id = p->where == WAITS ? 0 : 1 + below(l, QUEUES),
                            .is_discreet = below(l, 2),
                            .not_before_at = below(l, 3) ? 0 : l->now_at + 1 + below(l, 3600000)}});
    if (p->where == PROMISED && !below(l, 3))
        hangs_up(l, p); /* without a word of ours */
}

/* One who was promised a call and has not hung up yet. */
static const struct person *some_on_line(struct life *l)
{
    const struct person *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; i < l->people_n; i++) {
        const struct person *p = &l->people[i];
        bool hears = (p->is_dialled || p->is_sold) && !p->has_hung_up && p->where != DONE;
        if (hears && !below(l, ++n))
            found = p;
    }
    return found;
}

static void result(struct life *l, uint64_t offer_id, enum callback_result result)
{
    callbacks_do(l, (struct command){.kind = CMD_CALLBACK_RESULT,
                                     .callback_result = {.offer_id = offer_id, .result = result}});
}

static void is_called(struct life *l, const struct person *p)
{
    if (!p)
        return;
    uint64_t id = p->offer_id;
    bool waits_for_disk = p->is_dialled && p->is_rung && !callbacks_rings(l, p);
    if (waits_for_disk)
        return; /* the agent hears nothing yet */
    switch (below(l, 10)) {
    case 0:
    case 1:
    case 2:
        if (p->is_rung && p->is_dialled)
            result(l, id, (enum callback_result)below(l, CALLBACK_RESULT_N));
        break;
    case 3:
        callbacks_do(l,
                     (struct command){.kind = CMD_OFFER_DECLINE,
                                      .offer_decline = {.offer_id = id,
                                                        .why = below(l, 2) ? OFFER_END_DECLINED
                                                                           : OFFER_END_WITHDRAWN}});
        break;
    default:
        if (p->is_rung || !p->is_dialled)
            callbacks_do(
                l, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = id}});
        else
            callbacks_do(
                l, (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {.offer_id = id}});
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
            callbacks_do(
                l, (struct command){.kind = CMD_OFFER_MEDIA,
                                    .offer_media = {.offer_id = id, .side = (enum side)side}});
        return;
    }
    if (!is_dialled && below(l, 2))
        callbacks_do(l,
                     (struct command){.kind = CMD_CALL_ENDED,
                                      .call_ended = {.call_id = call_id, .by = ENDED_BY_CALLER}});
    else
        callbacks_do(l, (struct command){.kind = CMD_OFFER_END,
                                         .offer_end = {.offer_id = id, .why = whys[below(l, 4)]}});
}

static void agent_does(struct life *l)
{
    uint32_t id = 1 + below(l, AGENTS);
    static const enum command_kind kinds[] = {CMD_AGENT_SIGN_IN, CMD_AGENT_READY, CMD_AGENT_READY,
                                              CMD_AGENT_READY,   CMD_AGENT_READY, CMD_AGENT_LOST,
                                              CMD_AGENT_SIGN_OUT};
    callbacks_do(l, (struct command){.kind = kinds[below(l, 7)], .agent_ready = {.agent_id = id}});
}

/* A time is sold at the door, or a promise becomes one of another day: the row first, then the
 * heart; refused there, it goes again. */
static void slots(struct life *l)
{
    const struct person *p = some(l, below(l, 3) ? ON_LINE : PROMISED);
    bool may =
        p && !p->is_sold && l->disk.rows_n < SLOTS && (p->where == ON_LINE || p->has_hung_up);
    if (!may)
        return;
    const struct slot_row row = {.contact_id = p->id,
                                 .reference = p->reference,
                                 .queue_id =
                                     p->where == ON_LINE ? 1 + below(l, QUEUES) : p->queue_id,
                                 .from_at = l->now_at + 60000 + below(l, 14400000),
                                 .until_at = l->now_at + 90000000};
    callbacks_put_row(l, &row);
    callbacks_do(l, (struct command){.kind = CMD_SLOT_SELL,
                                     .slot_sell = {.contact_id = row.contact_id,
                                                   .queue_id = row.queue_id,
                                                   .from_at = row.from_at,
                                                   .until_at = row.until_at}});
    if (!l->disk.is_dead && !callbacks_person(l, row.contact_id)->is_sold)
        callbacks_drop_row(l, &row);
    else if (!l->disk.is_dead && !below(l, 3))
        hangs_up(l, callbacks_person(l, row.contact_id));
}

/* In the conversation of an agent, who tells them once it is on the disk. Not with whom a time of
 * before has come: of two rows of one reference a crash leaves no account. */
static void agrees(struct life *l, const struct person *p)
{
    if (!p || p->is_sold || p->is_due || l->disk.rows_n == SLOTS)
        return;
    const struct slot_row row = {.contact_id = p->id,
                                 .reference = p->reference,
                                 .queue_id = 1 + below(l, QUEUES),
                                 .from_at = l->now_at + 60000 + below(l, 14400000),
                                 .until_at = l->now_at + 90000000};
    callbacks_put_row(l, &row);
    callbacks_do(l, (struct command){.kind = CMD_SLOT_SELL,
                                     .slot_sell = {.contact_id = row.contact_id,
                                                   .queue_id = row.queue_id,
                                                   .from_at = row.from_at,
                                                   .until_at = row.until_at,
                                                   .agent_id = p->agent_id}});
    if (!l->disk.is_dead && !callbacks_person(l, row.contact_id)->is_sold)
        callbacks_drop_row(l, &row);
}

static void rare(struct life *l)
{
    const struct person *p = some(l, below(l, 2) ? PROMISED : below(l, 2) ? OFFERED : WAITS);
    switch (below(l, 6)) {
    case 0: /* the power fails, whatever was being done */
        l->disk.is_dead = true;
        return;
    case 1:
        callbacks_do(l, (struct command){.kind = CMD_DAY_CLOSE});
        return;
    case 2:
        if (p)
            callbacks_do(l, (struct command){.kind = CMD_CALLBACK_CANCEL,
                                             .callback_cancel = {.contact_id = p->id,
                                                                 .by = (enum cancelled_by)below(
                                                                     l, CANCELLED_BY_N)}});
        return;
    case 3:
        if (p)
            callbacks_do(
                l, (struct command){
                       .kind = CMD_CALLBACK_MOVE,
                       .callback_move = {.contact_id = p->id,
                                         .not_before_at =
                                             below(l, 3) ? l->now_at + 1 + below(l, 3600000) : 0}});
        return;
    default:
        callbacks_do(l, (struct command){
                            .kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = 1 + below(l, QUEUES),
                                            .hours = below(l, 2) ? HOURS_OPEN
                                                                 : (enum hours)below(l, HOURS_N)}});
    }
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
    else if (r < 64)
        agrees(l, some(l, SPEAKS));
    else if (r < 75)
        speaks(l, some(l, SPEAKS));
    else if (r < 87)
        agent_does(l);
    else if (r < 90)
        slots(l);
    else if (r < 94)
        hangs_up(l, some_on_line(l));
    else if (r < 96 && p && !p->is_dialled)
        callbacks_do(
            l, (struct command){.kind = CMD_CALL_ENDED,
                                .call_ended = {.call_id = p->call_id, .by = ENDED_BY_CALLER}});
    else if (r >= 96)
        rare(l);
}

/* One in so many never picks up, once all goes well: their promise ends by the last attempt. */
#define ABSENT_EVERY 16

static void is_answered(struct life *l, const struct person *p)
{
    if (p->is_dialled && p->is_rung && p->reference % ABSENT_EVERY == 0)
        result(l, p->offer_id, CALLBACK_RESULT_NOBODY);
    else if (p->is_rung || !p->is_dialled)
        callbacks_do(l, (struct command){.kind = CMD_OFFER_CONFIRM,
                                         .offer_confirm = {.offer_id = p->offer_id}});
    else
        callbacks_do(l, (struct command){.kind = CMD_OFFER_ADVANCE,
                                         .offer_advance = {.offer_id = p->offer_id}});
}

/* One turn of a house in which all goes well. True: nobody is to be called any more. */
static bool finish_turn(struct life *l)
{
    bool is_over = !l->disk.rows_n;
    for (uint32_t id = 1; id <= AGENTS; id++) {
        callbacks_do(
            l, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = id}});
        callbacks_do(l, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = id}});
    }
    for (unsigned i = 0; i < l->people_n && !l->disk.is_dead; i++) {
        const struct person *p = &l->people[i];
        is_over &= (!p->is_dialled && !p->is_sold) || p->where == DONE;
        if (p->where == OFFERED)
            is_answered(l, p);
        if (p->where != SPEAKS)
            continue;
        for (int side = 0; side < SIDE_N; side++)
            callbacks_do(l, (struct command){
                                .kind = CMD_OFFER_MEDIA,
                                .offer_media = {.offer_id = p->offer_id, .side = (enum side)side}});
        callbacks_wait(l, ACD_ANSWERED_MS_MIN);
        if (p->where == SPEAKS)
            callbacks_do(l, (struct command){
                                .kind = CMD_OFFER_END,
                                .offer_end = {.offer_id = p->offer_id, .why = OFFER_END_FINISHED}});
    }
    callbacks_wait(l, 60000);
    return is_over && !l->disk.is_dead;
}

/* Everybody at work, everything open, the writer writes: nobody may be left. */
static void finish(struct life *l)
{
    l->is_mortal = false;
    callbacks_die(l);
    l->disk.dies_in = 0;
    l->disk.habit = 0;
    const struct person *p;
    while ((p = some_on_line(l)))
        hangs_up(l, p);
    for (uint32_t q = 1; q <= QUEUES; q++)
        callbacks_do(l, (struct command){.kind = CMD_QUEUE_HOURS,
                                         .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    for (unsigned turn = 0; turn < 6000; turn++) {
        l->disk.habit = 0;
        if (finish_turn(l))
            return;
    }
    callbacks_fail("one_place: somebody who was promised a call is forgotten");
}

static void add_met(struct met *to, const struct met *more)
{
    const unsigned long long *from = (const void *)more;
    unsigned long long *sum = (void *)to;
    for (size_t i = 0; i < sizeof(*to) / sizeof(*sum); i++)
        sum[i] += from[i];
}

static void live(uint64_t seed, unsigned steps, struct met *all)
{
    struct life *l = &life;
    void *memory = l->app_memory;
    struct acd *a = l->a;
    memset(l, 0, offsetof(struct life, disk));
    l->disk.log_n = l->disk.ops_n = l->disk.committed_n = l->disk.rows_n = 0;
    l->disk.committed_id = 0;
    l->disk.is_dead = false;
    l->app_memory = memory;
    l->a = a;
    l->seed = l->prng = seed;
    l->now_at = START_AT;
    l->disk.habit = below(l, 4);
    callbacks_begin(l);
    for (uint32_t i = 0; i < CALLBACKS_COMMANDS; i++)
        callbacks_do(l, callbacks_command(i));
    callbacks_write_all(l); /* a house is set up once */
    l->is_mortal = true;
    l->disk.dies_in = 1 + below(l, CALLBACKS_OPS);
    for (l->step = 0; l->step < steps; l->step++) {
        do_something(l);
        callbacks_wait(l, below(l, 6) ? below(l, 6000) : below(l, 400000));
        callbacks_die(l);
    }
    finish(l);
    callbacks_write_all(l);
    if (l->promised_n != l->kept_n)
        callbacks_fail("one_place: promises and ends do not match");
    callbacks_check_heard(l);
    l->met.promised_n = l->promised_n;
    add_met(all, &l->met);
}

static void tell(const struct met *met, unsigned long long lives, unsigned long long seed)
{
    printf(
        "%llu lives from seed %llu: %llu promises, of which %llu heard; %llu deaths with %llu "
        "transactions lost: none lost, none twice, none early; %llu calls, %llu messages, %llu "
        "promises that could not be noted, %llu times sold and kept; %llu answered, %llu lapsed, "
        "%llu cancelled, %llu of another day; %llu times the share of the line\n",
        lives, seed, met->promised_n, met->heard_n, met->deaths_n, met->lost_ops_n, met->dials_n,
        met->texts_n, met->unheard_n, met->slots_n, met->ends_n[SETTLED_ANSWERED],
        met->ends_n[SETTLED_LAPSED], met->ends_n[SETTLED_CANCELLED], met->ends_n[SETTLED_LATER],
        met->shares_n);
}

/* Lives that found a fault once: 10125, a time that was sold waited for the end of the day. */
static const uint64_t found[] = {10125};

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
    life.app_memory = aligned_alloc(64, (app_bytes(&callbacks_limits) + 63) / 64 * 64);
    void *memory = aligned_alloc(64, acd_bytes(&callbacks_limits));
    assert(life.app_memory && memory);
    life.a = acd_open(memory, &callbacks_limits);
    struct met met = {.promised_n = 0};
    for (unsigned i = 0; argc == 1 && i < ARRAY_LEN(found); i++)
        live(found[i], (unsigned)steps, &met);
    for (unsigned long long i = 0; i < lives; i++)
        live(seed + i, (unsigned)steps, &met);
    bool has_seen_all = met.ends_n[SETTLED_ANSWERED] && met.ends_n[SETTLED_LAPSED] &&
                        met.ends_n[SETTLED_CANCELLED] && met.ends_n[SETTLED_LATER] &&
                        met.shares_n && met.held_n && met.deaths_n && met.moved_n &&
                        met.lost_ops_n && met.heard_n && met.dials_n && met.slots_n &&
                        met.unheard_n && met.texts_n && met.withdrawn_n && met.redials_n &&
                        met.agreed_n;
    if (lives >= 100 && !has_seen_all)
        callbacks_fail("seen: these lives have not met every way that a promise ends");
    tell(&met, lives, seed);
    free(memory);
    free(life.app_memory);
    return 0;
}
