/* line_out.c — a person dials outside from a telephone of ours: emergency numbers go out at once,
 * everything else hears that this set does not call outside (voice-script §9, agent.sos).
 * Called by lines.c. The heart knows nothing of these calls: they are no contacts, and no figure
 * counts them, and nothing is kept of who placed them. Cost: O(1).
 * Invariant: two legs that know each other; whoever goes, the other one goes too. */
#include "app/line.h"
#include "gate/gate.h"

/* Longer than the sentence: a line does not hang on a sound that never ends. */
#define SAID_MS_MAX ((ms_t)30000)

static struct line *other_of(struct lines *l, const struct line *line)
{
    struct line *other = line_by_leg(l, line->peer_id);
    return other && other->kind == LINE_OUT ? other : NULL;
}

uint64_t line_dial(struct lines *l, const struct line_dialling *dialling)
{
    char number[DIRECTORY_NUMBER_BYTES], ours[DIRECTORY_NUMBER_BYTES];
    struct text_out to = {.p = number, .max = sizeof(number)};
    struct text_out from = {.p = ours, .max = sizeof(ours)};
    const struct directory *d = l->args.directory;
    text_put_number(&to, dialling->e164);
    const struct gate_call asked = {.dialled = {to.p, to.n},
                                    .e164 = dialling->e164,
                                    .asker = GATE_OFFER,
                                    .is_demo = d->is_demo};
    if (gate_dial(&asked) != GATE_PASSES)
        return 0;
    if (dialling->shown_e164 || d->numbers_n)
        text_put_number(&from, dialling->shown_e164 ? dialling->shown_e164 : d->numbers[0].e164);
    const struct phone_dial call = {.near_id = dialling->near_id,
                                    .number = {to.p, to.n},
                                    .caller = {from.p, from.n},
                                    .name = dialling->name};
    return l->phone.dial(l->phone.arg, &call);
}

static uint64_t dial(struct lines *l, uint64_t near_id, struct text number)
{
    char ours[DIRECTORY_NUMBER_BYTES];
    struct text_out from = {.p = ours, .max = sizeof(ours)};
    const struct directory *d = l->args.directory;
    if (d->numbers_n)
        text_put_number(&from, d->numbers[0].e164);
    const struct phone_dial call = {
        .near_id = near_id, .number = number, .caller = {from.p, from.n}, .is_short = true};
    return l->phone.dial(l->phone.arg, &call);
}

/* Not even an operator: it is said at once, for another telephone must be found. */
static void say_no(struct lines *l, struct line *line)
{
    line->state = OUT_REFUSED;
    l->phone.answer(l->phone.arg, line->leg_id);
}

void line_out_arrived(struct lines *l, const struct phone_report *r)
{
    struct line *line = line_new(l, r->leg_id, LINE_OUT);
    if (!line) {
        l->phone.refuse(l->phone.arg, r->leg_id, 503);
        return;
    }
    const struct gate_call call = {.dialled = r->arrived.called,
                                   .e164 = line_e164(r->arrived.called),
                                   .asker = GATE_PERSON,
                                   .is_demo = l->args.directory->is_demo};
    bool passes = gate_dial(&call) == GATE_PASSES;
    uint64_t far_id = passes ? dial(l, r->leg_id, r->arrived.called) : 0;
    struct line *far = far_id ? line_new(l, far_id, LINE_OUT) : NULL;
    line = line_by_leg(l, r->leg_id);
    if (!far) {
        if (far_id)
            l->phone.hang_up(l->phone.arg, far_id);
        say_no(l, line);
        return;
    }
    l->totals.emergency_n++;
    line->state = OUT_DIALLING;
    line->peer_id = far_id;
    far->state = OUT_FAR;
    far->peer_id = line->leg_id;
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
        near->state = OUT_ANSWERED; /* bridged when that is up */
        l->phone.answer(l->phone.arg, near->leg_id);
    } else if (line->state == OUT_ANSWERED) {
        bridge(l, line);
    } else {
        say_add(&list, PROMPT_AGENT_SOS);
        line_set_timer(l, line, l->now_at + SAID_MS_MAX);
        if (!line_say_whole(l, line, &list))
            line_hang_up(l, line);
    }
}

/* One of the two is over. While the near one was not answered it hears that it failed. */
static void on_over(struct lines *l, struct line *line)
{
    struct line *other = other_of(l, line);
    line_drop(l, line);
    if (!other)
        return;
    other->peer_id = 0;
    if (other->state == OUT_DIALLING)
        say_no(l, other);
    else if (other->state == OUT_ANSWERED)
        other->state = OUT_REFUSED; /* hears it as soon as it is up */
    else
        line_hang_up(l, other);
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
            line_hang_up(l, line);
        return;
    default:
        return;
    }
}
