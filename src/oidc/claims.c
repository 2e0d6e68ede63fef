/* claims.c — see claims.h. Cost: a walk over the payload for each claim. */
#include <string.h>

#include "base/json_read.h"
#include "oidc/claims.h"

#define VALUE_BYTES 512

static bool is_text(struct text payload, const char *key, const char *wanted)
{
    char value[VALUE_BYTES];
    return oidc_json_text(value, sizeof(value), payload, key) && !strcmp(value, wanted);
}

static bool is_there(struct text payload, const char *key)
{
    struct text found;
    return json_find(&found, payload, key);
}

/* One text, or a list; *n: how many it names. */
static bool is_for(struct text payload, const char *client_id, unsigned *n)
{
    struct text list, value;
    bool is_found = false;
    *n = 1;
    if (!json_find(&list, payload, "aud"))
        return false;
    if (list.p[0] != '[')
        return is_text(payload, "aud", client_id);
    for (*n = 0; json_next(&value, &list); ++*n) {
        char one[VALUE_BYTES];
        struct text_out out = {.p = one, .max = sizeof(one)};
        if (json_unescape(&out, value) && !out.is_cut &&
            text_equal((struct text){one, out.n}, text_of(client_id)))
            is_found = true;
    }
    return is_found;
}

static bool audience_is_wrong(struct text payload, const struct oidc_wanted *w)
{
    unsigned n;
    bool has_azp = is_there(payload, "azp");
    if (!is_for(payload, w->client_id, &n) || (n > 1 && !has_azp))
        return true;
    return has_azp && !is_text(payload, "azp", w->client_id);
}

static enum oidc_why check_instants(struct text payload, int64_t now_s)
{
    uint64_t exp, iat, nbf;
    const uint64_t max = INT64_MAX / 2;
    if (!json_find_number(&exp, payload, "exp") || exp > max ||
        (int64_t)exp <= now_s - OIDC_LEEWAY_S)
        return OIDC_EXPIRED;
    if (!json_find_number(&iat, payload, "iat") || iat > max ||
        (int64_t)iat > now_s + OIDC_LEEWAY_S || (int64_t)iat < now_s - OIDC_AGE_S)
        return OIDC_BAD_INSTANT;
    if (is_there(payload, "nbf") && (!json_find_number(&nbf, payload, "nbf") || nbf > max ||
                                     (int64_t)nbf > now_s + OIDC_LEEWAY_S))
        return OIDC_BAD_INSTANT;
    return OIDC_FINE;
}

static bool is_strong(struct text payload, const char *acr_values)
{
    char acr[VALUE_BYTES];
    struct text rest = text_of(acr_values), word;
    if (!text_trim(rest).n)
        return true;
    if (!oidc_json_text(acr, sizeof(acr), payload, "acr") || !acr[0])
        return false;
    while ((word = text_word(&rest)).n)
        if (text_equal(word, text_of(acr)))
            return true;
    return false;
}

enum oidc_why oidc_claims_check(struct text payload, const struct oidc_wanted *w)
{
    char subject[OIDC_SUBJECT_BYTES];
    if (!is_text(payload, "iss", w->issuer))
        return OIDC_BAD_ISSUER;
    if (audience_is_wrong(payload, w))
        return OIDC_BAD_AUDIENCE;
    enum oidc_why why = check_instants(payload, w->now_s);
    if (why)
        return why;
    if (!w->nonce[0] || !is_text(payload, "nonce", w->nonce))
        return OIDC_BAD_NONCE;
    if (!is_strong(payload, w->acr_values))
        return OIDC_WEAK;
    return oidc_claims_subject(subject, payload) ? OIDC_FINE : OIDC_BAD_SUBJECT;
}

enum oidc_why oidc_claims_userinfo(struct text payload, const struct oidc_wanted *w,
                                   const char *subject)
{
    char said[OIDC_SUBJECT_BYTES];
    unsigned n;
    if (!oidc_claims_subject(said, payload) || strcmp(said, subject) != 0)
        return OIDC_BAD_SUBJECT;
    if (is_there(payload, "iss") && !is_text(payload, "iss", w->issuer))
        return OIDC_BAD_ISSUER;
    if (is_there(payload, "aud") && !is_for(payload, w->client_id, &n))
        return OIDC_BAD_AUDIENCE;
    return OIDC_FINE;
}

bool oidc_claims_subject(char to[OIDC_SUBJECT_BYTES], struct text payload)
{
    if (!oidc_json_text(to, OIDC_SUBJECT_BYTES, payload, "sub"))
        return false;
    for (const char *p = to; *p; p++)
        if ((uint8_t)*p > '~')
            return false;
    return to[0] != '\0';
}

void oidc_claims_mail(char to[OIDC_MAIL_BYTES], struct text payload)
{
    struct text verified;
    unsigned at_n = 0;
    bool is_good = oidc_json_text(to, OIDC_MAIL_BYTES, payload, "email");
    if (json_find(&verified, payload, "email_verified") && !text_equal(verified, TEXT("true")))
        is_good = false;
    for (char *p = to; is_good && *p; p++) {
        at_n += *p == '@';
        is_good = (uint8_t)*p > ' ' && (uint8_t)*p <= '~';
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    if (!is_good || at_n != 1)
        memset(to, 0, OIDC_MAIL_BYTES);
}
