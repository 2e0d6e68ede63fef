/* line_offer.c — an agent's telephone: it rings for an offer, is bridged with the caller, and after
 * the talk its agent may end the wrap-up by a key (voice-script §9).
 * Called by lines.c. Cost: O(1) a happening. Invariant: an offer that rings has one line; what the
 * telephone cannot do is said to the heart as a refusal, never left to time out. */
#include "acd/ask.h"
#include "app/line_practice.h"
#include "app/line_talk.h"
#include "directory/commands.h"
#include "say/result.h"

/* On an ordinary telephone the words of the offer come again after such a pause, until its time is
 * over: a voicemail presses no key. */
#define WHISPER_AGAIN_MS ((ms_t)3000)
/* After "Appel terminé. Pour reprendre, tapez 1." the key is waited for so long. */
#define WRAP_UP_KEY_MS ((ms_t)5000)

static struct command decline(uint64_t offer_id, enum offer_end why)
{
    return (struct command){.kind = CMD_OFFER_DECLINE,
                            .offer_decline = {.offer_id = offer_id, .why = why}};
}

/* What the telephone shows beside the number: the service that was asked for. */
static struct text service_name(const struct lines *l, const struct line *caller)
{
    const struct directory *d = l->args.directory;
    uint32_t i = caller ? directory_service_find(d, caller->queue_id) : DIRECTORY_NONE;
    if (caller && caller->is_practice)
        return TEXT(DIRECTORY_PRACTICE_NAME);
    return i == DIRECTORY_NONE ? TEXT_NONE : text_of(d->services[i].name);
}

/* The line of an agent that a new call may end; cost: a walk over all lines while there are any. */
static struct line *idle_line(struct lines *l, uint32_t agent_id, bool with_keys)
{
    bool some = l->wrap_ups_n || (with_keys && (l->keys_n || l->outs_n));
    for (uint32_t i = 0; some && i < l->used; i++) {
        struct line *line = &l->lines[i];
        bool is_wrap_up = line->kind == LINE_OFFER && line->state == OFFER_WRAP_UP;
        bool hears_no = line->kind == LINE_OUT && line->state == OUT_REFUSED;
        bool is_idle = is_wrap_up || (with_keys && (line->kind == LINE_KEYS || hears_no));
        if (is_idle && line->agent_id == agent_id)
            return line;
    }
    return NULL;
}

void line_offer_end_wrap_up(struct lines *l, uint32_t agent_id)
{
    struct line *line = idle_line(l, agent_id, false);
    if (line)
        line_hang_up(l, line);
}

bool line_offer_is_busy(const struct lines *l, uint32_t agent_id)
{
    for (uint32_t i = 0; i < l->used; i++) {
        const struct line *line = &l->lines[i];
        bool speaks = line->kind == LINE_THIRD || line->kind == LINE_LISTEN ||
                      (line->kind == LINE_OUT && line->state != OUT_REFUSED) ||
                      (line->kind == LINE_OFFER && line->state != OFFER_WRAP_UP);
        if (speaks && line->agent_id == agent_id)
            return true;
    }
    return false;
}

/* Also from a short code, or from hearing why a call cannot go out: a ready agent must not be found
 * busy. */
void line_offer_free(struct lines *l, uint32_t agent_id)
{
    struct line *line;
    while ((line = idle_line(l, agent_id, true)) != NULL)
        line_hang_up(l, line);
}

/* By an operator, showing the number that the caller dialled: it is ours to show. */
static uint64_t dial(struct lines *l, const struct line *caller, uint64_t e164)
{
    const struct line_dialling dialling = {.near_id = line_has_leg(caller) ? caller->leg_id : 0,
                                           .e164 = e164,
                                           .shown_e164 = caller->entry ? caller->entry->e164 : 0,
                                           .name = service_name(l, caller)};
    return line_dial(l, &dialling);
}

/* Its agent speaks with us already: no telephone rings. */
static void take_over(struct lines *l, struct line *line, const struct effect *e)
{
    const struct line *caller = line_by_leg(l, e->offer_ring.leg_id);
    const struct command confirm = {.kind = CMD_OFFER_CONFIRM,
                                    .offer_confirm = {.offer_id = e->offer_ring.offer_id}};
    line->kind = LINE_OFFER;
    l->thirds_n--;
    line->state = OFFER_CALLED;
    line->agent_id = e->offer_ring.agent_id;
    line->queued_at = caller->queued_at;
    line->queue_id = caller->queue_id;
    line->peer_id = caller->leg_id;
    line_set_timer(l, line, MS_NEVER);
    line_set_offer(l, line, e->offer_ring.offer_id);
    line_command_later(l, &confirm);
}

