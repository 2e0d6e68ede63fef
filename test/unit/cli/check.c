/* check.c — `decroche check`: what it prints, how it ends. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "test/support/folder.h"
#include "test/support/voices.h"

#define TEXT_BYTES 16384

static struct folder folder;

static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_drop(&folder);
    return 0;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(folder_file(&folder, name), "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static const char directory[] = "organisation: { name: Mairie, accessible: bureau }\n"
                                "hours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
                                "services: [{ id: accueil, name: Accueil, hours: bureau }]\n"
                                "agents: [{ id: a01, name: Anne, skills: [accueil, ecrit] }]\n";

static const char secrets[] = "api: { token: \"0123456789abcdef\" }\n";

static void put_secrets(const char *text, mode_t mode)
{
    put("secrets.yaml", text);
    assert_int_equal(chmod(folder_file(&folder, "secrets.yaml"), mode), 0);
}

/* Runs with standard output in a file. argv ends with NULL. */
static int run(char *said, char **argv)
{
    const char *path = folder_file(&folder, "out");
    int argc = 0;
    while (argv[argc])
        argc++;
    fflush(stdout);
    int before = dup(STDOUT_FILENO), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(before >= 0 && fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
    int code = cli_check(argc, argv);
    fflush(stdout);
    assert_true(dup2(before, STDOUT_FILENO) >= 0);
    close(before);
    close(fd);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    said[fread(said, 1, TEXT_BYTES - 1, f)] = 0;
    fclose(f);
    return code;
}

static int check(char *said, const char *name)
{
    char path[FOLDER_PATH_MAX];
    snprintf(path, sizeof(path), "%s", folder_file(&folder, name));
    return run(said, (char *[]){"check", "-c", path, NULL});
}

static void what_is_right_is_said_in_one_line(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "voice: { path: prompts }\n");
    put("directory.yaml", directory);
    put_secrets(secrets, 0600);
    char voices[FOLDER_PATH_MAX];
    snprintf(voices, sizeof(voices), "%s", folder_file(&folder, "prompts"));
    voices_put(voices);
    assert_int_equal(check(said, "decroche.yaml"), CLI_OK);
    assert_string_equal(said, "tout est en ordre\u00a0: 1 services, 0 lieux, 1 agents, 0 numéros, "
                              "1 horaires, 0 menus\n");
    voices_drop(voices);
}

static void what_one_could_begin_without_is_a_warning(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "voice: { path: sons }\n");
    put("directory.yaml",
        "organisation: { name: Mairie }\n"
        "hours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
        "services: [{ id: accueil, name: Accueil, hours: bureau }]\n"
        "agents: [{ id: a01, name: A, skills: [accueil], phone: \"sip:101\" }]\n");
    put_secrets(secrets, 0600);
    assert_int_equal(check(said, "decroche.yaml"), CLI_OK);
    assert_non_null(strstr(said, "secrets.yaml\u00a0: attention, l’agent «\u00a0a01\u00a0» a une "
                                 "ligne (sip:101) sans secret\n"));
    assert_non_null(strstr(said, "sons\u00a0: attention, ce dossier d’annonces n’existe pas"));
    assert_non_null(strstr(said, "rien n’empêche de commencer\u00a0: 1 services"));
    assert_int_equal(mkdir(folder_file(&folder, "sons"), 0700), 0);
    assert_int_equal(check(said, "decroche.yaml"), CLI_OK);
    assert_non_null(
        strstr(said, "/sons/fr/queue.direct.wav\u00a0: attention, cette annonce manque"));
    assert_null(strstr(said, "greet.org")); /* no flow says it */
    assert_null(strstr(said, "/en/"));
    assert_non_null(strstr(said, "\n… et "));
    assert_int_equal(rmdir(folder_file(&folder, "sons")), 0);
}

static void flows_and_secrets_are_read_too(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "flows: { path: . }\n");
    put("directory.yaml", "organisation: { name: Mairie }\n"
                          "hours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
                          "services: [{ id: accueil, name: Accueil }]\n"
                          "numbers:\n"
                          "  - { number: \"+33 4 10 00 00 01\", flow: un, hours: bureau }\n"
                          "  - { number: \"+33 4 10 00 00 02\", flow: deux, hours: bureau }\n");
    put("un.yaml", "general: a\nclosed: b\nsteps: []\n");
    put_secrets("api: { token: x }\n", 0644);
    assert_int_equal(check(said, "decroche.yaml"), CLI_FINDING);
    assert_non_null(strstr(said, "/directory.yaml:6:42: "));
    assert_non_null(strstr(said, "/./un.yaml:3:8: "));
    assert_non_null(strstr(said, "/secrets.yaml: "));
    assert_non_null(strstr(said, "chmod 600 "));
    assert_non_null(strstr(said, "/secrets.yaml:1:15: "));
    assert_null(strstr(said, "annonces n’existe pas")); /* which ones are needed is not known */
    assert_int_equal(unlink(folder_file(&folder, "secrets.yaml")), 0);
    assert_int_equal(check(said, "decroche.yaml"), CLI_CANNOT);
}

