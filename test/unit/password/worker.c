/* worker.c — passwords on their thread: good, wrong and of nobody; at the bound of its jobs and
 * past it; who leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/clock.h"
#include "password/worker.h"

#define WAIT_MS 20000

static struct password_told await(const struct password_port *p, uint64_t job_id)
{
    struct password_told told = {.is_good = false};
    ms_t end_ms = os_clock_boot_ms() + WAIT_MS;
    enum password_state state;
    assert_true(job_id != 0);
    while ((state = p->look(p->arg, job_id, &told)) == PASSWORD_GIVEN)
        assert_true(os_clock_boot_ms() < end_ms);
    assert_int_equal(state, PASSWORD_DONE);
    p->forget(p->arg, job_id);
    assert_int_equal(p->look(p->arg, job_id, &told), PASSWORD_UNKNOWN);
    return told;
}

static void a_hash_is_of_its_password_alone(void **state)
{
    (void)state;
    struct password_worker *w = NULL;
    assert_int_equal(password_worker_open(&w, true), 0);
    struct password_port p = password_worker_port(w);
    struct password_told made = await(&p, p.make(p.arg, TEXT("quatre mots")));
    assert_true(made.is_good);
    assert_true(!strncmp(made.hash, "$argon2id$", 10));
    struct password_told again = await(&p, p.make(p.arg, TEXT("quatre mots")));
    assert_string_not_equal(made.hash, again.hash); /* its own salt */
    assert_true(await(&p, p.verify(p.arg, TEXT("quatre mots"), made.hash)).is_good);
    assert_false(await(&p, p.verify(p.arg, TEXT("quatre mot"), made.hash)).is_good);
    assert_false(await(&p, p.verify(p.arg, TEXT("quatre motsx"), made.hash)).is_good);
    assert_false(await(&p, p.verify(p.arg, TEXT(""), made.hash)).is_good);
    assert_false(await(&p, p.verify(p.arg, TEXT("quatre mots"), "")).is_good);
    assert_false(await(&p, p.verify(p.arg, TEXT("quatre mots"), "$nonsense$")).is_good);
    password_worker_drop(w);
}

/* By the real limits: a name of nobody's costs what a wrong password costs. */
static void nobody_takes_as_long_as_somebody(void **state)
{
    (void)state;
    struct password_worker *w = NULL;
    assert_int_equal(password_worker_open(&w, false), 0);
    struct password_port p = password_worker_port(w);
    struct password_told made = await(&p, p.make(p.arg, TEXT("quatre mots")));
    assert_non_null(strstr(made.hash, "$m=19456,t=2,p=1$"));
    ms_t best_ms[2] = {WAIT_MS, WAIT_MS};
    for (unsigned i = 0; i < 10; i++) {
        ms_t began_ms = os_clock_boot_ms();
        await(&p, p.verify(p.arg, TEXT("autre chose"), i % 2 ? made.hash : ""));
        ms_t took_ms = os_clock_boot_ms() - began_ms;
        best_ms[i % 2] = took_ms < best_ms[i % 2] ? took_ms : best_ms[i % 2];
    }
    assert_true(best_ms[0] >= 5 && best_ms[1] >= 5); /* a hash was computed, both times */
    password_worker_drop(w);
}

static void past_its_bound_it_takes_none(void **state)
{
    (void)state;
    struct password_worker *w = NULL;
    uint64_t jobs[PASSWORD_JOBS_MAX + 1];
    char long_one[PASSWORD_BYTES_MAX + 1];
    assert_int_equal(password_worker_open(&w, false), 0);
    struct password_port p = password_worker_port(w);
    for (unsigned i = 0; i <= PASSWORD_JOBS_MAX; i++)
        jobs[i] = p.make(p.arg, TEXT("quatre mots")); /* none is forgotten: each has its place */
    assert_true(jobs[PASSWORD_JOBS_MAX - 1] != 0);
    assert_int_equal(jobs[PASSWORD_JOBS_MAX], 0);
    p.forget(p.arg, jobs[PASSWORD_JOBS_MAX - 1]);
    memset(long_one, 'x', sizeof(long_one));
    assert_int_equal(p.make(p.arg, (struct text){long_one, PASSWORD_BYTES_MAX + 1}), 0);
    jobs[PASSWORD_JOBS_MAX - 1] = p.make(p.arg, (struct text){long_one, PASSWORD_BYTES_MAX});
    assert_true(jobs[PASSWORD_JOBS_MAX - 1] != 0);
    for (unsigned i = 0; i < PASSWORD_JOBS_MAX; i++)
        assert_true(await(&p, jobs[i]).is_good);
    password_worker_drop(w);
}

static void who_leaves_gives_the_place_back(void **state)
{
    (void)state;
    struct password_worker *w = NULL;
    assert_int_equal(password_worker_open(&w, true), 0);
    struct password_port p = password_worker_port(w);
    ms_t end_ms = os_clock_boot_ms() + WAIT_MS;
    for (unsigned i = 0; i < 10 * PASSWORD_JOBS_MAX;) {
        uint64_t job_id = p.make(p.arg, TEXT("quatre mots"));
        assert_true(os_clock_boot_ms() < end_ms);
        if (!job_id)
            continue; /* one is being worked at */
        p.forget(p.arg, job_id);
        i++;
    }
    assert_true(await(&p, p.make(p.arg, TEXT("quatre mots"))).is_good);
    p.forget(p.arg, 4711);
    p.forget(p.arg, 0);
    password_worker_drop(w);
    password_worker_drop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_of_its_password_alone),
        cmocka_unit_test(nobody_takes_as_long_as_somebody),
        cmocka_unit_test(past_its_bound_it_takes_none),
        cmocka_unit_test(who_leaves_gives_the_place_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
