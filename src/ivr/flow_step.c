/* flow_step.c — the interpreter of flows, see flow.h.
 * Called by app/ for each happening on a call that is in its menu. Cost: O(choices + cases).
 * Invariant: from every state silence alone leads to a person, or, when closed, to the goodbye. */
#include <string.h>

#include "ivr/flow.h"
#include "say/reference.h"

enum state {
    SAYING,   /* what a step says that asks for no key */
    ASKING,   /* prompts of a menu */
    WAITING,  /* for a key, after them */
    ENTERING, /* prompts of an entry of digits */
    DIGITS,   /* waits for the next digit */
    LEAVING,  /* the sentence before the general queue */
    QUEUED,   /* the queue was asked */
    CLOSING,  /* the sentences of a closed house */
    OPEN,     /* its moment of silence */
    ECHOING,  /* hears itself */
    TELLING,  /* how that went */
    ENDED
};

/* One happening on its way through. */
struct turn {
    const struct ivr_flow *flow;
    struct ivr_call *call;
    const struct ivr_event *event;
    struct ivr_ask *ask;
};

static const struct ivr_step *here(const struct turn *t)
{
    return &t->flow->steps[t->call->step];
}

/* ---- what is asked for -------------------------------------------------------------------- */

static void add(struct turn *t, ivr_prompt prompt)
{
    struct ivr_ask *ask = t->ask;
    ivr_prompt price = prompt && prompt == t->flow->greeting ? t->event->facts.price : 0;
    if (prompt && ask->prompts_n < IVR_ASK_MAX)
        ask->prompts[ask->prompts_n++] = prompt;
    if (!price || t->call->is_price_said || ask->prompts_n == IVR_ASK_MAX)
        return;
    ask->prompts[ask->prompts_n++] = price;
    t->call->is_price_said = true;
}

static void add_all(struct turn *t, const ivr_prompt *prompts, unsigned n)
{
    for (unsigned i = 0; i < n && i < IVR_PROMPTS_MAX; i++)
        add(t, prompts[i]);
}

static void wait_ms(struct turn *t, enum state state, ms_t ms)
{
    t->call->state = (uint8_t)state;
    t->ask->what = IVR_DO_WAIT;
    t->ask->wait_ms = ms;
}

static bool is_queue(const struct ivr_step *step)
{
    return step->kind == IVR_QUEUE || step->kind == IVR_TRANSFER;
}

/* A transfer asks for its agent first, in the queue that takes over when nobody is there. */
static void ask_queue(struct turn *t, const struct ivr_step *step)
{
    bool is_transfer = step->kind == IVR_TRANSFER;
    t->call->state = QUEUED;
    t->ask->what = IVR_DO_QUEUE;
    t->ask->agent_id = step->agent_id;
    t->ask->queue_id = is_transfer ? t->flow->steps[step->other].queue_id : step->queue_id;
}

static void ask_general(struct turn *t)
{
    ask_queue(t, &t->flow->steps[t->flow->general]);
}

/* A person, without any key: a sentence, then the general queue. */
static void leave(struct turn *t, enum ivr_say say)
{
    ivr_way_leave(&t->call->way, t->call->step,
                  say == IVR_SAY_PERSON ? IVR_LEFT_PERSON : IVR_LEFT_NO_KEY);
    t->call->state = LEAVING;
    t->ask->what = IVR_DO_PLAY;
    add(t, t->flow->say[say]);
    if (!t->ask->prompts_n)
        ask_general(t);
}

static void send_back(struct turn *t)
{
    t->call->state = ECHOING;
    t->ask->what = IVR_DO_ECHO;
    t->ask->wait_ms = IVR_ECHO_MS;
}

/* A recorded answer like others: who hears it to its end was informed. */
static void tell_echo(struct turn *t)
{
    t->call->state = TELLING;
    t->ask->what = IVR_DO_SAY;
    t->ask->informs = true;
    t->ask->value.kind = IVR_VALUE_ECHO;
}

