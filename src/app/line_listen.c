/* line_listen.c — see line_listen.h; voice-script §1 (notice.listen), §11 (*9).
 * Called by line_keys.c, line_talk.c, line_record.c, line_offer.c, line_caller.c and lines.c. Cost:
 * a walk over the lines to find a conversation; O(1) a happening. Invariants: nobody hears a
 * conversation before the journal has who, how and since when, nor after it has that it is over;
 * its agent hears that somebody listens, and its caller was told that it may be and did not refuse,
 * unless the agent called for help; who listens takes no calls meanwhile, and is as before
 * afterwards. The supervisor is rung by us, for a leg that came by itself may live in another media
 * thread than the conversation. */
#include <string.h>

#include "acd/ask.h"
#include "acd/look.h"
#include "app/line_talk.h"

/* A supervisor may ring so long; then an alert goes to the next one. */
#define RING_MS ((ms_t)20000)
/* Longer than the last sentence. */
#define LAST_MS ((ms_t)6000)

static struct line *caller_of(struct lines *l, const struct line *agent)
{
    return line_caller_of(l, agent->peer_id);
}

static bool talks(const struct line *line)
{
    return line && line->kind == LINE_OFFER && line->state == OFFER_TALKING && !line->is_practice;
}

/* The agent whose conversation it is; NULL: it is over. */
static struct line *agent_of(struct lines *l, const struct line *line)
{
    struct line *agent = line_by_leg(l, line->peer_id);
    return talks(agent) && agent->listen.by_id == line->leg_id ? agent : NULL;
}

/* Who listens, once it is noted; NULL: nobody. */
static struct line *listener_of(struct lines *l, const struct line *agent)
{
    struct line *line = line_by_leg(l, agent->listen.by_id);
    return line && line->listen.mode != LISTENING_NONE ? line : NULL;
}

/* ---- what is heard ------------------------------------------------------------------------ */

enum party { PARTY_CALLER, PARTY_AGENT, PARTY_THIRD, PARTY_LISTENER, PARTIES };

static bool hears(struct line *const all[PARTIES], unsigned who, unsigned whom)
{
    if (who == whom || !all[whom])
        return false;
    if (whom != PARTY_LISTENER)
        return true;
    enum listening mode = all[PARTY_LISTENER]->listen.mode;
    return mode == LISTENING_JOIN || (mode == LISTENING_WHISPER && who == PARTY_AGENT);
}

static void hear_mixed(struct lines *l, struct line *const all[PARTIES],
                       const struct say_list *const words[PARTIES])
{
    _Static_assert(MEDIA_HEARS_MAX >= PARTIES - 1, "all the others");
    for (unsigned who = 0; who < PARTIES; who++) {
        struct line_mix mix = {.number = (uint32_t)all[PARTY_CALLER]->leg_id};
        unsigned n = 0;
        for (unsigned whom = 0; whom < PARTIES; whom++)
            if (hears(all, who, whom))
                mix.ids[n++] = all[whom]->leg_id;
        if (all[who])
            line_hear_mix(l, all[who], words[who], &mix);
    }
}

void line_listen_hear(struct lines *l, struct line *agent, const struct line_words *w)
{
    struct line *third = agent->talk == TALK_THREE ? line_by_leg(l, agent->third_id) : NULL;
    struct line *const all[PARTIES] = {caller_of(l, agent), agent, third, listener_of(l, agent)};
    const struct say_list *const words[PARTIES] = {w->caller, w->agent, NULL, w->listener};
    if (!all[PARTY_CALLER])
        return;
    if (third || all[PARTY_LISTENER]) {
        hear_mixed(l, all, words);
        return;
    }
    line_hear(l, agent, w->agent, all[PARTY_CALLER]->leg_id);
    line_hear(l, all[PARTY_CALLER], w->caller, agent->leg_id);
}

/* On hold, and in a consultation, the conversation stands still: who listens hears music, as the
 * caller does. */
static void tell(struct lines *l, struct line *agent, const struct line_words *words)
{
    const struct line *caller = caller_of(l, agent);
    struct line *listener = listener_of(l, agent);
    bool is_still = !caller || caller->is_held || agent->holds;
    bool is_open = agent->talk == TALK_THREE || (agent->talk == TALK_PLAIN && !is_still);
    if (is_open)
        line_listen_hear(l, agent, words);
    else if (listener)
        line_say(l, listener, words->listener, THEN_MUSIC);
}

