/* lines_notice.c — the message of the day on the line: once a call, behind the greeting and before
 * the menu, until its instant and not after it (ADR 41). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

static struct reception *open_with(ms_t until_ms)
{
    struct reception *r = reception_open(4);
    r->sounds.notice_until_at = r->now_at + until_ms;
    return r;
}

static const struct phone_sound *heard_by(struct reception *r, uint64_t id)
{
    return &leg(r, id)->sound;
}

static void it_stands_behind_the_greeting_and_is_said_once(void **state)
{
    (void)state;
    struct reception *r = open_with(3600000);
    uint64_t id = in_menu(r);
    assert_int_equal(heard_by(r, id)->n, 2);
    assert_int_equal(heard_by(r, id)->ids[0], PROMPT_GREET_ORG);
    assert_int_equal(heard_by(r, id)->ids[1], PROMPT_NOTICE_TODAY);
    hears_all(r, id);
    assert_int_equal(heard_by(r, id)->n, 1);
    assert_int_equal(heard_by(r, id)->ids[0], PROMPT_MENU_MAIN);
    reception_drop(r);
}

static void where_the_menu_follows_at_once_it_stands_before_it(void **state)
{
    (void)state;
    struct reception *r = open_with(3600000);
    r->flow.steps[0] =
        (struct ivr_step){.kind = IVR_PLAY,
                          .prompts_n = 3,
                          .prompts = {PROMPT_GREET_DEMO, PROMPT_GREET_ORG, PROMPT_CLOSED_WAYS},
                          .next = 1};
    uint64_t id = in_menu(r);
    assert_int_equal(heard_by(r, id)->n, 4);
    assert_int_equal(heard_by(r, id)->ids[1], PROMPT_GREET_ORG);
    assert_int_equal(heard_by(r, id)->ids[2], PROMPT_NOTICE_TODAY);
    assert_int_equal(heard_by(r, id)->ids[3], PROMPT_CLOSED_WAYS);
    reception_drop(r);
}

static void at_its_instant_it_is_over(void **state)
{
    (void)state;
    for (ms_t left_ms = 0; left_ms < 2; left_ms++) {
        struct reception *r = open_with(0);
        uint64_t id = arrive(r, PUBLIC);
        r->sounds.notice_until_at = r->now_at + r->wall_ms + left_ms;
        up(r, id);
        assert_int_equal(heard_by(r, id)->n, left_ms ? 2 : 1);
        reception_drop(r);
    }
}

static void one_that_could_not_be_spoken_is_left_out(void **state)
{
    (void)state;
    struct reception *r = open_with(3600000);
    r->sounds.ids[PROMPT_FR][PROMPT_NOTICE_TODAY] = MEDIA_PROMPT_NONE;
    uint64_t id = in_menu(r);
    assert_int_equal(heard_by(r, id)->n, 1);
    /* and it is not said in the place of another later on */
    r->sounds.ids[PROMPT_FR][PROMPT_NOTICE_TODAY] = PROMPT_NOTICE_TODAY;
    hears_all(r, id);
    assert_int_equal(heard_by(r, id)->ids[0], PROMPT_NOTICE_TODAY); /* spoken meanwhile */
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stands_behind_the_greeting_and_is_said_once),
        cmocka_unit_test(where_the_menu_follows_at_once_it_stands_before_it),
        cmocka_unit_test(at_its_instant_it_is_over),
        cmocka_unit_test(one_that_could_not_be_spoken_is_left_out),
    };
    return cmocka_run_group_tests_name("app/lines_notice", tests, NULL, NULL);
}
