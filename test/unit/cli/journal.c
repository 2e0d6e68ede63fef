/* journal.c — tests of `decroche verify|backup|restore|replay`: what they print, how they end. */
#include <fcntl.h>

#include "cli/cli.h"
#include "test/support/desk.h"

#define TEXT_BYTES 65536

struct fixture {
    struct desk desk;
    char out[TEXT_BYTES], err[TEXT_BYTES];
};

typedef int command_fn(int argc, char **argv);

static void begin(struct fixture *f)
{
    desk_begin(&f->desk);
    desk_fill(&f->desk, 12);
    desk_close(&f->desk);
}

static void end(struct fixture *f)
{
    desk_end(&f->desk);
}

/* Sends a stream of this process to a file; gives back where it went before. */
static int divert(FILE *stream, const char *path)
{
    fflush(stream);
    int before = dup(fileno(stream));
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(before >= 0 && fd >= 0);
    assert_int_equal(dup2(fd, fileno(stream)), fileno(stream));
    close(fd);
    return before;
}

static void give_back(FILE *stream, int before)
{
    fflush(stream);
    assert_int_equal(dup2(before, fileno(stream)), fileno(stream));
    close(before);
}

static void slurp(char *text, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, TEXT_BYTES - 1, file)] = '\0';
    fclose(file);
}

/* argv ends with NULL. */
static int run(struct fixture *f, command_fn *command, char **argv)
{
    char out[FOLDER_PATH_MAX], err[FOLDER_PATH_MAX];
    int argc = 0;
    while (argv[argc])
        argc++;
    snprintf(out, sizeof(out), "%.490s/out", f->desk.folder.path);
    snprintf(err, sizeof(err), "%.490s/err", f->desk.folder.path);
    int out_before = divert(stdout, out), err_before = divert(stderr, err);
    int code = command(argc, argv);
    give_back(stdout, out_before);
    give_back(stderr, err_before);
    slurp(f->out, out);
    slurp(f->err, err);
    return code;
}

#define RUN(f, command, ...) run(f, command, (char *[]){__VA_ARGS__, NULL})
#define PATH(f) ((char *)(uintptr_t)(f)->desk.path)

static void verify_tells_a_sound_journal(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(RUN(&f, cli_verify, "verify", PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.out, "sound"));
    assert_non_null(strstr(f.out, "12 events in 1 batches"));
    assert_string_equal(f.err, "");
    assert_int_equal(RUN(&f, cli_verify, "verify", "--json", PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.out, "\"verdict\":\"sound\",\"events\":12"));
    end(&f);
}

static void verify_tells_the_first_broken_place_and_the_cure(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    desk_forge(&f.desk, "UPDATE journal_batch SET hash = zeroblob(32)");
    assert_int_equal(RUN(&f, cli_verify, "verify", PATH(&f)), CLI_FINDING);
    assert_non_null(strstr(f.out, "the batch after event 0"));
    assert_non_null(strstr(f.out, "cure: "));
    assert_int_equal(RUN(&f, cli_verify, "verify", PATH(&f), "--json"), CLI_FINDING);
    assert_non_null(strstr(f.out, "\"verdict\":\"broken\""));
    end(&f);
}

static void wrong_arguments_are_told_with_the_way_to_help(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(RUN(&f, cli_verify, "verify"), CLI_USAGE);
    assert_non_null(strstr(f.err, "see `decroche verify --help`"));
    assert_int_equal(RUN(&f, cli_verify, "verify", "a", "b"), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_verify, "verify", "--colour", "a"), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_verify, "verify", "--from", "1", "a"), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_replay, "replay", "--from", "x", "a"), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_replay, "replay", "--from", "-1", "a"), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_replay, "replay", "a", "--to"), CLI_USAGE);
    end(&f);
}

static void help_is_printed_on_stdout(void **state)
{
    (void)state;
    static command_fn *const commands[] = {cli_verify, cli_backup, cli_restore, cli_replay};
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        assert_int_equal(RUN(&f, commands[i], "command", "--help"), CLI_OK);
        assert_non_null(strstr(f.out, "exit: 0"));
    }
    end(&f);
}

