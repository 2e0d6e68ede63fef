/* text.c — written contacts in the heart (ADR 31): one contact for all that a person writes, taken
 * in the order of places by who asks, never offered; and what each end makes of the call. */
#include "acd/look.h"
#include "test/unit/acd/house.h"

#define AGENT 1
#define OTHER 2

static struct house *open_house(void)
{
    struct house *h = house_open_small();
    house_staff(h, AGENT, 0);
    return h;
}

/* Somebody writes; the contact. */
static uint64_t writes(struct house *h)
{
    assert_int_equal(
        house_do(h, (struct command){.kind = CMD_TEXT_ARRIVE, .text_arrive = {.queue_id = QUEUE}}),
        ACD_DONE);
    return house_last(h, EV_TEXT_OPENED)->text_opened.contact_id;
}

static enum acd_verdict joins(struct house *h, uint64_t contact_id)
{
    return house_do(h, (struct command){.kind = CMD_TEXT_JOIN, .text_join = {contact_id}});
}

static enum acd_verdict takes(struct house *h, uint32_t agent_id)
{
    return house_do(h, (struct command){.kind = CMD_TEXT_TAKE, .text_take = {agent_id}});
}

static enum acd_verdict answers(struct house *h, uint64_t contact_id, uint32_t agent_id)
{
    return house_do(
        h, (struct command){.kind = CMD_TEXT_ANSWER, .text_answer = {contact_id, agent_id}});
}

static enum acd_verdict told(struct house *h, uint64_t contact_id, bool is_sent)
{
    return house_do(h, (struct command){.kind = CMD_TEXT_TOLD, .text_told = {contact_id, is_sent}});
}

static enum acd_verdict returns(struct house *h, uint64_t contact_id, uint32_t agent_id)
{
    return house_do(
        h, (struct command){.kind = CMD_TEXT_RETURN, .text_return = {contact_id, agent_id}});
}

static enum acd_verdict ends(struct house *h, uint64_t contact_id, uint32_t agent_id,
                             enum text_end how)
{
    return house_do(
        h, (struct command){.kind = CMD_TEXT_END, .text_end = {contact_id, agent_id, how}});
}

static uint64_t taken(const struct house *h)
{
    return house_last(h, EV_TEXT_TAKEN)->text_taken.contact_id;
}

static void who_writes_rings_nobody_and_is_counted_before_nobody(void **state)
{
    (void)state;
    struct house *h = open_house();
    struct acd_look_queue q;
    uint64_t id = writes(h);
    house_wait(h, 60 * MINUTE);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    assert_true(acd_look_queue(h->acd, 0, h->now_at, &q));
    assert_int_equal(q.waiting_n, 0);
    assert_int_equal(q.texts_n, 1);
    house_caller(h); /* came an hour later, and is offered at once */
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    house_confirm(h, true);
    assert_int_equal(takes(h, AGENT), ACD_REFUSED_STATE); /* speaks with somebody */
    struct acd_look_text look;
    assert_true(acd_look_text_of(h->acd, id, &look));
    assert_int_equal(look.agent_id, 0);
    house_drop(h);
}

static void an_agent_who_has_texts_is_still_called(void **state)
{
    (void)state;
    struct house *h = open_house();
    writes(h);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    house_caller(h);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    house_drop(h);
}

static void they_are_taken_in_the_order_of_their_places(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t first = writes(h);
    house_wait(h, 1000);
    uint64_t second = writes(h);
    assert_int_equal(joins(h, second), ACD_DONE);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    assert_int_equal(taken(h), first);
    assert_int_equal(returns(h, first, AGENT), ACD_DONE); /* with its place */
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    assert_int_equal(taken(h), first);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    assert_int_equal(taken(h), second);
    house_drop(h);
}

static void an_agent_has_as_many_as_it_may_and_not_one_more(void **state)
{
    (void)state;
    struct house *h = open_house();
    assert_int_equal(takes(h, AGENT), ACD_NOTHING);
    assert_int_equal(takes(h, OTHER), ACD_REFUSED_UNKNOWN);
    for (int i = 0; i < 3; i++)
        writes(h);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    assert_int_equal(takes(h, AGENT), ACD_REFUSED_FULL);
    assert_int_equal(returns(h, taken(h), AGENT), ACD_DONE);
    assert_int_equal(takes(h, AGENT), ACD_DONE);
    house_drop(h);
}

