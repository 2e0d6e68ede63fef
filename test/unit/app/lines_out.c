/* lines_out.c — a person dials outside from a telephone of the house: emergency numbers at once,
 * others hear why not; and whoever of the two leaves, at whatever moment, takes the other along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

static bool has_operator;
static struct phone_dial dialled;
static char dialled_number[16];

static uint64_t dial_outside(void *arg, const struct phone_dial *dial)
{
    struct board *b = arg;
    if (!has_operator)
        return 0;
    dialled = *dial;
    board_keep(dialled_number, sizeof(dialled_number), dial->number);
    return board_new(b, 900, true)->id;
}

static struct reception *open_house(bool with_operator)
{
    struct reception *r = reception_new(8);
    has_operator = with_operator;
    dialled = (struct phone_dial){.near_id = 0};
    r->board.port.dial = dial_outside;
    reception_start(r);
    turn(r);
    return r;
}

/* Agent 1 dials; the leg to outside, 0: none. */
static uint64_t dials(struct reception *r, const char *number, uint64_t *near)
{
    *near = arrive_as(r, 1, number, "101");
    return rings_at(r, 900);
}

/* The call has left nothing behind, and nothing in the journal. */
static void over(struct reception *r)
{
    assert_int_equal(lines_n(r->lines), 0);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 0);
    reception_drop(r);
}

static void hears_why_not(struct reception *r, uint64_t near)
{
    up(r, near);
    assert_true(hears(r, near, PROMPT_AGENT_SOS));
    hears_all(r, near);
    assert_true(leg(r, near)->was_hung_up);
}

static void an_emergency_call_goes_out_and_is_joined_when_it_is_answered(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t near, far = dials(r, "112", &near);
    assert_string_equal(dialled_number, "112");
    assert_true(dialled.is_short && dialled.near_id == near);
    assert_int_equal(leg(r, near)->state, BOARD_ARRIVED); /* rings there, not answered here */
    up(r, far);
    assert_int_equal(leg(r, near)->state, BOARD_ANSWERED);
    up(r, near);
    assert_true(leg(r, near)->sound.peer_id == far && leg(r, far)->sound.peer_id == near);
    assert_int_equal(lines_totals(r->lines).emergency_n, 1);
    ends(r, near, false);
    assert_true(leg(r, far)->was_hung_up);
    over(r);
}

static void who_is_called_may_end_it_too(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t near, far = dials(r, "15", &near);
    up(r, far);
    up(r, near);
    ends(r, far, false);
    assert_true(leg(r, near)->was_hung_up);
    over(r);
}

static void hanging_up_while_it_rings_ends_the_ringing(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t near, far = dials(r, "18", &near);
    ends(r, near, false);
    assert_true(leg(r, far)->was_hung_up);
    over(r);
}

static void a_call_that_fails_is_told_in_words(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t near, far = dials(r, "17", &near);
    refuses(r, far, 503);
    hears_why_not(r, near);
    over(r);
}

static void one_that_is_gone_between_the_two_answers_leaves_nobody_alone(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t near, far = dials(r, "114", &near);
    up(r, far);
    ends(r, far, true); /* before the ACK of our own answer */
    if (leg(r, near)->state != BOARD_OVER)
        up(r, near);
    pass(r, 60000);
    if (leg(r, near)->state != BOARD_OVER)
        hears_all(r, near);
    assert_true(leg(r, near)->was_hung_up);
    over(r);
}

static void without_an_operator_it_is_said_at_once(void **state)
{
    (void)state;
    struct reception *r = open_house(false);
    uint64_t near;
    assert_int_equal(dials(r, "112", &near), 0);
    hears_why_not(r, near);
    over(r);
}

static void other_numbers_are_not_dialled(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0612345678", "+33612345678", "0899000000", "1", "00"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
        struct reception *r = open_house(true);
        uint64_t near;
        assert_true(lines_knows(text_of(numbers[i]), 1, r->lines));
        assert_int_equal(dials(r, numbers[i], &near), 0);
        hears_why_not(r, near);
        over(r);
    }
}

static void nobody_else_goes_out_by_us(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    assert_false(lines_knows(TEXT("112"), 0, r->lines));
    assert_false(lines_knows(TEXT("bureau"), 1, r->lines));
    uint64_t id = arrive(r, "112"); /* from a trunk */
    assert_int_equal(leg(r, id)->status, 404);
    assert_int_equal(dialled.near_id, 0);
    over(r);
}

