/* step_call.c — calls: arriving, asking for a person, ending; and the class of each (design §3.5).
 * Called by acd_step() and by due work. Cost: O(log waiting).
 * Invariant: exactly one class per call; the order of the rules is that of classify(). */
#include "acd/lane.h"
#include "acd/lists.h"
#include "acd/match.h"
#include "acd/step.h"
#include "acd/wait.h"

static const struct {
    enum contact_kind kind;
    enum medium medium;
} of_channel[CHANNEL_N] = {
    [CHANNEL_PHONE] = {CONTACT_KIND_LINE, MEDIUM_VOICE},
    [CHANNEL_CALLBACK] = {CONTACT_KIND_CALLBACK, MEDIUM_VOICE},
    [CHANNEL_TEXT] = {CONTACT_KIND_WRITTEN, MEDIUM_TEXT},
    [CHANNEL_SMS] = {CONTACT_KIND_WRITTEN, MEDIUM_TEXT},
    [CHANNEL_WEB] = {CONTACT_KIND_WRITTEN, MEDIUM_TEXT},
    [CHANNEL_DESK] = {CONTACT_KIND_DESK, MEDIUM_DESK},
    [CHANNEL_LETTER] = {CONTACT_KIND_WRITTEN, MEDIUM_LETTER},
    [CHANNEL_APPOINTMENT] = {CONTACT_KIND_DESK, MEDIUM_DESK},
};

bool step_has_room(const struct acd *a, uint16_t node)
{
    return a->k.contacts_live_n < a->limits.contacts_max && acd_node_find(a, node) < ACD_NODES_MAX;
}

enum acd_verdict step_call_arrived(struct step *s, const struct command *cmd)
{
    enum channel channel = cmd->call_arrived.channel;
    if ((unsigned)channel >= CHANNEL_N)
        return ACD_REFUSED_RANGE;
    if (!step_has_room(s->a, cmd->call_arrived.leg_node))
        return ACD_REFUSED_FULL;
    uint64_t contact_id =
        step_say(s, (struct event){.kind = EV_CONTACT_OPENED,
                                   .contact_opened = {.kind = of_channel[channel].kind,
                                                      .medium = of_channel[channel].medium,
                                                      .person_id = cmd->call_arrived.person_id,
                                                      .place_at = s->now_at,
                                                      .reference = cmd->call_arrived.reference}});
    step_say(s, (struct event){.kind = EV_CALL_ARRIVED,
                               .call_arrived = {.contact_id = contact_id,
                                                .leg_node = cmd->call_arrived.leg_node,
                                                .leg_id = cmd->call_arrived.leg_id,
                                                .channel = channel,
                                                .entry_id = cmd->call_arrived.entry_id,
                                                .is_test = cmd->call_arrived.is_test}});
    return ACD_DONE;
}

uint32_t step_call_find(const struct acd *a, uint64_t call_id)
{
    uint32_t i = contact_find(a, call_id);
    bool is_call = i != SLOT_NONE && a->contacts[i].call_id == call_id;
    return is_call && a->contacts[i].flags & CONTACT_ON_LINE ? i : SLOT_NONE;
}

static void refuse(struct step *s, const struct contact *c, uint32_t queue_id, enum refusal why)
{
    step_say(s, (struct event){.kind = EV_CALL_REFUSED,
                               .call_refused = {.call_id = c->call_id,
                                                .contact_id = c->id,
                                                .queue_id = queue_id,
                                                .why = why}});
}

unsigned step_refusal_of(const struct acd *a, uint32_t queue)
{
    if (queue == SLOT_NONE)
        return REFUSAL_UNKNOWN_QUEUE;
    if (a->queues[queue].hours == HOURS_CLOSED_PUBLISHED)
        return REFUSAL_CLOSED_PUBLISHED;
    if (a->queues[queue].hours == HOURS_CLOSED_BY_PERSON)
        return REFUSAL_CLOSED_BY_PERSON;
    return lane_has_room(a, 3) ? REFUSAL_N : REFUSAL_FULL;
}

/* Rings for which the person has a site, an area, an advisor; thresholds count from now. The first
 * is the narrowest in which somebody eligible is signed in. */
