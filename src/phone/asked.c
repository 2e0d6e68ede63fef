/* asked.c — port/phone.h: what the app asks of the telephone.
 * Called by the app. Cost: one message a call. Invariant: an id that is gone asks for nothing; none
 * of these reports before it has returned, except by what comes back over the network. */
#include "phone/early.h"
#include "phone/leg.h"
#include "phone/trace.h"

#define NAME_MAX_BYTES 64

static void answer(void *arg, uint64_t leg_id)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (leg)
        leg_happens(p, leg, SIP_SESSION_WE_ANSWER);
}

static bool early(void *arg, uint64_t leg_id)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    return leg && leg_early(p, leg);
}

static void hang_up(void *arg, uint64_t leg_id)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (!leg)
        return;
    if (leg->is_dead) {
        leg_drop(p, leg);
        return;
    }
    leg->is_told = true;
    leg_tell_end(p, leg, false);
    leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
}

static void refuse(void *arg, uint64_t leg_id, uint16_t status)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (!leg)
        return;
    leg->refusal = status;
    hang_up(arg, leg_id);
}

static uint32_t sound(void *arg, uint64_t leg_id, const struct phone_sound *sound)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    return leg && leg->stream.gen ? leg_sound(p, leg, sound) : 0;
}

static void referred(void *arg, uint64_t leg_id, uint16_t status)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (leg)
        leg_referred(p, leg, status);
}

static bool press(void *arg, uint64_t leg_id, struct text keys)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    return leg && leg->is_up && leg->stream.gen && leg_press(p, leg, keys);
}

/* Without an address the engine sends nothing, and whoever speaks is a stranger. */
static void die(void *arg, uint64_t leg_id)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (!leg)
        return;
    leg->is_dead = leg->is_told = true;
    leg->want.rtp = leg->want.rtcp = (struct media_address){.ip_n = 0};
    leg->want.direction = MEDIA_INACTIVE;
    leg_set_timer(p, leg, MS_NEVER);
    leg_timer_drop(p, leg);
    if (leg->stream.gen)
        (void)p->media.set(p->media.arg, leg->stream, &leg->want); /* it is ours, and lives */
}

static void tap(void *arg, uint64_t leg_id, struct media_tap tap)
{
    struct phone *p = arg;
    struct phone_leg *leg = leg_by_id(p, leg_id);
    if (leg)
        leg_tap(p, leg, tap);
}

static enum phone_look look(void *arg, uint64_t leg_id)
{
    const struct phone_leg *leg = leg_by_id(arg, leg_id);
    if (!leg || leg->is_told)
        return PHONE_LOOK_NONE;
    return leg->is_up ? PHONE_LOOK_UP : PHONE_LOOK_RINGS;
}

static bool is_there(void *arg, uint64_t aor)
{
    const struct phone *p = arg;
    return sip_registrar_next(&p->reg.registrar, aor, NULL) != NULL;
}

/* ---- calling a telephone ------------------------------------------------------------------ */

/* What a quoted string and a user part may hold without being escaped. */
void phone_put_plain(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c >= ' ' && c != '"' && c != '\\' && c != 127)
            text_put(out, (struct text){t.p + i, 1});
    }
}

/* "Retraite" <sip:0536491234@192.0.2.1:5060>: whom the telephone shows. */
static struct text party(const struct phone *p, const struct phone_leg *leg,
                         const struct phone_call *call, struct text_out *out)
{
    const struct sip_peer plain = {.at = leg->peer.at};
    if (call->name.n) {
        text_put(out, TEXT("\""));
        phone_put_plain(out, call->name);
        text_put(out, TEXT("\" "));
    }
    text_put(out, TEXT("<sip:"));
    text_put(out, call->number.n ? call->number : TEXT("anonymous"));
    text_put(out, TEXT("@"));
    text_put(out, phone_self(p, &plain));
    text_put(out, TEXT(">"));
    return (struct text){out->p, out->n};
}

static struct text target(const struct sip_binding *b, struct text_out *out)
{
    text_put(out, TEXT("<"));
    text_put(out, (struct text){b->uri, b->uri_n});
    text_put(out, TEXT(">"));
    return (struct text){out->p, out->n};
}

bool leg_begin_dialog(struct phone *p, struct phone_leg *leg, const struct leg_parties *parties)
{
    char tag[PHONE_TAG_N], call_id[48];
    /* Higher at each try: where two trunks lead to one machine, the same would be a loop
     * (§8.2.2.2). */
    uint32_t cseq = leg->dialog.local_cseq;
    struct text_out id = {.p = call_id, .max = sizeof(call_id)};
    text_hex(tag, leg->tag, PHONE_TAG_N);
    text_hex(call_id, siphash(&p->door.secret.lo, (struct text){tag, sizeof(tag)}), 16);
    id.n = 16;
    text_put(&id, TEXT("@decroche"));
    const struct sip_leg_args args = {.call_id = {call_id, id.n},
                                      .tag = {tag, sizeof(tag)},
                                      .local = parties->local,
                                      .remote = parties->remote,
                                      .target = parties->target,
                                      .cseq = cseq ? cseq : (uint32_t)(leg->tag & 0xffffff)};
    return sip_leg_call(&leg->dialog, &args) == SIP_LEG_OK;
}

