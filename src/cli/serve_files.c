/* serve_files.c — see serve_files.h: what pages see of the files, and how their change is composed.
 * On the reader thread, but for opening and dropping. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"
#include "config/sheets.h"

#define COMPOSED_MAX (CONFIG_FILE_BYTES_MAX + (1u << 16))

_Static_assert(FILES_HASH_BYTES == HISTORY_HASH_BYTES && FILES_NAME_BYTES == HISTORY_FILE_BYTES &&
                   FILES_NOTE_BYTES == HISTORY_NOTE_BYTES,
               "the history keeps what pages say");
_Static_assert(FILES_SENTENCE_BYTES == CONFIG_SENTENCE_MAX, "pages have the room that errors have");

static void copy(char *to, size_t max, const char *from)
{
    snprintf(to, max, "%s", from);
}

/* ---- what they say ----------------------------------------------------------------------------
 */

static int read_file(struct house_files *f, const char *name)
{
    char path[CONFIG_PATH_BYTES];
    if (!f->text)
        f->text = malloc(CONFIG_FILE_BYTES_MAX + 1);
    if (!f->text)
        return ENOMEM;
    if (!house_files_path(f, name, path))
        return ENOENT;
    int err = os_file_read(path, f->text, CONFIG_FILE_BYTES_MAX + 1, &f->text_n);
    if (err == ENOENT && house_files_may_lack(name))
        err = (int)(f->text_n = 0);
    return !err && f->text_n > CONFIG_FILE_BYTES_MAX ? EFBIG : err;
}

static bool file(void *arg, unsigned i, struct files_file *out)
{
    struct house_files *f = arg;
    if (!i)
        house_files_list(f, &f->names);
    if (i >= f->names.n || !house_files_path(f, f->names.list[i], f->path))
        return false;
    copy(out->name, sizeof(out->name), f->names.list[i]);
    out->path = f->path;
    return true;
}

static int text(void *arg, const char *name, struct text *out, char hash[FILES_HASH_BYTES])
{
    struct house_files *f = arg;
    config_drop(f->doc);
    f->doc = NULL;
    int err = read_file(f, name);
    if (err)
        return err;
    *out = (struct text){f->text, f->text_n};
    history_hash(hash, *out);
    return 0;
}

static const struct config_node *root_of(struct house_files *f)
{
    memset(f->errors, 0, sizeof(*f->errors));
    if (!f->doc && config_keep(&f->doc, f->text, f->text_n, f->errors))
        return NULL;
    return config_root(f->doc);
}

static bool item(void *arg, const char *list, unsigned i, struct files_item *out)
{
    struct house_files *f = arg;
    const struct config_node *root = f->text ? root_of(f) : NULL;
    return root && config_edit_item(out, root, list, i);
}

/* ---- history ----------------------------------------------------------------------------------
 */

static void put_version(struct files_version *to, const struct history_version *v)
{
    *to = (struct files_version){.number = v->number, .at = v->at, .by_id = v->by_id};
    copy(to->file, sizeof(to->file), v->file);
    copy(to->note, sizeof(to->note), v->note);
    copy(to->hash, sizeof(to->hash), v->hash);
}

/* Read anew for the first one that is asked for. */
static bool version(void *arg, unsigned i, struct files_version *to, int *err)
{
    struct house_files *f = arg;
    *err = 0;
    if (!i) {
        free(f->versions);
        *err = history_list(f->history, &f->versions, &f->versions_n);
    }
    if (i >= f->versions_n)
        return false;
    put_version(to, &f->versions[f->versions_n - 1 - i]);
    return true;
}

static int old(void *arg, uint32_t number, struct text *now, struct text *before)
{
    struct house_files *f = arg;
    struct files_version newest;
    int err;
    *now = *before = TEXT_NONE;
    version(f, 0, &newest, &err);
    if (err || !number || number > f->versions_n)
        return err ? err : ENOENT;
    const struct history_version *v = &f->versions[number - 1], *was = NULL;
    for (uint32_t i = number - 1; !was && i--;)
        if (!strcmp(f->versions[i].file, v->file))
            was = &f->versions[i];
    free(f->old);
    free(f->old_before);
    f->old_before = NULL;
    err = history_text(f->history, v->hash, &f->old, &now->n);
    now->p = f->old;
    if (!err && was)
        err = history_text(f->history, was->hash, &f->old_before, &before->n);
    before->p = f->old_before;
    return err;
}

/* ---- a change ---------------------------------------------------------------------------------
 */

