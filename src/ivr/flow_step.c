/* flow_step.c — the interpreter of flows, see flow.h.
 * Called by app/ for each happening on a call that is in its menu. Cost: O(choices).
 * Invariant: from every state silence alone leads to a person, or, when closed, to the goodbye. */
#include <string.h>

#include "ivr/flow.h"

enum state {
    SAYING,  /* prompts of a PLAY, INFORM or QUEUE step */
    ASKING,  /* prompts of a menu */
    WAITING, /* for a key, after them */
    LEAVING, /* the sentence before the general queue */
    QUEUED,  /* the queue was asked */
    CLOSING, /* the sentences of a closed house */
    OPEN,    /* its moment of silence */
    ENDED
};

static void add(struct ivr_ask *ask, ivr_prompt prompt)
{
    if (prompt && ask->prompts_n < IVR_ASK_MAX)
        ask->prompts[ask->prompts_n++] = prompt;
}

static void add_all(struct ivr_ask *ask, const ivr_prompt *prompts, unsigned n)
{
    for (unsigned i = 0; i < n && i < IVR_PROMPTS_MAX; i++)
        add(ask, prompts[i]);
}

static void ask_queue(struct ivr_call *call, uint32_t queue_id, struct ivr_ask *ask)
{
    call->state = QUEUED;
    ask->what = IVR_DO_QUEUE;
    ask->queue_id = queue_id;
}

static void enter(const struct ivr_flow *flow, struct ivr_call *call, uint8_t to,
                  struct ivr_ask *ask)
{
    const struct ivr_step *step = &flow->steps[to];
    call->step = to;
    call->state = step->kind == IVR_MENU ? ASKING : step->kind == IVR_CLOSED ? CLOSING : SAYING;
    if (step->kind == IVR_MENU)
        call->silent_n = call->wrong_n = 0;
    ask->what = IVR_DO_PLAY;
    ask->is_mandatory = step->is_mandatory;
    ask->informs = step->kind == IVR_INFORM;
    add_all(ask, step->prompts, step->prompts_n);
    if (step->kind == IVR_QUEUE && !ask->prompts_n)
        ask_queue(call, step->queue_id, ask);
}

/* A person, without any key: a sentence, then the general queue. */
static void leave(const struct ivr_flow *flow, struct ivr_call *call, enum ivr_say say,
                  struct ivr_ask *ask)
{
    call->state = LEAVING;
    ask->what = IVR_DO_PLAY;
    add(ask, flow->say[say]);
    if (!ask->prompts_n)
        ask_queue(call, flow->steps[flow->general].queue_id, ask);
}

/* The menu once more, after a sentence of its own. */
static void repeat(const struct ivr_flow *flow, struct ivr_call *call, ivr_prompt first,
                   struct ivr_ask *ask)
{
    const struct ivr_step *step = &flow->steps[call->step];
    call->state = ASKING;
    ask->what = IVR_DO_PLAY;
    add(ask, first);
    if (step->slow && call->silent_n)
        add(ask, step->slow);
    else
        add_all(ask, step->prompts, step->prompts_n);
}

static void menu_key(const struct ivr_flow *flow, struct ivr_call *call, char key,
                     struct ivr_ask *ask)
{
    const struct ivr_step *step = &flow->steps[call->step];
    for (unsigned i = 0; i < step->choices_n && i < IVR_CHOICES_MAX; i++) {
        if (step->choices[i].key != key)
            continue;
        call->before = call->step;
        enter(flow, call, step->choices[i].step, ask);
        return;
    }
    if (key == '0') {
        leave(flow, call, IVR_SAY_PERSON, ask);
    } else if (key == '*') {
        repeat(flow, call, 0, ask);
    } else if (key == '#') {
        repeat(flow, call, flow->say[IVR_SAY_DATA], ask);
    } else if (key == '8' && flow->has_english) {
        call->lang = 1;
        repeat(flow, call, 0, ask);
    } else if (call->wrong_n++) {
        leave(flow, call, IVR_SAY_NO_KEY, ask);
    } else {
        repeat(flow, call, flow->say[IVR_SAY_WRONG], ask);
    }
}

/* A key while sentences are said: star goes back to the menu; others are taken by the menu that
 * comes, for who knows it by heart; elsewhere they only cut the sentence short. */
