/* supervise.c — what supervisors do: help that opens the next ring, a queue closed by hand, agents
 * who serve other queues for a while; and what an agent says of a conversation (ADR 37). */
#include "test/unit/acd/house.h"

#define OTHER 2
#define SITE 1
#define HALF_HOUR (30 * MINUTE)

static uint64_t caller_of(struct house *h, uint32_t site_id)
{
    uint64_t call_id = house_call_by(h, CHANNEL_PHONE);
    struct command ask = house_queue(call_id);
    ask.call_queue.site_id = site_id;
    ask.call_queue.area_id = site_id ? 1 + site_id / 10 : 0;
    assert_int_equal(house_do(h, ask), ACD_DONE);
    return call_id;
}

static enum acd_verdict ask_help(struct house *h, uint32_t site_id, ms_t for_ms)
{
    return house_do(
        h, (struct command){.kind = CMD_HELP_ASK,
                            .help_ask = {.queue_id = QUEUE, .site_id = site_id, .for_ms = for_ms}});
}

static enum acd_verdict end_help(struct house *h, uint32_t site_id)
{
    return house_do(h, (struct command){.kind = CMD_HELP_END,
                                        .help_end = {.queue_id = QUEUE, .site_id = site_id}});
}

/* The agent of the site is busy for ever, that of a neighbouring one is free. */
static struct house *busy_site(void)
{
    struct house *h = house_open_small();
    house_staff(h, 1, SITE);
    caller_of(h, SITE);
    house_confirm(h, true);
    house_staff(h, 2, SITE + 1);
    return h;
}

static void help_opens_the_next_ring_of_who_waits_at_once(void **state)
{
    (void)state;
    struct house *h = busy_site();
    caller_of(h, SITE);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    assert_int_equal(ask_help(h, SITE, HALF_HOUR), ACD_DONE);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.why, RING_WHY_HELP);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.ring, RING_AREA);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_HELP);
    house_drop(h);
}

static void who_comes_while_help_stands_is_helped_too(void **state)
{
    (void)state;
    struct house *h = busy_site();
    ask_help(h, 0, HALF_HOUR);
    caller_of(h, SITE);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_HELP);
    house_drop(h);
}

static void an_offer_that_time_would_have_made_is_none_of_help(void **state)
{
    (void)state;
    struct house *h = busy_site();
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 2, .reason = PAUSE_REST}});
    ask_help(h, SITE, HALF_HOUR);
    caller_of(h, SITE);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.why, RING_WHY_HELP);
    house_wait(h, 41000); /* ring_area_ms is over */
    house_agent_does(h, CMD_AGENT_READY, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_PLACE);
    house_drop(h);
}

static void help_ends_by_itself_at_its_instant_and_not_before(void **state)
{
    (void)state;
    struct house *h = busy_site();
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 2, .reason = PAUSE_REST}});
    ask_help(h, SITE, HALF_HOUR);
    ms_t ends_at = h->now_at + HALF_HOUR;
    assert_int_equal(acd_next_at(h->acd) <= ends_at, true);
    house_wait(h, HALF_HOUR - 1);
    assert_int_equal(house_count(h, EV_HELP_ENDED), 0);
    house_wait(h, 1);
    assert_int_equal(house_count(h, EV_HELP_ENDED), 1);
    assert_true(house_last(h, EV_HELP_ENDED)->help_ended.by_itself);
    caller_of(h, SITE);
    assert_int_equal(house_count(h, EV_RING_OPENED), 0);
    house_drop(h);
}

static void help_that_is_ended_widens_nobody_any_more_and_narrows_nobody(void **state)
{
    (void)state;
    struct house *h = busy_site();
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 2, .reason = PAUSE_REST}});
    uint64_t first = caller_of(h, SITE);
    ask_help(h, SITE, HALF_HOUR);
    assert_int_equal(end_help(h, SITE), ACD_DONE);
    assert_int_equal(end_help(h, SITE), ACD_NOTHING);
    caller_of(h, SITE);
    assert_int_equal(house_count(h, EV_RING_OPENED), 1);
    house_agent_does(h, CMD_AGENT_READY, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, first);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_HELP);
    house_drop(h);
}

