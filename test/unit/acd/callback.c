/* callback.c — whom we call back, step by step (design §3.7): the place, the attempts, the agent
 * who is kept, the hours, and what becomes of the call's class. */
#include "acd/look.h"
#include "test/unit/acd/house.h"

#define AGENT 1
#define GAP (45 * MINUTE)
#define KEEP (24 * 60 * MINUTE)
#define DIAL ((ms_t)40000)

static struct command rules(void)
{
    return (struct command){.kind = CMD_QUEUE_CALLBACKS,
                            .queue_callbacks = {.queue_id = QUEUE,
                                                .attempts_max = 3,
                                                .share_percent = 50,
                                                .gap_ms = GAP,
                                                .keep_ms = KEEP,
                                                .dial_ms = DIAL}};
}

static struct house *open_house(void)
{
    struct house *h = house_open_small();
    assert_int_equal(house_do(h, rules()), ACD_DONE);
    assert_int_equal(house_do(h, rules()), ACD_NOTHING);
    return h;
}

static enum acd_verdict promise(struct house *h, uint64_t call_id, ms_t not_before_at)
{
    return house_do(h, (struct command){.kind = CMD_CALLBACK_PROMISE,
                                        .callback_promise = {.call_id = call_id,
                                                             .not_before_at = not_before_at}});
}

/* Waits, is promised a callback, hangs up: the contact. */
static uint64_t promised(struct house *h)
{
    uint64_t call_id = house_caller(h);
    assert_int_equal(promise(h, call_id, 0), ACD_DONE);
    uint64_t contact_id = house_last(h, EV_CALLBACK_PROMISED)->callback_promised.contact_id;
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    return contact_id;
}

static void advance(struct house *h)
{
    assert_int_equal(house_do(h, (struct command){.kind = CMD_OFFER_ADVANCE,
                                                  .offer_advance = {.offer_id = house_offer(h)}}),
                     ACD_DONE);
}

static enum acd_verdict result(struct house *h, enum callback_result what)
{
    return house_do(
        h, (struct command){.kind = CMD_CALLBACK_RESULT,
                            .callback_result = {.offer_id = house_offer(h), .result = what}});
}

static void set_hours(struct house *h, enum hours hours)
{
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = QUEUE, .hours = hours}});
}

static void agent_ready(struct house *h, uint32_t agent_id)
{
    house_agent_does(h, CMD_AGENT_READY, agent_id);
}

/* Reached: the agent says so, both are heard, they speak, the agent hangs up. */
static void speak(struct house *h)
{
    advance(h);
    advance(h);
    house_confirm(h, true);
    h->now_at += MINUTE;
    assert_int_equal(house_do(h, (struct command){.kind = CMD_OFFER_END,
                                                  .offer_end = {.offer_id = house_offer(h),
                                                                .why = OFFER_END_FINISHED}}),
                     ACD_DONE);
}

static void who_is_promised_keeps_the_place_and_is_called_by_an_agent_who_is_kept(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t first = promised(h);
    assert_int_equal(house_outcome(h), OUTCOME_NONE); /* not known yet */
    h->now_at += MINUTE;
    uint64_t waits = house_caller(h); /* on the line, and later */
    house_staff(h, AGENT, 0);
    const struct event *offer = house_last(h, EV_OFFER_MADE);
    assert_int_equal(offer->offer_made.contact_id, first);
    assert_int_equal(offer->offer_made.phase, OFFER_PHASE_RESERVED);
    assert_int_equal(offer->offer_made.rule, RULE_PLACE);
    assert_int_equal(offer->offer_made.wait_ms, MINUTE);
    speak(h);
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_HONOURED);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_ANSWERED);
    agent_ready(h, AGENT);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, waits);
    house_drop(h);
}

static enum acd_verdict withdraw(struct house *h, uint64_t call_id)
{
    return house_do(h, (struct command){.kind = CMD_CALLBACK_WITHDRAW,
                                        .callback_withdraw = {.call_id = call_id}});
}

/* What could not be noted was not promised: on the line again, before who came later. */
static void a_promise_that_could_not_be_noted_leaves_the_caller_in_the_queue(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t first = house_caller(h);
    struct acd_look_callback look;
    h->now_at += MINUTE;
    uint64_t later = house_caller(h);
    assert_int_equal(withdraw(h, first), ACD_REFUSED_STATE);
    assert_int_equal(promise(h, first, 0), ACD_DONE);
    uint64_t contact_id = house_last(h, EV_CALLBACK_PROMISED)->callback_promised.contact_id;
    assert_true(acd_look_callback_of(h->acd, contact_id, &look));
    assert_true(look.is_on_line && look.queue_id == QUEUE && look.attempts_max == 3);
    assert_int_equal(withdraw(h, first), ACD_DONE);
    assert_false(acd_look_callback_of(h->acd, contact_id, &look));
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, first);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.phase, OFFER_PHASE_OFFERED);
    assert_int_equal(promise(h, later, 0), ACD_DONE);
    house_hang_up(h, later, ENDED_BY_CALLER);
    assert_int_equal(withdraw(h, later), ACD_REFUSED_UNKNOWN); /* gone, and promised */
    house_drop(h);
}

