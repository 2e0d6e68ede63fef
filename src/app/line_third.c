/* line_third.c — somebody whom an agent calls in addition to the caller: a colleague, an
 * interpreter, a relative. They are rung while the caller is on hold, consulted, joined to the
 * conversation, or given the caller.
 * Called by line_talk.c, line_offer.c and lines.c. Cost: O(1); a walk over the agents to know an
 * ordinary telephone. Invariants: while a third one is rung the agent keeps the caller, so that
 * nobody is lost when nobody answers; a colleague who is consulted takes no calls meanwhile, and
 * is as before afterwards; who goes outside passes the gate. */
#include <string.h>

#include "acd/ask.h"
#include "app/line_talk.h"

/* A third one may ring so long. */
#define RING_MS ((ms_t)30000)
/* From the agent's key to the offer of the heart: a commit, and no more than that. */
#define TAKE_MS ((ms_t)2000)

static struct line *host_of(struct lines *l, const struct line *third)
{
    struct line *host = line_by_leg(l, third->peer_id);
    return host && host->kind == LINE_OFFER && host->third_id == third->leg_id ? host : NULL;
}

static enum agent_state state_of(const struct lines *l, uint32_t agent_id, enum pause *pause)
{
    struct acd_agent_look look = {.state = AGENT_STATE_SIGNED_OUT};
    if (agent_id)
        acd_agent_look(l->args.acd, agent_id, &look);
    *pause = look.pause;
    return look.state;
}

/* The telephone whose transfer key it was hears what came of it. */
static void tell_referred(struct lines *l, struct line *line, uint16_t status)
{
    if (line->is_referred)
        l->phone.referred(l->phone.arg, line->leg_id, status);
    line->is_referred = false;
}

/* ---- ringing ------------------------------------------------------------------------------ */

/* The caller goes, and the agent with that. False: nothing has changed. */
static bool give(struct lines *l, struct line *line, const struct command *how, enum line_word word)
{
    uint64_t leg_id = line->leg_id, caller_id = line->peer_id;
    line_caller_of(l, caller_id)->word = word;
    line->has_passed = true;
    bool is_taken = acd_is_taken(line_command(l, how));
    line = line_by_leg(l, leg_id);
    if (is_taken && line)
        tell_referred(l, line, 200);
    if (is_taken)
        return true;
    struct line *caller = line_by_leg(l, caller_id);
    if (line)
        line->has_passed = false;
    if (caller)
        caller->word = WORD_NONE;
    return false;
}

/* Whom a caller is given without a word takes them as any call: it rings, and when nobody answers
 * the place is as it was. */
static bool pass_to(struct lines *l, struct line *line, uint32_t agent_id)
{
    const struct command pass = {.kind = CMD_OFFER_PASS,
                                 .offer_pass = {.offer_id = line->offer_id, .agent_id = agent_id}};
    return give(l, line, &pass, WORD_PASSED);
}

/* Into another queue, with the place that they have. False: it is closed, or this one. */
static bool move_to(struct lines *l, struct line *line, struct line *caller, uint32_t service)
{
    uint64_t caller_id = caller->leg_id, needs = line_menu_needs(caller);
    uint32_t before = caller->queue_id, queue_id = caller->directory->services[service].number;
    const struct command move = {.kind = CMD_OFFER_MOVE,
                                 .offer_move = {.offer_id = line->offer_id,
                                                .queue_id = queue_id,
                                                .needs = needs,
                                                .needs_ms = needs ? l->args.language_ms : 0}};
    caller->queue_id = queue_id;
    if (give(l, line, &move, WORD_MOVED))
        return true;
    caller = line_by_leg(l, caller_id);
    if (caller)
        caller->queue_id = before;
    return false;
}

/* As before the call: at work, or on the same pause. */
void line_third_back(struct lines *l, const struct line *third)
{
    enum pause pause;
    const struct command ready = {.kind = CMD_AGENT_READY,
                                  .agent_ready = {.agent_id = third->agent_id}};
    const struct command again = {
        .kind = CMD_AGENT_PAUSE,
        .agent_pause = {.agent_id = third->agent_id, .reason = third->kept_pause}};
    bool is_aside = state_of(l, third->agent_id, &pause) == AGENT_STATE_PAUSED &&
                    pause == PAUSE_CALLING && third->is_return;
    if (is_aside)
        line_command_later(l, third->kept_pause == PAUSE_NONE ? &ready : &again);
}

