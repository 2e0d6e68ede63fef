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
#define FENCE "---"
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

/* The head is all up to the second fence; its first line is an empty one, so that lines count. */
bool config_sheet_read(struct directory_sheet *sheet, struct text text, const struct directory *d,
                       struct config_errors *errors)
{
    struct text rest = text, line = text_cut(&rest, '\n');
    const struct config_node first = {.line = 1, .column = 1};
    unsigned before = errors->n + errors->more_n;
    struct config_doc *doc;
    bool is_open = text_equal(text_trim(line), TEXT(FENCE)), is_closed = false;
    const char *begin = text.p + line.n, *end = begin;
    while (is_open && rest.n && !is_closed) {
        end = rest.p;
        is_closed = text_equal(text_trim(text_cut(&rest, '\n')), TEXT(FENCE));
    }
    if (!is_closed) {
        config_wrong(errors, &first, "cette fiche n’a pas d’en-tête");
        config_cure(errors,
                    "commencez par une ligne «\u00a0---\u00a0», puis titre, services, date, "
                    "responsable, revoir, puis une ligne «\u00a0---\u00a0»");
        return false;
    }
    sheet->body = rest;
    if (config_keep(&doc, begin, (size_t)(end - begin), errors))
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

/* *text: owned by the caller. */
static int read_file(struct text *text, const char *path, struct config_errors *errors)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return refuse(errors, "cette fiche ne se lit pas",
                      "rendez cette fiche lisible, ou enlevez-la");
    char *p = malloc(DIRECTORY_SHEET_BYTES + 1);
    size_t n = p ? fread(p, 1, DIRECTORY_SHEET_BYTES + 1, f) : 0;
    int err = !p ? ENOMEM : ferror(f) ? EIO : 0;
    fclose(f);
    if (!err && n > DIRECTORY_SHEET_BYTES)
        err = refuse(errors, "cette fiche est trop longue", "16 Kio au plus\u00a0: faites-en deux");
    *text = (struct text){err ? NULL : p, err ? 0 : n};
    if (err)
        free(p);
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
    if (n >= sizeof(sheet->id) || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return refuse(errors, "le nom d’une fiche est en minuscules, chiffres et _",
                      "renommez le fichier, par exemple carte_perdue.md");
    int err = read_file(&text, path, errors);
    if (err)
        return err;
    memcpy(sheet->id, name, n);
    d->sheets->texts[d->sheets->n++] = text; /* from now on dropped with the directory */
    return config_sheet_read(sheet, text, d, errors) ? 0 : EINVAL;
}

int config_sheets_load(struct directory *d, const char *folder, struct config_errors *errors)
{
    const char *file = errors->file;
    struct dirent **names = NULL;
    int n = scandir(folder, &names, is_sheet, alphasort), err = 0;
    if (n < 0)
        return errno == ENOENT ? 0 : errno;
    d->sheets = calloc(1, sizeof(*d->sheets));
    if (!d->sheets)
        err = ENOMEM;
    errors->file = folder;
    if (n > DIRECTORY_SHEETS_MAX)
        err = refuse(errors, "il y a trop de fiches", "256 au plus");
    for (int i = 0; i < n; i++) {
        int now = i < DIRECTORY_SHEETS_MAX && err != ENOMEM
                      ? keep_sheet(d, folder, names[i]->d_name, errors)
                      : 0;
        err = err ? err : now;
        free(names[i]);
    }
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
