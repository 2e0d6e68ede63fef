/* telephone.h — a telephone on loopback that talks to the engine of studio.h.
 * It sends what the test says, under its own numbers, and keeps all it receives. */
#ifndef TEST_SUPPORT_TELEPHONE_H
#define TEST_SUPPORT_TELEPHONE_H

#include "media/srtp.h"
#include "test/support/studio.h"

#define TELEPHONE_TAKES 2048
#define TELEPHONE_BYTES 1600
#define KEY_TYPE 101

struct take {
    struct rtp_header head;
    uint8_t payload[TELEPHONE_BYTES];
    ms_t at;
};

/* A telephone: what it sends next, and what it has received. */
struct telephone {
    int rtp_fd, rtcp_fd;
    uint16_t port, rtcp_port;
    struct sockaddr_in to, rtcp_to;
    struct media_ref ref;
    struct media_want want;
    enum media_codec codec;
    uint32_t ssrc, ticks;
    uint16_t seq;
    struct take *takes; /* owned */
    unsigned takes_n,
        unproved_n;       /* unproved: received, but sealed by somebody else, or not at all */
    struct seal_box *box; /* borrowed; NULL: in the clear */
    struct srtp out, in;
};

static inline struct media_address studio_address(uint16_t port)
{
    return (struct media_address){.ip = {127, 0, 0, 1}, .ip_n = 4, .port = port};
}

/* A telephone with its own stream, which as yet is not told anything. */
static inline void telephone_open(struct telephone *p, struct studio *s)
{
    struct media_opened opened;
    const struct media_opening none = {.port = 0};
    memset(p, 0, sizeof(*p));
    p->rtp_fd = studio_socket(&p->port);
    p->rtcp_fd = studio_socket(&p->rtcp_port);
    assert_int_equal(s->port.open(s->port.arg, &none, &opened), MEDIA_OPENED);
    p->ref = opened.ref;
    p->to = studio_loopback(opened.rtp_port);
    p->rtcp_to = studio_loopback((uint16_t)(opened.rtp_port + 1));
    p->ssrc = 0x11110000u + opened.rtp_port;
    p->seq = 65530; /* soon around */
    p->ticks = UINT32_MAX - 1000;
    p->takes = calloc(TELEPHONE_TAKES, sizeof(*p->takes));
    assert_non_null(p->takes);
    p->want = (struct media_want){.rtp = studio_address(p->port),
                                  .rtcp = studio_address(p->rtcp_port),
                                  .codec = MEDIA_PCMA,
                                  .payload_type = 8,
                                  .key_type = KEY_TYPE,
                                  .direction = MEDIA_SENDRECV};
}

static inline void telephone_set(struct telephone *p, struct studio *s)
{
    assert_int_equal(s->port.set(s->port.arg, p->ref, &p->want), 0);
}

/* From now on it speaks encrypted, and so does the engine once it is told so. */
static inline void telephone_secure(struct telephone *p, struct seal_box *box,
                                    enum media_suite suite)
{
    struct media_secret *secret = &p->want.secret;
    secret->suite = suite;
    for (unsigned i = 0; i < MEDIA_SECRET_BYTES; i++) {
        secret->theirs[i] = (uint8_t)(i + p->ssrc);
        secret->ours[i] = (uint8_t)(3 * i + p->ssrc);
    }
    p->box = box;
    assert_true(srtp_begin(&p->out, box, suite, secret->theirs));
    assert_true(srtp_begin(&p->in, box, suite, secret->ours));
}

static inline void telephone_close(struct telephone *p)
{
    close(p->rtp_fd);
    close(p->rtcp_fd);
    free(p->takes);
}

static inline void telephone_law(struct telephone *p, enum media_codec codec)
{
    p->codec = p->want.codec = codec;
    p->want.payload_type = codec == MEDIA_PCMA ? 8 : 0;
}

/* Sends one packet with these header fields; the telephone's own numbers stay. */
static inline void telephone_send(struct telephone *p, const struct rtp_header *head,
                                  const uint8_t *payload, size_t n)
{
    uint8_t bytes[TELEPHONE_BYTES + SRTP_MORE_MAX];
    assert_true(n + RTP_HEADER_BYTES <= TELEPHONE_BYTES);
    rtp_write(bytes, head);
    memcpy(bytes + RTP_HEADER_BYTES, payload, n);
    n += RTP_HEADER_BYTES;
    if (p->box)
        n = srtp_protect(&p->out, p->box, bytes, n);
    assert_true(n &&
                sendto(p->rtp_fd, bytes, n, 0, (const struct sockaddr *)&p->to, sizeof(p->to)) > 0);
}

/* Sends n samples of the same code, as the next packet. */
static inline void telephone_say(struct telephone *p, uint8_t code, size_t n)
{
    uint8_t payload[TELEPHONE_BYTES - RTP_HEADER_BYTES];
    struct rtp_header head = {
        .type = p->want.payload_type, .seq = p->seq++, .ticks = p->ticks, .ssrc = p->ssrc};
    memset(payload, code, n);
    p->ticks += (uint32_t)n;
    telephone_send(p, &head, payload, n);
}

/* One packet of a press: its ticks stay where the press began. */
static inline void telephone_key(struct telephone *p, unsigned event, bool is_end, unsigned ticks_n)
{
    uint8_t payload[4] = {(uint8_t)event, (uint8_t)(is_end ? 0x8a : 0x0a), (uint8_t)(ticks_n >> 8),
                          (uint8_t)ticks_n};
    struct rtp_header head = {.type = KEY_TYPE,
                              .has_marker = ticks_n <= STUDIO_FRAME && !is_end,
                              .seq = p->seq++,
                              .ticks = p->ticks,
                              .ssrc = p->ssrc};
    telephone_send(p, &head, payload, sizeof(payload));
}

/* A whole press of 60 ms and its three ends, at once. */
static inline void telephone_press(struct telephone *p, unsigned event)
{
    for (unsigned i = 1; i <= 3; i++)
        telephone_key(p, event, false, i * STUDIO_FRAME);
    for (unsigned i = 0; i < 3; i++)
        telephone_key(p, event, true, 3 * STUDIO_FRAME);
    p->ticks += 4 * STUDIO_FRAME;
}

/* The next packet of its engine; ports are used again, and other tests run: what comes from
 * elsewhere is not for us. */
static inline ssize_t telephone_receive(struct telephone *p, uint8_t bytes[TELEPHONE_BYTES])
{
    struct sockaddr_in from;
    ssize_t n;
    do {
        socklen_t from_n = sizeof(from);
        n = recvfrom(p->rtp_fd, bytes, TELEPHONE_BYTES, 0, (struct sockaddr *)&from, &from_n);
    } while (n > 0 && from.sin_port != p->to.sin_port);
    return n;
}

/* Takes what has arrived. */
static inline void telephone_listen(struct telephone *p, ms_t at)
{
    uint8_t bytes[TELEPHONE_BYTES];
    ssize_t n = telephone_receive(p, bytes);
    for (; n > 0 && p->takes_n < TELEPHONE_TAKES; n = telephone_receive(p, bytes)) {
        struct take *t = &p->takes[p->takes_n];
        if (p->box && !(n = (ssize_t)srtp_unprotect(&p->in, p->box, bytes, (size_t)n))) {
            p->unproved_n++;
            continue;
        }
        if (rtp_read(&t->head, bytes, (size_t)n) != RTP_GOOD)
            continue;
        memcpy(t->payload, bytes + t->head.payload_i, t->head.payload_n);
        t->at = at;
        p->takes_n++;
    }
}

#endif