static bool prepare(struct phone *p, struct phone_leg *leg, const struct phone_call *call,
                    const struct sip_binding *b)
{
    char local[SIP_PARTY_MAX], remote[SIP_TARGET_MAX + 2];
    struct text_out from = {.p = local, .max = sizeof(local)};
    struct text_out to = {.p = remote, .max = sizeof(remote)};
    const struct leg_parties parties = {.local = party(p, leg, call, &from),
                                        .remote = target(b, &to),
                                        .target = {b->uri, b->uri_n}};
    return !from.is_cut && !to.is_cut && leg_begin_dialog(p, leg, &parties);
}

bool leg_invite(struct phone *p, struct phone_leg *leg, struct text headers)
{
    const struct sip_offer_wish wish = leg_wish(p, leg);
    struct text_out sdp = {.p = leg->sdp, .max = sizeof(leg->sdp)};
    if (sip_offer_make(&leg->offer, &wish, &sdp) != SIP_OFFER_CHANGED)
        return false;
    leg->sdp_n = (uint16_t)sdp.n;
    leg->session = SIP_SESSION_CALLING;
    *leg_heard(p, leg) = (struct sip_reliable_heard){.n = 0};
    phone_trace_leg(p, leg);
    const struct leg_asking asking = {SIP_METHOD_INVITE, headers, {leg->sdp, leg->sdp_n}};
    leg->invite_tx = leg_ask_with(p, leg, &asking);
    return leg->invite_tx != SLOT_NONE;
}

uint64_t phone_draw_tag(struct phone *p)
{
    struct text serial = {(const char *)&p->next_id, sizeof(p->next_id)};
    uint64_t tag = siphash(&p->door.secret.lo, serial);
    return tag ? tag : 1;
}

static bool may_ring(const struct phone *p, const struct phone_call *call,
                     const struct sip_binding *b)
{
    /* It may have registered before the rule. */
    return phone_secure_of(p, call->aor) != PHONE_SRTP_REQUIRE ||
           b->source.transport == SIP_OVER_TLS;
}

/* One telephone of the line. */
static bool ring(struct phone *p, struct phone_leg *leg, const struct phone_call *call,
                 const struct sip_binding *b)
{
    const struct phone_leg *near = leg_by_id(p, call->near_id);
    leg->is_agent = true;
    leg->peer = b->source;
    leg->near_id = call->near_id;
    leg->aor = call->aor;
    leg->secure.srtp = phone_secure_of(p, call->aor);
    leg->secure.is_sips = leg_is_sips(&b->source, (struct text){b->uri, b->uri_n});
    leg->first_codec = near && near->offer.is_agreed ? near->offer.agreed.codec : SIP_CODEC_PCMA;
    return prepare(p, leg, call, b) && leg_invite(p, leg, TEXT_NONE);
}

static void ring_one_more(struct phone *p, struct phone_leg *head, const struct phone_call *call,
                          const struct sip_binding *b)
{
    struct phone_leg *leg = fork_new(p, head);
    if (leg && !ring(p, leg, call, b))
        leg_drop(p, leg);
}

static uint64_t call(void *arg, const struct phone_call *call)
{
    struct phone *p = arg;
    const struct sip_registrar *r = &p->reg.registrar;
    const struct sip_binding *b = sip_registrar_next(r, call->aor, NULL);
    while (b && !may_ring(p, call, b))
        b = sip_registrar_next(r, call->aor, b);
    struct phone_leg *leg = b ? leg_new(p, phone_draw_tag(p)) : NULL;
    if (!leg)
        return 0;
    leg->peer = b->source;
    if (!leg_open_stream(p, leg, call->near_id) || !ring(p, leg, call, b)) {
        leg_drop(p, leg);
        return 0;
    }
    while ((b = sip_registrar_next(r, call->aor, b)))
        if (may_ring(p, call, b))
            ring_one_more(p, leg, call, b);
    p->totals.calls_out_n++;
    return leg->id;
}

struct phone_port phone_port(struct phone *p)
{
    return (struct phone_port){.arg = p,
                               .answer = answer,
                               .early = early,
                               .refuse = refuse,
                               .call = call,
                               .dial = phone_dial,
                               .first_trunk = phone_first_trunk,
                               .sound = sound,
                               .press = press,
                               .referred = referred,
                               .die = die,
                               .hang_up = hang_up,
                               .tap = tap,
                               .look = look,
                               .is_there = is_there};
}
