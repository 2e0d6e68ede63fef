/* timer.c — the session timer as RFC 4028 has it: what headers say, §9 with its table 2, §7, when
 * to refresh and when to give up, at each bound and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/timer.h"

#define NOW_AT ((ms_t)1790000000000)

/* An INVITE with these header lines. */
static bool said_by(struct sip_timer_said *said, const char *lines)
{
    static struct sip_read read;
    char bytes[1024];
    int n = snprintf(bytes, sizeof(bytes),
                     "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                     "From: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
                     "%s\r\n",
                     lines);
    assert_int_equal(sip_read(&read, bytes, (size_t)n), SIP_READ_OK);
    return sip_timer_read(said, &read);
}

static void headers_are_read_in_each_form(void **state)
{
    (void)state;
    struct sip_timer_said said;
    assert_true(said_by(&said, ""));
    assert_false(said.is_supported || said.has_interval || said.has_allow || said.min_s);
    assert_true(said_by(&said, "Supported: 100rel, timer\r\nSession-Expires: 90\r\n"));
    assert_true(said.is_supported && said.has_interval);
    assert_int_equal(said.interval_s, 90);
    assert_int_equal(said.refresher, SIP_TIMER_ANY);
    assert_true(said_by(&said, "k: TIMER\r\nx: 1800 ; refresher=UAS;a=b\r\nMin-SE: 120;c\r\n"));
    assert_true(said.is_supported);
    assert_int_equal(said.interval_s, 1800);
    assert_int_equal(said.min_s, 120);
    assert_int_equal(said.refresher, SIP_TIMER_UAS);
    assert_true(said_by(&said, "Require: timer\r\nSession-Expires: 4294967295;refresher=uac\r\n"));
    assert_true(said.is_supported);
    assert_int_equal(said.interval_s, UINT32_MAX);
    assert_int_equal(said.refresher, SIP_TIMER_UAC);
    assert_true(said_by(&said, "Supported: timers\r\nAllow: INVITE, update\r\nAllow: ACK\r\n"));
    assert_false(said.is_supported);
    assert_true(said.has_allow);
    assert_true(said_by(&said, "Allow: INVITE\r\nAllow: BYE, UPDATE\r\n"));
    assert_true(said.allows_update);
}

static void what_is_malformed_says_nothing(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Session-Expires: \r\n",
        "Session-Expires: often\r\n",
        "Session-Expires: -1\r\n",
        "Session-Expires: 4294967296\r\n",
        "Session-Expires: 90;refresher=me\r\n",
        "Session-Expires: 90;refresher\r\n",
        "Session-Expires: 90\r\nx: 90\r\n",
        "Session-Expires: 1800\r\nMin-SE: soon\r\n",
        "Min-SE: 90\r\nMin-SE: 90\r\n",
    };
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        struct sip_timer_said said;
        if (said_by(&said, lines[i]))
            fail_msg("taken: %s", lines[i]);
        assert_false(said.has_interval);
        assert_int_equal(said.min_s, 0);
    }
}

/* §9: supported, interval (0: none), refresher → interval, ours, or 422. */
static const struct {
    bool is_supported;
    uint32_t interval_s; /* 0: no header */
    enum sip_timer_refresher refresher;
    uint16_t status;
    uint32_t agreed_s;
    bool is_ours;
} asked[] = {
    {false, 0, SIP_TIMER_ANY, 0, 0, false},
    {true, 0, SIP_TIMER_ANY, 0, 0, false},
    {false, 1800, SIP_TIMER_ANY, 0, 1800, true},
    {false, 1800, SIP_TIMER_UAC, 0, 1800, true},
    {false, 1800, SIP_TIMER_UAS, 0, 1800, true},
    {true, 1800, SIP_TIMER_ANY, 0, 1800, false},
    {true, 1800, SIP_TIMER_UAC, 0, 1800, false},
    {true, 1800, SIP_TIMER_UAS, 0, 1800, true},
    {true, 90, SIP_TIMER_UAS, 0, 90, true},
    {true, 89, SIP_TIMER_UAS, 422, 0, false},
    {true, 1, SIP_TIMER_ANY, 422, 0, false},
    {false, 90, SIP_TIMER_ANY, 0, 90, true},
    {false, 89, SIP_TIMER_ANY, 0, 0, false},
    {true, UINT32_MAX, SIP_TIMER_UAC, 0, UINT32_MAX, false},
};

