/* sentence.c — what another house than the demonstration says, and what its text.tsv says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/sentence.h"
#include "config/voice.h"
#include "test/support/folder.h"

static struct directory_service services[66];
static struct directory_site places[2];
static struct directory directory;
static struct arena arena;
static _Alignas(64) uint8_t memory[4096];
static struct config_flow flow;
static struct config_flows flows;

static int set_up(void **state)
{
    (void)state;
    memset(services, 0, sizeof(services));
    services[0] = (struct directory_service){.id = "sante", .name = "Santé", .number = 10};
    services[1] = (struct directory_service){.id = "eau", .name = "Eau", .number = 11};
    services[2] = (struct directory_service){.id = "cantine", .name = "Cantine", .number = 12};
    places[0] = (struct directory_site){.name = "Bus", .week = 0, .address = "itinérant"};
    places[1] = (struct directory_site){
        .name = "Maison du bourg", .week = 0, .address = "2 rue Haute, Bourg", .is_public = true};
    directory = (struct directory){
        .organisation = {.name = "Mairie de Bourg", .postal = "1 rue Basse, 96000 Bourg"},
        .services = services,
        .services_n = 3,
        .sites = places,
        .sites_n = 2};
    arena = (struct arena){.base = memory, .size = sizeof(memory)};
    map_open(&directory.service_of, &arena, 4);
    for (uint32_t i = 0; i < 3; i++)
        map_put(&directory.service_of, services[i].number, i);
    flow = (struct config_flow){.flow = {.steps = {{.kind = IVR_MENU,
                                                    .prompts_n = 1,
                                                    .prompts = {PROMPT_MENU_MAIN},
                                                    .slow = PROMPT_MENU_MAIN_SLOW,
                                                    .choices_n = 2,
                                                    .choices = {{'1', 1}, {'2', 2}}},
                                                   {.kind = IVR_QUEUE, .queue_id = 10},
                                                   {.kind = IVR_MENU,
                                                    .prompts_n = 1,
                                                    .prompts = {PROMPT_MENU_OWN_1},
                                                    .choices_n = 2,
                                                    .choices = {{'1', 3}, {'2', 4}}},
                                                   {.kind = IVR_QUEUE, .queue_id = 11},
                                                   {.kind = IVR_QUEUE, .queue_id = 12}},
                                         .steps_n = 5}};
    flows = (struct config_flows){&flow, 1};
    return 0;
}

static void says(enum prompt_id id, enum prompt_lang lang, enum config_words kind,
                 const char *words)
{
    char text[500];
    struct text_out out = {.p = text, .max = sizeof(text) - 1};
    const struct config_site site = {&directory, &flows, NULL};
    assert_int_equal(config_sentence(&out, &site, id, lang), kind);
    text[out.n] = '\0';
    assert_string_equal(text, words);
}

static void names_of_a_house_are_its_own(void **state)
{
    (void)state;
    says(PROMPT_GREET_ORG, PROMPT_FR, CONFIG_WORDS_MADE,
         "Bonjour. Vous appelez\u00a0: Mairie de Bourg.");
    says(PROMPT_GREET_ORG, PROMPT_EN, CONFIG_WORDS_MADE,
         "Hello. You have reached: Mairie de Bourg.");
    says(PROMPT_CLOSED_WAYS, PROMPT_FR, CONFIG_WORDS_MADE,
         "Vous pouvez aussi nous écrire\u00a0: Mairie de Bourg, 1 rue Basse, 96000 Bourg.");
    says(PROMPT_WAIT_WAYS, PROMPT_FR, CONFIG_WORDS_MADE,
         "Vous pouvez aussi venir\u00a0: Maison du bourg, 2 rue Haute, Bourg.");
    says(PROMPT_MENU_CHOSEN_SANTE, PROMPT_FR, CONFIG_WORDS_MADE, "Santé.");
    says(PROMPT_AGENT_WHISPER_SANTE, PROMPT_EN, CONFIG_WORDS_MADE, "Santé.");
    says(PROMPT_MENU_CHOSEN_SITE_02, PROMPT_FR, CONFIG_WORDS_MADE, "Eau.");
}

static void what_a_house_does_not_have_is_not_said(void **state)
{
    (void)state;
    directory.organisation.postal[0] = '\0';
    places[1].is_public = false;
    says(PROMPT_CLOSED_WAYS, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_WAIT_WAYS, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_MENU_CHOSEN_IMPOTS, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_MENU_CHOSEN_SITE_01, PROMPT_FR, CONFIG_WORDS_NONE, ""); /* sante is in the table */
    says(PROMPT_MENU_CHOSEN_SITE_04, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_MENU_PAPERS, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_NOTICE_DAY, PROMPT_FR, CONFIG_WORDS_NONE, "");
    says(PROMPT_CB_SAY, PROMPT_FR, CONFIG_WORDS_NONE, "");
}

