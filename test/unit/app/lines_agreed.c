/* lines_agreed.c — an agent and the person on the line agree on a half hour: the rules are those of
 * who chooses by keys, one number has one open wish, and what was agreed on outlives the call and a
 * death; who was called back is written to (ADR 52). Over the real heart and gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gsm/words.h"
#include "test/support/reception_slots.h"

#define CALLER UINT64_C(33536491234) /* of in_queue() */
#define MOBILE UINT64_C(33639981240)
#define DAY (24 * HOUR)

struct post {
    struct reception *r;
    uint64_t caller, agent; /* legs */
    uint64_t contact_id;
};

static void speaks(struct post *p)
{
    p->agent = rings_at(p->r, 1);
    up(p->r, p->agent);
    heard(p->r, p->agent);
    heard(p->r, p->caller);
    p->contact_id = last(p->r, EV_OFFER_JOINED).offer_joined.contact_id;
    pass(p->r, 30000);
}

/* Agent 1 has spoken with a caller for half a minute; it is Monday, 10 o'clock. */
static struct post in_conversation(uint32_t slots_max)
{
    struct post p = {.r = open_with(slots_max)};
    get_ready(p.r, 1);
    p.caller = in_queue(p.r);
    speaks(&p);
    return p;
}

static ms_t wall(const struct post *p)
{
    return p->r->now_at + p->r->wall_ms;
}

/* The half hour that begins so long after 10 o'clock. */
static ms_t half(const struct post *p, ms_t after_ms)
{
    ms_t ten_at = wall(p) / HOUR * HOUR;
    return ten_at + after_ms;
}

static struct order_talk order(const struct post *p, ms_t from_at)
{
    struct acd_look_contact contact = {.reference = 4721086};
    (void)acd_look_contact_of(p->r->acd, p->contact_id, &contact);
    return (struct order_talk){.deed = ORDER_TALK_SLOT,
                               .agent_id = 1,
                               .contact_id = p->contact_id,
                               .slot = {.from_at = from_at,
                                        .e164 = CALLER,
                                        .person_id = contact.person_id,
                                        .reference = contact.reference}};
}

static enum order_talked give(const struct post *p, const struct order_talk *talk)
{
    enum gate_verdict why;
    enum order_talked talked = lines_talk(p->r->lines, talk, &why);
    assert_int_equal(why != GATE_PASSES, talked == ORDER_TALKED_GATE);
    turn(p->r);
    return talked;
}

static enum order_talked agree(const struct post *p, ms_t from_at)
{
    const struct order_talk talk = order(p, from_at);
    return give(p, &talk);
}

static enum order_talked undo(const struct post *p)
{
    const struct order_talk talk = {
        .deed = ORDER_TALK_UNSLOT, .agent_id = 1, .contact_id = p->contact_id};
    return give(p, &talk);
}

static void what_is_agreed_on_outlives_the_call_and_is_called_once(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    ms_t at = half(&p, DAY);
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    assert_int_equal(last(p.r, EV_SLOT_SOLD).slot_sold.agent_id, 1);
    ends(p.r, p.caller, false);
    assert_int_equal(outcome(p.r), OUTCOME_ANSWERED);
    const struct slot slot = *only_row();
    assert_int_equal(slot.from_at, at);
    assert_true(slot.e164 == CALLER && !slot.is_promised);
    assert_int_equal(acd_look_counts(p.r->acd).contacts_n, 0);
    get_ready(p.r, 1);
    pass(p.r, at - wall(&p) - 1);
    assert_int_equal(rings_at(p.r, 1), 0);
    pass(p.r, 1);
    assert_int_equal(last(p.r, EV_CONTACT_OPENED).contact_opened.reference, slot.reference);
    p.agent = rings_at(p.r, 1);
    up(p.r, p.agent);
    hears_all(p.r, p.agent);
    assert_int_not_equal(back_dialled(p.r, BACK_CALLER), 0);
    assert_int_equal(events(p.r, EV_CALL_ARRIVED), 2);
    assert_int_equal(rows_n(), 0);
    reception_drop(p.r);
}

