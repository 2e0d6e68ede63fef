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
    if (is_emergency && call->asker == GATE_PERSON)
        return GATE_PASSES;
    if (is_emergency)
        return GATE_REFUSED_EMERGENCY;
    if (number_is_fiction(call->e164) && !call->is_demo)
        return GATE_REFUSED_FICTION;
    return call->asker == GATE_OFFER ? GATE_PASSES : GATE_REFUSED_CLOSED;
}

const char *gate_why(enum gate_verdict verdict)
{
    static const char *const words[GATE_VERDICTS] = {
        [GATE_PASSES] = "",
        [GATE_REFUSED_EMERGENCY] = "numéro d’urgence, qu’une machine n’appelle pas",
        [GATE_REFUSED_CLOSED] = "les appels vers l’extérieur ne sont pas ouverts",
        [GATE_REFUSED_FICTION] = "numéro de fiction",
    };
    return words[verdict];
}
