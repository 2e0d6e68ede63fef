/* pack.c — packets of the size that the peer wishes for: 10 to 60 ms, without a gap and without a
 * sample lost or doubled, through keys, holds and frames that were left out; and packets of any
 * size that come in. */
#include <errno.h>

#include "media/pack.h"
#include "test/support/telephone.h"

static void run_and_listen(struct studio *s, struct telephone *p, ms_t ms)
{
    for (ms_t i = 0; i < ms; i++) {
        studio_run(s, 1);
        telephone_listen(p, s->at);
    }
}

/* Music whose frames are 1, 2, … 50, again and again, in packets of that size. */
static void begin(struct studio *s, struct telephone *p, uint8_t packet_ms)
{
    studio_open(s);
    telephone_open(p, s);
    p->want.then = MEDIA_LOOP;
    p->want.loop_id = studio_prompt(s, 50, 1);
    p->want.packet_ms = packet_ms;
    telephone_set(p, s);
}

static void end(struct studio *s, struct telephone *p)
{
    telephone_close(p);
    studio_close(s);
}

/* The i-th sample since the beginning. */
static uint8_t sample(size_t i)
{
    return studio_code(MEDIA_PCMA, 1 + (int)(i / STUDIO_FRAME % 50));
}

/* One row of samples from the packet first on, each packet behind the one before. */
static void assert_row(const struct telephone *p, unsigned first, size_t heard)
{
    for (unsigned i = first; i < p->takes_n; i++) {
        const struct take *t = &p->takes[i];
        for (size_t k = 0; k < t->head.payload_n; k++)
            assert_int_equal(t->payload[k], sample(heard++));
        if (i == first)
            continue;
        const struct rtp_header *before = &p->takes[i - 1].head;
        assert_int_equal((uint16_t)(t->head.seq - before->seq), 1);
        assert_int_equal(t->head.ticks - before->ticks, before->payload_n);
    }
}

static void each_size_is_one_row_of_samples(void **state)
{
    (void)state;
    for (uint8_t ms = PACK_MS_MIN; ms <= PACK_MS_MAX; ms = (uint8_t)(ms + PACK_MS_STEP)) {
        struct studio s;
        struct telephone p;
        begin(&s, &p, ms);
        run_and_listen(&s, &p, 1260);
        assert_in_range(p.takes_n, 1260u / ms - 2, 1260u / ms + 2);
        assert_true(p.takes[0].head.has_marker);
        for (unsigned i = 0; i < p.takes_n; i++) {
            assert_int_equal(p.takes[i].head.payload_n, ms * 8);
            assert_true(!i || !p.takes[i].head.has_marker);
            assert_true(!i || p.takes[i].at - p.takes[i - 1].at <= (ms + 20) / 20 * 20);
        }
        assert_row(&p, 0, 0);
        end(&s, &p);
    }
}

static void sizes_that_are_none_are_refused(void **state)
{
    (void)state;
    const uint8_t sizes[] = {1, 5, 9, 15, 61, 70, 255};
    struct studio s;
    struct telephone p;
    begin(&s, &p, 0);
    for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
        p.want.packet_ms = sizes[i];
        assert_int_equal(s.port.set(s.port.arg, p.ref, &p.want), EINVAL);
    }
    end(&s, &p);
}

static void a_key_sends_what_waits_before_it(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    begin(&s, &p, 60);
    run_and_listen(&s, &p, 20); /* one frame waits */
    assert_int_equal(p.takes_n, 0);
    p.want.keys = (struct media_keys){.number = 1, .n = 1, .keys = "5"};
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 600);
    assert_int_equal(p.takes[0].head.type, 8);
    assert_int_equal(p.takes[0].head.payload_n, STUDIO_FRAME);
    assert_int_equal(p.takes[1].head.type, KEY_TYPE);
    assert_true((int32_t)(p.takes[1].head.ticks - p.takes[0].head.ticks) >= STUDIO_FRAME);
    unsigned i = 1;
    while (i < p.takes_n && p.takes[i].head.type == KEY_TYPE)
        i++;
    assert_true(p.takes[i].head.has_marker); /* sound again: a whole packet of it */
    assert_int_equal(p.takes[i].head.payload_n, 480);
    assert_row(&p, i, STUDIO_FRAME);
    end(&s, &p);
}

static void what_waits_when_it_is_held_is_never_sent(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    begin(&s, &p, 40);
    run_and_listen(&s, &p, 60);
    unsigned before = p.takes_n;
    p.want.direction = MEDIA_RECVONLY;
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 200);
    assert_int_equal(p.takes_n, before);
    p.want.direction = MEDIA_SENDRECV;
    telephone_set(&p, &s);
    run_and_listen(&s, &p, 200);
    assert_true(p.takes[before].head.has_marker);
    for (unsigned i = before; i < p.takes_n; i++)
        assert_int_equal(p.takes[i].head.payload_n, 320);
    end(&s, &p);
}

