/* meet.c — legs over TCP or TLS whose connection has ended: who is there again, over which, and
 * what waited for it.
 * Called by request.c, response.c, sound.c and act.c. Cost: a walk over the legs for a REGISTER
 * over a connection, one over the transactions for a leg that is met. Invariants: nobody is sought
 * where a message says that they are (design §9, rule 5), they are met where they come from; a leg
 * moves by its dialog, or by an account that was proved, within one way and one host. */
#include "phone/leg.h"

bool leg_is_cut_off(const struct phone *p, const struct phone_leg *leg)
{
    return leg->is_cut && !phone_wire_has(p, &leg->peer) &&
           (leg->aor || !phone_wire_may_connect(p, &leg->peer));
}

static bool is_same_way(const struct sip_peer *a, const struct sip_peer *b)
{
    struct address of_a = a->at, of_b = b->at;
    of_a.port = of_b.port = 0;
    return a->transport == b->transport && address_equal(&of_a, &of_b);
}

/* A question of ours about this leg that had no connection. */
static bool is_unheard(const struct phone *p, const struct sip_tx *t, const struct phone_leg *leg)
{
    bool is_client = t->kind == SIP_TX_INVITE_CLIENT || t->kind == SIP_TX_OTHER_CLIENT;
    bool is_about_it = t->user >> LEG_ROLE_BITS == leg->id && leg_role_of(t->user) < TRUNK_REGISTER;
    return t->state != SIP_TX_FREE && is_client && is_about_it && !phone_wire_has(p, &t->peer);
}

static void take_way(struct phone *p, struct phone_leg *leg, const struct sip_peer *from)
{
    uint64_t id = leg->id;
    leg->peer = *from;
    leg->is_cut = false;
    for (uint32_t i = 0; i < p->txs.used; i++) {
        struct sip_tx *t = &p->txs.tx[i];
        if (!is_unheard(p, t, leg))
            continue;
        t->peer = *from;
        if (t->state == SIP_TX_TRYING)
            phone_send(p, i);
    }
    leg = leg_by_id(p, id);
    if (leg)
        leg_is_back(p, leg);
}

void leg_met(struct phone *p, struct phone_leg *leg, const struct sip_peer *from)
{
    bool is_other = leg->is_guessed && leg->peer.connection != from->connection;
    if (!is_same_way(&leg->peer, from))
        return;
    leg->is_guessed = false;
    if (is_other || !phone_wire_has(p, &leg->peer))
        take_way(p, leg, from);
}

/* ---- a telephone that registers again ------------------------------------------------------- */

static bool is_same_contact(struct text a, struct text b)
{
    struct sip_uri_parts of_a, of_b;
    return sip_value_uri(a, &of_a) && sip_value_uri(b, &of_b) && text_equal(of_a.user, of_b.user) &&
           text_equal_fold(of_a.host, of_b.host) && of_a.port == of_b.port;
}

/* By the Contact that it said in the call, or by that which we rang. */
static bool is_its_contact(const struct phone_leg *leg, const struct sip_binding *b)
{
    struct sip_address rung;
    struct text uri = {b->uri, b->uri_n};
    struct text remote = {leg->dialog.remote, leg->dialog.remote_n};
    if (is_same_contact(uri, (struct text){leg->dialog.target, leg->dialog.target_n}))
        return true;
    return leg->dialog.is_caller && sip_value_address(remote, &rung) &&
           is_same_contact(uri, rung.uri);
}

/* Some telephones say another Contact by each connection: that is it as well, when the line has no
 * other telephone; until the right one comes. */
static bool is_its_telephone(const struct phone *p, const struct phone_leg *leg,
                             const struct sip_binding *b, bool is_only)
{
    bool has_way = phone_wire_has(p, &leg->peer);
    if (!is_same_way(&leg->peer, &b->source) || (has_way && !leg->is_guessed))
        return false;
    return is_its_contact(leg, b) || (is_only && !has_way);
}

void leg_mistaken(struct phone *p, struct phone_leg *leg, const struct sip_tx_verdict *v)
{
    enum leg_role role = leg_role_of(v->user);
    leg->peer.connection = 0;
    leg->is_guessed = false;
    leg->is_cut = true;
    if (role == LEG_BYE && !leg_says_bye_again(p, leg))
        leg_happens(p, leg, SIP_SESSION_BYE_DONE);
    else if (role == LEG_PROBE)
        leg_await(p, leg);
    else if (role == LEG_REFRESH)
        leg_refresh_again(p, leg);
}

static const struct sip_binding *binding_of(const struct phone *p, uint64_t aor,
                                            const struct sip_peer *from)
{
    const struct sip_registrar *r = &p->reg.registrar;
    const struct sip_binding *b = sip_registrar_next(r, aor, NULL);
    while (b &&
           (b->source.transport != from->transport || b->source.connection != from->connection))
        b = sip_registrar_next(r, aor, b);
    return b;
}

void phone_met(struct phone *p, uint64_t aor, const struct sip_peer *from)
{
    const struct sip_registrar *r = &p->reg.registrar;
    const struct sip_binding *b = NULL;
    if (from->transport != SIP_OVER_UDP)
        b = binding_of(p, aor, from);
    if (!b)
        return;
    bool is_only = b == sip_registrar_next(r, aor, NULL) && !sip_registrar_next(r, aor, b);
    for (uint32_t i = 0; i < p->used; i++) {
        struct phone_leg *leg = &p->legs[i];
        if (!leg->id || leg->aor != aor || !is_its_telephone(p, leg, b, is_only))
            continue;
        leg_touch(p, i);
        leg->is_guessed = !is_its_contact(leg, b);
        take_way(p, leg, from);
    }
}