/* ---- entering a step ---------------------------------------------------------------------- */

static bool is_true(const struct turn *t, const struct ivr_case *c)
{
    const struct ivr_facts *facts = &t->event->facts;
    switch (c->when) {
    case IVR_WHEN_OPEN:
        return facts->open_weeks & c->value;
    case IVR_WHEN_LANG:
        return t->call->lang == c->value;
    case IVR_WHEN_CALLED:
        return facts->called == c->value;
    case IVR_WHEN_KNOWN:
        return facts->is_known == (c->value != 0);
    }
    return false;
}

static uint8_t way_of(const struct turn *t, const struct ivr_step *step)
{
    for (unsigned i = 0; i < step->cases_n && i < IVR_CASES_MAX; i++)
        if (is_true(t, &step->cases[i]))
            return step->cases[i].step;
    return step->other;
}

/* Past the steps that say nothing, from this one on. */
static uint8_t pass(struct turn *t, uint8_t to)
{
    for (unsigned i = 0; i < IVR_STEPS_MAX; i++) {
        const struct ivr_step *step = &t->flow->steps[to];
        bool is_over = step->kind == IVR_MESSAGE && step->until_at <= t->event->facts.wall_at;
        if (step->kind == IVR_LANG)
            t->call->lang = step->lang;
        else if (step->kind != IVR_BRANCH && !is_over)
            return to;
        to = step->kind == IVR_BRANCH ? way_of(t, step) : step->next;
    }
    return t->flow->general; /* a sound flow has no such ring */
}

static void enter(struct turn *t, uint8_t to)
{
    static const uint8_t states[IVR_KINDS] = {
        [IVR_MENU] = ASKING, [IVR_CLOSED] = CLOSING, [IVR_COLLECT] = ENTERING};
    t->call->step = pass(t, to);
    const struct ivr_step *step = here(t);
    t->call->state = states[step->kind];
    t->call->silent_n = t->call->wrong_n = 0;
    if (step->kind == IVR_COLLECT)
        t->call->typed_n = t->call->has_star = 0;
    t->ask->what = step->kind == IVR_SAY ? IVR_DO_SAY : IVR_DO_PLAY;
    t->ask->is_mandatory = step->is_mandatory;
    t->ask->informs = step->kind == IVR_INFORM;
    t->ask->value = step->value;
    add_all(t, step->prompts, step->prompts_n);
    if (is_queue(step) && !t->ask->prompts_n)
        ask_queue(t, step);
}

/* The step of this call once more, after a sentence of its own. */
static void repeat(struct turn *t, ivr_prompt first)
{
    const struct ivr_step *step = here(t);
    t->call->state = step->kind == IVR_COLLECT ? ENTERING : ASKING;
    t->call->typed_n = 0;
    t->ask->what = IVR_DO_PLAY;
    add(t, first);
    if (step->slow && t->call->silent_n)
        add(t, step->slow);
    else
        add_all(t, step->prompts, step->prompts_n);
}

/* ---- keys: menus -------------------------------------------------------------------------- */

/* The language that this key chooses in every menu; IVR_FRENCH: none. */
static ivr_lang language_of(const struct ivr_flow *flow, char key)
{
    if (key == '8' && flow->has_english)
        return IVR_ENGLISH;
    for (unsigned i = 0; i < flow->languages_n && i < IVR_LANGUAGES_MAX; i++)
        if (flow->languages[i].key == key)
            return flow->languages[i].lang;
    return IVR_FRENCH;
}

static bool choose(struct turn *t, char key)
{
    const struct ivr_step *step = here(t);
    for (unsigned i = 0; i < step->choices_n && i < IVR_CHOICES_MAX; i++) {
        if (step->choices[i].key != key)
            continue;
        t->call->before = t->call->step;
        ivr_way_choose(&t->call->way, t->call->step, step->choices[i].step);
        enter(t, step->choices[i].step);
        return true;
    }
    return false;
}

