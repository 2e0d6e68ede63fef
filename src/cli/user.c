/* user.c — `decroche user`: the accounts of those who use the pages. Called by main.c. The running
 * service carries it out, over its Unix socket; 0 means that it is stored. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "access/rights.h"
#include "base/json.h"
#include "cli/args.h"
#include "cli/live.h"
#include "cli/user_ask.h"

static const char usage[] =
    "decroche user list -c FILE | --socket PATH [--json]\n"
    "decroche user add IDENTIFIANT RÔLES [VUE] [--temporary] …\n"
    "decroche user role IDENTIFIANT RÔLES …\n"
    "decroche user scope IDENTIFIANT VUE …\n"
    "decroche user name IDENTIFIANT NOM …        le nom affiché, ou un alias\n"
    "decroche user agent IDENTIFIANT AGENT …     son identifiant dans l’annuaire\n"
    "decroche user subject IDENTIFIANT SUB …     qui c’est chez le fournisseur d’identité\n"
    "decroche user mail IDENTIFIANT ADRESSE …    qui l’a là-bas y sera lié, une fois\n"
    "decroche user password IDENTIFIANT [--temporary] …\n"
    "decroche user disable | enable | unlink | sessions | end IDENTIFIANT …\n"
    "decroche user audit …\n"
    "\n"
    "Les comptes de ceux qui ouvrent les pages. RÔLES\u00a0: agent, supervisor, administrator, "
    "auditor,\n"
    "séparés par des virgules. VUE\u00a0: tout, ou des lieux et services de l’annuaire, "
    "site:ID,service:ID\u2009;\n"
    "rien n’est vu sans elle. add et password demandent le mot de passe au terminal, deux fois, "
    "ou\n"
    "lisent la première ligne de l’entrée standard\u00a0; jamais un argument. --temporary\u00a0: "
    "ce mot\n"
    "de passe ne sert qu’à en choisir un autre, à la première connexion. password, role, scope,\n"
    "subject, mail, unlink, disable et enable ferment les sessions du compte\u00a0; end ne fait "
    "que cela.\n"
    "audit\u00a0: qui a fait quoi, par numéro de compte, en JSON.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 128
#define BODY_BYTES 4096

enum words {
    WORDS_NONE,
    WORDS_ROLES,
    WORDS_SCOPE,
    WORDS_NAME,
    WORDS_AGENT,
    WORDS_SUBJECT,
    WORDS_MAIL
};

static const struct deed {
    const char *name, *method, *behind; /* behind the login in the target; NULL: no login */
    enum words words;
    bool has_password, has_state, is_disabled, is_unlink;
} deeds[] = {
    {.name = "list", .method = "GET"},
    {.name = "add", .method = "POST", .behind = "", .words = WORDS_ROLES, .has_password = true},
    {.name = "role", .method = "PATCH", .behind = "", .words = WORDS_ROLES},
    {.name = "scope", .method = "PATCH", .behind = "", .words = WORDS_SCOPE},
    {.name = "name", .method = "PATCH", .behind = "", .words = WORDS_NAME},
    {.name = "agent", .method = "PATCH", .behind = "", .words = WORDS_AGENT},
    {.name = "password", .method = "PATCH", .behind = "", .has_password = true},
    {.name = "disable", .method = "PATCH", .behind = "", .has_state = true, .is_disabled = true},
    {.name = "enable", .method = "PATCH", .behind = "", .has_state = true},
    {.name = "subject", .method = "PATCH", .behind = "", .words = WORDS_SUBJECT},
    {.name = "mail", .method = "PATCH", .behind = "", .words = WORDS_MAIL},
    {.name = "unlink", .method = "PATCH", .behind = "", .is_unlink = true},
    {.name = "sessions", .method = "GET", .behind = "/sessions"},
    {.name = "end", .method = "DELETE", .behind = "/sessions"},
    {.name = "audit", .method = "GET"},
};

static const char known[] = "list, add, role, scope, name, agent, password, disable, enable, "
                            "subject, mail, unlink, sessions, end, audit";

static bool put_roles(struct json *j, const char *word)
{
    struct text rest = text_of(word);
    bool is_good = rest.n > 0;
    json_array(j, "roles");
    while (rest.n) {
        struct text role = text_trim(text_cut(&rest, ','));
        is_good &= rights_role(role) != ROLE_N;
        json_text(j, NULL, role);
    }
    json_array_end(j);
    return is_good;
}

/* Of "site:a,service:b,site:c" the ones of a kind; false: a part is of neither. */
static bool put_parts(struct json *j, const char *word, const char *key, struct text kind)
{
    struct text rest = text_of(word);
    bool is_good = rest.n > 0;
    json_array(j, key);
    while (rest.n) {
        struct text part = text_trim(text_cut(&rest, ','));
        is_good &=
            text_starts_fold(part, TEXT("site:")) || text_starts_fold(part, TEXT("service:"));
        if (text_starts_fold(part, kind))
            json_text(j, NULL, text_after(part, kind.n));
    }
    json_array_end(j);
    return is_good;
}

