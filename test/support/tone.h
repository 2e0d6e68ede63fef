/* tone.h — WAV files of a tone between two silences, for tests that judge or replace sounds. */
#ifndef TEST_SUPPORT_TONE_H
#define TEST_SUPPORT_TONE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/wav.h"

struct tone {
    unsigned before_ms, ms, after_ms;
    int cdb; /* of the tone */
};

static inline void tone_sample(FILE *f, double v)
{
    int s = (int)lrint(v);
    fputc(s & 0xff, f);
    fputc(s >> 8 & 0xff, f);
}

static inline void tone_put(const char *path, struct tone t)
{
    uint8_t head[WAV_HEAD_BYTES];
    unsigned first = t.before_ms * 8, last = first + t.ms * 8, n = last + t.after_ms * 8;
    double top = sqrt(2) * 32768 * pow(10, t.cdb / 2000.0);
    FILE *f = fopen(path, "wb");
    if (!f)
        abort();
    wav_write_head(head, n);
    fwrite(head, 1, sizeof(head), f);
    for (unsigned i = 0; i < n; i++)
        tone_sample(f, i < first || i >= last ? 0 : top * sin(2 * M_PI * 500 * i / WAV_RATE_HZ));
    if (fclose(f))
        abort();
}

#endif