static void only_who_has_it_answers_gives_back_or_closes(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_staff(h, OTHER, 0);
    uint64_t id = writes(h);
    assert_int_equal(answers(h, id, AGENT), ACD_REFUSED_STATE);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_CLOSED), ACD_REFUSED_STATE);
    takes(h, AGENT);
    assert_int_equal(answers(h, id, OTHER), ACD_REFUSED_STATE);
    assert_int_equal(returns(h, id, OTHER), ACD_REFUSED_STATE);
    assert_int_equal(ends(h, id, OTHER, TEXT_END_CLOSED), ACD_REFUSED_STATE);
    assert_int_equal(answers(h, id + 1000, AGENT), ACD_REFUSED_UNKNOWN);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_LAPSED), ACD_REFUSED_RANGE);
    assert_int_equal(answers(h, id, AGENT), ACD_DONE);
    house_drop(h);
}

static void what_comes_by_the_page_is_another_channel_and_else_the_same(void **state)
{
    (void)state;
    struct house *h = open_house();
    assert_int_equal(
        house_do(h, (struct command){.kind = CMD_TEXT_ARRIVE,
                                     .text_arrive = {.queue_id = QUEUE, .is_web = true}}),
        ACD_DONE);
    uint64_t web = house_last(h, EV_TEXT_OPENED)->text_opened.contact_id;
    assert_int_equal(house_last(h, EV_CALL_ARRIVED)->call_arrived.channel, CHANNEL_WEB);
    assert_int_equal(house_last(h, EV_CONTACT_OPENED)->contact_opened.medium, MEDIUM_TEXT);
    uint64_t sms = writes(h);
    assert_int_equal(house_last(h, EV_CALL_ARRIVED)->call_arrived.channel, CHANNEL_SMS);
    takes(h, AGENT); /* one order of places for both */
    assert_true(house_last(h, EV_TEXT_TAKEN)->text_taken.contact_id == web);
    takes(h, AGENT);
    assert_true(house_last(h, EV_TEXT_TAKEN)->text_taken.contact_id == sms);
    answers(h, web, AGENT);
    assert_int_equal(told(h, web, true), ACD_DONE);
    assert_int_equal(ends(h, web, AGENT, TEXT_END_CLOSED), ACD_DONE);
    assert_int_equal(house_last(h, EV_CALL_OUTCOME)->call_outcome.channel, CHANNEL_WEB);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    house_drop(h);
}

static void it_is_answered_once_the_operator_has_the_answer(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    house_wait(h, 5 * MINUTE);
    takes(h, AGENT);
    house_wait(h, MINUTE);
    answers(h, id, AGENT);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_CLOSED), ACD_REFUSED_STATE); /* not yet known */
    house_wait(h, 1000);
    assert_int_equal(told(h, id, true), ACD_DONE);
    assert_int_equal(told(h, id, true), ACD_NOTHING);
    house_wait(h, MINUTE);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_CLOSED), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    const struct event *ev = house_last(h, EV_CALL_OUTCOME);
    assert_int_equal(ev->call_outcome.wait_ms, 6 * MINUTE + 1000); /* until it left */
    assert_int_equal(ev->call_outcome.channel, CHANNEL_SMS);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_ANSWERED);
    assert_int_equal(joins(h, id), ACD_REFUSED_UNKNOWN);
    assert_int_equal(acd_look_counts(h->acd).contacts_n, 0);
    house_drop(h);
}

static void what_nobody_answered_is_not_answered(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    takes(h, AGENT);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_CLOSED), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    id = writes(h);
    takes(h, AGENT);
    answers(h, id, AGENT);
    assert_int_equal(told(h, id, false), ACD_DONE); /* the operator refuses it */
    assert_int_equal(told(h, id, false), ACD_NOTHING);
    assert_int_equal(ends(h, id, AGENT, TEXT_END_CLOSED), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

static void stop_and_annuler_end_it_wherever_it_is(void **state)
{
    (void)state;
    struct house *h = open_house();
    assert_int_equal(ends(h, writes(h), 0, TEXT_END_STOPPED), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_CANCELLED);
    uint64_t id = writes(h);
    takes(h, AGENT);
    assert_int_equal(ends(h, id, 0, TEXT_END_CANCELLED), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    assert_int_equal(answers(h, id, AGENT), ACD_REFUSED_UNKNOWN);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, AGENT);
    assert_int_equal(ends(h, writes(h), 0, TEXT_END_STOPPED), ACD_DONE); /* nobody was there */
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY);
    house_drop(h);
}