static void set_rings(const struct step *s, const struct contact *like, struct event *ev)
{
    const struct queue *q = &s->a->queues[like->queue];
    ms_t at[CONTACT_RINGS] = {0};
    unsigned first = RING_NETWORK;
    for (unsigned r = RING_NETWORK; r-- > 0;) {
        struct lane_key key = lane_key_of(like, r);
        if (key.scope_id && lane_eligible(s->a, &key))
            first = r;
    }
    for (unsigned r = RING_SITE; r < CONTACT_RINGS; r++) {
        bool exists = r == RING_NETWORK || lane_key_of(like, r).scope_id;
        at[r] = exists && r > first ? s->now_at + q->ring_ms[r] : MS_NEVER;
    }
    ev->contact_queued.ring = (enum ring)first;
    ev->contact_queued.ring_site_at = at[RING_SITE];
    ev->contact_queued.ring_area_at = at[RING_AREA];
    ev->contact_queued.ring_network_at = at[RING_NETWORK];
}

void step_say_queued(struct step *s, uint32_t contact, uint32_t queue, const struct command *cmd)
{
    const struct contact *c = &s->a->contacts[contact];
    unsigned priority = cmd->call_queue.priority;
    struct contact like = {.queue = queue,
                           .needs = cmd->call_queue.needs,
                           .needs_s = cmd->call_queue.needs_ms ? 1 : 0,
                           .site_id = cmd->call_queue.site_id,
                           .area_id = cmd->call_queue.area_id,
                           .portfolio_id = cmd->call_queue.portfolio_id,
                           .medium = c->medium};
    bool speaks = c->kind == CONTACT_KIND_LINE;
    struct lane_key all = lane_key_of(&like, RING_NETWORK);
    if (!like.needs || (like.needs_s && !lane_eligible(s->a, &all)))
        like.needs = like.needs_s = 0; /* nobody here has them: anyone may answer, at once */
    struct event ev = {
        .kind = EV_CONTACT_QUEUED,
        .contact_queued = {.contact_id = c->id,
                           .call_id = c->call_id,
                           .queue_id = s->a->queues[queue].id,
                           .needs = like.needs,
                           .priority = (uint8_t)priority,
                           .site_id = like.site_id,
                           .area_id = like.area_id,
                           .portfolio_id = like.portfolio_id,
                           .key_at = c->place_at - s->a->k.head_start_ms[priority],
                           .tell_at = speaks ? s->now_at + ACD_TELL_FIRST_MS : MS_NEVER,
                           .needs_until_at =
                               like.needs_s ? s->now_at + cmd->call_queue.needs_ms : 0}};
    set_rings(s, &like, &ev);
    step_say(s, ev);
}

/* Among the waiting; offered at once, or told where. */
static void enter_queue(struct step *s, uint32_t contact, uint32_t queue, const struct command *cmd)
{
    struct acd *a = s->a;
    step_say_queued(s, contact, queue, cmd);
    step_help(s, contact);
    if (match_contact(a, contact).agent != SLOT_NONE) {
        step_tell(s, contact, TOLD_DIRECT);
        step_offer_contact(s, contact);
        return;
    }
    const struct queue *q = &a->queues[queue];
    const struct contact *c = &a->contacts[contact];
    bool closing = q->closes_at && !q->lead_at && q->closes_at > s->now_at &&
                   wait_served_until(a, q, s->now_at, q->closes_at) <= wait_before(a, c);
    step_tell(s, contact, closing ? TOLD_CLOSING_CANNOT : TOLD_ENTRY);
}

enum acd_verdict step_enter_queue(struct step *s, uint32_t contact, const struct command *cmd)
{
    uint32_t queue = queue_find(s->a, cmd->call_queue.queue_id);
    unsigned why = step_refusal_of(s->a, queue);
    if (why < REFUSAL_N) {
        refuse(s, &s->a->contacts[contact], cmd->call_queue.queue_id, (enum refusal)why);
        return why == REFUSAL_FULL ? ACD_REFUSED_FULL : ACD_REFUSED_CLOSED;
    }
    enter_queue(s, contact, queue, cmd);
    return ACD_DONE;
}

