/* limits.c — every bound of limits.h, at it and one past it. Those of one step (events per step and
 * per unit) are met by test/prop/burst.c with 100,000 people. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acd/state.h"
#include "test/unit/acd/house.h"

static const struct acd_limits small = {
    .contacts_max = 8, .agents_max = 4, .queues_max = 3, .lanes_max = 6};
static const struct acd_limits roomy = {
    .contacts_max = 100, .agents_max = 4, .queues_max = 2, .lanes_max = 64};

static struct command agent_set(uint32_t id)
{
    return (struct command){.kind = CMD_AGENT_SET,
                            .agent_set = {.agent_id = id,
                                          .capacity = {1, 2},
                                          .capacity_n = 2,
                                          .queue_ids = {QUEUE},
                                          .queue_ids_n = 1}};
}

/* Signed in, paused: eligible, and takes nothing. */
static void sign_in(struct house *h, uint32_t id)
{
    house_agent_does(h, CMD_AGENT_SIGN_IN, id);
}

static enum acd_verdict arrive(struct house *h, uint16_t node)
{
    return house_do(h, (struct command){.kind = CMD_CALL_ARRIVED, .call_arrived.leg_node = node});
}

static enum acd_verdict end_call(struct house *h, uint64_t call_id)
{
    return house_do(h, (struct command){.kind = CMD_CALL_ENDED, .call_ended.call_id = call_id});
}

static enum acd_verdict ask(struct house *h, struct command ask)
{
    arrive(h, 0);
    ask.kind = CMD_CALL_QUEUE;
    ask.call_queue.call_id = house_last(h, EV_CALL_ARRIVED)->id;
    ask.call_queue.queue_id = 1;
    return house_do(h, ask);
}

static void one_contact_too_many_is_refused_until_one_goes(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    for (unsigned i = 0; i < small.contacts_max; i++)
        assert_int_equal(arrive(h, 0), ACD_DONE);
    uint64_t last_id = house_last(h, EV_CALL_ARRIVED)->id;
    assert_int_equal(arrive(h, 0), ACD_REFUSED_FULL);
    assert_int_equal(end_call(h, last_id), ACD_DONE);
    assert_int_equal(arrive(h, 0), ACD_DONE);
    house_drop(h);
}

static void one_agent_too_many_is_refused_until_one_goes(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    for (uint32_t id = 1; id <= small.agents_max; id++)
        assert_int_equal(house_do(h, agent_set(id)), ACD_DONE);
    assert_int_equal(house_do(h, agent_set(99)), ACD_REFUSED_FULL);
    assert_int_equal(house_do(h, agent_set(1)), ACD_NOTHING); /* said again, it is no new one */
    house_do(h, (struct command){.kind = CMD_AGENT_DROP, .agent_drop.agent_id = 2});
    assert_int_equal(house_do(h, agent_set(99)), ACD_DONE);
    house_drop(h);
}

static void one_queue_too_many_is_refused_until_one_goes(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    for (uint32_t id = QUEUE + 1; id <= small.queues_max; id++)
        assert_int_equal(house_do(h, house_queue_set(id)), ACD_DONE);
    assert_int_equal(house_do(h, house_queue_set(99)), ACD_REFUSED_FULL);
    assert_int_equal(house_do(h, house_queue_set(1)), ACD_NOTHING);
    house_do(h, (struct command){.kind = CMD_QUEUE_DROP, .queue_drop.queue_id = 2});
    assert_int_equal(house_do(h, house_queue_set(99)), ACD_DONE);
    house_drop(h);
}