static void a_menu_names_the_services_behind_its_keys(void **state)
{
    (void)state;
    const char *words =
        "Santé\u00a0: tapez 1. Eau, ou Cantine\u00a0: tapez 2. Pour autre chose, ne "
        "faites rien\u00a0: quelqu’un va vous répondre.";
    says(PROMPT_MENU_MAIN, PROMPT_FR, CONFIG_WORDS_MADE, words);
    says(PROMPT_MENU_MAIN_SLOW, PROMPT_FR, CONFIG_WORDS_MADE, words);
    says(PROMPT_MENU_OWN_1, PROMPT_EN, CONFIG_WORDS_MADE,
         "Eau: press 1. Cantine: press 2. For anything else, do nothing: someone will answer you.");
}

static void what_is_the_same_everywhere_and_the_demonstration_speak_by_the_table(void **state)
{
    (void)state;
    says(PROMPT_QUEUE_ENTER, PROMPT_FR, CONFIG_WORDS_TABLE, "Vous êtes dans la file d’attente.");
    directory.is_demo = true;
    says(PROMPT_GREET_ORG, PROMPT_FR, CONFIG_WORDS_TABLE,
         "Bonjour. Vous appelez les services publics de la Haute-Lisière.");
}

static void names_of_services_find_their_prompts(void **state)
{
    (void)state;
    assert_int_equal(config_voice_named(&directory, "menu.chosen.eau"), PROMPT_MENU_CHOSEN_SITE_02);
    assert_int_equal(config_voice_named(&directory, "menu.chosen.sante"), PROMPT_MENU_CHOSEN_SANTE);
    assert_int_equal(config_voice_named(&directory, "menu.chosen.gaz"), PROMPT_NONE);
    assert_int_equal(config_voice_named(NULL, "menu.chosen.eau"), PROMPT_NONE);
    for (unsigned i = 3; i < ARRAY_LEN(services); i++)
        snprintf(services[i].id, sizeof(services[i].id), "s%u", i);
    directory.services_n = ARRAY_LEN(services);
    assert_int_equal(config_voice_named(&directory, "menu.chosen.s63"), PROMPT_MENU_CHOSEN_SITE_64);
    assert_int_equal(config_voice_named(&directory, "menu.chosen.s64"), PROMPT_NONE);
}

/* ---- text.tsv ---- */

static unsigned wrong_n;

static void count(const char *file, uint32_t line, const char *what, void *arg)
{
    (void)arg;
    assert_true(strlen(file) && line && strlen(what));
    wrong_n++;
}

static int read_tsv(struct config_spoken *spoken, const char *text)
{
    struct folder folder, french;
    folder_open(&folder);
    snprintf(french.path, sizeof(french.path), "%s", folder_file(&folder, "fr"));
    assert_int_equal(mkdir(french.path, 0700), 0);
    FILE *f = fopen(folder_file(&folder, "fr/text.tsv"), "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    const struct config_spoken_args args = {
        .folder = folder.path, .directory = &directory, .wrong = count};
    wrong_n = 0;
    int err = config_spoken_load(spoken, &args);
    folder_drop(&french);
    folder_drop(&folder);
    return err;
}

