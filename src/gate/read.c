/* read.c — a number as it was typed becomes digits, or a refusal.
 * Called through gate.h by every door. Cost: one pass. Invariant: what passes is a whole number of
 * its plan, and came of nothing but digits, one "+" before them, and the separators of number.h. */
#include "base/emergency.h"
#include "gate/gate.h"

#define SHORT_DIGITS_MAX 6 /* 118 218, 116 117 */
#define NO_BREAK "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"

static bool starts(struct text t, struct text with)
{
    return t.n >= with.n && text_equal((struct text){t.p, with.n}, with);
}

/* Bytes of the separator at the beginning; 0: none. */
static size_t separator_n(struct text t)
{
    if (*t.p == ' ' || *t.p == '.' || *t.p == '-')
        return 1;
    if (starts(t, TEXT(NO_BREAK)))
        return sizeof(NO_BREAK) - 1;
    return starts(t, TEXT(NARROW)) ? sizeof(NARROW) - 1 : 0;
}

/* "+" and digits, NUL-terminated. False: something else stands there. */
static bool strip(char to[GATE_TYPED_MAX + 1], size_t *n, struct text typed)
{
    *n = 0;
    if (!typed.n || typed.n > GATE_TYPED_MAX)
        return false;
    for (struct text rest = typed; rest.n;) {
        size_t skip = separator_n(rest);
        bool is_plus = *rest.p == '+' && !*n;
        if (!skip && !is_plus && (*rest.p < '0' || *rest.p > '9'))
            return false;
        if (!skip)
            to[(*n)++] = *rest.p;
        rest = text_after(rest, skip ? skip : 1);
    }
    to[*n] = '\0';
    return *n > 0;
}

enum gate_verdict gate_read(uint64_t *e164, struct text typed)
{
    char digits[GATE_TYPED_MAX + 1];
    size_t n;
    *e164 = 0;
    if (!strip(digits, &n, typed))
        return GATE_REFUSED_UNREADABLE;
    if (emergency_is((struct text){digits, n}))
        return GATE_REFUSED_EMERGENCY;
    if (n <= SHORT_DIGITS_MAX && digits[0] != '+' && digits[0] != '0')
        return GATE_REFUSED_SHORT;
    uint64_t v;
    if (!number_e164(&v, digits) || !number_is_whole(v))
        return GATE_REFUSED_UNREADABLE;
    *e164 = v;
    return GATE_PASSES;
}
