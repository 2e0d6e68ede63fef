/* coded.c — tests of legs that speak G.722 or Opus: bridged, mixed, recorded, with prompts and
 * keys; what is lost, late, or of another size; and that nothing is decoded without need. */
#include <errno.h>

#include "media/bake.h"
#include "test/support/voice.h"

struct duet {
    struct studio s;
    struct voice a, b;
};

static void duet_open(struct duet *d, enum media_codec a, enum media_codec b)
{
    studio_open(&d->s);
    voice_open(&d->a, &d->s, a);
    voice_open(&d->b, &d->s, b);
}

static void bridge(struct voice *v, const struct voice *to, struct studio *s)
{
    v->phone.want.then = MEDIA_BRIDGE;
    v->phone.want.peer = to->phone.ref;
    telephone_set(&v->phone, s);
}

static void duet_bridge(struct duet *d)
{
    bridge(&d->a, &d->b, &d->s);
    bridge(&d->b, &d->a, &d->s);
    studio_run(&d->s, 2);
}

static void duet_run(struct duet *d, ms_t ms)
{
    for (ms_t i = 0; i < ms; i++) {
        studio_run(&d->s, 1);
        voice_listen(&d->a, d->s.at);
        voice_listen(&d->b, d->s.at);
    }
}

static void duet_close(struct duet *d)
{
    voice_close(&d->a);
    voice_close(&d->b);
    studio_close(&d->s);
}

/* Numbers one by one, ticks by the clock of the codec. */
static void assert_no_gap(const struct voice *v)
{
    for (unsigned i = 1; i < v->phone.takes_n; i++) {
        const struct rtp_header *a = &v->phone.takes[i - 1].head, *b = &v->phone.takes[i].head;
        assert_int_equal((uint16_t)(b->seq - a->seq), 1);
        assert_int_equal(b->ticks - a->ticks, STUDIO_FRAME * v->clock_hz / 8000);
        assert_int_equal(b->ssrc, a->ssrc);
        assert_int_equal(b->type, v->phone.want.payload_type);
    }
}

/* What everybody must hear: within 3 dB (ITU-T G.712 allows less; Opus is no waveform coder). */
static void assert_hears(const struct voice *v, double hz, double peak)
{
    assert_true(fabs(voice_db(voice_peak(v, 4000, hz), peak)) < 3);
}

/* ---- bridges ---- */

static void sing_both(struct duet *d, unsigned frames_n)
{
    for (unsigned i = 0; i < frames_n; i++) {
        voice_sing(&d->a, 400, 8000, STUDIO_FRAME);
        voice_sing(&d->b, 1000, 4000, STUDIO_FRAME);
        duet_run(d, 20);
    }
}

static void tones_cross(enum media_codec a, enum media_codec b)
{
    static struct duet d;
    duet_open(&d, a, b);
    duet_bridge(&d);
    sing_both(&d, 150);
    assert_int_equal(d.a.phone.takes_n, 150);
    assert_int_equal(d.b.phone.takes_n, 150);
    assert_no_gap(&d.a);
    assert_no_gap(&d.b);
    assert_hears(&d.b, 400, 8000);
    assert_hears(&d.a, 1000, 4000);
    assert_true(voice_peak(&d.b, 4000, 1000) < 80 && voice_peak(&d.a, 4000, 400) < 80);
    duet_close(&d);
}

static void a_tone_crosses_between_any_two_codecs_with_its_level(void **state)
{
    (void)state;
    for (enum media_codec a = MEDIA_PCMA; a < MEDIA_CODECS; a++)
        for (enum media_codec b = a; b < MEDIA_CODECS; b++)
            tones_cross(a, b);
}

static void who_shares_a_codec_gets_each_others_bytes(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        duet_open(&d, codec, codec);
        duet_bridge(&d);
        for (unsigned i = 0; i < 100; i++) {
            struct voice_packet said;
            voice_make(&d.a, &said, 700, 8000);
            said.payload[said.n - 1] ^= (uint8_t)(codec == MEDIA_G722 ? i : 0); /* also odd ones */
            telephone_send(&d.a.phone, &said.head, said.payload, said.n);
            duet_run(&d, 20);
            const struct take *got = &d.b.phone.takes[i];
            assert_int_equal(d.b.phone.takes_n, i + 1);
            assert_int_equal(got->head.payload_n, said.n);
            assert_memory_equal(got->payload, said.payload, said.n);
        }
        assert_no_gap(&d.b);
        duet_close(&d);
    }
}

