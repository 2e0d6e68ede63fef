/* serve_phrases_record.c — what somebody recorded becomes a prompt of the place: judged, brought to
 * 8 kHz, to the level and the silences of the others by what shapes a synthesis. See
 * serve_phrases.h. On the reader thread: a few milliseconds for a second of sound. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "config/voice.h"
#include "speech/shape.h"

#define SECOND_MS 1000u

static bool refuse(struct files_mistake *m, const char *what, const char *cure)
{
    snprintf(m->what, sizeof(m->what), "%s", what);
    snprintf(m->cure, sizeof(m->cure), "%s", cure);
    return false;
}

static bool is_sound(struct wav *w, struct text body)
{
    return wav_read(w, (const uint8_t *)body.p, body.n) == WAV_READ && wav_is_linear(w) &&
           w->rate_hz >= SPEECH_RATE_MIN_HZ && w->rate_hz <= SPEECH_RATE_MAX_HZ;
}

static bool keep(struct house_phrases *p, const int16_t *samples, size_t n, struct text *to)
{
    free(p->taken);
    p->taken = malloc(WAV_HEAD_BYTES + 2 * n);
    if (!p->taken)
        return false;
    wav_write(p->taken, samples, (uint32_t)n);
    *to = (struct text){(const char *)p->taken, WAV_HEAD_BYTES + 2 * n};
    return true;
}

/* Silences at both ends are those of the form, whatever was recorded there. */
static bool is_too_long(const struct prompt_form *form, size_t n, struct files_mistake *m)
{
    uint32_t ms = (uint32_t)(n * SECOND_MS / WAV_RATE_HZ), most_ms = form->max_ms;
    if (!most_ms || ms <= most_ms)
        return false;
    snprintf(m->what, sizeof(m->what), "elle dure %u,%u\u00a0s, silences compris", ms / SECOND_MS,
             ms % SECOND_MS / 100);
    snprintf(m->cure, sizeof(m->cure), "%u,%u\u00a0s au plus\u00a0: dites-la un peu plus vite",
             most_ms / SECOND_MS, most_ms % SECOND_MS / 100);
    return true;
}

bool house_phrases_record(void *arg, const struct phrases_take *take, struct text *to,
                          struct files_mistake *m)
{
    struct house_phrases *p = arg;
    enum prompt_lang lang = (enum prompt_lang)take->lang;
    const struct prompt_form *form = say_form(config_voice_named(NULL, take->name), lang);
    const struct speech_shape shape = {form->before_ms, form->after_ms};
    struct wav w;
    int16_t *samples = NULL;
    size_t n = 0;
    if (!is_sound(&w, take->body))
        return refuse(m, "ce n’est pas un son que l’on sache lire ici",
                      "un fichier WAV sans compression, de 8 à 96\u00a0kHz");
    if (w.frames_n > (size_t)PHRASES_SECONDS_MAX * w.rate_hz)
        return refuse(m, "c’est plus long qu’une minute", "une phrase à la fois");
    int err = speech_shape(&samples, &n, &w, &shape);
    if (err == ENODATA)
        return refuse(m, "on n’y entend rien", "parlez plus près du micro, et réécoutez");
    if (err)
        return refuse(m, "ce son n’a pas pu être préparé", "recommencez");
    bool is_kept = !is_too_long(form, n, m) && keep(p, samples, n, to);
    free(samples);
    if (!is_kept && !m->what[0])
        refuse(m, "la mémoire manque", "libérez-en, puis recommencez");
    return is_kept;
}

bool house_phrases_own_name(void *arg, enum phrases_lang lang, const char *name, char *to)
{
    const struct house_phrases *p = arg;
    enum prompt_id id = config_voice_named(NULL, name);
    char path[CONFIG_PATH_BYTES];
    const struct config_voice_own own = {p->own, p->set->directory};
    if (id == PROMPT_NONE || !p->own[0] ||
        !config_voice_own_path(path, &own, id, (enum prompt_lang)lang))
        return false;
    const char *at = path + strlen(p->own) + 1, *slash = strchr(at, '/');
    size_t stem_n = slash ? strlen(slash + 1) : 0;
    if (stem_n <= sizeof(".wav"))
        return false;
    int n = snprintf(to, FILES_NAME_BYTES, FILES_SOUND "%.*s-%.*s", (int)(slash - at), at,
                     (int)(stem_n - sizeof(".wav") + 1), slash + 1);
    return n > 0 && n < FILES_NAME_BYTES;
}
