/* control.c — RTCP of a stream: reports about each 5 s, BYE at its end (RFC 3550 §6).
 * Called by stream.c and receive.c. Cost: one packet in 5 s, against 250 of sound. */
#include <string.h>

#include "media/thread.h"

/* Half to one and a half times 5 s, so that streams do not speak together (RFC 3550 §6.3.1). */
#define CONTROL_MS_MIN 2500
#define CONTROL_MS_SPREAD 5000u

#define NTP_PER_MS_16 65536 / 1000 /* 1/65536 s */

/* A longer way there and back is not believed: nobody could talk over it. */
#define ROUND_TRIP_MS_MAX 10000

static ms_t next_interval(struct control *c)
{
    c->chance ^= c->chance << 13;
    c->chance ^= c->chance >> 17;
    c->chance ^= c->chance << 5;
    return CONTROL_MS_MIN + (ms_t)(c->chance % CONTROL_MS_SPREAD);
}

/* The instant as NTP writes it. Follows the monotonic clock, so that peers see no step. */
static uint64_t ntp_of(const struct media_thread *t)
{
    uint64_t ms = (uint64_t)(t->at + t->ntp_offset_ms);
    return (ms / 1000) << 32 | ((ms % 1000) << 32) / 1000;
}

/* Sets the block about their stream, and notes what was told (RFC 3550 A.3). */
static void say_heard(struct rtcp_say *say, struct stream *s, ms_t at)
{
    struct heard *h = &s->heard;
    uint32_t expected = h->seq_max - h->seq_first + 1;
    uint32_t expected_n = expected - h->expected_told_n, n = h->n - h->n_told;
    struct media_counts counts;
    report_counts(s, &counts);
    say->has_block = true;
    say->about_ssrc = h->ssrc;
    say->seq_max = h->seq_max;
    if (expected_n > n)
        say->lost_share = (uint8_t)((uint64_t)(expected_n - n) * 255 / expected_n);
    say->block.lost_n = counts.lost_n - h->lost_before_n;
    say->block.jitter_ticks = h->jitter_16 / 16 * s->scale;
    say->block.last_sr = s->control.their_sr;
    if (s->control.their_sr)
        say->block.since_sr = (uint32_t)((at - s->control.their_sr_at) * NTP_PER_MS_16);
    h->expected_told_n = expected;
    h->n_told = h->n;
}

/* The name says nothing about anybody: it is made of what the SSRC is made of. */
static void say_name(char name[RTCP_NAME_BYTES], const struct stream_order *order)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < RTCP_NAME_BYTES; i++)
        name[i] = digits[order->random[4 + i / 8] >> (4 * (i % 8)) & 15];
}

static void send_report(struct media_thread *t, struct stream *s, bool is_bye)
{
    uint8_t bytes[RTCP_BYTES_MAX + SRTP_MORE_MAX];
    struct rtcp_say say = {.ssrc = s->ssrc, .is_bye = is_bye};
    say.is_sender = s->sent_n != s->control.sent_told_n;
    say.ntp = ntp_of(t);
    say.ticks = (s->ticks_base + (uint32_t)((uint64_t)t->at * RTP_TICKS_PER_MS)) * s->scale;
    say.packets_n = (uint32_t)s->sent_n;
    say.bytes_n = (uint32_t)s->sent_bytes_n;
    if (s->heard.has_begun)
        say_heard(&say, s, t->at);
    say_name(say.name, s->order);
    s->control.sent_told_n = s->sent_n;
    size_t n = rtcp_write(bytes, &say);
    if (s->secure)
        n = secure_out_control(t, s, bytes, n);
    const struct socket_address *to = &s->control.to;
    int fd = s->rtcp_fd;
    if (s->order->want.is_rtcp_mux) {
        fd = s->rtp_fd;
        to = s->is_connected ? NULL : &s->to;
    }
    if (!n || !socket_send(fd, bytes, n, to))
        s->failed_n++;
}

void control_run(struct media_thread *t, struct stream *s)
{
    struct control *c = &s->control;
    if (t->at < c->next_at)
        return;
    c->next_at = t->at + next_interval(c);
    if (c->to.n > 0)
        send_report(t, s, false);
    if (s->order->want.wants_counts)
        report_add(t, s, MEDIA_COUNTS);
}

/* A stream that never sent anything just goes (RFC 3550 §6.3.7). */
void control_leave(struct media_thread *t, struct stream *s)
{
    if (s->control.to.n > 0 && s->sent_n > 0)
        send_report(t, s, true);
}

/* Sets the round trip: now, less when our report left, less how long they kept it. */
static void read_block(struct media_thread *t, struct stream *s, const struct rtcp_block *block)
{
    s->has_peer = true;
    s->peer_lost_n = block->lost_n;
    s->peer_jitter_ticks = block->jitter_ticks / s->scale;
    if (block->last_sr == 0)
        return;
    uint32_t now = (uint32_t)(ntp_of(t) >> 16);
    int32_t trip = (int32_t)(now - block->last_sr - block->since_sr);
    uint32_t trip_ms = (uint32_t)((uint64_t)(uint32_t)trip * 1000 >> 16);
    if (trip >= 0 && trip_ms <= ROUND_TRIP_MS_MAX)
        s->round_trip_ms = trip_ms;
}

void control_read(struct media_thread *t, struct stream *s, const struct rtcp_news *news)
{
    struct control *c = &s->control;
    if (news->has_sr) {
        c->their_sr = news->sr_middle;
        c->their_sr_at = t->at;
    }
    if (news->has_block)
        read_block(t, s, &news->block);
    if (news->has_bye && !c->has_left) {
        c->has_left = true;
        report_add(t, s, MEDIA_PEER_LEFT);
    }
}
