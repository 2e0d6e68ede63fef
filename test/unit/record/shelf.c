/* shelf.c — recordings leave when their time is over, each with a proof that was there before; the
 * proofs are a chain in which nothing can be changed, left out or moved. */
#include <errno.h>

#include "record/audit.h"
#include "record/shelf.h"
#include "test/support/shelf.h"

#define NOW_AT ((ms_t)1794819600000)

static void make(const struct shelf *s, uint64_t id, ms_t age_ms)
{
    const struct record_head head = {.id = id, .begun_at = NOW_AT - age_ms};
    shelf_make(s, &head, 100);
}

static struct record_purge purge(const struct shelf *s, uint32_t days)
{
    struct record_purge p = {.folder = s->folder, .now_at = NOW_AT, .retention_days = days};
    assert_int_equal(record_shelf_purge(&p), 0);
    return p;
}

static bool count(const struct record_found *found, void *arg)
{
    uint64_t *ids = arg;
    ids[ids[0] + 1] = found->id;
    ids[0]++;
    return ids[0] < 3;
}

static const char *audit(const struct shelf *s)
{
    static char text[65536];
    FILE *f = fopen(shelf_path(s, "audit.jsonl"), "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
    fclose(f);
    return text;
}

static void they_are_found_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    struct shelf s;
    uint64_t ids[8] = {0};
    shelf_open(&s);
    make(&s, 1000, 1);
    make(&s, 9, 1);
    make(&s, 200, 1);
    make(&s, 5000, 1);
    FILE *f = fopen(shelf_path(&s, "x12.rec"), "w");
    fclose(f);
    assert_int_equal(record_shelf_walk(s.folder, count, ids), 0);
    assert_int_equal(ids[0], 3); /* enough, said the asker */
    assert_true(ids[1] == 9 && ids[2] == 200 && ids[3] == 1000);
    assert_int_equal(record_shelf_walk("/nowhere", count, ids), ENOENT);
    shelf_drop(&s);
}

static void what_is_too_old_leaves_with_a_proof_and_the_rest_stays(void **state)
{
    (void)state;
    struct shelf s;
    char hash[RECORD_HASH_DIGITS + 1];
    uint64_t lines_n;
    shelf_open(&s);
    make(&s, 1, 30 * RECORD_DAY_MS + 1);
    make(&s, 2, 30 * RECORD_DAY_MS); /* at the bound: still within its days */
    make(&s, 3, 0);
    assert_int_equal(record_hash(hash, shelf_path(&s, "1.rec")), 0);
    assert_int_equal(purge(&s, 30).purged_n, 1);
    assert_int_equal(shelf_n(&s), 2);
    assert_non_null(strstr(audit(&s), "\"what\":\"purge\",\"recording\":1,\"begun_at\":\"2026-"));
    assert_non_null(strstr(audit(&s), hash));
    assert_int_equal(purge(&s, 30).purged_n, 0);
    assert_int_equal(record_audit_verify(s.folder, &lines_n), 0);
    assert_int_equal(lines_n, 1);
    shelf_drop(&s);
}

/* By its last writing, so that nothing stays for ever. */
static void a_damaged_one_leaves_too(void **state)
{
    (void)state;
    struct shelf s;
    shelf_open(&s);
    FILE *f = fopen(shelf_path(&s, "7.rec"), "w");
    fputs("no recording", f);
    fclose(f);
    struct record_purge p = {.folder = s.folder, .now_at = 0, .retention_days = 1};
    assert_int_equal(record_shelf_purge(&p), 0);
    assert_int_equal(p.purged_n, 0);
    struct stat st;
    assert_int_equal(stat(shelf_path(&s, "7.rec"), &st), 0);
    p.now_at = st.st_mtim.tv_sec * 1000 + RECORD_DAY_MS + 1;
    assert_int_equal(record_shelf_purge(&p), 0);
    assert_int_equal(p.purged_n, 1);
    shelf_drop(&s);
}