/* Packets of G.711 have any size; frames of Opus have 20 ms, and their numbers have no gap. */
static void packets_of_other_sizes_become_frames(void **state)
{
    (void)state;
    static const size_t sizes[] = {80, 240, 320, 160, 480};
    for (unsigned k = 0; k < ARRAY_LEN(sizes); k++) {
        static struct duet d;
        unsigned said_n = 0;
        duet_open(&d, MEDIA_PCMA, MEDIA_OPUS);
        duet_bridge(&d);
        for (; said_n < 100 * STUDIO_FRAME; said_n += (unsigned)sizes[k]) {
            voice_sing(&d.a, 400, 8000, sizes[k]);
            duet_run(&d, (ms_t)sizes[k] / 8);
        }
        assert_int_equal(d.b.phone.takes_n, said_n / STUDIO_FRAME);
        assert_no_gap(&d.b);
        assert_hears(&d.b, 400, 8000);
        duet_close(&d);
    }
}

/* ---- lost and late ---- */

/* Of a hundred packets some never come, one comes after its neighbour. */
static void lossy(struct duet *d, unsigned lost_at)
{
    for (unsigned i = 0; i < 100; i++) {
        struct voice_packet said;
        voice_make(&d->a, &said, 400, 8000);
        if (i != lost_at)
            telephone_send(&d->a.phone, &said.head, said.payload, said.n);
        duet_run(d, 20);
    }
}

static void what_is_lost_of_theirs_is_made_up_for_a_telephone_of_g711(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        duet_open(&d, codec, MEDIA_PCMA);
        duet_bridge(&d);
        lossy(&d, 60);
        assert_int_equal(d.b.phone.takes_n, 100);
        assert_no_gap(&d.b);
        d.b.heard_n = 61 * STUDIO_FRAME;
        double made_up = voice_level(&d.b, 60 * STUDIO_FRAME);
        d.b.heard_n = 60 * STUDIO_FRAME;
        assert_true(made_up > voice_level(&d.b, 30 * STUDIO_FRAME) - 6);
        duet_close(&d);
    }
}

/* Their own jitter buffer fills the hole, for which it must see it. */
static void what_is_lost_of_g711_is_a_hole_in_the_numbers(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        duet_open(&d, MEDIA_PCMU, codec);
        duet_bridge(&d);
        lossy(&d, 60);
        const struct take *t = d.b.phone.takes;
        assert_int_equal(d.b.phone.takes_n, 99);
        assert_int_equal((uint16_t)(t[60].head.seq - t[59].head.seq), 2);
        assert_int_equal(t[60].head.ticks - t[59].head.ticks, 320 * d.b.clock_hz / 8000);
        duet_close(&d);
    }
}

static void a_late_or_doubled_packet_is_not_coded_twice(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        struct voice_packet said[30];
        duet_open(&d, MEDIA_PCMA, codec);
        duet_bridge(&d);
        for (unsigned i = 0; i < 30; i++)
            voice_make(&d.a, &said[i], 400, 8000);
        for (unsigned i = 0; i < 30; i++) {
            unsigned k = i == 20 ? 21 : i == 21 ? 20 : i == 25 ? 24 : i;
            telephone_send(&d.a.phone, &said[k].head, said[k].payload, said[k].n);
            duet_run(&d, 20);
        }
        assert_int_equal(d.b.phone.takes_n, 28);
        for (unsigned i = 1; i < 28; i++) {
            int ahead = (int16_t)(d.b.phone.takes[i].head.seq - d.b.phone.takes[i - 1].head.seq);
            assert_in_range(ahead, 1, 2);
        }
        duet_close(&d);
    }
}

/* ---- keys ---- */

static void keys_cross_between_their_clocks(void **state)
{
    (void)state;
    static struct duet d;
    duet_open(&d, MEDIA_PCMA, MEDIA_OPUS);
    d.b.phone.want.key_type = WIDE_KEY_TYPE;
    duet_bridge(&d);
    voice_sing(&d.a, 400, 8000, STUDIO_FRAME);
    telephone_press(&d.a.phone, 7);
    duet_run(&d, 20);
    const struct take *t = d.b.phone.takes;
    assert_int_equal(d.b.phone.takes_n, 7);
    assert_int_equal(t[6].head.type, WIDE_KEY_TYPE);
    assert_int_equal(net_u16(t[6].payload + 2), 6 * 3 * STUDIO_FRAME);
    assert_int_equal(t[6].head.ticks - t[0].head.ticks, 6 * STUDIO_FRAME);
    assert_int_equal((uint16_t)(t[6].head.seq - t[0].head.seq), 6);
    duet_close(&d);
}

