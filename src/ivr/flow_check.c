/* flow_check.c — see flow_check.h. First each step by itself; then, when all of them are, the ways
 * between them: what is reached, how many menus stand in a row, what goes round.
 * Called by config/. Cost: steps² × ways of a step. The day flows have thousands of steps: one walk
 * in topological order. */
#include "ivr/flow_check.h"

#define REFERENCE_DIGITS 8
#define DAY_MIN (24 * 60)
#define WEEK_DAYS_N 7
#define LANGUAGES_N 64
/* A step leads to its choices or cases, to next and to other. */
#define WAYS_MAX (IVR_CASES_MAX + 2)

static_assert(IVR_CASES_MAX >= IVR_CHOICES_MAX, "room for the ways of a menu");

/* ---- each step ---------------------------------------------------------------------------- */

static bool is_language_key(const struct ivr_flow *flow, char key)
{
    for (unsigned i = 0; i < flow->languages_n && i < IVR_LANGUAGES_MAX; i++)
        if (flow->languages[i].key == key)
            return true;
    return false;
}

/* Keys that mean the same in every menu (voice-script §2) are not free. */
static bool is_free_key(char key)
{
    return (key >= '1' && key <= '7') || key == '9';
}

static enum ivr_fault check_choices(const struct ivr_flow *flow, const struct ivr_step *step)
{
    if (!step->choices_n || step->choices_n > IVR_CHOICES_MAX)
        return IVR_FLOW_CHOICES;
    for (unsigned i = 0; i < step->choices_n; i++) {
        char key = step->choices[i].key;
        if (!is_free_key(key) || is_language_key(flow, key))
            return IVR_FLOW_KEY;
        for (unsigned j = 0; j < i; j++)
            if (step->choices[j].key == key)
                return IVR_FLOW_KEY;
        if (step->choices[i].step >= flow->steps_n)
            return IVR_FLOW_TARGET;
    }
    return IVR_FLOW_OK;
}

static enum ivr_fault check_cases(const struct ivr_flow *flow, const struct ivr_step *step)
{
    if (!step->cases_n || step->cases_n > IVR_CASES_MAX)
        return IVR_FLOW_CASES;
    for (unsigned i = 0; i < step->cases_n; i++) {
        const struct ivr_case *c = &step->cases[i];
        if (c->when > IVR_WHEN_KNOWN || (c->when == IVR_WHEN_LANG && c->value > LANGUAGES_N))
            return IVR_FLOW_CASES;
        if (c->when == IVR_WHEN_OPEN && (!c->value || c->value & ~flow->weeks))
            return IVR_FLOW_CASES; /* hours that nobody looks up */
        if (c->step >= flow->steps_n)
            return IVR_FLOW_TARGET;
    }
    return step->other < flow->steps_n ? IVR_FLOW_OK : IVR_FLOW_TARGET;
}

static enum ivr_fault check_digits(const struct ivr_flow *flow, const struct ivr_step *step)
{
    bool fits = step->min && step->min <= step->max && step->max <= IVR_TYPED_MAX;
    bool is_whole = step->min == REFERENCE_DIGITS && step->max == REFERENCE_DIGITS;
    if (!fits || !step->tries || step->tries > IVR_TRIES_MAX || (step->is_reference && !is_whole))
        return IVR_FLOW_DIGITS;
    bool has_other = step->other != IVR_NO_STEP;
    return has_other && step->other >= flow->steps_n ? IVR_FLOW_TARGET : IVR_FLOW_OK;
}

static enum ivr_fault check_value(const struct ivr_value *v)
{
    switch (v->kind) {
    case IVR_VALUE_NUMBER:
    case IVR_VALUE_WAIT:
        return v->number ? IVR_FLOW_OK : IVR_FLOW_VALUE;
    case IVR_VALUE_HOUR:
        return v->minute < DAY_MIN ? IVR_FLOW_OK : IVR_FLOW_VALUE;
    case IVR_VALUE_DAY:
        return v->number < WEEK_DAYS_N ? IVR_FLOW_OK : IVR_FLOW_VALUE;
    case IVR_VALUE_TYPED:
    case IVR_VALUE_DATE:
    case IVR_VALUE_OPENING:
        return IVR_FLOW_OK;
    case IVR_VALUE_ECHO:
    case IVR_VALUES:
        break;
    }
    return IVR_FLOW_VALUE;
}

static enum ivr_fault check_transfer(const struct ivr_flow *flow, const struct ivr_step *step)
{
    if (step->other >= flow->steps_n)
        return IVR_FLOW_TARGET;
    bool has_queue = flow->steps[step->other].kind == IVR_QUEUE;
    return has_queue && step->agent_id ? IVR_FLOW_OK : IVR_FLOW_QUEUE;
}

