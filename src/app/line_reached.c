/* line_reached.c — somebody has answered whom we call back: the agent, who was on the line while it
 * rang, speaks first and says by a key who it is; or, where the house has it so, a machine says who
 * calls, and a voice or a key of theirs brings the agent (design §3.7, voice-script §5 cb.robot;
 * ADR 34).
 * Called by line_back.c, line_caller.c, line_offer.c. Cost: O(1) a happening.
 * Invariant: whoever goes, the other one goes too; a machine is no answer; the agent’s keys count
 * once the agent can hear them. */
#include "app/line_deeds.h"
#include "app/line_unwanted.h"

/* After they have hung up: the key that says who it was. */
#define KEY_MS ((ms_t)10000)
/* After the machine’s sentence: who says nothing is nobody. */
#define VOICE_MS ((ms_t)8000)
#define KEY_SPOKEN '1'
#define KEY_MACHINE '2'
#define KEY_NOBODY '3'
#define KEY_CANCELLED '4'
#define KEY_NEVER '9'

struct line *line_back_far_of(struct lines *l, const struct line *agent)
{
    struct line *far = line_by_leg(l, agent->peer_id);
    return far && far->kind == LINE_CALLER && far->back.is_back ? far : NULL;
}

struct line *line_back_agent_of(struct lines *l, const struct line *far)
{
    struct line *agent = line_by_leg(l, far->peer_id);
    return agent && agent->kind == LINE_OFFER && agent->back.is_back ? agent : NULL;
}

/* ---- what the agent says ------------------------------------------------------------------ */

void line_back_finish(struct lines *l, struct line *agent, enum callback_result result)
{
    const struct command cmd = line_back_result(agent->offer_id, result);
    line_command(l, &cmd); /* the offer is over: both legs go */
}

/* Since both could hear each other: sound is told once, and the heart wants it after the key. */
static void tell_media(struct lines *l, const struct line *agent)
{
    const struct command media[] = {
        {.kind = CMD_OFFER_MEDIA, .offer_media = {.offer_id = agent->offer_id, .side = SIDE_AGENT}},
        {.kind = CMD_OFFER_MEDIA,
         .offer_media = {.offer_id = agent->offer_id, .side = SIDE_CALLER}}};
    if (agent->back.is_heard)
        line_command_later(l, &media[0]);
    if (agent->back.is_far_heard)
        line_command_later(l, &media[1]);
}

static void spoke(struct lines *l, struct line *agent)
{
    const struct command confirm = {.kind = CMD_OFFER_CONFIRM, .offer_confirm = {agent->offer_id}};
    line_set_timer(l, agent, MS_NEVER);
    line_command(l, &confirm);
}

void line_back_key(struct lines *l, struct line *agent, char key)
{
    const struct line *far = line_back_far_of(l, agent);
    bool rings = agent->state == OFFER_DIALS && far && far->state == CALLER_CALLED;
    bool asks = agent->state == OFFER_ASKS;
    if (asks && key == KEY_SPOKEN)
        spoke(l, agent);
    else if (asks && key == KEY_MACHINE)
        line_back_finish(l, agent, CALLBACK_RESULT_MACHINE);
    else if (key == KEY_NOBODY && (asks || rings))
        line_back_finish(l, agent, CALLBACK_RESULT_NOBODY);
    else if (asks && (key == KEY_CANCELLED || key == KEY_NEVER))
        line_unwanted(l, agent, key == KEY_NEVER);
}

/* ---- the far side ------------------------------------------------------------------------- */

/* From now on both hear each other: the agent speaks first. */
static void connect(struct lines *l, struct line *far, struct line *agent)
{
    struct say_list list = {0};
    if (far->back.by_robot)
        say_add(&list, PROMPT_TONE_CONNECT); /* the agent has heard it ring until now */
    far->state = CALLER_ASKED;
    agent->state = OFFER_ASKS;
    line_set_timer(l, far, MS_NEVER);
    line_say(l, far, NULL, THEN_BRIDGE);
    line_say(l, agent, &list, THEN_BRIDGE);
}

static void on_far_up(struct lines *l, struct line *far)
{
    struct line *agent = line_back_agent_of(l, far);
    if (!agent || far->state != CALLER_CALLED)
        return;
    uint64_t far_id = far->leg_id, agent_id = agent->leg_id;
    const struct command advance = line_back_advance(agent->offer_id);
    struct say_list list = {0};
    far->state = CALLER_OPENED;
    enum acd_verdict v = line_command(l, &advance);
    far = line_by_leg(l, far_id);
    agent = line_by_leg(l, agent_id);
    if (!far || !agent || !acd_is_taken(v))
        return; /* its time was over at this very moment */
    say_add(&list, PROMPT_CB_ROBOT);
    if (!far->back.by_robot || !line_say(l, far, &list, THEN_LISTEN))
        connect(l, far, agent);
}

