/* voice.c — do they speak? Told once to who asks; not of a click, of a murmur, nor of what comes
 * back of our own words. */
#include "test/support/telephone.h"

#define VOICE 16  /* of 128: 4,096, -18 dBov */
#define QUIET 2   /* 512, -36 dBov: speech of a bad line, and our words that come back */
#define MURMUR 0  /* 8, -72 dBov */
#define FRAMES 10 /* MEDIA_VOICE_MS of them */

static void say(struct studio *s, struct telephone *p, int value, unsigned frames_n)
{
    for (unsigned i = 0; i < frames_n; i++) {
        telephone_say(p, studio_code(MEDIA_PCMA, value), STUDIO_FRAME);
        studio_run(s, 20);
    }
    studio_run(s, 60); /* a waiting one is read every third frame */
}

static void open_both(struct studio *s, struct telephone *p, uint32_t number)
{
    studio_open(s);
    telephone_open(p, s);
    p->want.voice_number = number;
    p->want.then = MEDIA_SILENCE;
    telephone_set(p, s);
    studio_run(s, 20);
}

static void close_both(struct studio *s, struct telephone *p)
{
    telephone_close(p);
    studio_close(s);
}

static void a_voice_is_told_once_for_each_time_that_it_is_asked(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, 7);
    say(&s, &p, QUIET, FRAMES - 1);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 0);
    say(&s, &p, QUIET, 1);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 1);
    assert_int_equal(studio_find(&s, p.ref, MEDIA_VOICE, 0)->voice_number, 7);
    say(&s, &p, VOICE, 3 * FRAMES);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 1);
    p.want.voice_number = 8;
    telephone_set(&p, &s);
    studio_run(&s, 20);
    say(&s, &p, VOICE, FRAMES);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 2);
    close_both(&s, &p);
}

static void a_click_and_a_murmur_are_none(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, 7);
    say(&s, &p, MURMUR, 5 * FRAMES);
    for (unsigned i = 0; i < 10; i++) {
        say(&s, &p, VOICE, 2);
        say(&s, &p, MURMUR, 1); /* twice against it */
    }
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 0);
    close_both(&s, &p);
}

/* « Al-lô ? »: a pause within a word is shorter than the word. */
static void the_pause_within_a_word_ends_none(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, 7);
    say(&s, &p, VOICE, 7);
    say(&s, &p, MURMUR, 1);
    say(&s, &p, VOICE, 5);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 1);
    close_both(&s, &p);
}

static void our_own_words_that_come_back_are_none(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, 0);
    p.want.voice_number = p.want.list.number = 9;
    p.want.list.n = 1;
    p.want.list.ids[0] = studio_prompt(&s, 100, 1); /* two seconds */
    telephone_set(&p, &s);
    studio_run(&s, 20);
    say(&s, &p, QUIET, 2 * FRAMES);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 0);
    say(&s, &p, VOICE, FRAMES); /* who speaks over them is louder */
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 1);
    close_both(&s, &p);
}

static void who_is_not_asked_about_is_not_listened_to(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    open_both(&s, &p, 0);
    say(&s, &p, VOICE, 3 * FRAMES);
    assert_int_equal(studio_count(&s, p.ref, MEDIA_VOICE), 0);
    close_both(&s, &p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voice_is_told_once_for_each_time_that_it_is_asked),
        cmocka_unit_test(a_click_and_a_murmur_are_none),
        cmocka_unit_test(the_pause_within_a_word_ends_none),
        cmocka_unit_test(our_own_words_that_come_back_are_none),
        cmocka_unit_test(who_is_not_asked_about_is_not_listened_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
