/* secure.c — TLS: the house's certificate for who comes, each operator's own rules for where we go.
 * Called by wire.c and phone.c. Cost: a walk over at most 32 trunks a connection. Invariant: to an
 * operator without a context nothing is sent; one that must prove itself is not heard before; keys
 * of sound are neither offered nor taken but over TLS. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "os/endpoint.h"
#include "phone/leg.h"

#define TELL_EVERY_MS ((ms_t)10000)

struct text phone_self(const struct phone *p, const struct sip_peer *peer)
{
    const struct phone_name *names = peer->transport == SIP_OVER_TLS ? p->secure.names : p->names;
    const struct phone_name *name = &names[address_side(&peer->at)];
    return (struct text){name->text, name->n};
}

static struct tls_context *context_of(const struct phone *p, uint32_t number, bool *is_mutual)
{
    for (uint32_t i = 0; p->secure.book && i < p->secure.book->trunks_n; i++) {
        if (p->secure.book->trunks[i].number != number)
            continue;
        *is_mutual = p->secure.book->trunks[i].is_mutual;
        return p->secure.book->trunks[i].context;
    }
    return NULL;
}

/* The operator at this address that must prove itself; of several, any such one: an address that
 * they share is let in by the strictest. NULL: none must. */
static struct tls_context *strictest_at(const struct phone *p, const struct sip_peer *peer)
{
    bool is_mutual = false;
    for (uint32_t i = 0; i < p->door.sources_n; i++) {
        const struct phone_source *s = &p->door.sources[i];
        struct tls_context *of = s->is_tls && address_net_has(&s->net, &peer->at)
                                     ? context_of(p, s->trunk_id, &is_mutual)
                                     : NULL;
        if (of && is_mutual)
            return of;
    }
    return NULL;
}

static bool link_of(struct tls_link **link, const struct phone_tcp_securing *how, void *arg)
{
    *link = NULL;
    const struct phone *p = arg;
    bool is_mutual = false;
    if (how->of != PHONE_TCP_THEIRS) {
        struct tls_context *c = context_of(p, how->of, &is_mutual);
        *link = c ? tls_link_connect(c, how->fd) : NULL;
        return *link != NULL;
    }
    if (!p->secure.book || !tls_context_has_certificate(p->secure.book->house))
        return false;
    struct tls_context *of = strictest_at(p, how->peer);
    *link = tls_link_accept(p->secure.book->house, how->fd, of);
    return *link != NULL;
}

int phone_secure(struct phone *p, const struct tls_book *book)
{
    p->secure.book = book;
    bool may_open = p->tls.epoll_fd >= 0 && !phone_tcp_listens(&p->tls);
    if (!may_open || !book || !tls_context_has_certificate(book->house))
        return 0;
    int err = phone_tcp_listen(&p->tls);
    return err ? err : phone_introduce(p);
}

int phone_secure_open(struct phone *p, const struct phone_args *args,
                      const struct address_pair *self)
{
    const struct phone_tcp_args tls = {.transport = SIP_OVER_TLS,
                                       .self = *self,
                                       .port = args->tls_port,
                                       .others = {p->tcp.epoll_fd, -1}};
    p->tls.link = link_of;
    p->tls.link_arg = p;
    int err = phone_tcp_open(&p->tls, &tls);
    return err ? err : phone_secure(p, args->book);
}

uint16_t phone_bound_secure(const struct phone *p)
{
    return phone_tcp_listens(&p->tls) ? phone_tcp_port(&p->tls) : 0;
}

/* The last one, now and then: who tries again and again shall not fill the log. */
void phone_secure_tell(struct phone *p)
{
    char at[ADDRESS_TEXT_MAX];
    struct text_out out = {.p = at, .max = sizeof(at) - 1};
    if (p->tls.unproved_n == p->secure.told_n || p->now_at < p->secure.tell_at)
        return;
    address_put(&out, &p->tls.unproved_at);
    at[out.n] = '\0';
    os_log_line(p->log, OS_LOG_WARNING, "phone: %llu TLS handshakes failed, the last with %s: %s",
                (unsigned long long)(p->tls.unproved_n - p->secure.told_n), at,
                p->tls.unproved_why);
    p->secure.told_n = p->tls.unproved_n;
    p->secure.tell_at = p->now_at + TELL_EVERY_MS;
}

/* ---- sound -------------------------------------------------------------------------------- */