static bool is_signing_in(const struct lines *l, uint32_t agent_id)
{
    for (uint32_t i = 0; l->keys_n && i < l->used; i++)
        if (l->lines[i].kind == LINE_KEYS && l->lines[i].agent_id == agent_id)
            return true;
    return false;
}

bool line_third_aside(struct lines *l, uint32_t agent_id, struct line *like)
{
    enum pause pause;
    const struct command aside = {.kind = CMD_AGENT_PAUSE,
                                  .agent_pause = {.agent_id = agent_id, .reason = PAUSE_CALLING}};
    enum agent_state state = state_of(l, agent_id, &pause);
    *like = (struct line){.agent_id = agent_id};
    if (state == AGENT_STATE_OFFERED || state == AGENT_STATE_JOINED ||
        state == AGENT_STATE_SIGNED_OUT)
        return false;
    like->is_return = true;
    like->kept_pause = state == AGENT_STATE_PAUSED ? pause : PAUSE_NONE;
    return acd_is_taken(line_command(l, &aside));
}

/* A colleague who is free; one who is not at work may be called all the same. False: busy. */
bool line_third_reserve(struct lines *l, uint32_t agent_id, struct line *like)
{
    enum pause pause;
    *like = (struct line){.agent_id = agent_id};
    if (line_offer_is_busy(l, agent_id))
        return false;
    bool is_out = state_of(l, agent_id, &pause) == AGENT_STATE_SIGNED_OUT;
    if (is_out && is_signing_in(l, agent_id))
        return false;
    line_offer_free(l, agent_id);
    return is_out || line_third_aside(l, agent_id, like);
}

static uint64_t ring_colleague(struct lines *l, struct line *caller, const struct line_whom *to)
{
    const struct phone_call ring = {
        .aor = to->agent_id, .near_id = caller->leg_id, .number = text_of(caller->number)};
    const struct line_dialling dialling = {.near_id = caller->leg_id, .e164 = to->e164};
    return to->is_ordinary ? line_dial(l, &dialling) : l->phone.call(l->phone.arg, &ring);
}

void line_third_forget(struct lines *l, struct line *third, bool hangs_up)
{
    const struct line was = *third;
    if (hangs_up)
        line_hang_up(l, third);
    else
        line_drop(l, third);
    line_third_back(l, &was);
}

/* Rings them; 0: *word says to the agent why not. like: what is to be kept of them. */
static uint64_t ring(struct lines *l, const struct line_whom *to, struct line *like,
                     struct line_outside *out)
{
    uint64_t caller_id = out->near_id;
    struct line *caller = line_caller_of(l, caller_id);
    if (!to->agent_id) {
        out->dialled = to->dialled;
        out->is_transfer = true;
        return line_out_call(l, out);
    }
    if (!caller || !line_third_reserve(l, to->agent_id, like))
        return 0;
    caller = line_caller_of(l, caller_id);
    uint64_t leg_id = caller ? ring_colleague(l, caller, to) : 0;
    if (!leg_id)
        line_third_back(l, like);
    return leg_id;
}

/* Their line, which rings for that agent. */
static void begin(struct lines *l, struct line *line, struct line *third, char code)
{
    third->state = THIRD_CALLED;
    third->peer_id = line->leg_id;
    line_set_timer(l, third, l->now_at + RING_MS);
    line->third_id = third->leg_id;
    line->third_wish = code;
    line->talk = TALK_CALLING;
    line_talk_hold(l, line_caller_of(l, line->peer_id));
    line_say(l, line, NULL, THEN_RING);
}

struct line *line_third_new(struct lines *l, uint64_t leg_id, enum line_kind kind,
                            const struct line *like)
{
    struct line *line = leg_id ? line_new(l, leg_id, kind) : NULL;
    if (leg_id && !line) {
        l->phone.hang_up(l->phone.arg, leg_id);
        line_third_back(l, like);
    }
    if (!line)
        return NULL;
    line->agent_id = like->agent_id;
    line->is_return = like->is_return;
    line->kept_pause = like->kept_pause;
    return line;
}

