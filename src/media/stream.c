/* stream.c — a stream from its first order to its end.
 * Called by thread.c when main wants something else, and in each frame in which the stream is
 * looked after. Every part of an order is compared with what the stream does already: the same
 * order twice changes nothing. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "media/thread.h"

/* ---- the peer ---- */

/* Sets where RTCP goes: as negotiated, else (and behind a translation) beside the RTP. */
static void find_control(struct stream *s)
{
    const struct media_want *want = &s->order->want;
    struct media_address beside = s->source.peer;
    beside.port = (uint16_t)(beside.port + (want->is_rtcp_mux ? 0 : 1));
    bool is_negotiated = want->rtcp.ip_n > 0 && !want->is_nat;
    socket_address_of(&s->control.to, is_negotiated ? &want->rtcp : &beside);
}

/* Only once the source is locked may the kernel filter by it. */
void stream_latch(struct stream *s)
{
    socket_address_of(&s->to, &s->source.peer);
    s->is_connected = socket_connect(s->rtp_fd, &s->to);
    find_control(s);
}

static void apply_peer(struct media_thread *t, struct stream *s)
{
    const struct media_want *want = &s->order->want;
    bool is_same =
        media_address_same(&want->rtp, &s->source.negotiated) && want->is_nat == s->source.is_nat;
    if (!is_same) {
        if (s->is_connected)
            socket_disconnect(s->rtp_fd);
        s->is_connected = s->is_refusal_told = false;
        source_begin(&s->source, &want->rtp, want->is_nat);
        socket_address_of(&s->to, &want->rtp);
        s->remote_at = s->life_at = t->at;
    }
    find_control(s);
}

/* ---- the other parts of an order ---- */

void stream_listen(struct media_thread *t, struct stream *s)
{
    bool is_listening = s->order->want.direction == MEDIA_SENDRECV && s->to.n > 0;
    if (is_listening && !s->is_listening) {
        s->life_at = t->at;
        s->quiet = STREAM_HEARD;
    }
    s->is_listening = is_listening;
}

static void apply_list(struct stream *s)
{
    const struct media_list *list = &s->order->want.list;
    if (list->number == s->list_number)
        return;
    s->list_number = list->number;
    s->list_i = 0;
    s->list_frame = 0;
    s->is_list_on = list->number != 0;
}

static void apply_keys(struct stream *s)
{
    const struct media_want *want = &s->order->want;
    if (want->keys.number != s->keys_number) {
        s->keys_number = want->keys.number;
        s->are_keys_on = want->keys.number != 0;
        dtmf_out_begin(&s->keys_out, &want->keys);
    }
    s->are_keys_on = s->are_keys_on && want->key_type != 0;
}

static void apply_join(struct stream *s)
{
    uint32_t number = s->order->want.join_number;
    if (number == s->join_number)
        return;
    s->join_number = number;
    s->is_join_due = number != 0;
}

static void apply_voice(struct stream *s)
{
    uint32_t number = s->order->want.voice_number;
    if (number != s->voice.number)
        s->voice = (struct voice){.number = number};
}

static void leave_bridge(struct media_thread *t, struct stream *s)
{
    if (!s->is_in_epoll || s->is_browser)
        return;
    (void)epoll_ctl(t->epoll_fd, EPOLL_CTL_DEL, s->rtp_fd, NULL); /* it is there: cannot fail */
    s->is_in_epoll = false;
    t->bridged_n--;
}

static void leave_echo(struct media_thread *t, struct stream *s)
{
    if (s->echo_i)
        t->echoes[s->echo_i - 1].is_used = false;
    s->echo_i = 0;
}

/* Past ECHO_MAX there is none left, and silence is sent. */
static void apply_echo(struct media_thread *t, struct stream *s)
{
    if (s->order->want.then != MEDIA_ECHO) {
        leave_echo(t, s);
        return;
    }
    for (uint8_t i = 0; !s->echo_i && i < ECHO_MAX; i++) {
        if (t->echoes[i].is_used)
            continue;
        echo_begin(&t->echoes[i], s->order->want.codec);
        s->echo_i = (uint8_t)(i + 1);
        s->echo_frames_n = 0;
    }
}

/* Bridged streams, mixed ones and those sent back are read at arrival. When the kernel has no room
 * for one more, each frame. */
static void apply_bridge(struct media_thread *t, struct stream *s)
{
    enum media_then then = s->order->want.then;
    if (then != MEDIA_BRIDGE && then != MEDIA_MIX && then != MEDIA_ECHO) {
        leave_bridge(t, s);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = s->slot - t->first_slot};
    if (s->is_in_epoll || epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, s->rtp_fd, &event))
        return;
    s->is_in_epoll = true;
    t->bridged_n++;
}

/* ---- beginning and end ---- */