static void a_key_of_opus_lasts_as_long_as_it_was_pressed(void **state)
{
    (void)state;
    static struct duet d;
    duet_open(&d, MEDIA_OPUS, MEDIA_PCMA);
    struct telephone *p = &d.a.phone;
    duet_bridge(&d);
    voice_sing(&d.a, 400, 8000, STUDIO_FRAME);
    for (unsigned i = 1; i <= 5; i++)
        telephone_key(p, 4, i == 5, i * 960); /* 100 ms, 960 ticks in 20 of them */
    duet_run(&d, 20);
    assert_int_equal(studio_find(&d.s, p->ref, MEDIA_KEY_BEGUN, 0)->key.key, '4');
    assert_int_equal(studio_find(&d.s, p->ref, MEDIA_KEY_ENDED, 0)->key.lasted_ms, 100);
    const struct take *last = &d.b.phone.takes[d.b.phone.takes_n - 1];
    assert_int_equal(last->head.type, KEY_TYPE);
    assert_int_equal(net_u16(last->payload + 2), 800);
    p->want.keys = (struct media_keys){.number = 1, .n = 1, .keys = "9"};
    telephone_set(p, &d.s);
    duet_run(&d, 400);
    last = &p->takes[p->takes_n - 1];
    assert_int_equal(last->payload[0], 9);
    assert_int_equal(net_u16(last->payload + 2), 5 * 960);
    duet_close(&d);
}

/* Who answers an offer may number what it sends otherwise than what it gets (RFC 3264 §5.1). */
static void each_way_may_have_its_own_numbers(void **state)
{
    (void)state;
    static struct duet d;
    duet_open(&d, MEDIA_OPUS, MEDIA_PCMA);
    struct telephone *p = &d.a.phone;
    p->want.payload_in = 111;
    p->want.payload_type = 96;
    p->want.key_in = KEY_TYPE;
    p->want.key_type = 97;
    duet_bridge(&d);
    p->want.payload_type = 111; /* what it writes itself */
    for (unsigned i = 0; i < 100; i++) {
        voice_sing(&d.a, 400, 8000, STUDIO_FRAME);
        voice_sing(&d.b, 1000, 4000, STUDIO_FRAME);
        if (i == 50)
            telephone_press(p, 3);
        duet_run(&d, 20);
    }
    assert_hears(&d.b, 400, 8000);
    assert_int_equal(studio_find(&d.s, p->ref, MEDIA_KEY_BEGUN, 0)->key.key, '3');
    assert_int_equal(p->takes[50].head.type, 96);
    telephone_press(&d.b.phone, 4);
    duet_run(&d, 20);
    assert_int_equal(p->takes[p->takes_n - 1].head.type, 97);
    duet_close(&d);
}

/* ---- prompts ---- */

static uint16_t tone_prompt(struct studio *s, unsigned hz, unsigned frames_n)
{
    uint16_t id;
    size_t n = (size_t)frames_n * STUDIO_FRAME;
    uint8_t *bytes = calloc(n, 2);
    const struct tone tone = {.hz = hz, .peak = 8000, .n = n};
    assert_non_null(bytes);
    tone_write(bytes, &tone);
    const struct prompt_sound sound = {bytes, n};
    assert_int_equal(media_prompts_put(media_prompts(s->media), &id, &sound), PROMPT_LOADED);
    free(bytes);
    return id;
}

static void play(struct voice *v, struct studio *s, uint16_t id, uint32_t number)
{
    v->phone.want.list = (struct media_list){.number = number, .n = 1, .ids = {id}};
    telephone_set(&v->phone, s);
}

/* The first listener has it coded as it goes; it is made meanwhile, and all later ones are sent the
 * very same bytes. */