static void fail(struct lines *l, struct line *line, enum prompt_id word)
{
    tell_referred(l, line, 503);
    line_talk_resume(l, line, word);
}

static bool is_still_there(struct lines *l, const struct line *line)
{
    return line && line->state == OFFER_TALKING && line_caller_of(l, line->peer_id);
}

static enum order_talked moves(struct lines *l, struct line *line, struct line *caller,
                               uint32_t service)
{
    uint64_t leg_id = line->leg_id;
    if (move_to(l, line, caller, service))
        return ORDER_TALKED;
    line = line_by_leg(l, leg_id);
    if (line && line->state == OFFER_TALKING)
        fail(l, line, PROMPT_AGENT_OUT_FAILED);
    return ORDER_TALKED_CLOSED;
}

/* Why nobody rings. */
static enum order_talked why_not(const struct line_whom *to, const struct line_outside *out)
{
    if (to->agent_id)
        return ORDER_TALKED_BUSY;
    return out->verdict == GATE_PASSES ? ORDER_TALKED_FAILED : ORDER_TALKED_GATE;
}

/* Rings them, and says to the agent why not. */
static enum order_talked rings(struct lines *l, struct line *line, struct line_whom *to, char code)
{
    uint64_t agent_leg = line->leg_id;
    struct line like = {0};
    struct line_outside out = {
        .agent_id = line->agent_id, .near_id = line->peer_id, .word = PROMPT_AGENT_OUT_FAILED};
    bool is_given = code == '2' && to->agent_id; /* it rings there as any call does */
    uint64_t leg_id = is_given ? 0 : ring(l, to, &like, &out);
    struct line *third = line_third_new(l, leg_id, LINE_THIRD, &like);
    if (third) {
        third->is_ordinary = to->is_ordinary;
        third->is_interpreter = to->is_interpreter;
    }
    to->why = out.verdict;
    line = line_by_leg(l, agent_leg);
    bool is_there = is_still_there(l, line);
    if (third && is_there) {
        begin(l, line, third, code);
        line_desk_rings(l, line, third);
        return ORDER_TALKED;
    }
    if (third)
        line_third_forget(l, third, true);
    else if (is_there)
        fail(l, line, (enum prompt_id)out.word);
    return is_there ? why_not(to, &out) : ORDER_TALKED_ALONE;
}

enum order_talked line_third_call(struct lines *l, struct line *line, char code,
                                  struct line_whom *to)
{
    struct line *caller = line_caller_of(l, line->peer_id);
    if (!caller)
        return ORDER_TALKED_ALONE;
    if (code == '2' && to->service != DIRECTORY_NONE)
        return moves(l, line, caller, to->service);
    bool is_self = to->agent_id == line->agent_id;
    if (is_self || (!to->agent_id && !to->dialled.n)) {
        fail(l, line, PROMPT_AGENT_OUT_FAILED);
        return is_self ? ORDER_TALKED_SELF : ORDER_TALKED_UNKNOWN;
    }
    /* Who speaks outside, or to a colleague, is on pause for the heart. */
    bool is_free = to->agent_id && !line_offer_is_busy(l, to->agent_id);
    if (code == '2' && is_free && pass_to(l, line, to->agent_id))
        return ORDER_TALKED;
    return rings(l, line, to, code);
}

/* ---- the caller goes to them -------------------------------------------------------------- */

/* A conversation whose agent leaves: what is needed of its line, which may be gone. */
struct leaving {
    uint64_t offer_id, caller_id, third_id;
};

static void meet(struct lines *l, struct line *caller, struct line *third, enum prompt_id word)
{
    struct say_list list = {0};
    if (word != PROMPT_NONE) {
        say_add(&list, word);
        say_add(&list, PROMPT_TONE_CONNECT);
    }
    caller->is_held = false;
    line_set_timer(l, caller, MS_NEVER);
    line_hear(l, caller, &list, third->leg_id);
    line_hear(l, third, NULL, caller->leg_id);
}

/* Their agent has left: the offer of the heart is awaited. */
void line_third_awaits(struct lines *l, struct line *third, uint64_t caller_id)
{
    third->state = THIRD_TAKES;
    third->peer_id = caller_id;
    line_set_timer(l, third, l->now_at + TAKE_MS);
}

