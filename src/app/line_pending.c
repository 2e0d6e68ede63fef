/* line_pending.c — a promise that stands is changed where the journal knows nothing: its number
 * (ADR 28). Called by cli/serve_numbers.c. Cost: a question to the gate, two rows.
 * Invariant: the row of the number is with the writer before the event that tells of it, so what is
 * committed is called at the number that was said. */
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
