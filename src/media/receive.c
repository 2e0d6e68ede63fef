/* receive.c — what arrives: read, judged, and only then believed.
 * Called by thread.c: every third frame for waiting callers (their sound is not needed, their keys
 * are), every frame while prompts play, at arrival for bridged streams.
 * Cost: one system call for all packets of a stream, ~0.5 µs a packet.
 * Invariant: a packet of an unproved source changes nothing but the proof. */
#include <errno.h>
#include <string.h>

#include "media/packet.h"

#define US_PER_MS 1000

/* ---- the stages of a packet ---- */

/* Sets verdict and head: what kind of packet is it, by its own bytes? */
static void parse(struct packet *p)
{
    const struct media_want *want = &p->s->order->want;
    p->verdict = PACKET_REFUSED;
    if (rtp_is_rtcp(p->bytes, p->n)) {
        p->verdict = want->is_rtcp_mux ? PACKET_CONTROL : PACKET_REFUSED;
        return;
    }
    if (rtp_read(&p->head, p->bytes, p->n) != RTP_GOOD)
        return;
    p->verdict = PACKET_QUIET;
    uint8_t sound = want->payload_in ? want->payload_in : want->payload_type;
    uint8_t key = want->key_in ? want->key_in : want->key_type;
    if (p->head.type == sound && p->head.payload_n > 0)
        p->verdict = PACKET_SOUND;
    else if (key != 0 && p->head.type == key)
        p->verdict = PACKET_KEY;
    else if (want->noise_type != 0 && p->head.type == want->noise_type && p->head.payload_n > 0)
        p->verdict = PACKET_NOISE;
}

/* Sets verdict: may this source say anything? */
static void judge(struct packet *p)
{
    struct stream *s = p->s;
    if (p->verdict == PACKET_REFUSED || s->is_browser) /* whose pair was judged (webport.c) */
        return;
    if (p->verdict == PACKET_CONTROL) {
        if (!source_is_peer_ip(&s->source, &p->from))
            p->verdict = PACKET_REFUSED;
        return;
    }
    bool was_locked = s->source.is_locked;
    enum source_verdict v = source_judge(&s->source, &p->from, &p->head);
    if (v == SOURCE_REFUSED)
        p->verdict = PACKET_REFUSED;
    if (v == SOURCE_PROVING)
        p->verdict = PACKET_UNPROVED;
    if (s->source.is_locked && !was_locked)
        stream_latch(s);
    if (v == SOURCE_LATCHED)
        report_add(p->t, s, MEDIA_LATCHED);
}

/* Output: counted; somebody else than the peer is told once. */
static void refuse(struct packet *p)
{
    struct stream *s = p->s;
    bool is_peer = source_is_peer_ip(&s->source, &p->from);
    s->refused_n++;
    total_add(&p->t->totals.refused_n, 1);
    if (is_peer || s->is_refusal_told || s->source.negotiated.ip_n == 0)
        return;
    s->is_refusal_told = true;
    s->due.refused = p->from;
    report_add(p->t, s, MEDIA_SOURCE_REFUSED);
}

/* Output: opened, in place; or counted and nothing else: a packet that proves nothing is not even
 * told of. */
static bool open_sealed(struct packet *p, bool is_control)
{
    struct stream *s = p->s;
    p->n = is_control ? secure_in_control(p->t, s, p->bytes, p->n)
                      : secure_in(p->t, s, p->bytes, p->n);
    if (p->n)
        return true;
    s->refused_n++;
    total_add(&p->t->totals.refused_n, 1);
    return false;
}

/* Output: the peer lives. */
static void live(struct media_thread *t, struct stream *s)
{
    s->life_at = t->at;
    if (s->quiet != STREAM_HEARD) {
        s->quiet = STREAM_HEARD;
        report_add(t, s, MEDIA_BACK);
    }
    if (s->is_join_due) {
        s->is_join_due = false;
        report_add(t, s, MEDIA_HEARD);
    }
}

/* Output: jitter (RFC 3550 A.8), which only arrivals can tell that are seen at once. */
static void count_jitter(struct packet *p, bool is_first)
{
    struct heard *h = &p->s->heard;
    uint64_t now_us = p->came_us ? (uint64_t)p->came_us : (uint64_t)p->t->at * US_PER_MS;
    uint32_t now_ticks = (uint32_t)(now_us * RTP_TICKS_PER_MS / US_PER_MS);
    uint32_t transit = now_ticks - p->head.ticks;
    int32_t d = (int32_t)(transit - h->transit);
    h->transit = transit;
    if (is_first || p->verdict != PACKET_SOUND || (!p->s->is_in_epoll && !p->came_us))
        return;
    uint32_t step = (uint32_t)(d < 0 ? -d : d);
    p->s->has_jitter = true;
    if (step < STREAM_TICKS_JUMP_MAX)
        h->jitter_16 += step - ((h->jitter_16 + 8) >> 4);
}

static void begin_heard(struct packet *p)
{
    struct heard *h = &p->s->heard;
    struct dtmf_news news;
    struct media_counts so_far;
    report_counts(p->s, &so_far);
    *h = (struct heard){.has_begun = true,
                        .ssrc = p->head.ssrc,
                        .seq_first = p->head.seq,
                        .seq_max = p->head.seq,
                        .n = 1,
                        .lost_before_n = so_far.lost_n};
    dtmf_in_restart(&p->s->keys_in, &news);
    report_keys(p->t, p->s, &news);
}

