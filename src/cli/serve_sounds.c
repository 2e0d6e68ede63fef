/* serve_sounds.c — the prompts into the media engine, and which number each has there.
 * At start, and after each reload, the thread of serve_speech.c looks at all files; what it finds
 * is taken here, a few at each turn. The engine never gives a sound up, so that who hears it hears
 * it to its end. Cost at start: 50 MB read by the other core, coded by this one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "cli/voice.h"

#define BEEP_EVERY_MS 15000
#define PER_TURN 16 /* sounds of some 3 s: about two milliseconds */
/* So long may the start wait for sentences that must be spoken first; the others follow. */
#define START_MS ((ms_t)5000)

static void put(struct house *h, uint16_t *id, const int16_t *samples, size_t n)
{
    const struct prompt_sound sound = {(const uint8_t *)samples, n};
    uint16_t new = MEDIA_PROMPT_NONE;
    enum prompt_verdict v = media_prompts_put(media_prompts(h->media), &new, &sound);
    if (v == PROMPT_LOADED)
        *id = new;
    else
        os_log_line(&h->log, OS_LOG_ALARM, "voice: a prompt is not taken: %s; start anew",
                    prompt_why(v));
}

/* Fifteen seconds of silence that begin with the beep, so that it repeats by itself. */
static void put_beep(struct house *h, const struct voice_found *f)
{
    const size_t n = (size_t)BEEP_EVERY_MS * PROMPT_RATE_HZ / 1000;
    int16_t *whole = calloc(n, sizeof(*whole));
    if (!whole || f->n > n) {
        free(whole);
        return;
    }
    memcpy(whole, f->samples, f->n * sizeof(*whole));
    put(h, &h->sounds->beep, whole, n);
    free(whole);
}

static void take(struct house *h, const struct voice_found *f)
{
    uint16_t id = h->sounds->ids[f->lang][f->id];
    put(h, &id, f->samples, f->n);
    h->sounds->ids[f->lang][f->id] = id;
    for (unsigned lang = 0; prompt_rows[f->id].is_common && lang < PROMPT_LANGS; lang++)
        h->sounds->ids[lang][f->id] = id;
    if (f->id == PROMPT_TONE_BEEP)
        put_beep(h, f);
}

void house_voice_turn(struct house *h)
{
    struct voice_found f;
    for (unsigned i = 0; i < PER_TURN && voice_next(h->voice, &f); i++) {
        if (f.samples)
            take(h, &f);
        if (f.id == PROMPT_NOTICE_TODAY)
            house_notice_spoken(h, &f);
        free(f.samples);
    }
}

/* A path of the settings, or empty when it is empty. */
static bool beside(const struct house *h, char to[CONFIG_PATH_BYTES], const char *path)
{
    to[0] = '\0';
    return !path[0] || config_path_beside(to, h->args->settings, path);
}

void house_voice_ask(struct house *h)
{
    char folder[CONFIG_PATH_BYTES], own[CONFIG_PATH_BYTES];
    struct config_spoken *spoken = calloc(1, sizeof(*spoken));
    bool is_named =
        beside(h, folder, h->settings.voice.path) && beside(h, own, h->settings.voice.own);
    bool is_asked = false;
    if (spoken && is_named) {
        const struct config_spoken_args args = {.folder = own, .directory = h->directory};
        const struct voice_place place = {
            .site = {h->directory, &h->set->files->flows, spoken}, .folder = folder, .own = own};
        if (own[0] && config_spoken_load(spoken, &args))
            os_log_line(&h->log, OS_LOG_WARNING, "voice: %s: its text.tsv cannot be read", own);
        is_asked = voice_ask(h->voice, &place);
        config_spoken_drop(spoken);
    }
    free(spoken);
    if (!is_asked)
        os_log_line(&h->log, OS_LOG_ALARM, "voice: no memory to look at the prompts");
}

int house_open_voice(struct house *h)
{
    char cache[CONFIG_PATH_BYTES];
    const struct settings_voice *s = &h->settings.voice;
    const struct voice_args args = {.command = s->speech_command,
                                    .cache = cache,
                                    .timeout_ms = s->speech_timeout_ms,
                                    .log = &h->log};
    memset(h->sounds->ids, 0xff, sizeof(h->sounds->ids)); /* MEDIA_PROMPT_NONE */
    h->sounds->beep = MEDIA_PROMPT_NONE;
    int err = beside(h, cache, s->speech_cache) ? voice_open(&h->voice, &args) : ENAMETOOLONG;
    if (err)
        return err;
    house_voice_ask(h);
    for (ms_t until_ms = os_clock_boot_ms() + START_MS; !voice_is_done(h->voice);) {
        ms_t left_ms = until_ms - os_clock_boot_ms();
        if (left_ms <= 0)
            break;
        house_voice_turn(h);
        voice_wait(h->voice, (int)left_ms);
    }
    return 0;
}
