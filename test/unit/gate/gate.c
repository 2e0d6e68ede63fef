/* gate.c — who may reach whom, and when: emergency numbers before every rule, the class of the
 * number before every cap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/gatehouse.h"

static struct gatehouse h;

static int set_up(void **state)
{
    (void)state;
    gatehouse_open(&h);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gatehouse_drop(&h);
    return 0;
}

static enum gate_verdict dials(const char *dialled, enum gate_kind kind, bool is_person)
{
    struct gate_call call = gatehouse_call(kind, 0);
    call.dialled = text_of(dialled);
    call.is_person = is_person;
    call.agent_id = 0;
    return gate_ask(h.gate, &call);
}

static void a_person_always_reaches_emergency_numbers_and_a_machine_never(void **state)
{
    (void)state;
    static const char *const numbers[] = {"15",  "17",  "18",     "112",    "114",  "115", "119",
                                          "191", "196", "116000", "116117", "3114", "3919"};
    h.rules.agents = SETTINGS_GATE_AGENTS_NOWHERE;
    h.rules.day_max = h.rules.day_max_agent = 0;
    gatehouse_follow(&h);
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        for (unsigned kind = 0; kind < GATE_KINDS; kind++) {
            assert_int_equal(dials(numbers[i], kind, true), GATE_PASSES);
            assert_int_equal(dials(numbers[i], kind, false), GATE_REFUSED_EMERGENCY);
        }
    assert_int_equal(gatehouse_look(&h).calls_n[GATE_PURSE_ALL], 0);
}

static void what_only_looks_like_one_does_not_pass(void **state)
{
    (void)state;
    static const char *const numbers[] = {"",     "1",   "1112", "0112", "112 ",      "+33112",
                                          "0015", "150", "16",   "3900", "0410000010"};
    for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
        assert_int_equal(dials(numbers[i], GATE_AGENT, true), GATE_REFUSED_CLOSED);
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
        for (unsigned k = 0; k < 2; k++)
            for (unsigned kind = 0; kind < GATE_KINDS; kind++) {
                struct gate_call call = gatehouse_call(kind, ends[k]);
                call.wish_id = 100 + i * 2 + k;
                assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_FICTION);
                call.is_demo = true;
                assert_int_equal(gate_ask(h.gate, &call), GATE_PASSES);
                call.is_demo = false;
                call.e164 = past[k];
                assert_int_not_equal(gate_ask(h.gate, &call), GATE_REFUSED_FICTION);
            }
    }
}

/* What each kind may reach when its setting says France, and with overseas. */
static const struct {
    uint64_t e164;
    enum gate_verdict in_france, with_overseas, sms, ordinary;
} reaches[] = {
    {33410000010, GATE_PASSES, GATE_PASSES, GATE_REFUSED_NO_MOBILE, GATE_PASSES},
    {33612345678, GATE_PASSES, GATE_PASSES, GATE_PASSES, GATE_PASSES},
    {33712345678, GATE_PASSES, GATE_PASSES, GATE_PASSES, GATE_PASSES},
    {33912345678, GATE_PASSES, GATE_PASSES, GATE_REFUSED_NO_MOBILE, GATE_PASSES},
    {33800123456, GATE_PASSES, GATE_PASSES, GATE_REFUSED_NO_MOBILE, GATE_PASSES},
    {33809401401, GATE_PASSES, GATE_PASSES, GATE_REFUSED_NO_MOBILE, GATE_PASSES},
#define EVER(e164, verdict)                                                                        \
    {                                                                                              \
        e164, verdict, verdict, verdict, verdict                                                   \
    }
    EVER(33810123456, GATE_REFUSED_SURCHARGED),
    EVER(33899123456, GATE_REFUSED_SURCHARGED),
    EVER(33836123456, GATE_REFUSED_SPECIAL),
    EVER(33700123456, GATE_REFUSED_SPECIAL),
    EVER(330899123456, GATE_REFUSED_UNREADABLE), /* +33 0899… */
    EVER(3312345678, GATE_REFUSED_UNREADABLE),
    EVER(33112, GATE_REFUSED_UNREADABLE),
    EVER(262891234567, GATE_REFUSED_SURCHARGED), /* overseas too */
    EVER(262840123456, GATE_REFUSED_SPECIAL),
    EVER(870773123456, GATE_REFUSED_SATELLITE),
    EVER(881612345678, GATE_REFUSED_SATELLITE),
    EVER(8821612345678, GATE_REFUSED_SATELLITE),
    EVER(88213123456, GATE_REFUSED_SATELLITE),
    EVER(33199000000, GATE_REFUSED_FICTION),
    {262262123456, GATE_REFUSED_OVERSEAS, GATE_PASSES, GATE_REFUSED_OVERSEAS, GATE_PASSES},
    {596696123456, GATE_REFUSED_OVERSEAS, GATE_PASSES, GATE_REFUSED_OVERSEAS, GATE_PASSES},
    {4989012345, GATE_REFUSED_ABROAD, GATE_REFUSED_ABROAD, GATE_REFUSED_ABROAD, GATE_PASSES},
    {18765550100, GATE_REFUSED_ABROAD, GATE_REFUSED_ABROAD, GATE_REFUSED_ABROAD, GATE_PASSES},
};

/* Each in a house where nothing was counted yet. */
static enum gate_verdict asks_anew(enum gate_kind kind, uint64_t e164)
{
    gatehouse_begin(&h);
    return gatehouse_ask(&h, kind, e164);
}

