/* secure.c — tests of encrypted streams: bridged with one in the clear, RTCP, keys that change, and
 * ten thousand packets that prove nothing. */
#include "media/rtcp.h"
#include "test/support/telephone.h"

#define BAD_N 10000
#define AT_ONCE 200
#define BYTES 200

static struct studio s;
static struct telephone p[2];
static struct seal_box box;

static void open_two(enum media_suite suite)
{
    studio_open(&s);
    assert_int_equal(seal_box_open(&box), 0);
    for (unsigned i = 0; i < 2; i++)
        telephone_open(&p[i], &s);
    telephone_secure(&p[0], &box, suite);
}

static void close_two(void)
{
    for (unsigned i = 0; i < 2; i++)
        telephone_close(&p[i]);
    studio_close(&s);
    seal_box_drop(&box);
}

static void bridge_them(void)
{
    for (unsigned i = 0; i < 2; i++) {
        p[i].want.then = MEDIA_BRIDGE;
        p[i].want.peer = p[1 - i].ref;
        telephone_set(&p[i], &s);
    }
    studio_run(&s, 20);
}

static void talk(unsigned frames_n)
{
    for (unsigned f = 0; f < frames_n; f++) {
        telephone_say(&p[0], (uint8_t)(f + 1), STUDIO_FRAME);
        telephone_say(&p[1], (uint8_t)(f + 101), STUDIO_FRAME);
        studio_run(&s, 20);
        telephone_listen(&p[0], s.at);
        telephone_listen(&p[1], s.at);
    }
}

static void a_secure_and_a_plain_side_hear_each_other_and_the_sound_is_untouched(void **state)
{
    (void)state;
    for (enum media_suite suite = MEDIA_CM_80; suite < MEDIA_SUITES; suite++) {
        open_two(suite);
        bridge_them();
        talk(50);
        assert_true(p[0].takes_n >= 49 && p[1].takes_n >= 49);
        assert_int_equal(p[0].unproved_n, 0);
        for (unsigned i = 1; i < 49; i++) {
            for (unsigned b = 0; b < STUDIO_FRAME; b++) {
                assert_int_equal(p[0].takes[i].payload[b], p[0].takes[0].payload[0] + i);
                assert_int_equal(p[1].takes[i].payload[b], p[1].takes[0].payload[0] + i);
            }
        }
        close_two();
    }
}

static void prompts_and_keys_are_encrypted_too(void **state)
{
    (void)state;
    open_two(MEDIA_GCM_256);
    p[0].want.then = MEDIA_LOOP;
    p[0].want.loop_id = studio_prompt(&s, 5, 10);
    p[0].want.keys = (struct media_keys){.number = 1, .n = 1, .keys = "5"};
    telephone_set(&p[0], &s);
    studio_run(&s, 1000);
    telephone_press(&p[0], 7);
    studio_run(&s, 200);
    telephone_listen(&p[0], s.at);
    assert_true(p[0].takes_n >= 40);
    assert_int_equal(p[0].unproved_n, 0);
    assert_int_equal(p[0].takes[0].head.type, KEY_TYPE);
    const struct media_report *r = studio_find(&s, p[0].ref, MEDIA_KEY_BEGUN, 0);
    assert_non_null(r);
    assert_int_equal(r->key.key, '7');
    close_two();
}

/* ---- RTCP ---------------------------------------------------------------------------------- */

static size_t write_report(const struct telephone *t, uint8_t *bytes)
{
    const struct rtcp_say say = {
        .ssrc = t->ssrc, .is_sender = true, .ntp = 5, .name = "0123456789abcde"};
    return rtcp_write(bytes, &say);
}

static void send_control(struct telephone *t, const uint8_t *bytes, size_t n)
{
    assert_true(sendto(t->rtcp_fd, bytes, n, 0, (const struct sockaddr *)&t->rtcp_to,
                       sizeof(t->rtcp_to)) > 0);
}

