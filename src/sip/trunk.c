/* trunk.c — see trunk.h. Registration waits longer after each failure; a proof that is refused is
 * not given again and again (two at most, then a minute or more). Called by phone/. Cost: a load.
 * Invariant: at most one REGISTER and one probe are out. */
#include "sip/trunk.h"

enum done { DONE_NOTHING, DONE_BOUND, DONE_AGAIN, DONE_REFUSED, DONE_BRIEF };

struct row {
    uint8_t is_allowed, next, done, actions;
};
#define TO(state, done_, actions_)                                                                 \
    {                                                                                              \
        1, SIP_TRUNK_##state, DONE_##done_, (actions_)                                             \
    }
#define E(event) [SIP_TRUNK_##event]
#define SEND SIP_TRUNK_SEND_REGISTER
#define PROOF SIP_TRUNK_SEND_PROOF

static const struct row table[SIP_TRUNK_REGISTRATIONS][SIP_TRUNK_REGISTER_EVENTS] = {
    [SIP_TRUNK_IDLE] = {E(REGISTER_DUE) = TO(ASKING, NOTHING, SEND)},
    [SIP_TRUNK_ASKING] = {E(GOT_OK) = TO(IDLE, BOUND, 0),
                          E(GOT_CHALLENGE) = TO(PROVING, NOTHING, PROOF),
                          E(GOT_STALE) = TO(PROVING, NOTHING, PROOF),
                          E(GOT_BRIEF) = TO(ASKING, BRIEF, SEND),
                          E(GOT_FAILURE) = TO(IDLE, AGAIN, SIP_TRUNK_TELL_FAILED),
                          E(GOT_NOTHING) = TO(IDLE, AGAIN, SIP_TRUNK_TELL_FAILED)},
    [SIP_TRUNK_PROVING] = {E(GOT_OK) = TO(IDLE, BOUND, 0),
                           E(GOT_CHALLENGE) = TO(IDLE, REFUSED, SIP_TRUNK_TELL_REFUSED),
                           E(GOT_STALE) = TO(PROVING, NOTHING, PROOF),
                           E(GOT_BRIEF) = TO(ASKING, BRIEF, SEND),
                           E(GOT_FAILURE) = TO(IDLE, AGAIN, SIP_TRUNK_TELL_FAILED),
                           E(GOT_NOTHING) = TO(IDLE, AGAIN, SIP_TRUNK_TELL_FAILED)},
};

/* What probes say; [link][event] → link. */
static const uint8_t links[SIP_TRUNK_LINKS][SIP_TRUNK_PROBE_EVENTS] = {
    [SIP_TRUNK_UNKNOWN] = {E(PROBE_DUE) = SIP_TRUNK_UNKNOWN, E(PROBE_ANSWERED) = SIP_TRUNK_UP,
                           E(PROBE_LOST) = SIP_TRUNK_DOWN, E(SUSPECT) = SIP_TRUNK_DOWN},
    [SIP_TRUNK_UP] = {E(PROBE_DUE) = SIP_TRUNK_UP, E(PROBE_ANSWERED) = SIP_TRUNK_UP,
                      E(PROBE_LOST) = SIP_TRUNK_DOWN, E(SUSPECT) = SIP_TRUNK_DOWN},
    [SIP_TRUNK_DOWN] = {E(PROBE_DUE) = SIP_TRUNK_DOWN, E(PROBE_ANSWERED) = SIP_TRUNK_UP,
                        E(PROBE_LOST) = SIP_TRUNK_DOWN, E(SUSPECT) = SIP_TRUNK_DOWN},
};

void sip_trunk_open(struct sip_trunk *t, struct sip_trunk_wish wish, ms_t now_at)
{
    *t = (struct sip_trunk){.registers = wish.registers,
                            .is_unprobed = wish.is_unprobed,
                            .expires_s = SIP_TRUNK_EXPIRES_S,
                            .register_at = wish.registers ? now_at : MS_NEVER,
                            .probe_at = wish.is_unprobed ? MS_NEVER : now_at,
                            .answer_at = MS_NEVER};
}

/* ---- registration ------------------------------------------------------------------------- */

static unsigned bind(struct sip_trunk *t, uint32_t granted_s, ms_t now_at)
{
    bool was_bound = sip_trunk_is_bound(t, now_at);
    ms_t s = granted_s ? granted_s : t->expires_s;
    if (s > SIP_TRUNK_EXPIRES_S_MAX)
        s = SIP_TRUNK_EXPIRES_S_MAX;
    t->bound_until_at = now_at + s * 1000;
    t->register_at = now_at + s * 1000 * 3 / 4; /* time for a few tries before it is over */
    t->again_ms = 0;
    return was_bound ? 0 : SIP_TRUNK_TELL_BOUND;
}

static void wait_longer(struct sip_trunk *t, ms_t least_ms, ms_t now_at)
{
    ms_t ms = t->again_ms * 2 > least_ms ? t->again_ms * 2 : least_ms;
    t->again_ms = ms < SIP_TRUNK_AGAIN_MS_MAX ? ms : SIP_TRUNK_AGAIN_MS_MAX;
    t->register_at = now_at + t->again_ms;
}

