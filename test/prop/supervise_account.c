/* supervise_account.c — see supervise.c: what each event must be, from the events alone. */
#include <stddef.h>

#include "test/prop/supervise.h"

/* ---- the account: help ---------------------------------------------------------------------- */

static struct call *call_of(uint64_t contact_id)
{
    for (unsigned i = life.calls_n; i-- > 0;)
        if (life.calls[i].contact_id == contact_id)
            return &life.calls[i];
    return NULL;
}

static bool help_is_wanted(const struct call *c)
{
    return life.help_until[c->queue][0] || (c->site && life.help_until[c->queue][c->site]);
}

static void fold_queued(const struct event *ev)
{
    struct call *c = call_of(ev->contact_queued.contact_id);
    c->queue = ev->contact_queued.queue_id;
    c->site = ev->contact_queued.site_id;
    c->ring = c->own_ring = ev->contact_queued.ring;
    c->helped = 0;
    c->ring_at[RING_SITE] = ev->contact_queued.ring_site_at;
    c->ring_at[RING_AREA] = ev->contact_queued.ring_area_at;
    c->ring_at[RING_NETWORK] = ev->contact_queued.ring_network_at;
    c->waits = true;
    if (life.is_shut[c->queue] || life.hours[c->queue] != HOURS_OPEN)
        fail("shut: somebody came to a queue that is closed");
}

static void fold_ring(const struct event *ev)
{
    struct call *c = call_of(ev->ring_opened.contact_id);
    c->ring = ev->ring_opened.ring;
    if (ev->ring_opened.why != RING_WHY_HELP) {
        c->own_ring = c->ring;
        return;
    }
    if (!help_is_wanted(c))
        fail("help: a ring opened for it, and nobody asks");
    if (c->helped)
        fail("help: it has opened two rings for one who waits");
    c->helped = c->ring;
    met.helped_n++;
}

/* The narrowest ring that has both. */
static unsigned ring_of(const struct call *c, uint32_t agent)
{
    uint32_t site = staff[agent - 1].site;
    if (c->site && c->site == site)
        return RING_SITE;
    return c->site && area_of[c->site] == area_of[site] ? RING_AREA : RING_NETWORK;
}

static void fold_offer(const struct event *ev)
{
    struct call *c = call_of(ev->offer_made.contact_id);
    uint32_t agent = ev->offer_made.agent_id;
    unsigned ring = ring_of(c, agent);
    bool is_own = ring <= c->own_ring || c->ring_at[ring] <= ev->at;
    if (!(life.serves[agent] & 1u << c->queue))
        fail("move: offered to an agent who does not serve this queue now");
    if (ring > c->ring)
        fail("help: offered beyond the rings that are open");
    if ((ev->offer_made.rule == RULE_HELP) == is_own)
        fail("help: the rule of an offer is not why it was made");
    c->waits = false;
    life.offered[agent] = ev->id;
    met.offers_n += ev->offer_made.rule == RULE_HELP;
}

static void fold_help_ended(const struct event *ev)
{
    ms_t *until_at = &life.help_until[ev->help_ended.queue_id][ev->help_ended.site_id];
    if (!*until_at || (ev->help_ended.by_itself && ev->at != *until_at))
        fail("help_end: help ended by itself at another instant than was said");
    *until_at = 0;
}

/* ---- the account: closed by hand ------------------------------------------------------------ */

static void fold_shut(const struct event *ev)
{
    uint32_t q = ev->queue_shut.queue_id;
    bool closes = !life.is_shut[q] && life.hours[q] == HOURS_OPEN;
    life.is_shut[q] = true;
    life.shut_until[q] = ev->queue_shut.until_at;
    for (unsigned i = 0; closes && i < life.calls_n; i++)
        if (life.calls[i].queue == q)
            life.calls[i].must_be_told = life.calls[i].waits && !life.calls[i].is_told;
    met.shut_n++;
}

static void fold_reopened(const struct event *ev)
{
    uint32_t q = ev->queue_reopened.queue_id;
    if (!life.is_shut[q] || (ev->queue_reopened.by_itself && ev->at != life.shut_until[q]))
        fail("help_end: a queue opened by itself at another instant than was said");
    life.is_shut[q] = false;
    life.shut_until[q] = 0;
}

static void fold_refused(const struct event *ev)
{
    struct call *c = call_of(ev->call_refused.contact_id);
    uint32_t q = ev->call_refused.queue_id;
    bool is_published = life.hours[q] == HOURS_CLOSED_PUBLISHED;
    enum refusal why = is_published ? REFUSAL_CLOSED_PUBLISHED : REFUSAL_CLOSED_BY_PERSON;
    if (ev->call_refused.why == REFUSAL_FULL)
        return;
    if (ev->call_refused.why != why || (!is_published && !life.is_shut[q]))
        fail("shut: refused for a reason that is none");
    c->was_refused = !is_published;
}

static void fold_told(const struct event *ev)
{
    struct call *c = call_of(ev->contact_told.contact_id);
    bool closing =
        ev->contact_told.what == TOLD_CLOSING_KEPT || ev->contact_told.what == TOLD_CLOSING_CANNOT;
    c->is_told |= closing;
    c->must_be_told &= !closing;
    met.told_n += closing && life.is_shut[c->queue];
}

static void fold_call_ended(const struct event *ev)
{
    struct call *c = call_of(ev->call_ended.contact_id);
    bool is_let_go = ev->call_ended.by == ENDED_BY_SYSTEM && c->waits;
    if (is_let_go && life.hours[c->queue] == HOURS_OPEN)
        fail("shut: somebody who waits was let go within the published hours");
    c->waits = false;
}

