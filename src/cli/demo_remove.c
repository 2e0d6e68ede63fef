/* demo_remove.c — `decroche demo remove`: first-day data go, hours, services and menus stay.
 * Called by demo.c. First everything is looked at, and nothing is changed; then it is printed; with
 * --yes it is done, the directory last, so that what was broken off can be begun again.
 * Invariant: nothing of a directory that is not `demo: true` is ever touched. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/demo.h"
#include "config/directory.h"
#include "journal/mark.h"
#include "journal/swap.h"

#define DOOMED_MAX 64
#define FLOW_BYTES_MAX (1u << 20)
#define GREET "greet.demo"
#define HARD "\u00a0"

enum deed { DEED_UNLINK, DEED_WRITE };

/* One file and what becomes of it. */
struct doomed {
    char path[OS_PATH_MAX];
    enum deed deed;
    bool is_secret;           /* for the service alone */
    struct demo_stripped now; /* DEED_WRITE */
};

struct plan {
    const struct cli_args *args;
    struct settings settings;
    char directory[OS_PATH_MAX], journal[OS_PATH_MAX];
    struct doomed *files; /* owned, DOOMED_MAX */
    unsigned files_n;
    int lock;
};

/* ---- what there is ------------------------------------------------------------------------- */

static struct doomed *add(struct plan *p, const char *path, enum deed deed)
{
    if (p->files_n == DOOMED_MAX || strlen(path) >= OS_PATH_MAX)
        return NULL;
    struct doomed *d = &p->files[p->files_n++];
    *d = (struct doomed){.deed = deed};
    memcpy(d->path, path, strlen(path) + 1);
    return d;
}

static int add_if_there(struct plan *p, const char *path, const char *suffix)
{
    char name[OS_PATH_MAX];
    int err = os_path_join(name, path, suffix);
    if (err || !os_file_exists(name))
        return err;
    return add(p, name, DEED_UNLINK) ? 0 : E2BIG;
}

static int add_database(struct plan *p, const char *path)
{
    static const char *const suffixes[] = {"",        "-wal",    "-shm",  "-journal",
                                           ".starts", ".phones", ".part", ".new"};
    int err = 0;
    for (unsigned i = 0; !err && i < ARRAY_LEN(suffixes); i++)
        err = add_if_there(p, path, suffixes[i]);
    return err;
}

/* Journals of this one that were set aside hold first-day calls too. */
static int add_aside(struct plan *p)
{
    char folder[OS_PATH_MAX], name[OS_PATH_MAX];
    memcpy(folder, p->journal, sizeof(folder));
    char *slash = strrchr(folder, '/');
    const char *base = slash ? slash + 1 : p->journal;
    char aside[OS_PATH_MAX];
    int err = os_path_join(aside, base, ".aside-");
    if (slash)
        *slash = '\0';
    DIR *dir = opendir(slash ? folder : ".");
    for (const struct dirent *e; !err && dir && (e = readdir(dir));) {
        if (strncmp(e->d_name, aside, strlen(aside)))
            continue;
        int n = snprintf(name, sizeof(name), "%.2000s%s%s", slash ? folder : "", slash ? "/" : "",
                         e->d_name);
        err = n < (int)sizeof(name) && add(p, name, DEED_UNLINK) ? 0 : E2BIG;
    }
    if (dir)
        closedir(dir);
    return err;
}

static int add_journals(struct plan *p)
{
    char simulated[OS_PATH_MAX];
    enum journal_mark mark;
    int err = demo_simulated_path(simulated, p->journal);
    if (!err)
        err = add_database(p, p->journal);
    if (!err)
        err = add_aside(p);
    if (!err && !journal_mark_read(&mark, simulated) && mark == JOURNAL_MARK_SIMULATED)
        err = add_database(p, simulated);
    if (!err)
        err = demo_monday_path(simulated, p->journal);
    if (!err && !journal_mark_read(&mark, simulated) && mark == JOURNAL_MARK_SIMULATED)
        err = add_database(p, simulated);
    return err;
}

static int add_stripped(struct plan *p, enum demo_file file, const char *path)
{
    struct doomed *d = add(p, path, DEED_WRITE);
    if (d)
        d->is_secret = file == DEMO_SECRETS;
    return d ? demo_strip(&d->now, file, path) : E2BIG;
}

/* ---- menus --------------------------------------------------------------------------------- */