/* ---- noting ------------------------------------------------------------------------------- */

static struct command listens(const struct line *line, enum listening mode)
{
    return (struct command){.kind = CMD_CALL_LISTEN,
                            .call_listen = {.call_id = line->call_id,
                                            .listener_id = line->agent_id,
                                            .mode = mode,
                                            .by_alert = line->listen.is_alert}};
}

/* From now on, in this way. False: that could not be noted now, so it is not done; but who called
 * for help has it, and the note waits with the others for the disk. The line may be gone. */
static bool set_mode(struct lines *l, struct line *line, enum listening mode)
{
    uint64_t leg_id = line->leg_id;
    bool was_on = line->listen.mode != LISTENING_NONE, is_alert = line->listen.is_alert;
    const struct command on = listens(line, mode);
    const struct command back = listens(line, line->listen.mode);
    enum acd_verdict v = line_command(l, &on);
    line = line_by_leg(l, leg_id);
    bool is_there = line && agent_of(l, line);
    bool is_noted = v == ACD_DONE || (v == ACD_MORE && is_alert);
    if (is_noted && is_there)
        line->listen.mode = mode;
    else if (acd_is_taken(v) && (is_there || !was_on)) /* kept for later; or over meanwhile */
        line_command_later(l, &back);
    return is_noted && is_there;
}

/* Their page says that their telephone rings, and for whose call; or not any more. */
static void show(struct lines *l, const struct line *line, const struct line *agent)
{
    const struct talk_third value = {.shown = agent ? TALK_SHOWN_LISTEN : TALK_SHOWN_ALONE,
                                     .agent_id = agent ? agent->agent_id : 0};
    if (l->args.talks)
        talks_put(l->args.talks, line->agent_id, agent ? agent->offer_id : 0, &value);
}

/* ---- their line --------------------------------------------------------------------------- */

static void say_last(struct lines *l, struct line *line, enum prompt_id prompt)
{
    struct say_list list = {0};
    say_add(&list, prompt);
    line->state = LISTEN_LAST;
    line_set_timer(l, line, l->now_at + LAST_MS);
    if (!line_say_whole(l, line, &list))
        line_set_timer(l, line, l->now_at);
}

/* The conversation is over. */
static void over(struct lines *l, struct line *agent, bool is_now)
{
    struct line *line = line_by_leg(l, agent->listen.by_id);
    agent->listen.by_id = 0;
    if (!line)
        return;
    uint64_t leg_id = line->leg_id;
    const struct command off = listens(line, LISTENING_NONE);
    bool was_on = line->listen.mode != LISTENING_NONE;
    line->listen.mode = LISTENING_NONE;
    line->peer_id = 0;
    show(l, line, NULL);
    if (was_on && is_now)
        line_command(l, &off);
    else if (was_on)
        line_command_later(l, &off);
    line = line_by_leg(l, leg_id);
    if (line && line->state == LISTEN_UP)
        say_last(l, line, PROMPT_LISTEN_OVER);
    else if (line && line->state == LISTEN_CALLED)
        line_third_forget(l, line, true);
}

void line_listen_over(struct lines *l, struct line *agent)
{
    over(l, agent, false);
}

void line_listen_over_now(struct lines *l, struct line *agent)
{
    over(l, agent, true);
}

void line_listen_died(struct lines *l, struct line *line, bool hangs_up)
{
    const struct command off = listens(line, LISTENING_NONE);
    if (line->state == LISTEN_UP || line->listen.mode != LISTENING_NONE)
        line_command_later(l, &off);
    show(l, line, NULL);
    line_third_forget(l, line, hangs_up);
}

/* They hang up, or did not come: the two go on, and the agent knows. */
static void leave(struct lines *l, struct line *line, bool hangs_up)
{
    struct line *agent = agent_of(l, line);
    const struct command off = listens(line, LISTENING_NONE);
    uint64_t agent_leg = agent ? agent->leg_id : 0;
    bool was_on = line->listen.mode != LISTENING_NONE, is_alert = line->listen.is_alert;
    struct say_list list = {0};
    if (agent)
        agent->listen.by_id = 0;
    show(l, line, NULL);
    line_third_forget(l, line, hangs_up);
    if (was_on)
        line_command(l, &off);
    agent = line_by_leg(l, agent_leg);
    if (!talks(agent) || agent->listen.by_id)
        return;
    if (!was_on && is_alert) {
        line_listen_alert(l, agent);
        return;
    }
    say_add(&list, PROMPT_AGENT_UNLISTENED);
    if (was_on)
        tell(l, agent, &(struct line_words){.agent = &list});
}

