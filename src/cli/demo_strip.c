/* demo_strip.c — see demo.h. The tree of the YAML says which lines a row takes, the text is kept
 * line by line: comments, order and spaces of what stays are those of its writer.
 * Called by demo_remove.c. Cost: one reading. Invariant: a row goes only when it is one of the
 * demonstration: a number of fiction, a robot, a telephone of fiction, or a name of its cast. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/demo.h"
#include "directory/number.h"

/* The people and places of Haute-Lisière, which does not exist. */
static const char *const cast[] = {
    "Services publics de la Haute-Lisière",
    "1 place de la Préfecture, 96000 Montaubry",
    "Nadège Vasseur",
    "Yanis Belkacem",
    "Solène Le Goff",
    "Thierry Kouassi",
    "Camille Roussel",
    "Inès Da Silva",
    "Martine Lefort",
    "Paul Ferrand",
    "Chambre des comptes",
    "Plateforme départementale",
    "France services de Montaubry",
    "France services de Saint-Elvard",
    "Le bus de la Lisière",
    "Mairie de Rochemarne, aide aux démarches",
    "Montaubry 96000",
    "Saint-Elvard 96120",
    "Rochemarne 96210",
    "Courvelles 96210",
    "Belleraude 96210",
    "Valsombre 96300",
    "Orvallon 96300",
    "demonstration-sans-secret",
};

static bool is_in_cast(const char *text)
{
    for (unsigned i = 0; i < ARRAY_LEN(cast); i++)
        if (!strcmp(cast[i], text))
            return true;
    return false;
}

static const char *text_at(const struct config_node *item, const char *key)
{
    const struct config_node *node = config_get(item, key);
    return node && node->kind == CONFIG_SCALAR ? node->text : "";
}

static bool is_fiction(const char *number)
{
    uint64_t e164;
    return number_e164(&e164, number) && number_is_fiction(e164);
}

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static bool number_goes(const struct config_node *item)
{
    return is_fiction(text_at(item, "number"));
}

static bool agent_goes(const struct config_node *item)
{
    const char *robot = text_at(item, "robot");
    return !strcmp(robot, "true") || !strcmp(robot, "oui") || is_fiction(text_at(item, "phone")) ||
           is_in_cast(text_at(item, "name"));
}

static bool name_goes(const struct config_node *item)
{
    return is_in_cast(text_at(item, "name"));
}

static bool service_goes(const struct config_node *item)
{
    return begins(text_at(item, "name"), "Situation ");
}

static bool hours_go(const struct config_node *item)
{
    return begins(item->key->text, "demo_");
}

static bool scalar_goes(const struct config_node *item)
{
    return item->kind == CONFIG_SCALAR && (is_in_cast(item->text) || is_fiction(item->text));
}

static bool trunk_goes(const struct config_node *item)
{
    const char *host = text_at(item, "host");
    return begins(host, "127.") || begins(host, "localhost");
}

/* The secrets of the demonstration are known to everybody; two of its telephones have a code alone.
 */
static bool secret_goes(const struct config_node *item)
{
    const char *secret = text_at(item, "secret"), *code = text_at(item, "code");
    size_t n = strlen(secret);
    return n ? n > 5 && !strcmp(secret + n - 5, "-demo")
             : !strcmp(code, "4824") || !strcmp(code, "4826");
}

