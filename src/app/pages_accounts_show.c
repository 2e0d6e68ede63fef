/* pages_accounts_show.c — accounts, sessions and the log as programs and people read them. Called
 * by pages_accounts.c. Who is an auditor and nothing else sees numbers in the place of names. */
#include <errno.h>

#include "app/awaited.h"
#include "app/pages_accounts.h"
#include "base/calendar.h"
#include "base/json.h"
#include "view/cursor.h"

#define TYPE_TEXT "text/plain; charset=utf-8"
#define NUMBER_HEX 16

static const char *const deeds[ACCOUNT_DEEDS] = {[ACCOUNT_SIGNED_IN] = "signed_in",
                                                 [ACCOUNT_SIGNED_OUT] = "signed_out",
                                                 [ACCOUNT_DELAYED] = "delayed",
                                                 [ACCOUNT_ADDED] = "added",
                                                 [ACCOUNT_PASSWORD_SET] = "password_set",
                                                 [ACCOUNT_DISABLED] = "disabled",
                                                 [ACCOUNT_ENABLED] = "enabled",
                                                 [ACCOUNT_RIGHTS_SET] = "rights_set",
                                                 [ACCOUNT_SESSIONS_ENDED] = "sessions_ended",
                                                 [ACCOUNT_SETTINGS_SET] = "settings_set",
                                                 [ACCOUNT_NOTICE_SET] = "notice_set",
                                                 [ACCOUNT_NOTICE_ENDED] = "notice_ended",
                                                 [ACCOUNT_CARD_OPENED] = "card_opened",
                                                 [ACCOUNT_LINKED] = "linked",
                                                 [ACCOUNT_OIDC_REFUSED] = "oidc_refused",
                                                 [ACCOUNT_NOTED] = "noted",
                                                 [ACCOUNT_TRUNK_TRIED] = "trunk_tried",
                                                 [ACCOUNT_SETTINGS_UNDONE] = "settings_undone",
                                                 [ACCOUNT_LISTENED] = "listened",
                                                 [ACCOUNT_ALERT_SEEN] = "alert_seen",
                                                 [ACCOUNT_SLOT_AGREED] = "slot_agreed",
                                                 [ACCOUNT_SLOT_UNDONE] = "slot_undone"};

static const struct page_words trouble = {503, "the accounts cannot be read", "look at /health",
                                          "les comptes ne peuvent pas être lus\u00a0: decroche "
                                          "status"};

static const struct accounts_port *port_of(const struct pages_accounts_args *args)
{
    return args->accounts->args.port;
}

static struct account_provider provider_of(const struct pages_accounts_args *args, uint64_t id)
{
    const struct accounts_port *port = port_of(args);
    struct account_provider provider;
    if (!port->provider || port->provider(port->arg, id, &provider))
        provider = (struct account_provider){.account_id = id};
    return provider;
}

/* The number of an account, as text: JSON of others rounds what has 64 bits. */
static void put_id(struct json *j, const char *name, uint64_t id)
{
    char hex[NUMBER_HEX];
    text_hex(hex, id, NUMBER_HEX);
    if (id)
        json_text(j, name, (struct text){hex, NUMBER_HEX});
    else
        json_null(j, name);
}

static void put_scope(struct json *j, const struct account_scope *scope, unsigned n,
                      enum account_scope_kind kind)
{
    json_array(j, kind == ACCOUNT_SITE ? "sites" : "services");
    for (unsigned i = 0; i < n; i++)
        if (scope[i].kind == (uint8_t)kind)
            json_string(j, NULL, scope[i].name);
    json_array_end(j);
}

static void put_account(struct json *j, const struct pages_accounts_args *args,
                        const struct account *a)
{
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    unsigned n = 0;
    int err = port_of(args)->scope(port_of(args)->arg, a->id, scope, &n);
    json_object(j, NULL);
    put_id(j, "id", a->id);
    json_string(j, "login", a->login);
    json_string(j, "name", a->name);
    json_string(j, "agent", a->agent[0] ? a->agent : NULL);
    json_array(j, "roles");
    for (unsigned i = 0; i < ROLE_N; i++)
        if (a->roles >> i & 1)
            json_string(j, NULL, rights_role_name((enum directory_role)i));
    json_array_end(j);
    json_bool(j, "whole", a->is_whole);
    put_scope(j, scope, err ? 0 : n, ACCOUNT_SITE);
    put_scope(j, scope, err ? 0 : n, ACCOUNT_SERVICE);
    struct account_provider provider = provider_of(args, a->id);
    json_bool(j, "disabled", a->is_disabled);
    json_bool(j, "temporary", a->is_temporary);
    json_bool(j, "linked", provider.is_linked);
    json_string(j, "mail", provider.mail[0] ? provider.mail : NULL);
    json_signed(j, "changed_at", a->changed_at);
    json_object_end(j);
}

static void put_word(struct text_out *out, const char *word)
{
    text_put(out, text_of(word));
}

