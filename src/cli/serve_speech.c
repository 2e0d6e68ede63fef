/* serve_speech.c — the thread behind the voice of the house: for each prompt its own recording,
 * else ours, else a synthesis of its words, else what can be played at all.
 * Called by serve_sounds.c. Cost: a pass over all files, about a second of one core; a sentence
 * that must be spoken adds some 50 ms once, and then comes from the cache. Invariant: a sound goes
 * to main only when it is another than before, so that another look at the same files costs main
 * nothing and takes no room in the engine. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ring.h"
#include "cli/sounds.h"
#include "cli/voice.h"
#include "config/voice.h"
#include "os/bell.h"
#include "os/thread.h"
#include "speech/speech.h"

#define WAIT_MS 100 /* for an answer, and for room: then the end of the house is looked for */
#define TOLD_MAX 20 /* faults of files told by name in one pass */

/* ---- plans ---------------------------------------------------------------------------------- */

struct wish {
    uint16_t id;
    uint8_t lang;
    uint32_t own_at, ours_at, words_at; /* in text; 0: none */
    bool is_said;                       /* a file says it: in the pass in course */
};

struct plan {
    struct wish wishes[PROMPT_N * PROMPT_LANGS];
    unsigned n;
    bool has_english; /* a flow offers it */
    char *text;       /* owned; byte 0 is not used */
    size_t text_n, text_max;
};

static void plan_drop(struct plan *p)
{
    if (p)
        free(p->text);
    free(p);
}

/* Where it stands from now on; 0: no memory. */
static uint32_t keep(struct plan *p, const char *s)
{
    size_t n = strlen(s) + 1, at = p->text_n ? p->text_n : 1;
    if (at + n > p->text_max) {
        size_t max = 2 * (at + n) + 65536;
        char *more = realloc(p->text, max);
        if (!more)
            return 0;
        p->text = more;
        p->text_max = max;
    }
    memcpy(p->text + at, s, n);
    p->text_n = at + n;
    return (uint32_t)at;
}

static bool has_english(const struct config_flows *flows)
{
    for (uint32_t i = 0; flows && i < flows->n; i++)
        if (flows->list[i].flow.has_english)
            return true;
    return false;
}

static bool wish_for(struct plan *p, const struct voice_place *place, struct wish w)
{
    char path[CONFIG_PATH_BYTES], words[CONFIG_SPOKEN_WORDS_MAX + 1];
    struct text_out out = {.p = words, .max = sizeof(words) - 1};
    const struct config_voice_own own = {place->own, place->site.directory};
    bool is_common = prompt_rows[w.id].is_common, is_kept = true;
    bool is_heard = w.lang == PROMPT_FR || p->has_english;
    enum config_words said =
        is_common ? CONFIG_WORDS_TABLE : config_sentence(&out, &place->site, w.id, w.lang);
    if (own.folder[0] && config_voice_own_path(path, &own, w.id, w.lang))
        is_kept = (w.own_at = keep(p, path)) != 0;
    if (said == CONFIG_WORDS_TABLE && config_voice_path(path, place->folder, w.id, w.lang))
        is_kept = is_kept && (w.ours_at = keep(p, path)) != 0;
    words[out.n] = '\0';
    if (!is_common && is_heard && said != CONFIG_WORDS_NONE && out.n && !out.is_cut)
        is_kept = is_kept && (w.words_at = keep(p, words)) != 0;
    if (w.own_at || w.ours_at || w.words_at)
        p->wishes[p->n++] = w;
    return is_kept;
}

