/* line_unwanted.c — somebody wants no call: says so to who calls them back, presses 9 when a
 * machine has opened, or asks the agent they speak with (voice-script §5, cb.cancel and cb.never;
 * ADR 34). Called by line_reached.c, line_talk.c, lines.c. Cost: as an order to the list; a walk
 * over the lines for each that waits for the disk. Invariants: « c’est noté » comes after the
 * commit; a line that many use is never listed by one of them. */
#include "app/line_talk.h"
#include "app/line_unwanted.h"

/* So long for the disk; then the call ends, and nothing is said that may not be true. */
#define NOTED_MS (APP_PROMISE_MS + (ms_t)1000)

static bool list(struct lines *l, uint64_t e164)
{
    enum gate_verdict why;
    if (!e164 || directory_is_shared(l->args.directory, e164))
        return false;
    enum acd_verdict v = lines_never(l, e164, true, &why);
    return acd_is_taken(v) || v == ACD_NOTHING;
}

/* ---- who is called back ------------------------------------------------------------------- */

/* From now on they are nobody's: the agent is free, and they hear one sentence. */
static void let_go(struct lines *l, struct line *agent, struct line *far, enum prompt_id word)
{
    agent->peer_id = far->peer_id = 0;
    far->state = CALLER_UNWANTED;
    far->back.word = (uint16_t)word;
    l->unwanted_n++;
    line_set_timer(l, far, l->now_at + NOTED_MS);
    line_say(l, far, NULL, THEN_SILENCE);
    line_say(l, agent, NULL, THEN_SILENCE); /* the journal may take its time */
}

void line_unwanted(struct lines *l, struct line *agent, bool for_ever)
{
    const struct wish *wish = wishes_find(&l->wishes, agent->back.wish_id);
    uint64_t leg_id = agent->leg_id;
    bool is_listed = for_ever && wish && list(l, wish->e164);
    agent = line_by_leg(l, leg_id);
    if (!agent)
        return;
    struct line *far = line_back_far_of(l, agent);
    if (far)
        let_go(l, agent, far, is_listed ? PROMPT_CB_NEVER : PROMPT_CB_CANCEL);
    line_back_finish(l, agent, CALLBACK_RESULT_CANCELLED);
}

static void say_word(struct lines *l, struct line *far)
{
    struct say_list words = {0};
    say_add(&words, (enum prompt_id)far->back.word);
    line_set_timer(l, far, MS_NEVER);
    if (!line_say_whole(l, far, &words))
        line_hang_up(l, far);
}

void line_unwanted_over(struct lines *l, uint64_t contact_id)
{
    for (uint32_t i = 0; l->unwanted_n && i < l->used; i++) {
        const struct line *line = &l->lines[i];
        if (line->kind == LINE_CALLER && line->state == CALLER_UNWANTED &&
            line->back.wish_id == contact_id)
            say_word(l, line_by_leg(l, line->leg_id));
    }
}

/* ---- who speaks with an agent ------------------------------------------------------------- */

static void tell(struct lines *l, struct line *agent, struct line *caller, enum prompt_id word)
{
    struct say_list words = {0};
    say_add(&words, word);
    if (agent->back.is_back)
        line_say(l, caller, &words, THEN_BRIDGE);
    else
        line_listen_hear(l, agent, &(struct line_words){.caller = &words});
}

/* The number is hidden, many people’s, or the list takes none. */
static void tell_not(struct lines *l, struct line *agent)
{
    struct say_list words = {0};
    say_add(&words, PROMPT_AGENT_NEVER_NO);
    if (agent->back.is_back)
        line_say(l, agent, &words, THEN_BRIDGE);
    else
        line_listen_hear(l, agent, &(struct line_words){.agent = &words});
}

static struct line *caller_of(struct lines *l, const struct line *agent)
{
    return agent->back.is_back ? line_back_far_of(l, agent) : line_caller_of(l, agent->peer_id);
}

void line_unwanted_talk(struct lines *l, struct line *agent)
{
    struct app_status before, after;
    struct line *caller = caller_of(l, agent);
    bool may_hear = caller && agent->talk == TALK_PLAIN && !caller->is_held && !agent->holds;
    if (!may_hear || caller->back.never_id)
        return;
    uint64_t leg_id = agent->leg_id;
    app_status(l->args.app, &before);
    bool is_listed = !caller->is_test && list(l, caller->e164);
    app_status(l->args.app, &after);
    agent = line_by_leg(l, leg_id);
    caller = agent ? caller_of(l, agent) : NULL;
    if (!caller)
        return;
    if (!is_listed) {
        tell_not(l, agent);
    } else if (after.last_id == before.last_id) { /* it was so already */
        tell(l, agent, caller, PROMPT_CB_NEVER);
    } else {
        caller->back.never_id = after.last_id;
        l->unwanted_n++;
    }
}

void line_unwanted_listed(struct lines *l, uint64_t event_id)
{
    for (uint32_t i = 0; l->unwanted_n && i < l->used; i++) {
        const struct line *line = &l->lines[i];
        if (line->kind != LINE_CALLER || !line->back.never_id || line->back.never_id > event_id)
            continue;
        struct line *caller = line_by_leg(l, line->leg_id);
        struct line *agent = line_by_leg(l, caller->peer_id);
        caller->back.never_id = 0;
        l->unwanted_n--;
        if (agent && agent->kind == LINE_OFFER && agent->state == OFFER_TALKING &&
            agent->talk == TALK_PLAIN && !caller->is_held && !agent->holds)
            tell(l, agent, caller, PROMPT_CB_NEVER);
    }
}
