/* load.c — what `decroche load` is told: lines of agents in a file, calls at a time. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/load.h"
#include "cli/robots.h"

static struct load_lines lines_open(void)
{
    struct load_lines lines = {.n = 0};
    lines.of = calloc(ROBOT_AGENTS_MAX, sizeof(*lines.of));
    assert_non_null(lines.of);
    return lines;
}

static uint32_t parse(struct load_lines *lines, const char *text)
{
    lines->n = 0;
    return load_lines_parse(lines, text_of(text));
}

static void lines_of_agents_are_read_in_their_order(void **state)
{
    (void)state;
    struct load_lines lines = lines_open();
    assert_int_equal(parse(&lines, "# ours\n101 secret-1 4821\r\n\n  102\tsecret-2  4822"), 0);
    assert_int_equal(lines.n, 2);
    assert_true(text_equal(lines.of[0].user, TEXT("101")));
    assert_true(text_equal(lines.of[0].secret, TEXT("secret-1")));
    assert_true(text_equal(lines.of[0].code, TEXT("4821")));
    assert_true(text_equal(lines.of[1].code, TEXT("4822")));
    assert_int_equal(parse(&lines, ""), 0);
    assert_int_equal(lines.n, 0);
    load_lines_drop(&lines);
}

static void a_wrong_line_is_told_by_its_number(void **state)
{
    (void)state;
    struct load_lines lines = lines_open();
    assert_int_equal(parse(&lines, "101 secret-1\n"), 1);
    assert_int_equal(parse(&lines, "101 secret-1 4821\n102\n"), 2);
    assert_int_equal(parse(&lines, "101 secret-1 4821 more\n"), 1);
    assert_int_equal(parse(&lines, "101 short 4821\n"), 1);
    assert_int_equal(parse(&lines, "101 secret-1 123456789\n"), 1);
    load_lines_drop(&lines);
}

static void lines_have_a_bound(void **state)
{
    (void)state;
    static const char row[] = "101 secret-1 4821\n";
    struct load_lines lines = lines_open();
    size_t n = sizeof(row) - 1;
    char *text = malloc(n * (ROBOT_AGENTS_MAX + 1));
    assert_non_null(text);
    for (size_t i = 0; i <= ROBOT_AGENTS_MAX; i++)
        memcpy(text + i * n, row, n);
    assert_int_equal(load_lines_parse(&lines, (struct text){text, n * ROBOT_AGENTS_MAX}), 0);
    assert_int_equal(lines.n, ROBOT_AGENTS_MAX);
    lines.n = 0;
    assert_int_equal(load_lines_parse(&lines, (struct text){text, n * (ROBOT_AGENTS_MAX + 1)}),
                     ROBOT_AGENTS_MAX + 1);
    free(text);
    load_lines_drop(&lines);
}

static void calls_at_a_time_are_foreseen(void **state)
{
    (void)state;
    struct robot_options o = {.rate_milli = 10000, .calls = 100000, .hold_ms = 20000};
    assert_int_equal(load_calls_at_once(&o), 251); /* 25 s of ten a second */
    o.calls = 40;
    assert_int_equal(load_calls_at_once(&o), 40);
    o.calls = 0;
    o.for_ms = 3000;
    assert_int_equal(load_calls_at_once(&o), 31);
    o.for_ms = 3600000;
    o.hold_ms = 0;
    o.patience_ms = 10000;
    assert_int_equal(load_calls_at_once(&o), 851); /* eight means */
    o.hold_ms = 30000;
    assert_int_equal(load_calls_at_once(&o), 351);
}

static void agents_have_room_to_sign_in_to_speak_and_to_sign_out(void **state)
{
    (void)state;
    const struct robot_plan plan = {.rate_milli = 1000};
    const struct robots_args alone = {.plan = &plan, .lines_n = 1000, .callers_max = 26};
    assert_in_range(robots_legs(&alone), 4 * 1000, PHONE_LEGS_MAX);
    const struct robot_plan hasty = {.rate_milli = 1000000};
    const struct robots_args all = {.plan = &hasty, .lines_n = 1000, .callers_max = 12000};
    assert_in_range(robots_legs(&all), 40000 + 4 * 1000 + 12000, PHONE_LEGS_MAX);
}

static void callers_and_agents_beside_them_share_no_port(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        struct media_args callers = {.streams_max = 1256}, agents = {.streams_max = 2000};
        assert_int_equal(robots_ports(&callers, false), 0);
        assert_int_equal(robots_ports(&agents, true), 0);
        assert_in_range(callers.port_first, ROBOTS_PORT_FIRST, agents.port_first);
        assert_true(callers.port_last < agents.port_first);
        assert_true(callers.port_last >= callers.port_first + 2 * 1256);
        assert_true(agents.port_last >= agents.port_first + 2 * 2000);
        assert_int_equal(callers.port_first % 2 + agents.port_first % 2, 0);
    }
    struct media_args most = {.streams_max = ROBOTS_STREAMS_MAX}, more = {.streams_max = 12768};
    assert_int_equal(robots_ports(&most, true), 0);
    assert_true(most.port_last >= most.port_first + 2 * ROBOTS_STREAMS_MAX);
    assert_int_equal(robots_ports(&more, false), EINVAL);
}

static void agents_alone_need_no_number_to_call(void **state)
{
    (void)state;
    struct robot_options o;
    char *of_file[] = {"load", "--to", "127.0.0.1", "--agents-from", "lines", NULL};
    assert_int_equal(robot_options_read(&o, ARRAY_LEN(of_file) - 1, of_file), CLI_OK);
    assert_string_equal(o.agents_from, "lines");
    char *nobody[] = {"load", "--to", "127.0.0.1", NULL};
    assert_int_equal(robot_options_read(&o, ARRAY_LEN(nobody) - 1, nobody), CLI_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_agents_are_read_in_their_order),
        cmocka_unit_test(a_wrong_line_is_told_by_its_number),
        cmocka_unit_test(lines_have_a_bound),
        cmocka_unit_test(calls_at_a_time_are_foreseen),
        cmocka_unit_test(agents_have_room_to_sign_in_to_speak_and_to_sign_out),
        cmocka_unit_test(callers_and_agents_beside_them_share_no_port),
        cmocka_unit_test(agents_alone_need_no_number_to_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
