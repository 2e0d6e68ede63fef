/* pages_oidc.c — see pages_oidc.h. Invariants: nothing comes back that this very browser did not
 * begin; no account is made; an account that is disabled gets the answer of one that is not there.
 */
#include <string.h>

#include "access/form.h"
#include "app/pages_oidc.h"
#include "app/pages_oidc_flow.h"
#include "app/pages_screens.h"

#define TYPE_HTML "text/html; charset=utf-8"

static const struct oidc_port *port_of(const struct pages_sign_args *args)
{
    return args->accounts->args.oidc;
}

static void later(struct pages_answer *answer, const struct accounts_pending *p)
{
    answer->is_later = true;
    answer->order_id = p->order_id;
}

static bool may_wait(const struct pages_sign_args *args, const struct accounts_pending *p,
                     ms_t wait_ms)
{
    return args->request->now_ms - p->given_ms < wait_ms;
}

bool pages_oidc_button(const struct accounts *accounts, struct view_sign_provider *to)
{
    const struct oidc_port *port = accounts->args.oidc;
    if (port)
        *to = (struct view_sign_provider){port->label, port->is_up(port->arg)};
    return port != NULL;
}

/* ---- refusals ----------------------------------------------------------------------------- */

struct words {
    unsigned status;
    const char *say[2];
};

static const struct words down = {
    503,
    {"Le fournisseur d’identité ne répond pas. Recommencez plus tard, ou utilisez votre mot de "
     "passe.",
     "The identity provider does not answer. Try again later, or use your password."}};
static const struct words busy = {503,
                                  {"Trop de connexions à la fois. Recommencez dans un moment.",
                                   "Too many people are signing in. Try again in a moment."}};
static const struct words not_ours = {
    403,
    {"Cette identification n’a pas été commencée dans ce navigateur, ou l’a été il y a plus de dix "
     "minutes. Recommencez.",
     "This sign-in was not begun in this browser, or more than ten minutes ago. Begin again."}};
static const struct words denied = {
    403,
    {"Le fournisseur d’identité n’a pas confirmé qui vous êtes. Recommencez, ou utilisez votre mot "
     "de passe.",
     "The identity provider did not confirm who you are. Try again, or use your password."}};
static const struct words weak = {
    403,
    {"Le fournisseur d’identité n’a pas vérifié votre identité assez sûrement. Recommencez avec un "
     "second facteur.",
     "The identity provider did not verify your identity well enough. Try again with a second "
     "factor."}};
static const struct words nobody = {403,
                                    {"Aucun compte de cet accueil n’est ouvert à cette identité.",
                                     "No account of this reception is open to this identity."}};
static const struct words unproved = {
    502,
    {"La réponse du fournisseur d’identité n’a pas pu être vérifiée. Recommencez\u00a0; si cela "
     "dure, prévenez votre administrateur.",
     "The answer of the identity provider could not be verified. Try again; if this lasts, tell "
     "your administrator."}};

static const struct words *words_of(enum oidc_why why)
{
    switch (why) {
    case OIDC_DOWN:
        return &down;
    case OIDC_NO_COOKIE:
    case OIDC_BAD_STATE:
    case OIDC_LATE:
        return &not_ours;
    case OIDC_DENIED:
        return &denied;
    case OIDC_WEAK:
        return &weak;
    case OIDC_NOBODY:
        return &nobody;
    default:
        return &unproved;
    }
}

/* In the log of the service always, in that of accounts so many a minute. */
static void note(const struct pages_sign_args *args, enum oidc_why why)
{
    struct accounts_oidc *o = &args->accounts->oidc;
    const struct pages_request *r = args->request;
    struct account_audit audit = {.at = r->now_at, .deed = ACCOUNT_OIDC_REFUSED};
    struct text_out out = {.p = audit.detail, .max = sizeof(audit.detail) - 1};
    port_of(args)->refused(port_of(args)->arg, why);
    if (!o->noted_n || r->now_ms - o->noted_ms >= PAGES_OIDC_NOTES_MS) {
        o->noted_ms = r->now_ms;
        o->noted_n = 0;
    }
    if (o->noted_n >= PAGES_OIDC_NOTES)
        return;
    o->noted_n++;
    text_put(&out, text_of(oidc_why_name(why)));
    accounts_note(args->accounts, &audit);
}

