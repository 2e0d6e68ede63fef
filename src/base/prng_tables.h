/* prng_tables.h — constants of the variates; their method is written in tools/variates.py.
 * Included by prng.c only. No cost, no state. */
#ifndef BASE_PRNG_TABLES_H
#define BASE_PRNG_TABLES_H

#include "base/types.h"

#define PRNG_STEPS 512 /* of log2 over [1, 2] and of exp2 over [0, 1], in 2^-30 */
extern const uint32_t prng_log2_table[PRNG_STEPS + 1];
extern const uint32_t prng_exp2_table[PRNG_STEPS + 1];

#define PRNG_OCTAVES 32 /* of the tail probability, from 1/4…1/2 down; in 2^-24 */
#define PRNG_OCTAVE_PARTS 32
extern const int32_t prng_normal_table[PRNG_OCTAVES * PRNG_OCTAVE_PARTS];

#define PRNG_WEIBULL_CV_STEP 25 /* thousandths, from PRNG_CV_MILLI_MIN */
#define PRNG_WEIBULL_N 93
extern const uint32_t prng_weibull_inverse_shape[PRNG_WEIBULL_N];
extern const uint32_t prng_weibull_inverse_gamma[PRNG_WEIBULL_N];

#endif
