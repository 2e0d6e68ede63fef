/* sockets.c — what docs/adr/0010-media-sockets.md was decided by: one socket for all streams, or
 * one each? sockets [STREAMS [ROUNDS]]: the same packets to one receiver, in bursts of a slot of 1
 * ms, by each way in turn so that they meet the same weather. Prints CPU per packet sent, medians
 * of the rounds. shared       one socket, sendmmsg       connected    a socket each, send
 *   unconnected  a socket each, sendto      polled       connected, and each third frame a recvmmsg
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/types.h"
#include "bench/measure.h"

#define STREAMS_MAX 6000
#define ROUNDS_MAX MEASURE_RUNS_MAX
#define SLOTS 20
#define FRAMES 25 /* half a second of each stream a round */
#define PACKET_BYTES 172
#define POLL_FRAMES 3
#define BATCH 64

enum way { SHARED, CONNECTED, UNCONNECTED, POLLED, WAYS };

struct bench {
    int n, shared_fd, fds[WAYS][STREAMS_MAX];
    struct sockaddr_in to;
    uint8_t packet[PACKET_BYTES];
    struct iovec part;
    struct mmsghdr heads[STREAMS_MAX];
    double us[WAYS][ROUNDS_MAX];
};

static int open_socket(struct sockaddr_in *here)
{
    socklen_t n = sizeof(*here);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    *here = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || bind(fd, (struct sockaddr *)here, n) ||
        getsockname(fd, (struct sockaddr *)here, &n))
        measure_die("socket");
    return fd;
}

static void open_ways(struct bench *b)
{
    struct sockaddr_in here;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    b->shared_fd = open_socket(&here);
    b->part = (struct iovec){b->packet, PACKET_BYTES};
    for (int i = 0; i < b->n; i++) {
        b->heads[i].msg_hdr = (struct msghdr){
            .msg_name = &b->to, .msg_namelen = sizeof(b->to), .msg_iov = &b->part, .msg_iovlen = 1};
        for (int way = CONNECTED; way <= UNCONNECTED; way++)
            b->fds[way][i] = open_socket(&here);
        if (connect(b->fds[CONNECTED][i], (struct sockaddr *)&b->to, sizeof(b->to)))
            measure_die("connect");
        b->fds[POLLED][i] = b->fds[CONNECTED][i];
    }
}

/* ---- the ways ---- */

static void send_shared(struct bench *b, int from, int to)
{
    while (from < to) {
        int sent = sendmmsg(b->shared_fd, b->heads + from, (unsigned)(to - from), 0);
        from += sent > 0 ? sent : 1;
    }
}

static void send_each(struct bench *b, enum way way, int from, int to)
{
    const struct sockaddr *address = way == UNCONNECTED ? (struct sockaddr *)&b->to : NULL;
    socklen_t address_n = address ? sizeof(b->to) : 0;
    for (int i = from; i < to; i++)
        if (sendto(b->fds[way][i], b->packet, PACKET_BYTES, 0, address, address_n) < 0)
            measure_die("sendto");
}

static void poll_each(struct bench *b, int from, int to)
{
    uint8_t bytes[PACKET_BYTES];
    struct iovec part = {bytes, sizeof(bytes)};
    struct mmsghdr head = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
    for (int i = from; i < to; i++)
        (void)recvmmsg(b->fds[POLLED][i], &head, 1, MSG_DONTWAIT, NULL);
}

static double run(struct bench *b, enum way way)
{
    double before = measure_cpu_s() * 1e6;
    for (int slot = 0; slot < FRAMES * SLOTS; slot++) {
        int from = (int)((long)b->n * (slot % SLOTS) / SLOTS);
        int to = (int)((long)b->n * (slot % SLOTS + 1) / SLOTS);
        if (way == SHARED)
            send_shared(b, from, to);
        else
            send_each(b, way, from, to);
        if (way == POLLED && slot / SLOTS % POLL_FRAMES == 0)
            poll_each(b, from, to);
        usleep(1000);
    }
    return (measure_cpu_s() * 1e6 - before) / ((double)FRAMES * b->n);
}

/* Takes everything, so that the senders pay for a receiver that listens. */
static void receive(int fd)
{
    static uint8_t bytes[BATCH][PACKET_BYTES];
    static struct iovec parts[BATCH];
    static struct mmsghdr heads[BATCH];
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], PACKET_BYTES};
        heads[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    for (;;) {
        while (recvmmsg(fd, heads, BATCH, MSG_DONTWAIT, NULL) == BATCH)
            continue;
        usleep(2000);
    }
}

static int between_1_and(int most, const char *text)
{
    int v = (int)strtol(text, NULL, 10);
    return v < 1 ? 1 : v > most ? most : v;
}

int main(int argc, char **argv)
{
    static struct bench b;
    static const char *const names[] = {"shared", "connected", "unconnected", "polled"};
    int sink = open_socket(&b.to), rounds = between_1_and(ROUNDS_MAX, argc > 2 ? argv[2] : "15");
    b.n = between_1_and(STREAMS_MAX, argc > 1 ? argv[1] : "1000");
    pid_t pid = fork();
    if (pid == 0)
        receive(sink);
    open_ways(&b);
    for (int round = 0; round < rounds; round++)
        for (int way = 0; way < WAYS; way++)
            b.us[way][round] = run(&b, (enum way)way);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    for (int way = 0; way < WAYS; way++)
        printf("sockets_%s_%d %.3f us/packet\n", names[way], b.n,
               measure_median(b.us[way], rounds));
    return 0;
}
