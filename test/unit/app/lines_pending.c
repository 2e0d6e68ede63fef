/* lines_pending.c — a promise goes to another number, or to none because the person asked never to
 * be called again; over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/reception_back.h"

#define CALLER UINT64_C(33536491234) /* of in_queue() */
#define OTHER UINT64_C(33536491299)
#define DEAR UINT64_C(33899123456)

static enum acd_verdict renumber(struct reception *r, uint64_t contact_id, uint64_t e164,
                                 enum gate_verdict *why)
{
    enum acd_verdict v = lines_renumber(r->lines, contact_id, e164, why);
    turn(r);
    return v;
}

static enum acd_verdict never(struct reception *r, uint64_t e164, bool is_added)
{
    enum gate_verdict why;
    enum acd_verdict v = lines_never(r->lines, e164, is_added, &why);
    turn(r);
    return v;
}

static void a_promise_goes_to_another_number_as_the_gate_allows(void **state)
{
    (void)state;
    struct reception *r = back_open();
    enum gate_verdict why;
    uint64_t contact_id = back_promised(r);
    assert_int_equal(renumber(r, contact_id + 1000, OTHER, &why), ACD_REFUSED_UNKNOWN);
    assert_int_equal(renumber(r, contact_id, CALLER, &why), ACD_NOTHING);
    assert_int_equal(renumber(r, contact_id, DEAR, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_SURCHARGED);
    assert_int_equal(events(r, EV_CALLBACK_RENUMBERED), 0);
    assert_int_equal(renumber(r, contact_id, OTHER, &why), ACD_DONE);
    assert_int_equal(events(r, EV_CALLBACK_RENUMBERED), 1);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    assert_int_equal(renumber(r, contact_id, CALLER, &why), ACD_REFUSED_STATE); /* it is called */
    assert_int_equal(why, GATE_PASSES);
    up(r, agent);
    hears_all(r, agent);
    assert_int_not_equal(back_dialled(r, "33536491299"), 0);
    assert_int_equal(back_dials_n(r), 1);
    reception_drop(r);
}

static void the_number_before_may_ask_again_and_the_new_one_may_not(void **state)
{
    (void)state;
    struct reception *r = back_open();
    enum gate_verdict why;
    uint64_t first = back_promised(r);
    assert_int_equal(renumber(r, first, OTHER, &why), ACD_DONE);
    uint64_t second = back_promised(r); /* the same caller */
    assert_int_not_equal(first, second);
    assert_int_equal(renumber(r, second, OTHER, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_OPEN);
    reception_drop(r);
}

static void a_line_of_many_people_takes_no_promise_that_is_not_discreet(void **state)
{
    (void)state;
    struct reception *r = back_open();
    enum gate_verdict why;
    uint64_t contact_id = back_promised(r);
    static const uint64_t shared[] = {OTHER};
    r->directory->shared = (uint64_t *)shared;
    r->directory->shared_n = 1;
    map_put(&r->directory->shared_of, OTHER, 0);
    assert_int_equal(renumber(r, contact_id, OTHER, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_PASSES);
    reception_drop(r);
}

static void who_asks_never_to_be_called_is_promised_nothing_any_more(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    enum gate_verdict why;
    uint64_t contact_id = back_promised(r);
    assert_int_equal(never(r, OTHER, true), ACD_DONE); /* somebody else */
    assert_int_equal(events(r, EV_CALLBACK_CANCELLED), 0);
    assert_int_equal(renumber(r, contact_id, OTHER, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_NEVER);
    assert_int_equal(never(r, CALLER, true), ACD_DONE);
    assert_int_equal(never(r, CALLER, true), ACD_NOTHING);
    assert_int_equal(events(r, EV_CALLBACK_CANCELLED), 1);
    assert_int_equal(last(r, EV_NEVER_LISTED).never_listed.listed_n, 2);
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_CB_NUMBER_REFUSED));
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 1);
    assert_int_equal(never(r, CALLER, false), ACD_DONE);
    assert_int_equal(never(r, CALLER, false), ACD_NOTHING);
    press(r, id, '*');
    press(r, id, '*');
    back_arranges(r, id);
    assert_int_equal(events(r, EV_CALLBACK_PROMISED), 2);
    reception_drop(r);
}

/* The house itself promises without asking the gate; it is asked before each dial. */
static void no_machine_dials_who_came_onto_the_list_since(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint8_t listed[NEVER_HASH_BYTES];
    back_promised(r);
    back_hash(NULL, listed, CALLER);
    never_restore(r->never, listed);
    get_ready(r, 1);
    assert_int_equal(rings_at(r, 1), 0);
    pass(r, 60000);
    assert_int_equal(back_dials_n(r), 0);
    assert_int_equal(events(r, EV_CALLBACK_CANCELLED), 1);
    assert_int_equal(events(r, EV_CALLBACK_TRIED), 0);
    reception_drop(r);
}

/* Listed while the agent hears whom: a fault of ours, which is no attempt, and then the end. */
static void nobody_is_dialled_who_asked_so_while_the_agent_is_told(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    back_promised(r);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    up(r, agent);
    assert_int_equal(never(r, CALLER, true), ACD_DONE);
    hears_all(r, agent);
    assert_int_equal(last(r, EV_CALLBACK_TRIED).callback_tried.result, CALLBACK_RESULT_FAULT);
    pass(r, 120000);
    assert_int_equal(back_dials_n(r), 0);
    assert_int_equal(events(r, EV_CALLBACK_CANCELLED), 1);
    reception_drop(r);
}

static void a_list_that_is_lost_lets_nobody_be_called(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    enum gate_verdict why;
    never_lose(r->never);
    uint64_t id = in_queue(r);
    press(r, id, '1');
    press(r, id, '1');
    assert_true(hears(r, id, PROMPT_ERR_NO_PROMISE));
    assert_int_equal(lines_never(r->lines, OTHER, true, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_NEVER_LOST);
    reception_drop(r);
}

static void the_list_is_full_at_its_bound_and_says_so(void **state)
{
    (void)state;
    struct reception *r = back_open_listing();
    uint8_t listed[NEVER_HASH_BYTES];
    enum gate_verdict why;
    for (uint64_t i = 1; i < NEVER_MAX; i++) {
        back_hash(NULL, listed, i);
        never_restore(r->never, listed);
    }
    assert_int_equal(never(r, OTHER, true), ACD_DONE);
    assert_int_equal(never_n(r->never), NEVER_MAX);
    assert_int_equal(lines_never(r->lines, CALLER, true, &why), ACD_REFUSED_STATE);
    assert_int_equal(why, GATE_REFUSED_ROOM);
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_NO);
    back_hash(NULL, listed, CALLER);
    never_restore(r->never, listed); /* a row too many on the disk: who it is is not known */
    assert_int_equal(never_has(r->never, CALLER), GATE_NEVER_LOST);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_goes_to_another_number_as_the_gate_allows),
        cmocka_unit_test(the_number_before_may_ask_again_and_the_new_one_may_not),
        cmocka_unit_test(a_line_of_many_people_takes_no_promise_that_is_not_discreet),
        cmocka_unit_test(who_asks_never_to_be_called_is_promised_nothing_any_more),
        cmocka_unit_test(no_machine_dials_who_came_onto_the_list_since),
        cmocka_unit_test(nobody_is_dialled_who_asked_so_while_the_agent_is_told),
        cmocka_unit_test(a_list_that_is_lost_lets_nobody_be_called),
        cmocka_unit_test(the_list_is_full_at_its_bound_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
