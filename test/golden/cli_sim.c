/* cli_sim.c — what `decroche sim` prints: figures, help, mistakes, exit codes, readable by someone
 * who knows the trade. Arguments: the folder of the profiles, the folder of the recorded texts.
 * A decided change: run with DECROCHE_GOLDEN=write, read the difference, say why in the commit. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "config/yaml.h"

#define TEXT_MAX 100000
#define ARGS_MAX 12

static const char *profiles, *records;

/* Runs cli_sim with stdout and stderr in files; the texts are to be freed. */
struct said {
    int code;
    char *out, *err;
};

static char *read_file(const char *path)
{
    char *text = calloc(1, TEXT_MAX);
    FILE *f = fopen(path, "rb");
    assert_non_null(text);
    if (f) {
        size_t n = fread(text, 1, TEXT_MAX - 1, f);
        text[n] = 0;
        fclose(f);
    }
    return text;
}

static int redirect(int fd, char *path)
{
    int kept = dup(fd), file = mkstemp(path);
    assert_true(kept >= 0 && file >= 0);
    dup2(file, fd);
    close(file);
    return kept;
}

static char *restore(int fd, int kept, const char *path)
{
    dup2(kept, fd);
    close(kept);
    char *text = read_file(path);
    unlink(path);
    return text;
}

static struct said sim(const char *first, ...)
{
    char out[] = "/tmp/decroche-sim-XXXXXX", err[] = "/tmp/decroche-sim-XXXXXX", name[] = "sim";
    char *argv[ARGS_MAX] = {name};
    int argc = 1;
    va_list ap;
    va_start(ap, first);
    for (const char *a = first; a && argc < ARGS_MAX; a = va_arg(ap, const char *))
        argv[argc++] = strdup(a);
    va_end(ap);
    fflush(stdout);
    int kept_out = redirect(STDOUT_FILENO, out), kept_err = redirect(STDERR_FILENO, err);
    struct said said = {.code = cli_sim(argc, argv)};
    fflush(stdout);
    fflush(stderr);
    said.out = restore(STDOUT_FILENO, kept_out, out);
    said.err = restore(STDERR_FILENO, kept_err, err);
    while (--argc)
        free(argv[argc]);
    return said;
}

static void drop(struct said *said)
{
    free(said->out);
    free(said->err);
}

static void must_equal_record(const char *text, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", records, name);
    const char *how = getenv("DECROCHE_GOLDEN");
    if (how && !strcmp(how, "write")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
    }
    char *want = read_file(path);
    assert_string_equal(text, want);
    free(want);
}

static char *profile_path(char to[512])
{
    snprintf(to, 512, "%s/haute-lisiere.yaml", profiles);
    return to;
}

static void two_hours_print_the_recorded_page(void **state)
{
    (void)state;
    char path[512];
    struct said s = sim("--profile", profile_path(path), "--hours", "2", "--seed", "3", NULL);
    assert_int_equal(s.code, CLI_OK);
    assert_string_equal(s.err, "");
    must_equal_record(s.out, "deux-heures.txt");
    drop(&s);
}

static void the_same_in_json_is_recorded_too(void **state)
{
    (void)state;
    char path[512];
    struct said s =
        sim("--profile", profile_path(path), "--hours", "2", "--seed", "3", "--json", NULL);
    assert_int_equal(s.code, CLI_OK);
    must_equal_record(s.out, "deux-heures.json");
    struct config_errors errors = {.file = "deux-heures.json"};
    struct config_doc *doc; /* JSON is YAML */
    assert_int_equal(config_keep(&doc, s.out, strlen(s.out), &errors), 0);
    assert_non_null(config_get(config_root(doc), "rates"));
    config_drop(doc);
    drop(&s);
}

static void crashes_on_the_way_are_said(void **state)
{
    (void)state;
    char path[512];
    struct said s =
        sim("--profile", profile_path(path), "--hours", "1", "--crash-every", "500", NULL);
    assert_int_equal(s.code, CLI_OK);
    assert_non_null(strstr(s.out, "Pannes provoquées, états comparés à chacune"));
    assert_null(strstr(s.out, "RÈGLE ENFREINTE"));
    drop(&s);
}

static void events_are_written_one_a_line(void **state)
{
    (void)state;
    char path[512], to[] = "/tmp/decroche-events-XXXXXX";
    close(mkstemp(to));
    struct said s = sim("--profile", profile_path(path), "--hours", "1", "--events", to, NULL);
    assert_int_equal(s.code, CLI_OK);
    drop(&s);
    char *text = read_file(to);
    static const char first[] = "{\"id\":1,\"at\":1794813300000,\"kind\":\"simulated\",";
    assert_memory_equal(text, first, sizeof(first) - 1);
    free(text);
    unlink(to);
    s = sim("--profile", profile_path(path), "--hours", "1", "--events", "/nowhere/x", NULL);
    assert_int_equal(s.code, CLI_CANNOT);
    assert_non_null(strstr(s.err, "/nowhere/x: No such file or directory"));
    drop(&s);
}

static void help_is_recorded_and_ends_well(void **state)
{
    (void)state;
    struct said s = sim("--help", NULL);
    assert_int_equal(s.code, CLI_OK);
    must_equal_record(s.out, "help.txt");
    drop(&s);
}

static const struct mistake {
    const char *args[4], *said;
    int code;
} mistakes[] = {
    {{NULL},
     "decroche sim: what is to be simulated? Add --profile sim/profiles/haute-lisiere.yaml — see "
     "`decroche sim --help`\n",
     CLI_USAGE},
    {{"--hour", "3"},
     "decroche sim: unknown option --hour — see `decroche sim --help`\n",
     CLI_USAGE},
    {{"--seed"},
     "decroche sim: a value lacks after --seed — see `decroche sim --help`\n",
     CLI_USAGE},
    {{"--hours", "0"},
     "decroche sim: --hours wants a whole number from 1 to 168, not 0 — see `decroche sim "
     "--help`\n",
     CLI_USAGE},
    {{"--crash-every", "49"},
     "decroche sim: --crash-every wants a whole number from 50 to 4294967295, not 49 — see "
     "`decroche sim --help`\n",
     CLI_USAGE},
    {{"--profile", "/nowhere.yaml"},
     "/nowhere.yaml: ce fichier ne peut pas être lu\u00a0: il n’existe pas\n"
     "    → vérifiez le chemin\n",
     CLI_CANNOT},
};

static void each_mistake_is_told_with_its_cure_and_code(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(mistakes); i++) {
        const struct mistake *m = &mistakes[i];
        struct said s = sim(m->args[0], m->args[1], m->args[2], NULL);
        assert_int_equal(s.code, m->code);
        assert_string_equal(s.err, m->said);
        assert_string_equal(s.out, "");
        drop(&s);
    }
    struct said s = sim("--profile", "x", "--hours", "2", "--days", "2", NULL);
    assert_int_equal(s.code, CLI_USAGE);
    assert_non_null(strstr(s.err, "--hours and --days do not go together"));
    drop(&s);
}

int main(int argc, char **argv)
{
    assert(argc == 3);
    profiles = argv[1];
    records = argv[2];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hours_print_the_recorded_page),
        cmocka_unit_test(the_same_in_json_is_recorded_too),
        cmocka_unit_test(crashes_on_the_way_are_said),
        cmocka_unit_test(events_are_written_one_a_line),
        cmocka_unit_test(help_is_recorded_and_ends_well),
        cmocka_unit_test(each_mistake_is_told_with_its_cure_and_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