static void its_own_words_come_before_what_is_made(void **state)
{
    (void)state;
    char text[500];
    struct text_out out = {.p = text, .max = sizeof(text)};
    struct config_spoken spoken;
    assert_int_equal(read_tsv(&spoken, "id\tvoice\twords\ngreet.org\t\tBonjour, ici Bourg.\n"
                                       "queue.enter\t\tAutre chose.\n"),
                     0);
    const struct config_site site = {&directory, &flows, &spoken};
    assert_int_equal(config_sentence(&out, &site, PROMPT_GREET_ORG, PROMPT_FR), CONFIG_WORDS_OWN);
    assert_memory_equal(text, "Bonjour, ici Bourg.", out.n);
    assert_int_equal(config_sentence(&out, &site, PROMPT_QUEUE_ENTER, PROMPT_FR),
                     CONFIG_WORDS_TABLE);
    assert_int_equal(config_sentence(&out, &site, PROMPT_GREET_ORG, PROMPT_EN), CONFIG_WORDS_MADE);
    assert_int_equal(wrong_n, 0);
    config_spoken_drop(&spoken);
}

static void wrong_lines_are_told_and_bounds_hold(void **state)
{
    (void)state;
    struct config_spoken spoken;
    char line[CONFIG_SPOKEN_WORDS_MAX + 32] = "greet.org\tA\t";
    size_t head = strlen(line);
    memset(line + head, 'a', CONFIG_SPOKEN_WORDS_MAX);
    assert_int_equal(read_tsv(&spoken, line), 0);
    assert_int_equal(wrong_n, 0);
    assert_int_equal(strlen(spoken.words[PROMPT_FR][PROMPT_GREET_ORG]), CONFIG_SPOKEN_WORDS_MAX);
    config_spoken_drop(&spoken);
    line[head + CONFIG_SPOKEN_WORDS_MAX] = 'a';
    assert_int_equal(read_tsv(&spoken, line), 0);
    assert_int_equal(wrong_n, 1);
    assert_null(spoken.words[PROMPT_FR][PROMPT_GREET_ORG]);
    config_spoken_drop(&spoken);
    assert_int_equal(read_tsv(&spoken, "greet.orc\tA\tB\na\tb\nc\na\tb\tc\td\n\ngreet.org\tA\tB"),
                     0);
    assert_int_equal(wrong_n, 4);
    assert_string_equal(spoken.words[PROMPT_FR][PROMPT_GREET_ORG], "B");
    assert_string_equal(spoken.voice[PROMPT_FR][PROMPT_GREET_ORG], "A");
    config_spoken_drop(&spoken);
}

static void a_file_past_its_bound_is_refused(void **state)
{
    (void)state;
    struct config_spoken spoken;
    char *text = malloc(CONFIG_SPOKEN_BYTES_MAX + 2);
    assert_non_null(text);
    memset(text, '\n', CONFIG_SPOKEN_BYTES_MAX + 1);
    text[CONFIG_SPOKEN_BYTES_MAX] = '\0';
    assert_int_equal(read_tsv(&spoken, text), 0);
    config_spoken_drop(&spoken);
    text[CONFIG_SPOKEN_BYTES_MAX] = '\n';
    text[CONFIG_SPOKEN_BYTES_MAX + 1] = '\0';
    assert_int_equal(read_tsv(&spoken, text), EFBIG);
    config_spoken_drop(&spoken);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(names_of_a_house_are_its_own, set_up),
        cmocka_unit_test_setup(what_a_house_does_not_have_is_not_said, set_up),
        cmocka_unit_test_setup(a_menu_names_the_services_behind_its_keys, set_up),
        cmocka_unit_test_setup(what_is_the_same_everywhere_and_the_demonstration_speak_by_the_table,
                               set_up),
        cmocka_unit_test_setup(names_of_services_find_their_prompts, set_up),
        cmocka_unit_test_setup(its_own_words_come_before_what_is_made, set_up),
        cmocka_unit_test_setup(wrong_lines_are_told_and_bounds_hold, set_up),
        cmocka_unit_test_setup(a_file_past_its_bound_is_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
