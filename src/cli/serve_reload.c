/* serve_reload.c — the files are read again while calls go on: asked for by SIGHUP or by a page,
 * read by a thread of its own, put in force by the main thread between two turns, or refused whole.
 * A change that a page asks for (serve_files.h) is such a reading, with its text in the place of
 * the file; it is written when all of it can be in force. Called by serve.c. One reading at a time;
 * who asks meanwhile gets the next one. Invariant: `files`, `errors`, `work` and `running` are the
 * thread's while the phase is GIVEN, else main's; `seen` and `asked_ms` are the reader thread's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

enum { PHASE_IDLE, PHASE_GIVEN, PHASE_READ };

/* What became of one reading, for pages. */
struct house_told {
    uint64_t number;
    enum reload_state state;
    char *json, *text; /* owned */
    size_t json_n, text_n;
};

/* ---- the thread ---------------------------------------------------------------------------- */

/* A history that cannot be kept is told, and holds nothing up. */
static void note(struct house *h)
{
    char why[128];
    int err = house_files_note(&h->reload.shown, os_clock_wall_at());
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM, "history of the settings: %s; look at %s",
                    strerror_r(err, why, sizeof(why)), h->reload.shown.history);
}

static void load(struct house *h)
{
    struct house_reload *r = &h->reload;
    const struct files_work *w = r->work;
    const struct config_instead instead = {w ? w->path : NULL, w ? w->text : NULL, w ? w->n : 0};
    memset(r->errors, 0, sizeof(*r->errors));
    r->errors->instead = w && !r->is_undo ? &instead : NULL;
    r->err = config_set_load(&r->files, h->args->settings, &r->running, r->errors);
    r->errors->instead = NULL;
}

static void read_given(struct house *h)
{
    struct house_reload *r = &h->reload;
    if (atomic_load(&r->phase) != PHASE_GIVEN)
        return;
    r->undo_err =
        r->work && r->is_undo ? house_files_undo(&h->reload.shown, r->work, os_clock_wall_at()) : 0;
    if (r->undo_err)
        os_log_line(&h->log, OS_LOG_ALARM, "change of %s: is not in force, and stands in the file",
                    r->work->path);
    load(h);
    if (!r->err && r->work && !r->is_undo && !r->work->is_trial)
        r->err = house_files_put(&h->reload.shown, r->work, os_clock_wall_at(), r->errors);
    else if (!r->err && !r->work)
        note(h);
    if (r->err) {
        config_set_drop(r->files);
        r->files = NULL;
    }
    atomic_store(&r->phase, PHASE_READ);
    os_bell_ring_always(&r->done);
}

static void *run(void *arg)
{
    struct house *h = arg;
    struct house_reload *r = &h->reload;
    note(h);
    while (!atomic_load(&r->is_ending)) {
        os_bell_arm(&r->bell);
        if (atomic_load(&r->phase) != PHASE_GIVEN && !atomic_load(&r->is_ending))
            os_bell_wait(&r->bell, -1);
        read_given(h);
    }
    return NULL;
}

/* ---- the reader thread: port/reload.h ------------------------------------------------------- */

static uint64_t ask(void *arg, ms_t now_ms)
{
    struct house_reload *r = arg;
    r->asked_ms = now_ms;
    uint64_t number = atomic_fetch_add(&r->asked_n, 1) + 1;
    os_bell_ring_always(&r->done);
    return number;
}

static void drop_told(struct house_told *told)
{
    if (!told)
        return;
    free(told->json);
    free(told->text);
    free(told);
}

static struct reload_told look(void *arg, uint64_t number, ms_t now_ms, bool *is_late)
{
    struct house_reload *r = arg;
    struct house_told *fresh = atomic_exchange(&r->told, NULL);
    if (fresh) {
        drop_told(r->seen);
        r->seen = fresh;
    }
    *is_late = now_ms - r->asked_ms >= RELOAD_WAIT_MS;
    if (!r->seen && !number)
        return (struct reload_told){.state = RELOAD_NONE};
    if (!r->seen || r->seen->number < number)
        return (struct reload_told){.state = RELOAD_READING};
    return (struct reload_told){.state = r->seen->state,
                                .json = {r->seen->json, r->seen->json_n},
                                .text = {r->seen->text, r->seen->text_n}};
}

