/* wait.c — what a waiting person is told, and closing (design §3.9, §3.11, §3.12). */
#include "test/unit/acd/house.h"

static unsigned told_n(const struct house *h, enum told what)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->said_n; i++)
        n += h->said[i].kind == EV_CONTACT_TOLD && h->said[i].contact_told.what == what;
    return n;
}

static void a_caller_is_told_at_entry_after_one_minute_then_every_two(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_caller(h);
    const ms_t steps[] = {60000, 120000, 120000, 120000};
    unsigned told = house_count(h, EV_CONTACT_TOLD);
    assert_int_equal(told, 1);
    for (unsigned i = 0; i < ARRAY_LEN(steps); i++) {
        house_wait(h, steps[i] - 1);
        assert_int_equal(house_count(h, EV_CONTACT_TOLD), told);
        house_wait(h, 1);
        assert_int_equal(house_count(h, EV_CONTACT_TOLD), ++told);
    }
    house_drop(h);
}

static void nothing_is_announced_when_nobody_is_signed_in(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_caller(h);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.band, BAND_UNKNOWN);
    house_drop(h);
}

static void somebody_who_can_be_answered_at_once_hears_so(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.what, TOLD_DIRECT);
    house_drop(h);
}

static void the_count_of_people_before_is_said_up_to_ten(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    for (unsigned i = 0; i <= ACD_BEFORE_TOLD_MAX; i++) {
        house_caller(h);
        assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, i);
    }
    house_caller(h);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, ACD_BEFORE_NONE);
    house_drop(h);
}

static void a_larger_count_than_the_last_one_is_never_said(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h, (struct command){.kind = CMD_PRIORITY_SET,
                                 .priority_set = {.priority = 3, .head_start_ms = 30 * MINUTE}});
    uint64_t call = house_caller(h);
    struct command urgent = house_queue(house_call_by(h, CHANNEL_PHONE));
    urgent.call_queue.priority = 3;
    house_do(h, urgent);
    house_do(h, (struct command){.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {.call_id = call}});
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.what, TOLD_ASKED);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, ACD_BEFORE_NONE);
    house_drop(h);
}

/* A queue that moves at a steady pace, one answered every talk_ms and half a minute of wrap-up, and
 * in which waiting_n wait. */
static void serve(struct house *h, unsigned waiting_n, unsigned answered_n, ms_t talk_ms)
{
    for (unsigned i = 0; i <= waiting_n; i++)
        house_caller(h); /* the first is offered at once */
    for (unsigned i = 0; i < answered_n; i++) {
        uint64_t call = house_last(h, EV_OFFER_MADE)->offer_made.call_id;
        house_confirm(h, true);
        house_wait(h, talk_ms);
        house_hang_up(h, call, ENDED_BY_CALLER);
        house_caller(h);
        house_wait(h, 30000); /* the wrap-up; then the next is offered */
    }
}

static void serve_steadily(struct house *h, unsigned waiting_n, unsigned minutes)
{
    serve(h, waiting_n, minutes, 30000);
}

static void the_band_follows_the_measured_pace(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    serve_steadily(h, 6, 15);
    house_caller(h);
    const struct event *told = house_last(h, EV_CONTACT_TOLD);
    assert_int_equal(told->contact_told.before_n, 6); /* 7 steps of a minute: 5 to 10 min */
    assert_int_equal(told->contact_told.band, BAND_B5_10);
    assert_int_equal(told->contact_told.bound_at, told->at + 10 * MINUTE);
    house_drop(h);
}

static void an_interval_that_no_band_fits_is_not_spoken(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    serve(h, 0, 20, 20000);
    house_caller(h); /* one step of 50 s or so, which lasts more than 2 min now and then */
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.band, BAND_SILENT);
    house_drop(h);
}

