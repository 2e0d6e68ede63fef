/* serve_phrases.c — see serve_phrases.h. The sound of a sentence is found where serve_speech.c
 * finds it: the place's own file, ours when the words are those of the table, else what was spoken
 * and is kept. Cost: reading all files for a page; a look at each file's size. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/house.h"
#include "config/sentence.h"
#include "config/voice.h"
#include "speech/cache.h"

#define KIND_PIECE 'P' /* of numbers, hours, dates: not sentences */

static const char *const languages[PHRASES_LANGS] = {"fr", "en"};

_Static_assert((int)PHRASES_FR == (int)PROMPT_FR && (int)PHRASES_EN == (int)PROMPT_EN,
               "the same languages");

/* ---- reading --------------------------------------------------------------------------------- */

static bool beside(char to[CONFIG_PATH_BYTES], const char *settings, const char *path)
{
    to[0] = 0;
    return path[0] && config_path_beside(to, settings, path);
}

static void forget(struct house_phrases *p)
{
    config_spoken_drop(&p->spoken);
    memset(&p->spoken, 0, sizeof(p->spoken));
    if (p->set)
        config_set_drop(p->set);
    p->set = NULL;
    sound_drop(&p->sound);
}

static bool read_all(void *arg)
{
    struct house_phrases *p = arg;
    forget(p);
    memset(p->errors, 0, sizeof(*p->errors));
    if (config_set_load(&p->set, p->files->settings, NULL, p->errors))
        return false;
    const struct settings_voice *v = &p->set->settings.voice;
    (void)beside(p->folder, p->files->settings, v->path);
    (void)beside(p->own, p->files->settings, v->own);
    (void)beside(p->cache, p->files->settings, v->speech_cache);
    const struct config_spoken_args args = {.folder = p->own, .directory = p->set->directory};
    return !p->own[0] || !config_spoken_load(&p->spoken, &args);
}

static bool has_own(void *arg)
{
    const struct house_phrases *p = arg;
    return p->own[0];
}

/* ---- where its sound is ---------------------------------------------------------------------- */

struct found {
    enum prompt_id id; /* given, as lang */
    enum prompt_lang lang;
    enum phrases_source source;
    char path[CONFIG_PATH_BYTES]; /* empty: nowhere yet */
    enum config_words said;
};

/* 8 kHz, 16 bits, one head: as all that is played. */
static uint32_t length_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) || st.st_size <= WAV_HEAD_BYTES)
        return 0;
    return (uint32_t)((st.st_size - WAV_HEAD_BYTES) * 1000 / (2 * WAV_RATE_HZ));
}

/* As serve_speech.c asks for it. */
static bool spoken_path(const struct house_phrases *p, char to[CONFIG_PATH_BYTES],
                        const struct prompt_form *form, struct speech_question *q)
{
    char path[OS_PATH_MAX];
    q->before_ms = form->before_ms;
    q->after_ms = form->after_ms;
    if (!p->cache[0] || !q->words_n ||
        !speech_cache_path(path, p->cache, p->set->settings.voice.speech_command, q))
        return false;
    int n = snprintf(to, CONFIG_PATH_BYTES, "%s", path);
    return n > 0 && n < CONFIG_PATH_BYTES && length_of(to);
}

/* Its words into *to; its length, 0: it has no sound. */
static uint32_t find_sound(const struct house_phrases *p, struct found *f,
                           struct phrases_phrase *to)
{
    enum prompt_id id = f->id;
    enum prompt_lang lang = f->lang;
    const struct config_site site = {p->set->directory, &p->set->flows, &p->spoken};
    const struct config_voice_own own = {p->own, p->set->directory};
    struct speech_question q = {.words_n = 0};
    struct text_out out = {.p = to->words, .max = sizeof(to->words) - 1};
    uint32_t ms = 0;
    f->said =
        prompt_rows[id].is_common ? CONFIG_WORDS_TABLE : config_sentence(&out, &site, id, lang);
    to->words[out.n] = 0;
    snprintf(q.lang, sizeof(q.lang), "%s", languages[lang]);
    q.words_n = out.is_cut || out.n > sizeof(q.words) ? 0 : (uint16_t)out.n;
    memcpy(q.words, to->words, q.words_n);
    f->source = PHRASES_OWN;
    if (p->own[0] && config_voice_own_path(f->path, &own, id, lang))
        ms = length_of(f->path);
    if (!ms && f->said == CONFIG_WORDS_TABLE && config_voice_path(f->path, p->folder, id, lang)) {
        f->source = PHRASES_HOUSE;
        ms = length_of(f->path);
    }
    if (!ms) {
        bool is_made = spoken_path(p, f->path, say_form(id, lang), &q);
        f->source = is_made ? PHRASES_SPOKEN : PHRASES_AWAITED;
        ms = is_made ? length_of(f->path) : 0;
    }
    return ms;
}

