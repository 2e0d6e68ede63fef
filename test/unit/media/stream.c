/* stream.c — tests of a stream from its first order to its end, on real sockets with a false clock.
 */
#include <errno.h>

#include "media/rtcp.h"
#include "test/support/telephone.h"

static void run_and_listen(struct studio *s, struct telephone *p, ms_t ms)
{
    for (ms_t i = 0; i < ms; i++) {
        studio_run(s, 1);
        telephone_listen(p, s->at);
    }
}

/* Numbers by one, ticks by a frame, one SSRC: whatever the sound comes from. */
static void assert_continuous(const struct telephone *p)
{
    for (unsigned i = 1; i < p->takes_n; i++) {
        const struct rtp_header *a = &p->takes[i - 1].head, *b = &p->takes[i].head;
        assert_int_equal((uint16_t)(b->seq - a->seq), 1);
        assert_int_equal(b->ticks - a->ticks, STUDIO_FRAME);
        assert_int_equal(b->ssrc, a->ssrc);
        assert_false(b->has_marker);
    }
}

static void music_is_a_frame_each_20_ms_and_begins_with_a_marker(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = studio_prompt(&s, 7, 1);
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 2000);
    assert_in_range(p.takes_n, 99, 100);
    assert_true(p.takes[0].head.has_marker);
    assert_continuous(&p);
    for (unsigned i = 0; i < p.takes_n; i++) {
        assert_int_equal(p.takes[i].payload[0], studio_code(MEDIA_PCMA, 1 + (int)(i % 7)));
        assert_int_equal(p.takes[i].head.payload_n, STUDIO_FRAME);
        assert_true(i == 0 || p.takes[i].at - p.takes[i - 1].at == 20);
    }
    telephone_close(&p);
    studio_close(&s);
}

static void prompts_then_music_go_on_in_one_row_and_the_end_of_the_list_is_told(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    telephone_law(&p, MEDIA_PCMU);
    uint16_t first = studio_prompt(&s, 3, 10), second = studio_prompt(&s, 2, 20);
    p.want.list = (struct media_list){.number = 7, .n = 3, .ids = {first, 999, second}};
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = studio_prompt(&s, 50, 40);
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 200);
    const int heard[] = {10, 11, 12, 20, 21, 40, 41};
    assert_true(p.takes_n >= ARRAY_LEN(heard));
    for (unsigned i = 0; i < ARRAY_LEN(heard); i++)
        assert_int_equal(p.takes[i].payload[0], studio_code(MEDIA_PCMU, heard[i]));
    assert_continuous(&p);
    const struct media_report *r = studio_find(&s, p.ref, MEDIA_LIST_ENDED, 0);
    assert_true(r && r->list.number == 7 && !r->list.is_by_key);
    telephone_set(&p, &s); /* the same order again says nothing and plays nothing again */
    run_and_listen(&s, &p, 200);
    assert_continuous(&p);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LIST_ENDED), 1);
    telephone_close(&p);
    studio_close(&s);
}

static void after_a_prompt_the_music_goes_on_where_it_was(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    uint16_t prompt = studio_prompt(&s, 2, 90);
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = studio_prompt(&s, 60, 1);
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 200);
    unsigned before = p.takes_n;
    p.want.list = (struct media_list){.number = 1, .n = 1, .ids = {prompt}};
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 200);
    assert_int_equal(p.takes[before].payload[0], studio_code(MEDIA_PCMA, 90));
    assert_int_equal(p.takes[before + 1].payload[0], studio_code(MEDIA_PCMA, 91));
    assert_int_equal(p.takes[before + 2].payload[0], studio_code(MEDIA_PCMA, (int)before + 1));
    assert_continuous(&p);
    telephone_close(&p);
    studio_close(&s);
}

static void a_key_ends_a_list_that_says_so_at_once_and_no_other(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    uint16_t prompt = studio_prompt(&s, 40, 1);
    for (uint32_t number = 1; number <= 2; number++) {
        p.want.list = (struct media_list){
            .number = number, .n = 1, .stops_on_key = number == 2, .ids = {prompt}};
        telephone_set(&p, &s);
        run_and_listen(&s, &p, 100);
        telephone_press(&p, 5);
        run_and_listen(&s, &p, 60);
        assert_int_equal(studio_count(&s, p.ref, MEDIA_LIST_ENDED), number - 1);
    }
    const struct media_report *r = studio_find(&s, p.ref, MEDIA_LIST_ENDED, 0);
    assert_true(r && r->list.number == 2 && r->list.is_by_key);
    unsigned n = p.takes_n;
    run_and_listen(&s, &p, 200);
    assert_int_equal(p.takes_n, n);
    telephone_close(&p);
    studio_close(&s);
}

