/* file.c — a recording comes back as it was, with its key alone; what was changed, moved or cut off
 * is noticed wherever it was; nothing of it is in clear; a disk that is full is an error. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "test/support/shelf.h"

#define LONG_N (3 * RECORD_CHUNK_PAIRS + 5)

static const struct record_head head = {
    .id = 46, .call_id = 43, .begun_at = 1794819600000, .queue_id = 527056959, .agent_id = 77};
static uint8_t pairs[LONG_N + RECORD_CHUNK_PAIRS][TAP_SIDES];

static void what_was_said_comes_back_with_the_key(void **state)
{
    (void)state;
    static const unsigned lengths[] = {
        0, 1, RECORD_CHUNK_PAIRS - 1, RECORD_CHUNK_PAIRS, RECORD_CHUNK_PAIRS + 1, LONG_N};
    for (unsigned k = 0; k < ARRAY_LEN(lengths); k++) {
        struct shelf s;
        struct record_head back;
        size_t n;
        shelf_open(&s);
        shelf_make(&s, &head, lengths[k]);
        assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), 0);
        assert_int_equal(n, lengths[k]);
        for (unsigned i = 0; i < n; i++)
            assert_true(pairs[i][0] == (uint8_t)i && pairs[i][1] == (uint8_t)(255 - i));
        assert_int_equal(record_head_read(&back, shelf_path(&s, "46.rec")), 0);
        assert_memory_equal(&back, &head, sizeof(head));
        s.key[31] ^= 1;
        assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), EBADMSG);
        shelf_drop(&s);
    }
}

static void nothing_is_written_over(void **state)
{
    (void)state;
    struct shelf s;
    struct stat st;
    static struct record_out out;
    shelf_open(&s);
    shelf_make(&s, &head, 10);
    assert_int_equal(record_out_open(&out, s.folder, &head, s.key), EEXIST);
    assert_int_equal(stat(shelf_path(&s, "46.rec"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    shelf_drop(&s);
}

/* Every byte of a short one, and every length. */
static void a_changed_byte_and_a_cut_are_noticed(void **state)
{
    (void)state;
    struct shelf s;
    size_t n;
    static uint8_t whole[4096];
    shelf_open(&s);
    shelf_make(&s, &head, 40);
    FILE *f = fopen(shelf_path(&s, "46.rec"), "r+");
    assert_non_null(f);
    size_t size = fread(whole, 1, sizeof(whole), f);
    for (size_t i = 0; i < size; i++) {
        fseek(f, (long)i, SEEK_SET);
        fputc(whole[i] ^ 0x10, f);
        fflush(f);
        int err = shelf_read(&s, "46.rec", pairs, &n);
        assert_true(err == EBADMSG || err == ENODATA);
        fseek(f, (long)i, SEEK_SET);
        fputc(whole[i], f);
        fflush(f);
    }
    fclose(f);
    assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), 0);
    for (size_t i = size - 1; i > 0; i--) {
        assert_int_equal(truncate(shelf_path(&s, "46.rec"), (off_t)i), 0);
        int err = shelf_read(&s, "46.rec", pairs, &n);
        assert_true(err == EBADMSG || err == ENODATA);
        assert_int_equal(n, 0);
    }
    shelf_drop(&s);
}

static void what_was_cut_between_seconds_is_read_up_to_there(void **state)
{
    (void)state;
    struct shelf s;
    struct stat st;
    size_t n;
    shelf_open(&s);
    shelf_make(&s, &head, LONG_N);
    assert_int_equal(stat(shelf_path(&s, "46.rec"), &st), 0);
    assert_int_equal(truncate(shelf_path(&s, "46.rec"), st.st_size - 1), 0);
    assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), ENODATA);
    assert_int_equal(n, 3 * RECORD_CHUNK_PAIRS);
    FILE *f = fopen(shelf_path(&s, "46.rec"), "a");
    fwrite("more", 1, 4, f);
    fclose(f);
    assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), EBADMSG);
    shelf_drop(&s);
}

static void seconds_that_changed_their_places_are_noticed(void **state)
{
    (void)state;
    struct shelf s;
    size_t n, chunk = 4 + RECORD_SEALED_BYTES, first = RECORD_HEAD_BYTES + 24;
    static uint8_t a[4 + RECORD_SEALED_BYTES], b[4 + RECORD_SEALED_BYTES];
    shelf_open(&s);
    shelf_make(&s, &head, LONG_N);
    FILE *f = fopen(shelf_path(&s, "46.rec"), "r+");
    fseek(f, (long)first, SEEK_SET);
    assert_int_equal(fread(a, chunk, 1, f) + fread(b, chunk, 1, f), 2);
    fseek(f, (long)first, SEEK_SET);
    fwrite(b, chunk, 1, f);
    fwrite(a, chunk, 1, f);
    fclose(f);
    assert_int_equal(shelf_read(&s, "46.rec", pairs, &n), EBADMSG);
    assert_int_equal(n, 0);
    shelf_drop(&s);
}

static void nothing_that_was_said_is_in_clear(void **state)
{
    (void)state;
    struct shelf s;
    static uint8_t whole[4 * RECORD_CHUNK_BYTES];
    uint8_t said[16];
    shelf_open(&s);
    shelf_make(&s, &head, LONG_N);
    FILE *f = fopen(shelf_path(&s, "46.rec"), "r");
    size_t size = fread(whole, 1, sizeof(whole), f);
    fclose(f);
    assert_true(size > 3 * RECORD_CHUNK_BYTES);
    for (unsigned i = 0; i < sizeof(said); i++)
        said[i] = (uint8_t)(i % 2 ? 255 - i / 2 : i / 2);
    assert_null(memmem(whole, size, said, sizeof(said)));
    assert_null(memmem(whole, size, s.key, 16));
    shelf_drop(&s);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct shelf s;
    static struct record_out out;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit before, small = {20000, 20000};
    int err = 0;
    shelf_open(&s);
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(record_out_open(&out, s.folder, &head, s.key), 0);
    for (unsigned i = 0; i < 2 && !err; i++)
        err = record_out_add(&out, RECORD_CHUNK_PAIRS);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(err, EFBIG);
    record_out_drop(&out);
    shelf_drop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_comes_back_with_the_key),
        cmocka_unit_test(nothing_is_written_over),
        cmocka_unit_test(a_changed_byte_and_a_cut_are_noticed),
        cmocka_unit_test(what_was_cut_between_seconds_is_read_up_to_there),
        cmocka_unit_test(seconds_that_changed_their_places_are_noticed),
        cmocka_unit_test(nothing_that_was_said_is_in_clear),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("record/file", tests, NULL, NULL);
}
