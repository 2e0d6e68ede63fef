/* pages_who.h — who may have a page by their session, where their connection does not open it.
 * Included by app/pages.c only. */
#ifndef APP_PAGES_WHO_H
#define APP_PAGES_WHO_H

#include "app/accounts.h"

struct pages_who_args {
    struct accounts *accounts; /* NULL: nobody can sign in */
    const struct pages_request *request;
    bool is_by_rank; /* the connection opens it */
    bool is_open;    /* anybody may have it; a session is looked for all the same */
    bool is_route;   /* there is a page of that method: roles, about */
    unsigned roles;
    enum rights_about about;
};

/* Who it is; false: nobody, or a session is not wanted. A secret whose time has come is another
 * from now on: then the answer may be is_later. */
bool pages_who_meet(const struct pages_who_args *args, struct accounts_session *room,
                    struct pages_answer *answer);
/* Why not; error NULL: they may. Where to sign in stands in answer->location then, for a page. */
struct pages_who_words {
    unsigned status;
    const char *error, *cure;
};
struct pages_who_words pages_who_bar(const struct pages_who_args *args,
                                     const struct accounts_session *session,
                                     struct pages_answer *answer);

#endif
