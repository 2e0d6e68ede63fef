/* lines_practice.c — an agent practises: the telephone rings, a robot speaks, nothing counts, and
 * everything is as before; who may not, and what comes in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "acd/look.h"
#include "app/line_practice.h"
#include "directory/commands.h"
#include "test/support/reception_deeds.h"

static struct acd_agent_look look(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look;
}

/* Agents 1 and 2 are signed in, on pause, so that neither is alone. */
static struct reception *two_signed_in(void)
{
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    sign_in(r, 2);
    return r;
}

/* Agent 1 dials *76, hears that nothing counts, and hangs up or is hung up. */
static void wishes(struct reception *r)
{
    uint64_t id = arrive_as(r, 1, "*76", "101");
    up(r, id);
    assert_true(hears(r, id, PROMPT_AGENT_PRACTICE));
    hears_all(r, id);
    assert_true(leg(r, id)->was_hung_up);
}

static uint64_t begins(struct reception *r)
{
    wishes(r);
    uint64_t rings = rings_at(r, 1);
    assert_int_not_equal(rings, 0);
    return rings;
}

/* The robot's three sentences, with time to answer each. */
static void speaks(struct reception *r, uint64_t agent)
{
    static const unsigned said[] = {PROMPT_PRACTICE_ASK, PROMPT_PRACTICE_MORE, PROMPT_PRACTICE_BYE};
    for (unsigned i = 0; i < ARRAY_LEN(said); i++) {
        hears_all(r, agent);
        assert_false(hears(r, agent, said[i]));
        pass(r, i ? 12000 : 5000);
        assert_true(hears(r, agent, said[i]));
        assert_false(leg(r, agent)->sound.stops_on_key);
    }
    hears_all(r, agent);
    pass(r, 2000);
}

/* How many agents serve the queue of health. */
static uint32_t serving_n(struct reception *r)
{
    struct acd_look_queue q;
    uint32_t slot = acd_look_queue_slot(r->acd, HEALTH);
    assert_true(acd_look_queue(r->acd, slot, r->now_at, &q));
    return q.agents_n;
}

static bool serves_both(struct reception *r, uint32_t agent)
{
    struct command set = directory_agent_command(r->directory, agent - 1);
    return serving_n(r) == PREMISES_AGENTS && reception_do(r, set) == ACD_NOTHING;
}

static void the_telephone_rings_a_robot_speaks_and_nothing_counts(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t agent = begins(r);
    pass(r, 8000); /* it may ring */
    up(r, agent);
    assert_true(hears(r, agent, PROMPT_AGENT_PRACTICE));
    assert_int_equal(leg(r, agent)->sound.then, MEDIA_SILENCE);
    assert_int_equal(look(r, 1).state, AGENT_STATE_JOINED);
    speaks(r, agent);
    assert_int_equal(outcome(r), OUTCOME_TEST);
    assert_int_equal(events(r, EV_CALL_OUTCOME), 1);
    assert_true(hears(r, agent, PROMPT_AGENT_PAUSE_OK));
    hears_all(r, agent);
    pass(r, 60000);
    assert_true(is_over(r, agent));
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(look(r, 1).state, AGENT_STATE_PAUSED);
    assert_int_equal(look(r, 1).pause, PAUSE_SIGN_IN);
    assert_true(serves_both(r, 1));
    reception_drop(r);
}

static void who_was_at_work_wraps_up_and_is_at_work_again(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    uint64_t agent = begins(r);
    up(r, agent);
    speaks(r, agent);
    assert_true(hears(r, agent, PROMPT_AGENT_WRAP));
    assert_int_equal(look(r, 1).state, AGENT_STATE_WRAP_UP);
    press(r, agent, '1');
    assert_int_equal(look(r, 1).state, AGENT_STATE_READY);
    assert_true(serves_both(r, 1));
    uint64_t caller = in_queue(r);
    assert_int_not_equal(rings_at(r, 1), 0);
    assert_false(is_over(r, caller));
    reception_drop(r);
}

static void an_agent_who_hangs_up_ends_it(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t agent = begins(r);
    up(r, agent);
    hears_all(r, agent);
    ends(r, agent, false);
    turn(r);
    assert_int_equal(outcome(r), OUTCOME_TEST);
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(look(r, 1).state, AGENT_STATE_PAUSED);
    assert_true(serves_both(r, 1));
    reception_drop(r);
}

static void who_does_not_answer_is_as_before(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t agent = begins(r);
    pass(r, 29900);
    assert_int_equal(rings_at(r, 1), agent);
    pass(r, 2200);
    assert_true(is_over(r, agent));
    assert_int_equal(outcome(r), OUTCOME_TEST);
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(look(r, 1).state, AGENT_STATE_PAUSED);
    assert_true(serves_both(r, 1));
    reception_drop(r);
}

static void a_telephone_that_refuses_ends_it(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t agent = begins(r);
    refuses(r, agent, 486);
    pass(r, 5000);
    assert_int_equal(outcome(r), OUTCOME_TEST);
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(rings_at(r, 1), 0);
    assert_true(serves_both(r, 1));
    reception_drop(r);
}

static void the_end_of_the_service_gives_the_agent_back(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    begins(r);
    lines_drain(r->lines);
    turn(r);
    assert_int_equal(look(r, 1).state, AGENT_STATE_PAUSED);
    assert_true(serves_both(r, 1));
    assert_int_equal(outcome(r), OUTCOME_TEST);
    reception_drop(r);
}