static void a_prompt_is_coded_once_for_all(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        duet_open(&d, codec, codec);
        uint16_t id = tone_prompt(&d.s, 500, 100);
        play(&d.a, &d.s, id, 1);
        duet_run(&d, 2100);
        assert_int_equal(d.a.phone.takes_n, 100);
        assert_hears(&d.a, 500, 8000);
        const struct prompt *prompt = prompts_find(media_prompts(d.s.media), id);
        const uint8_t *made = atomic_load(&prompt->forms[codec - MEDIA_G722].bytes);
        assert_non_null(made);
        made += codec == MEDIA_G722 ? 100 * sizeof(struct g722) : 0;
        d.a.phone.takes_n = d.a.taken_n = 0;
        d.a.heard_n = 0;
        play(&d.a, &d.s, id, 2);
        play(&d.b, &d.s, id, 1);
        duet_run(&d, 2100);
        for (unsigned i = codec == MEDIA_G722 ? BAKE_LEAD : 0; i < 100; i++) {
            size_t n = bake_frame_bytes(codec);
            assert_int_equal(d.a.phone.takes[i].head.payload_n, n);
            assert_memory_equal(d.a.phone.takes[i].payload, made + i * n, n);
            assert_memory_equal(d.b.phone.takes[i].payload, made + i * n, n);
        }
        assert_no_gap(&d.a);
        assert_hears(&d.a, 500, 8000);
        assert_hears(&d.b, 500, 8000);
        duet_close(&d);
    }
}

/* From a form to what is coded as it goes, and back: no step in level, no gap. */
static void music_and_a_conversation_take_turns(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        duet_open(&d, codec, MEDIA_PCMA);
        uint16_t music = tone_prompt(&d.s, 400, 50);
        d.a.phone.want.then = MEDIA_LOOP;
        d.a.phone.want.loop_id = music;
        telephone_set(&d.a.phone, &d.s);
        duet_run(&d, 2000);
        duet_bridge(&d);
        for (unsigned i = 0; i < 100; i++) {
            voice_sing(&d.b, 400, 8000, STUDIO_FRAME);
            duet_run(&d, 20);
        }
        d.a.phone.want.then = MEDIA_LOOP;
        telephone_set(&d.a.phone, &d.s);
        duet_run(&d, 1000);
        for (size_t from = 2000; from + 4000 < d.a.heard_n; from += 4000) {
            size_t all = d.a.heard_n;
            d.a.heard_n = from + 4000;
            assert_true(fabs(voice_level(&d.a, from) + 15.26) < 0.5); /* a sine of 8000 */
            d.a.heard_n = all;
        }
        for (unsigned i = 1; i < d.a.phone.takes_n; i++)
            assert_int_equal(
                (uint16_t)(d.a.phone.takes[i].head.seq - d.a.phone.takes[i - 1].head.seq), 1);
        duet_close(&d);
    }
}

/* ---- mixed, sent back, recorded ---- */

static void three_of_different_codecs_hear_each_other(void **state)
{
    (void)state;
    static struct duet d;
    static struct voice c;
    duet_open(&d, MEDIA_G722, MEDIA_OPUS);
    voice_open(&c, &d.s, MEDIA_PCMU);
    struct voice *all[] = {&d.a, &d.b, &c};
    for (unsigned i = 0; i < 3; i++) {
        struct media_want *want = &all[i]->phone.want;
        want->then = MEDIA_MIX;
        want->mix_number = 1;
        want->hears[0] = all[(i + 1) % 3]->phone.ref;
        want->hears[1] = all[(i + 2) % 3]->phone.ref;
        telephone_set(&all[i]->phone, &d.s);
    }
    for (unsigned i = 0; i < 150; i++) {
        voice_sing(&d.a, 400, 6000, STUDIO_FRAME);
        voice_sing(&d.b, 700, 6000, STUDIO_FRAME);
        voice_sing(&c, 1100, 6000, STUDIO_FRAME);
        duet_run(&d, 20);
        voice_listen(&c, d.s.at);
    }
    for (unsigned i = 0; i < 3; i++) {
        static const double hz[] = {400, 700, 1100};
        for (unsigned k = 0; k < 3; k++)
            if (k != i)
                assert_true(fabs(voice_db(voice_peak(all[i], 8000, hz[k]), 6000)) < 3);
        assert_true(voice_peak(all[i], 8000, hz[i]) < 200);
    }
    voice_close(&c);
    duet_close(&d);
}

static void the_echo_test_speaks_their_codec(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        static struct voice heard;
        duet_open(&d, codec, MEDIA_PCMA);
        d.a.phone.want.then = MEDIA_ECHO;
        telephone_set(&d.a.phone, &d.s);
        for (unsigned i = 0; i < 150; i++) {
            voice_sing(&d.a, 500, 8000, STUDIO_FRAME);
            duet_run(&d, 20);
        }
        heard = d.a;
        assert_hears(&heard, 500, 8000);
        duet_close(&d);
    }
}