/* An agent who is free takes them at once. */
static void who_is_not_promised_after_all_is_offered_to_who_is_free(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t call_id = house_caller(h);
    assert_int_equal(promise(h, call_id, 0), ACD_DONE);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    assert_int_equal(withdraw(h, call_id), ACD_DONE);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, call_id);
    house_drop(h);
}

/* Nobody, a machine, nobody: spaced, three in all; then nobody calls, and the place is kept. */
static void
attempts_are_spaced_and_counted_and_the_last_one_keeps_the_place_for_a_while(void **state)
{
    (void)state;
    struct house *h = open_house();
    static const enum callback_result met[] = {CALLBACK_RESULT_NOBODY, CALLBACK_RESULT_MACHINE,
                                               CALLBACK_RESULT_NOBODY};
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    for (unsigned i = 0; i < ARRAY_LEN(met); i++) {
        assert_int_equal(house_count(h, EV_OFFER_MADE), i + 1);
        assert_int_equal(result(h, met[i]), ACD_REFUSED_STATE); /* it was not called yet */
        advance(h);
        assert_int_equal(result(h, met[i]), ACD_DONE);
        const struct event *tried = house_last(h, EV_CALLBACK_TRIED);
        assert_int_equal(tried->callback_tried.attempts_n, i + 1);
        assert_int_equal(tried->callback_tried.not_before_at, i < 2 ? h->now_at + GAP : 0);
        house_wait(h, GAP - 1);
        assert_int_equal(house_count(h, EV_OFFER_MADE), i + 1);
        house_wait(h, 1);
    }
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_FAILED);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 3);
    house_wait(h, KEEP - GAP - 1);
    assert_int_equal(house_count(h, EV_CONTACT_SETTLED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.contact_id, contact_id);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_LAPSED);
    house_drop(h);
}

static void a_fault_of_ours_is_no_attempt_and_is_tried_again_soon(void **state)
{
    (void)state;
    struct house *h = open_house();
    promised(h);
    house_staff(h, AGENT, 0);
    for (unsigned i = 0; i < 5; i++) {
        advance(h);
        assert_int_equal(result(h, CALLBACK_RESULT_FAULT), ACD_DONE);
        assert_int_equal(house_last(h, EV_CALLBACK_TRIED)->callback_tried.attempts_n, 0);
        house_wait(h, ACD_CALLBACK_AGAIN_MS);
        assert_int_equal(house_count(h, EV_OFFER_MADE), i + 2);
    }
    house_drop(h);
}

/* They are reached, and want no call: no attempt, no further one, and the agent is free. */
static void who_is_called_and_wants_no_call_is_called_no_more(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    assert_int_equal(result(h, CALLBACK_RESULT_CANCELLED), ACD_REFUSED_STATE); /* not called yet */
    advance(h);
    assert_int_equal(result(h, CALLBACK_RESULT_N), ACD_REFUSED_RANGE);
    assert_int_equal(result(h, CALLBACK_RESULT_CANCELLED), ACD_DONE);
    assert_int_equal(house_last(h, EV_CALLBACK_CANCELLED)->callback_cancelled.by,
                     CANCELLED_BY_PERSON);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.contact_id, contact_id);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_CANCELLED);
    assert_int_equal(house_count(h, EV_CALLBACK_TRIED), 0);
    house_wait(h, 10 * GAP);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    uint64_t waits = house_caller(h);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, waits);
    house_drop(h);
}

/* It rings for so long and no longer; the agent, who did nothing wrong, stays at work. */
static void nobody_picks_up_within_the_time_to_ring(void **state)
{
    (void)state;
    struct house *h = open_house();
    promised(h);
    house_staff(h, AGENT, 0);
    advance(h);
    house_wait(h, DIAL - 1);
    assert_int_equal(house_count(h, EV_CALLBACK_TRIED), 0);
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_CALLBACK_TRIED)->callback_tried.result,
                     CALLBACK_RESULT_NOBODY);
    assert_int_equal(house_count(h, EV_AGENT_PAUSED), 0);
    uint64_t waits = house_caller(h);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, waits);
    house_drop(h);
}

