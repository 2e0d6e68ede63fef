/* sheets.c — see sheets.h. A sheet opens with its head between two lines "---", in YAML; Markdown
 * follows. Cost: once at start and on each reload. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "config/sheets.h"
#include "config/table.h"
#include "gsm/coding.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define SHEET_END ".md"
#define DATE_BYTES 16

/* ---- the head ----------------------------------------------------------------------------- */

struct head {
    char title[DIRECTORY_SHEET_TITLE_BYTES], owner[DIRECTORY_NAME_BYTES];
    char dated[DATE_BYTES], review[DATE_BYTES];
};

static const struct config_key head_keys[] = {
    {.name = "titre",
     CONFIG_AT(struct head, title),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "services", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "date", CONFIG_AT(struct head, dated), .form = CONFIG_TEXT, .is_required = true},
    {.name = "responsable",
     CONFIG_AT(struct head, owner),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "revoir", CONFIG_AT(struct head, review), .form = CONFIG_TEXT, .is_required = true},
};
static const struct config_table head_table = CONFIG_TABLE(head_keys);

static void read_date(calendar_day *day, const struct config_node *node,
                      struct config_errors *errors)
{
    if (!node || config_date(day, node->text))
        return; /* one that lacks is told by its table */
    config_wrong(errors, node, "ce n’est pas une date" COLON QUOTED, node->text);
    config_cure(errors, "écrivez AAAA-MM-JJ, par exemple 2026-11-16");
}

/* A service that left the directory takes no sheet with it, and no sheet keeps a service there. */
static uint32_t service_of(const struct config_node *node, const struct directory *d,
                           struct config_errors *errors)
{
    static const char cure[] = "corrigez-le, ou retirez-le de la fiche";
    if (node->kind != CONFIG_SCALAR || !node->text[0]) {
        config_wrong(errors, node, "un identifiant est attendu ici");
        config_cure(errors, "un seul mot");
        return DIRECTORY_NONE;
    }
    uint32_t i = directory_service_find(d, directory_number_of(node->text));
    if (i == DIRECTORY_NONE)
        config_warn(errors, &(struct config_warning){node, cure},
                    "aucun service n’a l’identifiant " QUOTED, node->text);
    return i;
}

static void read_services(struct directory_sheet *sheet, const struct config_node *node,
                          const struct directory *d, struct config_errors *errors)
{
    if (!node)
        return;
    if (node->kind != CONFIG_SEQUENCE || !node->n || node->n > DIRECTORY_SHEET_SERVICES) {
        config_wrong(errors, node, "les services d’une fiche sont une liste, de 1 à %u",
                     DIRECTORY_SHEET_SERVICES);
        config_cure(errors, "par exemple" COLON "services: [identite, accueil]");
        return;
    }
    for (const struct config_node *s = node->first; s; s = s->next) {
        uint32_t i = service_of(s, d, errors);
        if (i != DIRECTORY_NONE)
            sheet->services[sheet->services_n++] = i;
    }
}

static void read_head(struct directory_sheet *sheet, const struct config_node *root,
                      const struct directory *d, struct config_errors *errors)
{
    struct head head = {.title = ""};
    const struct config_node *review = config_get(root, "revoir");
    config_read(&head, root, &head_table, errors);
    memcpy(sheet->title, head.title, sizeof(sheet->title));
    memcpy(sheet->owner, head.owner, sizeof(sheet->owner));
    read_date(&sheet->dated, config_get(root, "date"), errors);
    read_date(&sheet->review, review, errors);
    read_services(sheet, config_get(root, "services"), d, errors);
    if (review && sheet->review && sheet->dated && sheet->review < sheet->dated) {
        config_wrong(errors, review, "cette fiche est à revoir avant d’avoir été écrite");
        config_cure(errors, "«\u00a0revoir\u00a0» est un jour après «\u00a0date\u00a0»");
    }
}

/* ---- the body ----------------------------------------------------------------------------- */

static unsigned lines_before(struct text text, const char *p)
{
    unsigned n = 1;
    for (const char *c = text.p; c < p; c++)
        n += *c == '\n';
    return n;
}

