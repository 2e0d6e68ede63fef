/* line_refer.c — the transfer key of an agent's telephone (RFC 3515, RFC 5589): what the keys *2
 * do, for who has a telephone that can. Called by lines.c. Cost: O(1). Invariant: the telephone
 * hears once what came of it, and while it hears nothing the conversation is as it was. */
#include <string.h>

#include "app/line_talk.h"

static void refuse(struct lines *l, const struct line *line, uint16_t status)
{
    l->phone.referred(l->phone.arg, line->leg_id, status);
}

/* To a number, as if it had been typed behind *2. */
static void to_number(struct lines *l, struct line *line, struct text number)
{
    if (!number.n || number.n > LINE_TYPED_MAX || line->talk != TALK_PLAIN) {
        refuse(l, line, line->talk == TALK_PLAIN ? 404 : 491);
        return;
    }
    memcpy(line->typed, number.p, number.n);
    line->typed_n = (uint8_t)number.n;
    line->code = '\0';
    line->is_referred = true;
    struct line_whom to = line_whom_typed(l, line, '2');
    (void)line_third_call(l, line, '2', &to); /* the telephone is told what came of it */
}

/* Whom this agent called by another line of the telephone; NULL: nobody who is there. */
static struct line *far_of(struct lines *l, const struct line *line, const struct line *near)
{
    struct line *far = near ? line_by_leg(l, near->peer_id) : NULL;
    bool is_there = near && near->kind == LINE_OUT && !near->is_far && near->state == OUT_TALKING &&
                    near->agent_id == line->agent_id && far && far->kind == LINE_OUT &&
                    far->state == OUT_TALKING;
    return is_there ? far : NULL;
}

static void become_third(struct lines *l, struct line *line, struct line *far)
{
    far->kind = LINE_THIRD;
    far->state = THIRD_UP;
    far->is_far = false;
    far->peer_id = line->leg_id;
    line->third_id = far->leg_id;
    l->thirds_n++;
    l->outs_n--;
}

/* The caller goes to whom the agent has asked. by: the line whose telephone said so, of the two. */
static void to_other_call(struct lines *l, struct line *line, struct line *near,
                          const struct line *by)
{
    struct line *far = line->talk == TALK_PLAIN ? far_of(l, line, near) : NULL;
    if (!far) {
        refuse(l, by, 481);
        return;
    }
    if (by == near) /* whose call ends here */
        l->phone.referred(l->phone.arg, near->leg_id, 200);
    line->is_referred = by == line;
    become_third(l, line, far);
    near->peer_id = 0;
    line_hang_up(l, near);
    line_third_complete(l, line);
}

static bool speaks(const struct line *line)
{
    return line && line->kind == LINE_OFFER && line->state == OFFER_TALKING && !line->is_practice &&
           !line->back.is_back; /* whom we called stays with who called */
}

/* Either of the two calls may be the one that is sent to the other. */
void line_refer(struct lines *l, struct line *line, const struct phone_report *r)
{
    struct line *other = line_by_leg(l, r->referred.with_id);
    if (speaks(line) && !r->referred.with_id)
        to_number(l, line, r->referred.number);
    else if (speaks(line))
        to_other_call(l, line, other, line);
    else if (speaks(other))
        to_other_call(l, other, line, line);
    else
        refuse(l, line, 603);
}