static void a_queue_is_dropped_only_when_nobody_waits_or_serves(void **state)
{
    (void)state;
    const struct command drop = {.kind = CMD_QUEUE_DROP, .queue_drop.queue_id = QUEUE};
    const struct command drop_agent = {.kind = CMD_AGENT_DROP, .agent_drop.agent_id = 1};
    struct house *h = house_open(&small);
    uint64_t caller = house_caller(h);
    assert_int_equal(house_do(h, drop), ACD_REFUSED_IN_USE);
    house_hang_up(h, caller, ENDED_BY_CALLER);
    assert_int_equal(house_do(h, drop), ACD_REFUSED_IN_USE); /* the place is kept for a while */
    house_wait(h, ACD_DURATION_MS_MAX);
    assert_int_equal(house_do(h, agent_set(1)), ACD_DONE);
    assert_int_equal(house_do(h, drop), ACD_REFUSED_IN_USE);
    assert_int_equal(house_do(h, drop_agent), ACD_DONE);
    assert_int_equal(house_do(h, drop), ACD_DONE);
    assert_int_equal(house_do(h, drop), ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

static void what_is_said_again_is_recorded_only_when_it_changed(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    struct command queue = house_queue_set(QUEUE), agent = agent_set(1);
    assert_int_equal(house_do(h, agent), ACD_DONE);
    uint64_t before = acd_hash(h->acd), last_id = acd_last_id(h->acd);
    assert_int_equal(house_do(h, queue), ACD_NOTHING);
    assert_int_equal(house_do(h, agent), ACD_NOTHING);
    assert_true(acd_hash(h->acd) == before && acd_last_id(h->acd) == last_id);
    queue.queue_set.closing_lead_ms++;
    agent.agent_set.skills ^= 2;
    assert_int_equal(house_do(h, queue), ACD_DONE);
    assert_int_equal(house_do(h, agent), ACD_DONE);
    agent.agent_set.queue_ids_n = 0;
    assert_int_equal(house_do(h, agent), ACD_DONE);
    assert_int_equal(house_do(h, agent), ACD_NOTHING);
    house_drop(h);
}

/* A wish may need three lanes (its ring, its advisor, the network): it is refused, in words, when
 * fewer are left, and one that begins to wait has always where to go. */
static void a_wish_without_room_for_its_lanes_is_told_so(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    for (uint64_t needs = 1; needs <= small.lanes_max - 2; needs++)
        assert_int_equal(ask(h, (struct command){.call_queue.needs = needs}), ACD_DONE);
    assert_int_equal(ask(h, (struct command){.call_queue.needs = 99}), ACD_REFUSED_FULL);
    assert_int_equal(house_last(h, EV_CALL_REFUSED)->call_refused.why, REFUSAL_FULL);
    house_drop(h);
}

static void a_ring_without_a_lane_left_opens_the_network(void **state)
{
    (void)state;
    for (uint32_t lanes_max = 5; lanes_max <= 6; lanes_max++) {
        const struct acd_limits tight = {
            .contacts_max = 8, .agents_max = 4, .queues_max = 3, .lanes_max = lanes_max};
        struct house *h = house_open(&tight);
        for (uint32_t id = 1; id <= 2; id++) { /* one at the site, one in the area; none is ready */
            struct command agent = agent_set(id);
            agent.agent_set.site_id = id;
            agent.agent_set.area_id = 1;
            agent.agent_set.skills = 1;
            house_do(h, agent);
            sign_in(h, id);
        }
        const struct command two = {.call_queue = {.site_id = 1, .area_id = 1}};
        const struct command three = {.call_queue = {.needs = 1, .site_id = 1, .portfolio_id = 9}};
        assert_int_equal(ask(h, two), ACD_DONE);
        assert_int_equal(ask(h, three), ACD_DONE);
        house_wait(h, 40000); /* the area's ring of the first needs a lane */
        const struct event *ev = house_last(h, EV_RING_OPENED);
        assert_int_equal(ev->ring_opened.ring, lanes_max == 5 ? RING_NETWORK : RING_AREA);
        assert_int_equal(ev->ring_opened.why, lanes_max == 5 ? RING_WHY_FULL : RING_WHY_TIME);
        house_drop(h);
    }
}

static void a_node_past_the_last_is_refused(void **state)
{
    (void)state;
    struct house *h = house_open(&roomy);
    for (uint16_t node = 0; node < ACD_NODES_MAX; node++)
        assert_int_equal(arrive(h, node), ACD_DONE);
    assert_int_equal(arrive(h, ACD_NODES_MAX), ACD_REFUSED_FULL);
    assert_int_equal(arrive(h, ACD_NODES_MAX - 1), ACD_DONE);
    house_drop(h);
}

static bool aborts(const struct acd_limits *limits)
{
    pid_t child = fork();
    if (!child) {
        if (freopen("/dev/null", "w", stderr))
            acd_bytes(limits);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_pool_larger_than_any_pool_may_be_stops_at_the_start(void **state)
{
    (void)state;
    const struct acd_limits base = small;
    const size_t fields[] = {
        offsetof(struct acd_limits, contacts_max), offsetof(struct acd_limits, agents_max),
        offsetof(struct acd_limits, queues_max), offsetof(struct acd_limits, lanes_max)};
    for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
        struct acd_limits l = base;
        uint32_t v = ACD_POOL_MAX;
        memcpy((char *)&l + fields[i], &v, sizeof(v));
        assert_true(acd_bytes(&l) > 0);
        v++;
        memcpy((char *)&l + fields[i], &v, sizeof(v));
        assert_true(aborts(&l));
        v = 0;
        memcpy((char *)&l + fields[i], &v, sizeof(v));
        assert_true(aborts(&l));
    }
}

static void an_agent_serves_so_many_queues_and_no_more(void **state)
{
    (void)state;
    const struct acd_limits many = {
        .contacts_max = 4, .agents_max = 4, .queues_max = 32, .lanes_max = 8};
    struct house *h = house_open(&many);
    struct command agent = agent_set(1);
    for (uint32_t id = 1; id <= ACD_QUEUES_PER_AGENT; id++) {
        house_do(h, house_queue_set(id));
        agent.agent_set.queue_ids[id - 1] = id;
    }
    agent.agent_set.queue_ids_n = ACD_QUEUES_PER_AGENT;
    assert_int_equal(house_do(h, agent), ACD_DONE);
    agent.agent_set.queue_ids_n = ACD_QUEUES_PER_AGENT + 1;
    assert_int_equal(house_do(h, agent), ACD_REFUSED_RANGE);
    house_drop(h);
}

static void an_agent_holds_so_many_contacts_and_no_more(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    struct command agent = agent_set(1);
    agent.agent_set.capacity[MEDIUM_TEXT] = ACD_CAPACITY_MAX;
    assert_int_equal(house_do(h, agent), ACD_DONE);
    agent.agent_set.capacity[MEDIUM_TEXT] = ACD_CAPACITY_MAX + 1;
    assert_int_equal(house_do(h, agent), ACD_REFUSED_RANGE);
    agent.agent_set.capacity[MEDIUM_TEXT] = 1;
    agent.agent_set.capacity[MEDIUM_VOICE] = 2; /* one mouth */
    assert_int_equal(house_do(h, agent), ACD_REFUSED_RANGE);
    agent.agent_set.capacity[MEDIUM_VOICE] = 1;
    agent.agent_set.capacity_n = MEDIUM_N + 1;
    assert_int_equal(house_do(h, agent), ACD_REFUSED_RANGE);
    house_drop(h);
}

static struct command priority(uint8_t priority, ms_t head_start_ms)
{
    return (struct command){.kind = CMD_PRIORITY_SET,
                            .priority_set = {.priority = priority, .head_start_ms = head_start_ms}};
}

static void priorities_and_their_head_starts_are_bounded(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    assert_int_equal(house_do(h, priority(ACD_PRIORITIES - 1, 1)), ACD_DONE);
    assert_int_equal(house_do(h, priority(ACD_PRIORITIES, 1)), ACD_REFUSED_RANGE);
    assert_int_equal(house_do(h, priority(1, ACD_HEAD_START_MS_MAX)), ACD_DONE);
    assert_int_equal(house_do(h, priority(1, ACD_HEAD_START_MS_MAX + 1)), ACD_REFUSED_RANGE);
    assert_int_equal(house_do(h, priority(1, -1)), ACD_REFUSED_RANGE);
    struct command with = {.call_queue.priority = ACD_PRIORITIES - 1};
    assert_int_equal(ask(h, with), ACD_DONE);
    with.call_queue.priority = ACD_PRIORITIES;
    assert_int_equal(ask(h, with), ACD_REFUSED_RANGE);
    house_drop(h);
}

static void every_duration_of_a_queue_is_bounded(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    const struct command good = house_queue_set(1);
    for (const struct event_field *f = event_fields(EV_QUEUE_SET); f->name; f++) {
        if (f->type != EVENT_FIELD_MS)
            continue;
        /* struct command and struct event hold the same fields after different heads */
        size_t at =
            offsetof(struct command, queue_set) + f->offset - offsetof(struct event, queue_set);
        const ms_t least = strcmp(f->name, "offer_ms") ? 0 : 1;
        const struct {
            ms_t ms;
            enum acd_verdict verdict;
        } rows[] = {{ACD_DURATION_MS_MAX, ACD_DONE},
                    {ACD_DURATION_MS_MAX + 1, ACD_REFUSED_RANGE},
                    {least, ACD_DONE},
                    {least - 1, ACD_REFUSED_RANGE}};
        for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
            struct command cmd = good;
            memcpy((char *)&cmd + at, &rows[i].ms, sizeof(ms_t));
            if (house_do(h, cmd) != rows[i].verdict)
                fail_msg("%s = %lld", f->name, (long long)rows[i].ms);
        }
    }
    house_drop(h);
}

/* A conversation in which both sides sent something and that our side ends after talk_ms. */
static unsigned pending_after(ms_t talk_ms)
{
    struct house *h = house_open(&small);
    house_do(h, agent_set(1));
    sign_in(h, 1);
    house_agent_does(h, CMD_AGENT_READY, 1);
    uint64_t call_id = house_caller(h);
    uint64_t offer_id = house_last(h, EV_OFFER_MADE)->id;
    house_do(h, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm.offer_id = offer_id});
    for (int side = 0; side < SIDE_N; side++)
        house_do(h,
                 (struct command){.kind = CMD_OFFER_MEDIA,
                                  .offer_media = {.offer_id = offer_id, .side = (enum side)side}});
    house_wait(h, talk_ms);
    house_do(h, (struct command){.kind = CMD_OFFER_END,
                                 .offer_end = {.offer_id = offer_id, .why = OFFER_END_FINISHED}});
    end_call(h, call_id);
    unsigned n = house_count(h, EV_CALL_PENDING);
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), !n);
    house_drop(h);
    return n;
}