static void who_leaves_leaves_the_texts_in_their_places(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_staff(h, OTHER, 0);
    uint64_t first = writes(h), second = writes(h);
    takes(h, AGENT);
    takes(h, AGENT);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, AGENT);
    assert_int_equal(house_count(h, EV_TEXT_RETURNED), 2);
    assert_int_equal(house_last(h, EV_TEXT_RETURNED)->text_returned.why, TEXT_BACK_LEFT);
    takes(h, OTHER);
    assert_int_equal(taken(h), first);
    takes(h, OTHER);
    assert_int_equal(taken(h), second);
    assert_int_equal(takes(h, AGENT), ACD_REFUSED_STATE); /* has left */
    house_drop(h);
}

static void what_was_answered_ends_when_its_agent_leaves_and_not_when_it_is_given_back(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    takes(h, AGENT);
    answers(h, id, AGENT);
    told(h, id, true);
    returns(h, id, AGENT); /* a colleague is to look at it */
    assert_int_equal(house_count(h, EV_TEXT_ENDED), 0);
    takes(h, AGENT);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, AGENT);
    assert_int_equal(house_last(h, EV_TEXT_ENDED)->text_ended.how, TEXT_END_QUIET);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    house_drop(h);
}

/* Days after the first text, too: what came since is not given up unread. */
static void what_comes_late_is_kept_from_then_on(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    house_wait(h, ACD_TEXT_KEEP_MS - 1);
    assert_int_equal(joins(h, id), ACD_DONE);
    house_wait(h, ACD_TEXT_KEEP_MS - 1);
    assert_int_equal(house_count(h, EV_TEXT_ENDED), 0);
    takes(h, AGENT);
    house_wait(h, ACD_TEXT_HOLD_MS); /* nothing is done: back, and not over at once */
    assert_int_equal(house_count(h, EV_TEXT_RETURNED), 1);
    house_wait(h, ACD_TEXT_KEEP_MS - 1);
    assert_int_equal(house_count(h, EV_TEXT_ENDED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_TEXT_ENDED)->text_ended.how, TEXT_END_LAPSED);
    house_drop(h);
}

static void who_does_nothing_has_it_no_more(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    takes(h, AGENT);
    house_wait(h, ACD_TEXT_HOLD_MS - 1);
    assert_int_equal(joins(h, id), ACD_DONE); /* begins anew */
    house_wait(h, ACD_TEXT_HOLD_MS - 1);
    assert_int_equal(house_count(h, EV_TEXT_RETURNED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_TEXT_RETURNED)->text_returned.why, TEXT_BACK_IDLE);
    house_drop(h);
}

static void what_was_answered_and_stays_quiet_is_over_by_itself(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    takes(h, AGENT);
    answers(h, id, AGENT);
    told(h, id, true);
    assert_int_equal(joins(h, id), ACD_DONE); /* the person asks on: not over */
    house_wait(h, ACD_TEXT_HOLD_MS);
    assert_int_equal(house_count(h, EV_TEXT_RETURNED), 1);
    takes(h, AGENT);
    answers(h, id, AGENT);
    told(h, id, true);
    house_wait(h, ACD_TEXT_HOLD_MS);
    assert_int_equal(house_last(h, EV_TEXT_ENDED)->text_ended.how, TEXT_END_QUIET);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    house_drop(h);
}

static void it_is_kept_for_its_days_and_not_longer(void **state)
{
    (void)state;
    struct house *h = open_house();
    writes(h);
    house_wait(h, ACD_TEXT_KEEP_MS - 1);
    assert_int_equal(house_count(h, EV_TEXT_ENDED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_TEXT_ENDED)->text_ended.how, TEXT_END_LAPSED);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF); /* somebody was there */
    house_drop(h);
}