static void a_second_click_is_no_second_promise(void **state)
{
    (void)state;
    struct post p = in_conversation(2);
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED);
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED);
    assert_int_equal(events(p.r, EV_SLOT_SOLD), 1);
    assert_int_equal(agree(&p, half(&p, DAY + HOUR)), ORDER_TALKED_THERE);
    struct order_talk talk = order(&p, half(&p, DAY));
    talk.slot.e164 = MOBILE;
    assert_int_equal(give(&p, &talk), ORDER_TALKED_THERE);
    assert_int_equal(rows_n(), 1);
    reception_drop(p.r);
}

/* The page may have shown it a minute ago. */
static void what_is_not_free_any_more_is_not_sold(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    static const ms_t refused[] = {0,                                /* now */
                                   8 * HOUR,                         /* it closes at 18 */
                                   DAY + 8 * HOUR - SLOT_MS + 60000, /* no half hour of the clock */
                                   -HOUR,
                                   6 * DAY, /* the sixth day after today */
                                   7 * DAY};
    for (unsigned i = 0; i < ARRAY_LEN(refused); i++)
        assert_int_equal(agree(&p, half(&p, refused[i])), ORDER_TALKED_GONE);
    assert_int_equal(events(p.r, EV_SLOT_SOLD), 0);
    assert_int_equal(agree(&p, half(&p, SLOT_MS)), ORDER_TALKED); /* 10:30, it is 10:00:30 */
    assert_int_equal(undo(&p), ORDER_TALKED);
    pass(p.r, half(&p, SLOT_MS) - (ms_t)15 * 60000 - wall(&p));
    assert_int_equal(agree(&p, half(&p, SLOT_MS)), ORDER_TALKED); /* a quarter of an hour before */
    reception_drop(p.r);
    p = in_conversation(1);
    pass(p.r, half(&p, SLOT_MS) - (ms_t)15 * 60000 - wall(&p) + 1);
    assert_int_equal(agree(&p, half(&p, SLOT_MS)), ORDER_TALKED_GONE);
    reception_drop(p.r);
}

static void somebody_else_may_have_had_it_meanwhile(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    ms_t at = half(&p, DAY);
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    ends(p.r, p.caller, false);
    get_ready(p.r, 1);
    p.caller = arrive_as(p.r, 0, PUBLIC, "+33536491299");
    up(p.r, p.caller);
    press(p.r, p.caller, '1');
    hears_all(p.r, p.caller);
    speaks(&p);
    struct order_talk talk = order(&p, at);
    talk.slot.e164 = UINT64_C(33536491299);
    assert_int_equal(give(&p, &talk), ORDER_TALKED_GONE);
    talk.slot.from_at += SLOT_MS;
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    assert_int_equal(rows_n(), 2);
    reception_drop(p.r);
}

static void a_number_passes_the_gate_or_its_words_are_told(void **state)
{
    (void)state;
    struct post p = in_conversation(2);
    struct order_talk talk = order(&p, half(&p, DAY));
    enum gate_verdict why;
    talk.slot.e164 = UINT64_C(33899123456);
    assert_int_equal(lines_talk(p.r->lines, &talk, &why), ORDER_TALKED_GATE);
    assert_int_equal(why, GATE_REFUSED_SURCHARGED);
    talk.slot.e164 = 0;
    assert_int_equal(give(&p, &talk), ORDER_TALKED_HIDDEN);
    assert_int_equal(rows_n(), 0);
    talk.slot.e164 = CALLER;
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    ends(p.r, p.caller, false);
    get_ready(p.r, 1);
    p.caller = in_queue(p.r); /* calls again, of the same number */
    speaks(&p);
    talk = order(&p, half(&p, DAY + HOUR));
    assert_int_equal(lines_talk(p.r->lines, &talk, &why), ORDER_TALKED_GATE);
    assert_int_equal(why, GATE_REFUSED_OPEN);
    assert_int_equal(rows_n(), 1);
    reception_drop(p.r);
}

