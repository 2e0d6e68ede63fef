/* offer.c — who is offered whom, and what follows when it does not work (design §3.1 – §3.4). */
#include "test/unit/acd/house.h"

static void end_offer(struct house *h, enum offer_end why)
{
    house_do(h, (struct command){.kind = CMD_OFFER_END,
                                 .offer_end = {.offer_id = house_offer(h), .why = why}});
}

static uint32_t offered_to(const struct house *h)
{
    return house_last(h, EV_OFFER_MADE)->offer_made.agent_id;
}

static void the_longest_idle_agent_is_offered_first(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    for (uint32_t id = 3; id >= 1; id--) {
        house_staff(h, id, 0);
        house_wait(h, 1000);
    }
    house_caller(h);
    assert_int_equal(offered_to(h), 3);
    house_caller(h);
    assert_int_equal(offered_to(h), 2);
    house_drop(h);
}

static void a_withdrawn_offer_leaves_the_agent_first_in_line(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_wait(h, 1000);
    house_staff(h, 2, 0);
    uint64_t call = house_caller(h);
    house_wait(h, 2000);
    house_hang_up(h, call, ENDED_BY_CALLER);
    house_caller(h);
    assert_int_equal(offered_to(h), 1);
    house_drop(h);
}

/* Taken back while it rang: the agent is neither paused nor behind others. */
static void an_offer_taken_back_while_it_rings_is_made_again(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_wait(h, 1000);
    house_caller(h);
    uint64_t offer_id = house_offer(h);
    house_do(h, (struct command){.kind = CMD_OFFER_DECLINE,
                                 .offer_decline = {offer_id, OFFER_END_WITHDRAWN}});
    assert_int_equal(house_last(h, EV_OFFER_ENDED)->offer_ended.why, OFFER_END_WITHDRAWN);
    assert_int_equal(house_last(h, EV_CONTACT_RETURNED)->contact_returned.why, OFFER_END_WITHDRAWN);
    assert_int_equal(offered_to(h), 1);
    assert_int_not_equal(house_offer(h), offer_id);
    assert_null(house_last(h, EV_AGENT_PAUSED));
    house_drop(h);
}

static void no_answer_returns_the_contact_to_the_next_agent_and_pauses_the_first(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_wait(h, 1);
    house_staff(h, 2, 0);
    house_caller(h);
    house_wait(h, 15000);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.agent_id, 1);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.reason, PAUSE_NO_ANSWER);
    assert_int_equal(offered_to(h), 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_RETURNED);
    house_drop(h);
}

static void a_lonely_agent_comes_back_by_itself_once_after_ten_minutes(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_wait(h, 15000 + 10 * MINUTE);
    const struct event *back = house_last(h, EV_AGENT_READY);
    assert_true(back->agent_ready.by_itself);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2);
    house_wait(h, 60 * MINUTE); /* missed again: now a person must say so */
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2);
    house_drop(h);
}

static void an_agent_does_not_come_back_by_itself_while_another_serves(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_wait(h, 15000);
    house_staff(h, 2, 0);
    house_confirm(h, true);
    house_wait(h, 30 * MINUTE);
    assert_int_equal(house_count(h, EV_AGENT_READY), 2); /* the two that were asked for */
    house_drop(h);
}

static void a_lost_agent_puts_the_caller_back_at_the_head(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t first = house_caller(h);
    house_confirm(h, true);
    house_wait(h, MINUTE);
    house_caller(h); /* waits */
    house_wait(h, MINUTE);
    end_offer(h, OFFER_END_AGENT_LOST);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.what, TOLD_AGENT_LOST);
    assert_int_equal(house_last(h, EV_AGENT_PAUSED)->agent_paused.reason, PAUSE_LINE_LOST);
    house_staff(h, 2, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, first);
    house_drop(h);
}

static void a_bounded_head_start_goes_before_an_older_place(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_PRIORITY_SET,
                                 .priority_set = {.priority = 2, .head_start_ms = 10 * MINUTE}});
    house_caller(h);
    house_wait(h, 9 * MINUTE);
    uint64_t urgent = house_call_by(h, CHANNEL_PHONE);
    struct command queue = house_queue(urgent);
    queue.call_queue.priority = 2;
    house_do(h, queue);
    house_staff(h, 1, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, urgent);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.rule, RULE_HEAD_START);
    house_drop(h);
}

static void a_head_start_never_passes_somebody_much_older(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_PRIORITY_SET,
                                 .priority_set = {.priority = 2, .head_start_ms = 10 * MINUTE}});
    uint64_t old = house_caller(h);
    house_wait(h, 11 * MINUTE);
    uint64_t urgent = house_call_by(h, CHANNEL_PHONE);
    struct command queue = house_queue(urgent);
    queue.call_queue.priority = 2;
    house_do(h, queue);
    house_staff(h, 1, 0);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, old);
    house_drop(h);
}

static uint64_t caller_of_site(struct house *h, uint32_t site_id)
{
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    struct command queue = house_queue(call);
    queue.call_queue.site_id = site_id;
    queue.call_queue.area_id = 1 + site_id / 10;
    house_do(h, queue);
    return call;
}

static void rings_open_at_their_thresholds(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 1);
    caller_of_site(h, 1);  /* takes the agent of the site */
    house_staff(h, 2, 20); /* another area */
    caller_of_site(h, 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1);
    house_wait(h, 59999);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 1); /* agent 1 let it ring and is paused */
    house_wait(h, 1);
    assert_int_equal(offered_to(h), 2);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.ring, RING_NETWORK);
    house_drop(h);
}

static void a_ring_without_agents_opens_the_next_at_once(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 2, 20);
    caller_of_site(h, 1);
    assert_int_equal(offered_to(h), 2);
    house_drop(h);
}

