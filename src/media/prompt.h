/* prompt.h — sounds, encoded once into frames that are sent as they are.
 * Main puts prompts in, at start or later; media threads only read. A prompt never changes and is
 * never taken away while the engine runs, so readers need no lock: another text is another id.
 * Cost: 16 kB a second of sound (both laws), shared by all streams. */
#ifndef MEDIA_PROMPT_H
#define MEDIA_PROMPT_H

#include <stdatomic.h>

#include "media/g711.h"

#define PROMPTS_MAX 4096
#define PROMPT_RATE_HZ 8000
#define PROMPT_FRAME_BYTES 160 /* 20 ms */
#define PROMPT_MS_MAX (10 * 60 * 1000)
#define PROMPT_SAMPLES_MAX ((size_t)PROMPT_MS_MAX * PROMPT_RATE_HZ / 1000)
#define PROMPT_BYTES_MAX ((size_t)256 << 20) /* of all prompts together */

/* What is sent to those who speak neither law, made when it is first needed (bake.h). */
struct prompt_coded {
    _Atomic(uint8_t *) bytes; /* owned; as bake.c has it; NULL: not made */
    _Atomic bool is_wanted;
};
#define PROMPT_FORMS (MEDIA_CODECS - MEDIA_G722)

struct prompt {
    uint32_t frames_n;          /* at least 1; the last is filled up with silence */
    const uint8_t *codes[2];    /* by enum media_codec; in the same block as this struct */
    struct prompt_coded *forms; /* PROMPT_FORMS, from MEDIA_G722 on; in the same block */
};

struct prompts {
    _Atomic(struct prompt *) table[PROMPTS_MAX]; /* owned */
    uint8_t steps[2][G711_STEPS];                /* main only; made with the first prompt */
    uint16_t n;                                  /* main only */
    size_t bytes_n;                              /* main only */
};

enum prompt_verdict {
    PROMPT_LOADED,
    PROMPT_MISSING, /* no such file, or it may not be read */
    PROMPT_NOT_WAV,
    PROMPT_NOT_PCM, /* a WAV, but not 8 kHz, mono, 16 bits */
    PROMPT_EMPTY,
    PROMPT_TOO_LONG, /* PROMPT_MS_MAX */
    PROMPTS_FULL,    /* PROMPTS_MAX or PROMPT_BYTES_MAX */
    PROMPT_NO_MEMORY,
};

/* Samples as in a file: 16 bits, little-endian. */
struct prompt_sound {
    const uint8_t *bytes; /* borrowed */
    size_t samples_n;
};

/* Finds the samples in a WAV file. Reads strangers' bytes: fuzzed. */
enum prompt_verdict prompt_read_wav(struct prompt_sound *sound, const uint8_t *bytes, size_t n);

/* Puts a sound in; *id names it from now on. */
enum prompt_verdict media_prompts_put(struct prompts *p, uint16_t *id,
                                      const struct prompt_sound *sound);

/* The same from a file: a WAV, or raw samples when its name ends in ".raw". */
enum prompt_verdict media_prompts_load(struct prompts *p, uint16_t *id, const char *path);

/* In words. */
const char *prompt_why(enum prompt_verdict verdict);

void prompts_drop(struct prompts *p);

/* Any thread. NULL: no such prompt. */
static inline const struct prompt *prompts_find(const struct prompts *p, uint16_t id)
{
    return id < PROMPTS_MAX ? atomic_load_explicit(&p->table[id], memory_order_acquire) : NULL;
}

#endif