static void each_press_is_told_once_begun_and_once_ended(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = studio_prompt(&s, 5, 1);
    telephone_set(&p, &s);
    studio_run(&s, 20);
    for (unsigned event = 0; event < 12; event++) {
        telephone_press(&p, event);
        studio_run(&s, 100);
    }
    for (unsigned i = 0; i < 12; i++) {
        const struct media_report *begun = studio_find(&s, p.ref, MEDIA_KEY_BEGUN, i);
        const struct media_report *ended = studio_find(&s, p.ref, MEDIA_KEY_ENDED, i);
        assert_true(begun && begun->key.key == "0123456789*#"[i]);
        assert_true(ended && ended->key.key == begun->key.key && ended->key.lasted_ms == 60);
    }
    assert_int_equal(studio_count(&s, p.ref, MEDIA_KEY_BEGUN), 12);
    telephone_close(&p);
    studio_close(&s);
}

static void keys_that_we_press_arrive_as_presses_with_three_ends(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    unsigned ends_n = 0, firsts_n = 0;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_SILENCE;
    p.want.keys = (struct media_keys){.number = 1, .n = 3, .keys = {'4', '#', 'D'}};
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 1000);
    for (unsigned i = 0; i < p.takes_n; i++) {
        const struct take *t = &p.takes[i];
        assert_true(i == 0 || t->head.seq == (uint16_t)(p.takes[i - 1].head.seq + 1));
        if (t->head.type != KEY_TYPE)
            continue;
        ends_n += (t->payload[1] & 0x80) != 0;
        firsts_n += t->head.has_marker;
        assert_true(t->payload[0] == 4 || t->payload[0] == 11 || t->payload[0] == 15);
    }
    assert_int_equal(ends_n, 9);
    assert_int_equal(firsts_n, 3);
    assert_int_equal(studio_find(&s, p.ref, MEDIA_KEYS_PRESSED, 0)->list.number, 1);
    assert_int_equal(p.takes[p.takes_n - 1].head.type, 8);
    telephone_close(&p);
    studio_close(&s);
}

/* ---- who is heard ---- */

static void packets_of_a_stranger_change_nothing_and_are_told_once(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p, stranger;
    studio_open(&s);
    telephone_open(&p, &s);
    telephone_open(&stranger, &s);
    stranger.to = p.to;
    p.want.join_number = 1;
    telephone_set(&p, &s);
    studio_run(&s, 20);
    telephone_say(&p, 0xd5, STUDIO_FRAME);
    studio_run(&s, 40);
    for (unsigned i = 0; i < 20; i++) {
        telephone_press(&stranger, 9);
        studio_run(&s, 200);
    }
    assert_int_equal(studio_count(&s, p.ref, MEDIA_KEY_BEGUN), 0);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_HEARD), 1);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LOST), 1); /* no sign of life of the peer */
    assert_int_equal(media_totals(s.media).sent_n, 0);
    telephone_close(&stranger);
    telephone_close(&p);
    studio_close(&s);
}

/* Another address of this machine. */
static int stranger_socket(void)
{
    struct sockaddr_in here = studio_loopback(0);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    assert_true(fd >= 0 && !bind(fd, (struct sockaddr *)&here, sizeof(here)));
    return fd;
}

static void a_stranger_is_not_taken_for_a_peer_that_was_never_heard(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.join_number = 1;
    p.want.list = (struct media_list){
        .number = 1, .n = 1, .stops_on_key = true, .ids = {studio_prompt(&s, 1000, 1)}};
    telephone_set(&p, &s);
    int mine = p.rtp_fd;
    p.rtp_fd = stranger_socket();
    for (unsigned i = 0; i < 50; i++) {
        telephone_press(&p, 9);
        studio_run(&s, 200);
    }
    assert_int_equal(studio_count(&s, p.ref, MEDIA_SOURCE_REFUSED), 1);
    const uint8_t *ip = studio_find(&s, p.ref, MEDIA_SOURCE_REFUSED, 0)->source.ip;
    assert_true(ip[0] == 127 && ip[3] == 2);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_KEY_BEGUN), 0);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_HEARD), 0);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LIST_ENDED), 0);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LOST), 1);
    assert_int_equal(media_totals(s.media).received_n, 0);
    close(p.rtp_fd);
    p.rtp_fd = mine;
    telephone_listen(&p, s.at);
    assert_true(p.takes_n > 100); /* and we send where we were told to */
    telephone_close(&p);
    studio_close(&s);
}

