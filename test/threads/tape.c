/* tape.c — one thread puts records, others copy them while the oldest give way: each is whole, and
 * none comes before an older one. Under TSan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/tape.h"
#include "os/thread.h"

#define PUTS 100000u
#define READERS 3
#define WORDS_MAX 120

static _Alignas(8) uint8_t memory[TAPE_BYTES_MIN];
static struct tape tape;
static _Atomic bool is_over;

struct reader {
    struct os_thread thread;
    uint64_t copies_n, torn_n, older_n, last;
};

static void look(struct reader *r, const uint64_t *words, size_t n)
{
    for (size_t i = 1; i < n; i++)
        r->torn_n += words[i] != words[0];
    r->torn_n += n != 1 + words[0] % WORDS_MAX;
    r->older_n += words[0] <= r->last;
    r->last = words[0];
    r->copies_n++;
}

static void *copy(void *arg)
{
    static _Thread_local uint64_t words[TAPE_RECORD_MAX / sizeof(uint64_t)];
    struct reader *r = arg;
    uint64_t place = 0;
    for (bool is_last = false;;) {
        size_t n = tape_next(&tape, &place, words);
        if (n)
            look(r, words, n / sizeof(uint64_t));
        else if (is_last)
            return NULL;
        else
            is_last = atomic_load(&is_over);
    }
}

static void copies_are_whole_and_in_order(void **state)
{
    (void)state;
    static struct reader readers[READERS];
    tape_open(&tape, memory, sizeof(memory));
    for (unsigned i = 0; i < READERS; i++) {
        const struct os_thread_args args = {"copy", copy, &readers[i]};
        assert_int_equal(os_thread_open(&readers[i].thread, &args), 0);
    }
    for (uint64_t number = 1; number <= PUTS; number++) {
        uint64_t words[WORDS_MAX], n = 1 + number % WORDS_MAX;
        for (unsigned i = 0; i < n; i++)
            words[i] = number;
        tape_put(&tape, words, n * sizeof(uint64_t));
    }
    atomic_store(&is_over, true);
    for (unsigned i = 0; i < READERS; i++) {
        os_thread_drop(&readers[i].thread);
        assert_int_equal(readers[i].torn_n, 0);
        assert_int_equal(readers[i].older_n, 0);
        assert_int_equal(readers[i].last, PUTS);
        assert_true(readers[i].copies_n > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_whole_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
