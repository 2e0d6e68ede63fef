/* sound.c — the stream of a leg: what was agreed, what is heard, and whether the other side lives.
 * Called by phone/ only. Cost: one set() a change. Invariant: silence alone ends no leg; it is
 * asked by an OPTIONS of its dialog, and only who does not answer is gone (design §3.4). */
#include <string.h>

#include "phone/digit.h"
#include "phone/early.h"
#include "phone/leg.h"

static const enum media_codec media_codecs[SIP_CODECS] = {
    [SIP_CODEC_PCMA] = MEDIA_PCMA,
    [SIP_CODEC_PCMU] = MEDIA_PCMU,
    [SIP_CODEC_G722] = MEDIA_G722,
    [SIP_CODEC_OPUS] = MEDIA_OPUS,
};

static void add_codec(struct sip_offer_wish *wish, enum sip_codec codec)
{
    if (codec != SIP_CODEC_NONE && !memchr(wish->codecs, (int)codec, wish->codecs_n))
        wish->codecs[wish->codecs_n++] = (uint8_t)codec;
}

bool leg_keep_coder(const struct phone *p, const struct phone_leg *leg)
{
    if (!p->media.keep_coder || !leg->stream.gen)
        return false;
    if (p->media.keep_coder(p->media.arg, leg->stream))
        return true;
    os_log_line(p->log, OS_LOG_ALARM,
                "phone: no coder for a leg without G.711: all of its media thread are in use");
    return false;
}

/* What the other side of a bridge speaks comes first, so that both get each other's packets as they
 * are; then the laws; then what costs us a coder, which is offered only where that is agreed or
 * where they have refused the laws. All are good enough for an answer. */
static void wish_codecs(const struct phone *p, const struct phone_leg *leg,
                        struct sip_offer_wish *wish)
{
    enum sip_codec first = (enum sip_codec)leg->first_codec;
    if (sip_codec_is_law(first) || (first != SIP_CODEC_NONE && leg_keep_coder(p, leg)))
        add_codec(wish, first);
    add_codec(wish, SIP_CODEC_PCMA);
    add_codec(wish, SIP_CODEC_PCMU);
    if (leg->offer.is_agreed)
        add_codec(wish, (enum sip_codec)leg->offer.agreed.codec);
    wish->offered_n = wish->codecs_n;
    if (!p->media.keep_coder)
        return;
    add_codec(wish, SIP_CODEC_G722);
    add_codec(wish, SIP_CODEC_OPUS);
    if (leg->offers_all && !leg->offer.is_agreed)
        wish->offered_n = wish->codecs_n;
}

struct sip_offer_wish leg_wish(const struct phone *p, const struct phone_leg *leg)
{
    const struct address *there = leg->offer.is_agreed ? &leg->offer.agreed.to : &leg->peer.at;
    struct sip_offer_wish wish = {.self = p->seen,
                                  .side = (uint8_t)address_side(there),
                                  .origin_side = (uint8_t)address_side(&leg->peer.at),
                                  .port = leg->rtp_port,
                                  .origin_id = leg->origin_id,
                                  .direction = SIP_SDP_SENDRECV,
                                  .has_digits = true,
                                  .has_rtcp_mux = true};
    wish_codecs(p, leg, &wish);
    leg_secure_wish(leg, &wish);
    return wish;
}

bool leg_is_about_sound(uint16_t status)
{
    return status == 488 || status == 415 || status == 606;
}

/* So whoever has a law of G.711 speaks it, whatever they would like best. */
bool leg_offers_all(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    bool is_first = !leg->offers_all && !leg->offer.is_agreed && sip_session_is_young(leg->session);
    if (!leg_is_about_sound(status) || !is_first || !leg_keep_coder(p, leg))
        return false;
    leg->offers_all = true;
    return dial_again(p, leg);
}

static struct media_address address_of(const struct address *a, uint16_t port)
{
    struct media_address to = {.ip_n = a->family == 6 ? 16 : 4, .port = port};
    memcpy(to.ip, a->ip, to.ip_n);
    if (!port)
        to.ip_n = 0;
    return to;
}

static void set(struct phone *p, struct phone_leg *leg)
{
    int err = leg->stream.gen ? p->media.set(p->media.arg, leg->stream, &leg->want) : 0;
    LEG_CHECK(p, leg, err == 0);
}

/* Behind a NAT the description names an address that nobody reaches: the first packets may come
 * from elsewhere when the signalling did. */
