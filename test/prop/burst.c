/* burst.c — everything at once: 100,000 people in one queue whose rings open at the same instant.
 * However much is due, each step says at most ACD_EVENTS_PER_STEP events, the whole is linear, and
 * the order of the places survives.
 *   prop-burst [--contacts N] */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acd/acd.h"

#define CONTACTS 100000u
#define AGENTS 200u
#define START_AT ((ms_t)1790000000000)
#define RING_MS 30000

struct burst {
    struct acd *a;
    ms_t now_at;
    uint64_t next_id, steps_n;
    uint64_t kinds_n[EVENT_KIND_MAX + 1];
    uint64_t last_offered; /* contact: places grow with ids here */
    uint64_t last_call_id, offer_id;
};

static void fail(const char *why)
{
    fprintf(stderr, "property FAILED: %s\n", why);
    exit(1);
}

static void on_abort(int sig)
{
    static const char line[] = "property FAILED: bounded: the program stopped\n";
    ssize_t done = write(STDERR_FILENO, line, sizeof(line) - 1);
    (void)done;
    (void)sig;
    _exit(1);
}

static void look(struct burst *b, const struct event *ev)
{
    b->kinds_n[ev->kind]++;
    if (ev->kind == EV_CALL_ARRIVED)
        b->last_call_id = ev->id;
    if (ev->kind != EV_OFFER_MADE)
        return;
    b->offer_id = ev->id;
    if (ev->offer_made.contact_id < b->last_offered)
        fail("order: a later place was offered before an earlier one");
    b->last_offered = ev->offer_made.contact_id;
}

static enum acd_verdict step(struct burst *b, const struct command *cmd)
{
    struct event_batch batch = {.next_id = b->next_id};
    enum acd_verdict verdict = acd_step(b->a, cmd, b->now_at, &batch);
    if (batch.n > ACD_EVENTS_PER_STEP)
        fail("bounded: a step said more than it may");
    if (cmd->kind == CMD_TICK && !batch.n)
        fail("bounded: a tick that was due did nothing");
    b->next_id = batch.next_id;
    b->steps_n++;
    for (unsigned i = 0; i < batch.n; i++)
        look(b, &batch.ev[i]);
    return verdict;
}

/* Everything that is due now. Returns the number of steps it took. */
static uint64_t settle(struct burst *b, uint64_t steps_max)
{
    const struct command tick = {.kind = CMD_TICK};
    uint64_t before = b->steps_n;
    while (acd_next_at(b->a) <= b->now_at) {
        step(b, &tick);
        if (b->steps_n - before > steps_max)
            fail("bounded: due work is more than there is to do");
    }
    return b->steps_n - before;
}

static void do_now(struct burst *b, struct command cmd)
{
    step(b, &cmd);
    settle(b, 10);
}

static void furnish(struct burst *b)
{
    do_now(b, (struct command){.kind = CMD_QUEUE_SET,
                               .queue_set = {.queue_id = 1,
                                             .ring_site_ms = RING_MS,
                                             .ring_area_ms = RING_MS,
                                             .ring_network_ms = RING_MS,
                                             .offer_ms = 20000,
                                             .short_ms = 10000,
                                             .closing_lead_ms = 600000}});
    do_now(b, (struct command){.kind = CMD_QUEUE_HOURS,
                               .queue_hours = {.queue_id = 1, .hours = HOURS_OPEN}});
    for (uint32_t id = 1; id <= AGENTS; id++) {
        /* The first sits at the site of the callers, signed in and never ready: rings must wait. */
        do_now(b, (struct command){.kind = CMD_AGENT_SET,
                                   .agent_set = {.agent_id = id,
                                                 .site_id = id == 1 ? 1 : 2,
                                                 .area_id = id == 1 ? 1 : 2,
                                                 .capacity = {1},
                                                 .capacity_n = 1,
                                                 .queue_ids = {1},
                                                 .queue_ids_n = 1}});
        do_now(b, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in.agent_id = id});
        if (id > 1)
            do_now(b, (struct command){.kind = CMD_AGENT_READY, .agent_ready.agent_id = id});
    }
}

