/* lines_record.c — who is recorded: those whose queue samples, who heard the notice and its
 * silence, and who did not press 7; from joined to the end, and who is told what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

/* What the recorder was asked. */
struct recorder {
    struct record_port port;
    struct record_begin begun;
    uint32_t begun_n, ended_n, paused_n, went_on_n, keys_n, number;
    bool refuses, has_lost;
};

static uint32_t on_begin(void *arg, const struct record_begin *begin)
{
    struct recorder *c = arg;
    if (c->refuses)
        return 0;
    c->begun = *begin;
    c->begun_n++;
    return ++c->number;
}

static void on_pause(void *arg, uint32_t number, bool is_paused)
{
    struct recorder *c = arg;
    assert_int_equal(number, c->number);
    c->paused_n += is_paused;
    c->went_on_n += !is_paused;
}

static void on_key(void *arg, uint32_t number)
{
    struct recorder *c = arg;
    assert_int_equal(number, c->number);
    c->keys_n++;
}

static void on_end(void *arg, uint32_t number)
{
    struct recorder *c = arg;
    assert_int_equal(number, c->number);
    c->ended_n++;
}

static bool on_next_lost(void *arg, uint32_t *number)
{
    struct recorder *c = arg;
    bool has_lost = c->has_lost;
    c->has_lost = false;
    *number = c->number;
    return has_lost;
}

static struct recorder recorder;

/* Health samples all of its conversations, family none. */
static struct reception *open_with(uint32_t ppm)
{
    struct reception *r = reception_new(8);
    recorder =
        (struct recorder){.port = {&recorder, on_begin, on_pause, on_key, on_end, on_next_lost}};
    r->record = &recorder.port;
    for (uint32_t i = 0; i < r->directory->services_n; i++)
        if (r->directory->services[i].number == HEALTH)
            r->directory->services[i].recording_ppm = ppm;
    reception_fill(r);
    get_ready(r, 1);
    return r;
}

/* Has chosen health, and hears the notice. */
static uint64_t in_notice(struct reception *r)
{
    uint64_t id = in_queue(r);
    assert_true(hears(r, id, PROMPT_NOTICE_RECORD));
    assert_false(leg(r, id)->sound.stops_on_key);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
    return id;
}

static uint64_t told(struct reception *r)
{
    uint64_t id = in_notice(r);
    hears_all(r, id);
    pass(r, 3000);
    return id;
}

static uint64_t joined_by(struct reception *r, uint64_t id, uint64_t agent)
{
    uint64_t rings = rings_at(r, agent);
    assert_true(rings > 0);
    up(r, rings);
    assert_int_equal(leg(r, id)->sound.then, MEDIA_BRIDGE);
    return rings;
}

/* Speaks with agent 1. */
static uint64_t joined(struct reception *r, uint64_t id)
{
    return joined_by(r, id, 1);
}

static bool is_tapped(struct reception *r, uint64_t id)
{
    return leg(r, id)->tap.recording != 0;
}

static void who_heard_the_notice_and_its_silence_is_recorded_until_the_end(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = in_notice(r);
    hears_all(r, id);
    pass(r, 2999);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
    pass(r, 1);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    /* The place is that of the call: the notice cost nobody a turn. */
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.key_at,
                     last(r, EV_CONTACT_OPENED).contact_opened.place_at);
    assert_int_equal(recorder.begun_n, 0);
    uint64_t agent = joined(r, id);
    assert_int_equal(recorder.begun_n, 1);
    assert_int_equal(recorder.begun.id, last(r, EV_OFFER_MADE).id);
    assert_int_equal(recorder.begun.call_id, last(r, EV_CALL_ARRIVED).id);
    assert_int_equal(recorder.begun.queue_id, HEALTH);
    assert_int_equal(recorder.begun.agent_id, 1);
    assert_true(hears(r, id, PROMPT_REC_ON) && hears(r, agent, PROMPT_REC_ON));
    assert_int_equal(leg(r, id)->tap.side, TAP_CALLER);
    assert_int_equal(leg(r, agent)->tap.side, TAP_AGENT);
    assert_int_equal(leg(r, id)->tap.recording, leg(r, agent)->tap.recording);
    ends(r, id, false);
    assert_int_equal(recorder.ended_n, 1);
    assert_false(is_tapped(r, agent)); /* in the wrap-up nobody is heard */
    ends(r, agent, false);
    assert_int_equal(recorder.ended_n, 1);
    reception_drop(r);
}

static void seven_refuses_in_the_notice_or_its_silence_and_is_told_once_it_is_stored(void **state)
{
    (void)state;
    for (unsigned in_silence = 0; in_silence < 2; in_silence++) {
        struct reception *r = open_with(1000000);
        uint64_t id = in_notice(r);
        if (in_silence) {
            hears_all(r, id);
            pass(r, 2500);
        }
        r->commits = false;
        press(r, id, '7');
        assert_int_equal(events(r, EV_RECORDING_REFUSED), 1);
        assert_false(hears(r, id, PROMPT_NOTICE_REFUSED)); /* not on the disk yet */
        r->commits = true;
        turn(r);
        turn(r);
        assert_true(hears(r, id, PROMPT_NOTICE_REFUSED));
        assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
        hears_all(r, id);
        assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
        uint64_t agent = joined(r, id);
        assert_int_equal(recorder.begun_n, 0);
        assert_false(hears(r, id, PROMPT_REC_ON) || is_tapped(r, id) || is_tapped(r, agent));
        reception_drop(r);
    }
}