static bool is_behind_nat(const struct phone_leg *leg, const struct address *to)
{
    return memcmp(leg->peer.at.ip, to->ip, sizeof(to->ip)) != 0;
}

struct media_ref phone_stream(void *arg, uint64_t leg_id)
{
    const struct phone_leg *leg = leg_by_id(arg, leg_id);
    return leg ? leg->stream : (struct media_ref){0};
}

static struct media_ref stream_of(struct phone *p, uint64_t leg_id)
{
    struct media_ref ours = phone_stream(p, leg_id);
    return ours.gen || !leg_id || !p->stream ? ours : p->stream(p->stream_arg, leg_id);
}

uint32_t leg_sound(struct phone *p, struct phone_leg *leg, const struct phone_sound *sound)
{
    struct media_want *want = &leg->want;
    struct media_ref to = stream_of(p, sound->peer_id);
    bool is_new =
        sound->then == MEDIA_BRIDGE && (to.slot != want->peer.slot || to.gen != want->peer.gen);
    for (unsigned i = 0; i < MEDIA_HEARS_MAX; i++)
        want->hears[i] = stream_of(p, sound->hears_ids[i]);
    want->mix_number = sound->mix;
    want->hides_keys = sound->hides_keys;
    want->list.number += want->list.number == UINT32_MAX ? 2 : 1;
    want->voice_number = sound->wants_voice ? want->list.number : 0;
    leg->cut_list = leg->told_list = 0;
    want->list.n = sound->n;
    want->list.stops_on_key = sound->stops_on_key;
    memcpy(want->list.ids, sound->ids, sizeof(want->list.ids));
    want->then = sound->then;
    want->loop_id = sound->loop_id;
    want->peer = to;
    want->join_number += is_new;
    set(p, leg);
    return want->list.number;
}

void leg_tap(struct phone *p, struct phone_leg *leg, struct media_tap tap)
{
    leg->want.tap = tap;
    set(p, leg);
}

bool leg_press(struct phone *p, struct phone_leg *leg, struct text keys)
{
    struct media_keys *want = &leg->want.keys;
    if (!keys.n || keys.n > MEDIA_KEYS_MAX || !leg->want.key_type)
        return false;
    for (size_t i = 0; i < keys.n; i++)
        if (!memchr("0123456789*#ABCD", keys.p[i], 16))
            return false;
    want->number += want->number == UINT32_MAX ? 2 : 1;
    want->n = (uint8_t)keys.n;
    memcpy(want->keys, keys.p, keys.n);
    set(p, leg);
    return true;
}

/* The engine stops a list at any key. When that key was only the second word for a press that the
 * app has had already, its list begins anew, and keeps its number for the app. */
static bool begins_anew(struct phone *p, struct phone_leg *leg, const struct media_report *r)
{
    struct media_list *list = &leg->want.list;
    if (!r->list.is_by_key || !leg->cut_list || r->list.number != leg->cut_list ||
        r->list.number != list->number)
        return false;
    leg->cut_list = 0;
    leg->told_list = leg->told_list ? leg->told_list : list->number;
    list->number += list->number == UINT32_MAX ? 2 : 1;
    set(p, leg);
    return true;
}

static uint32_t number_of(const struct phone_leg *leg, const struct media_report *r)
{
    bool is_anew = leg->told_list && r->list.number == leg->want.list.number;
    return is_anew ? leg->told_list : r->list.number;
}

/* ---- life --------------------------------------------------------------------------------- */

static bool is_strict(const struct phone_leg *leg)
{
    return leg->is_agent && leg->want.direction == MEDIA_SENDRECV;
}

static void wait_for_probe(struct phone *p, struct phone_leg *leg, ms_t wait_ms)
{
    leg->watch = WATCH_WAITS;
    leg_set_timer(p, leg, p->now_at + wait_ms);
}

void leg_await(struct phone *p, struct phone_leg *leg)
{
    leg->probe_tx = SLOT_NONE;
    leg->watch = WATCH_CUT;
    leg_set_timer(p, leg, p->now_at + (is_strict(leg) ? PHONE_CUT_STRICT_MS : PHONE_CUT_MS));
}

static void probe(struct phone *p, struct phone_leg *leg)
{
    if (leg_is_cut_off(p, leg)) {
        leg_await(p, leg);
        return;
    }
    leg->probe_tx = leg_ask(p, leg, SIP_METHOD_OPTIONS, TEXT_NONE);
    leg->watch = leg->probe_tx != SLOT_NONE ? WATCH_ASKED : WATCH_WAITS;
    leg->is_unanswered = false;
    ms_t wait_ms = is_strict(leg) ? PHONE_PROBE_ANSWER_MS : PHONE_PROBE_SLOW_MS;
    leg_set_timer(p, leg, p->now_at + wait_ms);
}

