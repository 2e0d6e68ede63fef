/* register.c — see register.h. In this order: whose line is it, are these its credentials, what
 * becomes of its bindings. A line may bind itself only; who is unknown and who has the wrong secret
 * get the same answer after the same work (design §9, rule 9). Called for each REGISTER. Cost: two
 * hashes of OpenSSL. Invariant: a nonce is ours when its keyed hash is right: nothing is stored for
 * a challenge. */
#include <string.h>

#include "phone/hash.h"
#include "phone/register.h"

/* instant, number, keyed hash: 16 hexadecimal digits each */
#define NONCE_PART 16
#define NONCE_N (3 * NONCE_PART)

void phone_register_open(struct phone_register *reg, struct arena *arena,
                         const struct phone_register_limits *limits)
{
    sip_registrar_open(&reg->registrar, arena, &limits->registrar);
    sip_digest_open(&reg->guard, arena, &limits->digest);
    phone_guesses_open(&reg->guesses, arena);
    reg->accounts = arena_take(arena, limits->accounts_max, sizeof(*reg->accounts));
    map_open(&reg->usernames, arena, limits->accounts_max);
    map_open(&reg->aors, arena, limits->accounts_max);
    reg->accounts_max = limits->accounts_max;
    reg->accounts_n = 0;
    reg->nonces_n = reg->locks_n = 0;
    reg->is_md5_alone = limits->is_md5_alone;
}

bool phone_register_name(struct phone_register *reg, struct phone_secret *secret, struct text realm)
{
    reg->secret = secret;
    return text_keep(reg->realm, sizeof(reg->realm), &reg->realm_n, realm);
}

static uint64_t username_key(const struct phone_register *reg, struct text username)
{
    uint64_t key = siphash(&reg->secret->hi, username);
    return key ? key : 1;
}

static struct phone_account *find(const struct phone_register *reg, struct text username)
{
    uint32_t i = map_get(&reg->usernames, username_key(reg, username));
    struct phone_account *a = i == SLOT_NONE ? NULL : &reg->accounts[i];
    return a && text_equal((struct text){a->username, a->username_n}, username) ? a : NULL;
}

static bool compute(const struct phone_register *reg, struct phone_account *a, struct text secret)
{
    const struct sip_digest_hash hash = phone_hash();
    for (unsigned i = 0; i < SIP_DIGEST_ALGORITHMS; i++) {
        const struct sip_digest_who who = {.algorithm = (enum sip_digest_algorithm)i,
                                           .username = {a->username, a->username_n},
                                           .realm = {reg->realm, reg->realm_n},
                                           .secret = secret};
        a->a1[i] = sip_digest_a1(&who, &hash);
        if (!a->a1[i].n)
            return false;
    }
    return true;
}

static bool has_same_secret(const struct phone_account *a, const struct phone_account *b)
{
    for (unsigned i = 0; i < SIP_DIGEST_ALGORITHMS; i++)
        if (!text_equal(sip_digest_hex_text(&a->a1[i]), sip_digest_hex_text(&b->a1[i])))
            return false;
    return true;
}

/* A free place, or the next one. SLOT_NONE: there is none. */
static uint32_t take_place(const struct phone_register *reg)
{
    uint32_t i = reg->first_free;
    while (i < reg->accounts_n && reg->accounts[i].aor)
        i++;
    return i < reg->accounts_max ? i : SLOT_NONE;
}

/* Said again. Whose secret or agent is another must register anew: what is bound was proved with
 * the old one. */
static enum phone_account_verdict renew(struct phone_register *reg, struct phone_account *was,
                                        const struct phone_account *is)
{
    if (was->is_kept)
        return PHONE_ACCOUNT_TAKEN;
    if (was->aor != is->aor || !has_same_secret(was, is))
        sip_registrar_expire(&reg->registrar, was->aor, 0);
    *was = *is;
    return PHONE_ACCOUNT_ADDED;
}

enum phone_account_verdict phone_register_add(struct phone_register *reg, uint64_t aor,
                                              struct text username, struct text secret)
{
    struct phone_account fresh = {.aor = aor, .is_kept = true}, *known = find(reg, username);
    uint32_t place = take_place(reg);
    if (!known && place == SLOT_NONE)
        return PHONE_ACCOUNT_FULL;
    if (!aor)
        return PHONE_ACCOUNT_TAKEN;
    if (!username.n ||
        !text_keep(fresh.username, sizeof(fresh.username), &fresh.username_n, username) ||
        !compute(reg, &fresh, secret))
        return PHONE_ACCOUNT_TOO_LONG;
    if (known)
        return renew(reg, known, &fresh);
    reg->accounts[place] = fresh;
    reg->accounts_n += place == reg->accounts_n;
    reg->first_free = place + 1;
    if (!phone_register_has(reg, aor))
        map_put(&reg->aors, aor, place);
    map_put(&reg->usernames, username_key(reg, username), place);
    return PHONE_ACCOUNT_ADDED;
}

