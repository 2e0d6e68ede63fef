/* rules.c — the rules of the heart, under random lives. Each life is a seed: a small house (few
 * contacts, agents, queues, lanes, so that every bound is met), some hundreds of commands, sensible
 * and absurd. After each: the slow model agrees with every event, the walk over the state finds
 * nothing, the twin fed with encoded events has the same hash, so has one loaded from an image.
 *   prop-rules [--seed N] [--lives N] [--steps N]
 * A failure prints the property, the seed and the step; --seed N --lives 1 replays it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event/codec.h"
#include "test/prop/inside.h"
#include "test/prop/model.h"

#define QUEUES 4
#define AGENTS 10
#define START_AT ((ms_t)1790000000000)

static const struct acd_limits limits = {
    .contacts_max = 24, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 14};

struct life {
    uint64_t seed, prng;
    unsigned step, haste_n; /* haste_n: steps to come that follow each other at once */
    ms_t now_at;
    bool are_alike;  /* the agents: many in one place, with the same skills and queues */
    bool passes_on;  /* calls are passed on and picked up */
    bool call_again; /* who was dropped */
    struct acd *a, *twin, *image;
    struct model model;
    uint64_t next_id;
};

static unsigned long long regained_n;
static struct life life; /* for the handler of SIGABRT: which life broke an assertion? */

static void fail(const char *why)
{
    fprintf(stderr,
            "property FAILED: %s\n  replay: --seed %llu --lives 1, step %u, instant +%lld ms\n",
            why, (unsigned long long)life.seed, life.step, (long long)(life.now_at - START_AT));
    exit(1);
}

static void on_abort(int sig)
{
    char line[128];
    int n = snprintf(line, sizeof(line),
                     "property FAILED: sound_state\n  replay: --seed %llu, step %u\n",
                     (unsigned long long)life.seed, life.step);
    ssize_t done = write(STDERR_FILENO, line, (size_t)n);
    (void)done;
    (void)sig;
    _exit(1);
}

