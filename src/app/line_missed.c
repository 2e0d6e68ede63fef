/* line_missed.c — an agent whose telephone rang and nobody answered is told so: the next time the
 * telephone is used, and by a short call of ours after three minutes when nobody else is at work in
 * that queue (voice-script §9, agent.missed). Key 1: ready again.
 * Called by lines.c and line_keys.c. Cost: a walk over at most LINES_MISSED_MAX rows when an
 * agent's state changes or a call is due; else a comparison. Invariant: who is not paused for an
 * unanswered call any more is neither called nor told. Forgotten by a restart: the pause and its
 * automatic return are the heart's, and stay. */
#include <string.h>

#include "acd/ask.h"
#include "app/line_deeds.h"
#include "say/result.h"

static struct missed *find(struct lines *l, uint32_t agent_id)
{
    for (uint32_t i = 0; agent_id && i < LINES_MISSED_MAX; i++)
        if (l->missed[i].agent_id == agent_id)
            return &l->missed[i];
    return NULL;
}

/* A free row, else the oldest: that agent hears nothing, and comes back all the same. */
static struct missed *place(struct lines *l)
{
    struct missed *oldest = &l->missed[0];
    for (uint32_t i = 0; i < LINES_MISSED_MAX; i++) {
        if (!l->missed[i].agent_id)
            return &l->missed[i];
        if (l->missed[i].wall_at < oldest->wall_at)
            oldest = &l->missed[i];
    }
    return oldest;
}

static void set_first(struct lines *l)
{
    l->missed_at = MS_NEVER;
    for (uint32_t i = 0; i < LINES_MISSED_MAX; i++)
        if (l->missed[i].agent_id && l->missed[i].call_at < l->missed_at)
            l->missed_at = l->missed[i].call_at;
}

void line_missed_tell(struct lines *l, const struct effect *e)
{
    struct missed *m = find(l, e->agent_tell.agent_id);
    bool is_missed =
        e->agent_tell.state == AGENT_STATE_PAUSED && e->agent_tell.reason == PAUSE_NO_ANSWER;
    if (is_missed == (m != NULL)) /* told again by a return that was not needed: the same call */
        return;
    if (m)
        *m = (struct missed){0};
    else
        *place(l) = (struct missed){.agent_id = e->agent_tell.agent_id,
                                    .wall_at = l->wall_at,
                                    .call_at = l->now_at + LINES_MISSED_CALL_MS};
    set_first(l);
}

static bool is_still(const struct lines *l, uint32_t agent_id, struct acd_agent_look *look)
{
    return acd_agent_look(l->args.acd, agent_id, look) && look->state == AGENT_STATE_PAUSED &&
           look->pause == PAUSE_NO_ANSWER;
}

static uint64_t call(struct lines *l, const struct directory_agent *agent)
{
    const struct line_dialling dialling = {.e164 = directory_agent_number(agent)};
    const struct phone_call rings = {.aor = agent->number, .name = text_of(agent->name)};
    if (dialling.e164)
        return line_dial(l, &dialling);
    return l->phone.is_there(l->phone.arg, agent->number) ? l->phone.call(l->phone.arg, &rings) : 0;
}

/* Not while the telephone is on a line with us: it is told there. */
static bool is_busy(const struct lines *l, uint32_t agent_id)
{
    for (uint32_t i = 0; i < l->used; i++)
        if (l->lines[i].kind != LINE_NONE && l->lines[i].kind != LINE_CALLER &&
            l->lines[i].agent_id == agent_id)
            return true;
    return false;
}

static void ring(struct lines *l, uint32_t agent_id)
{
    const struct directory *d = l->args.directory;
    uint32_t i = directory_agent_find(d, agent_id);
    uint64_t leg_id = i == DIRECTORY_NONE ? 0 : call(l, &d->agents[i]);
    struct line *line = leg_id ? line_new(l, leg_id, LINE_KEYS) : NULL;
    if (!line) {
        if (leg_id)
            l->phone.hang_up(l->phone.arg, leg_id);
        return;
    }
    line->state = KEYS_CALLED;
    line->agent_id = agent_id;
    line_set_timer(l, line, l->now_at + LINES_MISSED_RING_MS);
}

void line_missed_run(struct lines *l)
{
    struct acd_agent_look look;
    if (l->missed_at > l->now_at)
        return;
    for (uint32_t i = 0; i < LINES_MISSED_MAX; i++) {
        struct missed *m = &l->missed[i];
        if (!m->agent_id || m->call_at > l->now_at)
            continue;
        m->call_at = MS_NEVER;
        if (is_still(l, m->agent_id, &look) && !look.others_n && !l->is_draining &&
            !is_busy(l, m->agent_id))
            ring(l, m->agent_id);
    }
    set_first(l);
}

bool line_missed_words(struct lines *l, uint32_t agent_id, struct say_list *list)
{
    struct acd_agent_look look;
    const struct missed *m = find(l, agent_id);
    if (!m || !is_still(l, agent_id, &look))
        return false;
    enum zone zone = l->args.directory->organisation.zone;
    say_missed(list, (uint16_t)calendar_local(zone, m->wall_at).minute, PROMPT_FR);
    return true;
}
