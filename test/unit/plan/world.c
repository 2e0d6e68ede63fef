/* world.c — people and agents behave as their profile says, facing a house of a few lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "plan/world.h"

#define SECOND ((ms_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MIDNIGHT ((ms_t)1794783600000)
#define WAITING_MAX 4096
#define AGENTS_MAX 64

static struct plan_profile small_profile(void)
{
    struct plan_profile p = {.name = "essai", .shapes_n = 1, .services_n = 2, .groups_n = 1};
    for (unsigned d = 0; d < 5; d++) {
        p.arrivals[d] = 600;
        p.hours[d] = (struct day_hours){1, {{8 * 60, 18 * 60}}};
        p.groups[0].shift[d] = p.hours[d];
    }
    p.shapes[0] = (struct plan_shape){.days = 0x1f, .slots_n = 2};
    p.shapes[0].slots[0] = (struct plan_slot){{8 * 60, 12 * 60}, 750000};
    p.shapes[0].slots[1] = (struct plan_slot){{13 * 60, 18 * 60}, 250000};
    p.services[0] = (struct plan_service){"a", 600000, {3 * MINUTE, 800}};
    p.services[1] = (struct plan_service){"b", 400000, {3 * MINUTE, 800}};
    p.groups[0].agents_n = 6;
    p.groups[0].services_n = 2;
    p.groups[0].services[1] = 1;
    p.people = (struct plan_people){.patience = {4 * MINUTE, 1000},
                                    .menu = {20 * SECOND, 600},
                                    .informs_ms = 30 * SECOND,
                                    .informed_ppm = 100000,
                                    .menu_abandon_ppm = 40000,
                                    .redial_ppm = 600000,
                                    .redial_min_ms = 5 * MINUTE,
                                    .redial_max_ms = HOUR,
                                    .redials_max = 3,
                                    .withheld_ppm = 120000,
                                    .hangs_up_ppm = 700000,
                                    .ask_place_ppm = 50000,
                                    .written_ppm = 20000,
                                    .shared_lines_n = 1};
    p.staff = (struct plan_staff){.no_answer_ppm = 30000,
                                  .pick_up = {5 * SECOND, 500},
                                  .wrap_up = {MINUTE, 500},
                                  .rest_ms = 10 * MINUTE,
                                  .meal_ms = 45 * MINUTE,
                                  .line_death_every_ms = 3 * HOUR};
    p.house.offer_ms = 20 * SECOND;
    p.sites_n = p.areas_n = 1;
    return p;
}

/* The house: takes every line, offers to any ready agent, first come first served. */
struct house {
    struct plan_world *w;
    void *memory;
    ms_t now_at;
    uint64_t id, hash, commands_n[COMMAND_KIND_MAX + 1], joins_n;
    struct line {
        uint64_t leg_id, call_id;
        ms_t arrived_at;
    } waiting[WAITING_MAX];
    unsigned waiting_n, live_n;
    struct post {
        bool is_in, is_ready, is_talking;
        uint64_t offer_id, leg_id, call_id;
        ms_t offer_ends_at;
    } posts[AGENTS_MAX];
    uint64_t legs[WAITING_MAX], calls[WAITING_MAX]; /* leg up → its call */
    ms_t arrivals_at[WAITING_MAX];
    unsigned arrivals_n;
    bool takes_no_line;
};

static struct house house_open(const struct plan_profile *p, uint64_t seed, ms_t from_at,
                               ms_t until_at)
{
    struct house h = {.now_at = from_at};
    h.memory = aligned_alloc(64, (plan_world_bytes(p) + 63) / 64 * 64);
    memset(h.memory, 0xa5, plan_world_bytes(p));
    h.w = plan_world_open(h.memory, &(struct plan_world_args){.profile = p,
                                                              .seed = seed,
                                                              .midnight_at = MIDNIGHT,
                                                              .from_at = from_at,
                                                              .until_at = until_at,
                                                              .node = 1});
    return h;
}

static void emit(struct house *h, struct effect e)
{
    plan_world_effect(h->w, &e, h->now_at);
}

static unsigned leg_of(const struct house *h, uint64_t call_id)
{
    unsigned i = 0;
    while (i < h->live_n && h->calls[i] != call_id)
        i++;
    return i;
}