static bool put_scope(struct json *j, const char *word)
{
    if (!strcmp(word, "tout")) {
        json_bool(j, "whole", true);
        return true;
    }
    return put_parts(j, word, "sites", TEXT("site:")) &&
           put_parts(j, word, "services", TEXT("service:"));
}

static bool put_words(struct json *j, const struct deed *deed, const struct cli_args *a)
{
    const char *word = a->file[2], *scope = a->file[3];
    switch (deed->words) {
    case WORDS_ROLES:
        return put_roles(j, word) && (!scope || put_scope(j, scope));
    case WORDS_SCOPE:
        return put_scope(j, word);
    case WORDS_NAME:
        json_string(j, "name", word);
        return true;
    case WORDS_AGENT:
        json_string(j, "agent", word);
        return true;
    case WORDS_SUBJECT:
        json_string(j, "subject", word);
        return true;
    case WORDS_MAIL:
        json_string(j, "mail", word);
        return true;
    case WORDS_NONE:
        break;
    }
    return true;
}

static int tell_password(const struct cli_args *a, int err)
{
    if (err == EINVAL)
        return cli_cannot(a, "mot de passe", err, "les deux saisies diffèrent\u00a0: recommencer");
    if (err == ENODATA)
        return cli_cannot(a, "mot de passe", err, "rien n’a été saisi");
    return cli_cannot(a, "mot de passe", err,
                      "le saisir au terminal, ou le donner sur l’entrée standard");
}

/* An exit code; what is wrong was told. */
static int put_body(struct text_out *out, const struct deed *deed, const struct cli_args *a)
{
    char password[USER_PASSWORD_BYTES];
    struct json j = {.out = out};
    json_object(&j, NULL);
    if (!strcmp(deed->name, "add"))
        json_string(&j, "login", a->file[1]);
    if (!put_words(&j, deed, a))
        return cli_unknown(a, a->file[2], "des rôles, une vue\u00a0: decroche user --help");
    if (deed->is_unlink)
        json_null(&j, "subject");
    if (deed->has_state)
        json_bool(&j, "disabled", deed->is_disabled);
    if (deed->has_password) {
        int err = user_ask_password(password);
        if (err)
            return tell_password(a, err);
        json_string(&j, "password", password);
        if (a->is_temporary)
            json_bool(&j, "temporary", true);
        explicit_bzero(password, sizeof(password));
    }
    json_object_end(&j);
    return out->is_cut ? cli_cannot(a, a->file[1], E2BIG, "shorten it") : CLI_OK;
}

static const struct deed *deed_of(const struct cli_args *a)
{
    for (unsigned i = 0; a->file[0] && i < ARRAY_LEN(deeds); i++)
        if (!strcmp(deeds[i].name, a->file[0]))
            return &deeds[i];
    return NULL;
}

/* As many words as the deed wants: a login, what goes with it, for add a scope. */
static bool fits(const struct deed *deed, const struct cli_args *a)
{
    bool is_add = !strcmp(deed->name, "add");
    return (deed->behind != NULL) == (a->file[1] != NULL) &&
           (deed->words != WORDS_NONE) == (a->file[2] != NULL) && (is_add || !a->file[3]);
}

static int run(const struct cli_args *a, const char *socket)
{
    char target[TARGET_BYTES], body[BODY_BYTES];
    struct text_out out = {.p = body, .max = sizeof(body)};
    const struct deed *deed = deed_of(a);
    if (!deed || !fits(deed, a))
        return cli_unknown(a, a->file[0] ? a->file[0] : "", known);
    if (a->is_temporary && !deed->has_password)
        return cli_unknown(a, "--temporary", "de add et de password seulement");
    if (deed->behind && !rights_is_login(text_of(a->file[1])))
        return cli_unknown(a, a->file[1], "un identifiant de 2 à 40\u00a0caractères a-z 0-9 . - _");
    bool is_add = !strcmp(deed->name, "add"), is_audit = !strcmp(deed->name, "audit");
    bool has_login = deed->behind && !is_add;
    snprintf(target, sizeof(target), "/api/v1/%s%s%s%s", is_audit ? "audit" : "accounts",
             has_login ? "/" : "", has_login ? a->file[1] : "", has_login ? deed->behind : "");
    bool has_body = !strcmp(deed->method, "POST") || !strcmp(deed->method, "PATCH");
    int code = has_body ? put_body(&out, deed, a) : CLI_OK;
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json || is_audit ? "application/json"
                                                                          : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = deed->method,
                                         .body = {body, out.n}};
    if (!code)
        code = live_show(a, &request, "");
    explicit_bzero(body, sizeof(body));
    return code;
}

int cli_user(int argc, char **argv)
{
    static const struct cli_command command = {.name = "user",
                                               .usage = usage,
                                               .files_n = 4,
                                               .is_live = true,
                                               .has_orders = true,
                                               .has_passwords = true};
    return live_run(&command, argc, argv, run);
}
