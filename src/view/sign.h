/* sign.h — the page where people sign in, and what it says when they may not; plain HTML without a
 * script, in French. Called by app/pages_sign.c. Pure; what does not fit sets out->is_cut. */
#ifndef VIEW_SIGN_H
#define VIEW_SIGN_H

#include "base/text.h"

struct view_sign {
    const char *error; /* a sentence; NULL: none */
    struct text login; /* as it was typed, to be corrected */
    /* Who is signed in; empty: nobody, the form is shown. */
    struct text name;
    const char *roles; /* in French */
    const char *csrf;
};

void view_sign_page(struct text_out *out, const struct view_sign *s);
/* A page that only says why not, and where to go. */
void view_sign_refusal(struct text_out *out, const char *what, const char *cure);

/* What comes from outside as text of HTML, also within quoted attributes. */
void view_sign_escape(struct text_out *out, struct text t);

#endif