static void it_goes_out_even_while_the_service_ends(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    lines_drain(r->lines);
    uint64_t near, far = dials(r, "112", &near);
    assert_int_not_equal(far, 0);
    up(r, far);
    up(r, near);
    lines_drain(r->lines);
    assert_int_equal(leg(r, near)->state, BOARD_UP);
    ends(r, near, false);
    over(r);
}

static void with_no_line_left_it_is_refused_and_nothing_rings_on(void **state)
{
    (void)state;
    struct reception *r = open_house(true);
    uint64_t id[7];
    for (unsigned i = 0; i < ARRAY_LEN(id); i++)
        id[i] = arrive(r, PUBLIC);
    uint64_t near, far = dials(r, "112", &near); /* room for one of the two legs */
    assert_int_equal(far, 0);
    hears_why_not(r, near);
    for (unsigned i = 0; i < ARRAY_LEN(id); i++)
        ends(r, id[i], false);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* ---- agents ------------------------------------------------------------------------------- */

static enum agent_state state_of(struct reception *r)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, 1, &look));
    return look.state;
}

/* Agent 1 is signed in, and ready; agents may call France, so often a day. */
static struct reception *open_to_agents(uint32_t day_max, bool is_ready)
{
    struct reception *r = reception_new(8);
    has_operator = true;
    r->board.port.dial = dial_outside;
    r->gate_rules.agents = SETTINGS_GATE_AGENTS_FRANCE;
    r->gate_rules.day_max = day_max;
    r->gate_rules.day_max_agent = 9;
    reception_start(r);
    open_queue(r, HEALTH);
    reception_do(r, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = 1,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {HEALTH},
                                                   .queue_ids_n = 1}});
    if (is_ready)
        get_ready(r, 1);
    else
        sign_in(r, 1);
    return r;
}

static void an_agent_calls_outside_and_takes_no_calls_meanwhile(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(9, true);
    uint64_t near, far = dials(r, "0612345678", &near);
    assert_string_equal(dialled_number, "33612345678");
    assert_false(dialled.is_short);
    assert_int_equal(state_of(r), AGENT_STATE_PAUSED);
    up(r, far);
    up(r, near);
    assert_true(leg(r, near)->sound.peer_id == far && leg(r, far)->sound.peer_id == near);
    uint64_t caller = in_queue(r);
    assert_int_equal(rings_at(r, 1), 0);
    ends(r, far, false);
    assert_int_equal(state_of(r), AGENT_STATE_OFFERED); /* at work again: the caller rings */
    ends(r, caller, false);
    assert_int_equal(lines_totals(r->lines).outside_n, 1);
    reception_drop(r);
}

