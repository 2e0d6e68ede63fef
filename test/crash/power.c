/* power.c — the power goes before each operation of the disk, one after the other: whatever is left
 * opens, verifies, holds everything that was promised, and goes on.
 * One life is recorded; then, for all n, the disk as a cut before operation n leaves it, in each of
 * the variants of disk.h. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/crash/life.h"
#include "test/crash/pace.h"

struct run {
    struct disk_drive drive;
    struct disk disk;
};

static void record(struct run *r)
{
    struct life l;
    disk_drive_open(&r->drive, LIFE_VFS);
    disk_open(&r->disk);
    r->disk.is_recording = true;
    r->drive.disk = &r->disk;
    assert_int_equal(life_open(&l, &r->drive), 0);
    life_run(&l);
    assert_int_equal(l.port.committed_id(l.port.arg), life_last_id());
    life_drop(&l);
}

static void end(struct run *r)
{
    disk_drop(&r->disk);
    disk_drive_drop(&r->drive);
}

static bool is_good_after(struct run *r, const struct disk_past *past,
                          const struct disk_cut_args *args, uint64_t published)
{
    struct disk left;
    disk_past_cut(&left, past, args);
    r->drive.disk = &left;
    bool is_good = life_check(&r->drive, published);
    r->drive.disk = &r->disk;
    disk_drop(&left);
    return is_good;
}

/* Cuts before every operation. seeds_n: how many throws for the variants that need a seed. */
static void cut_everywhere(enum disk_cut cut, unsigned seeds_n)
{
    struct run r;
    struct disk_past past;
    uint64_t published = 0;
    record(&r);
    disk_past_open(&past, &r.disk);
    for (size_t n = 0; n <= r.disk.log_n; n++) {
        for (unsigned s = 0; s < seeds_n && n % ops_step() == 0; s++) {
            struct disk_cut_args args = {cut, n * 1000 + s};
            if (!is_good_after(&r, &past, &args, published))
                fail_msg("power cut before operation %zu of %zu, variant %d, seed %" PRIu64, n,
                         r.disk.log_n, cut, args.seed);
        }
        if (n == r.disk.log_n)
            break;
        published = r.disk.log[n].published > published ? r.disk.log[n].published : published;
        disk_past_advance(&past);
    }
    disk_past_drop(&past);
    end(&r);
}

static unsigned seeds(void)
{
    const char *how = getenv("DECROCHE_TEST");
    return how && !strcmp(how, "long") ? 20 : how && !strcmp(how, "full") ? 3 : 1;
}

static void a_whole_recording_gives_the_files_of_the_run(void **state)
{
    (void)state;
    struct run r;
    struct disk_past past;
    struct disk left;
    struct disk_cut_args args = {DISK_KEPT, 0};
    record(&r);
    disk_past_open(&past, &r.disk);
    while (past.next < r.disk.log_n)
        disk_past_advance(&past);
    disk_past_cut(&left, &past, &args);
    print_message("%zu operations of the disk, %" PRIu64 " events\n", r.disk.log_n, life_last_id());
    for (unsigned i = 0; i < DISK_NAMES_MAX; i++) {
        int inode = r.disk.of_name[i];
        assert_int_equal(left.of_name[i], inode);
        if (inode == DISK_NONE)
            continue;
        assert_int_equal(left.inode[inode].n, r.disk.inode[inode].n);
        assert_memory_equal(left.inode[inode].bytes, r.disk.inode[inode].bytes,
                            left.inode[inode].n);
    }
    disk_drop(&left);
    disk_past_drop(&past);
    end(&r);
}

static void nothing_promised_is_lost_when_all_that_was_not_synced_is_lost(void **state)
{
    (void)state;
    cut_everywhere(DISK_LOST, 1);
}

static void nothing_promised_is_lost_when_the_process_is_killed(void **state)
{
    (void)state;
    cut_everywhere(DISK_KEPT, 1);
}

static void nothing_promised_is_lost_when_the_last_writes_are_torn(void **state)
{
    (void)state;
    cut_everywhere(DISK_TORN, seeds());
}

static void nothing_promised_is_lost_when_sectors_arrive_in_any_order(void **state)
{
    (void)state;
    cut_everywhere(DISK_MIXED, seeds());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_recording_gives_the_files_of_the_run),
        cmocka_unit_test(nothing_promised_is_lost_when_all_that_was_not_synced_is_lost),
        cmocka_unit_test(nothing_promised_is_lost_when_the_process_is_killed),
        cmocka_unit_test(nothing_promised_is_lost_when_the_last_writes_are_torn),
        cmocka_unit_test(nothing_promised_is_lost_when_sectors_arrive_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