static void fold_outcome(const struct event *ev)
{
    struct call *c = call_of(ev->call_outcome.contact_id);
    if (c->was_refused && ev->call_outcome.outcome != OUTCOME_TURNED_AWAY)
        fail("shut: what a person refused is not counted as turned away");
    c->was_refused = false;
    c->is_open = false;
}

/* ---- the account: moves and conclusions -------------------------------------------------------
 */

static void fold_moved(const struct event *ev)
{
    uint32_t agent = ev->agent_moved.agent_id;
    life.serves[agent] = 0;
    for (unsigned i = 0; i < ev->agent_moved.queue_ids_n; i++)
        life.serves[agent] |= 1u << ev->agent_moved.queue_ids[i];
    life.moved_until[agent] = ev->agent_moved.until_at;
    met.moved_n++;
}

static void fold_back(const struct event *ev)
{
    uint32_t agent = ev->agent_moved_back.agent_id;
    bool by_itself = ev->agent_moved_back.by_itself;
    if (!life.moved_until[agent] || (by_itself && ev->at != life.moved_until[agent]))
        fail("help_end: a move ended by itself at another instant than was said");
    life.serves[agent] = DIRECTORY(agent);
    life.moved_until[agent] = 0;
    met.back_n += by_itself;
}

static void fold_concluded(const struct event *ev)
{
    uint32_t agent = ev->conversation_concluded.agent_id;
    if (!life.talk[agent] || life.talk[agent] != ev->conversation_concluded.offer_id)
        fail("conclusion: of a conversation that the agent has not, or not any more");
    if (ev->conversation_concluded.was != life.said[agent])
        fail("conclusion: another one was said before than it says");
    met.changed_n += life.said[agent] != CONCLUSION_NONE;
    life.said[agent] = ev->conversation_concluded.conclusion;
    met.concluded_n++;
}

static void talk_is_over(uint32_t agent)
{
    life.talk[agent] = 0;
    life.said[agent] = CONCLUSION_NONE;
}

static void offer_is_over(uint64_t id)
{
    for (uint32_t i = 1; i <= AGENTS; i++)
        if (life.offered[i] == id)
            life.offered[i] = 0;
}

static void fold_agent(const struct event *ev)
{
    switch (ev->kind) {
    case EV_OFFER_ENDED:
        offer_is_over(ev->offer_ended.offer_id);
        break;
    case EV_OFFER_JOINED:
        life.talk[ev->offer_joined.agent_id] = ev->offer_joined.offer_id;
        break;
    case EV_AGENT_READY:
        talk_is_over(ev->agent_ready.agent_id);
        break;
    case EV_AGENT_PAUSED:
        talk_is_over(ev->agent_paused.agent_id);
        break;
    case EV_AGENT_SIGNED_OUT:
        talk_is_over(ev->agent_signed_out.agent_id);
        break;
    case EV_AGENT_MOVED:
        fold_moved(ev);
        break;
    case EV_AGENT_MOVED_BACK:
        fold_back(ev);
        break;
    case EV_CONVERSATION_CONCLUDED:
        fold_concluded(ev);
        break;
    default:
        break;
    }
}

static void fold_queue(const struct event *ev)
{
    switch (ev->kind) {
    case EV_QUEUE_HOURS:
        life.hours[ev->queue_hours.queue_id] = ev->queue_hours.hours;
        break;
    case EV_HELP_ASKED:
        life.help_until[ev->help_asked.queue_id][ev->help_asked.site_id] = ev->help_asked.until_at;
        break;
    case EV_HELP_ENDED:
        fold_help_ended(ev);
        break;
    case EV_QUEUE_SHUT:
        fold_shut(ev);
        break;
    case EV_QUEUE_REOPENED:
        fold_reopened(ev);
        break;
    default:
        fold_agent(ev);
    }
}

static void fold_arrived(const struct event *ev)
{
    if (life.calls_n == CALLS_MAX)
        fail("the test needs room for more calls");
    life.calls[life.calls_n++] = (struct call){
        .contact_id = ev->call_arrived.contact_id, .call_id = ev->id, .is_open = true};
}

void fold(const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        fold_arrived(ev);
        break;
    case EV_CONTACT_QUEUED:
        fold_queued(ev);
        break;
    case EV_RING_OPENED:
        fold_ring(ev);
        break;
    case EV_OFFER_MADE:
        fold_offer(ev);
        break;
    case EV_CONTACT_RETURNED:
        call_of(ev->contact_returned.contact_id)->waits = true;
        break;
    case EV_CALL_REFUSED:
        fold_refused(ev);
        break;
    case EV_CONTACT_TOLD:
        fold_told(ev);
        break;
    case EV_CALL_ENDED:
        fold_call_ended(ev);
        break;
    case EV_CALL_OUTCOME:
        fold_outcome(ev);
        break;
    default:
        fold_queue(ev);
    }
}

void look_at_all(void)
{
    for (unsigned i = 0; i < life.calls_n; i++) {
        const struct call *c = &life.calls[i];
        if (c->waits && help_is_wanted(c) && !c->helped && c->ring != RING_NETWORK)
            fail("help: somebody waits for whom it is asked, and no ring has opened");
        if (c->waits && c->must_be_told)
            fail("shut: somebody waits in a queue that closed, and was not told");
    }
}
