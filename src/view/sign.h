/* sign.h — the page where people sign in, and what it says when they may not; plain HTML without a
 * script. Called by app/pages_sign.c. Pure. */
#ifndef VIEW_SIGN_H
#define VIEW_SIGN_H

#include "view/house.h"
#include "view/html.h"

/* The query of the page that changes a password, and its fields. */
#define VIEW_SIGN_CHANGE "changer=1"
#define VIEW_SIGN_FRESH "nouveau"
#define VIEW_SIGN_AGAIN "encore"

/* The other way in. */
struct view_sign_provider {
    const char *label; /* of its button */
    bool is_up;        /* it answered, last */
};

struct view_sign {
    const char *error; /* a sentence; NULL: none */
    const char *roles; /* in words, of who is signed in; NULL: nobody is, the form is shown */
    const struct view_sign_provider *provider; /* NULL: there is none */
    bool is_change;      /* another password is chosen, with the one in force */
    const char *login;   /* as it was typed; NULL: not yet */
    const char *subject; /* how the provider calls who has no account here; NULL: not said */
};

void view_sign_page(struct html *h, const struct view_house *house, const struct view_sign *s);

/* Signed in by the provider: the next page is asked for from a page of ours, or the browser would
 * not send the cookie (SameSite=Strict). */
void view_sign_arrived(struct html *h, const struct view_house *house, const char *to);
/* Signed out here; to: where the provider's own session ends. */
void view_sign_left(struct html *h, const struct view_house *house, const char *to);

#endif
