/* lines_unreached.c — somebody who was never reached today is called by the house, because a
 * supervisor wants it; over the real heart and gate (ADR 37). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/reception_back.h"

#define PERSON UINT64_C(0xa11a000000000001)
#define NUMBER UINT64_C(33536491299)
#define DEAR UINT64_C(33899123456)
#define REFERENCE 4721086u

static enum acd_verdict call_back(struct reception *r, const struct lines_call_back *who,
                                  enum gate_verdict *why)
{
    enum acd_verdict v = lines_call_back(r->lines, who, why);
    turn(r);
    return v;
}

static void who_was_never_reached_is_called_discreetly_and_once(void **state)
{
    (void)state;
    struct reception *r = back_open();
    const struct lines_call_back who = {PERSON, NUMBER, HEALTH, REFERENCE};
    enum gate_verdict why;
    assert_int_equal(call_back(r, &who, &why), ACD_DONE);
    assert_int_equal(why, GATE_PASSES);
    assert_true(last(r, EV_CALLBACK_PROMISED).callback_promised.is_discreet);
    assert_int_equal(last(r, EV_CONTACT_OPENED).contact_opened.reference, REFERENCE);
    assert_int_equal(call_back(r, &who, &why), ACD_REFUSED_STATE); /* it stands */
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    assert_int_not_equal(agent, 0);
    up(r, agent);
    hears_all(r, agent);
    assert_int_not_equal(back_dialled(r, "33536491299"), 0);
    assert_int_equal(back_dials_n(r), 1);
    reception_drop(r);
}

static void the_gate_decides_and_a_refusal_counts_nothing(void **state)
{
    (void)state;
    struct reception *r = back_open();
    const struct lines_call_back dear = {PERSON, DEAR, HEALTH, REFERENCE};
    const struct lines_call_back nowhere = {PERSON, NUMBER, 77, REFERENCE};
    const struct lines_call_back nobody = {0, NUMBER, HEALTH, REFERENCE};
    const struct lines_call_back who = {PERSON, NUMBER, HEALTH, REFERENCE};
    enum gate_verdict why;
    assert_int_equal(call_back(r, &dear, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_SURCHARGED);
    assert_int_equal(call_back(r, &nowhere, &why), ACD_REFUSED_UNKNOWN);
    assert_int_equal(call_back(r, &nobody, &why), ACD_REFUSED_STATE);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 0);
    assert_int_equal(call_back(r, &who, &why), ACD_DONE); /* no wish of that number was left open */
    reception_drop(r);
}

static void two_wishes_of_one_number_are_one_too_many(void **state)
{
    (void)state;
    struct reception *r = back_open();
    const struct lines_call_back who = {PERSON, NUMBER, HEALTH, REFERENCE};
    const struct lines_call_back other = {PERSON + 1, NUMBER, HEALTH, REFERENCE + 1};
    enum gate_verdict why;
    assert_int_equal(call_back(r, &who, &why), ACD_DONE);
    assert_int_equal(call_back(r, &other, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_OPEN);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_never_reached_is_called_discreetly_and_once),
        cmocka_unit_test(the_gate_decides_and_a_refusal_counts_nothing),
        cmocka_unit_test(two_wishes_of_one_number_are_one_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
