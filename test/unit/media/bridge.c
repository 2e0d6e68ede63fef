/* bridge.c — tests of two legs that hear each other: sound both ways, keys, loss, disorder. */
#include "media/echo.h"
#include "test/support/song.h"

struct pair {
    struct studio s;
    struct telephone a, b;
};

static void bridge(struct telephone *p, struct telephone *to, struct studio *s)
{
    p->want.then = MEDIA_BRIDGE;
    p->want.peer = to->ref;
    telephone_set(p, s);
}

static void pair_open(struct pair *p)
{
    studio_open(&p->s);
    telephone_open(&p->a, &p->s);
    telephone_open(&p->b, &p->s);
}

static void pair_bridge(struct pair *p)
{
    bridge(&p->a, &p->b, &p->s);
    bridge(&p->b, &p->a, &p->s);
    studio_run(&p->s, 2);
}

static void pair_run(struct pair *p, ms_t ms)
{
    for (ms_t i = 0; i < ms; i++) {
        studio_run(&p->s, 1);
        telephone_listen(&p->a, p->s.at);
        telephone_listen(&p->b, p->s.at);
    }
}

static void pair_close(struct pair *p)
{
    telephone_close(&p->a);
    telephone_close(&p->b);
    studio_close(&p->s);
}

/* ---- tones ---- */

static void assert_no_gap(const struct telephone *p)
{
    for (unsigned i = 1; i < p->takes_n; i++) {
        const struct rtp_header *a = &p->takes[i - 1].head, *b = &p->takes[i].head;
        assert_int_equal((uint16_t)(b->seq - a->seq), 1);
        assert_int_equal(b->ticks - a->ticks, a->payload_n);
        assert_int_equal(b->ssrc, a->ssrc);
    }
}

static void assert_peak(const struct telephone *p, double hz, double peak, double share)
{
    double off = heard_peak(p, hz) / peak - 1;
    assert_true(fabs(off) < share);
}

/* The levels may differ by this share: the steps of a law, or of two. */
static void two_tones_cross(struct pair *p, double share)
{
    telephone_set(&p->a, &p->s);
    telephone_set(&p->b, &p->s);
    pair_bridge(p);
    p->a.ticks = p->b.ticks = 0;
    for (unsigned i = 0; i < 100; i++) {
        sing(&p->a, 400, 8000, STUDIO_FRAME);
        sing(&p->b, 1000, 4000, STUDIO_FRAME);
        pair_run(p, 20);
    }
    assert_int_equal(p->a.takes_n, 100);
    assert_int_equal(p->b.takes_n, 100);
    assert_no_gap(&p->a);
    assert_no_gap(&p->b);
    assert_peak(&p->b, 400, 8000, share);
    assert_peak(&p->a, 1000, 4000, share);
    assert_true(heard_peak(&p->b, 1000) < 40 && heard_peak(&p->a, 400) < 80);
}

static void a_tone_crosses_both_ways_with_its_level_and_no_gap(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    two_tones_cross(&p, 0.02);
    pair_close(&p);
}

static void a_tone_crosses_between_unlike_laws_too(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    telephone_law(&p.b, MEDIA_PCMU);
    two_tones_cross(&p, 0.03);
    assert_int_equal(p.b.takes[0].head.type, 0);
    pair_close(&p);
}

static void what_is_alike_passes_untouched_with_any_packet_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {80, 160, 240, 320, 480};
    struct pair p;
    pair_open(&p);
    pair_bridge(&p);
    for (unsigned code = 0; code < 256; code++) {
        size_t n = sizes[code % ARRAY_LEN(sizes)];
        telephone_say(&p.a, (uint8_t)code, n);
        pair_run(&p, (ms_t)n / 8);
    }
    assert_int_equal(p.b.takes_n, 256);
    assert_no_gap(&p.b);
    for (unsigned code = 0; code < 256; code++) {
        assert_int_equal(p.b.takes[code].payload[0], code);
        assert_int_equal(p.b.takes[code].head.payload_n, sizes[code % ARRAY_LEN(sizes)]);
    }
    assert_true(p.b.takes[0].head.has_marker && !p.b.takes[1].head.has_marker);
    pair_close(&p);
}

static void a_packet_passes_within_the_millisecond_of_its_arrival(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    pair_bridge(&p);
    for (unsigned i = 0; i < 50; i++) {
        telephone_say(&p.a, 1, STUDIO_FRAME);
        pair_run(&p, 1);
        assert_int_equal(p.b.takes_n, i + 1);
        pair_run(&p, 18 + (i & 2));
    }
    pair_close(&p);
}

