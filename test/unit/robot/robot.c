/* robot.c — robots over a telephone that only keeps what it is asked: when calls are placed, when
 * they end, what is counted; agents who sign in, answer, ignore and die. Time is moved by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "robot/robot.h"

#define BEGIN_AT ((ms_t)1000000)
#define DEEDS_MAX 4096

enum deed_kind {
    DEED_DIAL,
    DEED_ANSWER,
    DEED_REFUSE,
    DEED_HANG_UP,
    DEED_SOUND,
    DEED_PRESS,
    DEED_DIE
};

struct deed {
    enum deed_kind kind;
    uint64_t leg_id;
    char text[40];
    uint32_t line;
    ms_t at;
};

/* A telephone, and the robots on it. */
struct bench {
    struct phone_port phone;
    struct robot_plan plan;
    struct robot_called called[2];
    struct robot_agent agents[2];
    struct robot *robot;
    void *memory;
    struct deed deeds[DEEDS_MAX];
    unsigned deeds_n;
    uint64_t last_leg_id;
    bool is_full, takes_no_keys;
    ms_t at;
    unsigned news[ROBOT_COUNTED + 1];
};

static void note(struct bench *b, enum deed_kind kind, uint64_t leg_id, struct text text)
{
    struct deed *d = &b->deeds[b->deeds_n++];
    assert_true(b->deeds_n < DEEDS_MAX && text.n < sizeof(d->text));
    *d = (struct deed){.kind = kind, .leg_id = leg_id, .at = b->at};
    if (text.n)
        memcpy(d->text, text.p, text.n);
}

static uint64_t dial(void *arg, const struct phone_dial *dial)
{
    struct bench *b = arg;
    assert_true(dial->is_plain);
    if (b->is_full)
        return 0;
    note(b, DEED_DIAL, ++b->last_leg_id, dial->number);
    b->deeds[b->deeds_n - 1].line = dial->line;
    return b->last_leg_id;
}

static void answer(void *arg, uint64_t leg_id)
{
    note(arg, DEED_ANSWER, leg_id, TEXT_NONE);
}

static void refuse(void *arg, uint64_t leg_id, uint16_t status)
{
    assert_int_equal(status, 486);
    note(arg, DEED_REFUSE, leg_id, TEXT_NONE);
}

static void hang_up(void *arg, uint64_t leg_id)
{
    note(arg, DEED_HANG_UP, leg_id, TEXT_NONE);
}

static void die(void *arg, uint64_t leg_id)
{
    note(arg, DEED_DIE, leg_id, TEXT_NONE);
}

static uint32_t sound(void *arg, uint64_t leg_id, const struct phone_sound *sound)
{
    note(arg, DEED_SOUND, leg_id,
         sound->then == MEDIA_LOOP      ? TEXT("tone")
         : sound->then == MEDIA_SILENCE ? TEXT("silence")
                                        : TEXT("nothing"));
    return 1;
}

static bool press(void *arg, uint64_t leg_id, struct text keys)
{
    struct bench *b = arg;
    if (!b->takes_no_keys)
        note(b, DEED_PRESS, leg_id, keys);
    return !b->takes_no_keys;
}

static void tell(const struct robot_news *news, void *arg)
{
    ((struct bench *)arg)->news[news->kind]++;
}

static struct bench *open_with(struct robot_plan plan, uint32_t callers_max, uint32_t agents_n)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->phone = (struct phone_port){.arg = b,
                                   .dial = dial,
                                   .answer = answer,
                                   .refuse = refuse,
                                   .hang_up = hang_up,
                                   .sound = sound,
                                   .press = press,
                                   .die = die};
    b->called[0] = (struct robot_called){TEXT("0536490010"), 3};
    b->called[1] = (struct robot_called){TEXT("0536490020"), 1};
    b->plan = plan;
    b->plan.called = b->called;
    b->plan.called_n = b->plan.called_n ? b->plan.called_n : 1;
    b->at = BEGIN_AT;
    b->agents[0].line = 2;
    b->agents[0].user = TEXT("101");
    b->agents[0].code = TEXT("4821");
    b->agents[1] = b->agents[0];
    b->agents[1].line = 3;
    b->agents[1].user = TEXT("102");
    const struct robot_args args = {.phone = &b->phone,
                                    .plan = &b->plan,
                                    .agents = b->agents,
                                    .agents_n = agents_n,
                                    .callers_max = callers_max,
                                    .codes = {TEXT("*91"), TEXT("*92"), TEXT("*90")},
                                    .seed = 1,
                                    .tell = tell,
                                    .tell_arg = b};
    size_t n = (robot_bytes(callers_max, agents_n) + 63) / 64 * 64;
    b->memory = aligned_alloc(64, n);
    assert_non_null(b->memory);
    memset(b->memory, 0, n);
    b->robot = robot_open(b->memory, &args, b->at);
    return b;
}

