/* line_back.c — an agent calls back: kept first, hears whom it is about, and is on the line while
 * it rings (design §3.7, voice-script §5 cb.whisper); who has answered: line_reached.c. Called by
 * lines.c, line_offer.c, line_caller.c. Cost: O(1) a happening. Invariants: nobody is dialled
 * before the attempt is on disk, nor without the gate; two legs that know each other, and whoever
 * goes, the other one goes too; a machine is no answer. */
#include "acd/look.h"
#include "app/line_deeds.h"
#include "say/result.h"

/* On an ordinary telephone the words come again; a voicemail presses no key. */
#define AGAIN_MS ((ms_t)3000)
/* So long for the disk to have the attempt. */
#define STORE_MS ((ms_t)5000)
#define KEY_SPOKEN '1'

/* ---- what is kept of a wish --------------------------------------------------------------- */

static void write(struct lines *l, const struct wish *wish, bool is_gone)
{
    const struct journal_row row = {.kind = JOURNAL_ROW_WISH,
                                    .person_id = wish->person_id,
                                    .wish = {.contact_id = wish->contact_id,
                                             .e164 = is_gone ? 0 : wish->e164,
                                             .shown_e164 = wish->shown_e164,
                                             .is_gated = wish->is_gated}};
    if (app_has_room(l->args.app))
        app_rows(l->args.app, &row, 1); /* one that should be gone is found at the next start */
}

static struct gate_call gate_call_of(const struct lines *l, const struct wish *wish,
                                     enum gate_kind kind)
{
    struct gate_call call = {.kind = kind,
                             .e164 = wish->e164,
                             .wish_id = wish->contact_id,
                             .is_shared = directory_is_shared(l->args.directory, wish->e164)};
    line_gate_fill(l, &call);
    return call;
}

uint64_t line_back_shown(const struct lines *l, const struct line *caller, bool is_discreet)
{
    if (l->args.automatic_e164 && !is_discreet)
        return l->args.automatic_e164;
    return caller->entry ? caller->entry->e164 : 0;
}

bool line_back_keep(struct lines *l, const struct wish *wish)
{
    if (!app_has_room(l->args.app) || !wishes_put(&l->wishes, wish))
        return false;
    write(l, wish, false);
    return true;
}

void line_back_forget(struct lines *l, uint64_t contact_id)
{
    const struct wish *wish = wishes_find(&l->wishes, contact_id);
    if (!wish)
        return;
    const struct gate_call call = gate_call_of(l, wish, GATE_WISH);
    if (wish->is_gated)
        gate_settle(l->args.gate, &call);
    line_gate_note(l);
    write(l, wish, true);
    wishes_remove(&l->wishes, contact_id);
    line_slots_over(l, contact_id);
}

bool line_back_move(struct lines *l, uint64_t contact_id, struct wish *was)
{
    const struct wish *wish = wishes_find(&l->wishes, contact_id);
    if (!wish)
        return false;
    *was = *wish;
    write(l, wish, true);
    wishes_remove(&l->wishes, contact_id);
    return true;
}

/* Called again before anybody knew that this line was dead? Cost: a walk over the lines, for each
 * call that we cut off. */
static bool is_here(const struct lines *l, const struct line *caller)
{
    for (uint32_t i = 0; i < l->used; i++) {
        const struct line *other = &l->lines[i];
        bool is_caller = other->leg_id && other->kind == LINE_CALLER && other->call_id &&
                         other->state != CALLER_GONE && !other->back.is_back;
        if (is_caller && other != caller && other->e164 == caller->e164)
            return !line_again_is_shared(other);
    }
    return false;
}

void line_back_by_house(struct lines *l, const struct line *caller, uint64_t contact_id)
{
    const struct command cancel = {
        .kind = CMD_CALLBACK_CANCEL,
        .callback_cancel = {.contact_id = contact_id, .by = CANCELLED_BY_HOUSE}};
    struct acd_look_callback look;
    bool is_promised = acd_look_callback_of(l->args.acd, contact_id, &look);
    if (!is_promised || !caller->e164 || wishes_find(&l->wishes, contact_id))
        return;
    if (is_here(l, caller)) { /* nobody calls who is on the line */
        line_command_later(l, &cancel);
        return;
    }
    const struct wish wish = {.contact_id = contact_id,
                              .person_id = look.person_id,
                              .e164 = caller->e164,
                              .shown_e164 = caller->entry ? caller->entry->e164 : 0};
    if (wishes_put(&l->wishes, &wish))
        write(l, &wish, false); /* no room for the row: found at the next start, by its person */
}

