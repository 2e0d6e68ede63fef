/* stream.h — one stream, as its media thread sees it.
 * Included by media/ only. Fields are grouped by how often they are touched: the first cache lines
 * are all that a frame of music needs. */
#ifndef MEDIA_STREAM_H
#define MEDIA_STREAM_H

#include "media/coder.h"
#include "media/desk.h"
#include "media/dtmf.h"
#include "media/pack.h"
#include "media/secure.h"
#include "media/socket.h"
#include "media/source.h"

/* A waiting caller's packets are read every third frame: often enough for a key. */
#define STREAM_POLL_FRAMES 3
/* RTCP sockets are looked at once a second. */
#define STREAM_CONTROL_FRAMES 50
/* Numbers further apart than this are another stream. */
#define STREAM_SEQ_JUMP_MAX 1000
#define STREAM_TICKS_JUMP_MAX 8000

/* How their numbers become ours, while their packets leave through this stream. */
struct bridge_map {
    bool is_set;
    uint32_t slot, gen, ssrc; /* whose packets */
    uint16_t seq_delta, seq_max;
    uint16_t
        since_n; /* packets since it was set, at most STREAM_SEQ_JUMP_MAX: older ones are late */
    uint32_t ticks_delta, ticks;
    ms_t seen_at;
};

/* Their packets, counted (RFC 3550 A.1, A.3, A.8). */
struct heard {
    bool has_begun;
    uint32_t ssrc;
    uint32_t seq_first, seq_max; /* with cycles */
    uint32_t n;                  /* since seq_first */
    uint32_t lost_before_n;      /* under earlier SSRCs */
    uint32_t expected_told_n, n_told;
    uint32_t jitter_16, transit; /* ticks × 16; ticks */
};

struct control {
    ms_t next_at; /* our next report */
    struct socket_address to;
    uint32_t chance; /* of a small generator, for the intervals */
    uint32_t their_sr;
    ms_t their_sr_at;
    uint64_t sent_told_n;
    bool has_left; /* they said BYE */
};

/* Reports that wait for room, and the latest value of each kind. */
struct due {
    uint32_t kinds; /* bits by enum media_kind */
    uint16_t left_out_n[MEDIA_KINDS];
    char begun_key, ended_key;
    bool is_by_key;
    uint16_t ended_ms;
    uint32_t list_number, keys_number;
    struct media_address refused, chosen;
};

/* What a measured stream has heard (measure.c). */
struct measure {
    bool is_on; /* the kernel writes on each packet when it came */
    int64_t last_us;
    uint32_t last_seq;
    bool has_last;
    uint8_t frames_n; /* listened to since the first sound */
    ms_t sound_at;
    uint64_t squares;
    int32_t level_cdb;
};

/* Whether they speak (voice.c); number 0: nobody asks. */
struct voice {
    uint32_t number;
    uint32_t loud_ticks; /* that were loud, less what was not */
    bool is_told;
};

enum stream_quiet { STREAM_HEARD, STREAM_QUIET, STREAM_LOST };

struct stream {
    /* each frame sent */
    const struct stream_order *order; /* lent by the desk until the next take; NULL: no stream */
    int rtp_fd, rtcp_fd; /* of the peer's family; all of the order's are owned once it is closing;
                          * a browser's: the thread's, and none */
    uint32_t slot, gen;
    uint32_t ssrc;
    uint32_t ticks_base; /* ticks of a millisecond: base + 8 × at */
    uint32_t ticks_free; /* the first that no packet has used */
    uint16_t seq;        /* of the next packet */
    bool is_marker_due;  /* the next packet begins a talk spurt */
    bool is_connected;   /* the kernel filters by the peer's address and knows the way */
    bool is_list_on, are_keys_on;
    bool is_in_epoll, is_closed;
    bool is_browser;               /* on the thread's port of browsers, which is read at arrival */
    uint8_t echo_i, echo_frames_n; /* echo_i: of the thread's echoes, from 1; 0: none */
    uint16_t mix_i;                /* of the thread's mixes, from 1; 0: none */
    uint8_t scale;                 /* ticks of its codec's clock in one of 8 kHz */
    uint8_t list_i;
    uint32_t list_frame, loop_frame;
    uint64_t sent_n, failed_n;
    struct socket_address to;
    struct srtp_pair *secure; /* borrowed from the thread; NULL: in the clear */
    struct coder *coder;      /* the same; NULL: it speaks G.711 */

    /* each packet received */
    struct source source;
    struct heard heard;
    ms_t life_at;   /* last packet of the peer, or since when we listen */
    ms_t remote_at; /* since when this peer is known */
    enum stream_quiet quiet;
    bool is_join_due, is_refusal_told, is_listening;
    uint64_t received_n;
    uint32_t refused_n;
    struct dtmf_in keys_in;
    struct bridge_map map;
    struct measure measure;
    struct voice voice;
    uint32_t ticks_theirs, ticks_ours; /* the same instant by their clock, and at 8 kHz */

    /* now and then */
    struct dtmf_out keys_out;
    uint32_t list_number, keys_number, join_number;
    uint64_t sent_bytes_n;
    uint32_t peer_lost_n, peer_jitter_ticks, round_trip_ms;
    bool has_peer, has_jitter; /* they reported about ours; jitter of theirs was seen */
    struct control control;
    struct due due;
    struct pack pack; /* sound that waits to be a packet, where they are not of 20 ms */
};

/* Ticks of our own clock at this instant, never before the last packet's end. */
static inline uint32_t stream_ticks(struct stream *s, ms_t at)
{
    uint32_t ticks = s->ticks_base + (uint32_t)((uint64_t)at * RTP_TICKS_PER_MS);
    int32_t behind = (int32_t)(s->ticks_free - ticks);
    if (behind > 0) {
        s->ticks_base += (uint32_t)behind;
        ticks = s->ticks_free;
    }
    return ticks;
}

/* The law in which its sound is known on this side, whatever leaves and comes. */
static inline enum media_codec stream_law(const struct stream *s)
{
    return s->coder ? MEDIA_PCMA : s->order->want.codec;
}

static inline bool stream_may_send(const struct stream *s)
{
    return (s->order->want.direction & MEDIA_SENDONLY) && s->to.n > 0;
}

/* What peers send has to wait: prompts and keys go first. */
static inline bool stream_is_busy(const struct stream *s)
{
    return s->is_list_on || s->are_keys_on;
}

#endif
