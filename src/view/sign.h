/* sign.h — the page where people sign in, and what it says when they may not; plain HTML without a
 * script. Called by app/pages_sign.c. Pure. */
#ifndef VIEW_SIGN_H
#define VIEW_SIGN_H

#include "view/house.h"
#include "view/html.h"

struct view_sign {
    const char *error; /* a sentence; NULL: none */
    const char *roles; /* in words, of who is signed in; NULL: nobody is, the form is shown */
};

void view_sign_page(struct html *h, const struct view_house *house, const struct view_sign *s);

#endif
