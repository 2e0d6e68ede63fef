/* webport.c — tests of the port of browsers: who may speak, who is spoken to, DTLS on its way to
 * main, strangers of all kinds, bounds. */
#include <errno.h>
#include <stdio.h>

#include "test/support/browser.h"

#define REJOINS_N 1000 /* more than the tables have places */
#define AT_ONCE 50     /* packets that no receive buffer refuses */

/* ---- tests --------------------------------------------------------------------------------- */

static void a_check_that_is_proved_is_answered_and_the_chosen_pair_is_told(void **state)
{
    (void)state;
    open_studio();
    open_browser(&p[0]);
    telephone_set(&p[0], &s);
    studio_run(&s, 2);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, 0), 0);
    assert_null(studio_find(&s, p[0].ref, MEDIA_LATCHED, 0));
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    const struct media_report *r = studio_find(&s, p[0].ref, MEDIA_LATCHED, 0);
    assert_non_null(r);
    assert_int_equal(r->source.port, p[0].port);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_LATCHED), 1);
    close_studio(1);
}

static void what_is_wrong_with_a_check_is_said_and_changes_nothing(void **state)
{
    (void)state;
    open_studio();
    open_browser(&p[0]);
    telephone_set(&p[0], &s);
    studio_run(&s, 2);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED | IS_WRONG), 401);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED | IS_BARE), 400);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED | IS_UNKNOWN), 420);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED | IS_CONTROLLED), 487);
    struct telephone other = p[0];
    other.want.browser.ufrag[0] = 'X';
    assert_int_equal(check_from(&other, p[0].rtp_fd, IS_USED), 401);
    assert_null(studio_find(&s, p[0].ref, MEDIA_LATCHED, 0));
    close_studio(1);
}

static void errors_are_bounded_in_a_second_and_good_checks_are_not(void **state)
{
    (void)state;
    unsigned answers_n = 0;
    open_studio();
    open_browser(&p[0]);
    telephone_set(&p[0], &s);
    studio_run(&s, 2);
    for (unsigned i = 0; i < WEBPORT_ERRORS_MAX + 10; i++)
        answers_n += check_from(&p[0], p[0].rtp_fd, IS_WRONG) == 401;
    assert_int_equal(answers_n, WEBPORT_ERRORS_MAX);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, 0), 0);
    studio_run(&s, 1000);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_WRONG), 401);
    close_studio(1);
}

static void nothing_goes_before_there_are_keys_nor_before_a_pair_is_chosen(void **state)
{
    (void)state;
    open_studio();
    open_browser(&p[0]);
    telephone_set(&p[0], &s);
    studio_run(&s, 100);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    studio_run(&s, 100);
    assert_int_equal(answer_at(p[0].rtp_fd), -1);
    telephone_secure(&p[0], &box, MEDIA_GCM_128);
    telephone_set(&p[0], &s);
    studio_run(&s, 100);
    telephone_listen(&p[0], s.at);
    assert_in_range(p[0].takes_n, 4, 6);
    assert_int_equal(p[0].unproved_n, 0);
    open_browser(&p[1]); /* keys, and no pair */
    telephone_secure(&p[1], &box, MEDIA_GCM_128);
    telephone_set(&p[1], &s);
    studio_run(&s, 2);
    assert_int_equal(check_from(&p[1], p[1].rtp_fd, 0), 0);
    studio_run(&s, 100);
    assert_int_equal(answer_at(p[1].rtp_fd), -1);
    close_studio(2);
}

static void talk(unsigned frames_n)
{
    for (unsigned f = 0; f < frames_n; f++) {
        for (unsigned i = 0; i < 2; i++)
            telephone_say(&p[i], (uint8_t)(100 * i + f + 1), STUDIO_FRAME);
        studio_run(&s, 20);
        for (unsigned i = 0; i < 2; i++)
            telephone_listen(&p[i], s.at);
    }
}

static void bridge_them(void)
{
    for (unsigned i = 0; i < 2; i++) {
        p[i].want.then = MEDIA_BRIDGE;
        p[i].want.peer = p[1 - i].ref;
        p[i].takes_n = 0;
        telephone_set(&p[i], &s);
    }
    studio_run(&s, 20);
    for (unsigned i = 0; i < 2; i++) {
        telephone_listen(&p[i], s.at);
        p[i].takes_n = 0;
    }
}

