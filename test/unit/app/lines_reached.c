/* lines_reached.c — who is called back wants no call, and a machine that opens: what a key, a voice
 * and silence bring, and when « c’est noté » is said. Over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/reception_back.h"

#define CALLER UINT64_C(33536491234) /* of in_queue() */
#define AUTOMATIC UINT64_C(33568123456)
#define AUTOMATIC_SHOWN "33568123456"

/* The settings are read again: a machine opens from now on. */
static void open_by_a_machine(struct reception *r)
{
    r->automatic_e164 = AUTOMATIC;
    const struct lines_args args = {.directory = r->directory,
                                    .flows = r->flows,
                                    .codes = r->codes,
                                    .flows_n = 2,
                                    .codes_n = PREMISES_AGENTS,
                                    .short_codes = r->short_codes,
                                    .language_ms = r->language_ms,
                                    .offer_callback_ms = r->offer_callback_ms,
                                    .automatic_e164 = AUTOMATIC};
    lines_follow(r->lines, &args);
}

static struct reception *open_robot(void)
{
    struct reception *r = back_open_listing();
    open_by_a_machine(r);
    return r;
}

/* Promised; the machine's sentence has begun there, and the agent hears it ring. */
static uint64_t opened(struct reception *r, uint64_t *agent)
{
    back_promised(r);
    uint64_t far = back_ringing(r, agent);
    assert_int_not_equal(far, 0);
    assert_string_equal(leg(r, far)->caller, AUTOMATIC_SHOWN);
    up(r, far);
    assert_true(hears(r, far, PROMPT_CB_ROBOT));
    assert_int_equal(leg(r, *agent)->sound.loop_id, PROMPT_TONE_RING);
    return far;
}

static bool is_bridged(struct reception *r, uint64_t a, uint64_t b)
{
    return leg(r, a)->sound.then == MEDIA_BRIDGE && leg(r, a)->sound.peer_id == b &&
           leg(r, b)->sound.then == MEDIA_BRIDGE && leg(r, b)->sound.peer_id == a;
}

/* ---- said to the agent -------------------------------------------------------------------- */

static void who_wants_no_call_any_more_hears_so_after_the_commit(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent;
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    press(r, agent, '4'); /* it rings: nobody has said anything */
    assert_false(is_over(r, far));
    up(r, far);
    r->commits = false;
    press(r, agent, '4');
    assert_true(is_over(r, agent));
    assert_false(is_over(r, far));
    assert_false(hears(r, far, PROMPT_CB_CANCEL));
    r->commits = true;
    pass(r, 10);
    assert_true(hears(r, far, PROMPT_CB_CANCEL));
    hears_all(r, far);
    assert_true(is_over(r, far));
    assert_int_equal(outcome(r), OUTCOME_ABANDONED);
    assert_int_equal(last(r, EV_CONTACT_SETTLED).contact_settled.how, SETTLED_CANCELLED);
    assert_int_equal(events(r, EV_CALLBACK_TRIED), 0);
    pass(r, 3 * BACK_GAP_MS);
    assert_int_equal(back_dials_n(r), 1);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* The disk says nothing: neither do we. */
static void nothing_is_said_of_what_is_not_on_disk(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent;
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    r->commits = false;
    press(r, agent, '4');
    pass(r, APP_PROMISE_MS + 999);
    assert_false(is_over(r, far));
    pass(r, 1);
    assert_true(is_over(r, far));
    assert_false(hears(r, far, PROMPT_CB_CANCEL));
    reception_drop(r);
}

static void who_says_never_again_is_called_by_no_machine(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint64_t agent;
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    press(r, agent, '9');
    assert_true(hears(r, far, PROMPT_CB_NEVER));
    assert_int_equal(last(r, EV_NEVER_LISTED).never_listed.listed_n, 1);
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_YES);
    ends(r, far, false);
    assert_int_equal(lines_n(r->lines), 0);
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NUMBER_REFUSED));
    reception_drop(r);
}

