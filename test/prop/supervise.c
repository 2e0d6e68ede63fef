/* supervise.c — what supervisors do, under random lives with deaths (ADR 37). Each life is a seed:
 * callers of several sites, agents of several sites, and somebody who asks for help, closes queues
 * by hand, moves agents and takes it all back, while the directory says again what it always said.
 * A second, simple account of the events (supervise_account.c) says after each that
 *   help       a ring opens for help while that is asked for, for the people it is asked for, and
 *              for all of them; an offer has the rule of help exactly when nothing else allowed it
 *   help_end   help, a closing and a move end by themselves at their instant, and not before
 *   shut       what was closed by hand takes nobody, refuses as closed by a person, which is
 *              turned_away, tells who waits, and lets nobody go
 *   move       nobody is offered to an agent who does not serve their queue now
 *   conclusion an agent speaks of its own conversation, until its wrap-up ends
 *   twin       the state replayed from the events is the live one, also after a death
 *   prop-supervise [--seed N] [--lives N] [--steps N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acd/acd.h"
#include "test/prop/supervise.h"

#define START_AT ((ms_t)1790000000000)

static const struct acd_limits limits = {
    .contacts_max = 32, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 64};
const struct staff staff[AGENTS] = {{1, 6}, {1, 2}, {2, 4}, {3, 2}, {3, 6}};
const uint32_t area_of[SITES] = {0, 1, 1, 2};
struct life life;
struct met met;

void fail(const char *why)
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

/* ---- a life -----------------------------------------------------------------------------------
 */

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
    look_at_all();
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

static struct command agent_of_directory(uint32_t agent)
{
    struct command set = {.kind = CMD_AGENT_SET,
                          .agent_set = {.agent_id = agent,
                                        .site_id = staff[agent - 1].site,
                                        .area_id = area_of[staff[agent - 1].site],
                                        .skills = below(2),
                                        .capacity = {1},
                                        .capacity_n = 1}};
    for (uint32_t q = 1; q <= QUEUES; q++)
        if (DIRECTORY(agent) & 1u << q)
            set.agent_set.queue_ids[set.agent_set.queue_ids_n++] = q;
    return set;
}