static void signing_out_the_last_of_a_ring_opens_the_next_at_once(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 1);
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 1, .reason = PAUSE_REST}});
    house_staff(h, 2, 20);
    caller_of_site(h, 1);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    assert_int_equal(house_last(h, EV_RING_OPENED)->ring_opened.why, RING_WHY_NOBODY);
    assert_int_equal(offered_to(h), 2);
    house_drop(h);
}

static void a_designated_advisor_is_first_and_stays_eligible(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    struct command advisor = {.kind = CMD_AGENT_SET,
                              .agent_set = {.agent_id = 5,
                                            .site_id = 30,
                                            .area_id = 4,
                                            .portfolio_id = 9,
                                            .capacity = {1},
                                            .capacity_n = 1,
                                            .queue_ids = {QUEUE},
                                            .queue_ids_n = 1}};
    house_do(h, advisor);
    house_agent_does(h, CMD_AGENT_SIGN_IN, 5);
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    struct command queue = house_queue(call);
    queue.call_queue.site_id = 2;
    queue.call_queue.area_id = 1;
    queue.call_queue.portfolio_id = 9;
    house_do(h, queue); /* waits for the advisor, who is paused */
    house_staff(h, 1, 2);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0); /* the ring of the site is not open */
    house_do(h, (struct command){.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = 1, .reason = PAUSE_REST}});
    house_wait(h, 5 * MINUTE); /* all rings are open now */
    house_agent_does(h, CMD_AGENT_READY, 5);
    assert_int_equal(offered_to(h), 5);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.ring, RING_ADVISOR);
    house_drop(h);
}

static void an_agent_without_the_language_is_passed_over(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_call_by(h, CHANNEL_PHONE);
    struct command queue = house_queue(call);
    queue.call_queue.needs = 4;
    house_do(h, queue);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    uint64_t next = house_caller(h);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, next);
    house_drop(h);
}

static void written_contacts_come_two_at_a_time_and_never_beside_a_voice(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    for (int i = 0; i < 3; i++)
        house_do(h, house_queue(house_call_by(h, CHANNEL_TEXT)));
    house_confirm(h, true);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2);
    house_confirm(h, true);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2); /* two at once are enough */
    house_caller(h);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 2); /* no voice beside a text */
    house_drop(h);
}

static void a_callback_is_reserved_then_dialled_then_offered(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_do(h, house_queue(house_call_by(h, CHANNEL_CALLBACK)));
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.phase, OFFER_PHASE_RESERVED);
    struct command advance = {.kind = CMD_OFFER_ADVANCE,
                              .offer_advance = {.offer_id = house_offer(h)}};
    struct command confirm = {.kind = CMD_OFFER_CONFIRM,
                              .offer_confirm = {.offer_id = house_offer(h)}};
    assert_int_equal(house_do(h, confirm), ACD_REFUSED_STATE);
    assert_int_equal(house_do(h, advance), ACD_DONE);
    assert_int_equal(house_do(h, advance), ACD_DONE);
    assert_int_equal(house_last(h, EV_OFFER_ADVANCED)->offer_advanced.phase, OFFER_PHASE_OFFERED);
    assert_int_equal(house_do(h, advance), ACD_REFUSED_STATE);
    assert_int_equal(house_do(h, confirm), ACD_DONE);
    house_drop(h);
}

static void an_agent_who_leaves_while_speaking_leaves_afterwards(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t call = house_caller(h);
    house_confirm(h, true);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    assert_int_equal(house_count(h, EV_AGENT_SIGNED_OUT), 0);
    house_wait(h, MINUTE);
    house_hang_up(h, call, ENDED_BY_CALLER);
    house_wait(h, 30000); /* the wrap-up */
    assert_int_equal(house_count(h, EV_AGENT_SIGNED_OUT), 1);
    house_drop(h);
}

static void an_agent_who_leaves_while_it_rings_gives_the_contact_back(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_wait(h, 1);
    house_staff(h, 2, 0);
    house_caller(h);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    assert_int_equal(house_count(h, EV_AGENT_SIGNED_OUT), 1);
    assert_int_equal(offered_to(h), 2);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_idle_agent_is_offered_first),
        cmocka_unit_test(a_withdrawn_offer_leaves_the_agent_first_in_line),
        cmocka_unit_test(an_offer_taken_back_while_it_rings_is_made_again),
        cmocka_unit_test(no_answer_returns_the_contact_to_the_next_agent_and_pauses_the_first),
        cmocka_unit_test(a_lonely_agent_comes_back_by_itself_once_after_ten_minutes),
        cmocka_unit_test(an_agent_does_not_come_back_by_itself_while_another_serves),
        cmocka_unit_test(a_lost_agent_puts_the_caller_back_at_the_head),
        cmocka_unit_test(a_bounded_head_start_goes_before_an_older_place),
        cmocka_unit_test(a_head_start_never_passes_somebody_much_older),
        cmocka_unit_test(rings_open_at_their_thresholds),
        cmocka_unit_test(a_ring_without_agents_opens_the_next_at_once),
        cmocka_unit_test(signing_out_the_last_of_a_ring_opens_the_next_at_once),
        cmocka_unit_test(a_designated_advisor_is_first_and_stays_eligible),
        cmocka_unit_test(an_agent_without_the_language_is_passed_over),
        cmocka_unit_test(written_contacts_come_two_at_a_time_and_never_beside_a_voice),
        cmocka_unit_test(a_callback_is_reserved_then_dialled_then_offered),
        cmocka_unit_test(an_agent_who_leaves_while_speaking_leaves_afterwards),
        cmocka_unit_test(an_agent_who_leaves_while_it_rings_gives_the_contact_back),
    };
    return cmocka_run_group_tests_name("acd/offer", tests, NULL, NULL);
}