static uint64_t draw(struct life *l)
{
    uint64_t z = (l->prng += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint32_t below(struct life *l, uint32_t n)
{
    return (uint32_t)(draw(l) % n);
}

static void take_events(struct life *l, const struct event_batch *batch)
{
    for (unsigned i = 0; i < batch->n; i++) {
        const struct event *ev = &batch->ev[i];
        uint8_t bytes[EVENT_BYTES_MAX];
        struct event back;
        size_t used, n = event_encode(bytes, ev);
        if (n > EVENT_BYTES_MAX || event_decode(&back, bytes, n, &used) != CODEC_OK || used != n)
            fail("codec: an event does not survive its encoding");
        acd_apply(l->twin, &back);
        acd_apply(l->image, ev);
        const char *why = model_fold(&l->model, ev);
        regained_n += ev->kind == EV_PLACE_REGAINED;
        if (why)
            fail(why);
    }
}

/* Whom an offer by wish may be about, and whom it may name. */
static void note_passing(struct life *l, const struct command *cmd)
{
    bool passes = cmd->kind == CMD_OFFER_PASS;
    const struct model_contact *c =
        passes ? model_by_offer(&l->model, cmd->offer_pass.offer_id) : NULL;
    l->model.passing.contact_id = c ? c->id : 0;
    l->model.passing.agent_id = c ? cmd->offer_pass.agent_id : 0;
}

static enum acd_verdict step(struct life *l, const struct command *cmd)
{
    struct event_batch batch;
    batch.next_id = l->next_id;
    l->model.ending_asked = cmd->kind == CMD_CALL_ENDED;
    note_passing(l, cmd);
    enum acd_verdict verdict = acd_step(l->a, cmd, l->now_at, &batch);
    if (batch.n > ACD_EVENTS_PER_STEP || batch.next_id != l->next_id + batch.n)
        fail("bounded: a step said more than it may");
    l->next_id = batch.next_id;
    take_events(l, &batch);
    return verdict;
}

/* Ticks until nothing is due at this instant. Total work is bounded by what there is. */
static void settle(struct life *l)
{
    const struct command tick = {.kind = CMD_TICK};
    unsigned turns = 0;
    while (acd_next_at(l->a) <= l->now_at) {
        step(l, &tick);
        if (++turns > 200)
            fail("bounded: due work does not end");
    }
}

static void check(struct life *l)
{
    const char *why = model_at_rest(&l->model);
    if (why)
        fail(why);
    acd_check(l->a);
    why = inside_leak(l->a);
    if (why)
        fail(why);
    if (acd_hash(l->a) != acd_hash(l->twin))
        fail("twin: live and replayed states differ");
    if (acd_hash(l->a) != acd_hash(l->image))
        fail("image: a state loaded from its image differs");
    if (acd_next_at(l->a) != acd_next_at(l->twin))
        fail("twin: live and replayed states wake at different instants");
    if (acd_next_at(l->a) != acd_next_at(l->image))
        fail("image: a state loaded from its image wakes at another instant");
}

static void reload_image(struct life *l)
{
    size_t n = acd_image_bytes(l->a);
    uint8_t *bytes = malloc(n);
    assert(bytes);
    acd_image_save(l->a, bytes);
    if (!acd_image_load(l->image, bytes, n) || acd_image_load(l->image, bytes, n - 1))
        fail("image: its own image is refused, or a cut one accepted");
    free(bytes);
}

/* Time goes on, each timer at its instant. */
static void advance(struct life *l, ms_t by_ms)
{
    ms_t until_at = l->now_at + by_ms;
    while (acd_next_at(l->a) <= until_at) {
        if (acd_next_at(l->a) > l->now_at)
            l->now_at = acd_next_at(l->a);
        settle(l);
        check(l);
    }
    l->now_at = until_at;
}

static ms_t some_ms(struct life *l)
{
    static const ms_t spans[] = {0, 1, 50, 1000, 5000, 9999, 10000, 20000, 61000, 130000, 900000};
    if (!l->haste_n && !below(l, 40))
        l->haste_n = 24;
    if (l->haste_n) {
        l->haste_n--;
        return spans[below(l, 4)];
    }
    return spans[below(l, below(l, 20) ? 9 : ARRAY_LEN(spans))];
}

static struct command queue_set(struct life *l, uint32_t id)
{
    return (struct command){.kind = CMD_QUEUE_SET,
                            .queue_set = {.queue_id = id,
                                          .ring_site_ms = 1000 * below(l, 30),
                                          .ring_area_ms = 1000 * below(l, 60),
                                          .ring_network_ms = 1000 * below(l, 90),
                                          .offer_ms = 15000,
                                          .wrap_up_ms = below(l, 2) ? 20000 : 0,
                                          .short_ms = 10000,
                                          .no_answer_back_ms = 600000,
                                          .handle_ms = below(l, 3) ? 120000 : 0,
                                          .regain_ms = below(l, 4) ? 600000 : 0,
                                          .closing_lead_ms = 600000,
                                          .is_production = below(l, 8) ? id == 1 : id == 3}};
}

static uint32_t area_of(uint32_t site_id)
{
    return site_id > 2 ? 2 : 1;
}

static struct command agent_set(struct life *l, uint32_t id)
{
    struct command cmd = {.kind = CMD_AGENT_SET,
                          .agent_set = {.agent_id = id,
                                        .site_id = below(l, 4),
                                        .portfolio_id = below(l, 3),
                                        .skills = below(l, 8),
                                        .capacity = {1, (uint8_t)below(l, 3), 1, 0},
                                        .capacity_n = 4,
                                        .is_robot = !below(l, 8)}};
    if (l->are_alike && below(l, 8)) {
        cmd.agent_set.site_id = cmd.agent_set.portfolio_id = 1;
        cmd.agent_set.skills = 7;
        cmd.agent_set.is_robot = false;
    }
    cmd.agent_set.area_id = area_of(cmd.agent_set.site_id);
    for (uint32_t q = 1; q <= QUEUES; q++)
        if ((l->are_alike || below(l, 2)) && cmd.agent_set.queue_ids_n < ACD_QUEUES_PER_AGENT)
            cmd.agent_set.queue_ids[cmd.agent_set.queue_ids_n++] = q;
    return cmd;
}

static struct command queue_hours(struct life *l)
{
    struct command cmd = {
        .kind = CMD_QUEUE_HOURS,
        .queue_hours = {.queue_id = 1 + below(l, QUEUES),
                        .hours = below(l, 3) ? HOURS_OPEN : (enum hours)below(l, HOURS_N)}};
    if (cmd.queue_hours.hours == HOURS_OPEN && below(l, 2))
        cmd.queue_hours.closes_at = l->now_at + 60000 * below(l, 60);
    return cmd;
}

/* A contact that is in one of the states of mask, or any at all; NULL when the house is empty. */
static const struct model_contact *some_contact(struct life *l, unsigned mask)
{
    const struct model_contact *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; i < l->model.contacts_n; i++) {
        const struct model_contact *c = &l->model.contacts[i];
        if (c->id && mask & 1u << c->state && !below(l, ++n))
            found = c;
    }
    return found;
}

static struct command call_queue(struct life *l, uint64_t call_id)
{
    struct command cmd = {.kind = CMD_CALL_QUEUE,
                          .call_queue = {.call_id = call_id,
                                         .queue_id = 1 + below(l, QUEUES + !below(l, 20)),
                                         .needs = below(l, 3) ? 0 : below(l, 8),
                                         .priority = (uint8_t)below(l, 4),
                                         .site_id = below(l, 4),
                                         .portfolio_id = below(l, 4) ? 0 : below(l, 3)}};
    if (below(l, 2))
        cmd.call_queue.needs_ms = 1 + below(l, 90000);
    if (below(l, 4))
        cmd.call_queue.area_id = cmd.call_queue.site_id ? area_of(cmd.call_queue.site_id) : 1;
    return cmd;
}

static struct command call_command(struct life *l)
{
    static const enum channel channels[] = {CHANNEL_PHONE, CHANNEL_PHONE, CHANNEL_PHONE,
                                            CHANNEL_TEXT,  CHANNEL_DESK,  CHANNEL_CALLBACK};
    const struct model_contact *open = some_contact(l, 1u << MC_OPEN | (below(l, 10) ? 0 : ~0u));
    switch (open ? below(l, 10) : 0) {
    case 0:
    case 1:
    case 2:
        return (struct command){.kind = CMD_CALL_ARRIVED,
                                .call_arrived = {.leg_node = (uint16_t)below(l, 2),
                                                 .leg_id = draw(l),
                                                 .channel = channels[below(l, 6)],
                                                 .person_id = below(l, 3) ? 1 + below(l, 9) : 0,
                                                 .is_test = !below(l, 12)}};
    case 3:
        return (struct command){
            .kind = CMD_CALL_REFUSE,
            .call_refuse = {.call_id = open->call_id, .why = (enum refusal)below(l, REFUSAL_N)}};
    case 4:
        return (struct command){.kind = CMD_CALL_INFORMED,
                                .call_informed = {.call_id = open->call_id}};
    default:
        return call_queue(l, open->call_id);
    }
}

static struct command offer_command(struct life *l)
{
    const struct model_contact *c =
        some_contact(l, 1u << (below(l, 2) ? MC_OFFERED : MC_JOINED) | (below(l, 20) ? 0 : ~0u));
    uint64_t id = c ? c->offer_id : draw(l);
    bool moves = l->passes_on && l->seed % 3 == 0; /* other lives stay as they were */
    switch (below(l, l->passes_on ? 9 + moves : 8)) {
    case 9:
        return (struct command){.kind = CMD_OFFER_MOVE,
                                .offer_move = {.offer_id = id,
                                               .queue_id = 1 + below(l, QUEUES + !below(l, 30)),
                                               .needs = below(l, 3) ? 0 : below(l, 4),
                                               .needs_ms = below(l, 2) ? 0 : 60000}};
    case 8:
        return (struct command){
            .kind = CMD_OFFER_PASS,
            .offer_pass = {.offer_id = id, .agent_id = 1 + below(l, AGENTS + !below(l, 30))}};
    case 0:
        return (struct command){
            .kind = CMD_OFFER_DECLINE,
            .offer_decline = {.offer_id = id,
                              .why = below(l, 2) ? OFFER_END_DECLINED : OFFER_END_FAILED}};
    case 1:
        return (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {.offer_id = id}};
    case 2:
    case 3:
        return (struct command){
            .kind = CMD_OFFER_MEDIA,
            .offer_media = {.offer_id = id, .side = (enum side)below(l, SIDE_N)}};
    case 4: {
        static const enum offer_end whys[] = {OFFER_END_FINISHED, OFFER_END_FINISHED,
                                              OFFER_END_AGENT_LOST, OFFER_END_WITHDRAWN,
                                              OFFER_END_NO_ANSWER};
        return (struct command){.kind = CMD_OFFER_END,
                                .offer_end = {.offer_id = id, .why = whys[below(l, 5)]}};
    }
    default:
        return (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = id}};
    }
}