/* A menu of a situation has no use without it. */
static bool is_situation(const char *text)
{
    return !strncmp(text, "# Situation ", strlen("# Situation "));
}

/* Only a demonstration says that it is one. */
static void without_greeting(struct demo_stripped *s, const char *text)
{
    for (const char *at; (at = strstr(text, GREET)); s->cuts[0].n++) {
        memcpy(s->text + s->n, text, (size_t)(at - text));
        s->n += (size_t)(at - text);
        text = at + strlen(GREET);
        size_t gap = strspn(text, ", ");
        bool has_more = gap && *text == ',';
        if (!has_more) { /* it stood alone: a step says something */
            memcpy(s->text + s->n, "greet.org", strlen("greet.org"));
            s->n += strlen("greet.org");
        }
        text += has_more ? gap : 0;
    }
    memcpy(s->text + s->n, text, strlen(text));
    s->n += strlen(text);
}

static int add_flow(struct plan *p, const char *path)
{
    size_t n = 0;
    char *text = calloc(1, FLOW_BYTES_MAX + 1);
    int err = text ? os_file_read(path, text, FLOW_BYTES_MAX, &n) : ENOMEM;
    struct doomed *d = NULL;
    if (!err && is_situation(text)) {
        err = add(p, path, DEED_UNLINK) ? 0 : E2BIG;
    } else if (!err && strstr(text, GREET)) {
        d = add(p, path, DEED_WRITE);
        err = d ? 0 : E2BIG;
    }
    if (d)
        d->now = (struct demo_stripped){
            .text = malloc(n + 1),
            .cuts = {{"annonce «\u00a0" GREET "\u00a0»", "annonces «\u00a0" GREET "\u00a0»", 0}},
            .cuts_n = 1};
    if (d && !d->now.text)
        err = ENOMEM;
    else if (d)
        without_greeting(&d->now, text);
    free(text);
    return err;
}

static int add_flows(struct plan *p)
{
    char folder[CONFIG_PATH_BYTES], path[OS_PATH_MAX];
    if (!config_path_beside(folder, p->args->settings, p->settings.flows.path))
        return ENAMETOOLONG;
    DIR *dir = opendir(folder);
    int err = dir ? 0 : errno;
    for (const struct dirent *e; !err && (e = readdir(dir));) {
        size_t n = strlen(e->d_name);
        if (n < 6 || strcmp(e->d_name + n - 5, ".yaml"))
            continue;
        int k = snprintf(path, sizeof(path), "%.3000s/%s", folder, e->d_name);
        err = k < (int)sizeof(path) ? add_flow(p, path) : ENAMETOOLONG;
    }
    if (dir)
        closedir(dir);
    return err;
}

/* ---- may we? ------------------------------------------------------------------------------- */

static int refuse(const struct plan *p, const char *why, const char *cure)
{
    fprintf(stderr, "decroche demo remove: %s" HARD ": %s → %s\n", p->args->settings, why, cure);
    return CLI_FINDING;
}

/* Settings and directory are right, and the directory is a demonstration. */
static int look(struct plan *p)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    struct directory *d = NULL;
    char path[CONFIG_PATH_BYTES];
    int err = errors ? config_settings_load(&p->settings, p->args->settings, errors) : ENOMEM;
    bool fits = !err &&
                config_path_beside(p->directory, p->args->settings, p->settings.directory.path) &&
                config_path_beside(p->journal, p->args->settings, p->settings.journal.path) &&
                config_path_beside(path, p->args->settings, p->settings.secrets.path);
    if (!err && fits)
        err = config_directory_load(&d, p->directory, &p->settings, errors);
    bool is_demo = d && d->is_demo;
    config_directory_drop(d);
    free(errors);
    if (err == EINVAL)
        return refuse(p, "ces fichiers ont des fautes, rien n’est touché",
                      "decroche check les dit");
    if (err || !fits)
        return cli_cannot(p->args, p->args->settings, err ? err : ENAMETOOLONG, "check the name");
    return is_demo ? CLI_OK
                   : refuse(p, "cet annuaire n’est pas une démonstration, rien n’est touché",
                            "demo remove n’efface que ce qui a «\u00a0demo: true\u00a0»");
}

