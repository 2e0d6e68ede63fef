/* look.c — the heart seen from outside: what the looks say is what happened. */
#include "acd/look.h"
#include "test/unit/acd/house.h"

static struct acd_look_queue queue(const struct house *h)
{
    struct acd_look_queue q;
    uint32_t slot = acd_look_queue_slot(h->acd, QUEUE);
    assert_int_not_equal(slot, SLOT_NONE);
    assert_true(acd_look_queue(h->acd, slot, h->now_at, &q));
    return q;
}

static struct acd_look_agent agent(const struct house *h, uint32_t id)
{
    struct acd_look_agent a;
    uint32_t slot = acd_look_agent_slot(h->acd, id);
    assert_int_not_equal(slot, SLOT_NONE);
    assert_true(acd_look_agent(h->acd, slot, &a));
    return a;
}

static void who_waits_longest_is_found_behind_a_head_start(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_PRIORITY_SET,
                                 .priority_set = {.priority = 1, .head_start_ms = 10 * MINUTE}});
    house_staff(h, 1, 0);
    house_agent_does(h, CMD_AGENT_PAUSE, 1);
    assert_int_equal(queue(h).asked_at, 0);
    ms_t first_at = h->now_at;
    house_caller(h);
    house_wait(h, MINUTE);
    uint64_t urgent = house_call_by(h, CHANNEL_PHONE);
    struct command cmd = house_queue(urgent);
    cmd.call_queue.priority = 1;
    house_do(h, cmd);
    house_wait(h, MINUTE);
    house_caller(h);
    struct acd_look_queue q = queue(h);
    assert_int_equal(q.waiting_n, 3);
    assert_int_equal(q.asked_at, first_at); /* though the urgent one stands before */
    house_drop(h);
}

static void agents_of_a_queue_are_counted_by_what_they_can_do(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    for (uint32_t id = 1; id <= 4; id++)
        house_staff(h, id, id % 2);
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 2, .reason = PAUSE_MEAL}});
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 3);
    house_caller(h);
    struct acd_look_queue q = queue(h);
    assert_int_equal(q.agents_n, 4);
    assert_int_equal(q.signed_n, 3);
    assert_int_equal(q.active_n, 2);
    assert_int_equal(q.ready_n, 1);
    assert_int_equal(q.hours, HOURS_OPEN);
    struct acd_look_counts counts = acd_look_counts(h->acd);
    assert_int_equal(counts.agents_n[AGENT_STATE_READY], 1);
    assert_int_equal(counts.agents_n[AGENT_STATE_OFFERED], 1);
    assert_int_equal(counts.agents_n[AGENT_STATE_PAUSED], 1);
    assert_int_equal(counts.agents_n[AGENT_STATE_SIGNED_OUT], 1);
    assert_int_equal(counts.contacts_n, 1);
    assert_int_equal(agent(h, 2).pause, PAUSE_MEAL);
    house_drop(h);
}

static void an_agent_is_at_the_queue_of_its_offer_then_of_its_conversation(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    assert_int_equal(agent(h, 1).queue_id, 0);
    uint64_t call_id = house_caller(h);
    assert_int_equal(agent(h, 1).state, AGENT_STATE_OFFERED);
    assert_int_equal(agent(h, 1).queue_id, QUEUE);
    assert_int_equal(agent(h, 1).contacts_n, 0);
    house_confirm(h, true);
    assert_int_equal(agent(h, 1).state, AGENT_STATE_JOINED);
    assert_int_equal(agent(h, 1).queue_id, QUEUE);
    assert_int_equal(agent(h, 1).contacts_n, 1);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    assert_true(agent(h, 1).leaves);
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(agent(h, 1).queue_id, 0);
    house_drop(h);
}

static void what_a_newcomer_would_be_told_is_honest(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    assert_int_equal(queue(h).band, BAND_UNKNOWN); /* nobody is there */
    house_staff(h, 1, 0);
    assert_int_equal(queue(h).band, BAND_B0_2); /* at once */
    house_caller(h);
    house_confirm(h, true);
    assert_int_not_equal(queue(h).band, BAND_B0_2); /* behind a conversation of 5 min */
    house_drop(h);
}

static void a_dropped_agent_and_queue_are_seen_no_more(void **state)
{
    (void)state;
    struct acd_look_agent a;
    struct acd_look_queue q;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint32_t agent_slot = acd_look_agent_slot(h->acd, 1);
    uint32_t queue_slot = acd_look_queue_slot(h->acd, QUEUE);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_agent_does(h, CMD_AGENT_DROP, 1);
    house_do(h, (struct command){.kind = CMD_QUEUE_DROP, .queue_drop = {.queue_id = QUEUE}});
    assert_int_equal(acd_look_agent_slot(h->acd, 1), SLOT_NONE);
    assert_int_equal(acd_look_queue_slot(h->acd, QUEUE), SLOT_NONE);
    assert_false(acd_look_agent(h->acd, agent_slot, &a));
    assert_false(acd_look_queue(h->acd, queue_slot, h->now_at, &q));
    assert_true(acd_look_agents_n(h->acd) > agent_slot && acd_look_queues_n(h->acd) > queue_slot);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_longest_is_found_behind_a_head_start),
        cmocka_unit_test(agents_of_a_queue_are_counted_by_what_they_can_do),
        cmocka_unit_test(an_agent_is_at_the_queue_of_its_offer_then_of_its_conversation),
        cmocka_unit_test(what_a_newcomer_would_be_told_is_honest),
        cmocka_unit_test(a_dropped_agent_and_queue_are_seen_no_more),
    };
    return cmocka_run_group_tests_name("acd/look", tests, NULL, NULL);
}
