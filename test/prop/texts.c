/* texts.c — written contacts under random lives with deaths (ADR 31). Each life is a seed: a small
 * house to which people write, stop, and write again; agents with a capacity of their own who take
 * the first, answer, give back, close, leave, and speak with callers meanwhile; answers that leave
 * or never do; a process that dies and goes on from its image. A second, simple account of the
 * events says after each that
 *   order      who is taken has the oldest place of all that wait in the queues of that agent
 *   capacity   nobody has more than they may when they take one
 *   one_end    each contact ends once and its call has one class: answered exactly when the
 *              operator had an answer
 *   no_ring    nothing that was written is offered, and nobody on the line waits behind it
 *   twin       the state replayed from the events is the live one
 * and at the end of a life, with time, that nothing is left open.
 *   prop-texts [--seed N] [--lives N] [--steps N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acd/acd.h"
#include "acd/look.h"

#define QUEUES 3
#define AGENTS 4
#define PEOPLE_MAX 4096
#define START_AT ((ms_t)1790000000000)

static const struct acd_limits limits = {
    .contacts_max = 64, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 32};

/* Whom each agent serves, and how many written contacts it has at once. */
static const struct {
    uint32_t queues[QUEUES], queues_n;
    uint8_t capacity;
} staff[AGENTS] = {{{1, 2, 3}, 3, 3}, {{1}, 1, 1}, {{2, 3}, 2, 2}, {{1, 2}, 2, 0}};

struct person {
    uint64_t id, call_id;
    uint32_t queue_id, agent; /* agent 0: nobody has it */
    ms_t place_at;
    bool is_open, is_ended, is_sent, has_class;
};

struct life {
    uint64_t seed, prng, next_id;
    unsigned step;
    ms_t now_at;
    struct acd *a, *twin;
    struct person people[PEOPLE_MAX];
    unsigned people_n;
    uint64_t line_call_id; /* the one caller on the line; 0: nobody */
};
static struct life life;
static struct {
    unsigned opened_n, taken_n, answered_n, returned_n, moved_n, deaths_n, lapsed_n;
} met;

static void fail(const char *why)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1, step %u\n", why,
            (unsigned long long)life.seed, life.step);
    exit(1);
}

static uint32_t below(uint32_t n)
{
    uint64_t z = (life.prng += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) % n);
}

/* ---- the account -------------------------------------------------------------------------- */

static struct person *person_of(uint64_t id)
{
    for (unsigned i = life.people_n; i-- > 0;)
        if (life.people[i].id == id)
            return &life.people[i];
    return NULL;
}

static bool serves(uint32_t agent_id, uint32_t queue_id)
{
    for (unsigned i = 0; i < staff[agent_id - 1].queues_n; i++)
        if (staff[agent_id - 1].queues[i] == queue_id)
            return true;
    return false;
}

static void fold_taken(const struct event *ev)
{
    struct person *p = person_of(ev->text_taken.contact_id);
    uint32_t agent_id = ev->text_taken.agent_id;
    unsigned has_n = 0;
    if (!p || !p->is_open || p->agent || !serves(agent_id, p->queue_id))
        fail("order: what was taken could not be");
    for (unsigned i = 0; i < life.people_n; i++) {
        const struct person *other = &life.people[i];
        has_n += other->is_open && other->agent == agent_id;
        bool waits = other->is_open && !other->agent && serves(agent_id, other->queue_id);
        bool is_older =
            other->place_at < p->place_at || (other->place_at == p->place_at && other->id < p->id);
        if (waits && is_older)
            fail("order: somebody with an older place was passed over");
    }
    if (has_n >= staff[agent_id - 1].capacity)
        fail("capacity: an agent has more than it may");
    p->agent = agent_id;
    met.taken_n++;
}

static void fold_outcome(const struct event *ev)
{
    struct person *p = person_of(ev->call_outcome.contact_id);
    if (!p)
        return;
    if (p->has_class || !p->is_ended)
        fail("one_end: a second class, or one before its end");
    if ((ev->call_outcome.outcome == OUTCOME_ANSWERED) != p->is_sent)
        fail("one_end: answered, and no answer left; or the other way round");
    if (ev->call_outcome.channel != CHANNEL_SMS)
        fail("one_end: its channel is not what it was");
    p->has_class = true;
    met.answered_n += p->is_sent;
}

static void fold_opened(const struct event *ev)
{
    if (life.people_n == PEOPLE_MAX)
        fail("the test needs room for more people");
    life.people[life.people_n++] = (struct person){.id = ev->text_opened.contact_id,
                                                   .call_id = ev->text_opened.call_id,
                                                   .queue_id = ev->text_opened.queue_id,
                                                   .place_at = ev->at,
                                                   .is_open = true};
    met.opened_n++;
}

static void fold_ended(const struct event *ev)
{
    struct person *p = person_of(ev->text_ended.contact_id);
    if (!p || p->is_ended || p->agent != ev->text_ended.agent_id)
        fail("one_end: over twice, or with another agent");
    p->is_ended = true;
    p->is_open = false;
    met.lapsed_n += ev->text_ended.how == TEXT_END_LAPSED;
}