/* ---- loss, disorder, pauses ---- */

static void say_number(struct telephone *p, unsigned i)
{
    uint8_t payload[STUDIO_FRAME];
    struct rtp_header head = {
        .type = 8, .seq = (uint16_t)(65500 + i), .ticks = 77 + i * STUDIO_FRAME, .ssrc = p->ssrc};
    memset(payload, (int)i, sizeof(payload));
    telephone_send(p, &head, payload, sizeof(payload));
}

static void gaps_doubles_and_disorder_arrive_as_they_were(void **state)
{
    (void)state;
    static const unsigned order[] = {0, 1, 2, 4, 3, 5, 5, 9, 8, 10, 40, 41, 39};
    struct pair p;
    pair_open(&p);
    pair_bridge(&p);
    for (unsigned i = 0; i < ARRAY_LEN(order); i++) {
        say_number(&p.a, order[i]);
        pair_run(&p, 20);
    }
    assert_int_equal(p.b.takes_n, ARRAY_LEN(order));
    for (unsigned i = 0; i < ARRAY_LEN(order); i++) {
        const struct rtp_header *h = &p.b.takes[i].head, *first = &p.b.takes[0].head;
        assert_int_equal((uint16_t)(h->seq - first->seq), order[i]);
        assert_int_equal(h->ticks - first->ticks, order[i] * STUDIO_FRAME);
        assert_int_equal(p.b.takes[i].payload[0], order[i]);
    }
    pair_close(&p);
}

static void what_was_sent_before_the_bridge_cannot_run_into_our_numbers(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    p.b.want.then = MEDIA_SILENCE;
    telephone_set(&p.b, &p.s);
    pair_run(&p, 100);
    pair_bridge(&p);
    say_number(&p.a, 10);
    say_number(&p.a, 9); /* late: it belongs before */
    say_number(&p.a, 11);
    pair_run(&p, 20);
    for (unsigned i = 1; i < p.b.takes_n; i++)
        assert_int_equal((uint16_t)(p.b.takes[i].head.seq - p.b.takes[i - 1].head.seq), 1);
    assert_int_equal(p.b.takes[p.b.takes_n - 1].payload[0], 11);
    assert_int_equal(p.b.takes[p.b.takes_n - 2].payload[0], 10);
    pair_close(&p);
}

static void a_pause_of_the_speaker_keeps_the_ticks_in_step_with_time(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    pair_bridge(&p);
    telephone_say(&p.a, 1, STUDIO_FRAME);
    pair_run(&p, 20);
    for (unsigned i = 0; i < 30;
         i++) { /* silence suppressed for 30 s, comfort noise now and then */
        struct rtp_header noise = {.type = RTP_TYPE_CN, .ssrc = p.a.ssrc};
        noise.seq = p.a.seq++;
        noise.ticks = p.a.ticks += 8000;
        telephone_send(&p.a, &noise, (const uint8_t *)"P", 1);
        pair_run(&p, 1000);
    }
    assert_int_equal(studio_count(&p.s, p.a.ref, MEDIA_QUIET), 0);
    assert_int_equal(p.b.takes_n, 1);
    telephone_say(&p.a, 2, STUDIO_FRAME);
    pair_run(&p, 20);
    pair_run(&p, 5000); /* now one whose ticks stood still meanwhile */
    telephone_say(&p.a, 3, STUDIO_FRAME);
    pair_run(&p, 20);
    assert_int_equal(p.b.takes_n, 3);
    const struct take *t = p.b.takes;
    assert_int_equal(t[1].head.ticks - t[0].head.ticks, 31 * 8000 - 8000 + STUDIO_FRAME);
    assert_in_range(t[2].head.ticks - t[1].head.ticks, 5 * 8000, 5 * 8000 + 400);
    assert_true(t[2].head.has_marker);
    assert_int_equal((uint16_t)(t[2].head.seq - t[1].head.seq), 1);
    pair_close(&p);
}