void line_third_passes(struct lines *l, struct line *line)
{
    struct line *third = line_by_leg(l, line->third_id);
    struct line *caller = line_caller_of(l, line->peer_id);
    if (!third || !caller || caller->third_id != third->leg_id)
        return;
    line->third_id = 0;
    line_third_awaits(l, third, caller->leg_id);
    line_say(l, third, NULL, THEN_SILENCE);
}

void line_third_waits(struct lines *l, struct line *caller)
{
    struct line *third = line_by_leg(l, caller->third_id);
    if (third && third->state == THIRD_TAKES) {
        line_say(l, third, NULL, THEN_SILENCE);
    } else if (third && third->state == THIRD_TALKS) { /* the heart had decided otherwise before */
        caller->third_id = 0;
        line_third_forget(l, third, true);
    }
}

/* To a colleague: by the heart, so that it counts, and the next one is offered. While the journal
 * takes nothing the heart may say no later: an agent who is still there goes on speaking then; of
 * one who has left nothing is left to chance. */
static bool give_to_colleague(struct lines *l, const struct leaving *g, struct line *caller,
                              const struct line *third)
{
    const struct command pass = {
        .kind = CMD_OFFER_PASS,
        .offer_pass = {.offer_id = g->offer_id, .agent_id = third->agent_id}};
    if (!third->agent_id)
        return false;
    caller->third_id = third->leg_id;
    enum acd_verdict v = line_command(l, &pass);
    if (acd_is_taken(v) && (v != ACD_MORE || line_by_offer(l, g->offer_id)))
        return true;
    caller = line_by_leg(l, g->caller_id);
    if (caller)
        caller->third_id = 0;
    return false;
}

/* Somebody outside, or who is no agent at work: the agent's part is over, the two go on. */
static void give_away(struct lines *l, const struct leaving *g)
{
    struct line *caller = line_caller_of(l, g->caller_id), *third = line_by_leg(l, g->third_id);
    const struct command end = {.kind = CMD_OFFER_END,
                                .offer_end = {.offer_id = g->offer_id, .why = OFFER_END_FINISHED}};
    struct line *agent = line_by_offer(l, g->offer_id);
    if (caller && third) {
        if (agent)
            agent->third_id = 0;
        caller->state = CALLER_PASSED;
        caller->third_id = caller->peer_id = third->leg_id;
        caller->offer_id = 0;
        third->state = THIRD_TALKS;
        third->peer_id = caller->leg_id;
        line_set_timer(l, third, MS_NEVER);
        meet(l, caller, third, PROMPT_CONNECT_NOW);
    }
    line_command(l, &end);
    agent = line_by_offer(l, g->offer_id);
    if (agent && agent->state == OFFER_TALKING) /* the heart will hear of it later */
        line_offer_wrap_up(l, agent);
}

static void complete(struct lines *l, const struct leaving *g)
{
    struct line *caller = line_caller_of(l, g->caller_id), *third = line_by_leg(l, g->third_id);
    if (!caller || !third || !give_to_colleague(l, g, caller, third))
        give_away(l, g);
}

static struct leaving leaving_of(struct line *line)
{
    line->has_passed = true;
    return (struct leaving){line->offer_id, line->peer_id, line->third_id};
}

void line_third_complete(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    struct leaving g = leaving_of(line);
    complete(l, &g);
    line = line_by_leg(l, leg_id);
    if (line)
        tell_referred(l, line, 200);
}

static void back_to_queue(struct lines *l, const struct leaving *g)
{
    struct line *caller = line_caller_of(l, g->caller_id);
    const struct command back = {
        .kind = CMD_OFFER_END, .offer_end = {.offer_id = g->offer_id, .why = OFFER_END_WITHDRAWN}};
    if (caller) {
        caller->word = WORD_FAILED;
        line_talk_hold(l, caller);
    }
    line_command(l, &back);
}

bool line_third_leave(struct lines *l, struct line *line)
{
    struct line *third = line_by_leg(l, line->third_id);
    struct line *caller = line_caller_of(l, line->peer_id);
    if (!third || !caller)
        return false;
    bool is_there = third->state == THIRD_UP;
    struct leaving g = leaving_of(line);
    if (is_there)
        line->third_id = 0;
    line_drop(l, line);
    if (!is_there) {
        back_to_queue(l, &g);
        return true;
    }
    meet(l, caller, third, PROMPT_NONE);
    if (third->agent_id)
        line_third_awaits(l, third, caller->leg_id);
    complete(l, &g);
    return true;
}

