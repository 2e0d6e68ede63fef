/* cast_flood.c — « le routeur »: 20 calls a second for 10 s by one access, and the door that they
 * knock at: who finds one of its channels is refused in words, who finds none is shed without state
 * (503) and counted by access, as phone/ does. Called by cast.c. Cost: a walk over the channels.
 * Invariant: each of its calls is one or the other. */
#include "sim/cast_state.h"

#define CALL_EVERY_MS (50 * (SECOND / 1000))
#define HEARS_MS (5 * SECOND)
#define QUARTER_MS (15 * MINUTE)

_Static_assert(CAST_FLOOD_CALLS *CALL_EVERY_MS == 10 * SECOND, "20 a second for 10 s");

static ms_t call_at(const struct flood *f)
{
    return f->begins_at + f->calls_n * CALL_EVERY_MS;
}

ms_t flood_next_at(const struct cast *c)
{
    const struct flood *f = &c->flood;
    ms_t at = f->calls_n < CAST_FLOOD_CALLS || !f->is_shed_told ? call_at(f) : MS_NEVER;
    for (unsigned i = 0; i < CAST_CHANNELS; i++)
        if (f->lines[i].at && f->lines[i].at < at)
            at = f->lines[i].at;
    return at;
}

static struct flood_line *find(struct flood *f, uint64_t leg_id)
{
    for (unsigned i = 0; i < CAST_CHANNELS; i++)
        if (f->lines[i].leg_id == leg_id)
            return &f->lines[i];
    return NULL;
}

static bool calls(struct cast *c, struct command *cmd)
{
    struct flood *f = &c->flood;
    struct flood_line *line = find(f, 0);
    f->calls_n++;
    if (!line) {
        f->shed_n++;
        return false;
    }
    *line = (struct flood_line){.leg_id = (uint64_t)CAST_ROUTER << 32 | f->calls_n};
    *cmd = (struct command){
        .kind = CMD_CALL_ARRIVED,
        .call_arrived = {.leg_node = CAST_NODE,
                         .leg_id = line->leg_id,
                         .channel = CHANNEL_PHONE,
                         .entry_id = 1,
                         .person_id = c->persons[CAST_ROUTER],
                         .reference = (uint32_t)prng_below(&c->chance, CAST_REFERENCES)}};
    return true;
}

static void next(struct flood_line *line, ms_t now_at, struct command *cmd)
{
    if (!line->is_told) {
        *cmd = (struct command){.kind = CMD_CALL_REFUSE,
                                .call_refuse = {line->call_id, REFUSAL_OVERLOAD}};
        line->is_told = true;
        line->at = now_at + HEARS_MS;
        return;
    }
    *cmd = (struct command){.kind = CMD_CALL_ENDED,
                            .call_ended = {.call_id = line->call_id, .by = ENDED_BY_CALLER}};
    *line = (struct flood_line){.leg_id = 0};
}

bool flood_due(struct cast *c, ms_t now_at, struct command *cmd)
{
    struct flood *f = &c->flood;
    for (unsigned i = 0; i < CAST_CHANNELS; i++)
        if (f->lines[i].at && f->lines[i].at <= now_at) {
            next(&f->lines[i], now_at, cmd);
            return true;
        }
    if (call_at(f) > now_at || (f->calls_n == CAST_FLOOD_CALLS && f->is_shed_told))
        return false;
    if (f->calls_n < CAST_FLOOD_CALLS)
        return calls(c, cmd);
    f->is_shed_told = true;
    *cmd = (struct command){.kind = CMD_SHED,
                            .shed = {.trunk_id = CAST_TRUNK,
                                     .n = f->shed_n,
                                     .quarter_at = now_at / QUARTER_MS * QUARTER_MS}};
    return true;
}

bool flood_effect(struct cast *c, const struct effect *e, ms_t now_at)
{
    if (e->kind != EFFECT_CALL_ACCEPT ||
        cast_of_leg(e->call_accept.leg_node, e->call_accept.leg_id) != CAST_ROUTER)
        return false;
    struct flood_line *line = find(&c->flood, e->call_accept.leg_id);
    assert(line); /* a channel is free again only after its call has ended */
    line->call_id = e->call_accept.call_id;
    line->at = now_at + 1;
    return true;
}

bool flood_is_over(const struct cast *c)
{
    return c->flood.is_shed_told && flood_next_at(c) == MS_NEVER;
}