void phone_register_begin(struct phone_register *reg)
{
    for (uint32_t i = 0; i < reg->accounts_n; i++)
        reg->accounts[i].is_kept = false;
    phone_guesses_clear(&reg->guesses); /* a secret may have been set right */
}

void phone_register_end(struct phone_register *reg, ms_t now_at)
{
    map_clear(&reg->aors);
    for (uint32_t i = 0; i < reg->accounts_n; i++) {
        struct phone_account *a = &reg->accounts[i];
        if (a->aor && a->is_kept && !phone_register_has(reg, a->aor))
            map_put(&reg->aors, a->aor, i);
    }
    for (uint32_t i = 0; i < reg->accounts_n; i++) {
        struct phone_account *a = &reg->accounts[i];
        if (!a->aor || a->is_kept)
            continue;
        sip_registrar_expire(&reg->registrar, a->aor, now_at); /* even of a line renamed */
        map_remove(&reg->usernames, username_key(reg, (struct text){a->username, a->username_n}));
        explicit_bzero(a, sizeof(*a));
        reg->first_free = i < reg->first_free ? i : reg->first_free;
    }
}

void phone_register_encrypt(struct phone_register *reg, struct text username)
{
    struct phone_account *a = find(reg, username);
    if (a)
        a->is_encrypted = true;
}

bool phone_register_is_encrypted(const struct phone_register *reg, uint64_t aor)
{
    uint32_t i = aor ? map_get(&reg->aors, aor) : SLOT_NONE;
    return i != SLOT_NONE && reg->accounts[i].is_encrypted;
}

bool phone_register_has(const struct phone_register *reg, uint64_t aor)
{
    return aor && map_get(&reg->aors, aor) != SLOT_NONE;
}

/* ---- nonces -----------------------------------------------------------------------------------
 */

static struct text make_nonce(struct phone_register *reg, ms_t now_at, char to[NONCE_N])
{
    struct text number = {(char *)&reg->nonces_n, sizeof(reg->nonces_n)},
                signed_part = {to, 2 * NONCE_PART};
    text_hex(to, (uint64_t)now_at, NONCE_PART);
    text_hex(to + NONCE_PART, siphash(&reg->secret->hi, number), NONCE_PART);
    reg->nonces_n++;
    text_hex(to + 2 * NONCE_PART, siphash(&reg->secret->lo, signed_part), NONCE_PART);
    return (struct text){to, NONCE_N};
}

static void judge_nonce(const struct phone_register *reg, struct text nonce,
                        struct sip_digest_case *c)
{
    uint64_t issued, mac;
    if (nonce.n != NONCE_N || !text_hex_read(&issued, (struct text){nonce.p, NONCE_PART}) ||
        !text_hex_read(&mac, (struct text){nonce.p + 2 * NONCE_PART, NONCE_PART}))
        return;
    struct text signed_part = {nonce.p, 2 * NONCE_PART};
    c->nonce_is_ours = siphash(&reg->secret->lo, signed_part) == mac;
    c->nonce_issued_at = (ms_t)issued;
    c->nonce_id = mac ? mac : 1;
}

/* ---- answers ----------------------------------------------------------------------------------
 */

struct turn {
    struct phone_register *reg;
    const struct phone_visit *visit;
    struct phone_answer *answer;
    struct text because; /* in the place of the usual words; empty: those */
};

static enum phone_verdict say(const struct turn *t, unsigned status, struct text headers)
{
    char tag[PHONE_TAG_N], suffix[PHONE_SUFFIX_MAX];
    struct sip_read *read = t->visit->read;
    t->answer->reply_to = phone_reply_to(read, &t->visit->from, suffix);
    const struct sip_answer a = {.status = (uint16_t)status,
                                 .reason = t->because,
                                 .to_tag = phone_key_tag(t->reg->secret, read, tag),
                                 .headers = headers};
    return sip_write_answer(&t->answer->out, &read->in, &a) ? PHONE_ANSWERED : PHONE_SILENT;
}

static enum phone_verdict challenge(const struct turn *t, bool is_stale)
{
    char nonce[NONCE_N], lines[1024];
    struct text_out out = {.p = lines, .max = sizeof(lines)};
    const struct sip_digest_challenge c = {.realm = {t->reg->realm, t->reg->realm_n},
                                           .nonce = make_nonce(t->reg, t->visit->now_at, nonce),
                                           .is_stale = is_stale,
                                           .allows_md5 = t->reg->guard.policy.allows_md5,
                                           .is_md5_alone = t->reg->is_md5_alone};
    if (!sip_digest_put_challenge(&out, &c))
        return PHONE_SILENT;
    return say(t, 401, (struct text){lines, out.n});
}

