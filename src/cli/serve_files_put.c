/* serve_files_put.c — changes of files, and what was changed by hand, on the disk: see
 * serve_files.h. On the thread of serve_reload.c, but for telling. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/house.h"

#define BY_HAND "à la main"
#define UNDONE "défait tout seul : l’appel d’essai ne passait plus"

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

struct known {
    struct history_version *list; /* owned */
    uint32_t n;
};

static int note_one(const struct house_files *f, const struct known *known, const char *name,
                    ms_t at)
{
    struct files_work w = {.note = BY_HAND};
    char hash[HISTORY_HASH_BYTES];
    uint32_t number;
    copy(w.name, sizeof(w.name), name);
    if (!house_files_path(f, name, w.path))
        return 0;
    int err = read_file(&w.text, &w.n, w.path);
    if (err == ENOENT && house_files_may_lack(name))
        err = (int)(w.n = 0);
    if (!err) {
        const struct history_version *last = newest(known->list, known->n, name);
        history_hash(hash, (struct text){w.text, w.n});
        if (!last || strcmp(last->hash, hash) != 0)
            err = keep(f, &w, at, &number);
    }
    free(w.text);
    return err;
}

/* Sheets that somebody took away by hand. */
static int note_gone(const struct house_files *f, const struct known *known, ms_t at)
{
    char path[CONFIG_PATH_BYTES], empty[HISTORY_HASH_BYTES];
    int first = 0;
    history_hash(empty, TEXT_NONE);
    for (uint32_t i = 0; i < known->n; i++) {
        const struct history_version *v = &known->list[i];
        if (!house_files_may_lack(v->file) || !strcmp(v->hash, empty) ||
            !house_files_path(f, v->file, path) || os_file_exists(path) ||
            newest(known->list, known->n, v->file) != v)
            continue;
        int err = note_one(f, known, v->file, at);
        first = first ? first : err;
    }
    return first;
}

int house_files_note(const struct house_files *f, ms_t at)
{
    struct house_files_names *names = malloc(sizeof(*names));
    struct known known = {.list = NULL};
    int first = names ? history_open(f->history) : ENOMEM;
    first = first ? first : history_list(f->history, &known.list, &known.n);
    if (!first) {
        house_files_list(f, names);
        for (unsigned i = 0; i < names->n; i++) {
            int err = note_one(f, &known, names->list[i], at);
            first = first ? first : err;
        }
        int err = note_gone(f, &known, at);
        first = first ? first : err;
    }
    free(known.list);
    free(names);
    return first;
}

/* A recording that somebody put there by hand is kept before another takes its place. */
static int note_sound(const struct house_files *f, const char *name, ms_t at)
{
    struct known known = {.list = NULL};
    int err = history_list(f->history, &known.list, &known.n);
    err = err ? err : note_one(f, &known, name, at);
    free(known.list);
    return err;
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

/* And the one that it is in, of the voice of the place. */
static int make_folder(char *folder)
{
    char *slash = strrchr(folder, '/');
    if (!mkdir(folder, 0750) || errno == EEXIST)
        return 0;
    if (errno != ENOENT || !slash)
        return errno;
    *slash = 0;
    int err = mkdir(folder, 0750) && errno != EEXIST ? errno : 0;
    *slash = '/';
    return err ? err : mkdir(folder, 0750) && errno != EEXIST ? errno : 0;
}

/* Over what is there; an answer sheet may be the first of its name, or go. */
static int write_out(const struct files_work *w, const char *text, size_t n)
{
    char folder[CONFIG_PATH_BYTES];
    bool is_there = os_file_exists(w->path);
    if (!house_files_may_lack(w->name) || (n && is_there))
        return os_file_replace(w->path, text, n);
    copy(folder, sizeof(folder), w->path);
    *strrchr(folder, '/') = 0;
    int made = n ? make_folder(folder) : 0;
    if (n)
        return made ? made : os_file_write(w->path, text, n);
    int err = is_there ? os_file_unlink(w->path) : 0;
    return err || !is_there ? err : os_file_sync_folder(w->path);
}

int house_files_put(const struct house_files *f, struct files_work *w, ms_t at,
                    struct config_errors *errors)
{
    char hash[HISTORY_HASH_BYTES];
    errors->file = w->path;
    int err = read_file(&w->before, &w->before_n, w->path);
    if (err == ENOENT && house_files_may_lack(w->name))
        err = (int)(w->before_n = 0);
    if (!err) {
        history_hash(hash, (struct text){w->before, w->before_n});
        err = strcmp(hash, w->base) != 0 ? ESTALE : 0;
    }
    /* Its history first: what cannot be kept is not written either. */
    err = err ? err : house_files_note(f, at);
    err = err || !house_files_is_sound(w->name) ? err : note_sound(f, w->name, at);
    err = err ? err : write_out(w, w->text, w->n);
    w->is_written = !err;
    err = err ? err : keep(f, w, at, &w->version);
    if (err && w->is_written && !write_out(w, w->before, w->before_n))
        w->is_written = false;
    if (err)
        say_why(errors, err);
    return err;
}

/* Is what it wrote still there? */
static int look_again(const struct files_work *w)
{
    char *text;
    size_t n;
    int err = read_file(&text, &n, w->path);
    if (!err && (n != w->n || memcmp(text, w->text, n) != 0))
        err = ESTALE;
    free(text);
    return err;
}

int house_files_undo(const struct house_files *f, struct files_work *w, ms_t at)
{
    struct files_work back = {.note = UNDONE, .text = w->before, .n = w->before_n};
    uint32_t number;
    int err = w->is_judged ? look_again(w) : 0;
    err = err ? err : write_out(w, w->before, w->before_n);
    if (err || !w->is_judged)
        return err ? err : house_files_note(f, at);
    copy(back.name, sizeof(back.name), w->name);
    return keep(f, &back, at, &number);
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
