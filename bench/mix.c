/* mix.c — what a conversation of three costs in the media thread: packets read, laid out in time,
 * added up, encoded and sent, per 20 ms. The telephones' own sends are not counted. In ms of CPU,
 * the median of several runs. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "media/g711.h"
#include "media/media.h"
#include "media/rtp.h"

#define RUNS 7
#define ROOMS 40
#define FRAMES 250
#define FRAME_MS 20
#define CODES 160
#define PEOPLE (3 * ROOMS)

struct person {
    int fd;
    struct media_ref ref;
    struct sockaddr_in at, to;
    uint16_t seq;
    uint32_t ticks;
};

static struct person people[PEOPLE];

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void open_person(struct person *p, const struct media_port *port)
{
    struct media_opened opened;
    socklen_t n = sizeof(p->at);
    p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    p->at = loopback(0);
    if (p->fd < 0 || bind(p->fd, (struct sockaddr *)&p->at, n) ||
        getsockname(p->fd, (struct sockaddr *)&p->at, &n) ||
        port->open(port->arg, &(const struct media_opening){.port = 0}, &opened) != MEDIA_OPENED)
        measure_die("a telephone");
    p->ref = opened.ref;
    p->to = loopback(opened.rtp_port);
}

/* Each of a room hears the two others. */
static void join(const struct person *room, unsigned number, const struct media_port *port)
{
    for (unsigned i = 0; i < 3; i++) {
        struct media_want want = {.rtp = {.ip = {127, 0, 0, 1}, .ip_n = 4},
                                  .payload_type = 8,
                                  .direction = MEDIA_SENDRECV,
                                  .then = MEDIA_MIX,
                                  .mix_number = number + 1,
                                  .hears = {room[(i + 1) % 3].ref, room[(i + 2) % 3].ref}};
        want.rtp.port = ntohs(room[i].at.sin_port);
        if (port->set(port->arg, room[i].ref, &want))
            measure_die("a conversation");
    }
}

static void speak(struct person *p)
{
    uint8_t bytes[RTP_HEADER_BYTES + CODES];
    const struct rtp_header head = {
        .type = 8, .seq = p->seq++, .ticks = p->ticks, .ssrc = (uint32_t)p->fd};
    rtp_write(bytes, &head);
    for (unsigned i = 0; i < CODES; i++) /* no silence: it would be cheaper */
        bytes[RTP_HEADER_BYTES + i] = g711_encode(MEDIA_PCMA, (int16_t)(p->ticks * 37 + i * 911));
    p->ticks += CODES;
    if (sendto(p->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&p->to, sizeof(p->to)) < 0)
        measure_die("a packet");
}

static void hear(struct person *p, uint64_t *heard_n)
{
    uint8_t bytes[RTP_HEADER_BYTES + CODES];
    while (recv(p->fd, bytes, sizeof(bytes), 0) > 0)
        (*heard_n)++;
}

/* CPU of a frame of a conversation, in ms. */
static double run(struct media *m, ms_t *at)
{
    int64_t spent_ns = 0;
    uint64_t heard_n = 0;
    for (unsigned f = 0; f < FRAMES; f++) {
        for (unsigned i = 0; i < PEOPLE; i++)
            speak(&people[i]);
        int64_t began_ns = measure_cpu_ns();
        for (unsigned ms = 0; ms < FRAME_MS; ms++)
            media_turn(m, 0, ++*at);
        spent_ns += measure_cpu_ns() - began_ns;
        for (unsigned i = 0; i < PEOPLE; i++)
            hear(&people[i], &heard_n);
    }
    if (heard_n < (uint64_t)PEOPLE * (FRAMES - 1))
        measure_die("packets are missing");
    return (double)spent_ns / 1e6 / FRAMES / ROOMS;
}

int main(void)
{
    const struct media_args args = {.streams_max = PEOPLE + 20, .is_manual = true};
    struct media *m;
    double runs[RUNS];
    ms_t at = 1000000;
    if (media_open(&m, &args))
        measure_die("the engine");
    struct media_port port = media_port(m);
    for (unsigned i = 0; i < PEOPLE; i++)
        open_person(&people[i], &port);
    for (unsigned r = 0; r < ROOMS; r++)
        join(&people[3 * r], r, &port);
    run(m, &at); /* delays settle */
    for (unsigned r = 0; r < RUNS; r++)
        runs[r] = run(m, &at);
    printf("mix_of_three_frame %.4f ms\n", measure_median(runs, RUNS));
    for (unsigned i = 0; i < PEOPLE; i++)
        close(people[i].fd);
    media_drop(m);
    return 0;
}
