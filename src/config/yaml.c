/* yaml.c — libyaml's events into a tree of our own; the only file that sees libyaml.
 * Called by the readers of settings, directory and profiles, at start, on reload and by `check`.
 * Cost: one pass, one allocation per 64 KiB of tree.
 * Invariant: whatever the bytes, either a tree within the bounds or an error with its place; what
 * was read is wiped before its memory is given back. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "config/yaml.h"

#define CHUNK_BYTES 65536u

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

struct config_doc {
    struct chunk *chunks;           /* owned */
    const struct config_node *root; /* in the chunks */
};

/* A mapping or sequence still open, while its children are read. */
struct level {
    struct config_node *node, *last;
    const struct config_node *key; /* of the value to come, in a mapping */
};

struct builder {
    struct config_doc *doc;
    struct config_errors *errors;
    struct level level[CONFIG_DEPTH_MAX];
    unsigned depth, nodes_n;
    bool has_root;
};

static void *doc_bytes(struct config_doc *doc, size_t n)
{
    n = (n + 15) & ~(size_t)15;
    struct chunk *c = doc->chunks;
    if (!c || c->size - c->used < n) {
        size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;
        c = malloc(sizeof(*c) + size);
        if (!c)
            return NULL;
        *c = (struct chunk){.next = doc->chunks, .size = size};
        doc->chunks = c;
    }
    void *p = c->bytes + c->used;
    c->used += n;
    return p;
}

static struct config_node mark_node(yaml_mark_t mark)
{
    return (struct config_node){.line = (uint32_t)mark.line + 1,
                                .column = (uint32_t)mark.column + 1};
}

/* A text over several lines (|, >) ends where the line behind it begins. */
static void mark_end(struct config_node *node, yaml_mark_t mark)
{
    bool is_behind = mark.column == 0 && mark.line + 1 > node->line;
    node->end_line = (uint32_t)mark.line + (is_behind ? 0 : 1);
    node->end_column = is_behind ? UINT32_MAX : (uint32_t)mark.column + 1;
}

static int refuse(struct builder *b, yaml_mark_t mark, const char *what, const char *cure)
{
    struct config_node at = mark_node(mark);
    config_wrong(b->errors, &at, "%s", what);
    config_cure(b->errors, "%s", cure);
    return EINVAL;
}

static bool is_nothing(const yaml_event_t *e)
{
    const char *s = (const char *)e->data.scalar.value;
    if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    return !*s || !strcmp(s, "~") || !strcmp(s, "null");
}

static int node_new(struct builder *b, struct config_node **out, const yaml_event_t *e)
{
    if (++b->nodes_n > CONFIG_NODES_MAX)
        return refuse(b, e->start_mark, "ce fichier contient trop de valeurs",
                      "répartissez-le en plusieurs fichiers");
    struct config_node *node = doc_bytes(b->doc, sizeof(*node));
    if (!node)
        return ENOMEM;
    *node = mark_node(e->start_mark);
    mark_end(node, e->end_mark);
    node->text = "";
    *out = node;
    return 0;
}

static int scalar_fill(struct builder *b, struct config_node *node, const yaml_event_t *e)
{
    size_t n = e->data.scalar.length;
    char *text = doc_bytes(b->doc, n + 1);
    if (!text)
        return ENOMEM;
    memcpy(text, e->data.scalar.value, n);
    text[n] = 0;
    if (strlen(text) != n)
        return refuse(b, e->start_mark, "ce texte contient un octet nul", "supprimez-le");
    node->kind = is_nothing(e) ? CONFIG_NOTHING : CONFIG_SCALAR;
    node->is_quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = text;
    explicit_bzero(e->data.scalar.value, n); /* it may be a secret; the copy is wiped by us */
    return 0;
}

static int key_keep(struct builder *b, struct level *level, const struct config_node *node)
{
    if (node->kind != CONFIG_SCALAR) {
        config_wrong(b->errors, node, "une clé doit être un mot");
        config_cure(b->errors, "écrivez «\u00a0clé\u00a0: valeur\u00a0»");
        return EINVAL;
    }
    if (level->node->n == CONFIG_KEYS_MAX) {
        config_wrong(b->errors, node, "trop de clés au même niveau (%d au plus)", CONFIG_KEYS_MAX);
        config_cure(b->errors, "faites-en une liste («\u00a0-\u00a0»)");
        return EINVAL;
    }
    const struct config_node *before = config_get(level->node, node->text);
    if (before) {
        config_wrong(b->errors, node, "la clé «\u00a0%s\u00a0» est déjà à la ligne %u", node->text,
                     before->key->line);
        config_cure(b->errors, "gardez l’une des deux");
        return EINVAL;
    }
    level->key = node;
    return 0;
}

