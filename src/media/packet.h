/* packet.h — a received packet on its way through receive.c and bridge.c.
 * Included by files of that way only. */
#ifndef MEDIA_PACKET_H
#define MEDIA_PACKET_H

#include "media/thread.h"

enum packet_verdict {
    PACKET_SOUND,
    PACKET_KEY,
    PACKET_NOISE,   /* comfort noise that was negotiated: passes a bridge, is no sound */
    PACKET_QUIET,   /* formats that we did not ask for: a sign of life, no more */
    PACKET_CONTROL, /* RTCP on the same port */
    PACKET_UNPROVED,
    PACKET_REFUSED,
};

struct packet {
    /* input */
    struct media_thread *t;
    struct stream *s;
    uint8_t *bytes;
    size_t n;
    struct media_address from;
    int64_t came_us; /* by the kernel's wall clock, of a measured stream; 0: not told */
    /* verdict */
    enum packet_verdict verdict;
    /* output */
    struct rtp_header head; /* its ticks at 8 kHz, whatever the clock of the codec */
    enum media_codec codec; /* of the payload; once decoded: PCMA */
    bool is_made_up;        /* it never came: a decoder filled a hole */
    struct packet *onward;  /* what a bridge sends: this one, or as it came; NULL: nothing */
};

/* receive.c: what lies at a socket, at most RECEIVE_N; one of them (false: too long); all that is
 * done with RTP or RTCP of p->s. */
int receive_collect(struct media_thread *t, int fd, bool is_measured);
bool receive_unpack(struct packet *p, int i);
void receive_take(struct packet *p);

/* bridge.c: sends it on through the peer's stream, when both sides want that. Overwrites the
 * packet. Output: a packet sent, and the peer's stream moved on. */
void bridge_forward(struct packet *p);

struct stream *bridge_target(const struct packet *p);
/* Output: the packet in the kernel's hands, under the target's numbers. */
void bridge_send(struct packet *p, struct stream *to);

typedef void packet_fn(struct packet *p);
/* coded.c. Sets the ticks at 8 kHz. */
void coded_ticks(struct packet *p);
/* A packet of a stream that speaks neither law: hear() gets its sound, and that of lost ones before
 * it, in A-law where somebody listens, or the packet as it is. */
void coded_take(struct packet *p, packet_fn *hear);
/* Sound in a law, through a target that speaks neither; bridge_send() gets what is whole of it. */
void coded_send(const struct packet *p, struct stream *to);

/* tap.c: a packet of sound, for the recorder. */
void tap_take(const struct packet *p);

/* measure.c: offers room for the time of arrival, or none; reads it. */
void measure_offer(struct inbox *in, bool is_measured);
int64_t measure_came_us(struct inbox *in, int i);
/* A packet that counts: its distance from the one before, and whether it is the first sound. */
void measure_take(struct packet *p);
/* Of a packet in a law: the mean of the squares of its samples; its level, as base/level.h has it.
 */
uint64_t measure_mean(const struct packet *p);
int32_t measure_level(uint64_t mean);

/* voice.c: a packet of sound, where somebody wants to know whether they speak. */
void voice_take(const struct packet *p);

#endif
