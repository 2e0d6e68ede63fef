/* early.c — sound before any answer: 183 with our description (RFC 3261 §13.3.1.1, RFC 3960 §3),
 * for what a call should not cost anybody: a closed message. Only where the operator is said to
 * carry it (directory, trunks: early_media).
 * Called by asked.c and sound.c. Cost: a few datagrams. Invariant: a 183 is repeated: until its
 * PRACK has come where the operator knows that (RFC 3262), else three times, for over UDP nothing
 * else would bring a lost one back; and one each minute, that no server gives the call up. */
#include "phone/early.h"

#define AGAIN_MS ((ms_t)500)
#define AGAIN_N 3
#define EVERY_MS ((ms_t)60000)

bool leg_carries_early(const struct phone *p, const struct phone_leg *leg)
{
    uint32_t place = leg->dial.trunk;
    bool is_carried = place && !leg->dial.is_out && p->trunks[place - 1].is.is_early;
    return is_carried && (leg->offer.is_agreed || leg->reliable.is_wanted);
}

bool leg_early(struct phone *p, struct phone_leg *leg)
{
    if (leg->session != SIP_SESSION_RINGING || !leg_carries_early(p, leg))
        return false;
    leg_happens(p, leg,
                leg->reliable.is_wanted ? SIP_SESSION_WE_SOUND_SURELY : SIP_SESSION_WE_SOUND);
    leg->watch = WATCH_EARLY;
    leg->early_n = 0;
    leg_set_timer(p, leg, p->now_at);
    return true;
}

/* The one that is out again; when nobody takes it, the call is given up; else one more. */
static void due_surely(struct phone *p, struct phone_leg *leg)
{
    enum sip_reliable_due due = sip_reliable_due(&leg->reliable, p->now_at);
    if (due == SIP_RELIABLE_GIVE_UP) {
        leg->refusal = 504;
        leg->is_fault = true;
        leg_happens(p, leg, SIP_SESSION_NO_PRACK);
        return;
    }
    if (due == SIP_RELIABLE_REPEAT)
        phone_send(p, leg->invite_tx);
    else if (!sip_reliable_is_out(&leg->reliable))
        leg_say_description(p, leg, 183);
    leg_set_timer(p, leg, sip_reliable_next_at(&leg->reliable));
}

void leg_early_taken(struct phone *p, struct phone_leg *leg)
{
    leg_set_timer(p, leg, p->now_at + EVERY_MS);
}

/* First, a moment after the 183: media may flow. */
void leg_early_due(struct phone *p, struct phone_leg *leg)
{
    if (leg->session == SIP_SESSION_SOUNDED || leg->session == SIP_SESSION_PICKED_UP ||
        (leg->session == SIP_SESSION_EARLY && leg->reliable.is_wanted)) {
        due_surely(p, leg);
        return;
    }
    if (leg->session != SIP_SESSION_EARLY) {
        leg->watch = WATCH_NONE;
        return;
    }
    leg_set_timer(p, leg, p->now_at + (leg->early_n < AGAIN_N ? AGAIN_MS : EVERY_MS));
    if (leg->early_n++)
        leg_say_description(p, leg, 183);
    else
        leg_up(p, leg);
}