/* Hangs a complete node (or one just opened) where it belongs. */
static int node_place(struct builder *b, struct config_node *node)
{
    if (!b->depth) {
        b->doc->root = node;
        b->has_root = true;
        return 0;
    }
    struct level *level = &b->level[b->depth - 1];
    if (level->node->kind == CONFIG_MAPPING && !level->key)
        return key_keep(b, level, node);
    node->key = level->key;
    level->key = NULL;
    if (level->last)
        level->last->next = node;
    else
        level->node->first = node;
    level->last = node;
    level->node->n++;
    return 0;
}

static int on_scalar(struct builder *b, const yaml_event_t *e)
{
    struct config_node *node;
    int err = node_new(b, &node, e);
    if (!err)
        err = scalar_fill(b, node, e);
    return err ? err : node_place(b, node);
}

static int on_open(struct builder *b, const yaml_event_t *e)
{
    struct config_node *node;
    int err = node_new(b, &node, e);
    if (err)
        return err;
    bool is_mapping = e->type == YAML_MAPPING_START_EVENT;
    node->kind = is_mapping ? CONFIG_MAPPING : CONFIG_SEQUENCE;
    node->is_flow = is_mapping ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                               : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    if (b->depth == CONFIG_DEPTH_MAX)
        return refuse(b, e->start_mark, "trop de niveaux imbriqués (16 au plus)",
                      "rapprochez cette valeur du début de la ligne");
    err = node_place(b, node);
    b->level[b->depth++] = (struct level){.node = node};
    return err;
}

/* Where a block ends libyaml tells only at the next thing behind it. */
static void on_end(const struct level *level, const yaml_event_t *e)
{
    if (level->node->is_flow || !level->last) {
        mark_end(level->node, e->end_mark);
        return;
    }
    level->node->end_line = level->last->end_line;
    level->node->end_column = level->last->end_column;
}

static const char *refused_name(const yaml_event_t *e)
{
    if (e->type == YAML_ALIAS_EVENT)
        return "les renvois (*nom) sont refusés";
    if (e->type == YAML_SCALAR_EVENT && e->data.scalar.anchor)
        return "les ancres (&nom) sont refusées";
    if (e->type == YAML_SCALAR_EVENT && e->data.scalar.tag)
        return "les étiquettes (!type) sont refusées";
    if (e->type == YAML_MAPPING_START_EVENT &&
        (e->data.mapping_start.anchor || e->data.mapping_start.tag))
        return "les ancres et étiquettes sont refusées";
    if (e->type == YAML_SEQUENCE_START_EVENT &&
        (e->data.sequence_start.anchor || e->data.sequence_start.tag))
        return "les ancres et étiquettes sont refusées";
    if (e->type == YAML_DOCUMENT_START_EVENT && e->data.document_start.version_directive)
        return "la directive %YAML est refusée";
    return NULL;
}

static int on_event(struct builder *b, const yaml_event_t *e)
{
    const char *refused = refused_name(e);
    if (refused)
        return refuse(b, e->start_mark, refused, "écrivez la valeur elle-même, en toutes lettres");
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->has_root)
            return refuse(b, e->start_mark, "un second document commence ici",
                          "gardez un seul document par fichier (enlevez «\u00a0---\u00a0»)");
        return 0;
    case YAML_SCALAR_EVENT:
        return on_scalar(b, e);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, e);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        on_end(&b->level[--b->depth], e);
        return 0;
    default:
        return 0;
    }
}

static int parser_wrong(struct builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return ENOMEM;
    struct config_node at = mark_node(parser->problem_mark);
    if (parser->error == YAML_READER_ERROR)
        at = (struct config_node){0};
    config_wrong(b->errors, &at, "ceci n’est pas du YAML (%s)",
                 parser->problem ? parser->problem : "?");
    if (parser->error == YAML_READER_ERROR)
        config_cure(b->errors,
                    "enregistrez le fichier en UTF-8, "
                    "sans caractère de contrôle (octet %zu)",
                    parser->problem_offset);
    else
        config_cure(b->errors, "regardez cette ligne et celle d’avant\u00a0: décalage, guillemet "
                               "ou crochet non fermé, tabulation");
    return EINVAL;
}

