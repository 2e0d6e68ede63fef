/* cast_staff.c — the agents of the cast: at the desk until their instant, then at the telephone
 * like the others. Called by cast.c. Cost: a walk over four.
 * Invariant: an agent answers only the offer that rings at it now. */
#include "sim/cast_state.h"

#define PICK_UP_MS_MIN (3 * SECOND)
#define PICK_UP_MS_MAX (8 * SECOND)
#define WRAP_UP_MS_MIN (20 * SECOND)
#define WRAP_UP_MS_MAX (60 * SECOND)
#define STEP_MS SECOND

static uint32_t id_of(const struct cast *c, unsigned i)
{
    return c->args.first_agent + i;
}

static void plan(struct staff *s, enum staff_deed deed, ms_t at)
{
    s->deed = deed;
    s->deed_at = deed == STAFF_NOTHING ? MS_NEVER : at;
}

/* Queues are there after an instant. */
void staff_begin(struct cast *c)
{
    for (unsigned i = 0; i < CAST_STAFF_N; i++)
        plan(&c->staff[i], STAFF_SET, c->args.from_at + STEP_MS);
}

ms_t staff_next_at(const struct cast *c)
{
    ms_t at = MS_NEVER;
    for (unsigned i = 0; i < CAST_STAFF_N; i++)
        at = c->staff[i].deed_at < at ? c->staff[i].deed_at : at;
    return at;
}

static struct command set(const struct cast *c, unsigned i)
{
    const struct staff_script *is = &cast_staff[i];
    struct command cmd = {.kind = CMD_AGENT_SET,
                          .agent_set = {.agent_id = id_of(c, i),
                                        .site_id = 1,
                                        .area_id = 1,
                                        .portfolio_id = is->portfolio,
                                        .skills = is->skills,
                                        .capacity = {1},
                                        .capacity_n = 1,
                                        .queue_ids_n = is->services_n}};
    for (unsigned k = 0; k < is->services_n; k++)
        cmd.agent_set.queue_ids[k] = is->services[k] + 1u;
    return cmd;
}

static void does(struct cast *c, unsigned i, ms_t now_at, struct command *cmd)
{
    struct staff *s = &c->staff[i];
    enum staff_deed deed = s->deed;
    plan(s, STAFF_NOTHING, 0);
    switch (deed) {
    case STAFF_SET:
        *cmd = set(c, i);
        plan(s, STAFF_SIGN_IN, now_at + STEP_MS);
        break;
    case STAFF_SIGN_IN:
        *cmd = (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {id_of(c, i)}};
        plan(s, STAFF_PAUSE, now_at + STEP_MS);
        break;
    case STAFF_PAUSE:
        *cmd = (struct command){.kind = CMD_AGENT_PAUSE,
                                .agent_pause = {.agent_id = id_of(c, i), .reason = PAUSE_DESK}};
        plan(s, STAFF_READY, c->args.from_at + cast_staff[i].back_ms);
        break;
    case STAFF_READY:
        *cmd = (struct command){.kind = CMD_AGENT_READY, .agent_ready = {id_of(c, i)}};
        break;
    default:
        *cmd = (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {s->offer_id}};
        s->offer_id = 0;
    }
}

bool staff_due(struct cast *c, ms_t now_at, struct command *cmd)
{
    for (unsigned i = 0; i < CAST_STAFF_N; i++) {
        if (c->staff[i].deed_at > now_at)
            continue;
        does(c, i, now_at, cmd);
        return true;
    }
    return false;
}

static struct staff *staff_of(struct cast *c, uint32_t agent_id)
{
    uint32_t i = agent_id - c->args.first_agent;
    return agent_id >= c->args.first_agent && i < CAST_STAFF_N ? &c->staff[i] : NULL;
}

/* Comes back from the desk when it is written, not when the heart has put them on pause. */
static void told(struct cast *c, const struct effect *e, ms_t now_at)
{
    struct staff *s = staff_of(c, e->agent_tell.agent_id);
    if (!s || s->deed != STAFF_NOTHING)
        return;
    if (e->agent_tell.state == AGENT_STATE_WRAP_UP || e->agent_tell.state == AGENT_STATE_PAUSED)
        plan(s, STAFF_READY, now_at + prng_between(&c->chance, WRAP_UP_MS_MIN, WRAP_UP_MS_MAX));
}

void staff_sees(struct cast *c, const struct effect *e, ms_t now_at)
{
    struct staff *s;
    switch (e->kind) {
    case EFFECT_OFFER_RING:
        s = staff_of(c, e->offer_ring.agent_id);
        if (!s)
            return;
        s->offer_id = e->offer_ring.offer_id;
        plan(s, STAFF_CONFIRM, now_at + prng_between(&c->chance, PICK_UP_MS_MIN, PICK_UP_MS_MAX));
        return;
    case EFFECT_OFFER_STOP:
        s = staff_of(c, e->offer_stop.agent_id);
        if (s && s->deed == STAFF_CONFIRM && s->offer_id == e->offer_stop.offer_id)
            plan(s, STAFF_NOTHING, 0);
        return;
    case EFFECT_AGENT_TELL:
        told(c, e, now_at);
        return;
    default:
        return;
    }
}
