/* mix.c — three who hear each other, one who listens to two, and who hears whom: never themselves,
 * nobody who does not want it, and never louder than the line can say. */
#include "media/mix.h"
#include "test/support/song.h"

#define PEOPLE 4

struct room {
    struct studio s;
    struct telephone people[PEOPLE];
};

static const double tones[PEOPLE] = {400, 700, 1000, 1300};

static void room_open(struct room *r, unsigned n)
{
    memset(r, 0, sizeof(*r));
    studio_open(&r->s);
    for (unsigned i = 0; i < n; i++)
        telephone_open(&r->people[i], &r->s);
}

static void room_close(struct room *r)
{
    for (unsigned i = 0; i < PEOPLE; i++)
        if (r->people[i].takes)
            telephone_close(&r->people[i]);
    studio_close(&r->s);
}

/* whom: a bit for each person who is heard. */
static void hears(struct room *r, unsigned who, unsigned whom)
{
    struct media_want *want = &r->people[who].want;
    unsigned n = 0;
    want->then = MEDIA_MIX;
    want->mix_number = 5;
    memset(want->hears, 0, sizeof(want->hears));
    for (unsigned i = 0; i < PEOPLE; i++)
        if (whom & 1u << i)
            want->hears[n++] = r->people[i].ref;
    telephone_set(&r->people[who], &r->s);
}

static void conversation_of_three(struct room *r)
{
    hears(r, 0, 2 | 4);
    hears(r, 1, 1 | 4);
    hears(r, 2, 1 | 2);
}

/* Two seconds in which each one sings their own tone; what was heard before is forgotten. */
static void all_sing(struct room *r, unsigned n, double peak)
{
    for (unsigned i = 0; i < 110; i++) {
        for (unsigned k = 0; k < n; k++)
            sing(&r->people[k], tones[k], peak, STUDIO_FRAME);
        for (unsigned ms = 0; ms < 20; ms++) {
            studio_run(&r->s, 1);
            for (unsigned k = 0; k < n; k++)
                telephone_listen(&r->people[k], r->s.at);
        }
        for (unsigned k = 0; k < n && i == 9; k++)
            r->people[k].takes_n = 0;
    }
}

static bool is_heard(struct room *r, unsigned who, unsigned whom, double peak)
{
    double found = heard_peak(&r->people[who], tones[whom]) / peak;
    assert_true(found < 0.03 || (found > 0.9 && found < 1.1));
    return found > 0.5;
}

static void assert_hears(struct room *r, unsigned who, unsigned whom)
{
    for (unsigned i = 0; i < PEOPLE; i++)
        if (r->people[i].takes)
            assert_int_equal(is_heard(r, who, i, 4000), whom >> i & 1);
}

static void three_hear_each_other_at_their_level_and_nobody_hears_themselves(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 2 | 4);
    assert_hears(&r, 1, 1 | 4);
    assert_hears(&r, 2, 1 | 2);
    room_close(&r);
}

static void frames_are_even_and_their_numbers_go_on(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    const struct telephone *p = &r.people[0];
    assert_int_equal(p->takes_n, 100);
    for (unsigned i = 1; i < p->takes_n; i++) {
        assert_int_equal(p->takes[i].at - p->takes[i - 1].at, 20);
        assert_int_equal((uint16_t)(p->takes[i].head.seq - p->takes[i - 1].head.seq), 1);
        assert_int_equal(p->takes[i].head.ticks - p->takes[i - 1].head.ticks, STUDIO_FRAME);
    }
    room_close(&r);
}

static void different_laws_meet(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    telephone_law(&r.people[1], MEDIA_PCMU);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    assert_int_equal(r.people[1].takes[5].head.type, 0);
    assert_hears(&r, 0, 2 | 4);
    assert_hears(&r, 1, 1 | 4);
    room_close(&r);
}

static void who_listens_is_not_heard_and_who_whispers_is_heard_by_one(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    hears(&r, 0, 2);
    hears(&r, 1, 1);
    hears(&r, 2, 1 | 2); /* listens */
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 2);
    assert_hears(&r, 1, 1);
    assert_hears(&r, 2, 1 | 2);
    hears(&r, 1, 1 | 4); /* to whom it whispers */
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 2);
    assert_hears(&r, 1, 1 | 4);
    room_close(&r);
}

static void nobody_is_heard_under_another_number_or_without_wanting_it(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    r.people[1].want.mix_number = 6;
    telephone_set(&r.people[1], &r.s);
    r.people[2].want.then = MEDIA_SILENCE;
    telephone_set(&r.people[2], &r.s);
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 0);
    assert_hears(&r, 1, 0);
    room_close(&r);
}

static void held_ones_are_not_heard(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    r.people[1].want.direction = MEDIA_SENDONLY;
    telephone_set(&r.people[1], &r.s);
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 4);
    room_close(&r);
}

