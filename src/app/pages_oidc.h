/* pages_oidc.h — signing in and out at an identity provider (ADR 44): GET /connexion/oidc, GET
 * /connexion/oidc/retour, and what POST /deconnexion does beside. Included by app/turn_people.c and
 * app/pages_sign.c only. */
#ifndef APP_PAGES_OIDC_H
#define APP_PAGES_OIDC_H

#include "app/pages_sign.h"
#include "view/sign.h"

/* A sign-in that began longer ago is begun anew. */
#define PAGES_OIDC_MS ((ms_t)600000)
/* The provider and its thread take so long at most; a pending is forgotten later. */
#define PAGES_OIDC_WAIT_MS ((ms_t)12000)
/* Refusals that are noted in the audit log, in a minute: strangers may not fill the disk. */
#define PAGES_OIDC_NOTES 30
#define PAGES_OIDC_NOTES_MS ((ms_t)60000)

/* The answer, or is_later. There is a provider. */
void pages_oidc_go(const struct pages_sign_args *args, struct pages_answer *answer);
void pages_oidc_back(const struct pages_sign_args *args, struct pages_answer *answer);

/* What the page of sign-in says of the provider. False: there is none. */
bool pages_oidc_button(const struct accounts *accounts, struct view_sign_provider *to);

/* Signed out here, as stored. True: the provider is asked where its own session ends; the answer is
 * later. False: it has none of this browser. */
bool pages_oidc_leave(const struct pages_sign_args *args, struct pages_answer *answer,
                      struct accounts_pending *p);
/* The second look: a page that goes there, or later. False: the provider does not say. */
bool pages_oidc_left(const struct pages_sign_args *args, struct pages_answer *answer,
                     struct accounts_pending *p);
/* The cookie that remembers the provider's token ends. */
void pages_oidc_forget(const struct pages_sign_args *args, struct pages_answer *answer);

#endif