static void saying_key(const struct ivr_flow *flow, struct ivr_call *call, char key,
                       struct ivr_ask *ask)
{
    const struct ivr_step *step = &flow->steps[call->step];
    if (step->is_mandatory)
        return;
    if (key == '*' && call->before != IVR_NO_STEP) {
        enter(flow, call, call->before, ask);
        return;
    }
    if (step->kind == IVR_QUEUE) {
        ask_queue(call, step->queue_id, ask);
        return;
    }
    uint8_t next = step->next;
    for (unsigned i = 0; i < IVR_STEPS_MAX && flow->steps[next].kind == IVR_PLAY; i++) {
        if (flow->steps[next].is_mandatory)
            break;
        next = flow->steps[next].next;
    }
    enter(flow, call, next, ask);
    if (flow->steps[next].kind != IVR_MENU)
        return;
    memset(ask, 0, sizeof(*ask));
    menu_key(flow, call, key, ask);
}

static void closed_key(const struct ivr_flow *flow, struct ivr_call *call, char key,
                       struct ivr_ask *ask)
{
    if (key == '*') {
        enter(flow, call, flow->closed, ask);
    } else if (key == '#' && flow->say[IVR_SAY_DATA]) {
        call->state = CLOSING;
        ask->what = IVR_DO_PLAY;
        add(ask, flow->say[IVR_SAY_DATA]);
    }
}

static void on_key(const struct ivr_flow *flow, struct ivr_call *call, char key,
                   struct ivr_ask *ask)
{
    switch ((enum state)call->state) {
    case SAYING:
        saying_key(flow, call, key, ask);
        return;
    case ASKING:
    case WAITING:
        menu_key(flow, call, key, ask);
        return;
    case CLOSING:
    case OPEN:
        closed_key(flow, call, key, ask);
        return;
    case LEAVING:
    case QUEUED:
    case ENDED:
        return;
    }
}

static void wait_ms(struct ivr_call *call, enum state state, ms_t ms, struct ivr_ask *ask)
{
    call->state = (uint8_t)state;
    ask->what = IVR_DO_WAIT;
    ask->wait_ms = ms;
}

static void on_played(const struct ivr_flow *flow, struct ivr_call *call, struct ivr_ask *ask)
{
    const struct ivr_step *step = &flow->steps[call->step];
    bool again = call->silent_n || call->wrong_n;
    switch ((enum state)call->state) {
    case SAYING:
        if (step->kind == IVR_QUEUE)
            ask_queue(call, step->queue_id, ask);
        else
            enter(flow, call, step->next, ask);
        return;
    case ASKING:
        wait_ms(call, WAITING, again ? IVR_KEY_AGAIN_MS : IVR_KEY_MS, ask);
        return;
    case LEAVING:
        ask_queue(call, flow->steps[flow->general].queue_id, ask);
        return;
    case CLOSING:
        wait_ms(call, OPEN, IVR_OPEN_MS, ask);
        return;
    case WAITING:
    case QUEUED:
    case OPEN:
    case ENDED:
        return;
    }
}

static void on_timer(const struct ivr_flow *flow, struct ivr_call *call, struct ivr_ask *ask)
{
    if (call->state == OPEN) {
        call->state = ENDED;
        ask->what = IVR_DO_END;
    } else if (call->state == WAITING && call->silent_n++ >= flow->max_repeat) {
        leave(flow, call, IVR_SAY_NO_KEY, ask);
    } else if (call->state == WAITING) {
        repeat(flow, call, flow->say[IVR_SAY_AGAIN], ask);
    }
}

/* The queue said no: why, then how else, then a moment for a key. */
static void on_refused(const struct ivr_flow *flow, struct ivr_call *call,
                       const struct ivr_event *event, struct ivr_ask *ask)
{
    add_all(ask, event->prompts, event->prompts_n);
    enter(flow, call, flow->closed, ask);
}

void ivr_step(const struct ivr_flow *flow, struct ivr_call *call, const struct ivr_event *event,
              struct ivr_ask *ask)
{
    memset(ask, 0, sizeof(*ask));
    switch (event->kind) {
    case IVR_START:
        *call = (struct ivr_call){.before = IVR_NO_STEP};
        enter(flow, call, 0, ask);
        return;
    case IVR_KEY:
        on_key(flow, call, event->key, ask);
        return;
    case IVR_PLAYED:
        on_played(flow, call, ask);
        return;
    case IVR_TIMER:
        on_timer(flow, call, ask);
        return;
    case IVR_REFUSED:
        on_refused(flow, call, event, ask);
        return;
    }
}
