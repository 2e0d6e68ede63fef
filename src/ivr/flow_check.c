/* flow_check.c — is a flow sound? Called by config/ before a flow is used, never on a call.
 * Cost: steps × choices. What passes here cannot lead the interpreter outside its arrays, into a
 * ring of sentences, or to a dead end. */
#include <string.h>

#include "ivr/flow.h"

/* Keys that mean the same in every menu (voice-script §2). */
static bool is_free_key(char key)
{
    return (key >= '1' && key <= '7') || key == '9';
}

static enum ivr_fault check_choices(const struct ivr_flow *flow, const struct ivr_step *step)
{
    if (!step->choices_n || step->choices_n > IVR_CHOICES_MAX)
        return IVR_FLOW_CHOICES;
    for (unsigned i = 0; i < step->choices_n; i++) {
        if (!is_free_key(step->choices[i].key))
            return IVR_FLOW_KEY;
        for (unsigned j = 0; j < i; j++)
            if (step->choices[j].key == step->choices[i].key)
                return IVR_FLOW_KEY;
        if (step->choices[i].step >= flow->steps_n)
            return IVR_FLOW_TARGET;
    }
    return IVR_FLOW_OK;
}

static enum ivr_fault check_step(const struct ivr_flow *flow, const struct ivr_step *step)
{
    bool goes_on = step->kind == IVR_PLAY || step->kind == IVR_INFORM;
    if (step->prompts_n > IVR_PROMPTS_MAX)
        return IVR_FLOW_PROMPT;
    if (!step->prompts_n && step->kind != IVR_QUEUE)
        return IVR_FLOW_PROMPT;
    for (unsigned i = 0; i < step->prompts_n; i++)
        if (!step->prompts[i])
            return IVR_FLOW_PROMPT;
    if (goes_on && step->next >= flow->steps_n)
        return IVR_FLOW_TARGET;
    if (step->kind == IVR_QUEUE && !step->queue_id)
        return IVR_FLOW_QUEUE;
    return step->kind == IVR_MENU ? check_choices(flow, step) : IVR_FLOW_OK;
}

/* Follows sentences to where a key, a queue or an end is; IVR_NO_STEP when they form a ring. */
static uint8_t follow(const struct ivr_flow *flow, uint8_t at)
{
    for (unsigned i = 0; i < IVR_STEPS_MAX; i++) {
        const struct ivr_step *step = &flow->steps[at];
        if (step->kind != IVR_PLAY && step->kind != IVR_INFORM)
            return at;
        at = step->next;
    }
    return IVR_NO_STEP;
}

struct walk {
    const struct ivr_flow *flow;
    uint8_t where[IVR_LEVELS_MAX + 1]; /* the menus of the way, outermost first */
    uint8_t choice[IVR_LEVELS_MAX + 1];
    unsigned depth;
};

/* Goes from the menu at the end of the way through its next choice; false: all were taken. */
static bool walk_on(struct walk *w, enum ivr_fault *fault, uint8_t *step)
{
    unsigned last = w->depth - 1;
    const struct ivr_step *menu = &w->flow->steps[w->where[last]];
    if (w->choice[last] == menu->choices_n) {
        w->depth--;
        return w->depth > 0;
    }
    uint8_t chosen = menu->choices[w->choice[last]++].step;
    uint8_t to = follow(w->flow, chosen);
    *step = w->where[last];
    if (to == IVR_NO_STEP)
        *fault = IVR_FLOW_LOOP;
    else if (w->flow->steps[to].kind == IVR_MENU && w->depth == IVR_LEVELS_MAX)
        *fault = IVR_FLOW_LEVELS;
    else if (w->flow->steps[to].kind == IVR_MENU) {
        w->where[w->depth] = to;
        w->choice[w->depth++] = 0;
    }
    return *fault == IVR_FLOW_OK;
}

static enum ivr_fault check_ways(const struct ivr_flow *flow, uint8_t *step)
{
    enum ivr_fault fault = IVR_FLOW_OK;
    struct walk w = {.flow = flow};
    uint8_t first = follow(flow, 0);
    *step = 0;
    if (first == IVR_NO_STEP)
        return IVR_FLOW_LOOP;
    if (flow->steps[first].kind != IVR_MENU)
        return IVR_FLOW_OK;
    w.where[w.depth++] = first;
    while (w.depth && walk_on(&w, &fault, step))
        ;
    return fault;
}

enum ivr_fault ivr_check(const struct ivr_flow *flow, uint8_t *step)
{
    *step = 0;
    if (!flow->steps_n || flow->steps_n > IVR_STEPS_MAX)
        return IVR_FLOW_STEPS;
    for (uint8_t i = 0; i < flow->steps_n; i++) {
        enum ivr_fault fault = check_step(flow, &flow->steps[i]);
        *step = i;
        if (fault != IVR_FLOW_OK)
            return fault;
    }
    *step = flow->general;
    if (flow->general >= flow->steps_n || flow->steps[flow->general].kind != IVR_QUEUE)
        return IVR_FLOW_QUEUE;
    *step = flow->closed;
    if (flow->closed >= flow->steps_n || flow->steps[flow->closed].kind != IVR_CLOSED)
        return IVR_FLOW_QUEUE;
    return check_ways(flow, step);
}
