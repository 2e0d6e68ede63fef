/* sink.c — the ears of a thousand callers: one UDP port that receives the sound of all of them.
 * Called by test/e2e/load.py. Prints its port; then reads commands, a line each: "begin" forgets
 * what came so far, "end" prints what came since as one line of JSON. Ends with its input.
 * Spacing is measured by the kernel's stamps, so that this program may look every 2 ms only and
 * takes little from the service under test. Cost: about 1 µs a packet. Losses are counted by the
 * numbers of RTP (RFC 3550 §5.1); what this socket itself had no room for is told as "overflow". */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/types.h"

#define STREAMS (1u << 15)
#define BATCH 256
#define PACKET_BYTES 512
#define BUCKETS 20000 /* of 0.1 ms */
#define NOTES_BYTES 128
#define JUMP_MAX 3000 /* a larger step of the numbers is a new start (RFC 3550 A.1) */

struct stream {
    uint64_t key; /* port it came from, SSRC; 0: free */
    int64_t at_ns;
    uint32_t packets_n, lost_n;
    uint16_t seq;
};

struct sink {
    int fd;
    struct stream streams[STREAMS];
    uint32_t spacing[BUCKETS + 1];
    uint64_t packets_n, other_n, streams_n, again_n;
    uint32_t overflow, overflow_before;
    int64_t max_ns, begun_ns;
};

static int64_t ns_of(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return ns_of(&t);
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void open_socket(struct sink *s)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(here);
    int on = 1, room = 64 << 20;
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
        setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    setsockopt(s->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
    if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&here, n) ||
        getsockname(s->fd, (struct sockaddr *)&here, &n))
        die("socket");
    printf("%u\n", ntohs(here.sin_port));
    fflush(stdout);
}

static void forget(struct sink *s)
{
    memset(s->streams, 0, sizeof(s->streams));
    memset(s->spacing, 0, sizeof(s->spacing));
    s->packets_n = s->other_n = s->streams_n = s->again_n = 0;
    s->max_ns = 0;
    s->overflow_before = s->overflow;
    s->begun_ns = now_ns();
}

static struct stream *find(struct sink *s, uint64_t key)
{
    uint32_t i = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 49);
    for (uint32_t tries = 0; tries < STREAMS; tries++, i = (i + 1) % STREAMS) {
        if (s->streams[i].key == key || !s->streams[i].key)
            return &s->streams[i];
    }
    return NULL;
}

static void count_spacing(struct sink *s, int64_t spacing_ns)
{
    int64_t bucket = spacing_ns / 100000;
    s->spacing[bucket < 0 ? 0 : bucket > BUCKETS ? BUCKETS : bucket]++;
    s->max_ns = spacing_ns > s->max_ns ? spacing_ns : s->max_ns;
}

/* Keys and RTCP stand beside the sound: of version 2, but no payload type of ours. */
static bool is_sound(const uint8_t *bytes, size_t n)
{
    return n >= 12 && bytes[0] >> 6 == 2 && ((bytes[1] & 127) == 8 || (bytes[1] & 127) == 0);
}

