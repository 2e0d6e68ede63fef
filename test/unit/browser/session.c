/* session.c — tests of browser/browser.h: sessions over an engine that only remembers, with a
 * browser that is the other end of DTLS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/browser/page.h"

#define SESSIONS_MAX 24

static struct browsers *b;
static unsigned told[BROWSER_STATES + 1];

static void note(uint64_t id, enum browser_state state, void *arg)
{
    (void)arg;
    assert_true(id != 0);
    told[state]++;
}

static void open_with(bool is_active)
{
    memset(&f, 0, sizeof(f));
    memset(told, 0, sizeof(told));
    now_at = 1000000;
    f.streams_max = STREAMS_MAX;
    f.port = (struct media_port){.open = fake_open,
                                 .set = fake_set,
                                 .drop = fake_drop,
                                 .next_datagram = fake_next,
                                 .send_datagram = fake_send};
    struct browser_args args = {.media = &f.port,
                                .port = 4000,
                                .sessions_max = SESSIONS_MAX,
                                .is_active = is_active,
                                .tell = note};
    assert_true(address_pair_read(&args.self, TEXT("192.0.2.1")));
    assert_int_equal(browser_open(&b, &args), 0);
}

static enum browser_verdict join(struct page *p, uint64_t id, const char *setup)
{
    const struct browser_offer offer = {
        .id = id,
        .sdp = offer_of(p->connection, setup),
        .wish = {{SIP_CODEC_PCMA, SIP_CODEC_OPUS}, 2},
        .at = now_at,
    };
    return browser_join(b, &offer, &p->answer);
}

static void report(const struct page *p, enum media_kind kind)
{
    const struct media_report r = {.ref = p->answer.ref, .kind = kind, .source = pair()};
    assert_true(browser_report(b, &r, now_at));
}

/* Datagrams go to and fro until there are none. */
static void shake(struct page *p)
{
    sending = p;
    for (unsigned i = 0; i < TURNS_MAX; i++) {
        dtls_link_run(p->link);
        browser_run(b, now_at);
        unsigned n = f.down_n;
        for (unsigned k = 0; k < n; k++)
            dtls_link_take(p->link, f.down[k].bytes, f.down[k].n);
        f.down_n = 0;
        if (!n && f.up_i == f.up_n)
            return;
    }
    fail();
}

static void join_and_shake(struct page *p, uint64_t id)
{
    assert_int_equal(join(p, id, "actpass"), BROWSER_JOINED);
    begin_link(p, theirs);
    report(p, MEDIA_LATCHED);
    shake(p);
    assert_keyed(p);
}

