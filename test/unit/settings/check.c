/* check.c — settings that contradict each other are found, each by its rule; defaults do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "settings/check.h"

static struct settings s;

static int set_up(void **state)
{
    (void)state;
    settings_defaults(&s);
    return 0;
}

static void expect_only(const char *folder, const char *key)
{
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 1);
    assert_string_equal(found[0].folder, folder);
    assert_string_equal(found[0].key, key);
    assert_true(found[0].what[0] && found[0].cure[0]);
}

static void the_defaults_agree_with_each_other(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 0);
    assert_int_equal(s.queue.short_ms, 10000);
    assert_int_equal(s.priority.urgent_ms, 1800000);
    assert_int_equal(s.log.level, SETTINGS_LOG_LEVEL_INFO);
    assert_string_equal(s.journal.path, "decroche.db");
}

static void rings_open_from_the_inside(void **state)
{
    (void)state;
    s.queue.ring_area_ms = s.queue.ring_site_ms;
    s.queue.ring_network_ms = s.queue.ring_site_ms;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 0); /* all at once is allowed */
    s.queue.ring_site_ms++;
    expect_only("queue", "ring_area");
    s.queue.ring_area_ms = s.queue.ring_site_ms;
    expect_only("queue", "ring_network");
}

static void more_urgent_never_has_less_head_start(void **state)
{
    (void)state;
    s.priority.normal_ms = s.priority.priority_ms + 1;
    expect_only("priority", "priority");
    s.priority.normal_ms = 0;
    s.priority.priority_ms = s.priority.urgent_ms + 1;
    expect_only("priority", "urgent");
}

static void a_ring_holds_a_power_of_two(void **state)
{
    (void)state;
    s.journal.ring_n = 65535;
    expect_only("journal", "ring_n");
}

static void each_queue_has_room_for_the_lanes_of_a_wish(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.acd.lanes_max = 3 * s.acd.queues_max;
    assert_int_equal(settings_check(&s, found), 0);
    s.acd.lanes_max--;
    expect_only("acd", "lanes_max");
}

static void two_things_are_two_files(void **state)
{
    (void)state;
    memcpy(s.journal.path, s.directory.path, sizeof(s.journal.path));
    expect_only("journal", "path");
}

static void all_contradictions_are_told_at_once(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.queue.ring_site_ms = s.queue.ring_network_ms + 2;
    s.queue.ring_area_ms = s.queue.ring_network_ms + 1;
    s.journal.ring_n = 3;
    s.priority.urgent_ms = 1;
    assert_int_equal(settings_check(&s, found), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_defaults_agree_with_each_other, set_up),
        cmocka_unit_test_setup(rings_open_from_the_inside, set_up),
        cmocka_unit_test_setup(more_urgent_never_has_less_head_start, set_up),
        cmocka_unit_test_setup(a_ring_holds_a_power_of_two, set_up),
        cmocka_unit_test_setup(each_queue_has_room_for_the_lanes_of_a_wish, set_up),
        cmocka_unit_test_setup(two_things_are_two_files, set_up),
        cmocka_unit_test_setup(all_contradictions_are_told_at_once, set_up),
    };
    return cmocka_run_group_tests_name("settings/check", tests, NULL, NULL);
}
