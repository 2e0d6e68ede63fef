/* replace.c — a telephone takes the place of another one of its line (RFC 3891): who has put the
 * call on another set, or picks it up where it rings. The leg keeps its id, its stream and its
 * other side; only whom it speaks with changes, so that the app has nothing to do.
 * Called by invite.c. Cost: one leg for the dialog that is left, until its BYE is answered.
 * Invariant: nothing of the call changes before its new description is agreed; a dialog of another
 * line, or of nobody, is told the same. */
#include <string.h>

#include "phone/leg.h"
#include "phone/trace.h"
#include "sip/replaces.h"

#define TO_COMPLETED_ELSEWHERE 200 /* RFC 3326 §3.1 */

bool leg_is_named(const struct phone_leg *leg, const struct sip_replaces *r)
{
    const struct sip_leg *d = &leg->dialog;
    return text_equal(r->call_id, (struct text){d->call_id, d->call_id_n}) &&
           text_equal(r->from_tag, (struct text){d->remote_tag, d->remote_tag_n});
}

/* §3: the status to refuse with. A call that comes in and rings is nobody's to pick up here. */
static uint16_t judge(const struct phone_leg *leg, const struct sip_replaces *r)
{
    switch (leg->session) {
    case SIP_SESSION_TALKING:
        if (leg->is_unacked)
            return 500;
        return r->is_early_only ? 486 : 0;
    case SIP_SESSION_HEARD:
        return 0;
    case SIP_SESSION_LEAVING:
    case SIP_SESSION_CLOSING:
    case SIP_SESSION_CANCELLED:
    case SIP_SESSION_ENDED:
        return 603;
    default:
        return 481;
    }
}

struct phone_leg *leg_to_replace(struct phone *p, uint64_t aor, uint16_t *status)
{
    struct sip_replaces r;
    enum sip_replaces_verdict v = sip_replaces_read(&r, &p->read);
    *status = v == SIP_REPLACES_BROKEN ? 400 : 0;
    if (v != SIP_REPLACES_READ)
        return NULL;
    struct phone_leg *leg = leg_by_tag(p, r.to_tag);
    bool may = leg && aor && leg->aor == aor && leg_is_named(leg, &r) && !leg->is_dead;
    *status = may ? judge(leg, &r) : 481;
    return may && !*status ? fork_wins(p, leg) : leg;
}

/* ---- the change ------------------------------------------------------------------------------ */

static void keep_user(struct phone *p, const struct phone_leg *leg)
{
    if (leg->invite_tx != SLOT_NONE)
        p->txs.tx[leg->invite_tx].user = leg->id << LEG_ROLE_BITS | LEG_INVITE;
    map_put(&p->tags, leg->tag, (uint32_t)(leg - p->legs));
}

void leg_exchange(struct phone *p, struct phone_leg *leg, struct phone_leg *other)
{
    const struct phone_leg was = *leg;
    const struct sip_reliable_heard heard = *leg_heard(p, leg);
#define TAKE(field) (leg->field = other->field, other->field = was.field)
    TAKE(tag);
    TAKE(dialog);
    TAKE(offer);
    TAKE(reliable);
    TAKE(peer);
    TAKE(is_cut);
    TAKE(is_guessed);
    TAKE(session);
    TAKE(invite_tx);
    TAKE(timer);
    TAKE(sdp_n);
    TAKE(origin_id);
    TAKE(secure);
    TAKE(is_referred);
    TAKE(has_news);
#undef TAKE
    *leg_heard(p, leg) = *leg_heard(p, other);
    *leg_heard(p, other) = heard;
    memcpy(leg->sdp, other->sdp, sizeof(leg->sdp));
    memcpy(other->sdp, was.sdp, sizeof(other->sdp));
    keep_user(p, leg);
    keep_user(p, other);
}

/* Questions to whom is left are no more this leg's. */
static void forget_questions(struct phone *p, struct phone_leg *leg)
{
    if (leg->probe_tx != SLOT_NONE)
        sip_tx_drop(&p->txs, leg->probe_tx);
    leg_watch_stop(p, leg);
}

void leg_replace(struct phone *p, struct phone_leg *leg, struct phone_leg *by)
{
    bool was_up = leg->is_up;
    uint64_t id = leg->id;
    forget_questions(p, leg);
    leg_timer_drop(p, leg);
    leg_exchange(p, leg, by);
    fork_end(p, leg, FORK_PICKED_UP);
    leg->is_moved = was_up;
    by->is_told = true;
    by->cause = TO_COMPLETED_ELSEWHERE;
    leg_happens(p, by, SIP_SESSION_WE_HANG_UP);
    phone_trace_leg(p, leg);
    leg_happens(p, leg, SIP_SESSION_WE_ANSWER);
    leg = leg_by_id(p, id);
    if (leg && was_up)
        leg_set_media(p, leg);
}
