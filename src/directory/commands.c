/* commands.c — see commands.h. Cost: O(1) a command; hours: see hours.c.
 * Invariant: the same directory and instant give the same commands, so that a restart that says
 * them again changes nothing and records nothing. */
#include "directory/commands.h"
#include "directory/hours.h"

/* A written conversation leaves room for another; voice leaves none. */
#define VOICE_CAPACITY 1
#define TEXT_CAPACITY 2

static struct command priority_set(const struct settings *s, uint32_t i)
{
    const ms_t starts[] = {s->priority.normal_ms, s->priority.priority_ms, s->priority.urgent_ms};
    return (struct command){.kind = CMD_PRIORITY_SET,
                            .priority_set = {.priority = (uint8_t)i, .head_start_ms = starts[i]}};
}
#define PRIORITIES 3

static struct command queue_set(const struct directory *d, const struct settings *s, uint32_t i)
{
    const struct settings_queue *q = &s->queue;
    return (struct command){.kind = CMD_QUEUE_SET,
                            .queue_set = {.queue_id = d->services[i].number,
                                          .ring_site_ms = q->ring_site_ms,
                                          .ring_area_ms = q->ring_area_ms,
                                          .ring_network_ms = q->ring_network_ms,
                                          .offer_ms = q->offer_ms,
                                          .wrap_up_ms = q->wrap_up_ms,
                                          .short_ms = q->short_ms,
                                          .no_answer_back_ms = q->no_answer_back_ms,
                                          .handle_ms = q->handle_ms,
                                          .regain_ms = q->regain_ms,
                                          .closing_lead_ms = q->closing_lead_ms,
                                          .is_production = !d->is_demo}};
}

ms_t directory_queue_hours(const struct directory *d, uint32_t service, ms_t now_at,
                           struct command *out)
{
    const struct directory_service *s = &d->services[service];
    struct directory_opening o = directory_opening_at(d, s->weeks, now_at);
    bool closes = o.hours == HOURS_OPEN && o.until_at != MS_NEVER;
    *out = (struct command){.kind = CMD_QUEUE_HOURS,
                            .queue_hours = {.queue_id = s->number,
                                            .hours = o.hours,
                                            .closes_at = closes ? o.until_at : 0}};
    return o.until_at;
}

struct command directory_agent_command(const struct directory *d, uint32_t i)
{
    const struct directory_agent *g = &d->agents[i];
    const struct directory_site *site = g->site == DIRECTORY_NONE ? NULL : &d->sites[g->site];
    struct command cmd = {.kind = CMD_AGENT_SET,
                          .agent_set = {.agent_id = g->number,
                                        .site_id = site ? site->number : 0,
                                        .area_id = site ? site->area_number : 0,
                                        .portfolio_id = g->is_direct ? g->number : 0,
                                        .skills = g->skills,
                                        .capacity_n = MEDIUM_N,
                                        .queue_ids_n = g->services_n,
                                        .is_robot = g->is_robot}};
    cmd.agent_set.capacity[MEDIUM_VOICE] = VOICE_CAPACITY;
    cmd.agent_set.capacity[MEDIUM_TEXT] =
        g->writes ? (uint8_t)(d->texts.at_once ? d->texts.at_once : TEXT_CAPACITY) : 0;
    for (unsigned q = 0; q < g->services_n; q++)
        cmd.agent_set.queue_ids[q] = d->services[g->services[q]].number;
    return cmd;
}

/* What an agent hears before the dial, at most. */
#define BRIEF_MS ((ms_t)15000)

/* The gate opens it: without, a queue calls nobody back. */
static struct command queue_callbacks(const struct directory *d, const struct settings *s,
                                      uint32_t i)
{
    const struct settings_callback *c = &s->callback;
    const struct command none = {.kind = CMD_QUEUE_CALLBACKS,
                                 .queue_callbacks = {.queue_id = d->services[i].number}};
    if (s->gate.callbacks == SETTINGS_GATE_CALLBACKS_NOWHERE)
        return none;
    return (struct command){.kind = CMD_QUEUE_CALLBACKS,
                            .queue_callbacks = {.queue_id = d->services[i].number,
                                                .attempts_max = (uint8_t)c->attempts,
                                                .share_percent = (uint8_t)c->share,
                                                .gap_ms = c->gap_ms,
                                                .keep_ms = c->keep_ms,
                                                .dial_ms = c->ring_ms + BRIEF_MS}};
}

bool directory_next_command(struct directory_walk *walk, const struct directory *d,
                            const struct settings *s, struct command *out)
{
    const uint32_t ends[] = {PRIORITIES, d->services_n, d->services_n, d->services_n, d->agents_n};
    for (; walk->part < ARRAY_LEN(ends); walk->part++, walk->i = 0) {
        while (walk->part == 4 && walk->i < d->agents_n &&
               !directory_agent_works(&d->agents[walk->i]))
            walk->i++; /* the others are unknown to the heart */
        if (walk->i < ends[walk->part])
            break;
    }
    uint32_t i = walk->i++;
    switch (walk->part) {
    case 0:
        *out = priority_set(s, i);
        return true;
    case 1:
        *out = queue_set(d, s, i);
        return true;
    case 2:
        *out = queue_callbacks(d, s, i);
        return true;
    case 3:
        directory_queue_hours(d, i, walk->now_at, out);
        return true;
    case 4:
        *out = directory_agent_command(d, i);
        return true;
    default:
        return false;
    }
}
