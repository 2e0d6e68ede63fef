/* pages_sign.c — see pages_sign.h. Invariant: an unknown name, a wrong password, a disabled account
 * and a delay get the same words after the same work: one hash, and nothing of the disk. */
#include <string.h>

#include "access/form.h"
#include "app/pages_oidc.h"
#include "app/pages_screens.h"
#include "app/pages_sign.h"
#include "base/json.h"
#include "view/cursor.h"
#include "view/sign.h"

#define TYPE_HTML "text/html; charset=utf-8"
#define HERE "/connexion"
#define RETRY_S 5

static const char say_wrong[] =
    "Identifiant ou mot de passe incorrect, ou trop d’essais récents. Vérifiez-les, ou attendez "
    "quelques minutes avant de recommencer.";
#define SAY_TEMPORARY                                                                              \
    "Ce mot de passe est provisoire\u00a0: choisissez le vôtre, que personne d’autre ne connaît."
#define SAY_TWICE "Les deux nouveaux mots de passe diffèrent. Tapez deux fois le même."
#define SAY_EQUAL "Le nouveau mot de passe est l’ancien. Choisissez-en un autre."
static const char say_tls[] =
    "Cette page demande une connexion chiffrée (https). Si l’adresse commence bien par https, le "
    "serveur placé devant decroche doit transmettre X-Forwarded-Proto.";
#define SAY_LACKS "Indiquez votre identifiant et votre mot de passe."
#define SAY_WAIT "Trop d’essais depuis ce poste. Attendez quelques minutes avant de recommencer."
#define SAY_BUSY "Trop de connexions à la fois. Recommencez dans un moment."
#define SAY_DISK "Le service ne peut pas ouvrir de session pour le moment. Recommencez plus tard."
#define SAY_ORIGIN "Cette demande ne vient pas de cette page. Rechargez la page et recommencez."

static void show(const struct pages_sign_args *args, struct pages_answer *answer,
                 const struct view_sign *sign)
{
    struct html h = pages_screen_open(args->request, answer);
    struct view_sign_provider provider;
    struct view_sign mine = *sign;
    if (answer->status == 503)
        answer->retry_after_s = RETRY_S;
    if (pages_oidc_button(args->accounts, &provider))
        mine.provider = &provider;
    view_sign_page(&h, args->house, &mine);
}

static void say(const struct pages_sign_args *args, struct pages_answer *answer, unsigned status,
                const char *error)
{
    answer->status = status;
    show(args, answer, &(struct view_sign){.error = error});
}

void pages_sign_say(const struct pages_sign_args *args, struct pages_answer *answer,
                    unsigned status, const char *const error[2])
{
    const struct html h = pages_screen_open(args->request, answer);
    say(args, answer, status, html_say(&h, error[0], error[1]));
}

bool pages_sign_is_bare(const struct pages_sign_args *args, struct pages_answer *answer)
{
    bool is_bare = accounts_way(&args->request->browser) == ACCOUNTS_NO_WAY;
    if (is_bare)
        say(args, answer, 403, say_tls);
    return is_bare;
}

static void go_to(struct pages_answer *answer, const char *location)
{
    answer->status = 303;
    answer->type = TYPE_HTML;
    answer->location = location;
}

/* ---- who is it ---------------------------------------------------------------------------- */

static const char *const role_words[ROLE_N] = {[ROLE_AGENT] = "agent",
                                               [ROLE_SUPERVISOR] = "superviseur",
                                               [ROLE_ADMINISTRATOR] = "administrateur",
                                               [ROLE_AUDITOR] = "auditeur"};

static const char *put_roles(char *to, size_t max, unsigned roles)
{
    struct text_out out = {.p = to, .max = max - 1};
    for (unsigned i = 0; i < ROLE_N; i++) {
        if (!(roles >> i & 1))
            continue;
        text_put(&out, out.n ? TEXT(", ") : TEXT(""));
        text_put(&out, text_of(role_words[i]));
    }
    to[out.n] = '\0';
    return to;
}

void pages_sign_page(const struct pages_sign_args *args, struct pages_answer *answer)
{
    char roles[64];
    struct text asked;
    struct view_sign sign = {.is_change =
                                 view_query_find(&asked, args->request->query, TEXT("changer"))};
    if (args->session)
        sign.roles = put_roles(roles, sizeof(roles), args->session->account.roles);
    show(args, answer, &sign);
}