static struct command agent_command(struct life *l)
{
    uint32_t id = 1 + below(l, AGENTS + !below(l, 30));
    switch (below(l, 12)) {
    case 0:
        return (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {.agent_id = id}};
    case 1:
        return (struct command){
            .kind = CMD_AGENT_PAUSE,
            .agent_pause = {.agent_id = id, .reason = (enum pause)below(l, PAUSE_N)}};
    case 2:
        return (struct command){.kind = CMD_AGENT_LOST, .agent_lost = {.agent_id = id}};
    case 3:
        return agent_set(l, id);
    case 4:
    case 5:
    case 6:
        return (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = id}};
    default:
        if (id <= l->model.agents_n)
            l->model.ready_asked[id - 1] = true;
        return (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = id}};
    }
}

static struct command rare_command(struct life *l)
{
    switch (below(l, 6)) {
    case 0:
        return (struct command){.kind = CMD_NODE_LOST,
                                .node_lost = {.node = (uint16_t)below(l, 3)}};
    case 1:
        return (struct command){.kind = CMD_DAY_CLOSE};
    case 2:
        return queue_set(l, 1 + below(l, QUEUES + 1));
    case 3:
        return (struct command){.kind = CMD_SHED, .shed = {.trunk_id = 1, .n = below(l, 3)}};
    case 4:
        return (struct command){
            .kind = CMD_PRIORITY_SET,
            .priority_set = {.priority = (uint8_t)below(l, ACD_PRIORITIES + 1),
                             .head_start_ms = below(l, 2) ? 600000 : ACD_HEAD_START_MS_MAX + 1}};
    default:
        return (struct command){.kind = CMD_CLOCK_STEP, .clock_step = {.by_ms = 3600000}};
    }
}

