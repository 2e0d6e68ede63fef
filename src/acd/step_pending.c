/* step_pending.c — a promise that stands is changed: later, sooner, another number; and the list of
 * those who are never called (ADR 28).
 * Called by acd_step(). Cost: O(log promised).
 * Invariant: what is being called is not changed, and no change moves a place. */
#include "acd/lists.h"
#include "acd/step.h"

/* The promise of this contact, if it may be changed now. */
static enum acd_verdict find_pending(const struct acd *a, uint64_t contact_id, uint32_t *found)
{
    uint32_t i = contact_find(a, contact_id);
    if (i == SLOT_NONE || a->contacts[i].id != contact_id)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &a->contacts[i];
    bool is_over = c->state == CONTACT_PROMISED && c->due_at; /* nobody calls any more */
    bool stands = (c->state == CONTACT_PROMISED || c->state == CONTACT_WAITING) && !is_over;
    *found = i;
    return c->flags & CONTACT_DIALLED && stands && !(c->flags & CONTACT_ON_LINE)
               ? ACD_DONE
               : ACD_REFUSED_STATE;
}

enum acd_verdict step_callback_move(struct step *s, const struct command *cmd)
{
    uint32_t i;
    ms_t at = cmd->callback_move.not_before_at;
    enum acd_verdict verdict = find_pending(s->a, cmd->callback_move.contact_id, &i);
    if (verdict != ACD_DONE)
        return verdict;
    if (at && (at <= s->now_at || at - s->now_at > ACD_DURATION_MS_MAX))
        return ACD_REFUSED_RANGE;
    const struct contact *c = &s->a->contacts[i];
    if (c->not_before_at == at || (!at && c->state == CONTACT_WAITING))
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_CALLBACK_MOVED,
                               .callback_moved = {.contact_id = c->id, .not_before_at = at}});
    return ACD_DONE;
}

enum acd_verdict step_callback_renumber(struct step *s, const struct command *cmd)
{
    uint32_t i;
    enum acd_verdict verdict = find_pending(s->a, cmd->callback_renumber.contact_id, &i);
    if (verdict == ACD_DONE)
        step_say(s, (struct event){.kind = EV_CALLBACK_RENUMBERED,
                                   .callback_renumbered = {.contact_id = s->a->contacts[i].id}});
    return verdict;
}

enum acd_verdict step_never_list(struct step *s, const struct command *cmd)
{
    step_say(s, (struct event){.kind = EV_NEVER_LISTED,
                               .never_listed = {.listed_n = cmd->never_list.listed_n,
                                                .is_added = cmd->never_list.is_added}});
    return ACD_DONE;
}
