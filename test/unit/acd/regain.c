/* regain.c — a place is taken back by calling again (design §3.8), step by step: one contact with
 * the first place, two calls with a class each, and what is not given back. */
#include "acd/look.h"
#include "test/unit/acd/house.h"

#define AGENT 1
#define OTHER 2
#define PERSON 77
#define REFERENCE 4721086

static uint64_t calls(struct house *h, uint64_t person_id, uint32_t reference)
{
    house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                 .call_arrived = {.leg_id = h->next_id,
                                                  .person_id = person_id,
                                                  .reference = reference}});
    return house_last(h, EV_CALL_ARRIVED)->id;
}

/* Waits and is cut, or hangs up: the contact. */
static uint64_t dropped(struct house *h, enum ended_by by)
{
    uint64_t call_id = calls(h, PERSON, REFERENCE);
    house_do(h, house_queue(call_id));
    uint64_t contact_id = house_last(h, EV_CONTACT_QUEUED)->contact_queued.contact_id;
    h->now_at += MINUTE;
    house_hang_up(h, call_id, by);
    return contact_id;
}

static enum acd_verdict regain_in(struct house *h, uint64_t call_id, uint64_t contact_id,
                                  uint32_t queue_id)
{
    return house_do(h, (struct command){.kind = CMD_PLACE_REGAIN,
                                        .place_regain = {.call_id = call_id,
                                                         .contact_id = contact_id,
                                                         .queue_id = queue_id}});
}

static enum acd_verdict regain(struct house *h, uint64_t call_id, uint64_t contact_id)
{
    return regain_in(h, call_id, contact_id, QUEUE);
}

static struct acd_look_place place_of(struct house *h, uint64_t contact_id)
{
    struct acd_look_place look = {.contact_id = 0};
    acd_look_place_of(h->acd, contact_id, h->now_at, &look);
    return look;
}

/* Before somebody who came between the two calls; two calls, one contact, one reference. */
static void who_calls_again_has_the_first_place_and_reference(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    ms_t first_at = h->now_at;
    house_staff(h, OTHER, 0); /* somebody is at work: nobody is turned away */
    uint64_t busy = house_caller(h);
    house_confirm(h, true);
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    assert_int_equal(place_of(h, contact_id).place_at, first_at);
    assert_false(place_of(h, contact_id).is_ours || place_of(h, contact_id).is_promise);
    uint64_t between = house_caller(h);
    h->now_at += MINUTE;
    uint64_t again = calls(h, PERSON, 1111111);
    assert_int_equal(regain(h, again, contact_id), ACD_DONE);
    const struct event *queued = house_last(h, EV_CONTACT_QUEUED);
    assert_int_equal(queued->contact_queued.contact_id, contact_id);
    assert_int_equal(queued->contact_queued.call_id, again);
    assert_int_equal(queued->contact_queued.key_at, first_at);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_REJOINED);
    house_do(h, (struct command){.kind = CMD_CALL_ASK_REFERENCE,
                                 .call_ask_reference = {.call_id = again}});
    assert_int_equal(house_last(h, EV_REFERENCE_TOLD)->reference_told.reference, REFERENCE);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, again);
    house_confirm(h, true);
    h->now_at += MINUTE;
    house_hang_up(h, again, ENDED_BY_CALLER);
    const struct event *class = house_last(h, EV_CALL_OUTCOME);
    assert_int_equal(class->call_outcome.outcome, OUTCOME_ANSWERED);
    assert_int_equal(class->call_outcome.wait_ms, 0); /* of this call */
    assert_int_equal(class->call_outcome.talk_ms, MINUTE);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.contact_id, contact_id);
    assert_true(busy && between);
    house_drop(h);
}

static void a_cut_of_ours_is_known_as_ours(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_FAULT);
    assert_true(place_of(h, contact_id).is_ours);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_DONE);
    assert_true(house_last(h, EV_PLACE_REGAINED)->place_regained.was_ours);
    house_drop(h);
}

