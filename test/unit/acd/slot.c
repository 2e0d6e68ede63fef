/* slot.c — half hours that are sold, and come (design §3.7, §3.12): what the heart writes down,
 * what it holds until then, and what the day makes of the call. */
#include "acd/look.h"
#include "test/unit/acd/house.h"

#define AGENT 1
#define HALF (30 * MINUTE)
#define DAY_MS (24 * 60 * MINUTE)
#define REFERENCE 4721086u

static struct house *open_house(void)
{
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                 .queue_callbacks = {.queue_id = QUEUE,
                                                     .attempts_max = 3,
                                                     .share_percent = 50,
                                                     .gap_ms = 45 * MINUTE,
                                                     .keep_ms = DAY_MS,
                                                     .dial_ms = 40000}});
    return h;
}

static void set_hours(struct house *h, enum hours hours)
{
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = QUEUE, .hours = hours}});
}

static enum acd_verdict sell(struct house *h, uint64_t contact_id, ms_t from_at, ms_t until_at)
{
    return house_do(h, (struct command){.kind = CMD_SLOT_SELL,
                                        .slot_sell = {.contact_id = contact_id,
                                                      .queue_id = QUEUE,
                                                      .from_at = from_at,
                                                      .until_at = until_at}});
}

static enum acd_verdict due(struct house *h, ms_t from_at)
{
    return house_do(h, (struct command){.kind = CMD_SLOT_DUE,
                                        .slot_due = {.queue_id = QUEUE,
                                                     .person_id = 7,
                                                     .reference = REFERENCE,
                                                     .from_at = from_at}});
}

/* Comes while it is closed; its contact. */
static uint64_t at_door(struct house *h)
{
    house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                 .call_arrived = {.leg_id = h->next_id, .person_id = 7}});
    const struct event *call = house_last(h, EV_CALL_ARRIVED);
    house_do(h, (struct command){.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = call->id, .queue_id = QUEUE}});
    return call->call_arrived.contact_id;
}

static void who_comes_while_closed_is_sold_a_time_and_stays_out_of_hours(void **state)
{
    (void)state;
    struct house *h = open_house();
    set_hours(h, HOURS_CLOSED_PUBLISHED);
    uint64_t contact_id = at_door(h), call_id = house_last(h, EV_CALL_ARRIVED)->id;
    assert_int_equal(house_do(h, (struct command){.kind = CMD_CALL_ASK_REFERENCE,
                                                  .call_ask_reference = {call_id}}),
                     ACD_DONE);
    assert_int_equal(sell(h, contact_id, h->now_at + DAY_MS, h->now_at + DAY_MS + HALF), ACD_DONE);
    const struct event *sold = house_last(h, EV_SLOT_SOLD);
    assert_int_equal(sold->slot_sold.contact_id, contact_id);
    assert_int_equal(sold->slot_sold.reference,
                     house_last(h, EV_REFERENCE_TOLD)->reference_told.reference);
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_OUT_OF_HOURS);
    struct acd_look_callback look;
    assert_false(acd_look_callback_of(h->acd, contact_id, &look)); /* a row, and no contact */
    assert_int_equal(acd_look_counts(h->acd).contacts_n, 0);
    house_drop(h);
}

static void a_time_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct house *h = open_house();
    set_hours(h, HOURS_CLOSED_PUBLISHED);
    uint64_t contact_id = at_door(h);
    ms_t at = h->now_at, most = ACD_DURATION_MS_MAX;
    assert_int_equal(sell(h, contact_id, at, at + HALF), ACD_REFUSED_RANGE);
    assert_int_equal(sell(h, contact_id, at + HALF, at + HALF), ACD_REFUSED_RANGE);
    assert_int_equal(sell(h, contact_id, at + most + 1, at + most + 2), ACD_REFUSED_RANGE);
    assert_int_equal(sell(h, contact_id + 1000, at + 1, at + 2), ACD_REFUSED_UNKNOWN);
    assert_int_equal(sell(h, contact_id, at + most, at + most + HALF), ACD_DONE);
    assert_int_equal(due(h, h->now_at + 1), ACD_REFUSED_RANGE);
    assert_int_equal(due(h, h->now_at - most - 1), ACD_REFUSED_RANGE);
    house_drop(h);
}

