/* tone.h — a sine: the beep of a line without music, and the test tones.
 * Pure. Called by media.c at start. */
#ifndef MEDIA_TONE_H
#define MEDIA_TONE_H

#include "base/types.h"

struct tone {
    unsigned hz;    /* below half of the rate */
    int peak;       /* of 32767 */
    size_t from, n; /* samples */
};

/* Writes the samples from … from + n − 1 of to: 16 bits, little-endian, 8 kHz, beginning at 0. */
void tone_write(uint8_t *to, const struct tone *tone);

#endif
