/* claims.c — which caps a call must pass, as data: gate.c asks, counts and gives back by this list
 * alone. Called by gate.c. Cost: O(1). Invariant: the same call has the same claims, but for the
 * bounds, whatever was counted meanwhile; ordinary telephones claim purses alone, which are always
 * there: callers wait behind them. */
#include "gate/state.h"

#define KIND_SHIFT 56 /* an E.164 number has 50 bits */
#define CENTI_CENTS 10000u

static uint32_t cap_of(uint32_t v)
{
    return v ? v : UINT32_MAX;
}

static uint64_t euros_of(uint32_t v)
{
    return v ? (uint64_t)v * CENTI_CENTS : UINT64_MAX;
}

static struct claim *add(struct claims *to, enum gate_scope scope, uint64_t value)
{
    assert(to->n < CLAIMS_MAX);
    struct claim *c = &to->of[to->n++];
    *c = (struct claim){.scope = (uint8_t)scope,
                        .value = value,
                        .calls_max = UINT32_MAX,
                        .cost_max = UINT64_MAX,
                        .open_max = UINT32_MAX};
    return c;
}

void claims_purse(struct claim *to, const struct settings_gate *rules, enum gate_purse purse)
{
    const struct {
        uint32_t calls_max;
        uint64_t cost_max;
    } caps[GATE_PURSES] = {
        [GATE_PURSE_WISHES] = {cap_of(rules->wishes_day_max), UINT64_MAX},
        [GATE_PURSE_CALLBACKS] = {cap_of(rules->callbacks_day_max),
                                  euros_of(rules->callbacks_day_euros)},
        [GATE_PURSE_AGENTS] = {rules->day_max, euros_of(rules->agents_day_euros)},
        [GATE_PURSE_ORDINARY] = {cap_of(rules->ordinary_day_max),
                                 euros_of(rules->ordinary_day_euros)},
        [GATE_PURSE_SMS] = {cap_of(rules->sms_day_max), euros_of(rules->sms_day_euros)},
        [GATE_PURSE_ALL] = {cap_of(rules->all_day_max), euros_of(rules->all_day_euros)},
    };
    bool is_all = purse == GATE_PURSE_ALL;
    *to = (struct claim){.scope = SCOPE_PURSE,
                         .value = purse,
                         .calls_max = caps[purse].calls_max,
                         .cost_max = caps[purse].cost_max,
                         .open_max = UINT32_MAX,
                         .calls_no = is_all ? GATE_REFUSED_ALL_CAP : GATE_REFUSED_DAY_CAP,
                         .cost_no = is_all ? GATE_REFUSED_ALL_EUROS : GATE_REFUSED_EUROS};
}

static enum gate_purse purse_of(enum gate_kind kind)
{
    static const enum gate_purse of[GATE_KINDS] = {
        [GATE_WISH] = GATE_PURSE_WISHES,       [GATE_CALLBACK] = GATE_PURSE_CALLBACKS,
        [GATE_AGENT] = GATE_PURSE_AGENTS,      [GATE_TRANSFER] = GATE_PURSE_AGENTS,
        [GATE_ORDINARY] = GATE_PURSE_ORDINARY, [GATE_SMS] = GATE_PURSE_SMS,
        [GATE_TRIAL] = GATE_PURSE_ORDINARY,
    };
    return of[kind];
}

static void add_number(struct claims *to, const struct settings_gate *r,
                       const struct gate_call *call)
{
    struct claim *c = add(to, SCOPE_NUMBER, call->e164 | (uint64_t)call->kind << KIND_SHIFT);
    c->calls_no = GATE_REFUSED_NUMBER;
    if (call->kind == GATE_SMS) {
        c->calls_max = r->sms_number_day;
        return;
    }
    c->opens = true;
    c->calls_max = call->is_shared ? r->shared_wishes_day : r->wishes_day;
    c->open_max = (call->is_shared ? r->shared_wishes_open : r->wishes_open) + call->is_next;
}

/* Agents and transfers into one range count together. */
static void add_range(struct claims *to, const struct settings_gate *r,
                      const struct gate_call *call)
{
    bool is_agents = purse_of(call->kind) == GATE_PURSE_AGENTS;
    enum gate_kind kind = is_agents ? GATE_AGENT : call->kind;
    uint64_t range = call->e164;
    for (uint32_t i = 0; i < r->range_digits; i++)
        range /= 10;
    struct claim *c = add(to, SCOPE_RANGE, range | (uint64_t)kind << KIND_SHIFT);
    c->calls_max = cap_of(is_agents ? r->range_day_max_agents : r->range_day_max);
    c->calls_no = GATE_REFUSED_RANGE;
}

static void add_trunk(struct claims *to, const struct settings_gate *r,
                      const struct gate_call *call)
{
    if (!call->trunk_id)
        return;
    struct claim *c = add(to, SCOPE_TRUNK, call->trunk_id);
    c->calls_max = cap_of(r->trunk_day_max);
    c->calls_no = GATE_REFUSED_TRUNK;
}

/* From the narrowest to the widest: who is refused hears what is nearest to them. */
void claims_of(struct claims *to, const struct gate *g, const struct gate_call *call)
{
    const struct settings_gate *r = &g->rules;
    struct claim *c;
    *to = (struct claims){.cost = rules_cost(r, &g->prices, call)};
    switch (call->kind) {
    case GATE_WISH:
    case GATE_SMS:
        add_number(to, r, call);
        add_range(to, r, call);
        break;
    case GATE_CALLBACK:
        c = add(to, SCOPE_WISH, call->wish_id);
        c->calls_max = r->dials_per_wish;
        c->calls_no = GATE_REFUSED_DIALS;
        add_trunk(to, r, call);
        break;
    case GATE_AGENT:
    case GATE_TRANSFER:
        c = add(to, SCOPE_AGENT, call->agent_id);
        c->calls_max = r->day_max_agent;
        c->calls_no = GATE_REFUSED_AGENT_CAP;
        add_range(to, r, call);
        add_trunk(to, r, call);
        break;
    case GATE_TRIAL:
        add_trunk(to, r, call);
        break;
    default:
        break;
    }
    claims_purse(add(to, SCOPE_PURSE, 0), r, purse_of(call->kind));
    if (call->kind == GATE_WISH)
        return;
    c = add(to, SCOPE_PURSE, 0);
    claims_purse(c, r, GATE_PURSE_ALL);
    if (call->kind != GATE_ORDINARY)
        return;
    c->calls_max = UINT32_MAX; /* counted there, never stopped by what others spent */
    c->cost_max = UINT64_MAX;
}