static void who_waits_is_not_at_the_door(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_caller(h);
    uint64_t contact_id = house_last(h, EV_CONTACT_QUEUED)->contact_queued.contact_id;
    assert_int_equal(sell(h, contact_id, h->now_at + 1, h->now_at + HALF), ACD_REFUSED_STATE);
    house_drop(h);
}

static void what_is_promised_for_another_day_becomes_a_row_once_they_have_hung_up(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t call_id = house_caller(h);
    ms_t from_at = h->now_at + DAY_MS;
    house_do(h,
             (struct command){.kind = CMD_CALLBACK_PROMISE,
                              .callback_promise = {.call_id = call_id, .not_before_at = from_at}});
    uint64_t contact_id = house_last(h, EV_CALLBACK_PROMISED)->callback_promised.contact_id;
    assert_int_equal(sell(h, contact_id, from_at, from_at + HALF), ACD_REFUSED_STATE);
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(sell(h, contact_id, from_at, from_at + HALF), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_FAILED); /* not reached on that day */
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_LATER);
    assert_int_equal(acd_look_counts(h->acd).contacts_n, 0);
    house_wait(h, 2 * DAY_MS);
    assert_int_equal(house_count(h, EV_CALLBACK_DUE), 0);
    house_drop(h);
}

/* Under the reference they were told; a place of that instant; honoured like any other. */
static void when_its_time_has_come_it_is_a_call_that_is_promised_one(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t before = house_caller(h);
    h->now_at += MINUTE;
    assert_int_equal(due(h, h->now_at - MINUTE / 2), ACD_DONE);
    const struct event *opened = house_last(h, EV_CONTACT_OPENED);
    assert_int_equal(opened->contact_opened.reference, REFERENCE);
    assert_int_equal(opened->contact_opened.place_at, h->now_at - MINUTE / 2);
    assert_int_equal(house_last(h, EV_CALL_ARRIVED)->call_arrived.channel, CHANNEL_CALLBACK);
    assert_int_equal(house_count(h, EV_CALLBACK_DUE), 1);
    h->now_at += MINUTE;
    house_caller(h);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, before);
    house_hang_up(h, before, ENDED_BY_CALLER);
    const struct event *offer = house_last(h, EV_OFFER_MADE);
    assert_int_equal(offer->offer_made.contact_id, opened->id);
    assert_int_equal(offer->offer_made.phase, OFFER_PHASE_RESERVED);
    house_drop(h);
}

static void nobody_is_called_while_closed_although_the_time_has_come(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_staff(h, AGENT, 0);
    set_hours(h, HOURS_CLOSED_BY_PERSON);
    assert_int_equal(due(h, h->now_at), ACD_DONE);
    house_wait(h, 10 * MINUTE);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    set_hours(h, HOURS_OPEN);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    house_drop(h);
}

static void what_is_given_back_is_written_down(void **state)
{
    (void)state;
    struct house *h = open_house();
    const struct command cancel = {
        .kind = CMD_SLOT_CANCEL,
        .slot_cancel = {.contact_id = 9, .reference = REFERENCE, .by = CANCELLED_BY_PERSON}};
    struct command wrong = cancel;
    wrong.slot_cancel.by = CANCELLED_BY_N;
    assert_int_equal(house_do(h, wrong), ACD_REFUSED_RANGE);
    assert_int_equal(house_do(h, cancel), ACD_DONE);
    assert_int_equal(house_last(h, EV_SLOT_CANCELLED)->slot_cancelled.reference, REFERENCE);
    house_drop(h);
}

/* ---- agreed on with an agent --------------------------------------------------------------- */

