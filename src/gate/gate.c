/* gate.c — see gate.h. Called by app/. Cost: a walk over the list.
 * Invariant: no rule stands before the emergency numbers of a person. */
#include "gate/gate.h"

static const char *const emergency[] = {
    "15",  "17",     "18",     "112",    "114",    "115",  "119",  "191",  "196",
    "197", "116000", "116006", "116111", "116117", "3114", "3919", "3977",
};

bool gate_is_emergency(struct text dialled)
{
    for (unsigned i = 0; i < ARRAY_LEN(emergency); i++)
        if (text_equal(dialled, text_of(emergency[i])))
            return true;
    return false;
}

enum gate_verdict gate_dial(const struct gate_call *call)
{
    bool is_emergency = gate_is_emergency(call->dialled);
    assert(call->asker != GATE_AGENT); /* has rules: gate_ask() */
    if (is_emergency && call->asker == GATE_PERSON)
        return GATE_PASSES;
    if (is_emergency)
        return GATE_REFUSED_EMERGENCY;
    if (number_is_fiction(call->e164) && !call->is_demo)
        return GATE_REFUSED_FICTION;
    return call->asker == GATE_OFFER ? GATE_PASSES : GATE_REFUSED_CLOSED;
}

/* ---- agents ------------------------------------------------------------------------------- */

static enum gate_verdict judge_class(const struct gate_call *call, unsigned reach)
{
    static const enum gate_verdict refused[NUMBER_CLASSES] = {
        [NUMBER_ABROAD] = GATE_REFUSED_ABROAD,         [NUMBER_OVERSEAS] = GATE_REFUSED_OVERSEAS,
        [NUMBER_SURCHARGED] = GATE_REFUSED_SURCHARGED, [NUMBER_SPECIAL] = GATE_REFUSED_SPECIAL,
        [NUMBER_FICTION] = GATE_REFUSED_FICTION,
    };
    enum number_class class = number_class(call->e164);
    bool is_open = (class == NUMBER_OVERSEAS && reach == SETTINGS_GATE_AGENTS_OVERSEAS) ||
                   (class == NUMBER_FICTION && call->is_demo);
    return is_open ? GATE_PASSES : refused[class];
}

/* The agent's row of today; NULL: they are all in use. */
static uint32_t *calls_of(struct gate_day *day, uint32_t agent_id)
{
    uint32_t i = 0;
    while (i < day->agents_n && day->agents[i].agent_id != agent_id)
        i++;
    if (i == GATE_AGENTS_MAX)
        return NULL;
    if (i == day->agents_n) {
        day->agents_n++;
        day->agents[i].agent_id = agent_id;
        day->agents[i].calls_n = 0;
    }
    return &day->agents[i].calls_n;
}

enum gate_verdict gate_ask(struct gate_day *day, const struct settings_gate *rules,
                           const struct gate_call *call)
{
    if (gate_is_emergency(call->dialled))
        return GATE_PASSES; /* a person dials it: before every rule, and not counted */
    if (rules->agents == SETTINGS_GATE_AGENTS_NOWHERE)
        return GATE_REFUSED_CLOSED;
    if (!call->e164)
        return GATE_REFUSED_UNREADABLE;
    enum gate_verdict verdict = judge_class(call, rules->agents);
    if (verdict != GATE_PASSES)
        return verdict;
    if (day->day != call->day)
        *day = (struct gate_day){.day = call->day};
    uint32_t *calls_n = calls_of(day, call->agent_id);
    if (!calls_n || day->calls_n >= rules->day_max)
        return GATE_REFUSED_DAY_CAP;
    if (*calls_n >= rules->day_max_agent)
        return GATE_REFUSED_AGENT_CAP;
    ++*calls_n;
    day->calls_n++;
    return GATE_PASSES;
}

const char *gate_why(enum gate_verdict verdict)
{
    static const char *const words[GATE_VERDICTS] = {
        [GATE_PASSES] = "",
        [GATE_REFUSED_EMERGENCY] = "numéro d’urgence, qu’une machine n’appelle pas",
        [GATE_REFUSED_CLOSED] = "les appels vers l’extérieur ne sont pas ouverts",
        [GATE_REFUSED_FICTION] = "numéro de fiction",
        [GATE_REFUSED_UNREADABLE] = "ce n’est pas un numéro de téléphone",
        [GATE_REFUSED_SURCHARGED] = "numéro surtaxé",
        [GATE_REFUSED_SPECIAL] = "numéro spécial",
        [GATE_REFUSED_ABROAD] = "numéro à l’étranger",
        [GATE_REFUSED_OVERSEAS] = "numéro d’outre-mer",
        [GATE_REFUSED_AGENT_CAP] = "plafond du jour de cet agent",
        [GATE_REFUSED_DAY_CAP] = "plafond du jour de tous les agents",
    };
    return words[verdict];
}