void pages_sign_who(const struct pages_sign_args *args, struct pages_answer *answer)
{
    const struct accounts_session *s = args->session;
    struct json j = {.out = &answer->body};
    json_object(&j, NULL);
    json_string(&j, "login", s->account.login);
    json_string(&j, "name", s->account.name);
    json_string(&j, "agent", s->account.agent[0] ? s->account.agent : NULL);
    json_array(&j, "roles");
    for (unsigned i = 0; i < ROLE_N; i++)
        if (s->account.roles >> i & 1)
            json_string(&j, NULL, rights_role_name((enum directory_role)i));
    json_array_end(&j);
    json_bool(&j, "whole", s->account.is_whole);
    json_array(&j, "sites");
    for (unsigned i = 0; i < s->rights.sites_n; i++)
        json_text(&j, NULL, s->rights.sites[i]);
    json_array_end(&j);
    json_array(&j, "services");
    for (unsigned i = 0; i < s->rights.services_n; i++)
        json_text(&j, NULL, s->rights.services[i]);
    json_array_end(&j);
    json_signed(&j, "ends_at", s->session.ends_at);
    json_string(&j, "csrf", s->csrf);
    json_object_end(&j);
    text_put(&answer->body, TEXT("\n"));
}

/* ---- in ----------------------------------------------------------------------------------- */

struct form {
    char login[ACCOUNT_LOGIN_BYTES];
    char password[PASSWORD_BYTES_MAX], fresh[PASSWORD_BYTES_MAX], again[PASSWORD_BYTES_MAX];
    size_t login_n, password_n, fresh_n, again_n;
    bool is_change; /* another password is wanted from now on */
};

static bool read_secret(char to[PASSWORD_BYTES_MAX], size_t *n, struct text body, const char *name)
{
    struct text_out out = {.p = to, .max = PASSWORD_BYTES_MAX};
    bool is_whole = form_field(&out, body, name);
    *n = out.n;
    return is_whole && out.n;
}

static bool read_form(struct form *f, struct text body)
{
    struct text_out login = {.p = f->login, .max = sizeof(f->login) - 1};
    bool is_whole = form_field(&login, body, "identifiant") && login.n;
    is_whole &= read_secret(f->password, &f->password_n, body, "mot_de_passe");
    bool is_fresh = read_secret(f->fresh, &f->fresh_n, body, VIEW_SIGN_FRESH);
    bool is_again = read_secret(f->again, &f->again_n, body, VIEW_SIGN_AGAIN);
    f->login_n = login.n;
    f->login[login.n] = '\0';
    f->is_change = is_fresh || is_again;
    return is_whole && is_fresh == is_again;
}

/* Who wanted another password finds those fields open again. */
static void refuse_form(const struct pages_sign_args *args, struct pages_answer *answer,
                        const struct form *f, const char *error)
{
    answer->status = 422;
    show(args, answer,
         &(struct view_sign){
             .error = error, .is_change = f->is_change, .login = f->is_change ? f->login : NULL});
}

/* What speaks against the new one; NULL: nothing. */
static const char *fault_of(const struct form *f)
{
    struct text fresh = {f->fresh, f->fresh_n};
    if (!text_equal(fresh, (struct text){f->again, f->again_n}))
        return SAY_TWICE;
    if (text_equal(fresh, (struct text){f->password, f->password_n}))
        return SAY_EQUAL;
    return rights_password_fault(fresh, (struct text){f->login, f->login_n});
}

struct text pages_sign_address(const struct pages_browser *b, struct address *address)
{
    *address = b->peer;
    if (b->is_forwarded && address_is_loopback(&b->peer) && !form_client(address, b->clients))
        *address = b->peer;
    return (struct text){(const char *)address->ip, address->family == 6 ? 8 : 4};
}

static struct lockout_try try_of(const struct pages_request *request, uint64_t account_id,
                                 struct address *address)
{
    return (struct lockout_try){account_id, pages_sign_address(&request->browser, address)};
}

/* Hands the password to its thread; whoever may not sign in is compared with nobody. */
static void begin(const struct pages_sign_args *args, struct pages_answer *answer,
                  const struct form *f)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    struct account account = {.id = 0};
    struct address address;
    char hash[ACCOUNT_HASH_BYTES] = "";
    struct text login = {f->login, f->login_n};
    if (a->args.port->find(a->args.port->arg, login, &account, hash))
        account.id = 0;
    const struct lockout_try try = try_of(r, account.id, &address);
    if (lockout_address_ms(&a->lockout, &try, r->now_ms)) {
        say(args, answer, 429, SAY_WAIT);
        return;
    }
    bool may = account.id && !account.is_disabled && lockout_may(&a->lockout, &try, r->now_ms);
    struct accounts_pending *p = accounts_take(a, r, ACCOUNTS_SIGN_IN);
    if (p) {
        p->account = account;
        p->may = may;
        p->stage = ACCOUNTS_HASHING;
        p->job_id = a->args.passwords->verify(
            a->args.passwords->arg, (struct text){f->password, f->password_n}, may ? hash : "");
    }
    if (!p || !p->job_id) {
        if (p)
            accounts_drop(a, p);
        say(args, answer, 503, SAY_BUSY);
        return;
    }
    answer->is_later = true;
    answer->order_id = p->order_id;
}