static void menu_key(struct turn *t, char key)
{
    ivr_lang lang = language_of(t->flow, key);
    if (choose(t, key))
        return;
    if (key == '0') {
        leave(t, IVR_SAY_PERSON);
    } else if (key == '*') {
        repeat(t, 0);
    } else if (key == '#') {
        repeat(t, t->flow->say[IVR_SAY_DATA]);
    } else if (lang) {
        t->call->lang = lang;
        repeat(t, 0);
    } else if (t->call->wrong_n++) {
        leave(t, IVR_SAY_NO_KEY);
    } else {
        repeat(t, t->flow->say[IVR_SAY_WRONG]);
    }
}

/* ---- keys: an entry of digits (voice-script §5) --------------------------------------------- */

/* To the step for who cannot type, else to a person. */
static void give_up(struct turn *t, enum ivr_say say)
{
    uint8_t other = here(t)->other;
    t->call->typed_n = 0;
    if (other == IVR_NO_STEP)
        leave(t, say);
    else
        enter(t, other);
}

static bool is_sound(const struct turn *t)
{
    uint32_t reference = 0;
    if (t->call->typed_n < here(t)->min)
        return false;
    if (!here(t)->is_reference)
        return true;
    for (unsigned i = 0; i < t->call->typed_n; i++)
        reference = reference * 10 + (uint32_t)(t->call->typed[i] - '0');
    return say_reference_is_sound(reference);
}

static void end_entry(struct turn *t)
{
    const struct ivr_step *step = here(t);
    if (is_sound(t))
        enter(t, step->next);
    else if (++t->call->wrong_n >= step->tries)
        give_up(t, IVR_SAY_NO_KEY);
    else
        repeat(t, step->wrong);
}

static void digit_key(struct turn *t, char key)
{
    bool had_star = t->call->has_star;
    t->call->has_star = key == '*';
    if (key == '*' && had_star) {
        give_up(t, IVR_SAY_PERSON);
    } else if (key == '*') {
        repeat(t, 0);
    } else if (key == '#') {
        end_entry(t);
    } else if (key >= '0' && key <= '9' && t->call->typed_n < IVR_TYPED_MAX) {
        t->call->typed[t->call->typed_n++] = key;
        if (t->call->typed_n < here(t)->max)
            wait_ms(t, DIGITS, IVR_DIGIT_MS);
        else
            end_entry(t);
    }
}

/* ---- keys: elsewhere ------------------------------------------------------------------------ */

/* Where who does not listen to the end comes to: past all that may be cut. */
static uint8_t skip(struct turn *t, uint8_t to)
{
    for (unsigned i = 0; i < IVR_STEPS_MAX; i++) {
        to = pass(t, to);
        const struct ivr_step *step = &t->flow->steps[to];
        bool is_heard =
            step->kind == IVR_PLAY || step->kind == IVR_SAY || step->kind == IVR_MESSAGE;
        if (!is_heard || step->is_mandatory)
            return to;
        to = step->next;
    }
    return t->flow->general;
}

/* A key while sentences are said: star goes back to the menu; others are taken by the menu or the
 * entry that comes, for who knows it by heart; elsewhere they only cut the sentence short. */
static void saying_key(struct turn *t, char key)
{
    const struct ivr_step *step = here(t);
    if (step->is_mandatory)
        return;
    if (key == '*' && t->call->before != IVR_NO_STEP) {
        enter(t, t->call->before);
        return;
    }
    if (is_queue(step)) {
        ask_queue(t, step);
        return;
    }
    if (step->kind == IVR_ECHO) {
        send_back(t);
        return;
    }
    ivr_lang lang = language_of(t->flow, key);
    t->call->lang = lang ? lang : t->call->lang;
    enter(t, skip(t, step->next));
    bool is_menu = here(t)->kind == IVR_MENU, is_entry = here(t)->kind == IVR_COLLECT;
    if (lang || (!is_menu && !is_entry))
        return;
    memset(t->ask, 0, sizeof(*t->ask));
    if (is_menu)
        menu_key(t, key);
    else
        digit_key(t, key);
}

