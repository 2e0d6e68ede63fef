/* lines_ordinary.c — agents on ordinary telephones: signed in by a call and a code, dialled by an
 * operator, joined after a key; and calls that go on while the directory is read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

#define MOBILE "+33639980001" /* of agent 1 */
#define MOBILE_DIGITS "33639980001"

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

/* Agent 1 has a mobile; the one public number is where such agents sign in. */
static struct reception *agents_number_open(void)
{
    struct reception *r = reception_open(8);
    struct directory_number *n = &r->directory->numbers[0];
    memcpy(r->directory->agents[0].phone, MOBILE, sizeof(MOBILE));
    memcpy(r->directory->agents[1].phone, "sip:102", sizeof("sip:102"));
    memcpy(n->flow, DIRECTORY_FLOW_AGENTS, sizeof(DIRECTORY_FLOW_AGENTS));
    return r;
}

/* Somebody calls the agents' number, is answered and asked for a code. */
static uint64_t asked_for_code(struct reception *r, const char *caller)
{
    uint64_t id = arrive_as(r, 0, PUBLIC, caller);
    up(r, id);
    assert_true(hears(r, id, PROMPT_AGENT_CODE));
    return id;
}

static void the_right_code_from_the_right_number_signs_in(void **state)
{
    (void)state;
    struct reception *r = agents_number_open();
    uint64_t id = asked_for_code(r, MOBILE);
    press_all(r, id, "1111#");
    assert_true(hears(r, id, PROMPT_AGENT_IN));
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    press(r, id, '1');
    hears_all(r, id);
    assert_true(is_over(r, id));
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    reception_drop(r);
}

static void the_calling_number_alone_signs_nobody_in(void **state)
{
    (void)state;
    struct reception *r = agents_number_open();
    static const char *const wrong[] = {"#", "2111#"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        uint64_t id = asked_for_code(r, MOBILE);
        press_all(r, id, wrong[i]);
        assert_true(hears(r, id, PROMPT_AGENT_CODE_BAD));
        assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
        ends(r, id, false);
    }
    reception_drop(r);
}

static void the_code_from_another_number_signs_nobody_in(void **state)
{
    (void)state;
    struct reception *r = agents_number_open();
    uint64_t id = asked_for_code(r, "+33639980002");
    press_all(r, id, "1111#");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_BAD));
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    reception_drop(r);
}

/* Agent 2 has a line of the house, so no number: it must not be equal to none. */
static void a_withheld_number_signs_nobody_in(void **state)
{
    (void)state;
    struct reception *r = agents_number_open();
    uint64_t id = asked_for_code(r, "anonymous");
    press_all(r, id, "2111#");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_BAD));
    assert_int_equal(state_of(r, 2), AGENT_STATE_SIGNED_OUT);
    reception_drop(r);
}

/* ---- being rung ----------------------------------------------------------------------------- */

/* The leg to the mobile of agent 1, for a caller who waits. */
static uint64_t mobile_rings(struct reception *r)
{
    for (size_t i = r->board.n; i-- > 0;)
        if (!strcmp(r->board.legs[i].number, MOBILE_DIGITS))
            return r->board.legs[i].id;
    return 0;
}

/* Agent 1 has a mobile of fiction, in a demonstration. */
static struct reception *mobile_open(void)
{
    struct reception *r = reception_open(8);
    memcpy(r->directory->agents[0].phone, MOBILE, sizeof(MOBILE));
    r->directory->is_demo = true;
    return r;
}

static void a_number_of_fiction_is_not_rung_outside_of_a_demonstration(void **state)
{
    (void)state;
    struct reception *r = mobile_open();
    r->directory->is_demo = false;
    get_ready(r, 1);
    uint64_t caller = in_queue(r);
    assert_int_equal(mobile_rings(r), 0);
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    assert_int_not_equal(state_of(r, 1), AGENT_STATE_READY);
    assert_false(is_over(r, caller));
    reception_drop(r);
}

