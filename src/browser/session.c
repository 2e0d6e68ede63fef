/* session.c — sessions: opened by an offer, joined again by another, forgotten. See browser.h.
 * Called by app and by the harness of the tests. Cost: a look through the sessions for each call
 * but browser_run(), which mostly does nothing.
 * Invariant: a session has a stream as long as it is; nothing of it is sent without keys of the
 * connection that joined last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "browser/parts.h"

enum browser_state browser_next(enum browser_state state, enum browser_event event)
{
    static const enum browser_state next[BROWSER_STATES][BROWSER_EVENTS] = {
        [BROWSER_JOINING] = {[BROWSER_CHOSEN] = BROWSER_JOINING,
                             [BROWSER_KEYED] = BROWSER_UP,
                             [BROWSER_QUIET] = BROWSER_JOINING,
                             [BROWSER_ENDED] = BROWSER_OVER,
                             [BROWSER_AGAIN] = BROWSER_JOINING,
                             [BROWSER_ANEW] = BROWSER_JOINING},
        [BROWSER_UP] = {[BROWSER_CHOSEN] = BROWSER_UP,
                        [BROWSER_KEYED] = BROWSER_UP,
                        [BROWSER_QUIET] = BROWSER_SILENT,
                        [BROWSER_ENDED] = BROWSER_OVER,
                        [BROWSER_AGAIN] = BROWSER_UP,
                        [BROWSER_ANEW] = BROWSER_JOINING},
        [BROWSER_SILENT] = {[BROWSER_CHOSEN] = BROWSER_UP,
                            [BROWSER_KEYED] = BROWSER_UP,
                            [BROWSER_QUIET] = BROWSER_SILENT,
                            [BROWSER_ENDED] = BROWSER_OVER,
                            [BROWSER_AGAIN] = BROWSER_SILENT,
                            [BROWSER_ANEW] = BROWSER_JOINING},
        [BROWSER_OVER] = {[BROWSER_CHOSEN] = BROWSER_OVER,
                          [BROWSER_KEYED] = BROWSER_OVER,
                          [BROWSER_QUIET] = BROWSER_OVER,
                          [BROWSER_ENDED] = BROWSER_OVER,
                          [BROWSER_AGAIN] = BROWSER_OVER,
                          [BROWSER_ANEW] = BROWSER_JOINING},
    };
    return next[state][event];
}

static void tell(const struct session *s, enum browser_state state)
{
    const struct browser_args *args = &s->of->args;
    if (args->tell)
        args->tell(s->id, state, args->arg);
}

void browser_turn(struct session *s, enum browser_event event, ms_t now_at)
{
    enum browser_state next = browser_next(s->state, event);
    if (next == s->state)
        return;
    s->state = next;
    s->since_at = now_at;
    s->of->next_at = now_at;
    tell(s, next);
}

/* ---- all of them -------------------------------------------------------------------------- */

int browser_open(struct browsers **out, const struct browser_args *args)
{
    struct browsers *b = calloc(1, sizeof(*b));
    const struct dtls_house_args usual = {.repeat_us = 0};
    *out = NULL;
    if (!b)
        return ENOMEM;
    b->args = *args;
    b->next_at = MS_NEVER;
    bool is_sane = args->sessions_max && args->sessions_max <= BROWSER_SESSIONS_MAX && args->port &&
                   address_pair_first(&args->self)->family && args->media->next_datagram;
    b->sessions = is_sane ? calloc(args->sessions_max, sizeof(*b->sessions)) : NULL;
    int err = !is_sane ? EINVAL : !b->sessions ? ENOMEM : dtls_house_open(&b->house, &usual);
    if (err)
        browser_drop(b);
    else
        *out = b;
    return err;
}

void session_forget(struct session *s)
{
    struct browsers *b = s->of;
    shake_end(s);
    b->args.media->drop(b->args.media->arg, s->ref);
    tell(s, BROWSER_STATES);
    explicit_bzero(s, sizeof(*s));
}

