/* token.h — the one secret of the interface for programs. Called by web/. Pure but for its place.
 */
#ifndef WEB_TOKEN_H
#define WEB_TOKEN_H

#include "web/web.h"

struct web_token {
    uint8_t bytes[WEB_TOKEN_MAX]; /* zeros behind */
    uint32_t n;                   /* 0: no token is good */
};

/* False: shorter than WEB_TOKEN_MIN, longer than WEB_TOKEN_MAX, or not visible ASCII. Empty is
 * fine.
 */
MUST_CHECK bool web_token_keep(struct web_token *token, const char *text);

/* The value of Authorization against it; NULL: none came. In the same time whatever came (of one
 * length), be the answer yes or no. */
bool web_token_is_good(const struct web_token *token, const char *authorization);

#endif
