/* wav.c — see wav.h. Cost: one pass over the chunks.
 * Invariant: bytes and frames_n never pass the end of what was given. */
#include <string.h>

#include "base/wav.h"

#define RIFF_BYTES 12
#define CHUNK_BYTES 8
#define FORMAT_BYTES 16
#define CHANNELS_MAX 8

static uint32_t le_u16(const uint8_t *b)
{
    return (uint32_t)(b[0] | b[1] << 8);
}

static uint32_t le_u32(const uint8_t *b)
{
    return le_u16(b) | le_u16(b + 2) << 16;
}

static bool read_format(struct wav *w, const uint8_t *b, size_t n)
{
    if (n < FORMAT_BYTES)
        return false;
    w->format = (uint16_t)le_u16(b);
    w->channels_n = (uint16_t)le_u16(b + 2);
    w->rate_hz = le_u32(b + 4);
    w->bits = (uint16_t)le_u16(b + 14);
    return w->channels_n >= 1 && w->channels_n <= CHANNELS_MAX && w->rate_hz && w->bits >= 8 &&
           w->bits <= 32 && w->bits % 8 == 0;
}

enum wav_verdict wav_read(struct wav *w, const uint8_t *bytes, size_t n)
{
    *w = (struct wav){0};
    if (n < RIFF_BYTES || memcmp(bytes, "RIFF", 4) || memcmp(bytes + 8, "WAVE", 4))
        return WAV_NOT_RIFF;
    for (size_t at = RIFF_BYTES; n - at >= CHUNK_BYTES;) {
        const uint8_t *chunk = bytes + at + CHUNK_BYTES;
        size_t rest = n - at - CHUNK_BYTES, own = le_u32(bytes + at + 4);
        own = own < rest ? own : rest;
        if (!memcmp(bytes + at, "fmt ", 4) && !read_format(w, chunk, own))
            return WAV_NO_FORMAT;
        if (!memcmp(bytes + at, "data", 4) && w->bits) {
            w->bytes = chunk;
            w->frames_n = own / (w->channels_n * (w->bits / 8u));
            return WAV_READ;
        }
        own += own & 1 && own < rest;
        at += CHUNK_BYTES + own;
    }
    return w->bits ? WAV_NO_SOUND : WAV_NO_FORMAT;
}

bool wav_is_playable(const struct wav *w)
{
    return w->format == WAV_FORMAT_PCM && w->channels_n == 1 && w->rate_hz == WAV_RATE_HZ &&
           w->bits == 16;
}

bool wav_is_linear(const struct wav *w)
{
    return w->format == WAV_FORMAT_PCM || w->format == WAV_FORMAT_EXTENSIBLE;
}

/* The upper 16 bits of a sample; 8 bits are without a sign (Microsoft, WAVE_FORMAT_PCM). */
static int32_t one(const struct wav *w, const uint8_t *b)
{
    if (w->bits == 8)
        return (b[0] - 128) * 256;
    return (int16_t)le_u16(b + w->bits / 8 - 2);
}

int16_t wav_sample(const struct wav *w, size_t frame)
{
    size_t wide = w->bits / 8u;
    const uint8_t *b = w->bytes + frame * wide * w->channels_n;
    int32_t sum = 0;
    assert(frame < w->frames_n);
    for (unsigned i = 0; i < w->channels_n; i++)
        sum += one(w, b + i * wide);
    return (int16_t)(sum / w->channels_n);
}

void wav_samples(int16_t *to, const struct wav *w)
{
    bool is_plain = w->bits == 16 && w->channels_n == 1;
    for (size_t i = 0; i < w->frames_n; i++)
        to[i] = is_plain ? (int16_t)le_u16(w->bytes + 2 * i) : wav_sample(w, i);
}

static uint8_t *put_u16(uint8_t *to, uint32_t v)
{
    to[0] = (uint8_t)v;
    to[1] = (uint8_t)(v >> 8);
    return to + 2;
}

static uint8_t *put_u32(uint8_t *to, uint32_t v)
{
    return put_u16(put_u16(to, v & 0xffff), v >> 16);
}

void wav_write_head(uint8_t to[WAV_HEAD_BYTES], uint32_t samples_n)
{
    uint8_t *at = to + 4;
    assert(samples_n < UINT32_MAX / 2 - WAV_HEAD_BYTES);
    memcpy(to, "RIFF", 4);
    at = put_u32(at, WAV_HEAD_BYTES - 8 + samples_n * 2);
    memcpy(at, "WAVEfmt ", 8);
    at = put_u32(at + 8, FORMAT_BYTES);
    at = put_u16(at, WAV_FORMAT_PCM);
    at = put_u16(at, 1);
    at = put_u32(at, WAV_RATE_HZ);
    at = put_u32(at, WAV_RATE_HZ * 2);
    at = put_u16(at, 2);
    at = put_u16(at, 16);
    memcpy(at, "data", 4);
    put_u32(at + 4, samples_n * 2);
}

void wav_write(uint8_t *to, const int16_t *samples, uint32_t n)
{
    wav_write_head(to, n);
    to += WAV_HEAD_BYTES;
    for (uint32_t i = 0; i < n; i++)
        to = put_u16(to, (uint16_t)samples[i]);
}