static void help_for_a_site_is_for_its_people_alone(void **state)
{
    (void)state;
    struct house *h = busy_site();
    ask_help(h, SITE + 2, HALF_HOUR);
    caller_of(h, SITE);
    assert_int_equal(house_count(h, EV_RING_OPENED), 0);
    house_drop(h);
}

/* A neighbour who is signed in nowhere brings nothing: the network does. */
static void a_ring_that_brings_nobody_is_passed_over(void **state)
{
    (void)state;
    struct house *h = busy_site();
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 2);
    house_staff(h, 3, 50);
    caller_of(h, SITE);
    ask_help(h, SITE, HALF_HOUR);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.ring, RING_NETWORK);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 3);
    house_drop(h);
}

/* The ring between was closed too: who serves there is offered by help. */
static void a_ring_that_help_passes_over_is_open_for_help_too(void **state)
{
    (void)state;
    struct house *h = busy_site();
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 2);
    caller_of(h, SITE);
    ask_help(h, SITE, HALF_HOUR);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.ring, RING_NETWORK);
    house_staff(h, 2, SITE + 1);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.agent_id, 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.ring, RING_AREA);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_HELP);
    house_drop(h);
}

static void help_is_asked_for_within_its_bounds(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    assert_int_equal(ask_help(h, 0, 0), ACD_REFUSED_RANGE);
    assert_int_equal(ask_help(h, 0, ACD_HELP_MS_MAX), ACD_DONE);
    assert_int_equal(ask_help(h, 0, ACD_HELP_MS_MAX), ACD_NOTHING);
    assert_int_equal(ask_help(h, 0, ACD_HELP_MS_MAX + 1), ACD_REFUSED_RANGE);
    for (uint32_t site = ACD_HELPS_PER_QUEUE - 1; site > 0; site--)
        assert_int_equal(ask_help(h, site, MINUTE), ACD_DONE);
    assert_int_equal(ask_help(h, ACD_HELPS_PER_QUEUE, MINUTE), ACD_REFUSED_FULL);
    assert_int_equal(ask_help(h, 3, 2 * MINUTE), ACD_DONE); /* longer */
    house_wait(h, MINUTE);
    assert_int_equal(house_count(h, EV_HELP_ENDED), ACD_HELPS_PER_QUEUE - 2);
    house_do(
        h, (struct command){.kind = CMD_HELP_ASK, .help_ask = {.queue_id = 77, .for_ms = MINUTE}});
    assert_int_equal(house_count(h, EV_HELP_ASKED), ACD_HELPS_PER_QUEUE + 1);
    house_drop(h);
}

static void a_crowd_that_waits_is_helped_in_its_order(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, SITE);
    for (unsigned i = 0; i < 40; i++) {
        house_wait(h, 10);
        caller_of(h, SITE);
    }
    house_staff(h, 2, SITE + 1);
    ask_help(h, SITE, HALF_HOUR);
    assert_int_equal(house_count(h, EV_RING_OPENED), 39); /* all but the one who is offered */
    uint64_t last = 0;
    for (unsigned i = 0; i < h->said_n; i++) {
        if (h->said[i].kind != EV_RING_OPENED)
            continue;
        assert_true(h->said[i].ring_opened.contact_id > last);
        last = h->said[i].ring_opened.contact_id;
    }
    house_drop(h);
}

/* ---- a queue closed by hand ---------------------------------------------------------------- */

static enum acd_verdict shut(struct house *h, ms_t until_at)
{
    return house_do(h, (struct command){.kind = CMD_QUEUE_SHUT,
                                        .queue_shut = {.queue_id = QUEUE, .until_at = until_at}});
}

static enum acd_verdict reopen(struct house *h)
{
    return house_do(
        h, (struct command){.kind = CMD_QUEUE_REOPEN, .queue_reopen = {.queue_id = QUEUE}});
}

static enum acd_verdict say_hours(struct house *h, enum hours hours, ms_t closes_at)
{
    return house_do(
        h, (struct command){
               .kind = CMD_QUEUE_HOURS,
               .queue_hours = {.queue_id = QUEUE, .hours = hours, .closes_at = closes_at}});
}

