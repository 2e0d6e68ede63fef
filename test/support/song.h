/* song.h — telephones that sing, and how loud a tone is in what they heard. */
#ifndef TEST_SUPPORT_SONG_H
#define TEST_SUPPORT_SONG_H

#include <math.h>

#include "test/support/telephone.h"

#define RATE 8000.0
#define TURN (2 * 3.14159265358979323846)

/* Sends the next n samples of a sine of that frequency and peak. */
static inline void sing(struct telephone *p, double hz, double peak, size_t n)
{
    uint8_t payload[480];
    struct rtp_header head = {
        .type = p->want.payload_type, .seq = p->seq++, .ticks = p->ticks, .ssrc = p->ssrc};
    for (size_t i = 0; i < n; i++) {
        double phase = fmod(hz * (p->ticks + (uint32_t)i) / RATE, 1);
        payload[i] = g711_encode(p->codec, (int16_t)lrint(peak * sin(TURN * phase)));
    }
    p->ticks += (uint32_t)n;
    telephone_send(p, &head, payload, n);
}

/* Goertzel: the peak of this frequency in what the telephone heard, packet after packet. */
static inline double heard_peak(const struct telephone *p, double hz)
{
    double c = 2 * cos(TURN * hz / RATE), s1 = 0, s2 = 0;
    size_t n = 0;
    for (unsigned i = 0; i < p->takes_n; i++)
        for (size_t k = 0; k < p->takes[i].head.payload_n; k++, n++) {
            double s0 = g711_decode(p->codec, p->takes[i].payload[k]) + c * s1 - s2;
            s2 = s1;
            s1 = s0;
        }
    return 2 * sqrt(s1 * s1 + s2 * s2 - c * s1 * s2) / (double)n;
}

#endif
