/* outcome.c — the class of a call, rule by rule (design §3.5). */
#include "test/unit/acd/house.h"

static void end_offer(struct house *h, enum offer_end why)
{
    house_do(h, (struct command){.kind = CMD_OFFER_END,
                                 .offer_end = {.offer_id = house_offer(h), .why = why}});
}

static void a_conversation_with_media_from_both_sides_is_answered(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_caller(h);
    house_confirm(h, true);
    house_wait(h, 3000);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    house_drop(h);
}

static void a_confirmation_without_media_is_cut_off(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_caller(h);
    house_confirm(h, false);
    house_wait(h, 60000);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

static void when_our_side_hangs_up_within_ten_seconds_the_class_waits_for_closing(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_caller(h);
    house_confirm(h, true);
    house_wait(h, ACD_ANSWERED_MS_MIN - 1);
    end_offer(h, OFFER_END_FINISHED);
    house_hang_up(h, call, ENDED_BY_SYSTEM);
    assert_int_equal(house_outcome(h), OUTCOME_NONE);
    assert_int_equal(house_count(h, EV_CALL_PENDING), 1);
    house_do(h, (struct command){.kind = CMD_DAY_CLOSE});
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

static void when_our_side_hangs_up_after_ten_seconds_it_is_answered(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_caller(h);
    house_confirm(h, true);
    house_wait(h, ACD_ANSWERED_MS_MIN);
    end_offer(h, OFFER_END_FINISHED);
    house_hang_up(h, call, ENDED_BY_SYSTEM);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    house_drop(h);
}

static void hanging_up_before_ten_seconds_of_queue_is_a_short_abandon(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h); /* keeps the only agent */
    uint64_t call = house_caller(h);
    house_wait(h, 9999);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED_SHORT);
    house_drop(h);
}

static void hanging_up_at_ten_seconds_is_an_abandon(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    uint64_t call = house_caller(h);
    house_wait(h, 10000);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    house_drop(h);
}

static void nobody_signed_in_at_any_moment_is_turned_away(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_wait(h, 1);
    uint64_t call = house_caller(h);
    house_wait(h, 5 * MINUTE);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY);
    house_drop(h);
}

static void an_agent_there_for_an_instant_makes_it_an_abandon(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_wait(h, 1);
    uint64_t call = house_caller(h);
    house_wait(h, MINUTE);
    house_agent_does(h, CMD_AGENT_SIGN_IN, 1); /* paused, then gone: but there */
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_wait(h, MINUTE);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    house_drop(h);
}

static void set_hours(struct house *h, enum hours hours)
{
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = QUEUE, .hours = hours}});
}

static void outside_the_published_hours_is_out_of_hours(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    set_hours(h, HOURS_CLOSED_PUBLISHED);
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    assert_int_equal(house_do(h, house_queue(call)), ACD_REFUSED_CLOSED);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_OUT_OF_HOURS);
    house_drop(h);
}

static void a_queue_closed_by_a_person_turns_away(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    set_hours(h, HOURS_CLOSED_BY_PERSON);
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    assert_int_equal(house_do(h, house_queue(call)), ACD_REFUSED_CLOSED);
    house_hang_up(h, call, ENDED_BY_SYSTEM);
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY);
    house_drop(h);
}

static void a_menu_call_is_resolved_only_when_informed(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_IVR_ABANDONED);
    call = house_call_by(h, CHANNEL_PHONE);
    house_do(h, (struct command){.kind = CMD_CALL_INFORMED, .call_informed = {.call_id = call}});
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_IVR_RESOLVED);
    house_drop(h);
}

static void a_call_joined_to_a_robot_is_a_test(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = 1,
                                               .capacity = {1},
                                               .capacity_n = 1,
                                               .queue_ids = {QUEUE},
                                               .queue_ids_n = 1,
                                               .is_robot = true}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, 1);
    house_agent_does(h, CMD_AGENT_READY, 1);
    uint64_t call = house_caller(h);
    house_confirm(h, true);
    house_wait(h, 30000);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_TEST);
    house_drop(h);
}

static void a_robot_cannot_serve_a_queue_that_production_feeds(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    struct command queue = house_queue_set(2);
    queue.queue_set.is_production = true;
    house_do(h, queue);
    struct command agent = {
        .kind = CMD_AGENT_SET,
        .agent_set = {.agent_id = 1, .queue_ids = {2}, .queue_ids_n = 1, .is_robot = true}};
    assert_int_equal(house_do(h, agent), ACD_REFUSED_ROBOT);
    agent.agent_set.queue_ids[0] = QUEUE;
    assert_int_equal(house_do(h, agent), ACD_DONE);
    queue = house_queue_set(QUEUE);
    queue.queue_set.is_production = true;
    assert_int_equal(house_do(h, queue), ACD_REFUSED_ROBOT);
    house_drop(h);
}

static void a_lost_node_cuts_its_calls_off_and_keeps_their_places(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_confirm(h, true);
    house_caller(h);
    house_wait(h, MINUTE);
    house_do(h, (struct command){.kind = CMD_NODE_LOST});
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), 2);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED); /* the one who spoke for a minute */
    assert_int_equal(house_count(h, EV_CONTACT_DROPPED), 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1); /* nobody who is gone was offered */
    house_wait(h, 10 * MINUTE);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_LAPSED);
    house_drop(h);
}

static void calls_shed_at_the_door_are_counted(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t before = acd_hash(h->acd);
    house_do(h, (struct command){.kind = CMD_SHED,
                                 .shed = {.trunk_id = 1, .n = 7, .quarter_at = h->now_at}});
    assert_int_equal(house_last(h, EV_SHED)->shed.n, 7);
    assert_true(acd_hash(h->acd) != before);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_with_media_from_both_sides_is_answered),
        cmocka_unit_test(a_confirmation_without_media_is_cut_off),
        cmocka_unit_test(when_our_side_hangs_up_within_ten_seconds_the_class_waits_for_closing),
        cmocka_unit_test(when_our_side_hangs_up_after_ten_seconds_it_is_answered),
        cmocka_unit_test(hanging_up_before_ten_seconds_of_queue_is_a_short_abandon),
        cmocka_unit_test(hanging_up_at_ten_seconds_is_an_abandon),
        cmocka_unit_test(nobody_signed_in_at_any_moment_is_turned_away),
        cmocka_unit_test(an_agent_there_for_an_instant_makes_it_an_abandon),
        cmocka_unit_test(outside_the_published_hours_is_out_of_hours),
        cmocka_unit_test(a_queue_closed_by_a_person_turns_away),
        cmocka_unit_test(a_menu_call_is_resolved_only_when_informed),
        cmocka_unit_test(a_call_joined_to_a_robot_is_a_test),
        cmocka_unit_test(a_robot_cannot_serve_a_queue_that_production_feeds),
        cmocka_unit_test(a_lost_node_cuts_its_calls_off_and_keeps_their_places),
        cmocka_unit_test(calls_shed_at_the_door_are_counted),
    };
    return cmocka_run_group_tests_name("acd/outcome", tests, NULL, NULL);
}
