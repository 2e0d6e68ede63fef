/* ice.c — tests of rtc/ice.h: each cell of the table; pairs, who is chosen, consent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rtc/ice.h"

static struct address from(unsigned i)
{
    return (struct address){.ip = {192, 0, 2, (uint8_t)i}, .family = 4, .port = 4000};
}

static struct ice_news check(struct ice *ice, unsigned i, ms_t at)
{
    return ice_check(ice, &(struct ice_check){from(i), false, at});
}

static struct ice_news nominate(struct ice *ice, unsigned i, ms_t at)
{
    return ice_check(ice, &(struct ice_check){from(i), true, at});
}

static void assert_chosen(const struct ice *ice, unsigned i)
{
    struct address wanted = from(i);
    assert_non_null(ice_chosen(ice));
    assert_true(address_equal(ice_chosen(ice), &wanted));
}

static void each_cell_of_the_table(void **state)
{
    (void)state;
    static const enum ice_state wanted[ICE_STATES][ICE_EVENTS] = {
        {ICE_VALID, ICE_CHOSEN, ICE_WAITING},
        {ICE_VALID, ICE_CHOSEN, ICE_VALID},
        {ICE_CHOSEN, ICE_CHOSEN, ICE_LOST},
        {ICE_LOST, ICE_CHOSEN, ICE_LOST},
    };
    for (unsigned s = 0; s < ICE_STATES; s++)
        for (unsigned e = 0; e < ICE_EVENTS; e++)
            assert_int_equal(ice_next((enum ice_state)s, (enum ice_event)e), wanted[s][e]);
}

static void nobody_is_spoken_to_before_a_pair_is_nominated(void **state)
{
    (void)state;
    struct ice ice;
    struct address a = from(1), b = from(2);
    ice_begin(&ice);
    assert_false(ice_may_speak(&ice, &a, 0));
    struct ice_news news = check(&ice, 1, 0);
    assert_true(news.is_valid && !news.is_chosen && !news.forgotten.family);
    assert_true(ice_may_speak(&ice, &a, 0));
    assert_false(ice_may_speak(&ice, &b, 0));
    assert_null(ice_chosen(&ice));
    news = nominate(&ice, 1, 10);
    assert_true(news.is_chosen && !news.is_valid);
    assert_chosen(&ice, 1);
    assert_false(nominate(&ice, 1, 20).is_chosen); /* nothing new */
}

static void the_pair_nominated_last_takes_over(void **state)
{
    (void)state;
    struct ice ice;
    ice_begin(&ice);
    nominate(&ice, 1, 0);
    check(&ice, 2, 10);
    assert_chosen(&ice, 1);
    assert_true(nominate(&ice, 2, 20).is_chosen);
    assert_chosen(&ice, 2);
    check(&ice, 1, 30);
    assert_chosen(&ice, 2);
}

static void another_port_is_another_address(void **state)
{
    (void)state;
    struct ice ice;
    struct address a = from(1);
    ice_begin(&ice);
    nominate(&ice, 1, 0);
    a.port++;
    assert_false(ice_may_speak(&ice, &a, 0));
}

static void
past_the_bound_the_one_heard_longest_ago_gives_way_but_never_the_chosen_one(void **state)
{
    (void)state;
    struct ice ice;
    struct address first = from(1), second = from(2);
    ice_begin(&ice);
    nominate(&ice, 1, 0);
    for (unsigned i = 2; i <= ICE_PAIRS_MAX; i++)
        assert_int_equal(check(&ice, i, (ms_t)i).forgotten.family, 0);
    struct ice_news news = check(&ice, ICE_PAIRS_MAX + 1, 100);
    assert_true(address_equal(&news.forgotten, &second));
    assert_false(ice_may_speak(&ice, &second, 100));
    assert_true(ice_may_speak(&ice, &first, 100));
    assert_chosen(&ice, 1);
}

static void consent_ends_after_thirty_seconds_without_a_check_and_is_told_once(void **state)
{
    (void)state;
    struct ice ice;
    struct address a = from(1);
    ice_begin(&ice);
    nominate(&ice, 1, 1000);
    check(&ice, 1, 5000);
    assert_false(ice_expire(&ice, 5000 + ICE_CONSENT_MS - 1));
    assert_true(ice_may_speak(&ice, &a, 5000 + ICE_CONSENT_MS - 1));
    assert_true(ice_expire(&ice, 5000 + ICE_CONSENT_MS));
    assert_false(ice_may_speak(&ice, &a, 5000 + ICE_CONSENT_MS));
    assert_null(ice_chosen(&ice));
    assert_false(ice_expire(&ice, 5000 + 2 * ICE_CONSENT_MS));
}

static void checks_of_another_pair_are_no_consent_for_the_chosen_one(void **state)
{
    (void)state;
    struct ice ice;
    ice_begin(&ice);
    nominate(&ice, 1, 0);
    check(&ice, 2, ICE_CONSENT_MS - 1);
    assert_true(ice_expire(&ice, ICE_CONSENT_MS));
    assert_null(ice_chosen(&ice));
}

static void a_check_after_the_loss_gives_consent_again(void **state)
{
    (void)state;
    struct ice ice;
    ice_begin(&ice);
    nominate(&ice, 1, 0);
    assert_true(ice_expire(&ice, ICE_CONSENT_MS));
    check(&ice, 2, 40000);
    assert_null(ice_chosen(&ice)); /* the other one was never nominated */
    assert_true(check(&ice, 1, 41000).is_chosen);
    assert_chosen(&ice, 1);
    assert_true(ice_expire(&ice, 41000 + ICE_CONSENT_MS));
    assert_true(nominate(&ice, 3, 90000).is_chosen);
    assert_chosen(&ice, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_of_the_table),
        cmocka_unit_test(nobody_is_spoken_to_before_a_pair_is_nominated),
        cmocka_unit_test(the_pair_nominated_last_takes_over),
        cmocka_unit_test(another_port_is_another_address),
        cmocka_unit_test(
            past_the_bound_the_one_heard_longest_ago_gives_way_but_never_the_chosen_one),
        cmocka_unit_test(consent_ends_after_thirty_seconds_without_a_check_and_is_told_once),
        cmocka_unit_test(checks_of_another_pair_are_no_consent_for_the_chosen_one),
        cmocka_unit_test(a_check_after_the_loss_gives_consent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