/* ---- ringing ------------------------------------------------------------------------------ */

static bool is_signed_in(const struct lines *l, uint32_t agent_id)
{
    struct acd_agent_look look;
    return acd_agent_look(l->args.acd, agent_id, &look) && look.state != AGENT_STATE_SIGNED_OUT;
}

/* Their telephone, which shows whose conversation it is. */
static uint64_t ring_telephone(struct lines *l, const struct line *agent, uint32_t listener_id)
{
    const struct directory_agent *g = line_agent(l, agent->agent_id);
    const struct phone_call ring = {.aor = listener_id,
                                    .near_id = agent->peer_id,
                                    .number = g ? directory_agent_line(g) : TEXT_NONE,
                                    .name = g ? text_of(g->name) : TEXT_NONE};
    return l->phone.call(l->phone.arg, &ring);
}

/* False: is busy, or has no telephone; and everything may have changed. */
static bool ring(struct lines *l, struct line *agent, uint32_t listener_id, bool is_alert)
{
    struct line like;
    uint64_t agent_leg = agent->leg_id;
    if (!line_third_reserve(l, listener_id, &like))
        return false;
    agent = line_by_leg(l, agent_leg);
    bool is_there = talks(agent) && caller_of(l, agent) && !agent->listen.by_id;
    uint64_t leg_id = is_there ? ring_telephone(l, agent, listener_id) : 0;
    if (!leg_id)
        line_third_back(l, &like);
    struct line *line = line_third_new(l, leg_id, LINE_LISTEN, &like);
    if (!line)
        return false;
    line->state = LISTEN_CALLED;
    line->peer_id = agent_leg;
    line->call_id = caller_of(l, agent)->call_id;
    line->listen.is_alert = is_alert;
    line_set_timer(l, line, l->now_at + RING_MS);
    agent->listen.by_id = leg_id;
    show(l, line, agent);
    return true;
}

/* ---- by the short code -------------------------------------------------------------------- */

static struct line *talks_of(struct lines *l, uint32_t agent_id)
{
    for (uint32_t i = 0; agent_id && i < l->used; i++) {
        struct line *line = &l->lines[i];
        if (talks(line) && line->agent_id == agent_id && caller_of(l, line))
            return line;
    }
    return NULL;
}

/* The service allows it, as this caller's directory says; the caller was told, and did not refuse;
 * nobody listens yet. */
static bool may_listen(struct lines *l, const struct line *agent)
{
    const struct line *caller = caller_of(l, agent);
    const struct directory *d = caller->directory;
    uint32_t i = directory_service_find(d, caller->queue_id);
    return i != DIRECTORY_NONE && d->services[i].is_listened && line_record_may_listen(caller) &&
           !agent->listen.by_id;
}

enum prompt_id line_listen_ask(struct lines *l, struct line *keys)
{
    const struct directory *d = l->args.directory;
    const struct directory_agent *by = line_agent(l, keys->agent_id);
    uint32_t i = directory_line_find(d, (struct text){keys->typed, keys->typed_n});
    if (!by || !directory_agent_listens(by))
        return PROMPT_LISTEN_NOT;
    struct line *agent = i == DIRECTORY_NONE ? NULL : talks_of(l, d->agents[i].number);
    if (!agent || agent->agent_id == keys->agent_id)
        return PROMPT_LISTEN_NONE;
    if (!may_listen(l, agent))
        return PROMPT_LISTEN_REFUSED;
    keys->listen.agent_id = agent->agent_id;
    return PROMPT_LISTEN_RING;
}

void line_listen_begin(struct lines *l, uint32_t listener_id, uint32_t agent_id)
{
    struct line *agent = talks_of(l, agent_id);
    if (agent && may_listen(l, agent) && is_signed_in(l, listener_id))
        ring(l, agent, listener_id, false);
}

/* ---- by the agent ------------------------------------------------------------------------- */

