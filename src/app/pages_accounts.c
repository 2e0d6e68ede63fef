/* pages_accounts.c — see pages_accounts.h: what is asked for, checked, and waited for. 200 means
 * stored. Invariant: a change of password, rights or state ends all sessions of the account, in the
 * same transaction. */
#include <string.h>

#include "app/awaited.h"
#include "app/pages_accounts.h"
#include "base/json_read.h"

/* What a body asks for; what it does not name stays. */
struct change {
    struct account account;
    char password[PASSWORD_BYTES_MAX];
    size_t password_n;
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    unsigned scope_n;
    struct account_provider provider;
    bool has_password, has_scope, has_roles, has_state, has_names, has_provider;
};

static const struct page_words absent = {404, "there is no such account",
                                         "GET /api/v1/accounts lists them",
                                         "aucun compte de ce nom\u00a0: decroche user list"};
static const struct page_words busy = {503, "too many changes at once", "come again in a moment",
                                       "trop de demandes à la fois\u00a0: revenir dans un moment"};
static const struct page_words silent = {
    503, "the change is not confirmed", "look at the account, and at /health",
    "le service ne peut pas le confirmer\u00a0: decroche user list dit ce qui est noté"};
static const struct page_words fits = {0};

/* ---- what a body says --------------------------------------------------------------------- */

static struct page_words bad(const char *error, const char *cure, const char *say)
{
    return (struct page_words){422, error, cure, say};
}

/* A string into an array of its own; false: it is none, or too long. Not there: *is_there false. */
static bool read_string(char *to, size_t max, struct text body, const char *key)
{
    struct text value;
    struct text_out out = {.p = to, .max = max - 1};
    if (!json_find(&value, body, key))
        return true;
    memset(to, 0, max);
    return json_unescape(&out, value) && strnlen(to, max) == out.n;
}

static bool read_bool(bool *to, bool *has, struct text body, const char *key)
{
    struct text value;
    if (!json_find(&value, body, key))
        return true;
    *has = true;
    *to = text_equal(value, TEXT("true"));
    return *to || text_equal(value, TEXT("false"));
}

static struct page_words read_names(struct change *c, const struct view_house *h, struct text body)
{
    struct account *a = &c->account;
    struct text said;
    c->has_names = json_find(&said, body, "name") || json_find(&said, body, "agent");
    if (!read_string(a->name, sizeof(a->name), body, "name") || !a->name[0])
        return bad("the name is no text of 1 to 96 bytes", "give a name, or an alias",
                   "le nom affiché a de 1 à 96\u00a0octets");
    if (!read_string(a->agent, sizeof(a->agent), body, "agent"))
        return bad("the agent is no text", "give an id of the directory",
                   "l’agent est un identifiant de l’annuaire");
    for (uint32_t i = 0; a->agent[0] && h->directory && i < h->directory->agents_n; i++)
        if (!strcmp(h->directory->agents[i].id, a->agent))
            return fits;
    return a->agent[0] ? bad("there is no such agent", "GET /api/v1/agents lists them",
                             "aucun agent de cet identifiant dans l’annuaire")
                       : fits;
}

static struct page_words read_roles(struct change *c, struct text body)
{
    struct text list, value;
    const struct page_words wrong = bad(
        "roles are not a list of agent, supervisor, administrator, auditor", "name one at least",
        "rôles\u00a0: agent, supervisor, administrator, auditor\u00a0; un au moins");
    if (!json_find(&list, body, "roles"))
        return c->account.roles ? fits : wrong;
    c->has_roles = true;
    c->account.roles = 0;
    while (json_next(&value, &list)) {
        char word[24];
        struct text_out out = {.p = word, .max = sizeof(word)};
        enum directory_role role =
            json_unescape(&out, value) ? rights_role((struct text){word, out.n}) : ROLE_N;
        if (role == ROLE_N)
            return wrong;
        c->account.roles |= (uint8_t)(1U << role);
    }
    return c->account.roles ? fits : wrong;
}

static bool is_known(const struct directory *d, uint8_t kind, const char *id)
{
    uint32_t n = kind == ACCOUNT_SITE ? d->sites_n : d->services_n;
    for (uint32_t i = 0; i < n; i++)
        if (!strcmp(kind == ACCOUNT_SITE ? d->sites[i].id : d->services[i].id, id))
            return true;
    return false;
}