static void it_is_given_back_and_another_one_may_be_chosen(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    ms_t at = half(&p, DAY);
    assert_int_equal(undo(&p), ORDER_TALKED_UNKNOWN);
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    assert_int_equal(undo(&p), ORDER_TALKED);
    assert_int_equal(last(p.r, EV_SLOT_CANCELLED).slot_cancelled.by, CANCELLED_BY_AGENT);
    assert_int_equal(undo(&p), ORDER_TALKED_UNKNOWN);
    assert_int_equal(rows_n(), 0);
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    assert_int_equal(rows_n(), 1);
    reception_drop(p.r);
}

static void in_the_wrap_up_too_and_not_behind_it(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    struct order_talk talk = order(&p, half(&p, DAY));
    ends(p.r, p.caller, false);
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    assert_true(only_row()->reference == talk.slot.reference);
    assert_int_equal(undo(&p), ORDER_TALKED);
    talk.agent_id = 2;
    assert_int_equal(give(&p, &talk), ORDER_TALKED_ALONE);
    talk.agent_id = 1;
    talk.contact_id++;
    assert_int_equal(give(&p, &talk), ORDER_TALKED_ALONE);
    talk.contact_id--;
    get_ready(p.r, 1);
    assert_int_equal(give(&p, &talk), ORDER_TALKED_ALONE);
    assert_int_equal(undo(&p), ORDER_TALKED_ALONE);
    assert_int_equal(rows_n(), 0);
    reception_drop(p.r);
}

static void a_conversation_that_has_just_begun_waits_for_its_ten_seconds(void **state)
{
    (void)state;
    struct post p = {.r = open_with(1)};
    get_ready(p.r, 1);
    p.caller = in_queue(p.r);
    p.agent = rings_at(p.r, 1);
    up(p.r, p.agent);
    heard(p.r, p.agent);
    heard(p.r, p.caller);
    p.contact_id = last(p.r, EV_OFFER_JOINED).offer_joined.contact_id;
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED_YOUNG);
    assert_int_equal(rows_n(), 0);
    pass(p.r, 10000);
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED); /* and the gate has no open wish */
    reception_drop(p.r);
}

static void what_the_disk_does_not_take_is_not_promised(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    p.r->commits = false;
    assert_int_equal(agree(&p, half(&p, DAY)),
                     ORDER_TALKED); /* the page waits until it is stored */
    pass(p.r, APP_PROMISE_MS + 1010);
    p.r->commits = true;
    pass(p.r, 100);
    assert_int_equal(rows_n(), 0);
    assert_int_equal(last(p.r, EV_SLOT_CANCELLED).slot_cancelled.by, CANCELLED_BY_HOUSE);
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED);
    assert_int_equal(rows_n(), 1);
    reception_drop(p.r);
}

/* The conversation goes on until that half hour: nobody is called who is on the line. */
static void who_is_still_on_the_line_is_called_once_they_have_gone(void **state)
{
    (void)state;
    struct post p = in_conversation(1);
    ms_t at = half(&p, SLOT_MS);
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    pass(p.r, at - wall(&p) + 5 * 60000);
    assert_int_equal(events(p.r, EV_CALL_ARRIVED), 1);
    assert_int_equal(rows_n(), 1);
    ends(p.r, p.caller, false);
    pass(p.r, 60000);
    assert_int_equal(events(p.r, EV_CALL_ARRIVED), 2);
    assert_int_equal(rows_n(), 0);
    reception_drop(p.r);
}

/* ---- who was called back ------------------------------------------------------------------ */

