/* serve_files_put.c — changes of files, and what was changed by hand, on the disk: see
 * serve_files.h. On the thread of serve_reload.c, but for telling. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

#define BY_HAND "à la main"

void files_work_drop(struct files_work *w)
{
    if (!w)
        return;
    free(w->text);
    free(w->before);
    free(w);
}

static void copy(char *to, size_t max, const char *from)
{
    snprintf(to, max, "%s", from);
}

/* ---- the history ----------------------------------------------------------------------------- */

/* The newest version of each name; NULL: it has none. */
static const struct history_version *newest(const struct history_version *list, uint32_t n,
                                            const char *name)
{
    while (n--)
        if (!strcmp(list[n].file, name))
            return &list[n];
    return NULL;
}

static int keep(const struct house_files *f, const struct files_work *w, ms_t at, uint32_t *number)
{
    struct history_version v = {.at = at, .by_id = w->by_id};
    copy(v.file, sizeof(v.file), w->name);
    copy(v.note, sizeof(v.note), w->note);
    int err = history_add(f->history, &v, (struct text){w->text, w->n});
    *number = v.number;
    return err;
}

static int read_file(char **text, size_t *n, const char *path)
{
    *text = malloc(CONFIG_FILE_BYTES_MAX + 1);
    int err = *text ? os_file_read(path, *text, CONFIG_FILE_BYTES_MAX + 1, n) : ENOMEM;
    if (!err && *n > CONFIG_FILE_BYTES_MAX)
        err = EFBIG;
    if (err) {
        free(*text);
        *text = NULL;
    }
    return err;
}

static int note_one(const struct house_files *f, const char *name, ms_t at)
{
    struct files_work w = {.note = BY_HAND};
    struct history_version *list = NULL;
    char hash[HISTORY_HASH_BYTES];
    uint32_t n = 0, number;
    copy(w.name, sizeof(w.name), name);
    if (!house_files_path(f, name, w.path))
        return 0;
    int err = read_file(&w.text, &w.n, w.path);
    err = err ? err : history_list(f->history, &list, &n);
    if (!err) {
        const struct history_version *last = newest(list, n, name);
        history_hash(hash, (struct text){w.text, w.n});
        if (!last || strcmp(last->hash, hash) != 0)
            err = keep(f, &w, at, &number);
    }
    free(list);
    free(w.text);
    return err;
}

int house_files_note(const struct house_files *f, ms_t at)
{
    char name[FILES_NAME_BYTES];
    int first = history_open(f->history);
    for (unsigned i = 0; house_files_nth(f, i, name); i++) {
        int err = note_one(f, name, at);
        first = first ? first : err;
    }
    return first;
}

/* ---- a change -------------------------------------------------------------------------------- */

static void say_why(struct config_errors *errors, int err)
{
    static const struct {
        int err;
        const char *what, *cure;
    } rows[] = {
        {ESTALE, "quelqu’un a changé ce fichier entre-temps",
         "rechargez la page, puis refaites votre changement"},
        {EACCES, "le service n’a pas le droit d’écrire ce fichier",
         "donnez-lui le droit d’écrire dans ce dossier (docs/administration.md)"},
        {EPERM, "le service n’a pas le droit d’écrire ce fichier",
         "donnez-lui le droit d’écrire dans ce dossier (docs/administration.md)"},
        {EROFS, "ce dossier est en lecture seule pour le service",
         "ajoutez-le à ReadWritePaths (docs/administration.md)"},
        {ENOSPC, "il n’y a plus de place", "libérez-en, puis recommencez"},
    };
    char why[128];
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].err == err) {
            config_wrong(errors, NULL, "%s", rows[i].what);
            config_cure(errors, "%s", rows[i].cure);
            return;
        }
    config_wrong(errors, NULL, "ce fichier n’a pas pu être écrit\u00a0: %s",
                 strerror_r(err, why, sizeof(why)));
    config_cure(errors, "regardez le disque et les droits du dossier");
}

int house_files_put(const struct house_files *f, struct files_work *w, ms_t at,
                    struct config_errors *errors)
{
    char hash[HISTORY_HASH_BYTES];
    errors->file = w->path;
    int err = read_file(&w->before, &w->before_n, w->path);
    if (!err) {
        history_hash(hash, (struct text){w->before, w->before_n});
        err = strcmp(hash, w->base) != 0 ? ESTALE : 0;
    }
    /* Its history first: what cannot be kept is not written either. */
    err = err ? err : house_files_note(f, at);
    err = err ? err : os_file_replace(w->path, w->text, w->n);
    w->is_written = !err;
    err = err ? err : keep(f, w, at, &w->version);
    if (err && w->is_written && !os_file_replace(w->path, w->before, w->before_n))
        w->is_written = false;
    if (err)
        say_why(errors, err);
    return err;
}

int house_files_undo(const struct house_files *f, struct files_work *w, ms_t at)
{
    int err = os_file_replace(w->path, w->before, w->before_n);
    return err ? err : house_files_note(f, at);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void put_mistake(struct files_mistake *m, const struct config_error *e)
{
    const char *slash = strrchr(e->file, '/');
    m->line = e->line;
    m->column = e->column;
    copy(m->file, sizeof(m->file), slash ? slash + 1 : e->file);
    copy(m->what, sizeof(m->what), e->what);
    copy(m->cure, sizeof(m->cure), e->cure);
}

/* Without memory the page says that it was not told in time. */
void house_files_tell(struct house_files *f, const struct files_work *w, enum files_state state,
                      const struct config_errors *errors)
{
    struct files_end *end = calloc(1, sizeof(*end));
    if (!end)
        return;
    end->id = w->id;
    end->state = state;
    end->version = w->version;
    for (; errors && end->n < errors->n && end->n < FILES_MISTAKES_MAX; end->n++)
        put_mistake(&end->mistakes[end->n], &errors->list[end->n]);
    end->more_n = errors ? errors->more_n + errors->n - end->n : 0;
    free(atomic_exchange(&f->told, end));
}
