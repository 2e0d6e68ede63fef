/* tap.c — the copy for the recorder: packets of a leg that is recorded, in one law, with who and
 * when; nothing of others; a full ring loses the copy and never the sound. */
#include "test/support/telephone.h"

#define RING_N 8

struct booth {
    struct studio s;
    struct telephone a, b;
    struct tap_ring tap;
    void *memory;
};

static void booth_open(struct booth *o)
{
    memset(o, 0, sizeof(*o));
    o->memory = malloc(ring_bytes(RING_N, sizeof(struct tap_frame)));
    assert_non_null(o->memory);
    ring_open(&o->tap.ring, o->memory, RING_N, sizeof(struct tap_frame));
    studio_open_with(&o->s, (struct media_args){.streams_max = 40, .taps = &o->tap});
    telephone_open(&o->a, &o->s);
    telephone_open(&o->b, &o->s);
    telephone_law(&o->b, MEDIA_PCMU);
    o->a.want.then = o->b.want.then = MEDIA_BRIDGE;
    o->a.want.peer = o->b.ref;
    o->b.want.peer = o->a.ref;
    telephone_set(&o->a, &o->s);
    telephone_set(&o->b, &o->s);
    studio_run(&o->s, 20);
}

static void booth_close(struct booth *o)
{
    telephone_close(&o->a);
    telephone_close(&o->b);
    studio_close(&o->s);
    free(o->memory);
}

static void record(struct booth *o, uint32_t number)
{
    o->a.want.tap = (struct media_tap){number, TAP_CALLER};
    o->b.want.tap = (struct media_tap){number, TAP_AGENT};
    telephone_set(&o->a, &o->s);
    telephone_set(&o->b, &o->s);
    studio_run(&o->s, 2);
}

static const struct tap_frame *frame(const struct booth *o, uint32_t i)
{
    assert_true(ring_waiting_n(&o->tap.ring) > i);
    return ring_item(&o->tap.ring, i);
}

static void both_sides_are_copied_in_one_law_as_they_came(void **state)
{
    (void)state;
    struct booth o;
    booth_open(&o);
    telephone_say(&o.a, 0x55, STUDIO_FRAME);
    studio_run(&o.s, 5);
    assert_int_equal(ring_waiting_n(&o.tap.ring), 0); /* nobody asked */
    record(&o, 9);
    uint32_t ticks = o.a.ticks;
    telephone_say(&o.a, 0x2a, STUDIO_FRAME);
    studio_run(&o.s, 5);
    telephone_say(&o.b, 0x91, 240); /* 30 ms of µ-law: two frames */
    studio_run(&o.s, 5);
    assert_int_equal(ring_waiting_n(&o.tap.ring), 3);
    const struct tap_frame *f = frame(&o, 0);
    assert_int_equal(f->recording, 9);
    assert_int_equal(f->side, TAP_CALLER);
    assert_int_equal(f->n, 160);
    assert_int_equal(f->ticks, ticks);
    assert_int_equal(f->ssrc, o.a.ssrc);
    assert_in_range(f->at, o.s.at - 11, o.s.at);
    assert_int_equal(f->codes[159], 0x2a); /* A-law: not one bit is changed */
    int16_t said = g711_decode(MEDIA_PCMU, 0x91);
    assert_int_equal(frame(&o, 1)->side, TAP_AGENT);
    assert_int_equal(frame(&o, 1)->codes[0], g711_encode(MEDIA_PCMA, said));
    assert_int_equal(frame(&o, 2)->n, 80);
    assert_int_equal(frame(&o, 2)->ticks, frame(&o, 1)->ticks + 160);
    ring_release(&o.tap.ring, 3);
    record(&o, 0);
    telephone_say(&o.a, 0x2a, STUDIO_FRAME);
    studio_run(&o.s, 5);
    assert_int_equal(ring_waiting_n(&o.tap.ring), 0);
    booth_close(&o);
}

static void keys_and_strangers_are_not_copied(void **state)
{
    (void)state;
    struct booth o;
    struct telephone stranger;
    booth_open(&o);
    telephone_open(&stranger, &o.s);
    stranger.to = o.a.to;
    record(&o, 1);
    telephone_say(&o.a, 0xd5, STUDIO_FRAME); /* its source is proved */
    studio_run(&o.s, 5);
    ring_release(&o.tap.ring, ring_waiting_n(&o.tap.ring));
    telephone_press(&o.a, 5);
    telephone_say(&stranger, 0x2a, STUDIO_FRAME);
    studio_run(&o.s, 20);
    assert_int_equal(ring_waiting_n(&o.tap.ring), 0);
    telephone_close(&stranger);
    booth_close(&o);
}

static void a_recorder_that_is_slow_loses_copies_and_nobody_loses_sound(void **state)
{
    (void)state;
    struct booth o;
    booth_open(&o);
    record(&o, 1);
    for (unsigned i = 0; i < RING_N + 5; i++) {
        telephone_say(&o.a, 0x2a, STUDIO_FRAME);
        studio_run(&o.s, 20);
    }
    telephone_listen(&o.b, o.s.at);
    assert_int_equal(ring_waiting_n(&o.tap.ring), RING_N);
    assert_int_equal(atomic_load(&o.tap.left_out_n), 5);
    assert_true(o.b.takes_n >= RING_N + 5);
    ring_release(&o.tap.ring, 1); /* one place: a packet of two frames is left out whole */
    telephone_say(&o.a, 0x2a, 240);
    studio_run(&o.s, 20);
    assert_int_equal(ring_waiting_n(&o.tap.ring), RING_N - 1);
    assert_int_equal(atomic_load(&o.tap.left_out_n), 7);
    booth_close(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_are_copied_in_one_law_as_they_came),
        cmocka_unit_test(keys_and_strangers_are_not_copied),
        cmocka_unit_test(a_recorder_that_is_slow_loses_copies_and_nobody_loses_sound),
    };
    return cmocka_run_group_tests_name("media/tap", tests, NULL, NULL);
}