/* In the order in which it is done. */
static int gather(struct plan *p)
{
    char secrets[CONFIG_PATH_BYTES];
    if (!config_path_beside(secrets, p->args->settings, p->settings.secrets.path))
        return cli_cannot(p->args, p->args->settings, ENAMETOOLONG, "shorten secrets.path");
    int err = add_journals(p);
    if (!err)
        err = add_flows(p);
    if (!err && os_file_exists(secrets))
        err = add_stripped(p, DEMO_SECRETS, secrets);
    if (!err)
        err = add_stripped(p, DEMO_DIRECTORY, p->directory);
    return err ? cli_cannot(p->args, p->args->settings, err, "run it as the user of the service")
               : CLI_OK;
}

/* ---- telling, doing ------------------------------------------------------------------------- */

static void tell(const struct doomed *d)
{
    if (d->deed == DEED_UNLINK) {
        printf("  %s" HARD ": le fichier entier\n", d->path);
        return;
    }
    printf("  %s" HARD ":", d->path);
    for (unsigned i = 0; i < d->now.cuts_n; i++) {
        const struct demo_cut *cut = &d->now.cuts[i];
        fputs(i ? ", " : " ", stdout);
        if (cut->many)
            printf("%u ", cut->n);
        fputs(cut->many && cut->n > 1 ? cut->many : cut->one, stdout);
    }
    puts(d->now.cuts_n ? "" : " l’en-tête seul");
}

static void tell_all(const struct plan *p, bool is_sure)
{
    puts(is_sure ? "Effacé" HARD ":" : "Serait effacé (rien ne l’est encore)" HARD ":");
    for (unsigned i = 0; i < p->files_n; i++)
        tell(&p->files[i]);
    puts("Restent, comme modèles" HARD ": les horaires, les services, les menus, les réglages.");
}

/* A file of the administrator keeps its rights. */
static int rewrite(const struct doomed *d)
{
    struct stat before;
    if (stat(d->path, &before))
        return errno;
    int err = os_file_write(d->path, d->now.text, d->now.n);
    if (!err && chmod(d->path, d->is_secret ? 0600 : before.st_mode & 07777))
        err = errno;
    return err;
}

static int carry_out(const struct plan *p)
{
    char lock[OS_PATH_MAX];
    for (unsigned i = 0; i < p->files_n; i++) {
        const struct doomed *d = &p->files[i];
        int err = d->deed == DEED_UNLINK ? os_file_unlink(d->path) : rewrite(d);
        if (err)
            return cli_cannot(p->args, d->path, err,
                              "set its rights, then run this again: it goes on from here");
    }
    int err = os_path_join(lock, p->journal, ".lock"); /* empty; held until we end */
    if (!err)
        err = os_file_unlink(lock);
    return err ? cli_cannot(p->args, p->journal, err, "set the rights of its folder") : CLI_OK;
}

/* What is left to fill in, by the one who knows. */
static void tell_left(const struct cli_args *a)
{
    char *argv[] = {"check", "-c", (char *)(uintptr_t)a->settings, NULL};
    printf("\nCe qui reste à remplir, d’après decroche check" HARD ":\n");
    fflush(stdout);
    (void)cli_check(3, argv);
}

static int plan_and_do(struct plan *p, bool is_sure)
{
    int code = look(p);
    if (code)
        return code;
    int err = journal_lock_open(&p->lock, p->journal);
    if (err == ENOENT) /* no folder, so no journal */
        err = 0;
    if (err == EBUSY)
        return refuse(p, "le service tourne sur ce journal, rien n’est touché",
                      "arrêtez-le d’abord");
    if (err)
        return cli_cannot(p->args, p->journal, err, "run it as the user of the service");
    code = gather(p);
    if (!code && is_sure)
        code = carry_out(p);
    if (code)
        return code;
    tell_all(p, is_sure);
    if (is_sure)
        tell_left(p->args);
    else
        printf("Pour le faire" HARD ": decroche demo remove -c %s --yes\n", p->args->settings);
    return is_sure ? CLI_OK : CLI_FINDING;
}

int demo_remove(const struct cli_args *a, bool is_sure)
{
    struct plan *p = calloc(1, sizeof(*p));
    if (p)
        p->files = calloc(DOOMED_MAX, sizeof(*p->files));
    if (!p || !p->files) {
        free(p);
        return cli_cannot(a, a->settings, ENOMEM, "free some memory");
    }
    p->args = a;
    p->lock = -1;
    int code = plan_and_do(p, is_sure);
    for (unsigned i = 0; i < p->files_n; i++)
        demo_stripped_drop(&p->files[i].now);
    if (p->lock >= 0)
        os_lock_drop(&p->lock);
    free(p->files);
    free(p);
    return code;
}
