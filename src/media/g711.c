/* g711.c — the two laws of ITU-T G.711, computed.
 * Called when prompts are loaded and when the tables of the engine are made. Each law is sign,
 * three bits of segment (a power of two), four bits of step inside it; all that differs is the
 * smallest segment, the offset and which bits are inverted on the line. Cost: a few ns a sample,
 * never on the packet path. */
#include <stdlib.h>

#include "media/g711.h"

#define SIGN 0x80 /* set: positive, in both laws as on the line */
#define A_INVERT 0x55
#define U_BIAS 33     /* in units of 4 */
#define U_CLIP 0x1fff /* largest biased magnitude, 13 bits */

static unsigned top_bit(unsigned v)
{
    return 31u - (unsigned)__builtin_clz(v);
}

/* Magnitudes of 12 bits; negative samples by complement, so that −1 is the first negative step. */
static uint8_t encode_a(int16_t sample)
{
    bool is_negative = sample < 0;
    unsigned m = (unsigned)(is_negative ? ~sample : sample) >> 4;
    unsigned segment = m < 32 ? m >> 4 : top_bit(m) - 3;
    unsigned step = (segment < 2 ? m : m >> (segment - 1)) & 15;
    return (uint8_t)(((is_negative ? 0 : 0x80) | segment << 4 | step) ^ A_INVERT);
}

static int16_t decode_a(uint8_t code)
{
    unsigned c = code ^ A_INVERT, segment = c >> 4 & 7, step = c & 15;
    int m = (int)(step << 4) + 8;
    if (segment > 0)
        m = (m + 0x100) << (segment - 1);
    return (int16_t)(c & 0x80 ? m : -m);
}

/* Magnitudes of 13 bits with a bias, so that each segment begins at a power of two. */
static uint8_t encode_u(int16_t sample)
{
    bool is_negative = sample < 0;
    unsigned m = ((unsigned)(is_negative ? ~sample : sample) >> 2) + U_BIAS;
    if (m > U_CLIP)
        m = U_CLIP;
    unsigned segment = top_bit(m) - 5, step = m >> (segment + 1) & 15;
    return (uint8_t) ~((is_negative ? 0x80 : 0) | segment << 4 | step);
}

static int16_t decode_u(uint8_t code)
{
    unsigned c = (uint8_t)~code, segment = c >> 4 & 7, step = c & 15;
    int m = (int)((2 * step + U_BIAS) << segment) - U_BIAS;
    return (int16_t)(c & 0x80 ? -4 * m : 4 * m);
}

uint8_t g711_encode(enum media_codec law, int16_t sample)
{
    return law == MEDIA_PCMA ? encode_a(sample) : encode_u(sample);
}

int16_t g711_decode(enum media_codec law, uint8_t code)
{
    return law == MEDIA_PCMA ? decode_a(code) : decode_u(code);
}

void g711_steps(uint8_t to[G711_STEPS], enum media_codec law)
{
    for (unsigned i = 0; i < G711_STEPS; i++)
        to[i] = g711_encode(law, (int16_t)(uint16_t)(i << 2));
}

/* The nearest code of the same sign; of two equally near ones the quieter. */
static uint8_t nearest(enum media_codec law, uint8_t sign, int value)
{
    uint8_t best = sign;
    int best_off = INT16_MAX + 1;
    for (unsigned magnitude = 0; magnitude < 128; magnitude++) {
        uint8_t code = (uint8_t)(sign | magnitude);
        int found = g711_decode(law, code), off = abs(found - value);
        if (off < best_off || (off == best_off && abs(found) < abs(g711_decode(law, best)))) {
            best = code;
            best_off = off;
        }
    }
    return best;
}

void g711_bridge_table(uint8_t to[256], enum media_codec from)
{
    enum media_codec other = from == MEDIA_PCMA ? MEDIA_PCMU : MEDIA_PCMA;
    for (unsigned code = 0; code < 256; code++)
        to[code] = nearest(other, code & SIGN, g711_decode(from, (uint8_t)code));
}
