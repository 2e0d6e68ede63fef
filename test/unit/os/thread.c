/* thread.c — tests of os/thread.h: who goes first. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/thread.h"

#define NOBODY 65534

/* Until the other end of the pipe is closed. */
static void *wait_for(void *arg)
{
    char byte;
    while (read(*(const int *)arg, &byte, 1) > 0)
        continue;
    return NULL;
}

/* Asks for it, and says which policy the thread has then. */
static int urge(int *policy)
{
    struct os_thread t;
    struct sched_param param;
    int ends[2];
    if (pipe(ends))
        return errno;
    const struct os_thread_args args = {"urged", wait_for, &ends[0]};
    int err = os_thread_open(&t, &args);
    if (err)
        return err;
    err = os_thread_urge(&t);
    pthread_getschedparam(t.id, policy, &param);
    close(ends[1]);
    os_thread_drop(&t);
    close(ends[0]);
    return err;
}

static void a_thread_goes_first_where_the_system_lets_it(void **state)
{
    (void)state;
    int policy = -1, err = urge(&policy);
    assert_true(err == 0 || err == EPERM);
    assert_int_equal(policy, err ? SCHED_OTHER : SCHED_RR);
}

/* Whoever runs this: as a user without rights, and with the limit at none. */
static void who_may_not_runs_as_all_others(void **state)
{
    (void)state;
    int status = 0, policy = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit none = {0, 0};
        int is_nobody = getuid() ? 0 : setuid(NOBODY);
        if (is_nobody || setrlimit(RLIMIT_RTPRIO, &none))
            _exit(1);
        _exit(urge(&policy) == EPERM && policy == SCHED_OTHER ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void processors_are_those_that_we_may_use(void **state)
{
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
    assert_int_equal(os_thread_processors(), CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (unsigned i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
        if (CPU_ISSET(i, &before))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    assert_int_equal(os_thread_processors(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_goes_first_where_the_system_lets_it),
        cmocka_unit_test(who_may_not_runs_as_all_others),
        cmocka_unit_test(processors_are_those_that_we_may_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