static const struct {
    uint8_t suite, media; /* enum sip_suite, enum media_suite */
} suites[] = {
    {SIP_SUITE_GCM_128, MEDIA_GCM_128},
    {SIP_SUITE_GCM_256, MEDIA_GCM_256},
    {SIP_SUITE_CM_80, MEDIA_CM_80},
    {SIP_SUITE_CM_32, MEDIA_CM_32},
};
_Static_assert(ARRAY_LEN(suites) <= SIP_CRYPTO_MAX, "a key for each");

struct text phone_secure_refuses(const struct phone *p, const struct sip_peer *from,
                                 uint32_t trunk_id)
{
    uint32_t place = trunk_place(p, trunk_id);
    bool needs_tls = !trunk_id ? p->secure.srtp == PHONE_SRTP_REQUIRE
                               : place != SLOT_NONE && p->trunks[place].is.is_tls;
    bool is_refused = needs_tls && from->transport != SIP_OVER_TLS;
    return is_refused ? TEXT("TLS Required") : TEXT_NONE;
}

uint8_t phone_secure_of(const struct phone *p, uint64_t aor)
{
    return phone_register_is_encrypted(&p->reg, aor) ? PHONE_SRTP_REQUIRE : p->secure.srtp;
}

bool leg_is_elsewhere(const struct phone_leg *leg, const struct sip_peer *from)
{
    return leg->peer.transport == SIP_OVER_TLS && from->transport != SIP_OVER_TLS;
}

bool leg_is_sips(const struct sip_peer *peer, struct text uri)
{
    return peer->transport == SIP_OVER_TLS && text_starts_fold(uri, TEXT("sips:"));
}

void leg_secure_wish(const struct phone_leg *leg, struct sip_offer_wish *wish)
{
    uint8_t keys[ARRAY_LEN(suites)][SIP_CRYPTO_KEY_MAX];
    bool is_secure = leg->peer.transport == SIP_OVER_TLS && !leg->secure.is_plain &&
                     leg->secure.srtp != PHONE_SRTP_REFUSE;
    wish->security = leg->secure.srtp == PHONE_SRTP_REQUIRE ? SIP_SECURITY_MUST
                     : is_secure                            ? SIP_SECURITY_MAY
                                                            : SIP_SECURITY_NONE;
    if (!is_secure || getrandom(keys, sizeof(keys), 0) != sizeof(keys))
        return; /* MUST without a key: nothing is agreed */
    wish->crypto_n = ARRAY_LEN(suites);
    for (unsigned i = 0; i < ARRAY_LEN(suites); i++) {
        wish->crypto[i] = (struct sip_crypto){.tag = i + 1, .suite = suites[i].suite};
        memcpy(wish->crypto[i].key, keys[i], sip_crypto_key_n((enum sip_suite)suites[i].suite));
    }
    explicit_bzero(keys, sizeof(keys));
}

bool leg_gives_way(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    bool was_secure = leg->offer.wish.crypto_n && !leg->offer.is_agreed;
    if (!leg_is_about_sound(status) || !was_secure || leg->secure.srtp != PHONE_SRTP_ALLOW ||
        !sip_session_is_young(leg->session))
        return false;
    leg->secure.is_plain = true;
    return dial_again(p, leg);
}

void leg_secure_media(struct phone_leg *leg)
{
    const struct sip_offer_agreed *a = &leg->offer.agreed;
    struct media_secret *secret = &leg->want.secret;
    bool was_secure = secret->suite != MEDIA_PLAIN;
    bool is_other = memcmp(secret->theirs, a->theirs.key, sizeof(secret->theirs)) != 0;
    if (was_secure && is_other) { /* they begin anew */
        leg->secure.goes_on = false;
        leg->secure.rolls = (struct media_rolls){.n = 0};
    }
    *secret = (struct media_secret){.suite = MEDIA_PLAIN};
    for (unsigned i = 0; i < ARRAY_LEN(suites); i++)
        if (suites[i].suite == a->ours.suite)
            secret->suite = (enum media_suite)suites[i].media;
    if (secret->suite == MEDIA_PLAIN)
        return;
    _Static_assert(sizeof(secret->ours) == SIP_CRYPTO_KEY_MAX, "one form of keys");
    memcpy(secret->theirs, a->theirs.key, sizeof(secret->theirs));
    memcpy(secret->ours, a->ours.key, sizeof(secret->ours));
    secret->goes_on = leg->secure.goes_on;
    secret->rolls = leg->secure.rolls;
}