static void offer_all(struct house *h)
{
    for (unsigned a = 0; a < AGENTS_MAX && h->waiting_n; a++) {
        struct post *p = &h->posts[a];
        if (!p->is_in || !p->is_ready || p->offer_id)
            continue;
        p->leg_id = h->waiting[0].leg_id;
        p->call_id = h->waiting[0].call_id;
        memmove(h->waiting, h->waiting + 1, --h->waiting_n * sizeof(h->waiting[0]));
        p->offer_id = ++h->id;
        p->offer_ends_at = h->now_at + 20 * SECOND;
        struct effect e = {.kind = EFFECT_OFFER_RING};
        e.offer_ring.offer_id = p->offer_id;
        e.offer_ring.agent_id = a + 1;
        e.offer_ring.leg_node = 1;
        e.offer_ring.leg_id = p->leg_id;
        emit(h, e);
    }
}

static void tell(struct house *h, unsigned agent, enum agent_state state)
{
    struct effect e = {.kind = EFFECT_AGENT_TELL};
    e.agent_tell.agent_id = agent + 1;
    e.agent_tell.state = state;
    e.agent_tell.reason = state == AGENT_STATE_PAUSED ? PAUSE_NO_ANSWER : PAUSE_NONE;
    emit(h, e);
}

static struct post *post_of(struct house *h, uint64_t offer_id)
{
    for (unsigned a = 0; a < AGENTS_MAX; a++)
        if (offer_id && h->posts[a].offer_id == offer_id)
            return &h->posts[a];
    return NULL;
}

static void free_post(struct house *h, struct post *p, enum agent_state state)
{
    p->offer_id = 0;
    p->is_talking = false;
    p->is_ready = state == AGENT_STATE_READY && p->is_in;
    tell(h, (unsigned)(p - h->posts), state);
}

static void on_ended(struct house *h, uint64_t call_id)
{
    unsigned i = leg_of(h, call_id);
    assert_true(i < h->live_n); /* each line that was taken hangs up once */
    h->legs[i] = h->legs[--h->live_n];
    h->calls[i] = h->calls[h->live_n];
    for (unsigned k = 0; k < h->waiting_n; k++)
        if (h->waiting[k].call_id == call_id) {
            memmove(&h->waiting[k], &h->waiting[k + 1],
                    (--h->waiting_n - k) * sizeof(h->waiting[0]));
            break;
        }
    for (unsigned a = 0; a < AGENTS_MAX; a++) {
        struct post *p = &h->posts[a];
        if (!p->offer_id || p->call_id != call_id)
            continue;
        bool was_talking = p->is_talking;
        struct effect e = {.kind = EFFECT_OFFER_STOP};
        e.offer_stop.offer_id = p->offer_id;
        e.offer_stop.agent_id = a + 1;
        emit(h, e);
        free_post(h, p, was_talking ? AGENT_STATE_WRAP_UP : AGENT_STATE_READY);
    }
}

static void on_arrived(struct house *h, const struct command *cmd)
{
    assert_true(h->live_n < WAITING_MAX && h->arrivals_n < WAITING_MAX);
    if (!cmd->call_arrived.is_test)
        h->arrivals_at[h->arrivals_n++] = h->now_at;
    if (h->takes_no_line)
        return;
    struct effect e = {.kind = EFFECT_CALL_ACCEPT};
    e.call_accept.leg_node = cmd->call_arrived.leg_node;
    e.call_accept.leg_id = cmd->call_arrived.leg_id;
    e.call_accept.call_id = ++h->id;
    h->legs[h->live_n] = cmd->call_arrived.leg_id;
    h->calls[h->live_n++] = h->id;
    emit(h, e);
}

static void on_queue(struct house *h, uint64_t call_id)
{
    unsigned i = leg_of(h, call_id);
    assert_true(i < h->live_n);
    h->waiting[h->waiting_n++] = (struct line){h->legs[i], call_id, h->now_at};
}

static void on_confirm(struct house *h, uint64_t offer_id)
{
    struct post *p = post_of(h, offer_id);
    assert_non_null(p); /* an agent answers only what rings at it now */
    assert_false(p->is_talking);
    assert_true(p->is_in);
    p->is_talking = true;
    h->joins_n++;
    struct effect e = {.kind = EFFECT_OFFER_JOIN};
    e.offer_join.offer_id = offer_id;
    e.offer_join.agent_id = (uint32_t)(p - h->posts) + 1;
    e.offer_join.leg_node = 1;
    e.offer_join.leg_id = p->leg_id;
    emit(h, e);
}

static void on_offer_end(struct house *h, uint64_t offer_id)
{
    struct post *p = post_of(h, offer_id);
    if (!p)
        return; /* the line died meanwhile */
    struct effect e = {.kind = EFFECT_CALL_RELEASE};
    e.call_release.leg_node = 1;
    e.call_release.leg_id = p->leg_id;
    emit(h, e);
    free_post(h, p, AGENT_STATE_WRAP_UP);
}