void line_offer_ring(struct lines *l, const struct effect *e)
{
    struct line *caller = line_caller_of(l, e->offer_ring.leg_id);
    const struct command failed = decline(e->offer_ring.offer_id, OFFER_END_FAILED);
    if (e->offer_ring.leg_node != l->args.node || !caller)
        return; /* the caller left: the heart is about to hear it */
    struct line *taken = line_third_taken(l, caller, e->offer_ring.agent_id);
    if (taken) {
        take_over(l, taken, e);
        return;
    }
    if ((l->thirds_n || l->outs_n) && line_offer_is_busy(l, e->offer_ring.agent_id)) {
        line_command_later(l, &failed); /* offered while the heart could not yet know */
        return;
    }
    line_offer_free(l, e->offer_ring.agent_id);
    const struct phone_call call = {.aor = e->offer_ring.agent_id,
                                    .near_id = line_has_leg(caller) ? caller->leg_id : 0,
                                    .number = text_of(caller->number),
                                    .name = service_name(l, caller)};
    const struct directory_agent *agent = line_agent(l, e->offer_ring.agent_id);
    uint64_t e164 = agent ? directory_agent_number(agent) : 0;
    uint64_t leg_id = e164 ? dial(l, caller, e164) : l->phone.call(l->phone.arg, &call);
    struct line *line = leg_id ? line_new(l, leg_id, LINE_OFFER) : NULL;
    if (!line) {
        if (leg_id)
            l->phone.hang_up(l->phone.arg, leg_id);
        line_command_later(l, &failed);
        return;
    }
    line->state = OFFER_CALLED;
    line->is_ordinary = e164 != 0;
    line->queued_at = caller->queued_at;
    line->agent_id = e->offer_ring.agent_id;
    line->peer_id = e->offer_ring.leg_id;
    line->queue_id = caller->queue_id;
    line_set_offer(l, line, e->offer_ring.offer_id);
}

/* ---- the bridge --------------------------------------------------------------------------- */

/* Who is it about: a prompt for each service. */
#define ABOUT_MAX 16
static enum prompt_id about(const struct lines *l, const struct line *line, const char *prefix)
{
    char name[DIRECTORY_ID_BYTES + ABOUT_MAX];
    struct text_out out = {.p = name, .max = sizeof(name) - 1};
    const struct directory *d = l->args.directory;
    uint32_t i = directory_service_find(d, line->queue_id);
    if (line->queue_id == DIRECTORY_PRACTICE)
        return PROMPT_AGENT_PRACTICE;
    if (i == DIRECTORY_NONE)
        return PROMPT_NONE;
    text_put(&out, text_of(prefix));
    text_put(&out, text_of(d->services[i].id));
    name[out.n] = '\0';
    enum prompt_id about = say_named(name);
    return about == PROMPT_NONE ? say_service(i) : about;
}

enum prompt_id line_offer_about(const struct lines *l, const struct line *line)
{
    return about(l, line, "agent.whisper.");
}

/* Who was on pause, and took the caller of a colleague, is on pause again afterwards. */
static void keep_pause(struct lines *l, const struct line *agent)
{
    const struct command pause = {
        .kind = CMD_AGENT_PAUSE,
        .agent_pause = {.agent_id = agent->agent_id, .reason = agent->kept_pause}};
    if (agent->kept_pause != PAUSE_NONE)
        line_command_later(l, &pause);
}

static void join(struct lines *l, struct line *agent, struct line *caller)
{
    struct say_list to_agent = {0}, to_caller = {0};
    if (caller->state == CALLER_PROMISE) { /* no need of it: somebody is there */
        line_promise_end(caller);
        line_set_timer(l, caller, MS_NEVER);
    }
    enum prompt_id chosen =
        agent->is_ordinary ? PROMPT_NONE : about(l, agent, "menu.chosen."); /* heard already */
    say_add(&to_caller, PROMPT_CONNECT_NOW);
    say_add(&to_caller, PROMPT_TONE_CONNECT);
    if (chosen != PROMPT_NONE)
        say_add(&to_agent, chosen);
    say_add(&to_agent, PROMPT_TONE_CONNECT);
    caller->state = CALLER_TALKING;
    agent->state = OFFER_TALKING;
    caller->offer_id = agent->offer_id;
    caller->peer_id = agent->leg_id;
    caller->word = WORD_NONE;
    caller->is_held = false;
    agent->peer_id = caller->leg_id;
    if (caller->is_practice) {
        line_practice_join(l, agent, caller);
        if (!line_say_whole(l, agent, &to_agent))
            line_practice_played(l, agent);
        return;
    }
    if (line_record_begin(l, agent, caller)) {
        say_add(&to_agent, PROMPT_REC_ON);
        say_add(&to_caller, PROMPT_REC_ON);
    }
    line_say(l, agent, &to_agent, THEN_BRIDGE);
    line_say(l, caller, &to_caller, THEN_BRIDGE);
    keep_pause(l, agent);
}