/* Agent 1 speaks with somebody, both are heard. */
static uint64_t in_conversation(struct house *h)
{
    house_staff(h, AGENT, 0);
    uint64_t call_id = house_caller(h);
    house_confirm(h, true);
    return call_id;
}

static uint64_t contact_of(const struct house *h)
{
    return house_last(h, EV_OFFER_JOINED)->offer_joined.contact_id;
}

static enum acd_verdict agree(struct house *h, uint32_t agent_id, uint64_t contact_id)
{
    return house_do(h, (struct command){.kind = CMD_SLOT_SELL,
                                        .slot_sell = {.contact_id = contact_id,
                                                      .queue_id = QUEUE,
                                                      .from_at = h->now_at + DAY_MS,
                                                      .until_at = h->now_at + DAY_MS + HALF,
                                                      .agent_id = agent_id,
                                                      .reference = REFERENCE}});
}

static void who_is_in_conversation_is_sold_a_time_and_the_call_stays_answered(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t call_id = in_conversation(h), contact_id = contact_of(h);
    struct acd_look_contact contact;
    assert_true(acd_look_contact_of(h->acd, contact_id, &contact));
    h->now_at += ACD_ANSWERED_MS_MIN;
    uint64_t before = acd_hash(h->acd);
    assert_int_equal(sell(h, contact_id, h->now_at + DAY_MS, h->now_at + DAY_MS + HALF),
                     ACD_REFUSED_STATE); /* by nobody: only at the door */
    assert_int_equal(agree(h, AGENT, contact_id), ACD_DONE);
    const struct event *sold = house_last(h, EV_SLOT_SOLD);
    assert_int_equal(sold->slot_sold.agent_id, AGENT);
    assert_int_equal(sold->slot_sold.reference, contact.reference); /* its own, not what was said */
    assert_int_not_equal(contact.reference, REFERENCE);
    assert_int_not_equal(acd_hash(h->acd), before); /* one event more */
    struct acd_look_callback look;
    assert_false(acd_look_callback_of(h->acd, contact_id, &look));
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_ANSWERED);
    assert_int_equal(acd_look_counts(h->acd).contacts_n, 0);
    house_drop(h);
}

static void a_conversation_that_may_not_count_yet_sells_nothing(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_staff(h, AGENT, 0);
    house_caller(h);
    house_confirm(h, false);
    h->now_at += ACD_ANSWERED_MS_MIN;
    assert_int_equal(agree(h, AGENT, contact_of(h)), ACD_REFUSED_STATE); /* nobody was heard */
    house_drop(h);
    h = open_house();
    in_conversation(h);
    h->now_at += ACD_ANSWERED_MS_MIN - 1;
    assert_int_equal(agree(h, AGENT, contact_of(h)), ACD_REFUSED_STATE);
    h->now_at++;
    assert_int_equal(agree(h, AGENT, contact_of(h)), ACD_DONE);
    house_drop(h);
}

static void in_the_wrap_up_the_contact_is_over_and_its_reference_is_said(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t call_id = in_conversation(h), contact_id = contact_of(h);
    h->now_at += MINUTE;
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    struct acd_look_contact contact;
    assert_false(acd_look_contact_of(h->acd, contact_id, &contact));
    assert_int_equal(agree(h, AGENT, contact_id), ACD_DONE);
    assert_int_equal(house_last(h, EV_SLOT_SOLD)->slot_sold.reference, REFERENCE);
    house_agent_does(h, CMD_AGENT_READY, AGENT);
    assert_int_equal(agree(h, AGENT, contact_id), ACD_REFUSED_STATE);
    house_drop(h);
}