static struct bench *open_callers(struct robot_plan plan, uint32_t callers_max)
{
    struct bench *b = open_with(plan, callers_max, 0);
    robot_begin(b->robot, b->at);
    return b;
}

static void close(struct bench *b)
{
    free(b->memory);
    free(b);
}

/* As the loop would: at each instant at which something is due. */
static void pass(struct bench *b, ms_t ms)
{
    ms_t until_at = b->at + ms;
    for (ms_t at = robot_next_at(b->robot); at <= until_at; at = robot_next_at(b->robot)) {
        b->at = at > b->at ? at : b->at;
        robot_time(b->robot, b->at);
        robot_run(b->robot);
    }
    b->at = until_at;
    robot_time(b->robot, b->at);
    robot_run(b->robot);
}

static void report(struct bench *b, struct phone_report r, uint64_t leg_id)
{
    r.leg_id = leg_id;
    robot_report(&r, b->robot);
}

static void up(struct bench *b, uint64_t leg_id)
{
    report(b, (struct phone_report){.kind = PHONE_UP}, leg_id);
}

static void heard(struct bench *b, uint64_t leg_id, ms_t at)
{
    report(b, (struct phone_report){.kind = PHONE_SOUND, .sound = {at, -2000}}, leg_id);
}

static unsigned count(const struct bench *b, enum deed_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < b->deeds_n; i++)
        n += b->deeds[i].kind == kind;
    return n;
}

static const struct deed *last(const struct bench *b)
{
    assert_true(b->deeds_n > 0);
    return &b->deeds[b->deeds_n - 1];
}

/* ---- when calls are placed ------------------------------------------------------------------ */

static void calls_are_placed_at_their_rate_and_no_more_than_asked_for(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 4000, .calls_n = 10}, 100);
    pass(b, 999);
    assert_int_equal(count(b, DEED_DIAL), 4);
    assert_int_equal(b->deeds[3].at - BEGIN_AT, 750);
    assert_false(robot_is_done(b->robot));
    pass(b, 60000);
    assert_int_equal(count(b, DEED_DIAL), 10);
    assert_int_equal(robot_stats(b->robot)->calls_most_n, 10);
    close(b);
}

static void a_time_bounds_the_calls_as_well(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 1000, .for_ms = 5000}, 100);
    pass(b, 20000);
    assert_int_equal(count(b, DEED_DIAL), 5);
    close(b);
}

static void a_pause_of_the_machine_is_no_storm(void **state)
{
    (void)state;
    struct bench *b =
        open_callers((struct robot_plan){.rate_milli = ROBOT_RATE_MILLI_MAX, .calls_n = 500}, 500);
    b->at += 400;
    robot_time(b->robot, b->at);
    robot_run(b->robot);
    assert_int_equal(count(b, DEED_DIAL), ROBOT_PLACED_PER_TURN);
    pass(b, 200);
    assert_int_equal(count(b, DEED_DIAL), 500);
    close(b);
}

static void past_the_bound_a_call_is_not_placed_and_counted_as_failed(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 1000000, .calls_n = 4}, 3);
    pass(b, 100);
    const struct robot_stats *s = robot_stats(b->robot);
    assert_int_equal(s->placed_n, 3);
    assert_int_equal(s->no_room_n, 1);
    assert_int_equal(robot_failed_n(s), 1);
    close(b);
}

static void a_telephone_without_room_is_counted_too(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 1000000, .calls_n = 2}, 3);
    b->is_full = true;
    pass(b, 100);
    assert_int_equal(robot_stats(b->robot)->no_room_n, 2);
    assert_int_equal(b->news[ROBOT_NO_ROOM], 2);
    assert_true(robot_is_done(b->robot));
    close(b);
}

