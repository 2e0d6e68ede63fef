/* read.c — plain numbers are read, whatever separates them; anything else is refused, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gate/gate.h"

static void plain_numbers_are_read_in_all_their_forms(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        uint64_t e164;
    } rows[] = {
        {"0536490010", 33536490010},
        {"05 36 49 00 10", 33536490010},
        {"05.36.49.00.10", 33536490010},
        {"05-36-49-00-10", 33536490010},
        {"05\xc2\xa0"
         "36\xe2\x80\xaf"
         "49 00 10",
         33536490010},
        {"+33 5 36 49 00 10", 33536490010},
        {"0033536490010", 33536490010},
        {"+33612345678", 33612345678},
        {"0262 12 34 56", 262262123456},
        {"+262692123456", 262692123456},
        {"0800 123 456", 33800123456},
        {"+49 89 01234567", 498901234567},
        {"+14155550100", 14155550100},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t e164;
        assert_int_equal(gate_read(&e164, text_of(rows[i].typed)), GATE_PASSES);
        assert_int_equal(e164, rows[i].e164);
    }
}

static void anything_else_is_refused_and_nothing_is_salvaged(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        enum gate_verdict why;
    } rows[] = {
        {"", GATE_REFUSED_UNREADABLE},
        {" ", GATE_REFUSED_UNREADABLE},
        {"+", GATE_REFUSED_UNREADABLE},
        {"+33 0899 12 34 56", GATE_REFUSED_UNREADABLE},
        {"+33 0899123456", GATE_REFUSED_UNREADABLE},
        {"+330536490010", GATE_REFUSED_UNREADABLE},
        {"+33 (0)5 36 49 00 10", GATE_REFUSED_UNREADABLE},
        {"+3353649001", GATE_REFUSED_UNREADABLE},
        {"+335364900100", GATE_REFUSED_UNREADABLE},
        {"+26269212345", GATE_REFUSED_UNREADABLE},
        {"+262092123456", GATE_REFUSED_UNREADABLE},
        {"\xef\xbc\x90\xef\xbc\x95"
         "36490010",
         GATE_REFUSED_UNREADABLE}, /* full-width 0 and 5 */
        {"\xd9\xa0\xd9\xa5"
         "36490010",
         GATE_REFUSED_UNREADABLE}, /* Arabic-Indic */
        {"0536490010\r\nX-Evil: 1", GATE_REFUSED_UNREADABLE},
        {"0536490010\r\n", GATE_REFUSED_UNREADABLE},
        {"0536490010\t", GATE_REFUSED_UNREADABLE},
        {"0536490010;phone-context=+1", GATE_REFUSED_UNREADABLE},
        {"0536490010;ext=5", GATE_REFUSED_UNREADABLE},
        {"tel:+33536490010", GATE_REFUSED_UNREADABLE},
        {"sip:0536490010@x", GATE_REFUSED_UNREADABLE},
        {"0536490010@evil", GATE_REFUSED_UNREADABLE},
        {"%30536490010", GATE_REFUSED_UNREADABLE},
        {"*31#0536490010", GATE_REFUSED_UNREADABLE},
        {"*21*0899123456#", GATE_REFUSED_UNREADABLE},
        {"#31#0536490010", GATE_REFUSED_UNREADABLE},
        {"053649001o", GATE_REFUSED_UNREADABLE},
        {"05364900+10", GATE_REFUSED_UNREADABLE},
        {"++33536490010", GATE_REFUSED_UNREADABLE},
        {"0536490010,,1", GATE_REFUSED_UNREADABLE},
        {"05364900100", GATE_REFUSED_UNREADABLE},
        {"053649001", GATE_REFUSED_UNREADABLE},
        {"536490010", GATE_REFUSED_UNREADABLE},
        {"+112", GATE_REFUSED_UNREADABLE},
        {"+33112", GATE_REFUSED_UNREADABLE},
        {"0033 15", GATE_REFUSED_UNREADABLE},
        {"0112", GATE_REFUSED_UNREADABLE},
        {"+1234567890123456", GATE_REFUSED_UNREADABLE},
        {"15", GATE_REFUSED_EMERGENCY},
        {"1 1 2", GATE_REFUSED_EMERGENCY},
        {"116 117", GATE_REFUSED_EMERGENCY},
        {"3114", GATE_REFUSED_EMERGENCY},
        {"3646", GATE_REFUSED_SHORT},
        {"118 218", GATE_REFUSED_SHORT},
        {"1014", GATE_REFUSED_SHORT},
        {"36001", GATE_REFUSED_SHORT},
        {"7", GATE_REFUSED_SHORT},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t e164 = 1;
        if (gate_read(&e164, text_of(rows[i].typed)) != rows[i].why)
            fail_msg("«%s»", rows[i].typed);
        assert_int_equal(e164, 0);
    }
}

/* A NUL is a byte as others, and a text is not longer than its bound. */
static void a_text_is_read_to_its_last_byte(void **state)
{
    (void)state;
    static const char nul[] = "0536490010\0;phone-context=+1";
    char typed[10 * GATE_TYPED_MAX];
    uint64_t e164;
    assert_int_equal(gate_read(&e164, (struct text){nul, sizeof(nul) - 1}),
                     GATE_REFUSED_UNREADABLE);
    assert_int_equal(gate_read(&e164, (struct text){nul, 11}), GATE_REFUSED_UNREADABLE);
    assert_int_equal(gate_read(&e164, (struct text){nul, 10}), GATE_PASSES);
    memset(typed, ' ', sizeof(typed));
    memcpy(typed, nul, 10);
    assert_int_equal(gate_read(&e164, (struct text){typed, GATE_TYPED_MAX}), GATE_PASSES);
    assert_int_equal(gate_read(&e164, (struct text){typed, GATE_TYPED_MAX + 1}),
                     GATE_REFUSED_UNREADABLE);
    assert_int_equal(gate_read(&e164, (struct text){typed, sizeof(typed)}),
                     GATE_REFUSED_UNREADABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers_are_read_in_all_their_forms),
        cmocka_unit_test(anything_else_is_refused_and_nothing_is_salvaged),
        cmocka_unit_test(a_text_is_read_to_its_last_byte),
    };
    return cmocka_run_group_tests_name("gate/read", tests, NULL, NULL);
}