static void a_browser_and_a_telephone_of_the_network_hear_each_other(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    telephone_open(&p[1], &s);
    bridge_them();
    talk(50);
    assert_true(p[0].takes_n >= 49 && p[1].takes_n >= 49);
    for (unsigned i = 1; i < 49; i++) {
        assert_int_equal(p[0].takes[i].payload[0], p[0].takes[0].payload[0] + i);
        assert_int_equal(p[1].takes[i].payload[9], p[1].takes[0].payload[0] + i);
    }
    telephone_press(&p[0], 5);
    studio_run(&s, 200);
    const struct media_report *r = studio_find(&s, p[0].ref, MEDIA_KEY_BEGUN, 0);
    assert_non_null(r);
    assert_int_equal(r->key.key, '5');
    close_studio(2);
}

static void two_browsers_on_one_port_are_told_apart(void **state)
{
    (void)state;
    open_studio();
    for (unsigned i = 0; i < 2; i++)
        open_ready(&p[i]);
    bridge_them();
    talk(20);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(p[i].takes_n >= 19);
        assert_int_equal(p[i].unproved_n, 0);
        assert_in_range(p[i].takes[5].payload[0], 100 * (1 - i) + 1, 100 * (1 - i) + 21);
    }
    close_studio(2);
}

/* ---- strangers ----------------------------------------------------------------------------- */

static void whoever_proved_no_pair_changes_nothing_with_the_right_keys_neither(void **state)
{
    (void)state;
    uint16_t port = 0;
    open_studio();
    open_ready(&p[0]);
    struct telephone thief = p[0];
    thief.rtp_fd = studio_socket(&port);
    uint64_t before_n = media_totals(s.media).received_n;
    for (unsigned i = 0; i < AT_ONCE; i++)
        telephone_say(&thief, 7, STUDIO_FRAME);
    studio_run(&s, 20);
    assert_int_equal(media_totals(s.media).received_n, before_n);
    assert_true(media_totals(s.media).refused_n >= AT_ONCE);
    telephone_say(&p[0], 7, STUDIO_FRAME);
    studio_run(&s, 20);
    assert_int_equal(media_totals(s.media).received_n, before_n + 1);
    close(thief.rtp_fd);
    close_studio(1);
}

static void what_is_forged_or_in_the_clear_from_the_right_pair_changes_nothing(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    struct telephone forger = p[0];
    forger.want.secret.theirs[3] ^= 1;
    assert_true(srtp_begin(&forger.out, &box, MEDIA_GCM_128, forger.want.secret.theirs));
    for (unsigned i = 0; i < AT_ONCE; i++)
        telephone_say(&forger, 7, STUDIO_FRAME);
    forger.box = NULL;
    for (unsigned i = 0; i < AT_ONCE; i++)
        telephone_say(&forger, 7, STUDIO_FRAME);
    studio_run(&s, 40);
    assert_int_equal(media_totals(s.media).received_n, 0);
    assert_int_equal(media_totals(s.media).refused_n, 2 * AT_ONCE);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_HEARD), 0);
    close_studio(1);
}

static void first_bytes_of_no_kind_are_counted_and_forgotten(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {4, 19, 64, 127, 192, 255};
    open_studio();
    open_ready(&p[0]);
    uint64_t before_n = media_totals(s.media).refused_n;
    for (unsigned i = 0; i < sizeof(kinds); i++) {
        uint8_t bytes[40] = {kinds[i]};
        assert_true(sendto(p[0].rtp_fd, bytes, sizeof(bytes), 0, (const struct sockaddr *)&p[0].to,
                           sizeof(p[0].to)) > 0);
    }
    studio_run(&s, 2);
    assert_int_equal(media_totals(s.media).refused_n, before_n + sizeof(kinds));
    close_studio(1);
}

/* ---- DTLS ---------------------------------------------------------------------------------- */

static void send_dtls(const struct telephone *t, int fd, uint8_t mark)
{
    uint8_t bytes[60] = {22, 0xfe, 0xfd, mark};
    assert_true(
        sendto(fd, bytes, sizeof(bytes), 0, (const struct sockaddr *)&t->to, sizeof(t->to)) > 0);
    studio_run(&s, 1);
}