static void closed_key(struct turn *t, char key)
{
    if (key == '*') {
        enter(t, t->flow->closed);
    } else if (key == '#' && t->flow->say[IVR_SAY_DATA]) {
        t->call->state = CLOSING;
        t->ask->what = IVR_DO_PLAY;
        add(t, t->flow->say[IVR_SAY_DATA]);
    }
}

static void on_key(struct turn *t, char key)
{
    switch ((enum state)t->call->state) {
    case SAYING:
        saying_key(t, key);
        return;
    case ASKING:
    case WAITING:
        menu_key(t, key);
        return;
    case ENTERING:
    case DIGITS:
        digit_key(t, key);
        return;
    case CLOSING:
    case OPEN:
        closed_key(t, key);
        return;
    case ECHOING:
        tell_echo(t);
        return;
    case TELLING:
        enter(t, here(t)->next);
        return;
    case LEAVING:
    case QUEUED:
    case ENDED:
        return;
    }
}

/* ---- the other happenings ------------------------------------------------------------------- */

static void on_played(struct turn *t)
{
    const struct ivr_step *step = here(t);
    bool again = t->call->silent_n || t->call->wrong_n;
    switch ((enum state)t->call->state) {
    case SAYING:
        if (is_queue(step))
            ask_queue(t, step);
        else if (step->kind == IVR_ECHO)
            send_back(t);
        else
            enter(t, step->next);
        return;
    case TELLING:
        enter(t, step->next);
        return;
    case ASKING:
        wait_ms(t, WAITING, again ? IVR_KEY_AGAIN_MS : IVR_KEY_MS);
        return;
    case ENTERING:
        wait_ms(t, DIGITS, IVR_DIGIT_MS);
        return;
    case LEAVING:
        ask_general(t);
        return;
    case CLOSING:
        wait_ms(t, OPEN, IVR_OPEN_MS);
        return;
    case WAITING:
    case DIGITS:
    case QUEUED:
    case OPEN:
    case ECHOING:
    case ENDED:
        return;
    }
}

/* No further digit: what may be shorter is whole; else once more, then somebody helps. */
static void no_digit(struct turn *t)
{
    t->call->has_star = false;
    if (t->call->typed_n >= here(t)->min)
        end_entry(t);
    else if (t->call->silent_n++)
        give_up(t, IVR_SAY_NO_KEY);
    else
        repeat(t, t->flow->say[IVR_SAY_AGAIN]);
}

static void on_timer(struct turn *t)
{
    if (t->call->state == OPEN) {
        t->call->state = ENDED;
        t->ask->what = IVR_DO_END;
    } else if (t->call->state == ECHOING) {
        tell_echo(t);
    } else if (t->call->state == DIGITS) {
        no_digit(t);
    } else if (t->call->state == WAITING && t->call->silent_n++ >= t->flow->max_repeat) {
        leave(t, IVR_SAY_NO_KEY);
    } else if (t->call->state == WAITING) {
        repeat(t, t->flow->say[IVR_SAY_AGAIN]);
    }
}

/* The queue said no: why, then how else, then a moment for a key. */
static void on_refused(struct turn *t)
{
    add_all(t, t->event->prompts, t->event->prompts_n);
    enter(t, t->flow->closed);
}

void ivr_step(const struct ivr_flow *flow, struct ivr_call *call, const struct ivr_event *event,
              struct ivr_ask *ask)
{
    struct turn t = {flow, call, event, ask};
    memset(ask, 0, sizeof(*ask));
    switch (event->kind) {
    case IVR_START:
        *call = (struct ivr_call){.before = IVR_NO_STEP};
        enter(&t, 0);
        return;
    case IVR_KEY:
        on_key(&t, event->key);
        return;
    case IVR_PLAYED:
        on_played(&t);
        return;
    case IVR_TIMER:
        on_timer(&t);
        return;
    case IVR_REFUSED:
        on_refused(&t);
        return;
    }
}
