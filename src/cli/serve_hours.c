/* serve_hours.c — the directory as commands of the heart, opening hours as they change, and the
 * closing of the day. Called by serve.c. The wall clock rules here, at least once a minute, so that
 * a clock that was moved is noticed; all else follows journal time. */
#include "acd/look.h"
#include "cli/house.h"
#include "directory/hours.h"

#define QUARTER_MS ((ms_t)15 * 60 * 1000)
#define LOOK_EVERY_MS ((ms_t)60000)

/* For the operator: why, and the cure. */
static const char *words_of(enum acd_verdict v)
{
    switch (v) {
    case ACD_REFUSED_FULL:
        return "a limit of acd.* is reached: make it larger and start again";
    case ACD_REFUSED_ROBOT:
        return "a robot serves a queue of production: take it out of the directory";
    case ACD_REFUSED_IN_USE:
        return "it is still needed: it is tried again";
    case ACD_REFUSED_UNKNOWN:
        return "what it names is not known: `decroche check` looks at the directory";
    default:
        return "tell the developers";
    }
}

void house_command(struct house *h, const struct command *cmd)
{
    enum acd_verdict v = app_command(h->app, cmd, h->now_at);
    bool is_taken = acd_is_taken(v);
    if (!is_taken)
        os_log_line(&h->log, OS_LOG_WARNING, "serve: %s was refused: %s",
                    command_kind_name(cmd->kind), words_of(v));
}

static bool serves(const struct house *h, uint32_t agent_id)
{
    uint32_t i = directory_agent_find(h->directory, agent_id);
    return i != DIRECTORY_NONE && directory_agent_works(&h->directory->agents[i]);
}

/* Who left the directory is signed out, after a conversation in course, and forgotten: else callers
 * would be offered to a telephone that nobody answers, and the queue would look staffed. Said
 * first, so that a queue that lost its robot may become one of production. */
void house_forget_departed(struct house *h)
{
    struct acd_look_agent agent;
    h->has_departed = false;
    for (uint32_t i = 0; i < acd_look_agents_n(h->acd); i++) {
        if (!acd_look_agent(h->acd, i, &agent) || serves(h, agent.id))
            continue;
        const struct command out = {.kind = CMD_AGENT_SIGN_OUT,
                                    .agent_sign_out = {.agent_id = agent.id}};
        const struct command drop = {.kind = CMD_AGENT_DROP, .agent_drop = {.agent_id = agent.id}};
        app_command(h->app, &out, h->now_at);
        h->has_departed |= app_command(h->app, &drop, h->now_at) == ACD_REFUSED_IN_USE;
    }
}

void house_tell_directory(struct house *h)
{
    house_forget_departed(h);
    lines_begin(h->lines);
    struct directory_walk walk = {.now_at = h->wall_at};
    struct command cmd;
    while (directory_next_command(&walk, h->directory, &h->settings, &cmd))
        house_command(h, &cmd);
    house_tell_departures(h);
}

/* The day that is over: what was pending is known now. Before anything of the new day: what that
 * promises is open. Said again after a restart, for it may have been missed; with nothing pending
 * the heart passes over it. Midnight is a quarter of an hour in every zone. */
void house_close_day(struct house *h)
{
    if (h->wall_at < h->day_at && h->day_at - h->wall_at <= QUARTER_MS)
        return;
    h->day_at = h->wall_at - h->wall_at % QUARTER_MS + QUARTER_MS;
    struct calendar_local now = calendar_local(h->directory->organisation.zone, h->wall_at);
    const struct command close = {.kind = CMD_DAY_CLOSE};
    if (now.day <= h->day_closed)
        return;
    h->day_closed = now.day;
    house_command(h, &close);
}

/* Opening and closing: each queue's hours again when the first of them changes. */
void house_hours(struct house *h)
{
    ms_t next_at = h->wall_at + LOOK_EVERY_MS;
    struct command cmd;
    if (h->wall_at < h->hours_at && h->hours_at - h->wall_at <= LOOK_EVERY_MS)
        return;
    for (uint32_t i = 0; i < h->directory->services_n; i++) {
        ms_t until_at = directory_queue_hours(h->directory, i, h->wall_at, &cmd);
        next_at = until_at < next_at ? until_at : next_at;
        house_command(h, &cmd);
    }
    h->hours_at = next_at;
}
