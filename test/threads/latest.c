/* latest.c — one thread puts values, others copy them: never a half of one and a half of another,
 * never an older one after a newer. Under TSan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/latest.h"
#include "os/thread.h"

#define PUTS 200000u
#define READERS 3
#define WORDS 40

struct value {
    uint64_t words[WORDS]; /* all the same: the number of the put */
};

static struct latest latest;
static _Atomic bool is_over;

struct reader {
    struct os_thread thread;
    uint64_t copies_n, torn_n, older_n;
};

static void *copy(void *arg)
{
    struct reader *r = arg;
    uint64_t before = 0;
    while (!atomic_load(&is_over)) {
        struct value v;
        if (!latest_get(&latest, &v, sizeof(v)))
            continue;
        for (unsigned i = 1; i < WORDS; i++)
            r->torn_n += v.words[i] != v.words[0];
        r->older_n += v.words[0] < before;
        before = v.words[0];
        r->copies_n++;
    }
    return NULL;
}

static void copies_are_whole_and_never_older(void **state)
{
    (void)state;
    static struct reader readers[READERS];
    for (unsigned i = 0; i < READERS; i++) {
        const struct os_thread_args args = {"copy", copy, &readers[i]};
        assert_int_equal(os_thread_open(&readers[i].thread, &args), 0);
    }
    for (uint64_t n = 1; n <= PUTS; n++) {
        struct value v;
        for (unsigned i = 0; i < WORDS; i++)
            v.words[i] = n;
        latest_put(&latest, &v, sizeof(v));
    }
    struct value last;
    assert_true(latest_get(&latest, &last, sizeof(last)));
    assert_int_equal(last.words[0], PUTS);
    atomic_store(&is_over, true);
    for (unsigned i = 0; i < READERS; i++) {
        os_thread_drop(&readers[i].thread);
        assert_int_equal(readers[i].torn_n, 0);
        assert_int_equal(readers[i].older_n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_whole_and_never_older),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