static void our_hang_up_before_ten_seconds_is_no_answer(void **state)
{
    (void)state;
    assert_int_equal(pending_after(ACD_ANSWERED_MS_MIN - 1), 1);
    assert_int_equal(pending_after(ACD_ANSWERED_MS_MIN), 0);
}

static void who_waits_is_told_after_one_minute_then_every_two(void **state)
{
    (void)state;
    struct house *h = house_open(&small);
    house_caller(h);
    assert_int_equal(house_count(h, EV_CONTACT_TOLD), 1); /* at entry */
    house_wait(h, ACD_TELL_FIRST_MS - 1);
    assert_int_equal(house_count(h, EV_CONTACT_TOLD), 1);
    house_wait(h, 1);
    assert_int_equal(house_count(h, EV_CONTACT_TOLD), 2);
    house_wait(h, ACD_TELL_EVERY_MS - 1);
    assert_int_equal(house_count(h, EV_CONTACT_TOLD), 2);
    house_wait(h, 1);
    assert_int_equal(house_count(h, EV_CONTACT_TOLD), 3);
    house_drop(h);
}

static void past_ten_people_before_the_count_is_not_said(void **state)
{
    (void)state;
    struct house *h = house_open(&roomy);
    for (unsigned i = 0; i <= ACD_BEFORE_TOLD_MAX; i++) {
        house_caller(h);
        assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, i);
    }
    house_caller(h);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, ACD_BEFORE_NONE);
    house_drop(h);
}

