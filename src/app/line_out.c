/* line_out.c — a person dials outside from a telephone of ours: emergency numbers go out at once;
 * other numbers when the gate lets a signed-in agent call them, who takes no calls meanwhile; else
 * the words why not (voice-script §9). And calls of ours to an agent's ordinary telephone.
 * Called by lines.c. The heart knows nothing of these calls but the pause: they are no contacts, no
 * figure counts them, and nothing is kept of whom they went to. Cost: O(1).
 * Invariant: two legs that know each other; whoever goes, the other one goes too; an agent who was
 * at work before is again after. */
#include <string.h>

#include "acd/ask.h"
#include "app/line_talk.h"
#include "base/emergency.h"

/* Longer than the sentence: a line does not hang on a sound that never ends. */
#define SAID_MS_MAX ((ms_t)30000)
/* A colleague's telephone rings so long. */
#define COLLEAGUE_MS ((ms_t)45000)

static struct line *other_of(struct lines *l, const struct line *line)
{
    struct line *other = line_by_leg(l, line->peer_id);
    return other && other->kind == LINE_OUT ? other : NULL;
}

/* A number that we show must be ours. */
static uint64_t dial(struct lines *l, const struct line_dialling *dialling,
                     struct text short_number)
{
    char number[DIRECTORY_NUMBER_BYTES], ours[DIRECTORY_NUMBER_BYTES];
    struct text_out to = {.p = number, .max = sizeof(number)};
    struct text_out from = {.p = ours, .max = sizeof(ours)};
    const struct directory *d = l->args.directory;
    text_put_number(&to, dialling->e164);
    if (dialling->shown_e164 || d->numbers_n)
        text_put_number(&from, dialling->shown_e164 ? dialling->shown_e164 : d->numbers[0].e164);
    const struct phone_dial call = {.near_id = dialling->near_id,
                                    .number =
                                        short_number.n ? short_number : (struct text){to.p, to.n},
                                    .caller = {from.p, from.n},
                                    .name = dialling->name,
                                    .is_short = short_number.n != 0};
    return l->phone.dial(l->phone.arg, &call);
}

uint64_t line_dial_asked(struct lines *l, const struct line_dialling *dialling)
{
    return dial(l, dialling, TEXT_NONE);
}

uint64_t line_dial(struct lines *l, const struct line_dialling *dialling)
{
    struct gate_call asked = {.kind = GATE_ORDINARY, .e164 = dialling->e164};
    if (line_gate_ask(l, &asked) != GATE_PASSES)
        return 0;
    uint64_t leg_id = dial(l, dialling, TEXT_NONE);
    if (!leg_id)
        line_gate_back(l, &asked);
    return leg_id;
}

/* Not even an operator: it is said at once, for another telephone must be found. */
static void say_no(struct lines *l, struct line *line)
{
    line->state = OUT_REFUSED;
    l->phone.answer(l->phone.arg, line->leg_id);
}

/* ---- who may ------------------------------------------------------------------------------ */

/* A person who is no agent at work has emergency numbers alone. */
static bool is_agents(const struct lines *l, const struct line_outside *out)
{
    struct acd_agent_look look;
    return acd_agent_look(l->args.acd, out->agent_id, &look) &&
           look.state != AGENT_STATE_SIGNED_OUT && !emergency_is(out->dialled);
}

static unsigned words_of(enum gate_verdict verdict)
{
    if (verdict == GATE_REFUSED_CLOSED)
        return PROMPT_AGENT_SOS;
    if (gate_is_cap(verdict))
        return PROMPT_AGENT_OUT_CAP;
    bool has_failed = verdict == GATE_PASSES || verdict == GATE_REFUSED_UNNOTED;
    return has_failed ? PROMPT_AGENT_OUT_FAILED : PROMPT_AGENT_OUT_REFUSED;
}

/* No caller is offered to who speaks to somebody else. */
static void step_aside(struct lines *l, uint64_t leg_id, uint32_t agent_id)
{
    struct acd_agent_look look;
    const struct command pause = {.kind = CMD_AGENT_PAUSE,
                                  .agent_pause = {.agent_id = agent_id, .reason = PAUSE_CALLING}};
    /* Would come back by itself, in the middle of the call. */
    const struct command stay = {.kind = CMD_AGENT_PAUSE,
                                 .agent_pause = {.agent_id = agent_id, .reason = PAUSE_NO_ANSWER}};
    if (!acd_agent_look(l->args.acd, agent_id, &look))
        return;
    bool works = look.state == AGENT_STATE_READY || look.state == AGENT_STATE_WRAP_UP ||
                 look.state == AGENT_STATE_OFFERED; /* its telephone has not rung yet */
    if (!works && look.state == AGENT_STATE_PAUSED && look.pause == PAUSE_NO_ANSWER)
        line_command(l, &stay);
    if (!works || line_command(l, &pause) != ACD_DONE)
        return;
    struct line *line = line_by_leg(l, leg_id);
    if (line)
        line->is_return = true;
}

static void connect(struct lines *l, struct line *line, struct line *far)
{
    line->state = OUT_DIALLING;
    line->peer_id = far->leg_id;
    far->state = OUT_FAR;
    far->is_far = true;
    far->peer_id = line->leg_id;
    if (far->agent_id)
        line_set_timer(l, line, l->now_at + COLLEAGUE_MS);
    step_aside(l, line->leg_id, line->agent_id);
}

