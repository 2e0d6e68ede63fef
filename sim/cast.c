/* cast.c — the calls of the cast: dials, chooses, waits, asks to be called back, hangs up, speaks.
 * Called by run.c. A visit is one call; its leg carries who and which, so that effects and events
 * find it. Cost: a walk over the visits.
 * Invariant: one deed a visit at a time; each visit ends. */
#include "acd/look.h"
#include "base/arena.h"
#include "sim/cast_state.h"

#define JITTER_MS (5 * SECOND)
#define MEDIA_MS_MIN (SECOND / 20)
#define MEDIA_MS_MAX (SECOND / 5)
#define GIVES_MS (20 * SECOND)  /* keys a number, or hears that it is refused */
#define NOTED_MS (7 * SECOND)   /* « c’est noté » */
#define REFUSED_MS (5 * SECOND) /* hears why */
#define HANGS_UP_MS (SECOND / 25)
#define AFTER_TALK_MS (5 * SECOND)
#define GATE_ROWS 64u
#define LEG(i) ((uint64_t)cast_visits[i].who << 32 | ((i) + 1u))

/* ---- opening ------------------------------------------------------------------------------- */

static struct cast *lay_out(struct arena *arena)
{
    struct cast *c = arena_take(arena, 1, sizeof(*c));
    uint8_t *gate = arena_take(arena, 1, gate_bytes(GATE_ROWS) + ARENA_ALIGN);
    if (!c)
        return NULL;
    struct settings settings;
    settings_defaults(&settings);
    settings.gate.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    const struct gate_args args = {
        .rules = &settings.gate, .prices = &settings.price, .key = {1, 2}, .rows_max = GATE_ROWS};
    uintptr_t at = ((uintptr_t)gate + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    c->gate = gate_open((void *)at, &args);
    return c;
}

size_t cast_bytes(void)
{
    struct arena arena = {0};
    lay_out(&arena);
    return arena.used + ARENA_ALIGN;
}

struct cast *cast_open(void *memory, const struct cast_args *args)
{
    struct arena arena = {.base = memory, .size = cast_bytes()};
    struct cast *c = lay_out(&arena);
    assert(c); /* there is memory */
    c->args = *args;
    prng_seed(&c->chance, args->seed ^ UINT64_C(0x63617374));
    for (unsigned who = CAST_NOBODY + 1; who < CAST_N; who++)
        c->persons[who] = prng_next(&c->chance) | 1;
    c->persons[CAST_JEAN] = 0; /* withheld */
    for (unsigned i = 0; i < CAST_VISITS_N; i++) {
        ms_t at = args->from_at + cast_visits[i].at_ms + prng_between(&c->chance, 0, JITTER_MS);
        bool is_played = cast_visits[i].who != CAST_KARIM;
        cast_plan(&c->visits[i], is_played ? VISIT_TO_COME : VISIT_OVER,
                  is_played ? DO_DIAL : DO_NOTHING, at);
    }
    c->flood.begins_at = args->from_at + CAST_FLOOD_MS;
    staff_begin(c);
    return c;
}

void cast_meet(struct cast *c, const struct acd *acd)
{
    c->acd = acd;
}

/* ---- who ----------------------------------------------------------------------------------- */

enum cast_who cast_of_leg(uint16_t node, uint64_t leg_id)
{
    uint64_t who = leg_id >> 32;
    return node == CAST_NODE && who < CAST_N ? (enum cast_who)who : CAST_NOBODY;
}

static struct visit *visit_of(struct cast *c, uint16_t node, uint64_t leg_id)
{
    uint64_t i = (leg_id & UINT32_MAX) - 1;
    bool is_ours = node == CAST_NODE && i < CAST_VISITS_N && LEG(i) == leg_id;
    return is_ours ? &c->visits[i] : NULL;
}

static const struct visit_script *script_of(const struct cast *c, const struct visit *v)
{
    return &cast_visits[v - c->visits];
}

void cast_plan(struct visit *v, enum visit_state state, enum visit_deed deed, ms_t at)
{
    v->state = state;
    v->deed = deed;
    v->deed_at = deed == DO_NOTHING ? MS_NEVER : at;
}

/* ---- deeds --------------------------------------------------------------------------------- */

static void dial(struct cast *c, struct visit *v, struct command *cmd)
{
    const struct visit_script *is = script_of(c, v);
    unsigned i = (unsigned)(v - c->visits);
    cast_plan(v, VISIT_DIALLED, DO_NOTHING, 0);
    *cmd = (struct command){
        .kind = CMD_CALL_ARRIVED,
        .call_arrived = {.leg_node = CAST_NODE,
                         .leg_id = LEG(i),
                         .channel = CHANNEL_PHONE,
                         .entry_id = 1,
                         .person_id = c->persons[is->who],
                         .reference = (uint32_t)prng_below(&c->chance, CAST_REFERENCES)}};
}

/* As the lines do (app/line_again.c): one plain drop of a line that is not shared is taken back at
 * once; nothing by who is withheld. */
static uint64_t place_of(const struct cast *c, const struct visit *v, ms_t now_at)
{
    enum cast_who who = script_of(c, v)->who;
    uint64_t found = 0;
    unsigned n = 0;
    struct acd_look_place place;
    if (!c->persons[who] || cast_is_shared(who))
        return 0;
    for (unsigned i = 0; i < CAST_VISITS_N; i++) {
        const struct visit *was = &c->visits[i];
        if (was == v || cast_visits[i].who != who || !was->contact_id ||
            !acd_look_place_of(c->acd, was->contact_id, now_at, &place))
            continue;
        n++;
        found = place.is_promise ? 0 : was->contact_id;
    }
    return n == 1 ? found : 0;
}

/* What follows in the queue, by the clock of the visit. */
static void plan_wait(struct cast *c, struct visit *v, ms_t now_at)
{
    const struct visit_script *is = script_of(c, v);
    if (is->wish_ms)
        cast_plan(v, VISIT_WAITS, DO_WISH, now_at + is->wish_ms);
    else if (is->leaves_ms)
        cast_plan(v, VISIT_WAITS, DO_HANG_UP, now_at + is->leaves_ms);
    else
        cast_plan(v, VISIT_WAITS, DO_NOTHING, 0);
}

static void ask(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    const struct visit_script *is = script_of(c, v);
    uint64_t place = place_of(c, v, now_at);
    uint32_t site = is->portfolio ? 0 : 1; /* their advisor, then whoever is there */
    plan_wait(c, v, now_at);
    if (place) {
        v->contact_id = place;
        *cmd = (struct command){.kind = CMD_PLACE_REGAIN,
                                .place_regain = {.call_id = v->call_id,
                                                 .contact_id = place,
                                                 .queue_id = is->service + 1u,
                                                 .needs = is->needs,
                                                 .portfolio_id = is->portfolio,
                                                 .site_id = site,
                                                 .area_id = site}};
        return;
    }
    *cmd = (struct command){.kind = CMD_CALL_QUEUE,
                            .call_queue = {.call_id = v->call_id,
                                           .queue_id = is->service + 1u,
                                           .needs = is->needs,
                                           .portfolio_id = is->portfolio,
                                           .site_id = site,
                                           .area_id = site}};
}

/* Gives a number; the gate says whether it may be called. Refused in words, and another one. */
static bool wish(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    enum cast_who who = script_of(c, v)->who;
    enum gate_verdict verdict = cast_gate(c, v, GATE_WISH, now_at);
    assert(c->notes_n < CAST_NOTES_MAX);
    c->notes[c->notes_n++] = (struct cast_note){now_at, who, verdict, v->given_n};
    if (verdict != GATE_PASSES) {
        bool has_more = cast_given(who, ++v->given_n) != NULL;
        cast_plan(v, VISIT_WAITS, has_more ? DO_WISH : DO_NOTHING, now_at + GIVES_MS);
        return false;
    }
    cast_plan(v, VISIT_WISHES, DO_NOTHING, 0);
    *cmd =
        (struct command){.kind = CMD_CALLBACK_PROMISE, .callback_promise = {.call_id = v->call_id}};
    return true;
}

static void hang_up(struct visit *v, struct command *cmd)
{
    *cmd = (struct command){.kind = CMD_CALL_ENDED,
                            .call_ended = {.call_id = v->call_id, .by = ENDED_BY_CALLER}};
    cast_plan(v, v->is_noted ? VISIT_AWAITS : VISIT_OVER, DO_NOTHING, 0);
}

/* The conversation: both sides are heard, then the agent ends it. */
static void talk(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    enum visit_deed deed = v->deed;
    if (deed == DO_FINISH) {
        *cmd = (struct command){.kind = CMD_OFFER_END,
                                .offer_end = {.offer_id = v->offer_id, .why = OFFER_END_FINISHED}};
        v->offer_id = 0;
        cast_plan(v, v->is_back ? VISIT_OVER : VISIT_LEAVES, v->is_back ? DO_NOTHING : DO_HANG_UP,
                  now_at + AFTER_TALK_MS);
        return;
    }
    *cmd = (struct command){
        .kind = CMD_OFFER_MEDIA,
        .offer_media = {.offer_id = v->offer_id,
                        .side = deed == DO_MEDIA_CALLER ? SIDE_CALLER : SIDE_AGENT}};
    if (deed == DO_MEDIA_CALLER)
        cast_plan(v, VISIT_TALKS, DO_MEDIA_AGENT, now_at + MEDIA_MS_MIN);
    else
        cast_plan(v, VISIT_TALKS, DO_FINISH, now_at + script_of(c, v)->talk_ms);
}

static bool visit_due(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    switch (v->deed) {
    case DO_DIAL:
        dial(c, v, cmd);
        return true;
    case DO_ASK:
        ask(c, v, now_at, cmd);
        return true;
    case DO_WISH:
        return wish(c, v, now_at, cmd);
    case DO_HANG_UP:
        hang_up(v, cmd);
        return true;
    case DO_MEDIA_CALLER:
    case DO_MEDIA_AGENT:
    case DO_FINISH:
        talk(c, v, now_at, cmd);
        return true;
    default:
        return cast_back_due(c, v, now_at, cmd);
    }
}

/* ---- effects ------------------------------------------------------------------------------- */

static void on_accept(struct cast *c, const struct effect *e, ms_t now_at)
{
    struct acd_look_call call;
    struct visit *v = visit_of(c, e->call_accept.leg_node, e->call_accept.leg_id);
    if (!v || v->state != VISIT_DIALLED)
        return;
    v->call_id = e->call_accept.call_id;
    if (acd_look_call_of(c->acd, v->call_id, &call))
        v->contact_id = call.contact_id;
    cast_plan(v, VISIT_MENU, DO_ASK, now_at + script_of(c, v)->menu_ms);
}

void cast_speaks(struct cast *c, struct visit *v, uint64_t offer_id, ms_t now_at)
{
    v->offer_id = offer_id;
    cast_plan(v, VISIT_TALKS, DO_MEDIA_CALLER,
              now_at + prng_between(&c->chance, MEDIA_MS_MIN, MEDIA_MS_MAX));
}

static void on_leg(struct cast *c, struct visit *v, const struct effect *e, ms_t now_at)
{
    bool is_over = v->state == VISIT_OVER || v->state == VISIT_AWAITS;
    if (is_over)
        return;
    switch (e->kind) {
    case EFFECT_CALL_WAIT: /* the agent was lost */
        if (v->state == VISIT_TALKS)
            plan_wait(c, v, now_at);
        return;
    case EFFECT_CALL_TELL_PROMISE:
        v->is_noted = true;
        v->contact_id = e->call_tell_promise.contact_id;
        cast_plan(v, VISIT_LEAVES, DO_HANG_UP, now_at + NOTED_MS);
        return;
    case EFFECT_CALL_TELL_REFUSAL:
        cast_plan(v, VISIT_LEAVES, DO_HANG_UP, now_at + REFUSED_MS);
        return;
    case EFFECT_CALL_RELEASE:
        cast_plan(v, VISIT_LEAVES, DO_HANG_UP, now_at + HANGS_UP_MS);
        return;
    default:
        cast_speaks(c, v, e->offer_join.offer_id, now_at);
    }
}

static struct visit *leg_of(struct cast *c, const struct effect *e)
{
    switch (e->kind) {
    case EFFECT_CALL_WAIT:
        return visit_of(c, e->call_wait.leg_node, e->call_wait.leg_id);
    case EFFECT_CALL_TELL_PROMISE:
        return visit_of(c, e->call_tell_promise.leg_node, e->call_tell_promise.leg_id);
    case EFFECT_CALL_TELL_REFUSAL:
        return visit_of(c, e->call_tell_refusal.leg_node, e->call_tell_refusal.leg_id);
    case EFFECT_CALL_RELEASE:
        return visit_of(c, e->call_release.leg_node, e->call_release.leg_id);
    case EFFECT_OFFER_JOIN:
        return visit_of(c, e->offer_join.leg_node, e->offer_join.leg_id);
    default:
        return NULL;
    }
}

bool cast_effect(struct cast *c, const struct effect *e, ms_t now_at)
{
    if (cast_back_effect(c, e, now_at))
        return true;
    staff_sees(c, e, now_at);
    if (flood_effect(c, e, now_at))
        return true;
    struct visit *v = leg_of(c, e);
    if (v)
        on_leg(c, v, e, now_at);
    else if (e->kind == EFFECT_CALL_ACCEPT)
        on_accept(c, e, now_at);
    return false;
}

/* ---- time ---------------------------------------------------------------------------------- */

ms_t cast_next_at(const struct cast *c)
{
    ms_t at = staff_next_at(c), flood_at = flood_next_at(c);
    at = flood_at < at ? flood_at : at;
    for (unsigned i = 0; i < CAST_VISITS_N; i++)
        at = c->visits[i].deed_at < at ? c->visits[i].deed_at : at;
    return at;
}

bool cast_due(struct cast *c, ms_t now_at, struct command *cmd)
{
    for (unsigned i = 0; i < CAST_VISITS_N; i++)
        if (c->visits[i].deed_at <= now_at)
            return visit_due(c, &c->visits[i], now_at, cmd);
    return staff_due(c, now_at, cmd) || flood_due(c, now_at, cmd);
}

bool cast_is_over(const struct cast *c)
{
    for (unsigned i = 0; i < CAST_VISITS_N; i++)
        if (c->visits[i].state != VISIT_OVER)
            return false;
    return flood_is_over(c);
}

unsigned cast_notes(const struct cast *c, const struct cast_note **notes)
{
    *notes = c->notes;
    return c->notes_n;
}

unsigned cast_accepted(const struct cast *c, enum cast_who who)
{
    for (unsigned i = 0; i < c->notes_n; i++)
        if (c->notes[i].who == who && c->notes[i].verdict == GATE_PASSES)
            return c->notes[i].number_i;
    return CAST_NOTES_MAX;
}

uint32_t cast_first_agent(const struct cast *c)
{
    return c->args.first_agent;
}