/* Top-level keys; template: what to write in the place of a list of which nothing is left. */
static const struct rule {
    enum demo_file file;
    const char *key, *one, *many, *template;
    bool (*goes)(const struct config_node *item); /* NULL: the key itself goes */
} rules[] = {
    {DEMO_DIRECTORY, "demo", "la ligne «\u00a0demo: true\u00a0»", NULL, NULL, NULL},
    {DEMO_DIRECTORY, "organisation", "nom et adresse de l’organisation", NULL, NULL, scalar_goes},
    {DEMO_DIRECTORY, "numbers", "numéro", "numéros",
     "# numbers:        # à remplir\n"
     "#   - { number: \"04 10 00 00 10\", flow: accueil, hours: plateforme }\n",
     number_goes},
    {DEMO_DIRECTORY, "hours", "horaire", "horaires", NULL, hours_go},
    {DEMO_DIRECTORY, "services", "service", "services", NULL, service_goes},
    {DEMO_DIRECTORY, "sites", "lieu", "lieux",
     "# sites:          # à remplir\n"
     "#   - { id: mairie, name: Mairie, address: \"…\", hours: montaubry }\n",
     name_goes},
    {DEMO_DIRECTORY, "communes", "commune", "communes", NULL, scalar_goes},
    {DEMO_DIRECTORY, "agents", "agent", "agents, robots compris",
     "# agents:         # à remplir\n"
     "#   - { id: a01, name: Prénom Nom, skills: [accueil, ecrit], phone: \"sip:101\" }\n",
     agent_goes},
    {DEMO_DIRECTORY, "shared_lines", "ligne partagée", "lignes partagées", NULL, scalar_goes},
    {DEMO_DIRECTORY, "interpreters", "interprète", "interprètes", NULL, number_goes},
    {DEMO_DIRECTORY, "trunks", "accès opérateur", "accès opérateur",
     "# trunks:         # à remplir\n"
     "#   - { id: operateur, host: sip.operateur.fr, channels: 30, outbound: 5 }\n",
     trunk_goes},
    {DEMO_SECRETS, "api", "le jeton", NULL,
     "# api: { token: \"…\" }        # à tirer au sort : openssl rand -hex 24\n", scalar_goes},
    {DEMO_SECRETS, "agents", "secret d’agent", "secrets d’agents",
     "agents: []         # à remplir : - { id: a01, secret: \"…\", code: \"…\" }\n", secret_goes},
};

static const struct rule *rule_of(enum demo_file file, const char *key)
{
    for (unsigned i = 0; i < ARRAY_LEN(rules); i++)
        if (rules[i].file == file && !strcmp(rules[i].key, key))
            return &rules[i];
    return NULL;
}

/* ---- lines -------------------------------------------------------------------------------- */

/* A text by its lines, from 1. */
struct sheet {
    const char *text;
    size_t n;
    const char **line;    /* owned: line[i] … line[i + 1] */
    bool *goes;           /* owned */
    const char **instead; /* owned: what stands there when it goes */
    uint32_t lines_n;
};

static int sheet_open(struct sheet *s, const char *text, size_t n)
{
    uint32_t lines_n = 1;
    for (size_t i = 0; i < n; i++)
        lines_n += text[i] == '\n';
    *s = (struct sheet){.text = text, .n = n, .lines_n = lines_n};
    s->line = calloc(lines_n + 2, sizeof(*s->line));
    s->goes = calloc(lines_n + 2, sizeof(*s->goes));
    s->instead = calloc(lines_n + 2, sizeof(*s->instead));
    if (!s->line || !s->goes || !s->instead)
        return ENOMEM;
    s->line[1] = text;
    uint32_t k = 1;
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\n')
            s->line[++k] = text + i + 1;
    s->line[k + 1] = text + n;
    return 0;
}

static void sheet_drop(struct sheet *s)
{
    free(s->line);
    free(s->goes);
    free(s->instead);
}

static void cut_lines(struct sheet *s, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i <= to && i <= s->lines_n; i++)
        s->goes[i] = true;
}

/* Comments from the first column and empty lines before the next key belong to that one. */
static uint32_t end_of(const struct sheet *s, const struct config_node *entry)
{
    uint32_t to = entry->next ? entry->next->key->line - 1 : s->lines_n;
    while (to > entry->key->line && (*s->line[to] == '#' || *s->line[to] == '\n' || !*s->line[to]))
        to--;
    return to;
}

static uint32_t line_of(const struct config_node *item)
{
    return item->key ? item->key->line : item->line;
}

/* ---- one list ----------------------------------------------------------------------------- */

struct count {
    unsigned going_n, n;
    bool is_unit; /* rows share lines: all of them, or none */
};

static struct count count(const struct config_node *entry, const struct rule *rule)
{
    struct count c = {0};
    uint32_t before = entry->key->line;
    for (const struct config_node *e = entry->first; e; e = e->next) {
        c.n++;
        c.going_n += rule->goes(e);
        c.is_unit |= line_of(e) <= before;
        before = line_of(e);
    }
    return c;
}

