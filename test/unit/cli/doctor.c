/* doctor.c — the judgements of `decroche doctor`, at each bound and past it. What it says of a
 * machine with faults: test/golden/doctor.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/doctor.h"

static void room_and_speed_of_the_disk(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_free(0), DOCTOR_FAULT);
    assert_int_equal(doctor_judge_free(DOCTOR_FREE_FAULT_BYTES - 1), DOCTOR_FAULT);
    assert_int_equal(doctor_judge_free(DOCTOR_FREE_FAULT_BYTES), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_free(DOCTOR_FREE_ATTENTION_BYTES - 1), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_free(DOCTOR_FREE_ATTENTION_BYTES), DOCTOR_WELL);
    assert_int_equal(doctor_judge_sync(0), DOCTOR_WELL);
    assert_int_equal(doctor_judge_sync(DOCTOR_SYNC_ATTENTION_US), DOCTOR_WELL);
    assert_int_equal(doctor_judge_sync(DOCTOR_SYNC_ATTENTION_US + 1), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_sync(DOCTOR_SYNC_FAULT_US), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_sync(DOCTOR_SYNC_FAULT_US + 1), DOCTOR_FAULT);
}

static void a_median_forgets_one_slow_write(void **state)
{
    (void)state;
    int64_t us[] = {900000, 3, 1, 2, 5};
    assert_int_equal(doctor_median(us, ARRAY_LEN(us)), 3);
    assert_int_equal(doctor_median((int64_t[]){7}, 1), 7);
}

static void a_clock_must_be_sure(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_clock(0, DOCTOR_CLOCK_ERROR_US), DOCTOR_WELL);
    assert_int_equal(doctor_judge_clock(1, 100), DOCTOR_WELL); /* a leap second is announced */
    assert_int_equal(doctor_judge_clock(0, DOCTOR_CLOCK_ERROR_US + 1), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_clock(5, 100), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_clock(-1, 0), DOCTOR_ATTENTION);
}

static void a_clock_must_be_near_steady_and_not_set_back(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_offset(DOCTOR_CLOCK_OFFSET_US), DOCTOR_WELL);
    assert_int_equal(doctor_judge_offset(-DOCTOR_CLOCK_OFFSET_US), DOCTOR_WELL);
    assert_int_equal(doctor_judge_offset(DOCTOR_CLOCK_OFFSET_US + 1), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_offset(-DOCTOR_CLOCK_OFFSET_US - 1), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_source("tsc"), DOCTOR_WELL);
    assert_int_equal(doctor_judge_source("kvm-clock"), DOCTOR_WELL);
    assert_int_equal(doctor_judge_source(""), DOCTOR_WELL);
    assert_int_equal(doctor_judge_source("hpet"), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_source("refined-jiffies"), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_ahead(-86400000), DOCTOR_WELL);
    assert_int_equal(doctor_judge_ahead(DOCTOR_CLOCK_AHEAD_MS), DOCTOR_WELL);
    assert_int_equal(doctor_judge_ahead(DOCTOR_CLOCK_AHEAD_MS + 1), DOCTOR_ATTENTION);
}

static void randomness_must_be_ready_and_a_guest_needs_a_source(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_chance(false, true, false), DOCTOR_FAULT);
    assert_int_equal(doctor_judge_chance(true, false, true), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_chance(true, true, true), DOCTOR_WELL);
    assert_int_equal(doctor_judge_chance(true, false, false), DOCTOR_WELL);
    static const char pc[] = "processor\t: 0\nmodel name\t: rdrand rng\nflags\t\t: fpu rdrand "
                             "hypervisor\nbugs\t: rdrandy\n",
                      arm[] = "Features\t: fp rng\n";
    assert_true(doctor_cpu_has(pc, "rdrand") && doctor_cpu_has(pc, "hypervisor"));
    assert_false(doctor_cpu_has(pc, "rng") || doctor_cpu_has(pc, "rdran"));
    assert_true(doctor_cpu_has(arm, "rng"));
    assert_false(doctor_cpu_has("", "rng"));
}