static void say(const struct pages_sign_args *args, struct pages_answer *answer,
                const struct words *words)
{
    flow_cookie_end(answer->cookie, accounts_way(&args->request->browser));
    pages_sign_say(args, answer, words->status, words->say);
}

static void refuse(const struct pages_sign_args *args, struct pages_answer *answer,
                   enum oidc_why why)
{
    struct view_sign_provider provider;
    const struct words *words = words_of(why);
    note(args, why);
    if (why != OIDC_NOBODY) {
        say(args, answer, words);
        return;
    }
    flow_cookie_end(answer->cookie, accounts_way(&args->request->browser));
    answer->status = words->status;
    struct html h = pages_screen_open(args->request, answer);
    struct view_sign sign = {.error = html_say(&h, words->say[0], words->say[1]),
                             .subject = args->accounts->oidc.told.subject};
    if (pages_oidc_button(args->accounts, &provider))
        sign.provider = &provider;
    view_sign_page(&h, args->house, &sign);
}

/* What the provider was asked comes later; who found no room is told to come again. */
static void wait_for(const struct pages_sign_args *args, struct pages_answer *answer,
                     struct accounts_pending *p)
{
    if (p && p->oidc_job_id) {
        later(answer, p);
        return;
    }
    if (p)
        accounts_drop(args->accounts, p);
    say(args, answer, &busy);
}

/* ---- to the provider ---------------------------------------------------------------------- */

static void look_at_go(const struct pages_sign_args *args, struct pages_answer *answer,
                       struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    struct oidc_told *told = &a->oidc.told;
    enum oidc_state state = port_of(args)->look(port_of(args)->arg, p->oidc_job_id, told);
    if (state == OIDC_GIVEN && may_wait(args, p, PAGES_OIDC_WAIT_MS)) {
        later(answer, p);
        return;
    }
    if (state == OIDC_DONE && told->why == OIDC_FINE) {
        flow_cookie(answer->cookie, accounts_way(&args->request->browser), p->secret, p->begun_at);
        answer->status = 303;
        answer->type = TYPE_HTML;
        answer->location = told->url;
    } else {
        say(args, answer, &down);
    }
    accounts_drop(a, p);
}

void pages_oidc_go(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    struct oidc_flow flow;
    struct accounts_pending *p = accounts_find(a, r->order_id);
    if (args->session) {
        answer->status = 303;
        answer->type = TYPE_HTML;
        answer->location = pages_sign_home(args->session->account.roles);
        return;
    }
    if (p) {
        look_at_go(args, answer, p);
        return;
    }
    if (pages_sign_is_bare(args, answer))
        return;
    p = accounts_take(a, r, ACCOUNTS_GO);
    if (p && a->args.port->random(a->args.port->arg, p->secret, sizeof(p->secret))) {
        p->stage = ACCOUNTS_ASKING;
        p->begun_at = r->now_at;
        flow_make(&flow, a, p->secret, p->begun_at);
        p->oidc_job_id = port_of(args)->go(port_of(args)->arg, &flow);
        explicit_bzero(&flow, sizeof(flow));
    }
    wait_for(args, answer, p);
}

/* ---- and from it -------------------------------------------------------------------------- */