/* Was promised a call, is called back by agent 1, and has spoken for half a minute. */
static struct post called_back(struct reception *r)
{
    struct post p = {.r = r, .contact_id = back_promised(r)};
    p.caller = back_ringing(r, &p.agent);
    up(r, p.caller);
    heard(r, p.agent);
    heard(r, p.caller);
    press(r, p.agent, '1');
    pass(r, 30000);
    return p;
}

/* The wish that is being kept is open until then: the new one stands behind it, and no third one
 * may. */
static void who_was_called_back_agrees_on_another_time(void **state)
{
    (void)state;
    struct reception *r = open_with(0);
    struct post p = called_back(r);
    r->slots_max = 1;
    const struct lines_args args = {.directory = r->directory,
                                    .flows = r->flows,
                                    .codes = r->codes,
                                    .flows_n = 2,
                                    .codes_n = PREMISES_AGENTS,
                                    .short_codes = r->short_codes,
                                    .language_ms = r->language_ms,
                                    .offer_callback_ms = r->offer_callback_ms,
                                    .slots_max = 1};
    lines_follow(r->lines, &args);
    assert_int_equal(agree(&p, half(&p, DAY)), ORDER_TALKED);
    dies(r); /* the row is no promise of the contact that is spoken with */
    assert_int_equal(rows_n(), 1);
    assert_false(only_row()->is_promised);
    pass(r, 1000);
    assert_int_equal(rows_n(), 1);
    assert_int_equal(last(r, EV_SLOT_SOLD).slot_sold.agent_id, 1); /* and sold once */
    assert_int_equal(events(r, EV_SLOT_SOLD), 1);
    reception_drop(r);
}

static void when_that_conversation_ends_what_was_agreed_on_stands(void **state)
{
    (void)state;
    struct reception *r = open_with(1);
    uint64_t id = in_queue(r);
    press_all(r, id, "1121"); /* today, half past ten */
    hears_all(r, id);
    press(r, id, '1');
    hears_all(r, id);
    hears_all(r, id);
    ends(r, id, false);
    assert_int_equal(rows_n(), 1);
    struct post p = {.r = r, .contact_id = only_row()->contact_id};
    pass(r, only_row()->from_at - wall(&p));
    p.caller = back_ringing(r, &p.agent);
    assert_int_not_equal(p.caller, 0);
    up(r, p.caller);
    heard(r, p.agent);
    heard(r, p.caller);
    press(r, p.agent, '1');
    pass(r, 30000);
    ms_t at = wall(&p) / HOUR * HOUR + DAY;
    assert_int_equal(agree(&p, at), ORDER_TALKED);
    assert_int_equal(rows_n(), 1); /* in the place of the half hour that is being kept */
    ends(r, p.caller, false);
    assert_int_equal(outcome(r), OUTCOME_CALLBACK_HONOURED);
    pass(r, 2 * SLOT_MS); /* the end of the first half hour, too */
    assert_int_equal(only_row()->from_at, at);
    assert_false(only_row()->is_promised);
    get_ready(r, 1);
    pass(r, at - wall(&p));
    assert_int_equal(rows_n(), 0);
    assert_int_equal(events(r, EV_CALL_ARRIVED), 2);
    assert_int_not_equal(rings_at(r, 1), 0);
    reception_drop(r);
}

/* ---- text messages ------------------------------------------------------------------------ */

static struct settings_sms sms;

static struct reception *open_with_gateway(void)
{
    struct settings settings;
    settings_defaults(&settings);
    sms = settings.sms;
    sms.driver = SETTINGS_SMS_DRIVER_HTTP;
    struct reception *r = reception_new(8);
    rows = (struct shelf){.slots = {{.contact_id = 0}}};
    r->book.see_row = keep_row;
    r->slots_max = 2;
    r->sms = &sms;
    r->directory->is_demo = true;
    r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    reception_fill(r);
    memcpy(r->directory->organisation.name, "Mairie", sizeof("Mairie"));
    back_rules(r);
    return r;
}

