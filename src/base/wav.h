/* wav.h — WAV files (RIFF): what is in them, and the head of ours. Pure.
 * Called by media/ (prompts), speech/ (what a program spoke), cli/ (to say what was found). Reads
 * strangers' bytes: fuzzed through media/prompt.h. */
#ifndef BASE_WAV_H
#define BASE_WAV_H

#include "base/types.h"

#define WAV_FORMAT_PCM 1
#define WAV_FORMAT_EXTENSIBLE 0xfffe /* PCM too, by programs that write many channels */
#define WAV_HEAD_BYTES 44            /* of a file that we write */
#define WAV_RATE_HZ 8000             /* of a file that we play: mono, 16 bits */

struct wav {
    uint32_t rate_hz;
    uint16_t format, channels_n, bits;
    const uint8_t *bytes; /* borrowed: the samples, little-endian, channels in turn */
    size_t frames_n;      /* a sample of each channel */
};

enum wav_verdict {
    WAV_READ,
    WAV_NOT_RIFF,
    WAV_NO_FORMAT, /* no chunk "fmt ", or one that says nothing sensible */
    WAV_NO_SOUND,  /* no chunk "data" */
};

/* A length that passes the end of the bytes means up to the end: programs that write to a pipe do
 * not know it. */
enum wav_verdict wav_read(struct wav *w, const uint8_t *bytes, size_t n);
/* 8 kHz, mono, 16 bits: what the engine plays. */
bool wav_is_playable(const struct wav *w);
/* One sample of 8, 16, 24 or 32 bits, the mean of its channels, as 16 bits. */
int16_t wav_sample(const struct wav *w, size_t frame);
/* All of them: to has room for frames_n. */
void wav_samples(int16_t *to, const struct wav *w);
/* Can wav_sample() read it? */
bool wav_is_linear(const struct wav *w);

/* The head of a file of 8 kHz, mono, 16 bits, before its samples. */
void wav_write_head(uint8_t to[WAV_HEAD_BYTES], uint32_t samples_n);
/* A whole file: to has room for WAV_HEAD_BYTES and two bytes a sample. */
void wav_write(uint8_t *to, const int16_t *samples, uint32_t n);

#endif