static void take(struct sink *s, const uint8_t *bytes, uint16_t port, int64_t at_ns)
{
    uint32_t ssrc =
        (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 | bytes[11];
    uint16_t seq = (uint16_t)(bytes[2] << 8 | bytes[3]);
    struct stream *t = find(s, (uint64_t)port << 32 | ssrc);
    if (!t)
        return;
    int step = (int16_t)(uint16_t)(seq - t->seq);
    s->packets_n++;
    if (!t->key) {
        t->key = (uint64_t)port << 32 | ssrc;
        s->streams_n++;
    } else if (step <= 0) {
        s->again_n++;
        return;
    } else {
        t->lost_n += step < JUMP_MAX ? (uint32_t)step - 1 : 0;
        count_spacing(s, at_ns - t->at_ns);
    }
    t->packets_n++;
    t->seq = seq;
    t->at_ns = at_ns;
}

static int64_t read_notes(struct sink *s, struct msghdr *head)
{
    struct timespec t = {0, 0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
        if (c->cmsg_level != SOL_SOCKET)
            continue;
        if (c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&t, CMSG_DATA(c), sizeof(t));
        else if (c->cmsg_type == SO_RXQ_OVFL)
            memcpy(&s->overflow, CMSG_DATA(c), sizeof(s->overflow));
    }
    return ns_of(&t);
}

/* False: nothing is left. */
static bool drain(struct sink *s)
{
    static uint8_t bytes[BATCH][PACKET_BYTES], notes[BATCH][NOTES_BYTES];
    static struct sockaddr_in from[BATCH];
    static struct iovec parts[BATCH];
    static struct mmsghdr heads[BATCH];
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], PACKET_BYTES};
        heads[i].msg_hdr = (struct msghdr){.msg_name = &from[i],
                                           .msg_namelen = sizeof(from[i]),
                                           .msg_iov = &parts[i],
                                           .msg_iovlen = 1,
                                           .msg_control = notes[i],
                                           .msg_controllen = NOTES_BYTES};
    }
    int n = recvmmsg(s->fd, heads, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) {
        int64_t at_ns = read_notes(s, &heads[i].msg_hdr);
        if (is_sound(bytes[i], heads[i].msg_len))
            take(s, bytes[i], ntohs(from[i].sin_port), at_ns);
        else
            s->other_n++;
    }
    return n == BATCH;
}

static double share_ms(const struct sink *s, double share)
{
    uint64_t sum = 0, seen = 0;
    for (unsigned i = 0; i <= BUCKETS; i++)
        sum += s->spacing[i];
    for (unsigned i = 0; i <= BUCKETS; i++) {
        seen += s->spacing[i];
        if ((double)seen >= share * (double)sum)
            return (i + 1) / 10.0;
    }
    return BUCKETS / 10.0;
}

static void tell(const struct sink *s)
{
    uint64_t lost_n = 0;
    double seconds = (double)(now_ns() - s->begun_ns) / 1e9;
    uint32_t least = UINT32_MAX;
    for (unsigned i = 0; i < STREAMS; i++) {
        lost_n += s->streams[i].lost_n;
        if (s->streams[i].key && s->streams[i].packets_n < least)
            least = s->streams[i].packets_n;
    }
    printf("{\"seconds\":%.3f,\"streams\":%llu,\"packets\":%llu,\"lost\":%llu,\"again\":%llu,"
           "\"other\":%llu,\"overflow\":%u,\"least\":%u,\"p50_ms\":%.1f,\"p99_ms\":%.1f,"
           "\"p999_ms\":%.1f,\"max_ms\":%.1f}\n",
           seconds, (unsigned long long)s->streams_n, (unsigned long long)s->packets_n,
           (unsigned long long)lost_n, (unsigned long long)s->again_n,
           (unsigned long long)s->other_n, s->overflow - s->overflow_before,
           s->streams_n ? least : 0, share_ms(s, 0.5), share_ms(s, 0.99), share_ms(s, 0.999),
           (double)s->max_ns / 1e6);
    fflush(stdout);
}

/* False: the input has ended. */
static bool obey(struct sink *s)
{
    char command[16];
    ssize_t n = read(0, command, sizeof(command));
    if (n == 0)
        return false;
    if (n > 0 && command[0] == 'b')
        forget(s);
    else if (n > 0)
        tell(s);
    return true;
}

int main(void)
{
    static struct sink s;
    const struct timespec pause = {0, 2000000};
    open_socket(&s);
    fcntl(0, F_SETFL, O_NONBLOCK);
    forget(&s);
    do {
        while (drain(&s))
            continue;
        nanosleep(&pause, NULL);
    } while (obey(&s));
    return 0;
}