/* Of the same tone at once: what is heard stays within the law, and never jumps. */
static void three_who_shout_are_never_louder_than_the_line(void **state)
{
    (void)state;
    struct room r;
    int most = 0, step = 0, before = 0;
    room_open(&r, 4);
    for (unsigned i = 0; i < 4; i++)
        hears(&r, i, 15u & ~(1u << i));
    for (unsigned i = 0; i < 60; i++) {
        for (unsigned k = 0; k < 4; k++) {
            r.people[k].ticks = i * STUDIO_FRAME;
            sing(&r.people[k], 100, 30000, STUDIO_FRAME);
        }
        studio_run(&r.s, 20);
        telephone_listen(&r.people[0], r.s.at);
    }
    for (unsigned i = 10; i < r.people[0].takes_n; i++)
        for (unsigned k = 0; k < STUDIO_FRAME; k++) {
            int v = g711_decode(MEDIA_PCMA, r.people[0].takes[i].payload[k]);
            most = abs(v) > most ? abs(v) : most;
            step = (i > 10 || k) && abs(v - before) > step ? abs(v - before) : step;
            before = v;
        }
    assert_true(most <= 32256 && most > 29000);
    assert_true(step < 9000); /* three times the steepest of the tone: 7,100 */
    room_close(&r);
}

static void a_sentence_to_one_is_heard_by_one_and_then_they_go_on(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    uint16_t sentence = studio_prompt(&r.s, 10, 40);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    r.people[0].want.list = (struct media_list){.number = 1, .n = 1, .ids = {sentence}};
    telephone_set(&r.people[0], &r.s);
    r.people[0].takes_n = 0;
    for (unsigned ms = 0; ms < 100; ms++) {
        studio_run(&r.s, 1);
        telephone_listen(&r.people[0], r.s.at);
    }
    assert_int_equal(r.people[0].takes[2].payload[0], studio_code(MEDIA_PCMA, 42));
    all_sing(&r, 3, 4000);
    assert_hears(&r, 0, 2 | 4);
    assert_hears(&r, 1, 1 | 4);
    room_close(&r);
}

static void when_one_leaves_the_others_go_on(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    r.s.port.drop(r.s.port.arg, r.people[2].ref);
    all_sing(&r, 2, 4000);
    assert_hears(&r, 0, 2);
    assert_hears(&r, 1, 1);
    room_close(&r);
}

static void keys_are_told_and_do_not_pass(void **state)
{
    (void)state;
    struct room r;
    room_open(&r, 3);
    conversation_of_three(&r);
    all_sing(&r, 3, 4000);
    for (unsigned k = 0; k < 3; k++)
        r.people[k].takes_n = 0;
    telephone_press(&r.people[0], 3);
    all_sing(&r, 3, 4000);
    assert_int_equal(studio_find(&r.s, r.people[0].ref, MEDIA_KEY_BEGUN, 0)->key.key, '3');
    for (unsigned i = 0; i < r.people[1].takes_n; i++)
        assert_int_equal(r.people[1].takes[i].head.type, 8);
    room_close(&r);
}

/* One more than there are lines is there, hears, and is not heard. */
static void past_the_bound_one_is_not_heard(void **state)
{
    (void)state;
    struct studio s;
    static struct telephone people[MIX_MAX + 1];
    uint16_t first = studio_free_port();
    studio_open_with(&s, (struct media_args){.streams_max = MIX_MAX + 20,
                                             .port_first = first,
                                             .port_last = (uint16_t)(first + STUDIO_PORTS_N - 1)});
    for (unsigned i = 0; i <= MIX_MAX; i++) {
        telephone_open(&people[i], &s);
        people[i].want.then = MEDIA_MIX;
        people[i].want.mix_number = 1;
        telephone_set(&people[i], &s);
        studio_run(&s, 1);
    }
    for (unsigned i = 0; i < 2; i++) { /* the last two of the others hear the first and the last */
        people[i + 1].want.hears[0] = people[i ? MIX_MAX : 0].ref;
        telephone_set(&people[i + 1], &s);
    }
    for (unsigned k = 0; k < 60; k++) {
        sing(&people[0], 400, 4000, STUDIO_FRAME);
        sing(&people[MIX_MAX], 400, 4000, STUDIO_FRAME);
        for (unsigned ms = 0; ms < 20; ms++) {
            studio_run(&s, 1);
            telephone_listen(&people[1], s.at);
            telephone_listen(&people[2], s.at);
        }
    }
    assert_true(heard_peak(&people[1], 400) > 3000);
    assert_true(heard_peak(&people[2], 400) < 100);
    for (unsigned i = 0; i <= MIX_MAX; i++)
        telephone_close(&people[i]);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_hear_each_other_at_their_level_and_nobody_hears_themselves),
        cmocka_unit_test(frames_are_even_and_their_numbers_go_on),
        cmocka_unit_test(different_laws_meet),
        cmocka_unit_test(who_listens_is_not_heard_and_who_whispers_is_heard_by_one),
        cmocka_unit_test(nobody_is_heard_under_another_number_or_without_wanting_it),
        cmocka_unit_test(held_ones_are_not_heard),
        cmocka_unit_test(three_who_shout_are_never_louder_than_the_line),
        cmocka_unit_test(a_sentence_to_one_is_heard_by_one_and_then_they_go_on),
        cmocka_unit_test(when_one_leaves_the_others_go_on),
        cmocka_unit_test(keys_are_told_and_do_not_pass),
        cmocka_unit_test(past_the_bound_one_is_not_heard),
    };
    return cmocka_run_group_tests_name("media/mix", tests, NULL, NULL);
}