static void check_body(const struct directory_sheet *sheet, struct text text,
                       struct config_errors *errors)
{
    struct gsm_size size;
    struct text sms = directory_sheet_sms(sheet);
    struct config_node where = {.line = lines_before(text, sheet->body.p), .column = 1};
    if (!gsm_measure(&size, sheet->body)) {
        config_wrong(errors, &where, "cette fiche n’est pas écrite en UTF-8");
        config_cure(errors, "enregistrez-la en UTF-8");
        return;
    }
    if (!sms.n)
        return;
    where.line = lines_before(text, sms.p);
    if (gsm_measure(&size, sms) && size.segments > 1) {
        config_wrong(errors, &where, "ce SMS ne tient pas en un seul message" COLON "%u signes",
                     size.units);
        config_cure(errors, "%u signes au plus, ou %u s’il y a une lettre comme ê ou œ",
                    GSM_SEPTETS_MAX, GSM_WIDE_MAX);
    }
}

/* Its first line is an empty one, so that lines count. */
bool config_sheet_read(struct directory_sheet *sheet, struct text text, const struct directory *d,
                       struct config_errors *errors)
{
    const struct config_node first = {.line = 1, .column = 1};
    unsigned before = errors->n + errors->more_n;
    struct config_doc *doc;
    struct text head;
    if (!directory_sheet_cut(text, &head, &sheet->body)) {
        config_wrong(errors, &first, "cette fiche n’a pas d’en-tête");
        config_cure(errors,
                    "commencez par une ligne «\u00a0---\u00a0», puis titre, services, date, "
                    "responsable, revoir, puis une ligne «\u00a0---\u00a0»");
        return false;
    }
    if (config_keep(&doc, head.p, head.n, errors))
        return false;
    read_head(sheet, config_root(doc), d, errors);
    config_drop(doc);
    check_body(sheet, text, errors);
    return errors->n + errors->more_n == before;
}

/* ---- the folder --------------------------------------------------------------------------- */

static int is_sheet(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), end = strlen(SHEET_END);
    return n > end && !strcmp(entry->d_name + n - end, SHEET_END) && entry->d_name[0] != '.';
}

static int refuse(struct config_errors *errors, const char *what, const char *cure)
{
    config_wrong(errors, NULL, "%s", what);
    config_cure(errors, "%s", cure);
    return EINVAL;
}

static int read_whole(struct text *text, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return ENOENT;
    char *p = malloc(DIRECTORY_SHEET_BYTES + 1);
    size_t n = p ? fread(p, 1, DIRECTORY_SHEET_BYTES + 1, f) : 0;
    int err = !p ? ENOMEM : ferror(f) ? EIO : 0;
    fclose(f);
    *text = (struct text){p, n};
    return err;
}

/* What a change of it would be; one byte too much says that it is too long, too. */
static int read_instead(struct text *text, const struct config_instead *instead)
{
    size_t n = instead->n <= DIRECTORY_SHEET_BYTES ? instead->n : DIRECTORY_SHEET_BYTES + 1;
    char *p = malloc(n + 1);
    if (!p)
        return ENOMEM;
    memcpy(p, instead->text, n);
    *text = (struct text){p, n};
    return 0;
}

/* *text: owned by the caller. */
static int read_file(struct text *text, const char *path, struct config_errors *errors)
{
    const struct config_instead *instead = errors->instead;
    bool is_other = instead && !strcmp(instead->path, path);
    *text = TEXT_NONE;
    int err = is_other ? read_instead(text, instead) : read_whole(text, path);
    if (err == ENOENT)
        err = refuse(errors, "cette fiche ne se lit pas",
                     "rendez cette fiche lisible, ou enlevez-la");
    if (!err && text->n > DIRECTORY_SHEET_BYTES)
        err = refuse(errors, "cette fiche est trop longue", "16 Kio au plus\u00a0: faites-en deux");
    if (!err)
        return 0;
    free((void *)text->p);
    *text = TEXT_NONE;
    return err;
}

