/* key.c — see key.h. Called for every message. Cost: two short hashes.
 * Invariant: parts are separated by a byte that none of them holds. */
#include <errno.h>
#include <sys/random.h>

#include "phone/key.h"

/* What is hashed never needs more: longer parts are cut, and then only meet themselves. */
#define MATERIAL_MAX 1024

int phone_secret_draw(struct phone_secret *secret)
{
    ssize_t n = getrandom(secret, sizeof(*secret), 0);
    if (n < 0)
        return errno;
    return n == (ssize_t)sizeof(*secret) ? 0 : EIO;
}

static void put_part(struct text_out *out, struct text part)
{
    text_put(out, part);
    text_put(out, TEXT("\n"));
}

static struct sip_tx_key hash(const struct phone_secret *secret, const struct text_out *out)
{
    struct text all = {out->p, out->n};
    return (struct sip_tx_key){siphash(&secret->hi, all), siphash(&secret->lo, all)};
}

static bool has_cookie(struct text branch)
{
    struct text cookie = TEXT("z9hG4bK");
    return branch.n > cookie.n && text_equal_fold((struct text){branch.p, cookie.n}, cookie);
}

struct sip_tx_key phone_key_request(const struct phone_secret *secret, const struct sip_read *read,
                                    enum sip_method method)
{
    char material[MATERIAL_MAX];
    struct text_out out = {.p = material, .max = sizeof(material)};
    put_part(&out, method == SIP_METHOD_OTHER ? read->in.method_name : sip_method_name(method));
    put_part(&out, read->via.host);
    text_put_number(&out, read->via.port);
    if (has_cookie(read->via.branch)) {
        put_part(&out, read->via.branch);
    } else {
        put_part(&out, read->in.call_id);
        put_part(&out, read->in.from_tag);
        put_part(&out, read->via.params);
        text_put_number(&out, read->in.cseq);
    }
    return hash(secret, &out);
}

struct sip_tx_key phone_key_branch(const struct phone_secret *secret, struct text branch,
                                   enum sip_method method)
{
    char material[MATERIAL_MAX];
    struct text_out out = {.p = material, .max = sizeof(material)};
    put_part(&out, TEXT("client"));
    put_part(&out, sip_method_name(method));
    put_part(&out, branch);
    return hash(secret, &out);
}

struct text phone_key_tag(const struct phone_secret *secret, const struct sip_read *read,
                          char to[PHONE_TAG_N])
{
    char material[MATERIAL_MAX];
    struct text_out out = {.p = material, .max = sizeof(material)};
    put_part(&out, TEXT("tag"));
    put_part(&out, read->in.call_id);
    put_part(&out, read->in.from_tag);
    text_put_number(&out, read->in.cseq);
    text_hex(to, hash(secret, &out).hi, PHONE_TAG_N);
    return (struct text){to, PHONE_TAG_N};
}