/* The next supervisor who is signed in, free, and has a telephone. */
static bool ring_next(struct lines *l, uint64_t agent_leg)
{
    const struct directory *d = l->args.directory;
    struct line *agent = line_by_leg(l, agent_leg);
    while (talks(agent) && agent->listen.next_i < d->agents_n) {
        const struct directory_agent *g = &d->agents[agent->listen.next_i++];
        bool may_come = directory_agent_listens(g) && g->number != agent->agent_id &&
                        is_signed_in(l, g->number);
        if (may_come && ring(l, agent, g->number, true))
            return true;
        agent = line_by_leg(l, agent_leg);
    }
    return false;
}

/* Nobody is left to ask. */
static void tell_nobody(struct lines *l, struct line *agent)
{
    struct say_list list = {0};
    say_add(&list, PROMPT_ALERT_NONE);
    agent->listen.next_i = 0;
    if (caller_of(l, agent))
        tell(l, agent, &(struct line_words){.agent = &list});
}

/* Who listens already speaks now; who rings for that will, once they are there. */
static void turn_to_alert(struct lines *l, struct line *agent, struct line *line)
{
    uint64_t leg_id = agent->leg_id;
    line->listen.is_alert = true;
    if (line->state != LISTEN_UP || !set_mode(l, line, LISTENING_JOIN))
        return;
    agent = line_by_leg(l, leg_id);
    if (agent)
        tell(l, agent, &(struct line_words){0});
}

void line_listen_alert(struct lines *l, struct line *agent)
{
    uint64_t leg_id = agent->leg_id;
    const struct line *caller = caller_of(l, agent), *by = line_by_leg(l, agent->listen.by_id);
    const struct command alert = {.kind = CMD_CALL_ALERT,
                                  .call_alert = {.call_id = caller ? caller->call_id : 0}};
    bool goes_on = agent->listen.next_i; /* to the next one, of an alert that is noted */
    if (!caller || (by && by->listen.is_alert && by->state != LISTEN_UP))
        return; /* one rings already */
    if (!goes_on)
        line_command(l, &alert);
    agent = line_by_leg(l, leg_id);
    struct line *line = talks(agent) ? line_by_leg(l, agent->listen.by_id) : NULL;
    if (line) {
        turn_to_alert(l, agent, line);
        return;
    }
    bool is_coming = ring_next(l, leg_id);
    agent = line_by_leg(l, leg_id);
    if (!is_coming && talks(agent))
        tell_nobody(l, agent);
}

enum acd_verdict lines_alert(struct lines *l, uint64_t call_id)
{
    struct acd_look_call call;
    bool is_here = acd_look_call_of(l->args.acd, call_id, &call) && call.offer_id;
    struct line *agent = is_here ? line_by_offer(l, call.offer_id) : NULL;
    if (!talks(agent))
        return ACD_REFUSED_STATE;
    line_listen_alert(l, agent);
    return ACD_DONE;
}

/* ---- from the supervisor's page ----------------------------------------------------------- */

static bool change(struct lines *l, struct line *line, enum listening mode);

/* Who listens, or is about to, wants it otherwise. */
static enum order_talked again(struct lines *l, struct line *line, enum listening mode)
{
    if (mode == LISTENING_NONE)
        leave(l, line, true);
    else if (line->state == LISTEN_CALLED)
        line->listen.wish = mode;
    else if (!change(l, line, mode))
        return ORDER_TALKED_FAILED;
    return ORDER_TALKED;
}

enum order_talked line_listen_order(struct lines *l, struct line *agent,
                                    const struct order_talk *talk)
{
    static const enum listening modes[] = {[ORDER_TALK_LISTEN] = LISTENING_LISTEN,
                                           [ORDER_TALK_WHISPER] = LISTENING_WHISPER,
                                           [ORDER_TALK_JOIN] = LISTENING_JOIN,
                                           [ORDER_TALK_UNLISTEN] = LISTENING_NONE};
    const struct directory_agent *by = line_agent(l, talk->agent_id);
    uint64_t agent_leg = agent->leg_id;
    struct line *line = line_by_leg(l, agent->listen.by_id);
    enum listening mode = modes[talk->deed];
    if (!by || !directory_agent_listens(by))
        return ORDER_TALKED_NOT_YOURS;
    if (line && line->agent_id == talk->agent_id)
        return again(l, line, mode);
    if (mode == LISTENING_NONE)
        return ORDER_TALKED_NOT_NOW;
    if (agent->agent_id == talk->agent_id)
        return ORDER_TALKED_SELF;
    if (!may_listen(l, agent))
        return ORDER_TALKED_UNTOLD;
    if (!is_signed_in(l, talk->agent_id) || !ring(l, agent, talk->agent_id, false))
        return ORDER_TALKED_AWAY;
    agent = line_by_leg(l, agent_leg);
    line_by_leg(l, agent->listen.by_id)->listen.wish = mode;
    return ORDER_TALKED;
}