/* Whose subject it is; or whose mail, when that may link the two: then *is_new. */
static bool find(const struct pages_sign_args *args, struct account *account,
                 struct account_provider *link, bool *is_new)
{
    const struct accounts_port *port = args->accounts->args.port;
    const struct oidc_told *told = &args->accounts->oidc.told;
    flow_subject(link->subject, args->accounts, told->subject);
    *is_new = false;
    int err = port->by_subject(port->arg, link->subject, account);
    if (err && port_of(args)->links_by_mail && told->mail[0]) {
        err = port->by_mail(port->arg, told->mail, account);
        *is_new = !err;
    }
    link->account_id = account->id;
    link->is_linked = true;
    return !err && !account->is_disabled;
}

static void admit(const struct pages_sign_args *args, struct pages_answer *answer,
                  struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    const struct pages_request *r = args->request;
    struct account_provider link = {.account_id = 0};
    struct account_audit audit = {.at = r->now_at, .deed = ACCOUNT_SIGNED_IN, .detail = "oidc"};
    bool is_new;
    if (!find(args, &p->account, &link, &is_new)) {
        accounts_drop(a, p);
        refuse(args, answer, OIDC_NOBODY);
        return;
    }
    if (is_new) {
        accounts_row(p, JOURNAL_ROW_PROVIDER)->provider = link;
        memcpy(audit.detail, "oidc, linked by mail", sizeof("oidc, linked by mail"));
    }
    audit.who = audit.about = p->account.id;
    if (accounts_changes(a, p->account.login, r->now_ms) || !accounts_begin(a, p, r->now_at) ||
        !accounts_post(a, p, &audit)) {
        accounts_drop(a, p);
        say(args, answer, &busy);
        return;
    }
    later(answer, p);
}

static void look_at_token(const struct pages_sign_args *args, struct pages_answer *answer,
                          struct accounts_pending *p)
{
    struct oidc_told *told = &args->accounts->oidc.told;
    enum oidc_state state = port_of(args)->look(port_of(args)->arg, p->oidc_job_id, told);
    if (state == OIDC_GIVEN && may_wait(args, p, PAGES_OIDC_WAIT_MS)) {
        later(answer, p);
        return;
    }
    enum oidc_why why = state == OIDC_DONE ? told->why : OIDC_DOWN;
    if (why == OIDC_FINE) {
        p->given_ms = args->request->now_ms; /* the disk has its own time */
        admit(args, answer, p);
        return;
    }
    accounts_drop(args->accounts, p);
    refuse(args, answer, why);
}

/* The session is on the disk: its cookie, and the token for the sign-out. */
static void arrive(const struct pages_sign_args *args, struct pages_answer *answer,
                   struct accounts_pending *p)
{
    struct accounts_oidc *o = &args->accounts->oidc;
    enum accounts_way way = accounts_way(&args->request->browser);
    enum oidc_state state = port_of(args)->look(port_of(args)->arg, p->oidc_job_id, &o->told);
    bool has_token = state == OIDC_DONE && o->told.id_token[0];
    accounts_cookie(answer->cookie, way, p->secret);
    flow_cookie_end(o->cookies[0], way);
    flow_cookie_token(o->cookies[1], way, has_token ? o->told.id_token : "");
    answer->cookies[0] = o->cookies[0];
    answer->cookies[1] = o->cookies[1];
    struct html h = pages_screen_open(args->request, answer);
    view_sign_arrived(&h, args->house, pages_sign_home(p->account.roles));
}

static void look_at_disk(const struct pages_sign_args *args, struct pages_answer *answer,
                         struct accounts_pending *p)
{
    enum accounts_told told = accounts_look(args->accounts, p, args->request->now_ms);
    if (told == ACCOUNTS_LATER) {
        later(answer, p);
        return;
    }
    if (told == ACCOUNTS_STORED)
        arrive(args, answer, p);
    else
        say(args, answer, &busy);
    accounts_drop(args->accounts, p);
}

