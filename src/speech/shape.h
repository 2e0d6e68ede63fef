/* shape.h — the sound of a program as a prompt: 8 kHz, the level of the recordings, silences.
 * Called by speech.c on its thread. Cost: a few milliseconds for a second of sound. */
#ifndef SPEECH_SHAPE_H
#define SPEECH_SHAPE_H

#include "base/wav.h"

#define SPEECH_LEVEL_CDB (-2400) /* active speech, ITU-T P.56 */
#define SPEECH_PEAK_CDB (-400)   /* turned down there; the bound is -300 */
#define SPEECH_RATE_MIN_HZ 8000
#define SPEECH_RATE_MAX_HZ 96000
#define SPEECH_SECONDS_MAX 120

struct speech_shape {
    uint16_t before_ms, after_ms;
};

/* *samples: owned by the caller. ENODATA: nothing can be heard in it; EINVAL: a form or a rate that
 * is not read here, or longer than SPEECH_SECONDS_MAX; ENOMEM. */
MUST_CHECK int speech_shape(int16_t **samples, size_t *n, const struct wav *wav,
                            const struct speech_shape *shape);

#endif