void line_offer_wrap_up(struct lines *l, struct line *line)
{
    /* Who practised on pause is on pause again. */
    unsigned last = line->kept_pause == PAUSE_NONE ? PROMPT_AGENT_WRAP : PROMPT_AGENT_PAUSE_OK;
    struct say_list list = {0};
    line_record_end(l, line);
    line_listen_over(l, line);
    if (line->has_passed)
        line_third_passes(l, line);
    if (line->is_ordinary) { /* the wrap-up ends by itself: an ordinary telephone is let go */
        line_hang_up(l, line);
        return;
    }
    line_third_over(l, line);
    line->code = '\0';
    line->state = OFFER_WRAP_UP;
    line->peer_id = 0;
    l->wrap_ups_n++;
    say_add(&list, last);
    if (!line_say(l, line, &list, THEN_SILENCE)) {
        line_hang_up(l, line);
        return;
    }
    line_set_timer(l, line, l->now_at + (ms_t)prompt_rows[last].max_ms + WRAP_UP_KEY_MS);
}

/* Picked up, and gone before the heart could know: the caller is not left with nobody. */
static void join_nobody(struct lines *l, const struct effect *e)
{
    const struct command end = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = e->offer_join.offer_id, .why = OFFER_END_AGENT_LOST}};
    bool is_ours = e->offer_join.leg_node == l->args.node || !e->offer_join.leg_id;
    if (is_ours) /* no leg: whom that agent has called back */
        line_command_later(l, &end);
}

void line_offer_effect(struct lines *l, const struct effect *e)
{
    bool is_join = e->kind == EFFECT_OFFER_JOIN;
    struct line *line = line_by_offer(l, is_join ? e->offer_join.offer_id : e->offer_stop.offer_id);
    if (!line && is_join)
        join_nobody(l, e);
    if (!line)
        return;
    struct line *caller = line_caller_of(l, line->peer_id);
    if (is_join && line->back.is_back)
        line_back_join(l, line, caller);
    else if (is_join && caller)
        join(l, line, caller);
    else if (!is_join && line->state == OFFER_TALKING && (!caller || line->has_passed) &&
             !l->is_draining)
        line_offer_wrap_up(l, line);
    else if (!is_join && line->state != OFFER_WRAP_UP)
        line_hang_up(l, line);
}

/* ---- reports ------------------------------------------------------------------------------ */

/* « Santé. Attend depuis six minutes. Pour répondre, tapez 1. » (voice-script §9) */
static void say_whisper_to(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    ms_t waited_ms = line->queued_at ? l->now_at - line->queued_at : 0;
    const struct say_whisper words = {.about = line_offer_about(l, line),
                                      .waited_min = (uint32_t)(waited_ms / 60000),
                                      .wants_key = true};
    line->state = OFFER_WHISPER;
    say_whisper(&list, &words);
    if (!line_say(l, line, &list, THEN_SILENCE))
        line_set_timer(l, line, l->now_at + WHISPER_AGAIN_MS);
}

static void confirm(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    const struct command confirm = {.kind = CMD_OFFER_CONFIRM,
                                    .offer_confirm = {.offer_id = line->offer_id}};
    enum acd_verdict v = line_command(l, &confirm);
    line = line_by_leg(l, leg_id);
    if (line && !acd_is_taken(v))
        line_hang_up(l, line); /* picked up too late: somebody else has the caller, or nobody */
}

/* Busy and "not now" are the agent's answer (RFC 3261 §21.4.24, §21.6); the rest is a fault. */
static enum offer_end refusal_of(uint16_t status)
{
    return status == 486 || status == 600 || status == 603 ? OFFER_END_DECLINED : OFFER_END_FAILED;
}

static void on_refused(struct lines *l, struct line *line, uint16_t status)
{
    const struct command cmd = decline(line->offer_id, refusal_of(status));
    line_drop(l, line);
    line_command(l, &cmd);
}

