/* pages_admin_accounts.c — one account on the pages of the administration: its form becomes what a
 * program would ask of pages_accounts.c, so that the rules are the same. A password is drawn here,
 * kept with the change until that is stored, and shown once. Called by pages_admin.c. */
#include <string.h>

#include "app/pages_accounts.h"
#include "app/pages_admin_parts.h"
#include "app/pages_screens.h"
#include "base/json.h"

/* Four groups of four out of 32 signs that nobody confuses: 80 bits. */
#define DRAWN_SIGNS 16
#define DRAWN_BYTES 20
_Static_assert(DRAWN_BYTES <= SESSION_SECRET_BYTES, "it is kept where a session has its secret");

/* ---- the form -------------------------------------------------------------------------------- */

static void put_parts(char to[VIEW_ACCOUNT_PARTS_BYTES], const struct account_scope *scope,
                      unsigned n, enum account_scope_kind kind)
{
    struct text_out out = {.p = to, .max = VIEW_ACCOUNT_PARTS_BYTES - 1};
    for (unsigned i = 0; i < n; i++) {
        if (scope[i].kind != (uint8_t)kind)
            continue;
        text_put(&out, out.n ? TEXT(", ") : TEXT(""));
        text_put(&out, text_of(scope[i].name));
    }
    to[out.n] = 0;
}

/* The account as it is. False: there is none of this login. */
static bool find(const struct pages_admin_args *args, const char *login,
                 struct view_account_form *form)
{
    const struct accounts_port *port = args->accounts->args.port;
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    struct account_session session;
    unsigned n = 0;
    *form = (struct view_account_form){.is_new = false};
    if (port->find(port->arg, text_of(login), &form->account, NULL) ||
        port->scope(port->arg, form->account.id, scope, &n))
        return false;
    put_parts(form->sites, scope, n, ACCOUNT_SITE);
    put_parts(form->services, scope, n, ACCOUNT_SERVICE);
    while (!port->nth_session(port->arg, form->account.id, args->request->now_at, form->sessions_n,
                              &session))
        form->sessions_n++;
    return true;
}

static bool is_ticked(const struct pages_request *r, const char *name)
{
    return pages_admin_number(r, name) == 1;
}

static void read_text(char *to, size_t max, const struct pages_request *r, const char *name)
{
    memset(to, 0, max);
    pages_admin_field(to, max, r->body, name);
    struct text t = text_trim(text_of(to));
    memmove(to, t.p, t.n);
    memset(to + t.n, 0, max - t.n);
}

/* What was typed over it. */
static void read_form(struct view_account_form *form, const struct pages_request *r)
{
    static const char *const roles[ACCOUNT_ROLES] = {"agent_role", "superviseur", "administrateur",
                                                     "auditeur"};
    struct account *a = &form->account;
    read_text(a->name, sizeof(a->name), r, "affiche");
    read_text(a->agent, sizeof(a->agent), r, "personne");
    read_text(form->sites, sizeof(form->sites), r, "lieux");
    read_text(form->services, sizeof(form->services), r, "services");
    a->is_whole = is_ticked(r, "tout");
    a->roles = 0;
    for (unsigned i = 0; i < ACCOUNT_ROLES; i++)
        a->roles |= (uint8_t)(is_ticked(r, roles[i]) << i);
}

/* ---- as a program would ask ------------------------------------------------------------------ */

static void put_ids(struct json *j, const char *key, const char *ids)
{
    struct text rest = text_of(ids);
    json_array(j, key);
    while (rest.n) {
        struct text id = text_trim(text_cut(&rest, ','));
        if (id.n)
            json_text(j, NULL, id);
    }
    json_array_end(j);
}

