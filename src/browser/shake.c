/* shake.c — the handshake of a session, and what the engine tells of its way. See browser.h.
 * Called by session.c, and by whoever has the engine's reports.
 * Invariant: a link is begun only by a datagram of a pair that was proved, or once one was chosen;
 * keys go to the engine only while the link that gave them is that of the newest offer. */
#include <string.h>

#include "browser/parts.h"

#define MS_PER_S 1000

/* ---- beginning and end -------------------------------------------------------------------- */

static void send(const uint8_t *bytes, size_t n, void *arg)
{
    const struct session *s = arg;
    const struct media_port *media = s->of->args.media;
    struct media_datagram d = {.ref = s->ref, .from = s->peer};
    if (n > sizeof(d.bytes))
        return;
    d.n = (uint16_t)n;
    memcpy(d.bytes, bytes, n);
    media->send_datagram(media->arg, &d);
}

/* False: too many have begun in this second. */
static bool may_begin(struct browsers *b, ms_t now_at)
{
    if (now_at - b->second_at >= MS_PER_S) {
        b->second_at = now_at;
        b->begun_n = 0;
    }
    if (b->begun_n == BROWSER_HANDSHAKES_MAX) {
        b->counts.put_off_n++;
        return false;
    }
    b->begun_n++;
    return true;
}

void shake_begin(struct session *s, ms_t now_at)
{
    struct browsers *b = s->of;
    struct dtls_link_args args = {
        .house = b->house, .is_active = s->is_active, .send = send, .arg = s};
    if (s->link || s->state != BROWSER_JOINING || !may_begin(b, now_at))
        return;
    memcpy(args.fingerprint, s->offer.fingerprint, sizeof(args.fingerprint));
    s->link = dtls_link_new(&args);
    s->shaking_at = b->next_at = now_at;
    b->counts.handshakes_n++;
}

void shake_end(struct session *s)
{
    dtls_link_drop(s->link);
    s->link = NULL;
}

/* ---- what has become of it ----------------------------------------------------------------- */

static void take_keys(struct session *s, ms_t now_at)
{
    struct dtls_keys keys;
    dtls_link_keys(s->link, &keys);
    s->secret =
        (struct media_secret){.suite = keys.suite == DTLS_GCM_128 ? MEDIA_GCM_128 : MEDIA_CM_80};
    memcpy(s->secret.ours, keys.ours, sizeof(keys.ours));
    memcpy(s->secret.theirs, keys.theirs, sizeof(keys.theirs));
    explicit_bzero(&keys, sizeof(keys));
    if (!session_put(s))
        browser_turn(s, BROWSER_KEYED, now_at);
}

static void give_up(struct session *s, ms_t now_at)
{
    struct browsers *b = s->of;
    if (dtls_link_why(s->link)[0]) {
        b->counts.failed_n++;
        os_log_line(b->args.log, OS_LOG_INFO, "browser: no keys for a session: %s",
                    dtls_link_why(s->link));
    }
    shake_end(s);
    s->secret = (struct media_secret){0};
    (void)session_put(s); /* nothing of it can be refused that was not before */
    browser_turn(s, BROWSER_ENDED, now_at);
}

static void look(struct session *s, ms_t now_at)
{
    enum dtls_state is = dtls_link_state(s->link);
    if (is == DTLS_UP && s->state == BROWSER_JOINING)
        take_keys(s, now_at);
    else if (is == DTLS_CLOSED || is == DTLS_FAILED)
        give_up(s, now_at);
}

void shake_take(struct session *s, const struct media_datagram *d, ms_t now_at)
{
    s->peer = d->from;
    if (!s->link && !s->is_active)
        shake_begin(s, now_at);
    if (!s->link)
        return;
    (void)dtls_link_take(s->link, d->bytes, d->n);
    look(s, now_at);
}

ms_t shake_run(struct session *s, ms_t now_at)
{
    if (!s->link && s->is_active && s->state == BROWSER_JOINING && s->peer.ip_n)
        shake_begin(s, now_at);
    if (!s->link)
        return s->is_active && s->peer.ip_n && s->state == BROWSER_JOINING ? now_at + MS_PER_S
                                                                           : MS_NEVER;
    bool is_shaking = dtls_link_state(s->link) == DTLS_SHAKING;
    if (is_shaking && now_at - s->shaking_at >= BROWSER_SHAKE_MS) {
        give_up(s, now_at);
        return MS_NEVER;
    }
    if (is_shaking) {
        (void)dtls_link_run(s->link);
        look(s, now_at);
    }
    if (!s->link || dtls_link_state(s->link) != DTLS_SHAKING)
        return MS_NEVER;
    ms_t wait_ms = dtls_link_wait_ms(s->link), end_at = s->shaking_at + BROWSER_SHAKE_MS;
    return wait_ms < end_at - now_at ? now_at + wait_ms : end_at;
}

/* ---- a turn ------------------------------------------------------------------------------- */

bool browser_report(struct browsers *b, const struct media_report *r, ms_t now_at)
{
    bool is_way = r->kind == MEDIA_LATCHED || r->kind == MEDIA_CONSENT_LOST;
    struct session *s = is_way ? session_of_stream(b, r->ref) : NULL;
    if (!s)
        return false;
    if (r->kind == MEDIA_LATCHED) {
        s->peer = r->source;
        b->next_at = now_at; /* an active one may begin */
    }
    browser_turn(s, r->kind == MEDIA_LATCHED ? BROWSER_CHOSEN : BROWSER_QUIET, now_at);
    return true;
}

/* True: there may be more, which nobody rings for again. */
static bool take_datagrams(struct browsers *b, ms_t now_at)
{
    const struct media_port *media = b->args.media;
    struct media_datagram d;
    for (unsigned i = 0; i < BROWSER_TURN_MAX; i++) {
        if (!media->next_datagram(media->arg, &d))
            return false;
        struct session *s = session_of_stream(b, d.ref);
        if (!s || memcmp(d.ufrag, s->way.ufrag, sizeof(d.ufrag)) != 0)
            continue; /* gone, or of the connection before */
        shake_take(s, &d, now_at);
        b->next_at = now_at;
    }
    return true;
}

/* Returns when the session is due again. */
static ms_t run_one(struct session *s, ms_t now_at)
{
    ms_t next_at = shake_run(s, now_at);
    if (s->state == BROWSER_UP)
        return next_at;
    if (now_at - s->since_at >= BROWSER_KEEP_MS) {
        session_forget(s);
        return MS_NEVER;
    }
    ms_t keep_at = s->since_at + BROWSER_KEEP_MS;
    return next_at < keep_at ? next_at : keep_at;
}

ms_t browser_run(struct browsers *b, ms_t now_at)
{
    bool has_more = take_datagrams(b, now_at);
    if (now_at < b->next_at)
        return has_more ? now_at : b->next_at;
    ms_t first_at = MS_NEVER;
    for (uint32_t i = 0; i < b->args.sessions_max; i++) {
        if (!b->sessions[i].id)
            continue;
        ms_t at = run_one(&b->sessions[i], now_at);
        first_at = at < first_at ? at : first_at;
    }
    b->next_at = first_at;
    return has_more ? now_at : b->next_at;
}