enum acd_verdict step_call_queue(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = step_call_find(a, cmd->call_queue.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (cmd->call_queue.priority >= ACD_PRIORITIES || !step_is_duration(cmd->call_queue.needs_ms))
        return ACD_REFUSED_RANGE;
    if (a->contacts[i].state != CONTACT_OPEN)
        return ACD_REFUSED_STATE;
    return step_enter_queue(s, i, cmd);
}

/* A queue that is being told of its closing goes by places: an old one would be passed over. */
static enum acd_verdict judge_move(const struct acd *a, const struct contact *c, uint32_t queue)
{
    unsigned why = step_refusal_of(a, queue);
    bool is_dialled = c->flags & CONTACT_DIALLED;
    if (c->state != CONTACT_JOINED || c->medium != MEDIUM_VOICE || queue == c->queue || is_dialled)
        return ACD_REFUSED_STATE;
    if (why == REFUSAL_UNKNOWN_QUEUE)
        return ACD_REFUSED_UNKNOWN;
    if (why == REFUSAL_FULL)
        return ACD_REFUSED_FULL;
    if (why < REFUSAL_N)
        return ACD_REFUSED_CLOSED;
    return a->queues[queue].sweep ? ACD_REFUSED_STATE : ACD_DONE;
}

/* The conversation ends, and the person stands in the other queue as if they had asked for it when
 * they came. A queue that is closed leaves them where they are. */
enum acd_verdict step_offer_move(struct step *s, const struct command *cmd)
{
    struct acd *a = s->a;
    uint32_t i = step_offer_find(a, cmd->offer_move.offer_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (!step_is_duration(cmd->offer_move.needs_ms))
        return ACD_REFUSED_RANGE;
    const struct contact *c = &a->contacts[i];
    uint32_t queue = queue_find(a, cmd->offer_move.queue_id), agent = c->agent;
    enum acd_verdict verdict = judge_move(a, c, queue);
    if (verdict != ACD_DONE)
        return verdict;
    const struct command like = {.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = c->call_id,
                                                .queue_id = cmd->offer_move.queue_id,
                                                .needs = cmd->offer_move.needs,
                                                .needs_ms = cmd->offer_move.needs_ms,
                                                .priority = c->priority,
                                                .site_id = c->site_id,
                                                .area_id = c->area_id}};
    uint32_t from_id = a->queues[c->queue].id;
    step_end_offer(s, i, OFFER_END_PASSED);
    step_say(
        s, (struct event){
               .kind = EV_CONTACT_MOVED,
               .contact_moved = {.contact_id = c->id, .call_id = c->call_id, .queue_id = from_id}});
    step_release_agent(s, agent);
    enter_queue(s, i, queue, &like);
    return ACD_DONE;
}

enum acd_verdict step_call_refuse(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_refuse.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (s->a->contacts[i].state != CONTACT_OPEN)
        return ACD_REFUSED_STATE;
    if ((unsigned)cmd->call_refuse.why >= REFUSAL_N)
        return ACD_REFUSED_RANGE;
    refuse(s, &s->a->contacts[i], 0, cmd->call_refuse.why);
    return ACD_DONE;
}

enum acd_verdict step_call_informed(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_informed.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_OPEN && c->state != CONTACT_AFTER)
        return ACD_REFUSED_STATE;
    if (c->flags & CONTACT_INFORMED)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_CALL_INFORMED,
                               .call_informed = {.call_id = c->call_id, .contact_id = c->id}});
    return ACD_DONE;
}

/* Before anything could have been recorded: the flow asks before the queue. */
enum acd_verdict step_call_refuse_recording(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_refuse_recording.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_OPEN && c->state != CONTACT_AFTER)
        return ACD_REFUSED_STATE;
    step_say(s, (struct event){.kind = EV_RECORDING_REFUSED,
                               .recording_refused = {.contact_id = c->id, .call_id = c->call_id}});
    return ACD_DONE;
}

/* Noted for who will answer; nothing is decided by it. */
enum acd_verdict step_call_leave_menu(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_leave_menu.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_OPEN)
        return ACD_REFUSED_STATE;
    if ((unsigned)cmd->call_leave_menu.how >= MENU_LEFT_HOW_N ||
        cmd->call_leave_menu.steps_n > ARRAY_LEN(cmd->call_leave_menu.steps))
        return ACD_REFUSED_RANGE;
    struct event ev = {.kind = EV_MENU_LEFT,
                       .menu_left = {.contact_id = c->id,
                                     .call_id = c->call_id,
                                     .flow_id = cmd->call_leave_menu.flow_id,
                                     .steps_n = cmd->call_leave_menu.steps_n,
                                     .how = cmd->call_leave_menu.how}};
    for (unsigned n = 0; n < ev.menu_left.steps_n; n++)
        ev.menu_left.steps[n] = cmd->call_leave_menu.steps[n];
    step_say(s, ev);
    return ACD_DONE;
}

