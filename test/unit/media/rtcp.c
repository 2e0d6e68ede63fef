/* rtcp.c — tests of RTCP, read and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "media/rtcp.h"
#include "media/rtp.h"

#define OURS 0x1234u
#define THEIRS 0x9876u

static struct rtcp_say a_report(void)
{
    return (struct rtcp_say){
        .ssrc = THEIRS,
        .is_sender = true,
        .has_block = true,
        .ntp = 0x1122334455667788,
        .ticks = 160,
        .packets_n = 3,
        .bytes_n = 480,
        .about_ssrc = OURS,
        .lost_share = 25,
        .seq_max = 70000,
        .block = {.lost_n = 12, .jitter_ticks = 9, .last_sr = 7, .since_sr = 5},
        .name = "0123456789abcde"};
}

static enum rtcp_verdict read(struct rtcp_news *news, const uint8_t *bytes, size_t n)
{
    struct rtcp_bytes in = {bytes, n, OURS};
    return rtcp_read(news, &in);
}

static void what_is_said_is_understood(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct rtcp_news news;
    for (unsigned i = 0; i < 8; i++) {
        struct rtcp_say say = a_report();
        say.is_sender = i & 1;
        say.has_block = i & 2;
        say.is_bye = i & 4;
        size_t n = rtcp_write(bytes, &say);
        assert_int_equal(n % 4, 0);
        assert_int_equal(read(&news, bytes, n), RTCP_GOOD);
        assert_int_equal(news.ssrc, THEIRS);
        assert_true(news.has_sr == say.is_sender && news.has_block == say.has_block);
        assert_true(news.has_bye == say.is_bye);
        assert_int_equal(news.sr_middle, say.is_sender ? 0x33445566 : 0);
        assert_int_equal(news.block.lost_n, say.has_block ? 12 : 0);
        assert_int_equal(news.block.since_sr, say.has_block ? 5 : 0);
    }
}

static void a_block_about_somebody_else_says_nothing(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct rtcp_news news;
    struct rtcp_say say = a_report();
    say.about_ssrc = 1;
    assert_int_equal(read(&news, bytes, rtcp_write(bytes, &say)), RTCP_GOOD);
    assert_false(news.has_block);
}

static void what_does_not_hold_together_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX], changed[RTCP_BYTES_MAX];
    struct rtcp_news news;
    struct rtcp_say say = a_report();
    size_t n = rtcp_write(bytes, &say), report_n = 4u * (net_u16(bytes + 2) + 1u);
    for (size_t cut = 0; cut < n; cut++)
        if (cut != report_n)
            assert_int_not_equal(read(&news, bytes, cut), RTCP_GOOD);
    memcpy(changed, bytes, n);
    changed[0] = (uint8_t)(changed[0] + 1); /* one block more than there is room for */
    assert_int_equal(read(&news, changed, n), RTCP_DAMAGED);
    memcpy(changed, bytes, n);
    changed[0] |= 0x20; /* padding in the first of several */
    assert_int_equal(read(&news, changed, n), RTCP_FOREIGN);
    memcpy(changed, bytes, n);
    changed[1] = 202; /* does not begin with a report */
    assert_int_equal(read(&news, changed, n), RTCP_FOREIGN);
    changed[1] = 200;
    changed[report_n] = 0x40; /* another version further on */
    assert_int_equal(read(&news, changed, n), RTCP_DAMAGED);
}

static void more_losses_than_fit_are_cut_and_negative_ones_are_none(void **state)
{
    (void)state;
    uint8_t bytes[RTCP_BYTES_MAX];
    struct rtcp_news news;
    struct rtcp_say say = a_report();
    say.block.lost_n = UINT32_MAX;
    size_t n = rtcp_write(bytes, &say);
    assert_int_equal(read(&news, bytes, n), RTCP_GOOD);
    assert_int_equal(news.block.lost_n, 0x7fffff);
    memset(bytes + 28 + 5, 0xff, 3);
    assert_int_equal(read(&news, bytes, n), RTCP_GOOD);
    assert_int_equal(news.block.lost_n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_understood),
        cmocka_unit_test(a_block_about_somebody_else_says_nothing),
        cmocka_unit_test(what_does_not_hold_together_is_refused),
        cmocka_unit_test(more_losses_than_fit_are_cut_and_negative_ones_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