static void without_a_proof_nothing_is_purged(void **state)
{
    (void)state;
    struct shelf s;
    shelf_open(&s);
    make(&s, 1, 90 * RECORD_DAY_MS);
    assert_int_equal(mkdir(shelf_path(&s, "audit.jsonl"), 0700), 0); /* cannot be written to */
    struct record_purge p = {.folder = s.folder, .now_at = NOW_AT, .retention_days = 30};
    assert_int_equal(record_shelf_purge(&p), EISDIR);
    assert_int_equal(p.purged_n, 0);
    assert_int_equal(p.failed_n, 1);
    assert_int_equal(shelf_n(&s), 1);
    assert_int_equal(rmdir(shelf_path(&s, "audit.jsonl")), 0);
    shelf_drop(&s);
}

static void add(const struct shelf *s, const char *reason)
{
    const struct record_deed deed = {.what = "export",
                                     .id = 46,
                                     .at = NOW_AT,
                                     .reader = TEXT("uid 1000 (odette)"),
                                     .reason = text_of(reason)};
    assert_int_equal(record_audit_add(s->folder, &deed), 0);
}

static int chain(const struct shelf *s, uint64_t *lines_n)
{
    return record_audit_verify(s->folder, lines_n);
}

static void rewrite(const struct shelf *s, const char *text, size_t n)
{
    FILE *f = fopen(shelf_path(s, "audit.jsonl"), "w");
    fwrite(text, 1, n, f);
    fclose(f);
}

static void the_chain_breaks_where_a_line_was_changed_left_out_or_moved(void **state)
{
    (void)state;
    struct shelf s;
    uint64_t n;
    static char text[65536];
    shelf_open(&s);
    assert_int_equal(chain(&s, &n), ENOENT);
    add(&s, "réclamation \"12\"\n");
    add(&s, "formation");
    add(&s, "réquisition");
    assert_int_equal(chain(&s, &n), 0);
    assert_int_equal(n, 3);
    size_t all = strlen(audit(&s));
    memcpy(text, audit(&s), all);
    size_t first = (size_t)(strchr(text, '\n') - text) + 1;
    *strstr(text, "odette") = 'O';
    rewrite(&s, text, all);
    assert_int_equal(chain(&s, &n), EBADMSG);
    assert_int_equal(n, 1); /* the one after it does not follow */
    *strstr(text, "Odette") = 'o';
    rewrite(&s, text + first, all - first);
    assert_int_equal(chain(&s, &n), EBADMSG);
    assert_int_equal(n, 0);
    rewrite(&s, text, all - 10); /* a crash in the last line */
    assert_int_equal(chain(&s, &n), EBADMSG);
    assert_int_equal(n, 2);
    shelf_drop(&s);
}

static void a_line_that_a_crash_cut_off_does_not_stop_the_next(void **state)
{
    (void)state;
    struct shelf s;
    uint64_t n;
    shelf_open(&s);
    add(&s, "formation");
    size_t all = strlen(audit(&s));
    rewrite(&s, audit(&s), all - 1);
    add(&s, "réquisition");
    assert_int_equal(chain(&s, &n), 0);
    assert_int_equal(n, 2);
    shelf_drop(&s);
}

static void a_reason_that_is_too_long_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    struct shelf s;
    static char reason[RECORD_AUDIT_LINE_MAX];
    struct stat st;
    shelf_open(&s);
    memset(reason, 'x', sizeof(reason) - 1);
    const struct record_deed deed = {.what = "export", .id = 1, .reason = text_of(reason)};
    assert_int_equal(record_audit_add(s.folder, &deed), ENAMETOOLONG);
    assert_int_equal(stat(shelf_path(&s, "audit.jsonl"), &st), 0);
    assert_int_equal(st.st_size, 0);
    shelf_drop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_found_in_the_order_of_their_numbers),
        cmocka_unit_test(what_is_too_old_leaves_with_a_proof_and_the_rest_stays),
        cmocka_unit_test(a_damaged_one_leaves_too),
        cmocka_unit_test(without_a_proof_nothing_is_purged),
        cmocka_unit_test(the_chain_breaks_where_a_line_was_changed_left_out_or_moved),
        cmocka_unit_test(a_line_that_a_crash_cut_off_does_not_stop_the_next),
        cmocka_unit_test(a_reason_that_is_too_long_is_refused_and_nothing_is_written),
    };
    return cmocka_run_group_tests_name("record/shelf", tests, NULL, NULL);
}
