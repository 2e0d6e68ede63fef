/* lines_kept_back.c — a process dies while callers arrange to be called back; what each hears of
 * the next one, over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_back.h"
#include "test/support/reception_kept.h"

#define CALLER_E164 UINT64_C(33536491234)

struct lived {
    struct reception *r;
    struct kept kept;
};

static void begin(struct lived *l)
{
    l->r = back_open();
    kept_open(&l->kept, 8);
    lines_keep(l->r->lines, &l->kept.rows);
}

static void finish(struct lived *l)
{
    kept_drop(&l->kept);
    reception_drop(l->r);
}

/* What was committed, and what the rows say, which may be older. */
static void die_within_a_turn(struct lived *l)
{
    notebook_crash(&l->r->book);
    l->r->now_at += 700;
    kept_resume(&l->kept, l->r, NULL, NULL);
    turn(l->r);
}

static void die(struct lived *l)
{
    lines_keep_turn(l->r->lines);
    die_within_a_turn(l);
}

static void who_was_being_told_that_it_is_noted_hears_it_again(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t id = in_queue(r);
    back_arranges(r, id);
    assert_true(hears(r, id, PROMPT_CB_DONE_ASAP_TODAY));
    die(&l);
    assert_false(is_over(r, id));
    assert_int_equal(events(r, EV_CALL_ENDED), 0);
    assert_true(hears(r, id, PROMPT_CB_DONE_ASAP_TODAY));
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    press(r, id, '1'); /* it is made: a key makes no other one */
    hears_all(r, id);
    pass(r, 10000);
    assert_true(is_over(r, id));
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    assert_int_equal(events(r, EV_CALL_PENDING), 1);
    finish(&l);
}

static void who_was_promised_what_is_not_on_disk_waits_on(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    press(r, id, '1');
    hears_all(r, id);
    r->commits = false;
    hears_all(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    r->commits = true;
    die(&l);
    assert_false(is_over(r, id));
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 0);
    assert_false(hears(r, id, PROMPT_CB_DONE_ASAP_TODAY));
    assert_int_equal(leg(r, id)->sound.loop_id, PROMPT_MUSIC_WAIT);
    const struct lines_wish row = {.contact_id = last(r, EV_CONTACT_OPENED).id,
                                   .person_id = last(r, EV_CONTACT_OPENED).contact_opened.person_id,
                                   .e164 = CALLER_E164,
                                   .is_gated = true};
    lines_wish(r->lines, &row); /* their number was on disk: thrown away, and the gate told */
    back_arranges(r, id);       /* key 1 begins anew */
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
    finish(&l);
}

static void who_was_asked_for_a_number_waits_on_and_may_ask_again(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    die(&l);
    assert_int_equal(events(r, EV_CALL_ENDED), 0);
    assert_int_equal(leg(r, id)->sound.loop_id, PROMPT_MUSIC_WAIT);
    back_arranges(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    finish(&l);
}

/* The row knows nothing of the promise: of the menu, or of the queue. Put back there, they would be
 * asked again for what the heart cannot give twice. */
static void whose_row_is_older_than_the_promise_is_promised_a_call_all_the_same(void **state)
{
    (void)state;
    for (unsigned is_queued = 0; is_queued < 2; is_queued++) {
        struct lived l;
        begin(&l);
        struct reception *r = l.r;
        uint64_t id = arrive_as(r, 0, PUBLIC, "0536491234");
        up(r, id);
        if (!is_queued)
            lines_keep_turn(r->lines);
        press(r, id, '1');
        hears_all(r, id);
        if (is_queued)
            lines_keep_turn(r->lines);
        back_arranges(r, id);
        assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
        die_within_a_turn(&l);
        assert_false(is_over(r, id));
        assert_true(hears(r, id, PROMPT_CB_DONE_FROM));
        press(r, id, '1');
        hears_all(r, id);
        pass(r, 10000);
        assert_true(is_over(r, id));
        assert_int_equal(lines_totals(r->lines).broken_n, 0);
        assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
        assert_int_equal(events(r, EV_CALL_PENDING), 1);
        finish(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_being_told_that_it_is_noted_hears_it_again),
        cmocka_unit_test(who_was_promised_what_is_not_on_disk_waits_on),
        cmocka_unit_test(who_was_asked_for_a_number_waits_on_and_may_ask_again),
        cmocka_unit_test(whose_row_is_older_than_the_promise_is_promised_a_call_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
