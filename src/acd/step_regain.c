/* step_regain.c — a place is taken back by calling again (design §3.8): the new call goes over to
 * the contact that was dropped, or that is to be called; the contact it came with is settled.
 * Called by acd_step(). Cost: O(log waiting).
 * Invariants: the place and the reference are those of the first call; nobody who has called again
 * is called; each call has one class, and only one of them was answered. */
#include "acd/lists.h"
#include "acd/regain.h"
#include "acd/step.h"

/* Cut off by us, unless nobody was ever there; whom we were to call has given that up. */
static enum outcome class_of(const struct contact *c)
{
    if (!(c->flags & CONTACT_SERVED))
        return OUTCOME_TURNED_AWAY;
    return c->flags & CONTACT_BY_FAULT ? OUTCOME_CUT_OFF : OUTCOME_ABANDONED;
}

/* A queue that is being told of its closing goes by places: an old one would be passed over. */
static enum acd_verdict judge(const struct step *s, uint32_t call, uint32_t kept,
                              const struct command *cmd)
{
    const struct acd *a = s->a;
    const struct contact *now = &a->contacts[call], *was = &a->contacts[kept];
    uint32_t queue = queue_find(a, cmd->place_regain.queue_id);
    if (cmd->place_regain.priority >= ACD_PRIORITIES ||
        !step_is_duration(cmd->place_regain.needs_ms))
        return ACD_REFUSED_RANGE;
    bool is_caller = now->state == CONTACT_OPEN && now->kind == CONTACT_KIND_LINE &&
                     now->person_id && !(now->flags & CONTACT_IS_TEST);
    bool is_theirs = was->flags & CONTACT_DIALLED || was->person_id == now->person_id;
    if (!is_caller || !is_theirs || !regain_is_open(was, s->now_at))
        return ACD_REFUSED_STATE;
    return queue != SLOT_NONE && a->queues[queue].sweep ? ACD_REFUSED_STATE : ACD_DONE;
}

static void say_regained(struct step *s, uint32_t call, uint32_t kept)
{
    const struct contact *now = &s->a->contacts[call], *was = &s->a->contacts[kept];
    const struct event regained = {
        .kind = EV_PLACE_REGAINED,
        .place_regained = {.contact_id = was->id,
                           .call_id = now->call_id,
                           .leg_node = now->node,
                           .leg_id = now->leg_id,
                           .channel = (enum channel)now->channel,
                           .entry_id = now->entry_id,
                           .arrived_at = now->arrived_at,
                           .is_informed = (now->flags & CONTACT_INFORMED) != 0,
                           .returns_n = (uint8_t)(contact_returns_n(was) + 1),
                           .was_ours = regain_is_ours(was)}};
    const struct event rejoins = {
        .kind = EV_CALL_REJOINS,
        .call_rejoins = {.contact_id = now->id, .call_id = now->call_id, .to_id = was->id}};
    if (was->flags & CONTACT_DIALLED)
        step_cancel_promise(s, kept, CANCELLED_BY_PERSON, class_of(was));
    step_say(s, rejoins);
    step_settle(s, call, SETTLED_REJOINED);
    step_say(s, regained);
}

/* Where the queue cannot take them the call is refused as any other, and what is kept stays. */
enum acd_verdict step_place_regain(struct step *s, const struct command *cmd)
{
    uint32_t call = step_call_find(s->a, cmd->place_regain.call_id);
    uint32_t kept = contact_find(s->a, cmd->place_regain.contact_id);
    if (call == SLOT_NONE || kept == SLOT_NONE || call == kept ||
        s->a->contacts[kept].id != cmd->place_regain.contact_id)
        return ACD_REFUSED_UNKNOWN;
    enum acd_verdict verdict = judge(s, call, kept, cmd);
    if (verdict != ACD_DONE)
        return verdict;
    const struct command enter = {.kind = CMD_CALL_QUEUE,
                                  .call_queue = {.call_id = cmd->place_regain.call_id,
                                                 .queue_id = cmd->place_regain.queue_id,
                                                 .needs = cmd->place_regain.needs,
                                                 .needs_ms = cmd->place_regain.needs_ms,
                                                 .priority = cmd->place_regain.priority,
                                                 .site_id = cmd->place_regain.site_id,
                                                 .area_id = cmd->place_regain.area_id,
                                                 .portfolio_id = cmd->place_regain.portfolio_id}};
    bool is_refused =
        step_refusal_of(s->a, queue_find(s->a, cmd->place_regain.queue_id)) < REFUSAL_N;
    if (!is_refused)
        say_regained(s, call, kept);
    return step_enter_queue(s, is_refused ? call : kept, &enter);
}
