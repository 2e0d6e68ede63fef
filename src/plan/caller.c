/* caller.c — the life of a caller: dials, chooses, asks, waits, speaks or gives up, calls again.
 * Called by world.c. A leg is numbered by its slot and a counter, so that an effect finds its
 * caller at once and one for a leg long gone finds nobody. Cost: O(log callers) a deed.
 * Invariant: one timer per caller; every caller whose line was taken hangs up once. */
#include "plan/state.h"

#define PPM_ONE 1000000u
#define SLOT_BITS 24 /* PLAN_CALLERS_MAX fits */
#define RING_OUT_MS MINUTE_MS
#define MEDIA_MS_MIN ((ms_t)20)
#define MEDIA_MS_MAX ((ms_t)200)
#define HEARS_REFUSAL_MS ((ms_t)5000)
#define HANGS_UP_MS ((ms_t)40)
#define AFTER_TALK_MS ((ms_t)5000) /* hangs up by itself when we do not */
#define ROBOT_LISTENS_MS ((ms_t)5000)
#define WRITTEN_PATIENCE 20 /* times that of a voice: the page may stay open */
#define WRITTEN_HANDLE 2    /* a conversation by text lasts longer */
#define REFERENCES 10000000 /* 7 digits */

/* What may follow what; anything else is a mistake of this file. */
static const uint8_t allowed[CALLER_STATES] = {
    [CALLER_FREE] = 1 << CALLER_AWAY,
    [CALLER_DIALLED] = 1 << CALLER_MENU | 1 << CALLER_AWAY | 1 << CALLER_FREE,
    [CALLER_MENU] = 1 << CALLER_ASKED | 1 << CALLER_LEAVING | 1 << CALLER_AWAY | 1 << CALLER_FREE,
    [CALLER_ASKED] = 1 << CALLER_ASKED | 1 << CALLER_TALKING | 1 << CALLER_LEAVING |
                     1 << CALLER_AWAY | 1 << CALLER_FREE | 1 << CALLER_PROMISED,
    [CALLER_TALKING] = 1 << CALLER_ASKED | 1 << CALLER_TALKING | 1 << CALLER_LEAVING |
                       1 << CALLER_AWAY | 1 << CALLER_FREE | 1 << CALLER_PROMISED,
    [CALLER_LEAVING] =
        1 << CALLER_LEAVING | 1 << CALLER_AWAY | 1 << CALLER_FREE | 1 << CALLER_PROMISED,
    [CALLER_AWAY] = 1 << CALLER_DIALLED | 1 << CALLER_FREE,
    [CALLER_PROMISED] = 1 << CALLER_TALKING | 1 << CALLER_FREE,
};

static uint32_t slot_of(const struct plan_world *w, const struct caller *c)
{
    return (uint32_t)(c - w->callers);
}

static bool is_live(const struct caller *c)
{
    return c->state != CALLER_FREE && c->state != CALLER_AWAY && c->state != CALLER_PROMISED;
}

void caller_enter(struct plan_world *w, struct caller *c, enum caller_state state)
{
    assert(allowed[c->state] >> state & 1);
    bool was_live = is_live(c);
    c->state = (uint8_t)state;
    w->counts.live_n += (uint32_t)is_live(c) - (uint32_t)was_live;
    if (w->counts.live_n > w->counts.live_peak_n)
        w->counts.live_peak_n = w->counts.live_n;
}

void caller_plan(struct plan_world *w, struct caller *c, enum caller_deed deed, ms_t at)
{
    c->deed = (uint8_t)deed;
    heap_set(&w->timers, slot_of(w, c), at, 0);
}

void caller_leave(struct plan_world *w, struct caller *c)
{
    caller_enter(w, c, CALLER_FREE);
    heap_remove(&w->timers, slot_of(w, c));
    c->leg_id = 0;
    c->free_next = w->caller_free;
    w->caller_free = slot_of(w, c);
}