static struct page_words read_ids(struct change *c, const struct view_house *h, struct text list,
                                  uint8_t kind)
{
    struct text value;
    while (json_next(&value, &list)) {
        if (c->scope_n == ACCOUNT_SCOPE_MAX)
            return bad("more than 32 sites and services", "name fewer, or the whole house",
                       "32\u00a0sites et services au plus\u00a0: en nommer moins, ou toute la "
                       "maison");
        struct account_scope *to = &c->scope[c->scope_n++];
        struct text_out out = {.p = to->name, .max = sizeof(to->name) - 1};
        to->kind = kind;
        if (!json_unescape(&out, value) || !h->directory || !is_known(h->directory, kind, to->name))
            return bad("there is no such site or service", "take an id of the directory",
                       "aucun site ou service de cet identifiant dans l’annuaire");
    }
    return fits;
}

static struct page_words read_scope(struct change *c, const struct view_house *h, struct text body)
{
    struct text sites, services;
    if (!read_bool(&c->account.is_whole, &c->has_scope, body, "whole"))
        return bad("whole is neither true nor false", "say one of them",
                   "whole vaut true ou false");
    bool has_sites = json_find(&sites, body, "sites");
    bool has_services = json_find(&services, body, "services");
    struct page_words words = has_sites ? read_ids(c, h, sites, ACCOUNT_SITE) : fits;
    if (!words.status && has_services)
        words = read_ids(c, h, services, ACCOUNT_SERVICE);
    if (!words.status && c->scope_n && c->account.is_whole && c->has_scope)
        return bad("the whole house, and parts of it", "say one of the two",
                   "toute la maison, ou des sites et services\u00a0: l’un des deux");
    if (has_sites || has_services) {
        c->account.is_whole = false;
        c->has_scope = true;
    }
    return words;
}

static struct page_words read_password(struct change *c, struct text body)
{
    struct text value;
    struct text_out out = {.p = c->password, .max = sizeof(c->password)};
    bool is_temporary = false, has_temporary = false;
    if (!read_bool(&is_temporary, &has_temporary, body, "temporary"))
        return bad("temporary is neither true nor false", "say one of them",
                   "temporary vaut true ou false");
    if (!json_find(&value, body, "password"))
        return has_temporary ? bad("temporary is said of a password", "give one with it",
                                   "temporary se dit d’un mot de passe\u00a0: en donner un")
                             : fits;
    c->has_password = true;
    c->account.is_temporary = is_temporary;
    bool is_text = json_unescape(&out, value);
    c->password_n = out.n;
    const char *fault = is_text ? rights_password_fault((struct text){c->password, out.n},
                                                        text_of(c->account.login))
                                : "un mot de passe a 128\u00a0octets au plus";
    return fault
               ? bad("this is no password", "12 characters to 128 bytes, not to be guessed", fault)
               : fits;
}

static struct page_words read_change(struct change *c, const struct view_house *h, struct text body)
{
    struct page_words words = read_names(c, h, body);
    if (!words.status)
        words = read_roles(c, body);
    if (!words.status)
        words = read_scope(c, h, body);
    if (!words.status && !read_bool(&c->account.is_disabled, &c->has_state, body, "disabled"))
        words = bad("disabled is neither true nor false", "say one of them",
                    "disabled vaut true ou false");
    return words.status ? words : read_password(c, body);
}

/* ---- to the disk -------------------------------------------------------------------------- */

static void put_scope(struct accounts_pending *p, const struct change *c)
{
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_SCOPE);
    row->scope = (struct account_scope){.account_id = c->account.id, .is_none = true};
    for (unsigned i = 0; !c->account.is_whole && i < c->scope_n; i++) {
        row = accounts_row(p, JOURNAL_ROW_SCOPE);
        row->scope = c->scope[i];
        row->scope.account_id = c->account.id;
    }
}

static void put_rows(struct accounts_pending *p, const struct change *c)
{
    p->account = c->account;
    accounts_row(p, JOURNAL_ROW_ACCOUNT)->account = c->account;
    if (c->has_scope)
        put_scope(p, c);
    if (c->has_provider)
        accounts_row(p, JOURNAL_ROW_PROVIDER)->provider = c->provider;
    if (c->has_password || c->has_scope || c->has_roles || c->has_state || c->has_provider) {
        struct journal_row *row = accounts_row(p, JOURNAL_ROW_SESSION);
        row->session.account_id = c->account.id;
        row->session.step = SESSION_ALL_OVER;
    }
    if (c->has_password) /* the hash comes from its thread */
        accounts_row(p, JOURNAL_ROW_PASSWORD)->password.account_id = c->account.id;
}

/* The one word of the log for all of it: the gravest. */
static enum account_deed deed_of(const struct pages_accounts_args *args, const struct change *c)
{
    if (args->request->method == PAGES_POST)
        return ACCOUNT_ADDED;
    if (c->has_state)
        return c->account.is_disabled ? ACCOUNT_DISABLED : ACCOUNT_ENABLED;
    if (c->has_provider)
        return ACCOUNT_LINKED;
    return c->has_password ? ACCOUNT_PASSWORD_SET : ACCOUNT_RIGHTS_SET;
}

