/* past.c — what once went wrong: found by a property test, kept here in a few lines each. */
#include "test/unit/acd/house.h"

static const struct acd_limits limits = {
    .contacts_max = 8, .agents_max = 4, .queues_max = 4, .lanes_max = 16};

/* Agent 1 speaks in writing for queue 2 and misses a call of queue 1; the writing ends; queue 1 has
 * nobody else, queue 2 has. It is queue 1 that it must come back for. */
static void a_pause_remembers_the_queue_of_the_missed_offer(void **state)
{
    (void)state;
    struct house *h = house_open(&limits);
    house_furnish(h);
    house_do(h, house_queue(2));
    house_do(h, house_hours(2, HOURS_OPEN));
    struct command agent = house_agent(1, 1);
    agent.agent_set.queue_ids[1] = 2;
    agent.agent_set.queue_ids_n = 2;
    house_do(h, agent);
    house_do(h, house_agent(2, 2));
    house_sign_in(h, 1, true);
    uint64_t text = house_call(h, CHANNEL_TEXT, 2);
    uint64_t offer_id = house_last(h, EV_OFFER_MADE)->id;
    house_do(h, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm.offer_id = offer_id});
    house_call(h, CHANNEL_TEXT, 1); /* rings, unanswered */
    house_sign_in(h, 2, true);
    house_wait(h, 20000);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.queue_id, 1);
    house_do(h, (struct command){.kind = CMD_CALL_ENDED, .call_ended = {.call_id = text}});
    house_wait(h, 600000);
    assert_true(house_last(h, EV_AGENT_READY)->agent_ready.by_itself);
    house_close(h);
}

/* The last agent leaves and, in the same millisecond but after it, somebody asks: nobody was there
 * at any moment of this wait. */
static void who_leaves_before_the_wait_was_not_there(void **state)
{
    (void)state;
    struct house *h = house_open(&limits);
    house_furnish(h);
    house_do(h, house_agent(1, 1));
    house_sign_in(h, 1, false);
    house_call(h, CHANNEL_PHONE, 1); /* keeps the group of the waiting alive */
    house_do(h, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out.agent_id = 1});
    uint64_t second = house_call(h, CHANNEL_PHONE, 1);
    house_wait(h, 30000);
    house_do(h, (struct command){.kind = CMD_CALL_ENDED, .call_ended = {.call_id = second}});
    assert_int_equal(house_last(h, EV_CALL_OUTCOME)->call_outcome.outcome, OUTCOME_TURNED_AWAY);
    house_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_remembers_the_queue_of_the_missed_offer),
        cmocka_unit_test(who_leaves_before_the_wait_was_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