void lines_wish(struct lines *l, const struct lines_wish *kept)
{
    struct acd_look_callback look;
    const struct wish wish = {.contact_id = kept->contact_id,
                              .person_id = kept->person_id,
                              .e164 = kept->e164,
                              .shown_e164 = kept->shown_e164,
                              .is_gated = kept->is_gated};
    if (!wishes_put(&l->wishes, &wish))
        return;
    if (!acd_look_callback_of(l->args.acd, kept->contact_id, &look))
        line_back_forget(l, kept->contact_id); /* the promise was never made, or is over */
}

bool lines_next_unknown(const struct lines *l, uint32_t *i, struct lines_wish *wish)
{
    struct acd_look_callback look;
    while (*i < acd_look_calls_n(l->args.acd)) {
        bool is_promised = acd_look_callback(l->args.acd, (*i)++, &look);
        if (!is_promised || wishes_find(&l->wishes, look.contact_id))
            continue;
        *wish = (struct lines_wish){.contact_id = look.contact_id, .person_id = look.person_id};
        return true;
    }
    return false;
}

/* ---- the agent is rung -------------------------------------------------------------------- */

struct command line_back_result(uint64_t offer_id, enum callback_result result)
{
    return (struct command){.kind = CMD_CALLBACK_RESULT,
                            .callback_result = {.offer_id = offer_id, .result = result}};
}

struct command line_back_advance(uint64_t offer_id)
{
    return (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {.offer_id = offer_id}};
}

/* It cannot be called now, and no agent is rung for nothing: tried again after a while. What the
 * gate will never let us is an attempt, so that it ends. */
static void cannot(struct lines *l, uint64_t offer_id, enum gate_verdict verdict)
{
    bool is_for_ever = verdict == GATE_REFUSED_DIALS;
    const struct command advance = line_back_advance(offer_id);
    const struct command result =
        line_back_result(offer_id, is_for_ever ? CALLBACK_RESULT_NOBODY : CALLBACK_RESULT_FAULT);
    line_command_later(l, &advance);
    line_command_later(l, &result);
}

static struct text service_name(const struct lines *l, uint32_t queue_id)
{
    uint32_t i = directory_service_find(l->args.directory, queue_id);
    return i == DIRECTORY_NONE ? TEXT_NONE : text_of(l->args.directory->services[i].name);
}

/* The telephone shows the service, and the number that it is about. */
static uint64_t ring(struct lines *l, const struct effect *e, const struct wish *wish,
                     struct text name)
{
    char number[DIRECTORY_NUMBER_BYTES];
    const struct directory_agent *agent = line_agent(l, e->offer_ring.agent_id);
    uint64_t own = agent ? directory_agent_number(agent) : 0;
    const struct line_dialling dialling = {
        .e164 = own, .shown_e164 = wish->shown_e164, .name = name};
    const struct phone_call call = {.aor = e->offer_ring.agent_id,
                                    .number = line_number_text(number, wish->e164),
                                    .name = name};
    return own ? line_dial(l, &dialling) : l->phone.call(l->phone.arg, &call);
}

static void begin(struct lines *l, struct line *line, const struct effect *e,
                  const struct acd_look_callback *look)
{
    const struct directory_agent *agent = line_agent(l, e->offer_ring.agent_id);
    line->state = OFFER_CALLED;
    line->back.is_back = line->back.is_asked_gate = true;
    line->back.wish_id = look->contact_id;
    line->is_ordinary = agent && directory_agent_number(agent);
    line->queued_at = look->place_at;
    line->queue_id = look->queue_id;
    line->agent_id = e->offer_ring.agent_id;
    line_set_offer(l, line, e->offer_ring.offer_id);
}