/* Forty people behind one number: one of them is not all. */
static void a_line_of_many_is_not_listed_by_one(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint64_t agent;
    back_promised(r);
    static const uint64_t shared[] = {CALLER};
    r->directory->shared = (uint64_t *)shared;
    r->directory->shared_n = 1;
    map_put(&r->directory->shared_of, CALLER, 0);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    press(r, agent, '9');
    assert_true(hears(r, far, PROMPT_CB_CANCEL));
    assert_int_equal(events(r, EV_NEVER_LISTED), 0);
    assert_int_equal(events(r, EV_CALLBACK_CANCELLED), 1);
    reception_drop(r);
}

static void who_has_hung_up_may_still_have_said_so(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint64_t agent;
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    ends(r, far, false);
    press(r, agent, '9');
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_YES);
    assert_int_equal(last(r, EV_CONTACT_SETTLED).contact_settled.how, SETTLED_CANCELLED);
    assert_true(is_over(r, agent));
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* ---- a machine opens ---------------------------------------------------------------------- */

static void the_number_that_is_told_is_the_one_that_calls(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t id = in_queue(r);
    back_arranges(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    assert_true(hears(r, id, say_named("pair.68.m")));
    assert_false(hears(r, id, say_named("pair.49.m")));
    reception_drop(r);
}

static void a_key_brings_the_agent_and_says_that_it_is_a_person(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t agent, far = opened(r, &agent);
    press(r, agent, '1'); /* who it is, nobody knows yet */
    press(r, agent, '4');
    assert_true(hears(r, far, PROMPT_CB_ROBOT));
    press(r, far, '5');
    assert_true(is_bridged(r, far, agent));
    assert_true(hears(r, agent, PROMPT_TONE_CONNECT));
    assert_int_equal(events(r, EV_OFFER_JOINED), 1);
    heard(r, agent);
    heard(r, far);
    pass(r, 60000);
    ends(r, far, false);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    reception_drop(r);
}

static void a_voice_brings_the_agent_who_says_whose_it_is(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t agent, far = opened(r, &agent);
    has_voice(r, far);
    assert_true(is_bridged(r, far, agent));
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    press(r, agent, '2');
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_MACHINE);
    assert_true(is_over(r, far));
    reception_drop(r);
}

static void who_says_nothing_is_nobody(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t agent, far = opened(r, &agent);
    pass(r, 60000); /* the sentence is not over */
    assert_false(is_over(r, far));
    hears_all(r, far);
    pass(r, 7999);
    assert_false(is_over(r, far));
    pass(r, 1);
    assert_true(is_over(r, far));
    assert_true(is_over(r, agent));
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_NOBODY);
    reception_drop(r);
}

static void who_hangs_up_on_the_machine_was_not_spoken_with(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t agent, far = opened(r, &agent);
    ends(r, far, false);
    assert_true(is_over(r, agent));
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_NOBODY);
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.attempts_n, 1);
    reception_drop(r);
}

static void nine_means_never_again(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    uint64_t agent, far = opened(r, &agent);
    r->commits = false;
    press(r, far, '9');
    assert_true(is_over(r, agent));
    assert_false(hears(r, far, PROMPT_CB_NEVER));
    r->commits = true;
    pass(r, 10);
    assert_true(hears(r, far, PROMPT_CB_NEVER));
    hears_all(r, far);
    assert_true(is_over(r, far));
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_YES);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* The machine's sentence says whose call it is. */
static void a_discreet_call_is_a_humans_from_the_published_number(void **state)
{
    (void)state;
    struct reception *r = open_robot();
    static const uint64_t shared[] = {CALLER};
    uint64_t agent;
    r->directory->shared = (uint64_t *)shared;
    r->directory->shared_n = 1;
    map_put(&r->directory->shared_of, CALLER, 0);
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    assert_string_not_equal(leg(r, far)->caller, AUTOMATIC_SHOWN);
    up(r, far);
    assert_true(is_bridged(r, far, agent));
    assert_int_equal(leg(r, far)->sound.n, 0);
    reception_drop(r);
}