/* The journal has the agent ready, in the practice queue alone. */
static void a_crash_leaves_nobody_ready_by_surprise(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t agent = begins(r);
    up(r, agent);
    notebook_crash(&r->book);
    reception_start(r);
    lines_begin(r->lines);
    turn(r);
    assert_int_equal(look(r, 1).state, AGENT_STATE_PAUSED);
    assert_int_equal(look(r, 2).state, AGENT_STATE_PAUSED);
    reception_do(r, directory_agent_command(r->directory, 0));
    assert_true(serves_both(r, 1));
    reception_drop(r);
}

/* ---- who may not ---------------------------------------------------------------------------- */

static void is_told_no(struct reception *r)
{
    uint64_t id = arrive_as(r, 1, "*76", "101");
    up(r, id);
    assert_true(hears(r, id, PROMPT_AGENT_PRACTICE_NOT));
    hears_all(r, id);
    assert_int_equal(rings_at(r, 1), 0);
    assert_int_equal(lines_n(r->lines) > 1, 0);
}

static void the_only_one_signed_in_practises_when_all_is_closed(void **state)
{
    (void)state;
    const uint32_t queues[] = {HEALTH, FAMILY};
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    is_told_no(r);
    for (unsigned i = 0; i < ARRAY_LEN(queues); i++)
        reception_do(r, (struct command){.kind = CMD_QUEUE_HOURS,
                                         .queue_hours = {.queue_id = queues[i],
                                                         .hours = HOURS_CLOSED_PUBLISHED}});
    begins(r);
    reception_drop(r);
}

static void nobody_practises_while_somebody_waits(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    uint64_t caller = in_queue(r);
    is_told_no(r);
    ends(r, caller, false);
    begins(r);
    reception_drop(r);
}

static void who_is_not_signed_in_is_asked_for_the_code(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = arrive_as(r, 1, "*76", "101");
    up(r, id);
    assert_true(hears(r, id, PROMPT_AGENT_CODE));
    reception_drop(r);
}

/* ---- in between ----------------------------------------------------------------------------- */

static void a_caller_is_not_given_to_who_practises_nor_the_robot_to_others(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {2}});
    uint64_t practice = begins(r);
    assert_int_equal(rings_at(r, 2), 0);
    assert_int_equal(serving_n(r), PREMISES_AGENTS - 1);
    uint64_t caller = in_queue(r);
    assert_int_not_equal(rings_at(r, 2), 0);
    refuses(r, practice, 603);
    pass(r, 5000);
    assert_int_equal(rings_at(r, 1), 0); /* was on pause, and is */
    assert_false(is_over(r, caller));
    reception_drop(r);
}

static void a_caller_who_comes_meanwhile_is_offered_when_it_is_over(void **state)
{
    (void)state;
    struct reception *r = two_signed_in();
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    uint64_t agent = begins(r);
    up(r, agent);
    uint64_t caller = in_queue(r);
    assert_false(is_over(r, caller)); /* agent 2 may come back: the caller waits */
    speaks(r, agent);
    press(r, agent, '1');
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void sixteen_practise_at_once_and_not_one_more(void **state)
{
    (void)state;
    struct acd_agent_look free = {.state = AGENT_STATE_PAUSED};
    struct reception *r = reception_open(32);
    for (uint32_t i = 1; i <= PREMISES_AGENTS; i++)
        sign_in(r, i);
    unsigned n = 0;
    for (uint32_t i = 1; i < PREMISES_AGENTS; i++) {
        line_practice_begin(r->lines, i);
        turn(r);
        n += rings_at(r, i) != 0;
    }
    assert_int_equal(n, PREMISES_AGENTS - 1);
    r->lines->practices_n = LINES_PRACTICES_MAX - 1;
    assert_true(line_practice_may(r->lines, &free));
    r->lines->practices_n = LINES_PRACTICES_MAX;
    assert_false(line_practice_may(r->lines, &free));
    r->lines->practices_n = PREMISES_AGENTS - 1;
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_telephone_rings_a_robot_speaks_and_nothing_counts),
        cmocka_unit_test(who_was_at_work_wraps_up_and_is_at_work_again),
        cmocka_unit_test(an_agent_who_hangs_up_ends_it),
        cmocka_unit_test(who_does_not_answer_is_as_before),
        cmocka_unit_test(a_telephone_that_refuses_ends_it),
        cmocka_unit_test(the_end_of_the_service_gives_the_agent_back),
        cmocka_unit_test(a_crash_leaves_nobody_ready_by_surprise),
        cmocka_unit_test(the_only_one_signed_in_practises_when_all_is_closed),
        cmocka_unit_test(nobody_practises_while_somebody_waits),
        cmocka_unit_test(who_is_not_signed_in_is_asked_for_the_code),
        cmocka_unit_test(a_caller_is_not_given_to_who_practises_nor_the_robot_to_others),
        cmocka_unit_test(a_caller_who_comes_meanwhile_is_offered_when_it_is_over),
        cmocka_unit_test(sixteen_practise_at_once_and_not_one_more),
    };
    return cmocka_run_group_tests_name("app/lines_practice", tests, NULL, NULL);
}
