/* hostile.c — packets that are meant to do harm: reports that do not hold together, from the peer's
 * own address and in any shape; reports of strangers that do; noise on the way of the sound; lies
 * of the peer. A twin that nobody attacks says what would have been. */
#include "media/rtcp.h"
#include "test/support/telephone.h"

#define BAD_N 10000
#define BATCH 15 /* fewer than are read at once */

struct twins {
    struct studio s;
    struct telephone hit, calm;
    uint32_t chance;
};

static uint32_t draw(struct twins *t)
{
    t->chance ^= t->chance << 13;
    t->chance ^= t->chance >> 17;
    t->chance ^= t->chance << 5;
    return t->chance;
}

static void twins_open(struct twins *t, bool is_mux)
{
    struct telephone *both[] = {&t->hit, &t->calm};
    memset(t, 0, sizeof(*t));
    t->chance = 20261122;
    studio_open(&t->s);
    for (unsigned i = 0; i < 2; i++) {
        telephone_open(both[i], &t->s);
        both[i]->want.is_rtcp_mux = is_mux;
        both[i]->want.then = MEDIA_SILENCE;
        both[i]->want.join_number = 1;
        if (is_mux)
            both[i]->want.rtcp = both[i]->want.rtp;
        telephone_set(both[i], &t->s);
    }
}

static const struct media_counts *counts_of(struct twins *t, const struct telephone *p)
{
    t->s.port.drop(t->s.port.arg, p->ref);
    studio_run(&t->s, 2);
    return &studio_find(&t->s, p->ref, MEDIA_CLOSED, 0)->counts;
}

/* Nothing but the number of refused packets tells the two apart. */
static void twins_end(struct twins *t, uint32_t refused_n)
{
    struct media_counts hit = *counts_of(t, &t->hit), calm = *counts_of(t, &t->calm);
    assert_int_equal(hit.refused_n, refused_n);
    assert_int_equal(calm.refused_n, 0);
    assert_int_equal(hit.received_n, calm.received_n);
    assert_int_equal(hit.lost_n, calm.lost_n);
    assert_int_equal(hit.peer_lost_n, calm.peer_lost_n);
    assert_int_equal(hit.peer_jitter_ms, calm.peer_jitter_ms);
    assert_int_equal(hit.round_trip_ms, calm.round_trip_ms);
    assert_true(hit.has_peer == calm.has_peer && hit.has_jitter == calm.has_jitter);
    assert_in_range(hit.sent_n, calm.sent_n - 1, calm.sent_n + 1);
    for (unsigned kind = 0; kind < MEDIA_KINDS; kind++)
        if (kind != MEDIA_SOURCE_REFUSED)
            assert_int_equal(studio_count(&t->s, t->hit.ref, (enum media_kind)kind),
                             studio_count(&t->s, t->calm.ref, (enum media_kind)kind));
    telephone_close(&t->hit);
    telephone_close(&t->calm);
    studio_close(&t->s);
}

/* ---- reports ---- */

static size_t a_report(const struct telephone *p, uint32_t ssrc, uint8_t bytes[RTCP_BYTES_MAX])
{
    const struct rtcp_say say = {.ssrc = ssrc,
                                 .is_sender = true,
                                 .has_block = true,
                                 .is_bye = true,
                                 .ntp = 0x1122334455667788,
                                 .about_ssrc = ssrc,
                                 .lost_share = 255,
                                 .block = {.lost_n = 4000000, .jitter_ticks = 80000},
                                 .name = "0123456789abcde"};
    (void)p;
    return rtcp_write(bytes, &say);
}

/* One that does not hold together, told by rtcp_read() itself: cut, other lengths, other versions
 * and types, other counts, noise from its third byte on. */
static size_t spoil(struct twins *t, uint8_t bytes[RTCP_BYTES_MAX])
{
    struct rtcp_news news;
    for (;;) { /* ends: most of what is made here is bad */
        size_t n = a_report(&t->hit, t->hit.ssrc, bytes);
        uint32_t how = draw(t) % 6, at = draw(t);
        if (how == 0)
            n = 1 + at % (n - 1);
        else if (how == 1)
            bytes[3] = (uint8_t)at;
        else if (how == 2)
            bytes[at % 2 ? 0 : 1] ^= (uint8_t)(at >> 8);
        else if (how == 3)
            bytes[0] = (uint8_t)((bytes[0] & 0xe0) | (at & 0x1f));
        else
            for (size_t i = how == 4 ? 2 : at % n; i < n; i++)
                bytes[i] = (uint8_t)draw(t);
        const struct rtcp_bytes in = {bytes, n, 0};
        if (rtcp_read(&news, &in) != RTCP_GOOD)
            return n;
    }
}

