/* fetch.h — one request to the provider, by libcurl: no redirect is followed, what is larger than
 * its bound is refused, and it takes OIDC_ANSWER_MS at most. Called by worker.c, on its thread,
 * which may wait. One handle: connections stay open between requests. */
#ifndef OIDC_FETCH_H
#define OIDC_FETCH_H

#include <stdatomic.h>

#include "base/text.h"

#define OIDC_ANSWER_MS 4000
#define OIDC_BODY_MAX 65536

struct oidc_fetch {
    void *easy;                    /* owned; CURL */
    const char *authority;         /* borrowed: a file of PEM; "": those of the machine */
    const _Atomic bool *is_ending; /* borrowed: then nothing is waited for */
    char body[OIDC_BODY_MAX];
    size_t body_n;
    bool is_long, is_jwt; /* is_jwt: it says application/jwt */
    long status;          /* of HTTP; 0: there was no answer */
};

MUST_CHECK bool oidc_fetch_open(struct oidc_fetch *f);
void oidc_fetch_drop(struct oidc_fetch *f);
/* form: posted as one; NULL: a GET. bearer: NULL, or the token that opens it. False: no whole
 * answer; of the other kind are those with a status that is not 200. */
MUST_CHECK bool oidc_fetch(struct oidc_fetch *f, const char *url, const char *form,
                           const char *bearer);
struct text oidc_fetch_body(const struct oidc_fetch *f);

#endif
