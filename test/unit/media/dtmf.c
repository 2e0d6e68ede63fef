/* dtmf.c — tests of keys as telephone events: whatever is lost, a press is one press. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "media/dtmf.h"
#include "media/rtp.h"

#define FRAME 160

struct story {
    struct dtmf_in in;
    ms_t at;
    char told[64]; /* "+5-5": begun, ended */
    unsigned told_n;
    uint16_t lasted_ms;
};

static void tell(struct story *s, char what, char key)
{
    if (key == 0)
        return;
    s->told[s->told_n++] = what;
    s->told[s->told_n++] = key;
}

static void tell_news(struct story *s, const struct dtmf_news *news)
{
    tell(s, '-', news->ended_before);
    tell(s, '+', news->begun);
    tell(s, '-', news->ended);
    s->lasted_ms = news->ended ? news->ended_ms : news->ended_before ? news->before_ms : 0;
}

static bool take(struct story *s, unsigned event, uint32_t ticks, int ticks_n)
{
    struct dtmf_news news;
    bool is_end = ticks_n < 0;
    uint8_t payload[4] = {(uint8_t)event, is_end ? 0x80 : 0};
    net_put_u16(payload + 2, (uint32_t)(is_end ? -ticks_n : ticks_n));
    struct dtmf_packet p = {ticks, payload, sizeof(payload), s->at += 20, false};
    bool is_key = dtmf_in_take(&s->in, &p, &news);
    tell_news(s, &news);
    return is_key;
}

static void pass(struct story *s, ms_t ms)
{
    struct dtmf_news news;
    s->at += ms;
    dtmf_in_wait(&s->in, s->at, &news);
    tell_news(s, &news);
}

static void a_press_is_told_once_whatever_part_of_it_arrives(void **state)
{
    (void)state;
    for (unsigned lost = 0; lost < 63; lost++) { /* six packets, any of them lost but one */
        struct story s = {.at = 1000};
        for (unsigned i = 0; i < 6; i++)
            if (!(lost & 1u << i))
                take(&s, 5, 4000, i < 3 ? (int)(i + 1) * FRAME : -3 * FRAME);
        pass(&s, DTMF_LOST_END_MS);
        pass(&s, 1000);
        assert_string_equal(s.told, "+5-5");
    }
}

static void a_lost_end_is_made_up_for_by_time_or_by_the_next_key(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    take(&s, 1, 4000, FRAME);
    take(&s, 1, 4000, 2 * FRAME);
    pass(&s, DTMF_LOST_END_MS - 1);
    assert_string_equal(s.told, "+1");
    pass(&s, 1);
    assert_string_equal(s.told, "+1-1");
    assert_int_equal(s.lasted_ms, 40);
    take(&s, 1, 4000, 3 * FRAME); /* late: the press is over */
    take(&s, 2, 9000, FRAME);
    take(&s, 3, 9900, FRAME);
    assert_string_equal(s.told, "+1-1+2-2+3");
}

static void late_and_doubled_packets_of_an_earlier_press_are_nothing(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    take(&s, 1, UINT32_MAX - 100, -FRAME); /* the ticks go around */
    take(&s, 2, 700, FRAME);
    take(&s, 1, UINT32_MAX - 100, -FRAME);
    take(&s, 2, 700, -2 * FRAME);
    take(&s, 2, 700, -2 * FRAME);
    take(&s, 2, 700, FRAME);
    assert_string_equal(s.told, "+1-1+2-2");
}

static void the_same_key_twice_is_two_presses(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    take(&s, 10, 1000, -FRAME);
    take(&s, 10, 2000, -FRAME);
    assert_string_equal(s.told, "+*-*+*-*");
}

static void a_very_long_press_in_segments_is_one(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    take(&s, 11, 1000, 65535);
    take(&s, 11, 1000 + 65535, FRAME);
    take(&s, 11, 1000 + 65535, -800);
    assert_string_equal(s.told, "+#-#");
    assert_int_equal(s.lasted_ms, 65535 / 8 + 100);
}

static void what_is_no_key_is_said_so(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    struct dtmf_news news;
    uint8_t payload[4] = {1, 0, 0, 160};
    struct dtmf_packet p = {1, payload, 3, 1000, false};
    assert_false(take(&s, 16, 1000, FRAME)); /* flash */
    assert_false(take(&s, 255, 1000, FRAME));
    assert_false(dtmf_in_take(&s.in, &p, &news));
    assert_string_equal(s.told, "");
    assert_true(dtmf_is_key('A') && dtmf_is_key('0') && dtmf_is_key('#'));
    assert_false(dtmf_is_key('E') || dtmf_is_key('\0') || dtmf_is_key('a'));
}

static void what_we_press_is_what_we_would_hear(void **state)
{
    (void)state;
    struct story s = {.at = 1000};
    struct dtmf_out out;
    struct dtmf_frame frame;
    struct dtmf_news news;
    struct media_keys keys = {.number = 1, .n = 6, .keys = {'0', '0', '9', '*', '#', 'D'}};
    uint32_t ticks = 5000;
    unsigned firsts_n = 0;
    dtmf_out_begin(&out, &keys);
    for (; dtmf_out_next(&out, ticks, &frame); ticks += FRAME) {
        struct dtmf_packet p = {frame.ticks, frame.payload, 4, s.at += 20, false};
        firsts_n += frame.has_packet && frame.is_first;
        if (frame.has_packet && dtmf_in_take(&s.in, &p, &news))
            tell_news(&s, &news);
    }
    assert_string_equal(s.told, "+0-0+0-0+9-9+*-*+#-#+D-D");
    assert_int_equal(firsts_n, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_press_is_told_once_whatever_part_of_it_arrives),
        cmocka_unit_test(a_lost_end_is_made_up_for_by_time_or_by_the_next_key),
        cmocka_unit_test(late_and_doubled_packets_of_an_earlier_press_are_nothing),
        cmocka_unit_test(the_same_key_twice_is_two_presses),
        cmocka_unit_test(a_very_long_press_in_segments_is_one),
        cmocka_unit_test(what_is_no_key_is_said_so),
        cmocka_unit_test(what_we_press_is_what_we_would_hear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
