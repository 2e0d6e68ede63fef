/* needs.c — who chose a language is offered to who speaks it, and reaches somebody all the same:
 * needs that are lifted in time, when nobody has them, and at their bounds (design §3.2). */
#include "test/unit/acd/house.h"

#define ENGLISH UINT64_C(1)
#define NEEDS_MS ((ms_t)120000)

/* An agent of the queue with these skills, ready. */
static void staff(struct house *h, uint32_t agent_id, uint64_t skills)
{
    house_staff(h, agent_id, 0);
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = agent_id,
                                               .skills = skills,
                                               .capacity = {1, 2},
                                               .capacity_n = 2,
                                               .queue_ids = {QUEUE},
                                               .queue_ids_n = 1}});
}

static enum acd_verdict wants(struct house *h, uint64_t needs, ms_t needs_ms)
{
    struct command queue = house_queue(house_call_by(h, CHANNEL_PHONE));
    queue.call_queue.needs = needs;
    queue.call_queue.needs_ms = needs_ms;
    return house_do(h, queue);
}

static void who_speaks_it_is_offered_though_others_are_idle_for_longer(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    staff(h, 1, 0);
    house_wait(h, 1000);
    staff(h, 2, ENGLISH);
    wants(h, ENGLISH, NEEDS_MS);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 2);
    assert_int_equal(house_count(h, EV_NEEDS_LIFTED), 0);
    house_drop(h);
}

static void with_nobody_who_speaks_it_signed_in_anyone_answers_at_once(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    staff(h, 1, 0);
    wants(h, ENGLISH, NEEDS_MS);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 1);
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.needs, 0);
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.needs_until_at, 0);
    house_drop(h);
}

/* Agent 2 speaks it and is taken; agent 1 does not and is free. */
static struct house *house_with_a_busy_speaker(void)
{
    struct house *h = house_open_small();
    staff(h, 2, ENGLISH);
    house_caller(h);
    house_confirm(h, true);
    staff(h, 1, 0);
    wants(h, ENGLISH, NEEDS_MS);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    return h;
}

static void who_speaks_it_is_waited_for_until_the_time_is_over(void **state)
{
    (void)state;
    struct house *h = house_with_a_busy_speaker();
    house_wait(h, NEEDS_MS - 1);
    assert_int_equal(house_count(h, EV_NEEDS_LIFTED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_NEEDS_LIFTED)->needs_lifted.why, RING_WHY_TIME);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 1);
    house_drop(h);
}

static void when_the_last_who_speaks_it_leaves_anyone_answers_at_once(void **state)
{
    (void)state;
    struct house *h = house_with_a_busy_speaker();
    house_wait(h, 5000);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 2); /* after the conversation */
    assert_int_equal(house_count(h, EV_NEEDS_LIFTED), 0);
    house_do(
        h, (struct command){.kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = house_offer(h), .why = OFFER_END_FINISHED}});
    house_wait(h, 30000); /* and its wrap-up */
    assert_int_equal(house_last(h, EV_NEEDS_LIFTED)->needs_lifted.why, RING_WHY_NOBODY);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 1);
    house_drop(h);
}

static void needs_without_a_time_are_kept_for_ever(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    staff(h, 1, 0);
    wants(h, ENGLISH, 0);
    house_wait(h, 24 * 60 * MINUTE);
    assert_int_equal(house_count(h, EV_NEEDS_LIFTED), 0);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    house_drop(h);
}

static void the_place_is_kept_when_needs_are_lifted(void **state)
{
    (void)state;
    struct house *h = house_with_a_busy_speaker();
    house_agent_does(h, CMD_AGENT_PAUSE, 1);
    uint64_t first = house_last(h, EV_CONTACT_QUEUED)->contact_queued.call_id;
    house_wait(h, 1000);
    house_caller(h);
    house_wait(h, NEEDS_MS);
    house_agent_does(h, CMD_AGENT_READY, 1);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, first);
    house_drop(h);
}

static void the_time_at_its_bound_and_past_it(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    staff(h, 1, ENGLISH);
    assert_int_equal(wants(h, ENGLISH, ACD_DURATION_MS_MAX), ACD_DONE);
    assert_int_equal(wants(h, ENGLISH, ACD_DURATION_MS_MAX + 1), ACD_REFUSED_RANGE);
    assert_int_equal(wants(h, ENGLISH, -1), ACD_REFUSED_RANGE);
    house_drop(h);
}

static enum acd_verdict wants_advisor(struct house *h, uint64_t needs, ms_t needs_ms)
{
    struct command queue = house_queue(house_call_by(h, CHANNEL_PHONE));
    queue.call_queue.needs = needs;
    queue.call_queue.needs_ms = needs_ms;
    queue.call_queue.portfolio_id = 9;
    return house_do(h, queue);
}

/* The lane of the next ring finds no room; the one for anyone was named from the beginning. */
static void with_no_room_for_a_lane_needs_are_lifted_rather_than_kept(void **state)
{
    (void)state;
    const struct acd_limits small = {
        .contacts_max = 64, .agents_max = 8, .queues_max = 2, .lanes_max = 6};
    struct house *h = house_open(&small);
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = 3,
                                               .portfolio_id = 9,
                                               .skills = 3,
                                               .capacity = {1},
                                               .capacity_n = 1,
                                               .queue_ids = {QUEUE},
                                               .queue_ids_n = 1}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, 3);
    assert_int_equal(wants_advisor(h, ENGLISH, 10 * MINUTE), ACD_DONE);
    uint64_t first = house_last(h, EV_CONTACT_QUEUED)->contact_queued.contact_id;
    assert_int_equal(wants_advisor(h, 2, 0), ACD_DONE);
    assert_int_equal(wants(h, 0, 0), ACD_REFUSED_FULL);
    house_wait(h, MINUTE);
    assert_int_equal(house_last(h, EV_NEEDS_LIFTED)->needs_lifted.why, RING_WHY_FULL);
    assert_int_equal(house_last(h, EV_NEEDS_LIFTED)->needs_lifted.contact_id, first);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_speaks_it_is_offered_though_others_are_idle_for_longer),
        cmocka_unit_test(with_nobody_who_speaks_it_signed_in_anyone_answers_at_once),
        cmocka_unit_test(who_speaks_it_is_waited_for_until_the_time_is_over),
        cmocka_unit_test(when_the_last_who_speaks_it_leaves_anyone_answers_at_once),
        cmocka_unit_test(needs_without_a_time_are_kept_for_ever),
        cmocka_unit_test(the_place_is_kept_when_needs_are_lifted),
        cmocka_unit_test(the_time_at_its_bound_and_past_it),
        cmocka_unit_test(with_no_room_for_a_lane_needs_are_lifted_rather_than_kept),
    };
    return cmocka_run_group_tests_name("acd/needs", tests, NULL, NULL);
}
