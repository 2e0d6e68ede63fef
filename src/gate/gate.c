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

enum gate_verdict gate_dial(struct text dialled, enum gate_asker asker)
{
    bool is_emergency = gate_is_emergency(dialled);
    if (is_emergency && asker == GATE_PERSON)
        return GATE_PASSES;
    return is_emergency ? GATE_REFUSED_EMERGENCY : GATE_REFUSED_CLOSED;
}
