/* level.h — how loud a sound is: power, peak, and the active level of speech (ITU-T P.56, method
 * B). Called by say/ (files of prompts), speech/ (what a program spoke). Pure, whole numbers only:
 * the same answer on every machine. Samples are 16 bits at LEVEL_RATE_HZ.
 * Levels are hundredths of a decibel (_cdb) in dBov: 0 is the mean power of a square wave of full
 * scale, so that a sine of full scale is at -301. Cost: about 10 ns a sample. */
#ifndef BASE_LEVEL_H
#define BASE_LEVEL_H

#include "base/types.h"

#define LEVEL_RATE_HZ 8000
#define LEVEL_SILENT_CDB (-20000)           /* nothing but zeros, or no samples at all */
#define LEVEL_SAMPLES_MAX ((size_t)1 << 32) /* more, and the sum of squares could overflow */

int32_t level_power(const int16_t *samples, size_t n);
/* Of the loudest sample: 0 is full scale. */
int32_t level_peak(const int16_t *samples, size_t n);
/* The level while somebody speaks: pauses longer than 200 ms do not count. */
int32_t level_speech(const int16_t *samples, size_t n);

/* The factor that changes a level by so many hundredths of a decibel, in parts of LEVEL_ONE;
 * -8000 <= by_cdb <= 8000. */
#define LEVEL_ONE 65536
uint64_t level_factor(int32_t by_cdb);

#endif