static enum refusal refused(struct house *h)
{
    uint64_t call_id = house_call_by(h, CHANNEL_PHONE);
    unsigned before_n = house_count(h, EV_CALL_REFUSED);
    house_do(h, house_queue(call_id));
    bool is_refused = house_count(h, EV_CALL_REFUSED) > before_n;
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    return is_refused ? house_last(h, EV_CALL_REFUSED)->call_refused.why : REFUSAL_N;
}

static void calls_that_a_closing_by_hand_refuses_are_turned_away(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    assert_int_equal(shut(h, 0), ACD_DONE);
    assert_int_equal(shut(h, 0), ACD_NOTHING);
    assert_int_equal(refused(h), REFUSAL_CLOSED_BY_PERSON);
    assert_int_equal(house_outcome(h), OUTCOME_TURNED_AWAY);
    assert_int_equal(reopen(h), ACD_DONE);
    assert_int_equal(reopen(h), ACD_NOTHING);
    assert_int_equal(refused(h), REFUSAL_N);
    house_drop(h);
}

static void what_a_person_closed_the_published_hours_do_not_open(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    shut(h, 0);
    say_hours(h, HOURS_OPEN, h->now_at + 60 * MINUTE);
    assert_int_equal(refused(h), REFUSAL_CLOSED_BY_PERSON);
    say_hours(h, HOURS_CLOSED_PUBLISHED, 0);
    assert_int_equal(refused(h), REFUSAL_CLOSED_PUBLISHED);
    assert_int_equal(house_outcome(h), OUTCOME_OUT_OF_HOURS);
    say_hours(h, HOURS_OPEN, 0);
    assert_int_equal(refused(h), REFUSAL_CLOSED_BY_PERSON);
    reopen(h);
    assert_int_equal(refused(h), REFUSAL_N);
    house_drop(h);
}

static void a_closing_by_hand_ends_by_itself_at_its_instant(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    assert_int_equal(shut(h, h->now_at), ACD_REFUSED_RANGE);
    assert_int_equal(shut(h, h->now_at + ACD_DURATION_MS_MAX + 1), ACD_REFUSED_RANGE);
    assert_int_equal(shut(h, h->now_at + MINUTE), ACD_DONE);
    house_wait(h, MINUTE - 1);
    assert_int_equal(refused(h), REFUSAL_CLOSED_BY_PERSON);
    house_wait(h, 1);
    assert_true(house_last(h, EV_QUEUE_REOPENED)->queue_reopened.by_itself);
    assert_int_equal(refused(h), REFUSAL_N);
    house_drop(h);
}

static void who_waits_when_a_person_closes_is_told_and_served(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_confirm(h, true);
    uint64_t waits = house_caller(h);
    shut(h, 0);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.what, TOLD_CLOSING_KEPT);
    assert_int_equal(house_count(h, EV_CALL_ENDED), 0);
    house_do(
        h, (struct command){.kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = house_offer(h), .why = OFFER_END_FINISHED}});
    house_agent_does(h, CMD_AGENT_READY, 1);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, waits);
    house_drop(h);
}

static void who_has_nobody_to_answer_is_told_so_and_may_stay(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_caller(h);
    shut(h, 0);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.what, TOLD_CLOSING_CANNOT);
    assert_int_equal(house_count(h, EV_CALL_ENDED), 0);
    house_drop(h);
}

/* ---- moved agents -------------------------------------------------------------------------- */

static struct house *two_queues(void)
{
    struct house *h = house_open_small();
    house_do(h, house_queue_set(OTHER));
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = OTHER, .hours = HOURS_OPEN}});
    house_staff(h, 1, 0);
    return h;
}

static uint64_t caller_in(struct house *h, uint32_t queue_id)
{
    uint64_t call_id = house_call_by(h, CHANNEL_PHONE);
    struct command ask = house_queue(call_id);
    ask.call_queue.queue_id = queue_id;
    assert_int_equal(house_do(h, ask), ACD_DONE);
    return call_id;
}