static void numbers_are_drawn_by_weight_and_the_seed_decides(void **state)
{
    (void)state;
    char first[400][40];
    for (int run = 0; run < 2; run++) {
        struct bench *b = open_callers(
            (struct robot_plan){.rate_milli = 1000000, .calls_n = 400, .called_n = 2}, 400);
        pass(b, 2000);
        unsigned n = 0;
        for (unsigned i = 0; i < 400; i++) {
            n += !strcmp(b->deeds[i].text, "0536490010");
            if (run)
                assert_string_equal(first[i], b->deeds[i].text);
            memcpy(first[i], b->deeds[i].text, sizeof(first[i]));
        }
        assert_in_range(n, 260, 340);
        close(b);
    }
}

/* ---- one call ------------------------------------------------------------------------------- */

static void keys_are_pressed_a_tone_is_sent_and_the_call_is_hung_up(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 1000,
                                                       .calls_n = 1,
                                                       .keys = TEXT("1"),
                                                       .keys_after_ms = 4000,
                                                       .talk_ms = 5000,
                                                       .hold_ms = 9000},
                                   1);
    pass(b, 20);
    up(b, 1);
    assert_string_equal(last(b)->text, "tone");
    heard(b, 1, b->at + 230);
    pass(b, 4000);
    assert_int_equal(last(b)->kind, DEED_PRESS);
    pass(b, 1000);
    assert_string_equal(last(b)->text, "silence");
    pass(b, 4000);
    assert_int_equal(last(b)->kind, DEED_HANG_UP);
    assert_true(robot_is_done(b->robot));
    const struct robot_stats *s = robot_stats(b->robot);
    assert_int_equal(s->hung_up_n, 1);
    assert_int_equal(s->setup_ms.max, 20);
    assert_int_equal(s->sound_ms.max, 230);
    assert_int_equal(robot_failed_n(s), 0);
    close(b);
}

static void five_seconds_without_a_sound_are_told_once(void **state)
{
    (void)state;
    struct bench *b =
        open_callers((struct robot_plan){.rate_milli = 1000, .calls_n = 1, .is_mute = true}, 1);
    pass(b, 1);
    up(b, 1);
    assert_string_equal(last(b)->text, "nothing");
    pass(b, ROBOT_UNHEARD_MS - 1);
    assert_int_equal(robot_stats(b->robot)->unheard_n, 0);
    pass(b, 60000);
    assert_int_equal(robot_stats(b->robot)->unheard_n, 1);
    report(b, (struct phone_report){.kind = PHONE_ENDED}, 1);
    assert_int_equal(robot_stats(b->robot)->ended_n, 1);
    close(b);
}

static void every_call_ends_in_one_of_the_counts(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 1000000, .calls_n = 6}, 6);
    pass(b, 10);
    report(b, (struct phone_report){.kind = PHONE_REFUSED, .status = 503}, 1);
    report(b, (struct phone_report){.kind = PHONE_REFUSED, .status = 65535}, 2);
    up(b, 3);
    report(b, (struct phone_report){.kind = PHONE_ENDED, .is_fault = true}, 3);
    up(b, 4);
    report(b, (struct phone_report){.kind = PHONE_LOST}, 4);
    up(b, 5);
    report(b, (struct phone_report){.kind = PHONE_ENDED}, 5);
    report(b, (struct phone_report){.kind = PHONE_ENDED}, 5); /* of a leg that is forgotten */
    pass(b, ROBOT_SETUP_MS);                                  /* the sixth is never answered */
    const struct robot_stats *s = robot_stats(b->robot);
    assert_int_equal(s->refused[503], 1);
    assert_int_equal(s->refused[0], 1);
    assert_int_equal(s->refused[408], 1);
    assert_int_equal(s->broken_n, 2);
    assert_int_equal(s->ended_n, 1);
    assert_int_equal(s->hung_up_n + s->ended_n + s->broken_n + s->refused_n, s->placed_n);
    assert_true(robot_is_done(b->robot));
    close(b);
}

static void patience_is_drawn_and_never_longer_than_the_hold(void **state)
{
    (void)state;
    struct bench *b = open_callers(
        (struct robot_plan){
            .rate_milli = 1000000, .calls_n = 300, .patience_ms = 10000, .hold_ms = 30000},
        300);
    pass(b, 400);
    ms_t begun_at = b->at, sum_ms = 0;
    for (uint64_t id = 1; id <= 300; id++)
        up(b, id);
    pass(b, 40000);
    unsigned n = 0;
    for (unsigned i = 0; i < b->deeds_n; i++) {
        if (b->deeds[i].kind != DEED_HANG_UP)
            continue;
        assert_true(b->deeds[i].at - begun_at <= 30000);
        sum_ms += b->deeds[i].at - begun_at;
        n++;
    }
    assert_int_equal(n, 300);
    assert_in_range(sum_ms / n, 8000, 11000); /* 10 s, cut at 30 s: 9.5 s */
    close(b);
}

