/* token.c — see token.h. RFC 6750 §2.1: "Bearer" and the token. */
#include <string.h>

#include "web/token.h"

bool web_token_keep(struct web_token *token, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    memset(token, 0, sizeof(*token));
    if (n == 0)
        return true;
    if (n < WEB_TOKEN_MIN || n > WEB_TOKEN_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    memcpy(token->bytes, text, n);
    token->n = (uint32_t)n;
    return true;
}

/* All WEB_TOKEN_MAX bytes are looked at, always. */
static bool is_equal(const struct web_token *a, const struct web_token *b)
{
    volatile uint32_t different = a->n ^ b->n;
    for (size_t i = 0; i < WEB_TOKEN_MAX; i++)
        different |= (uint32_t)(a->bytes[i] ^ b->bytes[i]);
    return different == 0;
}

bool web_token_is_good(const struct web_token *token, const char *authorization)
{
    struct web_token given = {.n = 0};
    struct text rest = authorization ? text_of(authorization) : TEXT_NONE;
    bool is_bearer = text_equal_fold(text_word(&rest), TEXT("Bearer"));
    struct text word = text_trim(rest);
    bool fits = word.n <= WEB_TOKEN_MAX;
    if (word.n && fits)
        memcpy(given.bytes, word.p, word.n);
    given.n = (uint32_t)word.n;
    bool is_same = is_equal(token, &given);
    return is_same && is_bearer && fits && token->n > 0;
}
