/* oidc.c — any bytes as what comes back from an identity provider: a token, the JSON of its token
 * endpoint or of userinfo, its keys, what it says of itself. Nothing is believed that was not
 * signed, whatever came; base64url that was read is the same when it is written again. Input: what
 * it is (1 byte), then it. */
#include <stdlib.h>
#include <string.h>

#include "oidc/claims.h"
#include "oidc/keys.h"
#include "oidc/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool is_true)
{
    if (!is_true)
        abort();
}

static void fuzz_token(struct text token)
{
    static struct oidc_jwt jwt;
    const struct oidc_keys none = {.n = 0};
    const struct oidc_wanted wanted = {
        .issuer = "https://idp.example", .client_id = "d", .nonce = "n", .acr_values = ""};
    enum oidc_why why = oidc_jwt_read(&jwt, token, OIDC_RS256 | OIDC_ES256);
    if (why) {
        must(why == OIDC_BAD_TOKEN || why == OIDC_BAD_ALGORITHM);
        return;
    }
    must(jwt.signed_part.p == token.p && jwt.signed_part.n < token.n);
    must(jwt.algorithm == OIDC_RS256 || jwt.algorithm == OIDC_ES256);
    must(oidc_keys_verify(&none, &jwt) == OIDC_UNKNOWN_KEY);
    (void)oidc_claims_check(oidc_jwt_payload(&jwt), &wanted);
}

static void fuzz_claims(struct text json)
{
    char subject[OIDC_SUBJECT_BYTES], mail[OIDC_MAIL_BYTES];
    const struct oidc_wanted wanted = {.issuer = "https://idp.example",
                                       .client_id = "d",
                                       .nonce = "n",
                                       .acr_values = "a b",
                                       .now_s = 1794819600};
    bool has_subject = oidc_claims_subject(subject, json);
    must(!has_subject || subject[0]);
    must(oidc_claims_check(json, &wanted) != OIDC_FINE || has_subject);
    must(oidc_claims_userinfo(json, &wanted, "s") != OIDC_FINE || !strcmp(subject, "s"));
    oidc_claims_mail(mail, json);
    must(!mail[0] || strchr(mail, '@'));
}

static void fuzz_keys(struct text jwks)
{
    struct oidc_keys keys = {.n = 0};
    bool is_read = oidc_keys_read(&keys, jwks);
    must(is_read == (keys.n > 0) && keys.n <= OIDC_KEYS_MAX);
    oidc_keys_drop(&keys);
}

static void fuzz_provider(struct text json)
{
    struct oidc_provider p = {.authorize = ""};
    if (!oidc_provider_read(&p, json, "https://idp.example"))
        return;
    must(!strncmp(p.authorize, "https://", 8) || !strncmp(p.authorize, "HTTPS://", 8) ||
         p.authorize[0] == 'h' || p.authorize[0] == 'H');
    must(p.token[0] && p.keys[0]);
}

static void fuzz_base64(struct text t)
{
    uint8_t bytes[256];
    char again[512];
    struct text_out out = {.p = again, .max = sizeof(again)};
    size_t n;
    if (!oidc_base64url_read(bytes, sizeof(bytes), &n, t))
        return;
    oidc_base64url_put(&out, bytes, n);
    must(out.n == t.n && (!t.n || !memcmp(again, t.p, t.n)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    struct text whole = {(const char *)data + 1, n - 1};
    switch (data[0] % 5) {
    case 0:
        fuzz_token(whole);
        break;
    case 1:
        fuzz_claims(whole);
        break;
    case 2:
        fuzz_keys(whole);
        break;
    case 3:
        fuzz_provider(whole);
        break;
    default:
        fuzz_base64(whole);
    }
    return 0;
}
