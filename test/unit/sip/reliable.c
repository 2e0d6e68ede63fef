/* reliable.c — provisional responses that are acknowledged (RFC 3262): ours repeated until the
 * right PRACK, or given up; theirs in order, once, for each branch; each bound and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/reliable.h"

#define NOW_AT ((ms_t)1790000000000)

static struct sip_read read;

static const struct sip_read *message(const char *first, const char *tag, const char *lines)
{
    static char bytes[1024];
    int n = snprintf(bytes, sizeof(bytes),
                     "%s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:c@d>;tag=1\r\n"
                     "To: <sip:a@b>%s\r\nCall-ID: x\r\n%s\r\n",
                     first, tag, lines);
    assert_int_equal(sip_read(&read, bytes, (size_t)n), SIP_READ_OK);
    return &read;
}

static const struct sip_read *invite(const char *lines)
{
    char all[512];
    snprintf(all, sizeof(all), "CSeq: 7 INVITE\r\n%s", lines);
    return message("INVITE sip:a@b SIP/2.0", "", all);
}

static const struct sip_read *prack(const char *lines)
{
    char all[512];
    snprintf(all, sizeof(all), "CSeq: 8 PRACK\r\n%s", lines);
    return message("PRACK sip:a@b SIP/2.0", ";tag=2", all);
}

static const struct sip_read *early(const char *tag, uint32_t rseq)
{
    char all[512];
    snprintf(all, sizeof(all), "CSeq: 7 INVITE\r\nRequire: 100rel\r\nRSeq: %u\r\n", rseq);
    return message("SIP/2.0 183 Session Progress", tag, all);
}

/* ---- ours ------------------------------------------------------------------------------------ */

static struct sip_reliable wanted(uint32_t chance)
{
    struct sip_reliable r;
    sip_reliable_begin(&r, invite("Supported: timer, 100rel\r\n"), chance);
    return r;
}

static void an_invite_says_whether_they_may_be(void **state)
{
    (void)state;
    assert_false(sip_reliable_is_wanted(invite("")));
    assert_false(sip_reliable_is_wanted(invite("Supported: timer\r\nAllow: PRACK\r\n")));
    assert_true(sip_reliable_is_wanted(invite("k: timer\r\nSupported: 100REL\r\n")));
    assert_true(sip_reliable_is_wanted(invite("Require: 100rel\r\n")));
}

static void one_is_repeated_ever_more_slowly_and_then_given_up(void **state)
{
    (void)state;
    static const ms_t at[] = {500, 1500, 3500, 7500, 15500, 31500};
    struct sip_reliable r = wanted(4711);
    assert_false(sip_reliable_is_out(&r));
    assert_true(sip_reliable_next_at(&r) == MS_NEVER);
    assert_int_equal(sip_reliable_say(&r, true, NOW_AT), 4712);
    for (unsigned i = 0; i < ARRAY_LEN(at); i++) {
        assert_true(sip_reliable_next_at(&r) == NOW_AT + at[i]);
        assert_int_equal(sip_reliable_due(&r, NOW_AT + at[i] - 1), SIP_RELIABLE_NOT_DUE);
        assert_int_equal(sip_reliable_due(&r, NOW_AT + at[i]), SIP_RELIABLE_REPEAT);
    }
    assert_int_equal(sip_reliable_due(&r, NOW_AT + 31999), SIP_RELIABLE_NOT_DUE);
    assert_int_equal(sip_reliable_due(&r, NOW_AT + 32000), SIP_RELIABLE_GIVE_UP);
    assert_int_equal(sip_reliable_due(&r, NOW_AT + 90000), SIP_RELIABLE_NOT_DUE);
    assert_false(sip_reliable_is_out(&r));
}