/* The line of an agent died: its caller waits again, first of all. */
static void on_lost(struct house *h, struct post *p)
{
    if (p->offer_id) {
        memmove(h->waiting + 1, h->waiting, h->waiting_n++ * sizeof(h->waiting[0]));
        h->waiting[0] = (struct line){p->leg_id, p->call_id, h->now_at};
        struct effect e = {.kind = EFFECT_CALL_WAIT};
        e.call_wait.leg_node = 1;
        e.call_wait.leg_id = p->leg_id;
        emit(h, e);
    }
    free_post(h, p, AGENT_STATE_PAUSED);
}

static void on_agent(struct house *h, const struct command *cmd)
{
    uint32_t id =
        cmd->kind == CMD_AGENT_PAUSE ? cmd->agent_pause.agent_id : cmd->agent_ready.agent_id;
    struct post *p = &h->posts[id - 1];
    if (cmd->kind == CMD_AGENT_LOST) {
        on_lost(h, p);
        return;
    }
    p->is_in = cmd->kind == CMD_AGENT_SIGN_IN || (p->is_in && cmd->kind != CMD_AGENT_SIGN_OUT);
    p->is_ready = cmd->kind == CMD_AGENT_READY && p->is_in;
    if (p->offer_id && !p->is_talking && !p->is_ready) {
        memmove(h->waiting + 1, h->waiting, h->waiting_n++ * sizeof(h->waiting[0]));
        h->waiting[0] = (struct line){p->leg_id, p->call_id, h->now_at};
        struct effect e = {.kind = EFFECT_OFFER_STOP};
        e.offer_stop.offer_id = p->offer_id;
        e.offer_stop.agent_id = id;
        emit(h, e);
        p->offer_id = 0;
    }
}

static void answer(struct house *h, const struct command *cmd)
{
    switch (cmd->kind) {
    case CMD_CALL_ARRIVED:
        on_arrived(h, cmd);
        break;
    case CMD_CALL_QUEUE:
        on_queue(h, cmd->call_queue.call_id);
        break;
    case CMD_CALL_ENDED:
        on_ended(h, cmd->call_ended.call_id);
        break;
    case CMD_OFFER_CONFIRM:
        on_confirm(h, cmd->offer_confirm.offer_id);
        break;
    case CMD_OFFER_END:
        on_offer_end(h, cmd->offer_end.offer_id);
        break;
    case CMD_AGENT_SIGN_IN:
    case CMD_AGENT_SIGN_OUT:
    case CMD_AGENT_READY:
    case CMD_AGENT_PAUSE:
    case CMD_AGENT_LOST:
        on_agent(h, cmd);
        break;
    default:
        break;
    }
}

static void ring_outs(struct house *h)
{
    for (unsigned a = 0; a < AGENTS_MAX; a++) {
        struct post *p = &h->posts[a];
        if (!p->offer_id || p->is_talking || p->offer_ends_at > h->now_at)
            continue;
        memmove(h->waiting + 1, h->waiting, h->waiting_n++ * sizeof(h->waiting[0]));
        h->waiting[0] = (struct line){p->leg_id, p->call_id, h->now_at};
        struct effect e = {.kind = EFFECT_OFFER_STOP};
        e.offer_stop.offer_id = p->offer_id;
        e.offer_stop.agent_id = a + 1;
        emit(h, e);
        free_post(h, p, AGENT_STATE_PAUSED);
    }
}

/* What a command is about: fields that another kind has not are unspecified bytes. */
static uint64_t names(const struct command *cmd)
{
    switch (cmd->kind) {
    case CMD_CALL_ARRIVED:
        return cmd->call_arrived.person_id ^ cmd->call_arrived.reference;
    case CMD_CALL_QUEUE:
        return cmd->call_queue.call_id ^ (uint64_t)cmd->call_queue.queue_id << 32;
    case CMD_CALL_ENDED:
        return cmd->call_ended.call_id;
    case CMD_AGENT_READY:
        return cmd->agent_ready.agent_id;
    default:
        return 0;
    }
}

static void run(struct house *h, ms_t until_at)
{
    while (plan_world_next_at(h->w) < until_at) {
        struct command cmd;
        memset(&cmd, 0, sizeof(cmd));
        ms_t at = plan_world_next_at(h->w);
        assert_true(at >= h->now_at);
        h->now_at = at;
        ring_outs(h);
        if (plan_world_next_at(h->w) > at || !plan_world_due(h->w, at, &cmd))
            continue;
        h->commands_n[cmd.kind]++;
        h->hash = hash_fold(h->hash, (uint64_t)at);
        h->hash = hash_fold(h->hash, (uint64_t)cmd.kind);
        h->hash = hash_fold(h->hash, names(&cmd));
        answer(h, &cmd);
        offer_all(h);
    }
    h->now_at = until_at;
}