void line_back_ring(struct lines *l, const struct effect *e)
{
    struct acd_look_callback look;
    const struct wish *wish = wishes_find(&l->wishes, e->offer_ring.contact_id);
    uint64_t offer_id = e->offer_ring.offer_id;
    if (!acd_look_callback_of(l->args.acd, e->offer_ring.contact_id, &look) ||
        look.offer_id != offer_id)
        return; /* taken back meanwhile */
    if (!wish || l->is_draining || line_offer_is_busy(l, e->offer_ring.agent_id)) {
        cannot(l, offer_id, GATE_REFUSED_UNNOTED);
        return;
    }
    struct gate_call asked = gate_call_of(l, wish, GATE_CALLBACK);
    enum gate_verdict verdict = line_gate_ask(l, &asked);
    const struct command cancel = {
        .kind = CMD_CALLBACK_CANCEL,
        .callback_cancel = {.contact_id = look.contact_id, .by = CANCELLED_BY_PERSON}};
    if (verdict == GATE_REFUSED_NEVER) /* asked so since; nobody is dialled */
        line_command_later(l, &cancel);
    else if (verdict != GATE_PASSES)
        cannot(l, offer_id, verdict);
    if (verdict != GATE_PASSES)
        return;
    line_offer_free(l, e->offer_ring.agent_id);
    uint64_t leg_id = ring(l, e, wish, service_name(l, look.queue_id));
    struct line *line = leg_id ? line_new(l, leg_id, LINE_OFFER) : NULL;
    const struct command failed = {
        .kind = CMD_OFFER_DECLINE,
        .offer_decline = {.offer_id = offer_id, .why = OFFER_END_FAILED}};
    if (line) {
        begin(l, line, e, &look);
        return;
    }
    if (leg_id)
        l->phone.hang_up(l->phone.arg, leg_id);
    line_gate_back(l, &asked);
    line_command_later(l, &failed);
}

/* ---- before the dial ---------------------------------------------------------------------- */

/* Which attempt this is, and since when they wait. */
static void brief(struct lines *l, struct line *line)
{
    struct acd_look_callback look;
    struct say_list list = {0};
    bool is_known = acd_look_callback_of(l->args.acd, line->back.wish_id, &look);
    ms_t waited_ms = is_known ? l->now_at - look.place_at : 0;
    const struct say_whisper words = {.about = line_offer_about(l, line),
                                      .waited_min = (uint32_t)(waited_ms / 60000),
                                      .wants_key = line->is_ordinary};
    say_callback_whisper(&list, &words, is_known ? look.attempts_n + 1u : 1);
    line_set_timer(l, line, MS_NEVER);
    if (!line_say(l, line, &list, THEN_SILENCE))
        line_set_timer(l, line, l->now_at + AGAIN_MS);
}

static struct line *dial_far(struct lines *l, struct line *agent, const struct wish *wish)
{
    const struct line_dialling dialling = {
        .near_id = agent->leg_id, .e164 = wish->e164, .shown_e164 = wish->shown_e164};
    uint64_t agent_leg = agent->leg_id, leg_id = line_dial_asked(l, &dialling);
    struct line *far = leg_id ? line_new(l, leg_id, LINE_CALLER) : NULL;
    agent = line_by_leg(l, agent_leg);
    if (!far && leg_id)
        l->phone.hang_up(l->phone.arg, leg_id);
    if (!far)
        return NULL;
    far->state = CALLER_CALLED;
    far->back.is_back = true;
    far->back.wish_id = agent->back.wish_id;
    far->directory = l->args.directory;
    far->queue_id = agent->queue_id;
    far->queued_at = agent->queued_at;
    far->e164 = wish->e164;
    far->back.by_robot = l->args.automatic_e164 && wish->shown_e164 == l->args.automatic_e164;
    far->peer_id = agent->leg_id;
    agent->peer_id = far->leg_id;
    agent->back.is_asked_gate = false;
    return far;
}

/* The gate has passed it before the agent was rung; whoever asked since never to be called is not
 * dialled. */
static bool is_still_asked(const struct lines *l, const struct wish *wish)
{
    return gate_call_of(l, wish, GATE_CALLBACK).never == GATE_NEVER_NO;
}

/* Once its agent knows whom, and the attempt is on disk. */
static void dial_if_ready(struct lines *l, struct line *agent)
{
    const struct wish *wish = wishes_find(&l->wishes, agent->back.wish_id);
    const struct command fault = line_back_result(agent->offer_id, CALLBACK_RESULT_FAULT);
    if (!agent->back.is_noted || !agent->back.is_briefed)
        return;
    line_set_timer(l, agent, MS_NEVER);
    if (wish && is_still_asked(l, wish) && dial_far(l, agent, wish))
        line_say(l, agent, NULL, THEN_RING);
    else
        line_command_later(l, &fault);
}

void line_back_dial(struct lines *l, const struct effect *e)
{
    struct line *agent = line_by_offer(l, e->callback_dial.offer_id);
    bool is_before = agent && (agent->state == OFFER_BRIEF || agent->state == OFFER_DIALS);
    if (!is_before || !agent->back.is_back || agent->back.is_noted)
        return;
    agent->back.is_noted = true;
    dial_if_ready(l, agent);
}

/* The heart writes the attempt down. False: its time was over at this very moment. */
static bool note(struct lines *l, struct line *agent)
{
    uint64_t leg_id = agent->leg_id;
    const struct command advance = line_back_advance(agent->offer_id);
    enum acd_verdict v = line_command(l, &advance);
    agent = line_by_leg(l, leg_id);
    if (agent && !acd_is_taken(v))
        line_hang_up(l, agent);
    return agent && acd_is_taken(v);
}

