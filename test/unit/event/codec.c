/* codec.c — the bytes in which the journal keeps events: round trips, older and newer versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event/codec.h"

static size_t encode_told(uint8_t *p)
{
    const struct event ev = {.id = 300,
                             .at = 1790000000000,
                             .kind = EV_CONTACT_TOLD,
                             .contact_told = {.contact_id = 7,
                                              .what = TOLD_RHYTHM,
                                              .before_n = 3,
                                              .band = BAND_B5_10,
                                              .bound_at = 1790000600000,
                                              .tell_at = -1}};
    return event_encode(p, &ev);
}

static void an_event_comes_back_as_it_went(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    struct event back;
    size_t used, n = encode_told(bytes);
    assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_OK);
    assert_int_equal(used, n);
    assert_int_equal(back.id, 300);
    assert_int_equal(back.contact_told.before_n, 3);
    assert_int_equal(back.contact_told.bound_at, 1790000600000);
    assert_int_equal(back.contact_told.tell_at, -1);
}

static void every_kind_with_extreme_values_fits_its_bound(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX + 64];
    struct event ev, back;
    for (int kind = 0; kind <= EVENT_KIND_MAX; kind++) {
        if (!event_fields((enum event_kind)kind))
            continue;
        memset(&ev, 0, sizeof(ev));
        ev.id = UINT64_MAX;
        ev.at = INT64_MIN;
        ev.kind = (enum event_kind)kind;
        for (const struct event_field *f = event_fields(ev.kind); f->name; f++) {
            uint8_t *v = (uint8_t *)&ev + f->offset;
            if (f->type == EVENT_FIELD_U64 || f->type == EVENT_FIELD_MS)
                memset(v, 0xff, 8);
            else if (f->type == EVENT_FIELD_U32)
                memset(v, 0xff, 4);
        }
        size_t used, n = event_encode(bytes, &ev);
        assert_true(n <= EVENT_BYTES_MAX);
        assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_OK);
        assert_int_equal(used, n);
        assert_memory_equal(&ev, &back, offsetof(struct event, kind));
    }
}

static void bytes_cut_anywhere_are_short_or_bad_never_read_past(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    struct event back;
    size_t used, n = encode_told(bytes);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(event_decode(&back, bytes, i, &used), CODEC_SHORT);
}

/* Takes k bytes off the body, or adds k, and mends its length. */
static size_t resize_body(uint8_t *bytes, size_t n, int by)
{
    size_t at = 1 + 2 + 6; /* kind, id 300, instant: then the length */
    unsigned body = (unsigned)(bytes[at] + (bytes[at + 1] << 8)) + (unsigned)by;
    bytes[at] = (uint8_t)body;
    bytes[at + 1] = (uint8_t)(body >> 8);
    return n + (size_t)by;
}

static void an_older_shorter_event_reads_with_zeros(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    struct event back;
    size_t used, n = resize_body(bytes, encode_told(bytes), -1);
    assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_OK);
    assert_int_equal(back.contact_told.tell_at, 0);
    assert_int_equal(back.contact_told.bound_at, 1790000600000);
}

static void a_newer_longer_event_reads_without_its_tail(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX] = {0};
    struct event back;
    size_t used, n = resize_body(bytes, encode_told(bytes), 2);
    assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_OK);
    assert_int_equal(used, n);
}

static void a_value_outside_its_range_is_damage(void **state)
{
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    struct event back;
    size_t used, n = encode_told(bytes);
    bytes[1 + 2 + 6 + 2 + 1] = TOLD_N; /* what */
    assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_BAD);
    bytes[0] = 127;
    assert_int_equal(event_decode(&back, bytes, n, &used), CODEC_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_comes_back_as_it_went),
        cmocka_unit_test(every_kind_with_extreme_values_fits_its_bound),
        cmocka_unit_test(bytes_cut_anywhere_are_short_or_bad_never_read_past),
        cmocka_unit_test(an_older_shorter_event_reads_with_zeros),
        cmocka_unit_test(a_newer_longer_event_reads_without_its_tail),
        cmocka_unit_test(a_value_outside_its_range_is_damage),
    };
    return cmocka_run_group_tests_name("event/codec", tests, NULL, NULL);
}