static void put_detail(char to[ACCOUNT_DETAIL_BYTES], const struct change *c)
{
    struct text_out out = {.p = to, .max = ACCOUNT_DETAIL_BYTES - 1};
    text_put(&out, TEXT("roles"));
    for (unsigned i = 0; i < ROLE_N; i++) {
        if (!(c->account.roles >> i & 1))
            continue;
        text_put(&out, TEXT(" "));
        text_put(&out, text_of(rights_role_name((enum directory_role)i)));
    }
    text_put(&out, c->account.is_whole ? TEXT("; whole") : TEXT("; parts"));
    memset(to + out.n, 0, ACCOUNT_DETAIL_BYTES - out.n);
}

static struct page_words post(const struct pages_accounts_args *args, struct accounts_pending *p,
                              const struct account_audit *audit)
{
    struct accounts *a = args->accounts;
    struct account_audit line = *audit;
    line.at = args->request->now_at;
    line.who = args->session ? args->session->account.id : 0;
    line.about = p->account.id;
    return accounts_post(a, p, &line) ? fits : silent;
}

/* The log's line is made now, and put last: rows[rows_n − 1] may still want its hash. */
static struct page_words give(const struct pages_accounts_args *args, const struct change *c,
                              struct pages_answer *answer)
{
    struct accounts *a = args->accounts;
    struct account_audit audit = {.deed = (uint8_t)deed_of(args, c)};
    struct page_words words = fits;
    struct accounts_pending *p = accounts_take(a, args->request, ACCOUNTS_CHANGE);
    if (!p)
        return busy;
    put_detail(audit.detail, c);
    put_rows(p, c);
    if (c->has_password) {
        p->stage = ACCOUNTS_HASHING;
        p->audit = audit;
        p->job_id = a->args.passwords->make(a->args.passwords->arg,
                                            (struct text){c->password, c->password_n});
        words = p->job_id ? fits : busy;
    } else {
        words = post(args, p, &audit);
    }
    answer->order_id = p->order_id;
    if (words.status)
        accounts_drop(a, p);
    return words;
}

/* 0: go on waiting. */
static struct page_words hashed(const struct pages_accounts_args *args, struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    struct password_told told;
    enum password_state state = a->args.passwords->look(a->args.passwords->arg, p->job_id, &told);
    if (state == PASSWORD_GIVEN && args->request->now_ms - p->given_ms < ACCOUNTS_WAIT_MS)
        return fits;
    if (state != PASSWORD_DONE || !told.is_good)
        return busy;
    struct journal_row *row = &p->rows[p->rows_n - 1];
    memcpy(row->password.hash, told.hash, sizeof(row->password.hash));
    explicit_bzero(&told, sizeof(told));
    return post(args, p, &p->audit);
}

/* What became of the change that this request waits for. */
static struct page_words look(const struct pages_accounts_args *args, struct pages_answer *answer,
                              struct account *account)
{
    struct accounts *a = args->accounts;
    struct accounts_pending *p = accounts_find(a, args->request->order_id);
    enum accounts_told told = ACCOUNTS_LATER;
    struct page_words words = fits;
    if (!p)
        return silent;
    answer->order_id = p->order_id;
    if (p->stage == ACCOUNTS_HASHING)
        words = hashed(args, p);
    else
        told = accounts_look(a, p, args->request->now_ms);
    if (told == ACCOUNTS_SILENT)
        words = silent;
    if (told == ACCOUNTS_STORED)
        words.status = 200;
    *account = p->account;
    if (words.status)
        accounts_drop(a, p);
    return words;
}

/* ---- what is asked ------------------------------------------------------------------------ */

static struct page_words add(const struct pages_accounts_args *args, struct pages_answer *answer)
{
    struct accounts *a = args->accounts;
    const struct accounts_port *port = a->args.port;
    struct text body = args->request->body;
    struct change c = {.has_scope = true};
    struct account other;
    uint64_t n = 0;
    if (!read_string(c.account.login, sizeof(c.account.login), body, "login") ||
        !rights_is_login(text_of(c.account.login)))
        return bad("this is no login", "2 to 40 of a-z 0-9 . - _, a letter first",
                   "un identifiant a de 2 à 40\u00a0caractères a-z 0-9 . - _, une lettre d’abord");
    memcpy(c.account.name, c.account.login, sizeof(c.account.login)); /* until another is given */
    struct page_words words = read_change(&c, args->house, body);
    bool is_first = !accounts_changes(a, c.account.login, args->request->now_ms);
    if (!words.status && !c.has_password)
        words = bad("the password lacks", "give one", "le mot de passe manque");
    else if (!words.status &&
             (!is_first || !port->find(port->arg, text_of(c.account.login), &other, NULL)))
        words = (struct page_words){409, "there is such an account", "change it, or take another",
                                    "ce compte existe\u00a0: le changer, ou prendre un autre nom"};
    else if (!words.status && (port->count(port->arg, &n) || n >= ACCOUNTS_MAX))
        words = (struct page_words){409, "there are 4096 accounts", "no more can be added",
                                    "4\u00a0096\u00a0comptes au plus"};
    else if (!words.status && !port->random(port->arg, &c.account.id, sizeof(c.account.id)))
        words = silent;
    c.account.id |= 1;
    c.account.changed_at = args->request->now_at;
    if (!words.status)
        words = give(args, &c, answer);
    explicit_bzero(&c, sizeof(c));
    return words;
}

