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

#include "test/support/callbacks_house.h"

#define PEOPLE 4096
#define LIVES_LONG 17500 /* a million promises */
#define START_AT ((ms_t)1790000000000)

static const struct acd_limits limits = {
    .contacts_max = 96, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 24};

enum where { NOWHERE, ON_LINE, WAITS, PROMISED, OFFERED, SPEAKS, BETWEEN, DONE };

struct person {
    uint64_t id, call_id, offer_id;
    ms_t key_at, not_before_at;
    uint32_t queue_id, agent_id;
    enum where where;
    unsigned tried_n, classes_n;
    bool is_dialled, is_classed, is_rung, has_hung_up; /* is_rung: the telephone rings */
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

static struct life life;
static unsigned long long promised_n, deaths_n, shares_n, held_n, withdrawn_n, moved_n;
static unsigned long long ends_n[SETTLED_N];

static void fail(const char *why)
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

/* ---- the account -------------------------------------------------------------------------- */

static struct person *by_contact(struct life *l, uint64_t id)
{
    for (unsigned i = 0; i < l->people_n; i++)
        if (l->people[i].id == id)
            return &l->people[i];
    fail("known: an event names nobody");
    return NULL;
}

static struct person *by_offer(struct life *l, uint64_t id)
{
    for (unsigned i = 0; i < l->people_n; i++)
        if (l->people[i].offer_id == id)
            return &l->people[i];
    fail("known: an event names no offer");
    return NULL;
}

/* All agents serve all queues: whoever waits with an older place could have been taken. */
static void check_order(struct life *l, const struct person *p, enum rule rule)
{
    bool passed_over = false;
    for (unsigned i = 0; i < l->people_n; i++) {
        const struct person *o = &l->people[i];
        bool earlier = o->key_at < p->key_at || (o->key_at == p->key_at && o->id < p->id);
        bool is_held = o->is_dialled && !l->is_open[o->queue_id];
        if (o->where != WAITS || o == p || !earlier || is_held)
            continue;
        if (!o->is_dialled)
            fail("order: somebody on the line was passed over");
        passed_over = true;
    }
    if (passed_over && rule != RULE_SHARE)
        fail("order: a promise was passed over without the rule's name");
    shares_n += rule == RULE_SHARE;
    if (rule == RULE_SHARE && (p->is_dialled || !passed_over))
        fail("order: the rule of the share was named for nothing");
}

static void fold_offer(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->offer_made.contact_id);
    if (p->where != WAITS || p->offer_id)
        fail("one_at_once: offered, and does not wait");
    if (p->is_dialled && !l->is_open[p->queue_id])
        fail("not_early: an agent is kept while the queue is closed");
    if (p->is_dialled && l->now_at < p->not_before_at)
        fail("not_early: an agent is kept before the instant promised");
    if (p->is_dialled != (ev->offer_made.phase == OFFER_PHASE_RESERVED))
        fail("known: whom we call is called, who is on the line is rung for");
    check_order(l, p, ev->offer_made.rule);
    p->where = OFFERED;
    p->offer_id = ev->id;
    p->agent_id = ev->offer_made.agent_id;
    p->is_rung = false;
}

static void fold_promised(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_promised.contact_id);
    if (p->is_dialled)
        fail("one_place: promised twice");
    p->is_dialled = true;
    p->where = PROMISED;
    p->not_before_at = ev->callback_promised.not_before_at;
    l->promised_n++;
}

/* As if nothing had been promised: the same place, on the line. */
static void fold_withdrawn(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_withdrawn.contact_id);
    if (p->where != PROMISED || p->has_hung_up)
        fail("withdrawn: nobody is on the line");
    p->is_dialled = false;
    p->where = WAITS;
    p->not_before_at = 0;
    l->promised_n--;
    withdrawn_n++;
}

static void fold_settled(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->contact_settled.contact_id);
    enum settled how = ev->contact_settled.how;
    if (p->where == DONE || p->offer_id)
        fail("one_place: over twice, or while somebody is called");
    if (p->is_dialled && !p->is_classed)
        fail("one_class: a promise is over and its call has no class");
    if (p->is_dialled && how == SETTLED_LAPSED && p->tried_n < ATTEMPTS)
        fail("one_place: given up before the last attempt");
    if (p->is_dialled && how != SETTLED_LAPSED && how != SETTLED_ANSWERED &&
        how != SETTLED_CANCELLED)
        fail("one_place: a promise ends by another way");
    l->kept_n += p->is_dialled;
    ends_n[how] += p->is_dialled;
    p->where = DONE;
}

static void fold_tried(struct life *l, const struct event *ev)
{
    struct person *p = by_contact(l, ev->callback_tried.contact_id);
    bool counts = ev->callback_tried.result != CALLBACK_RESULT_FAULT;
    p->tried_n += counts;
    if (p->tried_n > ATTEMPTS || ev->callback_tried.attempts_n != p->tried_n)
        fail("one_at_once: more attempts than there may be");
    if (!ev->callback_tried.not_before_at != (p->tried_n == ATTEMPTS))
        fail("one_place: it goes on after the last attempt, or ends before");
    p->not_before_at = ev->callback_tried.not_before_at;
    p->where = p->not_before_at ? PROMISED : BETWEEN;
}

static void fold_offer_end(struct life *l, const struct event *ev)
{
    struct person *p = by_offer(l, ev->offer_ended.offer_id);
    p->offer_id = 0;
    p->where = BETWEEN;
}