uint64_t line_out_call(struct lines *l, struct line_outside *out)
{
    out->is_agents = is_agents(l, out);
    struct gate_call call = {.kind = out->is_transfer ? GATE_TRANSFER : GATE_AGENT,
                             .is_person = true,
                             .dialled = out->dialled,
                             .agent_id = out->is_agents ? out->agent_id : 0};
    gate_read(&call.e164, call.dialled); /* why not: the gate says it */
    bool is_over = l->is_draining && !emergency_is(call.dialled);
    enum gate_verdict verdict = is_over ? GATE_REFUSED_CLOSED : line_gate_ask(l, &call);
    out->verdict = verdict;
    out->word = out->is_agents ? words_of(verdict) : PROMPT_AGENT_SOS;
    const struct line_dialling dialling = {.near_id = out->near_id, .e164 = call.e164};
    uint64_t far_id =
        verdict == GATE_PASSES ? dial(l, &dialling, out->is_agents ? TEXT_NONE : call.dialled) : 0;
    if (verdict == GATE_PASSES && !far_id)
        line_gate_back(l, &call);
    l->totals.emergency_n += far_id && !out->is_agents;
    l->totals.outside_n += far_id && out->is_agents;
    return far_id;
}

/* Whom the number means: a line of the house by its name, or the agent's own number outside. */
static uint32_t colleague_of(const struct lines *l, const struct phone_report *r)
{
    uint32_t i = directory_line_find(l->args.directory, r->arrived.called);
    uint32_t agent_id = i == DIRECTORY_NONE ? 0 : l->args.directory->agents[i].number;
    return agent_id == (uint32_t)r->arrived.aor ? 0 : agent_id;
}

/* Rings a colleague, who takes no callers meanwhile; it shows the line that calls. like: what is to
 * be kept of them. The leg; 0: busy, or away. */
static uint64_t ring_colleague(struct lines *l, const struct phone_report *r, uint32_t agent_id,
                               struct line *like)
{
    const struct directory_agent *who = line_agent(l, (uint32_t)r->arrived.aor);
    const struct phone_call ring = {.aor = agent_id,
                                    .near_id = r->leg_id,
                                    .number = r->arrived.caller,
                                    .name = who ? text_of(who->name) : TEXT_NONE};
    if (l->is_draining || !line_third_reserve(l, agent_id, like))
        return 0;
    uint64_t leg_id = l->phone.call(l->phone.arg, &ring);
    if (!leg_id)
        line_third_back(l, like);
    return leg_id;
}

void line_out_arrived(struct lines *l, const struct phone_report *r)
{
    struct line *line = line_new(l, r->leg_id, LINE_OUT), like = {0};
    if (!line) {
        l->phone.refuse(l->phone.arg, r->leg_id, 503);
        return;
    }
    struct line_outside out = {.dialled = r->arrived.called,
                               .agent_id = (uint32_t)r->arrived.aor,
                               .near_id = r->leg_id,
                               .word = PROMPT_AGENT_OUT_FAILED};
    line->agent_id = out.agent_id;
    uint32_t colleague = colleague_of(l, r);
    uint64_t far_id = colleague ? ring_colleague(l, r, colleague, &like) : line_out_call(l, &out);
    struct line *far = line_third_new(l, far_id, LINE_OUT, &like);
    line = line_by_leg(l, r->leg_id);
    line->wish = (uint16_t)out.word;
    if (far)
        connect(l, line, far);
    else
        say_no(l, line);
}

static void bridge(struct lines *l, struct line *line)
{
    struct line *far = other_of(l, line);
    line->state = OUT_TALKING;
    if (!far)
        return;
    far->state = OUT_TALKING;
    line_say(l, far, NULL, THEN_BRIDGE);
    line_say(l, line, NULL, THEN_BRIDGE);
}

static void on_up(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    struct line *near = line->state == OUT_FAR ? other_of(l, line) : NULL;
    if (near) {
        line_set_timer(l, near, MS_NEVER);
        near->state = OUT_ANSWERED; /* bridged when that is up */
        l->phone.answer(l->phone.arg, near->leg_id);
    } else if (line->state == OUT_ANSWERED) {
        bridge(l, line);
    } else {
        say_add(&list, line->wish);
        line_set_timer(l, line, l->now_at + SAID_MS_MAX);
        if (!line_say_whole(l, line, &list))
            line_third_forget(l, line, true);
    }
}

/* The far one is over. While the near one was not answered it hears that it failed. */
static void on_far_over(struct lines *l, struct line *near)
{
    near->peer_id = 0;
    if (near->state == OUT_DIALLING)
        say_no(l, near);
    else if (near->state == OUT_ANSWERED)
        near->state = OUT_REFUSED; /* hears it as soon as it is up */
    else
        line_third_forget(l, near, true);
}

/* Coming back is the last thing: the telephone may ring at once. */
static void on_over(struct lines *l, struct line *line)
{
    struct line *other = other_of(l, line);
    bool is_near = !line->is_far;
    if (other && is_near)
        line_third_forget(l, other, true);
    if (is_near) {
        line_third_forget(l, line, false);
        return;
    }
    line_third_forget(l, line, false);
    if (other)
        on_far_over(l, other);
}

void line_out_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    switch (r->kind) {
    case PHONE_UP:
        on_up(l, line);
        return;
    case PHONE_REFUSED:
    case PHONE_ENDED:
    case PHONE_LOST:
        if (r->kind == PHONE_LOST)
            l->phone.hang_up(l->phone.arg, line->leg_id);
        on_over(l, line);
        return;
    case PHONE_PLAYED:
        if (line->state == OUT_REFUSED && r->list.number == line->list)
            line_third_forget(l, line, true);
        return;
    default:
        return;
    }
}

/* A colleague does not answer; else it has been told why not. */
void line_out_timer(struct lines *l, struct line *line)
{
    struct line *far = line->state == OUT_DIALLING ? other_of(l, line) : NULL;
    if (far) {
        line_third_forget(l, far, true);
        on_far_over(l, line);
        return;
    }
    line_third_forget(l, line, true); /* it has been told why not */
}