/* The first Authorization for our realm that can be read; true when it is there. */
static bool read_credentials(const struct turn *t, struct sip_digest_said *said, bool *is_bad)
{
    struct text realm = {t->reg->realm, t->reg->realm_n}, value;
    *is_bad = false;
    for (uint32_t i = 0;; i++) {
        value = sip_read_header(t->visit->read, SIP_HEADER_AUTHORIZATION, i);
        if (!value.p)
            return false;
        if (!sip_digest_read(said, value))
            *is_bad = true;
        else if (text_equal(said->realm, realm))
            return true;
    }
}

static enum sip_digest_verdict admit(const struct turn *t, const struct sip_digest_said *said,
                                     const struct phone_account *account)
{
    const struct sip_digest_hash hash = phone_hash();
    enum sip_digest_algorithm algorithm = sip_digest_algorithm_of(said->algorithm);
    struct sip_digest_case c = {.said = said,
                                .method = t->visit->read->in.method_name,
                                .realm = {t->reg->realm, t->reg->realm_n}};
    if (account && algorithm < SIP_DIGEST_ALGORITHMS)
        c.a1 = sip_digest_hex_text(&account->a1[algorithm]);
    judge_nonce(t->reg, said->nonce, &c);
    return sip_digest_judge(&t->reg->guard, &c, &hash, t->visit->now_at);
}

/* ---- bindings ---------------------------------------------------------------------------------
 */

static void gather_contacts(const struct sip_read *read, struct sip_registrar_request *request)
{
    for (uint32_t i = 0; sip_read_header(read, SIP_HEADER_CONTACT, i).p; i++) {
        struct text rest = sip_read_header(read, SIP_HEADER_CONTACT, i), one;
        while (sip_value_next(&rest, &one)) {
            struct sip_address address;
            uint64_t expires = 0;
            bool has;
            if (text_equal(one, TEXT("*"))) {
                request->is_wildcard = true;
                continue;
            }
            if (!sip_value_address(one, &address) ||
                request->contacts_n++ >= SIP_REGISTRAR_CONTACTS_MAX)
                continue; /* the reader has judged it; too many are counted and refused */
            struct text value = sip_value_param(address.params, TEXT("expires"), &has);
            request->contacts[request->contacts_n - 1] = (struct sip_registrar_contact){
                .uri = address.uri,
                .has_expires = has && text_number(value, UINT32_MAX, &expires),
                .expires_s = (uint32_t)expires};
        }
    }
}

static enum phone_verdict bind_line(const struct turn *t, uint64_t aor)
{
    const struct sip_read *read = t->visit->read;
    char lines[2048];
    struct text_out out = {.p = lines, .max = sizeof(lines)};
    struct sip_registrar_request request = {.aor = aor,
                                            .call_id = read->in.call_id,
                                            .cseq = read->in.cseq,
                                            .source = t->visit->from,
                                            .has_expires = read->has_expires,
                                            .expires_s = read->expires};
    gather_contacts(read, &request);
    struct sip_registrar_done done =
        sip_registrar_take(&t->reg->registrar, &request, t->visit->now_at);
    if (done.verdict == SIP_REGISTRAR_TOO_BRIEF) {
        text_put(&out, TEXT("Min-Expires: "));
        text_put_number(&out, t->reg->registrar.limits.expires_s_min);
        text_put(&out, TEXT("\r\n"));
    } else if (done.verdict == SIP_REGISTRAR_OK &&
               !sip_registrar_put_contacts(&out, &t->reg->registrar, aor, t->visit->now_at)) {
        return say(t, 500, TEXT_NONE);
    }
    return say(t, sip_registrar_status(done.verdict), (struct text){lines, out.n});
}

/* ---- guesses ------------------------------------------------------------------------------ */

/* Keys of this line from this source, and of this source: a whole /64 of IPv6 is one. */
struct guess_keys {
    uint64_t line, source;
};

static struct guess_keys guess_keys_of(const struct turn *t, struct text username)
{
    const struct phone_secret *secret = t->reg->secret;
    const struct address *at = &t->visit->from.at;
    const uint64_t parts[] = {
        siphash(&secret->hi, username),
        siphash(&secret->lo, (struct text){(const char *)at->ip, at->family == 6 ? 8 : 4})};
    const struct text both = {(const char *)parts, sizeof(parts)};
    return (struct guess_keys){siphash(&secret->hi, both) | 1, parts[1] | 1};
}

