/* rules.c — what a call is, whatever was counted before: who may, whom, when, and what it costs.
 * Called by gate.c. Cost: O(1). Invariant: no rule stands before the emergency numbers of a person,
 * and none after the class of the number lets a dear one pass. */
#include "base/emergency.h"
#include "gate/state.h"

#define MINUTE_MS ((ms_t)60000)

/* How far this kind may go: enum settings_gate_agents; the three settings have the same values. */
static unsigned reach_of(const struct settings_gate *rules, const struct gate_call *call)
{
    switch (call->kind) {
    case GATE_WISH:
    case GATE_CALLBACK:
        return rules->callbacks;
    case GATE_SMS:
        return rules->sms;
    case GATE_ORDINARY:
    case GATE_TRIAL:
        return SETTINGS_GATE_AGENTS_OVERSEAS; /* an administrator has written this number */
    default:
        return call->agent_id ? rules->agents : SETTINGS_GATE_AGENTS_NOWHERE;
    }
}

_Static_assert((unsigned)SETTINGS_GATE_CALLBACKS_OVERSEAS ==
                       (unsigned)SETTINGS_GATE_AGENTS_OVERSEAS &&
                   (unsigned)SETTINGS_GATE_SMS_OVERSEAS == (unsigned)SETTINGS_GATE_AGENTS_OVERSEAS,
               "one reach for three settings");

static enum gate_verdict judge_class(const struct gate_call *call, unsigned reach)
{
    static const enum gate_verdict refused[NUMBER_CLASSES] = {
        [NUMBER_ABROAD] = GATE_REFUSED_ABROAD,         [NUMBER_OVERSEAS] = GATE_REFUSED_OVERSEAS,
        [NUMBER_SURCHARGED] = GATE_REFUSED_SURCHARGED, [NUMBER_SPECIAL] = GATE_REFUSED_SPECIAL,
        [NUMBER_FICTION] = GATE_REFUSED_FICTION,       [NUMBER_SATELLITE] = GATE_REFUSED_SATELLITE,
    };
    enum number_class class = number_class(call->e164);
    bool is_open = (class == NUMBER_OVERSEAS && reach == SETTINGS_GATE_AGENTS_OVERSEAS) ||
                   (class == NUMBER_FICTION && call->is_demo) ||
                   (class == NUMBER_ABROAD && call->kind == GATE_ORDINARY);
    return is_open ? GATE_PASSES : refused[class];
}

/* What a person dials by hand is that person's matter; a text message has STOP. */
static enum gate_verdict judge_never(const struct gate_call *call)
{
    static const enum gate_verdict refused[] = {[GATE_NEVER_NO] = GATE_PASSES,
                                                [GATE_NEVER_YES] = GATE_REFUSED_NEVER,
                                                [GATE_NEVER_LOST] = GATE_REFUSED_NEVER_LOST};
    bool is_machine = call->kind == GATE_WISH || call->kind == GATE_CALLBACK;
    return is_machine ? refused[call->never] : GATE_PASSES;
}

static bool is_mobile(const struct gate_call *call)
{
    return number_is_mobile(call->e164) || (call->is_demo && number_is_fiction(call->e164));
}

static uint16_t whole_minutes(ms_t ms)
{
    return (uint16_t)((ms + MINUTE_MS - 1) / MINUTE_MS);
}

struct gate_hours gate_hours(const struct gate *g)
{
    return (struct gate_hours){whole_minutes(g->rules.hours_from_ms),
                               whole_minutes(g->rules.hours_to_ms)};
}

/* Nobody is called at night by a machine; who asks to be called back, and who dials, may; and who
 * has just written is awake. */
static bool is_out_of_hours(const struct gate *g, const struct gate_call *call)
{
    bool is_machine = call->kind == GATE_CALLBACK || (call->kind == GATE_SMS && !call->is_reply);
    const struct gate_hours hours = gate_hours(g);
    return is_machine && (call->now.minute < hours.from || call->now.minute >= hours.until);
}

enum gate_verdict rules_judge(const struct gate *g, const struct gate_call *call)
{
    unsigned reach = reach_of(&g->rules, call);
    uint64_t read;
    if (reach == SETTINGS_GATE_AGENTS_NOWHERE)
        return GATE_REFUSED_CLOSED;
    if (!call->e164) {
        enum gate_verdict why = gate_read(&read, call->dialled);
        return why == GATE_PASSES ? GATE_REFUSED_UNREADABLE : why;
    }
    if (!number_is_whole(call->e164))
        return GATE_REFUSED_UNREADABLE;
    enum gate_verdict verdict = judge_class(call, reach);
    if (verdict == GATE_PASSES)
        verdict = judge_never(call);
    if (verdict != GATE_PASSES)
        return verdict;
    if (call->kind == GATE_SMS && !is_mobile(call))
        return GATE_REFUSED_NO_MOBILE;
    return is_out_of_hours(g, call) ? GATE_REFUSED_HOURS : GATE_PASSES;
}

uint64_t rules_cost(const struct settings_gate *rules, const struct settings_price *prices,
                    const struct gate_call *call)
{
    uint64_t minutes = rules->call_minutes;
    if (call->kind == GATE_WISH)
        return 0;
    if (call->kind == GATE_SMS)
        return prices->sms;
    switch (number_class(call->e164)) {
    case NUMBER_FREE:
        return 0;
    case NUMBER_MOBILE:
        return prices->mobile_call + prices->mobile_minute * minutes;
    case NUMBER_OVERSEAS:
        return prices->overseas_call + prices->overseas_minute * minutes;
    case NUMBER_ABROAD:
        return prices->abroad_call + prices->abroad_minute * minutes;
    default:
        return prices->fixed_call + prices->fixed_minute * minutes;
    }
}
