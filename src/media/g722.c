/* g722.c — see g722.h. Called by coder.c, by one thread for each state.
 * The difference between a sample and its prediction is coded in 6 bits by a step that follows its
 * size; prediction and step learn from the upper 4 of these bits, on both sides alike
 * (ITU-T G.722 §3 and §4, names of its blocks in the comments). Invariant: encoder and decoder that
 * began together and saw the same codes have the same state. */
#include <string.h>

#include "media/g722.h"

#define LEVELS 30 /* magnitudes of a difference: 6 bits, less the codes that are not used */
#define COARSE 8  /* the same as the adaptation sees them */
/* Code 3 of the upper sub-band: the smallest difference, whose step then leaks away to nothing. */
#define UPPER_SILENCE 0xc0
#define LOWER_BITS 0x3f
#define LOG_STEP_MAX 18432
#define LOG_STEP_LOUD 12288
#define STEP_MIN 32
#define POLE_2_MAX 12288
#define POLES_MAX 15360
#define LOWER_MAX 16383 /* 15 bits */

/* Where a difference of step 1 (Q12) begins to have the next magnitude. */
static const int16_t bounds[LEVELS - 1] = {
    35,  72,  110, 150,  190,  233,  276,  323,  370,  422,  473,  530,  587,  650, 714,
    786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919};

/* The magnitudes themselves (Q15): of 6 bits, and of 4. */
static const int16_t fine[LEVELS] = {136,   432,   728,   1040,  1360,  1688,  2032,  2400,
                                     2776,  3168,  3576,  4008,  4464,  4944,  5456,  6000,
                                     6576,  7192,  7856,  8576,  9360,  10232, 11192, 12280,
                                     13512, 14984, 16704, 19008, 21904, 24808};
static const int16_t coarse[COARSE] = {0, 1200, 2584, 4240, 6288, 8968, 12896, 20456};

/* How the logarithm of the step moves with the magnitude that was seen. */
static const int16_t moves[COARSE] = {-60, -30, 58, 172, 334, 538, 1198, 3042};

/* 2^(i/32), Q11 */
static const int16_t powers[32] = {2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543,
                                   2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228,
                                   3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008};

static int32_t bound_to(int32_t v, int32_t min, int32_t max)
{
    return v < min ? min : v > max ? max : v;
}

static int16_t saturate(int32_t v)
{
    return (int16_t)bound_to(v, INT16_MIN, INT16_MAX);
}

/* A product of two fractions of 15 bits. */
static int32_t times(int32_t a, int32_t b)
{
    return a * b >> 15;
}

void g722_begin(struct g722 *g)
{
    memset(g, 0, sizeof(*g));
    g->step = STEP_MIN;
}

/* LOGSCL, SCALEL */
static void set_step(struct g722 *g, int32_t log_step)
{
    g->log_step = (int16_t)bound_to(log_step, 0, LOG_STEP_MAX);
    int32_t power = powers[g->log_step >> 6 & 31], shift = 8 - (g->log_step >> 11);
    g->step = (int16_t)((shift < 0 ? power << -shift : power >> shift) * 4);
}

void g722_begin_after(struct g722 *g)
{
    g722_begin(g);
    set_step(g, LOG_STEP_LOUD);
}

/* ---- codes -------------------------------------------------------------------------------- */

/* Negative: 63, 62, then 31 down; positive: 61 down. 0 to 3 are not used (G.722 table 2). */
static uint8_t code_of(unsigned level, bool is_negative)
{
    if (!is_negative)
        return (uint8_t)(61 - level);
    return (uint8_t)(level < 2 ? 63 - level : 33 - level);
}

static int32_t fine_of(unsigned code)
{
    if (code >= 32 && code < 62)
        return fine[61 - code];
    if (code < 4)
        return -fine[0];
    return code >= 62 ? -fine[63 - code] : -fine[33 - code];
}

