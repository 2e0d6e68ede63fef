/* fork.c — see fork.h. The head always speaks for a telephone that still rings: when its own is
 * picked up elsewhere, or refuses, it changes places with a branch, and what ends is a branch.
 * Called by asked.c, response.c, act.c and legs.c. Cost: at most PHONE_TELEPHONES_MAX steps.
 * Invariant: one telephone is up for one call; once it is, or the call is over, each other one is
 * cancelled, and ended should it be answered all the same. */
#include "phone/leg.h"
#include "phone/trace.h"

/* Of all legs, so many are kept for callers. */
#define KEPT_SHARE 8

struct phone_leg *fork_new(struct phone *p, struct phone_leg *head)
{
    struct leg_fork *fork = &head->fork;
    bool has_room = p->n < p->legs_max - p->legs_max / KEPT_SHARE &&
                    fork->branches_n < ARRAY_LEN(fork->branches);
    struct phone_leg *leg = has_room ? leg_new(p, phone_draw_tag(p)) : NULL;
    if (!leg)
        return NULL;
    leg->is_told = true;
    leg->fork.head_id = head->id;
    leg->rtp_port = head->rtp_port;
    fork->branches[fork->branches_n++] = leg->id;
    return leg;
}

struct phone_leg *fork_head(struct phone *p, struct phone_leg *leg)
{
    struct phone_leg *head = leg_by_id(p, leg->fork.head_id);
    return head ? head : leg;
}

/* The person's own answer, whichever telephone it was given on; 606 is about sound. */
static bool is_no(uint16_t status)
{
    return status == 486 || (status >= 600 && status != 606);
}

/* A branch that still rings; NULL: none. */
static struct phone_leg *ringing(struct phone *p, const struct phone_leg *head)
{
    for (unsigned i = 0; i < head->fork.branches_n; i++) {
        struct phone_leg *leg = leg_by_id(p, head->fork.branches[i]);
        if (leg && sip_session_is_young(leg->session))
            return leg;
    }
    return NULL;
}

/* The head speaks for the telephone of this branch, and the branch for that of the head. */
static void change_places(struct phone *p, struct phone_leg *head, struct phone_leg *branch)
{
    leg_exchange(p, head, branch);
    phone_trace_leg(p, head);
    phone_trace_leg(p, branch);
}

struct phone_leg *fork_wins(struct phone *p, struct phone_leg *leg)
{
    struct phone_leg *head = fork_head(p, leg);
    if (head == leg || !sip_session_is_young(leg->session))
        return leg;
    change_places(p, head, leg);
    return head;
}

/* That a telephone did not answer says less than what another one has said. */
static void note(struct phone_leg *head, uint16_t status)
{
    uint16_t *best = &head->fork.refusal;
    if (!*best || *best == 408 || is_no(status))
        *best = status;
    head->refusal = *best;
}

struct phone_leg *fork_refused(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    struct phone_leg *head = fork_head(p, leg);
    if (!sip_session_is_young(leg->session) || !sip_session_is_young(head->session))
        return leg;
    note(head, status);
    struct phone_leg *left = ringing(p, head);
    if (is_no(status) && head != leg) {
        change_places(p, head, leg);
        return head;
    }
    if (is_no(status) || head != leg || !left)
        return leg;
    change_places(p, head, left);
    return left;
}

void fork_end(struct phone *p, struct phone_leg *head, uint16_t cause)
{
    unsigned n = head->fork.branches_n;
    head->fork.branches_n = 0;
    for (unsigned i = 0; i < n; i++) {
        struct phone_leg *leg = leg_by_id(p, head->fork.branches[i]);
        if (!leg)
            continue;
        leg->fork.head_id = 0;
        leg->cause = cause == FORK_PICKED_UP || is_no(cause) ? cause : 0; /* RFC 3326 §2 */
        leg_happens(p, leg, SIP_SESSION_WE_HANG_UP);
    }
}
