/* acd.c — commands a second of the heart alone, as design §10 defines it: 5,000 waiting ×
 * 1,000 agents, 20 queues, 64 skill sets, 4 rings opening by time, 10 % no answer, 15 % give up,
 * timers by acd_next_at, events encoded, hash every 1,000 events (as the two folds of a running
 * house compare theirs). The callers and agents that feed it are in the measure.
 *   bench-acd [COMMANDS]      prints "name value unit" */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "acd/acd.h"
#include "base/hash.h"
#include "base/heap.h"
#include "bench/measure.h"
#include "event/codec.h"

#define AGENTS 1000
#define QUEUES 20
#define SKILL_SETS 64
#define WAITING 5000
#define SITES 16
#define AREAS 4
#define CONTACTS 8192
#define HASH_EVERY 1000

/* What the world remembers of a call, so as to act on it: one slot per live call. */
struct actor {
    uint64_t call_id, offer_id;
    bool gives_up, talks;
};

struct bench {
    struct acd *acd;
    struct heap due; /* actor → its next act */
    struct actor actors[CONTACTS];
    uint32_t free[CONTACTS], free_n;
    uint64_t next_id, prng, commands, events, bytes, hash;
    uint32_t actor_of_contact[1 << 20]; /* by contact id, modulo: ids of live contacts are near */
    ms_t now_at;
    unsigned waiting_n;
};

static struct bench *b;

static uint64_t draw(void)
{
    return hash_mix(b->prng += UINT64_C(0x9e3779b97f4a7c15));
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(draw() >> 32) % n;
}

static uint32_t *actor_slot(uint64_t contact_id)
{
    return &b->actor_of_contact[contact_id % ARRAY_LEN(b->actor_of_contact)];
}

static void on_offer(const struct event *ev)
{
    uint32_t i = *actor_slot(ev->offer_made.contact_id);
    b->actors[i].offer_id = ev->id;
    b->waiting_n--;
    if (below(10)) /* one in ten lets it ring */
        heap_set(&b->due, i, b->now_at + 1000 + below(8000), 0);
    else
        heap_remove(&b->due, i);
}

static void take_event(const struct event *ev)
{
    switch (ev->kind) {
    case EV_OFFER_MADE:
        on_offer(ev);
        break;
    case EV_CONTACT_RETURNED: {
        uint32_t i = *actor_slot(ev->contact_returned.contact_id);
        b->actors[i].offer_id = 0;
        b->waiting_n++;
        break;
    }
    default:
        break;
    }
}

static void act(const struct command *cmd)
{
    static struct event_batch batch;
    batch.next_id = b->next_id;
    enum acd_verdict verdict = acd_step(b->acd, cmd, b->now_at, &batch);
    if (verdict > ACD_NOTHING)
        abort();
    b->next_id = batch.next_id;
    b->commands++;
    for (unsigned i = 0; i < batch.n; i++) {
        uint8_t bytes[EVENT_BYTES_MAX];
        b->bytes += event_encode(bytes, &batch.ev[i]);
        if (++b->events % HASH_EVERY == 0)
            b->hash = hash_fold(b->hash, acd_hash(b->acd));
        take_event(&batch.ev[i]);
    }
}

static void furnish(void)
{
    for (uint32_t q = 1; q <= QUEUES; q++) {
        act(&(struct command){.kind = CMD_QUEUE_SET,
                              .queue_set = {.queue_id = q,
                                            .ring_site_ms = 20000,
                                            .ring_area_ms = 40000,
                                            .ring_network_ms = 60000,
                                            .offer_ms = 15000,
                                            .wrap_up_ms = 20000,
                                            .short_ms = 10000,
                                            .no_answer_back_ms = 0,
                                            .handle_ms = 180000,
                                            .regain_ms = 0}});
        act(&(struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    }
    for (uint32_t id = 1; id <= AGENTS; id++) {
        uint32_t set = below(SKILL_SETS);
        struct command cmd = {.kind = CMD_AGENT_SET,
                              .agent_set = {.agent_id = id,
                                            .site_id = 1 + id % SITES,
                                            .area_id = 1 + id % SITES % AREAS,
                                            .portfolio_id = 1 + id % 50,
                                            .skills = set & 7,
                                            .capacity = {1},
                                            .capacity_n = 1}};
        for (uint32_t k = 0; k < 4; k++)
            cmd.agent_set.queue_ids[cmd.agent_set.queue_ids_n++] = 1 + (set + k * 5) % QUEUES;
        act(&cmd);
        act(&(struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = id}});
        act(&(struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = id}});
    }
}

