/* command.c — programs that speak: arguments, standard input, files, late and failing ones. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "os/clock.h"
#include "os/file.h"
#include "speech/command.h"
#include "test/support/folder.h"

static struct folder folder;
static _Atomic bool is_ending;
static char said[4096];

static int set_up(void **state)
{
    (void)state;
    const struct sigaction ignore = {.sa_handler =
                                         SIG_IGN}; /* the worker's thread has it blocked */
    assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
    folder_open(&folder);
    atomic_store(&is_ending, false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_drop(&folder);
    return 0;
}

/* Runs it with those words; what it gave is in said. */
static int run(const char *command, const char *words, ms_t timeout_ms)
{
    uint8_t *bytes;
    size_t n;
    const struct speech_command c = {.command = command,
                                     .lang = "fr",
                                     .words = words,
                                     .file = folder_file(&folder, "spoken"),
                                     .timeout_ms = timeout_ms,
                                     .is_ending = &is_ending};
    int err = speech_command_run(&bytes, &n, &c);
    memset(said, 0, sizeof(said));
    if (err)
        assert_null(bytes);
    else
        memcpy(said, bytes, n < sizeof(said) ? n : sizeof(said) - 1);
    free(bytes);
    return err;
}

static void words_go_to_standard_input_and_sound_comes_from_standard_output(void **state)
{
    (void)state;
    assert_int_equal(run("cat", "L’attente est d’une heure.", 5000), 0);
    assert_string_equal(said, "L’attente est d’une heure.");
}

static void arguments_hold_the_language_and_the_words_without_a_shell(void **state)
{
    (void)state;
    assert_int_equal(run("echo  -n -v {lang} \"a b\" x{text}y", "$(id); `id` \"q\"", 5000), 0);
    assert_string_equal(said, "-v fr a b x$(id); `id` \"q\"y");
}

static void a_file_that_was_written_is_read_and_removed(void **state)
{
    (void)state;
    assert_int_equal(run("tee {file}", "bonjour", 5000), 0);
    assert_string_equal(said, "bonjour");
    assert_false(os_file_exists(folder_file(&folder, "spoken")));
    assert_int_equal(run("true {file}", "bonjour", 5000), ENOENT);
}

static void what_goes_wrong_has_its_error(void **state)
{
    (void)state;
    assert_int_equal(run("/nowhere/speak", "x", 5000), ENOENT);
    assert_int_equal(run("decroche-no-such-program", "x", 5000), ENOENT);
    assert_int_equal(run("false", "x", 5000), EIO);
    assert_int_equal(run("cat /dev/zero", "x", 60000), EFBIG);
    assert_int_equal(speech_command_check(""), EINVAL);
    assert_int_equal(speech_command_check("   "), EINVAL);
    assert_int_equal(speech_command_check("say \"a"), EINVAL);
    assert_int_equal(speech_command_check("say \"a\" b"), 0);
}

static void so_many_words_of_a_command_and_no_more(void **state)
{
    (void)state;
    char command[200] = "";
    for (unsigned i = 0; i < SPEECH_COMMAND_ARGS_MAX; i++)
        memcpy(command + 2 * i, "a ", 2);
    assert_int_equal(speech_command_check(command), 0);
    command[2 * SPEECH_COMMAND_ARGS_MAX] = 'a';
    assert_int_equal(speech_command_check(command), EINVAL);
}

static void a_program_that_does_not_end_is_ended(void **state)
{
    (void)state;
    ms_t before = os_clock_boot_ms();
    assert_int_equal(run("sleep 60", "x", 200), ETIMEDOUT);
    assert_int_equal(run("sh -c \"echo a; exec >&-; sleep 60\"", "x", 200), ETIMEDOUT);
    atomic_store(&is_ending, true);
    assert_int_equal(run("sleep 60", "x", 60000), ECANCELED);
    assert_true(os_clock_boot_ms() - before < 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            words_go_to_standard_input_and_sound_comes_from_standard_output, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_hold_the_language_and_the_words_without_a_shell,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_was_written_is_read_and_removed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_goes_wrong_has_its_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_many_words_of_a_command_and_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_does_not_end_is_ended, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
