/* lines_missed.c — a call that an agent did not take: told on the telephone's next use, and by a
 * short call of ours when nobody else is at work; not after the agent is back by other means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

#define OFFER_MS 15000

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

/* Agent 1 was rung for a caller, and nobody picked up; the caller has gone. */
static struct reception *missed(uint32_t others)
{
    struct reception *r = reception_open(8);
    get_ready(r, 1);
    for (uint32_t i = 0; i < others; i++)
        get_ready(r, 2 + i);
    uint64_t caller = in_queue(r);
    assert_int_not_equal(rings_at(r, 1), 0);
    pass(r, OFFER_MS);
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    ends(r, caller, false);
    return r;
}

static uint64_t calls_us(struct reception *r, const char *code)
{
    uint64_t id = arrive_as(r, 1, code, "");
    up(r, id);
    return id;
}

static void the_next_use_of_the_telephone_tells_it_and_a_key_brings_back(void **state)
{
    (void)state;
    struct reception *r = missed(0);
    uint64_t id = calls_us(r, "*75");
    assert_true(hears(r, id, PROMPT_AGENT_MISSED));
    assert_true(hears(r, id, PROMPT_AGENT_MISSED_RESUME));
    press(r, id, '2');
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    press(r, id, '1');
    hears_all(r, id);
    assert_true(is_over(r, id));
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    id = calls_us(r, "*75"); /* it was told */
    assert_false(hears(r, id, PROMPT_AGENT_MISSED));
    reception_drop(r);
}

static void three_minutes_later_the_only_agent_is_called(void **state)
{
    (void)state;
    struct reception *r = missed(0);
    pass(r, LINES_MISSED_CALL_MS - 1000);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 1000);
    uint64_t id = rings_at(r, 1);
    assert_int_not_equal(id, 0);
    up(r, id);
    assert_true(hears(r, id, PROMPT_AGENT_MISSED));
    press(r, id, '1');
    hears_all(r, id);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    reception_drop(r);
}

static void nobody_picks_up_that_either_and_it_stays_a_pause(void **state)
{
    (void)state;
    struct reception *r = missed(0);
    pass(r, LINES_MISSED_CALL_MS);
    uint64_t id = rings_at(r, 1);
    assert_int_not_equal(id, 0);
    pass(r, LINES_MISSED_RING_MS);
    assert_true(is_over(r, id));
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    pass(r, LINES_MISSED_CALL_MS); /* not again */
    assert_int_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void while_another_is_at_work_nobody_is_called(void **state)
{
    (void)state;
    struct reception *r = missed(1);
    pass(r, LINES_MISSED_CALL_MS + 1000);
    assert_int_equal(rings_at(r, 1), 0);
    uint64_t id = calls_us(r, "*75"); /* but told */
    assert_true(hears(r, id, PROMPT_AGENT_MISSED));
    reception_drop(r);
}

static void who_is_back_is_neither_called_nor_told(void **state)
{
    (void)state;
    struct reception *r = missed(0);
    uint64_t id = calls_us(r, "*72");
    hears_all(r, id);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    pass(r, LINES_MISSED_CALL_MS + 1000);
    assert_int_equal(rings_at(r, 1), 0);
    id = calls_us(r, "*731");
    hears_all(r, id);
    id = calls_us(r, "*75");
    assert_true(hears(r, id, PROMPT_AGENT_PAUSE_OK));
    reception_drop(r);
}

static void a_telephone_that_refuses_that_call_is_left_alone(void **state)
{
    (void)state;
    struct reception *r = missed(0);
    pass(r, LINES_MISSED_CALL_MS);
    uint64_t id = rings_at(r, 1);
    refuses(r, id, 486);
    pass(r, LINES_MISSED_CALL_MS);
    assert_int_equal(rings_at(r, 1), 0);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_use_of_the_telephone_tells_it_and_a_key_brings_back),
        cmocka_unit_test(three_minutes_later_the_only_agent_is_called),
        cmocka_unit_test(nobody_picks_up_that_either_and_it_stays_a_pause),
        cmocka_unit_test(while_another_is_at_work_nobody_is_called),
        cmocka_unit_test(who_is_back_is_neither_called_nor_told),
        cmocka_unit_test(a_telephone_that_refuses_that_call_is_left_alone),
    };
    return cmocka_run_group_tests_name("app/lines_missed", tests, NULL, NULL);
}
