/* serve_files_try.c — a flow as a caller would hear it, for pages: the files on the disk, read by
 * the reading of the start, walked by the interpreter of calls. On the reader thread. Cost: reading
 * all files; a look at each prompt's file that is said. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/wav.h"
#include "cli/house.h"
#include "config/sentence.h"
#include "config/spoken.h"
#include "config/voice.h"
#include "directory/hours.h"

/* A voice says some fifteen letters a second: where there is no file to measure. */
#define LETTER_MS 66

struct attempt {
    const struct house_files *f;
    struct config_set *set;
    struct config_spoken *own;
    char own_folder[CONFIG_PATH_BYTES], folder[CONFIG_PATH_BYTES];
    const struct ivr_flow *flow;
    struct ivr_call call;
    struct ivr_ask ask;
    struct ivr_facts facts;
};

/* ---- what is heard ----------------------------------------------------------------------------
 */

static enum prompt_lang lang_of(const struct attempt *t)
{
    return t->call.lang == IVR_ENGLISH ? PROMPT_EN : PROMPT_FR;
}

/* The length of a file as prompts are: 8 kHz, 16 bits, one head. 0: there is none. */
static ms_t file_ms(const char *path)
{
    struct stat st;
    return !stat(path, &st) && st.st_size > WAV_HEAD_BYTES
               ? (ms_t)(st.st_size - WAV_HEAD_BYTES) * 1000 / (2 * WAV_RATE_HZ)
               : 0;
}

/* As callers hear it: the place's own recording, else that of the house, else what is spoken. */
static ms_t length_of(const struct attempt *t, enum prompt_id id, size_t letters_n)
{
    const struct config_voice_own own = {t->own_folder, t->set->directory};
    char path[CONFIG_PATH_BYTES];
    enum prompt_lang lang = lang_of(t);
    ms_t ms = 0;
    if (t->own_folder[0] && config_voice_own_path(path, &own, id, lang))
        ms = file_ms(path);
    if (!ms && t->folder[0] && config_voice_path(path, t->folder, id, lang))
        ms = file_ms(path);
    return ms ? ms : (ms_t)letters_n * LETTER_MS;
}

static void add_prompt(struct attempt *t, struct text_out *out, ms_t *ms, enum prompt_id id)
{
    const struct config_site site = {t->set->directory, &t->set->flows, t->own};
    char words[FILES_WORDS_BYTES];
    struct text_out one = {.p = words, .max = sizeof(words)};
    config_sentence(&one, &site, id, lang_of(t));
    if (out->n && one.n)
        text_put(out, TEXT(" "));
    text_put(out, (struct text){words, one.n});
    *ms += length_of(t, id, one.n);
}

static void hear(struct attempt *t, struct files_heard *to)
{
    struct text_out out = {.p = to->words, .max = sizeof(to->words) - 1};
    *to = (struct files_heard){.kind = FILES_HEARD_WORDS};
    for (unsigned i = 0; i < t->ask.prompts_n; i++)
        add_prompt(t, &out, &to->ms, (enum prompt_id)t->ask.prompts[i]);
    if (t->ask.what == IVR_DO_SAY)
        text_put(&out, lang_of(t) == PROMPT_FR ? TEXT("(une valeur du moment)")
                                               : TEXT("(a value of the moment)"));
    uint32_t i = t->ask.queue_id ? directory_service_find(t->set->directory, t->ask.queue_id)
                                 : DIRECTORY_NONE;
    switch (t->ask.what) {
    case IVR_DO_WAIT:
    case IVR_DO_ECHO:
        to->kind = t->ask.what == IVR_DO_WAIT ? FILES_HEARD_SILENCE : FILES_HEARD_ECHO;
        to->ms = t->ask.wait_ms;
        break;
    case IVR_DO_QUEUE:
        to->kind = FILES_HEARD_PERSON;
        if (i != DIRECTORY_NONE)
            text_put(&out, text_of(t->set->directory->services[i].name));
        to->is_open = i != DIRECTORY_NONE &&
                      directory_hours_at(t->set->directory, t->set->directory->services[i].weeks,
                                         t->facts.wall_at) == HOURS_OPEN;
        break;
    case IVR_DO_END:
        to->kind = FILES_HEARD_END;
        break;
    default:
        break;
    }
}

