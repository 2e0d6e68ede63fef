/* turn.h — one request on its way, and the pages of the table that have a file of their own.
 * Included by app/pages.c and app/turn_*.c only. */
#ifndef APP_TURN_H
#define APP_TURN_H

#include "app/pages.h"

/* One request on its way. */
struct turn {
    struct pages *pages;
    const struct pages_request *request;
    struct pages_answer *answer;
    struct view_house house;
    struct text id; /* what stands for {…} in the path; borrowed from the request */
    const struct accounts_session *session; /* by which they may; NULL: by their connection */
    struct view_somebody who;               /* of that session, for its pages */
};

void turn_refuse(struct turn *t, unsigned status, const char *error, const char *cure);

/* Rows of schema/api.toml: callbacks, who is never called, accounts. */
void give_callbacks(struct turn *t);
void give_callback(struct turn *t);
void give_callback_change(struct turn *t);
void give_callback_cancel(struct turn *t);
void give_never_count(struct turn *t);
void give_never(struct turn *t);
void give_never_add(struct turn *t);
void give_never_remove(struct turn *t);
void give_connexion(struct turn *t);
void give_oidc_go(struct turn *t);
void give_oidc_back(struct turn *t);
void give_deconnexion(struct turn *t);
void give_session(struct turn *t);
void give_accounts(struct turn *t);
void give_account(struct turn *t);
void give_account_sessions(struct turn *t);
void give_audit(struct turn *t);

#endif
