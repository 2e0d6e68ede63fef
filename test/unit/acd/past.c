/* past.c — what once went wrong: found by a property test, kept here in a few lines each. */
#include "test/unit/acd/house.h"

static void do_agent(struct house *h, uint32_t id, uint32_t queue_id, uint32_t second_id)
{
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = id,
                                               .capacity = {1, 2},
                                               .capacity_n = 2,
                                               .queue_ids = {queue_id, second_id},
                                               .queue_ids_n = second_id ? 2 : 1}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, id);
    house_agent_does(h, CMD_AGENT_READY, id);
}

static uint64_t text_for(struct house *h, uint32_t queue_id)
{
    uint64_t call = house_call_by(h, CHANNEL_TEXT);
    struct command queue = house_queue(call);
    queue.call_queue.queue_id = queue_id;
    house_do(h, queue);
    return call;
}

/* Agent 1 speaks in writing for queue 2 and misses a call of queue 1; the writing ends; queue 1 has
 * nobody else, queue 2 has. It is queue 1 that it must come back for. */
static void a_pause_remembers_the_queue_of_the_missed_offer(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, house_queue_set(2));
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = 2, .hours = HOURS_OPEN}});
    do_agent(h, 1, QUEUE, 2);
    uint64_t text = text_for(h, 2);
    house_confirm(h, true);
    text_for(h, QUEUE); /* rings, unanswered */
    do_agent(h, 2, 2, 0);
    house_wait(h, 15000);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.queue_id, QUEUE);
    house_hang_up(h, text, ENDED_BY_CALLER);
    house_wait(h, 10 * MINUTE);
    assert_true(house_last(h, EV_AGENT_READY)->agent_ready.by_itself);
    house_drop(h);
}

/* The last agent leaves and, in the same millisecond but after it, somebody asks: nobody was there
 * at any moment of this wait. */
static void who_leaves_before_the_wait_was_not_there(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h); /* keeps the group of the waiting alive */
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    uint64_t second = house_caller(h);
    house_wait(h, 30000);
    house_hang_up(h, second, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_remembers_the_queue_of_the_missed_offer),
        cmocka_unit_test(who_leaves_before_the_wait_was_not_there),
    };
    return cmocka_run_group_tests_name("acd/past", tests, NULL, NULL);
}