static void each_request_gets_what_table_2_says(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(asked); i++) {
        const struct sip_timer none = {0};
        const struct sip_timer_said said = {.is_supported = asked[i].is_supported,
                                            .has_interval = asked[i].interval_s != 0,
                                            .interval_s = asked[i].interval_s,
                                            .refresher = asked[i].refresher};
        if (sip_timer_status(&said) != asked[i].status)
            fail_msg("row %u: status", i);
        if (asked[i].status)
            continue;
        struct sip_timer t = sip_timer_answer(&none, &said);
        if (t.interval_s != asked[i].agreed_s || t.is_ours != asked[i].is_ours)
            fail_msg("row %u: %u, %d", i, t.interval_s, t.is_ours);
    }
    const struct sip_timer_said zero = {.is_supported = true, .has_interval = true};
    assert_int_equal(sip_timer_status(&zero), 422);
}

static void what_stands_goes_on_as_long_as_they_support_it(void **state)
{
    (void)state;
    const struct sip_timer stands[] = {{.interval_s = 600}, {.interval_s = 600, .is_ours = true}};
    for (unsigned i = 0; i < 2; i++) {
        const struct sip_timer_said supports = {.is_supported = true}, silent = {0};
        struct sip_timer t = sip_timer_answer(&stands[i], &supports);
        assert_int_equal(t.interval_s, 600);
        assert_int_equal(t.is_ours, stands[i].is_ours);
        assert_int_equal(sip_timer_answer(&stands[i], &silent).interval_s, 0);
    }
}

static void a_2xx_says_the_interval_and_who_refreshes(void **state)
{
    (void)state;
    static const struct {
        bool has;
        uint32_t interval_s;
        enum sip_timer_refresher refresher;
        uint32_t agreed_s;
        bool is_ours;
    } rows[] = {
        {false, 0, SIP_TIMER_ANY, 0, false},      {true, 1800, SIP_TIMER_UAC, 1800, true},
        {true, 1800, SIP_TIMER_UAS, 1800, false}, {true, 1800, SIP_TIMER_ANY, 1800, true},
        {true, 90, SIP_TIMER_UAC, 90, true},      {true, 89, SIP_TIMER_UAC, 90, true},
        {true, 0, SIP_TIMER_UAS, 90, false},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        const struct sip_timer before = {.interval_s = 700, .min_s = 120};
        const struct sip_timer_said said = {.has_interval = rows[i].has,
                                            .interval_s = rows[i].interval_s,
                                            .refresher = rows[i].refresher};
        struct sip_timer t = sip_timer_hear(&before, &said);
        if (t.interval_s != rows[i].agreed_s || t.is_ours != rows[i].is_ours)
            fail_msg("row %u: %u, %d", i, t.interval_s, t.is_ours);
        assert_int_equal(t.min_s, 120);
    }
}

