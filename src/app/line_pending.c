/* line_pending.c — a promise that stands is changed where the journal knows nothing: its number
 * (ADR 28); and one that a supervisor has the house make (ADR 37). Called by cli/serve_numbers.c.
 * Cost: a question to the gate, two rows. Invariant: the row of the number is with the writer
 * before the event that tells of it, so what is committed is called at the number that was said. */
#include "acd/look.h"
#include "app/line_deeds.h"

static bool may_change(const struct acd_look_callback *look)
{
    return !look->offer_id && !look->until_at && !look->is_on_line;
}

static struct gate_call wish_call(const struct lines *l, const struct wish *wish)
{
    struct gate_call call = {.kind = GATE_WISH,
                             .e164 = wish->e164,
                             .wish_id = wish->contact_id,
                             .is_shared = directory_is_shared(l->args.directory, wish->e164)};
    line_gate_fill(l, &call);
    return call;
}

/* The one before is settled: its owner may ask for another callback. */
static bool keep(struct lines *l, const struct wish *was, struct gate_call *asked)
{
    struct wish next = *was;
    const struct gate_call before = wish_call(l, was);
    bool was_gated = was->is_gated;
    next.e164 = asked->e164;
    next.is_gated = true;
    if (!line_back_keep(l, &next)) {
        line_gate_back(l, asked);
        return false;
    }
    if (was_gated)
        gate_settle(l->args.gate, &before);
    line_gate_note(l);
    return true;
}

enum acd_verdict lines_renumber(struct lines *l, uint64_t contact_id, uint64_t e164,
                                enum gate_verdict *why)
{
    struct acd_look_callback look;
    const struct wish *wish = wishes_find(&l->wishes, contact_id);
    const struct command renumber = {.kind = CMD_CALLBACK_RENUMBER,
                                     .callback_renumber = {.contact_id = contact_id}};
    *why = GATE_PASSES;
    if (!wish || !acd_look_callback_of(l->args.acd, contact_id, &look))
        return ACD_REFUSED_UNKNOWN;
    if (wish->e164 == e164)
        return ACD_NOTHING;
    struct wish to = *wish;
    to.e164 = e164;
    struct gate_call asked = wish_call(l, &to);
    /* On a line of many people nothing may be said that was not kept from the beginning. */
    if (!may_change(&look) || (asked.is_shared && !look.is_discreet))
        return ACD_REFUSED_STATE;
    *why = line_gate_ask(l, &asked);
    if (*why != GATE_PASSES)
        return ACD_REFUSED_STATE;
    return keep(l, wish, &asked) ? line_command(l, &renumber) : ACD_REFUSED_FULL;
}

/* The promise is made, and its number found no room: as if it had not been. */
static enum acd_verdict unmake(struct lines *l, uint64_t contact_id, const struct gate_call *asked)
{
    const struct command cancel = {
        .kind = CMD_CALLBACK_CANCEL,
        .callback_cancel = {.contact_id = contact_id, .by = CANCELLED_BY_HOUSE}};
    line_command(l, &cancel);
    line_gate_back(l, asked);
    return ACD_REFUSED_FULL;
}

/* The place that they had is over with its window: they stand behind who waits now. */
enum acd_verdict lines_call_back(struct lines *l, const struct lines_call_back *who,
                                 enum gate_verdict *why)
{
    struct wish wish = {.person_id = who->person_id, .e164 = who->e164, .is_gated = true};
    struct gate_call asked = wish_call(l, &wish);
    const struct command due = {.kind = CMD_SLOT_DUE,
                                .slot_due = {.leg_node = l->args.node,
                                             .queue_id = who->queue_id,
                                             .person_id = who->person_id,
                                             .reference = who->reference,
                                             .from_at = l->now_at,
                                             .is_discreet = true}};
    *why = GATE_PASSES;
    if (!who->person_id || acd_look_person_is_here(l->args.acd, who->person_id))
        return ACD_REFUSED_STATE;
    if (l->is_draining || l->wishes.n == WISHES_MAX || !app_has_room(l->args.app))
        return ACD_REFUSED_FULL;
    *why = line_gate_ask(l, &asked);
    if (*why != GATE_PASSES)
        return ACD_REFUSED_STATE;
    enum acd_verdict verdict = line_command(l, &due);
    wish.contact_id = line_slots_promised(l, who->reference, who->queue_id);
    if (!acd_is_taken(verdict) || !wish.contact_id) {
        line_gate_back(l, &asked);
        return acd_is_taken(verdict) ? ACD_REFUSED_FULL : verdict;
    }
    return line_back_keep(l, &wish) ? verdict : unmake(l, wish.contact_id, &asked);
}