/* What cannot be noted is not said; and not recorded either. */
static void a_refusal_that_the_disk_does_not_take_is_a_refusal_all_the_same(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = in_notice(r);
    r->commits = false;
    press(r, id, '7');
    pass(r, 2000);
    assert_false(hears(r, id, PROMPT_NOTICE_REFUSED));
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    r->commits = true;
    pass(r, 100);
    joined(r, id);
    assert_int_equal(recorder.begun_n, 0);
    reception_drop(r);
}

static void other_keys_do_not_interrupt_the_notice(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = in_notice(r);
    press_all(r, id, "0123456*#89");
    assert_true(hears(r, id, PROMPT_NOTICE_RECORD));
    hears_all(r, id);
    press(r, id, '0');
    pass(r, 3000);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    assert_int_equal(events(r, EV_RECORDING_REFUSED), 0);
    reception_drop(r);
}

static void a_notice_that_never_ends_holds_nobody_up_and_records_nobody(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = in_notice(r);
    pass(r, 14000);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    joined(r, id);
    assert_int_equal(recorder.begun_n, 0);
    reception_drop(r);
}

static void without_a_sound_of_the_notice_nobody_is_recorded(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    r->sounds.ids[PROMPT_FR][PROMPT_NOTICE_RECORD] = MEDIA_PROMPT_NONE;
    r->sounds.ids[PROMPT_EN][PROMPT_NOTICE_RECORD] = MEDIA_PROMPT_NONE;
    uint64_t id = in_queue(r);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    joined(r, id);
    assert_int_equal(recorder.begun_n, 0);
    reception_drop(r);
}

static void a_queue_that_does_not_sample_says_and_records_nothing(void **state)
{
    (void)state;
    struct reception *r = open_with(0);
    uint64_t id = in_queue(r);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    joined(r, id);
    assert_int_equal(recorder.begun_n, 0);
    reception_drop(r);
}

/* Of 400, and the same seed draws the same. */
static void a_tenth_is_about_a_tenth(void **state)
{
    (void)state;
    unsigned told_n = 0;
    struct reception *r = open_with(100000);
    for (unsigned i = 0; i < 400; i++) {
        uint64_t id = in_queue(r);
        told_n += hears(r, id, PROMPT_NOTICE_RECORD);
        ends(r, id, false);
        pass(r, 1000);
    }
    assert_in_range(told_n, 20, 65);
    reception_drop(r);
}

static void a_caller_who_keys_tells_the_recorder_each_time(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = told(r), agent = joined(r, id);
    press_all(r, id, "4821");
    assert_int_equal(recorder.keys_n, 4);
    press(r, agent, '5'); /* the agent's are no secret of the caller's */
    assert_int_equal(recorder.keys_n, 4);
    assert_int_equal(events(r, EV_RECORDING_REFUSED), 0);
    reception_drop(r);
}

static void the_agent_stops_it_and_lets_it_go_on_and_both_hear_so(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = told(r), agent = joined(r, id);
    hears_all(r, id);
    hears_all(r, agent);
    press_all(r, agent, "*5");
    assert_int_equal(recorder.paused_n, 1);
    assert_true(hears(r, id, PROMPT_REC_OFF) && hears(r, agent, PROMPT_REC_OFF));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_BRIDGE);
    press_all(r, agent, "*5");
    assert_int_equal(recorder.went_on_n, 1);
    assert_true(hears(r, id, PROMPT_REC_ON) && hears(r, agent, PROMPT_REC_ON));
    press_all(r, id, "*5"); /* the caller's keys are theirs */
    assert_int_equal(recorder.paused_n, 1);
    ends(r, agent, false);
    assert_int_equal(recorder.ended_n, 1);
    reception_drop(r);
}

/* What is said aside while the caller hears music; and a pause outlives a hold. */
static void nothing_is_kept_while_the_caller_is_on_hold(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = told(r), agent = joined(r, id);
    holds(r, agent, true);
    assert_int_equal(recorder.paused_n, 1);
    holds(r, agent, false);
    assert_int_equal(recorder.went_on_n, 1);
    press_all(r, agent, "*5");
    assert_int_equal(recorder.paused_n, 2);
    holds(r, agent, true);
    holds(r, agent, false);
    assert_int_equal(recorder.went_on_n, 1);
    press_all(r, agent, "*5");
    assert_int_equal(recorder.went_on_n, 2);
    reception_drop(r);
}

