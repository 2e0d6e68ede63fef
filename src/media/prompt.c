/* prompt.c — sounds, encoded once.
 * Called by media.c on the main thread, at start: it reads files and allocates.
 * Invariant: a prompt is complete before its pointer stands in the table. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/wav.h"
#include "media/prompt.h"
#include "os/file.h"

#define FILE_SLACK_BYTES ((size_t)1 << 20) /* other chunks of a WAV */
#define FILE_BYTES_MAX (2 * PROMPT_SAMPLES_MAX + FILE_SLACK_BYTES)

/* ---- WAV ---- */

static int16_t sample_at(const uint8_t *bytes, size_t i)
{
    return (int16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
}

enum prompt_verdict prompt_read_wav(struct prompt_sound *sound, const uint8_t *bytes, size_t n)
{
    struct wav wav;
    enum wav_verdict v = wav_read(&wav, bytes, n);
    if (v != WAV_NOT_RIFF && wav.bits && !wav_is_playable(&wav))
        return PROMPT_NOT_PCM;
    if (v != WAV_READ)
        return PROMPT_NOT_WAV;
    *sound = (struct prompt_sound){wav.bytes, wav.frames_n};
    return PROMPT_LOADED;
}

/* ---- encoding ---- */

static void encode(uint8_t *to, const uint8_t steps[G711_STEPS], const struct prompt_sound *sound,
                   size_t n)
{
    for (size_t i = 0; i < sound->samples_n; i++)
        to[i] = g711_step(steps, sample_at(sound->bytes, i));
    memset(to + sound->samples_n, g711_step(steps, 0), n - sound->samples_n);
}

static void make_steps(struct prompts *p)
{
    g711_steps(p->steps[MEDIA_PCMA], MEDIA_PCMA);
    g711_steps(p->steps[MEDIA_PCMU], MEDIA_PCMU);
}

enum prompt_verdict media_prompts_put(struct prompts *p, uint16_t *id,
                                      const struct prompt_sound *sound)
{
    size_t frames_n = (sound->samples_n + PROMPT_FRAME_BYTES - 1) / PROMPT_FRAME_BYTES;
    size_t n = frames_n * PROMPT_FRAME_BYTES;
    size_t head_n = sizeof(struct prompt) + PROMPT_FORMS * sizeof(struct prompt_coded);
    size_t bytes_n = head_n + 2 * n;
    if (frames_n == 0)
        return PROMPT_EMPTY;
    if (sound->samples_n > PROMPT_SAMPLES_MAX)
        return PROMPT_TOO_LONG;
    if (p->n == PROMPTS_MAX || bytes_n > PROMPT_BYTES_MAX - p->bytes_n)
        return PROMPTS_FULL;
    struct prompt *prompt = malloc(bytes_n);
    if (!prompt)
        return PROMPT_NO_MEMORY;
    struct prompt_coded *forms = (struct prompt_coded *)(prompt + 1);
    uint8_t *codes = (uint8_t *)(forms + PROMPT_FORMS);
    if (p->n == 0)
        make_steps(p);
    encode(codes, p->steps[MEDIA_PCMA], sound, n);
    encode(codes + n, p->steps[MEDIA_PCMU], sound, n);
    for (unsigned i = 0; i < PROMPT_FORMS; i++) {
        atomic_init(&forms[i].bytes, NULL);
        atomic_init(&forms[i].is_wanted, false);
    }
    *prompt = (struct prompt){(uint32_t)frames_n, {codes, codes + n}, forms};
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
    for (size_t i = 0; i < p->n; i++) {
        struct prompt *prompt = atomic_load(&p->table[i]);
        for (unsigned k = 0; k < PROMPT_FORMS; k++)
            free(atomic_load(&prompt->forms[k].bytes));
        free(prompt);
        atomic_store(&p->table[i], NULL);
    }
    p->n = 0;
}