/* ---- what is done -----------------------------------------------------------------------------
 */

static bool is_over(const struct attempt *t)
{
    return t->ask.what == IVR_DO_QUEUE || t->ask.what == IVR_DO_END;
}

static void begin(struct attempt *t)
{
    const struct ivr_event start = {.kind = IVR_START, .facts = t->facts};
    memset(&t->call, 0, sizeof(t->call));
    ivr_step(t->flow, &t->call, &start, &t->ask);
}

/* What asks for nothing leaves what is heard as it is: a key within a sentence that nobody may cut
 * short. */
static void act(struct attempt *t, char key)
{
    bool is_wait = t->ask.what == IVR_DO_WAIT || t->ask.what == IVR_DO_ECHO;
    const struct ivr_event event = {.kind = key != FILES_NO_KEY ? IVR_KEY
                                            : is_wait           ? IVR_TIMER
                                                                : IVR_PLAYED,
                                    .key = key,
                                    .facts = t->facts};
    struct ivr_ask ask;
    ivr_step(t->flow, &t->call, &event, &ask);
    if (ask.what != IVR_DO_NOTHING)
        t->ask = ask;
}

static void walk(struct attempt *t, struct text keys, struct files_trial *out)
{
    begin(t);
    for (size_t i = 0; out->n < FILES_TRIAL_MAX; i++) {
        struct files_heard *heard = &out->heard[out->n++];
        hear(t, heard);
        out->is_over = is_over(t);
        if (out->is_over || i >= keys.n)
            return;
        heard->key = keys.p[i];
        act(t, keys.p[i]);
    }
}

static void walk_alone(struct attempt *t, struct files_trial *out)
{
    struct files_heard heard;
    begin(t);
    for (unsigned i = 0; i < FILES_TRIAL_MAX && !is_over(t); i++) {
        hear(t, &heard);
        out->alone_ms += heard.ms;
        act(t, FILES_NO_KEY);
    }
    out->reaches_person = t->ask.what == IVR_DO_QUEUE;
}

/* ---- which flow -------------------------------------------------------------------------------
 */

/* Of the first number that leads there. */
static void find_facts(struct attempt *t, const char *flow)
{
    const struct directory *d = t->set->directory;
    t->facts = (struct ivr_facts){.wall_at = os_clock_wall_at()};
    for (uint32_t i = d->numbers_n; i-- > 0;)
        if (!strcmp(d->numbers[i].flow, flow)) {
            t->facts.called = d->numbers[i].e164;
            t->facts.price = d->numbers[i].tariff == TARIFF_FREE ? PROMPT_GREET_PRICE_FREE : 0;
        }
    for (uint64_t left = t->flow->weeks; left; left &= left - 1) {
        uint64_t week = left & (~left + 1);
        if (directory_hours_at(d, week, t->facts.wall_at) == HOURS_OPEN)
            t->facts.open_weeks |= week;
    }
}

static void find_voice(struct attempt *t)
{
    const struct settings_voice *s = &t->set->settings.voice;
    if (!s->path[0] || !config_path_beside(t->folder, t->f->settings, s->path))
        t->folder[0] = 0;
    if (!s->own[0] || !config_path_beside(t->own_folder, t->f->settings, s->own))
        t->own_folder[0] = 0;
    const struct config_spoken_args args = {.folder = t->own_folder,
                                            .directory = t->set->directory};
    if (t->own && t->own_folder[0] && config_spoken_load(t->own, &args))
        config_spoken_drop(t->own);
}

bool house_files_try(struct house_files *f, const char *name, struct text keys,
                     struct files_trial *out)
{
    struct attempt t = {.f = f, .own = calloc(1, sizeof(*t.own))};
    *out = (struct files_trial){.n = 0};
    memset(f->errors, 0, sizeof(*f->errors));
    bool is_read = t.own && !config_set_load(&t.set, f->settings, NULL, f->errors);
    t.flow = is_read ? config_flows_find(&t.set->flows, name) : NULL;
    if (t.flow) {
        find_facts(&t, name);
        find_voice(&t);
        walk(&t, keys, out);
        walk_alone(&t, out);
    }
    if (t.own)
        config_spoken_drop(t.own);
    free(t.own);
    if (is_read)
        config_set_drop(t.set);
    return t.flow != NULL;
}