static void frames_that_were_left_out_make_a_short_packet_and_a_gap(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    begin(&s, &p, 60);
    run_and_listen(&s, &p, 80); /* a whole packet, and one frame waits */
    assert_int_equal(p.takes_n, 1);
    s.at += 1000; /* the machine slept: at most 200 ms are made up for */
    run_and_listen(&s, &p, 100);
    assert_int_equal(p.takes[1].head.payload_n, STUDIO_FRAME);
    assert_int_equal(p.takes[1].head.ticks - p.takes[0].head.ticks, 480);
    assert_int_equal(p.takes[2].head.payload_n, 480);
    assert_true(p.takes[2].head.ticks - p.takes[1].head.ticks > 4000);
    end(&s, &p);
}

static void the_size_may_change_while_it_plays(void **state)
{
    (void)state;
    const uint8_t sizes[] = {20, 30, 60, 10, 50, 0, 40};
    struct studio s;
    struct telephone p;
    begin(&s, &p, 20);
    for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
        p.want.packet_ms = sizes[i];
        telephone_set(&p, &s);
        run_and_listen(&s, &p, 500);
    }
    assert_row(&p, 0, 0);
    end(&s, &p);
}

/* ---- what comes in --------------------------------------------------------------------------- */

static void packets_of_any_size_pass_a_bridge(void **state)
{
    (void)state;
    const uint16_t sizes[] = {40, 80, 160, 240, 320, 480, 800, 1, 1500};
    struct studio s;
    struct telephone a, b;
    studio_open(&s);
    telephone_open(&a, &s);
    telephone_open(&b, &s);
    a.want.then = b.want.then = MEDIA_BRIDGE;
    a.want.peer = b.ref;
    b.want.peer = a.ref;
    b.want.packet_ms = 60; /* what passes keeps its own size */
    telephone_law(&b, MEDIA_PCMU);
    telephone_set(&a, &s);
    telephone_set(&b, &s);
    studio_run(&s, 2);
    telephone_say(&b, 0, STUDIO_FRAME);
    for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
        telephone_say(&a, studio_code(MEDIA_PCMA, 20), sizes[i]);
        run_and_listen(&s, &b, (sizes[i] + 7) / 8);
    }
    assert_int_equal(b.takes_n, ARRAY_LEN(sizes));
    for (unsigned i = 0; i < b.takes_n; i++) {
        assert_int_equal(b.takes[i].head.payload_n, sizes[i]);
        int16_t v = g711_decode(MEDIA_PCMA, studio_code(MEDIA_PCMA, 20));
        assert_int_equal(b.takes[i].payload[sizes[i] - 1], g711_encode(MEDIA_PCMU, v));
        if (i)
            assert_int_equal(b.takes[i].head.ticks - b.takes[i - 1].head.ticks, sizes[i - 1]);
    }
    telephone_close(&a);
    telephone_close(&b);
    studio_close(&s);
}

/* ---- comfort noise --------------------------------------------------------------------------- */

static void noise(struct telephone *p, uint8_t type)
{
    const uint8_t level[1] = {64};
    struct rtp_header head = {.type = type, .seq = p->seq++, .ticks = p->ticks, .ssrc = p->ssrc};
    p->ticks += 1600;
    telephone_send(p, &head, level, sizeof(level));
}

/* It keeps a line alive, is no sound, and passes only where the other side knows it. */
static void comfort_noise_passes_where_both_know_it(void **state)
{
    (void)state;
    for (unsigned known = 0; known < 4; known++) {
        struct studio s;
        struct telephone a, b;
        studio_open(&s);
        telephone_open(&a, &s);
        telephone_open(&b, &s);
        a.want.then = b.want.then = MEDIA_BRIDGE;
        a.want.peer = b.ref;
        b.want.peer = a.ref;
        a.want.noise_type = known & 1 ? 13 : 0;
        b.want.noise_type = known & 2 ? 13 : 0;
        telephone_set(&a, &s);
        telephone_set(&b, &s);
        studio_run(&s, 2);
        telephone_say(&a, 0xd5, STUDIO_FRAME);
        run_and_listen(&s, &b, 20);
        for (unsigned i = 0; i < 25; i++) {
            noise(&a, 13);
            run_and_listen(&s, &b, 200);
        }
        telephone_say(&a, 0xd5, STUDIO_FRAME);
        run_and_listen(&s, &b, 20);
        assert_int_equal(b.takes_n, known == 3 ? 27 : 2);
        for (unsigned i = 1; known == 3 && i <= 25; i++)
            assert_int_equal(b.takes[i].head.type, 13);
        assert_int_equal(studio_count(&s, a.ref, MEDIA_QUIET), 0);
        assert_int_equal(b.takes[b.takes_n - 1].head.type, 8);
        assert_int_equal(b.takes[b.takes_n - 1].head.ticks - b.takes[0].head.ticks,
                         25 * 1600 + STUDIO_FRAME);
        telephone_close(&a);
        telephone_close(&b);
        studio_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_size_is_one_row_of_samples),
        cmocka_unit_test(sizes_that_are_none_are_refused),
        cmocka_unit_test(a_key_sends_what_waits_before_it),
        cmocka_unit_test(what_waits_when_it_is_held_is_never_sent),
        cmocka_unit_test(frames_that_were_left_out_make_a_short_packet_and_a_gap),
        cmocka_unit_test(the_size_may_change_while_it_plays),
        cmocka_unit_test(packets_of_any_size_pass_a_bridge),
        cmocka_unit_test(comfort_noise_passes_where_both_know_it),
    };
    return cmocka_run_group_tests_name("media/pack", tests, NULL, NULL);
}
