/* webport_stun.c — a check of a browser (RFC 8445 §7.3): read, proved by the password of the stream
 * that it names, answered; what it changes is the agent's to say (rtc/ice.h).
 * Called by webport.c. Cost: a CRC and two HMACs of some 100 bytes, ~2 µs.
 * Invariant: without a proof nothing changes, and at most WEBPORT_ERRORS_MAX answers go in a
 * second. */
#include <string.h>

#include "media/packet.h"
#include "rtc/stun.h"

static void make_mac(uint8_t mac[STUN_MAC_BYTES], const struct stun_pieces *of, void *arg)
{
    seal_mac(arg, &(struct seal_bytes){of->head, of->head_n, of->rest, of->rest_n}, mac);
}

static void answer(const struct packet *p, const struct stun_message *m,
                   const struct stun_answer *says)
{
    struct webport *w = p->t->webport;
    uint8_t bytes[STUN_ANSWER_MAX];
    struct socket_address to;
    if (says->error && !webport_allow(&w->errors, WEBPORT_ERRORS_MAX, p->t->at))
        return;
    size_t n = stun_write(bytes, m, says);
    socket_address_of(&to, &p->from);
    (void)socket_send(w->fds[media_address_side(&p->from)], bytes, n, &to);
}

/* "OURS:THEIRS" (RFC 8445 §7.2.2). Sets s and returns the way of this name; NULL: of nobody. */
static struct webport_way *find(struct packet *p, const struct stun_message *m)
{
    struct webport *w = p->t->webport;
    uint64_t name;
    if (m->username.n <= sizeof(name) || m->username.p[sizeof(name)] != ':')
        return NULL;
    memcpy(&name, m->username.p, sizeof(name));
    uint32_t i = name ? map_get(&w->by_name, name) : SLOT_NONE;
    if (i == SLOT_NONE)
        return NULL;
    p->s = &p->t->streams[i];
    struct webport_browser *b = &w->browsers[i];
    return memcmp(&name, b->now.is.ufrag, sizeof(name)) ? &b->before : &b->now;
}

/* Output: what the check has changed, on its way to all who must know. */
static void believe(struct packet *p, struct webport_way *way, const struct ice_check *check)
{
    struct webport *w = p->t->webport;
    uint32_t i = p->s->slot - p->t->first_slot;
    struct webport_browser *b = &w->browsers[i];
    struct ice_news news = ice_check(&way->ice, check);
    webport_forget(w, &news.forgotten, i);
    if (news.is_valid)
        webport_know(w, &check->from, i);
    if (!news.is_chosen || (way == &b->before && ice_chosen(&b->now.ice)))
        return;
    if (way == &b->now)
        webport_settle(p->t, p->s);
    webport_steer(p->t, p->s);
    p->s->due.chosen = p->from;
    report_add(p->t, p->s, MEDIA_LATCHED);
}

/* What is wrong with a request that is proved; STUN_NO_ERROR: nothing. */
static enum stun_error judge(const struct stun_message *m)
{
    if (m->unknown_n)
        return STUN_UNKNOWN_ATTRIBUTE;
    if (!m->has_fingerprint || !m->has_priority)
        return STUN_BAD_REQUEST;
    return m->has_controlled ? STUN_ROLE_CONFLICT : STUN_NO_ERROR; /* a lite agent never controls */
}

void webport_stun(struct packet *p)
{
    struct stun_message m;
    enum stun_verdict v = stun_read(&m, p->bytes, p->n);
    if (v != STUN_GOOD || m.class != STUN_REQUEST || m.method != STUN_BINDING) {
        total_add(&p->t->totals.refused_n, 1);
        return;
    }
    struct webport_way *way = find(p, &m);
    const struct stun_key key = {make_mac, way ? &way->key : NULL};
    struct stun_answer says = {.error = m.username.n && m.has_integrity ? STUN_UNAUTHENTICATED
                                                                        : STUN_BAD_REQUEST};
    if (!way || !stun_is_proved(&m, p->bytes, &key)) {
        total_add(&p->t->totals.refused_n, 1);
        answer(p, &m, &says);
        return;
    }
    const struct ice_check check = {webport_address_of(&p->from), m.is_used, p->t->at};
    says = (struct stun_answer){.error = judge(&m), .mapped = check.from, .key = &key};
    answer(p, &m, &says);
    if (says.error == STUN_NO_ERROR)
        believe(p, way, &check);
}
