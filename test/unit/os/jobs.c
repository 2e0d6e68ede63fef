/* jobs.c — tests of os/jobs.h: the order, the bound, and a job that is left in each of its states.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/jobs.h"

#define MAX 3

struct house {
    struct os_jobs jobs;
    int gate[2], told[2]; /* pipes: a byte lets a job be done; a byte says that one was begun */
    _Atomic unsigned wiped_n;
    unsigned asked[MAX], found[MAX];
};

static void work(void *arg, unsigned i)
{
    struct house *h = arg;
    char byte = (char)h->asked[i];
    assert_int_equal(write(h->told[1], &byte, 1), 1);
    assert_int_equal(read(h->gate[0], &byte, 1), 1);
    h->found[i] = h->asked[i] * 2;
}

static void wipe(void *arg, unsigned i)
{
    struct house *h = arg;
    h->asked[i] = h->found[i] = 0;
    atomic_fetch_add(&h->wiped_n, 1);
}

static void open_house(struct house *h)
{
    *h = (struct house){.wiped_n = 0};
    assert_int_equal(pipe(h->gate) | pipe(h->told), 0);
    assert_int_equal(
        os_jobs_open(&h->jobs,
                     &(struct os_jobs_args){
                         .name = "test", .max = MAX, .work = work, .wipe = wipe, .arg = h}),
        0);
}

static void close_house(struct house *h)
{
    os_jobs_drop(&h->jobs);
    for (unsigned i = 0; i < 2; i++) {
        close(h->gate[i]);
        close(h->told[i]);
    }
}

static uint64_t ask(struct house *h, unsigned what)
{
    unsigned i;
    if (!os_jobs_room(&h->jobs, &i))
        return 0;
    h->asked[i] = what;
    return os_jobs_give(&h->jobs, i);
}

static void let_one_pass(struct house *h)
{
    assert_int_equal(write(h->gate[1], "", 1), 1);
}

static unsigned begun(struct house *h)
{
    char byte = 0;
    assert_int_equal(read(h->told[0], &byte, 1), 1);
    return (unsigned)byte;
}

/* Its place, once it is done. */
static unsigned done(struct house *h, uint64_t id)
{
    unsigned i = MAX;
    while (os_jobs_look(&h->jobs, id, &i) != OS_JOBS_DONE)
        sched_yield();
    return i;
}

static void jobs_are_done_in_their_order_and_no_more_than_there_are_places(void **state)
{
    (void)state;
    struct house h;
    uint64_t ids[MAX];
    unsigned i;
    open_house(&h);
    for (unsigned n = 0; n < MAX; n++)
        assert_true((ids[n] = ask(&h, n + 1)) != 0);
    assert_int_equal(ask(&h, 9), 0);
    for (unsigned n = 0; n < MAX; n++) {
        assert_int_equal(begun(&h), n + 1);
        assert_int_equal(os_jobs_look(&h.jobs, ids[n], &i), OS_JOBS_GIVEN);
        let_one_pass(&h);
        i = done(&h, ids[n]);
        assert_int_equal(h.found[i], (n + 1) * 2);
    }
    os_jobs_forget(&h.jobs, ids[1]);
    assert_int_equal(os_jobs_look(&h.jobs, ids[1], &i), OS_JOBS_UNKNOWN);
    uint64_t fourth = ask(&h, 4); /* takes the place that was left */
    assert_int_equal(begun(&h), 4);
    let_one_pass(&h);
    assert_int_equal(h.found[done(&h, fourth)], 8);
    assert_int_equal(os_jobs_look(&h.jobs, ids[1], &i), OS_JOBS_UNKNOWN);
    assert_int_equal(os_jobs_look(&h.jobs, 0, &i), OS_JOBS_UNKNOWN);
    close_house(&h);
}

static void what_is_left_is_wiped_in_each_of_its_states(void **state)
{
    (void)state;
    struct house h;
    unsigned i;
    open_house(&h);
    uint64_t taken = ask(&h, 1), given = ask(&h, 2), last = ask(&h, 3);
    assert_int_equal(begun(&h), 1);
    os_jobs_forget(&h.jobs, given); /* never begun */
    assert_int_equal(atomic_load(&h.wiped_n), 1);
    os_jobs_forget(&h.jobs, taken); /* begun: the thread wipes it */
    assert_int_equal(os_jobs_look(&h.jobs, taken, &i), OS_JOBS_UNKNOWN);
    assert_int_equal(atomic_load(&h.wiped_n), 1);
    let_one_pass(&h);
    assert_int_equal(begun(&h), 3);
    assert_int_equal(atomic_load(&h.wiped_n), 2);
    let_one_pass(&h);
    i = done(&h, last);
    os_jobs_forget(&h.jobs, last);
    os_jobs_forget(&h.jobs, last);
    assert_int_equal(atomic_load(&h.wiped_n), 3);
    assert_int_equal(h.asked[i] | h.found[i], 0);
    for (unsigned n = 0; n < MAX; n++) {
        assert_true(ask(&h, 7) != 0);
        let_one_pass(&h);
    }
    close_house(&h); /* whether they were begun or not */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_done_in_their_order_and_no_more_than_there_are_places),
        cmocka_unit_test(what_is_left_is_wiped_in_each_of_its_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