static void a_peer_behind_translation_is_believed_after_three_packets_in_order(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p, real;
    studio_open(&s);
    telephone_open(&p, &s);
    telephone_open(&real, &s);
    real.to = p.to;
    p.want.then = MEDIA_SILENCE;
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 100);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(studio_count(&s, p.ref, MEDIA_LATCHED), 0);
        telephone_say(&real, 0xd5, STUDIO_FRAME);
        studio_run(&s, 20);
    }
    assert_int_equal(studio_find(&s, p.ref, MEDIA_LATCHED, 0)->source.port, real.port);
    telephone_listen(&real, s.at);
    real.takes_n = p.takes_n = 0;
    run_and_listen(&s, &real, 200);
    assert_int_equal(real.takes_n, 10);    /* and there we send now */
    telephone_say(&p, 0xd5, STUDIO_FRAME); /* the one of the SDP is too late */
    run_and_listen(&s, &p, 20);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LATCHED), 1);
    telephone_close(&real);
    telephone_close(&p);
    studio_close(&s);
}

static void silence_of_two_and_four_seconds_is_told_and_the_return_too(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    telephone_set(&p, &s);
    studio_run(&s, 1950);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_QUIET), 0);
    studio_run(&s, 80);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_QUIET), 1);
    studio_run(&s, 1900);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LOST), 0);
    studio_run(&s, 100);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_LOST), 1);
    telephone_say(&p, 0xd5, STUDIO_FRAME);
    studio_run(&s, 40);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_BACK), 1);
    p.want.direction = MEDIA_SENDONLY; /* on hold nobody has to speak */
    telephone_set(&p, &s);
    studio_run(&s, 10000);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_QUIET), 1);
    telephone_close(&p);
    studio_close(&s);
}

static void rtcp_send_report(const struct telephone *p, bool is_bye)
{
    uint8_t bytes[RTCP_BYTES_MAX];
    struct rtcp_say say = {.ssrc = p->ssrc, .is_sender = true, .is_bye = is_bye};
    size_t n = rtcp_write(bytes, &say);
    assert_true(sendto(p->rtcp_fd, bytes, n, 0, (const struct sockaddr *)&p->rtcp_to,
                       sizeof(p->rtcp_to)) > 0);
}

static void rtcp_alone_is_a_sign_of_life_and_its_bye_is_told(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.join_number = 3;
    telephone_set(&p, &s);
    for (unsigned i = 0; i < 8; i++) {
        rtcp_send_report(&p, i == 7);
        studio_run(&s, 1000);
    }
    assert_int_equal(studio_count(&s, p.ref, MEDIA_QUIET), 0);
    assert_int_equal(studio_find(&s, p.ref, MEDIA_HEARD, 0)->join_number, 3);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_PEER_LEFT), 1);
    telephone_close(&p);
    studio_close(&s);
}

static unsigned rtcp_count(const struct telephone *p, unsigned *byes_n)
{
    uint8_t bytes[512];
    unsigned n = 0;
    for (ssize_t got; (got = recv(p->rtcp_fd, bytes, sizeof(bytes), 0)) > 0; n++) {
        struct rtcp_news news;
        struct rtcp_bytes in = {bytes, (size_t)got, p->ssrc};
        assert_int_equal(rtcp_read(&news, &in), RTCP_GOOD);
        *byes_n += news.has_bye;
    }
    return n;
}

static void we_report_each_five_seconds_or_so_and_say_bye(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    unsigned byes_n = 0;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_SILENCE;
    p.want.wants_counts = true;
    telephone_set(&p, &s);
    studio_run(&s, 60000);
    assert_in_range(rtcp_count(&p, &byes_n), 8, 24);
    assert_int_equal(byes_n, 0);
    assert_in_range(studio_count(&s, p.ref, MEDIA_COUNTS), 8, 24);
    s.port.drop(s.port.arg, p.ref);
    studio_run(&s, 2);
    assert_int_equal(rtcp_count(&p, &byes_n), 1);
    assert_int_equal(byes_n, 1);
    const struct media_report *last = &s.reports[s.reports_n - 1];
    assert_true(last->kind == MEDIA_CLOSED && last->counts.sent_n >= 2999);
    telephone_close(&p);
    studio_close(&s);
}

