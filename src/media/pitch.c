/* pitch.c — see pitch.h. Called by jitter.c and conceal.c. Idea: of all lags, the one after which
 * the last 20 ms look most like those before them (the square of the correlation, by power). */
#include "media/pitch.h"

/* How much the end of what was heard is like what came a lag earlier. */
static int64_t likeness(const int16_t *end, uint32_t lag)
{
    int64_t product = 0, power = 1;
    for (const int16_t *a = end - PITCH_COMPARED; a < end; a++) {
        int32_t b = *(a - lag);
        product += (int64_t)*a * b;
        power += (int64_t)b * b;
    }
    return product <= 0 ? 0 : (product >> 8) * (product >> 8) / ((power >> 6) + 1);
}

uint32_t pitch_lag(const int16_t past[PITCH_PAST])
{
    int64_t best = 0;
    uint32_t lag = 0;
    for (uint32_t i = PITCH_LAG_MIN; i <= PITCH_LAG_MAX; i++) {
        int64_t like = likeness(past + PITCH_PAST, i);
        if (like > best) {
            best = like;
            lag = i;
        }
    }
    return lag;
}
