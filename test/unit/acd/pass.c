/* pass.c — a conversation that an agent passes on, to another agent or to another queue, and a call
 * that a colleague picks up: the place is kept, and who is named has it at once (voice-script §11).
 */
#include "test/unit/acd/house.h"

static enum acd_verdict pass_to(struct house *h, uint32_t agent_id)
{
    return house_do(
        h, (struct command){.kind = CMD_OFFER_PASS,
                            .offer_pass = {.offer_id = house_offer(h), .agent_id = agent_id}});
}

static const struct event *made(const struct house *h)
{
    return house_last(h, EV_OFFER_MADE);
}

static const struct event *ended(const struct house *h)
{
    return house_last(h, EV_OFFER_ENDED);
}

/* Agent 1 speaks with a caller since so long; agent 2 is there too. */
static struct house *speaking(ms_t since_ms)
{
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_confirm(h, true);
    house_wait(h, since_ms);
    house_staff(h, 2, 0);
    return h;
}

static void pause_for_a_call(struct house *h, uint32_t agent_id, enum pause reason)
{
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = agent_id, .reason = reason}});
}

static void a_conversation_goes_to_the_agent_who_is_named(void **state)
{
    (void)state;
    struct house *h = speaking(MINUTE);
    uint64_t call = made(h)->offer_made.call_id;
    house_caller(h); /* was there before, and goes to agent 2, who would be next */
    house_staff(h, 3, 0);
    const struct event *first = NULL;
    for (unsigned i = 0; i < h->said_n && !first; i++)
        first = h->said[i].kind == EV_OFFER_MADE ? &h->said[i] : NULL;
    const struct command pass = {.kind = CMD_OFFER_PASS,
                                 .offer_pass = {.offer_id = first->id, .agent_id = 3}};
    assert_int_equal(house_do(h, pass), ACD_DONE);
    assert_int_equal(made(h)->offer_made.agent_id, 3);
    assert_int_equal(made(h)->offer_made.call_id, call);
    assert_int_equal(made(h)->offer_made.rule, RULE_PASSED);
    assert_int_equal(ended(h)->offer_ended.why, OFFER_END_PASSED);
    assert_true(ended(h)->offer_ended.counts);
    assert_int_equal(house_last(h, EV_AGENT_WRAP_UP)->agent_wrap_up.agent_id, 1);
    house_drop(h);
}

static void the_wait_goes_on_where_it_was_when_nobody_takes_it(void **state)
{
    (void)state;
    struct house *h = speaking(MINUTE);
    uint64_t first = made(h)->offer_made.contact_id;
    pass_to(h, 2);
    house_caller(h); /* waits behind */
    house_wait(h, 15000);
    assert_int_equal(ended(h)->offer_ended.why, OFFER_END_NO_ANSWER);
    assert_int_equal(house_last(h, EV_CONTACT_RETURNED)->contact_returned.contact_id, first);
    house_staff(h, 3, 0);
    assert_int_equal(made(h)->offer_made.contact_id, first);
    assert_int_equal(made(h)->offer_made.rule, RULE_RETURNED);
    house_drop(h);
}

static void who_was_spoken_to_first_takes_the_caller_although_others_wait(void **state)
{
    (void)state;
    struct house *h = speaking(MINUTE);
    uint64_t offer = made(h)->id;
    pause_for_a_call(h, 2, PAUSE_CALLING);
    house_caller(h);
    assert_int_equal(made(h)->id, offer); /* agent 2 is spoken to: the second one waits */
    assert_int_equal(pass_to(h, 2), ACD_DONE);
    assert_int_equal(made(h)->offer_made.agent_id, 2);
    assert_int_equal(made(h)->offer_made.rule, RULE_PASSED);
    house_drop(h);
}

