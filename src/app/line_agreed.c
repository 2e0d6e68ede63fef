/* line_agreed.c — an agent and the person agree on a half hour to be called in, in the conversation
 * or its wrap-up (ADR 52). Called by line_desk.c. Cost: a look at the hours of one half hour.
 * Invariants: the same rules as for who chooses by keys, asked at this moment: what the page showed
 * may be sold by now; one number has one open wish, one contact one row; the row is with the writer
 * before the event. */
#include "acd/look.h"
#include "app/line_talk.h"

/* What this agent has, or wraps up, when it is that contact. */
static bool has_talk(const struct lines *l, const struct order_talk *talk,
                     struct acd_look_agent *agent)
{
    uint32_t i = acd_look_agent_slot(l->args.acd, talk->agent_id);
    return talk->contact_id && i != SLOT_NONE && acd_look_agent(l->args.acd, i, agent) &&
           agent->talk_contact_id == talk->contact_id &&
           (agent->state == AGENT_STATE_JOINED || agent->state == AGENT_STATE_WRAP_UP);
}

/* Ours that was dialled; 0: the first of the house. */
static uint64_t shown_of(const struct lines *l, uint32_t entry_id, bool is_discreet)
{
    const struct directory *d = l->args.directory;
    if (l->args.automatic_e164 && !is_discreet)
        return l->args.automatic_e164;
    for (uint32_t i = 0; entry_id && i < d->numbers_n; i++)
        if (directory_number_of(d->numbers[i].shown) == entry_id)
            return d->numbers[i].e164;
    return 0;
}

static struct slot slot_of(const struct lines *l, const struct order_talk *talk, uint32_t queue_id)
{
    const struct order_slot *asked = &talk->slot;
    bool is_discreet = asked->is_discreet || directory_is_shared(l->args.directory, asked->e164);
    return (struct slot){.contact_id = talk->contact_id,
                         .person_id = asked->person_id,
                         .e164 = asked->e164,
                         .shown_e164 = shown_of(l, asked->entry_id, is_discreet),
                         .needs = asked->needs,
                         .from_at = asked->from_at,
                         .until_at = asked->from_at + SLOT_MS,
                         .queue_id = queue_id,
                         .reference = asked->reference,
                         .entry_id = asked->entry_id,
                         .is_discreet = is_discreet};
}

/* The wish that this conversation keeps is open until it is over: the new one comes behind it. */
static struct gate_call wish_of(const struct lines *l, const struct slot *slot)
{
    const struct wish *kept = wishes_find(&l->wishes, slot->contact_id);
    return (struct gate_call){.kind = GATE_WISH,
                              .e164 = slot->e164,
                              .is_shared = directory_is_shared(l->args.directory, slot->e164),
                              .is_next = kept && kept->is_gated && kept->e164 == slot->e164};
}

static enum order_talked sell(struct lines *l, const struct slot *slot, uint32_t agent_id,
                              struct gate_call *asked)
{
    /* The half hour in which they are being called is over with this conversation. */
    line_slots_forget(l, slot->contact_id);
    bool is_kept = line_slots_keep(l, slot);
    if (is_kept && line_slots_tell_heart(l, slot, agent_id)) /* a disk that is down has said so */
        return slots_find(&l->slots, slot->contact_id) ? ORDER_TALKED : ORDER_TALKED_UNNOTED;
    if (is_kept)
        line_slots_forget(l, slot->contact_id);
    line_gate_back(l, asked);
    return is_kept ? ORDER_TALKED_YOUNG : ORDER_TALKED_UNNOTED;
}

enum order_talked line_agreed(struct lines *l, const struct order_talk *talk,
                              enum gate_verdict *why)
{
    struct acd_look_agent agent;
    struct acd_look_callback promise;
    if (!has_talk(l, talk, &agent))
        return ORDER_TALKED_ALONE;
    if (!talk->slot.e164)
        return ORDER_TALKED_HIDDEN;
    const struct slot slot = slot_of(l, talk, agent.talk_queue_id);
    const struct slot *there = slots_find(&l->slots, slot.contact_id);
    if (there && !there->is_promised) /* a second click is no second promise */
        return there->from_at == slot.from_at && there->e164 == slot.e164 ? ORDER_TALKED
                                                                          : ORDER_TALKED_THERE;
    bool is_promised = acd_look_callback_of(l->args.acd, slot.contact_id, &promise);
    if (is_promised && agent.state != AGENT_STATE_JOINED)
        return ORDER_TALKED_YOUNG; /* they are called anyway */
    if (!line_slots_is_free(l, slot.queue_id, slot.from_at))
        return ORDER_TALKED_GONE;
    if (!app_has_room(l->args.app))
        return ORDER_TALKED_UNNOTED;
    struct gate_call asked = wish_of(l, &slot);
    *why = line_gate_ask(l, &asked);
    return *why == GATE_PASSES ? sell(l, &slot, talk->agent_id, &asked) : ORDER_TALKED_GATE;
}

enum order_talked line_agreed_not(struct lines *l, const struct order_talk *talk)
{
    struct acd_look_agent agent;
    if (!has_talk(l, talk, &agent))
        return ORDER_TALKED_ALONE;
    switch (lines_slot_cancel(l, talk->contact_id, CANCELLED_BY_AGENT)) {
    case ACD_DONE:
        return ORDER_TALKED;
    case ACD_REFUSED_FULL:
        return ORDER_TALKED_UNNOTED;
    default:
        return ORDER_TALKED_UNKNOWN;
    }
}