static void so_many_texts_join_it_and_not_one_more(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t id = writes(h);
    for (int i = 1; i < ACD_TEXTS_MAX; i++)
        assert_int_equal(joins(h, id), ACD_DONE);
    assert_int_equal(house_last(h, EV_TEXT_JOINED)->text_joined.texts_n, ACD_TEXTS_MAX);
    assert_int_equal(joins(h, id), ACD_REFUSED_FULL);
    assert_int_equal(joins(h, id + 1000), ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

static void a_house_without_room_says_so(void **state)
{
    (void)state;
    const struct acd_limits limits = {
        .contacts_max = 2, .agents_max = 1, .queues_max = 1, .lanes_max = 4};
    const struct command arrives = {.kind = CMD_TEXT_ARRIVE, .text_arrive = {.queue_id = QUEUE}};
    struct house *h = house_open(&limits);
    writes(h);
    writes(h);
    assert_int_equal(house_do(h, arrives), ACD_REFUSED_FULL);
    assert_int_equal(house_do(h, (struct command){.kind = CMD_TEXT_ARRIVE,
                                                  .text_arrive = {.queue_id = QUEUE + 1}}),
                     ACD_REFUSED_UNKNOWN);
    house_drop(h);
}

static void a_robot_reads_nothing(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = AGENT,
                                               .capacity = {1, 2},
                                               .capacity_n = 2,
                                               .queue_ids = {QUEUE},
                                               .queue_ids_n = 1,
                                               .is_robot = true}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, AGENT);
    writes(h);
    assert_int_equal(takes(h, AGENT), ACD_REFUSED_ROBOT);
    house_drop(h);
}

static void a_process_that_dies_ends_no_written_contact(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t waits = writes(h), has = writes(h);
    takes(h, AGENT);
    assert_int_equal(taken(h), waits);
    house_do(h, (struct command){.kind = CMD_NODE_LOST, .node_lost = {.node = 0}});
    struct acd_look_text look;
    assert_true(acd_look_text_of(h->acd, waits, &look));
    assert_int_equal(look.agent_id, AGENT);
    assert_true(acd_look_text_of(h->acd, has, &look));
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), 0);
    house_drop(h);
}

static void an_image_and_a_replay_have_the_same_texts(void **state)
{
    (void)state;
    struct house *h = open_house();
    const struct acd_limits limits = {
        .contacts_max = 64, .agents_max = 8, .queues_max = 4, .lanes_max = 64};
    struct acd *twin = acd_open(aligned_alloc(64, acd_bytes(&limits)), &limits);
    writes(h);
    writes(h);
    takes(h, AGENT);
    for (unsigned i = 0; i < h->said_n; i++)
        acd_apply(twin, &h->said[i]);
    assert_true(acd_hash(twin) == acd_hash(h->acd));
    size_t n = acd_image_bytes(h->acd);
    uint8_t *bytes = malloc(n);
    acd_image_save(h->acd, bytes);
    acd_clear(twin);
    assert_true(acd_image_load(twin, bytes, n));
    acd_check(twin);
    assert_true(acd_hash(twin) == acd_hash(h->acd) && acd_next_at(twin) == acd_next_at(h->acd));
    free(bytes);
    free(twin);
    house_drop(h);
}

#define ELSEWHERE 77

/* A second queue, that OTHER serves. */
static struct house *open_two(void)
{
    struct house *h = open_house();
    house_do(h, (struct command){
                    .kind = CMD_QUEUE_SET,
                    .queue_set = {.queue_id = ELSEWHERE, .offer_ms = 15000, .handle_ms = 60000}});
    house_staff(h, OTHER, 0);
    house_do(h, (struct command){.kind = CMD_AGENT_MOVE,
                                 .agent_move = {.agent_id = OTHER,
                                                .queue_ids = {ELSEWHERE},
                                                .queue_ids_n = 1,
                                                .until_at = h->now_at + 600 * MINUTE}});
    return h;
}

static enum acd_verdict moves(struct house *h, uint64_t contact_id, uint32_t agent_id,
                              uint32_t queue_id)
{
    return house_do(
        h, (struct command){.kind = CMD_TEXT_MOVE, .text_move = {contact_id, agent_id, queue_id}});
}