static void arrive(struct burst *b, uint32_t contacts_n)
{
    for (uint32_t i = 0; i < contacts_n; i++) {
        do_now(b, (struct command){
                      .kind = CMD_CALL_ARRIVED,
                      .call_arrived = {.leg_node = (uint16_t)(i % 4), .channel = CHANNEL_PHONE}});
        do_now(b, (struct command){
                      .kind = CMD_CALL_QUEUE,
                      .call_queue = {
                          .call_id = b->last_call_id, .queue_id = 1, .site_id = 1, .area_id = 1}});
    }
}

/* All rings open at one instant; then a free agent takes who came first among those left. */
static void open_rings(struct burst *b, uint32_t contacts_n)
{
    b->now_at += RING_MS;
    uint64_t steps_n = settle(b, contacts_n);
    if (b->kinds_n[EV_RING_OPENED] != contacts_n)
        fail("rings: not every ring opened at its instant, or one opened twice");
    if (b->kinds_n[EV_OFFER_MADE] != AGENTS - 1)
        fail("no_idle_hands: agents are left ready while people wait");
    /* 64 events a step, of which 16 may be left unused. */
    if (steps_n > (contacts_n + AGENTS) / (ACD_EVENTS_PER_STEP - ACD_EVENTS_PER_UNIT) + 2)
        fail("bounded: more steps than the work needs");
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t offer_id = b->offer_id;
        do_now(b, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm.offer_id = offer_id});
        b->now_at++;
        do_now(b, (struct command){.kind = CMD_OFFER_END,
                                   .offer_end = {.offer_id = offer_id, .why = OFFER_END_FINISHED}});
        if (b->offer_id == offer_id)
            fail("no_idle_hands: an agent came free and took nobody");
    }
}

/* The first announcement of all falls due; then the house closes with nobody left. */
static void tell_and_close(struct burst *b, uint32_t contacts_n)
{
    uint64_t told_n = b->kinds_n[EV_CONTACT_TOLD];
    b->now_at = START_AT + 62000; /* offers end in the meantime: they return, and are told too */
    settle(b, 3 * (uint64_t)contacts_n);
    if (b->kinds_n[EV_CONTACT_TOLD] - told_n < contacts_n - 2 * AGENTS - 1000)
        fail("rhythm: somebody was not told after one minute");
    for (uint32_t id = 1; id <= AGENTS; id++)
        do_now(b, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out.agent_id = id});
    step(b, &(struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = 1, .hours = HOURS_CLOSED_PUBLISHED}});
    settle(b, contacts_n);
    uint64_t waiting_n = contacts_n - b->kinds_n[EV_OFFER_JOINED];
    if (b->kinds_n[EV_CALL_ENDED] < waiting_n)
        fail("closing: somebody was left waiting for nobody");
    if (acd_next_at(b->a) <= b->now_at)
        fail("bounded: due work does not end");
    acd_check(b->a);
}

int main(int argc, char **argv)
{
    uint32_t contacts_n = CONTACTS;
    if (argc == 3 && !strcmp(argv[1], "--contacts"))
        contacts_n = (uint32_t)strtoul(argv[2], NULL, 10);
    const struct acd_limits limits = {
        .contacts_max = contacts_n, .agents_max = AGENTS, .queues_max = 2, .lanes_max = 16};
    const struct sigaction action = {.sa_handler = on_abort};
    sigaction(SIGABRT, &action, NULL);
    void *memory = aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64);
    assert(memory);
    struct burst b = {.a = acd_open(memory, &limits), .now_at = START_AT, .next_id = 1};
    furnish(&b);
    arrive(&b, contacts_n);
    open_rings(&b, contacts_n);
    tell_and_close(&b, contacts_n);
    printf("%u contacts due at once: %llu steps, %llu events\n", contacts_n,
           (unsigned long long)b.steps_n, (unsigned long long)(b.next_id - 1));
    free(memory);
    return 0;
}