void leg_is_back(struct phone *p, struct phone_leg *leg)
{
    if (leg->watch == WATCH_CUT)
        probe(p, leg);
}

/* A telephone is held by its key; who waits there must not sit in silence. */
static void tell_hold(struct phone *p, struct phone_leg *leg)
{
    struct phone_report report = {.kind = PHONE_HOLDS, .holds = leg->offer.agreed.is_held};
    if (!leg->is_up || leg->holds == report.holds)
        return;
    leg->holds = report.holds;
    leg_tell(p, leg, &report);
}

void leg_set_media(struct phone *p, struct phone_leg *leg)
{
    const struct sip_offer_agreed *a = &leg->offer.agreed;
    struct media_want *want = &leg->want;
    bool was_strict = is_strict(leg);
    if (!leg->offer.is_agreed)
        return;
    want->user = leg->id;
    want->group = leg->dial.trunk ? p->trunks[leg->dial.trunk - 1u].is.number : 0;
    want->is_measured = p->is_measuring;
    want->rtp = address_of(&a->to, a->to_port);
    want->rtcp = address_of(&a->rtcp_to, a->rtcp_port);
    want->codec = media_codecs[a->codec];
    want->payload_type = a->payload_out;
    want->payload_in = a->payload_in;
    want->key_type = a->digits_out == SIP_OFFER_NO_PAYLOAD ? 0 : a->digits_out;
    want->key_in = want->key_type ? a->digits_in : 0;
    want->is_key_wide = a->has_wide_digits;
    want->noise_type = a->has_noise ? SIP_OFFER_NOISE_PAYLOAD : 0;
    want->packet_ms = (uint8_t)sip_offer_packet_ms(a);
    want->is_rtcp_mux = a->has_rtcp_mux;
    want->is_nat = is_behind_nat(leg, &a->to);
    want->direction = (enum media_direction)(a->direction - SIP_SDP_INACTIVE);
    leg_secure_media(leg);
    set(p, leg);
    tell_hold(p, leg);
    if (leg->is_silent && !was_strict && is_strict(leg))
        probe(p, leg); /* its silence began on hold, and will not be told again */
}

void leg_watch_stop(struct phone *p, struct phone_leg *leg)
{
    leg->watch = WATCH_NONE;
    leg->probe_tx = SLOT_NONE;
    leg->is_silent = leg->is_lost = leg->is_unanswered = false;
    leg_set_timer(p, leg, MS_NEVER);
}

/* Both hold: four seconds of silence, two of them without an answer. */
static void judge(struct phone *p, struct phone_leg *leg)
{
    struct phone_report lost = {.kind = PHONE_LOST};
    if (!leg->is_lost || !leg->is_unanswered || !is_strict(leg))
        return;
    leg_watch_stop(p, leg);
    leg_tell(p, leg, &lost);
}

void leg_watch_due(struct phone *p, struct phone_leg *leg)
{
    leg_set_timer(p, leg, MS_NEVER);
    if (leg->is_broken) {
        leg->is_fault = true;
        leg_tell_end(p, leg, true);
        leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
        return;
    }
    if (leg->watch == WATCH_EARLY) {
        leg_early_due(p, leg);
        return;
    }
    if (leg->watch == WATCH_DIAL || leg->watch == WATCH_TRYING) {
        dial_due(p, leg);
        return;
    }
    if (leg->watch == WATCH_CUT && leg_is_cut_off(p, leg)) {
        leg_gone(p, leg);
    } else if (leg->watch == WATCH_CUT) { /* an operator's name was not known yet: now or never */
        leg->is_cut = false;
        probe(p, leg);
    } else if (leg->watch == WATCH_WAITS && leg->is_silent) {
        probe(p, leg);
    } else if (leg->watch == WATCH_ASKED && is_strict(leg)) {
        leg->is_unanswered = true;
        judge(p, leg);
    }
}

void leg_gone(struct phone *p, struct phone_leg *leg)
{
    struct phone_report lost = {.kind = PHONE_LOST};
    leg_timer_stop(p, leg);
    leg->cause = 408; /* RFC 4028 §10 */
    if (leg->is_agent) {
        leg_watch_stop(p, leg);
        leg_tell(p, leg, &lost);
        return;
    }
    leg->is_fault = true;
    leg_tell_end(p, leg, true);
    leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
}