static void another_stream_of_the_speaker_goes_on_in_ours(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    pair_bridge(&p);
    for (unsigned i = 0; i < 30; i++) {
        if (i % 10 == 0) {
            p.a.ssrc += 999;
            p.a.seq = (uint16_t)(p.a.seq + 30000);
            p.a.ticks += 123456789;
        }
        telephone_say(&p.a, (uint8_t)i, STUDIO_FRAME);
        pair_run(&p, 20);
    }
    assert_int_equal(p.b.takes_n, 30);
    for (unsigned i = 1; i < 30; i++) {
        const struct rtp_header *a = &p.b.takes[i - 1].head, *b = &p.b.takes[i].head;
        assert_int_equal(b->ssrc, a->ssrc);
        assert_int_equal((uint16_t)(b->seq - a->seq), 1);
        assert_in_range(b->ticks - a->ticks, STUDIO_FRAME, STUDIO_FRAME + 16);
        assert_int_equal(b->has_marker, i % 10 == 0);
    }
    pair_close(&p);
}

/* ---- keys, prompts, one side only ---- */

static void keys_pass_with_the_other_sides_type_unless_they_are_hidden(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    p.b.want.key_type = 96;
    pair_bridge(&p);
    telephone_say(&p.a, 1, STUDIO_FRAME);
    telephone_press(&p.a, 7);
    pair_run(&p, 20);
    assert_int_equal(p.b.takes_n, 7);
    for (unsigned i = 1; i < 7; i++) {
        assert_int_equal(p.b.takes[i].head.type, 96);
        assert_int_equal(p.b.takes[i].payload[0], 7);
        assert_int_equal(p.b.takes[i].head.ticks - p.b.takes[0].head.ticks, STUDIO_FRAME);
    }
    assert_int_equal(studio_find(&p.s, p.a.ref, MEDIA_KEY_BEGUN, 0)->key.key, '7');
    p.a.want.hides_keys = true;
    telephone_set(&p.a, &p.s);
    pair_run(&p, 2);
    telephone_press(&p.a, 8);
    pair_run(&p, 20);
    assert_int_equal(p.b.takes_n, 7);
    assert_int_equal(studio_find(&p.s, p.a.ref, MEDIA_KEY_BEGUN, 1)->key.key, '8');
    pair_close(&p);
}

static void a_prompt_to_one_side_goes_first_and_the_conversation_goes_on_after_it(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    uint16_t whisper = studio_prompt(&p.s, 5, 50);
    pair_bridge(&p);
    for (unsigned i = 0; i < 30; i++) {
        if (i == 10) {
            p.b.want.list = (struct media_list){.number = 1, .n = 1, .ids = {whisper}};
            telephone_set(&p.b, &p.s);
        }
        telephone_say(&p.a, 1, STUDIO_FRAME);
        telephone_say(&p.b, 2, STUDIO_FRAME);
        pair_run(&p, 20);
    }
    assert_int_equal(p.a.takes_n, 30); /* the other side hears all the time */
    assert_in_range(p.b.takes_n, 29, 31);
    for (unsigned i = 1; i < p.b.takes_n; i++) {
        const struct rtp_header *a = &p.b.takes[i - 1].head, *b = &p.b.takes[i].head;
        assert_int_equal((uint16_t)(b->seq - a->seq), 1);
        assert_in_range(b->ticks - a->ticks, STUDIO_FRAME, 3 * STUDIO_FRAME);
    }
    assert_int_equal(studio_count(&p.s, p.b.ref, MEDIA_LIST_ENDED), 1);
    assert_int_equal(p.b.takes[p.b.takes_n - 1].payload[0], 1);
    pair_close(&p);
}

static void nothing_passes_unless_both_sides_name_each_other(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p);
    bridge(&p.a, &p.b, &p.s);
    telephone_set(&p.b, &p.s);
    pair_run(&p, 2);
    telephone_say(&p.a, 1, STUDIO_FRAME);
    telephone_say(&p.b, 1, STUDIO_FRAME);
    pair_run(&p, 100);
    assert_int_equal(p.a.takes_n + p.b.takes_n, 0);
    pair_bridge(&p);
    p.s.port.drop(p.s.port.arg, p.b.ref);
    pair_run(&p, 2);
    telephone_say(&p.a, 1, STUDIO_FRAME);
    pair_run(&p, 100);
    assert_int_equal(p.a.takes_n + p.b.takes_n, 0);
    pair_close(&p);
}

