/* smsc.h — the other side of an SMPP session, for tests of sms/: one listening socket on the
 * loopback, one client at a time, over TLS when it has a certificate. Nothing waits but
 * smsc_until(). Test support. */
#ifndef TEST_SUPPORT_SMSC_H
#define TEST_SUPPORT_SMSC_H

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gsm/pdu.h"
#include "os/clock.h"
#include "tls/link.h"

#define SMSC_WAIT_MS ((ms_t)8000)

struct smsc {
    int door, fd;              /* fd -1: nobody is there */
    struct tls_context *shows; /* borrowed; NULL: in clear */
    struct tls_link *link;
    bool is_up;
    char in[8192];
    size_t in_n;
    uint32_t bind_status;
    bool is_mute; /* takes messages and says nothing of them */
    unsigned comes_n, binds_n, submits_n;
    uint16_t reference; /* user_message_reference of the last message: its last two octets */
    char address[32];
};

static inline void smsc_open(struct smsc *s, struct tls_context *shows)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    *s = (struct smsc){.fd = -1, .shows = shows};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->door, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(s->door, 4), 0);
    assert_int_equal(getsockname(s->door, (struct sockaddr *)&at, &n), 0);
    snprintf(s->address, sizeof(s->address), "127.0.0.1:%u", ntohs(at.sin_port));
}

static inline void smsc_hang_up(struct smsc *s)
{
    tls_link_drop(s->link);
    s->link = NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->is_up = false;
    s->in_n = 0;
}

static inline void smsc_drop(struct smsc *s)
{
    smsc_hang_up(s);
    close(s->door);
}

static inline void smsc_say(struct smsc *s, const void *bytes, size_t n)
{
    size_t done = n;
    if (s->link)
        assert_int_equal(tls_link_write(s->link, bytes, &done), TLS_DONE);
    else
        done = (size_t)send(s->fd, bytes, n, MSG_NOSIGNAL);
    assert_int_equal(done, n);
}

/* An answer with these bytes behind its head. */
static inline void smsc_answer(struct smsc *s, const struct pdu *to, uint32_t status,
                               const char *body)
{
    uint8_t bytes[64];
    size_t n = PDU_HEAD_BYTES + strlen(body) + 1;
    const uint32_t head[] = {(uint32_t)n, to->command | PDU_RESPONSE, status, to->sequence};
    for (unsigned i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(head[i / 4] >> (24 - 8 * (i % 4)));
    memcpy(bytes + PDU_HEAD_BYTES, body, strlen(body) + 1);
    smsc_say(s, bytes, n);
}

static inline void smsc_take(struct smsc *s, const struct pdu *pdu)
{
    const uint8_t *last = pdu->body + pdu->body_n;
    if (pdu->command == PDU_BIND_TRANSCEIVER) {
        s->binds_n++;
        smsc_answer(s, pdu, s->bind_status, "smsc");
    } else if (pdu->command == PDU_SUBMIT_SM) {
        s->submits_n++;
        s->reference = (uint16_t)(last[-2] << 8 | last[-1]);
        if (!s->is_mute)
            smsc_answer(s, pdu, PDU_OK, "m1");
    }
}

static inline void smsc_read(struct smsc *s)
{
    size_t room = sizeof(s->in) - s->in_n, n = room, at = 0;
    struct pdu pdu;
    enum tls_io io = TLS_DONE;
    if (s->link) {
        io = tls_link_read(s->link, s->in + s->in_n, &n);
    } else {
        ssize_t got = recv(s->fd, s->in + s->in_n, room, MSG_DONTWAIT);
        io = got > 0 ? TLS_DONE : got < 0 ? TLS_WAITS_TO_READ : TLS_OVER;
        n = got > 0 ? (size_t)got : 0;
    }
    if (io == TLS_OVER) {
        smsc_hang_up(s);
        return;
    }
    s->in_n += io == TLS_DONE ? n : 0;
    while (pdu_read(&pdu, &n, (struct text){s->in + at, s->in_n - at}) == PDU_WHOLE) {
        smsc_take(s, &pdu);
        at += n;
    }
    memmove(s->in, s->in + at, s->in_n - at);
    s->in_n -= at;
}

static inline void smsc_turn(struct smsc *s)
{
    int fd = accept4(s->door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        smsc_hang_up(s);
        s->comes_n++;
        s->fd = fd;
        s->is_up = !s->shows;
        s->link = s->shows ? tls_link_accept(s->shows, fd, NULL) : NULL;
    }
    if (s->fd >= 0 && !s->is_up) {
        enum tls_io io = tls_link_shake(s->link);
        s->is_up = io == TLS_DONE;
        if (io == TLS_OVER)
            smsc_hang_up(s);
    }
    if (s->is_up)
        smsc_read(s);
}

/* Turns until what is so. */
#define smsc_until(s, what)                                                                        \
    do {                                                                                           \
        ms_t end_ms_ = os_clock_boot_ms() + SMSC_WAIT_MS;                                          \
        bool is_so_ = false;                                                                       \
        while (!(is_so_ = (what)) && os_clock_boot_ms() < end_ms_) {                               \
            smsc_turn(s);                                                                          \
            poll(NULL, 0, 2);                                                                      \
        }                                                                                          \
        assert_true(is_so_);                                                                       \
    } while (0)

#endif
