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

/* ---- agents ------------------------------------------------------------------------------- */

static enum gate_verdict agent_asks(struct gate_day *day, const struct settings_gate *rules,
                                    uint64_t e164)
{
    const struct gate_call call = {
        .dialled = TEXT("0"), .e164 = e164, .asker = GATE_AGENT, .agent_id = 7, .day = 20000};
    return gate_ask(day, rules, &call);
}

static void an_agent_calls_where_the_setting_lets_them(void **state)
{
    (void)state;
    static const struct {
        uint64_t e164;
        enum gate_verdict in_france, with_overseas;
    } rows[] = {
        {33410000010, GATE_PASSES, GATE_PASSES},
        {33612345678, GATE_PASSES, GATE_PASSES},
        {33712345678, GATE_PASSES, GATE_PASSES},
        {33912345678, GATE_PASSES, GATE_PASSES},
        {33800123456, GATE_PASSES, GATE_PASSES},
        {33809401401, GATE_PASSES, GATE_PASSES},
        {33810123456, GATE_REFUSED_SURCHARGED, GATE_REFUSED_SURCHARGED},
        {33899123456, GATE_REFUSED_SURCHARGED, GATE_REFUSED_SURCHARGED},
        {33836123456, GATE_REFUSED_SPECIAL, GATE_REFUSED_SPECIAL},
        {33700123456, GATE_REFUSED_SPECIAL, GATE_REFUSED_SPECIAL},
        {33012345678, GATE_REFUSED_SPECIAL, GATE_REFUSED_SPECIAL},
        {262262123456, GATE_REFUSED_OVERSEAS, GATE_PASSES},
        {596696123456, GATE_REFUSED_OVERSEAS, GATE_PASSES},
        {4989012345, GATE_REFUSED_ABROAD, GATE_REFUSED_ABROAD},
        {33536490010, GATE_REFUSED_FICTION, GATE_REFUSED_FICTION},
        {0, GATE_REFUSED_UNREADABLE, GATE_REFUSED_UNREADABLE},
    };
    struct settings_gate rules = {.day_max = 1000, .day_max_agent = 1000};
    static struct gate_day day;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        rules.agents = SETTINGS_GATE_AGENTS_NOWHERE;
        assert_int_equal(agent_asks(&day, &rules, rows[i].e164), GATE_REFUSED_CLOSED);
        rules.agents = SETTINGS_GATE_AGENTS_FRANCE;
        assert_int_equal(agent_asks(&day, &rules, rows[i].e164), rows[i].in_france);
        rules.agents = SETTINGS_GATE_AGENTS_OVERSEAS;
        assert_int_equal(agent_asks(&day, &rules, rows[i].e164), rows[i].with_overseas);
    }
}

static void the_caps_of_a_day_hold_at_them_and_end_with_the_day(void **state)
{
    (void)state;
    const struct settings_gate rules = {
        .agents = SETTINGS_GATE_AGENTS_FRANCE, .day_max = 5, .day_max_agent = 3};
    struct gate_call call = {.e164 = 33410000010, .asker = GATE_AGENT, .agent_id = 1, .day = 1};
    static struct gate_day day;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_REFUSED_AGENT_CAP);
    call.agent_id = 2;
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_REFUSED_DAY_CAP);
    call.dialled = TEXT("112"); /* no cap is before it */
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
    call.dialled = TEXT_NONE;
    call.day = 2;
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
}

static void agents_past_the_bound_are_refused_until_tomorrow(void **state)
{
    (void)state;
    const struct settings_gate rules = {
        .agents = SETTINGS_GATE_AGENTS_FRANCE, .day_max = 100000, .day_max_agent = 9};
    struct gate_call call = {.e164 = 33410000010, .asker = GATE_AGENT, .day = 1};
    static struct gate_day day;
    for (call.agent_id = 1; call.agent_id <= GATE_AGENTS_MAX; call.agent_id++)
        assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_REFUSED_DAY_CAP);
    call.agent_id = 1;
    assert_int_equal(gate_ask(&day, &rules, &call), GATE_PASSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_always_reaches_emergency_numbers_and_a_machine_never),
        cmocka_unit_test(a_number_of_fiction_is_rung_by_the_demonstration_alone),
        cmocka_unit_test(what_only_looks_like_one_does_not_pass),
        cmocka_unit_test(an_agent_calls_where_the_setting_lets_them),
        cmocka_unit_test(the_caps_of_a_day_hold_at_them_and_end_with_the_day),
        cmocka_unit_test(agents_past_the_bound_are_refused_until_tomorrow),
    };
    return cmocka_run_group_tests_name("gate/gate", tests, NULL, NULL);
}
