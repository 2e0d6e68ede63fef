/* digest_text.c — the words of digest: reading and writing its headers, and which challenge to
 * answer. See digest.h. Called by phone/. Cost: linear in the text.
 * Invariant: slices lie within the value; what is written never holds a quote that ends it. */
#include "sip/digest.h"
#include "sip/value.h"

#define PARAMETERS_MAX 24 /* of one header; more is refused */

static void skip(struct text *t, size_t n)
{
    *t = text_after(*t, n);
}

/* Spaces, tabs, and the ends of folded lines (RFC 3261 §7.3.1). */
static void skip_blanks(struct text *t)
{
    while (t->n && (t->p[0] == ' ' || t->p[0] == '\t' || t->p[0] == '\r' || t->p[0] == '\n'))
        skip(t, 1);
}

static struct text take_token(struct text *t)
{
    struct text token = {t->p, 0};
    while (token.n < t->n && sip_value_is_token_char(t->p[token.n]))
        token.n++;
    skip(t, token.n);
    return token;
}

/* Behind the first quote; false when no other ends it. */
static bool take_quoted(struct text *t, struct text *v)
{
    skip(t, 1);
    *v = (struct text){t->p, 0};
    while (v->n < t->n && t->p[v->n] != '"')
        v->n += t->p[v->n] == '\\' && v->n + 1 < t->n ? 2 : 1;
    if (v->n >= t->n)
        return false;
    skip(t, v->n + 1);
    return true;
}

static struct text *place_of(struct sip_digest_said *said, struct text name)
{
    const struct {
        struct text name;
        struct text *place;
    } known[] = {
        {TEXT("username"), &said->username},
        {TEXT("realm"), &said->realm},
        {TEXT("nonce"), &said->nonce},
        {TEXT("uri"), &said->uri},
        {TEXT("response"), &said->response},
        {TEXT("cnonce"), &said->cnonce},
        {TEXT("opaque"), &said->opaque},
        {TEXT("qop"), &said->qop},
        {TEXT("nc"), &said->nc},
        {TEXT("algorithm"), &said->algorithm},
        {TEXT("stale"), &said->stale},
    };
    for (unsigned i = 0; i < ARRAY_LEN(known); i++)
        if (text_equal_fold(known[i].name, name))
            return known[i].place;
    return NULL;
}

static bool take_parameter(struct sip_digest_said *said, struct text *rest)
{
    struct text name = take_token(rest), v;
    skip_blanks(rest);
    if (!name.n || !rest->n || rest->p[0] != '=')
        return false;
    skip(rest, 1);
    skip_blanks(rest);
    bool is_quoted = rest->n && rest->p[0] == '"';
    if (is_quoted && !take_quoted(rest, &v))
        return false;
    if (!is_quoted)
        v = take_token(rest);
    if (!is_quoted && !v.n)
        return false;
    struct text *place = place_of(said, name);
    if (!place)
        return true; /* unknown: passed over (RFC 7616 §3.3) */
    if (place->p)
        return false;
    *place = v;
    return true;
}