static void a_mobile_gets_it_in_writing_once_it_is_on_disk(void **state)
{
    (void)state;
    struct post p = {.r = open_with_gateway()};
    get_ready(p.r, 1);
    p.caller = in_queue(p.r);
    speaks(&p);
    p.r->commits = false;
    struct order_talk talk = order(&p, half(&p, DAY));
    talk.slot.e164 = MOBILE;
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    assert_int_equal(rows.texts_n, 0);
    p.r->commits = true;
    pass(p.r, 100);
    assert_int_equal(rows.texts_n, 1);
    assert_int_equal(rows.texts[0], GSM_CALLBACK_SLOT);
    ends(p.r, p.caller, false);
    assert_int_equal(undo(&p), ORDER_TALKED);
    talk.slot.is_discreet = true;
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    pass(p.r, 100);
    assert_int_equal(rows.texts_n, 2);
    assert_int_equal(rows.texts[1], GSM_CALLBACK_PLAIN_DAY);
    assert_true(only_row()->e164 == MOBILE);
    reception_drop(p.r);
}

/* Their number is the one that was dialled. */
static void who_was_called_back_is_written_to(void **state)
{
    (void)state;
    struct reception *r = open_with_gateway();
    enum gate_verdict why;
    uint64_t id = arrive_as(r, 0, PUBLIC, "+33639981240");
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    press_all(r, id, "1111");
    hears_all(r, id);
    hears_all(r, id);
    ends(r, id, false);
    struct post p = {.r = r,
                     .contact_id = last(r, EV_CALLBACK_PROMISED).callback_promised.contact_id};
    (void)back_ringing(r, &p.agent);
    p.caller = back_dialled(r, "33639981240");
    assert_int_not_equal(p.caller, 0);
    struct order_talk talk = {.deed = ORDER_TALK_SMS, .agent_id = 1, .contact_id = p.contact_id};
    assert_int_equal(give(&p, &talk), ORDER_TALKED_ALONE); /* it rings there */
    up(r, p.caller);
    heard(r, p.agent);
    heard(r, p.caller);
    press(r, p.agent, '1');
    pass(r, 30000);
    unsigned before = rows.texts_n;
    assert_int_equal(give(&p, &talk), ORDER_TALKED);
    assert_int_equal(rows.texts_n, before + 1);
    assert_int_equal(rows.texts[before % ROWS], GSM_REFERENCE);
    talk.deed = ORDER_TALK_PASS; /* who was called stays with who called */
    assert_int_equal(lines_talk(r->lines, &talk, &why), ORDER_TALKED_PROMISE);
    talk.deed = ORDER_TALK_LISTEN;
    talk.whom_id = 1;
    talk.agent_id = 2;
    assert_int_equal(lines_talk(r->lines, &talk, &why), ORDER_TALKED_ALONE);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_agreed_on_outlives_the_call_and_is_called_once),
        cmocka_unit_test(a_second_click_is_no_second_promise),
        cmocka_unit_test(what_is_not_free_any_more_is_not_sold),
        cmocka_unit_test(somebody_else_may_have_had_it_meanwhile),
        cmocka_unit_test(a_number_passes_the_gate_or_its_words_are_told),
        cmocka_unit_test(it_is_given_back_and_another_one_may_be_chosen),
        cmocka_unit_test(in_the_wrap_up_too_and_not_behind_it),
        cmocka_unit_test(a_conversation_that_has_just_begun_waits_for_its_ten_seconds),
        cmocka_unit_test(what_the_disk_does_not_take_is_not_promised),
        cmocka_unit_test(who_is_still_on_the_line_is_called_once_they_have_gone),
        cmocka_unit_test(who_was_called_back_agrees_on_another_time),
        cmocka_unit_test(when_that_conversation_ends_what_was_agreed_on_stands),
        cmocka_unit_test(a_mobile_gets_it_in_writing_once_it_is_on_disk),
        cmocka_unit_test(who_was_called_back_is_written_to),
    };
    return cmocka_run_group_tests_name("app/lines_agreed", tests, NULL, NULL);
}
