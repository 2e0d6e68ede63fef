/* senders.h — the telephones of bench/media.c: one socket that sends the sound of all of them, each
 * frame in its slot of a millisecond, with the instant of its sending behind its header; and what
 * the processes of the bench share. Included by bench/media.c only. */
#ifndef BENCH_SENDERS_H
#define BENCH_SENDERS_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "bench/measure.h"
#include "media/rtp.h"
#include "media/srtp.h"

#define STREAMS_MAX 6000
#define SLOTS 20
#define PACKET_BYTES 172
#define STAMPED_TOGETHER 8
#define BUCKETS 2000 /* of 0.1 ms */

enum phase { IDLE, COUNT, STOP };

/* Between the processes. */
struct board {
    _Atomic int phase;
    _Atomic unsigned answer_n; /* how often the sink has answered a change of phase */
    uint64_t packets_n, lost_n, streams_n;
    double p50_ms, p99_ms, max_ms, delay_p50_ms, delay_p99_ms;
    _Atomic uint64_t late[BUCKETS + 1]; /* the senders' slots, by how late they began */
    uint16_t ports[STREAMS_MAX];        /* where the callers' sound goes */
};

static void sleep_until(int64_t at_ns)
{
    struct timespec t = {at_ns / 1000000000, at_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        continue;
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A socket at that port (0: any), with room for bursts. */
static int open_socket(uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, room = 64 << 20;
    struct sockaddr_in here = loopback(*port);
    socklen_t n = sizeof(here);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, n) ||
        getsockname(fd, (struct sockaddr *)&here, &n))
        measure_die("socket");
    *port = ntohs(here.sin_port);
    return fd;
}

struct generator {
    int fd;
    int n;
    bool is_secured; /* each second caller is encrypted */
    bool is_aligned; /* all in one slot */
    struct board *board;
    struct seal_box box;
    struct srtp secrets[STREAMS_MAX / 2];
    uint16_t seq[SLOTS];
    struct sockaddr_in to[STREAMS_MAX];
    struct iovec parts[STREAMS_MAX];
    struct mmsghdr heads[STREAMS_MAX];
    uint8_t bytes[STREAMS_MAX][PACKET_BYTES + SRTP_MORE_MAX];
};

static struct media_secret secret_of(int i)
{
    struct media_secret secret = {.suite = MEDIA_CM_80};
    memset(secret.theirs, 1 + i % 250, sizeof(secret.theirs));
    memset(secret.ours, 2 + i % 250, sizeof(secret.ours));
    return secret;
}

/* What was there before is sound enough. */
static void generator_seal(struct generator *g, int i)
{
    if (!g->is_secured || i % 2)
        return;
    g->parts[i].iov_len = srtp_protect(&g->secrets[i / 2], &g->box, g->bytes[i], PACKET_BYTES);
    if (!g->parts[i].iov_len)
        measure_die("srtp");
}

static void generator_set(struct generator *g, int i, uint16_t port, uint32_t ssrc)
{
    struct rtp_header h = {.type = 8, .ssrc = ssrc};
    memset(g->bytes[i], 0xd5, PACKET_BYTES);
    rtp_write(g->bytes[i], &h);
    g->to[i] = loopback(port);
    g->parts[i] = (struct iovec){g->bytes[i], PACKET_BYTES};
    g->heads[i].msg_hdr = (struct msghdr){.msg_name = &g->to[i],
                                          .msg_namelen = sizeof(g->to[i]),
                                          .msg_iov = &g->parts[i],
                                          .msg_iovlen = 1};
}

/* A few at a time, so that their stamp is hardly older than their way. */
static void generator_send(struct generator *g, int from, int to, uint16_t seq)
{
    int64_t now_ns = measure_wall_ns();
    for (int i = from; i < to; i++) {
        net_put_u16(g->bytes[i] + 2, seq);
        net_put_u32(g->bytes[i] + 4, seq * 160u);
        memcpy(g->bytes[i] + RTP_HEADER_BYTES, &now_ns, sizeof(now_ns));
        generator_seal(g, i);
    }
    while (from < to) {
        int sent = sendmmsg(g->fd, g->heads + from, (unsigned)(to - from), 0);
        from += sent > 0 ? sent : 1;
    }
}

static void generator_slot(struct generator *g, unsigned slot)
{
    int from = (int)((long)g->n * slot / SLOTS), to = (int)((long)g->n * (slot + 1) / SLOTS);
    if (g->is_aligned) {
        from = 0;
        to = slot ? 0 : g->n;
    }
    for (int i = from; i < to; i += STAMPED_TOGETHER)
        generator_send(g, i, i + STAMPED_TOGETHER < to ? i + STAMPED_TOGETHER : to, g->seq[slot]);
    g->seq[slot]++;
}

static void note_late(struct generator *g, int64_t late_ns)
{
    int64_t bucket = late_ns / 100000;
    bool is_counted = g->board && atomic_load(&g->board->phase) == COUNT;
    if (is_counted)
        atomic_fetch_add(&g->board->late[bucket > BUCKETS ? BUCKETS : bucket], 1);
}

static void generator_run(struct generator *g, int64_t ms)
{
    int64_t start = measure_now_ns();
    for (int64_t tick = 0; tick < ms; tick++) {
        sleep_until(start + tick * 1000000);
        note_late(g, measure_now_ns() - start - tick * 1000000);
        generator_slot(g, (unsigned)(tick % SLOTS));
    }
}

#endif