bool sip_digest_read(struct sip_digest_said *said, struct text value)
{
    const struct text scheme = TEXT("Digest");
    *said = (struct sip_digest_said){0};
    skip_blanks(&value);
    if (!text_starts_fold(value, scheme))
        return false;
    skip(&value, scheme.n);
    size_t before_n = value.n;
    skip_blanks(&value);
    if (value.n == before_n)
        return false;
    for (unsigned i = 0; i < PARAMETERS_MAX; i++) {
        if (!take_parameter(said, &value))
            return false;
        skip_blanks(&value);
        if (!value.n)
            return true;
        if (value.p[0] != ',')
            return false;
        skip(&value, 1);
        skip_blanks(&value);
    }
    return false;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* Does a value stand between quotes as it is? */
static bool is_quotable(struct text v)
{
    for (size_t i = 0; i < v.n; i++) {
        bool is_escape = v.p[i] == '\\';
        if (v.p[i] == '"' || (is_escape && i + 1 == v.n) || (v.p[i] & 0xe0) == 0)
            return false;
        i += is_escape;
    }
    return true;
}

static void put_quoted(struct text_out *out, struct text name, struct text v)
{
    out->is_cut |= !is_quotable(v);
    text_put(out, name);
    text_put(out, TEXT("=\""));
    text_put(out, v);
    text_put(out, TEXT("\""));
}

static void put_challenge(struct text_out *out, const struct sip_digest_challenge *c,
                          enum sip_digest_algorithm algorithm)
{
    text_put(out, c->is_proxy ? TEXT("Proxy-Authenticate") : TEXT("WWW-Authenticate"));
    put_quoted(out, TEXT(": Digest realm"), c->realm);
    put_quoted(out, TEXT(", nonce"), c->nonce);
    if (c->opaque.n)
        put_quoted(out, TEXT(", opaque"), c->opaque);
    if (c->is_stale)
        text_put(out, TEXT(", stale=true"));
    text_put(out, TEXT(", algorithm="));
    text_put(out, sip_digest_algorithm_name(algorithm));
    text_put(out, TEXT(", qop=\"auth\"\r\n"));
}

bool sip_digest_put_challenge(struct text_out *out, const struct sip_digest_challenge *challenge)
{
    bool is_md5_alone = challenge->is_md5_alone && challenge->allows_md5;
    if (!is_md5_alone)
        put_challenge(out, challenge, SIP_DIGEST_SHA256);
    if (challenge->allows_md5)
        put_challenge(out, challenge, SIP_DIGEST_MD5);
    return !out->is_cut;
}

/* ---- the asking side ---------------------------------------------------------------------- */

/* Is auth one of the words of a list such as "auth,auth-int"? */
static bool offers_auth(struct text qop)
{
    while (qop.n)
        if (text_equal_fold(text_trim(text_cut(&qop, ',')), TEXT("auth")))
            return true;
    return false;
}

uint32_t sip_digest_choose(const struct sip_digest_said *challenges, uint32_t n, bool allows_md5)
{
    uint32_t best = n;
    unsigned best_algorithm = allows_md5 ? SIP_DIGEST_ALGORITHMS : SIP_DIGEST_MD5;
    for (uint32_t i = 0; i < n; i++) {
        const struct sip_digest_said *c = &challenges[i];
        unsigned algorithm = sip_digest_algorithm_of(c->algorithm);
        bool is_ours = c->nonce.n && (!c->qop.n || offers_auth(c->qop));
        if (is_ours && algorithm < best_algorithm) {
            best = i;
            best_algorithm = algorithm;
        }
    }
    return best;
}

static void put_count(struct text_out *out, uint32_t count)
{
    char digits[8];
    text_hex(digits, count, sizeof(digits));
    text_put(out, (struct text){digits, sizeof(digits)});
}

static bool compute(struct sip_digest_hex *response, const struct sip_digest_answer *a,
                    struct text nc, const struct sip_digest_hash *hash)
{
    const struct sip_digest_said *c = a->challenge;
    enum sip_digest_algorithm algorithm = sip_digest_algorithm_of(c->algorithm);
    if (algorithm == SIP_DIGEST_ALGORITHMS)
        return false;
    const struct sip_digest_who who = {algorithm, a->username, c->realm, a->secret};
    struct sip_digest_hex a1 = sip_digest_a1(&who, hash);
    const struct sip_digest_sum sum = {.algorithm = algorithm,
                                       .a1 = sip_digest_hex_text(&a1),
                                       .method = a->method,
                                       .uri = a->uri,
                                       .nonce = c->nonce,
                                       .nc = nc,
                                       .cnonce = a->cnonce,
                                       .has_qop = c->qop.n > 0};
    *response = sip_digest_response(&sum, hash);
    return a1.n && response->n;
}

bool sip_digest_put_answer(struct text_out *out, const struct sip_digest_answer *a,
                           const struct sip_digest_hash *hash)
{
    const struct sip_digest_said *c = a->challenge;
    char nc[8];
    struct text_out nc_out = {.p = nc, .max = sizeof(nc)};
    struct sip_digest_hex response;
    put_count(&nc_out, a->count);
    if (!compute(&response, a, (struct text){nc, sizeof(nc)}, hash))
        return false;
    text_put(out, a->is_proxy ? TEXT("Proxy-Authorization") : TEXT("Authorization"));
    put_quoted(out, TEXT(": Digest username"), a->username);
    put_quoted(out, TEXT(", realm"), c->realm);
    put_quoted(out, TEXT(", nonce"), c->nonce);
    put_quoted(out, TEXT(", uri"), a->uri);
    put_quoted(out, TEXT(", response"), sip_digest_hex_text(&response));
    if (c->algorithm.n) {
        text_put(out, TEXT(", algorithm="));
        text_put(out, sip_digest_algorithm_name(sip_digest_algorithm_of(c->algorithm)));
    }
    if (c->opaque.p)
        put_quoted(out, TEXT(", opaque"), c->opaque);
    if (c->qop.n) {
        text_put(out, TEXT(", qop=auth, nc="));
        text_put(out, (struct text){nc, sizeof(nc)});
        put_quoted(out, TEXT(", cnonce"), a->cnonce);
    }
    text_put(out, TEXT("\r\n"));
    return !out->is_cut;
}
