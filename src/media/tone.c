/* tone.c — a sine without the mathematical library.
 * Called at start. A Taylor series over a quarter of a turn: off by less than 2 in 32767. */
#include "media/tone.h"

#define RATE_HZ 8000
#define HALF_PI 1.57079632679489661923

/* sin of x quarter turns, 0 ≤ x ≤ 1 */
static double rising(double x)
{
    double a = x * HALF_PI, q = a * a;
    return a * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72))));
}

static double sine(double turns)
{
    double quarters = 4 * turns;
    if (quarters < 1)
        return rising(quarters);
    if (quarters < 2)
        return rising(2 - quarters);
    if (quarters < 3)
        return -rising(quarters - 2);
    return -rising(4 - quarters);
}

void tone_write(uint8_t *to, const struct tone *tone)
{
    for (size_t i = 0; i < tone->n; i++) {
        uint64_t phase = (uint64_t)i * tone->hz % RATE_HZ;
        int v = (int)(sine((double)phase / RATE_HZ) * tone->peak);
        to[2 * (tone->from + i)] = (uint8_t)v;
        to[2 * (tone->from + i) + 1] = (uint8_t)(v >> 8);
    }
}
