/* measure.c — a measured stream: the first sound and its level, the spacing of packets, whose it
 * is; and that another stream pays nothing and tells nothing of it. */
#include "test/support/telephone.h"

#define LOUD 31 /* of 128: 7,936 */

static void say(struct studio *s, struct telephone *p, int value, unsigned frames_n)
{
    for (unsigned i = 0; i < frames_n; i++) {
        telephone_say(p, studio_code(MEDIA_PCMA, value), STUDIO_FRAME);
        studio_run(s, 20);
    }
}

static void open_both(struct studio *s, struct telephone *p, bool is_measured)
{
    studio_open(s);
    telephone_open(p, s);
    p->want.is_measured = is_measured;
    p->want.user = 77;
    p->want.then = MEDIA_LOOP;
    p->want.loop_id = studio_prompt(s, 50, 1);
    telephone_set(p, s);
    studio_run(s, 20);
}

static void the_first_sound_is_told_once_with_its_level(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, true);
    say(&s, &p, 0, 20);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_SOUND), 0);
    ms_t before_at = s.at;
    say(&s, &p, LOUD, MEDIA_SOUND_FRAMES - 1);
    studio_run(&s, 60);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_SOUND), 0);
    say(&s, &p, LOUD, 30);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_SOUND), 1);
    const struct media_report *r = studio_find(&s, p.ref, MEDIA_SOUND, 0);
    assert_int_equal(r->user, 77);
    assert_true(r->sound.at > before_at - 1000 && r->sound.at <= before_at + 60);
    assert_in_range(-r->sound.level_cdb, 1150, 1300); /* 8000 of 32768: -12.2 dB */
    telephone_close(&p);
    studio_close(&s);
}

static void the_spacing_of_packets_is_counted_and_their_end_is_told_whose_it_was(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    struct histogram h;
    open_both(&s, &p, true);
    say(&s, &p, LOUD, 51);
    studio_run(&s, 60);
    media_spacing(s.media, &h);
    assert_int_equal(h.n, 50);
    assert_true(h.max > 0 && h.max < 60000000);
    p.seq = (uint16_t)(p.seq - 2); /* one that came twice counts for nothing */
    say(&s, &p, LOUD, 1);
    studio_run(&s, 60);
    media_spacing(s.media, &h);
    assert_int_equal(h.n, 50);
    s.port.drop(s.port.arg, p.ref);
    studio_run(&s, 20);
    const struct media_report *r = studio_find(&s, p.ref, MEDIA_CLOSED, 0);
    assert_non_null(r);
    assert_int_equal(r->user, 77);
    assert_int_equal(r->counts.received_n, 52);
    telephone_close(&p);
    studio_close(&s);
}

static void a_stream_that_is_not_measured_tells_nothing_of_it(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p, other;
    struct histogram h;
    open_both(&s, &p, false);
    telephone_open(&other, &s); /* beside a measured one */
    other.want.is_measured = true;
    telephone_set(&other, &s);
    say(&s, &p, LOUD, 40);
    studio_run(&s, 60);
    media_spacing(s.media, &h);
    assert_int_equal(h.n, 0);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_SOUND), 0);
    telephone_close(&p);
    telephone_close(&other);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_sound_is_told_once_with_its_level),
        cmocka_unit_test(the_spacing_of_packets_is_counted_and_their_end_is_told_whose_it_was),
        cmocka_unit_test(a_stream_that_is_not_measured_tells_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