/* Output: numbers and losses of their stream; another SSRC, or a jump, begins a new one. */
static void count(struct packet *p)
{
    struct heard *h = &p->s->heard;
    p->s->received_n++;
    total_add(&p->t->totals.received_n, 1);
    int ahead = (int16_t)(p->head.seq - (uint16_t)h->seq_max);
    bool is_new = !h->has_begun || h->ssrc != p->head.ssrc || ahead > STREAM_SEQ_JUMP_MAX ||
                  ahead < -STREAM_SEQ_JUMP_MAX;
    if (is_new) {
        begin_heard(p);
    } else {
        h->n++;
        h->seq_max += ahead > 0 ? (uint32_t)ahead : 0;
    }
    count_jitter(p, is_new);
}

/* Sets verdict when it is no key. Output: keys told to main; the list stops when it should. */
static void press(struct packet *p)
{
    struct stream *s = p->s;
    struct dtmf_news news;
    struct dtmf_packet event = {p->head.ticks, p->bytes + p->head.payload_i, p->head.payload_n,
                                p->t->at, s->order->want.is_key_wide};
    if (!dtmf_in_take(&s->keys_in, &event, &news)) {
        p->verdict = PACKET_QUIET;
        return;
    }
    report_keys(p->t, s, &news);
    if (news.begun && s->is_list_on && s->order->want.list.stops_on_key)
        stream_stop_list(p->t, s, true);
}

static void control(struct packet *p)
{
    struct rtcp_news news;
    struct rtcp_bytes in = {p->bytes, p->n, p->s->ssrc};
    if (rtcp_read(&news, &in) != RTCP_GOOD) {
        refuse(p);
        return;
    }
    live(p->t, p->s);
    control_read(p->t, p->s, &news);
}

static void send_back(const struct packet *p)
{
    const struct echo_packet sound = {.ssrc = p->head.ssrc,
                                      .ticks = p->head.ticks,
                                      .codes = p->bytes + p->head.payload_i,
                                      .n = p->head.payload_n,
                                      .at = p->t->at};
    if (p->verdict == PACKET_SOUND)
        echo_take(&p->t->echoes[p->s->echo_i - 1], &sound);
}

/* What came, or what was made of it: to all who want it. */
static void hear(struct packet *p)
{
    struct stream *s = p->s;
    bool may_hear = (s->order->want.direction & MEDIA_RECVONLY) != 0;
    if (s->measure.is_on && !p->is_made_up)
        measure_take(p);
    if (s->voice.number && !p->is_made_up && p->verdict == PACKET_SOUND && may_hear)
        voice_take(p);
    if (p->verdict == PACKET_KEY && may_hear)
        press(p);
    if (p->verdict == PACKET_SOUND && may_hear)
        tap_take(p);
    bool passes = p->verdict == PACKET_SOUND || p->verdict == PACKET_NOISE ||
                  (p->verdict == PACKET_KEY && !s->order->want.hides_keys);
    if (passes && may_hear && s->mix_i && p->verdict == PACKET_SOUND)
        mix_take(p);
    else if (passes && may_hear && s->echo_i)
        send_back(p);
    else if (passes && may_hear && p->onward)
        bridge_forward(p->onward);
}

void receive_take(struct packet *p)
{
    struct stream *s = p->s;
    if (s->secure && !open_sealed(p, rtp_is_rtcp(p->bytes, p->n)))
        return;
    parse(p);
    judge(p);
    if (p->verdict == PACKET_REFUSED) {
        refuse(p);
        return;
    }
    if (p->verdict == PACKET_UNPROVED)
        return;
    if (p->verdict == PACKET_CONTROL) {
        control(p);
        return;
    }
    live(p->t, s);
    if (s->scale > 1)
        coded_ticks(p);
    count(p);
    p->codec = s->order->want.codec;
    p->is_made_up = false;
    p->onward = p;
    if (s->coder)
        coded_take(p, hear);
    else
        hear(p);
}

/* ---- sockets ---- */

/* Sets the inbox. Returns how many packets came; errors of earlier packets (ICMP) are none. */
int receive_collect(struct media_thread *t, int fd, bool is_measured)
{
    struct inbox *in = &t->inbox;
    if (is_measured)
        measure_offer(in, true);
    int n = recvmmsg(fd, in->heads, RECEIVE_N, MSG_DONTWAIT, NULL);
    return n < 0 ? 0 : n;
}

/* Sets bytes, n and from out of the inbox, and makes its place ready again. False: too long. */
bool receive_unpack(struct packet *p, int i)
{
    struct inbox *in = &p->t->inbox;
    struct msghdr *head = &in->heads[i].msg_hdr;
    bool is_whole = !(head->msg_flags & MSG_TRUNC);
    p->bytes = in->bytes[i];
    p->n = in->heads[i].msg_len;
    socket_address_read(&p->from, &in->from[i]);
    p->came_us = p->s && p->s->measure.is_on ? measure_came_us(in, i) : 0;
    head->msg_namelen = sizeof(in->from[i]);
    return is_whole;
}

void receive_rtp(struct media_thread *t, struct stream *s)
{
    struct packet p = {.t = t, .s = s};
    bool is_measured = s->measure.is_on;
    int n = receive_collect(t, s->rtp_fd, is_measured);
    for (int i = 0; i < n; i++) {
        if (receive_unpack(&p, i))
            receive_take(&p);
        else
            refuse(&p);
    }
    if (is_measured)
        measure_offer(&t->inbox, false);
}

void receive_rtcp(struct media_thread *t, struct stream *s)
{
    struct packet p = {.t = t, .s = s};
    int n = receive_collect(t, s->rtcp_fd, false);
    for (int i = 0; i < n; i++) {
        bool is_theirs = receive_unpack(&p, i) && source_is_peer_ip(&s->source, &p.from);
        if (!is_theirs)
            refuse(&p);
        else if (!s->secure || open_sealed(&p, true))
            control(&p);
    }
}
