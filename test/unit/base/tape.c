/* tape.c — records in one thread: order, the oldest give way, one that is half written is refused;
 * test/threads/tape.c has the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/tape.h"

static _Alignas(8) uint8_t memory[TAPE_BYTES_MIN];
static uint8_t in[TAPE_RECORD_MAX], out[TAPE_RECORD_MAX + 1];

/* A record that tells its number and its length in each byte. */
static size_t put(struct tape *t, uint32_t number, size_t n)
{
    for (size_t i = 0; i < n; i++)
        in[i] = (uint8_t)(number + i * 7);
    tape_put(t, in, n);
    return n;
}

static bool is_record(uint32_t number, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (out[i] != (uint8_t)(number + i * 7))
            return false;
    return true;
}

static void an_empty_tape_has_no_record(void **state)
{
    (void)state;
    static struct tape t;
    uint64_t place = 0;
    tape_open(&t, memory, sizeof(memory));
    assert_int_equal(tape_next(&t, &place, out), 0);
    assert_int_equal(place, 0);
}

static void records_come_whole_and_in_order_whatever_their_length(void **state)
{
    (void)state;
    static struct tape t;
    uint64_t place = 0;
    tape_open(&t, memory, sizeof(memory));
    for (uint32_t i = 1; i <= 40; i++)
        put(&t, i, i);
    put(&t, 41, TAPE_RECORD_MAX);
    for (uint32_t i = 1; i <= 40; i++) {
        memset(out, 0xee, sizeof(out));
        assert_int_equal(tape_next(&t, &place, out), i);
        assert_true(is_record(i, i));
        assert_int_equal(out[i], 0xee);
    }
    out[TAPE_RECORD_MAX] = 0xee;
    assert_int_equal(tape_next(&t, &place, out), TAPE_RECORD_MAX);
    assert_true(is_record(41, TAPE_RECORD_MAX));
    assert_int_equal(out[TAPE_RECORD_MAX], 0xee);
    assert_int_equal(tape_next(&t, &place, out), 0);
}

/* Records of 8 words (48 bytes and their head) fill the smallest tape exactly at 1,024. */
#define WORDS_8 48
#define RECORDS_N (TAPE_BYTES_MIN / 64)

static void at_its_bound_a_tape_holds_all_and_past_it_the_oldest_gives_way(void **state)
{
    (void)state;
    static struct tape t;
    uint64_t place = 0;
    tape_open(&t, memory, sizeof(memory));
    for (uint32_t i = 0; i < RECORDS_N; i++)
        put(&t, i, WORDS_8);
    assert_int_equal(tape_next(&t, &place, out), WORDS_8);
    assert_true(is_record(0, WORDS_8)); /* full: nothing is lost */
    put(&t, RECORDS_N, 1);              /* one byte more: one record goes */
    place = 0;
    assert_int_equal(tape_next(&t, &place, out), WORDS_8);
    assert_true(is_record(1, WORDS_8));
    put(&t, RECORDS_N + 1, TAPE_RECORD_MAX); /* as many as it needs */
    uint32_t n = 0;
    place = 0;
    while (tape_next(&t, &place, out))
        n++;
    assert_true(is_record(RECORDS_N + 1, TAPE_RECORD_MAX));
    assert_int_equal(n, 2 + RECORDS_N - (TAPE_RECORD_MAX + 16 + 24 + 63) / 64);
}

static void a_tape_goes_round_many_times(void **state)
{
    (void)state;
    static struct tape t;
    uint64_t place = 0, slow_place = 0;
    tape_open(&t, memory, sizeof(memory));
    for (uint32_t i = 0; i < 5000; i++) {
        size_t n = put(&t, i, 1 + i * 37 % 2000);
        assert_int_equal(tape_next(&t, &place, out), n);
        assert_true(is_record(i, n));
    }
    /* Who comes late begins with the oldest that is left, and gets the rest to the last. */
    uint32_t n = 0;
    size_t last_n = 0;
    for (size_t got; (got = tape_next(&t, &slow_place, out)) != 0; n++)
        last_n = got;
    assert_in_range(n, 20, 200);
    assert_int_equal(last_n, 1 + 4999 * 37 % 2000);
    assert_int_equal(slow_place, place);
}

/* The writer died, or stands, in the middle of a record over this one. */
static void a_torn_record_is_refused(void **state)
{
    (void)state;
    static struct tape t;
    uint64_t place = 0;
    tape_open(&t, memory, sizeof(memory));
    put(&t, 1, WORDS_8);
    put(&t, 2, WORDS_8);
    atomic_store(&t.words[0], 12345); /* the place of another record */
    assert_int_equal(tape_next(&t, &place, out), 0);
    atomic_store(&t.words[0], 0);
    atomic_store(&t.words[1], TAPE_RECORD_MAX + 1); /* a length that none has */
    assert_int_equal(tape_next(&t, &place, out), 0);
    atomic_store(&t.begin, 8); /* the first one has given way */
    assert_int_equal(tape_next(&t, &place, out), WORDS_8);
    assert_true(is_record(2, WORDS_8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_tape_has_no_record),
        cmocka_unit_test(records_come_whole_and_in_order_whatever_their_length),
        cmocka_unit_test(at_its_bound_a_tape_holds_all_and_past_it_the_oldest_gives_way),
        cmocka_unit_test(a_tape_goes_round_many_times),
        cmocka_unit_test(a_torn_record_is_refused),
    };
    return cmocka_run_group_tests_name("base/tape", tests, NULL, NULL);
}