static void each_kind_reaches_as_far_as_its_setting_says(void **state)
{
    (void)state;
    static const enum gate_kind kinds[] = {GATE_WISH, GATE_CALLBACK, GATE_AGENT, GATE_TRANSFER};
    for (unsigned i = 0; i < ARRAY_LEN(reaches); i++) {
        h.rules.sms = SETTINGS_GATE_SMS_FRANCE;
        assert_int_equal(asks_anew(GATE_SMS, reaches[i].e164), reaches[i].sms);
        assert_int_equal(asks_anew(GATE_ORDINARY, reaches[i].e164), reaches[i].ordinary);
        assert_int_equal(asks_anew(GATE_TRIAL, reaches[i].e164), reaches[i].with_overseas);
        for (unsigned k = 0; k < ARRAY_LEN(kinds); k++) {
            h.rules.agents = h.rules.callbacks = SETTINGS_GATE_AGENTS_NOWHERE;
            assert_int_equal(asks_anew(kinds[k], reaches[i].e164), GATE_REFUSED_CLOSED);
            h.rules.agents = h.rules.callbacks = SETTINGS_GATE_AGENTS_FRANCE;
            assert_int_equal(asks_anew(kinds[k], reaches[i].e164), reaches[i].in_france);
            h.rules.agents = h.rules.callbacks = SETTINGS_GATE_AGENTS_OVERSEAS;
            assert_int_equal(asks_anew(kinds[k], reaches[i].e164), reaches[i].with_overseas);
        }
    }
    h.rules.sms = SETTINGS_GATE_SMS_OVERSEAS;
    assert_int_equal(asks_anew(GATE_SMS, 596696123456), GATE_PASSES);
    assert_int_equal(asks_anew(GATE_SMS, 262262123456), GATE_REFUSED_NO_MOBILE);
}

static void everything_but_ordinary_telephones_is_closed_by_default(void **state)
{
    (void)state;
    struct settings settings;
    settings_defaults(&settings);
    h.rules = settings.gate;
    for (unsigned kind = 0; kind < GATE_KINDS; kind++)
        assert_int_equal(asks_anew(kind, 33612345678), kind == GATE_ORDINARY || kind == GATE_TRIAL
                                                           ? GATE_PASSES
                                                           : GATE_REFUSED_CLOSED);
}

static void a_text_that_is_no_number_is_refused_for_its_own_reason(void **state)
{
    (void)state;
    struct gate_call call = gatehouse_call(GATE_WISH, 0);
    call.dialled = TEXT("3646");
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_SHORT);
    call.dialled = TEXT("*31#0612345678");
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_UNREADABLE);
    call.dialled = TEXT_NONE;
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_UNREADABLE);
    call.dialled = TEXT("0612345678"); /* somebody forgot to read it: it is not dialled */
    assert_int_equal(gate_ask(h.gate, &call), GATE_REFUSED_UNREADABLE);
    assert_int_equal(gatehouse_look(&h).refused_n[GATE_REFUSED_UNREADABLE], 3);
    assert_int_equal(gatehouse_look(&h).refused_n[GATE_REFUSED_SHORT], 1);
    assert_int_equal(gatehouse_look(&h).hits_n, 0); /* no cap, so no alarm */
}

static void machines_dial_by_day_and_people_at_any_hour(void **state)
{
    (void)state;
    static const struct {
        uint16_t minute;
        enum gate_verdict of_machines;
    } rows[] = {{0, GATE_REFUSED_HOURS},           {180, GATE_REFUSED_HOURS},
                {8 * 60 - 1, GATE_REFUSED_HOURS},  {8 * 60, GATE_PASSES},
                {20 * 60 - 1, GATE_PASSES},        {20 * 60, GATE_REFUSED_HOURS},
                {23 * 60 + 59, GATE_REFUSED_HOURS}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        for (unsigned kind = 0; kind < GATE_KINDS; kind++) {
            struct gate_call call = gatehouse_call(kind, 33612345678);
            bool is_machine = kind == GATE_CALLBACK || kind == GATE_SMS;
            gatehouse_begin(&h);
            call.now.minute = rows[i].minute;
            assert_int_equal(gate_ask(h.gate, &call),
                             is_machine ? rows[i].of_machines : GATE_PASSES);
            gatehouse_begin(&h);
            call.is_reply = true; /* to a text that has just come: at any hour, no call is one */
            assert_int_equal(gate_ask(h.gate, &call),
                             kind == GATE_CALLBACK ? rows[i].of_machines : GATE_PASSES);
        }
}

static void every_refusal_has_its_words_and_its_name(void **state)
{
    (void)state;
    for (unsigned v = 0; v < GATE_VERDICTS; v++) {
        assert_int_equal(!*gate_why((enum gate_verdict)v), v == GATE_PASSES);
        for (unsigned other = 0; other < v; other++) {
            assert_string_not_equal(gate_name((enum gate_verdict)v),
                                    gate_name((enum gate_verdict)other));
            assert_string_not_equal(gate_why((enum gate_verdict)v),
                                    gate_why((enum gate_verdict)other));
        }
    }
    for (unsigned p = 0; p < GATE_PURSES; p++)
        assert_true(*gate_purse_name((enum gate_purse)p) && *gate_purse_words((enum gate_purse)p));
    assert_true(gate_is_cap(GATE_REFUSED_RANGE) && !gate_is_cap(GATE_REFUSED_CLOSED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_person_always_reaches_emergency_numbers_and_a_machine_never, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_only_looks_like_one_does_not_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_of_fiction_is_rung_by_the_demonstration_alone,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_kind_reaches_as_far_as_its_setting_says, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(everything_but_ordinary_telephones_is_closed_by_default,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_that_is_no_number_is_refused_for_its_own_reason,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(machines_dial_by_day_and_people_at_any_hour, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_refusal_has_its_words_and_its_name, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("gate/gate", tests, NULL, NULL);
}