/* What changes no state: in any, it is noted or refused. Which one costs no draw. */
static struct command aside_command(uint64_t call_id)
{
    switch (call_id % 4) {
    case 0:
        return (struct command){
            .kind = CMD_CALL_LISTEN,
            .call_listen = {.call_id = call_id,
                            .listener_id = 1 + (uint32_t)(call_id / 4 % AGENTS),
                            .mode = (enum listening)(call_id / 8 % (LISTENING_N + 1))}};
    case 1:
        return (struct command){.kind = CMD_CALL_ALERT, .call_alert = {.call_id = call_id}};
    case 2:
        return (struct command){.kind = CMD_CALL_REFUSE_RECORDING,
                                .call_refuse_recording = {.call_id = call_id}};
    default:
        return (struct command){.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {.call_id = call_id}};
    }
}

/* Somebody in the menu takes back the place of somebody who was dropped: of the same person, mostly
 * of any; or of who was not dropped at all. */
static struct command regain_command(struct life *l)
{
    const struct model_contact *open = some_contact(l, 1u << MC_OPEN), *kept = NULL;
    unsigned n = 0;
    for (unsigned i = 0; open && i < l->model.contacts_n; i++) {
        const struct model_contact *c = &l->model.contacts[i];
        if (c->id && c->state == MC_DROPPED && c->person_id == open->person_id && !below(l, ++n))
            kept = c;
    }
    if (!kept)
        kept = some_contact(l, below(l, 2) ? 1u << MC_DROPPED : ~0u);
    const struct command like = call_queue(l, open ? open->call_id : draw(l));
    return (struct command){.kind = CMD_PLACE_REGAIN,
                            .place_regain = {.call_id = like.call_queue.call_id,
                                             .contact_id = kept ? kept->id : draw(l),
                                             .queue_id = like.call_queue.queue_id,
                                             .needs = like.call_queue.needs,
                                             .needs_ms = like.call_queue.needs_ms,
                                             .priority = like.call_queue.priority,
                                             .site_id = like.call_queue.site_id,
                                             .area_id = like.call_queue.area_id,
                                             .portfolio_id = like.call_queue.portfolio_id}};
}