/* Past their bound, a challenge and a 423 are refusals like any other. */
static enum sip_trunk_register_event bounded(struct sip_trunk *t,
                                             enum sip_trunk_register_event event)
{
    bool is_challenge = event == SIP_TRUNK_GOT_CHALLENGE || event == SIP_TRUNK_GOT_STALE;
    if (event == SIP_TRUNK_REGISTER_DUE)
        t->proofs_n = t->briefs_n = 0;
    if (is_challenge && t->proofs_n++ >= SIP_TRUNK_PROOFS_MAX)
        return SIP_TRUNK_GOT_FAILURE;
    if (event == SIP_TRUNK_GOT_BRIEF && t->briefs_n++ >= SIP_TRUNK_BRIEFS_MAX)
        return SIP_TRUNK_GOT_FAILURE;
    return event;
}

unsigned sip_trunk_register(struct sip_trunk *t, enum sip_trunk_register_event event,
                            uint32_t value, ms_t now_at)
{
    const struct row *row = &table[t->registration][event];
    if (!row->is_allowed)
        return 0;
    row = &table[t->registration][bounded(t, event)];
    unsigned actions = row->actions;
    t->registration = (enum sip_trunk_registration)row->next;
    t->register_at = t->registration == SIP_TRUNK_IDLE ? t->register_at : MS_NEVER;
    switch ((enum done)row->done) {
    case DONE_BOUND:
        return actions | bind(t, value, now_at);
    case DONE_AGAIN:
        wait_longer(t, SIP_TRUNK_AGAIN_MS, now_at);
        return actions;
    case DONE_REFUSED:
        t->bound_until_at = 0;
        wait_longer(t, SIP_TRUNK_REFUSED_MS, now_at);
        return actions;
    case DONE_BRIEF:
        t->expires_s =
            value > t->expires_s && value <= SIP_TRUNK_EXPIRES_S_MAX ? value : t->expires_s;
        return actions;
    case DONE_NOTHING:
        break;
    }
    return actions;
}

/* ---- probes ------------------------------------------------------------------------------- */

unsigned sip_trunk_probe(struct sip_trunk *t, enum sip_trunk_probe_event event, ms_t now_at)
{
    enum sip_trunk_link before = t->link;
    if (t->is_unprobed)
        return 0;
    t->link = (enum sip_trunk_link)links[before][event];
    unsigned told = t->link == before         ? 0
                    : t->link == SIP_TRUNK_UP ? SIP_TRUNK_TELL_UP
                                              : SIP_TRUNK_TELL_DOWN;
    switch (event) {
    case SIP_TRUNK_PROBE_DUE:
        t->probe_at = MS_NEVER;
        t->answer_at = now_at + SIP_TRUNK_ANSWER_MS;
        return SIP_TRUNK_SEND_PROBE;
    case SIP_TRUNK_PROBE_ANSWERED:
        t->answer_at = MS_NEVER;
        t->probe_at = now_at + SIP_TRUNK_PROBE_MS;
        /* It is back: no need to wait for the end of a long pause. */
        if (told && t->register_at != MS_NEVER && !sip_trunk_is_bound(t, now_at) &&
            t->again_ms < SIP_TRUNK_REFUSED_MS)
            t->register_at = now_at;
        return told;
    case SIP_TRUNK_PROBE_LOST:
        t->answer_at = MS_NEVER;
        t->probe_at = now_at + SIP_TRUNK_PROBE_DOWN_MS;
        return told;
    default:
        if (t->answer_at == MS_NEVER)
            t->probe_at = now_at;
        return told;
    }
}

/* ---- time --------------------------------------------------------------------------------- */

bool sip_trunk_due(struct sip_trunk *t, ms_t now_at, unsigned *actions)
{
    if (t->register_at <= now_at)
        *actions = sip_trunk_register(t, SIP_TRUNK_REGISTER_DUE, 0, now_at);
    else if (t->answer_at <= now_at)
        *actions = sip_trunk_probe(t, SIP_TRUNK_PROBE_LOST, now_at);
    else if (t->probe_at <= now_at)
        *actions = sip_trunk_probe(t, SIP_TRUNK_PROBE_DUE, now_at);
    else
        return false;
    return true;
}

ms_t sip_trunk_next_at(const struct sip_trunk *t)
{
    ms_t at = t->register_at < t->probe_at ? t->register_at : t->probe_at;
    return t->answer_at < at ? t->answer_at : at;
}

bool sip_trunk_is_bound(const struct sip_trunk *t, ms_t now_at)
{
    return t->bound_until_at > now_at;
}

bool sip_trunk_is_usable(const struct sip_trunk *t, ms_t now_at)
{
    return t->link != SIP_TRUNK_DOWN && (!t->registers || sip_trunk_is_bound(t, now_at));
}
