/* lines_pending.c — in some lives somebody changes what was promised, at any moment: later, another
 * number, taken back, never again. Part of lines.c, which judges the lives; here:
 *   never        no machine dials a number from when it is listed until it is taken off
 * and in those where people are called back, agents agree with them on a half hour:
 *   one_promise  one number has one such half hour at a time
 *   counts       a conversation in which one was agreed on counts, however it ended */
#include <stdio.h>

#include "acd/look.h"
#include "test/prop/lines_life.h"

#define CALLER UINT64_C(33612345678) /* who calls in these lives */
#define CALLER_DIALLED "33612345678"
#define OTHERS UINT64_C(33536491200)
#define HOUR 3600000

static void hash(void *arg, uint8_t to[NEVER_HASH_BYTES], uint64_t e164)
{
    (void)arg;
    memset(to, 0, NEVER_HASH_BYTES);
    memcpy(to, &e164, sizeof(e164));
}

static const struct never_port port = {.hash = hash, .mark = 1};

const struct never_port *life_never_port(const struct life *l)
{
    return l->is_changed || l->is_opened ? &port : NULL;
}

/* What the store would have. */
void life_never_restore(struct life *l)
{
    uint8_t row[NEVER_HASH_BYTES];
    hash(NULL, row, CALLER);
    if (l->r->never && l->is_listed)
        never_restore(l->r->never, row);
}

static bool some_promise(struct life *l, struct acd_look_callback *look)
{
    uint32_t n = acd_look_calls_n(l->r->acd), from = n ? (uint32_t)prng_below(&l->changes, n) : 0;
    for (uint32_t i = 0; i < n; i++)
        if (acd_look_callback(l->r->acd, (from + i) % n, look))
            return true;
    return false;
}

static void list(struct life *l)
{
    enum gate_verdict why;
    bool is_added = !l->is_listed;
    if (lines_never(l->r->lines, CALLER, is_added, &why) != ACD_DONE)
        return;
    l->is_listed = is_added;
    l->listed_from = l->r->board.n;
}

static void change(struct life *l, struct life_met *met)
{
    struct acd_look_callback look;
    enum gate_verdict why;
    if (!some_promise(l, &look))
        return;
    ms_t later_at = l->r->now_at + 1 + (ms_t)prng_below(&l->changes, HOUR);
    switch (prng_below(&l->changes, 3)) {
    case 0:
        reception_do(l->r, (struct command){.kind = CMD_CALLBACK_CANCEL,
                                            .callback_cancel = {.contact_id = look.contact_id}});
        break;
    case 1:
        reception_do(l->r, (struct command){.kind = CMD_CALLBACK_MOVE,
                                            .callback_move = {.contact_id = look.contact_id,
                                                              .not_before_at = later_at}});
        break;
    default:
        lines_renumber(l->r->lines, look.contact_id, OTHERS + prng_below(&l->changes, 3), &why);
    }
    met->changed_n++;
}

static void check_never(const struct life *l)
{
    const struct board *b = &l->r->board;
    for (size_t i = l->listed_from; l->is_listed && i < b->n; i++)
        if (b->legs[i].is_ours && !b->legs[i].aor && !strcmp(b->legs[i].number, CALLER_DIALLED))
            life_fail("never: a machine dials who asked never to be called again");
}

/* ---- agreed on with an agent --------------------------------------------------------------- */

/* Neither given back, nor come, among the events behind that one. */
static bool stands(const struct notebook *b, size_t sold)
{
    const struct event *ev = &b->events[sold];
    for (size_t i = sold + 1; i < b->n; i++) {
        const struct event *after = &b->events[i];
        bool is_back = after->kind == EV_SLOT_CANCELLED &&
                       after->slot_cancelled.contact_id == ev->slot_sold.contact_id;
        bool has_come = after->kind == EV_CONTACT_OPENED &&
                        after->contact_opened.kind == CONTACT_KIND_CALLBACK &&
                        after->contact_opened.reference == ev->slot_sold.reference;
        if (is_back || has_come)
            return false;
    }
    return true;
}

/* A death leaves no rows here: what was agreed on before it is not looked at. */
static void check_one_promise(const struct life *l)
{
    const struct notebook *b = &l->r->book;
    unsigned n = 0;
    for (size_t i = l->agreed_from; i < b->n; i++)
        n += b->events[i].kind == EV_SLOT_SOLD && b->events[i].slot_sold.agent_id && stands(b, i);
    if (n > 1)
        life_fail("one_promise: one number is to be called at two agreed times");
}

/* The conversation in which it was sold, if it was not over then. */
static void check_counts_one(const struct notebook *b, size_t sold)
{
    uint64_t contact_id = b->events[sold].slot_sold.contact_id, offer_id = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct event *ev = &b->events[i];
        if (i < sold && ev->kind == EV_OFFER_JOINED && ev->offer_joined.contact_id == contact_id)
            offer_id = ev->offer_joined.offer_id;
        if (ev->kind != EV_OFFER_ENDED || ev->offer_ended.offer_id != offer_id)
            continue;
        if (i > sold && !ev->offer_ended.counts)
            life_fail("counts: a half hour was agreed on in a conversation that does not count");
        if (i < sold)
            offer_id = 0; /* in the wrap-up */
    }
}

void life_check_agreed(const struct life *l)
{
    const struct notebook *b = &l->r->book;
    for (size_t i = 0; i < b->n; i++)
        if (b->events[i].kind == EV_SLOT_SOLD && b->events[i].slot_sold.agent_id)
            check_counts_one(b, i);
}

static struct order_talk asks(struct life *l, const struct acd_look_agent *agent)
{
    struct acd_look_contact contact = {.reference = 1};
    enum zone zone = l->r->directory->organisation.zone;
    calendar_day day = calendar_local(zone, l->r->now_at + l->r->wall_ms).day;
    unsigned half = 8 * 60 + 30 * (unsigned)prng_below(&l->agrees, 20);
    (void)acd_look_contact_of(l->r->acd, agent->talk_contact_id, &contact);
    return (struct order_talk){
        .deed = prng_chance(&l->agrees, 250000) ? ORDER_TALK_UNSLOT : ORDER_TALK_SLOT,
        .agent_id = agent->id,
        .contact_id = agent->talk_contact_id,
        .slot = {.from_at =
                     calendar_instant(zone, day + (calendar_day)prng_below(&l->agrees, 3), half),
                 .e164 = CALLER,
                 .person_id = contact.person_id,
                 .reference = contact.reference}};
}

static void agree(struct life *l, struct life_met *met)
{
    struct acd_look_agent agent;
    enum gate_verdict why;
    uint32_t i = (uint32_t)prng_below(&l->agrees, PREMISES_AGENTS);
    if (!acd_look_agent(l->r->acd, i, &agent) || !agent.talk_contact_id)
        return;
    const struct order_talk talk = asks(l, &agent);
    met->agreed_n += lines_talk(l->r->lines, &talk, &why) == ORDER_TALKED;
}

void life_change(struct life *l, struct life_met *met)
{
    if (l->calls_back && prng_chance(&l->agrees, 150000)) {
        agree(l, met);
        turn(l->r);
        check_one_promise(l);
    }
    if (!l->is_changed)
        return;
    if (prng_chance(&l->changes, 20000))
        change(l, met);
    if (prng_chance(&l->changes, 2000))
        list(l);
    turn(l->r);
    check_never(l);
}