static void nobody_agrees_for_another_agent_or_with_another_person(void **state)
{
    (void)state;
    struct house *h = open_house();
    in_conversation(h);
    uint64_t contact_id = contact_of(h);
    house_staff(h, AGENT + 1, 0);
    h->now_at += MINUTE;
    assert_int_equal(agree(h, AGENT + 1, contact_id), ACD_REFUSED_STATE);
    assert_int_equal(agree(h, 99, contact_id), ACD_REFUSED_UNKNOWN);
    assert_int_equal(agree(h, AGENT, contact_id + 1000), ACD_REFUSED_STATE);
    assert_int_equal(agree(h, AGENT, 0), ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

/* Back in the queue they wait for somebody: whoever gets them agrees, and not who gave them back.
 */
static void who_waits_again_is_sold_nothing_by_who_had_them(void **state)
{
    (void)state;
    struct house *h = open_house();
    in_conversation(h);
    uint64_t contact_id = contact_of(h);
    h->now_at += MINUTE;
    house_do(
        h, (struct command){.kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = house_offer(h), .why = OFFER_END_WITHDRAWN}});
    assert_int_equal(agree(h, AGENT, contact_id), ACD_REFUSED_STATE);
    house_drop(h);
}

/* An agent has called somebody back, and has spoken for a minute. */
static uint64_t called_back(struct house *h)
{
    uint64_t call_id = house_caller(h);
    house_do(h, (struct command){.kind = CMD_CALLBACK_PROMISE,
                                 .callback_promise = {.call_id = call_id}});
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    house_staff(h, AGENT, 0);
    for (unsigned i = 0; i < 3; i++) /* the agent, the dial, an answer */
        house_do(h, (struct command){.kind = CMD_OFFER_ADVANCE,
                                     .offer_advance = {.offer_id = house_offer(h)}});
    house_confirm(h, true);
    h->now_at += MINUTE;
    return contact_of(h);
}

/* Their agent's line dies: they are called at the time that was agreed on, not twice. */
static void who_was_called_back_and_agreed_is_not_called_again_for_what_broke_off(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 3; way++) {
        struct house *h = open_house();
        uint64_t contact_id = called_back(h);
        if (way)
            assert_int_equal(agree(h, AGENT, contact_id), ACD_DONE);
        if (way == 2)
            house_do(h, (struct command){
                            .kind = CMD_SLOT_CANCEL,
                            .slot_cancel = {.contact_id = contact_id, .by = CANCELLED_BY_AGENT}});
        house_agent_does(h, CMD_AGENT_LOST, AGENT);
        struct acd_look_callback look;
        bool stands = acd_look_callback_of(h->acd, contact_id, &look);
        assert_int_equal(stands, way != 1);
        assert_int_equal(house_count(h, EV_CONTACT_RETURNED), way != 1);
        if (way == 1) {
            assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_HONOURED);
            assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how,
                             SETTLED_ANSWERED);
        }
        acd_check(h->acd);
        house_drop(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_while_closed_is_sold_a_time_and_stays_out_of_hours),
        cmocka_unit_test(a_time_that_cannot_be_is_refused),
        cmocka_unit_test(who_waits_is_not_at_the_door),
        cmocka_unit_test(what_is_promised_for_another_day_becomes_a_row_once_they_have_hung_up),
        cmocka_unit_test(when_its_time_has_come_it_is_a_call_that_is_promised_one),
        cmocka_unit_test(nobody_is_called_while_closed_although_the_time_has_come),
        cmocka_unit_test(what_is_given_back_is_written_down),
        cmocka_unit_test(who_is_in_conversation_is_sold_a_time_and_the_call_stays_answered),
        cmocka_unit_test(a_conversation_that_may_not_count_yet_sells_nothing),
        cmocka_unit_test(in_the_wrap_up_the_contact_is_over_and_its_reference_is_said),
        cmocka_unit_test(nobody_agrees_for_another_agent_or_with_another_person),
        cmocka_unit_test(who_waits_again_is_sold_nothing_by_who_had_them),
        cmocka_unit_test(who_was_called_back_and_agreed_is_not_called_again_for_what_broke_off),
    };
    return cmocka_run_group_tests_name("acd/slot", tests, NULL, NULL);
}