static int keep_sheet(struct directory *d, const char *folder, const char *name,
                      struct config_errors *errors)
{
    char path[CONFIG_PATH_BYTES];
    struct directory_sheet *sheet = &d->sheets->list[d->sheets->n];
    size_t n = strlen(name) - strlen(SHEET_END);
    struct text text;
    errors->file = path;
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return ENAMETOOLONG;
    if (errors->instead && !errors->instead->n && !strcmp(errors->instead->path, path))
        return 0; /* it is to go */
    if (!directory_sheet_is_id((struct text){name, n}))
        return refuse(errors, "le nom d’une fiche est en minuscules, chiffres et _",
                      "renommez le fichier, par exemple carte_perdue.md");
    if (d->sheets->n == DIRECTORY_SHEETS_MAX)
        return refuse(errors, "il y a trop de fiches", "256 au plus");
    int err = read_file(&text, path, errors);
    if (err)
        return err;
    memcpy(sheet->id, name, n);
    d->sheets->texts[d->sheets->n++] = text; /* from now on dropped with the directory */
    return config_sheet_read(sheet, text, d, errors) ? 0 : EINVAL;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct directory_sheet *)a)->id, ((const struct directory_sheet *)b)->id);
}

/* The name of what a change would be, when that is a sheet of this folder; NULL: it is none. */
static const char *name_instead(const char *folder, const struct config_errors *errors)
{
    size_t n = strlen(folder), end = strlen(SHEET_END);
    const struct config_instead *instead = errors->instead;
    if (!instead || !instead->n || strncmp(instead->path, folder, n) != 0 ||
        instead->path[n] != '/')
        return NULL;
    const char *name = instead->path + n + 1;
    size_t name_n = strlen(name);
    return name_n > end && !strcmp(name + name_n - end, SHEET_END) ? name : NULL;
}

static int keep_new(struct directory *d, const char *folder, const char *name,
                    struct config_errors *errors)
{
    int err = keep_sheet(d, folder, name, errors);
    qsort(d->sheets->list, d->sheets->n, sizeof(d->sheets->list[0]), by_id);
    return err;
}

static int keep_all(struct directory *d, const char *folder, struct dirent *const *names,
                    struct config_errors *errors)
{
    const char *new = name_instead(folder, errors);
    int err = 0;
    d->sheets = calloc(1, sizeof(*d->sheets));
    if (!d->sheets)
        return ENOMEM;
    for (; *names && err != ENOMEM; names++) {
        int now = keep_sheet(d, folder, (*names)->d_name, errors);
        err = err ? err : now;
        new = new &&strcmp(new, (*names)->d_name) != 0 ? new : NULL;
    }
    if (new && !err)
        err = keep_new(d, folder, new, errors);
    return err;
}

/* The list of names, ended by NULL; none where there is no folder. */
static int list_names(struct dirent ***names, const char *folder)
{
    struct dirent **found = NULL;
    int n = scandir(folder, &found, is_sheet, alphasort);
    if (n < 0 && errno != ENOENT)
        return errno;
    n = n < 0 ? 0 : n;
    *names = calloc((size_t)n + 1, sizeof(**names));
    for (int i = 0; i < n; i++)
        if (*names)
            (*names)[i] = found[i];
        else
            free(found[i]);
    free(found);
    return *names ? 0 : ENOMEM;
}

int config_sheets_load(struct directory *d, const char *folder, struct config_errors *errors)
{
    const char *file = errors->file;
    struct dirent **names = NULL;
    int err = list_names(&names, folder);
    if (err)
        return err;
    if (names[0] || name_instead(folder, errors))
        err = keep_all(d, folder, names, errors);
    for (unsigned i = 0; names[i]; i++)
        free(names[i]);
    free(names);
    errors->file = file;
    return err;
}

void config_sheets_drop(struct directory *d)
{
    for (uint32_t i = 0; d->sheets && i < d->sheets->n; i++)
        free((void *)d->sheets->texts[i].p);
    free(d->sheets);
    d->sheets = NULL;
}