/* Back to the queue by *4: the next conversation is another recording. */
static void a_caller_who_is_given_back_is_recorded_anew(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    get_ready(r, 2);
    uint64_t id = told(r), agent = rings_at(r, 1) ? 1 : 2;
    agent = joined_by(r, id, agent);
    press_all(r, agent, "*4");
    assert_int_equal(recorder.ended_n, 1);
    assert_false(is_tapped(r, id) || is_tapped(r, agent));
    pass(r, 100);
    uint64_t next = rings_at(r, 1) ? 1 : 2;
    joined_by(r, id, next);
    assert_int_equal(recorder.begun_n, 2);
    assert_true(is_tapped(r, id));
    reception_drop(r);
}

static void an_agent_whose_call_is_not_recorded_cannot_begin_it(void **state)
{
    (void)state;
    struct reception *r = open_with(0);
    uint64_t id = in_queue(r), agent = joined(r, id);
    press_all(r, agent, "*5");
    assert_false(hears(r, id, PROMPT_REC_ON) || hears(r, agent, PROMPT_REC_ON));
    assert_int_equal(recorder.begun_n + recorder.paused_n, 0);
    reception_drop(r);
}

static void a_recorder_that_cannot_leaves_the_call_alone_and_says_nothing(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    recorder.refuses = true;
    uint64_t id = told(r), agent = joined(r, id);
    assert_false(hears(r, id, PROMPT_REC_ON) || hears(r, agent, PROMPT_REC_ON));
    assert_false(is_tapped(r, id));
    press(r, id, '4');
    ends(r, agent, false);
    assert_int_equal(recorder.keys_n + recorder.ended_n, 0);
    reception_drop(r);
}

static void both_hear_that_the_disk_has_cut_it_off_and_the_call_goes_on(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = told(r), agent = joined(r, id);
    hears_all(r, id);
    hears_all(r, agent);
    recorder.has_lost = true;
    lines_recordings(r->lines);
    assert_true(hears(r, id, PROMPT_REC_OFF) && hears(r, agent, PROMPT_REC_OFF));
    assert_int_equal(leg(r, id)->sound.then, MEDIA_BRIDGE);
    assert_false(is_tapped(r, id) || is_tapped(r, agent));
    assert_int_equal(recorder.ended_n, 1);
    press_all(r, agent, "*5"); /* there is nothing to go on with */
    ends(r, agent, false);
    assert_int_equal(recorder.ended_n, 1);
    recorder.has_lost = true; /* said of one that has ended */
    lines_recordings(r->lines);
    assert_int_equal(recorder.ended_n, 1);
    reception_drop(r);
}

/* Back to the head of the queue: what they said is kept, what they hear there is not recorded; the
 * next conversation is another recording. */
static void a_lost_agent_ends_the_recording_and_the_next_one_begins_another(void **state)
{
    (void)state;
    struct reception *r = open_with(1000000);
    uint64_t id = told(r), agent = joined(r, id);
    ends(r, agent, true);
    assert_int_equal(recorder.ended_n, 1);
    assert_false(is_tapped(r, id));
    get_ready(r, 2);
    pass(r, 1000);
    uint64_t rings = rings_at(r, 2);
    assert_true(rings > 0);
    up(r, rings);
    assert_int_equal(recorder.begun_n, 2);
    assert_int_equal(recorder.begun.agent_id, 2);
    assert_true(is_tapped(r, id) && is_tapped(r, rings));
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_heard_the_notice_and_its_silence_is_recorded_until_the_end),
        cmocka_unit_test(seven_refuses_in_the_notice_or_its_silence_and_is_told_once_it_is_stored),
        cmocka_unit_test(a_refusal_that_the_disk_does_not_take_is_a_refusal_all_the_same),
        cmocka_unit_test(other_keys_do_not_interrupt_the_notice),
        cmocka_unit_test(a_notice_that_never_ends_holds_nobody_up_and_records_nobody),
        cmocka_unit_test(without_a_sound_of_the_notice_nobody_is_recorded),
        cmocka_unit_test(a_queue_that_does_not_sample_says_and_records_nothing),
        cmocka_unit_test(a_tenth_is_about_a_tenth),
        cmocka_unit_test(a_caller_who_keys_tells_the_recorder_each_time),
        cmocka_unit_test(the_agent_stops_it_and_lets_it_go_on_and_both_hear_so),
        cmocka_unit_test(nothing_is_kept_while_the_caller_is_on_hold),
        cmocka_unit_test(a_caller_who_is_given_back_is_recorded_anew),
        cmocka_unit_test(an_agent_whose_call_is_not_recorded_cannot_begin_it),
        cmocka_unit_test(a_recorder_that_cannot_leaves_the_call_alone_and_says_nothing),
        cmocka_unit_test(both_hear_that_the_disk_has_cut_it_off_and_the_call_goes_on),
        cmocka_unit_test(a_lost_agent_ends_the_recording_and_the_next_one_begins_another),
    };
    return cmocka_run_group_tests_name("app/lines_record", tests, NULL, NULL);
}