static bool is_head(const struct account *a)
{
    return a->is_whole && !a->is_disabled && a->roles >> ROLE_ADMINISTRATOR & 1;
}

/* Would nobody be left who can open an account by the pages? On the machine that may be. */
static bool is_last(const struct pages_accounts_args *args, const struct account *was,
                    const struct account *will)
{
    const struct accounts_port *port = args->accounts->args.port;
    struct account other = {.login = ""};
    if (!args->session || !is_head(was) || is_head(will))
        return false;
    while (!port->next(port->arg, other.login, &other))
        if (other.id != was->id && is_head(&other))
            return false;
    return true;
}

static struct page_words change(const struct pages_accounts_args *args, struct pages_answer *answer,
                                const struct account *account)
{
    struct change c = {.account = *account, .provider.account_id = account->id};
    struct page_words words = read_change(&c, args->house, args->request->body);
    if (!words.status)
        words =
            pages_accounts_link(args->accounts, &c.provider, &c.has_provider, args->request->body);
    bool is_any = c.has_password || c.has_scope || c.has_roles || c.has_state || c.has_names ||
                  c.has_provider;
    if (!words.status && !is_any)
        words = bad("nothing is to be changed", "name what is", "rien à changer\u00a0: dire quoi");
    else if (!words.status && is_last(args, account, &c.account))
        words = (struct page_words){409, "this is the last administrator of the whole house",
                                    "make another one first",
                                    "c’est le dernier compte administrateur de toute la "
                                    "maison\u00a0: en faire un autre d’abord"};
    if (args->request->now_at > c.account.changed_at)
        c.account.changed_at = args->request->now_at;
    else
        c.account.changed_at++; /* the clock went back; never the same twice */
    if (!words.status)
        words = give(args, &c, answer);
    explicit_bzero(&c, sizeof(c));
    return words;
}

static struct page_words end_sessions(const struct pages_accounts_args *args,
                                      struct pages_answer *answer, const struct account *account)
{
    struct accounts_pending *p = accounts_take(args->accounts, args->request, ACCOUNTS_CHANGE);
    if (!p)
        return busy;
    p->account = *account;
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_SESSION);
    row->session.account_id = account->id;
    row->session.step = SESSION_ALL_OVER;
    struct page_words words =
        post(args, p, &(struct account_audit){.deed = ACCOUNT_SESSIONS_ENDED});
    answer->order_id = p->order_id;
    if (words.status)
        accounts_drop(args->accounts, p);
    return words;
}

struct page_words pages_accounts_ask(const struct pages_accounts_args *args,
                                     struct pages_answer *answer, struct account *account)
{
    const struct accounts_port *port = args->accounts->args.port;
    if (args->request->order_id)
        return look(args, answer, account);
    if (args->request->method == PAGES_POST)
        return add(args, answer);
    if (port->find(port->arg, args->login, account, NULL))
        return absent;
    if (args->request->method != PAGES_GET &&
        accounts_changes(args->accounts, account->login, args->request->now_ms))
        return busy; /* each change begins with what the one before has left */
    if (args->request->method == PAGES_PATCH)
        return change(args, answer, account);
    if (args->request->method == PAGES_DELETE)
        return end_sessions(args, answer, account);
    return (struct page_words){.status = 200};
}

void pages_accounts(const struct pages_accounts_args *args, struct pages_answer *answer)
{
    struct account account = {.id = 0};
    bool is_new = args->request->method == PAGES_POST;
    if (args->what == PAGES_ACCOUNTS_AUDIT) {
        pages_accounts_audit(args, answer);
        return;
    }
    if (args->what == PAGES_ACCOUNTS_ALL && !is_new) {
        pages_accounts_list(args, answer);
        return;
    }
    struct page_words words = pages_accounts_ask(args, answer, &account);
    if (!words.status)
        answer->is_later = true;
    else if (words.status != 200)
        page_refuse(args->request, answer, &words);
    else if (args->what == PAGES_ACCOUNTS_SESSIONS)
        pages_accounts_sessions(args, answer, &account);
    else
        pages_accounts_one(args, answer, &account);
}
