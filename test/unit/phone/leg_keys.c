/* leg_keys.c — keys of a call: as events among the sound, by INFO, and both ways at once. */
#include "test/support/exchange_look.h"

#define RELAY "Content-Type: application/dtmf-relay\r\n"

static unsigned keys(const struct exchange *x, char key)
{
    unsigned n = 0;
    for (unsigned i = 0; i < x->reports_n; i++)
        n += x->reports[i].kind == PHONE_KEY && (!key || x->reports[i].key == key);
    return n;
}

/* A call that is up; its stream is the first. */
static struct peer talking(struct exchange *x)
{
    struct peer p = peer_open(x, AT_TRUNK);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100 Trying");
    x->port.answer(x->port.arg, last(x)->leg_id);
    peer_expect(&p, "SIP/2.0 200 OK");
    peer_ack(&p);
    return p;
}

static void end(struct peer *p)
{
    peer_new(p, "BYE", "");
    peer_ignore(p);
    peer_end(p, ALL_TIMERS_MS);
}

static void info(struct peer *p, const char *lines, const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, "INFO", lines, body);
}

static void event(struct exchange *x, enum media_kind kind, char key)
{
    x->due[x->due_n++] =
        (struct media_report){.ref = {0, x->streams[0].gen}, .kind = kind, .key = {.key = key}};
    turn(x);
}

static void a_key_by_info_is_a_key(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    info(&p, RELAY, "Signal=5\r\nDuration=160\r\n");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(keys(x, '5'), 1);
    peer_repeat(&p); /* the answer was lost */
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(keys(x, 0), 1);
    end(&p);
}

static void the_same_key_both_ways_within_a_moment_is_one_press(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    event(x, MEDIA_KEY_BEGUN, '1');
    pass(x, 200);
    info(&p, RELAY, "Signal=1\r\n");
    assert_int_equal(keys(x, '1'), 1);
    info(&p, RELAY, "Signal=2\r\n");
    pass(x, 100);
    event(x, MEDIA_KEY_BEGUN, '2');
    assert_int_equal(keys(x, '2'), 1);
    peer_ignore(&p);
    end(&p);
}

static void list_ended(struct exchange *x, uint32_t number, bool is_by_key)
{
    x->due[x->due_n++] = (struct media_report){
        .ref = {0, x->streams[0].gen}, .kind = MEDIA_LIST_ENDED, .list = {number, is_by_key}};
    turn(x);
}

/* The engine cannot know: the sentence that the first word led to is not lost by the second. */
static void a_sentence_cut_by_the_second_word_for_one_press_begins_anew(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    const struct phone_sound menu = {.ids = {7}, .n = 1, .stops_on_key = true};
    uint64_t id = last(x)->leg_id;
    info(&p, RELAY, "Signal=1\r\n");
    uint32_t number = x->port.sound(x->port.arg, id, &menu);
    event(x, MEDIA_KEY_BEGUN, '1');
    unsigned before_n = x->reports_n;
    list_ended(x, number, true);
    assert_int_equal(x->reports_n, before_n);
    uint32_t anew = x->streams[0].want.list.number;
    assert_int_not_equal(anew, number);
    assert_int_equal(x->streams[0].want.list.ids[0], 7);
    list_ended(x, anew, false);
    assert_int_equal(x->reports[x->reports_n - 1].kind, PHONE_PLAYED);
    assert_int_equal(x->reports[x->reports_n - 1].list.number, number);
    event(x, MEDIA_KEY_BEGUN, '2'); /* another key: as ever */
    list_ended(x, anew, true);
    assert_true(x->reports[x->reports_n - 1].list.is_by_key);
    peer_ignore(&p);
    end(&p);
}

static void a_moment_later_it_is_another_press(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    event(x, MEDIA_KEY_BEGUN, '1');
    pass(x, 201);
    info(&p, RELAY, "Signal=1\r\n");
    assert_int_equal(keys(x, '1'), 2);
    peer_ignore(&p);
    end(&p);
}

static void twice_the_same_way_is_two_presses_each_told_once(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    event(x, MEDIA_KEY_BEGUN, '1');
    event(x, MEDIA_KEY_ENDED, '1');
    info(&p, RELAY, "Signal=1\r\n");
    event(x, MEDIA_KEY_BEGUN, '1');
    event(x, MEDIA_KEY_ENDED, '1');
    info(&p, RELAY, "Signal=1\r\n");
    assert_int_equal(keys(x, '1'), 2);
    event(x, MEDIA_KEY_BEGUN, '1');
    event(x, MEDIA_KEY_BEGUN, '1');
    assert_int_equal(keys(x, '1'), 4);
    peer_ignore(&p);
    end(&p);
}

static void a_long_press_that_is_told_by_info_at_its_end_is_one(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    event(x, MEDIA_KEY_BEGUN, '9');
    pass(x, 900);
    event(x, MEDIA_KEY_ENDED, '9');
    pass(x, 50);
    info(&p, RELAY, "Signal=9\r\nDuration=900\r\n");
    assert_int_equal(keys(x, '9'), 1);
    peer_ignore(&p);
    end(&p);
}

static void what_is_no_key_is_answered_and_tells_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = talking(x);
    info(&p, "", "");
    peer_expect(&p, "SIP/2.0 200");
    info(&p, RELAY, "Signal=x\r\n");
    peer_expect(&p, "SIP/2.0 400");
    info(&p, "Content-Type: application/xml\r\n", "<a/>");
    peer_expect(&p, "SIP/2.0 415");
    assert_non_null(strstr(p.said, "Accept: application/dtmf-relay"));
    assert_int_equal(keys(x, 0), 0);
    end(&p);
}

static void a_key_for_a_call_that_is_over_or_not_up_is_nobodys(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = peer_open(x, AT_TRUNK);
    peer_invite(&p);
    peer_expect(&p, "SIP/2.0 100 Trying");
    info(&p, RELAY, "Signal=1\r\n");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(keys(x, 0), 0);
    end(&p);
    x = exchange_open(4);
    p = talking(x);
    peer_new(&p, "BYE", "");
    peer_ignore(&p);
    pass(x, 40000);
    info(&p, RELAY, "Signal=1\r\n");
    peer_expect(&p, "SIP/2.0 481");
    assert_int_equal(keys(x, 0), 0);
    peer_close(&p);
    exchange_drop(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_by_info_is_a_key),
        cmocka_unit_test(the_same_key_both_ways_within_a_moment_is_one_press),
        cmocka_unit_test(a_sentence_cut_by_the_second_word_for_one_press_begins_anew),
        cmocka_unit_test(a_moment_later_it_is_another_press),
        cmocka_unit_test(twice_the_same_way_is_two_presses_each_told_once),
        cmocka_unit_test(a_long_press_that_is_told_by_info_at_its_end_is_one),
        cmocka_unit_test(what_is_no_key_is_answered_and_tells_nothing),
        cmocka_unit_test(a_key_for_a_call_that_is_over_or_not_up_is_nobodys),
    };
    return cmocka_run_group_tests_name("phone/leg_keys", tests, NULL, NULL);
}