static void sent_to_another_service_it_keeps_its_place_there(void **state)
{
    (void)state;
    struct house *h = open_two();
    uint64_t first = writes(h);
    takes(h, AGENT);
    struct acd_look_text before, after;
    assert_true(acd_look_text_of(h->acd, first, &before));
    house_wait(h, MINUTE);
    assert_int_equal(house_do(h, (struct command){.kind = CMD_TEXT_ARRIVE,
                                                  .text_arrive = {.queue_id = ELSEWHERE}}),
                     ACD_DONE); /* came later, and stands there already */
    assert_int_equal(moves(h, first, AGENT, ELSEWHERE), ACD_DONE);
    assert_true(acd_look_text_of(h->acd, first, &after));
    assert_true(after.queue_id == ELSEWHERE && !after.agent_id);
    assert_true(after.place_at == before.place_at && after.reference == before.reference);
    assert_true(after.until_at == h->now_at + ACD_TEXT_KEEP_MS);
    assert_int_equal(takes(h, AGENT), ACD_NOTHING); /* it serves that queue no more */
    takes(h, OTHER);
    assert_int_equal(taken(h), first);
    answers(h, first, OTHER);
    told(h, first, true);
    ends(h, first, OTHER, TEXT_END_CLOSED);
    assert_int_equal(house_outcome(h), OUTCOME_ANSWERED);
    assert_int_equal(house_last(h, EV_CALL_OUTCOME)->call_outcome.queue_id, ELSEWHERE);
    house_drop(h);
}

static void it_is_sent_on_by_who_has_it_to_a_service_that_there_is(void **state)
{
    (void)state;
    struct house *h = open_two();
    house_agent_does(h, CMD_AGENT_SIGN_OUT, OTHER);
    uint64_t id = writes(h);
    assert_int_equal(moves(h, id, AGENT, ELSEWHERE), ACD_REFUSED_STATE); /* nobody has it */
    takes(h, AGENT);
    assert_int_equal(moves(h, id, OTHER, ELSEWHERE), ACD_REFUSED_STATE);
    assert_int_equal(moves(h, id, AGENT, 999), ACD_REFUSED_UNKNOWN);
    assert_int_equal(moves(h, id + 1000, AGENT, ELSEWHERE), ACD_REFUSED_UNKNOWN);
    assert_int_equal(moves(h, id, AGENT, QUEUE), ACD_NOTHING);
    assert_int_equal(house_count(h, EV_TEXT_MOVED), 0);
    assert_int_equal(moves(h, id, AGENT, ELSEWHERE), ACD_DONE);
    house_wait(h, ACD_TEXT_KEEP_MS); /* nobody answers there: our fault, not turned away */
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_writes_rings_nobody_and_is_counted_before_nobody),
        cmocka_unit_test(an_agent_who_has_texts_is_still_called),
        cmocka_unit_test(they_are_taken_in_the_order_of_their_places),
        cmocka_unit_test(an_agent_has_as_many_as_it_may_and_not_one_more),
        cmocka_unit_test(only_who_has_it_answers_gives_back_or_closes),
        cmocka_unit_test(what_comes_by_the_page_is_another_channel_and_else_the_same),
        cmocka_unit_test(it_is_answered_once_the_operator_has_the_answer),
        cmocka_unit_test(what_nobody_answered_is_not_answered),
        cmocka_unit_test(stop_and_annuler_end_it_wherever_it_is),
        cmocka_unit_test(who_leaves_leaves_the_texts_in_their_places),
        cmocka_unit_test(
            what_was_answered_ends_when_its_agent_leaves_and_not_when_it_is_given_back),
        cmocka_unit_test(what_comes_late_is_kept_from_then_on),
        cmocka_unit_test(who_does_nothing_has_it_no_more),
        cmocka_unit_test(what_was_answered_and_stays_quiet_is_over_by_itself),
        cmocka_unit_test(it_is_kept_for_its_days_and_not_longer),
        cmocka_unit_test(so_many_texts_join_it_and_not_one_more),
        cmocka_unit_test(a_house_without_room_says_so),
        cmocka_unit_test(a_robot_reads_nothing),
        cmocka_unit_test(a_process_that_dies_ends_no_written_contact),
        cmocka_unit_test(an_image_and_a_replay_have_the_same_texts),
        cmocka_unit_test(sent_to_another_service_it_keeps_its_place_there),
        cmocka_unit_test(it_is_sent_on_by_who_has_it_to_a_service_that_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