static void the_same_seed_gives_the_same_day_and_another_one_does_not(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    uint64_t hash[3];
    for (unsigned i = 0; i < 3; i++) {
        struct house h = house_open(&p, i / 2, MIDNIGHT, MIDNIGHT + DAY);
        run(&h, MIDNIGHT + 2 * DAY);
        hash[i] = h.hash;
        free(h.memory);
    }
    assert_int_equal(hash[0], hash[1]);
    assert_int_not_equal(hash[0], hash[2]);
}

static void a_day_of_calls_is_heard_to_its_end(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    struct house h = house_open(&p, 1, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 2 * DAY);
    struct plan_world_counts c = plan_world_counts(h.w);
    assert_true(plan_world_is_quiet(h.w));
    assert_int_equal(h.live_n, 0);
    assert_int_equal(c.calls_n, c.fresh_n + c.redials_n);
    assert_int_equal(h.commands_n[CMD_CALL_ARRIVED], c.calls_n);
    assert_int_equal(h.commands_n[CMD_CALL_ENDED], c.calls_n);
    assert_in_range(c.fresh_n, 600 - 100, 600 + 100); /* 4 deviations of a Poisson count */
    assert_true(h.joins_n > 400);
    assert_true(h.commands_n[CMD_CALL_INFORMED] > 30 && h.commands_n[CMD_CALL_ASK_PLACE] > 5);
    assert_true(c.redials_n > 0 && c.written_n > 0 && c.line_deaths_n > 0 && c.withheld_n > 40);
    assert_int_equal(c.unborn_n, 0);
    assert_true(c.live_peak_n > 1);
    free(h.memory);
}

static void calls_come_in_their_slots(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    p.people.redial_ppm = 0;
    for (unsigned d = 0; d < 5; d++)
        p.arrivals[d] = 1200;
    struct house h = house_open(&p, 7, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 2 * DAY);
    unsigned morning = 0, afternoon = 0;
    for (unsigned i = 0; i < h.arrivals_n; i++) {
        ms_t since = h.arrivals_at[i] - MIDNIGHT;
        morning += since >= 8 * HOUR && since < 12 * HOUR;
        afternoon += since >= 13 * HOUR && since < 18 * HOUR;
    }
    assert_int_equal(morning + afternoon, h.arrivals_n);
    assert_in_range(morning, 900 - 120, 900 + 120);
    assert_in_range(afternoon, 300 - 70, 300 + 70);
    free(h.memory);
}

static void nobody_calls_before_the_beginning_nor_after_the_end(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    p.control_every_ms = MINUTE;
    ms_t from_at = MIDNIGHT + 9 * HOUR, until_at = MIDNIGHT + 11 * HOUR;
    struct house h = house_open(&p, 3, from_at, until_at);
    run(&h, MIDNIGHT + 2 * DAY);
    assert_true(h.arrivals_n > 100);
    for (unsigned i = 0; i < h.arrivals_n; i++)
        assert_in_range(h.arrivals_at[i], from_at, until_at - 1);
    assert_int_equal(plan_world_counts(h.w).robots_n, 119);
    assert_true(plan_world_is_quiet(h.w));
    free(h.memory);
}

static void settings_come_first_then_hours_as_published(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    struct house h = house_open(&p, 3, MIDNIGHT, MIDNIGHT + 7 * DAY);
    struct command cmd;
    static const enum command_kind first[] = {CMD_PRIORITY_SET, CMD_QUEUE_SET,   CMD_QUEUE_HOURS,
                                              CMD_QUEUE_SET,    CMD_QUEUE_HOURS, CMD_AGENT_SET};
    for (unsigned i = 0; i < ARRAY_LEN(first); i++) {
        assert_true(plan_world_due(h.w, MIDNIGHT, &cmd));
        assert_int_equal(cmd.kind, first[i]);
    }
    run(&h, MIDNIGHT + 7 * DAY);
    /* Two queues, five days, open and close. */
    assert_int_equal(h.commands_n[CMD_QUEUE_HOURS], 2 * 5 * 2);
    assert_int_equal(h.commands_n[CMD_DAY_CLOSE], 7);
    assert_int_equal(h.commands_n[CMD_AGENT_SIGN_IN], h.commands_n[CMD_AGENT_SIGN_OUT]);
    assert_true(h.commands_n[CMD_AGENT_SIGN_IN] <= 6 * 5);
    free(h.memory);
}

