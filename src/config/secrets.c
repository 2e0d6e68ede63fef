/* secrets.c — see secrets.h. Cost: one pass, a look-up for each agent.
 * Invariant: no sentence holds a secret, a code or the key; all copies made here are wiped. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/refer.h"
#include "config/secrets.h"
#include "config/table.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define OTHERS_MAY (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)
#define DIGITS "0123456789"
/* Of a bearer token (RFC 6750 §2.1). */
#define TOKEN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS "-._~+/="

struct reading {
    struct config_secrets s; /* being filled */
    const struct directory *directory;
    uint32_t *line_of; /* owned: for each agent the line of the file that names it; 0: none */
    struct config_errors *errors;
    int err;
};

static const struct config_key agent_keys[] = {
    {.name = "id", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "secret",
     CONFIG_AT(struct config_secret, secret),
     .form = CONFIG_TEXT,
     .min = CONFIG_SECRET_MIN},
    {.name = "code",
     CONFIG_AT(struct config_secret, code),
     .form = CONFIG_TEXT,
     .min = CONFIG_CODE_MIN},
};
static const struct config_table agent_table = CONFIG_TABLE(agent_keys);

/* ---- what it may be made of ---- */

/* Telephones write other letters in more than one way, and some stumble over quotes. */
static bool is_secret(const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p < ' ' || *p > '~' || strchr("\"'\\", *p))
            return false;
    return true;
}

static void check_letters(struct reading *r, const struct config_secret *one,
                          const struct config_node *e)
{
    if (!is_secret(one->secret)) {
        config_wrong(r->errors, config_get(e, "secret"),
                     "ce secret a des signes qu’un téléphone "
                     "ne saurait pas écrire");
        config_cure(r->errors, "attendu" COLON "des lettres sans accent, des chiffres et des "
                               "signes, ni guillemet, ni apostrophe, ni barre oblique inversée");
    }
    if (one->code[strspn(one->code, DIGITS)]) {
        config_wrong(r->errors, config_get(e, "code"), "ce code ne se tape pas sur un téléphone");
        config_cure(r->errors, "attendu" COLON "de %d à %d chiffres", CONFIG_CODE_MIN,
                    CONFIG_CODE_MAX);
    }
}

static void check_token(struct reading *r, const struct config_node *root)
{
    const struct config_node *api = config_get(root, "api");
    const struct config_node *node = api ? config_get(api, "token") : NULL;
    if (!r->s.api_token[strspn(r->s.api_token, TOKEN_LETTERS)])
        return;
    config_wrong(r->errors, node, "cette clé a des signes qui ne passent pas dans une requête");
    config_cure(r->errors, "prenez ce que dit «\u00a0openssl rand -hex 24\u00a0»");
}

/* ---- agents ---- */

/* A line needs its secret, a secret needs a line, and an entry says something. */
static void check_line(struct reading *r, const struct config_secret *one,
                       const struct config_node *e)
{
    const struct directory_agent *g = &r->directory->agents[one->agent];
    const struct config_node *secret = config_get(e, "secret");
    bool has_line = directory_agent_line(g).n > 0;
    if (has_line && !secret) {
        config_wrong(r->errors, e, "l’agent " QUOTED " a une ligne (%s) sans secret", g->id,
                     g->phone);
        config_cure(r->errors, "ajoutez «\u00a0secret: …\u00a0», celui de son téléphone");
    } else if (!has_line && secret) {
        config_wrong(r->errors, secret, "l’agent " QUOTED " n’a pas de ligne à nous", g->id);
        config_cure(r->errors, "enlevez ce secret, ou donnez-lui «\u00a0phone: \"sip:…\"\u00a0» "
                               "dans l’annuaire");
    } else if (!has_line && !config_get(e, "code")) {
        config_wrong(r->errors, e, "rien n’est dit de l’agent " QUOTED, g->id);
        config_cure(r->errors, "ajoutez «\u00a0code: …\u00a0», ou enlevez cette ligne");
    }
}

