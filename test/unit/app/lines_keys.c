/* lines_keys.c — agents dial short codes from their telephones: sign in, ready, pause, state, sign
 * out; codes that are wrong; calls that cross. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

static struct acd_agent_look look(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look;
}

static enum agent_state state_of(struct reception *r, uint32_t agent)
{
    return look(r, agent).state;
}

/* Agent 1 dials; the line is up. */
static uint64_t dial(struct reception *r, const char *wish)
{
    uint64_t id = arrive_as(r, 1, wish, "101");
    up(r, id);
    return id;
}

static void hangs_up(struct reception *r, uint64_t id)
{
    assert_true(leg(r, id)->was_hung_up);
    assert_int_equal(lines_n(r->lines), 0);
}

/* ---- the code -------------------------------------------------------------------------------- */

static void the_right_code_signs_in_paused(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    assert_true(hears(r, id, PROMPT_AGENT_CODE));
    press_all(r, id, "1111#");
    assert_true(hears(r, id, PROMPT_AGENT_IN_PHONE));
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    assert_false(leg(r, id)->sound.stops_on_key);
    hears_all(r, id);
    hangs_up(r, id);
    reception_drop(r);
}

static void star_begins_the_code_again(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    press_all(r, id, "99*1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    reception_drop(r);
}

static void a_wrong_code_is_asked_again_and_an_agent_without_code_never_gets_in(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    static const char *const wrong[] = {"#", "111#", "11111#", "2111#", "1111111111111111111111#"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        uint64_t id = dial(r, "*71");
        press_all(r, id, wrong[i]);
        assert_true(hears(r, id, PROMPT_AGENT_CODE_BAD));
        press_all(r, id, "1111#"); /* and none is locked */
        assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
        reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {1}});
        ends(r, id, false);
    }
    memset(r->codes[0].code, 0, sizeof(r->codes[0].code));
    uint64_t id = dial(r, "*71");
    press(r, id, '#');
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    assert_int_equal(lines_totals(r->lines).codes_refused_n, ARRAY_LEN(wrong) + 1);
    reception_drop(r);
}