static struct command some_command(struct life *l)
{
    if (l->call_again && !below(l, 6))
        return regain_command(l);
    uint32_t r = below(l, 100);
    if (r < 40)
        return call_command(l);
    if (r < 62)
        return offer_command(l);
    if (r < 82)
        return agent_command(l);
    const struct model_contact *c = some_contact(l, ~0u);
    if (r < 93 && c)
        return (struct command){.kind = CMD_CALL_ENDED,
                                .call_ended = {.call_id = c->call_id,
                                               .by = below(l, 3)
                                                         ? ENDED_BY_CALLER
                                                         : (enum ended_by)below(l, ENDED_BY_N)}};
    if (r < 95 && c)
        return aside_command(c->call_id);
    return r < 98 ? queue_hours(l) : rare_command(l);
}

static void do_step(struct life *l, struct command cmd)
{
    step(l, &cmd);
    settle(l);
    check(l);
}

static void furnish(struct life *l)
{
    for (uint32_t q = 1; q <= QUEUES; q++) {
        do_step(l, queue_set(l, q));
        do_step(l, (struct command){.kind = CMD_QUEUE_HOURS,
                                    .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    }
    for (uint8_t p = 1; p < 4; p++)
        do_step(l, (struct command){.kind = CMD_PRIORITY_SET,
                                    .priority_set = {.priority = p, .head_start_ms = p * 60000}});
    for (uint32_t id = 1; id <= AGENTS; id++) {
        struct command cmd = agent_set(l, id);
        cmd.agent_set.is_robot &= below(l, 2);
        if (cmd.agent_set.is_robot)
            cmd.agent_set.queue_ids[0] = 2, cmd.agent_set.queue_ids_n = 1;
        do_step(l, cmd);
    }
}

static void live(uint64_t seed, unsigned steps, void *memory[3])
{
    struct life *l = &life;
    memset(l, 0, sizeof(*l));
    l->seed = l->prng = seed;
    l->are_alike = !below(l, 3);
    l->passes_on = seed % 4 == 0; /* by the seed: the draws of the others stay as they were */
    l->call_again = seed % 4 == 2;
    l->now_at = START_AT;
    l->next_id = 1;
    l->a = acd_open(memory[0], &limits);
    l->twin = acd_open(memory[1], &limits);
    l->image = acd_open(memory[2], &limits);
    furnish(l);
    for (l->step = 0; l->step < steps; l->step++) {
        do_step(l, some_command(l));
        advance(l, some_ms(l));
        check(l);
        if (l->step % 32 == 0)
            reload_image(l);
    }
}

int main(int argc, char **argv)
{
    unsigned long long seed = 1, lives = 300, steps = 400;
    for (int i = 1; i + 1 < argc; i += 2) {
        unsigned long long v = strtoull(argv[i + 1], NULL, 10);
        if (!strcmp(argv[i], "--seed"))
            seed = v;
        else if (!strcmp(argv[i], "--lives"))
            lives = v;
        else if (!strcmp(argv[i], "--steps"))
            steps = v;
    }
    const struct sigaction action = {.sa_handler = on_abort};
    sigaction(SIGABRT, &action, NULL);
    void *memory[3];
    for (unsigned i = 0; i < 3; i++) {
        memory[i] = aligned_alloc(64, acd_bytes(&limits));
        assert(memory[i]);
    }
    for (unsigned long long i = 0; i < lives; i++)
        live(seed + i, (unsigned)steps, memory);
    if (lives >= 100 && !regained_n)
        fail("seen: nobody took a place back");
    printf("%llu lives of %llu commands from seed %llu: every rule held\n", lives, steps, seed);
    for (unsigned i = 0; i < 3; i++)
        free(memory[i]);
    return 0;
}