/* Only who speaks is listened to; that it is over is said as long as the call stands. */
enum acd_verdict step_call_listen(struct step *s, const struct command *cmd)
{
    enum listening mode = cmd->call_listen.mode;
    uint32_t i = step_call_find(s->a, cmd->call_listen.call_id);
    if (i == SLOT_NONE || agent_find(s->a, cmd->call_listen.listener_id) == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)mode >= LISTENING_N)
        return ACD_REFUSED_RANGE;
    const struct contact *c = &s->a->contacts[i];
    bool was_never = c->state == CONTACT_OPEN; /* in the menu: nobody has spoken to them yet */
    if (was_never || (mode != LISTENING_NONE && c->state != CONTACT_JOINED))
        return ACD_REFUSED_STATE;
    step_say(s, (struct event){.kind = EV_CALL_LISTENED,
                               .call_listened = {.contact_id = c->id,
                                                 .call_id = c->call_id,
                                                 .listener_id = cmd->call_listen.listener_id,
                                                 .mode = mode,
                                                 .by_alert = cmd->call_listen.by_alert}});
    return ACD_DONE;
}

enum acd_verdict step_call_alert(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_alert.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_JOINED)
        return ACD_REFUSED_STATE;
    step_say(s, (struct event){.kind = EV_CALL_ALERTED,
                               .call_alerted = {.contact_id = c->id,
                                                .call_id = c->call_id,
                                                .agent_id = s->a->agents[c->agent].id}});
    return ACD_DONE;
}

enum acd_verdict step_call_ask_place(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_ask_place.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if (s->a->contacts[i].state != CONTACT_WAITING)
        return ACD_REFUSED_STATE;
    step_tell(s, i, TOLD_ASKED);
    return ACD_DONE;
}

enum acd_verdict step_call_ask_reference(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_ask_reference.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    const struct contact *c = &s->a->contacts[i];
    if (c->state != CONTACT_WAITING && c->state != CONTACT_OPEN)
        return ACD_REFUSED_STATE;
    step_say(s, (struct event){.kind = EV_REFERENCE_TOLD,
                               .reference_told = {.contact_id = c->id,
                                                  .call_id = c->call_id,
                                                  .reference = c->reference}});
    return ACD_DONE;
}

/* The class of a call that has just ended: the first rule that applies (design §3.5). OUTCOME_NONE:
 * not known before closing. */
static enum outcome classify(const struct contact *c, bool was_short)
{
    bool ours = c->flags & (CONTACT_BY_FAULT | CONTACT_BY_SYSTEM);
    bool asked = c->flags & CONTACT_ASKED;
    if (c->flags & CONTACT_IS_TEST)
        return OUTCOME_TEST;
    if (c->flags & CONTACT_CLOSED)
        return OUTCOME_OUT_OF_HOURS;
    if (c->flags & CONTACT_ANSWERED)
        return OUTCOME_ANSWERED;
    if (c->flags & (CONTACT_CUT_SHORT | CONTACT_DIALLED))
        return OUTCOME_NONE; /* our side hung up within 10 s, or has promised: we call back */
    bool unserved = asked && !(c->flags & CONTACT_SERVED);
    if (c->flags & CONTACT_REFUSED || unserved)
        return OUTCOME_TURNED_AWAY;
    if (c->flags & (CONTACT_CONFIRMED | CONTACT_SENT_AWAY | CONTACT_BY_FAULT))
        return OUTCOME_CUT_OFF;
    if (ours && (asked || !(c->flags & CONTACT_INFORMED)))
        return OUTCOME_CUT_OFF;
    if (asked)
        return was_short ? OUTCOME_ABANDONED_SHORT : OUTCOME_ABANDONED;
    return c->flags & CONTACT_INFORMED ? OUTCOME_IVR_RESOLVED : OUTCOME_IVR_ABANDONED;
}

/* The window begins at the first drop: who is cut again and again does not keep a place for ever.
 */
static ms_t kept_until(const struct step *s, const struct contact *c)
{
    ms_t first_at = c->drop_first_at ? c->drop_first_at : s->now_at;
    return first_at + s->a->queues[c->queue].regain_ms;
}

/* Is the wish still open once this call is over, so that its place is kept for a while? */
static bool keeps_place(const struct step *s, const struct contact *c, enum outcome outcome)
{
    bool failed = outcome == OUTCOME_ABANDONED || outcome == OUTCOME_ABANDONED_SHORT ||
                  outcome == OUTCOME_TURNED_AWAY || outcome == OUTCOME_CUT_OFF;
    if (!failed || !c->person_id || !(c->flags & CONTACT_ASKED))
        return false;
    return contact_returns_n(c) < ACD_RETURNS_MAX && kept_until(s, c) > s->now_at;
}

