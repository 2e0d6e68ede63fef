/* line_practice.c — the practice call (voice-script §11, *76): a robot caller who is no leg but a
 * line of the house goes through the real heart to the one agent who wished for it: the telephone
 * rings, whispers, is answered, hears three sentences with time to answer each, and wraps up. Its
 * call is of the class `test`.
 * Called by line_keys.c (the wish), lines.c, line_caller.c and line_offer.c. Cost: O(1) a
 * happening. Invariants: while they practise, agents serve the practice queue alone, so that a
 * robot meets nobody else and no caller counts on them; nobody practises while somebody waits for
 * them, or who is the only one signed in; afterwards each is as before, never ready by surprise.
 * A crash ends the call; at the next start the agent is on pause, whatever was before. */
#include "app/line_practice.h"
#include "directory/commands.h"

/* Ids that no telephone gives: what is done to such a leg is done to nobody. */
#define PRACTICE_LEG (UINT64_C(1) << 63)
/* Not offered by then, or not taken: the robot gives up. */
#define PRACTICE_WAIT_MS ((ms_t)2000)
/* The agent greets; answers; explains; is thanked. */
#define PRACTICE_GREET_MS ((ms_t)5000)
#define PRACTICE_ANSWER_MS ((ms_t)12000)
#define PRACTICE_BYE_MS ((ms_t)2000)
#define PRACTICE_OFFER_MS ((ms_t)30000)
#define PRACTICE_WRAP_UP_MS ((ms_t)20000)

static const enum prompt_id sentences[] = {PROMPT_PRACTICE_ASK, PROMPT_PRACTICE_MORE,
                                           PROMPT_PRACTICE_BYE};

bool line_has_leg(const struct line *line)
{
    return line->kind != LINE_CALLER || !line->is_practice;
}

bool line_practice_may(const struct lines *l, const struct acd_agent_look *look)
{
    bool is_free = look->state == AGENT_STATE_READY || look->state == AGENT_STATE_PAUSED;
    return is_free && !look->waiting_n && !look->alone_n && l->practices_n < LINES_PRACTICES_MAX;
}

/* ---- before and after --------------------------------------------------------------------- */

static bool set_queue(struct lines *l)
{
    const struct command queue = {.kind = CMD_QUEUE_SET,
                                  .queue_set = {.queue_id = DIRECTORY_PRACTICE,
                                                .offer_ms = PRACTICE_OFFER_MS,
                                                .wrap_up_ms = PRACTICE_WRAP_UP_MS}};
    const struct command open = {.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = DIRECTORY_PRACTICE}};
    return acd_is_taken(line_command(l, &queue)) && acd_is_taken(line_command(l, &open));
}

/* Serves the practice queue alone. */
static bool set_aside(struct lines *l, uint32_t agent_i)
{
    struct command set = directory_agent_command(l->args.directory, agent_i);
    set.agent_set.queue_ids[0] = DIRECTORY_PRACTICE;
    set.agent_set.queue_ids_n = 1;
    return acd_is_taken(line_command(l, &set));
}

/* As before. The pause is first: with its own queues the agent would be offered a caller. */
static void give_back(struct lines *l, const struct line *line)
{
    uint32_t agent_i = directory_agent_find(l->args.directory, line->agent_id);
    const struct command pause = {
        .kind = CMD_AGENT_PAUSE,
        .agent_pause = {.agent_id = line->agent_id, .reason = line->kept_pause}};
    if (line->kept_pause != PAUSE_NONE)
        line_command_later(l, &pause);
    if (agent_i == DIRECTORY_NONE)
        return; /* left the files meanwhile */
    const struct command set = directory_agent_command(l->args.directory, agent_i);
    line_command_later(l, &set);
}

