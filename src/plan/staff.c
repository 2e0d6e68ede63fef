/* staff.c — the life of an agent: comes or not, rests, eats, rings through, loses a line, leaves.
 * Called by world.c. A day is a few steps at instants fixed when the shift begins. Two timers: the
 * phone (what an effect calls for) and the day. Cost: O(log agents) a deed.
 * Invariant: an agent answers only the offer that rings at it now. */
#include "plan/state.h"

#define LONG_SHIFT_MS ((ms_t)6 * 60 * MINUTE_MS) /* with a meal */
#define LATE_MS_MAX ((ms_t)5 * MINUTE_MS)
#define DEATH_TRIES 64
#define ASKS_WHO_MS ((ms_t)6000) /* finds out who has answered */
#define MESSAGE_MS ((ms_t)20000) /* heard, and left, on a machine */
#define ALONE_MS ((ms_t)10000)

/* How long people take. */
static const struct delay {
    ms_t min_ms, max_ms;
} signs_ready = {1000, 20000}, comes_back = {30000, 480000}, /* after a missed call */
    line_back = {60000, 600000};

/* Where in a shift each step stands, in eighths; the pauses in their order. */
enum day_step {
    STEP_COME,
    STEP_REST,
    STEP_BACK,
    STEP_MEAL,
    STEP_FED,
    STEP_REST_2,
    STEP_BACK_2,
    STEP_GO,
    STEP_OVER
};

static const struct plan_staff *staff(const struct plan_world *w)
{
    return &w->args.profile->staff;
}

static ms_t pause_ms(const struct plan_world *w, const struct agent *a, unsigned step)
{
    bool is_long = a->shift_to_at - a->shift_from_at >= LONG_SHIFT_MS;
    if (step == STEP_MEAL)
        return is_long ? staff(w)->meal_ms : 0;
    return is_long || step == STEP_REST ? staff(w)->rest_ms : 0;
}

static ms_t step_at(const struct plan_world *w, const struct agent *a)
{
    ms_t length_ms = a->shift_to_at - a->shift_from_at;
    switch (a->step) {
    case STEP_COME:
        return a->shift_from_at;
    case STEP_REST:
        return a->shift_from_at + length_ms / 4 + a->stagger_ms;
    case STEP_MEAL:
        return a->shift_from_at + length_ms / 2 - staff(w)->meal_ms / 2 + a->stagger_ms;
    case STEP_REST_2:
        return a->shift_from_at + length_ms * 3 / 4 + a->stagger_ms;
    default:
        return a->shift_to_at;
    }
}

/* The next step that happens, passing over pauses of no length. */
static void plan_day(struct plan_world *w, uint32_t i, ms_t now_at)
{
    struct agent *a = &w->agents[i];
    ms_t at;
    if (a->step == STEP_BACK || a->step == STEP_FED || a->step == STEP_BACK_2) {
        at = now_at + pause_ms(w, a, a->step - 1u);
    } else {
        while (a->step != STEP_COME && a->step < STEP_GO && !pause_ms(w, a, a->step))
            a->step += 2;
        at = a->step == STEP_OVER ? MS_NEVER : step_at(w, a);
    }
    heap_set(&w->timers, item_of_day(w, i), at < now_at ? now_at : at, 0);
}

/* The shift in the span `a->span` of that day, from its beginning. */
static void plan_shift(struct plan_world *w, uint32_t i, ms_t midnight_at, const struct day_span *s)
{
    struct agent *a = &w->agents[i];
    ms_t length_ms = (s->to_minute - s->from_minute) * MINUTE_MS;
    a->shift_from_at = midnight_at + s->from_minute * MINUTE_MS +
                       prng_between(&w->staff, 0, LATE_MS_MAX) - LATE_MS_MAX / 2;
    a->shift_to_at = midnight_at + s->to_minute * MINUTE_MS;
    a->stagger_ms = prng_between(&w->staff, -length_ms / 12, length_ms / 12);
    a->step = STEP_COME;
}

void staff_day(struct plan_world *w, ms_t midnight_at, unsigned weekday, ms_t now_at)
{
    for (uint32_t i = 0; i < w->agents_n; i++) {
        struct agent *a = &w->agents[i];
        const struct day_hours *shift = &w->args.profile->groups[a->group].shift[weekday];
        if (a->is_here || !shift->n) /* still in the shift of the day before */
            continue;
        if (prng_chance(&w->staff, staff(w)->absent_ppm)) {
            w->counts.absences_n++;
            continue;
        }
        a->span = 0;
        while (a->span + 1 < shift->n &&
               midnight_at + shift->span[a->span].to_minute * MINUTE_MS <= now_at)
            a->span++; /* the simulation begins within the day */
        plan_shift(w, i, midnight_at, &shift->span[a->span]);
        if (a->shift_to_at > now_at)
            plan_day(w, i, now_at);
    }
}

static void plan_phone(struct plan_world *w, uint32_t i, enum phone_deed deed, ms_t at)
{
    w->agents[i].phone = (uint8_t)deed;
    heap_set(&w->timers, item_of_phone(w, i), deed == PHONE_NOTHING ? MS_NEVER : at, 0);
}