static enum ivr_fault check_kind(const struct ivr_flow *flow, const struct ivr_step *step)
{
    switch (step->kind) {
    case IVR_MENU:
        return check_choices(flow, step);
    case IVR_BRANCH:
        return check_cases(flow, step);
    case IVR_COLLECT:
        return check_digits(flow, step);
    case IVR_SAY:
        return check_value(&step->value);
    case IVR_TRANSFER:
        return check_transfer(flow, step);
    case IVR_QUEUE:
        return step->queue_id ? IVR_FLOW_OK : IVR_FLOW_QUEUE;
    case IVR_LANG:
        return step->lang <= LANGUAGES_N ? IVR_FLOW_OK : IVR_FLOW_LANGUAGE;
    case IVR_PLAY:
    case IVR_INFORM:
    case IVR_CLOSED:
    case IVR_MESSAGE:
    case IVR_ECHO:
        return IVR_FLOW_OK;
    case IVR_KINDS:
        break;
    }
    return IVR_FLOW_STEPS;
}

static bool goes_on(enum ivr_kind kind)
{
    return kind == IVR_PLAY || kind == IVR_INFORM || kind == IVR_SAY || kind == IVR_COLLECT ||
           kind == IVR_LANG || kind == IVR_MESSAGE || kind == IVR_ECHO;
}

static bool must_speak(enum ivr_kind kind)
{
    return kind == IVR_PLAY || kind == IVR_INFORM || kind == IVR_MENU || kind == IVR_CLOSED ||
           kind == IVR_COLLECT || kind == IVR_MESSAGE || kind == IVR_ECHO;
}

static enum ivr_fault check_step(const struct ivr_flow *flow, const struct ivr_step *step)
{
    if (step->prompts_n > IVR_PROMPTS_MAX || (!step->prompts_n && must_speak(step->kind)))
        return IVR_FLOW_PROMPT;
    for (unsigned i = 0; i < step->prompts_n; i++)
        if (!step->prompts[i])
            return IVR_FLOW_PROMPT;
    if (goes_on(step->kind) && step->next >= flow->steps_n)
        return IVR_FLOW_TARGET;
    return check_kind(flow, step);
}

static enum ivr_fault check_languages(const struct ivr_flow *flow)
{
    if (flow->languages_n > IVR_LANGUAGES_MAX)
        return IVR_FLOW_LANGUAGE;
    for (unsigned i = 0; i < flow->languages_n; i++) {
        if (!flow->languages[i].lang || flow->languages[i].lang > LANGUAGES_N)
            return IVR_FLOW_LANGUAGE;
        if (!is_free_key(flow->languages[i].key))
            return IVR_FLOW_KEY;
        for (unsigned j = 0; j < i; j++)
            if (flow->languages[j].key == flow->languages[i].key)
                return IVR_FLOW_KEY;
    }
    return IVR_FLOW_OK;
}

/* ---- the ways between them ---------------------------------------------------------------- */

struct ways {
    uint8_t to[WAYS_MAX];
    unsigned n;
};

static void add_way(struct ways *w, uint8_t to)
{
    if (to != IVR_NO_STEP)
        w->to[w->n++] = to;
}

/* Where a step leads by itself or by a key. */
static struct ways ways_of(const struct ivr_step *step)
{
    struct ways w = {.n = 0};
    bool has_other = step->kind == IVR_COLLECT || step->kind == IVR_BRANCH;
    for (unsigned i = 0; step->kind == IVR_MENU && i < step->choices_n; i++)
        add_way(&w, step->choices[i].step);
    for (unsigned i = 0; step->kind == IVR_BRANCH && i < step->cases_n; i++)
        add_way(&w, step->cases[i].step);
    if (goes_on(step->kind))
        add_way(&w, step->next);
    if (has_other || step->kind == IVR_TRANSFER)
        add_way(&w, step->other);
    return w;
}

struct walk {
    const struct ivr_flow *flow;
    bool is_reached[IVR_STEPS_MAX];
    bool is_round[IVR_STEPS_MAX];
    uint8_t level[IVR_STEPS_MAX]; /* menus on the longest way to it, itself included */
};

static void reach(struct walk *w)
{
    const struct ivr_flow *f = w->flow;
    w->is_reached[0] = w->is_reached[f->general] = w->is_reached[f->closed] = true;
    for (unsigned round = 0; round < f->steps_n; round++)
        for (unsigned i = 0; i < f->steps_n; i++) {
            struct ways ways = ways_of(&f->steps[i]);
            for (unsigned j = 0; w->is_reached[i] && j < ways.n; j++)
                w->is_reached[ways.to[j]] = true;
        }
}

/* Does a way lead from this step to one that may still be in a ring, or from such a one to it? */
static bool is_between(const struct walk *w, unsigned step)
{
    bool leads = false, is_led_to = false;
    for (unsigned i = 0; i < w->flow->steps_n; i++) {
        struct ways ways = ways_of(&w->flow->steps[i]);
        for (unsigned j = 0; w->is_round[i] && j < ways.n; j++) {
            is_led_to |= ways.to[j] == step;
            leads |= i == step && w->is_round[ways.to[j]];
        }
    }
    return leads && is_led_to;
}