static void send_to(int fd, const struct sockaddr_in *to, const uint8_t *bytes, size_t n)
{
    assert_true(sendto(fd, bytes, n, 0, (const struct sockaddr *)to, sizeof(*to)) > 0);
}

static void ten_thousand_bad_reports_of_the_peer_itself_change_nothing(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct twins t;
    twins_open(&t, false);
    studio_run(&t.s, 100);
    for (unsigned i = 0; i < BAD_N; i++) {
        size_t n = spoil(&t, bytes);
        send_to(t.hit.rtcp_fd, &t.hit.rtcp_to, bytes, n);
        if (i % BATCH == BATCH - 1)
            studio_run(&t.s, 1000);
    }
    studio_run(&t.s, 2000);
    assert_int_equal(studio_count(&t.s, t.hit.ref, MEDIA_LOST), 1); /* no sign of life, all that */
    twins_end(&t, BAD_N);
}

/* On the way of the sound, where RTP and RTCP share a port: noise, and bad reports. */
static void noise_on_a_shared_port_changes_nothing(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct twins t;
    twins_open(&t, true);
    studio_run(&t.s, 100);
    for (unsigned i = 0; i < BAD_N; i++) {
        size_t n = i % 2 ? spoil(&t, bytes) : 1 + draw(&t) % 100;
        for (size_t k = 0; !(i % 2) && k < n; k++)
            bytes[k] = (uint8_t)draw(&t);
        bytes[0] = i % 2 ? bytes[0] : bytes[0] & 0x7f; /* never version 2: else it may be sound */
        if (i % 2 && !rtp_is_rtcp(bytes, n))
            bytes[0] &= 0x3f;
        send_to(t.hit.rtp_fd, &t.hit.to, bytes, n);
        if (i % BATCH == BATCH - 1)
            studio_run(&t.s, 60);
    }
    studio_run(&t.s, 6000);
    twins_end(&t, BAD_N);
}

/* Sound reports, with a BYE, by who only knows our port: from another address of this machine. */
static void sound_reports_of_a_stranger_change_nothing(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct twins t;
    struct sockaddr_in there = studio_loopback(0);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    assert_true(fd >= 0 && !bind(fd, (struct sockaddr *)&there, sizeof(there)));
    twins_open(&t, false);
    studio_run(&t.s, 100);
    for (unsigned i = 0; i < 300; i++) {
        size_t n = a_report(&t.hit, t.hit.ssrc, bytes);
        send_to(fd, &t.hit.rtcp_to, bytes, n);
        if (i % BATCH == BATCH - 1)
            studio_run(&t.s, 1000);
    }
    studio_run(&t.s, 2000);
    assert_int_equal(studio_count(&t.s, t.hit.ref, MEDIA_PEER_LEFT), 0);
    twins_end(&t, 300);
    close(fd);
}

/* ---- what a peer may say of itself ---- */

/* Our SSRC, as it stands in what we send. */
static uint32_t ours(struct twins *t)
{
    telephone_listen(&t->hit, t->s.at);
    assert_true(t->hit.takes_n > 0);
    return t->hit.takes[0].head.ssrc;
}

static void a_round_trip_that_nobody_could_talk_over_is_not_believed(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct twins t;
    twins_open(&t, false);
    studio_run(&t.s, 200);
    const struct rtcp_say say = {
        .ssrc = t.hit.ssrc,
        .has_block = true,
        .about_ssrc = ours(&t),
        .block = {.lost_n = 7, .jitter_ticks = 160, .last_sr = 1, .since_sr = 1},
        .name = "0123456789abcde"};
    size_t n = rtcp_write(bytes, &say);
    for (uint32_t last_sr = 1; last_sr < 60000 * 65536u; last_sr += 37 * 65536u) {
        net_put_u32(bytes + 24, last_sr); /* of the block */
        send_to(t.hit.rtcp_fd, &t.hit.rtcp_to, bytes, n);
        studio_run(&t.s, 60);
    }
    studio_run(&t.s, 1000);
    const struct media_counts *c = counts_of(&t, &t.hit);
    assert_true(c->round_trip_ms <= 10000);
    assert_true(c->has_peer && c->peer_lost_n == 7 && c->peer_jitter_ms == 20);
    telephone_close(&t.hit);
    telephone_close(&t.calm);
    studio_close(&t.s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_bad_reports_of_the_peer_itself_change_nothing),
        cmocka_unit_test(noise_on_a_shared_port_changes_nothing),
        cmocka_unit_test(sound_reports_of_a_stranger_change_nothing),
        cmocka_unit_test(a_round_trip_that_nobody_could_talk_over_is_not_believed),
    };
    return cmocka_run_group_tests_name("media/hostile", tests, NULL, NULL);
}