static enum acd_verdict move(struct house *h, uint32_t queue_id, ms_t until_at)
{
    return house_do(h, (struct command){.kind = CMD_AGENT_MOVE,
                                        .agent_move = {.agent_id = 1,
                                                       .queue_ids = {queue_id},
                                                       .queue_ids_n = 1,
                                                       .until_at = until_at}});
}

static enum acd_verdict move_back(struct house *h)
{
    return house_do(
        h, (struct command){.kind = CMD_AGENT_MOVE_BACK, .agent_move_back = {.agent_id = 1}});
}

static struct command as_in_the_directory(uint64_t skills)
{
    return (struct command){.kind = CMD_AGENT_SET,
                            .agent_set = {.agent_id = 1,
                                          .skills = skills,
                                          .capacity = {1, 2},
                                          .capacity_n = 2,
                                          .queue_ids = {QUEUE},
                                          .queue_ids_n = 1}};
}

static void a_moved_agent_serves_the_other_queue_at_once(void **state)
{
    (void)state;
    struct house *h = two_queues();
    uint64_t there = caller_in(h, OTHER);
    assert_int_equal(move(h, OTHER, h->now_at + HALF_HOUR), ACD_DONE);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, there);
    house_drop(h);
}

static void a_moved_agent_is_back_by_itself_at_the_instant(void **state)
{
    (void)state;
    struct house *h = two_queues();
    move(h, OTHER, h->now_at + HALF_HOUR);
    uint64_t here = caller_in(h, QUEUE);
    house_wait(h, HALF_HOUR - 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    house_wait(h, 1);
    assert_true(house_last(h, EV_AGENT_MOVED_BACK)->agent_moved_back.by_itself);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, here);
    house_drop(h);
}

static void the_directory_read_again_changes_all_but_where_a_moved_agent_serves(void **state)
{
    (void)state;
    struct house *h = two_queues();
    move(h, OTHER, h->now_at + HALF_HOUR);
    assert_int_equal(house_do(h, as_in_the_directory(0)), ACD_NOTHING);
    assert_int_equal(house_do(h, as_in_the_directory(5)), ACD_DONE);
    assert_int_equal(house_do(h, as_in_the_directory(5)), ACD_NOTHING);
    caller_in(h, QUEUE);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    assert_int_equal(move_back(h), ACD_DONE);
    assert_int_equal(move_back(h), ACD_NOTHING);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    assert_int_equal(house_do(h, as_in_the_directory(5)), ACD_NOTHING);
    house_drop(h);
}

static void a_queue_to_which_a_moved_agent_comes_back_does_not_go(void **state)
{
    (void)state;
    struct house *h = two_queues();
    move(h, OTHER, h->now_at + HALF_HOUR);
    const struct command drop = {.kind = CMD_QUEUE_DROP, .queue_drop = {.queue_id = QUEUE}};
    assert_int_equal(house_do(h, drop), ACD_REFUSED_IN_USE);
    house_drop(h);
}

static void a_move_has_bounds_and_knows_its_queues(void **state)
{
    (void)state;
    struct house *h = two_queues();
    struct command none = {.kind = CMD_AGENT_MOVE,
                           .agent_move = {.agent_id = 1, .until_at = h->now_at + MINUTE}};
    struct command twice = none;
    twice.agent_move.queue_ids[0] = twice.agent_move.queue_ids[1] = OTHER;
    twice.agent_move.queue_ids_n = 2;
    assert_int_equal(house_do(h, none), ACD_REFUSED_RANGE);
    assert_int_equal(house_do(h, twice), ACD_REFUSED_RANGE);
    twice.agent_move.queue_ids_n = ACD_QUEUES_PER_AGENT + 1;
    assert_int_equal(house_do(h, twice), ACD_REFUSED_RANGE);
    assert_int_equal(move(h, 77, h->now_at + MINUTE), ACD_REFUSED_UNKNOWN);
    assert_int_equal(move(h, OTHER, h->now_at), ACD_REFUSED_RANGE);
    assert_int_equal(move(h, OTHER, h->now_at + ACD_DURATION_MS_MAX + 1), ACD_REFUSED_RANGE);
    assert_int_equal(move(h, OTHER, h->now_at + ACD_DURATION_MS_MAX), ACD_DONE);
    assert_int_equal(move(h, OTHER, h->now_at + ACD_DURATION_MS_MAX), ACD_NOTHING);
    struct command robot = as_in_the_directory(0);
    robot.agent_set.is_robot = true;
    assert_int_equal(house_do(h, robot), ACD_REFUSED_ROBOT);
    house_drop(h);
}

