/* provider.c — see provider.h. */
#include <string.h>

#include <openssl/sha.h>

#include "base/address.h"
#include "oidc/jwt.h"
#include "oidc/provider.h"

#define HERE "/connexion" /* where a sign-out at the provider comes back to */

/* ---- what it says ------------------------------------------------------------------------- */

static bool is_safe(const char *url, bool may_be_near)
{
    struct text t = text_of(url);
    for (size_t i = 0; i < t.n; i++)
        if ((uint8_t)t.p[i] <= ' ' || (uint8_t)t.p[i] > '~' || strchr("\"<>\\^`{|}#", t.p[i]))
            return false;
    return (text_starts_fold(t, TEXT("https://")) && t.n > 8) ||
           (may_be_near && address_url_is_near(t));
}

bool oidc_provider_read(struct oidc_provider *p, struct text json, const char *issuer)
{
    const struct {
        char *to;
        const char *key;
        bool is_optional;
    } addresses[] = {{p->authorize, "authorization_endpoint", false},
                     {p->token, "token_endpoint", false},
                     {p->keys, "jwks_uri", false},
                     {p->userinfo, "userinfo_endpoint", true},
                     {p->leave, "end_session_endpoint", true}};
    char said[OIDC_ADDRESS_BYTES];
    bool may_be_near = address_url_is_near(text_of(issuer));
    if (!oidc_json_text(said, sizeof(said), json, "issuer") || strcmp(said, issuer) != 0)
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(addresses); i++) {
        bool is_read = oidc_json_text(addresses[i].to, OIDC_ADDRESS_BYTES, json, addresses[i].key);
        if (!is_read || !is_safe(addresses[i].to, may_be_near))
            addresses[i].to[0] = '\0';
        if (!addresses[i].to[0] && !addresses[i].is_optional)
            return false;
    }
    return true;
}

bool oidc_provider_address(char to[OIDC_ADDRESS_BYTES], const char *issuer)
{
    struct text_out out = {.p = to, .max = OIDC_ADDRESS_BYTES - 1};
    struct text t = text_of(issuer);
    if (t.n && t.p[t.n - 1] == '/')
        t.n--;
    text_put(&out, t);
    text_put(&out, TEXT("/.well-known/openid-configuration"));
    to[out.n] = '\0';
    return !out.is_cut;
}

/* ---- addresses and forms ------------------------------------------------------------------ */

static void put_escaped(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        char hex[3] = "%";
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));
        text_hex(hex + 1, c, 2);
        text_put(out, is_plain ? (struct text){t.p + i, 1} : (struct text){hex, 3});
    }
}

/* "&name=value"; before the first one of an address stands "?". */
static void put(struct text_out *out, const char *name, struct text value)
{
    bool is_first = !out->n || out->p[out->n - 1] == '?';
    text_put(out, is_first ? TEXT("") : TEXT("&"));
    text_put(out, text_of(name));
    text_put(out, TEXT("="));
    put_escaped(out, value);
}

static struct text_out begin(char *to, size_t bytes, const char *address)
{
    struct text_out out = {.p = to, .max = bytes - 1};
    text_put(&out, text_of(address));
    if (*address && !strchr(address, '?'))
        text_put(&out, TEXT("?"));
    return out;
}

static bool finish(struct text_out *out)
{
    out->p[out->n] = '\0';
    return !out->is_cut;
}

/* S256 of RFC 7636 §4.2. */
static void put_challenge(struct text_out *out, const char *verifier)
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    char text[2 * sizeof(hash)];
    struct text_out challenge = {.p = text, .max = sizeof(text)};
    SHA256((const unsigned char *)verifier, strlen(verifier), hash);
    oidc_base64url_put(&challenge, hash, sizeof(hash));
    put(out, "code_challenge", (struct text){text, challenge.n});
    put(out, "code_challenge_method", TEXT("S256"));
}

bool oidc_put_authorize(char to[OIDC_URL_BYTES], const struct oidc_provider *p,
                        const struct oidc_client *c, const struct oidc_flow *flow)
{
    struct text_out out = begin(to, OIDC_URL_BYTES, p->authorize);
    put(&out, "response_type", TEXT("code"));
    put(&out, "client_id", text_of(c->client_id));
    put(&out, "redirect_uri", text_of(c->redirect));
    put(&out, "scope", text_of(c->scope));
    put(&out, "state", text_of(flow->state));
    put(&out, "nonce", text_of(flow->nonce));
    if (c->acr_values[0])
        put(&out, "acr_values", text_of(c->acr_values));
    if (c->has_pkce)
        put_challenge(&out, flow->verifier);
    return finish(&out);
}

bool oidc_put_redeem(char to[OIDC_FORM_BYTES], const struct oidc_client *c,
                     const struct oidc_flow *flow, struct text code)
{
    struct text_out out = begin(to, OIDC_FORM_BYTES, "");
    put(&out, "grant_type", TEXT("authorization_code"));
    put(&out, "code", code);
    put(&out, "redirect_uri", text_of(c->redirect));
    put(&out, "client_id", text_of(c->client_id));
    put(&out, "client_secret", text_of(c->secret));
    if (c->has_pkce)
        put(&out, "code_verifier", text_of(flow->verifier));
    return finish(&out);
}

/* Of https://host/path: https://host/connexion. */
static bool put_return(struct text_out *out, const char *redirect)
{
    struct text origin = text_of(redirect);
    const char *host = strstr(redirect, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    char back[OIDC_ADDRESS_BYTES];
    struct text_out address = {.p = back, .max = sizeof(back)};
    origin.n = path ? (size_t)(path - redirect) : origin.n;
    text_put(&address, origin);
    text_put(&address, TEXT(HERE));
    put(out, "post_logout_redirect_uri", (struct text){back, address.n});
    return !address.is_cut;
}

bool oidc_put_leave(char to[OIDC_URL_BYTES], const struct oidc_provider *p,
                    const struct oidc_client *c, const struct oidc_leaving *leaving)
{
    struct text_out out = begin(to, OIDC_URL_BYTES, p->leave);
    if (!p->leave[0] || !leaving->id_token.n)
        return false;
    put(&out, "id_token_hint", leaving->id_token);
    put(&out, "state", text_of(leaving->state));
    bool is_whole = put_return(&out, c->redirect);
    return finish(&out) && is_whole;
}