static void refuse(struct house_files *f, const struct files_work *w, const char *what,
                   const char *cure)
{
    struct config_errors *e = f->errors;
    memset(e, 0, sizeof(*e));
    e->file = w->path;
    config_wrong(e, NULL, "%s", what);
    config_cure(e, "%s", cure);
    house_files_tell(f, w, FILES_REFUSED, e);
}

static void put_lines(struct text_out *out, struct text now, const struct files_change *c)
{
    uint32_t first = c->first ? c->first : 1;
    text_put(out, (struct text){now.p, text_line_at(now, first)});
    /* Browsers end lines with CR LF (HTML Living Standard, §4.10.21.4). */
    for (size_t i = 0; i < c->text.n; i++)
        if (c->text.p[i] != '\r')
            text_put(out, (struct text){c->text.p + i, 1});
    if (out->n && out->p[out->n - 1] != '\n')
        text_put(out, TEXT("\n"));
    size_t from = c->last >= first ? text_line_at(now, c->last + 1) : now.n;
    text_put(out, text_after(now, from));
}

static bool put_item(struct house_files *f, struct files_work *w, struct text_out *out,
                     const struct files_change *c)
{
    static const char *const said[][2] = {
        [CONFIG_EDIT_GONE] = {"ce que vous changiez n’est plus à cette ligne",
                              "rechargez la page, puis refaites votre changement"},
        [CONFIG_EDIT_LOCKED] = {"ces lignes du fichier tiennent plusieurs choses",
                                "changez-les dans le fichier, par la page « Fichier »"},
        [CONFIG_EDIT_FULL] = {"ce fichier dépasserait 4\u00a0Mio",
                              "retirez-en ce qui ne sert plus"},
    };
    const struct config_node *root = root_of(f);
    const struct config_edit edit = {.list = c->list,
                                     .line = c->first,
                                     .name = c->item_name,
                                     .is_removed = c->is_removed,
                                     .fields = c->fields,
                                     .n = c->fields_n};
    enum config_edit_verdict verdict =
        root ? config_edit_put(out, (struct text){f->text, f->text_n}, root, &edit)
             : CONFIG_EDIT_GONE;
    if (verdict != CONFIG_EDITED)
        refuse(f, w, said[verdict][0], said[verdict][1]);
    return verdict == CONFIG_EDITED;
}

/* Into w->text. False: it was told why not. */
static bool compose(struct house_files *f, struct files_work *w, const struct files_change *c)
{
    struct text now, before;
    struct text_out out = {.p = w->text, .max = COMPOSED_MAX};
    char hash[FILES_HASH_BYTES];
    int err = text(f, w->name, &now, hash);
    if (err) {
        refuse(f, w, "ce fichier ne peut pas être lu", "vérifiez-le sur la machine");
        return false;
    }
    copy(w->base, sizeof(w->base), c->base ? c->base : hash);
    if (strcmp(w->base, hash) != 0) {
        refuse(f, w, "quelqu’un a changé ce fichier entre-temps",
               "rechargez la page, puis refaites votre changement");
        return false;
    }
    if (c->kind == FILES_ITEM && !put_item(f, w, &out, c))
        return false;
    if (c->kind == FILES_LINES && !(c->is_removed && !c->first && house_files_may_lack(w->name)))
        put_lines(&out, now, c);
    if (!out.n && !out.is_cut && c->kind == FILES_LINES && !c->is_removed && !c->first) {
        refuse(f, w, "ce texte est vide", "écrivez-le, ou retirez ce qu’il dit");
        return false;
    }
    if (c->kind == FILES_WHOLE && !c->is_removed)
        text_put(&out, c->text);
    if (c->kind == FILES_VERSION && (err = old(f, c->version, &before, &now)) == 0)
        text_put(&out, before);
    if (err || out.is_cut || out.n > CONFIG_FILE_BYTES_MAX) {
        refuse(f, w,
               err ? "cette version ne peut plus être lue" : "ce fichier dépasserait 4\u00a0Mio",
               err ? "choisissez-en une autre" : "retirez-en ce qui ne sert plus");
        return false;
    }
    w->n = out.n;
    if (out.n != f->text_n || memcmp(w->text, f->text, out.n) != 0 || w->is_trial)
        return true;
    house_files_tell(f, w, FILES_SAME, NULL);
    return false;
}

/* Of a version: the file that it is of. */
static const char *name_of(struct house_files *f, const struct files_change *c)
{
    struct files_version newest;
    int err;
    if (c->kind != FILES_VERSION)
        return c->file;
    version(f, 0, &newest, &err);
    return c->version && c->version <= f->versions_n ? f->versions[c->version - 1].file : "";
}