static void who_was_paused_stays_so_and_whoever_leaves_first(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(9, false);
    uint64_t near, far = dials(r, "0612345678", &near);
    up(r, far);
    up(r, near);
    ends(r, near, false);
    assert_true(leg(r, far)->was_hung_up);
    assert_int_equal(state_of(r), AGENT_STATE_PAUSED);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

static void is_told(struct reception *r, const char *number, unsigned prompt)
{
    uint64_t near;
    assert_int_equal(dials(r, number, &near), 0);
    up(r, near);
    assert_true(hears(r, near, prompt));
    hears_all(r, near);
    assert_true(is_over(r, near));
    assert_int_equal(state_of(r), AGENT_STATE_READY);
}

static void what_the_gate_refuses_is_told_and_changes_nothing(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(1, true);
    is_told(r, "0899123456", PROMPT_AGENT_OUT_REFUSED);
    is_told(r, "0033", PROMPT_AGENT_OUT_REFUSED);
    is_told(r, "0014155550100", PROMPT_AGENT_OUT_REFUSED);
    is_told(r, "0199001234", PROMPT_AGENT_OUT_REFUSED);
    uint64_t near, far = dials(r, "0612345678", &near);
    refuses(r, far, 486);
    assert_int_equal(state_of(r), AGENT_STATE_PAUSED);
    up(r, near);
    hears_all(r, near); /* that it failed */
    assert_int_equal(state_of(r), AGENT_STATE_READY);
    is_told(r, "0612345678", PROMPT_AGENT_OUT_CAP);
    reception_drop(r);
}

/* What is counted is with the writer first; when that takes nothing, nothing goes out but 112. */
static void nothing_goes_out_that_the_writer_does_not_take(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(9, true);
    size_t before_n = r->book.gate_rows_n;
    r->book.is_half_full = true;
    is_told(r, "0612345678", PROMPT_AGENT_OUT_FAILED);
    assert_int_equal(r->book.gate_rows_n, before_n);
    uint64_t near, far = dials(r, "112", &near);
    assert_int_not_equal(far, 0);
    ends(r, near, false);
    r->book.is_half_full = false;
    far = dials(r, "0612345678", &near);
    assert_int_not_equal(far, 0);
    assert_in_range(r->book.gate_rows_n, before_n + 4, before_n + 5); /* agent, range, two purses */
    ends(r, near, false);
    struct gate_look look;
    gate_look(r->gate, calendar_local(r->directory->organisation.zone, r->now_at).day, &look);
    assert_int_equal(look.calls_n[GATE_PURSE_AGENTS], 1);
    assert_int_equal(look.refused_n[GATE_REFUSED_UNNOTED], 1);
    reception_drop(r);
}

static void what_no_operator_took_is_not_counted(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(1, true);
    has_operator = false;
    is_told(r, "0612345678", PROMPT_AGENT_OUT_FAILED);
    is_told(r, "0612345678", PROMPT_AGENT_OUT_FAILED);
    has_operator = true;
    uint64_t near, far = dials(r, "0612345678", &near);
    assert_int_not_equal(far, 0);
    ends(r, near, false);
    is_told(r, "0612345678", PROMPT_AGENT_OUT_CAP);
    reception_drop(r);
}

/* The operator that would be tried first has had its calls of the day. */
static void the_cap_of_an_operator_holds_for_agents(void **state)
{
    (void)state;
    struct reception *r = open_to_agents(9, true);
    r->gate_rules.trunk_day_max = 1;
    gate_follow(r->gate, &r->gate_rules, &r->prices);
    r->board.first_trunk = 5;
    uint64_t near, far = dials(r, "0612345678", &near);
    assert_int_not_equal(far, 0);
    ends(r, near, false);
    is_told(r, "0612345678", PROMPT_AGENT_OUT_CAP);
    r->board.first_trunk = 6;
    far = dials(r, "0612345678", &near);
    assert_int_not_equal(far, 0);
    ends(r, near, false);
    reception_drop(r);
}

/* Bad numbers of every kind, from a telephone: refused in words, and nothing is dialled. */
static void no_bad_number_goes_out(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "0899123456",   "+33899123456",   "+330899123456", "0033899123456",
        "0700123456",   "0836123456",     "118218",        "3646",
        "+18765550100", "0018765550100",  "+881612345678", "00870773123456",
        "06123456789",  "+4912345678901", "0262123456",    "0639981234"};
    static const char *const no_digits[] = {
        "*31#0612345678",        "0612345678;ext=1", "0612345678;phone-context=+1",
        "\357\274\220612345678", "0612345678%0d%0a", "0612345678\r\n"};
    uint64_t near;
    struct reception *r = open_to_agents(9, true);
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        is_told(r, numbers[i], PROMPT_AGENT_OUT_REFUSED);
    for (unsigned i = 0; i < ARRAY_LEN(no_digits); i++) { /* the door itself refuses them: 404 */
        assert_int_equal(dials(r, no_digits[i], &near), 0);
        assert_int_equal(leg(r, near)->state, BOARD_OVER);
    }
    assert_int_equal(lines_totals(r->lines).outside_n, 0);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_emergency_call_goes_out_and_is_joined_when_it_is_answered),
        cmocka_unit_test(who_is_called_may_end_it_too),
        cmocka_unit_test(hanging_up_while_it_rings_ends_the_ringing),
        cmocka_unit_test(a_call_that_fails_is_told_in_words),
        cmocka_unit_test(one_that_is_gone_between_the_two_answers_leaves_nobody_alone),
        cmocka_unit_test(without_an_operator_it_is_said_at_once),
        cmocka_unit_test(other_numbers_are_not_dialled),
        cmocka_unit_test(nobody_else_goes_out_by_us),
        cmocka_unit_test(it_goes_out_even_while_the_service_ends),
        cmocka_unit_test(with_no_line_left_it_is_refused_and_nothing_rings_on),
        cmocka_unit_test(an_agent_calls_outside_and_takes_no_calls_meanwhile),
        cmocka_unit_test(who_was_paused_stays_so_and_whoever_leaves_first),
        cmocka_unit_test(what_the_gate_refuses_is_told_and_changes_nothing),
        cmocka_unit_test(nothing_goes_out_that_the_writer_does_not_take),
        cmocka_unit_test(what_no_operator_took_is_not_counted),
        cmocka_unit_test(the_cap_of_an_operator_holds_for_agents),
        cmocka_unit_test(no_bad_number_goes_out),
    };
    return cmocka_run_group_tests_name("app/lines_out", tests, NULL, NULL);
}