static void refuse(const struct pages_sign_args *args, struct pages_answer *answer,
                   struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    struct address address;
    const struct lockout_try try = try_of(r, p->may ? p->account.id : 0, &address);
    if (lockout_failed(&a->lockout, &try, r->now_ms))
        accounts_note(a, &(struct account_audit){
                             .at = r->now_at, .deed = ACCOUNT_DELAYED, .about = p->account.id});
    accounts_drop(a, p);
    say(args, answer, 401, say_wrong);
}

/* Whoever was signed in at this browser is so no longer. */
static void end_former(const struct pages_sign_args *args, struct accounts_pending *p)
{
    if (!args->session)
        return;
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_SESSION);
    row->session = args->session->session;
    row->session.step = SESSION_OVER;
}

/* Nothing of the account has changed since its hash was read, or is about to. */
static bool is_same(const struct accounts *a, const struct account *account, ms_t now_ms)
{
    struct account now;
    int err = a->args.port->find(a->args.port->arg, text_of(account->login), &now, NULL);
    bool is_quiet = !accounts_changes(a, account->login, now_ms);
    return !err && is_quiet && now.changed_at == account->changed_at && !now.is_disabled;
}

static void admit(const struct pages_sign_args *args, struct pages_answer *answer,
                  struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    struct address address;
    const struct account_audit audit = {.at = r->now_at,
                                        .who = p->account.id,
                                        .deed = p->is_renewed ? ACCOUNT_PASSWORD_SET
                                                              : ACCOUNT_SIGNED_IN,
                                        .about = p->account.id};
    const struct lockout_try try = try_of(r, p->account.id, &address);
    lockout_passed(&a->lockout, &try, r->now_ms);
    end_former(args, p);
    if (!is_same(a, &p->account, r->now_ms) || !accounts_begin(a, p, r->now_at) ||
        !accounts_post(a, p, &audit)) {
        accounts_drop(a, p);
        say(args, answer, 503, SAY_DISK);
        return;
    }
    answer->is_later = true;
    answer->order_id = p->order_id;
}

/* The password was right; another one is wanted, or must be. False: neither. */
static bool renew(const struct pages_sign_args *args, struct pages_answer *answer,
                  struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    const struct account account = p->account;
    struct form form;
    bool is_wanted = read_form(&form, args->request->body) && form.is_change;
    if (is_wanted) {
        p->is_renewed = true;
        p->given_ms = args->request->now_ms;
        p->job_id = a->args.passwords->make(a->args.passwords->arg,
                                            (struct text){form.fresh, form.fresh_n});
    }
    explicit_bzero(&form, sizeof(form));
    if (is_wanted && p->job_id) {
        answer->is_later = true;
        answer->order_id = p->order_id;
    } else if (is_wanted) {
        accounts_drop(a, p);
        say(args, answer, 503, SAY_BUSY);
    } else if (account.is_temporary) {
        accounts_drop(a, p);
        answer->status = 403;
        show(
            args, answer,
            &(struct view_sign){.error = SAY_TEMPORARY, .is_change = true, .login = account.login});
    }
    return is_wanted || account.is_temporary;
}

/* All sessions of the former one end, before the new one begins. */
static void put_renewed(struct accounts_pending *p, const struct password_told *told, ms_t now_at)
{
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_ACCOUNT);
    row->account = p->account;
    row->account.is_temporary = false;
    row->account.changed_at = now_at;
    row = accounts_row(p, JOURNAL_ROW_PASSWORD);
    row->password.account_id = p->account.id;
    memcpy(row->password.hash, told->hash, sizeof(row->password.hash));
    row = accounts_row(p, JOURNAL_ROW_SESSION);
    row->session.account_id = p->account.id;
    row->session.step = SESSION_ALL_OVER;
}

