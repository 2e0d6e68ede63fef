/* line_pick.c — a colleague's telephone rings, and another agent takes the call (voice-script §11).
 * Called by line_keys.c. Cost: a walk over the lines. Invariant: whose telephone is not answered in
 * time because of it has missed nothing; the caller keeps the place. */
#include "acd/ask.h"
#include "app/line_talk.h"

/* May this agent take what rings there? Of a queue of their own, or in the next room. */
static bool is_near(const struct lines *l, uint32_t agent_id, const struct line *rings)
{
    const struct directory_agent *a = line_agent(l, agent_id), *b = line_agent(l, rings->agent_id);
    bool same_site = a && b && a->site != DIRECTORY_NONE && a->site == b->site;
    return rings->agent_id != agent_id && !rings->is_practice &&
           (same_site || acd_agent_serves(l->args.acd, agent_id, rings->queue_id));
}

static struct line *longest(struct lines *l, uint32_t agent_id)
{
    struct line *found = NULL;
    for (uint32_t i = 0; i < l->used; i++) {
        struct line *line = &l->lines[i];
        bool rings = line->kind == LINE_OFFER &&
                     (line->state == OFFER_CALLED || line->state == OFFER_WHISPER);
        if (rings && is_near(l, agent_id, line) && line_caller_of(l, line->peer_id) &&
            (!found || line->queued_at < found->queued_at))
            found = line;
    }
    return found;
}

/* From now on the line is that of somebody to whom a caller is about to be given. */
static void become_third(struct lines *l, struct line *line, const struct line *like)
{
    line->kind = LINE_THIRD;
    l->keys_n--;
    l->thirds_n++;
    line->is_return = true;
    line->kept_pause = like->kept_pause;
}

static void become_code(struct lines *l, struct line *line)
{
    line->kind = LINE_KEYS;
    l->keys_n++;
    l->thirds_n--;
    line_set_timer(l, line, MS_NEVER);
}

bool line_pick_up(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id, caller_id;
    uint32_t agent_id = line->agent_id;
    struct line like, *rings = longest(l, agent_id);
    if (!rings)
        return false;
    caller_id = rings->peer_id;
    const struct command pass = {.kind = CMD_OFFER_PASS,
                                 .offer_pass = {.offer_id = rings->offer_id, .agent_id = agent_id}};
    if (!line_third_aside(l, agent_id, &like))
        return false;
    line = line_by_leg(l, leg_id);
    struct line *caller = line_caller_of(l, caller_id);
    if (!line || !caller) {
        line_third_back(l, &like);
        return false;
    }
    become_third(l, line, &like);
    line_third_awaits(l, line, caller_id);
    caller->third_id = leg_id;
    if (acd_is_taken(line_command(l, &pass)))
        return true;
    line = line_by_leg(l, leg_id);
    caller = line_caller_of(l, caller_id);
    if (caller)
        caller->third_id = 0;
    if (line)
        become_code(l, line);
    line_third_back(l, &like);
    return false;
}