/* By the person or the house, while it stands. */
static void fold_changed(struct life *l, const struct event *ev)
{
    bool is_moved = ev->kind == EV_CALLBACK_MOVED;
    struct person *p =
        by_contact(l, is_moved ? ev->callback_moved.contact_id : ev->callback_cancelled.contact_id);
    if (!p->is_dialled || p->offer_id)
        fail("one_at_once: changed while somebody is called");
    if (!is_moved)
        return;
    p->where = PROMISED;
    p->not_before_at = ev->callback_moved.not_before_at;
    moved_n++;
}

static void fold_call(struct life *l, const struct event *ev)
{
    struct person *p;
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
        if (l->people_n == PEOPLE)
            exit(2);
        l->people[l->people_n++] =
            (struct person){.id = ev->id, .key_at = ev->contact_opened.place_at, .where = ON_LINE};
        break;
    case EV_CALL_ARRIVED:
        by_contact(l, ev->call_arrived.contact_id)->call_id = ev->id;
        break;
    case EV_CONTACT_QUEUED:
        p = by_contact(l, ev->contact_queued.contact_id);
        p->where = WAITS;
        p->queue_id = ev->contact_queued.queue_id;
        p->key_at = ev->contact_queued.key_at;
        break;
    case EV_CALL_ENDED:
        p = by_contact(l, ev->call_ended.contact_id);
        p->where = p->is_dialled ? p->where : BETWEEN;
        p->has_hung_up = true;
        break;
    default:
        p = by_contact(l, ev->call_outcome.contact_id);
        p->is_classed = true;
        if (++p->classes_n > 1)
            fail("one_class: a call has two");
        if (ev->call_outcome.outcome == OUTCOME_CALLBACK_HONOURED && !p->is_dialled)
            fail("one_class: honoured, and nothing was promised");
        break;
    }
}

static void fold(struct life *l, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CONTACT_OPENED:
    case EV_CALL_ARRIVED:
    case EV_CONTACT_QUEUED:
    case EV_CALL_ENDED:
    case EV_CALL_OUTCOME:
        fold_call(l, ev);
        break;
    case EV_QUEUE_HOURS:
        l->is_open[ev->queue_hours.queue_id] = ev->queue_hours.hours == HOURS_OPEN;
        break;
    case EV_CALLBACK_PROMISED:
        fold_promised(l, ev);
        break;
    case EV_CALLBACK_WITHDRAWN:
        fold_withdrawn(l, ev);
        break;
    case EV_CALLBACK_DUE:
    case EV_CONTACT_RETURNED:
        by_contact(l, ev->callback_due.contact_id)->where = WAITS; /* the first field of both */
        break;
    case EV_CALLBACK_HELD:
        by_contact(l, ev->callback_held.contact_id)->where = PROMISED;
        held_n++;
        break;
    case EV_CALLBACK_MOVED:
    case EV_CALLBACK_CANCELLED:
        fold_changed(l, ev);
        break;
    case EV_OFFER_MADE:
        fold_offer(l, ev);
        break;
    case EV_OFFER_ADVANCED:
        by_offer(l, ev->offer_advanced.offer_id)->is_rung = true;
        break;
    case EV_OFFER_JOINED:
        by_offer(l, ev->offer_joined.offer_id)->where = SPEAKS;
        break;
    case EV_OFFER_ENDED:
        fold_offer_end(l, ev);
        break;
    case EV_CALLBACK_TRIED:
        fold_tried(l, ev);
        break;
    case EV_CONTACT_SETTLED:
        fold_settled(l, ev);
        break;
    default:
        break;
    }
}

/* ---- the house ---------------------------------------------------------------------------- */

static void step(struct life *l, struct command cmd)
{
    struct event_batch batch = {.next_id = l->next_id};
    acd_step(l->a, &cmd, l->now_at, &batch);
    l->next_id = batch.next_id;
    for (unsigned i = 0; i < batch.n; i++) {
        fold(l, &batch.ev[i]);
        acd_apply(l->twin, &batch.ev[i]);
    }
}

static void settle(struct life *l)
{
    for (unsigned turns = 0; acd_next_at(l->a) <= l->now_at; turns++) {
        step(l, (struct command){.kind = CMD_TICK});
        if (turns > 400)
            fail("bounded: due work does not end");
    }
    acd_check(l->a);
    if (acd_hash(l->a) != acd_hash(l->twin))
        fail("twin: live and replayed states differ");
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

static void rare(struct life *l)
{
    const struct person *p = some(l, below(l, 2) ? PROMISED : below(l, 2) ? OFFERED : WAITS);
    switch (below(l, 6)) {
    case 0: /* the process dies; the next one has the events, and says so */
        acd_clear(l->a);
        deaths_n++;
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
        fail("image: its own image is refused");
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
    else if (r < 92)
        agent_does(l);
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
    fail("one_place: somebody who was promised a call is forgotten");
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
        fail("one_place: promises and ends do not match");
    promised_n += l->promised_n;
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
    bool has_seen_all = ends_n[SETTLED_ANSWERED] && ends_n[SETTLED_LAPSED] &&
                        ends_n[SETTLED_CANCELLED] && shares_n && held_n && deaths_n && moved_n;
    if (lives >= 100 && !has_seen_all)
        fail("seen: these lives have not met every way that a promise ends");
    printf(
        "%llu lives from seed %llu: %llu promises, %llu deaths: none lost, none twice, none early; "
        "%llu answered, %llu lapsed, %llu cancelled; %llu times the share of the line\n",
        lives, seed, promised_n, deaths_n, ends_n[SETTLED_ANSWERED], ends_n[SETTLED_LAPSED],
        ends_n[SETTLED_CANCELLED], shares_n);
    for (unsigned i = 0; i < 2; i++)
        free(memory[i]);
    return 0;
}