static void the_mistakes_of_both_files_are_said_at_once(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "directory: { path: gens.yaml }\nlog: { level: loud }\n");
    put("gens.yaml", "organisation: { name: x }\nhours: {}\nservices: []\nagnts: []\n");
    assert_int_equal(check(said, "decroche.yaml"), CLI_FINDING);
    assert_non_null(strstr(said, "decroche.yaml:2:15: "));
    assert_non_null(strstr(said, "gens.yaml:4:1: "));
    assert_non_null(strstr(said, "agents"));
    assert_null(strstr(said, "en ordre"));
}

/* One mistake in each of the four: all are told in one run. */
static void the_mistakes_of_all_files_are_said_at_once(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "flows: { path: . }\nlog: { level: loud }\n");
    put("directory.yaml", "organisation: { name: Mairie, accessible: bureau }\n"
                          "hours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
                          "services: [{ id: accueil, name: Accueil }]\n"
                          "numbers:\n"
                          "  - { number: \"04 10 00 00 01\", flow: un, hours: bureau }\n"
                          "  - { number: \"04 10 00 00 02\", flow: ../deux, hours: bureau }\n"
                          "agents: [{ id: a01, name: Anne, skills: [acueil] }]\n");
    put("un.yaml", "general: a\nclosed: f\nsteps:\n  - { id: a, queue: accueil, next: f }\n"
                   "  - { id: f, closed: [closed.bye] }\n");
    put_secrets("api: { token: x }\n", 0600);
    assert_int_equal(check(said, "decroche.yaml"), CLI_FINDING);
    assert_non_null(strstr(said, "/decroche.yaml:2:15: "));
    assert_non_null(strstr(said, "/directory.yaml:6:39: "));
    assert_non_null(strstr(said, "/directory.yaml:7:42: "));
    assert_non_null(strstr(said, "/./un.yaml:4:30: "));
    assert_non_null(strstr(said, "/secrets.yaml:1:15: "));
    assert_null(strstr(said, "n’a pas son menu")); /* no file is looked for outside the folder */
    assert_null(strstr(said, "n’ont pas été regardés"));
    put("directory.yaml", "organisation: { name: Mairie }\nhours: [}\n");
    assert_int_equal(check(said, "decroche.yaml"), CLI_FINDING);
    assert_non_null(strstr(said, "menus et secrets n’ont pas été regardés"));
}

static void wrong_settings_are_not_hidden_by_a_good_directory(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    put("decroche.yaml", "acd: { queues_max: 0 }\n");
    put("directory.yaml", directory);
    put_secrets(secrets, 0600);
    assert_int_equal(check(said, "decroche.yaml"), CLI_FINDING);
    assert_null(strstr(said, "en ordre"));
}

static void what_cannot_be_read_is_said_so(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    assert_int_equal(check(said, "absent.yaml"), CLI_CANNOT);
    assert_non_null(strstr(said, "absent.yaml: "));
    put("decroche.yaml", "directory: { path: absent.yaml }\n");
    assert_int_equal(check(said, "decroche.yaml"), CLI_CANNOT);
}

static void json_is_one_object_a_line(void **state)
{
    (void)state;
    char said[TEXT_BYTES], path[FOLDER_PATH_MAX];
    put("decroche.yaml", "log: { level: \"lo\\\"ud\" }\n");
    put("directory.yaml", directory);
    put_secrets(secrets, 0600);
    snprintf(path, sizeof(path), "%s", folder_file(&folder, "decroche.yaml"));
    assert_int_equal(run(said, (char *[]){"check", "--json", "-c", path, NULL}), CLI_FINDING);
    assert_non_null(strstr(said, "\"line\":1,\"column\":15,\"what\":\""));
    assert_non_null(strstr(said, "lo\\\"ud"));
    assert_int_equal(said[strlen(said) - 2], '}');
    assert_non_null(strstr(said, ",\"warning\":true}\n")); /* there are no prompts */
    put("decroche.yaml", "voice: { path: none }\n");
    assert_int_equal(run(said, (char *[]){"check", "--json", "-c", path, NULL}), CLI_OK);
    assert_non_null(strstr(said, "\"flows\":0,\"prompts_missing\":1,"));
}

static void arguments_without_sense_are_refused(void **state)
{
    (void)state;
    char said[TEXT_BYTES];
    assert_int_equal(run(said, (char *[]){"check", NULL}), CLI_USAGE);
    assert_int_equal(run(said, (char *[]){"check", "-c", NULL}), CLI_USAGE);
    assert_int_equal(run(said, (char *[]){"check", "-c", "a", "b", NULL}), CLI_USAGE);
    assert_int_equal(run(said, (char *[]){"check", "--hash", "-c", "a", NULL}), CLI_USAGE);
    assert_int_equal(run(said, (char *[]){"check", "--help", NULL}), CLI_OK);
    assert_non_null(strstr(said, "decroche check -c FILE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_right_is_said_in_one_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_one_could_begin_without_is_a_warning, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(flows_and_secrets_are_read_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_mistakes_of_both_files_are_said_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_mistakes_of_all_files_are_said_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wrong_settings_are_not_hidden_by_a_good_directory, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_said_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_is_one_object_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_without_sense_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("cli/check", tests, NULL, NULL);
}