static void read_agent(struct reading *r, struct config_secret *one, const struct config_node *e)
{
    const struct config_things agents = config_agents(r->directory);
    const struct config_node *id = config_get(e, "id");
    config_read(one, e, &agent_table, r->errors);
    check_letters(r, one, e);
    one->agent = id ? config_refer(id, &agents, r->errors) : DIRECTORY_NONE;
    if (one->agent == DIRECTORY_NONE)
        return;
    uint32_t *line = &r->line_of[one->agent];
    if (*line) {
        config_wrong(r->errors, id, "l’agent " QUOTED " est déjà à la ligne %u", id->text, *line);
        config_cure(r->errors, "gardez l’une des deux");
    } else {
        *line = id->line;
    }
    check_line(r, one, e);
}

static void read_agents(void *target, const struct config_node *node, struct config_errors *errors)
{
    struct reading *r = target;
    if (node->kind != CONFIG_SEQUENCE || node->n > DIRECTORY_AGENTS_MAX) {
        config_wrong(errors, node, "«\u00a0agents\u00a0» n’est pas une liste, ou est trop longue");
        config_cure(errors,
                    "attendu" COLON "une ligne «\u00a0- { id: a01, … }\u00a0» par agent, "
                    "%d au plus",
                    DIRECTORY_AGENTS_MAX);
        return;
    }
    r->s.agents = calloc(node->n + 1, sizeof(*r->s.agents));
    r->line_of = calloc(r->directory->agents_n + 1, sizeof(*r->line_of));
    if (!r->s.agents || !r->line_of) {
        r->err = ENOMEM;
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next)
        read_agent(r, &r->s.agents[r->s.n++], e);
}

/* ---- accesses to operators ---- */