static void it_is_refreshed_at_half_time_and_given_up_before_the_end(void **state)
{
    (void)state;
    static const struct {
        uint32_t interval_s;
        ms_t refresh_ms, end_ms;
    } rows[] = {{90, 45000, 60000}, /* a third is less than 32 s */
                {95, 47500, 63334}, /* 31.666 s */
                {96, 48000, 64000}, /* both are 32 s */
                {97, 48500, 65000}, /* 32 s are less than a third */
                {1800, 900000, 1768000}, {UINT32_MAX, 2147483647500, 4294967263000}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct sip_timer t = {.interval_s = rows[i].interval_s, .is_ours = true};
        sip_timer_begin(&t, NOW_AT);
        assert_int_equal(t.refresh_at - NOW_AT, rows[i].refresh_ms);
        assert_int_equal(t.end_at - NOW_AT, rows[i].end_ms);
        assert_int_equal(sip_timer_next_at(&t), t.refresh_at);
        t.is_ours = false; /* we watch */
        sip_timer_begin(&t, NOW_AT);
        assert_int_equal(t.refresh_at, MS_NEVER);
        assert_int_equal(sip_timer_next_at(&t), NOW_AT + rows[i].end_ms);
    }
    struct sip_timer none = {.is_ours = true};
    sip_timer_begin(&none, NOW_AT);
    assert_int_equal(sip_timer_next_at(&none), MS_NEVER);
}

static void a_422_raises_what_we_ask_for_within_its_bound(void **state)
{
    (void)state;
    static const struct {
        uint32_t interval_s, min_s, said_s;
        bool is_taken;
    } rows[] = {
        {0, 0, 1800, false}, {0, 0, 1801, true},    {0, 0, 0, false},
        {0, 0, 86400, true}, {0, 0, 86401, false},  {90, 0, 91, true},
        {90, 0, 90, false},  {90, 120, 120, false}, {90, 120, 121, true},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct sip_timer t = {.interval_s = rows[i].interval_s, .min_s = rows[i].min_s};
        const struct sip_timer_said said = {.min_s = rows[i].said_s};
        if (sip_timer_raise(&t, &said) != rows[i].is_taken)
            fail_msg("row %u", i);
        assert_int_equal(t.min_s, rows[i].is_taken ? rows[i].said_s : rows[i].min_s);
    }
}

static const char *written(const struct sip_timer *t, bool is_answer)
{
    static char bytes[SIP_TIMER_LINES_MAX + 1];
    struct text_out out = {.p = bytes, .max = SIP_TIMER_LINES_MAX};
    if (is_answer)
        sip_timer_put_answer(&out, t);
    else
        sip_timer_put_ask(&out, t);
    assert_false(out.is_cut);
    bytes[out.n] = '\0';
    return bytes;
}

static void the_lines_say_what_is_wanted_and_agreed(void **state)
{
    (void)state;
    struct sip_timer t = {0};
    assert_string_equal(written(&t, false),
                        "Supported: timer\r\nSession-Expires: 1800\r\nMin-SE: 90\r\n");
    assert_string_equal(written(&t, true), "Supported: timer\r\n");
    t.min_s = 3600;
    assert_string_equal(written(&t, false),
                        "Supported: timer\r\nSession-Expires: 3600\r\nMin-SE: 3600\r\n");
    t = (struct sip_timer){.interval_s = UINT32_MAX, .is_ours = true};
    assert_string_equal(written(&t, false), "Supported: timer\r\nSession-Expires: "
                                            "4294967295;refresher=uac\r\nMin-SE: 90\r\n");
    assert_string_equal(written(&t, true),
                        "Supported: timer\r\nSession-Expires: 4294967295;refresher=uas\r\n");
    t.is_ours = false;
    assert_string_equal(written(&t, true), "Supported: timer\r\nSession-Expires: "
                                           "4294967295;refresher=uac\r\nRequire: timer\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read_in_each_form),
        cmocka_unit_test(what_is_malformed_says_nothing),
        cmocka_unit_test(each_request_gets_what_table_2_says),
        cmocka_unit_test(what_stands_goes_on_as_long_as_they_support_it),
        cmocka_unit_test(a_2xx_says_the_interval_and_who_refreshes),
        cmocka_unit_test(it_is_refreshed_at_half_time_and_given_up_before_the_end),
        cmocka_unit_test(a_422_raises_what_we_ask_for_within_its_bound),
        cmocka_unit_test(the_lines_say_what_is_wanted_and_agreed),
    };
    return cmocka_run_group_tests_name("sip/timer", tests, NULL, NULL);
}