/* The window begins at the first drop, and ends with it. */
static void a_place_is_kept_until_the_end_of_the_window_and_no_longer(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    ms_t first_at = h->now_at;
    house_wait(h, 6 * MINUTE);
    uint64_t again = calls(h, PERSON, 1);
    assert_int_equal(regain(h, again, contact_id), ACD_DONE);
    house_hang_up(h, again, ENDED_BY_CALLER);
    assert_int_equal(house_last(h, EV_CONTACT_DROPPED)->contact_dropped.until_at,
                     first_at + 10 * MINUTE);
    house_wait(h, 4 * MINUTE - 1);
    assert_int_equal(place_of(h, contact_id).contact_id, contact_id);
    house_wait(h, 1);
    assert_int_equal(place_of(h, contact_id).contact_id, 0);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_REFUSED_UNKNOWN);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_LAPSED);
    house_drop(h);
}

/* Who is cut once more after the window has passed keeps nothing, not even for a moment. */
static void a_drop_after_the_window_is_the_end(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    uint64_t again = calls(h, PERSON, 1);
    regain(h, again, contact_id);
    house_wait(h, 10 * MINUTE);
    house_hang_up(h, again, ENDED_BY_CALLER);
    assert_int_equal(house_count(h, EV_CONTACT_DROPPED), 1);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.contact_id, contact_id);
    house_drop(h);
}

static void it_is_taken_back_three_times_and_not_a_fourth(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    for (unsigned i = 1; i <= ACD_RETURNS_MAX; i++) {
        uint64_t again = calls(h, PERSON, 1);
        assert_int_equal(place_of(h, contact_id).returns_n, i - 1);
        assert_int_equal(regain(h, again, contact_id), ACD_DONE);
        assert_int_equal(house_last(h, EV_PLACE_REGAINED)->place_regained.returns_n, i);
        house_hang_up(h, again, ENDED_BY_CALLER);
    }
    assert_int_equal(house_count(h, EV_CONTACT_DROPPED), ACD_RETURNS_MAX);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

static void nobody_takes_the_place_of_somebody_else(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    assert_int_equal(regain(h, calls(h, PERSON + 1, 1), contact_id), ACD_REFUSED_STATE);
    assert_int_equal(regain(h, calls(h, 0, 1), contact_id), ACD_REFUSED_STATE); /* withheld */
    uint64_t waits = calls(h, PERSON, 1);
    house_do(h, house_queue(waits));
    assert_int_equal(regain(h, waits, contact_id), ACD_REFUSED_STATE); /* has asked already */
    uint64_t own = house_last(h, EV_CONTACT_QUEUED)->contact_queued.contact_id;
    uint64_t third = calls(h, PERSON, 1);
    assert_int_equal(regain(h, third, own), ACD_REFUSED_STATE); /* who is on the line */
    assert_int_equal(regain(h, third, third), ACD_REFUSED_UNKNOWN);
    assert_int_equal(house_count(h, EV_PLACE_REGAINED), 0);
    house_drop(h);
}

static void a_closed_queue_refuses_and_the_place_stays(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t contact_id = dropped(h, ENDED_BY_CALLER);
    house_do(h,
             (struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = QUEUE, .hours = HOURS_CLOSED_PUBLISHED}});
    uint64_t again = calls(h, PERSON, 1);
    assert_int_equal(regain(h, again, contact_id), ACD_REFUSED_CLOSED);
    assert_int_equal(house_last(h, EV_CALL_REFUSED)->call_refused.call_id, again);
    assert_int_equal(place_of(h, contact_id).contact_id, contact_id);
    assert_int_equal(regain_in(h, again, contact_id, 9), ACD_REFUSED_CLOSED); /* there is none */
    house_drop(h);
}

/* ---- promises ----------------------------------------------------------------------------- */

static void call_back_here(struct house *h)
{
    house_do(h, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                 .queue_callbacks = {.queue_id = QUEUE,
                                                     .attempts_max = 3,
                                                     .share_percent = 50,
                                                     .gap_ms = MINUTE,
                                                     .keep_ms = 60 * MINUTE,
                                                     .dial_ms = 40000}});
}