static void only_a_free_agent_can_be_named(void **state)
{
    (void)state;
    struct house *h = speaking(MINUTE);
    assert_int_equal(pass_to(h, 1), ACD_REFUSED_STATE); /* itself */
    assert_int_equal(pass_to(h, 9), ACD_REFUSED_UNKNOWN);
    pause_for_a_call(h, 2, PAUSE_MEAL);
    assert_int_equal(pass_to(h, 2), ACD_REFUSED_STATE);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 2);
    assert_int_equal(pass_to(h, 2), ACD_REFUSED_STATE);
    assert_int_equal(house_count(h, EV_OFFER_ENDED), 0);
    house_drop(h);
}

static void a_conversation_passed_on_too_soon_is_no_answer_until_the_next_one(void **state)
{
    (void)state;
    struct house *h = speaking(ACD_ANSWERED_MS_MIN - 1);
    uint64_t call = made(h)->offer_made.call_id;
    pass_to(h, 2);
    assert_false(ended(h)->offer_ended.counts);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_count(h, EV_CALL_PENDING), 1); /* cut off, unless we call back */
    house_drop(h);
}

static void a_call_that_rings_is_picked_up_by_a_colleague(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_staff(h, 2, 0);
    assert_int_equal(pass_to(h, 2), ACD_DONE);
    assert_int_equal(ended(h)->offer_ended.why, OFFER_END_PICKED_UP);
    assert_int_equal(made(h)->offer_made.agent_id, 2);
    assert_int_equal(made(h)->offer_made.rule, RULE_PICKED_UP);
    house_caller(h); /* who did not answer was not at fault: is free */
    assert_int_equal(made(h)->offer_made.agent_id, 1);
    assert_int_equal(house_count(h, EV_AGENT_PAUSED), 0);
    house_drop(h);
}

static void a_written_contact_is_not_passed_on_like_a_call(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_do(h, house_queue(house_call_by(h, CHANNEL_TEXT)));
    house_confirm(h, true);
    house_staff(h, 2, 0);
    assert_int_equal(pass_to(h, 2), ACD_REFUSED_STATE);
    house_drop(h);
}

static void a_robot_does_not_get_the_callers_of_production(void **state)
{
    (void)state;
    struct house *h = speaking(MINUTE);
    struct command queue = house_queue_set(QUEUE);
    queue.queue_set.is_production = true;
    house_do(h, queue);
    house_do(h,
             (struct command){
                 .kind = CMD_AGENT_SET,
                 .agent_set = {.agent_id = 5, .capacity = {1}, .capacity_n = 1, .is_robot = true}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, 5);
    house_agent_does(h, CMD_AGENT_READY, 5);
    assert_int_equal(pass_to(h, 5), ACD_REFUSED_ROBOT);
    house_drop(h);
}

#define OTHER 2

/* Two queues: agents 1 and 2 serve the first, agent 3 the other one. */
static struct house *two_queues(void)
{
    struct house *h = speaking(MINUTE);
    house_do(h, house_queue_set(OTHER));
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = OTHER, .hours = HOURS_OPEN}});
    return h;
}

static void staff_other(struct house *h)
{
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = 3,
                                               .capacity = {1},
                                               .capacity_n = 1,
                                               .queue_ids = {OTHER},
                                               .queue_ids_n = 1}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, 3);
    house_agent_does(h, CMD_AGENT_READY, 3);
}

static enum acd_verdict move_to(struct house *h, uint32_t queue_id)
{
    return house_do(
        h, (struct command){.kind = CMD_OFFER_MOVE,
                            .offer_move = {.offer_id = house_offer(h), .queue_id = queue_id}});
}