/* They press a key: nobody needs to ask who it is. 9: never again, as long as nobody knows. */
static void on_far_key(struct lines *l, struct line *far, char key)
{
    struct line *agent = line_back_agent_of(l, far);
    bool may_refuse = far->state == CALLER_OPENED || far->state == CALLER_ASKED;
    if (!agent || !far->back.by_robot || !may_refuse)
        return;
    if (key == KEY_NEVER) {
        line_unwanted(l, agent, true);
    } else if (far->state == CALLER_OPENED) {
        connect(l, far, agent);
        spoke(l, agent);
    }
}

static void on_far_voice(struct lines *l, struct line *far)
{
    struct line *agent = line_back_agent_of(l, far);
    if (agent && far->state == CALLER_OPENED)
        connect(l, far, agent);
}

static void on_far_played(struct lines *l, struct line *far, const struct phone_report *r)
{
    if (!far->list || r->list.number != far->list)
        return;
    far->list = 0;
    if (far->state == CALLER_UNWANTED)
        line_hang_up(l, far);
    else if (far->state == CALLER_OPENED && !r->list.is_by_key)
        line_set_timer(l, far, l->now_at + VOICE_MS);
}

void line_back_far_timer(struct lines *l, struct line *far)
{
    struct line *agent = line_back_agent_of(l, far);
    if (far->state == CALLER_UNWANTED)
        line_hang_up(l, far);
    else if (far->state == CALLER_OPENED && agent)
        line_back_finish(l, agent, CALLBACK_RESULT_NOBODY);
}

/* Their operator says that nobody takes it; 5xx and 403 are faults of the way there. */
static enum callback_result refusal_of(uint16_t status)
{
    bool is_fault = status == 403 || (status >= 500 && status < 600);
    return is_fault ? CALLBACK_RESULT_FAULT : CALLBACK_RESULT_NOBODY;
}

static void on_far_over(struct lines *l, struct line *far, const struct phone_report *r)
{
    struct line *agent = line_back_agent_of(l, far);
    bool was_asked = far->state == CALLER_ASKED, was_opened = far->state == CALLER_OPENED;
    if (r->kind == PHONE_LOST)
        line_hang_up(l, far);
    else
        line_drop(l, far);
    if (!agent)
        return;
    agent->peer_id = 0;
    if (was_opened) { /* the machine was not what they wanted to hear */
        line_back_finish(l, agent, CALLBACK_RESULT_NOBODY);
        return;
    }
    if (!was_asked) {
        line_back_finish(l, agent,
                         r->kind == PHONE_REFUSED ? refusal_of(r->status) : CALLBACK_RESULT_FAULT);
        return;
    }
    struct say_list list = {0};
    say_add(&list, PROMPT_TONE_CONNECT); /* they have gone: who was it? */
    line_say(l, agent, &list, THEN_SILENCE);
    line_set_timer(l, agent, l->now_at + KEY_MS);
}

static void on_far_end(struct lines *l, struct line *far, bool is_lost)
{
    struct line *agent = line_back_agent_of(l, far);
    const struct command end = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = agent ? agent->offer_id : 0, .why = OFFER_END_CALLER_LEFT}};
    if (is_lost)
        line_hang_up(l, far);
    else
        line_drop(l, far);
    if (agent)
        line_command(l, &end);
}

void line_back_far_report(struct lines *l, struct line *far, const struct phone_report *r)
{
    const struct command media = {.kind = CMD_OFFER_MEDIA,
                                  .offer_media = {.offer_id = far->offer_id, .side = SIDE_CALLER}};
    bool talks = far->state == CALLER_TALKING;
    struct line *agent;
    switch (r->kind) {
    case PHONE_UP:
        on_far_up(l, far);
        return;
    case PHONE_REFUSED:
    case PHONE_ENDED:
    case PHONE_LOST:
        if (talks)
            on_far_end(l, far, r->kind == PHONE_LOST);
        else
            on_far_over(l, far, r);
        return;
    case PHONE_KEY:
        on_far_key(l, far, r->key);
        return;
    case PHONE_VOICE:
        on_far_voice(l, far);
        return;
    case PHONE_PLAYED:
        on_far_played(l, far, r);
        return;
    case PHONE_HEARD:
        agent = line_back_agent_of(l, far);
        if (talks)
            line_command(l, &media);
        else if (agent)
            agent->back.is_far_heard = true;
        return;
    default:
        return;
    }
}

/* far NULL: they have spoken, and hung up before the agent, or the journal, could say so. */
void line_back_join(struct lines *l, struct line *agent, struct line *far)
{
    const struct command end = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = agent->offer_id, .why = OFFER_END_CALLER_LEFT}};
    agent->state = OFFER_TALKING;
    line_set_timer(l, agent, MS_NEVER);
    tell_media(l, agent);
    if (!far) {
        line_command_later(l, &end);
        return;
    }
    far->state = CALLER_TALKING;
    far->offer_id = agent->offer_id;
}