/* ---- one sentence ---------------------------------------------------------------------------- */

static void fill(const struct house_phrases *p, struct found *f, struct phrases_phrase *to)
{
    const struct prompt_row *row = &prompt_rows[f->id];
    *to = (struct phrases_phrase){.longest_ms = say_form(f->id, f->lang)->max_ms};
    snprintf(to->name, sizeof(to->name), "%s", row->name);
    to->ms = find_sound(p, f, to);
    to->source = f->source;
    to->is_typed = f->said == CONFIG_WORDS_OWN;
    to->may_type = (row->kind == 'S' || row->kind == 'L') && f->id != PROMPT_NOTICE_TODAY;
}

static bool nth(void *arg, enum phrases_lang lang, unsigned i, struct phrases_phrase *to)
{
    const struct house_phrases *p = arg;
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++) {
        const struct prompt_row *row = &prompt_rows[id];
        if (row->kind == KIND_PIECE || (row->is_common && lang != PHRASES_FR) || i-- > 0)
            continue;
        fill(p, &(struct found){.id = (enum prompt_id)id, .lang = (enum prompt_lang)lang}, to);
        return true;
    }
    return false;
}

static enum prompt_id id_of(const char *name)
{
    enum prompt_id id = config_voice_named(NULL, name);
    return id != PROMPT_NONE && !strcmp(prompt_rows[id].name, name) ? id : PROMPT_NONE;
}

static bool find(void *arg, enum phrases_lang lang, const char *name, struct phrases_phrase *to)
{
    const struct house_phrases *p = arg;
    struct found f = {.id = id_of(name), .lang = (enum prompt_lang)lang};
    if (f.id == PROMPT_NONE)
        return false;
    fill(p, &f, to);
    return true;
}

/* ---- its sound ------------------------------------------------------------------------------- */

static bool load(struct house_phrases *p, enum phrases_lang lang, const char *name)
{
    struct phrases_phrase phrase;
    struct found f = {.id = id_of(name), .lang = (enum prompt_lang)lang};
    sound_drop(&p->sound);
    if (f.id == PROMPT_NONE)
        return false;
    fill(p, &f, &phrase);
    if (f.source == PHRASES_AWAITED)
        return false;
    memcpy(p->sound.path, f.path, sizeof(f.path));
    p->sound.judged =
        (struct say_judged){.id = f.id, .lang = f.lang, .is_own = f.source != PHRASES_HOUSE};
    sound_load(&p->sound);
    return p->sound.state == SOUND_READ;
}

static bool sound(void *arg, enum phrases_lang lang, const char *name, struct text *wav)
{
    struct house_phrases *p = arg;
    if (!load(p, lang, name))
        return false;
    const uint8_t *end = p->sound.wav.bytes + 2 * p->sound.wav.frames_n;
    *wav = (struct text){(const char *)p->sound.bytes, (size_t)(end - p->sound.bytes)};
    return true;
}

static void tell_fault(const struct sound *s, const char *what, const char *cure, void *arg)
{
    struct phrases_measure *m = arg;
    (void)s;
    if (m->faults_n < PHRASES_FAULTS_MAX)
        snprintf(m->faults[m->faults_n++], PHRASES_FAULT_BYTES, "%s (%s)", what, cure);
}

static bool measure(void *arg, enum phrases_lang lang, const char *name, struct phrases_measure *to)
{
    struct house_phrases *p = arg;
    *to = (struct phrases_measure){.faults_n = 0};
    if (!load(p, lang, name))
        return false;
    to->level_cdb = p->sound.judged.measure.level_cdb;
    to->peak_cdb = p->sound.judged.measure.peak_cdb;
    sound_tell(&p->sound, tell_fault, to);
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

int house_phrases_open(struct house_phrases *p, const struct house_files *files)
{
    p->port = (struct phrases_port){p,
                                    read_all,
                                    nth,
                                    find,
                                    sound,
                                    measure,
                                    has_own,
                                    house_phrases_record,
                                    house_phrases_own_name};
    p->files = files;
    p->errors = calloc(1, sizeof(*p->errors));
    return p->errors ? 0 : ENOMEM;
}

void house_phrases_drop(struct house_phrases *p)
{
    forget(p);
    free(p->taken);
    free(p->errors);
}
