/* digest.c — fuzz target of credentials: any bytes as the value of Authorization and of a
 * challenge. Slices lie within the value; an answer that we write is read back; nobody is admitted.
 */
#include "sip/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void hex_fn(char *hex, enum sip_digest_algorithm algorithm, struct text t, void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < (algorithm == SIP_DIGEST_SHA256 ? 64 : 32); i++)
        hex[i] = t.n ? "0123456789abcdef"[(unsigned char)t.p[i % t.n] & 15] : '0';
}

static const struct sip_digest_hash hash = {.hex_fn = hex_fn};

static void check_within(struct text part, struct text whole)
{
    assert(!part.p || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n));
}

static void check_answer(const struct sip_digest_said *said)
{
    static const char name[] = "Authorization: ";
    char room[8192];
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct sip_digest_answer answer = {.challenge = said,
                                             .username = TEXT("7"),
                                             .secret = TEXT("s"),
                                             .method = TEXT("REGISTER"),
                                             .uri = TEXT("sip:us"),
                                             .cnonce = TEXT("c"),
                                             .count = 1};
    struct sip_digest_said again;
    if (sip_digest_choose(said, 1, true) || !sip_digest_put_answer(&out, &answer, &hash))
        return;
    struct text value = {room + sizeof(name) - 1, out.n - sizeof(name) + 1};
    bool is_read = sip_digest_read(&again, value);
    assert(is_read && text_equal(again.nonce, said->nonce) && text_equal(again.realm, said->realm));
}

static void check_judgement(const struct sip_digest_said *said)
{
    static struct sip_digest_nonce nonces[2];
    struct sip_digest_guard guard = {.policy = {.allows_md5 = true, .nonces_max = 2},
                                     .nonces = nonces};
    const struct sip_digest_case c = {.said = said,
                                      .method = TEXT("REGISTER"),
                                      .realm = said->realm,
                                      .nonce_is_ours = true,
                                      .nonce_id = 1};
    enum sip_digest_verdict v = sip_digest_judge(&guard, &c, &hash, 0);
    assert(v != SIP_DIGEST_ADMITTED && v != SIP_DIGEST_STALE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct text value = {(const char *)data, n};
    struct sip_digest_said said;
    if (!sip_digest_read(&said, value))
        return 0;
    check_within(said.username, value);
    check_within(said.nonce, value);
    check_within(said.response, value);
    check_within(said.stale, value);
    check_judgement(&said);
    check_answer(&said);
    return 0;
}