void browser_drop(struct browsers *b)
{
    if (!b)
        return;
    for (uint32_t i = 0; b->sessions && i < b->args.sessions_max; i++)
        if (b->sessions[i].id)
            session_forget(&b->sessions[i]);
    free(b->sessions);
    dtls_house_drop(b->house);
    free(b);
}

static struct session *find(struct browsers *b, uint64_t id)
{
    for (uint32_t i = 0; id && i < b->args.sessions_max; i++)
        if (b->sessions[i].id == id)
            return &b->sessions[i];
    return NULL;
}

struct session *session_of_stream(struct browsers *b, struct media_ref ref)
{
    for (uint32_t i = 0; i < b->args.sessions_max; i++) {
        struct session *s = &b->sessions[i];
        if (s->id && s->ref.slot == ref.slot && s->ref.gen == ref.gen)
            return s;
    }
    return NULL;
}

void browser_counts(const struct browsers *b, struct browser_counts *counts)
{
    *counts = b->counts;
    counts->sessions_n = counts->up_n = 0;
    for (uint32_t i = 0; i < b->args.sessions_max; i++) {
        counts->sessions_n += b->sessions[i].id != 0;
        counts->up_n += b->sessions[i].id && b->sessions[i].state == BROWSER_UP;
    }
}

/* ---- what the stream does ----------------------------------------------------------------- */

static enum media_codec codec_of(uint8_t codec)
{
    static const enum media_codec codecs[SIP_CODECS] = {
        [SIP_CODEC_PCMA] = MEDIA_PCMA,
        [SIP_CODEC_PCMU] = MEDIA_PCMU,
        [SIP_CODEC_G722] = MEDIA_G722,
        [SIP_CODEC_OPUS] = MEDIA_OPUS,
    };
    return codecs[codec];
}

int session_put(struct session *s)
{
    const struct media_port *media = s->of->args.media;
    struct media_want want = s->does;
    want.codec = codec_of(s->offer.codec);
    want.payload_type = s->offer.payload;
    want.key_type = s->offer.digits == RTC_NO_PAYLOAD ? 0 : s->offer.digits;
    want.is_key_wide = s->offer.has_wide_digits;
    want.is_rtcp_mux = true;
    want.secret = s->secret;
    want.browser = s->way;
    return media->set(media->arg, s->ref, &want);
}

int browser_set(struct browsers *b, uint64_t id, const struct media_want *does)
{
    struct session *s = find(b, id);
    if (!s)
        return ESTALE;
    const struct media_want before = s->does;
    s->does = *does;
    int err = session_put(s);
    if (err)
        s->does = before;
    return err;
}

/* ---- joining ------------------------------------------------------------------------------ */

/* Names and passwords of ICE, 6 bits a character. */
static bool draw_way(struct media_browser *way)
{
    static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t chance[sizeof(way->ufrag) + sizeof(way->password)];
    if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
        return false;
    for (unsigned i = 0; i < sizeof(way->ufrag); i++)
        way->ufrag[i] = chars[chance[i] % 64];
    for (unsigned i = 0; i < sizeof(way->password); i++)
        way->password[i] = chars[chance[sizeof(way->ufrag) + i] % 64];
    return true;
}

static bool draw_id(uint64_t *id)
{
    return getrandom(id, sizeof(*id), 0) == sizeof(*id) && *id;
}

static bool write_answer(const struct session *s, struct browser_answer *answer)
{
    const struct browsers *b = s->of;
    struct text_out out = {.p = answer->sdp, .max = sizeof(answer->sdp)};
    struct rtc_answer a = {.self = &b->args.self,
                           .port = b->args.port,
                           .is_active = s->is_active,
                           .session_id = s->id >> 1, /* of o=: positive as a signed number */
                           .version = s->version};
    memcpy(a.ufrag, s->way.ufrag, sizeof(a.ufrag));
    memcpy(a.password, s->way.password, sizeof(a.password));
    memcpy(a.fingerprint, dtls_house_fingerprint(b->house), sizeof(a.fingerprint));
    answer->id = s->id;
    answer->ref = s->ref;
    bool is_written = rtc_answer_write(&out, &s->offer, &a);
    answer->sdp_n = out.n;
    return is_written;
}