static void only_the_prack_of_the_one_that_is_out_counts(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        enum sip_reliable_rack verdict;
    } cases[] = {
        {"RAck: 1 7 INVITE\r\n", SIP_RELIABLE_RACK_OURS},
        {"rack:  1\t7  INVITE\r\n", SIP_RELIABLE_RACK_OURS},
        {"RAck: 2 7 INVITE\r\n", SIP_RELIABLE_RACK_STRAY},
        {"RAck: 1 8 INVITE\r\n", SIP_RELIABLE_RACK_STRAY},
        {"RAck: 1 7 UPDATE\r\n", SIP_RELIABLE_RACK_STRAY},
        {"", SIP_RELIABLE_RACK_BROKEN},
        {"RAck: 1 INVITE\r\n", SIP_RELIABLE_RACK_BROKEN},
        {"RAck: 1 7\r\n", SIP_RELIABLE_RACK_BROKEN},
        {"RAck: 1 7 INVITE more\r\n", SIP_RELIABLE_RACK_BROKEN},
        {"RAck: 4294967297 7 INVITE\r\n", SIP_RELIABLE_RACK_BROKEN},
        {"RAck: 1 7 INVITE\r\nRAck: 1 7 INVITE\r\n", SIP_RELIABLE_RACK_BROKEN},
    };
    struct sip_reliable r = wanted(0);
    assert_int_equal(sip_reliable_judge(&r, prack("RAck: 0 7 INVITE\r\n")),
                     SIP_RELIABLE_RACK_STRAY); /* nothing is out */
    assert_int_equal(sip_reliable_say(&r, true, NOW_AT), 1);
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(sip_reliable_judge(&r, prack(cases[i].lines)), cases[i].verdict);
    assert_false(r.is_settled);
    sip_reliable_take(&r);
    assert_true(r.is_settled);
    assert_int_equal(sip_reliable_judge(&r, prack(cases[0].lines)), SIP_RELIABLE_RACK_STRAY);
    assert_int_equal(sip_reliable_due(&r, NOW_AT + 500), SIP_RELIABLE_NOT_DUE);
    assert_int_equal(sip_reliable_say(&r, false, NOW_AT), 2);
}

static void the_first_number_is_never_too_large(void **state)
{
    (void)state;
    const uint32_t chances[] = {0, SIP_RELIABLE_FIRST_MAX - 2, SIP_RELIABLE_FIRST_MAX - 1,
                                SIP_RELIABLE_FIRST_MAX, UINT32_MAX};
    for (unsigned i = 0; i < ARRAY_LEN(chances); i++) {
        struct sip_reliable r = wanted(chances[i]);
        uint32_t rseq = sip_reliable_say(&r, false, NOW_AT);
        assert_true(rseq >= 1 && rseq < SIP_RELIABLE_FIRST_MAX);
    }
}

/* ---- theirs ---------------------------------------------------------------------------------- */

static void each_is_taken_once_and_in_order(void **state)
{
    (void)state;
    struct sip_reliable_heard h = {.n = 0};
    uint32_t rseq;
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 41), &rseq), SIP_RELIABLE_NEW);
    assert_int_equal(rseq, 41);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 41), &rseq), SIP_RELIABLE_PASSED);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 43), &rseq), SIP_RELIABLE_PASSED);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 42), &rseq), SIP_RELIABLE_NEW);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 43), &rseq), SIP_RELIABLE_NEW);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 41), &rseq), SIP_RELIABLE_PASSED);
}