void line_practice_begin(struct lines *l, uint32_t agent_id)
{
    struct acd_agent_look look;
    uint32_t agent_i = directory_agent_find(l->args.directory, agent_id);
    bool may = acd_agent_look(l->args.acd, agent_id, &look) && line_practice_may(l, &look);
    if (!may || agent_i == DIRECTORY_NONE || !set_queue(l))
        return;
    struct line *line = line_new(l, PRACTICE_LEG | ++l->practised_n, LINE_CALLER);
    if (!line)
        return;
    l->practices_n++;
    line->is_practice = line->is_test = true;
    line->directory = l->args.directory;
    line->state = CALLER_ARRIVED;
    line->agent_id = agent_id;
    line->queue_id = DIRECTORY_PRACTICE;
    if (look.state == AGENT_STATE_PAUSED)
        line->kept_pause = look.pause == PAUSE_LINE_LOST ? PAUSE_REST : look.pause;
    if (set_aside(l, agent_i))
        line_caller_born(l, line, 0, NULL);
    else
        line_drop(l, line);
}

void lines_begin(struct lines *l)
{
    const struct directory *d = l->args.directory;
    for (uint32_t i = 0; i < d->agents_n; i++) {
        const struct command pause = {
            .kind = CMD_AGENT_PAUSE,
            .agent_pause = {.agent_id = d->agents[i].number, .reason = PAUSE_REST}};
        if (acd_agent_serves(l->args.acd, d->agents[i].number, DIRECTORY_PRACTICE))
            line_command(l, &pause);
    }
}

void line_practice_over(struct lines *l, const struct line *line)
{
    l->practices_n--;
    give_back(l, line);
}

/* ---- the call ----------------------------------------------------------------------------- */

/* It is in the journal: asks for its agent, who is ready from now on. */
static void ask(struct lines *l, struct line *line)
{
    const struct command queue = {
        .kind = CMD_CALL_QUEUE,
        .call_queue = {.call_id = line->call_id, .queue_id = DIRECTORY_PRACTICE}};
    const struct command ready = {.kind = CMD_AGENT_READY, .agent_ready = {line->agent_id}};
    uint64_t leg_id = line->leg_id;
    line->queued_at = l->now_at;
    line_set_timer(l, line, l->now_at + PRACTICE_OFFER_MS + PRACTICE_WAIT_MS);
    line_command(l, &queue);
    if (line_by_leg(l, leg_id)) /* a queue that is refused ends the call */
        line_command(l, &ready);
}

void line_practice_wait(struct lines *l, struct line *line)
{
    line->state = CALLER_WAITING;
    line_set_timer(l, line, l->now_at + PRACTICE_WAIT_MS);
}

/* The telephone rings, and may go on to. */
static bool is_offered(const struct lines *l, const struct line *line)
{
    struct acd_agent_look look;
    return line->state == CALLER_WAITING &&
           l->now_at - line->queued_at < PRACTICE_OFFER_MS + PRACTICE_WAIT_MS &&
           acd_agent_look(l->args.acd, line->agent_id, &look) && look.state == AGENT_STATE_OFFERED;
}

void line_practice_timer(struct lines *l, struct line *line)
{
    line->ended_by = ENDED_BY_CALLER;
    if (line->state == CALLER_ANSWERED && !line->queued_at)
        ask(l, line);
    else if (is_offered(l, line))
        line_set_timer(l, line, l->now_at + PRACTICE_WAIT_MS);
    else
        line_caller_leave(l, line);
}

void line_practice_join(struct lines *l, struct line *agent, struct line *caller)
{
    agent->is_practice = true;
    agent->kept_pause = caller->kept_pause;
    line_set_timer(l, caller, MS_NEVER);
}

void line_practice_played(struct lines *l, struct line *agent)
{
    ms_t pause_ms = agent->rounds_n == 0                     ? PRACTICE_GREET_MS
                    : agent->rounds_n < ARRAY_LEN(sentences) ? PRACTICE_ANSWER_MS
                                                             : PRACTICE_BYE_MS;
    line_set_timer(l, agent, l->now_at + pause_ms);
}

void line_practice_next(struct lines *l, struct line *agent)
{
    struct line *caller = line_caller_of(l, agent->peer_id);
    struct say_list list = {0};
    if (agent->rounds_n == ARRAY_LEN(sentences)) {
        if (caller)
            line_practice_timer(l, caller);
        return;
    }
    say_add(&list, sentences[agent->rounds_n++]);
    if (!line_say_whole(l, agent, &list))
        line_practice_played(l, agent);
}