static void three_wrong_codes_lock_the_line_for_five_minutes(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    press_all(r, id, "9#9#");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_BAD));
    press_all(r, id, "9#");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_LOCKED));
    hears_all(r, id);
    hangs_up(r, id);
    pass(r, LINES_LOCKED_MS - 1000);
    id = dial(r, "*71");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_LOCKED));
    press_all(r, id, "1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    ends(r, id, false);
    pass(r, 1000);
    id = dial(r, "*71");
    press_all(r, id, "1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    reception_drop(r);
}

static void calls_side_by_side_do_not_give_more_tries(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t ids[4];
    for (unsigned i = 0; i < 4; i++)
        ids[i] = dial(r, "*71");
    for (unsigned i = 0; i < 3; i++)
        press_all(r, ids[i], "9#");
    press_all(r, ids[3], "1111#"); /* the fourth try, right by chance */
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    assert_true(hears(r, ids[3], PROMPT_AGENT_CODE_LOCKED));
    reception_drop(r);
}

static void a_line_stays_locked_however_many_others_sign_in(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    press_all(r, id, "9#9#9#");
    ends(r, id, false);
    for (unsigned i = 0; i < 200; i++) { /* a large house in the morning */
        id = arrive_as(r, 1000 + i, "*71", "x");
        up(r, id);
        ends(r, id, false);
    }
    id = dial(r, "*71");
    assert_true(hears(r, id, PROMPT_AGENT_CODE_LOCKED));
    reception_drop(r);
}

static void silence_ends_the_call_and_changes_nothing(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    pass(r, 30000);
    hangs_up(r, id);
    sign_in(r, 1);
    id = dial(r, "*73");
    pass(r, 30000);
    hangs_up(r, id);
    assert_int_equal(look(r, 1).pause, PAUSE_SIGN_IN);
    reception_drop(r);
}

/* ---- ready, pause, state --------------------------------------------------------------------- */

static void ready_comes_with_the_end_of_the_call_not_before(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    in_queue(r);
    sign_in(r, 1);
    uint64_t id = dial(r, "*72");
    assert_true(hears(r, id, PROMPT_AGENT_READY_1));
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    hears_all(r, id);
    assert_true(leg(r, id)->was_hung_up);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void who_hangs_up_first_gets_ready_too(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    ends(r, dial(r, "*72"), false);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    reception_drop(r);
}

static void ready_without_being_signed_in_asks_for_the_code_first(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*72");
    assert_true(hears(r, id, PROMPT_AGENT_CODE));
    ends(r, id, false);
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    reception_drop(r);
}

static void a_pause_has_a_reason_asked_for_or_dialled(void **state)
{
    (void)state;
    static const enum pause reasons[] = {PAUSE_REST, PAUSE_MEAL, PAUSE_DESK, PAUSE_MEETING};
    struct reception *r = reception_open(8);
    get_ready(r, 1);
    for (unsigned i = 0; i < 4; i++) {
        const char key = (char)('1' + i), wish[] = {'*', '7', '3', key, '\0'};
        uint64_t id = dial(r, wish);
        assert_true(hears(r, id, PROMPT_AGENT_PAUSE_OK));
        assert_int_equal(look(r, 1).pause, reasons[i]);
        ends(r, id, false);
        reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
        id = dial(r, "*73");
        assert_true(hears(r, id, PROMPT_AGENT_PAUSE));
        press(r, id, '7');
        assert_true(hears(r, id, PROMPT_AGENT_PAUSE));
        press(r, id, key);
        assert_int_equal(look(r, 1).pause, reasons[i]);
        hears_all(r, id);
        hangs_up(r, id);
        reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    }
    reception_drop(r);
}

static void the_state_is_told_as_it_is(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    uint64_t id = dial(r, "*75");
    assert_true(hears(r, id, PROMPT_AGENT_PAUSE_OK));
    hears_all(r, id);
    get_ready(r, 1);
    id = dial(r, "*75");
    assert_true(hears(r, id, PROMPT_AGENT_READY_0));
    hears_all(r, id);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    id = dial(r, "*71"); /* signed in already, and ready: not "paused" */
    press_all(r, id, "1111#");
    assert_true(hears(r, id, PROMPT_AGENT_READY_0));
    reception_drop(r);
}

static void what_the_heart_refuses_is_not_said_to_be_done(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    uint64_t id = dial(r, "*73");
    reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {1}});
    press(r, id, '1'); /* signed out meanwhile, by a supervisor */
    assert_false(hears(r, id, PROMPT_AGENT_PAUSE_OK));
    assert_true(hears(r, id, PROMPT_ERR_SYSTEM));
    id = arrive_as(r, 50, "*71", "150"); /* a line of nobody whom the heart knows */
    r->codes[3].agent_i = 3;
    r->directory->agents[3].number = 50;
    up(r, id);
    press_all(r, id, "4111#");
    assert_true(hears(r, id, PROMPT_ERR_SYSTEM));
    reception_drop(r);
}

/* ---- signing out ----------------------------------------------------------------------------- */

static void who_is_not_the_last_one_leaves_at_once(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    sign_in(r, 2);
    in_queue(r);
    uint64_t id = dial(r, "*70");
    assert_true(hears(r, id, PROMPT_AGENT_OUT));
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    reception_drop(r);
}

static void the_last_one_is_asked_while_people_wait(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    sign_in(r, 1);
    in_queue(r);
    in_queue(r);
    uint64_t id = dial(r, "*70");
    assert_true(hears(r, id, PROMPT_AGENT_OUT_LAST_1 + 1));
    press(r, id, '2');
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_AGENT_OUT));
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    reception_drop(r);
}