static void close_all(struct page *p)
{
    dtls_link_drop(p->link);
    p->link = NULL;
    f.up_i = f.up_n = f.down_n = 0;
    browser_drop(b);
    assert_int_equal(f.open_n, 0);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void each_cell_of_the_table(void **state)
{
    (void)state;
    enum { J = BROWSER_JOINING, U = BROWSER_UP, S = BROWSER_SILENT, O = BROWSER_OVER };
    static const uint8_t wanted[BROWSER_STATES][BROWSER_EVENTS] = {
        {J, U, J, O, J, J}, {U, U, S, O, U, J}, {U, U, S, O, S, J}, {O, O, O, O, O, J}};
    for (unsigned s = 0; s < BROWSER_STATES; s++)
        for (unsigned e = 0; e < BROWSER_EVENTS; e++)
            assert_int_equal(browser_next((enum browser_state)s, (enum browser_event)e),
                             wanted[s][e]);
}

static void an_offer_opens_a_session_and_a_handshake_gives_its_keys(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    for (unsigned active = 0; active < 2; active++) {
        open_with(active);
        assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
        assert_true(says(&p, active ? "a=setup:active" : "a=setup:passive"));
        assert_int_equal(want_of(&p)->secret.suite, MEDIA_PLAIN);
        assert_int_equal(want_of(&p)->codec, MEDIA_PCMA);
        assert_int_equal(want_of(&p)->key_type, 126);
        begin_link(&p, theirs);
        report(&p, MEDIA_LATCHED);
        shake(&p);
        assert_keyed(&p);
        assert_int_equal(told[BROWSER_UP], 1);
        close_all(&p);
    }
}

static void nothing_is_begun_before_a_pair_is_chosen(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    struct browser_counts counts;
    open_with(true);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    for (unsigned i = 0; i < 10; i++)
        browser_run(b, now_at += 100);
    browser_counts(b, &counts);
    assert_int_equal(counts.handshakes_n, 0);
    assert_int_equal(f.down_n, 0);
    report(&p, MEDIA_LATCHED);
    browser_run(b, now_at);
    assert_true(f.down_n > 0);
    close_all(&p);
}

static void another_certificate_than_the_offer_named_gets_no_keys(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    struct dtls_house *other;
    struct browser_counts counts;
    assert_int_equal(dtls_house_open(&other, &(struct dtls_house_args){0}), 0);
    open_with(false);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    begin_link(&p, other);
    report(&p, MEDIA_LATCHED);
    shake(&p);
    assert_int_equal(want_of(&p)->secret.suite, MEDIA_PLAIN);
    assert_int_equal(told[BROWSER_UP], 0);
    assert_int_equal(told[BROWSER_OVER], 1);
    browser_counts(b, &counts);
    assert_int_equal(counts.failed_n, 1);
    close_all(&p);
    dtls_house_drop(other);
}

static void the_same_connection_joins_again_and_its_keys_go_on(void **state)
{
    (void)state;
    struct page p = {.connection = 7};
    open_with(false);
    join_and_shake(&p, 0);
    uint64_t id = p.answer.id;
    struct media_ref ref = p.answer.ref;
    struct media_want before = *want_of(&p);
    assert_int_equal(join(&p, id, "actpass"), BROWSER_JOINED);
    assert_true(p.answer.id == id && p.answer.ref.gen == ref.gen);
    assert_memory_equal(&want_of(&p)->secret, &before.secret, sizeof(before.secret));
    assert_memory_not_equal(&want_of(&p)->browser, &before.browser, sizeof(before.browser));
    assert_true(want_of(&p)->browser.goes_on);
    report(&p, MEDIA_LATCHED);
    assert_int_equal(told[BROWSER_UP], 1); /* it never was anything else */
    assert_int_equal(told[BROWSER_JOINING] + told[BROWSER_SILENT], 0);
    assert_int_equal(f.opened_n, 1);
    close_all(&p);
}

static void another_connection_joins_the_session_and_its_stream_and_call_stay(void **state)
{
    (void)state;
    struct page p = {.connection = 7};
    const struct media_want call = {
        .direction = MEDIA_SENDRECV, .then = MEDIA_BRIDGE, .peer = {9, 9}};
    open_with(false);
    join_and_shake(&p, 0);
    uint64_t id = p.answer.id;
    assert_int_equal(browser_set(b, id, &call), 0);
    struct media_want before = *want_of(&p);
    dtls_link_drop(p.link);
    f.up_i = f.up_n;
    p.connection = 8;
    now_at += 60000;
    assert_int_equal(join(&p, id, "actpass"), BROWSER_JOINED);
    assert_int_equal(want_of(&p)->secret.suite, MEDIA_PLAIN); /* until the new ones are there */
    assert_false(want_of(&p)->browser.goes_on);
    assert_int_equal(want_of(&p)->then, MEDIA_BRIDGE);
    assert_int_equal(want_of(&p)->peer.slot, 9);
    begin_link(&p, theirs);
    report(&p, MEDIA_LATCHED);
    shake(&p);
    assert_keyed(&p);
    assert_memory_not_equal(&want_of(&p)->secret, &before.secret, sizeof(before.secret));
    assert_int_equal(f.opened_n, 1);
    close_all(&p);
}

static void what_is_late_of_the_connection_before_does_not_begin_a_handshake(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    struct browser_counts counts;
    open_with(false);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    begin_link(&p, theirs);
    sending = &p;
    dtls_link_run(p.link); /* its first flight waits in the ring … */
    p.connection = 2;
    assert_int_equal(join(&p, p.answer.id, "actpass"), BROWSER_JOINED);
    browser_run(b, now_at);
    browser_counts(b, &counts);
    assert_int_equal(counts.handshakes_n, 0);
    close_all(&p);
}

static void who_says_goodbye_may_come_back_for_five_minutes(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    open_with(false);
    join_and_shake(&p, 0);
    uint64_t id = p.answer.id;
    dtls_link_drop(p.link);
    browser_run(b, now_at);
    assert_int_equal(told[BROWSER_OVER], 1);
    assert_int_equal(want_of(&p)->secret.suite, MEDIA_PLAIN);
    now_at += BROWSER_KEEP_MS - 1;
    browser_run(b, now_at);
    join_and_shake(&p, id); /* even under the same number: an association that ended is not used */
    report(&p, MEDIA_CONSENT_LOST);
    assert_int_equal(told[BROWSER_SILENT], 1);
    assert_int_equal(told[BROWSER_STATES], 0);
    now_at += BROWSER_KEEP_MS;
    browser_run(b, now_at);
    assert_int_equal(told[BROWSER_STATES], 1);
    assert_int_equal(join(&p, id, "actpass"), BROWSER_UNKNOWN);
    close_all(&p);
}

static void sessions_go_to_the_bound_and_come_back(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t ids[SESSIONS_MAX];
    open_with(false);
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
        ids[i] = p.answer.id;
        for (unsigned k = 0; k < i; k++)
            assert_true(ids[k] != ids[i]);
    }
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_FULL);
    assert_int_equal(f.open_n, SESSIONS_MAX);
    assert_true(browser_leave(b, ids[3]));
    assert_false(browser_leave(b, ids[3]));
    assert_int_equal(browser_set(b, ids[3], &(struct media_want){0}), ESTALE);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    close_all(&p);
}