static void rtcp_is_encrypted_both_ways(void **state)
{
    (void)state;
    uint8_t bytes[BYTES];
    struct rtcp_news news;
    open_two(MEDIA_CM_32);
    p[0].want.then = MEDIA_SILENCE;
    telephone_set(&p[0], &s);
    studio_run(&s, 12000);
    ssize_t n = recv(p[0].rtcp_fd, bytes, sizeof(bytes), 0);
    assert_true(n > 0);
    size_t whole_n = srtcp_unprotect(&p[0].in, &box, bytes, (size_t)n);
    const struct rtcp_bytes in = {bytes, whole_n, p[0].ssrc};
    assert_int_equal(rtcp_read(&news, &in), RTCP_GOOD);
    assert_true(news.has_sr);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_LOST), 1);
    send_control(&p[0], bytes, write_report(&p[0], bytes)); /* in the clear: nobody's */
    studio_run(&s, 2000);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_BACK), 0);
    send_control(&p[0], bytes, srtcp_protect(&p[0].out, &box, bytes, write_report(&p[0], bytes)));
    studio_run(&s, 2000);
    assert_int_equal(studio_count(&s, p[0].ref, MEDIA_BACK), 1);
    close_two();
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void the_same_key_goes_on_and_another_one_begins_anew(void **state)
{
    (void)state;
    open_two(MEDIA_GCM_128);
    bridge_them();
    talk(10);
    const struct srtp before = p[0].in;
    telephone_set(&p[0], &s); /* the same */
    talk(10);
    assert_int_equal(p[0].unproved_n, 0);
    assert_true(p[0].in.senders[0].rtp.max > before.senders[0].rtp.max);
    p[0].ssrc++; /* and with it the keys */
    telephone_secure(&p[0], &box, MEDIA_CM_80);
    telephone_set(&p[0], &s);
    studio_run(&s, 20);
    unsigned heard_n = p[1].takes_n;
    talk(10);
    assert_true(p[1].takes_n >= heard_n + 9);
    assert_int_equal(p[0].unproved_n, 0);
    close_two();
}

static void a_call_of_an_hour_goes_past_the_end_of_its_numbers(void **state)
{
    (void)state;
    open_two(MEDIA_CM_80);
    bridge_them();
    p[1].seq = 60000;
    for (unsigned i = 0; i < 300; i++) { /* leaps, as when packets are lost */
        telephone_say(&p[0], 1, STUDIO_FRAME);
        telephone_say(&p[1], 2, STUDIO_FRAME);
        p[0].seq = (uint16_t)(p[0].seq + 900);
        p[0].ticks += 900 * STUDIO_FRAME;
        p[1].seq = (uint16_t)(p[1].seq + 900);
        studio_run(&s, 20);
        telephone_listen(&p[0], s.at);
        telephone_listen(&p[1], s.at);
    }
    assert_int_equal(p[0].takes_n, 300);
    assert_int_equal(p[1].takes_n, 300);
    assert_true(p[0].out.senders[0].rtp.max >> 16 >= 3);
    close_two();
}

static const struct media_report *last_roll(struct media_ref ref, unsigned *n)
{
    const struct media_report *r = NULL, *next;
    for (*n = 0; (next = studio_find(&s, ref, MEDIA_ROLLED, *n)); ++*n)
        r = next;
    return r;
}

/* Each roll is told once; the next process, which knows that alone, hears them at once. */
static void rolls_are_told_and_the_next_process_goes_on(void **state)
{
    (void)state;
    for (enum media_suite suite = MEDIA_CM_80; suite < MEDIA_SUITES; suite++) {
        unsigned n;
        open_two(suite);
        bridge_them();
        for (unsigned i = 0; i < 200; i++) {
            telephone_say(&p[0], 1, STUDIO_FRAME);
            p[0].seq = (uint16_t)(p[0].seq + 900);
            p[0].ticks += 900 * STUDIO_FRAME;
            studio_run(&s, 20);
        }
        const struct media_report *r = last_roll(p[0].ref, &n);
        assert_non_null(r);
        assert_int_equal(n, p[0].out.senders[0].rtp.max >> 16);
        assert_int_equal(r->rolls.n, n);
        assert_int_equal(r->rolls.ssrc, p[0].ssrc);
        struct telephone next;
        telephone_open(&next, &s);
        next.want.secret = p[0].want.secret;
        next.want.secret.goes_on = true;
        next.want.secret.rolls = r->rolls;
        next.box = p[0].box;
        next.out = p[0].out;
        next.ssrc = p[0].ssrc;
        next.seq = p[0].seq;
        telephone_set(&next, &s);
        studio_run(&s, 20);
        for (unsigned i = 0; i < 10; i++) {
            telephone_say(&next, 1, STUDIO_FRAME);
            studio_run(&s, 60);
        }
        s.port.drop(s.port.arg, next.ref);
        studio_run(&s, 100);
        const struct media_report *end = studio_find(&s, next.ref, MEDIA_CLOSED, 0);
        assert_non_null(end);
        assert_int_equal(end->counts.received_n, 10);
        assert_int_equal(end->counts.refused_n, 0);
        telephone_close(&next);
        close_two();
    }
}

/* ---- what proves nothing ------------------------------------------------------------------- */

static uint32_t chance(void)
{
    static uint32_t seed = 1;
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

typedef size_t bad_fn(uint8_t *bytes);

/* Of the right sender, with the next number, the right size: all but the key. */
static size_t forged(uint8_t *bytes)
{
    const struct rtp_header head = {.type = 8,
                                    .seq = (uint16_t)(p[0].seq + chance() % 9),
                                    .ticks = p[0].ticks,
                                    .ssrc = p[0].ssrc};
    rtp_write(bytes, &head);
    for (unsigned i = RTP_HEADER_BYTES; i < 182; i++)
        bytes[i] = (uint8_t)chance();
    return 182;
}

static size_t in_the_clear(uint8_t *bytes)
{
    (void)forged(bytes);
    return RTP_HEADER_BYTES + STUDIO_FRAME;
}

static size_t noise(uint8_t *bytes)
{
    size_t n = 1 + chance() % BYTES;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)chance();
    return n;
}