/* The leg is over: happy, resigned, or to call again. */
static void hang_up(struct plan_world *w, struct caller *c, ms_t now_at)
{
    const struct plan_people *p = &w->args.profile->people;
    bool again = !c->is_served && !c->is_robot && c->calls_n <= p->redials_max &&
                 prng_chance(&w->people, p->redial_ppm);
    c->leg_id = 0;
    if (c->is_promised && !c->is_served) {
        callback_waits(w, c);
        return;
    }
    if (c->calls_again && c->is_served) {
        caller_enter(w, c, CALLER_AWAY);
        caller_plan(w, c, DEED_CANCEL, now_at + 1);
        return;
    }
    if (!again) {
        caller_leave(w, c);
        return;
    }
    caller_enter(w, c, CALLER_AWAY);
    caller_plan(w, c, DEED_DIAL,
                now_at + prng_between(&w->people, p->redial_min_ms, p->redial_max_ms));
}

static struct caller *take_slot(struct plan_world *w)
{
    uint32_t i = w->caller_free;
    if (i != SLOT_NONE)
        w->caller_free = w->callers[i].free_next;
    else if (w->callers_n < w->callers_max)
        i = w->callers_n++;
    else
        return NULL;
    w->callers[i] = (struct caller){.free_next = SLOT_NONE};
    return &w->callers[i];
}

static uint64_t person_of(struct plan_world *w)
{
    const struct plan_people *p = &w->args.profile->people;
    uint64_t fresh = prng_next(&w->people) | 1;
    if (prng_chance(&w->people, p->withheld_ppm)) {
        w->counts.withheld_n++;
        return 0;
    }
    w->counts.landlines_n += prng_chance(&w->people, p->landline_ppm);
    if (!p->shared_lines_n || !prng_chance(&w->people, p->shared_ppm))
        return fresh;
    w->counts.shared_n++;
    return w->shared_seed + 2 * prng_below(&w->people, p->shared_lines_n);
}

static uint8_t service_of(struct plan_world *w)
{
    const struct plan_profile *p = w->args.profile;
    uint64_t at = prng_below(&w->people, PPM_ONE);
    unsigned i = 0;
    while (i + 1 < p->services_n && at >= p->services[i].share_ppm)
        at -= p->services[i++].share_ppm;
    return (uint8_t)i;
}

void caller_born(struct plan_world *w, ms_t now_at, bool is_robot)
{
    const struct plan_profile *p = w->args.profile;
    struct caller *c = take_slot(w);
    if (!c) {
        w->counts.unborn_n++;
        return;
    }
    c->is_robot = is_robot;
    c->person_id = is_robot ? 0 : person_of(w);
    c->service = service_of(w);
    c->is_written = !is_robot && prng_chance(&w->people, p->people.written_ppm);
    c->needs = prng_chance(&w->people, p->people.language_ppm) ? PLAN_SKILL_LANGUAGE : 0;
    c->priority = prng_chance(&w->people, p->people.priority_ppm) ? PLAN_PRIORITY : 0;
    c->site = (uint32_t)prng_below(&w->people, p->sites_n) + 1;
    w->counts.written_n += c->is_written;
    w->counts.robots_n += is_robot;
    w->counts.fresh_n += !is_robot;
    caller_enter(w, c, CALLER_AWAY);
    caller_plan(w, c, DEED_DIAL, now_at);
}

struct caller *caller_again(struct plan_world *w, const struct caller *c, ms_t at)
{
    struct caller like = *c, *n = take_slot(w);
    if (!n)
        return NULL;
    *n = (struct caller){.person_id = like.person_id,
                         .contact_id = like.contact_id,
                         .needs = like.needs,
                         .site = like.site,
                         .service = like.service,
                         .priority = like.priority,
                         .was_offered = true,
                         .calls_again = true,
                         .calls_n = 1,
                         .free_next = SLOT_NONE};
    caller_enter(w, n, CALLER_AWAY);
    caller_plan(w, n, DEED_DIAL, at);
    return n;
}

