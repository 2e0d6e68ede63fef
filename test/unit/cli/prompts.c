/* prompts.c — `decroche prompts`: each fault of a file is said with its cure; own voices; exits. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "test/support/folder.h"
#include "test/support/tone.h"

#define TEXT_BYTES (1 << 20)

static struct folder folder;
static char said[TEXT_BYTES];

static const char *const files[] = {"voix/fr/queue.enter.wav",
                                    "voix/fr/stranger.wav",
                                    "voix/fr/text.tsv",
                                    "own/fr/queue.enter.wav",
                                    "own/fr/text.tsv",
                                    "own/fr/menu.chosen.eau.wav",
                                    "decroche.yaml",
                                    "directory.yaml",
                                    "secrets.yaml",
                                    "out"};
static const char *const folders[] = {"voix", "voix/fr", "own", "own/fr"};

static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    for (unsigned i = 0; i < ARRAY_LEN(folders); i++)
        assert_int_equal(mkdir(folder_file(&folder, folders[i]), 0700), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(files); i++)
        unlink(folder_file(&folder, files[i]));
    for (unsigned i = ARRAY_LEN(folders); i-- > 0;)
        rmdir(folder_file(&folder, folders[i]));
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

static void put_tone(const char *name, struct tone t)
{
    tone_put(folder_file(&folder, name), t);
}

/* Runs with standard output in a file. argv ends with NULL. */
static int run(char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    int fd = open(folder_file(&folder, "out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(before >= 0 && fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
    int code = cli_prompts(argc, argv);
    fflush(stdout);
    assert_true(dup2(before, STDOUT_FILENO) >= 0);
    close(before);
    close(fd);
    FILE *f = fopen(folder_file(&folder, "out"), "rb");
    assert_non_null(f);
    said[fread(said, 1, TEXT_BYTES - 1, f)] = '\0';
    fclose(f);
    return code;
}

static int act(const char *action, const char *option)
{
    char path[FOLDER_PATH_MAX], name[8];
    snprintf(path, sizeof(path), "%s", folder_file(&folder, "voix"));
    snprintf(name, sizeof(name), "%s", action);
    return run((char *[]){"prompts", name, path, (char *)(uintptr_t)option, NULL});
}

static void says(const char *words)
{
    if (!strstr(said, words))
        fail_msg("\"%s\" was not said", words);
}

static void says_not(const char *words)
{
    if (strstr(said, words))
        fail_msg("\"%s\" was said", words);
}

static const struct tone good = {150, 2000, 300, -2400};

static void what_lacks_is_named(void **state)
{
    (void)state;
    put_tone("voix/fr/queue.enter.wav", good);
    put("voix/fr/text.tsv", "id\tvoice\twords\nqueue.enter\tAnne\tVous êtes dans la file "
                            "d’attente.\n");
    assert_int_equal(act("check", NULL), CLI_FINDING);
    says("/voix/fr/queue.direct.wav\u00a0: ce fichier manque");
    says_not("/fr/queue.enter.wav");
    assert_int_equal(act("list", "--missing"), CLI_FINDING);
    says("/voix/en/queue.enter.wav\tYou are in the queue.");
    says_not("/voix/fr/queue.enter.wav");
    assert_int_equal(act("list", NULL), CLI_FINDING);
    says("/voix/fr/queue.enter.wav\tVous êtes dans la file d’attente.\n");
    says("/voix/fr/queue.direct.wav\tmanque\t");
}

static void each_fault_is_told_with_its_cure(void **state)
{
    (void)state;
    static const struct {
        struct tone tone;
        const char *words;
    } rows[] = {
        {{150, 2000, 300, -1800}, "queue.enter.wav\u00a0: trop fort"},
        {{150, 2000, 300, -3000}, "queue.enter.wav\u00a0: trop faible"},
        {{150, 3500, 300, -2400}, "queue.enter.wav\u00a0: trop long\u00a0: 4,0 s, au plus 3,0 s"},
        {{150, 300, 300, -2400}, "queue.enter.wav\u00a0: trop court"},
        {{0, 2000, 300, -2400}, "queue.enter.wav\u00a0: silence avant\u00a0: 0 ms"},
        {{150, 2000, 0, -2400}, "queue.enter.wav\u00a0: silence après\u00a0: 0 ms"},
        {{150, 2000, 300, -400}, "queue.enter.wav\u00a0: crête à"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        put_tone("voix/fr/queue.enter.wav", rows[i].tone);
        assert_int_equal(act("check", NULL), CLI_FINDING);
        says(rows[i].words);
        assert_int_equal(act("check", "--json"), CLI_FINDING);
        says("\",\"cure\":\"");
    }
}

static void another_form_is_told_with_the_command_that_changes_it(void **state)
{
    (void)state;
    uint8_t head[WAV_HEAD_BYTES];
    put_tone("voix/fr/queue.enter.wav", good);
    wav_write_head(head, 1000);
    head[22] = 2;
    head[24] = 0x80; /* 16000 Hz */
    head[25] = 0x3e;
    FILE *f = fopen(folder_file(&folder, "voix/fr/queue.enter.wav"), "r+b");
    assert_non_null(f);
    fwrite(head, 1, sizeof(head), f);
    fclose(f);
    act("check", NULL);
    says("16000 Hz, 2 voies, 16 bits, au lieu de 8000 Hz, 1 voie, 16 bits");
    says("queue.enter.wav -r 8000 -c 1 -b 16");
    put("voix/fr/queue.enter.wav", "RIFF, presque");
    act("check", NULL);
    says("queue.enter.wav\u00a0: ce n’est pas un fichier WAV");
}

static void other_words_and_strangers_are_told(void **state)
{
    (void)state;
    put_tone("voix/fr/queue.enter.wav", good);
    put_tone("voix/fr/stranger.wav", good);
    put("voix/fr/text.tsv", "id\tvoice\twords\nqueue.enter\tAnne\tVous attendez.\nmenu.man\tA\tB\n"
                            "queue.direct\tAnne\n");
    assert_int_equal(act("check", NULL), CLI_FINDING);
    says("dit «\u00a0Vous attendez.\u00a0», le tableau «\u00a0Vous êtes dans la file d’attente.");
    says("stranger.wav\u00a0: aucune annonce ne porte ce nom");
    says("text.tsv:3\u00a0: cette annonce est inconnue");
    says("text.tsv:4\u00a0: trois colonnes");
}

static int check_site(void)
{
    char path[FOLDER_PATH_MAX];
    put("decroche.yaml", "voice: { path: voix, own: own }\n");
    put("directory.yaml", "organisation: { name: Mairie }\n"
                          "hours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
                          "services: [{ id: eau, name: Eau, hours: bureau }]\n"
                          "agents: [{ id: a01, name: Anne, skills: [eau] }]\n");
    snprintf(path, sizeof(path), "%s", folder_file(&folder, "decroche.yaml"));
    return run((char *[]){"prompts", "check", "-c", path, NULL});
}

static void a_site_s_own_voice_is_looked_at_too(void **state)
{
    (void)state;
    put_tone("own/fr/queue.enter.wav", (struct tone){150, 2000, 300, -1200});
    put_tone("own/fr/menu.chosen.eau.wav", (struct tone){150, 900, 300, -2400});
    put("own/fr/text.tsv", "queue.enter\tAnne\tVous attendez.\ngreet.org\tAnne\tIci la mairie.\n"
                           "menu.chosen.eau\tAnne\tL’eau.\nmenu.chosen.gaz\tAnne\tLe gaz.\n");
    assert_int_equal(check_site(), CLI_FINDING);
    says("/own/fr/queue.enter.wav\u00a0: trop fort");
    says("/own/fr/queue.enter.wav\u00a0: dit «\u00a0Vous attendez.");
    says("/own/fr/text.tsv:4\u00a0: cette annonce est inconnue");
    says_not("eau.wav");
    says_not("/own/fr/greet.org");
    says_not("/own/fr/queue.direct");
}

static void usage_and_the_world(void **state)
{
    (void)state;
    assert_int_equal(run((char *[]){"prompts", NULL}), CLI_USAGE);
    assert_int_equal(run((char *[]){"prompts", "check", NULL}), CLI_USAGE);
    assert_int_equal(run((char *[]){"prompts", "look", "x", NULL}), CLI_USAGE);
    assert_int_equal(run((char *[]){"prompts", "check", "x", "-c", "y", NULL}), CLI_USAGE);
    assert_int_equal(run((char *[]){"prompts", "check", "/nowhere/at/all", NULL}), CLI_CANNOT);
    assert_int_equal(run((char *[]){"prompts", "--help", NULL}), CLI_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_lacks_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_fault_is_told_with_its_cure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_form_is_told_with_the_command_that_changes_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_words_and_strangers_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_site_s_own_voice_is_looked_at_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(usage_and_the_world, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