/* What was heard a moment ago. */
static uint8_t heard[BYTES];
static size_t heard_n;

static size_t repeated(uint8_t *bytes)
{
    memcpy(bytes, heard, heard_n);
    return heard_n;
}

static size_t damaged(uint8_t *bytes)
{
    struct srtp out = p[0].out;
    struct rtp_header head = {.type = 8, .seq = p[0].seq, .ticks = p[0].ticks, .ssrc = p[0].ssrc};
    rtp_write(bytes, &head);
    memset(bytes + RTP_HEADER_BYTES, 3, STUDIO_FRAME);
    size_t n = srtp_protect(&out, &box, bytes, RTP_HEADER_BYTES + STUDIO_FRAME);
    bytes[chance() % n] ^= (uint8_t)(1u << chance() % 8);
    return n;
}

/* One good packet, whose bytes are kept. */
static void say_and_keep(void)
{
    struct rtp_header head = {.type = 8, .seq = p[0].seq++, .ticks = p[0].ticks, .ssrc = p[0].ssrc};
    p[0].ticks += STUDIO_FRAME;
    rtp_write(heard, &head);
    memset(heard + RTP_HEADER_BYTES, 9, STUDIO_FRAME);
    heard_n = srtp_protect(&p[0].out, &box, heard, RTP_HEADER_BYTES + STUDIO_FRAME);
    assert_true(sendto(p[0].rtp_fd, heard, heard_n, 0, (const struct sockaddr *)&p[0].to,
                       sizeof(p[0].to)) > 0);
}

static void send_from(int fd, const struct sockaddr_in *to, const uint8_t *bytes, size_t n)
{
    assert_true(sendto(fd, bytes, n, 0, (const struct sockaddr *)to, sizeof(*to)) > 0);
}

static void ten_thousand_bad_packets_of_each_kind_change_nothing_but_their_count(void **state)
{
    (void)state;
    static bad_fn *const kinds[] = {forged, in_the_clear, noise, repeated, damaged};
    for (unsigned k = 0; k < ARRAY_LEN(kinds); k++) {
        uint8_t bytes[BYTES];
        open_two(k & 1 ? MEDIA_CM_80 : MEDIA_GCM_128);
        p[0].want.is_nat = true; /* the latch is open, and stays so */
        bridge_them();
        uint16_t port = 0;
        int elsewhere = studio_socket(&port);
        say_and_keep();
        studio_run(&s, 20);
        telephone_listen(&p[1], s.at);
        assert_int_equal(p[1].takes_n, 1);
        unsigned reports_n = s.reports_n;
        for (unsigned i = 0; i < BAD_N; i++) {
            send_from(p[0].rtp_fd, &p[0].to, bytes, kinds[k](bytes));
            if (i % 8 == 7) {
                send_from(elsewhere, &p[0].to, bytes, kinds[k](bytes));
                send_from(p[0].rtcp_fd, &p[0].rtcp_to, bytes, kinds[k](bytes));
            }
            if (i % AT_ONCE == AT_ONCE - 1)
                studio_run(&s, 20);
        }
        studio_run(&s, 1100); /* RTCP is looked at once a second */
        telephone_listen(&p[1], s.at);
        assert_int_equal(p[1].takes_n, 1);
        /* They were no life: the silence since the one good packet is told as if alone. */
        assert_int_equal(studio_count(&s, p[0].ref, MEDIA_QUIET), 1);
        assert_int_equal(studio_count(&s, p[0].ref, MEDIA_SOURCE_REFUSED), 0);
        assert_true(s.reports_n > reports_n);
        say_and_keep();
        studio_run(&s, 20);
        telephone_listen(&p[1], s.at);
        assert_int_equal(p[1].takes_n, 2);
        assert_true(media_totals(s.media).refused_n >= BAD_N);
        assert_int_equal(media_totals(s.media).received_n, 2);
        close(elsewhere);
        close_two();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secure_and_a_plain_side_hear_each_other_and_the_sound_is_untouched),
        cmocka_unit_test(prompts_and_keys_are_encrypted_too),
        cmocka_unit_test(rtcp_is_encrypted_both_ways),
        cmocka_unit_test(the_same_key_goes_on_and_another_one_begins_anew),
        cmocka_unit_test(a_call_of_an_hour_goes_past_the_end_of_its_numbers),
        cmocka_unit_test(rolls_are_told_and_the_next_process_goes_on),
        cmocka_unit_test(ten_thousand_bad_packets_of_each_kind_change_nothing_but_their_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
