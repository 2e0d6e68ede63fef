/* rows.c — tests of base/rows.h and base/fields.h: bytes that outlive us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fields.h"
#include "base/rows.h"

#define STRIDE 64
#define ROW 48

static struct rows rows_over(uint8_t *p)
{
    return (struct rows){p, STRIDE, ROW, 3};
}

static void what_is_put_is_got_and_its_neighbours_are_not_touched(void **state)
{
    (void)state;
    uint8_t memory[3 * STRIDE];
    const uint8_t *p;
    memset(memory, 0, sizeof(memory));
    struct rows rows = rows_over(memory);
    assert_int_equal(rows_max(&rows), ROW - ROWS_HEAD_BYTES);
    assert_true(rows_put(&rows, 1, "abcdefghijklmnopqrstuvwxyz012345", 32));
    assert_int_equal(rows_get(&rows, 1, &p), 32);
    assert_memory_equal(p, "abcdefghijklmnopqrstuvwxyz012345", 32);
    assert_int_equal(rows_get(&rows, 0, &p), 0);
    assert_int_equal(rows_get(&rows, 2, &p), 0);
    for (unsigned i = 0; i < STRIDE - ROW; i++) /* of somebody else's part of the row */
        assert_int_equal(memory[STRIDE + ROW + i], 0);
    rows_clear(&rows, 1);
    for (unsigned i = 0; i < sizeof(memory); i++)
        assert_int_equal(memory[i], 0);
}

static void past_its_bounds_nothing_is_written(void **state)
{
    (void)state;
    uint8_t memory[3 * STRIDE];
    const uint8_t *p;
    memset(memory, 0, sizeof(memory));
    struct rows rows = rows_over(memory);
    assert_false(rows_put(&rows, 3, "a", 1));
    assert_int_equal(rows_get(&rows, 3, &p), 0);
    assert_true(rows_put(&rows, 0, "a", 1));
    assert_false(rows_put(&rows, 0, memory, ROW - ROWS_HEAD_BYTES + 1));
    assert_int_equal(rows_get(&rows, 0, &p), 0); /* the old one is not taken for it */
    rows_clear(&rows, 7);
}

/* Death between any two bytes. */
static void a_torn_row_is_none(void **state)
{
    (void)state;
    uint8_t whole[3 * STRIDE], torn[3 * STRIDE];
    const uint8_t *p;
    memset(whole, 0, sizeof(whole));
    struct rows rows = rows_over(whole), other = rows_over(torn);
    assert_true(rows_put(&rows, 0, "abcdefgh", 8));
    for (unsigned i = 0; i < ROWS_HEAD_BYTES + 8; i++) {
        memcpy(torn, whole, sizeof(whole));
        torn[i] ^= 0x40;
        bool is_unused = i >= 12 && i < ROWS_HEAD_BYTES;
        assert_int_equal(rows_get(&other, 0, &p), is_unused ? 8 : 0);
    }
}

struct small {
    uint32_t number;
    uint8_t byte;
    bool is_so;
    char name[8];
    uint16_t name_n;
    int64_t at;
};
static const struct field small_fields[] = {
    FIELD_NUMBER(1, struct small, number), FIELD_NUMBER(2, struct small, byte),
    FIELD_NUMBER(3, struct small, is_so),  FIELD_BYTES(4, struct small, name),
    FIELD_NUMBER(5, struct small, at),
};
static const struct fields small_form = {small_fields, ARRAY_LEN(small_fields), 0};

static void a_struct_is_what_it_was(void **state)
{
    (void)state;
    char bytes[128];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    const struct small was = {
        .number = 70000, .is_so = true, .name = "abcdefgh", .name_n = 8, .at = -3};
    struct small is = {.byte = 9};
    fields_put(&out, &small_form, &was);
    assert_true(fields_take(&small_form, &is, (struct text){bytes, out.n}));
    assert_int_equal(is.number, 70000);
    assert_int_equal(is.byte, 9); /* not written, for it was 0: as it was */
    assert_true(is.is_so && is.name_n == 8 && is.at == -3);
    assert_memory_equal(is.name, "abcdefgh", 8);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const uint16_t too_large[] = {2, 2, 256}, too_long[] = {4, 10, 0, 0, 0, 0, 0},
                          cut[] = {1, 9, 0}, headless[] = {1}, unknown[] = {77, 2, 1, 1, 2, 5};
    struct small is = {.number = 0};
    assert_false(fields_take(&small_form, &is, (struct text){(const char *)too_large, 6}));
    assert_false(fields_take(&small_form, &is, (struct text){(const char *)too_long, 14}));
    assert_false(fields_take(&small_form, &is, (struct text){(const char *)cut, 6}));
    assert_false(fields_take(&small_form, &is, (struct text){(const char *)headless, 2}));
    assert_true(fields_take(&small_form, &is, (struct text){(const char *)unknown, 12}));
    assert_int_equal(is.number, 5);
}

static void what_has_no_room_is_said_to_be_cut(void **state)
{
    (void)state;
    char bytes[7];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    const struct small was = {.number = 70000};
    fields_put(&out, &small_form, &was);
    assert_true(out.is_cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got_and_its_neighbours_are_not_touched),
        cmocka_unit_test(past_its_bounds_nothing_is_written),
        cmocka_unit_test(a_torn_row_is_none),
        cmocka_unit_test(a_struct_is_what_it_was),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_has_no_room_is_said_to_be_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