/* ---- crossings and bounds ---------------------------------------------------------------------
 */

static void other_codes_do_the_same_and_the_old_ones_nothing(void **state)
{
    (void)state;
    struct reception *r = reception_new(8);
    struct settings_short_codes *c = &r->short_codes;
    memcpy(c->sign_in, "*9001", sizeof("*9001"));
    memcpy(c->ready, "*902", sizeof("*902"));
    memcpy(c->pause, "*80", sizeof("*80"));
    reception_fill(r);
    uint64_t id = dial(r, "*9001");
    press_all(r, id, "1111#");
    assert_true(hears(r, id, PROMPT_AGENT_PAUSE_OK)); /* not « faites étoile 72 » */
    hears_all(r, id);
    id = dial(r, "*902");
    hears_all(r, id);
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    id = dial(r, "*802");
    assert_int_equal(look(r, 1).pause, PAUSE_MEAL);
    ends(r, id, false);
    static const char *const old[] = {"*71", "*72", "*73", "*731", "*805", "*8", "*9"};
    for (unsigned i = 0; i < ARRAY_LEN(old); i++)
        assert_int_equal(leg(r, arrive_as(r, 1, old[i], "101"))->status, 404);
    reception_drop(r);
}

static void a_code_that_does_not_exist_is_nobodys_number(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    static const char *const wrong[] = {"*", "*7", "*69", "*79", "*730", "*735", "*7100", "*7a"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(leg(r, arrive_as(r, 1, wrong[i], "101"))->status, 404);
    assert_int_equal(leg(r, arrive_as(r, 0, "*71", "0536491234"))->status, 404); /* from a trunk */
    reception_drop(r);
}

static void past_the_last_line_a_short_code_is_refused(void **state)
{
    (void)state;
    struct reception *r = reception_open(1);
    in_menu(r);
    assert_int_equal(leg(r, arrive_as(r, 1, "*71", "101"))->status, 503);
    reception_drop(r);
}

static void a_ready_agent_who_asks_for_the_state_is_free_when_a_call_comes(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    get_ready(r, 1);
    uint64_t id = dial(r, "*75");
    in_queue(r); /* the switchboard breaks when a telephone is rung that is on a line with us */
    assert_true(leg(r, id)->was_hung_up);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

static void sounds_that_do_not_exist_do_not_keep_a_line(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    memset(r->sounds.ids, 0xff, sizeof(r->sounds.ids));
    uint64_t id = dial(r, "*71");
    hangs_up(r, id);
    sign_in(r, 1);
    hangs_up(r, dial(r, "*72"));
    assert_int_equal(state_of(r, 1), AGENT_STATE_READY);
    reception_drop(r);
}

static void at_the_end_of_the_service_the_call_of_an_agent_ends(void **state)
{
    (void)state;
    struct reception *r = reception_open(8);
    uint64_t id = dial(r, "*71");
    lines_drain(r->lines);
    hangs_up(r, id);
    reception_drop(r);
}

/* ---- ordinary telephones ---------------------------------------------------------------------
 */

#define THEIRS "+33536491234"

/* The agents' number, and agent 1 at home. */
static struct reception *with_an_ordinary_agent(void)
{
    struct reception *r = reception_open(8);
    struct directory *d = r->directory;
    memcpy(d->agents[0].phone, THEIRS, sizeof(THEIRS));
    memcpy(d->numbers[0].flow, DIRECTORY_FLOW_AGENTS, sizeof(DIRECTORY_FLOW_AGENTS));
    return r;
}

static uint64_t calls_in(struct reception *r, const char *caller)
{
    uint64_t id = arrive_as(r, 0, PUBLIC, caller);
    up(r, id);
    return id;
}

/* Numbers that are nobody's cost nothing to make up; each tries once. */
static void many_numbers_try(struct reception *r)
{
    for (unsigned i = 0; i < 200; i++) {
        char caller[24];
        snprintf(caller, sizeof(caller), "+3360000%04u", i);
        uint64_t id = calls_in(r, caller);
        press_all(r, id, "9#");
        ends(r, id, false);
    }
}

static void wrong_codes_of_many_numbers_make_no_try_forgotten(void **state)
{
    (void)state;
    struct reception *r = with_an_ordinary_agent();
    uint64_t id = calls_in(r, THEIRS);
    press_all(r, id, "9#9#");
    ends(r, id, false);
    many_numbers_try(r);
    id = calls_in(r, THEIRS);
    press_all(r, id, "9#"); /* the third */
    assert_true(hears(r, id, PROMPT_AGENT_CODE_LOCKED));
    ends(r, id, false);
    many_numbers_try(r);
    id = calls_in(r, THEIRS);
    assert_true(hears(r, id, PROMPT_AGENT_CODE_LOCKED));
    press_all(r, id, "1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    ends(r, id, false);
    pass(r, LINES_LOCKED_MS);
    id = calls_in(r, THEIRS);
    press_all(r, id, "1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    reception_drop(r);
}

static void whoever_is_nobody_locks_no_agent_out(void **state)
{
    (void)state;
    struct reception *r = with_an_ordinary_agent();
    static const char *const nobodies[] = {"anonymous", "+33600000001", ""};
    for (unsigned i = 0; i < ARRAY_LEN(nobodies); i++) {
        uint64_t id = calls_in(r, nobodies[i]);
        press_all(r, id, "1111#9#9#9#");
        ends(r, id, false);
        assert_int_equal(state_of(r, 1), AGENT_STATE_SIGNED_OUT);
    }
    uint64_t id = calls_in(r, THEIRS);
    assert_true(hears(r, id, PROMPT_AGENT_CODE));
    press_all(r, id, "1111#");
    assert_int_equal(state_of(r, 1), AGENT_STATE_PAUSED);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_code_signs_in_paused),
        cmocka_unit_test(star_begins_the_code_again),
        cmocka_unit_test(a_wrong_code_is_asked_again_and_an_agent_without_code_never_gets_in),
        cmocka_unit_test(three_wrong_codes_lock_the_line_for_five_minutes),
        cmocka_unit_test(calls_side_by_side_do_not_give_more_tries),
        cmocka_unit_test(a_line_stays_locked_however_many_others_sign_in),
        cmocka_unit_test(silence_ends_the_call_and_changes_nothing),
        cmocka_unit_test(ready_comes_with_the_end_of_the_call_not_before),
        cmocka_unit_test(who_hangs_up_first_gets_ready_too),
        cmocka_unit_test(ready_without_being_signed_in_asks_for_the_code_first),
        cmocka_unit_test(a_pause_has_a_reason_asked_for_or_dialled),
        cmocka_unit_test(the_state_is_told_as_it_is),
        cmocka_unit_test(what_the_heart_refuses_is_not_said_to_be_done),
        cmocka_unit_test(who_is_not_the_last_one_leaves_at_once),
        cmocka_unit_test(the_last_one_is_asked_while_people_wait),
        cmocka_unit_test(other_codes_do_the_same_and_the_old_ones_nothing),
        cmocka_unit_test(a_code_that_does_not_exist_is_nobodys_number),
        cmocka_unit_test(past_the_last_line_a_short_code_is_refused),
        cmocka_unit_test(a_ready_agent_who_asks_for_the_state_is_free_when_a_call_comes),
        cmocka_unit_test(sounds_that_do_not_exist_do_not_keep_a_line),
        cmocka_unit_test(at_the_end_of_the_service_the_call_of_an_agent_ends),
        cmocka_unit_test(wrong_codes_of_many_numbers_make_no_try_forgotten),
        cmocka_unit_test(whoever_is_nobody_locks_no_agent_out),
    };
    return cmocka_run_group_tests_name("app/lines_keys", tests, NULL, NULL);
}
