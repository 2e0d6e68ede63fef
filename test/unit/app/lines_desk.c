/* lines_desk.c — what an agent does with a conversation from their page: the same as by the keys
 * of their telephone, refused in so many words, and shown to the page (ADR 43). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "acd/look.h"
#include "directory/sheet.h"
#include "test/support/conversation.h"

static struct talks_board *board;

/* Agent 1 speaks with a caller; what their page would show. */
static struct talk at_the_desk(void)
{
    board = calloc(1, sizeof(*board));
    assert_non_null(board);
    struct talk t = {.r = open_house_shown(board)};
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    t.agent = rings_at(t.r, 1);
    up(t.r, t.agent);
    heard(t.r, t.agent);
    heard(t.r, t.caller);
    pass(t.r, 30000);
    return t;
}

static struct acd_look_call call_of(struct talk *t)
{
    struct acd_look_call call = {.call_id = 0};
    for (uint32_t i = 0; i < acd_look_calls_n(t->r->acd); i++)
        if (acd_look_call(t->r->acd, i, &call) && call.leg_id == t->caller)
            return call;
    return (struct acd_look_call){.call_id = 0};
}

static struct order_talk order(struct talk *t, enum order_talk_deed deed)
{
    return (struct order_talk){.deed = deed, .agent_id = 1, .contact_id = call_of(t).contact_id};
}

static enum order_talked give(struct talk *t, const struct order_talk *talk)
{
    enum gate_verdict why;
    enum order_talked talked = lines_talk(t->r->lines, talk, &why);
    assert_int_equal(why != GATE_PASSES, talked == ORDER_TALKED_GATE);
    turn(t->r);
    return talked;
}

static enum order_talked with_agent(struct talk *t, enum order_talk_deed deed, uint32_t agent_id)
{
    struct order_talk talk = order(t, deed);
    talk.whom = ORDER_WHOM_AGENT;
    talk.whom_id = agent_id;
    return give(t, &talk);
}

static enum order_talked with_number(struct talk *t, enum order_talk_deed deed, const char *number)
{
    struct order_talk talk = order(t, deed);
    talk.whom = ORDER_WHOM_NUMBER;
    talk.dialled_n = (uint8_t)strlen(number);
    memcpy(talk.dialled, number, strlen(number));
    return give(t, &talk);
}

static enum order_talked alone(struct talk *t, enum order_talk_deed deed)
{
    struct order_talk talk = order(t, deed);
    return give(t, &talk);
}

static struct talk_third shown(struct talk *t)
{
    return talks_look(board, 1, call_of(t).offer_id);
}

static void leaves_desk(struct talk *t, enum outcome as)
{
    caller_leaves(t, as);
    free(board);
}

static void a_colleague_is_consulted_and_the_person_taken_back(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    get_ready(t.r, 2);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_ALONE);
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 2), ORDER_TALKED);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_RINGS);
    assert_int_equal(shown(&t).agent_id, 2);
    assert_true(is_on_hold(t.r, t.caller));
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    assert_true(is_bridged(t.r, t.agent, colleague));
    assert_int_equal(shown(&t).shown, TALK_SHOWN_CONSULT);
    assert_int_equal(alone(&t, ORDER_TALK_RESUME), ORDER_TALKED);
    assert_true(leg(t.r, colleague)->was_hung_up);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(shown(&t).shown, TALK_SHOWN_ALONE);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void who_was_consulted_gets_the_person_or_makes_three(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    get_ready(t.r, 2);
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 2), ORDER_TALKED);
    uint64_t colleague = rings_at(t.r, 2);
    up(t.r, colleague);
    assert_int_equal(alone(&t, ORDER_TALK_THREE), ORDER_TALKED);
    assert_true(are_three(t.r, t.caller, t.agent, colleague));
    assert_int_equal(shown(&t).shown, TALK_SHOWN_THREE);
    assert_int_equal(alone(&t, ORDER_TALK_PASS), ORDER_TALKED);
    assert_true(is_bridged(t.r, t.caller, colleague));
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_JOINED);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void passed_to_a_free_colleague_it_rings_there_as_any_call(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    get_ready(t.r, 2);
    assert_int_equal(with_agent(&t, ORDER_TALK_PASS, 2), ORDER_TALKED);
    assert_int_equal(state_of(t.r, 1), AGENT_STATE_WRAP_UP);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_OFFERED);
    assert_int_not_equal(rings_at(t.r, 2), 0);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void a_number_outside_passes_the_gate_or_its_words_are_told(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    assert_int_equal(with_number(&t, ORDER_TALK_CONSULT, "0899123456"), ORDER_TALKED_GATE);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(shown(&t).shown, TALK_SHOWN_ALONE);
    assert_int_equal(with_number(&t, ORDER_TALK_PASS, RELATIVE), ORDER_TALKED);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_RINGS_PASS);
    assert_int_equal(shown(&t).agent_id, 0);
    uint64_t outside = rings_outside(t.r, "33144556677");
    ends(t.r, outside, false);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_UNANSWERED);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    assert_int_equal(with_number(&t, ORDER_TALK_THREE, RELATIVE), ORDER_TALKED);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_RINGS_THREE);
    outside = rings_outside(t.r, "33144556677");
    up(t.r, outside);
    assert_true(are_three(t.r, t.caller, t.agent, outside));
    ends(t.r, outside, false);
    assert_int_equal(shown(&t).shown, TALK_SHOWN_LEFT);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