/* A telephone that is bound, from where it is bound, has proved itself. */
static bool is_bound_here(const struct turn *t, const struct phone_account *a)
{
    const struct sip_registrar *r = &t->reg->registrar;
    const struct sip_binding *b = a ? sip_registrar_next(r, a->aor, NULL) : NULL;
    for (; b; b = sip_registrar_next(r, a->aor, b))
        if (address_equal(&b->source.at, &t->visit->from.at))
            return true;
    return false;
}

static void count_wrong(const struct turn *t, const struct guess_keys *keys)
{
    struct phone_guesses *g = &t->reg->guesses;
    ms_t now_at = t->visit->now_at;
    t->reg->locks_n += phone_guess_wrong(g, keys->line, PHONE_GUESSES_LINE, now_at);
    t->reg->locks_n += phone_guess_wrong(g, keys->source, PHONE_GUESSES_SOURCE, now_at);
}

static bool is_locked(const struct turn *t, const struct guess_keys *keys,
                      const struct phone_account *account)
{
    const struct phone_guesses *g = &t->reg->guesses;
    bool is_closed = phone_guess_is_locked(g, keys->line, t->visit->now_at) ||
                     phone_guess_is_locked(g, keys->source, t->visit->now_at);
    return is_closed && !is_bound_here(t, account);
}

/* Whose credentials are these? PHONE_PASS, or the answer that asks for them. */
static enum phone_verdict identify(const struct turn *t, const struct phone_account **account)
{
    struct sip_digest_said said;
    bool is_bad;
    if (!read_credentials(t, &said, &is_bad))
        return is_bad ? say(t, 400, TEXT_NONE) : challenge(t, false);
    *account = find(t->reg, said.username);
    const struct guess_keys keys = guess_keys_of(t, said.username);
    enum sip_digest_verdict verdict = admit(t, &said, *account); /* the same work for all */
    if (is_locked(t, &keys, *account))
        return verdict == SIP_DIGEST_BAD ? say(t, 400, TEXT_NONE) : challenge(t, false);
    switch (verdict) {
    case SIP_DIGEST_ADMITTED:
        phone_guess_right(&t->reg->guesses, keys.line);
        return PHONE_PASS;
    case SIP_DIGEST_STALE:
        return challenge(t, true);
    case SIP_DIGEST_BAD:
        return say(t, 400, TEXT_NONE);
    case SIP_DIGEST_WRONG:
        count_wrong(t, &keys);
        break;
    case SIP_DIGEST_CHALLENGE:
        break;
    }
    return challenge(t, false);
}

/* The user of the URI in a From or To. */
static struct text user_of(struct text value)
{
    struct sip_address address;
    struct sip_uri_parts uri;
    bool is_sip = sip_value_address(value, &address) && sip_value_uri(address.uri, &uri);
    return is_sip ? uri.user : TEXT_NONE;
}

/* Its credentials were right: it may hear why. */
static enum phone_verdict refuse_plain(const struct turn *t)
{
    struct turn because = *t;
    because.because = TEXT("TLS Required");
    return say(&because, 403, TEXT_NONE);
}

static bool needs_tls(const struct turn *t, const struct phone_account *a)
{
    return a->is_encrypted && t->visit->from.transport != SIP_OVER_TLS;
}

static bool is_named(const struct phone_account *a, struct text user)
{
    return text_equal((struct text){a->username, a->username_n}, user);
}

bool phone_register_knows(const struct phone_register *reg, const struct sip_read *read)
{
    return find(reg, user_of(read->in.from)) != NULL;
}

enum phone_verdict phone_register_admit(struct phone_register *reg, const struct phone_visit *visit,
                                        struct phone_answer *answer, uint64_t *aor)
{
    const struct turn t = {.reg = reg, .visit = visit, .answer = answer};
    const struct phone_account *account = NULL;
    enum phone_verdict v = identify(&t, &account);
    if (v != PHONE_PASS)
        return v;
    if (!is_named(account, user_of(visit->read->in.from)))
        return say(&t, 403, TEXT_NONE);
    if (needs_tls(&t, account))
        return refuse_plain(&t);
    *aor = account->aor;
    return PHONE_PASS;
}

enum phone_verdict phone_register_take(struct phone_register *reg, const struct phone_visit *visit,
                                       struct phone_answer *answer)
{
    const struct turn t = {.reg = reg, .visit = visit, .answer = answer};
    const struct phone_account *account = NULL;
    struct text user = user_of(visit->read->in.to);
    reg->bound_aor = 0;
    if (!user.p)
        return say(&t, 404, TEXT_NONE);
    enum phone_verdict v = identify(&t, &account);
    if (v != PHONE_PASS)
        return v;
    /* A line binds itself, not another one (§10.3 step 4). */
    if (!is_named(account, user))
        return say(&t, 403, TEXT_NONE);
    if (needs_tls(&t, account))
        return refuse_plain(&t);
    reg->bound_aor = account->aor;
    return bind_line(&t, account->aor);
}