static void begin(struct media_thread *t, struct stream *s, const struct stream_order *order)
{
    uint32_t slot = s->slot;
    memset(s, 0, sizeof(*s));
    s->slot = slot;
    s->gen = order->gen;
    s->rtp_fd = s->rtcp_fd = -1;
    if (order->is_browser)
        webport_join(t, s);
    s->ssrc = order->random[0];
    s->seq = (uint16_t)(order->random[1] & 0x7fff); /* no turn soon: RFC 3711 §3.3.1 */
    s->ticks_base = order->random[2];
    s->ticks_free = s->ticks_base + (uint32_t)((uint64_t)t->at * RTP_TICKS_PER_MS);
    s->is_marker_due = true;
    s->control.chance = order->random[3] | 1;
    s->control.next_at = t->at + 1000 + (ms_t)(order->random[3] % 4000);
    s->life_at = s->remote_at = t->at;
    t->active_n++;
}

static void end(struct media_thread *t, struct stream *s)
{
    leave_bridge(t, s);
    leave_echo(t, s);
    mix_leave(t, s);
    control_leave(t, s);
    secure_end(t, s);
    if (s->is_browser)
        webport_leave(t, s);
    for (unsigned i = 0; i < MEDIA_FAMILIES; i++) {
        int fds[2] = {s->order->fds[i][0], s->order->fds[i][1]};
        socket_pair_drop(fds);
    }
    s->rtp_fd = s->rtcp_fd = -1;
    s->is_closed = true;
    report_add(t, s, MEDIA_CLOSED);
}

/* The sockets of the peer's family; until it is known, those that there are. */
static void apply_family(struct media_thread *t, struct stream *s)
{
    const struct stream_order *order = s->order;
    unsigned side = order->want.rtp.ip_n ? media_address_side(&order->want.rtp)
                                         : (unsigned)(order->fds[0][0] < 0);
    bool is_known = s->rtp_fd >= 0 && !order->want.rtp.ip_n;
    if (is_known || s->is_browser || s->rtp_fd == order->fds[side][0])
        return;
    leave_bridge(t, s);
    if (s->is_connected)
        socket_disconnect(s->rtp_fd);
    s->is_connected = s->measure.is_on = false;
    s->rtp_fd = order->fds[side][0];
    s->rtcp_fd = order->fds[side][1];
}

void stream_apply(struct media_thread *t, struct stream *s, const struct stream_order *order)
{
    if (order->gen != s->gen)
        begin(t, s, order);
    s->order = order;
    apply_family(t, s);
    if (order->is_closing) {
        end(t, s);
        return;
    }
    secure_apply(t, s);
    coded_apply(t, s);
    if (s->is_browser)
        webport_apply(t, s);
    else
        apply_peer(t, s);
    stream_listen(t, s);
    apply_list(s);
    apply_keys(s);
    apply_join(s);
    apply_voice(s);
    apply_bridge(t, s);
    if (!s->is_browser)
        measure_apply(s);
    apply_echo(t, s);
    mix_apply(t, s);
}

void stream_stop_list(struct media_thread *t, struct stream *s, bool is_by_key)
{
    s->is_list_on = false;
    s->due.list_number = s->list_number;
    s->due.is_by_key = is_by_key;
    report_add(t, s, MEDIA_LIST_ENDED);
}

/* ---- looking after ---- */

/* Is the peer still there? Told at two seconds and at four; what that means is not ours to say. */
static void watch(struct media_thread *t, struct stream *s)
{
    ms_t quiet_ms = t->at - s->life_at;
    if (!s->is_listening)
        return;
    if (s->quiet == STREAM_HEARD && quiet_ms >= MEDIA_QUIET_MS) {
        s->quiet = STREAM_QUIET;
        report_add(t, s, MEDIA_QUIET);
    }
    if (s->quiet == STREAM_QUIET && quiet_ms >= MEDIA_LOST_MS) {
        s->quiet = STREAM_LOST;
        report_add(t, s, MEDIA_LOST);
    }
}

static void close_source(struct media_thread *t, struct stream *s)
{
    bool is_open = !s->source.is_locked && !s->source.is_nat && s->to.n > 0;
    if (!is_open || t->at - s->remote_at < SOURCE_OPEN_MS)
        return;
    source_close(&s->source);
    stream_latch(s);
}

void stream_tend(struct media_thread *t, struct stream *s)
{
    struct dtmf_news news;
    dtmf_in_wait(&s->keys_in, t->at, &news);
    report_keys(t, s, &news);
    if (s->is_browser)
        webport_tend(t, s);
    watch(t, s);
    close_source(t, s);
    control_run(t, s);
    if (s->echo_i && ++s->echo_frames_n % ECHO_TELL_FRAMES == 0)
        report_add(t, s, MEDIA_COUNTS);
    if (s->due.kinds)
        report_flush(t, s);
}