/* Did this browser begin it, and what does the provider say? */
static enum oidc_why read_back(const struct pages_sign_args *args, struct oidc_flow *flow,
                               struct text_out *code)
{
    const struct pages_request *r = args->request;
    char issuer[256], error[64];
    struct text_out said = {.p = issuer, .max = sizeof(issuer)};
    struct text_out fault = {.p = error, .max = sizeof(error)};
    enum oidc_why why = flow_read(flow, args->accounts, r);
    if (why)
        return why;
    if (form_field(&said, r->query, "iss") &&
        !text_equal((struct text){issuer, said.n}, text_of(port_of(args)->issuer)))
        return OIDC_BAD_ISSUER; /* of another provider (RFC 9207) */
    if (form_field(&fault, r->query, "error"))
        return OIDC_DENIED;
    return form_field(code, r->query, "code") && code->n ? OIDC_FINE : OIDC_BAD_ANSWER;
}

static void begin_back(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts *a = args->accounts;
    struct oidc_flow flow;
    char bytes[OIDC_CODE_BYTES - 1];
    struct text_out code = {.p = bytes, .max = sizeof(bytes)};
    enum oidc_why why = read_back(args, &flow, &code);
    if (why) {
        refuse(args, answer, why);
        return;
    }
    struct accounts_pending *p = accounts_take(a, args->request, ACCOUNTS_BACK);
    if (p) {
        p->stage = ACCOUNTS_ASKING;
        p->oidc_job_id =
            port_of(args)->redeem(port_of(args)->arg, &flow, (struct text){bytes, code.n});
    }
    explicit_bzero(&flow, sizeof(flow));
    wait_for(args, answer, p);
}

void pages_oidc_back(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts_pending *p = accounts_find(args->accounts, args->request->order_id);
    if (args->session) { /* of another tab: the code is left alone */
        struct html h = pages_screen_open(args->request, answer);
        view_sign_arrived(&h, args->house, pages_sign_home(args->session->account.roles));
    } else if (p && p->stage == ACCOUNTS_ASKING) {
        look_at_token(args, answer, p);
    } else if (p) {
        look_at_disk(args, answer, p);
    } else if (!pages_sign_is_bare(args, answer)) {
        begin_back(args, answer);
    }
}

/* ---- out ---------------------------------------------------------------------------------- */

void pages_oidc_forget(const struct pages_sign_args *args, struct pages_answer *answer)
{
    struct accounts_oidc *o = &args->accounts->oidc;
    if (!port_of(args))
        return;
    flow_cookie_token(o->cookies[0], accounts_way(&args->request->browser), "");
    answer->cookies[0] = o->cookies[0];
}

bool pages_oidc_leave(const struct pages_sign_args *args, struct pages_answer *answer,
                      struct accounts_pending *p)
{
    struct accounts *a = args->accounts;
    struct oidc_flow flow;
    char secret[SESSION_SECRET_BYTES];
    struct text token;
    if (!port_of(args) || !flow_token(&token, &args->request->browser) ||
        !a->args.port->random(a->args.port->arg, secret, sizeof(secret)))
        return false;
    flow_make(&flow, a, secret, args->request->now_at);
    p->oidc_job_id = port_of(args)->leave(port_of(args)->arg, token, flow.state);
    explicit_bzero(&flow, sizeof(flow));
    if (!p->oidc_job_id)
        return false;
    p->stage = ACCOUNTS_ASKING;
    p->given_ms = args->request->now_ms;
    later(answer, p);
    return true;
}

bool pages_oidc_left(const struct pages_sign_args *args, struct pages_answer *answer,
                     struct accounts_pending *p)
{
    struct oidc_told *told = &args->accounts->oidc.told;
    enum oidc_state state = port_of(args)->look(port_of(args)->arg, p->oidc_job_id, told);
    if (state == OIDC_GIVEN && may_wait(args, p, ACCOUNTS_WAIT_MS)) {
        later(answer, p);
        return true;
    }
    if (state != OIDC_DONE || told->why)
        return false;
    struct view_house house = *args->house; /* nobody is signed in any more */
    house.who = NULL;
    house.rights = NULL;
    struct html h = pages_screen_open(args->request, answer);
    view_sign_left(&h, &house, told->url);
    return true;
}
