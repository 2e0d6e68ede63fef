/* digest.c — see digest.h. Called by phone/.
 * A judgement computes the answer that the account would have given, or that of an account that
 * nobody has, and only then looks at who asked. Cost: two hashes a judgement, whoever asks.
 * Invariant: a nonce count is admitted once; what is forgotten is stale, never new. */
#include "sip/digest.h"

static const struct {
    struct text name;
    uint8_t hex_n;
} algorithms[SIP_DIGEST_ALGORITHMS] = {
    [SIP_DIGEST_SHA256] = {TEXT("SHA-256"), 64},
    [SIP_DIGEST_MD5] = {TEXT("MD5"), 32},
};

enum sip_digest_algorithm sip_digest_algorithm_of(struct text name)
{
    if (!name.n)
        return SIP_DIGEST_MD5;
    unsigned i = 0;
    while (i < SIP_DIGEST_ALGORITHMS && !text_equal_fold(algorithms[i].name, name))
        i++;
    return (enum sip_digest_algorithm)i;
}

struct text sip_digest_algorithm_name(enum sip_digest_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

struct text sip_digest_hex_text(const struct sip_digest_hex *hex)
{
    return (struct text){hex->c, hex->n};
}

bool sip_digest_equal(struct text a, struct text b)
{
    unsigned differs = a.n != b.n;
    for (size_t i = 0; i < a.n && i < b.n; i++)
        differs |= (unsigned char)(a.p[i] ^ b.p[i]);
    return !differs;
}

/* ---- arithmetic --------------------------------------------------------------------------- */

/* H of parts joined by colons. */
static struct sip_digest_hex hash_joined(enum sip_digest_algorithm algorithm,
                                         const struct sip_digest_hash *hash,
                                         const struct text *parts, unsigned n)
{
    char joined[SIP_DIGEST_TEXT_MAX];
    struct text_out out = {.p = joined, .max = sizeof(joined)};
    struct sip_digest_hex hex = {.n = 0};
    for (unsigned i = 0; i < n; i++) {
        if (i)
            text_put(&out, TEXT(":"));
        text_put(&out, parts[i]);
    }
    if (out.is_cut)
        return hex;
    hash->hex_fn(hex.c, algorithm, (struct text){joined, out.n}, hash->arg);
    hex.n = algorithms[algorithm].hex_n;
    return hex;
}

struct sip_digest_hex sip_digest_a1(const struct sip_digest_who *who,
                                    const struct sip_digest_hash *hash)
{
    const struct text parts[] = {who->username, who->realm, who->secret};
    return hash_joined(who->algorithm, hash, parts, ARRAY_LEN(parts));
}

struct sip_digest_hex sip_digest_response(const struct sip_digest_sum *sum,
                                          const struct sip_digest_hash *hash)
{
    const struct text second[] = {sum->method, sum->uri};
    struct sip_digest_hex a2 = hash_joined(sum->algorithm, hash, second, ARRAY_LEN(second));
    if (!a2.n)
        return a2;
    const struct text plain[] = {sum->a1, sum->nonce, sip_digest_hex_text(&a2)};
    if (!sum->has_qop)
        return hash_joined(sum->algorithm, hash, plain, ARRAY_LEN(plain));
    const struct text counted[] = {sum->a1,     sum->nonce,   sum->nc,
                                   sum->cnonce, TEXT("auth"), sip_digest_hex_text(&a2)};
    return hash_joined(sum->algorithm, hash, counted, ARRAY_LEN(counted));
}

/* ---- the asked side ----------------------------------------------------------------------- */

void sip_digest_open(struct sip_digest_guard *guard, struct arena *arena,
                     const struct sip_digest_policy *policy)
{
    guard->policy = *policy;
    guard->nonces = arena_take(arena, policy->nonces_max, sizeof(*guard->nonces));
    map_open(&guard->slots, arena, policy->nonces_max);
    guard->n = guard->next = 0;
    guard->forgotten_at = -MS_NEVER;
}

/* Eight hexadecimal digits (RFC 7616 §3.4); 0 for anything else, for counts begin at 1. */
static uint32_t read_count(struct text nc)
{
    uint32_t v = 0;
    if (nc.n != 8)
        return 0;
    for (size_t i = 0; i < nc.n; i++) {
        char c = nc.p[i];
        if (c >= '0' && c <= '9')
            v = v << 4 | (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v = v << 4 | (uint32_t)((c | 32) - 'a' + 10);
        else
            return 0;
    }
    return v;
}

/* Counts a use; false when it was used before, or is too far behind to know. */
static bool use_count(struct sip_digest_nonce *nonce, uint32_t count)
{
    if (count > nonce->count) {
        uint32_t ahead = count - nonce->count;
        nonce->seen = ahead < SIP_DIGEST_WINDOW ? nonce->seen << ahead | 1 : 1;
        nonce->count = count;
        return true;
    }
    uint32_t behind = nonce->count - count;
    if (behind >= SIP_DIGEST_WINDOW || nonce->seen >> behind & 1)
        return false;
    nonce->seen |= UINT64_C(1) << behind;
    return true;
}

/* A nonce seen for the first time, in the place of the one that came longest ago. */
static void remember(struct sip_digest_guard *guard, const struct sip_digest_case *c,
                     uint32_t count)
{
    struct sip_digest_nonce *nonce = &guard->nonces[guard->next];
    if (guard->n == guard->policy.nonces_max) {
        map_remove(&guard->slots, nonce->id);
        if (nonce->issued_at > guard->forgotten_at)
            guard->forgotten_at = nonce->issued_at;
    } else {
        guard->n++;
    }
    *nonce = (struct sip_digest_nonce){
        .id = c->nonce_id, .issued_at = c->nonce_issued_at, .count = count, .seen = 1};
    map_put(&guard->slots, c->nonce_id, guard->next);
    guard->next = (guard->next + 1) % guard->policy.nonces_max;
}

static bool is_fresh(struct sip_digest_guard *guard, const struct sip_digest_case *c, ms_t now_at)
{
    uint32_t count = read_count(c->said->nc);
    if (c->nonce_issued_at > now_at || now_at - c->nonce_issued_at > guard->policy.nonce_life_ms)
        return false;
    uint32_t slot = map_get(&guard->slots, c->nonce_id);
    if (slot != SLOT_NONE)
        return use_count(&guard->nonces[slot], count);
    if (c->nonce_issued_at <= guard->forgotten_at)
        return false;
    remember(guard, c, count);
    return true;
}

/* Is it an answer to a challenge of ours at all? */
static bool is_answer(const struct sip_digest_guard *guard, const struct sip_digest_case *c,
                      enum sip_digest_algorithm algorithm)
{
    const struct sip_digest_said *said = c->said;
    bool is_taken =
        algorithm == SIP_DIGEST_SHA256 || (algorithm == SIP_DIGEST_MD5 && guard->policy.allows_md5);
    return is_taken && c->nonce_is_ours && text_equal(said->realm, c->realm) &&
           text_equal_fold(said->qop, TEXT("auth"));
}

enum sip_digest_verdict sip_digest_judge(struct sip_digest_guard *guard,
                                         const struct sip_digest_case *c,
                                         const struct sip_digest_hash *hash, ms_t now_at)
{
    const struct sip_digest_said *said = c->said;
    if (!said)
        return SIP_DIGEST_CHALLENGE;
    enum sip_digest_algorithm algorithm = sip_digest_algorithm_of(said->algorithm);
    if (!is_answer(guard, c, algorithm))
        return SIP_DIGEST_CHALLENGE;
    uint8_t hex_n = algorithms[algorithm].hex_n;
    if (said->response.n != hex_n || !read_count(said->nc) || !said->cnonce.n || !said->uri.n)
        return SIP_DIGEST_BAD;
    static const char nobody[SIP_DIGEST_HEX_MAX] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    bool is_known = c->a1.n == hex_n;
    const struct sip_digest_sum sum = {.algorithm = algorithm,
                                       .a1 = {is_known ? c->a1.p : nobody, hex_n},
                                       .method = c->method,
                                       .uri = said->uri,
                                       .nonce = said->nonce,
                                       .nc = said->nc,
                                       .cnonce = said->cnonce,
                                       .has_qop = true};
    struct sip_digest_hex expected = sip_digest_response(&sum, hash);
    if (!expected.n)
        return SIP_DIGEST_BAD;
    bool is_equal = sip_digest_equal(sip_digest_hex_text(&expected), said->response);
    if (!(is_equal & is_known))
        return SIP_DIGEST_WRONG;
    return is_fresh(guard, c, now_at) ? SIP_DIGEST_ADMITTED : SIP_DIGEST_STALE;
}
