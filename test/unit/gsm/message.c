/* message.c — tests of gsm/message.h: each cell of the table, and the pauses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm/message.h"

static void an_end_is_never_left_and_no_state_goes_back(void **state)
{
    (void)state;
    for (unsigned s = 0; s < GSM_STATES; s++)
        for (unsigned e = 0; e < GSM_EVENTS; e++) {
            enum gsm_state next = gsm_next((enum gsm_state)s, (enum gsm_event)e);
            if (gsm_is_end((enum gsm_state)s))
                assert_int_equal(next, GSM_STATES);
            assert_true(next >= s);
        }
}

static void a_message_ends_by_its_receipt_or_without_one(void **state)
{
    (void)state;
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_ACCEPTED), GSM_SENT);
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_TROUBLE), GSM_QUEUED);
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_REFUSED), GSM_FAILED);
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_EXPIRED), GSM_FAILED);
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_ARRIVED), GSM_DELIVERED); /* it overtook */
    assert_int_equal(gsm_next(GSM_QUEUED, GSM_UNTOLD), GSM_STATES);
    assert_int_equal(gsm_next(GSM_SENT, GSM_ARRIVED), GSM_DELIVERED);
    assert_int_equal(gsm_next(GSM_SENT, GSM_LOST), GSM_FAILED);
    assert_int_equal(gsm_next(GSM_SENT, GSM_UNTOLD), GSM_FAILED);
    assert_int_equal(gsm_next(GSM_SENT, GSM_EXPIRED), GSM_STATES);
}

static void pauses_grow_and_stay_within_their_bounds(void **state)
{
    (void)state;
    ms_t before = 0;
    for (uint32_t i = 1; i < 100; i++) {
        ms_t least = gsm_pause_ms(i, 0), most = gsm_pause_ms(i, UINT64_MAX);
        assert_true(least >= before && least <= 600000 && most <= 675000);
        before = least;
    }
    assert_int_equal(gsm_pause_ms(0, 0), gsm_pause_ms(1, 0));
    assert_int_equal(gsm_pause_ms(1, 250), 2000);
}

static void every_state_and_reason_has_its_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GSM_STATES; i++)
        assert_true(gsm_state_name((enum gsm_state)i)[0] && gsm_state_words((enum gsm_state)i)[0]);
    for (unsigned i = GSM_WHY_REFUSED; i < GSM_WHYS; i++)
        assert_true(gsm_why_name((enum gsm_why)i)[0] && gsm_why_words((enum gsm_why)i)[0]);
    for (unsigned i = 0; i < GSM_EVENTS; i++) {
        bool fails = gsm_next(GSM_QUEUED, (enum gsm_event)i) == GSM_FAILED || i == GSM_UNTOLD;
        assert_int_equal(gsm_why_of((enum gsm_event)i) != GSM_WHY_NONE, fails);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_never_left_and_no_state_goes_back),
        cmocka_unit_test(a_message_ends_by_its_receipt_or_without_one),
        cmocka_unit_test(pauses_grow_and_stay_within_their_bounds),
        cmocka_unit_test(every_state_and_reason_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