static void put_line(struct text_out *out, const struct pages_accounts_args *args,
                     const struct account *a)
{
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    unsigned n = 0;
    if (port_of(args)->scope(port_of(args)->arg, a->id, scope, &n))
        n = 0;
    put_word(out, a->login);
    put_word(out, " — ");
    put_word(out, a->name);
    put_word(out, " — ");
    for (unsigned i = 0, said = 0; i < ROLE_N; i++) {
        if (!(a->roles >> i & 1))
            continue;
        put_word(out, said++ ? ", " : "");
        put_word(out, rights_role_name((enum directory_role)i));
    }
    put_word(out, a->is_whole ? " — toute la maison" : n ? " —" : " — aucune vue");
    for (unsigned i = 0; !a->is_whole && i < n; i++) {
        put_word(out, scope[i].kind == ACCOUNT_SITE ? " site:" : " service:");
        put_word(out, scope[i].name);
    }
    if (a->agent[0]) {
        put_word(out, " — agent ");
        put_word(out, a->agent);
    }
    struct account_provider provider = provider_of(args, a->id);
    put_word(out, provider.is_linked ? " — lié au fournisseur d’identité" : "");
    put_word(out, provider.mail[0] ? " — attend " : "");
    put_word(out, provider.mail);
    put_word(out, a->is_disabled ? " — désactivé\n" : "\n");
}

void pages_accounts_one(const struct pages_accounts_args *args, struct pages_answer *answer,
                        const struct account *account)
{
    struct json j = {.out = &answer->body};
    if (args->request->form == PAGES_TEXT) {
        answer->type = TYPE_TEXT;
        put_line(&answer->body, args, account);
        return;
    }
    put_account(&j, args, account);
    text_put(&answer->body, TEXT("\n"));
}

void pages_accounts_list(const struct pages_accounts_args *args, struct pages_answer *answer)
{
    const struct accounts_port *port = port_of(args);
    struct account account = {.login = ""};
    struct json j = {.out = &answer->body};
    bool is_text = args->request->form == PAGES_TEXT;
    int err = 0;
    unsigned n = 0;
    if (is_text) {
        answer->type = TYPE_TEXT;
    } else {
        json_object(&j, NULL);
        json_array(&j, "accounts");
    }
    while (!(err = port->next(port->arg, account.login, &account)) && n++ < ACCOUNTS_MAX) {
        if (is_text)
            put_line(&answer->body, args, &account);
        else
            put_account(&j, args, &account);
    }
    if (is_text && !n)
        text_put(&answer->body, TEXT("aucun compte\u00a0: decroche user add IDENTIFIANT\n"));
    if (!is_text) {
        json_array_end(&j);
        json_object_end(&j);
        text_put(&answer->body, TEXT("\n"));
    }
}

/* "23/11/2026 10:05", on the wall of the organisation. */
static void put_instant(struct text_out *out, const struct view_house *h, ms_t at)
{
    struct calendar_local local = calendar_local(h->zone, at);
    struct civil date = calendar_date(local.day);
    const unsigned parts[] = {date.day, date.month, (unsigned)date.year, local.minute / 60U,
                              local.minute % 60U};
    static const char *const before[] = {"", "/", "/", " ", ":"};
    for (unsigned i = 0; i < ARRAY_LEN(parts); i++) {
        put_word(out, before[i]);
        put_word(out, parts[i] < 10 ? "0" : "");
        text_put_number(out, parts[i]);
    }
}

void pages_accounts_sessions(const struct pages_accounts_args *args, struct pages_answer *answer,
                             const struct account *account)
{
    const struct accounts_port *port = port_of(args);
    struct account_session s;
    struct json j = {.out = &answer->body};
    bool is_text = args->request->form == PAGES_TEXT;
    unsigned n = 0;
    if (is_text) {
        answer->type = TYPE_TEXT;
    } else {
        json_object(&j, NULL);
        json_array(&j, "sessions");
    }
    for (; !port->nth_session(port->arg, account->id, args->request->now_at, n, &s); n++) {
        if (is_text) {
            text_put(&answer->body, TEXT("depuis "));
            put_instant(&answer->body, args->house, s.born_at);
            text_put(&answer->body, TEXT(", jusqu’à "));
            put_instant(&answer->body, args->house, s.ends_at);
            text_put(&answer->body, TEXT("\n"));
            continue;
        }
        json_object(&j, NULL);
        json_signed(&j, "since_at", s.born_at);
        json_signed(&j, "seen_at", s.seen_at);
        json_signed(&j, "ends_at", s.ends_at);
        json_object_end(&j);
    }
    if (is_text && !n)
        text_put(&answer->body, TEXT("aucune session\n"));
    if (!is_text) {
        json_array_end(&j);
        json_object_end(&j);
        text_put(&answer->body, TEXT("\n"));
    }
}

void pages_accounts_audit(const struct pages_accounts_args *args, struct pages_answer *answer)
{
    const struct accounts_port *port = port_of(args);
    struct account_audit line;
    struct json j = {.out = &answer->body};
    struct text word;
    uint64_t limit = PAGES_AUDIT_DEFAULT;
    if (view_query_find(&word, args->request->query, TEXT("limit")) &&
        (!text_number(word, PAGES_AUDIT_MAX, &limit) || !limit)) {
        const struct page_words wrong = {400, "limit is not a number from 1 to 1000",
                                         "ask for 1000 lines at most", NULL};
        page_refuse(args->request, answer, &wrong);
        return;
    }
    json_object(&j, NULL);
    json_array(&j, "audit");
    int err = 0;
    for (unsigned i = 0; i < limit && !(err = port->audit(port->arg, i, &line)); i++) {
        json_object(&j, NULL);
        json_signed(&j, "at", line.at);
        put_id(&j, "who", line.who);
        json_string(&j, "deed", line.deed < ACCOUNT_DEEDS ? deeds[line.deed] : NULL);
        put_id(&j, "about", line.about);
        json_string(&j, "detail", line.detail);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    text_put(&answer->body, TEXT("\n"));
    if (err && err != ENOENT) {
        answer->body.n = 0;
        page_refuse(args->request, answer, &trouble);
    }
}