/* The agent who does not take what is kept for them is paused, as for any call. */
static void an_agent_who_does_not_take_it_is_paused_and_the_place_stays(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    house_staff(h, AGENT + 1, 0);
    house_wait(h, 15000);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.agent_id, AGENT);
    assert_int_equal(house_count(h, EV_CALLBACK_TRIED), 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contact_id);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, AGENT + 1);
    house_drop(h);
}

/* Half of the agents at work, one at least, while somebody waits on the line; all while nobody
 * does. */
static void a_share_of_the_agents_is_kept_for_those_on_the_line(void **state)
{
    (void)state;
    struct house *h = open_house();
    for (unsigned i = 0; i < 5; i++)
        promised(h);
    h->now_at += MINUTE;
    uint64_t on_line[2] = {house_caller(h), house_caller(h)};
    for (uint32_t id = 1; id <= 4; id++) {
        house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = id,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {QUEUE},
                                                   .queue_ids_n = 1}});
        house_agent_does(h, CMD_AGENT_SIGN_IN, id);
    }
    agent_ready(h, 1);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.phase, OFFER_PHASE_RESERVED);
    for (unsigned i = 0; i < 2; i++) { /* of two, of three at work: one */
        agent_ready(h, 2 + i);
        assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_SHARE);
        assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, on_line[i]);
    }
    agent_ready(h, 4); /* nobody is left on the line */
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.phase, OFFER_PHASE_RESERVED);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 4);
    house_drop(h);
}

static void nobody_is_called_while_it_is_closed(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contact_id = promised(h);
    set_hours(h, HOURS_CLOSED_BY_PERSON);
    assert_int_equal(house_count(h, EV_CALLBACK_HELD), 1);
    house_staff(h, AGENT, 0);
    house_wait(h, 10 * 60 * MINUTE);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    set_hours(h, HOURS_OPEN);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contact_id);
    house_drop(h);
}

static void not_before_the_instant_that_was_promised(void **state)
{
    (void)state;
    struct house *h = open_house();
    house_staff(h, AGENT, 0);
    set_hours(h, HOURS_OPEN);
    uint64_t call_id = house_call_by(h, CHANNEL_PHONE);
    ms_t at = h->now_at + 60 * MINUTE;
    const struct command cmd = {
        .kind = CMD_CALLBACK_PROMISE,
        .callback_promise = {.call_id = call_id, .queue_id = QUEUE, .not_before_at = at}};
    assert_int_equal(house_do(h, cmd), ACD_DONE); /* from the menu, without waiting at all */
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    house_hang_up(h, call_id, ENDED_BY_SYSTEM);
    house_wait(h, 60 * MINUTE - 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    house_wait(h, 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    house_drop(h);
}

/* At closing the day's call has its class; the promise stands all the same. */
static void the_day_ends_before_the_promise(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contact_id = promised(h);
    house_do(h, (struct command){.kind = CMD_DAY_CLOSE});
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_FAILED);
    assert_int_equal(house_count(h, EV_CONTACT_SETTLED), 0);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contact_id);
    speak(h);
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), 1);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_ANSWERED);
    house_drop(h);
}

/* Those who waited are called back first, in their order, discreetly; who had no number is not. */
static void who_was_cut_by_our_death_is_called_back_in_the_original_order(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contacts[3];
    for (unsigned i = 0; i < 3; i++) {
        uint64_t call_id = house_caller(h);
        contacts[i] = call_id - 1;
        h->now_at += 1000;
    }
    house_do(h, (struct command){.kind = CMD_CALL_ARRIVED, .call_arrived = {.leg_id = 99}});
    house_do(h, house_queue(house_last(h, EV_CALL_ARRIVED)->id)); /* withheld */
    house_do(h, (struct command){.kind = CMD_NODE_LOST, .node_lost = {.node = 0}});
    assert_int_equal(house_count(h, EV_CALLBACK_PROMISED), 3);
    assert_true(house_last(h, EV_CALLBACK_PROMISED)->callback_promised.is_discreet);
    assert_true(house_last(h, EV_CALLBACK_PROMISED)->callback_promised.by_house);
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), 1); /* of who has no number */
    house_staff(h, AGENT, 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contacts[i]);
        speak(h);
        agent_ready(h, AGENT);
    }
    assert_int_equal(house_count(h, EV_OFFER_MADE), 3); /* once each */
    house_drop(h);
}