/* What is as it was is not asked for: whoever only has another name stays signed in. */
static void put_rights(struct json *j, const struct view_account_form *form,
                       const struct view_account_form *was)
{
    const struct account *a = &form->account, *b = was ? &was->account : NULL;
    if (!b || strcmp(a->name, b->name) != 0)
        if (a->name[0] || b)
            json_string(j, "name", a->name);
    if (!b || strcmp(a->agent, b->agent) != 0)
        json_string(j, "agent", a->agent);
    if (!b || a->roles != b->roles) {
        json_array(j, "roles");
        for (unsigned i = 0; i < ACCOUNT_ROLES; i++)
            if (a->roles >> i & 1)
                json_string(j, NULL, rights_role_name((enum directory_role)i));
        json_array_end(j);
    }
    if (b && a->is_whole == b->is_whole && !strcmp(form->sites, was->sites) &&
        !strcmp(form->services, was->services))
        return;
    if (a->is_whole)
        json_bool(j, "whole", true);
    if (a->is_whole && !form->sites[0] && !form->services[0])
        return;
    put_ids(j, "sites", form->sites);
    put_ids(j, "services", form->services);
}

static bool draw(const struct pages_admin_args *args, char to[DRAWN_BYTES])
{
    static const char signs[] = "abcdefghjkmnpqrstuvwxyz234567890";
    _Static_assert(sizeof(signs) == 33, "five bits each");
    const struct accounts_port *port = args->accounts->args.port;
    uint8_t bytes[DRAWN_SIGNS];
    struct text_out out = {.p = to, .max = DRAWN_BYTES - 1};
    if (!port->random(port->arg, bytes, sizeof(bytes)))
        return false;
    for (unsigned i = 0; i < DRAWN_SIGNS; i++) {
        text_put(&out, i && i % 4 == 0 ? TEXT("-") : TEXT(""));
        text_put(&out, (struct text){&signs[bytes[i] & 31], 1});
    }
    to[out.n] = 0;
    explicit_bzero(bytes, sizeof(bytes));
    return true;
}

enum account_form_deed { FORM_ADD, FORM_SAVE, FORM_SECRET, FORM_SESSIONS, FORM_CLOSE, FORM_REOPEN };

static const char *const deed_words[] = {
    [FORM_ADD] = "ajouter",       [FORM_SAVE] = "enregistrer", [FORM_SECRET] = "secret",
    [FORM_SESSIONS] = "sessions", [FORM_CLOSE] = "fermer",     [FORM_REOPEN] = "rouvrir"};

static bool draws(enum account_form_deed deed)
{
    return deed == FORM_ADD || deed == FORM_SECRET;
}

/* The body of it. */
static struct text put_body(const struct pages_admin_args *args, enum account_form_deed deed,
                            const struct view_account_form *form,
                            const struct view_account_form *was)
{
    struct text_out out = {.p = args->room->text, .max = sizeof(args->room->text)};
    struct json j = {.out = &out};
    json_object(&j, NULL);
    if (deed == FORM_ADD)
        json_string(&j, "login", form->account.login);
    if (deed == FORM_ADD || deed == FORM_SAVE)
        put_rights(&j, form, deed == FORM_ADD ? NULL : was);
    if (deed == FORM_CLOSE || deed == FORM_REOPEN)
        json_bool(&j, "disabled", deed == FORM_CLOSE);
    if (draws(deed)) {
        json_string(&j, "password", form->password);
        json_bool(&j, "temporary", true);
    }
    json_object_end(&j);
    return (struct text){args->room->text, out.n};
}

/* ---- what became of it ----------------------------------------------------------------------- */

/* The same while it waits: with the change, which is no session and has no other secret. */
static void keep_drawn(const struct pages_admin_args *args, uint64_t order_id,
                       const char drawn[DRAWN_BYTES])
{
    struct accounts_pending *p = accounts_find(args->accounts, order_id);
    if (p)
        memcpy(p->secret, drawn, DRAWN_BYTES);
}

static bool find_drawn(const struct pages_admin_args *args, char drawn[DRAWN_BYTES])
{
    const struct accounts_pending *p = accounts_find(args->accounts, args->request->order_id);
    if (p)
        memcpy(drawn, p->secret, DRAWN_BYTES);
    return p != NULL;
}

static void show(const struct pages_admin_args *args, struct pages_answer *answer,
                 const struct view_account_form *form)
{
    struct html h = pages_screen_open(args->request, answer);
    view_admin_account(&h, args->house, form);
}

