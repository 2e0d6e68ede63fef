/* serve_sounds.c — the prompts into the media engine, and which number each has there.
 * Called once at start. A file that lacks is told and left out: its sentence is said in the other
 * language, or not at all; the service answers all the same. Cost: 28 MB read. */
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "say/judge.h"

#define BEEP_EVERY_MS 15000
#define LACKING_TOLD_MAX 8

static const char *const folders[PROMPT_LANGS] = {"fr", "en"};

/* FOLDER/fr/NAME.wav, read from the folder of the settings. */
static bool path_of(const struct house *h, char to[CONFIG_PATH_BYTES], const char *folder,
                    const char *name)
{
    char relative[CONFIG_PATH_BYTES];
    struct text_out out = {.p = relative, .max = sizeof(relative) - 1};
    text_put(&out, text_of(h->settings.voice.path));
    text_put(&out, TEXT("/"));
    text_put(&out, text_of(folder));
    text_put(&out, TEXT("/"));
    text_put(&out, text_of(name));
    text_put(&out, TEXT(".wav"));
    relative[out.n] = '\0';
    return !out.is_cut && config_path_beside(to, h->args->settings, relative);
}

static bool load(struct house *h, uint16_t *id, const char *folder, const char *name)
{
    char path[CONFIG_PATH_BYTES];
    enum prompt_verdict v = PROMPT_MISSING;
    if (path_of(h, path, folder, name))
        v = media_prompts_load(media_prompts(h->media), id, path);
    if (v == PROMPT_LOADED)
        return true;
    *id = MEDIA_PROMPT_NONE;
    os_log_line(&h->log, OS_LOG_WARNING, "voice: %s: %s", path, prompt_why(v));
    return false;
}

/* Fifteen seconds of silence that begin with the beep, so that it repeats by itself. */
static void load_beep(struct house *h)
{
    const size_t samples_n = (size_t)BEEP_EVERY_MS * PROMPT_RATE_HZ / 1000;
    char path[CONFIG_PATH_BYTES];
    uint8_t *file = calloc(samples_n, 2), *whole = calloc(samples_n, 2);
    size_t n = 0;
    struct prompt_sound beep;
    h->sounds->beep = h->sounds->ids[PROMPT_FR][PROMPT_TONE_BEEP];
    bool is_read = file && whole && path_of(h, path, "common", "tone.beep") &&
                   !os_file_read(path, file, samples_n, &n) &&
                   prompt_read_wav(&beep, file, n) == PROMPT_LOADED && beep.samples_n <= samples_n;
    if (is_read) {
        const struct prompt_sound sound = {whole, samples_n};
        memcpy(whole, beep.bytes, beep.samples_n * 2);
        if (media_prompts_put(media_prompts(h->media), &h->sounds->beep, &sound) != PROMPT_LOADED)
            h->sounds->beep = MEDIA_PROMPT_NONE;
    }
    free(file);
    free(whole);
}

static unsigned load_one(struct house *h, unsigned prompt)
{
    const struct prompt_row *row = &prompt_rows[prompt];
    uint16_t id = MEDIA_PROMPT_NONE;
    unsigned lacking_n = 0;
    if (row->is_common) {
        lacking_n += !load(h, &id, "common", row->name);
        for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
            h->sounds->ids[lang][prompt] = id;
        return lacking_n;
    }
    for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
        if (say_has_file(prompt, lang))
            lacking_n += !load(h, &h->sounds->ids[lang][prompt], folders[lang], row->name);
    return lacking_n;
}

unsigned house_load_sounds(struct house *h)
{
    unsigned lacking_n = 0;
    memset(h->sounds->ids, 0xff, sizeof(h->sounds->ids)); /* MEDIA_PROMPT_NONE */
    for (unsigned i = PROMPT_NONE + 1; i < PROMPT_N; i++)
        lacking_n += load_one(h, i);
    load_beep(h);
    if (lacking_n)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "voice: %u prompts lack: `decroche check` lists them; voice.path is the folder",
                    lacking_n);
    return lacking_n;
}