/* While it rings, and while they speak: at once again, and no attempt is counted. */
static void a_death_while_we_call_loses_nobody(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t contact_id = promised(h);
    house_staff(h, AGENT, 0);
    advance(h);
    house_do(h, (struct command){.kind = CMD_NODE_LOST, .node_lost = {.node = 0}});
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, contact_id);
    assert_int_equal(house_count(h, EV_CALLBACK_TRIED), 0);
    speak(h);
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_HONOURED);
    house_drop(h);
}

static void a_promise_is_taken_back_unless_somebody_is_called(void **state)
{
    (void)state;
    struct house *h = open_house();
    struct command cancel = {.kind = CMD_CALLBACK_CANCEL};
    cancel.callback_cancel.contact_id = promised(h);
    assert_int_equal(house_do(h, cancel), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_ABANDONED);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_CANCELLED);
    assert_int_equal(house_do(h, cancel), ACD_REFUSED_UNKNOWN);
    cancel.callback_cancel.contact_id = promised(h);
    cancel.callback_cancel.by = CANCELLED_BY_HOUSE;
    house_staff(h, AGENT, 0);
    advance(h);
    assert_int_equal(house_do(h, cancel), ACD_REFUSED_STATE); /* it rings there */
    result(h, CALLBACK_RESULT_NOBODY);
    assert_int_equal(house_do(h, cancel), ACD_DONE);
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_FAILED);
    house_drop(h);
}

static void who_is_only_kept_for_a_promise_is_free_when_it_is_taken_back(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t first = promised(h), second = promised(h);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, first);
    const struct command cancel = {.kind = CMD_CALLBACK_CANCEL,
                                   .callback_cancel = {.contact_id = first}};
    assert_int_equal(house_do(h, cancel), ACD_DONE);
    assert_int_equal(house_last(h, EV_OFFER_ENDED)->offer_ended.why, OFFER_END_WITHDRAWN);
    assert_int_equal(house_last(h, EV_CONTACT_SETTLED)->contact_settled.how, SETTLED_CANCELLED);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, second);
    speak(h);
    assert_int_equal(house_outcome(h), OUTCOME_CALLBACK_HONOURED);
    house_drop(h);
}

static enum acd_verdict move(struct house *h, uint64_t contact_id, ms_t not_before_at)
{
    return house_do(h, (struct command){.kind = CMD_CALLBACK_MOVE,
                                        .callback_move = {.contact_id = contact_id,
                                                          .not_before_at = not_before_at}});
}

static void a_promise_is_moved_and_keeps_its_place(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t first = promised(h);
    h->now_at += MINUTE;
    uint64_t second = promised(h);
    assert_int_equal(move(h, first, h->now_at + 10 * MINUTE), ACD_DONE); /* it was due */
    assert_int_equal(move(h, first, h->now_at + 10 * MINUTE), ACD_NOTHING);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, second);
    assert_int_equal(move(h, second, h->now_at + MINUTE), ACD_REFUSED_STATE); /* an agent is kept */
    speak(h);
    agent_ready(h, AGENT);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    assert_int_equal(move(h, first, h->now_at + 20 * MINUTE), ACD_DONE); /* it was not */
    assert_int_equal(move(h, first, 0), ACD_DONE);                       /* at once again */
    house_wait(h, 1);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.contact_id, first);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_PLACE);
    house_drop(h);
}

static void what_may_not_be_moved_is_refused(void **state)
{
    (void)state;
    struct house *h = open_house();
    uint64_t call_id = house_caller(h);
    uint64_t waits = house_last(h, EV_CONTACT_OPENED)->id;
    assert_int_equal(move(h, waits, 0), ACD_REFUSED_STATE); /* nothing is promised */
    assert_int_equal(promise(h, call_id, 0), ACD_DONE);
    assert_int_equal(move(h, waits, 0), ACD_REFUSED_STATE); /* has not hung up */
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(move(h, call_id, 0), ACD_REFUSED_UNKNOWN);
    assert_int_equal(move(h, waits + 1000, 0), ACD_REFUSED_UNKNOWN);
    assert_int_equal(move(h, waits, 0), ACD_NOTHING);
    assert_int_equal(move(h, waits, h->now_at), ACD_REFUSED_RANGE);
    assert_int_equal(move(h, waits, h->now_at + ACD_DURATION_MS_MAX + 1), ACD_REFUSED_RANGE);
    assert_int_equal(move(h, waits, h->now_at + ACD_DURATION_MS_MAX), ACD_DONE);
    const struct command renumber = {.kind = CMD_CALLBACK_RENUMBER,
                                     .callback_renumber = {.contact_id = waits}};
    assert_int_equal(house_do(h, renumber), ACD_DONE);
    assert_int_equal(move(h, waits, 0), ACD_DONE);
    house_wait(h, 1);
    assert_int_equal(house_do(h, renumber), ACD_DONE);
    house_staff(h, AGENT, 0);
    assert_int_equal(house_do(h, renumber), ACD_REFUSED_STATE);
    for (unsigned i = 0; i < 3; i++) {
        advance(h);
        result(h, CALLBACK_RESULT_NOBODY);
        house_wait(h, GAP);
    }
    assert_true(house_last(h, EV_CALLBACK_TRIED)->callback_tried.until_at > 0);
    assert_int_equal(move(h, waits, h->now_at + MINUTE), ACD_REFUSED_STATE); /* nobody calls */
    house_drop(h);
}

