/* print.c — tests of event/print.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event/print.h"

static const struct event dropped = {
    .id = 12,
    .at = 1738318500123,
    .kind = EV_CONTACT_DROPPED,
    .contact_dropped = {.contact_id = 7, .until_at = 1738319100123},
};

static void text_is_one_line_with_dates(void **state)
{
    (void)state;
    char line[EVENT_PRINT_MAX];
    size_t n = event_print(line, &dropped, EVENT_FORM_TEXT);
    assert_string_equal(line, "12 2025-01-31T10:15:00.123Z contact_dropped contact_id=7"
                              " until_at=2025-01-31T10:25:00.123Z");
    assert_int_equal(n, strlen(line));
}

static void json_is_one_object_with_numbers(void **state)
{
    (void)state;
    char line[EVENT_PRINT_MAX];
    event_print(line, &dropped, EVENT_FORM_JSON);
    assert_string_equal(line, "{\"id\":12,\"at\":1738318500123,\"kind\":\"contact_dropped\","
                              "\"contact_id\":7,\"until_at\":1738319100123}");
}

static void lists_enums_and_flags_have_their_own_words(void **state)
{
    (void)state;
    char line[EVENT_PRINT_MAX];
    struct event ev = {
        .id = 1,
        .kind = EV_AGENT_SET,
        .agent_set = {.agent_id = 5, .capacity = {1, 2}, .capacity_n = 2, .is_robot = true},
    };
    event_print(line, &ev, EVENT_FORM_JSON);
    assert_non_null(strstr(line, "\"capacity\":[1,2]"));
    assert_non_null(strstr(line, "\"queue_ids\":[]"));
    assert_non_null(strstr(line, "\"is_robot\":true"));
    ev = (struct event){
        .id = 2, .kind = EV_AGENT_PAUSED, .agent_paused = {.reason = PAUSE_MEAL, .back_at = 0}};
    event_print(line, &ev, EVENT_FORM_TEXT);
    assert_non_null(strstr(line, "reason=meal"));
    assert_non_null(strstr(line, "back_at=-"));
}

static void negative_durations_and_the_instant_that_never_comes_are_shown(void **state)
{
    (void)state;
    char line[EVENT_PRINT_MAX];
    struct event ev = {.id = 1, .kind = EV_CLOCK_STEP, .clock_step = {.by_ms = INT64_MIN}};
    event_print(line, &ev, EVENT_FORM_TEXT);
    assert_non_null(strstr(line, "by_ms=-9223372036854775808"));
    ev = (struct event){.id = 1, .kind = EV_AGENT_WRAP_UP, .agent_wrap_up = {.ends_at = MS_NEVER}};
    event_print(line, &ev, EVENT_FORM_TEXT);
    assert_non_null(strstr(line, "ends_at=never"));
}

static size_t width_of(const struct event_field *f)
{
    static const size_t widths[] = {
        [EVENT_FIELD_U8] = 1, [EVENT_FIELD_U16] = 2,  [EVENT_FIELD_U32] = 4,  [EVENT_FIELD_U64] = 8,
        [EVENT_FIELD_MS] = 8, [EVENT_FIELD_BOOL] = 1, [EVENT_FIELD_ENUM] = 4,
    };
    return widths[f->type];
}

/* The widest value that a field can hold, in every place of every list. */
static void widen(struct event *ev, const struct event_field *f)
{
    uint8_t *base = (uint8_t *)ev;
    size_t width = width_of(f);
    size_t n = f->n_offset ? (f->n_offset - f->offset) / width : 1;
    if (f->n_offset)
        base[f->n_offset] = (uint8_t)n;
    memset(base + f->offset, f->type == EVENT_FIELD_BOOL ? 1 : 0xff, n * width);
    if (f->type == EVENT_FIELD_MS)
        base[f->offset + 7] = 0x80; /* the longest number: near INT64_MIN */
    if (f->type == EVENT_FIELD_ENUM)
        memset(base + f->offset, 0, n * width);
}

static void every_event_at_its_widest_fits(void **state)
{
    (void)state;
    char line[EVENT_PRINT_MAX];
    for (unsigned kind = 0; kind <= EVENT_KIND_MAX + 1; kind++) {
        struct event ev = {.id = UINT64_MAX, .at = INT64_MIN, .kind = (enum event_kind)kind};
        const struct event_field *f = event_fields(ev.kind);
        for (; f && f->name; f++)
            widen(&ev, f);
        assert_in_range(event_print(line, &ev, EVENT_FORM_TEXT), 1, EVENT_PRINT_MAX - 1);
        assert_in_range(event_print(line, &ev, EVENT_FORM_JSON), 1, EVENT_PRINT_MAX - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_one_line_with_dates),
        cmocka_unit_test(json_is_one_object_with_numbers),
        cmocka_unit_test(lists_enums_and_flags_have_their_own_words),
        cmocka_unit_test(negative_durations_and_the_instant_that_never_comes_are_shown),
        cmocka_unit_test(every_event_at_its_widest_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