static void a_missing_file_cannot_be_read(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(RUN(&f, cli_verify, "verify", "/no/such/file"), CLI_CANNOT);
    assert_int_equal(RUN(&f, cli_replay, "replay", "/no/such/file"), CLI_CANNOT);
    assert_int_equal(RUN(&f, cli_backup, "backup", "/no/such/file", "/no/such/copy"), CLI_CANNOT);
    assert_int_equal(RUN(&f, cli_restore, "restore", "/no/such/file", PATH(&f)), CLI_CANNOT);
    assert_non_null(strstr(f.err, "No such file"));
    end(&f);
}

static void backup_and_restore_go_there_and_back(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    char *copy = (char *)(uintptr_t)folder_file(&f.desk.folder, "copy.db");
    assert_int_equal(RUN(&f, cli_backup, "backup", PATH(&f), copy), CLI_OK);
    assert_int_equal(RUN(&f, cli_backup, "backup", PATH(&f), copy), CLI_CANNOT);
    assert_non_null(strstr(f.err, "nothing is overwritten"));
    assert_int_equal(RUN(&f, cli_restore, "restore", copy, PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.err, "is kept as"));
    assert_int_equal(RUN(&f, cli_verify, "verify", PATH(&f)), CLI_OK);
    end(&f);
}

static void restore_under_a_running_service_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    char *copy = (char *)(uintptr_t)folder_file(&f.desk.folder, "copy.db");
    assert_int_equal(RUN(&f, cli_backup, "backup", PATH(&f), copy), CLI_OK);
    desk_open(&f.desk);
    assert_int_equal(RUN(&f, cli_restore, "restore", copy, PATH(&f)), CLI_CANNOT);
    assert_non_null(strstr(f.err, "stop it first"));
    end(&f);
}

static unsigned lines(const char *text)
{
    unsigned n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void replay_prints_the_events_of_a_range(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(RUN(&f, cli_replay, "replay", PATH(&f)), CLI_OK);
    assert_int_equal(lines(f.out), 12);
    assert_int_equal(RUN(&f, cli_replay, "replay", PATH(&f), "--from", "5", "--to", "7"), CLI_OK);
    assert_int_equal(lines(f.out), 3);
    assert_memory_equal(f.out, "5 2025-01-15T08:00:", 19);
    assert_int_equal(RUN(&f, cli_replay, "replay", "--json", "--to", "1", PATH(&f)), CLI_OK);
    assert_memory_equal(f.out, "{\"id\":1,", 8);
    end(&f);
}

static void replay_ends_where_the_journal_is_broken(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    desk_open(&f.desk);
    desk_fill(&f.desk, 3);
    desk_close(&f.desk);
    desk_forge(&f.desk, "UPDATE journal_batch SET hash = zeroblob(32) WHERE first_id = 13");
    assert_int_equal(RUN(&f, cli_replay, "replay", PATH(&f)), CLI_FINDING);
    assert_int_equal(lines(f.out), 12);
    assert_non_null(strstr(f.err, "after event 12"));
    end(&f);
}

static void results_go_over_the_whole_journal(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.out, "12 événements"));
    assert_non_null(strstr(f.out, "[decroche-agent-1]"));
    assert_null(strstr(f.out, "simulé"));
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", "--json", PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.out, "{\"day\": \"all\", \"simulated\": false"));
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", "--to", "0", PATH(&f)), CLI_OK);
    assert_non_null(strstr(f.out, "aucun résultat"));
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", "--hash", PATH(&f)), CLI_USAGE);
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", "--from", "2", PATH(&f)),
                     CLI_USAGE);
    desk_forge(&f.desk, "UPDATE journal_batch SET hash = zeroblob(32)");
    assert_int_equal(RUN(&f, cli_replay, "replay", "--results", PATH(&f)), CLI_FINDING);
    assert_string_equal(f.out, "");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_tells_a_sound_journal),
        cmocka_unit_test(verify_tells_the_first_broken_place_and_the_cure),
        cmocka_unit_test(wrong_arguments_are_told_with_the_way_to_help),
        cmocka_unit_test(help_is_printed_on_stdout),
        cmocka_unit_test(a_missing_file_cannot_be_read),
        cmocka_unit_test(backup_and_restore_go_there_and_back),
        cmocka_unit_test(restore_under_a_running_service_is_refused),
        cmocka_unit_test(replay_prints_the_events_of_a_range),
        cmocka_unit_test(replay_ends_where_the_journal_is_broken),
        cmocka_unit_test(results_go_over_the_whole_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