/* Rings, or calls somebody: not to be disturbed. */
static bool is_at_phone(const struct agent *a)
{
    return a->phone == PHONE_CONFIRM || a->phone >= PHONE_CALL;
}

static void plan_ready(struct plan_world *w, uint32_t i, ms_t now_at, const struct delay *delay)
{
    plan_phone(w, i, PHONE_READY, now_at + prng_between(&w->staff, delay->min_ms, delay->max_ms));
}

static struct command of_agent(enum command_kind kind, uint32_t agent_id)
{
    struct command cmd = {.kind = kind};
    switch (kind) {
    case CMD_AGENT_SIGN_IN:
        cmd.agent_sign_in.agent_id = agent_id;
        break;
    case CMD_AGENT_SIGN_OUT:
        cmd.agent_sign_out.agent_id = agent_id;
        break;
    case CMD_AGENT_LOST:
        cmd.agent_lost.agent_id = agent_id;
        break;
    default:
        cmd.agent_ready.agent_id = agent_id;
    }
    return cmd;
}

/* Another span today? Then the next shift begins there. */
static void next_span(struct plan_world *w, uint32_t i)
{
    struct agent *a = &w->agents[i];
    struct day_place d = day_of(w, a->shift_from_at + LATE_MS_MAX);
    const struct day_hours *shift = &w->args.profile->groups[a->group].shift[d.weekday];
    if (a->span + 1 >= shift->n)
        return;
    a->span++;
    plan_shift(w, i, d.midnight_at, &shift->span[a->span]);
}

bool staff_day_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd)
{
    struct agent *a = &w->agents[i];
    unsigned step = a->step++;
    if (step == STEP_GO)
        next_span(w, i);
    plan_day(w, i, now_at);
    switch (step) {
    case STEP_COME:
        a->is_here = true;
        a->is_paused = false;
        plan_ready(w, i, now_at, &signs_ready);
        *cmd = of_agent(CMD_AGENT_SIGN_IN, a->id);
        return true;
    case STEP_GO:
        a->is_here = false;
        a->ringing = 0;
        plan_phone(w, i, PHONE_NOTHING, 0);
        *cmd = of_agent(CMD_AGENT_SIGN_OUT, a->id);
        return true;
    case STEP_BACK:
    case STEP_FED:
    case STEP_BACK_2:
        a->is_paused = false;
        *cmd = of_agent(CMD_AGENT_READY, a->id);
        return true;
    default:
        a->is_paused = true;
        if (!is_at_phone(a))
            plan_phone(w, i, PHONE_NOTHING, 0);
        *cmd = (struct command){
            .kind = CMD_AGENT_PAUSE,
            .agent_pause = {.agent_id = a->id,
                            .reason = step == STEP_MEAL ? PAUSE_MEAL : PAUSE_REST}};
        return true;
    }
}

/* The steps of a callback. */
static bool calls_back(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd)
{
    struct agent *a = &w->agents[i];
    unsigned deed = a->phone;
    ms_t after_ms;
    plan_phone(w, i, PHONE_NOTHING, 0);
    if (deed == PHONE_CALL) {
        *cmd = (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {a->ringing}};
        enum phone_deed next = callback_meets(w, a->contact_id, &after_ms);
        plan_phone(w, i, next, now_at + after_ms);
        return true;
    }
    if (deed == PHONE_ANSWER || deed == PHONE_TAKEN) {
        *cmd = (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {a->ringing}};
        if (deed == PHONE_ANSWER)
            plan_phone(w, i, PHONE_CONFIRM, now_at + ASKS_WHO_MS);
        else
            plan_phone(w, i, PHONE_MACHINE, now_at + MESSAGE_MS);
        return true;
    }
    if (deed == PHONE_ALONE) {
        *cmd = (struct command){.kind = CMD_OFFER_END,
                                .offer_end = {.offer_id = a->ringing, .why = OFFER_END_FINISHED}};
        a->ringing = a->contact_id = 0;
        return true;
    }
    *cmd = (struct command){.kind = CMD_CALLBACK_RESULT,
                            .callback_result = {.offer_id = a->ringing,
                                                .result = deed == PHONE_MACHINE
                                                              ? CALLBACK_RESULT_MACHINE
                                                              : CALLBACK_RESULT_NOBODY}};
    callback_missed(w, a->contact_id);
    a->ringing = a->contact_id = 0;
    return true;
}

bool staff_phone_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd)
{
    struct agent *a = &w->agents[i];
    unsigned deed = a->phone;
    if (deed >= PHONE_CALL)
        return calls_back(w, i, now_at, cmd);
    plan_phone(w, i, PHONE_NOTHING, 0);
    if (deed == PHONE_CONFIRM) {
        *cmd = (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {a->ringing}};
        a->ringing = 0;
        return true;
    }
    if (!a->is_here)
        return false;
    if (deed == PHONE_SIGN_IN && !a->is_paused)
        plan_ready(w, i, now_at, &signs_ready);
    *cmd = of_agent(deed == PHONE_SIGN_IN ? CMD_AGENT_SIGN_IN : CMD_AGENT_READY, a->id);
    return true;
}

