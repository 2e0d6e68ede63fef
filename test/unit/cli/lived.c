/* lived.c — a simulated life as a journal: its mark, what it never writes over, its bytes. */
#include <errno.h>

#include "cli/lived.h"
#include "journal/mark.h"
#include "journal/verify.h"
#include "test/support/desk.h"

#define HOUR ((ms_t)3600 * 1000)
#define MONDAY ((ms_t)1794783600000)

/* The smallest service: one queue, one agent, from 8:00 to 18:00. */
static struct plan_profile profile(void)
{
    struct plan_profile p = {.name = "essai", .shapes_n = 1, .services_n = 1, .groups_n = 1};
    const struct day_hours open = {.n = 1, .span = {{480, 1080}}};
    p.arrivals[0] = 60;
    p.hours[0] = open;
    p.shapes[0] = (struct plan_shape){
        .days = 1, .slots_n = 1, .slots = {{.span = {480, 1080}, .share_ppm = 1000000}}};
    p.services[0] = (struct plan_service){"accueil", 1000000, {300000, 800}};
    p.groups[0] = (struct plan_group){.name = "tous", .agents_n = 1, .services_n = 1};
    p.groups[0].shift[0] = open;
    p.house = (struct plan_house){20000, 60000, 10000, 600000, 300000, 600000, 600000, 0, 0, 0, 0};
    p.people.patience = (struct plan_law){240000, 1000};
    p.people.menu = (struct plan_law){19000, 600};
    p.staff.pick_up = (struct plan_law){4000, 500};
    p.staff.wrap_up = (struct plan_law){60000, 500};
    p.sites_n = p.areas_n = 1;
    return p;
}

static struct sim *live(struct plan_profile *p, uint64_t seed)
{
    const struct sim_args args = {.profile = p,
                                  .seed = seed,
                                  .midnight_at = MONDAY,
                                  .offset_ms = HOUR,
                                  .from_at = MONDAY,
                                  .until_at = MONDAY + 24 * HOUR};
    struct sim *sim = sim_open(&args);
    assert_non_null(sim);
    assert_true(sim_run(sim));
    return sim;
}

struct fixture {
    struct desk desk;
    struct plan_profile profile;
    struct sim *sim;
    char path[FOLDER_PATH_MAX], other[FOLDER_PATH_MAX];
};

static void begin(struct fixture *f)
{
    desk_begin(&f->desk);
    f->profile = profile();
    f->sim = live(&f->profile, 7);
    snprintf(f->path, sizeof(f->path), "%.490s/lived.db", f->desk.folder.path);
    snprintf(f->other, sizeof(f->other), "%.490s/other.db", f->desk.folder.path);
}

static void end(struct fixture *f)
{
    sim_drop(f->sim);
    desk_end(&f->desk);
}

static void it_is_sound_and_its_first_event_says_what_it_is(void **state)
{
    (void)state;
    struct fixture f;
    struct journal_report report;
    enum journal_mark mark;
    begin(&f);
    assert_int_equal(journal_mark_read(&mark, f.path), 0);
    assert_int_equal(mark, JOURNAL_MARK_ABSENT);
    assert_int_equal(lived_write(f.path, f.sim), 0);
    journal_verify(&report, &(struct sql_args){.path = f.path, .is_read_only = true});
    assert_int_equal(report.verdict, JOURNAL_SOUND);
    assert_int_equal(report.last_id, sim_totals(f.sim).events_n);
    assert_int_equal(journal_mark_read(&mark, f.path), 0);
    assert_int_equal(mark, JOURNAL_MARK_SIMULATED);
    end(&f);
}

static void the_journal_of_a_service_is_never_written_over(void **state)
{
    (void)state;
    struct fixture f;
    enum journal_mark mark;
    const char *why;
    begin(&f);
    desk_fill(&f.desk, 12);
    desk_close(&f.desk);
    assert_int_equal(journal_mark_read(&mark, f.desk.path), 0);
    assert_int_equal(mark, JOURNAL_MARK_LIVED);
    assert_int_equal(lived_may_write(&why, f.desk.path), EEXIST);
    assert_non_null(strstr(why, "service"));
    assert_int_equal(lived_write(f.desk.path, f.sim), EEXIST);
    assert_int_equal(journal_mark_read(&mark, f.desk.path), 0);
    assert_int_equal(mark, JOURNAL_MARK_LIVED);
    end(&f);
}

static void no_other_file_is_written_over_either(void **state)
{
    (void)state;
    struct fixture f;
    const char *why;
    begin(&f);
    assert_int_equal(lived_may_write(&why, f.path), 0);
    assert_int_equal(lived_write(f.path, f.sim), 0);
    assert_int_equal(lived_may_write(&why, f.path), EEXIST);
    assert_non_null(strstr(why, "simulated"));
    FILE *text = fopen(f.other, "w");
    assert_non_null(text);
    fputs("des notes", text);
    fclose(text);
    assert_int_equal(lived_may_write(&why, f.other), EEXIST);
    assert_non_null(strstr(why, "no journal"));
    assert_int_equal(lived_may_write(&why, "/no/such/folder/x.db"), 0);
    assert_int_equal(lived_write("/no/such/folder/x.db", f.sim), ENOENT);
    end(&f);
}

static size_t bytes_of(uint8_t **bytes, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *bytes = malloc(1 << 20);
    assert_non_null(*bytes);
    size_t n = fread(*bytes, 1, 1 << 20, file);
    assert_true(n && n < 1 << 20);
    fclose(file);
    return n;
}

static void the_same_seed_gives_the_same_file(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t *a, *b;
    begin(&f);
    struct sim *again = live(&f.profile, 7);
    assert_int_equal(lived_write(f.path, f.sim), 0);
    assert_int_equal(lived_write(f.other, again), 0);
    size_t n = bytes_of(&a, f.path);
    assert_int_equal(bytes_of(&b, f.other), n);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
    sim_drop(again);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sound_and_its_first_event_says_what_it_is),
        cmocka_unit_test(the_journal_of_a_service_is_never_written_over),
        cmocka_unit_test(no_other_file_is_written_over_either),
        cmocka_unit_test(the_same_seed_gives_the_same_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