/* What was promised from another number is a human's. */
static void who_was_told_another_number_is_called_from_it(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent;
    back_promised(r);
    open_by_a_machine(r);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    assert_true(is_bridged(r, far, agent));
    reception_drop(r);
}

/* ---- said in a conversation --------------------------------------------------------------- */

static uint64_t speaks_with(struct reception *r, uint64_t *agent)
{
    get_ready(r, 1);
    uint64_t caller = in_queue(r);
    *agent = rings_at(r, 1);
    up(r, *agent);
    heard(r, *agent);
    heard(r, caller);
    pass(r, 30000);
    return caller;
}

static void a_caller_who_asks_never_to_be_called_hears_that_it_is_noted(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint64_t agent, caller = speaks_with(r, &agent);
    r->commits = false;
    press_all(r, agent, "*6");
    press_all(r, agent, "*6"); /* again, in haste */
    assert_false(hears(r, caller, PROMPT_CB_NEVER));
    r->commits = true;
    pass(r, 10);
    assert_true(hears(r, caller, PROMPT_CB_NEVER));
    assert_true(is_bridged(r, caller, agent));
    assert_int_equal(events(r, EV_NEVER_LISTED), 1);
    hears_all(r, caller);
    press_all(r, agent, "*6"); /* it is so already */
    assert_true(hears(r, caller, PROMPT_CB_NEVER));
    assert_int_equal(events(r, EV_NEVER_LISTED), 1);
    ends(r, caller, false);
    assert_int_equal(outcome(r), OUTCOME_ANSWERED);
    reception_drop(r);
}

static void whoever_is_called_back_may_ask_it_too(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint64_t agent;
    back_promised(r);
    uint64_t far = back_ringing(r, &agent);
    up(r, far);
    heard(r, agent);
    heard(r, far);
    press(r, agent, '1');
    pass(r, 30000);
    press_all(r, agent, "*4"); /* whom we called stays with who called */
    press_all(r, agent, "*6");
    assert_true(hears(r, far, PROMPT_CB_NEVER));
    assert_true(is_bridged(r, far, agent));
    ends(r, far, false);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_YES);
    reception_drop(r);
}

/* No list is kept here: the agent hears that it is not. */
static void an_agent_hears_when_a_number_cannot_be_listed(void **state)
{
    (void)state;
    struct reception *r = back_open();
    uint64_t agent, caller = speaks_with(r, &agent);
    press_all(r, agent, "*6");
    assert_true(hears(r, agent, PROMPT_AGENT_NEVER_NO));
    assert_false(hears(r, caller, PROMPT_CB_NEVER));
    assert_true(is_bridged(r, caller, agent));
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_wants_no_call_any_more_hears_so_after_the_commit),
        cmocka_unit_test(nothing_is_said_of_what_is_not_on_disk),
        cmocka_unit_test(who_says_never_again_is_called_by_no_machine),
        cmocka_unit_test(a_line_of_many_is_not_listed_by_one),
        cmocka_unit_test(who_has_hung_up_may_still_have_said_so),
        cmocka_unit_test(the_number_that_is_told_is_the_one_that_calls),
        cmocka_unit_test(a_key_brings_the_agent_and_says_that_it_is_a_person),
        cmocka_unit_test(a_voice_brings_the_agent_who_says_whose_it_is),
        cmocka_unit_test(who_says_nothing_is_nobody),
        cmocka_unit_test(who_hangs_up_on_the_machine_was_not_spoken_with),
        cmocka_unit_test(nine_means_never_again),
        cmocka_unit_test(a_discreet_call_is_a_humans_from_the_published_number),
        cmocka_unit_test(who_was_told_another_number_is_called_from_it),
        cmocka_unit_test(a_caller_who_asks_never_to_be_called_hears_that_it_is_noted),
        cmocka_unit_test(whoever_is_called_back_may_ask_it_too),
        cmocka_unit_test(an_agent_hears_when_a_number_cannot_be_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
