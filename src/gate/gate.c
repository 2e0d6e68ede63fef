/* gate.c — see gate.h: asks each cap that a call claims, then counts it in all of them, or in none.
 * Called by app/. Cost: ≤ CLAIMS_MAX look-ups, twice. Invariants: a refusal changes no count; what
 * is given back leaves the counts as if it had not been asked. */
#include "base/emergency.h"
#include "gate/state.h"

/* ---- asking ------------------------------------------------------------------------------- */

static enum gate_verdict judge_claim(struct gate *g, const struct claim *c, uint64_t cost)
{
    uint32_t slot = state_find(g, c);
    const struct gate_row none = {0}, *row = slot == SLOT_NONE ? &none : &g->slots[slot].row;
    if (c->opens && row->open_n >= c->open_max)
        return GATE_REFUSED_OPEN;
    if (row->calls_n >= c->calls_max)
        return c->calls_no;
    return row->cost + cost > c->cost_max ? c->cost_no : GATE_PASSES;
}

/* One who asks again is no alarm; a number that is asked for again and again is. */
static bool is_told(struct gate *g, const struct claim *c)
{
    uint32_t slot = state_find(g, c);
    bool is_of_one = c->scope == SCOPE_NUMBER || c->scope == SCOPE_WISH;
    if (!is_of_one || slot == SLOT_NONE)
        return true;
    struct slot *s = &g->slots[slot];
    if (s->knocks_n < GATE_KNOCKS_MAX)
        s->knocks_n++;
    return s->knocks_n == GATE_KNOCKS_MAX;
}

static void tell(struct gate *g, enum gate_verdict verdict)
{
    g->hits_n++;
    g->reached |= 1u << verdict;
}

static enum gate_verdict judge_claims(struct gate *g, const struct claims *claims)
{
    uint32_t missing_n = 0;
    for (unsigned i = 0; i < claims->n; i++) {
        const struct claim *c = &claims->of[i];
        enum gate_verdict verdict = judge_claim(g, c, claims->cost);
        if (verdict != GATE_PASSES && is_told(g, c))
            tell(g, verdict);
        if (verdict != GATE_PASSES)
            return verdict;
        missing_n += state_find(g, c) == SLOT_NONE;
    }
    if (missing_n <= state_room_n(g))
        return GATE_PASSES;
    tell(g, GATE_REFUSED_ROOM);
    return GATE_REFUSED_ROOM;
}

static void count(struct gate *g, const struct claims *claims)
{
    for (unsigned i = 0; i < claims->n; i++) {
        uint32_t slot = state_make(g, &claims->of[i]);
        struct gate_row *row = &g->slots[slot].row;
        row->calls_n++;
        row->cost += claims->cost;
        row->open_n = (uint16_t)(row->open_n + claims->of[i].opens);
        state_touch(g, slot);
    }
}

enum gate_verdict gate_ask(struct gate *g, const struct gate_call *call)
{
    struct claims claims;
    bool is_emergency = emergency_is(call->dialled);
    if (is_emergency && call->is_person)
        return GATE_PASSES; /* before every rule, and not counted */
    enum gate_verdict verdict = is_emergency ? GATE_REFUSED_EMERGENCY : rules_judge(g, call);
    if (verdict == GATE_PASSES) {
        state_roll(g, call->now.day);
        claims_of(&claims, g, call);
        verdict = judge_claims(g, &claims);
    }
    if (verdict == GATE_PASSES)
        count(g, &claims);
    else
        g->refused_n[verdict]++;
    return verdict;
}

/* ---- back, and over ----------------------------------------------------------------------- */

void gate_give_back(struct gate *g, const struct gate_call *call)
{
    struct claims claims;
    if (emergency_is(call->dialled))
        return;
    claims_of(&claims, g, call);
    for (unsigned i = 0; i < claims.n; i++) {
        const struct claim *c = &claims.of[i];
        uint32_t slot = state_find(g, c);
        if (slot == SLOT_NONE)
            continue;
        struct gate_row *row = &g->slots[slot].row;
        bool is_counted = call->now.day == g->day || c->scope == SCOPE_WISH;
        row->calls_n -= is_counted && row->calls_n;
        row->cost -= !is_counted ? 0 : row->cost < claims.cost ? row->cost : claims.cost;
        row->open_n = (uint16_t)(row->open_n - (c->opens && row->open_n));
        state_touch(g, slot);
    }
}

void gate_unnoted(struct gate *g, const struct gate_call *call)
{
    gate_give_back(g, call);
    g->refused_n[GATE_REFUSED_UNNOTED]++;
}

void gate_settle(struct gate *g, const struct gate_call *call)
{
    struct gate_call made = *call, dialled = *call;
    struct claims claims;
    made.kind = GATE_WISH;
    dialled.kind = GATE_CALLBACK;
    claims_of(&claims, g, &made);
    uint32_t slot = state_find(g, &claims.of[0]); /* the number's */
    if (slot != SLOT_NONE && g->slots[slot].row.open_n) {
        g->slots[slot].row.open_n--;
        state_touch(g, slot);
    }
    claims_of(&claims, g, &dialled);
    slot = state_find(g, &claims.of[0]); /* the wish's */
    if (slot == SLOT_NONE)
        return;
    g->slots[slot].row.calls_n = 0;
    g->slots[slot].row.cost = 0;
    state_touch(g, slot);
}

/* ---- looking ------------------------------------------------------------------------------ */

void gate_look(const struct gate *g, calendar_day today, struct gate_look *look)
{
    bool is_today = g->day == today;
    *look = (struct gate_look){.hits_n = g->hits_n,
                               .reached = is_today ? g->reached : 0,
                               .rows_n = g->rows_n,
                               .day = today,
                               .hours = gate_hours(g)};
    for (unsigned i = 0; i < GATE_VERDICTS; i++)
        look->refused_n[i] = g->refused_n[i];
    for (unsigned i = 0; i < GATE_PURSES; i++) {
        struct claim c;
        claims_purse(&c, &g->rules, (enum gate_purse)i);
        const struct gate_row *row = &g->slots[state_find(g, &c)].row;
        look->calls_n[i] = is_today ? row->calls_n : 0;
        look->costs[i] = is_today ? row->cost : 0;
        look->calls_max[i] = c.calls_max == UINT32_MAX ? 0 : c.calls_max;
        look->costs_max[i] = c.cost_max == UINT64_MAX ? 0 : c.cost_max;
    }
}
