/* pages_sign.h — the pages where people sign in and out: GET and POST /connexion, POST
 * /deconnexion, GET /api/v1/session. Included by app/pages.c only. */
#ifndef APP_PAGES_SIGN_H
#define APP_PAGES_SIGN_H

#include "app/accounts.h"
#include "view/house.h"

struct pages_sign_args {
    struct accounts *accounts;
    const struct accounts_session *session; /* who asks; NULL: nobody */
    const struct pages_request *request;
    const struct view_house *house;
};

/* The page of sign-in with what is wrong, in French and English. */
void pages_sign_say(const struct pages_sign_args *args, struct pages_answer *answer,
                    unsigned status, const char *const error[2]);
/* The screen of these roles. */
const char *pages_sign_home(unsigned roles);
/* Not over TLS: told in words. True: they were. */
bool pages_sign_is_bare(const struct pages_sign_args *args, struct pages_answer *answer);

void pages_sign_page(const struct pages_sign_args *args, struct pages_answer *answer);
/* The answer, or is_later: with the right password, and with the wrong one. */
void pages_sign_in(const struct pages_sign_args *args, struct pages_answer *answer);
void pages_sign_out(const struct pages_sign_args *args, struct pages_answer *answer);
void pages_sign_who(const struct pages_sign_args *args, struct pages_answer *answer);

/* From where: of IPv6 the first half, which one household has. Behind a proxy of this machine, whom
 * it speaks for. Bytes of *address. */
struct text pages_sign_address(const struct pages_browser *b, struct address *address);

#endif
