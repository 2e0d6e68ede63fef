/* gate.c — emergency numbers pass for a person and never for a machine; nothing else does yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate/gate.h"

static enum gate_verdict ask(const char *dialled, uint64_t e164, enum gate_asker asker)
{
    const struct gate_call call = {.dialled = text_of(dialled), .e164 = e164, .asker = asker};
    return gate_dial(&call);
}

static void a_person_always_reaches_emergency_numbers_and_a_machine_never(void **state)
{
    (void)state;
    static const char *const numbers[] = {"15",  "17",  "18",     "112",    "114",  "115", "119",
                                          "191", "196", "116000", "116117", "3114", "3919"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
        assert_int_equal(ask(numbers[i], 0, GATE_PERSON), GATE_PASSES);
        assert_int_equal(ask(numbers[i], 0, GATE_MACHINE), GATE_REFUSED_EMERGENCY);
        assert_int_equal(ask(numbers[i], 0, GATE_OFFER), GATE_REFUSED_EMERGENCY);
    }
}

static void what_only_looks_like_one_does_not_pass(void **state)
{
    (void)state;
    static const char *const numbers[] = {"",     "1",   "1112", "0112", "112 ",      "+33112",
                                          "0015", "150", "16",   "3900", "0410000010"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        assert_int_equal(ask(numbers[i], 0, GATE_PERSON), GATE_REFUSED_CLOSED);
}

/* The six blocks of ARCEP 2018-0881, each at its ends and one past them. */
static void a_number_of_fiction_is_rung_by_the_demonstration_alone(void **state)
{
    (void)state;
    static const uint64_t blocks[] = {33199000000, 33261910000, 33353010000,
                                      33465710000, 33536490000, 33639980000};
    for (unsigned i = 0; i < ARRAY_LEN(blocks); i++) {
        const uint64_t ends[] = {blocks[i], blocks[i] + 9999};
        const uint64_t past[] = {blocks[i] - 1, blocks[i] + 10000};
        for (unsigned k = 0; k < 2; k++) {
            struct gate_call call = {.e164 = ends[k], .asker = GATE_OFFER};
            assert_int_equal(gate_dial(&call), GATE_REFUSED_FICTION);
            call.is_demo = true;
            assert_int_equal(gate_dial(&call), GATE_PASSES);
            call.asker = GATE_MACHINE;
            assert_int_equal(gate_dial(&call), GATE_REFUSED_CLOSED);
            assert_int_equal(ask("", past[k], GATE_OFFER), GATE_PASSES);
        }
        assert_int_equal(ask("", ends[0], GATE_PERSON), GATE_REFUSED_FICTION);
        assert_int_equal(ask("", ends[0], GATE_MACHINE), GATE_REFUSED_FICTION);
    }
    assert_string_equal(gate_why(GATE_REFUSED_FICTION), "numéro de fiction");
    for (unsigned v = 0; v < GATE_VERDICTS; v++)
        assert_int_equal(!*gate_why((enum gate_verdict)v), v == GATE_PASSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_always_reaches_emergency_numbers_and_a_machine_never),
        cmocka_unit_test(a_number_of_fiction_is_rung_by_the_demonstration_alone),
        cmocka_unit_test(what_only_looks_like_one_does_not_pass),
    };
    return cmocka_run_group_tests_name("gate/gate", tests, NULL, NULL);
}