/* The agent knows whom. */
static void briefed(struct lines *l, struct line *agent)
{
    uint64_t leg_id = agent->leg_id;
    agent->state = OFFER_DIALS;
    agent->back.is_briefed = true;
    line_set_timer(l, agent, l->now_at + STORE_MS);
    if (agent->is_ordinary && !note(l, agent))
        return;
    agent = line_by_leg(l, leg_id);
    if (agent)
        dial_if_ready(l, agent);
}

/* A telephone of ours has been picked up by its agent: it is rung for no longer, and the words take
 * the time that they take. An ordinary one may be a machine's, and waits for the key. */
static void on_up(struct lines *l, struct line *agent)
{
    uint64_t leg_id = agent->leg_id;
    agent->state = OFFER_BRIEF;
    if (!agent->is_ordinary && !note(l, agent))
        return;
    agent = line_by_leg(l, leg_id);
    if (agent)
        brief(l, agent);
}

/* The agent's telephone is over. Before the dial nothing was tried; afterwards it was. */
static void on_over(struct lines *l, struct line *agent, const struct phone_report *r)
{
    uint64_t offer_id = agent->offer_id;
    uint32_t agent_id = agent->agent_id;
    bool is_before =
        agent->state == OFFER_CALLED || (agent->state == OFFER_BRIEF && agent->is_ordinary);
    bool was_asked = agent->state == OFFER_ASKS;
    bool is_busy =
        r->kind == PHONE_REFUSED && (r->status == 486 || r->status == 600 || r->status == 603);
    const struct command decline = {
        .kind = CMD_OFFER_DECLINE,
        .offer_decline = {.offer_id = offer_id,
                          .why = is_busy ? OFFER_END_DECLINED : OFFER_END_FAILED}};
    const struct command result =
        line_back_result(offer_id, was_asked ? CALLBACK_RESULT_NOBODY : CALLBACK_RESULT_FAULT);
    const struct command lost = {.kind = CMD_AGENT_LOST, .agent_lost = {.agent_id = agent_id}};
    if (r->kind == PHONE_LOST)
        line_hang_up(l, agent);
    else
        line_drop(l, agent);
    line_command(l, is_before ? &decline : &result);
    if (r->kind == PHONE_LOST)
        line_command(l, &lost);
}

bool line_back_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    if (!line->back.is_back || line->state == OFFER_TALKING || line->state == OFFER_WRAP_UP)
        return false;
    switch (r->kind) {
    case PHONE_UP:
        on_up(l, line);
        return true;
    case PHONE_REFUSED:
    case PHONE_ENDED:
    case PHONE_LOST:
        on_over(l, line, r);
        return true;
    case PHONE_KEY:
        if (line->state == OFFER_BRIEF && r->key == KEY_SPOKEN)
            briefed(l, line);
        else
            line_back_key(l, line, r->key);
        return true;
    case PHONE_HEARD:
        line->back.is_heard = true;
        return true;
    case PHONE_PLAYED:
        if (line->state == OFFER_BRIEF && r->list.number == line->list && !line->is_ordinary)
            briefed(l, line);
        else if (line->state == OFFER_BRIEF && r->list.number == line->list)
            line_set_timer(l, line, l->now_at + AGAIN_MS);
        return true;
    default:
        return true;
    }
}

void line_back_timer(struct lines *l, struct line *line)
{
    if (line->state == OFFER_BRIEF && line->is_ordinary)
        brief(l, line);
    else if (line->state == OFFER_BRIEF)
        briefed(l, line);
    else if (line->state == OFFER_DIALS)
        line_back_finish(l, line, CALLBACK_RESULT_FAULT); /* the disk does not have it */
    else if (line->state == OFFER_ASKS)
        line_back_finish(l, line, CALLBACK_RESULT_NOBODY);
}

void line_back_over(struct lines *l, struct line *line)
{
    struct line *far =
        line->kind == LINE_OFFER && line->back.is_back ? line_back_far_of(l, line) : NULL;
    const struct wish *wish =
        line->back.is_asked_gate ? wishes_find(&l->wishes, line->back.wish_id) : NULL;
    if (wish) {
        const struct gate_call asked = gate_call_of(l, wish, GATE_CALLBACK);
        line->back.is_asked_gate = false;
        line_gate_back(l, &asked);
    }
    if (!far)
        return;
    line->peer_id = 0;
    line_hang_up(l, far);
}