/* The agent hung up, or the line broke off before the heart could know. */
static void on_ended(struct lines *l, struct line *line, bool is_fault)
{
    const struct command end = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = line->offer_id,
                      .why = is_fault ? OFFER_END_AGENT_LOST : OFFER_END_FINISHED}};
    const struct command failed = decline(line->offer_id, OFFER_END_FAILED);
    uint64_t caller_id = line->peer_id, leg_id = line->leg_id;
    bool talked = line->state == OFFER_TALKING, is_over = line->state == OFFER_WRAP_UP;
    if (talked)
        line_listen_over_now(l, line); /* while the call is known */
    line = line_by_leg(l, leg_id);
    if (!line)
        return;
    if (talked && !is_fault && line_third_leave(l, line))
        return;
    line_drop(l, line);
    if (is_over)
        return;
    line_command(l, talked ? &end : &failed);
    struct line *caller = line_caller_of(l, caller_id);
    if (talked && !is_fault && caller && caller->state == CALLER_TALKING)
        line_caller_let_go(l, caller, PROMPT_CLOSED_BYE, ENDED_BY_AGENT);
}

static void on_lost(struct lines *l, struct line *line)
{
    const struct command lost = {.kind = CMD_AGENT_LOST,
                                 .agent_lost = {.agent_id = line->agent_id}};
    line_hang_up(l, line);
    line_command(l, &lost);
}

static void on_up(struct lines *l, struct line *line)
{
    if (line->is_ordinary)
        say_whisper_to(l, line); /* who picked up may be a machine */
    else
        confirm(l, line);
}

static void on_key(struct lines *l, struct line *line, char key)
{
    if (line->state == OFFER_WHISPER && key == '1') {
        line_set_timer(l, line, MS_NEVER);
        confirm(l, line);
        return;
    }
    if (line->state == OFFER_TALKING) {
        line_talk_key(l, line, key);
        return;
    }
    const struct command ready = {.kind = CMD_AGENT_READY,
                                  .agent_ready = {.agent_id = line->agent_id}};
    if (line->state != OFFER_WRAP_UP || key != '1')
        return;
    line_hang_up(l, line); /* first: the next offer must not find the telephone busy */
    line_command(l, &ready);
}

void line_offer_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    const struct command media = {.kind = CMD_OFFER_MEDIA,
                                  .offer_media = {.offer_id = line->offer_id, .side = SIDE_AGENT}};
    if (line_back_report(l, line, r))
        return;
    switch (r->kind) {
    case PHONE_UP:
        on_up(l, line);
        return;
    case PHONE_REFUSED:
        on_refused(l, line, r->status);
        return;
    case PHONE_ENDED:
        on_ended(l, line, r->is_fault);
        return;
    case PHONE_LOST:
        on_lost(l, line);
        return;
    case PHONE_KEY:
        on_key(l, line, r->key);
        return;
    case PHONE_HOLDS:
        if (line->state == OFFER_TALKING)
            line_talk_holds(l, line, r->holds);
        return;
    case PHONE_PLAYED:
        if (line->state == OFFER_WHISPER && r->list.number == line->list)
            line_set_timer(l, line, l->now_at + WHISPER_AGAIN_MS);
        else if (line->state == OFFER_TALKING && line->is_practice && r->list.number == line->list)
            line_practice_played(l, line);
        return;
    case PHONE_HEARD:
        if (line->state == OFFER_TALKING)
            line_command(l, &media);
        return;
    default:
        return;
    }
}

void line_offer_timer(struct lines *l, struct line *line)
{
    if (line->state == OFFER_WHISPER) {
        say_whisper_to(l, line);
        return;
    }
    if (line->back.is_back)
        line_back_timer(l, line);
    if (line->state == OFFER_WRAP_UP)
        line_hang_up(l, line);
    else if (line->state == OFFER_TALKING && line->is_practice)
        line_practice_next(l, line);
    else if (line->state == OFFER_TALKING)
        line_talk_timer(l, line);
}

/* In a conversation the media tell whether the telephone lives; else it takes no more calls. */
void line_offer_away(struct lines *l, uint32_t agent_id)
{
    struct acd_agent_look look;
    const struct command lost = {.kind = CMD_AGENT_LOST, .agent_lost = {.agent_id = agent_id}};
    if (acd_agent_look(l->args.acd, agent_id, &look) && look.state == AGENT_STATE_READY)
        line_command(l, &lost);
}
