/* refusal.c — the disk refuses each operation, one after the other, once or for a while: the
 * journal is DOWN, then WELL by itself, and nothing is lost or stands twice. Also a refused sync
 * after which the kernel takes unwritten pages for clean, followed by a power cut. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/crash/life.h"
#include "test/crash/pace.h"

struct run {
    struct disk_drive drive;
    struct disk disk;
};

static void begin(struct run *r, const struct disk_refusal *refusal)
{
    disk_drive_open(&r->drive, LIFE_VFS);
    disk_open(&r->disk);
    r->disk.refusal = *refusal;
    r->disk.is_recording = refusal->forgets;
    r->drive.disk = &r->disk;
}

static void end(struct run *r)
{
    disk_drop(&r->disk);
    disk_drive_drop(&r->drive);
}

/* Lives with that refusal. Returns the operations of the whole life; false in *is_good: prints. */
static uint64_t live(struct run *r, bool *is_good)
{
    struct life l;
    *is_good = false;
    if (life_open(&l, &r->drive))
        return r->disk.ops_n;
    life_run(&l);
    *is_good = l.port.health(l.port.arg) == JOURNAL_WELL &&
               l.port.committed_id(l.port.arg) == life_last_id();
    if (!*is_good)
        printf("health %d, committed %" PRIu64 "\n", l.port.health(l.port.arg),
               l.port.committed_id(l.port.arg));
    life_drop(&l);
    return r->disk.ops_n;
}

static void refuse_everywhere(int rc, uint64_t how_many)
{
    uint64_t ops_n = 1;
    for (uint64_t n = 0; n < ops_n; n += ops_step()) {
        struct run r;
        struct disk_refusal refusal = {.first = n, .n = how_many, .rc = rc};
        bool is_good;
        begin(&r, &refusal);
        ops_n = live(&r, &is_good);
        r.disk.refusal.n = 0;
        if (!is_good || !life_check(&r.drive, life_last_id()))
            fail_msg("operation %" PRIu64 " refused %" PRIu64 " times with %d", n, how_many, rc);
        end(&r);
    }
}

static void a_full_disk_only_delays(void **state)
{
    (void)state;
    refuse_everywhere(SQLITE_FULL, 1);
}

static void an_error_of_the_disk_only_delays(void **state)
{
    (void)state;
    refuse_everywhere(SQLITE_IOERR_WRITE, 1);
}

static void errors_for_a_while_only_delay_longer(void **state)
{
    (void)state;
    refuse_everywhere(SQLITE_IOERR_FSYNC, 17);
}

/* The last state of the run, with the power gone right after it. */
static bool survives_cut(struct run *r)
{
    struct disk_past past;
    struct disk left;
    struct disk_cut_args args = {DISK_LOST, 0};
    uint64_t published = 0;
    disk_past_open(&past, &r->disk);
    while (past.next < r->disk.log_n) {
        uint64_t p = r->disk.log[past.next].published;
        published = p > published ? p : published;
        disk_past_advance(&past);
    }
    disk_past_cut(&left, &past, &args);
    r->drive.disk = &left;
    bool is_good = life_check(&r->drive, published);
    disk_drop(&left);
    disk_past_drop(&past);
    return is_good;
}

static void a_sync_that_failed_and_forgot_its_pages_loses_no_promise(void **state)
{
    (void)state;
    uint64_t ops_n = 1;
    for (uint64_t n = 0; n < ops_n; n += ops_step()) {
        struct run r;
        struct disk_refusal refusal = {n, 1, SQLITE_IOERR_FSYNC, true};
        bool is_good;
        begin(&r, &refusal);
        ops_n = live(&r, &is_good);
        if (!is_good || !survives_cut(&r))
            fail_msg("operation %" PRIu64 " refused and forgotten, then the power went", n);
        end(&r);
    }
}

static void a_disk_that_refuses_is_down_and_comes_back_well(void **state)
{
    (void)state;
    struct run r;
    struct disk_refusal none = {.n = 0};
    struct life l;
    begin(&r, &none);
    assert_int_equal(life_open(&l, &r.drive), 0);
    r.disk.refusal = (struct disk_refusal){.first = r.disk.ops_n + 60, .n = 5, .rc = SQLITE_FULL};
    life_run(&l);
    assert_in_range(l.downs_n, 1, 5);
    assert_int_equal(journal_trouble(l.journal), 0);
    life_drop(&l);
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_refuses_is_down_and_comes_back_well),
        cmocka_unit_test(a_full_disk_only_delays),
        cmocka_unit_test(an_error_of_the_disk_only_delays),
        cmocka_unit_test(errors_for_a_while_only_delay_longer),
        cmocka_unit_test(a_sync_that_failed_and_forgot_its_pages_loses_no_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