/* ---- reports ------------------------------------------------------------------------------ */

static const enum prompt_id words[] = {[LISTENING_LISTEN] = PROMPT_LISTEN_ONLY,
                                       [LISTENING_WHISPER] = PROMPT_LISTEN_WHISPER,
                                       [LISTENING_JOIN] = PROMPT_LISTEN_JOIN};

/* Whoever is heard by the caller was announced to both; after an alert nobody is. */
static void say_joined(struct say_list *list, enum listening mode, bool is_alert)
{
    if (mode == LISTENING_JOIN && !is_alert)
        say_add(list, PROMPT_CONF_OTHER);
}

static enum listening first_mode(const struct line *line)
{
    if (line->listen.is_alert)
        return LISTENING_JOIN;
    return line->listen.wish == LISTENING_NONE ? LISTENING_LISTEN : line->listen.wish;
}

/* The agent hears that somebody listens; the caller knows that it may be. After an alert nobody
 * says a word to the caller. */
static void on_up(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    bool is_alert = line->listen.is_alert;
    struct say_list to_agent = {0}, to_caller = {0}, to_listener = {0};
    enum listening first = first_mode(line);
    line->state = LISTEN_UP;
    line_set_timer(l, line, MS_NEVER);
    show(l, line, NULL);
    bool is_on = agent_of(l, line) && set_mode(l, line, first);
    line = line_by_leg(l, leg_id);
    struct line *agent = line ? agent_of(l, line) : NULL;
    if (!agent || !is_on) {
        if (agent)
            agent->listen.by_id = 0;
        if (line && line->state == LISTEN_UP)
            say_last(l, line, agent ? PROMPT_LISTEN_REFUSED : PROMPT_LISTEN_OVER);
        return;
    }
    agent->listen.next_i = 0;
    say_add(&to_agent, PROMPT_AGENT_LISTENED);
    say_add(&to_listener, is_alert                    ? PROMPT_ALERT_CALL
                          : first == LISTENING_LISTEN ? PROMPT_LISTEN_KEYS
                                                      : words[first]);
    say_joined(&to_agent, first, is_alert);
    say_joined(&to_caller, first, is_alert);
    tell(l, agent,
         &(struct line_words){.agent = &to_agent,
                              .caller = to_caller.n ? &to_caller : NULL,
                              .listener = &to_listener});
}

/* In another way from now on. False: it could not be noted, so it is as before. */
static bool change(struct lines *l, struct line *line, enum listening mode)
{
    uint64_t leg_id = line->leg_id;
    struct say_list to_all = {0}, to_listener = {0};
    if (line->listen.mode == mode)
        return true;
    if (!set_mode(l, line, mode))
        return false;
    line = line_by_leg(l, leg_id);
    say_add(&to_listener, words[mode]);
    say_joined(&to_all, mode, line->listen.is_alert);
    const struct say_list *all = to_all.n ? &to_all : NULL;
    tell(l, agent_of(l, line),
         &(struct line_words){.agent = all, .caller = all, .listener = &to_listener});
    return true;
}

static void on_key(struct lines *l, struct line *line, char key)
{
    static const enum listening keys[] = {LISTENING_LISTEN, LISTENING_WHISPER, LISTENING_JOIN};
    unsigned i = (unsigned)(key - '1');
    if (line->state == LISTEN_UP && i < ARRAY_LEN(keys))
        change(l, line, keys[i]);
}

void line_listen_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    switch (r->kind) {
    case PHONE_UP:
        on_up(l, line);
        return;
    case PHONE_REFUSED:
    case PHONE_ENDED:
        leave(l, line, false);
        return;
    case PHONE_LOST:
        leave(l, line, true);
        return;
    case PHONE_KEY:
        on_key(l, line, r->key);
        return;
    case PHONE_PLAYED:
        if (line->state == LISTEN_LAST && r->list.number == line->list)
            line_third_forget(l, line, true);
        return;
    default:
        return;
    }
}

void line_listen_timer(struct lines *l, struct line *line)
{
    leave(l, line, true);
}