/* One of those at work, at random. */
bool staff_death(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    for (unsigned tries = 0; tries < DEATH_TRIES && w->agents_n; tries++) {
        uint32_t i = (uint32_t)prng_below(&w->staff, w->agents_n);
        struct agent *a = &w->agents[i];
        if (!a->is_here || a->is_paused)
            continue;
        w->counts.line_deaths_n++;
        a->ringing = 0;
        plan_ready(w, i, now_at, &line_back);
        *cmd = of_agent(CMD_AGENT_LOST, a->id);
        return true;
    }
    return false;
}

static void on_ring(struct plan_world *w, uint32_t i, const struct effect *e, ms_t now_at)
{
    struct agent *a = &w->agents[i];
    a->ringing = a->contact_id = 0;
    if (!a->is_here || prng_chance(&w->staff, staff(w)->no_answer_ppm))
        return;
    a->ringing = e->offer_ring.offer_id;
    a->contact_id = e->offer_ring.is_callback ? e->offer_ring.contact_id : 0;
    plan_phone(w, i, a->contact_id ? PHONE_CALL : PHONE_CONFIRM,
               now_at + prng_law_ms(&w->staff, &w->pick_up) + 1);
}

static void on_stop(struct plan_world *w, uint32_t i, uint64_t offer_id)
{
    struct agent *a = &w->agents[i];
    callback_cut(w, a->contact_id, offer_id);
    if (a->ringing != offer_id || !offer_id)
        return;
    a->ringing = a->contact_id = 0;
    plan_phone(w, i, PHONE_NOTHING, 0);
}

void staff_alone(struct plan_world *w, const struct effect *join, ms_t now_at)
{
    uint32_t id = join->offer_join.agent_id;
    if (!id || id > w->agents_n)
        return;
    w->agents[id - 1].ringing = join->offer_join.offer_id;
    plan_phone(w, id - 1, PHONE_ALONE, now_at + ALONE_MS);
}

static void on_tell(struct plan_world *w, uint32_t i, const struct effect *e, ms_t now_at)
{
    struct agent *a = &w->agents[i];
    a->state = (uint8_t)e->agent_tell.state;
    if (!a->is_here || a->is_paused || is_at_phone(a))
        return;
    if (e->agent_tell.state == AGENT_STATE_WRAP_UP)
        plan_phone(w, i, PHONE_READY, now_at + prng_law_ms(&w->staff, &w->wrap_up) + 1);
    else if (e->agent_tell.state == AGENT_STATE_READY)
        plan_phone(w, i, PHONE_NOTHING, 0);
    else if (e->agent_tell.state == AGENT_STATE_PAUSED && a->phone == PHONE_NOTHING)
        plan_ready(w, i, now_at, &comes_back);
}

void staff_effect(struct plan_world *w, const struct effect *e, ms_t now_at)
{
    uint32_t id = e->kind == EFFECT_OFFER_RING   ? e->offer_ring.agent_id
                  : e->kind == EFFECT_OFFER_STOP ? e->offer_stop.agent_id
                  : e->kind == EFFECT_AGENT_TELL ? e->agent_tell.agent_id
                                                 : 0;
    if (!id || id > w->agents_n)
        return;
    if (e->kind == EFFECT_OFFER_RING)
        on_ring(w, id - 1, e, now_at);
    else if (e->kind == EFFECT_OFFER_STOP)
        on_stop(w, id - 1, e->offer_stop.offer_id);
    else
        on_tell(w, id - 1, e, now_at);
}

/* Phones come back: whoever is here signs in again, which changes nothing when it was kept. */
void staff_crash(struct plan_world *w, ms_t back_at)
{
    for (uint32_t i = 0; i < w->agents_n; i++) {
        w->agents[i].ringing = w->agents[i].contact_id = 0;
        if (w->agents[i].is_here)
            plan_phone(w, i, PHONE_SIGN_IN,
                       back_at + prng_between(&w->staff, signs_ready.min_ms, signs_ready.max_ms));
        else
            plan_phone(w, i, PHONE_NOTHING, 0);
    }
}

void staff_setup(const struct plan_world *w, uint32_t i, struct command *cmd)
{
    const struct agent *a = &w->agents[i];
    const struct plan_group *g = &w->args.profile->groups[a->group];
    *cmd = (struct command){.kind = CMD_AGENT_SET,
                            .agent_set = {.agent_id = a->id,
                                          .site_id = a->site,
                                          .area_id = (a->site - 1) % w->args.profile->areas_n + 1,
                                          .skills = a->has_language ? PLAN_SKILL_LANGUAGE : 0,
                                          .capacity = {1, g->text_capacity},
                                          .capacity_n = MEDIUM_TEXT + 1}};
    for (unsigned k = 0; k < g->services_n; k++)
        cmd->agent_set.queue_ids[k] = g->services[k] + 1u;
    cmd->agent_set.queue_ids_n = (uint8_t)g->services_n;
}