static void a_moved_agent_who_leaves_the_directory_leaves_no_timer(void **state)
{
    (void)state;
    struct house *h = two_queues();
    move(h, OTHER, h->now_at + HALF_HOUR);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_agent_does(h, CMD_AGENT_DROP, 1);
    assert_true(acd_next_at(h->acd) == MS_NEVER);
    house_drop(h);
}

/* ---- what came of a conversation ------------------------------------------------------------ */

static enum acd_verdict conclude(struct house *h, enum conclusion conclusion)
{
    return house_do(
        h, (struct command){.kind = CMD_CONVERSATION_CONCLUDE,
                            .conversation_conclude = {.agent_id = 1, .conclusion = conclusion}});
}

static void a_conclusion_may_change_until_the_wrap_up_ends(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_REFUSED_STATE);
    uint64_t call_id = house_caller(h);
    house_confirm(h, true);
    assert_int_equal(conclude(h, CONCLUSION_N), ACD_REFUSED_RANGE);
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_DONE);
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_NOTHING);
    house_wait(h, MINUTE);
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    assert_int_equal(conclude(h, CONCLUSION_TO_CALL_BACK), ACD_DONE);
    const struct event *ev = house_last(h, EV_CONVERSATION_CONCLUDED);
    assert_int_equal(ev->conversation_concluded.was, CONCLUSION_ANSWERED);
    assert_int_equal(ev->conversation_concluded.call_id, call_id);
    assert_int_equal(ev->conversation_concluded.queue_id, QUEUE);
    house_wait(h, 30000); /* wrap_up_ms */
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_REFUSED_STATE);
    house_drop(h);
}

static void a_wrap_up_lasts_longer_for_who_asks_and_no_longer_than_its_bound(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    const struct command more = {.kind = CMD_AGENT_MORE_TIME, .agent_more_time = {1}};
    const struct command nobody = {.kind = CMD_AGENT_MORE_TIME, .agent_more_time = {99}};
    house_staff(h, 1, 0);
    assert_int_equal(house_do(h, more), ACD_REFUSED_STATE);
    assert_int_equal(house_do(h, nobody), ACD_REFUSED_UNKNOWN);
    uint64_t call_id = house_caller(h);
    house_confirm(h, true);
    house_hang_up(h, call_id, ENDED_BY_CALLER);
    ms_t ends_at = house_last(h, EV_AGENT_WRAP_UP)->agent_wrap_up.ends_at;
    assert_int_equal(house_do(h, more), ACD_DONE);
    assert_int_equal(house_last(h, EV_AGENT_WRAP_UP)->agent_wrap_up.ends_at - ends_at,
                     ACD_MORE_TIME_MS);
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_DONE);
    house_wait(h, 30000);                                         /* its first end */
    assert_int_equal(conclude(h, CONCLUSION_DIRECTED), ACD_DONE); /* …is none */
    for (unsigned i = 0; i < 5; i++)
        house_do(h, more);
    assert_int_equal(house_do(h, more), ACD_NOTHING);
    house_wait(h, ACD_WRAP_UP_MS_MAX - 1);
    assert_int_equal(house_do(h, more), ACD_DONE);
    house_wait(h, ACD_WRAP_UP_MS_MAX);
    assert_int_equal(conclude(h, CONCLUSION_ANSWERED), ACD_REFUSED_STATE);
    house_drop(h);
}