static unsigned count_datagrams(void)
{
    struct media_datagram d;
    unsigned n = 0;
    while (s.port.next_datagram(s.port.arg, &d))
        n++;
    return n;
}

static void dtls_goes_up_from_a_proved_pair_alone_and_an_answer_goes_down(void **state)
{
    (void)state;
    struct media_datagram d;
    uint16_t port = 0;
    uint8_t bytes[100];
    open_studio();
    open_browser(&p[0]);
    telephone_set(&p[0], &s);
    studio_run(&s, 2);
    send_dtls(&p[0], p[0].rtp_fd, 1);
    assert_int_equal(count_datagrams(), 0);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, 0), 0);
    int stranger = studio_socket(&port);
    send_dtls(&p[0], stranger, 2);
    assert_int_equal(count_datagrams(), 0);
    send_dtls(&p[0], p[0].rtp_fd, 3);
    assert_true(s.port.next_datagram(s.port.arg, &d));
    assert_int_equal(d.ref.slot, p[0].ref.slot);
    assert_memory_equal(d.ufrag, p[0].want.browser.ufrag, MEDIA_UFRAG_BYTES);
    assert_int_equal(d.n, 60);
    assert_int_equal(d.bytes[3], 3);
    assert_int_equal(d.from.port, p[0].port);
    s.port.send_datagram(s.port.arg, &d);
    assert_int_equal(recv(p[0].rtp_fd, bytes, sizeof(bytes), 0), 60);
    close(stranger);
    close_studio(1);
}

static void one_browser_gets_no_more_than_its_share_of_main(void **state)
{
    (void)state;
    open_studio();
    for (unsigned i = 0; i < 2; i++)
        open_ready(&p[i]);
    for (unsigned i = 0; i < WEBPORT_DATAGRAMS_EACH_MAX + 10; i++)
        send_dtls(&p[0], p[0].rtp_fd, 1);
    assert_int_equal(count_datagrams(), WEBPORT_DATAGRAMS_EACH_MAX);
    send_dtls(&p[1], p[1].rtp_fd, 1);
    assert_int_equal(count_datagrams(), 1);
    studio_run(&s, 1000);
    send_dtls(&p[0], p[0].rtp_fd, 1);
    assert_int_equal(count_datagrams(), 1);
    close_studio(2);
}

static void a_ring_that_is_full_leaves_datagrams_out_and_goes_on(void **state)
{
    (void)state;
    open_studio();
    for (unsigned i = 0; i < 2; i++)
        open_ready(&p[i]);
    for (unsigned second = 0; second < 2; second++) {
        for (unsigned i = 0; i < WEBPORT_DATAGRAMS_EACH_MAX; i++)
            for (unsigned k = 0; k < 2; k++)
                send_dtls(&p[k], p[k].rtp_fd, 1);
        studio_run(&s, 1000);
    }
    assert_int_equal(count_datagrams(), WEBPORT_DATAGRAMS_N);
    send_dtls(&p[0], p[0].rtp_fd, 1);
    assert_int_equal(count_datagrams(), 1);
    close_studio(2);
}

/* ---- another network, no consent, another name ---------------------------------------------- */

static void another_pair_that_is_nominated_takes_over_at_once(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    int before = p[0].rtp_fd;
    p[0].rtp_fd = studio_socket(&(uint16_t){0});
    studio_run(&s, 20);
    unsigned takes_n = p[0].takes_n;
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_in_range(p[0].takes_n - takes_n, 9, 11);
    assert_int_equal(p[0].unproved_n, 0);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_LATCHED), 2);
    telephone_say(&p[0], 7, STUDIO_FRAME); /* and is heard by the keys that there were */
    studio_run(&s, 20);
    assert_int_equal(media_totals(s.media).received_n, 1);
    close(before);
    close_studio(1);
}

static void without_consent_nothing_is_sent_and_it_is_told_once(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    studio_run(&s, ICE_CONSENT_MS - 100);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_CONSENT_LOST), 0);
    studio_run(&s, 200);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_CONSENT_LOST), 1);
    telephone_listen(&p[0], s.at);
    unsigned takes_n = p[0].takes_n;
    studio_run(&s, 2000);
    telephone_listen(&p[0], s.at);
    assert_int_equal(p[0].takes_n, takes_n);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_CONSENT_LOST), 1);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_true(p[0].takes_n >= takes_n + 9);
    close_studio(1);
}