static void a_recorder_hears_a_law_though_the_call_passes_untouched(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        static struct duet d;
        static struct tap_ring tap;
        uint8_t *frames = malloc(ring_bytes(1024, sizeof(struct tap_frame)));
        double power = 0;
        assert_non_null(frames);
        ring_open(&tap.ring, frames, 1024, sizeof(struct tap_frame));
        studio_open_with(&d.s, (struct media_args){.streams_max = 40, .taps = &tap});
        voice_open(&d.a, &d.s, codec);
        voice_open(&d.b, &d.s, codec);
        d.a.phone.want.tap = (struct media_tap){.recording = 5, .side = TAP_CALLER};
        duet_bridge(&d);
        lossy(&d, 60);
        assert_int_equal(d.b.phone.takes_n, 99); /* untouched: the hole too */
        assert_int_equal(ring_waiting_n(&tap.ring), 100);
        for (uint32_t i = 20; i < 100; i++) {
            const struct tap_frame *f = ring_item(&tap.ring, i);
            assert_int_equal(f->n, STUDIO_FRAME);
            for (unsigned k = 0; k < f->n; k++)
                power += pow(g711_decode(MEDIA_PCMA, f->codes[k]), 2);
        }
        double peak = sqrt(2 * power / (80 * STUDIO_FRAME));
        assert_true(fabs(voice_db(peak, 8000)) < 3);
        duet_close(&d);
        free(frames);
    }
}

/* ---- bounds ---- */

static void coders_are_bounded_and_come_back(void **state)
{
    (void)state;
    struct studio s;
    static struct telephone p[CODER_MAX + 1];
    studio_open_with(&s, (struct media_args){.streams_max = CODER_MAX + 20});
    for (unsigned i = 0; i <= CODER_MAX; i++) {
        telephone_open(&p[i], &s);
        p[i].want.codec = MEDIA_G722;
        p[i].want.payload_type = 9;
        int err = s.port.set(s.port.arg, p[i].ref, &p[i].want);
        assert_int_equal(err, i < CODER_MAX ? 0 : ENOSPC);
        assert_int_equal(s.port.keep_coder(s.port.arg, p[i].ref), i < CODER_MAX);
    }
    p[0].want.codec = MEDIA_PCMA; /* it keeps its coder, for which others may not wait in vain */
    telephone_set(&p[0], &s);
    studio_run(&s, 40);
    assert_false(s.port.keep_coder(s.port.arg, p[CODER_MAX].ref));
    s.port.drop(s.port.arg, p[0].ref);
    studio_run(&s, 40);
    assert_true(s.port.keep_coder(s.port.arg, p[CODER_MAX].ref));
    telephone_set(&p[CODER_MAX], &s);
    p[1].want.codec = MEDIA_CODECS;
    assert_int_equal(s.port.set(s.port.arg, p[1].ref, &p[1].want), EINVAL);
    for (unsigned i = 0; i <= CODER_MAX; i++)
        telephone_close(&p[i]);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tone_crosses_between_any_two_codecs_with_its_level),
        cmocka_unit_test(who_shares_a_codec_gets_each_others_bytes),
        cmocka_unit_test(packets_of_other_sizes_become_frames),
        cmocka_unit_test(what_is_lost_of_theirs_is_made_up_for_a_telephone_of_g711),
        cmocka_unit_test(what_is_lost_of_g711_is_a_hole_in_the_numbers),
        cmocka_unit_test(a_late_or_doubled_packet_is_not_coded_twice),
        cmocka_unit_test(keys_cross_between_their_clocks),
        cmocka_unit_test(a_key_of_opus_lasts_as_long_as_it_was_pressed),
        cmocka_unit_test(each_way_may_have_its_own_numbers),
        cmocka_unit_test(a_prompt_is_coded_once_for_all),
        cmocka_unit_test(music_and_a_conversation_take_turns),
        cmocka_unit_test(three_of_different_codecs_hear_each_other),
        cmocka_unit_test(the_echo_test_speaks_their_codec),
        cmocka_unit_test(a_recorder_hears_a_law_though_the_call_passes_untouched),
        cmocka_unit_test(coders_are_bounded_and_come_back),
    };
    return cmocka_run_group_tests_name("media/coded", tests, NULL, NULL);
}