static void an_engine_that_refuses_leaves_nothing_behind(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    open_with(false);
    f.streams_max = 1;
    f.set_err = ENOSPC;
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_FULL);
    assert_int_equal(f.open_n, 0);
    f.set_err = 0;
    join_and_shake(&p, 0);
    struct page q = {.connection = 2};
    assert_int_equal(join(&q, 0, "actpass"), BROWSER_FULL);
    f.set_err = ENOSPC;
    struct media_want before = *want_of(&p);
    uint64_t id = p.answer.id;
    assert_int_equal(join(&p, id, "actpass"), BROWSER_FULL);
    assert_memory_equal(want_of(&p), &before, sizeof(before));
    assert_int_equal(told[BROWSER_SILENT], 0);
    f.set_err = 0;
    assert_int_equal(join(&p, id, "holdconn"), BROWSER_REFUSED);
    assert_int_equal(p.answer.why, RTC_NO_SETUP);
    assert_memory_equal(&f.wants[0], &before, sizeof(before));
    close_all(&p);
}

static void handshakes_in_a_second_are_bounded_and_the_rest_comes_later(void **state)
{
    (void)state;
    struct page pages[SESSIONS_MAX] = {0};
    struct browser_counts counts;
    open_with(true);
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        pages[i].connection = i + 1;
        assert_int_equal(join(&pages[i], 0, "actpass"), BROWSER_JOINED);
        report(&pages[i], MEDIA_LATCHED);
    }
    browser_run(b, now_at);
    browser_counts(b, &counts);
    assert_int_equal(counts.handshakes_n, BROWSER_HANDSHAKES_MAX);
    assert_int_equal(counts.put_off_n, SESSIONS_MAX - BROWSER_HANDSHAKES_MAX);
    f.down_n = 0;
    now_at += 1000;
    browser_run(b, now_at);
    browser_counts(b, &counts);
    assert_int_equal(counts.handshakes_n, SESSIONS_MAX);
    close_all(&pages[0]);
}