static void set_house(void)
{
    for (uint32_t q = 1; q <= QUEUES; q++) {
        does((struct command){.kind = CMD_QUEUE_SET,
                              .queue_set = {.queue_id = q,
                                            .ring_site_ms = 60000,
                                            .ring_area_ms = 120000,
                                            .ring_network_ms = 300000,
                                            .offer_ms = 15000,
                                            .wrap_up_ms = q == 1 ? 30000 : 0,
                                            .handle_ms = 60000,
                                            .closing_lead_ms = 600000}});
        does((struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    }
    for (uint32_t agent = 1; agent <= AGENTS; agent++) {
        life.serves[agent] = DIRECTORY(agent);
        does(agent_of_directory(agent));
    }
}

static struct call *some_call(void)
{
    struct call *found = NULL;
    uint32_t n = 0;
    for (unsigned i = 0; i < life.calls_n; i++)
        if (life.calls[i].is_open && !below(++n))
            found = &life.calls[i];
    return found;
}

static void caller(void)
{
    uint32_t site = below(SITES);
    if (does((struct command){.kind = CMD_CALL_ARRIVED}) != ACD_DONE)
        return;
    does((struct command){.kind = CMD_CALL_QUEUE,
                          .call_queue = {.call_id = life.calls[life.calls_n - 1].call_id,
                                         .queue_id = 1 + below(QUEUES),
                                         .site_id = site,
                                         .area_id = area_of[site]}});
}

static void agent_turns(void)
{
    static const enum command_kind kinds[] = {
        CMD_AGENT_SIGN_IN, CMD_AGENT_SIGN_IN, CMD_AGENT_READY, CMD_AGENT_READY,   CMD_AGENT_READY,
        CMD_AGENT_READY,   CMD_AGENT_READY,   CMD_AGENT_LOST,  CMD_AGENT_SIGN_OUT};
    uint32_t agent = 1 + below(AGENTS);
    does((struct command){.kind = kinds[below(ARRAY_LEN(kinds))],
                          .agent_ready = {.agent_id = agent}});
}

static void agent_speaks(void)
{
    uint32_t agent = 1 + below(AGENTS);
    for (unsigned i = 0; i < AGENTS && !life.offered[agent]; i++)
        agent = 1 + agent % AGENTS;
    uint64_t id = life.offered[agent];
    if (below(3))
        does((struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = id}});
    else
        does((struct command){
            .kind = CMD_OFFER_END,
            .offer_end = {.offer_id = id,
                          .why = below(3) ? OFFER_END_FINISHED : OFFER_END_WITHDRAWN}});
}

static void supervise(uint32_t r)
{
    uint32_t q = 1 + below(QUEUES), site = below(SITES), agent = 1 + below(AGENTS);
    for (unsigned i = 0; r >= 16 && i < AGENTS && !life.talk[agent]; i++)
        agent = 1 + agent % AGENTS; /* somebody who has something to say */
    struct command move = {.kind = CMD_AGENT_MOVE,
                           .agent_move = {.agent_id = agent,
                                          .queue_ids = {q, 3 - q},
                                          .queue_ids_n = (uint8_t)(1 + below(2)),
                                          .until_at = life.now_at + 1 + below(1800000)}};
    if (r < 4)
        does((struct command){
            .kind = CMD_HELP_ASK,
            .help_ask = {.queue_id = q, .site_id = site, .for_ms = 1 + below(1800000)}});
    else if (r < 6)
        does((struct command){.kind = CMD_HELP_END, .help_end = {.queue_id = q, .site_id = site}});
    else if (r < 7)
        does((struct command){
            .kind = CMD_QUEUE_SHUT,
            .queue_shut = {.queue_id = q,
                           .until_at = below(2) ? life.now_at + 1 + below(600000) : 0}});
    else if (r < 11)
        does((struct command){.kind = CMD_QUEUE_REOPEN, .queue_reopen = {.queue_id = q}});
    else if (r < 14)
        does(move);
    else if (r < 16)
        does((struct command){.kind = CMD_AGENT_MOVE_BACK, .agent_move_back = {.agent_id = agent}});
    else
        does((struct command){
            .kind = CMD_CONVERSATION_CONCLUDE,
            .conversation_conclude = {.agent_id = agent,
                                      .conclusion = (enum conclusion)below(CONCLUSION_N)}});
}

static void dies(void)
{
    size_t n = acd_image_bytes(life.twin);
    uint8_t *bytes = malloc(n);
    acd_image_save(life.twin, bytes);
    acd_clear(life.a);
    if (!acd_image_load(life.a, bytes, n))
        fail("twin: its own image is refused");
    free(bytes);
    does((struct command){.kind = CMD_NODE_LOST});
    met.deaths_n++;
}

static void do_something(void)
{
    uint32_t r = below(100);
    struct call *c = some_call();
    if (r < 22)
        supervise(below(22));
    else if (r < 47)
        caller();
    else if (r < 53 && c)
        does((struct command){.kind = CMD_CALL_ENDED, .call_ended = {c->call_id, ENDED_BY_CALLER}});
    else if (r < 73)
        agent_turns();
    else if (r < 93)
        agent_speaks();
    else if (r < 96)
        does(agent_of_directory(1 + below(AGENTS)));
    else if (r < 99)
        does((struct command){
            .kind = CMD_QUEUE_HOURS,
            .queue_hours = {.queue_id = 1 + below(QUEUES),
                            .hours = below(5) ? HOURS_OPEN : HOURS_CLOSED_PUBLISHED}});
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
        advance(below(30) ? below(12000) : below(1800000));
    }
    advance(ACD_HELP_MS_MAX);
    for (uint32_t i = 0; i < (QUEUES + 1) * SITES; i++)
        if (life.help_until[i / SITES][i % SITES])
            fail("help_end: help that nobody ended goes on");
    for (uint32_t i = 1; i <= AGENTS; i++)
        if (life.moved_until[i])
            fail("help_end: a move that nobody ended goes on");
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
    printf("%u helped, %u offers by help, %u closings, %u told, %u moves, %u back by themselves, "
           "%u conclusions, %u changed, %u deaths\n",
           met.helped_n, met.offers_n, met.shut_n, met.told_n, met.moved_n, met.back_n,
           met.concluded_n, met.changed_n, met.deaths_n);
    bool is_met = met.helped_n && met.offers_n && met.told_n && met.back_n && met.changed_n;
    if (lives > 1 && !is_met)
        fail("the lives did not meet what they are about");
    return 0;
}