/* An old question that runs out after the sound came back says nothing; 481 always does. */
void leg_probe_answered(struct phone *p, struct phone_leg *leg, uint32_t tx, uint16_t status)
{
    bool is_gone = status == 481 || status == 408;
    if (tx != leg->probe_tx && status != 481)
        return;
    leg->probe_tx = SLOT_NONE;
    if (is_gone) {
        leg_gone(p, leg);
    } else if (leg->watch == WATCH_ASKED) {
        leg->is_unanswered = leg->is_resumed = false;
        wait_for_probe(p, leg, is_strict(leg) ? PHONE_PROBE_EVERY_MS : PHONE_PROBE_SLOW_MS);
    }
}

static void on_silence(struct phone *p, struct phone_leg *leg, bool is_long)
{
    if (!leg->is_up || leg->watch == WATCH_EARLY) /* who only listens may say nothing */
        return;
    leg->is_silent = true;
    leg->is_lost |= is_long;
    bool is_doubtful = is_strict(leg) || leg->is_resumed; /* who left meanwhile told nobody */
    if (leg->watch == WATCH_NONE && is_doubtful)
        probe(p, leg);
    else if (leg->watch == WATCH_NONE)
        wait_for_probe(p, leg, PHONE_PROBE_SLOW_MS);
    else
        judge(p, leg);
}

/* ---- reports ------------------------------------------------------------------------------ */

static void on_report(struct phone *p, struct phone_leg *leg, const struct media_report *r)
{
    struct phone_report up = {.kind = PHONE_PLAYED};
    switch (r->kind) {
    case MEDIA_KEY_BEGUN:
        leg_key(p, leg, r->key.key, LEG_KEY_EVENT);
        return;
    case MEDIA_KEY_ENDED:
        leg_key_ended(p, leg, r->key.key);
        return;
    case MEDIA_LIST_ENDED:
        up.list.number = number_of(leg, r);
        up.list.is_by_key = r->list.is_by_key;
        if (!begins_anew(p, leg, r))
            leg_tell(p, leg, &up);
        return;
    case MEDIA_HEARD:
        up.kind = PHONE_HEARD;
        if (r->join_number == leg->want.join_number && r->join_number)
            leg_tell(p, leg, &up);
        return;
    case MEDIA_QUIET:
    case MEDIA_LOST:
        on_silence(p, leg, r->kind == MEDIA_LOST);
        return;
    case MEDIA_BACK:
        if (leg->watch != WATCH_EARLY)
            leg_watch_stop(p, leg);
        return;
    case MEDIA_ROLLED:
        leg->secure.rolls = r->rolls;
        return;
    case MEDIA_SOUND:
        up.kind = PHONE_SOUND;
        up.sound.at = r->sound.at;
        up.sound.level_cdb = r->sound.level_cdb;
        leg_tell(p, leg, &up);
        return;
    case MEDIA_VOICE:
        up.kind = PHONE_VOICE;
        up.voice = r->voice_number;
        if (r->voice_number == leg->want.voice_number)
            leg_tell(p, leg, &up);
        return;
    case MEDIA_COUNTS:
        up.kind = PHONE_COUNTS;
        up.counts = r->counts;
        if (leg->want.then == MEDIA_ECHO)
            leg_tell(p, leg, &up);
        return;
    default:
        return;
    }
}

/* A robot wants to know how the sound was, of a leg that is over. */
static void tell_counts(struct phone *p, const struct media_report *r)
{
    const struct phone_report counted = {
        .kind = PHONE_COUNTED, .leg_id = r->user, .counts = r->counts};
    p->totals.lost_n += r->counts.lost_n;
    phone_quality(p, r);
    if (p->is_measuring && r->user)
        p->report(&counted, p->report_arg);
}

/* Bounded by what the engine holds: a turn takes a batch, the next one the rest. */
#define REPORTS_PER_TURN 1024

void phone_media_reports(struct phone *p)
{
    struct media_report r;
    p->has_more = true;
    for (unsigned i = 0; i < REPORTS_PER_TURN && p->has_more; i++) {
        p->has_more = p->media.next(p->media.arg, &r);
        if (p->has_more && r.kind == MEDIA_CLOSED)
            tell_counts(p, &r);
        struct phone_leg *leg = p->has_more ? leg_by_stream(p, r.ref) : NULL;
        if (leg)
            on_report(p, leg, &r);
    }
}
