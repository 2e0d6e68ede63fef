/* mos.c — see mos.h.
 * R = 93.2 − Id − Ie,eff (G.107 §7.1 with default values). Delay from mouth to ear: half the round
 * trip, a packet of 20 ms, and a jitter buffer of twice the jitter, at least 40 ms. */
#include "base/mos.h"

#define RATING_BEST 93200 /* R0 − Is with all defaults */
#define RATING_MAX 100000 /* of the formula of the score */
#define SCORE_BEST 4500u  /* G.107 annex B: R above 100 */
#define PACKET_MS 20u
#define BUFFER_MS_MIN 40u
#define LATE_MS_MAX 10000u /* what a peer says may be anything */
#define PPM 1000000u

/* Id = 0.024 d + 0.11 (d − 177.3) for what is above 177.3 ms. */
#define DELAY_STEP 24u
#define DELAY_LONG_STEP 110u
#define DELAY_LONG_US 177300u

/* Ie,eff = Ie + (95 − Ie) Ppl / (Ppl + Bpl) for losses at random (BurstR 1); Ie of G.711 is 0.
 * Bpl 4.3 without, 25.1 with concealment (G.113 table I.2), as Ppl in millionths. */
#define LOSS_WORST 95000u
#define BPL_GAPS 43000u
#define BPL_FILLED 251000u

static uint32_t bounded(uint32_t ms)
{
    return ms < LATE_MS_MAX ? ms : LATE_MS_MAX;
}

static uint32_t delay_ms(const struct mos_way *way)
{
    uint32_t buffer_ms = 2 * bounded(way->jitter_ms);
    return bounded(way->round_trip_ms) / 2 + PACKET_MS +
           (buffer_ms > BUFFER_MS_MIN ? buffer_ms : BUFFER_MS_MIN);
}

static uint32_t delay_cost(uint32_t ms)
{
    uint32_t us = ms * 1000;
    uint32_t past_us = us > DELAY_LONG_US ? us - DELAY_LONG_US : 0;
    return ms * DELAY_STEP + (uint32_t)((uint64_t)past_us * DELAY_LONG_STEP / 1000);
}

static uint32_t loss_cost(const struct mos_way *way, enum mos_filling filling)
{
    uint32_t bpl = filling == MOS_FILLED ? BPL_FILLED : BPL_GAPS;
    uint64_t lost_n = way->lost_n < way->wanted_n ? way->lost_n : way->wanted_n;
    uint64_t wanted_n = way->wanted_n;
    while (wanted_n > UINT32_MAX) { /* no overflow below */
        wanted_n >>= 1;
        lost_n >>= 1;
    }
    uint64_t ppm = wanted_n ? lost_n * PPM / wanted_n : 0;
    return (uint32_t)(LOSS_WORST * ppm / (ppm + bpl));
}

uint32_t mos_rating(const struct mos_way *way, enum mos_filling filling)
{
    uint32_t cost = delay_cost(delay_ms(way)) + loss_cost(way, filling);
    return cost < RATING_BEST ? RATING_BEST - cost : 0;
}

/* MOS = 1 + 0.035 R + R (R − 60) (100 − R) 7e−6; the cubic is below 1 for small R: 1 then. */
uint32_t mos_of_rating(uint32_t rating)
{
    int64_t r = rating < RATING_MAX ? rating : RATING_MAX;
    int64_t cubic = r * (r - 60000) / 1000 * (RATING_MAX - r) / 1000 * 7 / 1000000;
    int64_t score = (int64_t)MOS_ONE + r * 35 / 1000 + cubic;
    return score < (int64_t)MOS_ONE      ? MOS_ONE
           : score > (int64_t)SCORE_BEST ? SCORE_BEST
                                         : (uint32_t)score;
}

uint32_t mos_score(const struct mos_way *way, enum mos_filling filling)
{
    return mos_of_rating(mos_rating(way, filling));
}