static void what_may_not_be_promised_is_refused(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    uint64_t call_id = house_caller(h);
    assert_int_equal(promise(h, call_id, 0), ACD_REFUSED_STATE); /* this queue calls nobody */
    struct command bad = rules();
    bad.queue_callbacks.attempts_max = ACD_ATTEMPTS_MAX + 1;
    assert_int_equal(house_do(h, bad), ACD_REFUSED_RANGE);
    bad = rules();
    bad.queue_callbacks.share_percent = 101;
    assert_int_equal(house_do(h, bad), ACD_REFUSED_RANGE);
    bad = rules();
    bad.queue_callbacks.dial_ms = 0;
    assert_int_equal(house_do(h, bad), ACD_REFUSED_RANGE);
    bad = rules();
    bad.queue_callbacks.queue_id = 99;
    assert_int_equal(house_do(h, bad), ACD_REFUSED_UNKNOWN);
    house_do(h, rules());
    assert_int_equal(promise(h, call_id + 1000, 0), ACD_REFUSED_UNKNOWN);
    assert_int_equal(promise(h, call_id, h->now_at), ACD_REFUSED_RANGE); /* not in the past */
    assert_int_equal(promise(h, call_id, h->now_at + ACD_DURATION_MS_MAX + 1), ACD_REFUSED_RANGE);
    assert_int_equal(promise(h, call_id, h->now_at + ACD_DURATION_MS_MAX), ACD_DONE);
    assert_int_equal(promise(h, call_id, 0), ACD_REFUSED_STATE); /* once */
    house_do(h, (struct command){.kind = CMD_CALL_ARRIVED,
                                 .call_arrived = {.leg_id = 7, .person_id = 7, .is_test = true}});
    uint64_t robot = house_last(h, EV_CALL_ARRIVED)->id;
    house_do(h, house_queue(robot));
    assert_int_equal(promise(h, robot, 0), ACD_REFUSED_STATE);
    uint64_t written = house_call_by(h, CHANNEL_TEXT);
    house_do(h, house_queue(written));
    assert_int_equal(promise(h, written, 0), ACD_REFUSED_STATE);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_that_could_not_be_noted_leaves_the_caller_in_the_queue),
        cmocka_unit_test(who_is_not_promised_after_all_is_offered_to_who_is_free),
        cmocka_unit_test(who_is_promised_keeps_the_place_and_is_called_by_an_agent_who_is_kept),
        cmocka_unit_test(
            attempts_are_spaced_and_counted_and_the_last_one_keeps_the_place_for_a_while),
        cmocka_unit_test(a_fault_of_ours_is_no_attempt_and_is_tried_again_soon),
        cmocka_unit_test(who_is_called_and_wants_no_call_is_called_no_more),
        cmocka_unit_test(nobody_picks_up_within_the_time_to_ring),
        cmocka_unit_test(an_agent_who_does_not_take_it_is_paused_and_the_place_stays),
        cmocka_unit_test(a_share_of_the_agents_is_kept_for_those_on_the_line),
        cmocka_unit_test(nobody_is_called_while_it_is_closed),
        cmocka_unit_test(not_before_the_instant_that_was_promised),
        cmocka_unit_test(the_day_ends_before_the_promise),
        cmocka_unit_test(who_was_cut_by_our_death_is_called_back_in_the_original_order),
        cmocka_unit_test(a_death_while_we_call_loses_nobody),
        cmocka_unit_test(a_promise_is_taken_back_unless_somebody_is_called),
        cmocka_unit_test(who_is_only_kept_for_a_promise_is_free_when_it_is_taken_back),
        cmocka_unit_test(a_promise_is_moved_and_keeps_its_place),
        cmocka_unit_test(what_may_not_be_moved_is_refused),
        cmocka_unit_test(what_may_not_be_promised_is_refused),
    };
    return cmocka_run_group_tests_name("acd/callback", tests, NULL, NULL);
}