static void what_is_not_one_is_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *first, *tag, *lines;
    } cases[] = {
        {"SIP/2.0 100 Trying", ";tag=a", "Require: 100rel\r\nRSeq: 1\r\n"},
        {"SIP/2.0 200 OK", ";tag=a", "Require: 100rel\r\nRSeq: 1\r\n"},
        {"SIP/2.0 180 Ringing", "", "Require: 100rel\r\nRSeq: 1\r\n"},
        {"SIP/2.0 180 Ringing", ";tag=a", "RSeq: 1\r\n"},
        {"SIP/2.0 180 Ringing", ";tag=a", "Require: 100rel\r\n"},
        {"SIP/2.0 180 Ringing", ";tag=a", "Require: 100rel\r\nRSeq: 0\r\n"},
        {"SIP/2.0 180 Ringing", ";tag=a", "Require: 100rel\r\nRSeq: first\r\n"},
        {"SIP/2.0 180 Ringing", ";tag=a", "Require: 100rel\r\nRSeq: 4294967296\r\n"},
    };
    struct sip_reliable_heard h = {.n = 0};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        char lines[128];
        uint32_t rseq;
        snprintf(lines, sizeof(lines), "CSeq: 7 INVITE\r\n%s", cases[i].lines);
        assert_int_equal(sip_reliable_hear(&h, message(cases[i].first, cases[i].tag, lines), &rseq),
                         SIP_RELIABLE_PLAIN);
    }
    assert_int_equal(h.n, 0);
}

static void the_last_number_of_all_has_none_behind_it(void **state)
{
    (void)state;
    struct sip_reliable_heard h = {.n = 0};
    uint32_t rseq;
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", UINT32_MAX), &rseq), SIP_RELIABLE_NEW);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=a", 1), &rseq), SIP_RELIABLE_PASSED);
}

static void branches_have_numbers_and_answers_of_their_own(void **state)
{
    (void)state;
    struct sip_reliable_heard h = {.n = 0};
    const struct sip_offer_agreed one = {.to_port = 1}, other = {.to_port = 2};
    char tag[16];
    uint32_t rseq;
    for (unsigned i = 0; i < SIP_RELIABLE_BRANCHES_MAX; i++) {
        snprintf(tag, sizeof(tag), ";tag=t%u", i);
        assert_int_equal(sip_reliable_hear(&h, early(tag, 9), &rseq), SIP_RELIABLE_NEW);
    }
    assert_int_equal(sip_reliable_hear(&h, early(";tag=more", 9), &rseq), SIP_RELIABLE_PASSED);
    assert_int_equal(sip_reliable_hear(&h, early(";tag=t0", 10), &rseq), SIP_RELIABLE_NEW);
    sip_reliable_answered(&h, TEXT("t0"), &one);
    sip_reliable_answered(&h, TEXT("t1"), &other);
    sip_reliable_answered(&h, TEXT("t1"), &one); /* the first stands */
    sip_reliable_answered(&h, TEXT("more"), &one);
    assert_int_equal(sip_reliable_answer_of(&h, TEXT("t0"))->to_port, 1);
    assert_int_equal(sip_reliable_answer_of(&h, TEXT("t1"))->to_port, 2);
    assert_null(sip_reliable_answer_of(&h, TEXT("t2")));
    assert_null(sip_reliable_answer_of(&h, TEXT("more")));
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char bytes[128];
    struct text_out out = {.p = bytes, .max = sizeof(bytes) - 1};
    struct sip_reliable r = wanted(0);
    uint32_t rseq = sip_reliable_say(&r, true, NOW_AT);
    sip_reliable_put_rack(&out, rseq, 7);
    bytes[out.n] = '\0';
    assert_int_equal(sip_reliable_judge(&r, prack(bytes)), SIP_RELIABLE_RACK_OURS);
    out.n = 0;
    sip_reliable_put_rseq(&out, UINT32_MAX);
    bytes[out.n] = '\0';
    assert_string_equal(bytes, "Require: 100rel\r\nRSeq: 4294967295\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_says_whether_they_may_be),
        cmocka_unit_test(one_is_repeated_ever_more_slowly_and_then_given_up),
        cmocka_unit_test(only_the_prack_of_the_one_that_is_out_counts),
        cmocka_unit_test(the_first_number_is_never_too_large),
        cmocka_unit_test(each_is_taken_once_and_in_order),
        cmocka_unit_test(what_is_not_one_is_left_alone),
        cmocka_unit_test(the_last_number_of_all_has_none_behind_it),
        cmocka_unit_test(branches_have_numbers_and_answers_of_their_own),
        cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests_name("sip/reliable", tests, NULL, NULL);
}