/* ---- telling -------------------------------------------------------------------------------- */

static void put_mistakes(FILE *to, const struct config_errors *errors)
{
    fputs("{\"accepted\":false,\"errors\":[", to);
    for (unsigned i = 0; i < errors->n; i++) {
        fputs(i ? ",\n" : "\n", to);
        cli_json_error(to, &errors->list[i]);
        fputs("}", to);
    }
    fprintf(to, "],\"more\":%u}\n", errors->more_n);
}

/* The keys of the settings that wait for the next start, with a word before each. */
static unsigned put_fixed(FILE *to, const struct house *h, const char *first, const char *next)
{
    unsigned at = 0, n = 0;
    const char *name;
    while ((name = settings_next_fixed(&h->settings, &h->set->files->settings, &at)))
        fprintf(to, "%s%s", n++ ? next : first, name);
    return n;
}

static void put_accepted(FILE *json, FILE *text, const struct house *h)
{
    const struct directory *d = h->directory;
    fprintf(json,
            "{\"accepted\":true,\"services\":%u,\"sites\":%u,\"agents\":%u,\"numbers\":%u,"
            "\"at_next_start\":[",
            d->services_n, d->sites_n, d->agents_n, d->numbers_n);
    unsigned n = put_fixed(json, h, "\"", "\",\"");
    fputs(n ? "\"]}\n" : "]}\n", json);
    fprintf(text, "en vigueur\u00a0: %u services, %u lieux, %u personnes, %u numéros\n",
            d->services_n, d->sites_n, d->agents_n, d->numbers_n);
    if (put_fixed(text, h, "au prochain démarrage seulement\u00a0: ", ", "))
        fputs("\n", text);
}

static void put(FILE *json, FILE *text, const struct house *h, bool is_accepted)
{
    static const char stays[] = "rien n’a changé\u00a0: les réglages d’avant restent en vigueur\n";
    if (is_accepted) {
        put_accepted(json, text, h);
        return;
    }
    put_mistakes(json, h->reload.errors);
    cli_print_errors(text, h->reload.errors);
    fputs(stays, text);
}

/* For pages; without memory they say that the files are still being read. */
static void tell_pages(struct house *h, bool is_accepted)
{
    struct house_reload *r = &h->reload;
    struct house_told *told = calloc(1, sizeof(*told));
    FILE *json = told ? open_memstream(&told->json, &told->json_n) : NULL;
    FILE *text = json ? open_memstream(&told->text, &told->text_n) : NULL;
    if (text)
        put(json, text, h, is_accepted);
    bool is_written = text && !fclose(text);
    if (json)
        is_written = !fclose(json) && is_written;
    if (!is_written) {
        drop_told(told);
        return;
    }
    told->number = r->reading_n;
    told->state = is_accepted ? RELOAD_ACCEPTED : RELOAD_REFUSED;
    drop_told(atomic_exchange(&r->told, told));
    if (h->reader)
        reader_wake(h->reader);
}

static void tell_log(struct house *h, bool is_accepted)
{
    const struct config_errors *errors = h->reload.errors;
    if (is_accepted) {
        os_log_line(&h->log, OS_LOG_INFO, "reload: what the files say is in force");
        return;
    }
    os_log_line(&h->log, OS_LOG_ALARM, "reload: refused, %u mistakes; what was in force stays",
                errors->n + errors->more_n);
    for (unsigned i = 0; i < errors->n; i++)
        os_log_line(&h->log, OS_LOG_ALARM, "reload: %s\tfile=%s\tline=%u\tcolumn=%u",
                    errors->list[i].what, errors->list[i].file, errors->list[i].line,
                    errors->list[i].column);
}

/* ---- main ----------------------------------------------------------------------------------- */

static void end_work(struct house *h, enum files_state state)
{
    struct house_reload *r = &h->reload;
    house_files_tell(&h->reload.shown, r->work, state, state == FILES_REFUSED ? r->errors : NULL);
    if (h->reader)
        reader_wake(h->reader);
    r->is_undo = state == FILES_REFUSED && r->work->is_written;
    if (r->is_undo)
        return; /* its next reading is of the files as they were */
    bool is_judged = state == FILES_DONE && house_trials_judge(h, r->work, r->is_another_way);
    if (!is_judged)
        files_work_drop(r->work);
    r->work = NULL;
}