/* Rings without a menu: takes away what has no way in or no way out until nothing changes. */
static void find_rings(struct walk *w)
{
    bool has_changed = true;
    for (unsigned i = 0; i < w->flow->steps_n; i++)
        w->is_round[i] = w->flow->steps[i].kind != IVR_MENU;
    while (has_changed) {
        has_changed = false;
        for (unsigned i = 0; i < w->flow->steps_n; i++) {
            if (!w->is_round[i] || is_between(w, i))
                continue;
            w->is_round[i] = false;
            has_changed = true;
        }
    }
}

static bool is_menu(const struct walk *w, uint8_t step)
{
    return w->flow->steps[step].kind == IVR_MENU;
}

/* The levels behind a step, from its own. */
static void count_from(struct walk *w, uint8_t step)
{
    struct ways ways = ways_of(&w->flow->steps[step]);
    for (unsigned i = 0; w->level[step] <= IVR_LEVELS_MAX && i < ways.n; i++) {
        unsigned level = w->level[step] + (is_menu(w, ways.to[i]) ? 1u : 0u);
        if (level > w->level[ways.to[i]])
            w->level[ways.to[i]] = (uint8_t)level;
    }
}

/* Each round carries levels one step on; a ring through a menu passes the bound, too. */
static void count_levels(struct walk *w)
{
    for (uint8_t i = 0; i < w->flow->steps_n; i++)
        w->level[i] = is_menu(w, i);
    for (unsigned round = 0; round < IVR_STEPS_MAX; round++)
        for (uint8_t i = 0; i < w->flow->steps_n; i++)
            count_from(w, i);
}

/* Marks what follows a step that is not behind another menu; true when a menu does. */
static bool follow(const struct walk *w, uint8_t step, bool seen[IVR_STEPS_MAX])
{
    struct ways ways = ways_of(&w->flow->steps[step]);
    bool has_menu = false;
    for (unsigned i = 0; i < ways.n; i++) {
        has_menu |= is_menu(w, ways.to[i]);
        seen[ways.to[i]] |= !is_menu(w, ways.to[i]);
    }
    return has_menu;
}

/* Does this menu lead, past sentences, to another? */
static bool leads_to_menu(const struct walk *w, uint8_t menu)
{
    bool seen[IVR_STEPS_MAX] = {0}, has_menu = follow(w, menu, seen);
    for (unsigned round = 0; round < w->flow->steps_n && !has_menu; round++)
        for (uint8_t i = 0; i < w->flow->steps_n; i++)
            has_menu |= seen[i] && follow(w, i, seen);
    return has_menu;
}

static enum ivr_fault check_ways(const struct walk *w, uint8_t step)
{
    if (!w->is_reached[step])
        return IVR_FLOW_UNREACHED;
    if (w->is_round[step])
        return IVR_FLOW_LOOP;
    bool is_last = w->flow->steps[step].kind == IVR_MENU && w->level[step] >= IVR_LEVELS_MAX;
    return is_last && leads_to_menu(w, step) ? IVR_FLOW_LEVELS : IVR_FLOW_OK;
}

/* ---- both --------------------------------------------------------------------------------- */

static void find(struct ivr_finding *found, unsigned *n, enum ivr_fault fault, uint8_t step)
{
    if (fault != IVR_FLOW_OK && *n < IVR_FINDINGS_MAX)
        found[(*n)++] = (struct ivr_finding){fault, step};
}

static enum ivr_fault check_named(const struct ivr_flow *flow, uint8_t step, enum ivr_kind kind)
{
    bool is_right = step < flow->steps_n && flow->steps[step].kind == kind;
    return is_right ? IVR_FLOW_OK : IVR_FLOW_QUEUE;
}

unsigned ivr_check(const struct ivr_flow *flow, struct ivr_finding found[IVR_FINDINGS_MAX])
{
    unsigned n = 0;
    struct walk w = {.flow = flow};
    if (!flow->steps_n || flow->steps_n > IVR_STEPS_MAX) {
        find(found, &n, IVR_FLOW_STEPS, IVR_NO_STEP);
        return n;
    }
    find(found, &n, check_languages(flow), IVR_NO_STEP);
    find(found, &n, check_named(flow, flow->general, IVR_QUEUE), flow->general);
    find(found, &n, check_named(flow, flow->closed, IVR_CLOSED), flow->closed);
    for (uint8_t i = 0; i < flow->steps_n; i++)
        find(found, &n, check_step(flow, &flow->steps[i]), i);
    if (n)
        return n;
    reach(&w);
    find_rings(&w);
    count_levels(&w);
    for (uint8_t i = 0; i < flow->steps_n; i++)
        find(found, &n, check_ways(&w, i), i);
    return n;
}
