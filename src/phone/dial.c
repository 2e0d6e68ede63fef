/* dial.c — a call to a number outside, by an operator: the first in order of priority that takes
 * it. One that says nothing for two seconds, nothing but 100 for fifteen, or cannot (3xx, 408, a
 * second 422, 5xx but busy), is left for the next; a challenge is answered. Called by phone/ only.
 * Cost: one message a try. Invariant: each trunk is tried once for a call, and challenged at most
 * SIP_TRUNK_PROOFS_MAX times; an INVITE that was left is cancelled, or ended should it be answered
 * all the same. */
#include <string.h>

#include "phone/leg.h"

#define LINES_MAX 1024

/* ---- the message -------------------------------------------------------------------------- */

/* sip:+33…@host, sip:112@host (a short number has no country, RFC 3966 §5.1.5), or nobody's. */
static void put_party(struct text_out *out, const struct trunk *t, const char *number, bool is_bare)
{
    text_put(out, *number && !is_bare ? TEXT("sip:+") : TEXT("sip:"));
    text_put(out, *number ? text_of(number) : TEXT("anonymous"));
    text_put(out, TEXT("@"));
    trunk_put_host(out, t);
}

static bool prepare(struct phone *p, struct phone_leg *leg, const struct trunk *t)
{
    char local[SIP_PARTY_MAX], remote[SIP_TARGET_MAX];
    struct text_out from = {.p = local, .max = sizeof(local)};
    struct text_out to = {.p = remote, .max = sizeof(remote)};
    if (leg->dial.name[0]) {
        text_put(&from, TEXT("\""));
        phone_put_plain(&from, text_of(leg->dial.name));
        text_put(&from, TEXT("\" "));
    }
    text_put(&from, TEXT("<"));
    put_party(&from, t, leg->dial.is_line ? t->user : leg->dial.caller,
              leg->dial.is_plain || leg->dial.is_line);
    text_put(&from, TEXT(">"));
    text_put(&to, TEXT("<"));
    put_party(&to, t, leg->dial.number, leg->dial.is_short || leg->dial.is_plain);
    text_put(&to, TEXT(">"));
    const struct leg_parties parties = {
        .local = {from.p, from.n}, .remote = {to.p, to.n}, .target = {to.p + 1, to.n - 2}};
    return !from.is_cut && !to.is_cut && leg_begin_dialog(p, leg, &parties);
}

/* Who calls, in the form that operators trust (RFC 3325 §9.1), and the proof where one is asked. */
static bool send_invite(struct phone *p, struct phone_leg *leg, struct text proof)
{
    const struct trunk *t = &p->trunks[leg->dial.trunk - 1];
    char bytes[LINES_MAX];
    struct text_out lines = {.p = bytes, .max = sizeof(bytes)};
    if (leg->dial.caller[0] && !leg->dial.is_plain) {
        text_put(&lines, TEXT("P-Asserted-Identity: <"));
        put_party(&lines, t, leg->dial.caller, false);
        text_put(&lines, TEXT(">\r\n"));
    }
    text_put(&lines, proof);
    if (lines.is_cut || !leg_invite(p, leg, (struct text){lines.p, lines.n}))
        return false;
    leg->watch = WATCH_DIAL;
    leg_set_timer(p, leg, p->now_at + PHONE_TRUNK_SILENT_MS);
    return true;
}

/* ---- which trunk -------------------------------------------------------------------------- */

/* Of those not tried yet, the first by priority that answers; when none does, any: the operator
 * knows better than our probes. SLOT_NONE: all were tried. */