static void cut_rows(struct sheet *s, const struct config_node *entry, const struct rule *rule)
{
    uint32_t end = end_of(s, entry);
    for (const struct config_node *e = entry->first; e; e = e->next)
        if (rule->goes(e))
            cut_lines(s, line_of(e), e->next ? line_of(e->next) - 1 : end);
}

/* How many rows went. */
static unsigned cut_entry(struct sheet *s, const struct config_node *entry, const struct rule *rule)
{
    uint32_t from = entry->key->line, end = end_of(s, entry);
    if (!rule->goes) {
        cut_lines(s, from, end);
        return 1;
    }
    struct count c = count(entry, rule);
    bool is_all = c.n && c.going_n == c.n;
    if (is_all) {
        cut_lines(s, from, end);
        s->instead[from] = rule->template;
    } else if (!c.is_unit) {
        cut_rows(s, entry, rule);
    }
    return is_all || !c.is_unit ? c.going_n : 0;
}

/* ---- the file ------------------------------------------------------------------------------ */

static const char *const heads[] = {
    [DEMO_DIRECTORY] =
        "# L’annuaire (docs/annuaire.md). Horaires, services et menus viennent de la "
        "démonstration.\n",
    [DEMO_SECRETS] = "# Les secrets, lisibles par le service seul (chmod 600).\n",
};

static size_t size_of(const struct sheet *s)
{
    size_t n = s->n + 1;
    for (uint32_t i = 1; i <= s->lines_n; i++)
        n += s->instead[i] ? strlen(s->instead[i]) : 0;
    return n;
}

static size_t put(char *to, const char *from, size_t n)
{
    memcpy(to, from, n);
    return n;
}

static int write_out(struct demo_stripped *out, const struct sheet *s, enum demo_file file)
{
    out->text = malloc(size_of(s) + strlen(heads[file]));
    if (!out->text)
        return ENOMEM;
    char *to = out->text;
    to += put(to, heads[file], strlen(heads[file]));
    for (uint32_t i = 1; i <= s->lines_n; i++) {
        if (!s->goes[i])
            to += put(to, s->line[i], (size_t)(s->line[i + 1] - s->line[i]));
        else if (s->instead[i])
            to += put(to, s->instead[i], strlen(s->instead[i]));
    }
    out->n = (size_t)(to - out->text);
    return 0;
}

static int strip(struct demo_stripped *out, enum demo_file file, const struct config_node *root,
                 struct sheet *s)
{
    uint32_t head = 1;
    while (head <= s->lines_n && (*s->line[head] == '#' || *s->line[head] == '\n'))
        s->goes[head++] = true;
    for (const struct config_node *e = root->first; e; e = e->next) {
        const struct rule *rule = e->key ? rule_of(file, e->key->text) : NULL;
        unsigned n = rule ? cut_entry(s, e, rule) : 0;
        if (n && out->cuts_n < DEMO_BLOCKS_MAX)
            out->cuts[out->cuts_n++] = (struct demo_cut){rule->one, rule->many, n};
    }
    return write_out(out, s, file);
}

static int read_whole(char **text, size_t *n, const char *path)
{
    *text = malloc(CONFIG_FILE_BYTES_MAX + 1);
    int err = *text ? os_file_read(path, *text, CONFIG_FILE_BYTES_MAX, n) : ENOMEM;
    if (!err)
        (*text)[*n] = '\0';
    return err;
}

int demo_strip(struct demo_stripped *out, enum demo_file file, const char *path)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    struct config_doc *doc = NULL;
    struct sheet sheet = {.text = NULL};
    char *text = NULL;
    size_t n = 0;
    *out = (struct demo_stripped){.text = NULL};
    int err = errors ? read_whole(&text, &n, path) : ENOMEM;
    if (!err)
        err = config_keep(&doc, text, n, errors);
    if (!err)
        err = sheet_open(&sheet, text, n);
    if (!err)
        err = strip(out, file, config_root(doc), &sheet);
    sheet_drop(&sheet);
    if (doc)
        config_drop(doc);
    free(text);
    free(errors);
    return err;
}

void demo_stripped_drop(struct demo_stripped *s)
{
    free(s->text);
    *s = (struct demo_stripped){.text = NULL};
}
