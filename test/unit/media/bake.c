/* bake.c — tests of prompts coded once: asked for, made, bounded. */
#include "media/bake.h"
#include "test/support/studio.h"

#define FRAMES 10

static struct prompts prompts;

static const struct prompt *put(unsigned seed)
{
    uint8_t bytes[2 * FRAMES * STUDIO_FRAME];
    const struct prompt_sound sound = {bytes, FRAMES * STUDIO_FRAME};
    uint16_t id;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * seed >> 3);
    assert_int_equal(media_prompts_put(&prompts, &id, &sound), PROMPT_LOADED);
    return prompts_find(&prompts, id);
}

static void only_what_is_asked_for_is_made(void **state)
{
    (void)state;
    static struct bake b;
    assert_int_equal(bake_open(&b, &prompts, true), 0);
    const struct prompt *one = put(3), *other = put(5);
    assert_null(bake_find(&b, one, MEDIA_OPUS, 0).bytes);
    assert_null(bake_find(&b, one, MEDIA_OPUS, 1).bytes);
    bake_run(&b);
    struct bake_frame first = bake_find(&b, one, MEDIA_OPUS, 0);
    struct bake_frame last = bake_find(&b, one, MEDIA_OPUS, FRAMES - 1);
    assert_non_null(first.bytes);
    assert_int_equal(first.n, CODER_OPUS_BYTES);
    assert_ptr_equal(last.bytes, first.bytes + (FRAMES - 1) * CODER_OPUS_BYTES);
    assert_null(bake_find(&b, one, MEDIA_G722, 0).bytes);
    assert_null(atomic_load(&other->forms[1].bytes));
    assert_int_equal(b.bytes_n, FRAMES * CODER_OPUS_BYTES);
    bake_drop(&b);
    prompts_drop(&prompts);
}

/* What found no room is never made, and asked for once; smaller ones may still fit. */
static void past_the_bound_nothing_is_made(void **state)
{
    (void)state;
    static struct bake b;
    assert_int_equal(bake_open(&b, &prompts, true), 0);
    const struct prompt *one = put(3);
    b.bytes_max = FRAMES * (CODER_FRAME + sizeof(struct g722)) - 1;
    assert_null(bake_find(&b, one, MEDIA_G722, 0).bytes);
    assert_null(bake_find(&b, one, MEDIA_OPUS, 0).bytes);
    bake_run(&b);
    assert_null(bake_find(&b, one, MEDIA_G722, 0).bytes);
    assert_non_null(bake_find(&b, one, MEDIA_OPUS, 0).bytes);
    bake_drop(&b);
    prompts_drop(&prompts);
}

/* The encoder behind each frame is kept, so that a stream's own may go on from any. */
static void a_coder_takes_over_behind_any_frame(void **state)
{
    (void)state;
    static struct bake b;
    struct coder alone, later;
    uint8_t whole[CODER_BYTES_MAX], rest[CODER_BYTES_MAX];
    int16_t samples[CODER_FRAME];
    assert_int_equal(bake_open(&b, &prompts, true), 0);
    const struct prompt *one = put(7);
    (void)bake_find(&b, one, MEDIA_G722, 0);
    bake_run(&b);
    coder_begin(&alone, MEDIA_G722, NULL);
    coder_begin(&later, MEDIA_G722, NULL);
    for (uint32_t f = 0; f < FRAMES; f++) {
        struct bake_frame frame = bake_find(&b, one, MEDIA_G722, f);
        for (unsigned i = 0; i < CODER_FRAME; i++)
            samples[i] = g711_decode(MEDIA_PCMA, one->codes[MEDIA_PCMA][f * CODER_FRAME + i]);
        coder_encode(&alone, whole, samples);
        assert_memory_equal(frame.bytes, whole, CODER_FRAME);
        assert_int_equal(bake_fits(&later, &frame), f >= BAKE_LEAD);
    }
    coder_encode(&alone, whole, samples);
    coder_encode(&later, rest, samples);
    assert_memory_equal(whole, rest, CODER_FRAME);
    bake_drop(&b);
    prompts_drop(&prompts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_asked_for_is_made),
        cmocka_unit_test(past_the_bound_nothing_is_made),
        cmocka_unit_test(a_coder_takes_over_behind_any_frame),
    };
    return cmocka_run_group_tests_name("media/bake", tests, NULL, NULL);
}
