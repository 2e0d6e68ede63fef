/* who.c — who calls whom: every header that operators use for it, what is withheld, and who is not
 * believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/who.h"

static struct sip_read read;

static const struct sip_read *invite(const char *uri, const char *parties, const char *lines)
{
    static char bytes[2048];
    int n = snprintf(bytes, sizeof(bytes),
                     "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n%sCall-ID: x\r\n"
                     "CSeq: 1 INVITE\r\n%s\r\n",
                     uri, parties, lines);
    assert_int_equal(sip_read(&read, bytes, (size_t)n), SIP_READ_OK);
    return &read;
}

#define FROM_ONE "From: <sip:0536491234@op>;tag=1\r\n"
#define TO_TEN "To: <sip:0536490010@us>\r\n"

static void called_are(const struct sip_read *message, const char *wanted)
{
    struct text called[SIP_WHO_CALLED_MAX];
    char all[512] = "";
    uint32_t n = sip_who_called(message, called);
    for (uint32_t i = 0, at = 0; i < n; i++)
        at += (uint32_t)snprintf(all + at, sizeof(all) - at, "%s%.*s", i ? " " : "",
                                 (int)called[i].n, called[i].p);
    assert_string_equal(all, wanted);
}

static void a_call_is_for_the_request_uri_then_to_then_whom_it_was_sent_on_from(void **state)
{
    (void)state;
    called_are(invite("sip:0536490010@us", FROM_ONE TO_TEN, ""), "0536490010");
    called_are(invite("sip:us", FROM_ONE TO_TEN, ""), "0536490010");
    called_are(invite("sip:ours@us", FROM_ONE TO_TEN, ""), "ours 0536490010");
    called_are(invite("sip:us", FROM_ONE "To: <sip:us>\r\n",
                      "Diversion: <sip:0536490020@op>;reason=unconditional\r\n"),
               "0536490020");
    called_are(invite("sip:ours@us", FROM_ONE "To: <sip:us>\r\n",
                      "History-Info: <sip:0536490030@op?Reason=SIP%3Bcause%3D302>;index=1, "
                      "<sip:0536490040@op>;index=1.1\r\n"
                      "Diversion: \"Mairie\" <tel:+33536490020>;counter=1\r\n"
                      "History-Info: <sip:ours@us>;index=1.1.1\r\n"),
               "ours +33536490020 0536490030 0536490040");
}

static void parameters_of_a_number_are_no_part_of_it(void **state)
{
    (void)state;
    called_are(invite("sip:+33536490010;npdi;rn=+33100@us;user=phone", FROM_ONE TO_TEN, ""),
               "+33536490010 0536490010");
    called_are(invite("tel:+33536490010;phone-context=+33", FROM_ONE TO_TEN, ""),
               "+33536490010 0536490010");
}

static void of_a_long_history_so_many_count(void **state)
{
    (void)state;
    char lines[1024];
    unsigned at = 0;
    for (unsigned i = 0; i < SIP_WHO_CALLED_MAX + 2; i++)
        at += (unsigned)snprintf(lines + at, sizeof(lines) - at, "History-Info: <sip:%u@op>\r\n",
                                 i + 1);
    called_are(invite("sip:us", FROM_ONE "To: <sip:us>\r\n", lines), "1 2 3 4 5 6 7 8");
    called_are(invite("sip:us", FROM_ONE "To: <sip:us>\r\n", "Diversion: <\"\r\n"), "");
}

static void calls(const char *from, const char *lines, const char *trusted, const char *untrusted)
{
    char parties[256];
    snprintf(parties, sizeof(parties), "From: %s;tag=1\r\n" TO_TEN, from);
    const char *wanted[] = {untrusted, trusted};
    for (unsigned i = 0; i < 2; i++) {
        struct text who = sip_who_calls(invite("sip:0536490010@us", parties, lines), i == 1);
        assert_int_equal(who.n, strlen(wanted[i]));
        assert_memory_equal(who.p ? who.p : "", wanted[i], who.n);
    }
}

static void who_calls_is_asserted_by_those_who_are_trusted(void **state)
{
    (void)state;
    calls("<sip:1@op>", "", "1", "1");
    calls("<sip:1@op>", "P-Asserted-Identity: <sip:2@op>\r\n", "2", "1");
    calls("<sip:1@op>", "P-Asserted-Identity: <tel:+332>\r\n", "+332", "1");
    calls("<sip:1@op>", "P-Asserted-Identity: <sip:op>, <tel:+332;x=y>\r\n", "+332", "1");
    calls("<sip:1@op>", "P-Asserted-Identity: <sip:op>\r\nP-Asserted-Identity: <sip:3@op>\r\n", "3",
          "1");
    calls("<sip:1@op>", "P-Preferred-Identity: <sip:2@op>\r\n", "1", "1");
    calls("<tel:+331>", "", "+331", "+331");
    calls("\"Odette\" <sip:+331;x@op;user=phone>", "", "+331", "+331");
}

static void what_is_withheld_is_never_said(void **state)
{
    (void)state;
    static const char *const lines[] = {"Privacy: id\r\n", "Privacy: user\r\n",
                                        "Privacy: header;ID; critical\r\n",
                                        "Privacy: header\r\nPrivacy: id\r\n"};
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        char all[256];
        snprintf(all, sizeof(all), "%sP-Asserted-Identity: <sip:2@op>\r\n", lines[i]);
        calls("<sip:1@op>", all, "", "");
    }
    calls("<sip:anonymous@anonymous.invalid>", "P-Asserted-Identity: <sip:2@op>\r\n", "", "");
    calls("\"Anonymous\" <sip:Anonymous@op>", "", "", "");
    calls("<sip:op>", "P-Asserted-Identity: <sip:2@op>\r\n", "", "");
    calls("<sip:1@op>", "Privacy: none\r\n", "1", "1");
    calls("<sip:1@op>", "Privacy: header;session\r\n", "1", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_for_the_request_uri_then_to_then_whom_it_was_sent_on_from),
        cmocka_unit_test(parameters_of_a_number_are_no_part_of_it),
        cmocka_unit_test(of_a_long_history_so_many_count),
        cmocka_unit_test(who_calls_is_asserted_by_those_who_are_trusted),
        cmocka_unit_test(what_is_withheld_is_never_said),
    };
    return cmocka_run_group_tests_name("sip/who", tests, NULL, NULL);
}
