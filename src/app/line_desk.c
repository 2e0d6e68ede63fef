/* line_desk.c — what an agent does with a conversation from their page: what the keys *1 to *4 of
 * their telephone do, by the same functions (ADR 43). And whom they called in addition, shown to
 * that page. Called by lines.c's owner, line_third.c and line_talk.c. Cost: O(1).
 * Invariants: nothing is done to another person than the one whom the page showed; a refusal leaves
 * the conversation as it was. */
#include "acd/look.h"
#include "app/line_practice.h"
#include "app/line_talk.h"

void line_desk_show(struct lines *l, const struct line *line, const struct line *third,
                    enum talk_shown shown)
{
    const struct talk_third value = {.shown = shown,
                                     .agent_id = third ? third->agent_id : 0,
                                     .is_interpreter = third && third->is_interpreter};
    if (l->args.talks)
        talks_put(l->args.talks, line->agent_id, line->offer_id, &value);
}

void line_desk_rings(struct lines *l, const struct line *line, const struct line *third)
{
    bool is_three = line->third_wish == '3';
    line_desk_show(l, line, third,
                   line->third_wish == '2' ? TALK_SHOWN_RINGS_PASS
                   : is_three              ? TALK_SHOWN_RINGS_THREE
                                           : TALK_SHOWN_RINGS);
}

/* The offer in course of whoever called, or is called back; 0: none. */
static uint64_t offer_of(const struct lines *l, uint64_t contact_id)
{
    struct acd_look_call call;
    struct acd_look_callback back;
    if (!contact_id)
        return 0;
    if (acd_look_call_of_contact(l->args.acd, contact_id, &call))
        return call.offer_id;
    return acd_look_callback_of(l->args.acd, contact_id, &back) ? back.offer_id : 0;
}

/* The line of this agent, who speaks with this very contact; NULL: they do not, or no more. */
static struct line *line_of(struct lines *l, const struct order_talk *talk, uint32_t agent_id)
{
    struct line *line = line_by_offer(l, offer_of(l, talk->contact_id));
    bool talks = line && line->kind == LINE_OFFER && line->state == OFFER_TALKING &&
                 line->agent_id == agent_id && line_caller_of(l, line->peer_id);
    return talks ? line : NULL;
}

/* Somebody is called in addition: the same as the code and whom it was typed for. */
static enum order_talked call(struct lines *l, struct line *line, const struct order_talk *talk,
                              enum gate_verdict *why)
{
    static const char codes[] = {
        [ORDER_TALK_CONSULT] = '1', [ORDER_TALK_PASS] = '2', [ORDER_TALK_THREE] = '3'};
    if (line->talk != TALK_PLAIN)
        return ORDER_TALKED_NOT_NOW;
    if (line->holds)
        return ORDER_TALKED_HELD;
    struct line_whom to = line_whom_asked(l, line, talk);
    if (!to.agent_id && !to.dialled.n && to.service == DIRECTORY_NONE)
        return ORDER_TALKED_UNKNOWN;
    if (to.service != DIRECTORY_NONE && talk->deed != ORDER_TALK_PASS)
        return ORDER_TALKED_NOT_NOW; /* a service has no one voice to be consulted */
    enum order_talked talked = line_third_call(l, line, codes[talk->deed], &to);
    *why = talked == ORDER_TALKED_GATE ? to.why : GATE_PASSES;
    return talked;
}

/* About who was called in addition, or back to the queue. */
static enum order_talked with(struct lines *l, struct line *line, enum order_talk_deed deed)
{
    static const char codes[] = {[ORDER_TALK_PASS] = '2',
                                 [ORDER_TALK_THREE] = '3',
                                 [ORDER_TALK_RESUME] = '1',
                                 [ORDER_TALK_BACK] = '4'};
    bool is_known = deed < ARRAY_LEN(codes) && codes[deed];
    if (!is_known || (deed != ORDER_TALK_BACK && line->talk == TALK_PLAIN))
        return ORDER_TALKED_NOT_NOW;
    line_talk_deed(l, line, codes[deed]);
    return ORDER_TALKED;
}

/* As by the short code, whose call is over by then: their telephone must be free. */
static enum order_talked practise(struct lines *l, uint32_t agent_id)
{
    struct acd_agent_look look;
    uint32_t before_n = l->practised_n;
    bool may = acd_agent_look(l->args.acd, agent_id, &look) && line_practice_may(l, &look) &&
               !l->is_draining && !line_offer_is_busy(l, agent_id);
    if (may)
        line_practice_begin(l, agent_id);
    return l->practised_n != before_n ? ORDER_TALKED : ORDER_TALKED_WANTED;
}

enum order_talked lines_talk(struct lines *l, const struct order_talk *talk, enum gate_verdict *why)
{
    *why = GATE_PASSES;
    if (talk->deed == ORDER_TALK_PRACTICE)
        return practise(l, talk->agent_id);
    if (talk->deed == ORDER_TALK_SLOT)
        return line_agreed(l, talk, why);
    if (talk->deed == ORDER_TALK_UNSLOT)
        return line_agreed_not(l, talk);
    bool is_listening = talk->deed >= ORDER_TALK_LISTEN;
    struct line *line = line_of(l, talk, is_listening ? talk->whom_id : talk->agent_id);
    if (!line)
        return ORDER_TALKED_ALONE;
    if (line->is_practice)
        return ORDER_TALKED_NOT_NOW;
    if (is_listening && line->back.is_back)
        return ORDER_TALKED_ALONE; /* who is called back is listened to by nobody */
    if (is_listening)
        return line_listen_order(l, line, talk);
    if (talk->deed == ORDER_TALK_SMS)
        return line_text_now(l, line, talk, why);
    if (line->back.is_back)
        return ORDER_TALKED_PROMISE;
    line->code = '\0'; /* what was being typed is overtaken */
    line_set_timer(l, line, MS_NEVER);
    return talk->whom == ORDER_WHOM_NOBODY ? with(l, line, talk->deed) : call(l, line, talk, why);
}
