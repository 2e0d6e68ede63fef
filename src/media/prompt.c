/* prompt.c — sounds, encoded once.
 * Called by media.c on the main thread, at start: it reads files and allocates.
 * Invariant: a prompt is complete before its pointer stands in the table. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "media/g711.h"
#include "media/prompt.h"
#include "os/file.h"

#define WAV_HEAD_BYTES 12
#define CHUNK_HEAD_BYTES 8
#define FORMAT_BYTES 16
#define FORMAT_PCM 1
#define FILE_SLACK_BYTES ((size_t)1 << 20) /* other chunks of a WAV */
#define FILE_BYTES_MAX (2 * PROMPT_SAMPLES_MAX + FILE_SLACK_BYTES)

/* ---- WAV ---- */

static uint32_t le_u16(const uint8_t *b)
{
    return (uint32_t)(b[0] | b[1] << 8);
}

static uint32_t le_u32(const uint8_t *b)
{
    return le_u16(b) | le_u16(b + 2) << 16;
}

static bool is_wanted_format(const uint8_t *b, size_t n)
{
    return n >= FORMAT_BYTES && le_u16(b) == FORMAT_PCM && le_u16(b + 2) == 1 &&
           le_u32(b + 4) == PROMPT_RATE_HZ && le_u16(b + 14) == 16;
}

/* Programs that write to a pipe do not know the length and give a huge one: up to the end then. */
enum prompt_verdict prompt_read_wav(struct prompt_sound *sound, const uint8_t *bytes, size_t n)
{
    bool has_format = false;
    if (n < WAV_HEAD_BYTES || memcmp(bytes, "RIFF", 4) || memcmp(bytes + 8, "WAVE", 4))
        return PROMPT_NOT_WAV;
    for (size_t at = WAV_HEAD_BYTES; n - at >= CHUNK_HEAD_BYTES;) {
        const uint8_t *chunk = bytes + at + CHUNK_HEAD_BYTES;
        size_t rest = n - at - CHUNK_HEAD_BYTES, own = le_u32(bytes + at + 4);
        own = own < rest ? own : rest;
        if (!memcmp(bytes + at, "fmt ", 4)) {
            if (!is_wanted_format(chunk, own))
                return PROMPT_NOT_PCM;
            has_format = true;
        }
        if (!memcmp(bytes + at, "data", 4) && has_format) {
            *sound = (struct prompt_sound){chunk, own / 2};
            return PROMPT_LOADED;
        }
        own += own & 1 && own < rest;
        at += CHUNK_HEAD_BYTES + own;
    }
    return PROMPT_NOT_WAV;
}

/* ---- encoding ---- */

static void encode(uint8_t *to, enum media_codec law, const struct prompt_sound *sound, size_t n)
{
    for (size_t i = 0; i < sound->samples_n; i++)
        to[i] = g711_encode(law, (int16_t)le_u16(sound->bytes + 2 * i));
    for (size_t i = sound->samples_n; i < n; i++)
        to[i] = g711_encode(law, 0);
}

enum prompt_verdict media_prompts_put(struct prompts *p, uint16_t *id,
                                      const struct prompt_sound *sound)
{
    size_t frames_n = (sound->samples_n + PROMPT_FRAME_BYTES - 1) / PROMPT_FRAME_BYTES;
    size_t n = frames_n * PROMPT_FRAME_BYTES, bytes_n = sizeof(struct prompt) + 2 * n;
    if (frames_n == 0)
        return PROMPT_EMPTY;
    if (sound->samples_n > PROMPT_SAMPLES_MAX)
        return PROMPT_TOO_LONG;
    if (p->n == PROMPTS_MAX || bytes_n > PROMPT_BYTES_MAX - p->bytes_n)
        return PROMPTS_FULL;
    struct prompt *prompt = malloc(bytes_n);
    if (!prompt)
        return PROMPT_NO_MEMORY;
    uint8_t *codes = (uint8_t *)(prompt + 1);
    encode(codes, MEDIA_PCMA, sound, n);
    encode(codes + n, MEDIA_PCMU, sound, n);
    *prompt = (struct prompt){(uint32_t)frames_n, {codes, codes + n}};
    p->bytes_n += bytes_n;
    *id = p->n++;
    atomic_store_explicit(&p->table[*id], prompt, memory_order_release);
    return PROMPT_LOADED;
}

/* ---- files ---- */

static bool is_raw(const char *path)
{
    size_t n = strlen(path);
    return n >= 4 && !strcmp(path + n - 4, ".raw");
}

static enum prompt_verdict put_file(struct prompts *p, uint16_t *id, const char *path,
                                    struct prompt_sound file)
{
    struct prompt_sound sound = {file.bytes, file.samples_n / 2};
    enum prompt_verdict v = PROMPT_LOADED;
    if (!is_raw(path))
        v = prompt_read_wav(&sound, file.bytes, file.samples_n);
    return v == PROMPT_LOADED ? media_prompts_put(p, id, &sound) : v;
}

enum prompt_verdict media_prompts_load(struct prompts *p, uint16_t *id, const char *path)
{
    struct stat st;
    size_t got = 0;
    if (stat(path, &st) || !S_ISREG(st.st_mode))
        return PROMPT_MISSING;
    if ((uint64_t)st.st_size > FILE_BYTES_MAX)
        return PROMPT_TOO_LONG;
    size_t n = (size_t)st.st_size;
    uint8_t *bytes = malloc(n ? n : 1);
    if (!bytes)
        return PROMPT_NO_MEMORY;
    enum prompt_verdict v = PROMPT_MISSING;
    if (!os_file_read(path, bytes, n, &got))
        v = put_file(p, id, path, (struct prompt_sound){bytes, got});
    free(bytes);
    return v;
}

const char *prompt_why(enum prompt_verdict verdict)
{
    static const char *const words[] = {
        [PROMPT_LOADED] = "loaded",
        [PROMPT_MISSING] = "there is no such file, or it cannot be read",
        [PROMPT_NOT_WAV] = "it is no WAV file",
        [PROMPT_NOT_PCM] = "it must be 8 kHz, mono, 16 bits: sox IN -r 8000 -c 1 -b 16 OUT.wav",
        [PROMPT_EMPTY] = "there is no sound in it",
        [PROMPT_TOO_LONG] = "it lasts longer than ten minutes",
        [PROMPTS_FULL] = "there are as many prompts as the engine holds (4096, 256 MB)",
        [PROMPT_NO_MEMORY] = "there is no memory for it",
    };
    return words[verdict];
}

void prompts_drop(struct prompts *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(atomic_load(&p->table[i]));
    p->n = 0;
}