/* The agents of this queue serve another one as well, in which five wait with older places. */
static void who_waits_in_another_queue_of_the_same_agents_is_before_too(void **state)
{
    (void)state;
    enum band bands[2];
    for (unsigned is_shared = 0; is_shared < 2; is_shared++) {
        struct house *h = house_open_small();
        house_do(h, house_queue_set(QUEUE + 1));
        house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                     .queue_hours = {.queue_id = QUEUE + 1, .hours = HOURS_OPEN}});
        house_do(h, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = 1,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {QUEUE, QUEUE + 1},
                                                   .queue_ids_n = (uint8_t)(1 + is_shared)}});
        house_agent_does(h, CMD_AGENT_SIGN_IN, 1);
        for (unsigned i = 0; i < 8; i++) {
            struct command other = house_queue(house_call_by(h, CHANNEL_PHONE));
            other.call_queue.queue_id = QUEUE + 1;
            house_do(h, other);
        }
        house_caller(h);
        assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.before_n, 0);
        bands[is_shared] = house_last(h, EV_CONTACT_TOLD)->contact_told.band;
        house_drop(h);
    }
    assert_int_equal(bands[0], BAND_B2_5); /* somebody else, or nobody, answers those others */
    assert_true(bands[1] > BAND_B2_5 && bands[1] < BAND_UNKNOWN);
}

/* The one agent of their site is busy, another site's is free: the network opens after a minute. */
static void who_waits_for_a_ring_alone_hears_when_it_opens(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 1);
    house_staff(h, 2, 12);
    house_agent_does(h, CMD_AGENT_LOST, 2);
    struct command far = house_queue(house_call_by(h, CHANNEL_PHONE));
    far.call_queue.site_id = 12;
    far.call_queue.area_id = 2;
    house_do(h, far);
    assert_int_equal(house_count(h, EV_OFFER_MADE), 0);
    assert_int_equal(house_last(h, EV_CONTACT_TOLD)->contact_told.band, BAND_B0_2);
    house_drop(h);
}

static void past_the_bound_longer_is_said_at_once(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    serve_steadily(h, 6, 15);
    uint64_t last = house_caller(h);
    house_confirm(h, true); /* this conversation lasts, and the others give up */
    for (unsigned i = 0; i < h->said_n; i++)
        if (h->said[i].kind == EV_CALL_ARRIVED && h->said[i].id < last &&
            h->said[i].id != house_last(h, EV_OFFER_JOINED)->offer_joined.call_id)
            house_hang_up(h, h->said[i].id, ENDED_BY_CALLER);
    ms_t bound_at = house_last(h, EV_CONTACT_TOLD)->contact_told.bound_at;
    house_wait(h, bound_at - h->now_at - 1);
    unsigned before = told_n(h, TOLD_LONGER);
    house_wait(h, 1);
    assert_true(told_n(h, TOLD_LONGER) > before);
    house_drop(h);
}

static void close_in(struct house *h, ms_t ms)
{
    house_do(h, (struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = QUEUE,
                                                 .hours = HOURS_OPEN,
                                                 .closes_at = h->now_at + ms}});
}

static void close_now(struct house *h)
{
    house_do(h,
             (struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = QUEUE, .hours = HOURS_CLOSED_PUBLISHED}});
}

static void who_cannot_be_served_is_told_before_closing(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    for (int i = 0; i < 8; i++)
        house_caller(h);
    house_confirm(h, true); /* speaks for long */
    close_in(h, 20 * MINUTE);
    house_wait(h, 5 * MINUTE - 1);
    assert_int_equal(told_n(h, TOLD_CLOSING_CANNOT), 0);
    house_wait(h, 1); /* 15 min before: two steps of 5 min 30 fit */
    assert_int_equal(told_n(h, TOLD_CLOSING_CANNOT), 5);
    house_caller(h);
    assert_int_equal(told_n(h, TOLD_CLOSING_CANNOT), 6); /* who comes later hears it at entry */
    house_drop(h);
}