static void look_at_password(const struct pages_sign_args *args, struct pages_answer *answer,
                             struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    struct password_told told = {.is_good = false};
    enum password_state state = a->args.passwords->look(a->args.passwords->arg, p->job_id, &told);
    bool waits = args->request->now_ms - p->given_ms < ACCOUNTS_WAIT_MS;
    if (state == PASSWORD_GIVEN && waits) {
        answer->is_later = true;
        answer->order_id = p->order_id;
    } else if (state != PASSWORD_DONE) {
        accounts_drop(a, p);
        say(args, answer, 503, SAY_BUSY);
    } else if (told.is_good && p->is_renewed) {
        put_renewed(p, &told, args->request->now_at);
        admit(args, answer, p);
    } else if (p->is_renewed) {
        accounts_drop(a, p);
        say(args, answer, 503, SAY_BUSY);
    } else if (told.is_good && p->may) {
        if (!renew(args, answer, p))
            admit(args, answer, p);
    } else {
        refuse(args, answer, p);
    }
    explicit_bzero(&told, sizeof(told));
}

/* The screen of who signs in; who has none yet sees that they are signed in. */
const char *pages_sign_home(unsigned roles)
{
    if (roles & RIGHTS_AGENT)
        return "/agent";
    if (roles & (RIGHTS_SUPERVISOR | RIGHTS_AUDITOR))
        return "/supervision";
    return roles & RIGHTS_ADMINISTRATOR ? "/administration" : HERE;
}

static void look_at_disk(const struct pages_sign_args *args, struct pages_answer *answer,
                         struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    enum accounts_told told = accounts_look(a, p, args->request->now_ms);
    if (told == ACCOUNTS_LATER) {
        answer->is_later = true;
        answer->order_id = p->order_id;
        return;
    }
    if (told == ACCOUNTS_STORED) {
        enum accounts_way way = accounts_way(&args->request->browser);
        bool is_in = p->kind == ACCOUNTS_SIGN_IN;
        accounts_cookie(answer->cookie, way, is_in ? p->secret : NULL);
        if (!is_in && pages_oidc_leave(args, answer, p)) {
            answer->cookie[0] = '\0'; /* with the answer that comes later */
            return;
        }
        pages_oidc_forget(args, answer);
        go_to(answer, is_in ? pages_sign_home(p->account.roles) : HERE);
    } else {
        say(args, answer, 503, SAY_DISK);
    }
    accounts_drop(a, p);
}

/* Signed out here already; the provider says where its own session ends, or it does not. */
static void look_at_provider(const struct pages_sign_args *args, struct pages_answer *answer,
                             struct accounts_pending *p)
{
    bool is_told = pages_oidc_left(args, answer, p);
    if (is_told && answer->is_later)
        return;
    accounts_cookie(answer->cookie, accounts_way(&args->request->browser), NULL);
    pages_oidc_forget(args, answer);
    if (!is_told)
        go_to(answer, HERE);
    accounts_drop(args->accounts, p);
}

static void go_on(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts_pending *p = accounts_find(args->accounts, args->request->order_id);
    if (!p)
        say(args, answer, 503, SAY_BUSY);
    else if (p->stage == ACCOUNTS_HASHING)
        look_at_password(args, answer, p);
    else if (p->stage == ACCOUNTS_ASKING)
        look_at_provider(args, answer, p);
    else
        look_at_disk(args, answer, p);
}

void pages_sign_in(const struct pages_sign_args *args, struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    const struct form_source source = {r->browser.site, r->browser.origin, r->browser.host};
    struct form form;
    if (r->order_id) {
        go_on(args, answer);
        return;
    }
    bool is_whole = read_form(&form, r->body);
    const char *fault = form.is_change ? fault_of(&form) : NULL;
    if (accounts_way(&r->browser) == ACCOUNTS_NO_WAY)
        say(args, answer, 403, say_tls);
    else if (!form_is_ours(&source))
        say(args, answer, 403, SAY_ORIGIN);
    else if (!is_whole || fault)
        refuse_form(args, answer, &form, is_whole ? fault : SAY_LACKS);
    else
        begin(args, answer, &form);
    explicit_bzero(&form, sizeof(form));
}

/* ---- out ---------------------------------------------------------------------------------- */

void pages_sign_out(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    const struct account_audit audit = {.at = r->now_at,
                                        .who = args->session->account.id,
                                        .deed = ACCOUNT_SIGNED_OUT,
                                        .about = args->session->account.id};
    if (r->order_id) {
        go_on(args, answer);
        return;
    }
    struct accounts_pending *p = accounts_take(a, r, ACCOUNTS_SIGN_OUT);
    if (!p) {
        say(args, answer, 503, SAY_BUSY);
        return;
    }
    p->of = *args->session;
    end_former(args, p);
    if (!accounts_post(a, p, &audit)) {
        accounts_drop(a, p);
        say(args, answer, 503, SAY_DISK);
        return;
    }
    answer->is_later = true;
    answer->order_id = p->order_id;
}