/* Nobody moves and the estimate stays: its bound passes each two minutes. */
static void longer_than_we_said_is_said_once_in_five_minutes(void **state)
{
    (void)state;
    struct house *h = house_open(&roomy);
    struct command queue = house_queue_set(1);
    queue.queue_set.handle_ms = MINUTE;
    queue.queue_set.wrap_up_ms = 0;
    house_do(h, queue);
    house_do(h, agent_set(1));
    sign_in(h, 1);
    house_caller(h);
    house_wait(h, 14 * MINUTE);
    ms_t longer_at = 0;
    unsigned longer_n = 0;
    for (unsigned i = 0; i < h->said_n; i++) {
        const struct event *ev = &h->said[i];
        if (ev->kind != EV_CONTACT_TOLD || ev->contact_told.what != TOLD_LONGER)
            continue;
        assert_true(!longer_at || ev->at - longer_at >= ACD_LONGER_EVERY_MS);
        longer_at = ev->at;
        longer_n++;
    }
    assert_int_equal(longer_n, 3);
    house_drop(h);
}

static enum band asked_band(struct house *h, uint64_t call_id)
{
    house_do(h, (struct command){.kind = CMD_CALL_ASK_PLACE, .call_ask_place.call_id = call_id});
    return house_last(h, EV_CONTACT_TOLD)->contact_told.band;
}