static uint64_t promised(struct house *h)
{
    uint64_t call_id = calls(h, PERSON, REFERENCE);
    house_do(h, house_queue(call_id));
    house_do(h, (struct command){.kind = CMD_CALLBACK_PROMISE,
                                 .callback_promise = {.call_id = call_id}});
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    return house_last(h, EV_CALLBACK_PROMISED)->callback_promised.contact_id;
}

/* On the line again with the old place, by any number: who was promised may be called elsewhere. */
static void a_promise_becomes_a_wait_on_the_line_and_nobody_is_called(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    ms_t first_at = h->now_at;
    call_back_here(h);
    uint64_t contact_id = promised(h);
    assert_true(place_of(h, contact_id).is_promise);
    assert_false(place_of(h, contact_id).is_by_house);
    h->now_at += 20 * MINUTE;
    uint64_t again = calls(h, PERSON + 1, 1);
    assert_int_equal(regain(h, again, contact_id), ACD_DONE);
    assert_int_equal(house_last(h, EV_CALLBACK_CANCELLED)->callback_cancelled.by,
                     CANCELLED_BY_PERSON);
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY); /* nobody was ever there */
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.key_at, first_at);
    struct acd_look_callback look;
    assert_false(acd_look_callback_of(h->acd, contact_id, &look));
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.phase, OFFER_PHASE_OFFERED);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, again);
    house_drop(h);
}

static void what_the_house_promised_after_a_cut_was_cut_off(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    call_back_here(h);
    house_staff(h, OTHER, 0);
    house_caller(h);
    house_confirm(h, true);
    uint64_t contact_id = dropped(h, ENDED_BY_FAULT);
    assert_true(place_of(h, contact_id).is_by_house && place_of(h, contact_id).is_ours);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    assert_true(house_last(h, EV_PLACE_REGAINED)->place_regained.was_ours);
    house_drop(h);
}

static void who_is_being_called_takes_nothing_back(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    call_back_here(h);
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contact_id);
    assert_int_equal(place_of(h, contact_id).contact_id, 0);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_REFUSED_STATE);
    house_drop(h);
}

/* After the last attempt the place is kept for who calls: that is what the message said. */
static void after_the_last_attempt_the_place_is_there_for_who_calls(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    call_back_here(h);
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    for (unsigned i = 0; i < 3; i++) {
        house_wait(h, i ? 2 * MINUTE : 0);
        house_agent_does(h, CMD_AGENT_READY, AGENT);
        house_do(h, (struct command){.kind = CMD_OFFER_ADVANCE,
                                     .offer_advance = {.offer_id = house_offer(h)}});
        house_do(h, (struct command){.kind = CMD_CALLBACK_RESULT,
                                     .callback_result = {.offer_id = house_offer(h),
                                                         .result = CALLBACK_RESULT_NOBODY}});
    }
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_FAILED);
    unsigned classes_n = house_count(h, EV_CALL_OUTCOME);
    assert_int_equal(regain(h, calls(h, PERSON, 1), contact_id), ACD_DONE);
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), classes_n); /* it has its class */
    assert_int_equal(house_last(h, EV_CONTACT_QUEUED)->contact_queued.contact_id, contact_id);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_calls_again_has_the_first_place_and_reference),
        cmocka_unit_test(a_cut_of_ours_is_known_as_ours),
        cmocka_unit_test(a_place_is_kept_until_the_end_of_the_window_and_no_longer),
        cmocka_unit_test(a_drop_after_the_window_is_the_end),
        cmocka_unit_test(it_is_taken_back_three_times_and_not_a_fourth),
        cmocka_unit_test(nobody_takes_the_place_of_somebody_else),
        cmocka_unit_test(a_closed_queue_refuses_and_the_place_stays),
        cmocka_unit_test(a_promise_becomes_a_wait_on_the_line_and_nobody_is_called),
        cmocka_unit_test(what_the_house_promised_after_a_cut_was_cut_off),
        cmocka_unit_test(who_is_being_called_takes_nothing_back),
        cmocka_unit_test(after_the_last_attempt_the_place_is_there_for_who_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