static void a_stranger_is_not_heard_by_the_other_side(void **state)
{
    (void)state;
    struct pair p;
    struct telephone stranger;
    pair_open(&p);
    telephone_open(&stranger, &p.s);
    stranger.to = p.a.to;
    pair_bridge(&p);
    telephone_say(&p.a, 1, STUDIO_FRAME);
    pair_run(&p, 20);
    for (unsigned i = 0; i < 60; i++) {
        telephone_say(&stranger, 66, STUDIO_FRAME);
        pair_run(&p, 20);
    }
    assert_int_equal(p.b.takes_n, 1);
    telephone_close(&stranger);
    pair_close(&p);
}

/* ---- an echo: a bridge with oneself, later ---- */

static void echo_runs(struct telephone *p, struct studio *s, unsigned frames_n)
{
    for (unsigned k = 0; k < frames_n; k++) {
        telephone_say(p, (uint8_t)(k + 1), STUDIO_FRAME);
        for (unsigned i = 0; i < 20; i++) {
            studio_run(s, 1);
            telephone_listen(p, s->at);
        }
    }
}

static void a_voice_comes_back_after_300_ms_and_is_counted(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.then = MEDIA_ECHO;
    telephone_set(&p, &s);
    studio_run(&s, 2);
    echo_runs(&p, &s, 40);
    assert_no_gap(&p);
    unsigned first = 0;
    while (first < p.takes_n && p.takes[first].payload[STUDIO_FRAME - 1] == G711_A_SILENCE)
        first++;
    assert_in_range(first, 14, 16); /* 300 ms of 20, give or take the slot */
    for (unsigned i = first + 1; i < p.takes_n; i++)
        assert_int_equal(p.takes[i].payload[STUDIO_FRAME - 1],
                         p.takes[i - 1].payload[STUDIO_FRAME - 1] + 1);
    assert_in_range(studio_count(&s, p.ref, MEDIA_COUNTS), 3, 5); /* 800 ms */
    telephone_close(&p);
    studio_close(&s);
}

static void one_echo_more_than_there_is_room_for_hears_silence(void **state)
{
    (void)state;
    struct studio s;
    struct telephone p[ECHO_MAX + 1];
    studio_open(&s);
    for (unsigned i = 0; i <= ECHO_MAX; i++) {
        telephone_open(&p[i], &s);
        p[i].want.then = MEDIA_ECHO;
        telephone_set(&p[i], &s);
        studio_run(&s, 2);
    }
    struct telephone *last = &p[ECHO_MAX];
    echo_runs(last, &s, 30);
    for (unsigned i = 0; i < last->takes_n; i++)
        assert_int_equal(last->takes[i].payload[0], G711_A_SILENCE);
    assert_true(last->takes_n > 20);
    p[0].want.then = MEDIA_SILENCE; /* one ends: there is room again */
    telephone_set(&p[0], &s);
    last->want.then = MEDIA_SILENCE;
    telephone_set(last, &s);
    studio_run(&s, 2);
    last->want.then = MEDIA_ECHO;
    telephone_set(last, &s);
    studio_run(&s, 2);
    last->takes_n = 0;
    echo_runs(last, &s, 30);
    assert_int_not_equal(last->takes[last->takes_n - 1].payload[0], G711_A_SILENCE);
    for (unsigned i = 0; i <= ECHO_MAX; i++)
        telephone_close(&p[i]);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tone_crosses_both_ways_with_its_level_and_no_gap),
        cmocka_unit_test(a_tone_crosses_between_unlike_laws_too),
        cmocka_unit_test(what_is_alike_passes_untouched_with_any_packet_size),
        cmocka_unit_test(a_packet_passes_within_the_millisecond_of_its_arrival),
        cmocka_unit_test(gaps_doubles_and_disorder_arrive_as_they_were),
        cmocka_unit_test(what_was_sent_before_the_bridge_cannot_run_into_our_numbers),
        cmocka_unit_test(a_pause_of_the_speaker_keeps_the_ticks_in_step_with_time),
        cmocka_unit_test(another_stream_of_the_speaker_goes_on_in_ours),
        cmocka_unit_test(keys_pass_with_the_other_sides_type_unless_they_are_hidden),
        cmocka_unit_test(a_prompt_to_one_side_goes_first_and_the_conversation_goes_on_after_it),
        cmocka_unit_test(nothing_passes_unless_both_sides_name_each_other),
        cmocka_unit_test(a_stranger_is_not_heard_by_the_other_side),
        cmocka_unit_test(a_voice_comes_back_after_300_ms_and_is_counted),
        cmocka_unit_test(one_echo_more_than_there_is_room_for_hears_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