/* Somebody joins the queue and leaves it again: one step of it. */
static void give_up_after(struct house *h, ms_t ms)
{
    uint64_t call = house_caller(h);
    house_wait(h, ms);
    end_call(h, call);
}

static void a_rate_needs_six_departures_of_the_last_quarter_of_an_hour(void **state)
{
    (void)state;
    struct house *h = house_open(&roomy);
    struct command queue = house_queue_set(1);
    queue.queue_set.handle_ms = 0; /* no other ground for an estimate */
    house_wait(h, MINUTE - h->now_at % MINUTE);
    house_do(h, queue);
    house_do(h, agent_set(1));
    sign_in(h, 1);
    uint64_t waits = house_caller(h);
    for (unsigned i = 1; i < ACD_RATE_EVENTS_MIN; i++)
        give_up_after(h, 5000);
    assert_int_equal(asked_band(h, waits), BAND_UNKNOWN);
    give_up_after(h, 5000);
    assert_int_not_equal(asked_band(h, waits), BAND_UNKNOWN);
    for (unsigned i = 0; i < 20; i++)
        give_up_after(h, 100);
    house_wait(h, (ACD_RATE_MINUTES - 1) * MINUTE);
    assert_int_not_equal(asked_band(h, waits), BAND_UNKNOWN);
    house_wait(h, MINUTE);
    assert_int_equal(asked_band(h, waits), BAND_UNKNOWN); /* all are older than that */
    house_drop(h);
}

static void only_an_empty_journal_takes_the_mark_of_a_simulation(void **state)
{
    (void)state;
    static const struct command mark = {.kind = CMD_SIMULATED, .simulated = {.seed = 7}};
    struct event_batch first = {.next_id = 1}, second = {.next_id = 2};
    void *memory = aligned_alloc(64, (acd_bytes(&small) + 63) / 64 * 64);
    struct acd *a = acd_open(memory, &small);
    assert_int_equal(acd_step(a, &mark, 1000, &first), ACD_DONE);
    assert_int_equal(first.n, 1);
    assert_int_equal(first.ev[0].kind, EV_SIMULATED);
    assert_int_equal(first.ev[0].simulated.seed, 7);
    assert_int_equal(acd_step(a, &mark, 1000, &second), ACD_REFUSED_STATE);
    assert_int_equal(second.n, 0);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_contact_too_many_is_refused_until_one_goes),
        cmocka_unit_test(one_agent_too_many_is_refused_until_one_goes),
        cmocka_unit_test(one_queue_too_many_is_refused_until_one_goes),
        cmocka_unit_test(a_queue_is_dropped_only_when_nobody_waits_or_serves),
        cmocka_unit_test(what_is_said_again_is_recorded_only_when_it_changed),
        cmocka_unit_test(a_wish_without_room_for_its_lanes_is_told_so),
        cmocka_unit_test(a_ring_without_a_lane_left_opens_the_network),
        cmocka_unit_test(a_node_past_the_last_is_refused),
        cmocka_unit_test(a_pool_larger_than_any_pool_may_be_stops_at_the_start),
        cmocka_unit_test(an_agent_serves_so_many_queues_and_no_more),
        cmocka_unit_test(an_agent_holds_so_many_contacts_and_no_more),
        cmocka_unit_test(priorities_and_their_head_starts_are_bounded),
        cmocka_unit_test(every_duration_of_a_queue_is_bounded),
        cmocka_unit_test(our_hang_up_before_ten_seconds_is_no_answer),
        cmocka_unit_test(who_waits_is_told_after_one_minute_then_every_two),
        cmocka_unit_test(past_ten_people_before_the_count_is_not_said),
        cmocka_unit_test(longer_than_we_said_is_said_once_in_five_minutes),
        cmocka_unit_test(a_rate_needs_six_departures_of_the_last_quarter_of_an_hour),
        cmocka_unit_test(only_an_empty_journal_takes_the_mark_of_a_simulation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