static void the_next_conversation_has_a_conclusion_of_its_own(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t call_id = house_caller(h);
        house_confirm(h, true);
        house_wait(h, MINUTE);
        house_hang_up(h, call_id, ENDED_BY_CALLER);
        assert_int_equal(conclude(h, CONCLUSION_DIRECTED), ACD_DONE);
        assert_int_equal(house_last(h, EV_CONVERSATION_CONCLUDED)->conversation_concluded.was,
                         CONCLUSION_NONE);
        house_agent_does(h, CMD_AGENT_READY, 1);
    }
    house_drop(h);
}

/* ---- a restart ------------------------------------------------------------------------------ */

static void all_of_it_survives_a_replay_and_a_snapshot(void **state)
{
    (void)state;
    struct house *h = two_queues();
    house_caller(h);
    house_confirm(h, true);
    conclude(h, CONCLUSION_PASSED_ON);
    house_caller(h);
    ask_help(h, SITE, HALF_HOUR);
    move(h, OTHER, h->now_at + HALF_HOUR);
    shut(h, h->now_at + 2 * HALF_HOUR);
    struct house *twin = house_open_small();
    acd_clear(twin->acd);
    for (unsigned i = 0; i < h->said_n; i++)
        acd_apply(twin->acd, &h->said[i]);
    assert_true(acd_hash(twin->acd) == acd_hash(h->acd));
    size_t n = acd_image_bytes(h->acd);
    uint8_t *image = malloc(n);
    acd_image_save(h->acd, image);
    acd_clear(twin->acd);
    assert_true(acd_image_load(twin->acd, image, n));
    assert_true(acd_hash(twin->acd) == acd_hash(h->acd));
    twin->now_at = h->now_at;
    twin->next_id = h->next_id;
    twin->said_n = 0;
    house_wait(twin, 2 * HALF_HOUR);
    assert_int_equal(house_count(twin, EV_HELP_ENDED), 1);
    assert_int_equal(house_count(twin, EV_AGENT_MOVED_BACK), 1);
    assert_int_equal(house_count(twin, EV_QUEUE_REOPENED), 1);
    free(image);
    house_drop(twin);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_opens_the_next_ring_of_who_waits_at_once),
        cmocka_unit_test(who_comes_while_help_stands_is_helped_too),
        cmocka_unit_test(an_offer_that_time_would_have_made_is_none_of_help),
        cmocka_unit_test(help_ends_by_itself_at_its_instant_and_not_before),
        cmocka_unit_test(help_that_is_ended_widens_nobody_any_more_and_narrows_nobody),
        cmocka_unit_test(help_for_a_site_is_for_its_people_alone),
        cmocka_unit_test(a_ring_that_brings_nobody_is_passed_over),
        cmocka_unit_test(a_ring_that_help_passes_over_is_open_for_help_too),
        cmocka_unit_test(help_is_asked_for_within_its_bounds),
        cmocka_unit_test(a_crowd_that_waits_is_helped_in_its_order),
        cmocka_unit_test(calls_that_a_closing_by_hand_refuses_are_turned_away),
        cmocka_unit_test(what_a_person_closed_the_published_hours_do_not_open),
        cmocka_unit_test(a_closing_by_hand_ends_by_itself_at_its_instant),
        cmocka_unit_test(who_waits_when_a_person_closes_is_told_and_served),
        cmocka_unit_test(who_has_nobody_to_answer_is_told_so_and_may_stay),
        cmocka_unit_test(a_moved_agent_serves_the_other_queue_at_once),
        cmocka_unit_test(a_moved_agent_is_back_by_itself_at_the_instant),
        cmocka_unit_test(the_directory_read_again_changes_all_but_where_a_moved_agent_serves),
        cmocka_unit_test(a_queue_to_which_a_moved_agent_comes_back_does_not_go),
        cmocka_unit_test(a_move_has_bounds_and_knows_its_queues),
        cmocka_unit_test(a_moved_agent_who_leaves_the_directory_leaves_no_timer),
        cmocka_unit_test(a_conclusion_may_change_until_the_wrap_up_ends),
        cmocka_unit_test(a_wrap_up_lasts_longer_for_who_asks_and_no_longer_than_its_bound),
        cmocka_unit_test(the_next_conversation_has_a_conclusion_of_its_own),
        cmocka_unit_test(all_of_it_survives_a_replay_and_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