/* How calls go may be another way from now on: what works so far is remembered. */
static void look_before(struct house *h)
{
    struct house_reload *r = &h->reload;
    r->is_another_way =
        !strcmp(r->work->name, FILES_SETTINGS) || trials_differ(h->directory, r->files->directory);
    house_trials_before(h);
}

static void judge(struct house *h)
{
    struct house_reload *r = &h->reload;
    char why[128];
    bool is_trial = r->work && r->work->is_trial && !r->is_undo;
    if (r->err && !r->errors->n) {
        r->errors->file = h->args->settings;
        config_wrong(r->errors, NULL, "%s", strerror_r(r->err, why, sizeof(why)));
        config_cure(r->errors, "libérez de la mémoire, puis recommencez");
    }
    if (!r->err && !is_trial && r->work && !r->is_undo)
        look_before(h);
    bool is_accepted = !r->err && !is_trial && house_follow(h, r->files, r->errors);
    if (!is_accepted)
        config_set_drop(r->files);
    r->files = NULL;
    if (is_trial) {
        end_work(h, r->err ? FILES_REFUSED : FILES_TRIED);
        return;
    }
    tell_log(h, is_accepted);
    if (!r->work) {
        tell_pages(h, is_accepted);
    } else if (r->is_undo) {
        if (r->work->is_judged)
            house_trials_undone(h, r->work, is_accepted && !r->undo_err);
        files_work_drop(r->work);
        r->work = NULL;
        r->is_undo = false;
    } else {
        end_work(h, is_accepted ? FILES_DONE : FILES_REFUSED);
    }
}

/* What is to be read next, if anything: what must be undone, a change, the files as they are. */
static bool is_wanted(struct house *h)
{
    struct house_reload *r = &h->reload;
    uint64_t asked_n = atomic_load(&r->asked_n);
    if (!r->work && (r->work = house_trials_undo(h)))
        r->is_undo = true;
    if (!r->work)
        r->work = atomic_exchange(&h->reload.shown.given, NULL);
    bool is_asked = r->work || asked_n != r->reading_n;
    if (!r->work)
        r->reading_n = asked_n;
    return is_asked;
}

void house_reload_ask(struct house *h)
{
    atomic_fetch_add(&h->reload.asked_n, 1);
    os_bell_ring_always(&h->reload.done);
}

void house_reload_turn(struct house *h)
{
    struct house_reload *r = &h->reload;
    os_bell_clear(&r->done);
    if (atomic_load(&r->phase) == PHASE_READ) {
        judge(h);
        atomic_store(&r->phase, PHASE_IDLE);
    }
    if (atomic_load(&r->phase) == PHASE_IDLE && is_wanted(h)) {
        r->running = h->settings;
        atomic_store(&r->phase, PHASE_GIVEN);
        os_bell_ring(&r->bell);
    }
}

int house_open_reload(struct house *h)
{
    struct house_reload *r = &h->reload;
    r->port = (struct reload_port){r, ask, look};
    r->errors = calloc(1, sizeof(*r->errors));
    int err = r->errors ? 0 : ENOMEM;
    err = err ? err : os_bell_open(&r->bell);
    err = err ? err : os_bell_open(&r->done);
    err =
        err ? err
            : house_files_open(&h->reload.shown, h->args->settings, &h->settings, h->journal_path);
    if (err)
        return err;
    h->reload.shown.bell = &r->done;
    h->reload.shown.is_held = &r->trials.is_judging;
    h->reload.shown.port.trials = &r->trials.port;
    return os_thread_open(&r->thread,
                          &(struct os_thread_args){.name = "reload", .run = run, .arg = h});
}

void house_drop_reload(struct house *h)
{
    struct house_reload *r = &h->reload;
    atomic_store(&r->is_ending, true);
    if (r->thread.is_running)
        os_bell_ring_always(&r->bell);
    os_thread_drop(&r->thread);
    os_bell_drop(&r->bell);
    os_bell_drop(&r->done);
    config_set_drop(r->files);
    files_work_drop(r->work);
    house_drop_trials(h);
    house_files_drop(&h->reload.shown);
    drop_told(atomic_exchange(&r->told, NULL));
    drop_told(r->seen);
    free(r->errors);
}
