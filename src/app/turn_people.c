/* turn_people.c — pages about people: callbacks, who is never called, accounts. Called by pages.c.
 */
#include "app/pages_accounts.h"
#include "app/pages_callbacks.h"
#include "app/pages_never.h"
#include "app/pages_oidc.h"
#include "app/pages_sign.h"
#include "app/turn.h"

/* ---- callbacks ---- */

static void give_callback_page(struct turn *t, enum pages_callbacks_what what)
{
    const struct pages_callbacks_args args = {.house = &t->house,
                                              .orders = t->pages->orders,
                                              .numbers = t->pages->numbers,
                                              .request = t->request,
                                              .reference = t->id,
                                              .what = what};
    pages_callbacks(&args, t->answer);
}

void give_callbacks(struct turn *t)
{
    give_callback_page(t, CALLBACKS_LIST);
}

void give_callback(struct turn *t)
{
    give_callback_page(t, CALLBACKS_SHOW);
}

void give_callback_change(struct turn *t)
{
    give_callback_page(t, CALLBACKS_CHANGE);
}

void give_callback_cancel(struct turn *t)
{
    give_callback_page(t, CALLBACKS_CANCEL);
}

static void give_never_page(struct turn *t, enum pages_never_what what)
{
    const struct pages_never_args args = {.house = &t->house,
                                          .orders = t->pages->orders,
                                          .numbers = t->pages->numbers,
                                          .request = t->request,
                                          .number = t->id,
                                          .what = what};
    pages_never(&args, t->answer);
}

void give_never_count(struct turn *t)
{
    give_never_page(t, NEVER_COUNT);
}

void give_never(struct turn *t)
{
    give_never_page(t, NEVER_CHECK);
}

void give_never_add(struct turn *t)
{
    give_never_page(t, NEVER_ADD);
}

void give_never_remove(struct turn *t)
{
    give_never_page(t, NEVER_REMOVE);
}

/* ---- accounts ---- */

static void give_sign(struct turn *t,
                      void (*page)(const struct pages_sign_args *args, struct pages_answer *answer))
{
    const struct pages_sign_args args = {t->pages->accounts, t->session, t->request, &t->house};
    if (t->pages->accounts)
        page(&args, t->answer);
    else
        turn_refuse(t, 503, "nobody can sign in here", "ask the service that takes calls");
}

void give_connexion(struct turn *t)
{
    give_sign(t, t->request->method == PAGES_POST ? pages_sign_in : pages_sign_page);
}

static void give_oidc(struct turn *t,
                      void (*page)(const struct pages_sign_args *args, struct pages_answer *answer))
{
    if (t->pages->accounts && !t->pages->accounts->args.oidc)
        turn_refuse(t, 404, "there is no identity provider", "sign in at /connexion");
    else
        give_sign(t, page);
}

void give_oidc_go(struct turn *t)
{
    give_oidc(t, pages_oidc_go);
}

void give_oidc_back(struct turn *t)
{
    give_oidc(t, pages_oidc_back);
}

void give_deconnexion(struct turn *t)
{
    give_sign(t, pages_sign_out);
}

void give_session(struct turn *t)
{
    give_sign(t, pages_sign_who);
}

static void give_account_page(struct turn *t, enum pages_accounts_what what)
{
    const struct pages_accounts_args args = {t->pages->accounts, &t->house, t->request,
                                             t->session,         t->id,     what};
    if (t->pages->accounts)
        pages_accounts(&args, t->answer);
    else
        turn_refuse(t, 503, "no accounts are kept here", "ask the service that takes calls");
}

void give_accounts(struct turn *t)
{
    give_account_page(t, PAGES_ACCOUNTS_ALL);
}

void give_account(struct turn *t)
{
    give_account_page(t, PAGES_ACCOUNTS_ONE);
}

void give_account_sessions(struct turn *t)
{
    give_account_page(t, PAGES_ACCOUNTS_SESSIONS);
}

void give_audit(struct turn *t)
{
    give_account_page(t, PAGES_ACCOUNTS_AUDIT);
}
