/* pages_oidc_flow.c — see pages_oidc_flow.h. */
#include <string.h>

#include "access/form.h"
#include "app/pages_oidc.h"
#include "app/pages_oidc_flow.h"

#define AT_DIGITS 16
#define LABEL_BYTES 16

static const struct text names[] = {[ACCOUNTS_NO_WAY] = {"", 0},
                                    [ACCOUNTS_TLS] = {"__Host-decroche-oidc", 20},
                                    [ACCOUNTS_LOCAL] = {"decroche-oidc", 13}};
static const struct text token_names[] = {[ACCOUNTS_NO_WAY] = {"", 0},
                                          [ACCOUNTS_TLS] = {"__Secure-decroche-out", 21},
                                          [ACCOUNTS_LOCAL] = {"decroche-out", 12}};

/* ---- the words of a sign-in --------------------------------------------------------------- */

/* All parts have one length each: no two inputs are the same bytes. */
static void put_word(char to[OIDC_WORD_BYTES], const struct accounts *a, const char *label,
                     const char *seed)
{
    uint8_t bytes[SESSION_SECRET_BYTES + LABEL_BYTES + SESSION_SECRET_BYTES + sizeof(ms_t)] = {0};
    uint8_t hash[SESSION_HASH_BYTES], *p = bytes;
    memcpy(p, a->oidc.key, SESSION_SECRET_BYTES);
    p += SESSION_SECRET_BYTES;
    memcpy(p, label, strnlen(label, LABEL_BYTES));
    memcpy(p + LABEL_BYTES, seed, SESSION_SECRET_BYTES + sizeof(ms_t));
    a->args.port->hash(a->args.port->arg, hash, (struct text){(char *)bytes, sizeof(bytes)});
    for (unsigned i = 0; i < SESSION_HASH_BYTES; i++)
        text_hex(to + 2 * i, hash[i], 2);
    to[OIDC_WORD_BYTES - 1] = '\0';
    explicit_bzero(bytes, sizeof(bytes));
}

void flow_make(struct oidc_flow *flow, const struct accounts *a,
               const char secret[SESSION_SECRET_BYTES], ms_t begun_at)
{
    char seed[SESSION_SECRET_BYTES + sizeof(begun_at)];
    memcpy(seed, secret, SESSION_SECRET_BYTES);
    memcpy(seed + SESSION_SECRET_BYTES, &begun_at, sizeof(begun_at));
    put_word(flow->state, a, "state", seed);
    put_word(flow->nonce, a, "nonce", seed);
    put_word(flow->verifier, a, "verifier", seed);
    explicit_bzero(seed, sizeof(seed));
}

/* "SECRET.INSTANT", both in hexadecimal. */
static bool read_cookie(char secret[SESSION_SECRET_BYTES], ms_t *begun_at,
                        const struct pages_browser *b)
{
    struct text value;
    uint64_t at;
    enum accounts_way way = accounts_way(b);
    if (way == ACCOUNTS_NO_WAY || !form_cookie(&value, b->cookie, names[way]))
        return false;
    struct text first = text_cut(&value, '.');
    if (!form_hex((uint8_t *)secret, SESSION_SECRET_BYTES, first) || value.n != AT_DIGITS ||
        !text_hex_read(&at, value))
        return false;
    *begun_at = (ms_t)at;
    return true;
}

enum oidc_why flow_read(struct oidc_flow *flow, const struct accounts *a,
                        const struct pages_request *r)
{
    char secret[SESSION_SECRET_BYTES], state[OIDC_WORD_BYTES - 1];
    struct text_out out = {.p = state, .max = sizeof(state)};
    ms_t begun_at;
    unsigned different = 0;
    if (!read_cookie(secret, &begun_at, &r->browser))
        return OIDC_NO_COOKIE;
    flow_make(flow, a, secret, begun_at);
    explicit_bzero(secret, sizeof(secret));
    if (!form_field(&out, r->query, "state") || out.n != sizeof(state))
        return OIDC_BAD_STATE;
    for (unsigned i = 0; i < sizeof(state); i++)
        different |= (unsigned)(state[i] ^ flow->state[i]);
    if (different)
        return OIDC_BAD_STATE;
    return r->now_at < begun_at || r->now_at - begun_at >= PAGES_OIDC_MS ? OIDC_LATE : OIDC_FINE;
}

void flow_subject(uint8_t to[SESSION_HASH_BYTES], const struct accounts *a, const char *subject)
{
    char bytes[2 * OIDC_SUBJECT_BYTES];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    text_put(&out, text_of(a->args.oidc->issuer));
    text_put(&out, TEXT("\n"));
    text_put(&out, text_of(subject));
    assert(!out.is_cut);
    a->args.port->hash(a->args.port->arg, to, (struct text){bytes, out.n});
}

/* ---- cookies ------------------------------------------------------------------------------ */

static void put_end(struct text_out *out, enum accounts_way way)
{
    if (way == ACCOUNTS_TLS)
        text_put(out, TEXT("; Secure"));
    out->p[out->n] = '\0';
    assert(!out->is_cut);
}

void flow_cookie(char to[PAGES_COOKIE_BYTES], enum accounts_way way,
                 const char secret[SESSION_SECRET_BYTES], ms_t begun_at)
{
    struct text_out out = {.p = to, .max = PAGES_COOKIE_BYTES - 1};
    char hex[AT_DIGITS];
    text_put(&out, names[way]);
    text_put(&out, TEXT("="));
    for (unsigned i = 0; i < SESSION_SECRET_BYTES; i++) {
        text_hex(hex, (uint8_t)secret[i], 2);
        text_put(&out, (struct text){hex, 2});
    }
    text_hex(hex, (uint64_t)begun_at, AT_DIGITS);
    text_put(&out, TEXT("."));
    text_put(&out, (struct text){hex, AT_DIGITS});
    text_put(&out, TEXT("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"));
    put_end(&out, way);
}

void flow_cookie_end(char *to, enum accounts_way way)
{
    struct text_out out = {.p = to, .max = PAGES_COOKIE_BYTES - 1};
    to[0] = '\0';
    if (way == ACCOUNTS_NO_WAY)
        return;
    text_put(&out, names[way]);
    text_put(&out, TEXT("=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    put_end(&out, way);
}

void flow_cookie_token(char *to, enum accounts_way way, const char *token)
{
    struct text_out out = {.p = to, .max = OIDC_ID_TOKEN_BYTES + PAGES_COOKIE_BYTES - 1};
    to[0] = '\0';
    if (way == ACCOUNTS_NO_WAY)
        return;
    text_put(&out, token_names[way]);
    text_put(&out, TEXT("="));
    text_put(&out, text_of(token));
    text_put(&out, TEXT("; Path=/deconnexion; HttpOnly; SameSite=Strict; Max-Age="));
    text_put(&out, token[0] ? TEXT("43200") : TEXT("0"));
    put_end(&out, way);
}

bool flow_token(struct text *token, const struct pages_browser *b)
{
    enum accounts_way way = accounts_way(b);
    if (way == ACCOUNTS_NO_WAY || !form_cookie(token, b->cookie, token_names[way]))
        return false;
    for (size_t i = 0; i < token->n; i++) {
        char c = token->p[i];
        bool is_letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
        if (!is_letter)
            return false;
    }
    return token->n > 0 && token->n < OIDC_ID_TOKEN_BYTES;
}