static void another_name_begins_anew_and_the_old_one_is_worth_nothing(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    struct telephone old = p[0];
    p[0].want.browser.ufrag[0] = 'B';
    memset(p[0].want.browser.password, 'q', MEDIA_PASSWORD_BYTES);
    telephone_set(&p[0], &s);
    studio_run(&s, 100);
    telephone_listen(&p[0], s.at);
    unsigned takes_n = p[0].takes_n;
    studio_run(&s, 100);
    telephone_listen(&p[0], s.at);
    assert_int_equal(p[0].takes_n, takes_n); /* the pair is not proved under this name */
    telephone_say(&p[0], 7, STUDIO_FRAME);
    studio_run(&s, 20);
    assert_int_equal(media_totals(s.media).received_n, 0);
    assert_int_equal(check_from(&old, p[0].rtp_fd, IS_USED), 401);
    assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_true(p[0].takes_n >= takes_n + 9);
    assert_int_equal(p[0].unproved_n, 0);
    close_studio(1);
}

static void a_name_that_goes_on_keeps_the_old_way_until_the_new_one_is_chosen(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    struct telephone old = p[0];
    int fd = studio_socket(&(uint16_t){0});
    for (unsigned i = 0; i < 2; i++) { /* the first is never used: what works is kept */
        p[0].want.browser.ufrag[0] = (char)('B' + i);
        p[0].want.browser.goes_on = true;
        telephone_set(&p[0], &s);
        studio_run(&s, 20);
    }
    telephone_listen(&p[0], s.at);
    unsigned takes_n = p[0].takes_n;
    assert_int_equal(check_from(&p[0], fd, 0), 0); /* proved, not chosen */
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_in_range(p[0].takes_n, takes_n + 9, takes_n + 11);
    telephone_say(&p[0], 7, STUDIO_FRAME);
    assert_int_equal(check_from(&old, old.rtp_fd, IS_USED), 0);
    studio_run(&s, 20);
    assert_int_equal(media_totals(s.media).received_n, 1);
    assert_int_equal(check_from(&p[0], fd, IS_USED), 0);
    telephone_listen(&p[0], s.at);
    takes_n = p[0].takes_n;
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_int_equal(p[0].takes_n, takes_n);
    assert_int_equal(check_from(&old, old.rtp_fd, IS_USED), 401);
    p[0].rtp_fd = fd;
    telephone_listen(&p[0], s.at);
    assert_true(p[0].takes_n >= takes_n + 9);
    assert_int_equal(p[0].unproved_n, 0);
    close(old.rtp_fd);
    close_studio(1);
}

static void joining_again_and_again_fills_no_table(void **state)
{
    (void)state;
    open_studio();
    open_ready(&p[0]);
    for (unsigned i = 0; i < REJOINS_N; i++) {
        char name[MEDIA_UFRAG_BYTES + 1];
        assert_int_equal(snprintf(name, sizeof(name), "%08u", i), MEDIA_UFRAG_BYTES);
        memcpy(p[0].want.browser.ufrag, name, MEDIA_UFRAG_BYTES);
        p[0].want.browser.goes_on = i % 2;
        telephone_set(&p[0], &s);
        studio_run(&s, 1);
        close(p[0].rtp_fd);
        p[0].port = 0;
        p[0].rtp_fd = studio_socket(&p[0].port);
        assert_int_equal(check_from(&p[0], p[0].rtp_fd, IS_USED), 0);
        s.reports_n = 0;
    }
    close_studio(1);
}

static void an_address_that_another_browser_has_now_stays_its_own(void **state)
{
    (void)state;
    open_studio();
    for (unsigned i = 0; i < 2; i++)
        open_ready(&p[i]);
    assert_int_equal(check_from(&p[1], p[0].rtp_fd, 0), 0); /* a page loaded again, its port too */
    s.port.drop(s.port.arg, p[0].ref);
    studio_run(&s, 20);
    send_dtls(&p[1], p[0].rtp_fd, 1);
    assert_int_equal(count_datagrams(), 1);
    close_studio(2);
}

/* ---- places -------------------------------------------------------------------------------- */