static void two_open_files_a_leg(void **state)
{
    (void)state;
    assert_int_equal(doctor_files_wanted(1000, false), 2512);
    assert_int_equal(doctor_files_wanted(1000, true), 4512);
    assert_int_equal(doctor_judge_files(2512, 2512), DOCTOR_WELL);
    assert_int_equal(doctor_judge_files(2511, 2512), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_files(2256, 2512), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_files(2255, 2512), DOCTOR_FAULT); /* media/ would not open */
    assert_int_equal(doctor_judge_files(UINT64_MAX, doctor_files_wanted(UINT32_MAX, true)),
                     DOCTOR_WELL);
}

static void memory_against_rooms(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_memory(900, 1000), DOCTOR_WELL);
    assert_int_equal(doctor_judge_memory(901, 1000), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_memory(1000, 1000), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_memory(1001, 1000), DOCTOR_FAULT);
}

static void pairs_of_ports(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_pairs(0, 5, 4), DOCTOR_FAULT);
    assert_int_equal(doctor_judge_pairs(3, 5, 4), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_pairs(4, 5, 4), DOCTOR_WELL);
    assert_int_equal(doctor_judge_pairs(3, 0, 4),
                     DOCTOR_WELL); /* few by the settings: check says so */
}

static void any_answer_proves_the_way(void **state)
{
    (void)state;
    assert_int_equal(doctor_judge_answer(200), DOCTOR_WELL);
    assert_int_equal(doctor_judge_answer(405), DOCTOR_WELL);
    assert_int_equal(doctor_judge_answer(402), DOCTOR_WELL);
    assert_int_equal(doctor_judge_answer(403), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_answer(499), DOCTOR_WELL);
    assert_int_equal(doctor_judge_answer(500), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_answer(603), DOCTOR_ATTENTION);
}

static void a_certificate_is_renewed_a_month_before_its_end(void **state)
{
    (void)state;
    const int64_t day_s = 86400, now_s = 1790000000, until_s = now_s + 30 * day_s;
    assert_int_equal(doctor_judge_days(now_s, until_s, now_s), DOCTOR_WELL);
    assert_int_equal(doctor_judge_days(now_s, until_s - 1, now_s), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_days(now_s, now_s + 1, now_s), DOCTOR_ATTENTION);
    assert_int_equal(doctor_judge_days(now_s - day_s, now_s, now_s), DOCTOR_FAULT);
    assert_int_equal(doctor_judge_days(now_s + 1, until_s, now_s), DOCTOR_FAULT);
}

/* The list has room for so many; those past it are counted, and none gets another's cure. */
static void findings_are_bounded(void **state)
{
    (void)state;
    static struct doctor d;
    for (unsigned i = 0; i < DOCTOR_FINDINGS_MAX + 2; i++) {
        doctor_find(&d, DOCTOR_FAULT, "constat %u", i);
        doctor_cure(&d, "remède %u", i);
    }
    assert_int_equal(d.n, DOCTOR_FINDINGS_MAX);
    assert_int_equal(d.more_n, 2);
    assert_string_equal(d.found[DOCTOR_FINDINGS_MAX - 1].what, "constat 255");
    assert_string_equal(d.found[DOCTOR_FINDINGS_MAX - 1].cure, "remède 255");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_and_speed_of_the_disk),
        cmocka_unit_test(a_median_forgets_one_slow_write),
        cmocka_unit_test(a_clock_must_be_sure),
        cmocka_unit_test(a_clock_must_be_near_steady_and_not_set_back),
        cmocka_unit_test(randomness_must_be_ready_and_a_guest_needs_a_source),
        cmocka_unit_test(two_open_files_a_leg),
        cmocka_unit_test(memory_against_rooms),
        cmocka_unit_test(pairs_of_ports),
        cmocka_unit_test(any_answer_proves_the_way),
        cmocka_unit_test(a_certificate_is_renewed_a_month_before_its_end),
        cmocka_unit_test(findings_are_bounded),
    };
    return cmocka_run_group_tests_name("cli/doctor", tests, NULL, NULL);
}