static void go(const struct pages_admin_args *args, struct pages_answer *answer, const char *login)
{
    struct text_out out = {.p = args->location, .max = PAGES_LOCATION_BYTES - 1};
    text_put(&out, TEXT("/administration/compte?fait=1&nom="));
    text_put(&out, text_of(login));
    args->location[out.n] = 0;
    answer->status = 303;
    answer->location = args->location;
}

static struct page_words ask(const struct pages_admin_args *args, struct pages_answer *answer,
                             enum account_form_deed deed, struct text body)
{
    struct pages_request r = *args->request;
    char login[PAGES_ADMIN_WORD_MAX];
    struct account account;
    pages_admin_word(login, args->request, "nom");
    r.method = deed == FORM_ADD ? PAGES_POST : deed == FORM_SESSIONS ? PAGES_DELETE : PAGES_PATCH;
    r.body = body;
    const struct pages_accounts_args asked = {.accounts = args->accounts,
                                              .house = args->house,
                                              .request = &r,
                                              .session = args->session,
                                              .login = text_of(login),
                                              .what = PAGES_ACCOUNTS_ONE};
    return pages_accounts_ask(&asked, answer, &account);
}

static void tell(const struct pages_admin_args *args, struct pages_answer *answer,
                 struct view_account_form *form, const struct page_words *words)
{
    bool is_done = words->status == 200;
    struct view_account_form now;
    const char *drawn = is_done ? form->password : NULL;
    answer->status = words->status;
    if (is_done && find(args, form->account.login, &now)) {
        now.password = drawn;
        show(args, answer, &now);
        return;
    }
    form->password = drawn;
    form->say = is_done ? NULL : words->say ? words->say : words->cure;
    form->error = words->error;
    show(args, answer, form);
}

static bool change(const struct pages_admin_args *args, struct pages_answer *answer,
                   enum account_form_deed deed)
{
    char login[PAGES_ADMIN_WORD_MAX], drawn[DRAWN_BYTES] = "";
    struct view_account_form was, form = {.is_new = deed == FORM_ADD};
    pages_admin_word(login, args->request, "nom");
    if (deed != FORM_ADD && !find(args, login, &was))
        return false;
    if (deed != FORM_ADD)
        form = was;
    else /* too long a login is no login */
        read_text(form.account.login, sizeof(form.account.login), args->request, "nom");
    if (deed == FORM_ADD || deed == FORM_SAVE)
        read_form(&form, args->request);
    struct page_words words = awaited_silent;
    bool is_first = !args->request->order_id;
    bool is_drawn = !draws(deed) || (is_first ? draw(args, drawn) : find_drawn(args, drawn));
    form.password = draws(deed) ? drawn : NULL;
    if (is_drawn)
        words = ask(args, answer, deed, put_body(args, deed, &form, &was));
    explicit_bzero(args->room->text, sizeof(args->room->text));
    if (!words.status && is_first && draws(deed))
        keep_drawn(args, answer->order_id, drawn);
    if (!words.status)
        answer->is_later = true;
    else if (words.status == 200 && !draws(deed))
        go(args, answer, form.account.login);
    else
        tell(args, answer, &form, &words);
    explicit_bzero(drawn, sizeof(drawn));
    return true;
}

bool pages_admin_account(const struct pages_admin_args *args, struct pages_answer *answer)
{
    char login[PAGES_ADMIN_WORD_MAX], word[PAGES_ADMIN_WORD_MAX];
    struct view_account_form form = {.is_new = true};
    if (!args->accounts)
        return false;
    if (args->request->method == PAGES_POST) {
        pages_admin_word(word, args->request, "faire");
        for (unsigned i = 0; i < ARRAY_LEN(deed_words); i++)
            if (!strcmp(deed_words[i], word))
                return change(args, answer, (enum account_form_deed)i);
        return false;
    }
    pages_admin_word(login, args->request, "nom");
    if (login[0] && !find(args, login, &form))
        return false;
    form.is_done = is_ticked(args->request, "fait");
    show(args, answer, &form);
    return true;
}