static bool dial(struct plan_world *w, struct caller *c, ms_t now_at, struct command *cmd)
{
    if (now_at >= w->args.until_at) { /* the simulated time is over: nobody calls any more */
        caller_leave(w, c);
        return false;
    }
    w->counts.redials_n += c->calls_n > 0;
    w->counts.calls_n++;
    c->leg_id = ++w->legs_n << SLOT_BITS | slot_of(w, c);
    c->call_id = c->offer_id = 0;
    caller_enter(w, c, CALLER_DIALLED);
    caller_plan(w, c, DEED_RING_OUT, now_at + RING_OUT_MS);
    c->calls_n++;
    *cmd =
        (struct command){.kind = CMD_CALL_ARRIVED,
                         .call_arrived = {.leg_node = w->args.node,
                                          .leg_id = c->leg_id,
                                          .channel = c->is_written ? CHANNEL_TEXT : CHANNEL_PHONE,
                                          .entry_id = 1,
                                          .person_id = c->person_id,
                                          .reference = (uint32_t)prng_below(&w->people, REFERENCES),
                                          .is_test = c->is_robot}};
    return true;
}

static struct command ended(const struct caller *c)
{
    return (struct command){
        .kind = CMD_CALL_ENDED,
        .call_ended = {.call_id = c->call_id, .by = (enum ended_by)c->ended_by}};
}

static bool ask(struct plan_world *w, struct caller *c, ms_t now_at, struct command *cmd)
{
    const struct plan_people *p = &w->args.profile->people;
    ms_t patience_ms = prng_law_ms(&w->people, &w->patience);
    if (c->is_written)
        patience_ms *= WRITTEN_PATIENCE;
    c->asked_at = now_at;
    c->patience_at = now_at + patience_ms + 1;
    c->ended_by = ENDED_BY_CALLER;
    caller_enter(w, c, CALLER_ASKED);
    if (!c->is_written && prng_chance(&w->people, p->ask_place_ppm))
        caller_plan(w, c, DEED_ASK_PLACE, now_at + patience_ms / 2);
    else
        caller_plan(w, c, DEED_HANG_UP, c->patience_at);
    uint32_t area = (c->site - 1) % w->args.profile->areas_n + 1;
    *cmd = (struct command){.kind = CMD_CALL_QUEUE,
                            .call_queue = {.call_id = c->call_id,
                                           .queue_id = c->service + 1u,
                                           .needs = c->needs,
                                           .priority = c->priority,
                                           .site_id = c->site,
                                           .area_id = area}};
    return true;
}

static bool say_media(struct plan_world *w, struct caller *c, ms_t now_at, struct command *cmd)
{
    bool is_first = c->deed == DEED_MEDIA_CALLER;
    *cmd = (struct command){
        .kind = CMD_OFFER_MEDIA,
        .offer_media = {.offer_id = c->offer_id, .side = is_first ? SIDE_CALLER : SIDE_AGENT}};
    if (is_first) {
        caller_plan(w, c, DEED_MEDIA_AGENT, now_at + MEDIA_MS_MIN);
        return true;
    }
    c->ended_by = ENDED_BY_CALLER;
    caller_plan(w, c, c->talk_ends_by_caller ? DEED_HANG_UP : DEED_FINISH, now_at + c->talk_ms);
    return true;
}

static bool finish(struct plan_world *w, struct caller *c, ms_t now_at, struct command *cmd)
{
    *cmd = (struct command){.kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = c->offer_id, .why = OFFER_END_FINISHED}};
    if (c->is_promised) {
        callback_over(w, c);
        return true;
    }
    c->is_served = true;
    caller_enter(w, c, CALLER_LEAVING);
    caller_plan(w, c, DEED_HANG_UP, now_at + AFTER_TALK_MS);
    return true;
}