static uint32_t choose(const struct phone *p, uint32_t tried, bool is_short)
{
    uint32_t best = SLOT_NONE;
    unsigned best_rank = 0;
    for (uint32_t i = 0; i < p->trunks_n && i < PHONE_TRUNKS_MAX; i++) {
        const struct trunk *t = &p->trunks[i];
        bool has_room = is_short || trunk_has_room(t);
        if (!t->is.number || !t->is.at_n || t->is.is_line || tried & 1u << i || !has_room)
            continue;
        unsigned rank = t->is.priority + (sip_trunk_is_usable(&t->state, p->now_at) ? 0u : 256u);
        if (best == SLOT_NONE || rank < best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static bool try_one(struct phone *p, struct phone_leg *leg, uint32_t place)
{
    const struct trunk *t = &p->trunks[place];
    leg->dial.proofs_n = leg->dial.redirects_n = 0;
    leg->timer.is.min_s = 0;
    leg->timer.is_raised = false;
    leg->peer = trunk_peer(t);
    leg->secure = (struct leg_secure){.srtp = t->is.srtp};
    trunk_take_out(p, leg, place);
    return prepare(p, leg, t) && send_invite(p, leg, TEXT_NONE);
}

/* Tries trunks until one has taken the message. False: there is none left. */
static bool try_next(struct phone *p, struct phone_leg *leg)
{
    for (uint32_t place; !leg->dial.is_alone &&
                         (place = choose(p, leg->dial.tried, leg->dial.is_short)) != SLOT_NONE;) {
        leg->dial.tried |= 1u << place;
        if (try_one(p, leg, place))
            return true;
    }
    trunk_give_back(p, leg);
    return false;
}

uint32_t phone_first_trunk(void *arg)
{
    const struct phone *p = arg;
    uint32_t place = choose(p, 0, false);
    return place == SLOT_NONE ? 0 : p->trunks[place].is.number;
}

/* This one and no other: known, with an address, and with a channel that nobody needs. */
static bool may_carry(const struct phone *p, const struct phone_leg *leg, uint32_t place)
{
    return place != SLOT_NONE && p->trunks[place].is.at_n &&
           (leg->dial.is_line || trunk_has_room(&p->trunks[place]));
}

uint64_t phone_dial(void *arg, const struct phone_dial *dial)
{
    struct phone *p = arg;
    const struct phone_leg *near = leg_by_id(p, dial->near_id);
    enum sip_codec codec =
        near && near->offer.is_agreed ? (enum sip_codec)near->offer.agreed.codec : SIP_CODEC_PCMA;
    size_t most = dial->is_plain ? DIAL_PLAIN_MAX : DIAL_NUMBER_MAX;
    if (!dial->number.n || dial->number.n >= most || dial->caller.n >= most)
        return 0;
    struct phone_leg *leg = leg_new(p, phone_draw_tag(p));
    if (!leg)
        return 0;
    leg->is_agent = true;
    leg->near_id = dial->near_id;
    leg->first_codec = (uint8_t)codec;
    leg->dial.is_short = dial->is_short;
    leg->dial.is_plain = dial->is_plain;
    leg->dial.is_line = dial->line != 0;
    leg->dial.is_alone = dial->line || dial->trunk;
    memcpy(leg->dial.number, dial->number.p, dial->number.n);
    if (dial->caller.n)
        memcpy(leg->dial.caller, dial->caller.p, dial->caller.n);
    size_t name_n = dial->name.n < sizeof(leg->dial.name) ? dial->name.n : 0;
    if (name_n) /* a name that is too long is left out, not cut within a letter */
        memcpy(leg->dial.name, dial->name.p, name_n);
    uint32_t alone = trunk_place(p, dial->line ? dial->line : dial->trunk);
    bool may_try = !leg->dial.is_alone || may_carry(p, leg, alone);
    if (!may_try || !leg_open_stream(p, leg, dial->near_id) ||
        !(leg->dial.is_alone ? try_one(p, leg, alone) : try_next(p, leg))) {
        leg_drop(p, leg);
        return 0;
    }
    p->totals.calls_out_n++;
    return leg->id;
}

/* ---- going on ----------------------------------------------------------------------------- */

/* The INVITE in course gets a leg of its own, which cancels it or ends what comes of it; ours gets
 * another tag for the next one. */
static void leave_behind(struct phone *p, struct phone_leg *leg)
{
    if (leg->invite_tx == SLOT_NONE)
        return;
    uint32_t tx = leg->invite_tx;
    struct phone_leg *ghost = leg_new(p, phone_draw_tag(p));
    leg->invite_tx = SLOT_NONE;
    if (!ghost) {
        sip_tx_drop(&p->txs, tx);
        return;
    }
    uint64_t other_tag = ghost->tag;
    uint32_t leg_slot = (uint32_t)(leg - p->legs), ghost_slot = (uint32_t)(ghost - p->legs);
    ghost->tag = leg->tag;
    leg->tag = other_tag;
    map_put(&p->tags, ghost->tag, ghost_slot);
    map_put(&p->tags, leg->tag, leg_slot);
    ghost->dialog = leg->dialog;
    ghost->offer = leg->offer;
    *leg_heard(p, ghost) = *leg_heard(p, leg);
    ghost->peer = leg->peer;
    ghost->near_id = leg->near_id;
    ghost->session = leg->session;
    ghost->invite_tx = tx;
    ghost->is_told = true;
    p->txs.tx[tx].user = ghost->id << LEG_ROLE_BITS | LEG_INVITE;
    leg_happens(p, ghost, SIP_SESSION_WE_HANG_UP);
}

static void begin_anew(struct phone_leg *leg)
{
    sip_offer_withdraw(&leg->offer);
    leg->session = SIP_SESSION_CALLING;
    leg->refusal = 0;
    leg->invite_tx = SLOT_NONE; /* it was answered: its transaction ends by itself */
}

bool dial_again(struct phone *p, struct phone_leg *leg)
{
    begin_anew(leg);
    return leg->dial.number[0] ? send_invite(p, leg, TEXT_NONE) : leg_invite(p, leg, TEXT_NONE);
}

static bool prove(struct phone *p, struct phone_leg *leg)
{
    char bytes[LINES_MAX];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    struct text proof = leg_proof(p, leg, &leg->dial.proofs_n, &out);
    if (!proof.n)
        return false;
    begin_anew(leg);
    return send_invite(p, leg, proof);
}

/* Statuses that say something of the trunk, not of whom we call. */
static bool is_of_the_trunk(uint16_t status)
{
    return (status >= 300 && status < 400) || status == 401 || status == 403 || status == 407 ||
           status == 408 || status == 422 || (status >= 500 && status < 600);
}

bool dial_goes_on(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    if (!leg->dial.number[0] || !sip_session_is_young(leg->session) || !is_of_the_trunk(status))
        return false;
    if (prove(p, leg) || dial_redirected(p, leg))
        return true;
    uint32_t tx = leg->invite_tx;
    begin_anew(leg);
    if (try_next(p, leg))
        return true;
    leg->invite_tx = tx; /* as it was: the failure is told */
    leg->refusal = status;
    return false;
}

void dial_heard(struct phone *p, struct phone_leg *leg)
{
    bool is_trying = p->read.in.status == 100;
    if (leg->watch != WATCH_DIAL && (leg->watch != WATCH_TRYING || is_trying))
        return;
    leg->watch = is_trying ? WATCH_TRYING : WATCH_NONE;
    leg_set_timer(p, leg, is_trying ? p->now_at + PHONE_TRUNK_TRYING_MS : MS_NEVER);
}

void dial_due(struct phone *p, struct phone_leg *leg)
{
    struct trunk *t = leg->dial.trunk ? &p->trunks[leg->dial.trunk - 1] : NULL;
    bool is_silent = leg->session == SIP_SESSION_CALLING;
    bool is_left =
        !leg->dial.is_alone && choose(p, leg->dial.tried, leg->dial.is_short) != SLOT_NONE;
    leg->watch = WATCH_NONE;
    if (!t || !sip_session_is_young(leg->session) || (!is_silent && !is_left))
        return; /* where nobody else is, it may ring yet */
    if (t->is.number && is_silent)
        trunk_act(p, leg->dial.trunk - 1u,
                  sip_trunk_probe(&t->state, SIP_TRUNK_SUSPECT, p->now_at));
    leave_behind(p, leg);
    begin_anew(leg);
    if (try_next(p, leg))
        return;
    leg->refusal = 408;
    leg_happens(p, leg, SIP_SESSION_NO_ANSWER);
}
