/* coder.c — tests of what a stream needs that speaks neither law: levels, sizes, losses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/coder.h"

#define FRAMES 100
#define TURN (2 * 3.14159265358979323846)

struct pair {
    struct coder a, b;
    void *memory[2];
    uint32_t said_n;
};

static void pair_open(struct pair *p, enum media_codec codec)
{
    for (unsigned i = 0; i < 2; i++) {
        p->memory[i] = malloc(coder_memory_bytes());
        assert_non_null(p->memory[i]);
        coder_begin(i ? &p->b : &p->a, codec, p->memory[i]);
    }
    p->said_n = 0;
}

static void pair_close(struct pair *p)
{
    free(p->memory[0]);
    free(p->memory[1]);
}

/* A frame of a voice of 125 Hz with its harmonics; its power is added up. */
static size_t say(struct pair *p, uint8_t *bytes, double *power)
{
    int16_t samples[CODER_FRAME];
    for (unsigned i = 0; i < CODER_FRAME; i++, p->said_n++) {
        double v = 0;
        for (unsigned h = 1; h < 20; h++)
            v += sin(TURN * 125 * h * p->said_n / 8000) / h;
        samples[i] = (int16_t)lrint(4000 * v);
        *power += (double)samples[i] * samples[i];
    }
    return coder_encode(&p->a, bytes, samples);
}

static double power_of(const int16_t *samples, size_t n)
{
    double power = 0;
    for (size_t i = 0; i < n; i++)
        power += (double)samples[i] * samples[i];
    return power;
}

static void a_voice_keeps_its_level(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        struct pair p;
        uint8_t bytes[CODER_BYTES_MAX];
        int16_t heard[CODER_SAMPLES_MAX];
        double said = 0, got = 0;
        pair_open(&p, codec);
        for (unsigned i = 0; i < FRAMES; i++) {
            size_t n = say(&p, bytes, &said);
            assert_int_equal(n, codec == MEDIA_OPUS ? CODER_OPUS_BYTES : CODER_FRAME);
            assert_int_equal(coder_samples_n(codec, bytes, n), CODER_FRAME);
            assert_int_equal(coder_decode(&p.b, heard, bytes, n), CODER_FRAME);
            got += power_of(heard, CODER_FRAME);
        }
        assert_true(fabs(10 * log10(got / said)) < 1.5);
        pair_close(&p);
    }
}

/* One in ten is lost: what is made up in its place is about as loud. */
static void a_lost_packet_is_made_up(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        struct pair p;
        uint8_t bytes[CODER_BYTES_MAX];
        int16_t heard[CODER_SAMPLES_MAX];
        double made = 0, of_made = 0;
        pair_open(&p, codec);
        for (unsigned i = 0; i < FRAMES; i++) {
            double power = 0;
            size_t n = say(&p, bytes, &power);
            if (i % 10 == 9) {
                coder_make_up(&p.b, heard, CODER_FRAME, NULL);
                made += power_of(heard, CODER_FRAME);
                of_made += power;
                continue;
            }
            coder_decode(&p.b, heard, bytes, n);
        }
        assert_true(10 * log10(made / of_made) > -6 && 10 * log10(made / of_made) < 2);
        pair_close(&p);
    }
}

static void a_long_loss_fades_to_silence(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        struct pair p;
        uint8_t bytes[CODER_BYTES_MAX];
        int16_t heard[CODER_SAMPLES_MAX];
        double said = 0, last = 0;
        pair_open(&p, codec);
        for (unsigned i = 0; i < 20; i++)
            coder_decode(&p.b, heard, bytes, say(&p, bytes, &said));
        for (unsigned i = 0; i < 25; i++) {
            coder_make_up(&p.b, heard, CODER_FRAME, NULL);
            last = power_of(heard, CODER_FRAME);
        }
        assert_true(last < said / 20 / 1000); /* 30 dB */
        pair_close(&p);
    }
}

/* Opus carries a coarse copy of each frame with the next one: better than a guess. */
static void the_packet_behind_a_lost_one_tells_what_it_was(void **state)
{
    (void)state;
    struct pair p, q;
    uint8_t bytes[CODER_BYTES_MAX];
    int16_t heard[CODER_SAMPLES_MAX], guessed[CODER_SAMPLES_MAX];
    double said = 0, word = 0;
    pair_open(&p, MEDIA_OPUS);
    pair_open(&q, MEDIA_OPUS);
    const int16_t silence[CODER_FRAME] = {0};
    for (unsigned i = 0; i < 30; i++) {
        size_t n = coder_encode(&p.a, bytes, silence);
        coder_decode(&p.b, heard, bytes, n);
        coder_decode(&q.b, guessed, bytes, n);
    }
    (void)say(&p, bytes, &word); /* a word begins, and its first packet is lost */
    size_t n = say(&p, bytes, &said);
    const struct coder_packet next = {bytes, n};
    coder_make_up(&p.b, heard, CODER_FRAME, &next);
    coder_make_up(&q.b, guessed, CODER_FRAME, NULL);
    assert_true(power_of(heard, CODER_FRAME) > word / 10);
    assert_true(power_of(guessed, CODER_FRAME) < word / 1000);
    pair_close(&p);
    pair_close(&q);
}

static void what_is_no_packet_is_no_sound(void **state)
{
    (void)state;
    static const uint8_t odd[] = {0xff, 0xff, 0xff}; /* 63 frames of 20 ms */
    struct pair p;
    int16_t heard[CODER_SAMPLES_MAX];
    static uint8_t long_one[CODER_SAMPLES_MAX + 1];
    pair_open(&p, MEDIA_OPUS);
    assert_int_equal(coder_decode(&p.b, heard, odd, sizeof(odd)), 0);
    assert_int_equal(coder_samples_n(MEDIA_OPUS, odd, sizeof(odd)), 0);
    pair_close(&p);
    pair_open(&p, MEDIA_G722);
    assert_int_equal(coder_decode(&p.b, heard, long_one, sizeof(long_one)), 0);
    pair_close(&p);
}

/* After frames that were not its own, an encoder forgets what it had coded before. */
static void a_stale_encoder_begins_anew(void **state)
{
    (void)state;
    for (enum media_codec codec = MEDIA_G722; codec < MEDIA_CODECS; codec++) {
        struct pair p, q;
        uint8_t first[CODER_BYTES_MAX], again[CODER_BYTES_MAX];
        double power = 0;
        pair_open(&p, codec);
        pair_open(&q, codec);
        for (unsigned i = 0; i < 10; i++)
            (void)say(&p, again, &power);
        p.a.is_stale = q.a.is_stale = true;
        p.said_n = 0;
        size_t n = say(&p, again, &power);
        assert_int_equal(say(&q, first, &power), n);
        assert_memory_equal(first, again, n);
        assert_false(p.a.is_stale);
        pair_close(&p);
        pair_close(&q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voice_keeps_its_level),
        cmocka_unit_test(a_lost_packet_is_made_up),
        cmocka_unit_test(a_long_loss_fades_to_silence),
        cmocka_unit_test(the_packet_behind_a_lost_one_tells_what_it_was),
        cmocka_unit_test(what_is_no_packet_is_no_sound),
        cmocka_unit_test(a_stale_encoder_begins_anew),
    };
    return cmocka_run_group_tests_name("media/coder", tests, NULL, NULL);
}