static void fold_returned(const struct event *ev)
{
    struct person *p = person_of(ev->text_returned.contact_id);
    if (!p || !p->is_open || p->agent != ev->text_returned.agent_id)
        fail("order: given back by who did not have it");
    p->agent = 0;
    met.returned_n++;
}

static void fold_moved(const struct event *ev)
{
    struct person *p = person_of(ev->text_moved.contact_id);
    if (!p || !p->is_open || p->agent != ev->text_moved.agent_id ||
        p->queue_id == ev->text_moved.queue_id)
        fail("order: sent on by who did not have it, or to where it was");
    p->agent = 0;
    p->queue_id = ev->text_moved.queue_id;
    met.moved_n++;
}

static void fold(const struct event *ev)
{
    struct person *p;
    switch (ev->kind) {
    case EV_TEXT_OPENED:
        fold_opened(ev);
        break;
    case EV_TEXT_TAKEN:
        fold_taken(ev);
        break;
    case EV_TEXT_TOLD:
        p = person_of(ev->text_told.contact_id);
        p->is_sent |= ev->text_told.is_sent;
        break;
    case EV_TEXT_RETURNED:
        fold_returned(ev);
        break;
    case EV_TEXT_MOVED:
        fold_moved(ev);
        break;
    case EV_TEXT_ENDED:
        fold_ended(ev);
        break;
    case EV_CALL_OUTCOME:
        fold_outcome(ev);
        break;
    case EV_OFFER_MADE:
        if (person_of(ev->offer_made.contact_id))
            fail("no_ring: somebody who wrote was offered to a telephone");
        break;
    case EV_CONTACT_TOLD:
        if (ev->contact_told.before_n != ACD_BEFORE_NONE && ev->contact_told.before_n)
            fail("no_ring: the one caller hears of people before them");
        break;
    default:
        break;
    }
}

/* ---- a life ------------------------------------------------------------------------------- */

static enum acd_verdict step(struct command cmd)
{
    struct event_batch batch = {.next_id = life.next_id};
    enum acd_verdict verdict = acd_step(life.a, &cmd, life.now_at, &batch);
    life.next_id = batch.next_id;
    for (unsigned i = 0; i < batch.n; i++) {
        fold(&batch.ev[i]);
        acd_apply(life.twin, &batch.ev[i]);
    }
    return verdict;
}

static enum acd_verdict does(struct command cmd)
{
    enum acd_verdict verdict = step(cmd);
    for (unsigned turns = 0; acd_next_at(life.a) <= life.now_at; turns++) {
        step((struct command){.kind = CMD_TICK});
        if (turns > 400)
            fail("due work does not end");
    }
    acd_check(life.a);
    if (acd_hash(life.a) != acd_hash(life.twin))
        fail("twin: live and replayed states differ");
    return verdict;
}

static void advance(ms_t by_ms)
{
    ms_t until_at = life.now_at + by_ms;
    while (acd_next_at(life.a) <= until_at) {
        if (acd_next_at(life.a) > life.now_at)
            life.now_at = acd_next_at(life.a);
        does((struct command){.kind = CMD_TICK});
    }
    life.now_at = until_at;
}

static struct person *some_open(bool is_taken)
{
    struct person *found = NULL;
    uint32_t n = 0;
    for (unsigned i = 0; i < life.people_n; i++) {
        struct person *p = &life.people[i];
        if (p->is_open && (p->agent != 0) == is_taken && !below(++n))
            found = p;
    }
    return found;
}

