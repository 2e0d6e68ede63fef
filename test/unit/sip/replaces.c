/* replaces.c — Replaces (RFC 3891) in each form and malformed; Reason (RFC 3326) written, and shown
 * by its number alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/replaces.h"

static struct sip_replaces replaces;

static enum sip_replaces_verdict read_lines(const char *lines)
{
    static struct sip_read read;
    static char bytes[1024];
    int n = snprintf(bytes, sizeof(bytes),
                     "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                     "From: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
                     "%s\r\n",
                     lines);
    assert_int_equal(sip_read(&read, bytes, (size_t)n), SIP_READ_OK);
    return sip_replaces_read(&replaces, &read);
}

static void a_dialog_is_named_in_each_form(void **state)
{
    (void)state;
    assert_int_equal(read_lines(""), SIP_REPLACES_NONE);
    assert_int_equal(read_lines("Replaces: 98@h;from-tag=r33;to-tag=12\r\n"), SIP_REPLACES_READ);
    assert_true(text_equal(replaces.call_id, TEXT("98@h")));
    assert_true(text_equal(replaces.to_tag, TEXT("12")));
    assert_true(text_equal(replaces.from_tag, TEXT("r33")));
    assert_false(replaces.is_early_only);
    assert_int_equal(read_lines("replaces: 98@h ; to-tag=12;x=y ;FROM-TAG=r33;early-only\r\n"),
                     SIP_REPLACES_READ);
    assert_true(text_equal(replaces.call_id, TEXT("98@h")));
    assert_true(replaces.is_early_only);
}

static void what_is_malformed_names_nothing(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Replaces: \r\n",
        "Replaces: 98@h\r\n",
        "Replaces: 98@h;to-tag=12\r\n",
        "Replaces: 98@h;from-tag=12\r\n",
        "Replaces: 98@h;to-tag=;from-tag=12\r\n",
        "Replaces: 98@h;to-tag;from-tag=12\r\n",
        "Replaces: ;to-tag=1;from-tag=12\r\n",
        "Replaces: 98@h;to-tag=1;from-tag=2\r\nReplaces: 99@h;to-tag=1;from-tag=2\r\n",
        "Replaces: 98@h;to-tag=1;from-tag=2\r\nJoin: 99@h;to-tag=1;from-tag=2\r\n",
    };
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
        assert_int_equal(read_lines(lines[i]), SIP_REPLACES_BROKEN);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char line[128];
    struct text_out out = {.p = line, .max = sizeof(line) - 1};
    const struct sip_replaces r = {TEXT("98@h"), TEXT("12"), TEXT("r33"), true};
    sip_replaces_put(&out, &r);
    line[out.n] = '\0';
    assert_int_equal(read_lines(line), SIP_REPLACES_READ);
    assert_true(text_equal(replaces.to_tag, r.to_tag) && replaces.is_early_only);
}

static void a_reason_is_written_and_shown_by_its_number(void **state)
{
    (void)state;
    static const struct {
        const char *value, *title; /* NULL: none */
    } cases[] = {
        {"SIP;cause=200;text=\"Call completed elsewhere\"", "SIP 200"},
        {" Q.850 ; cause=16 ;text=\"+33612345678, bye\"", "Q.850 16"},
        {"q.850;cause=31, SIP;cause=480", "q.850 31"},
        {"preemption;cause=1", NULL},
        {"SIP", NULL},
        {"SIP;cause", NULL},
        {"SIP;cause=1000", NULL},
        {"SIP;cause=06123", NULL},
        {"", NULL},
    };
    char bytes[96];
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_out out = {.p = bytes, .max = sizeof(bytes)};
        bool has = sip_reason_title(&out, text_of(cases[i].value));
        assert_int_equal(has, cases[i].title != NULL);
        assert_true(!has || text_equal((struct text){bytes, out.n}, text_of(cases[i].title)));
    }
    struct text_out out = {.p = bytes, .max = sizeof(bytes) - 1};
    sip_reason_put(&out, 200);
    bytes[out.n] = '\0';
    assert_string_equal(bytes, "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n");
    out.n = 0;
    sip_reason_put(&out, 408);
    bytes[out.n] = '\0';
    assert_string_equal(bytes, "Reason: SIP;cause=408;text=\"Request Timeout\"\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dialog_is_named_in_each_form),
        cmocka_unit_test(what_is_malformed_names_nothing),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_reason_is_written_and_shown_by_its_number),
    };
    return cmocka_run_group_tests_name("sip/replaces", tests, NULL, NULL);
}
