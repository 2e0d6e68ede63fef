/* cast_back.c — somebody of the cast is called back: an agent reads the card, has them dialled, and
 * finds a machine, or a person. The gestures of whichever agent the heart keeps for it are played
 * here, so that the world's agents need not know the cast.
 * Called by cast.c. Cost: a walk over the visits.
 * Invariants: nothing is dialled before its attempt is on disk (the effect callback_dial says so),
 * nor a number that the gate has not let pass. */
#include "base/calendar.h"
#include "sim/cast_state.h"

#define READS_MS_MIN (4 * SECOND)
#define READS_MS_MAX (10 * SECOND)
#define RINGS_MS_MIN (6 * SECOND)
#define RINGS_MS_MAX (14 * SECOND)
#define MESSAGE_MS (20 * SECOND)
#define ASKS_WHO_MS (6 * SECOND)

static const struct visit_script *script_of(const struct cast *c, const struct visit *v)
{
    return &cast_visits[v - c->visits];
}

enum gate_verdict cast_gate(struct cast *c, const struct visit *v, enum gate_kind kind, ms_t now_at)
{
    enum cast_who who = script_of(c, v)->who;
    const char *typed = cast_given(who, v->given_n);
    struct gate_call call = {.kind = kind,
                             .is_demo = true, /* by the demonstration's own access */
                             .is_shared = cast_is_shared(who),
                             .dialled = text_of(typed),
                             .wish_id = kind == GATE_CALLBACK ? v->contact_id : 0,
                             .now = calendar_local(ZONE_EUROPE_PARIS, now_at)};
    enum gate_verdict verdict = gate_read(&call.e164, call.dialled);
    return verdict == GATE_PASSES ? gate_ask(c->gate, &call) : verdict;
}

static void reached(struct cast *c, struct visit *v, ms_t now_at)
{
    bool is_machine = v->attempts_n++ < script_of(c, v)->machines_n;
    if (is_machine)
        cast_plan(v, VISIT_MACHINE, DO_MACHINE, now_at + MESSAGE_MS);
    else
        cast_plan(v, VISIT_WHO, DO_CONFIRM, now_at + ASKS_WHO_MS);
}

static struct command advance(const struct visit *v)
{
    return (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {v->offer_id}};
}

/* The agent has read the card; the gate is asked before anything rings. */
static void dials(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    if (cast_gate(c, v, GATE_CALLBACK, now_at) == GATE_PASSES) {
        cast_plan(v, VISIT_ASKED, DO_NOTHING, 0);
        *cmd = advance(v);
        return;
    }
    cast_plan(v, VISIT_AWAITS, DO_NOTHING, 0);
    *cmd = (struct command){.kind = CMD_OFFER_DECLINE,
                            .offer_decline = {.offer_id = v->offer_id, .why = OFFER_END_WITHDRAWN}};
}

bool cast_back_due(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd)
{
    switch (v->deed) {
    case DO_ADVANCE:
        dials(c, v, now_at, cmd);
        return true;
    case DO_PICK_UP:
        *cmd = advance(v);
        reached(c, v, now_at);
        return true;
    case DO_MACHINE:
        *cmd = (struct command){
            .kind = CMD_CALLBACK_RESULT,
            .callback_result = {.offer_id = v->offer_id, .result = CALLBACK_RESULT_MACHINE}};
        v->offer_id = 0;
        cast_plan(v, VISIT_AWAITS, DO_NOTHING, 0);
        return true;
    default:
        assert(v->deed == DO_CONFIRM);
        *cmd = (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {v->offer_id}};
        cast_plan(v, VISIT_WHO, DO_NOTHING, 0);
        return true;
    }
}

static struct visit *awaits(struct cast *c, uint64_t contact_id)
{
    for (unsigned i = 0; i < CAST_VISITS_N; i++)
        if (c->visits[i].contact_id == contact_id && c->visits[i].state == VISIT_AWAITS)
            return &c->visits[i];
    return NULL;
}

static struct visit *offered(struct cast *c, uint64_t offer_id)
{
    for (unsigned i = 0; i < CAST_VISITS_N; i++)
        if (offer_id && c->visits[i].offer_id == offer_id && c->visits[i].is_back)
            return &c->visits[i];
    return NULL;
}

bool cast_back_effect(struct cast *c, const struct effect *e, ms_t now_at)
{
    struct visit *v;
    switch (e->kind) {
    case EFFECT_OFFER_RING:
        v = e->offer_ring.is_callback ? awaits(c, e->offer_ring.contact_id) : NULL;
        if (!v)
            return false;
        v->offer_id = e->offer_ring.offer_id;
        v->is_back = true;
        cast_plan(v, VISIT_READ, DO_ADVANCE,
                  now_at + prng_between(&c->chance, READS_MS_MIN, READS_MS_MAX));
        return true;
    case EFFECT_CALLBACK_DIAL:
        v = offered(c, e->callback_dial.offer_id);
        if (v)
            cast_plan(v, VISIT_RINGS, DO_PICK_UP,
                      now_at + prng_between(&c->chance, RINGS_MS_MIN, RINGS_MS_MAX));
        return v != NULL;
    case EFFECT_OFFER_JOIN:
        v = offered(c, e->offer_join.offer_id);
        if (v)
            cast_speaks(c, v, e->offer_join.offer_id, now_at);
        return v != NULL;
    case EFFECT_OFFER_STOP: /* by a fault, or taken back: called again later */
        v = offered(c, e->offer_stop.offer_id);
        if (v)
            cast_plan(v, VISIT_AWAITS, DO_NOTHING, 0);
        return v != NULL;
    default:
        return false;
    }
}