static void streams_of_browsers_come_and_go_to_the_bound_and_past_it(void **state)
{
    (void)state;
    struct media_opened opened[STREAMS_MAX + 1];
    const struct media_opening how = {.is_browser = true};
    open_studio();
    for (unsigned round = 0; round < 3; round++) {
        unsigned n = 0;
        enum media_verdict v = MEDIA_OPENED;
        while (n < ARRAY_LEN(opened) &&
               (v = s.port.open(s.port.arg, &how, &opened[n])) == MEDIA_OPENED) {
            struct media_want want = {.direction = MEDIA_SENDRECV, .is_rtcp_mux = true};
            memcpy(want.browser.ufrag, "abcdefg0", MEDIA_UFRAG_BYTES);
            want.browser.ufrag[7] = (char)('0' + n);
            assert_int_equal(s.port.set(s.port.arg, opened[n++].ref, &want), 0);
        }
        assert_int_equal(v, MEDIA_STREAMS_FULL);
        assert_int_equal(n, STREAMS_MAX);
        studio_run(&s, 2);
        while (n)
            s.port.drop(s.port.arg, opened[--n].ref);
        s.reports_n = 0;
        studio_run(&s, 40);
        assert_int_equal(media_totals(s.media).streams_n, 0);
    }
    close_studio(0);
}

static void an_engine_without_a_port_for_browsers_says_so(void **state)
{
    (void)state;
    struct media_opened opened;
    struct media *m;
    const struct media_opening how = {.is_browser = true};
    studio_open(&s);
    assert_int_equal(s.port.open(s.port.arg, &how, &opened), MEDIA_NO_BROWSERS);
    assert_null(s.port.next_datagram);
    assert_int_equal(media_browser_port(s.media), 0);
    studio_close(&s);
    const struct media_args two = {.threads_n = 2, .has_browsers = true, .is_manual = true};
    assert_int_equal(media_open(&m, &two), EINVAL);
}

static void the_port_of_the_settings_is_taken_or_refused(void **state)
{
    (void)state;
    struct media *m;
    uint16_t port = 0;
    int fd = studio_socket(&port);
    struct media_args args = {.streams_max = 20,
                              .has_browsers = true,
                              .browser_port = port,
                              .is_manual = true,
                              .bind = {{.ip = {127, 0, 0, 1}, .ip_n = 4}}};
    assert_int_equal(media_open(&m, &args), EADDRINUSE);
    close(fd);
    assert_int_equal(media_open(&m, &args), 0);
    assert_int_equal(media_browser_port(m), port);
    media_drop(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_that_is_proved_is_answered_and_the_chosen_pair_is_told),
        cmocka_unit_test(what_is_wrong_with_a_check_is_said_and_changes_nothing),
        cmocka_unit_test(errors_are_bounded_in_a_second_and_good_checks_are_not),
        cmocka_unit_test(nothing_goes_before_there_are_keys_nor_before_a_pair_is_chosen),
        cmocka_unit_test(a_browser_and_a_telephone_of_the_network_hear_each_other),
        cmocka_unit_test(two_browsers_on_one_port_are_told_apart),
        cmocka_unit_test(whoever_proved_no_pair_changes_nothing_with_the_right_keys_neither),
        cmocka_unit_test(what_is_forged_or_in_the_clear_from_the_right_pair_changes_nothing),
        cmocka_unit_test(first_bytes_of_no_kind_are_counted_and_forgotten),
        cmocka_unit_test(dtls_goes_up_from_a_proved_pair_alone_and_an_answer_goes_down),
        cmocka_unit_test(one_browser_gets_no_more_than_its_share_of_main),
        cmocka_unit_test(a_ring_that_is_full_leaves_datagrams_out_and_goes_on),
        cmocka_unit_test(another_pair_that_is_nominated_takes_over_at_once),
        cmocka_unit_test(without_consent_nothing_is_sent_and_it_is_told_once),
        cmocka_unit_test(another_name_begins_anew_and_the_old_one_is_worth_nothing),
        cmocka_unit_test(a_name_that_goes_on_keeps_the_old_way_until_the_new_one_is_chosen),
        cmocka_unit_test(joining_again_and_again_fills_no_table),
        cmocka_unit_test(an_address_that_another_browser_has_now_stays_its_own),
        cmocka_unit_test(streams_of_browsers_come_and_go_to_the_bound_and_past_it),
        cmocka_unit_test(an_engine_without_a_port_for_browsers_says_so),
        cmocka_unit_test(the_port_of_the_settings_is_taken_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
