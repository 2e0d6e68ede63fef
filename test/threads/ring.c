/* ring.c — base/ring.h between two threads: everything arrives once, in order, whole. Under TSan it
 * also proves that items are handed over, not shared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ring.h"
#include "os/thread.h"

#define ITEMS 300000u
#define N 64u
#define CHUNK_MAX 7u

struct item {
    uint64_t number, check;
};

struct fixture {
    struct ring_buffer ring;
    struct item memory[N];
};

/* Pushes all numbers in chunks of 1 to CHUNK_MAX; a full ring is tried again. */
static void *produce(void *arg)
{
    struct fixture *f = arg;
    for (uint64_t next = 0; next < ITEMS;) {
        struct item chunk[CHUNK_MAX];
        uint32_t n = (uint32_t)(next % CHUNK_MAX) + 1;
        n = ITEMS - next < n ? (uint32_t)(ITEMS - next) : n;
        for (uint32_t i = 0; i < n; i++)
            chunk[i] = (struct item){next + i, ~(next + i)};
        if (ring_push(&f->ring, chunk, n))
            next += n;
        else
            sched_yield();
    }
    return NULL;
}

static void everything_arrives_once_and_in_order(void **state)
{
    (void)state;
    struct fixture f;
    struct os_thread producer;
    struct os_thread_args args = {"producer", produce, &f};
    uint64_t next = 0;
    ring_open(&f.ring, f.memory, N, sizeof(struct item));
    assert_int_equal(os_thread_open(&producer, &args), 0);
    while (next < ITEMS) {
        uint32_t n = ring_waiting_n(&f.ring);
        for (uint32_t i = 0; i < n; i++) {
            const struct item *item = ring_item(&f.ring, i);
            assert_true(item->number == next + i && item->check == ~item->number);
        }
        ring_release(&f.ring, n);
        next += n;
        if (n == 0)
            sched_yield();
    }
    os_thread_drop(&producer);
    assert_int_equal(ring_waiting_n(&f.ring), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_arrives_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
