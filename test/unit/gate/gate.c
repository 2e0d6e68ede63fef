/* gate.c — emergency numbers pass for a person and never for a machine; nothing else does yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate/gate.h"

static void a_person_always_reaches_emergency_numbers_and_a_machine_never(void **state)
{
    (void)state;
    static const char *const numbers[] = {"15",  "17",  "18",     "112",    "114",  "115", "119",
                                          "191", "196", "116000", "116117", "3114", "3919"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
        assert_int_equal(gate_dial(text_of(numbers[i]), GATE_PERSON), GATE_PASSES);
        assert_int_equal(gate_dial(text_of(numbers[i]), GATE_MACHINE), GATE_REFUSED_EMERGENCY);
    }
}

static void what_only_looks_like_one_does_not_pass(void **state)
{
    (void)state;
    static const char *const numbers[] = {"",     "1",   "1112", "0112", "112 ",      "+33112",
                                          "0015", "150", "16",   "3900", "0536490010"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        assert_int_equal(gate_dial(text_of(numbers[i]), GATE_PERSON), GATE_REFUSED_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_always_reaches_emergency_numbers_and_a_machine_never),
        cmocka_unit_test(what_only_looks_like_one_does_not_pass),
    };
    return cmocka_run_group_tests_name("gate/gate", tests, NULL, NULL);
}
