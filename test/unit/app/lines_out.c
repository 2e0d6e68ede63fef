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
    };
    return cmocka_run_group_tests_name("app/lines_out", tests, NULL, NULL);
}