static void a_line_that_nobody_takes_is_left_after_a_minute(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    struct house h = house_open(&p, 4, MIDNIGHT, MIDNIGHT + DAY);
    h.takes_no_line = true;
    run(&h, MIDNIGHT + 2 * DAY);
    struct plan_world_counts c = plan_world_counts(h.w);
    assert_int_equal(c.unheard_n, c.calls_n);
    assert_true(c.calls_n > c.fresh_n);
    assert_int_equal(h.commands_n[CMD_CALL_ENDED], 0);
    free(h.memory);
}

static void people_past_the_bound_are_counted_as_unborn(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    p.callers_max = 10;
    struct house h = house_open(&p, 4, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 2 * DAY);
    struct plan_world_counts c = plan_world_counts(h.w);
    assert_true(c.unborn_n > 0);
    assert_true(c.live_peak_n <= 10);
    assert_in_range(c.fresh_n + c.unborn_n, 500, 700);
    free(h.memory);
}

static void after_a_crash_nobody_is_on_the_line_and_settings_are_read_again(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    struct house h = house_open(&p, 5, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 10 * HOUR);
    assert_false(plan_world_is_quiet(h.w));
    uint64_t queues = h.commands_n[CMD_QUEUE_SET], sign_ins = h.commands_n[CMD_AGENT_SIGN_IN];
    unsigned in = 0;
    for (unsigned a = 0; a < AGENTS_MAX; a++)
        in += h.posts[a].is_in;
    plan_world_crash(h.w, h.now_at, h.now_at + 2 * SECOND);
    assert_true(plan_world_is_quiet(h.w));
    h.live_n = h.waiting_n = 0;
    memset(h.posts, 0, sizeof(h.posts));
    run(&h, MIDNIGHT + 10 * HOUR + MINUTE);
    assert_int_equal(h.commands_n[CMD_QUEUE_SET], 2 * queues);
    assert_int_equal(h.commands_n[CMD_AGENT_SIGN_IN], sign_ins + in);
    run(&h, MIDNIGHT + 2 * DAY);
    assert_true(plan_world_is_quiet(h.w));
    assert_int_equal(h.live_n, 0);
    free(h.memory);
}

static void an_effect_for_a_leg_long_gone_finds_nobody(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    struct house h = house_open(&p, 5, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 10 * HOUR);
    uint32_t live = plan_world_counts(h.w).live_n;
    for (uint64_t leg = 0; leg < 2000; leg++) {
        struct effect e = {.kind = EFFECT_CALL_RELEASE};
        e.call_release.leg_node = 1;
        e.call_release.leg_id = leg;
        emit(&h, e);
        e.call_release.leg_node = 2;
        e.call_release.leg_id = h.legs[0];
        emit(&h, e);
    }
    assert_int_equal(plan_world_counts(h.w).live_n, live);
    run(&h, MIDNIGHT + 2 * DAY);
    assert_true(plan_world_is_quiet(h.w));
    free(h.memory);
}

static void another_number_of_agents_meets_the_same_first_calls(void **state)
{
    (void)state;
    struct plan_profile p = small_profile();
    p.people.redial_ppm = 0;
    static _Thread_local ms_t first[WAITING_MAX];
    struct house h = house_open(&p, 9, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 2 * DAY);
    unsigned n = h.arrivals_n;
    memcpy(first, h.arrivals_at, sizeof(first));
    free(h.memory);
    p.groups[0].agents_n = 3;
    h = house_open(&p, 9, MIDNIGHT, MIDNIGHT + DAY);
    run(&h, MIDNIGHT + 2 * DAY);
    assert_int_equal(h.arrivals_n, n);
    assert_memory_equal(first, h.arrivals_at, n * sizeof(ms_t));
    free(h.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_day_and_another_one_does_not),
        cmocka_unit_test(a_day_of_calls_is_heard_to_its_end),
        cmocka_unit_test(calls_come_in_their_slots),
        cmocka_unit_test(nobody_calls_before_the_beginning_nor_after_the_end),
        cmocka_unit_test(settings_come_first_then_hours_as_published),
        cmocka_unit_test(a_line_that_nobody_takes_is_left_after_a_minute),
        cmocka_unit_test(people_past_the_bound_are_counted_as_unborn),
        cmocka_unit_test(after_a_crash_nobody_is_on_the_line_and_settings_are_read_again),
        cmocka_unit_test(an_effect_for_a_leg_long_gone_finds_nobody),
        cmocka_unit_test(another_number_of_agents_meets_the_same_first_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