struct line *line_third_taken(struct lines *l, struct line *caller, uint32_t agent_id)
{
    struct line *third = line_by_leg(l, caller->third_id);
    caller->third_id = 0;
    if (!third || third->state != THIRD_TAKES)
        return NULL;
    if (third->agent_id == agent_id)
        return third;
    line_third_forget(l, third, true); /* signed out, or was lost, in between */
    return NULL;
}

/* ---- their line --------------------------------------------------------------------------- */

void line_third_over(struct lines *l, struct line *line)
{
    struct line *third = line_by_leg(l, line->third_id);
    line->third_id = 0;
    if (third && third->kind == LINE_THIRD)
        line_third_forget(l, third, true);
}

/* The agent who still rings this one; NULL: the two have gone on. */
static struct line *host_of_new(struct lines *l, uint64_t third_id)
{
    struct line *third = line_by_leg(l, third_id);
    bool is_third = third && third->kind == LINE_THIRD && third->state == THIRD_UP;
    struct line *host = is_third ? host_of(l, third) : NULL;
    return host && host->state == OFFER_TALKING && host->talk == TALK_CALLING ? host : NULL;
}

/* Passed on or joined at once where that was asked for; where it was not, or the heart says so only
 * later or not at all, the two speak with each other meanwhile. */
static void on_up(struct lines *l, struct line *third)
{
    struct line *host = host_of(l, third);
    uint64_t third_id = third->leg_id;
    line_set_timer(l, third, MS_NEVER);
    if (!host) {
        line_third_forget(l, third, true);
        return;
    }
    third->state = THIRD_UP;
    if (host->third_wish == '2')
        line_third_complete(l, host);
    else if (host->third_wish == '3')
        line_talk_three(l, host, third);
    host = host_of_new(l, third_id);
    if (!host)
        return;
    host->talk = TALK_CONSULT;
    line_desk_show(l, host, third, TALK_SHOWN_CONSULT);
    line_hear(l, host, NULL, third_id);
    line_hear(l, line_by_leg(l, third_id), NULL, host->leg_id);
}

/* They hung up, or did not answer: whoever was with them is not left alone. */
static void on_over(struct lines *l, struct line *third, bool hangs_up)
{
    const struct line was = *third;
    struct line *host = host_of(l, third);
    uint64_t host_id = host ? host->leg_id : 0;
    if (host)
        host->third_id = 0;
    line_third_forget(l, third, hangs_up);
    host = line_by_leg(l, host_id);
    struct line *caller = line_caller_of(l, was.peer_id);
    if (host) {
        bool is_unanswered = was.state == THIRD_CALLED;
        fail(l, host, is_unanswered ? PROMPT_AGENT_OUT_FAILED : PROMPT_AGENT_BACK);
        line_desk_show(l, host, &was, is_unanswered ? TALK_SHOWN_UNANSWERED : TALK_SHOWN_LEFT);
    } else if (caller && caller->state == CALLER_PASSED)
        line_caller_let_go(l, caller, PROMPT_CLOSED_BYE, ENDED_BY_AGENT);
    else if (caller && caller->state == CALLER_TALKING)
        line_talk_hold(l, caller); /* until the heart gives it to somebody else */
}

void line_third_report(struct lines *l, struct line *third, const struct phone_report *r)
{
    switch (r->kind) {
    case PHONE_UP:
        on_up(l, third);
        return;
    case PHONE_REFUSED:
    case PHONE_ENDED:
        on_over(l, third, false);
        return;
    case PHONE_LOST:
        on_over(l, third, true);
        return;
    default:
        return;
    }
}

/* While the journal takes nothing, the heart has not heard yet. */
void line_third_timer(struct lines *l, struct line *third)
{
    const struct line *caller = line_caller_of(l, third->peer_id);
    if (third->state == THIRD_TAKES && caller && caller->state == CALLER_TALKING)
        line_set_timer(l, third, l->now_at + TAKE_MS);
    else
        on_over(l, third, true);
}