/* ---- places, ports, references ---- */

static void
a_dropped_stream_is_stale_at_once_and_its_place_comes_back_with_another_gen(void **state)
{
    (void)state;
    struct studio s;
    struct media_opened a, b;
    const struct media_opening none = {.port = 0};
    struct media_want want = {.payload_type = 8};
    studio_open_with(&s, (struct media_args){.streams_max = 1});
    assert_int_equal(s.port.open(s.port.arg, &none, &a), MEDIA_OPENED);
    assert_int_equal(s.port.open(s.port.arg, &none, &b), MEDIA_STREAMS_FULL);
    s.port.drop(s.port.arg, a.ref);
    assert_int_equal(s.port.set(s.port.arg, a.ref, &want), ESTALE);
    assert_int_equal(s.port.open(s.port.arg, &none, &b), MEDIA_STREAMS_FULL);
    studio_run(&s, 2);
    assert_int_equal(studio_count(&s, a.ref, MEDIA_CLOSED), 1);
    assert_int_equal(s.port.open(s.port.arg, &none, &b), MEDIA_OPENED);
    assert_true(b.ref.slot == a.ref.slot && b.ref.gen != a.ref.gen);
    assert_int_equal(b.rtp_port % 2, 0);
    assert_int_not_equal(b.rtp_port, a.rtp_port); /* the longest free goes next */
    s.port.drop(s.port.arg, a.ref);
    assert_int_equal(s.port.set(s.port.arg, b.ref, &want), 0);
    studio_close(&s);
}

static void the_bound_of_streams_holds_and_what_lies_past_it_is_refused_in_words(void **state)
{
    (void)state;
    struct studio s;
    struct media_opened opened[23];
    const struct media_opening none = {.port = 0};
    studio_open_with(&s, (struct media_args){.streams_max = 23});
    for (unsigned i = 0; i < 23; i++)
        assert_int_equal(s.port.open(s.port.arg, &none, &opened[i]), MEDIA_OPENED);
    for (unsigned i = 0; i < 230; i++)
        assert_int_equal(s.port.open(s.port.arg, &none, &opened[0]), MEDIA_STREAMS_FULL);
    assert_int_equal(media_totals(s.media).streams_n, 23);
    for (unsigned v = MEDIA_OPENED; v <= MEDIA_NO_SOCKET; v++)
        assert_true(strlen(s.port.why((enum media_verdict)v)) > 5);
    studio_close(&s);
}

static void ports_taken_by_others_are_passed_over_and_an_empty_range_is_said(void **state)
{
    (void)state;
    struct studio s;
    struct media_opened opened;
    const struct media_opening none = {.port = 0};
    uint16_t first = studio_free_port();
    int fd = studio_socket(&first);
    studio_open_with(&s, (struct media_args){.port_first = first, .port_last = first + 1});
    assert_int_equal(s.port.open(s.port.arg, &none, &opened), MEDIA_PORTS_EXHAUSTED);
    assert_int_equal(media_totals(s.media).streams_n, 0);
    studio_close(&s);
    close(fd);
    studio_open_with(&s, (struct media_args){.port_first = first, .port_last = first + 101});
    unsigned n = 0;
    while (s.port.open(s.port.arg, &none, &opened) == MEDIA_OPENED)
        n++;
    assert_int_equal(n, 51);
    studio_close(&s);
}

static void an_order_past_a_bound_is_refused_whole(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    struct media_want want = p.want;
    want.list.n = MEDIA_LIST_MAX;
    want.keys.n = MEDIA_KEYS_MAX;
    memset(want.keys.keys, '1', sizeof(want.keys.keys));
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), 0);
    want.list.n = MEDIA_LIST_MAX + 1;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), E2BIG);
    want.list.n = 0;
    want.keys.n = MEDIA_KEYS_MAX + 1;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), E2BIG);
    want.keys.n = 1;
    want.keys.keys[0] = 'x';
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), EINVAL);
    want = p.want;
    want.payload_type = 128;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), EINVAL);
    want = p.want;
    want.rtp.ip_n = 16;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), EAFNOSUPPORT);
    telephone_close(&p);
    studio_close(&s);
}