/* The same, and its magnitude's number, as the upper four bits tell it. */
static int32_t coarse_of(unsigned code, unsigned *level)
{
    unsigned four = code >> 2, is_positive = four >> 3;
    *level = four == 15 || four == 0 ? 0 : (is_positive ? 15 : 8) - four;
    return is_positive ? coarse[*level] : -coarse[*level];
}

/* QUANTL */
static uint8_t quantize(const struct g722 *g, int16_t difference)
{
    bool is_negative = difference < 0;
    int32_t magnitude = is_negative ? ~difference : difference;
    unsigned level = 0;
    while (level < LEVELS - 1 && magnitude >= (bounds[level] * g->step) >> 12)
        level++;
    return code_of(level, is_negative);
}

/* ---- adaptation --------------------------------------------------------------------------- */

static bool is_same_sign(int16_t a, int16_t b)
{
    return (a < 0) == (b < 0);
}

/* UPPOL2, UPPOL1: the two poles; the filter must stay stable. */
static void move_poles(struct g722 *g, int16_t partial)
{
    bool is_like_last = is_same_sign(partial, g->partial[0]);
    bool is_like_second = is_same_sign(partial, g->partial[1]);
    int32_t turned = saturate(g->poles[0] * 4);
    turned = saturate(is_like_last ? -turned : turned);
    int32_t second = (is_like_second ? 128 : -128) + (turned >> 7) + times(g->poles[1], 32512);
    second = bound_to(second, -POLE_2_MAX, POLE_2_MAX);
    int32_t first = (is_like_last ? 192 : -192) + times(g->poles[0], 32640);
    int32_t room = POLES_MAX - second;
    g->poles[1] = (int16_t)second;
    g->poles[0] = (int16_t)bound_to(first, -room, room);
}

/* UPZERO, and the past moves on. */
static void move_zeros(struct g722 *g, int16_t difference)
{
    int32_t pull = difference == 0 ? 0 : 128;
    for (unsigned i = 0; i < G722_ZEROS; i++) {
        int32_t by = is_same_sign(difference, g->past[i]) ? pull : -pull;
        g->zeros[i] = saturate(by + times(g->zeros[i], 32640));
    }
    memmove(g->past + 1, g->past, sizeof(g->past) - sizeof(g->past[0]));
    g->past[0] = difference;
}

/* FILTEZ, FILTEP, PREDIC */
static void predict(struct g722 *g)
{
    int32_t zeros = 0, poles = 0;
    for (unsigned i = 0; i < G722_ZEROS; i++)
        zeros += times(g->zeros[i], saturate(2 * g->past[i]));
    for (unsigned i = 0; i < 2; i++)
        poles += times(g->poles[i], saturate(2 * g->rebuilt[i]));
    g->zeros_sum = saturate(zeros);
    g->signal = saturate(saturate(poles) + g->zeros_sum);
}

/* The code has been sent or heard: both sides learn from its upper bits (INVQAL, RECONS, PARREC,
 * DELAYA). */
static void learn(struct g722 *g, unsigned code)
{
    unsigned level;
    int16_t difference = (int16_t)times(g->step, coarse_of(code, &level));
    int16_t partial = saturate(g->zeros_sum + difference);
    int16_t rebuilt = saturate(g->signal + difference);
    set_step(g, (g->log_step * 127 >> 7) + moves[level]);
    move_poles(g, partial);
    move_zeros(g, difference);
    g->partial[1] = g->partial[0];
    g->partial[0] = partial;
    g->rebuilt[1] = g->rebuilt[0];
    g->rebuilt[0] = rebuilt;
    predict(g);
}

uint8_t g722_encode(struct g722 *g, int16_t sample)
{
    uint8_t code = quantize(g, saturate((sample >> 1) - g->signal));
    learn(g, code);
    return UPPER_SILENCE | code;
}

int16_t g722_decode(struct g722 *g, uint8_t code)
{
    unsigned lower = code & LOWER_BITS;
    int32_t sample = g->signal + times(g->step, fine_of(lower));
    learn(g, lower);
    return (int16_t)(bound_to(sample, -LOWER_MAX - 1, LOWER_MAX) * 2);
}