static bool begins(const struct session *s, enum rtc_setup setup)
{
    return setup == RTC_PASSIVE || (setup == RTC_ACTPASS && s->of->args.is_active);
}

/* What a session would be after this offer; nothing of the one that stands has changed. */
static bool is_prepared(struct session *next, const struct rtc_offer *offer, bool goes_on,
                        struct browser_answer *answer)
{
    next->offer = *offer;
    next->version++;
    if (!goes_on) {
        next->is_active = begins(next, offer->setup);
        next->secret = (struct media_secret){0};
        next->peer = (struct media_address){0};
    }
    next->way.goes_on = goes_on;
    return draw_way(&next->way) && write_answer(next, answer) && !session_put(next);
}

static struct session *open_place(struct browsers *b)
{
    const struct media_port *media = b->args.media;
    const struct media_opening how = {.is_browser = true};
    struct media_opened opened;
    struct session *s = NULL;
    for (uint32_t i = 0; !s && i < b->args.sessions_max; i++)
        s = b->sessions[i].id ? NULL : &b->sessions[i];
    if (!s || media->open(media->arg, &how, &opened) != MEDIA_OPENED)
        return NULL;
    *s = (struct session){.of = b,
                          .ref = opened.ref,
                          .state = BROWSER_JOINING,
                          .does = {.direction = MEDIA_SENDRECV, .then = MEDIA_SILENCE}};
    if (draw_id(&s->id))
        return s;
    media->drop(media->arg, s->ref);
    *s = (struct session){0};
    return NULL;
}

static enum browser_verdict join_new(struct browsers *b, const struct rtc_offer *offer, ms_t now_at,
                                     struct browser_answer *answer)
{
    struct session *s = open_place(b);
    if (!s)
        return BROWSER_FULL;
    if (!is_prepared(s, offer, false, answer)) {
        b->args.media->drop(b->args.media->arg, s->ref);
        explicit_bzero(s, sizeof(*s));
        return BROWSER_FULL;
    }
    s->since_at = b->next_at = now_at;
    return BROWSER_JOINED;
}

/* The stream is told at once: a connection's way is dead before the page of the next has its
 * answer; that of a connection that goes on lives until it has chosen another. */
static enum browser_verdict join_again(struct session *s, const struct rtc_offer *offer,
                                       ms_t now_at, struct browser_answer *answer)
{
    struct session next = *s;
    bool goes_on = s->state != BROWSER_OVER && rtc_offer_goes_on(offer, &s->offer);
    if (!is_prepared(&next, offer, goes_on, answer))
        return BROWSER_FULL;
    if (!goes_on)
        shake_end(s);
    next.link = s->link;
    *s = next;
    browser_turn(s, goes_on ? BROWSER_AGAIN : BROWSER_ANEW, now_at);
    s->since_at = s->of->next_at = now_at;
    return BROWSER_JOINED;
}

enum browser_verdict browser_join(struct browsers *b, const struct browser_offer *offer,
                                  struct browser_answer *answer)
{
    struct rtc_offer read;
    *answer = (struct browser_answer){0};
    struct session *s = find(b, offer->id);
    if (offer->id && !s)
        return BROWSER_UNKNOWN;
    answer->why = rtc_offer_read(&read, offer->sdp, &offer->wish);
    if (answer->why != RTC_GOOD)
        return BROWSER_REFUSED;
    return s ? join_again(s, &read, offer->at, answer) : join_new(b, &read, offer->at, answer);
}

bool browser_leave(struct browsers *b, uint64_t id)
{
    struct session *s = find(b, id);
    if (s)
        session_forget(s);
    return s != NULL;
}
