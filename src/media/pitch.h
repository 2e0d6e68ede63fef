/* pitch.h — the period of a voice, so that what is missing can go on as it was.
 * Pure. Called by jitter.c and conceal.c at the beginning of a loss. Cost: 80 × 160 products. */
#ifndef MEDIA_PITCH_H
#define MEDIA_PITCH_H

#include "base/types.h"

/* Periods of a voice at 8,000 samples a second: 66 to 200 Hz; what two of them are compared over.
 */
#define PITCH_LAG_MIN 40
#define PITCH_LAG_MAX 120
#define PITCH_COMPARED 160
#define PITCH_PAST (PITCH_LAG_MAX + PITCH_COMPARED)

/* The last samples that were heard: how many of them are a period. 0: nothing that could go on. */
uint32_t pitch_lag(const int16_t past[PITCH_PAST]);

#endif
