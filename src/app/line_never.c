/* line_never.c — somebody asked never to be called again, or no longer asks so (ADR 28). Called by
 * cli/serve_numbers.c and line_gate.c. Cost: a keyed hash; for who is added, a look at each wish.
 * Invariant: the row is with the writer before the event that tells of it; no number is in one. */
#include "app/line_deeds.h"
#include "app/never.h"

enum gate_never line_never_has(const struct lines *l, const struct gate_call *call)
{
    bool is_machine = call->kind == GATE_WISH || call->kind == GATE_CALLBACK;
    return is_machine && l->args.never ? never_has(l->args.never, call->e164) : GATE_NEVER_NO;
}

static enum acd_verdict verdict_of(enum never_verdict verdict, enum gate_verdict *why)
{
    switch (verdict) {
    case NEVER_DONE:
        return ACD_DONE;
    case NEVER_NOTHING:
        return ACD_NOTHING;
    case NEVER_LOST:
        *why = GATE_REFUSED_NEVER_LOST;
        return ACD_REFUSED_STATE;
    case NEVER_FULL:
        *why = GATE_REFUSED_ROOM;
        return ACD_REFUSED_STATE;
    default:
        return ACD_REFUSED_FULL;
    }
}

enum acd_verdict lines_never(struct lines *l, uint64_t e164, bool is_added, enum gate_verdict *why)
{
    *why = GATE_PASSES;
    if (!l->args.never)
        return ACD_REFUSED_FULL;
    enum never_verdict kept =
        is_added ? never_put(l->args.never, e164, l->wall_at) : never_remove(l->args.never, e164);
    enum acd_verdict verdict = verdict_of(kept, why);
    const struct command list = {
        .kind = CMD_NEVER_LIST,
        .never_list = {.listed_n = never_n(l->args.never), .is_added = is_added}};
    if (verdict != ACD_DONE)
        return verdict;
    if (is_added)
        lines_cancel(e164, l); /* what is being called ends as it ends; it is not called again */
    return line_command(l, &list);
}