bool caller_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd)
{
    struct caller *c = &w->callers[i];
    switch ((enum caller_deed)c->deed) {
    case DEED_DIAL:
        return dial(w, c, now_at, cmd);
    case DEED_RING_OUT:
        w->counts.unheard_n++;
        hang_up(w, c, now_at);
        return false;
    case DEED_ASK:
        return ask(w, c, now_at, cmd);
    case DEED_ASK_PLACE:
        *cmd = (struct command){.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {c->call_id}};
        caller_plan(w, c, DEED_HANG_UP, c->patience_at);
        return true;
    case DEED_INFORMED:
        *cmd = (struct command){.kind = CMD_CALL_INFORMED, .call_informed = {c->call_id}};
        c->is_served = true;
        caller_enter(w, c, CALLER_LEAVING);
        caller_plan(w, c, DEED_HANG_UP, now_at + HANGS_UP_MS);
        return true;
    case DEED_MEDIA_CALLER:
    case DEED_MEDIA_AGENT:
        return say_media(w, c, now_at, cmd);
    case DEED_FINISH:
        return finish(w, c, now_at, cmd);
    case DEED_PROMISE:
        return callback_press(w, c, cmd);
    case DEED_CANCEL:
        return callback_cancel(w, c, cmd);
    default:
        assert(c->deed == DEED_HANG_UP);
        if (c->is_promised && c->state == CALLER_TALKING) {
            *cmd = (struct command){
                .kind = CMD_OFFER_END,
                .offer_end = {.offer_id = c->offer_id, .why = OFFER_END_CALLER_LEFT}};
            callback_over(w, c);
            return true;
        }
        *cmd = ended(c);
        c->is_served |= c->state == CALLER_TALKING;
        hang_up(w, c, now_at);
        return true;
    }
}

static void on_accept(struct plan_world *w, struct caller *c, uint64_t call_id, ms_t now_at)
{
    const struct plan_people *p = &w->args.profile->people;
    if (c->state != CALLER_DIALLED)
        return;
    c->call_id = call_id;
    c->ended_by = ENDED_BY_CALLER;
    caller_enter(w, c, CALLER_MENU);
    ms_t menu_ms = prng_law_ms(&w->people, &w->menu) + 1;
    if (c->is_robot) {
        c->is_served = true;
        caller_plan(w, c, DEED_HANG_UP, now_at + ROBOT_LISTENS_MS);
    } else if (c->is_written) {
        caller_plan(w, c, DEED_ASK, now_at + menu_ms);
    } else if (prng_chance(&w->people, p->menu_abandon_ppm)) {
        c->is_served = true; /* wanted nothing that would make it call again */
        caller_plan(w, c, DEED_HANG_UP, now_at + menu_ms);
    } else if (prng_chance(&w->people, p->informed_ppm)) {
        caller_plan(w, c, DEED_INFORMED, now_at + menu_ms + p->informs_ms);
    } else {
        caller_plan(w, c, DEED_ASK, now_at + menu_ms);
    }
}

void caller_speaks(struct plan_world *w, struct caller *c, uint64_t offer_id, ms_t now_at)
{
    const struct plan_people *p = &w->args.profile->people;
    bool is_there =
        c->state == CALLER_ASKED || c->state == CALLER_TALKING || c->state == CALLER_PROMISED;
    if (!is_there)
        return;
    c->offer_id = offer_id;
    c->talk_ms = prng_law_ms(&w->people, &w->handle[c->service]) + 1;
    if (c->is_written)
        c->talk_ms *= WRITTEN_HANDLE;
    c->talk_ends_by_caller = prng_chance(&w->people, p->hangs_up_ppm);
    caller_enter(w, c, CALLER_TALKING);
    caller_plan(w, c, DEED_MEDIA_CALLER,
                now_at + prng_between(&w->people, MEDIA_MS_MIN, MEDIA_MS_MAX));
}

/* Music again after a conversation: the agent was lost, patience begins anew. */
static void on_wait(struct plan_world *w, struct caller *c, ms_t now_at)
{
    if (c->state != CALLER_TALKING)
        return;
    c->patience_at = now_at + prng_law_ms(&w->people, &w->patience) + 1;
    c->ended_by = ENDED_BY_CALLER;
    caller_enter(w, c, CALLER_ASKED);
    caller_plan(w, c, DEED_HANG_UP, c->patience_at);
}

static void on_release(struct plan_world *w, struct caller *c, ms_t now_at, ms_t after_ms)
{
    if (c->state == CALLER_DIALLED)
        return;
    c->ended_by = after_ms == HANGS_UP_MS ? ENDED_BY_SYSTEM : ENDED_BY_CALLER;
    caller_enter(w, c, CALLER_LEAVING);
    caller_plan(w, c, DEED_HANG_UP, now_at + after_ms);
}