static void a_watch_hangs_up_on_the_first_sound(void **state)
{
    (void)state;
    struct bench *b = open_callers(
        (struct robot_plan){.rate_milli = 1000, .calls_n = 1, .ends_on_sound = true}, 1);
    pass(b, 1);
    up(b, 1);
    heard(b, 1, b->at);
    assert_int_equal(last(b)->kind, DEED_HANG_UP);
    assert_true(robot_is_done(b->robot));
    close(b);
}

static void stopping_hangs_all_up_and_counts_come_after(void **state)
{
    (void)state;
    struct bench *b = open_callers((struct robot_plan){.rate_milli = 10000, .calls_n = 50}, 50);
    pass(b, 1000);
    up(b, 1);
    up(b, 2);
    robot_stop(b->robot);
    pass(b, 60000);
    assert_int_equal(count(b, DEED_DIAL), 11);
    assert_int_equal(count(b, DEED_HANG_UP), 11);
    assert_true(robot_is_done(b->robot));
    assert_int_equal(robot_uncounted_n(b->robot), 2);
    const struct media_counts counts = {
        .sent_n = 10, .received_n = 20, .lost_n = 1, .jitter_ms = 3};
    report(b, (struct phone_report){.kind = PHONE_COUNTED, .counts = counts}, 1);
    report(b, (struct phone_report){.kind = PHONE_COUNTED, .counts = counts}, 2);
    assert_int_equal(robot_uncounted_n(b->robot), 0);
    assert_int_equal(robot_stats(b->robot)->received_n, 40);
    assert_int_equal(robot_stats(b->robot)->lost_n, 2);
    assert_int_equal(robot_stats(b->robot)->jitter_ms_max, 3);
    close(b);
}

/* ---- agents --------------------------------------------------------------------------------- */

static struct bench *agent_open(enum robot_mode mode)
{
    struct bench *b = open_with((struct robot_plan){.rate_milli = 1000, .calls_n = 1}, 1, 1);
    b->agents[0].mode = mode;
    b->agents[0].answer_ms = 2000;
    b->agents[0].talk_ms = 8000;
    return b;
}

static void sign_in(struct bench *b)
{
    pass(b, 600);
    assert_string_equal(last(b)->text, "*91");
    assert_int_equal(last(b)->line, 2);
    up(b, b->last_leg_id);
    pass(b, 1000);
    assert_string_equal(last(b)->text, "4821#");
    pass(b, 4000);
    assert_string_equal(last(b)->text, "*92");
    up(b, b->last_leg_id);
    pass(b, 4000);
    assert_int_equal(last(b)->kind, DEED_HANG_UP);
    assert_int_equal(robot_stats(b->robot)->agents_ready_n, 1);
}

static void ring(struct bench *b, uint64_t leg_id, struct text called)
{
    report(b, (struct phone_report){.kind = PHONE_ARRIVED, .arrived = {.called = called}}, leg_id);
}

static void an_agent_signs_in_answers_speaks_and_hangs_up(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_ANSWERS);
    sign_in(b);
    assert_true(robot_knows(TEXT("101"), 0, b->robot));
    assert_false(robot_knows(TEXT("103"), 0, b->robot));
    ring(b, 900, TEXT("101"));
    ring(b, 901, TEXT("101")); /* one at a time */
    assert_int_equal(last(b)->kind, DEED_REFUSE);
    pass(b, 2000);
    assert_int_equal(last(b)->kind, DEED_ANSWER);
    up(b, 900);
    pass(b, 8000);
    assert_int_equal(last(b)->kind, DEED_HANG_UP);
    assert_int_equal(robot_stats(b->robot)->offered_n, 1);
    assert_int_equal(robot_stats(b->robot)->answered_n, 1);
    ring(b, 902, TEXT("101")); /* and again */
    assert_int_equal(robot_stats(b->robot)->offered_n, 2);
    close(b);
}