static uint64_t change(void *arg, const struct files_change *c, ms_t now_ms)
{
    struct house_files *f = arg;
    struct files_work *none = NULL, *w = calloc(1, sizeof(*w));
    if (w)
        w->text = malloc(COMPOSED_MAX);
    if (!w || !w->text || atomic_load(&f->given) || atomic_load(f->is_held)) {
        files_work_drop(w);
        return 0;
    }
    w->id = ++f->last_id;
    w->by_id = c->by_id;
    w->is_trial = c->is_trial;
    copy(w->name, sizeof(w->name), name_of(f, c));
    copy(w->note, sizeof(w->note), c->note);
    f->asked_ms = now_ms;
    uint64_t id = w->id;
    if (house_files_path(f, w->name, w->path) && compose(f, w, c)) {
        atomic_compare_exchange_strong(&f->given, &none, w); /* nobody else gives any */
        os_bell_ring_always(f->bell);
        return id;
    }
    if (!w->path[0])
        refuse(f, w, "il n’y a pas de tel fichier", "choisissez-en un dans la liste");
    files_work_drop(w);
    return id;
}

static struct files_told look(void *arg, uint64_t id, ms_t now_ms)
{
    struct house_files *f = arg;
    struct files_end *fresh = atomic_exchange(&f->told, NULL);
    if (fresh) {
        free(f->seen);
        f->seen = fresh;
    }
    if (!f->seen || f->seen->id != id) {
        bool is_late = now_ms - f->asked_ms >= FILES_WAIT_MS || id != f->last_id;
        return (struct files_told){.state = is_late ? FILES_LATE : FILES_PENDING};
    }
    return (struct files_told){.state = f->seen->state,
                               .version = f->seen->version,
                               .n = f->seen->n,
                               .more_n = f->seen->more_n,
                               .mistakes = f->seen->mistakes};
}

static bool try_flow(void *arg, const char *flow, struct text keys, struct files_trial *trial)
{
    return house_files_try(arg, flow, keys, trial);
}

static bool sheet(void *arg, const struct directory *d, struct text t, struct directory_sheet *to)
{
    struct house_files *f = arg;
    memset(f->errors, 0, sizeof(*f->errors));
    memset(to, 0, sizeof(*to));
    return config_sheet_read(to, t, d, f->errors);
}

static bool said(void *arg, struct files_said *to)
{
    struct house_files *f = arg;
    struct settings s;
    memset(f->errors, 0, sizeof(*f->errors));
    if (config_settings_load(&s, f->settings, f->errors))
        return false;
    *to = (struct files_said){.has_sms = s.sms.driver != SETTINGS_SMS_DRIVER_NONE,
                              .takes_answers = s.sms.answers,
                              .records = s.recording.folder[0],
                              .sms_keep_ms = s.sms.keep_ms,
                              .callback_keep_ms = s.callback.keep_ms,
                              .recording_days = s.recording.retention_days};
    copy(to->sms_name, sizeof(to->sms_name), s.sms.name);
    return true;
}

/* ---- opening ----------------------------------------------------------------------------------
 */

int house_files_open(struct house_files *f, const char *settings_file,
                     const struct settings *settings, const char *journal)
{
    f->port = (struct files_port){f,   &f->phrases.port, NULL, file,     text,  item, version,
                                  old, change,           look, try_flow, sheet, said};
    copy(f->settings, sizeof(f->settings), settings_file);
    int n = snprintf(f->history, sizeof(f->history), "%s" HISTORY_SUFFIX, journal);
    bool fits = config_path_beside(f->directory, settings_file, settings->directory.path) &&
                config_path_beside(f->flows, settings_file, settings->flows.path) &&
                config_path_beside(f->sheets, f->directory, CONFIG_SHEETS_FOLDER) && n > 0 &&
                (size_t)n < sizeof(f->history);
    if (!fits)
        return ENAMETOOLONG;
    if (settings->voice.own[0] && !config_path_beside(f->own, settings_file, settings->voice.own))
        return ENAMETOOLONG;
    f->errors = calloc(1, sizeof(*f->errors));
    return f->errors ? house_phrases_open(&f->phrases, f) : ENOMEM;
}

void house_files_drop(struct house_files *f)
{
    files_work_drop(atomic_exchange(&f->given, NULL));
    free(atomic_exchange(&f->told, NULL));
    free(f->seen);
    config_drop(f->doc);
    free(f->text);
    free(f->old);
    free(f->old_before);
    free(f->errors);
    free(f->versions);
    house_phrases_drop(&f->phrases);
}