static int parse_all(struct builder *b, yaml_parser_t *parser)
{
    for (;;) {
        yaml_event_t e;
        if (!yaml_parser_parse(parser, &e))
            return parser_wrong(b, parser);
        bool is_end = e.type == YAML_STREAM_END_EVENT;
        int err = on_event(b, &e);
        yaml_event_delete(&e);
        if (err || is_end)
            return err;
    }
}

/* libyaml gives its buffers back as they are. */
static void parser_wipe(yaml_parser_t *parser)
{
    explicit_bzero(parser->buffer.start, (size_t)(parser->buffer.end - parser->buffer.start));
    explicit_bzero(parser->raw_buffer.start,
                   (size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
    yaml_parser_delete(parser);
}

int config_keep(struct config_doc **out, const char *text, size_t n, struct config_errors *errors)
{
    struct builder b = {.errors = errors};
    yaml_parser_t parser;
    *out = NULL;
    b.doc = calloc(1, sizeof(*b.doc));
    if (!b.doc)
        return ENOMEM;
    if (!yaml_parser_initialize(&parser)) {
        config_drop(b.doc);
        return ENOMEM;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    int err = parse_all(&b, &parser);
    parser_wipe(&parser);
    if (!err && !b.has_root) {
        config_wrong(errors, NULL, "ce fichier est vide");
        config_cure(errors, "écrivez-y au moins une clé");
        err = EINVAL;
    }
    if (err)
        config_drop(b.doc);
    else
        *out = b.doc;
    return err;
}

static int file_read(char **out, size_t *n, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return errno;
    int err = 0;
    char *text = malloc(CONFIG_FILE_BYTES_MAX + 1);
    setvbuf(f, NULL, _IONBF, 0); /* no second copy: the file may hold secrets */
    if (!text)
        err = ENOMEM;
    else
        *n = fread(text, 1, CONFIG_FILE_BYTES_MAX + 1, f);
    if (!err && ferror(f))
        err = errno ? errno : EIO;
    if (!err && *n > CONFIG_FILE_BYTES_MAX)
        err = EFBIG;
    fclose(f);
    if (err)
        free(text);
    else
        *out = text;
    return err;
}

static void unreadable(struct config_errors *errors, int err)
{
    static const struct {
        int err;
        const char *what, *cure;
    } rows[] = {
        {ENOENT, "il n’existe pas", "vérifiez le chemin"},
        {EISDIR, "c’est un dossier", "nommez un fichier de ce dossier"},
        {EACCES, "l’accès est refusé", "donnez le droit de lecture à cet utilisateur"},
        {EFBIG, "il dépasse 4\u00a0Mio", "répartissez-le en plusieurs fichiers"},
    };
    char why[128];
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].err == err) {
            config_wrong(errors, NULL, "ce fichier ne peut pas être lu\u00a0: %s", rows[i].what);
            config_cure(errors, "%s", rows[i].cure);
            return;
        }
    config_wrong(errors, NULL, "ce fichier ne peut pas être lu\u00a0: %s",
                 strerror_r(err, why, sizeof(why)));
    config_cure(errors, "vérifiez le fichier et ses droits");
}

int config_load(struct config_doc **out, const char *path, struct config_errors *errors)
{
    const struct config_instead *instead = errors->instead;
    char *text = NULL;
    size_t n = 0;
    *out = NULL;
    if (instead && !strcmp(instead->path, path))
        return config_keep(out, instead->text, instead->n, errors);
    int err = file_read(&text, &n, path);
    if (err) {
        unreadable(errors, err);
        return err;
    }
    err = config_keep(out, text, n, errors);
    explicit_bzero(text, n);
    free(text);
    if (err && !errors->n)
        config_wrong(errors, NULL, "mémoire insuffisante pour lire ce fichier");
    return err;
}

void config_drop(struct config_doc *doc)
{
    if (!doc)
        return;
    while (doc->chunks) {
        struct chunk *next = doc->chunks->next;
        explicit_bzero(doc->chunks->bytes, doc->chunks->used);
        free(doc->chunks);
        doc->chunks = next;
    }
    free(doc);
}

const struct config_node *config_root(const struct config_doc *doc)
{
    return doc->root;
}

const struct config_node *config_get(const struct config_node *mapping, const char *key)
{
    if (mapping->kind != CONFIG_MAPPING)
        return NULL;
    for (const struct config_node *n = mapping->first; n; n = n->next)
        if (!strcmp(n->key->text, key))
            return n;
    return NULL;
}
