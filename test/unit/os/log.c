/* log.c — tests of os/log.h. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/log.h"

#define TEXT_BYTES 8192

struct fixture {
    int fd[2];
    struct os_log log;
    char text[TEXT_BYTES];
};

static ms_t first_second(void)
{
    return 1738318500123;
}

static ms_t next_second(void)
{
    return 1738318501123;
}

static void begin(struct fixture *f, uint32_t lines_max)
{
    assert_int_equal(pipe2(f->fd, O_CLOEXEC), 0);
    assert_int_equal(fcntl(f->fd[0], F_SETFL, O_NONBLOCK), 0);
    struct os_log_args args = {.fd = f->fd[1], .lines_max = lines_max, .wall_at = first_second};
    os_log_open(&f->log, &args);
}

static const char *written(struct fixture *f)
{
    ssize_t n = read(f->fd[0], f->text, TEXT_BYTES - 1);
    f->text[n > 0 ? n : 0] = '\0';
    return f->text;
}

static void end(struct fixture *f)
{
    close(f->fd[0]);
    close(f->fd[1]);
}

static void a_line_says_when_how_bad_and_what(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, 10);
    os_log_line(&f.log, OS_LOG_ALARM, "the disk is %s", "full");
    assert_string_equal(written(&f),
                        "ts=2025-01-31T10:15:00.123Z level=alarm msg=\"the disk is full\"\n");
    end(&f);
}

static void lines_past_the_bound_are_left_out_and_counted_in_the_next_second(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, 2);
    for (unsigned i = 0; i < 7; i++)
        os_log_line(&f.log, OS_LOG_INFO, "line %u", i);
    assert_non_null(strstr(written(&f), "line 1"));
    assert_null(strstr(f.text, "line 2"));
    f.log.wall_at = next_second;
    os_log_line(&f.log, OS_LOG_INFO, "after");
    assert_string_equal(written(&f),
                        "ts=2025-01-31T10:15:01.123Z level=info left_out=5 msg=after\n");
    end(&f);
}

static void a_line_is_split_into_fields_that_a_program_can_read(void **state)
{
    (void)state;
    static const struct {
        const char *said, *written;
    } rows[] = {
        {"phone: no stream", " part=phone msg=\"no stream\"\n"},
        {"trunk sip.a.fr: down", " part=trunk about=sip.a.fr msg=down\n"},
        {"trunk ::1: down", " part=trunk about=::1 msg=down\n"},
        {"a b c: d", " msg=\"a b c: d\"\n"},
        {"door: shut\tn=3\tlast=192.0.2.1", " part=door msg=shut n=3 last=192.0.2.1\n"},
        {"x: y\tfile=a b\tz", " part=x msg=y file=\"a b\" z=\"\"\n"},
        {"x: said \"no\" \\ \n bye", " part=x msg=\"said \\\"no\\\" \\\\   bye\"\n"},
        {"", " msg=\"\"\n"},
    };
    struct fixture f;
    begin(&f, UINT32_MAX);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        os_log_line(&f.log, OS_LOG_INFO, "%s", rows[i].said);
        const char *line = strstr(written(&f), "level=info");
        assert_non_null(line);
        assert_string_equal(line + strlen("level=info"), rows[i].written);
    }
    end(&f);
}

static void a_line_that_is_too_long_is_cut_and_still_ends(void **state)
{
    (void)state;
    struct fixture f;
    char wide[OS_LOG_LINE_MAX * 2];
    memset(wide, 'x', sizeof(wide));
    wide[sizeof(wide) - 1] = '\0';
    begin(&f, 10);
    os_log_line(&f.log, OS_LOG_INFO, "%s", wide);
    assert_int_equal(strlen(written(&f)), OS_LOG_LINE_MAX);
    assert_int_equal(f.text[OS_LOG_LINE_MAX - 1], '\n');
    end(&f);
}

static void a_reader_that_stopped_reading_does_not_stop_us(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, UINT32_MAX);
    for (unsigned i = 0; i < 10000; i++)
        os_log_line(&f.log, OS_LOG_INFO, "nobody reads this line, which fills the pipe");
    assert_true(atomic_load(&f.log.left_out_n) > 0);
    end(&f);
}

static void no_log_is_silence(void **state)
{
    (void)state;
    os_log_line(NULL, OS_LOG_ALARM, "nobody hears %d", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_how_bad_and_what),
        cmocka_unit_test(lines_past_the_bound_are_left_out_and_counted_in_the_next_second),
        cmocka_unit_test(a_line_is_split_into_fields_that_a_program_can_read),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_and_still_ends),
        cmocka_unit_test(a_reader_that_stopped_reading_does_not_stop_us),
        cmocka_unit_test(no_log_is_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