static void who_was_told_that_we_cannot_and_hangs_up_was_cut_off_by_us(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_caller(h);
    house_confirm(h, true);
    for (int i = 0; i < 4; i++)
        house_caller(h);
    close_in(h, 15 * MINUTE); /* two steps of 5 min 30 fit: the last two are told */
    house_hang_up(h, house_last(h, EV_CALL_ARRIVED)->id, ENDED_BY_CALLER);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

static void who_waits_at_closing_is_served_while_an_agent_stays(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t first = house_caller(h);
    house_confirm(h, true);
    uint64_t second = house_caller(h);
    close_now(h);
    assert_int_equal(told_n(h, TOLD_CLOSING_KEPT), 1);
    house_wait(h, MINUTE);
    house_hang_up(h, first, ENDED_BY_CALLER);
    house_wait(h, 30000);
    assert_int_equal(house_last(h, EV_OFFER_MADE)->offer_made.call_id, second);
    house_drop(h);
}

static void those_let_go_when_the_last_agent_leaves_are_cut_off(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    uint64_t first = house_caller(h);
    house_confirm(h, true);
    house_caller(h);
    house_caller(h);
    close_now(h);
    house_wait(h, MINUTE);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_hang_up(h, first, ENDED_BY_CALLER);
    house_wait(h, 30000);
    assert_int_equal(house_count(h, EV_CALL_OUTCOME), 3);
    assert_int_equal(house_outcome(h), OUTCOME_CUT_OFF);
    house_drop(h);
}

static void nobody_is_let_go_within_the_published_hours(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_staff(h, 1, 0);
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_caller(h);
    house_do(h,
             (struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = QUEUE, .hours = HOURS_CLOSED_BY_PERSON}});
    house_wait(h, 30 * MINUTE);
    assert_int_equal(house_count(h, EV_CALL_ENDED), 0);
    close_now(h);
    assert_int_equal(house_count(h, EV_CALL_ENDED), 1);
    house_drop(h);
}

static void the_reference_is_told_on_demand(void **state)
{
    (void)state;
    struct house *h = house_open_small();
    house_do(h,
             (struct command){.kind = CMD_CALL_ARRIVED,
                              .call_arrived = {.leg_id = 1, .person_id = 1, .reference = 4721086}});
    uint64_t call = house_last(h, EV_CALL_ARRIVED)->id;
    struct command ask = {.kind = CMD_CALL_ASK_REFERENCE, .call_ask_reference = {.call_id = call}};
    assert_int_equal(house_do(h, ask), ACD_DONE); /* who came too late, and chooses a time */
    house_do(h, house_queue(call));
    assert_int_equal(house_do(h, ask), ACD_DONE);
    house_staff(h, 1, 0);
    assert_int_equal(house_do(h, ask), ACD_REFUSED_STATE); /* somebody is about to answer */
    assert_int_equal(house_last(h, EV_REFERENCE_TOLD)->reference_told.reference, 4721086);
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_is_told_at_entry_after_one_minute_then_every_two),
        cmocka_unit_test(nothing_is_announced_when_nobody_is_signed_in),
        cmocka_unit_test(somebody_who_can_be_answered_at_once_hears_so),
        cmocka_unit_test(the_count_of_people_before_is_said_up_to_ten),
        cmocka_unit_test(a_larger_count_than_the_last_one_is_never_said),
        cmocka_unit_test(the_band_follows_the_measured_pace),
        cmocka_unit_test(an_interval_that_no_band_fits_is_not_spoken),
        cmocka_unit_test(who_waits_in_another_queue_of_the_same_agents_is_before_too),
        cmocka_unit_test(who_waits_for_a_ring_alone_hears_when_it_opens),
        cmocka_unit_test(past_the_bound_longer_is_said_at_once),
        cmocka_unit_test(who_cannot_be_served_is_told_before_closing),
        cmocka_unit_test(who_was_told_that_we_cannot_and_hangs_up_was_cut_off_by_us),
        cmocka_unit_test(who_waits_at_closing_is_served_while_an_agent_stays),
        cmocka_unit_test(those_let_go_when_the_last_agent_leaves_are_cut_off),
        cmocka_unit_test(nobody_is_let_go_within_the_published_hours),
        cmocka_unit_test(the_reference_is_told_on_demand),
    };
    return cmocka_run_group_tests_name("acd/wait", tests, NULL, NULL);
}