static void when_main_is_slow_the_latest_of_each_kind_waits_and_the_rest_is_counted(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    struct media_report r;
    studio_open_with(&s, (struct media_args){.streams_max = 4, .reports_n = 2});
    telephone_open(&p, &s);
    telephone_set(&p, &s);
    for (unsigned event = 0; event < 10; event++) {
        telephone_press(&p, event);
        for (unsigned i = 0; i < 40; i++)
            media_turn(s.media, 0, ++s.at);
    }
    assert_true(media_totals(s.media).reports_held_n > 0);
    studio_collect(&s); /* the two that had found room: key 0 */
    assert_int_equal(s.reports_n, 2);
    for (unsigned i = 0; i < 40; i++)
        media_turn(s.media, 0, ++s.at);
    assert_true(s.port.next(s.port.arg, &r));
    assert_true(r.kind == MEDIA_KEY_BEGUN && r.key.key == '9' && r.left_out_n == 8);
    assert_true(s.port.next(s.port.arg, &r));
    assert_true(r.kind == MEDIA_KEY_ENDED && r.key.key == '9' && r.left_out_n == 8);
    s.port.drop(s.port.arg, p.ref);
    studio_run(&s, 40);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_CLOSED), 1);
    telephone_close(&p);
    studio_close(&s);
}

static void streams_are_spread_evenly_over_the_milliseconds(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p[40];
    studio_open(&s);
    for (unsigned i = 0; i < ARRAY_LEN(p); i++) {
        telephone_open(&p[i], &s);
        p[i].want.then = MEDIA_SILENCE;
        telephone_set(&p[i], &s);
    }
    studio_run(&s, 1);
    for (unsigned ms = 0; ms < 100; ms++) {
        uint64_t before = media_totals(s.media).sent_n;
        studio_run(&s, 1);
        assert_int_equal(media_totals(s.media).sent_n - before, 2);
    }
    for (unsigned i = 0; i < ARRAY_LEN(p); i++)
        telephone_close(&p[i]);
    studio_close(&s);
}

static void a_thread_kept_from_running_leaves_frames_out_and_keeps_the_clock(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_SILENCE;
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 100);
    unsigned n = p.takes_n;
    s.at += 60000; /* the machine was away for a minute */
    run_and_listen(&s, &p, 100);
    assert_in_range(p.takes_n - n, 14, 16); /* 200 ms at once, then as ever */
    uint32_t first = p.takes[0].head.ticks, last = p.takes[p.takes_n - 1].head.ticks;
    assert_in_range(last - first, 8 * 60000, 8 * 60300);
    assert_int_equal((uint16_t)(p.takes[p.takes_n - 1].head.seq - p.takes[0].head.seq),
                     p.takes_n - 1);
    assert_in_range(media_totals(s.media).late_ms, 59700, 60000);
    telephone_close(&p);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(music_is_a_frame_each_20_ms_and_begins_with_a_marker),
        cmocka_unit_test(prompts_then_music_go_on_in_one_row_and_the_end_of_the_list_is_told),
        cmocka_unit_test(after_a_prompt_the_music_goes_on_where_it_was),
        cmocka_unit_test(a_key_ends_a_list_that_says_so_at_once_and_no_other),
        cmocka_unit_test(each_press_is_told_once_begun_and_once_ended),
        cmocka_unit_test(keys_that_we_press_arrive_as_presses_with_three_ends),
        cmocka_unit_test(packets_of_a_stranger_change_nothing_and_are_told_once),
        cmocka_unit_test(a_stranger_is_not_taken_for_a_peer_that_was_never_heard),
        cmocka_unit_test(a_peer_behind_translation_is_believed_after_three_packets_in_order),
        cmocka_unit_test(silence_of_two_and_four_seconds_is_told_and_the_return_too),
        cmocka_unit_test(rtcp_alone_is_a_sign_of_life_and_its_bye_is_told),
        cmocka_unit_test(we_report_each_five_seconds_or_so_and_say_bye),
        cmocka_unit_test(
            a_dropped_stream_is_stale_at_once_and_its_place_comes_back_with_another_gen),
        cmocka_unit_test(the_bound_of_streams_holds_and_what_lies_past_it_is_refused_in_words),
        cmocka_unit_test(ports_taken_by_others_are_passed_over_and_an_empty_range_is_said),
        cmocka_unit_test(an_order_past_a_bound_is_refused_whole),
        cmocka_unit_test(when_main_is_slow_the_latest_of_each_kind_waits_and_the_rest_is_counted),
        cmocka_unit_test(streams_are_spread_evenly_over_the_milliseconds),
        cmocka_unit_test(a_thread_kept_from_running_leaves_frames_out_and_keeps_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