/* A page that is a moment late: the person has changed, or the agent. */
static void nothing_is_done_to_another_person_than_the_one_shown(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    struct order_talk late = order(&t, ORDER_TALK_BACK);
    late.contact_id++;
    assert_int_equal(give(&t, &late), ORDER_TALKED_ALONE);
    late = order(&t, ORDER_TALK_BACK);
    late.agent_id = 2;
    assert_int_equal(give(&t, &late), ORDER_TALKED_ALONE);
    late = order(&t, ORDER_TALK_BACK);
    late.contact_id = 0;
    assert_int_equal(give(&t, &late), ORDER_TALKED_ALONE);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void back_in_the_queue_the_person_has_their_place(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    assert_int_equal(alone(&t, ORDER_TALK_BACK), ORDER_TALKED);
    assert_int_equal(last(t.r, EV_OFFER_ENDED).offer_ended.why, OFFER_END_WITHDRAWN);
    assert_int_equal(events(t.r, EV_CONTACT_RETURNED), 1);
    assert_int_equal(call_of(&t).state, ACD_LOOK_WAITING);
    ends(t.r, t.caller, false);
    over(&t);
    free(board);
}

static void what_cannot_be_is_refused_and_the_two_go_on(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    struct order_talk service = order(&t, ORDER_TALK_CONSULT);
    service.whom = ORDER_WHOM_SERVICE;
    service.whom_id = t.r->directory->services[0].number;
    assert_int_equal(give(&t, &service), ORDER_TALKED_NOT_NOW);
    service.deed = ORDER_TALK_PASS; /* where they are already */
    assert_int_equal(give(&t, &service), ORDER_TALKED_CLOSED);
    service.whom_id = 99;
    assert_int_equal(give(&t, &service), ORDER_TALKED_UNKNOWN);
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 1), ORDER_TALKED_SELF);
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 99), ORDER_TALKED_UNKNOWN);
    assert_int_equal(alone(&t, ORDER_TALK_RESUME), ORDER_TALKED_NOT_NOW);
    assert_int_equal(alone(&t, ORDER_TALK_PASS), ORDER_TALKED_NOT_NOW);
    struct order_talk interpreter = order(&t, ORDER_TALK_THREE);
    interpreter.whom = ORDER_WHOM_INTERPRETER; /* the directory has none */
    assert_int_equal(give(&t, &interpreter), ORDER_TALKED_UNKNOWN);
    sign_in(t.r, 2);
    uint64_t near = arrive_as(t.r, 2, RELATIVE, "102");
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 2), ORDER_TALKED_BUSY);
    ends(t.r, near, false);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void while_one_rings_or_the_person_is_on_hold_nobody_else_is_called(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    get_ready(t.r, 2);
    assert_int_equal(with_agent(&t, ORDER_TALK_CONSULT, 2), ORDER_TALKED);
    assert_int_equal(with_number(&t, ORDER_TALK_CONSULT, RELATIVE), ORDER_TALKED_NOT_NOW);
    assert_int_equal(rings_outside(t.r, "33144556677"), 0);
    assert_int_equal(alone(&t, ORDER_TALK_PASS), ORDER_TALKED); /* as soon as they answer */
    assert_int_equal(shown(&t).shown, TALK_SHOWN_RINGS_PASS);
    assert_int_equal(alone(&t, ORDER_TALK_RESUME), ORDER_TALKED);
    holds(t.r, t.agent, true);
    assert_int_equal(with_number(&t, ORDER_TALK_CONSULT, RELATIVE), ORDER_TALKED_HELD);
    holds(t.r, t.agent, false);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static enum order_talked practises(struct reception *r, uint32_t agent_id)
{
    enum gate_verdict why;
    const struct order_talk talk = {.deed = ORDER_TALK_PRACTICE, .agent_id = agent_id};
    enum order_talked talked = lines_talk(r->lines, &talk, &why);
    turn(r);
    return talked;
}

static void a_robot_calls_who_wishes_to_practise_and_nobody_who_is_needed(void **state)
{
    (void)state;
    struct talk t = at_the_desk();
    assert_int_equal(practises(t.r, 1), ORDER_TALKED_WANTED); /* speaks */
    assert_int_equal(practises(t.r, 2), ORDER_TALKED_WANTED); /* not at work */
    assert_int_equal(practises(t.r, 99), ORDER_TALKED_WANTED);
    sign_in(t.r, 2);
    assert_int_equal(practises(t.r, 2), ORDER_TALKED);
    assert_int_not_equal(rings_at(t.r, 2), 0);
    assert_int_equal(practises(t.r, 2), ORDER_TALKED_WANTED); /* rings already */
    refuses(t.r, rings_at(t.r, 2), 603);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

/* What is shown is of one conversation: the next one begins alone, whatever became of the last. */
static void what_is_shown_is_of_this_conversation_alone(void **state)
{
    (void)state;
    struct talks_board *b = calloc(1, sizeof(*b));
    const struct talk_third three = {TALK_SHOWN_THREE, UINT32_MAX, true};
    assert_non_null(b);
    talks_put(b, 7, 0xabcdef0123456789, &three);
    struct talk_third there = talks_look(b, 7, 0xabcdef0123456789);
    assert_int_equal(there.shown, TALK_SHOWN_THREE);
    assert_true(there.is_interpreter && there.agent_id == UINT32_MAX);
    assert_int_equal(talks_look(b, 7, 0xabcdef012345678a).shown, TALK_SHOWN_ALONE);
    assert_int_equal(talks_look(b, 8, 0xabcdef0123456789).shown, TALK_SHOWN_ALONE);
    assert_int_equal(talks_look(NULL, 7, 0xabcdef0123456789).shown, TALK_SHOWN_ALONE);
    for (uint32_t i = 1; i <= TALKS_PLACES; i++) /* half of the places, then nobody else */
        talks_put(b, 100 + i, i, &three);
    assert_int_equal(b->used_n, TALKS_PLACES / 2);
    assert_int_equal(talks_look(b, 100 + TALKS_PLACES / 2 - 1, TALKS_PLACES / 2 - 1).shown,
                     TALK_SHOWN_THREE);
    assert_int_equal(talks_look(b, 100 + TALKS_PLACES / 2, TALKS_PLACES / 2).shown,
                     TALK_SHOWN_ALONE);
    free(b);
}

/* ---- text messages to who is on the line --------------------------------------------------- */

static struct settings_sms sms;
static struct directory_sheets sheets;

/* Agent 1 speaks with who calls from this number; there is a sheet with a line to be sent. */
static struct talk writes_to(const char *number, bool has_gateway)
{
    struct settings settings;
    settings_defaults(&settings);
    sms = settings.sms;
    sms.driver = SETTINGS_SMS_DRIVER_HTTP;
    board = calloc(1, sizeof(*board));
    assert_non_null(board);
    struct talk t = {.r = open_house_of(board, has_gateway ? &sms : NULL)};
    t.r->directory->is_demo = true;
    memcpy(t.r->directory->organisation.name, "Mairie", sizeof("Mairie"));
    sheets = (struct directory_sheets){.n = 2};
    sheets.list[0] = (struct directory_sheet){
        .id = "ou_venir", .body = TEXT("# Où\n> SMS : Venez lundi à la mairie.\n")};
    sheets.list[1] = (struct directory_sheet){.id = "sans", .body = TEXT("# Rien à envoyer\n")};
    t.r->directory->sheets = &sheets;
    get_ready(t.r, 1);
    t.caller = arrive_as(t.r, 0, PUBLIC, number);
    up(t.r, t.caller);
    press(t.r, t.caller, '1');
    hears_all(t.r, t.caller);
    t.agent = rings_at(t.r, 1);
    up(t.r, t.agent);
    heard(t.r, t.agent);
    heard(t.r, t.caller);
    pass(t.r, 30000);
    return t;
}

static enum order_talked sends(struct talk *t, const char *sheet)
{
    struct order_talk talk = order(t, ORDER_TALK_SMS);
    talk.sheet = sheet ? directory_number_of(sheet) : 0;
    return give(t, &talk);
}

static void the_line_of_a_sheet_is_sent_to_who_is_on_the_line(void **state)
{
    (void)state;
    struct talk t = writes_to("0639981240", true);
    assert_int_equal(sends(&t, "ou_venir"), ORDER_TALKED);
    assert_int_equal(texts_totals(t.r->texts).queued_n, 1);
    assert_int_equal(sends(&t, NULL), ORDER_TALKED); /* the number of the request */
    assert_int_equal(texts_totals(t.r->texts).queued_n, 2);
    assert_true(is_bridged(t.r, t.caller, t.agent));
    struct order_talk other = order(&t, ORDER_TALK_SMS);
    other.contact_id++;
    assert_int_equal(give(&t, &other), ORDER_TALKED_ALONE);
    other = order(&t, ORDER_TALK_SMS);
    other.agent_id = 2;
    assert_int_equal(give(&t, &other), ORDER_TALKED_ALONE);
    assert_int_equal(texts_totals(t.r->texts).queued_n, 2);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

static void what_cannot_be_sent_is_refused_each_in_its_words(void **state)
{
    (void)state;
    struct talk t = writes_to("0639981240", true);
    assert_int_equal(sends(&t, "sans"), ORDER_TALKED_SMS_UNFIT);
    assert_int_equal(sends(&t, "partie"), ORDER_TALKED_SMS_UNFIT);
    leaves_desk(&t, OUTCOME_ANSWERED);
    t = writes_to(RELATIVE, true); /* no mobile */
    assert_int_equal(sends(&t, "ou_venir"), ORDER_TALKED_GATE);
    leaves_desk(&t, OUTCOME_ANSWERED);
    t = writes_to("anonymous", true);
    assert_int_equal(sends(&t, "ou_venir"), ORDER_TALKED_HIDDEN);
    leaves_desk(&t, OUTCOME_ANSWERED);
    t = writes_to("0639981240", false);
    assert_int_equal(sends(&t, "ou_venir"), ORDER_TALKED_SMS_OFF);
    leaves_desk(&t, OUTCOME_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_colleague_is_consulted_and_the_person_taken_back),
        cmocka_unit_test(who_was_consulted_gets_the_person_or_makes_three),
        cmocka_unit_test(passed_to_a_free_colleague_it_rings_there_as_any_call),
        cmocka_unit_test(a_number_outside_passes_the_gate_or_its_words_are_told),
        cmocka_unit_test(nothing_is_done_to_another_person_than_the_one_shown),
        cmocka_unit_test(back_in_the_queue_the_person_has_their_place),
        cmocka_unit_test(what_cannot_be_is_refused_and_the_two_go_on),
        cmocka_unit_test(while_one_rings_or_the_person_is_on_hold_nobody_else_is_called),
        cmocka_unit_test(a_robot_calls_who_wishes_to_practise_and_nobody_who_is_needed),
        cmocka_unit_test(what_is_shown_is_of_this_conversation_alone),
        cmocka_unit_test(the_line_of_a_sheet_is_sent_to_who_is_on_the_line),
        cmocka_unit_test(what_cannot_be_sent_is_refused_each_in_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