static void arrive(void)
{
    uint32_t i = b->free[--b->free_n], site = 1 + below(SITES);
    uint64_t contact_id = b->next_id;
    *actor_slot(contact_id) = i;
    b->waiting_n++;
    act(&(struct command){.kind = CMD_CALL_ARRIVED,
                          .call_arrived = {.leg_id = draw(), .person_id = draw() | 1}});
    b->actors[i] = (struct actor){.call_id = contact_id + 1, .gives_up = below(100) < 15};
    if (b->actors[i].gives_up)
        heap_set(&b->due, i, b->now_at + below(600000), 0);
    act(&(struct command){.kind = CMD_CALL_QUEUE,
                          .call_queue = {.call_id = contact_id + 1,
                                         .queue_id = 1 + below(QUEUES),
                                         .needs = below(4) ? 0 : 1u << below(3),
                                         .priority = (uint8_t)!below(20),
                                         .site_id = site,
                                         .area_id = 1 + (site - 1) % AREAS,
                                         .portfolio_id = below(10) ? 0 : 1 + below(50)}});
}

/* The next thing that a caller or agent does of its own: confirm, speak, hang up. */
static void next_act(uint32_t i)
{
    struct actor *actor = &b->actors[i];
    if (actor->offer_id && !actor->talks) {
        actor->talks = true;
        act(&(struct command){.kind = CMD_OFFER_CONFIRM,
                              .offer_confirm = {.offer_id = actor->offer_id}});
        for (int side = 0; side < SIDE_N; side++)
            act(&(struct command){
                .kind = CMD_OFFER_MEDIA,
                .offer_media = {.offer_id = actor->offer_id, .side = (enum side)side}});
        heap_set(&b->due, i, b->now_at + 60000 + below(240000), 0);
        return;
    }
    b->waiting_n -= !actor->offer_id;
    heap_remove(&b->due, i);
    b->free[b->free_n++] = i;
    act(&(struct command){.kind = CMD_CALL_ENDED,
                          .call_ended = {.call_id = actor->call_id, .by = ENDED_BY_CALLER}});
}

/* A paused agent (a missed offer) is made ready by a supervisor a minute later: here at once, in
 * turn, which is harder on the heart. */
static void wake_agents(void)
{
    static uint32_t id;
    id = id % AGENTS + 1;
    act(&(struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = id}});
}

static void live(uint64_t commands)
{
    while (b->commands < commands) {
        while (b->waiting_n < WAITING && b->free_n)
            arrive();
        ms_t acd_at = acd_next_at(b->acd);
        const struct heap_entry *first = heap_first(&b->due);
        if (acd_at <= (first ? first->at : MS_NEVER)) {
            b->now_at = acd_at > b->now_at ? acd_at : b->now_at;
            act(&(struct command){.kind = CMD_TICK});
        } else {
            b->now_at = first->at > b->now_at ? first->at : b->now_at;
            next_act(first->item);
        }
        if (b->commands % 16 == 0)
            wake_agents();
    }
}

int main(int argc, char **argv)
{
    const struct acd_limits limits = {
        .contacts_max = CONTACTS, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 8192};
    uint64_t commands = argc > 1 ? strtoull(argv[1], NULL, 10) : 3000000;
    size_t bytes = acd_bytes(&limits);
    struct arena arena = {0};
    b = calloc(1, sizeof(*b));
    void *memory = aligned_alloc(ARENA_ALIGN, bytes);
    struct heap probe;
    heap_open(&probe, &arena, CONTACTS);
    arena = (struct arena){.base = aligned_alloc(ARENA_ALIGN, arena.used), .size = arena.used};
    if (!b || !memory || !arena.base)
        return 1;
    heap_open(&b->due, &arena, CONTACTS);
    b->acd = acd_open(memory, &limits);
    b->next_id = 1;
    b->now_at = 1790000000000;
    for (uint32_t i = 0; i < CONTACTS; i++)
        b->free[b->free_n++] = i;
    furnish();
    live(commands / 10); /* warm */
    double from = measure_cpu_s();
    uint64_t before = b->commands, events = b->events;
    live(b->commands + commands);
    double spent = measure_cpu_s() - from;
    uint64_t done = b->commands - before;
    printf("acd_commands_per_second %.0f 1/s\n", (double)done / spent);
    printf("acd_events_per_command %.2f 1\n", (double)(b->events - events) / (double)done);
    printf("acd_bytes_per_event %.1f byte\n", (double)b->bytes / (double)b->events);
    printf("acd_bytes_per_contact_slot %.0f byte\n", (double)bytes / CONTACTS);
    fprintf(stderr, "hash %016llx, %u waiting\n", (unsigned long long)b->hash, b->waiting_n);
    free(arena.base);
    free(memory);
    free(b);
    return 0;
}