static const struct config_key trunk_keys[] = {
    {.name = "id", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "secret",
     CONFIG_AT(struct config_trunk_secret, secret),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
};
static const struct config_table trunk_table = CONFIG_TABLE(trunk_keys);

static void read_trunk(struct reading *r, const struct config_node *e)
{
    struct config_trunk_secret *one = &r->s.trunks[r->s.trunks_n];
    const struct config_things trunks = config_trunks(r->directory);
    const struct config_node *id = config_get(e, "id");
    config_read(one, e, &trunk_table, r->errors);
    one->trunk = id ? config_refer(id, &trunks, r->errors) : DIRECTORY_NONE;
    if (one->trunk == DIRECTORY_NONE)
        return;
    if (!r->directory->trunks[one->trunk].user[0]) {
        config_wrong(r->errors, id, "l’accès " QUOTED " n’a pas de nom d’usager", id->text);
        config_cure(r->errors,
                    "ajoutez «\u00a0user: …\u00a0» dans l’annuaire, ou enlevez ce secret");
    }
    for (uint32_t i = 0; i < r->s.trunks_n; i++) {
        if (r->s.trunks[i].trunk != one->trunk)
            continue;
        config_wrong(r->errors, id, "l’accès " QUOTED " est déjà dans cette liste", id->text);
        config_cure(r->errors, "gardez l’une des deux lignes");
    }
    r->s.trunks_n++;
}

static void read_trunks(void *target, const struct config_node *node, struct config_errors *errors)
{
    struct reading *r = target;
    if (node->kind != CONFIG_SEQUENCE || node->n > DIRECTORY_TRUNKS_MAX) {
        config_wrong(errors, node, "«\u00a0trunks\u00a0» n’est pas une liste, ou est trop longue");
        config_cure(errors,
                    "attendu" COLON "une ligne «\u00a0- { id: …, secret: … }\u00a0» par "
                    "accès à un opérateur, %d au plus",
                    DIRECTORY_TRUNKS_MAX);
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next)
        read_trunk(r, e);
}

/* Who wants a name wants its password too. */
static void check_trunks(struct reading *r, const struct config_node *root)
{
    for (uint32_t i = 0; i < r->directory->trunks_n; i++) {
        const struct directory_trunk *t = &r->directory->trunks[i];
        if (!t->registers || config_secrets_trunk(&r->s, i)[0])
            continue;
        const struct config_node *list = config_get(root, "trunks");
        config_wrong(r->errors, list ? list : root, "l’accès " QUOTED " n’a pas de secret", t->id);
        config_cure(r->errors, "ajoutez «\u00a0- { id: %s, secret: … }\u00a0» sous trunks", t->id);
    }
}

/* ---- the whole ---- */

static const struct config_key api_keys[] = {
    {.name = "token",
     CONFIG_AT(struct config_secrets, api_token),
     .form = CONFIG_TEXT,
     .min = CONFIG_TOKEN_MIN,
     .is_required = true},
};
static const struct config_table api_table = CONFIG_TABLE(api_keys);

static const struct config_key sms_keys[] = {
    {.name = "secret", CONFIG_AT(struct config_secrets, sms_secret), .form = CONFIG_TEXT, .min = 1},
    {.name = "signature",
     CONFIG_AT(struct config_secrets, sms_signature),
     .form = CONFIG_TEXT,
     .min = CONFIG_TOKEN_MIN},
};
static const struct config_table sms_table = CONFIG_TABLE(sms_keys);

static const struct config_key oidc_keys[] = {
    {.name = "secret",
     CONFIG_AT(struct config_secrets, oidc_secret),
     .form = CONFIG_TEXT,
     .min = CONFIG_SECRET_MIN,
     .is_required = true},
};
static const struct config_table oidc_table = CONFIG_TABLE(oidc_keys);

static const struct config_key head_keys[] = {
    {.name = "api",
     CONFIG_AT(struct reading, s),
     .form = CONFIG_GROUP,
     .table = &api_table,
     .is_required = true},
    {.name = "agents", .form = CONFIG_CALL, .call = read_agents},
    {.name = "trunks", .form = CONFIG_CALL, .call = read_trunks},
    {.name = "sms", CONFIG_AT(struct reading, s), .form = CONFIG_GROUP, .table = &sms_table},
    {.name = "oidc", CONFIG_AT(struct reading, s), .form = CONFIG_GROUP, .table = &oidc_table},
};
static const struct config_table head_table = CONFIG_TABLE(head_keys);

/* Takes the document. */
static int read_all(struct config_secrets *out, struct config_doc *doc,
                    const struct directory *directory, struct config_errors *errors)
{
    struct reading r = {.directory = directory, .errors = errors};
    config_read(&r, config_root(doc), &head_table, errors);
    check_token(&r, config_root(doc));
    check_trunks(&r, config_root(doc));
    config_errors_sort(errors);
    config_drop(doc);
    free(r.line_of);
    int err = r.err ? r.err : errors->n ? EINVAL : 0;
    if (err)
        config_secrets_drop(&r.s);
    else
        *out = r.s;
    explicit_bzero(&r, sizeof(r));
    return err;
}

/* Only a demonstration, whose secrets are in every copy of it, may be read by others. */
static void check_mode(const char *path, struct config_errors *errors)
{
    struct stat st;
    if (stat(path, &st) || !(st.st_mode & OTHERS_MAY))
        return;
    config_wrong(errors, NULL, "d’autres que le service peuvent le lire ou le modifier (mode %03o)",
                 st.st_mode & 0777u);
    config_cure(errors, "chmod 600 %s", path);
}

int config_secrets_load(struct config_secrets *out, const char *path,
                        const struct directory *directory, struct config_errors *errors)
{
    struct config_doc *doc;
    errors->file = path;
    *out = (struct config_secrets){0};
    if (!directory->is_demo)
        check_mode(path, errors);
    int err = config_load(&doc, path, errors);
    if (err == ENOENT)
        config_cure(errors, "créez-le" COLON "«\u00a0api: { token: … }\u00a0» et les secrets des "
                            "agents\u00a0; puis chmod 600");
    return err ? err : read_all(out, doc, directory, errors);
}

int config_secrets_read(struct config_secrets *out, const char *text,
                        const struct directory *directory, struct config_errors *errors)
{
    struct config_doc *doc;
    *out = (struct config_secrets){0};
    int err = config_keep(&doc, text, strlen(text), errors);
    return err ? err : read_all(out, doc, directory, errors);
}

const struct config_secret *config_secrets_find(const struct config_secrets *s, uint32_t agent)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (s->agents[i].agent == agent)
            return &s->agents[i];
    return NULL;
}

const char *config_secrets_trunk(const struct config_secrets *s, uint32_t trunk)
{
    for (uint32_t i = 0; i < s->trunks_n; i++)
        if (s->trunks[i].trunk == trunk)
            return s->trunks[i].secret;
    return "";
}

void config_secrets_drop(struct config_secrets *s)
{
    if (s->agents)
        explicit_bzero(s->agents, s->n * sizeof(*s->agents));
    free(s->agents);
    explicit_bzero(s, sizeof(*s));
}