static struct caller *find(struct plan_world *w, uint16_t node, uint64_t leg_id)
{
    uint32_t i = (uint32_t)(leg_id & (((uint64_t)1 << SLOT_BITS) - 1));
    bool is_ours = node == w->args.node && leg_id && i < w->callers_n;
    return is_ours && w->callers[i].leg_id == leg_id ? &w->callers[i] : NULL;
}

static struct caller *caller_of(struct plan_world *w, const struct effect *e)
{
    switch (e->kind) {
    case EFFECT_CALL_ACCEPT:
        return find(w, e->call_accept.leg_node, e->call_accept.leg_id);
    case EFFECT_CALL_WAIT:
        return find(w, e->call_wait.leg_node, e->call_wait.leg_id);
    case EFFECT_CALL_TELL:
        return find(w, e->call_tell.leg_node, e->call_tell.leg_id);
    case EFFECT_CALL_TELL_PROMISE:
        return find(w, e->call_tell_promise.leg_node, e->call_tell_promise.leg_id);
    case EFFECT_CALL_TELL_REFUSAL:
        return find(w, e->call_tell_refusal.leg_node, e->call_tell_refusal.leg_id);
    case EFFECT_CALL_RELEASE:
        return find(w, e->call_release.leg_node, e->call_release.leg_id);
    case EFFECT_OFFER_JOIN:
        return find(w, e->offer_join.leg_node, e->offer_join.leg_id);
    default:
        return NULL;
    }
}

/* The house took the line of somebody who had given up: the telephone tells it at once. */
static void ghost_born(struct plan_world *w, uint64_t call_id, ms_t now_at)
{
    assert(w->ghosts_n < WORLD_GHOSTS_MAX);
    w->ghosts[(w->ghosts_first + w->ghosts_n++) % WORLD_GHOSTS_MAX] = call_id;
    heap_set(&w->timers, item_of_world(w, WORLD_GHOST), now_at + HANGS_UP_MS, 0);
}

bool ghost_due(struct plan_world *w, ms_t now_at, struct command *cmd)
{
    assert(w->ghosts_n);
    *cmd = (struct command){
        .kind = CMD_CALL_ENDED,
        .call_ended = {.call_id = w->ghosts[w->ghosts_first], .by = ENDED_BY_CALLER}};
    w->ghosts_first = (w->ghosts_first + 1) % WORLD_GHOSTS_MAX;
    w->ghosts_n--;
    heap_set(&w->timers, item_of_world(w, WORLD_GHOST), w->ghosts_n ? now_at : MS_NEVER, 0);
    return true;
}

void caller_effect(struct plan_world *w, const struct effect *e, ms_t now_at)
{
    struct caller *c = caller_of(w, e);
    if (!c && e->kind == EFFECT_CALL_ACCEPT && e->call_accept.leg_node == w->args.node)
        ghost_born(w, e->call_accept.call_id, now_at);
    if (!c)
        return;
    switch (e->kind) {
    case EFFECT_CALL_ACCEPT:
        on_accept(w, c, e->call_accept.call_id, now_at);
        break;
    case EFFECT_CALL_WAIT:
        on_wait(w, c, now_at);
        break;
    case EFFECT_CALL_TELL:
        callback_offered(w, c, e, now_at);
        break;
    case EFFECT_CALL_TELL_PROMISE:
        callback_noted(w, c, e, now_at);
        break;
    case EFFECT_CALL_TELL_REFUSAL:
        c->is_served |= e->call_tell_refusal.why == REFUSAL_CLOSED_PUBLISHED;
        on_release(w, c, now_at, HEARS_REFUSAL_MS);
        break;
    case EFFECT_CALL_RELEASE:
        on_release(w, c, now_at, HANGS_UP_MS);
        break;
    default:
        caller_speaks(w, c, e->offer_join.offer_id, now_at);
    }
}

void caller_crash(struct plan_world *w, ms_t now_at, ms_t back_at)
{
    w->ghosts_n = 0;
    heap_set(&w->timers, item_of_world(w, WORLD_GHOST), MS_NEVER, 0);
    for (uint32_t i = 0; i < w->callers_n; i++) {
        struct caller *c = &w->callers[i];
        if (is_live(c))
            hang_up(w, c, back_at > now_at ? back_at : now_at);
    }
}