static void a_handshake_that_never_ends_is_given_up(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    open_with(false);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    begin_link(&p, theirs);
    sending = &p;
    dtls_link_run(p.link);
    browser_run(b, now_at);
    now_at += BROWSER_SHAKE_MS - 1;
    f.down_n = 0;
    browser_run(b, now_at);
    assert_int_equal(told[BROWSER_OVER], 0);
    f.down_n = 0;
    browser_run(b, ++now_at);
    assert_int_equal(told[BROWSER_OVER], 1);
    close_all(&p);
}

static void a_turn_takes_so_many_datagrams_and_asks_for_another(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    open_with(false);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    sending = &p;
    for (unsigned n = BROWSER_TURN_MAX - 1; n <= BROWSER_TURN_MAX + 1; n++) {
        const uint8_t noise[] = {63, 1, 2, 3};
        f.up_i = f.up_n = f.down_n = 0;
        for (unsigned i = 0; i < n; i++)
            send_up(noise, sizeof(noise), NULL);
        bool is_over = browser_run(b, now_at) > now_at;
        assert_int_equal(is_over, n < BROWSER_TURN_MAX);
        assert_int_equal(f.up_i, n < BROWSER_TURN_MAX ? n : BROWSER_TURN_MAX);
        (void)browser_run(b, now_at);
        assert_int_equal(f.up_i, n);
    }
    close_all(&p);
}

static void reports_about_others_are_left_to_others(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    open_with(false);
    assert_int_equal(join(&p, 0, "actpass"), BROWSER_JOINED);
    struct media_report r = {.ref = p.answer.ref, .kind = MEDIA_KEY_BEGUN};
    assert_false(browser_report(b, &r, now_at));
    r = (struct media_report){.ref = {40, 40}, .kind = MEDIA_LATCHED};
    assert_false(browser_report(b, &r, now_at));
    close_all(&p);
}

static void what_cannot_be_opened_is_said(void **state)
{
    (void)state;
    struct browser_args args = {.media = &f.port, .port = 4000, .sessions_max = 1};
    struct browsers *none;
    assert_int_equal(browser_open(&none, &args), EINVAL); /* no address */
    assert_true(address_pair_read(&args.self, TEXT("2001:db8::1")));
    args.sessions_max = BROWSER_SESSIONS_MAX + 1;
    assert_int_equal(browser_open(&none, &args), EINVAL);
    args.sessions_max = BROWSER_SESSIONS_MAX;
    args.port = 0;
    assert_int_equal(browser_open(&none, &args), EINVAL);
    args.port = 4000;
    assert_int_equal(browser_open(&none, &args), 0);
    browser_drop(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_of_the_table),
        cmocka_unit_test(an_offer_opens_a_session_and_a_handshake_gives_its_keys),
        cmocka_unit_test(nothing_is_begun_before_a_pair_is_chosen),
        cmocka_unit_test(another_certificate_than_the_offer_named_gets_no_keys),
        cmocka_unit_test(the_same_connection_joins_again_and_its_keys_go_on),
        cmocka_unit_test(another_connection_joins_the_session_and_its_stream_and_call_stay),
        cmocka_unit_test(what_is_late_of_the_connection_before_does_not_begin_a_handshake),
        cmocka_unit_test(who_says_goodbye_may_come_back_for_five_minutes),
        cmocka_unit_test(sessions_go_to_the_bound_and_come_back),
        cmocka_unit_test(an_engine_that_refuses_leaves_nothing_behind),
        cmocka_unit_test(handshakes_in_a_second_are_bounded_and_the_rest_comes_later),
        cmocka_unit_test(a_handshake_that_never_ends_is_given_up),
        cmocka_unit_test(a_turn_takes_so_many_datagrams_and_asks_for_another),
        cmocka_unit_test(reports_about_others_are_left_to_others),
        cmocka_unit_test(what_cannot_be_opened_is_said),
    };
    return cmocka_run_group_tests(tests, open_theirs, drop_theirs);
}
