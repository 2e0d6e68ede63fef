/* pages_accounts.h — accounts over HTTP: the list, one, its sessions, the log of changes; to add
 * and to change one. For who owns the service, over its socket (ADR 35); the pages of the
 * administration ask the same of it (pages_admin_accounts.c). Included by app/pages.c only.
 */
#ifndef APP_PAGES_ACCOUNTS_H
#define APP_PAGES_ACCOUNTS_H

#include "app/accounts.h"
#include "app/awaited.h"
#include "view/house.h"

/* Lines of the log in one answer. */
#define PAGES_AUDIT_DEFAULT 100
#define PAGES_AUDIT_MAX 1000

/* Which page; the method says the rest. */
enum pages_accounts_what {
    PAGES_ACCOUNTS_ALL,
    PAGES_ACCOUNTS_ONE,
    PAGES_ACCOUNTS_SESSIONS,
    PAGES_ACCOUNTS_AUDIT
};

struct pages_accounts_args {
    struct accounts *accounts;
    const struct view_house *house;
    const struct pages_request *request;
    const struct accounts_session *session; /* who asks; NULL: the owner, or a program */
    struct text login;                      /* of the path */
    enum pages_accounts_what what;
};

/* What the request asks for, in JSON: POST adds, PATCH changes, DELETE ends sessions. 200: it is
 * stored, and *account is how it is now; 0: the answer waits, with its order_id; else why not. */
struct page_words pages_accounts_ask(const struct pages_accounts_args *args,
                                     struct pages_answer *answer, struct account *account);

/* The answer, or is_later. */
void pages_accounts(const struct pages_accounts_args *args, struct pages_answer *answer);

/* pages_accounts_link.c: what a body says of subject and mail; to: of the account, account_id set.
 * *has: it says something. Status 0: it can be stored. */
struct page_words pages_accounts_link(const struct accounts *a, struct account_provider *to,
                                      bool *has, struct text body);

/* pages_accounts_show.c */
void pages_accounts_one(const struct pages_accounts_args *args, struct pages_answer *answer,
                        const struct account *account);
void pages_accounts_list(const struct pages_accounts_args *args, struct pages_answer *answer);
void pages_accounts_sessions(const struct pages_accounts_args *args, struct pages_answer *answer,
                             const struct account *account);
void pages_accounts_audit(const struct pages_accounts_args *args, struct pages_answer *answer);

#endif
