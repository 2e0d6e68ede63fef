/* emergency.c — see emergency.h. Cost: a walk over the list. */
#include "base/emergency.h"

static const char *const numbers[] = {
    "15",  "17",     "18",     "112",    "114",    "115",  "119",  "191",  "196",
    "197", "116000", "116006", "116111", "116117", "3114", "3919", "3977",
};

bool emergency_is(struct text dialled)
{
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        if (text_equal(dialled, text_of(numbers[i])))
            return true;
    return false;
}

bool emergency_begins(struct text digits)
{
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
        struct text number = text_of(numbers[i]);
        if (digits.n >= number.n && text_equal((struct text){digits.p, number.n}, number))
            return true;
    }
    return false;
}
