/* number.c — fuzz target of the gate's reader: text of callers, agents, forms and programs. What is
 * read is a whole number of its plan, holds the digits of the text and no other byte, and is the
 * same when it is written as E.164 and read again. */
#include <string.h>

#include "gate/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Of the text: nothing but digits, one plus before them, and what separates. */
static void check_bytes(struct text typed)
{
    bool has_digit = false;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_wide = (uint8_t)c == 0xc2 || (uint8_t)c == 0xa0 || (uint8_t)c == 0xe2 ||
                       (uint8_t)c == 0x80 || (uint8_t)c == 0xaf;
        assert(is_digit || c == ' ' || c == '.' || c == '-' || is_wide || (c == '+' && !has_digit));
        has_digit |= is_digit;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char written[24] = "+";
    struct text_out out = {.p = written, .n = 1, .max = sizeof(written)};
    struct text typed = {(const char *)data, n};
    uint64_t e164 = 1, again = 1;
    enum gate_verdict verdict = gate_read(&e164, typed);
    if (verdict != GATE_PASSES) {
        assert(!e164);
        assert(verdict == GATE_REFUSED_UNREADABLE || verdict == GATE_REFUSED_SHORT ||
               verdict == GATE_REFUSED_EMERGENCY);
        return 0;
    }
    assert(n <= GATE_TYPED_MAX && number_is_whole(e164) && number_class(e164) < NUMBER_CLASSES);
    check_bytes(typed);
    text_put_number(&out, e164);
    verdict = gate_read(&again, (struct text){out.p, out.n});
    assert(verdict == GATE_PASSES && again == e164);
    return 0;
}
