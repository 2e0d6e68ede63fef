/* g722.h — ITU-T G.722 at 64 kbit/s, for legs that speak nothing else with us.
 * Pure. Called by coder.c. Its lower sub-band is the voice up to 4 kHz at 8,000 samples a second,
 * which is all that a telephone line and our prompts have: it is coded and heard alone, without
 * the filters that would join it to the upper one, and without a resampler. The upper sub-band is
 * sent as silence. One code a sample. Cost: 30 ns a sample, either way. */
#ifndef MEDIA_G722_H
#define MEDIA_G722_H

#include "base/types.h"

#define G722_ZEROS 6

/* One direction of one stream: the adaptive predictor and the step of the lower sub-band. All zeros
 * is no beginning: g722_begin(). */
struct g722 {
    int16_t signal;            /* predicted: what the next sample should be */
    int16_t zeros_sum;         /* the part of it that the zeros say */
    int16_t rebuilt[2];        /* the last samples as the other side has them */
    int16_t partial[2];        /* the last differences with the zeros' part: their signs count */
    int16_t poles[2];          /* coefficients */
    int16_t zeros[G722_ZEROS]; /* coefficients */
    int16_t past[G722_ZEROS];  /* the last differences */
    int16_t log_step, step;
};

void g722_begin(struct g722 *g);
/* An encoder that follows another one, whose decoder has any step: as after loud speech. One that
 * is smaller makes the first 20 ms softer; one that is larger would make them a bang. */
void g722_begin_after(struct g722 *g);
/* 16-bit samples of 8 kHz, as those of g711_decode(). */
uint8_t g722_encode(struct g722 *g, int16_t sample);
int16_t g722_decode(struct g722 *g, uint8_t code);

#endif
