/* measure.c — what a robot wants to know of the sound that it hears: how far apart packets come,
 * and when the first sound came that is no silence, how loud.
 * Called by receive.c for measured streams only; the others pay nothing. The kernel writes on each
 * packet when it came, so that it may be read later. Cost: a note of 32 bytes a packet; 160
 * look-ups a frame until the first sound was heard. Invariant: MEDIA_SOUND is told once. */
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/level.h"
#include "media/g711.h"
#include "media/packet.h"
#include "os/clock.h"

#define US_PER_S INT64_C(1000000)
#define NS_PER_US 1000
#define US_PER_MS 1000
/* What is read so late is not believed to have come then. */
#define LAG_MS_MAX ((ms_t)1000)

void measure_apply(struct stream *s)
{
    int on = s->order->want.is_measured;
    if (s->measure.is_on == (bool)on)
        return;
    if (!setsockopt(s->rtp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
        s->measure.is_on = on;
}

void measure_offer(struct inbox *in, bool is_measured)
{
    for (unsigned i = 0; i < RECEIVE_N; i++)
        in->heads[i].msg_hdr.msg_controllen = is_measured ? RECEIVE_NOTES : 0;
}

int64_t measure_came_us(struct inbox *in, int i)
{
    struct msghdr *head = &in->heads[i].msg_hdr;
    struct timespec came = {0, 0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&came, CMSG_DATA(c), sizeof(came));
    return came.tv_sec * US_PER_S + came.tv_nsec / NS_PER_US;
}

/* A marker begins a talk spurt: silence before it is nobody's fault. */
static void count_spacing(struct packet *p)
{
    struct measure *m = &p->s->measure;
    uint32_t seq = p->s->heard.seq_max;
    int64_t spacing_us = p->came_us - m->last_us;
    bool is_next = m->has_last && p->head.seq == (uint16_t)seq && seq != m->last_seq;
    bool is_old = m->has_last && !is_next;
    if (is_next && !p->head.has_marker && spacing_us >= 0) {
        _Atomic uint32_t *n = &p->t->spacing[histogram_bucket((uint64_t)spacing_us)];
        atomic_store_explicit(n, atomic_load_explicit(n, memory_order_relaxed) + 1,
                              memory_order_relaxed);
        if ((uint64_t)spacing_us >
            atomic_load_explicit(&p->t->spacing_us_max, memory_order_relaxed))
            atomic_store_explicit(&p->t->spacing_us_max, (uint64_t)spacing_us,
                                  memory_order_relaxed);
    }
    if (is_old)
        return; /* a late one, or one that came twice */
    m->has_last = true;
    m->last_us = p->came_us;
    m->last_seq = seq;
}

uint64_t measure_mean(const struct packet *p)
{
    const uint8_t *codes = p->bytes + p->head.payload_i;
    uint64_t sum = 0;
    for (uint16_t i = 0; i < p->head.payload_n; i++) {
        int32_t v = g711_decode(p->codec, codes[i]);
        sum += (uint64_t)(v * v);
    }
    return sum / p->head.payload_n;
}

/* As of a steady sound with this mean square. */
int32_t measure_level(uint64_t mean)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 14; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= mean)
            root += bit;
    const int16_t sample = (int16_t)root;
    return level_power(&sample, 1);
}

static void hear(struct packet *p)
{
    struct measure *m = &p->s->measure;
    uint64_t mean = measure_mean(p);
    bool is_loud = measure_level(mean) >= MEDIA_SOUND_CDB;
    if (!m->frames_n && !is_loud)
        return;
    if (!m->frames_n) {
        ms_t lag_ms = os_clock_wall_at() - p->came_us / US_PER_MS;
        m->sound_at = p->t->at - (lag_ms > 0 && lag_ms < LAG_MS_MAX ? lag_ms : 0);
    }
    m->squares += mean;
    if (++m->frames_n < MEDIA_SOUND_FRAMES)
        return;
    m->level_cdb = measure_level(m->squares / MEDIA_SOUND_FRAMES);
    report_add(p->t, p->s, MEDIA_SOUND);
}

void measure_take(struct packet *p)
{
    if (!p->came_us)
        return;
    count_spacing(p);
    if (p->verdict == PACKET_SOUND && p->s->measure.frames_n < MEDIA_SOUND_FRAMES)
        hear(p);
}
