/* line_gate.c — the lines and the gate: what goes out is asked for here, and what was counted is
 * with the writer before anything is dialled (ADR 22). Called by line_out.c, and by whoever calls
 * back or writes; lines_run() gives the writer what is left. Cost: as gate_ask(); a copy a row.
 * Invariant: the writer has the rows before any event or call that follows them. */
#include "app/counts.h"
#include "app/line.h"
#include "app/line_deeds.h"
#include "base/emergency.h"

/* False: the writer takes nothing new; the rows stay changed, and are tried again. */
bool line_gate_note(struct lines *l)
{
    return counts_note(l->args.app, l->args.gate);
}

void line_gate_fill(const struct lines *l, struct gate_call *call)
{
    const struct directory *d = l->args.directory;
    call->is_demo = d->is_demo;
    call->now = calendar_local(d->organisation.zone, l->wall_at);
    call->trunk_id = l->phone.first_trunk(l->phone.arg);
    call->never = line_never_has(l, call);
}

/* An ordinary telephone of an agent rings all the same: a caller waits behind it. */
enum gate_verdict line_gate_ask(struct lines *l, struct gate_call *call)
{
    line_gate_fill(l, call);
    enum gate_verdict verdict = gate_ask(l->args.gate, call);
    if (verdict != GATE_PASSES || emergency_is(call->dialled))
        return verdict;
    if (line_gate_note(l) || call->kind == GATE_ORDINARY)
        return GATE_PASSES;
    gate_unnoted(l->args.gate, call);
    return GATE_REFUSED_UNNOTED;
}

void line_gate_back(struct lines *l, const struct gate_call *call)
{
    gate_give_back(l->args.gate, call);
    line_gate_note(l);
}

struct text line_number_text(char number[DIRECTORY_NUMBER_BYTES], uint64_t e164)
{
    struct text_out out = {.p = number, .max = DIRECTORY_NUMBER_BYTES};
    text_put(&out, TEXT("+"));
    text_put_number(&out, e164);
    return (struct text){number, out.n};
}