static void a_caller_who_is_sent_to_another_queue_keeps_the_place(void **state)
{
    (void)state;
    struct house *h = two_queues();
    uint64_t call = made(h)->offer_made.call_id, second;
    ms_t place_at = house_last(h, EV_CONTACT_OPENED)->contact_opened.place_at;
    second = house_call_by(h, CHANNEL_PHONE); /* came later, and waits there already */
    house_do(h, (struct command){.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = second, .queue_id = OTHER}});
    house_wait(h, MINUTE);
    assert_int_equal(move_to(h, OTHER), ACD_DONE);
    assert_int_equal(ended(h)->offer_ended.why, OFFER_END_PASSED);
    assert_true(ended(h)->offer_ended.counts);
    assert_int_equal(house_last(h, EV_CONTACT_MOVED)->contact_moved.queue_id, QUEUE);
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.call_id, call);
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.queue_id, OTHER);
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.key_at, place_at);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, 0);
    assert_int_equal(house_last(h, EV_AGENT_WRAP_UP)->agent_wrap_up.agent_id, 1);
    staff_other(h);
    assert_int_equal(made(h)->offer_made.call_id, call); /* not the second one */
    house_confirm(h, true);
    house_hang_up(h, call, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    assert_int_equal(house_last(h, EV_CALL_OUTCOME)->call_outcome.queue_id, OTHER);
    house_hang_up(h, second, ENDED_BY_CALLER);
    house_drop(h);
}

static void somebody_free_in_the_other_queue_has_the_caller_at_once(void **state)
{
    (void)state;
    struct house *h = two_queues();
    staff_other(h);
    assert_int_equal(move_to(h, OTHER), ACD_DONE);
    assert_int_equal(made(h)->offer_made.agent_id, 3);
    assert_int_equal(made(h)->offer_made.queue_id, OTHER);
    house_drop(h);
}

static void a_queue_that_cannot_take_them_leaves_the_conversation_as_it_is(void **state)
{
    (void)state;
    struct house *h = two_queues();
    assert_int_equal(move_to(h, QUEUE), ACD_REFUSED_STATE);
    assert_int_equal(move_to(h, 9), ACD_REFUSED_UNKNOWN);
    static const enum hours closed[] = {HOURS_CLOSED_PUBLISHED, HOURS_CLOSED_BY_PERSON};
    for (unsigned i = 0; i < ARRAY_LEN(closed); i++) {
        house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                     .queue_hours = {.queue_id = OTHER, .hours = closed[i]}});
        assert_int_equal(move_to(h, OTHER), ACD_REFUSED_CLOSED);
    }
    assert_int_equal(house_count(h, EV_OFFER_ENDED), 0);
    assert_int_equal(house_count(h, EV_CALL_REFUSED), 0);
    house_hang_up(h, made(h)->offer_made.call_id, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    assert_int_equal(move_to(h, OTHER), ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

static void who_only_rings_is_sent_nowhere(void **state)
{
    (void)state;
    struct house *h = two_queues();
    house_caller(h); /* rings at agent 2 */
    assert_int_equal(made(h)->offer_made.agent_id, 2);
    assert_int_equal(move_to(h, OTHER), ACD_REFUSED_STATE);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_goes_to_the_agent_who_is_named),
        cmocka_unit_test(the_wait_goes_on_where_it_was_when_nobody_takes_it),
        cmocka_unit_test(who_was_spoken_to_first_takes_the_caller_although_others_wait),
        cmocka_unit_test(only_a_free_agent_can_be_named),
        cmocka_unit_test(a_conversation_passed_on_too_soon_is_no_answer_until_the_next_one),
        cmocka_unit_test(a_call_that_rings_is_picked_up_by_a_colleague),
        cmocka_unit_test(a_written_contact_is_not_passed_on_like_a_call),
        cmocka_unit_test(a_robot_does_not_get_the_callers_of_production),
        cmocka_unit_test(a_caller_who_is_sent_to_another_queue_keeps_the_place),
        cmocka_unit_test(somebody_free_in_the_other_queue_has_the_caller_at_once),
        cmocka_unit_test(a_queue_that_cannot_take_them_leaves_the_conversation_as_it_is),
        cmocka_unit_test(who_only_rings_is_sent_nowhere),
    };
    return cmocka_run_group_tests_name("acd/pass", tests, NULL, NULL);
}