static enum settled settled_by(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_ANSWERED:
    case OUTCOME_CALLBACK_HONOURED:
        return SETTLED_ANSWERED;
    case OUTCOME_TEST:
        return SETTLED_TEST;
    case OUTCOME_IVR_RESOLVED:
    case OUTCOME_IVR_ABANDONED:
        return SETTLED_NOTHING_ASKED;
    case OUTCOME_OUT_OF_HOURS:
    case OUTCOME_TURNED_AWAY:
        return SETTLED_REFUSED;
    default:
        return SETTLED_LAPSED;
    }
}

void step_settle(struct step *s, uint32_t contact, enum settled how)
{
    step_say(s, (struct event){
                    .kind = EV_CONTACT_SETTLED,
                    .contact_settled = {.contact_id = s->a->contacts[contact].id, .how = how}});
}

void step_say_outcome(struct step *s, uint32_t contact, enum outcome outcome)
{
    const struct acd *a = s->a;
    const struct contact *c = &a->contacts[contact];
    step_say(s, (struct event){
                    .kind = EV_CALL_OUTCOME,
                    .call_outcome = {.call_id = c->call_id,
                                     .contact_id = c->id,
                                     .outcome = outcome,
                                     .entry_id = c->entry_id,
                                     .queue_id = c->queue == SLOT_NONE ? 0 : a->queues[c->queue].id,
                                     .person_id = c->person_id,
                                     .arrived_at = c->arrived_at,
                                     .asked_at = c->asked_at,
                                     .wait_ms = c->wait_ms,
                                     .talk_ms = c->talk_ms,
                                     .channel = (enum channel)c->channel}});
}

void step_class_call(struct step *s, uint32_t contact, enum outcome outcome)
{
    const struct contact *c = &s->a->contacts[contact];
    uint64_t contact_id = c->id;
    bool was_pending = c->state == CONTACT_PENDING, is_dialled = c->flags & CONTACT_DIALLED;
    step_say_outcome(s, contact, outcome);
    if (is_dialled)
        return; /* the promise stands, whatever the day has made of the call */
    if (!was_pending && keeps_place(s, c, outcome)) {
        step_say(s, (struct event){.kind = EV_CONTACT_DROPPED,
                                   .contact_dropped = {.contact_id = contact_id,
                                                       .until_at = kept_until(s, c)}});
        return;
    }
    step_settle(s, contact, settled_by(outcome));
}

void step_end_call(struct step *s, uint32_t contact, enum ended_by by)
{
    struct acd *a = s->a;
    const struct contact *c = &a->contacts[contact];
    uint32_t agent = c->agent;
    bool joined = c->state == CONTACT_JOINED;
    if (c->state == CONTACT_OFFERED || joined) {
        bool ours = by != ENDED_BY_CALLER;
        step_end_offer(s, contact, ours && joined ? OFFER_END_FAILED : OFFER_END_CALLER_LEFT);
    }
    if (by == ENDED_BY_FAULT)
        step_promise_after_fault(s, contact);
    ms_t waits_ms = c->wait_since_at ? s->now_at - c->wait_since_at : 0;
    ms_t short_ms = c->queue == SLOT_NONE ? 0 : a->queues[c->queue].short_ms;
    bool was_short = c->asked_at && s->now_at - c->asked_at < short_ms;
    step_say(s, (struct event){.kind = EV_CALL_ENDED,
                               .call_ended = {.call_id = c->call_id,
                                              .contact_id = c->id,
                                              .by = by,
                                              .wait_ms = c->wait_ms + waits_ms}});
    enum outcome outcome = classify(c, was_short);
    if (outcome == OUTCOME_NONE)
        step_say(s, (struct event){.kind = EV_CALL_PENDING,
                                   .call_pending = {.call_id = c->call_id, .contact_id = c->id}});
    else
        step_class_call(s, contact, outcome);
    if (joined)
        step_release_agent(s, agent);
    else if (agent != SLOT_NONE)
        step_offer_agent(s, agent);
}

enum acd_verdict step_call_ended(struct step *s, const struct command *cmd)
{
    uint32_t i = step_call_find(s->a, cmd->call_ended.call_id);
    if (i == SLOT_NONE)
        return ACD_REFUSED_UNKNOWN;
    if ((unsigned)cmd->call_ended.by >= ENDED_BY_N)
        return ACD_REFUSED_RANGE;
    step_end_call(s, i, cmd->call_ended.by);
    return ACD_DONE;
}