static void who_picks_up_an_ordinary_telephone_is_joined_only_after_a_key(void **state)
{
    (void)state;
    struct reception *r = mobile_open();
    get_ready(r, 1);
    uint64_t caller = in_queue(r), mobile = mobile_rings(r);
    assert_int_not_equal(mobile, 0);
    up(r, mobile); /* a person, or a voicemail: both pick up */
    hears_all(r, mobile);
    pass(r, 5000);
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    assert_int_equal(leg(r, caller)->sound.then, MEDIA_LOOP);
    press(r, mobile, '5');
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    press(r, mobile, '1');
    assert_int_equal(events(r, EV_OFFER_JOINED), 1);
    assert_int_equal(leg(r, caller)->sound.then, MEDIA_BRIDGE);
    assert_int_equal(leg(r, caller)->sound.peer_id, mobile);
    reception_drop(r);
}

static void a_voicemail_that_picks_up_gives_the_caller_back(void **state)
{
    (void)state;
    struct reception *r = mobile_open();
    get_ready(r, 1);
    uint64_t caller = in_queue(r), mobile = mobile_rings(r);
    up(r, mobile);
    pass(r, 15000);
    assert_true(leg(r, mobile)->was_hung_up);
    assert_int_equal(events(r, EV_OFFER_JOINED), 0);
    assert_int_not_equal(state_of(r, 1), AGENT_STATE_READY);
    assert_false(is_over(r, caller));
    reception_drop(r);
}

/* Everything that may go out today is spent: the caller waits behind this
 * telephone, so it rings, and is counted. */
static void an_ordinary_telephone_rings_though_nothing_else_may_go_out(void **state)
{
    (void)state;
    struct reception *r = mobile_open();
    struct gate_look look;
    r->gate_rules.all_day_max = 1;
    gate_follow(r->gate, &r->gate_rules, &r->prices);
    for (unsigned i = 1; i <= 2; i++) {
        get_ready(r, 1);
        uint64_t caller = in_queue(r), mobile = mobile_rings(r);
        assert_int_not_equal(mobile, 0);
        gate_look(r->gate, calendar_local(r->directory->organisation.zone, r->now_at).day, &look);
        assert_int_equal(look.calls_n[GATE_PURSE_ORDINARY], i);
        assert_int_equal(look.calls_n[GATE_PURSE_ALL], i);
        ends(r, caller, false);
        assert_true(is_over(r, mobile));
    }
    reception_drop(r);
}

/* ---- files read again ----------------------------------------------------------------------- */

/* The reader drops a directory when no line follows it any more. */
static void a_call_ends_with_the_directory_it_began_with(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    struct directory *newer = premises_directory();
    const struct lines_args args = {.directory = newer,
                                    .flows = r->flows,
                                    .codes = r->codes,
                                    .flows_n = 2,
                                    .codes_n = PREMISES_AGENTS};
    uint64_t before = in_menu(r);
    lines_follow(r->lines, &args);
    uint64_t after = in_menu(r);
    assert_int_equal(lines_followers_n(r->lines, r->directory), 1);
    assert_int_equal(lines_followers_n(r->lines, newer), 1);
    ends(r, before, false);
    assert_int_equal(lines_followers_n(r->lines, r->directory), 0);
    ends(r, after, false);
    assert_int_equal(lines_followers_n(r->lines, newer), 0);
    free(newer);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_code_from_the_right_number_signs_in),
        cmocka_unit_test(the_calling_number_alone_signs_nobody_in),
        cmocka_unit_test(the_code_from_another_number_signs_nobody_in),
        cmocka_unit_test(a_withheld_number_signs_nobody_in),
        cmocka_unit_test(a_number_of_fiction_is_not_rung_outside_of_a_demonstration),
        cmocka_unit_test(who_picks_up_an_ordinary_telephone_is_joined_only_after_a_key),
        cmocka_unit_test(a_voicemail_that_picks_up_gives_the_caller_back),
        cmocka_unit_test(an_ordinary_telephone_rings_though_nothing_else_may_go_out),
        cmocka_unit_test(a_call_ends_with_the_directory_it_began_with),
    };
    return cmocka_run_group_tests_name("app/lines_ordinary", tests, NULL, NULL);
}