static void set_house(void)
{
    for (uint32_t q = 1; q <= QUEUES; q++) {
        does((struct command){.kind = CMD_QUEUE_SET,
                              .queue_set = {.queue_id = q, .offer_ms = 15000, .handle_ms = 60000}});
        does((struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    }
    for (uint32_t i = 0; i < AGENTS; i++) {
        struct command set = {.kind = CMD_AGENT_SET,
                              .agent_set = {.agent_id = i + 1,
                                            .capacity = {1, staff[i].capacity},
                                            .capacity_n = 2,
                                            .queue_ids_n = (uint8_t)staff[i].queues_n}};
        memcpy(set.agent_set.queue_ids, staff[i].queues, sizeof(staff[i].queues));
        does(set);
    }
}

/* Whoever answers is the one who has it; another is refused. */
static void agent_writes(struct person *p)
{
    if (!p)
        return;
    uint32_t other = 1 + below(AGENTS);
    const struct command wrong = {.kind = CMD_TEXT_ANSWER, .text_answer = {p->id, other}};
    if (other != p->agent && does(wrong) == ACD_DONE)
        fail("order: answered by who does not have it");
    switch (below(6)) {
    case 5:
        does((struct command){.kind = CMD_TEXT_MOVE,
                              .text_move = {p->id, p->agent, 1 + below(QUEUES)}});
        break;
    case 0:
        does((struct command){.kind = CMD_TEXT_RETURN, .text_return = {p->id, p->agent}});
        break;
    case 1:
        does(
            (struct command){.kind = CMD_TEXT_END, .text_end = {p->id, p->agent, TEXT_END_CLOSED}});
        break;
    default:
        does((struct command){.kind = CMD_TEXT_ANSWER, .text_answer = {p->id, p->agent}});
        if (below(3))
            does((struct command){.kind = CMD_TEXT_TOLD, .text_told = {p->id, below(4) > 0}});
    }
}

static void dies(void)
{
    size_t n = acd_image_bytes(life.twin);
    uint8_t *bytes = malloc(n);
    acd_image_save(life.twin, bytes);
    acd_clear(life.a);
    if (!acd_image_load(life.a, bytes, n))
        fail("image: its own image is refused");
    free(bytes);
    does((struct command){.kind = CMD_NODE_LOST});
    life.line_call_id = 0;
    met.deaths_n++;
}

/* One caller at a time: whoever is told that somebody is before them hears of a text. */
static void caller(void)
{
    if (life.line_call_id) {
        does((struct command){.kind = CMD_CALL_ENDED,
                              .call_ended = {life.line_call_id, ENDED_BY_CALLER}});
        life.line_call_id = 0;
        return;
    }
    uint64_t call_id = life.next_id + 1;
    if (does((struct command){.kind = CMD_CALL_ARRIVED}) != ACD_DONE)
        return;
    life.line_call_id = call_id;
    does((struct command){.kind = CMD_CALL_QUEUE,
                          .call_queue = {.call_id = call_id, .queue_id = 1 + below(QUEUES)}});
}

static void agent_turns(void)
{
    static const enum command_kind kinds[] = {CMD_AGENT_SIGN_IN, CMD_AGENT_SIGN_IN, CMD_AGENT_READY,
                                              CMD_AGENT_LOST, CMD_AGENT_SIGN_OUT};
    does((struct command){.kind = kinds[below(ARRAY_LEN(kinds))],
                          .agent_ready = {.agent_id = 1 + below(AGENTS)}});
}

static void do_something(void)
{
    uint32_t r = below(100);
    struct person *p = some_open(below(2));
    if (r < 25)
        does((struct command){.kind = CMD_TEXT_ARRIVE,
                              .text_arrive = {.queue_id = 1 + below(QUEUES),
                                              .person_id = below(2),
                                              .reference = below(9999999)}});
    else if (r < 35 && p)
        does((struct command){.kind = CMD_TEXT_JOIN, .text_join = {p->id}});
    else if (r < 60)
        does((struct command){.kind = CMD_TEXT_TAKE, .text_take = {1 + below(AGENTS)}});
    else if (r < 80)
        agent_writes(some_open(true));
    else if (r < 83 && p)
        does((struct command){
            .kind = CMD_TEXT_END,
            .text_end = {p->id, 0, below(2) ? TEXT_END_STOPPED : TEXT_END_CANCELLED}});
    else if (r < 86 && p)
        does((struct command){.kind = CMD_TEXT_TOLD, .text_told = {p->id, below(2)}});
    else if (r < 91)
        agent_turns();
    else if (r < 96)
        caller();
    else if (r < 98)
        does((struct command){
            .kind = CMD_QUEUE_HOURS,
            .queue_hours = {.queue_id = 1 + below(QUEUES), .hours = (enum hours)below(HOURS_N)}});
    else
        dies();
}

static void live(uint64_t seed, unsigned steps, void *memory[2])
{
    memset(&life, 0, sizeof(life));
    life.seed = life.prng = seed;
    life.now_at = START_AT;
    life.next_id = 1;
    life.a = acd_open(memory[0], &limits);
    life.twin = acd_open(memory[1], &limits);
    set_house();
    for (life.step = 0; life.step < steps; life.step++) {
        do_something();
        advance(below(30) ? below(30000) : below(8 * 3600) * (ms_t)1000);
    }
    advance(2 * ACD_TEXT_KEEP_MS); /* nobody does anything any more */
    for (unsigned i = 0; i < life.people_n; i++)
        if (life.people[i].is_open || !life.people[i].has_class)
            fail("one_end: somebody who wrote is forgotten");
}

static uint64_t option(int argc, char **argv, const char *name, uint64_t otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (!strcmp(argv[i], name))
            return strtoull(argv[i + 1], NULL, 10);
    return otherwise;
}

int main(int argc, char **argv)
{
    uint64_t seed = option(argc, argv, "--seed", 1), lives = option(argc, argv, "--lives", 150);
    unsigned steps = (unsigned)option(argc, argv, "--steps", 400);
    void *memory[2];
    for (unsigned i = 0; i < ARRAY_LEN(memory); i++)
        memory[i] = aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64);
    for (uint64_t i = 0; i < lives; i++)
        live(seed + i, steps, memory);
    for (unsigned i = 0; i < ARRAY_LEN(memory); i++)
        free(memory[i]);
    printf("%u written, %u taken, %u given back, %u answered, %u lapsed, %u deaths\n", met.opened_n,
           met.taken_n, met.returned_n, met.answered_n, met.lapsed_n, met.deaths_n);
    if (lives > 1 &&
        (!met.taken_n || !met.returned_n || !met.moved_n || !met.answered_n || !met.lapsed_n))
        fail("the lives did not meet what they are about");
    return 0;
}