static struct plan *plan_new(const struct voice_place *place)
{
    struct plan *p = calloc(1, sizeof(*p));
    bool is_kept = p != NULL;
    if (p)
        p->has_english = has_english(place->site.flows);
    for (unsigned id = PROMPT_NONE + 1; is_kept && id < PROMPT_N; id++) {
        unsigned languages_n = prompt_rows[id].is_common ? 1 : PROMPT_LANGS;
        for (unsigned lang = 0; is_kept && lang < languages_n; lang++)
            is_kept = wish_for(p, place, (struct wish){.id = (uint16_t)id, .lang = (uint8_t)lang});
    }
    if (is_kept)
        return p;
    plan_drop(p);
    return NULL;
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* Words of the moment. */
struct saying {
    uint16_t id;
    uint64_t about;
    ms_t longest_ms;
    char words[SPEECH_WORDS_MAX + 1];
};

struct voice {
    struct os_thread thread;
    struct os_bell asked, found;
    struct ring_buffer ring;
    void *memory;                    /* owned: of the ring */
    _Atomic(struct plan *) plan;     /* to the thread, who then owns it */
    _Atomic(struct saying *) saying; /* the same */
    _Atomic uint64_t done_n;         /* plans carried out or replaced */
    uint64_t asked_n;                /* main only */
    _Atomic bool is_ending;
    struct os_log *log;
    struct speech *speech;                 /* the thread's; NULL: nothing can be spoken */
    uint64_t hash[PROMPT_LANGS][PROMPT_N]; /* the thread's: of what main was given */
    unsigned told_n, lacking_n, spoken_n;  /* the thread's, of this pass */
    bool has_told_speech;
    bool is_first; /* the thread's: the house waits for this pass, faults are looked for after it */
};

static bool is_over(const struct voice *v)
{
    return atomic_load(&v->is_ending);
}

/* Waits for room when main is behind. The samples are given away in any case. */
static void give_found(struct voice *v, const struct voice_found *f)
{
    while (!ring_push(&v->ring, f, 1)) {
        os_bell_arm(&v->asked);
        if (is_over(v)) {
            free(f->samples);
            return;
        }
        if (!ring_room_n(&v->ring))
            os_bell_wait(&v->asked, WAIT_MS);
    }
    os_bell_ring(&v->found);
}

/* The samples, as in a file. */
static void give(struct voice *v, const struct wish *w, int16_t *samples, size_t n)
{
    const struct voice_found f = {.id = w->id, .lang = w->lang, .samples = samples, .n = n};
    uint64_t hash = hash_words(n, samples, n * sizeof(*samples) / 8); /* but three samples */
    if (hash == v->hash[w->lang][w->id]) {
        free(samples);
        return;
    }
    v->hash[w->lang][w->id] = hash;
    give_found(v, &f);
}

/* ---- files ---- */

struct told {
    struct voice *v;
    bool is_told;
};

/* The first fault of a file; `decroche prompts check` says them all. */
static void tell_fault(const struct sound *s, const char *what, const char *cure, void *arg)
{
    struct told *t = arg;
    (void)cure;
    if (t->is_told || t->v->told_n++ >= TOLD_MAX)
        return;
    t->is_told = true;
    os_log_line(t->v->log, OS_LOG_WARNING, "voice: %s: %s; another one takes its place", s->path,
                what);
}

struct file {
    const struct plan *plan;
    const struct wish *wish;
    uint32_t path_at; /* 0: none */
};

static bool load(struct sound *s, const struct voice *v, const struct file *f)
{
    const struct plan *p = f->plan;
    const struct wish *w = f->wish;
    uint32_t path_at = f->path_at;
    const char *path = p->text + path_at;
    if (!path_at)
        return false;
    memcpy(s->path, path, strlen(path) + 1);
    s->judged = (struct say_judged){.id = w->id, .lang = w->lang, .is_own = path_at == w->own_at};
    s->is_unheard = v->is_first;
    sound_load(s);
    return sound_is_fit(s);
}

static bool give_file(struct voice *v, const struct wish *w, const struct sound *s)
{
    size_t n = s->wav.frames_n;
    int16_t *samples = malloc((n ? n : 1) * sizeof(*samples));
    if (!samples)
        return false;
    wav_samples(samples, &s->wav);
    give(v, w, samples, n);
    return true;
}

static bool try_file(struct voice *v, const struct file *f)
{
    struct sound *s = malloc(sizeof(*s));
    if (!s)
        return false;
    s->bytes = NULL;
    bool is_given = load(s, v, f) && give_file(v, f->wish, s);
    bool is_missing = !f->path_at || s->state == SOUND_MISSING;
    if (!is_given && !is_missing)
        sound_tell(s, tell_fault, &(struct told){.v = v});
    sound_drop(s);
    free(s);
    return is_given;
}

/* A file that is wrong but can be played: better than nothing. */
static bool try_anyhow(struct voice *v, const struct file *f)
{
    struct sound *s = malloc(sizeof(*s));
    if (!s)
        return false;
    s->bytes = NULL;
    (void)load(s, v, f);
    bool is_given =
        f->path_at && s->state == SOUND_READ && s->wav.frames_n && give_file(v, f->wish, s);
    sound_drop(s);
    free(s);
    return is_given;
}

/* ---- synthesis ---- */

static void tell_speech(struct voice *v, int err)
{
    char text[128];
    if (v->has_told_speech)
        return;
    v->has_told_speech = true;
    if (err == ENOENT)
        os_log_line(
            v->log, OS_LOG_ALARM,
            "voice: the program of voice.speech_command is not on this machine: what has no "
            "file is said in the other language or not at all; install espeak-ng");
    else
        os_log_line(v->log, OS_LOG_ALARM, "voice: voice.speech_command failed: %s",
                    strerror_r(err, text, sizeof(text)));
}

static bool take_answer(struct voice *v, struct speech_answer *a)
{
    while (!speech_next(v->speech, a)) {
        if (is_over(v))
            return false;
        speech_wait(v->speech, WAIT_MS);
    }
    return true;
}

/* Words, not longer than a question takes. An errno; 0: the samples are as in a file. */
static int speak(struct voice *v, struct speech_question *q, const char *words,
                 struct speech_answer *a)
{
    q->words_n = (uint16_t)strlen(words);
    memcpy(q->words, words, q->words_n);
    if (!v->speech)
        return ENOENT;
    if (!speech_ask(v->speech, q) || !take_answer(v, a))
        return EAGAIN;
    if (a->err) {
        tell_speech(v, a->err);
        return a->err;
    }
    for (size_t i = 0; i < a->n; i++)
        a->samples[i] = (int16_t)htole16((uint16_t)a->samples[i]);
    return 0;
}

/* What is said of the moment goes to main whatever was given before: it may have been over. */
static bool say_now(struct voice *v)
{
    struct saying *s = atomic_exchange(&v->saying, NULL);
    struct speech_question q = {.lang = "fr"};
    struct speech_answer a = {.samples = NULL};
    if (!s)
        return false;
    struct voice_found f = {.id = s->id, .lang = PROMPT_FR, .about = s->about};
    f.err = speak(v, &q, s->words, &a);
    if (!f.err && a.n > (size_t)s->longest_ms * WAV_RATE_HZ / 1000) {
        free(a.samples);
        f.err = EFBIG;
    } else if (!f.err) {
        f.samples = a.samples;
        f.n = a.n;
    }
    give_found(v, &f);
    free(s);
    return true;
}

static bool try_speech(struct voice *v, const struct plan *p, const struct wish *w)
{
    static const char *const languages[PROMPT_LANGS] = {"fr", "en"};
    const struct prompt_form *form = say_form(w->id, w->lang);
    const char *words = p->text + w->words_at;
    struct speech_question q = {.before_ms = form->before_ms, .after_ms = form->after_ms};
    struct speech_answer a;
    if (!v->speech || !w->words_at || strlen(words) > sizeof(q.words))
        return false;
    /* « For English, press 8 » is in English within the French */
    enum prompt_lang lang = w->id == PROMPT_GREET_ENGLISH ? PROMPT_EN : w->lang;
    memcpy(q.lang, languages[lang], strlen(languages[lang]) + 1);
    if (speak(v, &q, words, &a))
        return false;
    v->spoken_n++;
    give(v, w, a.samples, a.n);
    return true;
}

/* ---- all ---- */

/* What has a file is there before anything is spoken: a synthesis may take seconds on a busy
 * machine, and who calls meanwhile hears what was recorded. */
static void carry_out(struct voice *v, struct plan *p)
{
    v->told_n = v->lacking_n = v->spoken_n = 0;
    for (unsigned i = 0; i < p->n && !is_over(v); i++) {
        struct wish *w = &p->wishes[i];
        const struct file own = {p, w, w->own_at}, ours = {p, w, w->ours_at};
        w->is_said = try_file(v, &own) || try_file(v, &ours);
    }
    for (unsigned i = 0; i < p->n && !is_over(v); i++) {
        const struct wish *w = &p->wishes[i];
        const struct file own = {p, w, w->own_at}, ours = {p, w, w->ours_at};
        bool is_said =
            w->is_said || try_speech(v, p, w) || try_anyhow(v, &own) || try_anyhow(v, &ours);
        v->lacking_n += !is_said && (w->ours_at || w->words_at);
    }
    if (is_over(v) || v->is_first)
        return;
    if (v->spoken_n)
        os_log_line(v->log, OS_LOG_INFO, "voice: %u sentences are spoken by voice.speech_command",
                    v->spoken_n);
    if (v->lacking_n)
        os_log_line(v->log, OS_LOG_ALARM,
                    "voice: %u prompts lack, and nothing could speak them: `decroche prompts list "
                    "--missing` names them",
                    v->lacking_n);
}

static void tell_done(struct voice *v)
{
    atomic_fetch_add(&v->done_n, 1);
    os_bell_ring(&v->found);
}

static void *run(void *arg)
{
    struct voice *v = arg;
    while (!is_over(v)) {
        os_bell_arm(&v->asked);
        struct plan *p = atomic_exchange(&v->plan, NULL);
        bool has_said = say_now(v);
        if (!p) {
            if (!has_said && !is_over(v))
                os_bell_wait(&v->asked, -1);
            continue;
        }
        carry_out(v, p);
        if (v->is_first) {
            tell_done(v);
            v->is_first = false;
            carry_out(v, p);
        } else {
            tell_done(v);
        }
        plan_drop(p);
    }
    speech_drop(v->speech);
    v->speech = NULL;
    return NULL;
}

/* ---- main ----------------------------------------------------------------------------------- */

static int open_speech(struct voice *v, const struct voice_args *args)
{
    const struct speech_args speech = {.command = args->command,
                                       .cache = args->cache,
                                       .timeout_ms = args->timeout_ms,
                                       .log = args->log};
    if (!args->command[0])
        return 0;
    int err = speech_open(&v->speech, &speech);
    if (err != EINVAL)
        return err;
    os_log_line(args->log, OS_LOG_ALARM,
                "voice: voice.speech_command makes no sense: a quote without end, more words than "
                "32, or {file} without voice.speech_cache");
    return 0;
}

int voice_open(struct voice **out, const struct voice_args *args)
{
    struct voice *v = calloc(1, sizeof(*v));
    *out = NULL;
    if (!v)
        return ENOMEM;
    const struct os_thread_args thread = {.name = "voice", .run = run, .arg = v};
    v->log = args->log;
    v->is_first = true;
    v->asked.fd = v->found.fd = -1;
    v->memory = calloc(1, ring_bytes(VOICE_FOUND_N, sizeof(struct voice_found)));
    int err = v->memory ? os_bell_open(&v->asked) : ENOMEM;
    err = err ? err : os_bell_open(&v->found);
    if (v->memory)
        ring_open(&v->ring, v->memory, VOICE_FOUND_N, sizeof(struct voice_found));
    err = err ? err : open_speech(v, args);
    err = err ? err : os_thread_open(&v->thread, &thread);
    if (err) {
        speech_drop(v->speech);
        v->speech = NULL;
        voice_drop(v);
        return err;
    }
    *out = v;
    return 0;
}

void voice_drop(struct voice *v)
{
    struct voice_found f;
    if (!v)
        return;
    atomic_store(&v->is_ending, true);
    if (v->thread.is_running) {
        os_bell_ring_always(&v->asked);
        os_thread_drop(&v->thread);
    }
    while (v->memory && voice_next(v, &f))
        free(f.samples);
    plan_drop(atomic_exchange(&v->plan, NULL));
    free(atomic_exchange(&v->saying, NULL));
    os_bell_drop(&v->asked);
    os_bell_drop(&v->found);
    free(v->memory);
    free(v);
}

bool voice_ask(struct voice *v, const struct voice_place *place)
{
    struct plan *p = plan_new(place);
    if (!p)
        return false;
    struct plan *before = atomic_exchange(&v->plan, p);
    v->asked_n++;
    if (before) {
        plan_drop(before);
        atomic_fetch_add(&v->done_n, 1);
    }
    os_bell_ring(&v->asked);
    return true;
}

bool voice_say(struct voice *v, const struct voice_words *words)
{
    struct saying *s = calloc(1, sizeof(*s));
    size_t n = strlen(words->words);
    if (!s || n > SPEECH_WORDS_MAX) {
        free(s);
        return false;
    }
    s->id = (uint16_t)words->id;
    s->about = words->about;
    s->longest_ms = words->longest_ms;
    memcpy(s->words, words->words, n);
    free(atomic_exchange(&v->saying, s));
    os_bell_ring(&v->asked);
    return true;
}

bool voice_next(struct voice *v, struct voice_found *f)
{
    if (!ring_waiting_n(&v->ring))
        return false;
    memcpy(f, ring_item(&v->ring, 0), sizeof(*f));
    ring_release(&v->ring, 1);
    os_bell_ring(&v->asked);
    return true;
}

bool voice_is_done(const struct voice *v)
{
    return atomic_load(&v->done_n) == v->asked_n && !ring_waiting_n(&v->ring);
}

void voice_wait(struct voice *v, int wait_ms)
{
    os_bell_arm(&v->found);
    if (!ring_waiting_n(&v->ring) && !voice_is_done(v))
        os_bell_wait(&v->found, wait_ms);
}