static void who_ignores_never_answers_and_is_rung_again(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_IGNORES);
    sign_in(b);
    ring(b, 900, TEXT("101"));
    pass(b, 60000);
    assert_int_equal(count(b, DEED_ANSWER), 0);
    report(b, (struct phone_report){.kind = PHONE_ENDED}, 900);
    unsigned before = count(b, DEED_DIAL);
    pass(b, 5000); /* it was paused for that, and comes back by *72 */
    assert_int_equal(count(b, DEED_DIAL), before + 1);
    up(b, b->last_leg_id);
    pass(b, 3000);
    ring(b, 901, TEXT("101"));
    assert_int_equal(robot_stats(b->robot)->offered_n, 2);
    close(b);
}

static void who_refuses_is_busy_at_once(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_REFUSES);
    sign_in(b);
    ring(b, 900, TEXT("101"));
    assert_int_equal(last(b)->kind, DEED_REFUSE);
    assert_int_equal(robot_stats(b->robot)->offered_n, 1);
    close(b);
}

static void who_dies_says_nothing_more_until_it_has_been_forgotten(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_DIES);
    sign_in(b);
    ring(b, 900, TEXT("101"));
    pass(b, 2000);
    up(b, 900);
    unsigned before = count(b, DEED_HANG_UP);
    pass(b, 8000);
    assert_int_equal(last(b)->kind, DEED_DIE);
    assert_int_equal(robot_stats(b->robot)->died_n, 1);
    ring(b, 901, TEXT("101"));
    assert_int_equal(last(b)->kind, DEED_REFUSE);
    pass(b, ROBOT_DEAD_MS - 1);
    assert_int_equal(count(b, DEED_HANG_UP), before);
    pass(b, 1);
    assert_int_equal(count(b, DEED_HANG_UP), before + 1);
    close(b);
}

static void who_cannot_sign_in_tries_so_often_and_gives_up(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_ANSWERS);
    for (unsigned i = 0; i < ROBOT_SIGN_TRIES; i++) {
        pass(b, 2000);
        assert_int_equal(count(b, DEED_DIAL), i + 1);
        report(b, (struct phone_report){.kind = PHONE_REFUSED, .status = 403}, b->last_leg_id);
    }
    pass(b, 60000);
    assert_int_equal(count(b, DEED_DIAL), ROBOT_SIGN_TRIES);
    assert_int_equal(robot_stats(b->robot)->agents_failed_n, 1);
    close(b);
}

static void at_the_end_agents_sign_out_though_people_wait(void **state)
{
    (void)state;
    struct bench *b = agent_open(ROBOT_ANSWERS);
    sign_in(b);
    robot_sign_out(b->robot);
    assert_string_equal(last(b)->text, "*90");
    assert_int_equal(robot_leaving_n(b->robot), 1);
    up(b, b->last_leg_id);
    pass(b, 3000);
    assert_string_equal(last(b)->text, "1");
    pass(b, 1000);
    assert_int_equal(last(b)->kind, DEED_HANG_UP);
    assert_int_equal(robot_leaving_n(b->robot), 0);
    close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_placed_at_their_rate_and_no_more_than_asked_for),
        cmocka_unit_test(a_time_bounds_the_calls_as_well),
        cmocka_unit_test(a_pause_of_the_machine_is_no_storm),
        cmocka_unit_test(past_the_bound_a_call_is_not_placed_and_counted_as_failed),
        cmocka_unit_test(a_telephone_without_room_is_counted_too),
        cmocka_unit_test(numbers_are_drawn_by_weight_and_the_seed_decides),
        cmocka_unit_test(keys_are_pressed_a_tone_is_sent_and_the_call_is_hung_up),
        cmocka_unit_test(five_seconds_without_a_sound_are_told_once),
        cmocka_unit_test(every_call_ends_in_one_of_the_counts),
        cmocka_unit_test(patience_is_drawn_and_never_longer_than_the_hold),
        cmocka_unit_test(a_watch_hangs_up_on_the_first_sound),
        cmocka_unit_test(stopping_hangs_all_up_and_counts_come_after),
        cmocka_unit_test(an_agent_signs_in_answers_speaks_and_hangs_up),
        cmocka_unit_test(who_ignores_never_answers_and_is_rung_again),
        cmocka_unit_test(who_refuses_is_busy_at_once),
        cmocka_unit_test(who_dies_says_nothing_more_until_it_has_been_forgotten),
        cmocka_unit_test(who_cannot_sign_in_tries_so_often_and_gives_up),
        cmocka_unit_test(at_the_end_agents_sign_out_though_people_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
