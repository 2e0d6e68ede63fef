/* flow.c — flows from their files: every field, bounds at them and past them, and the flows of a
 * directory together. What is said of wrong files stands in test/golden/config. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/directory.h"
#include "config/flow.h"
#include "directory/choice.h"
#include "say/prompts.h"
#include "test/support/folder.h"

#define HOUSE                                                                                      \
    "organisation: { name: Mairie }\nhours: { h: { lun: 8h-9h } }\n"                               \
    "services:\n  - { id: accueil, name: Accueil, hours: h }\n"                                    \
    "  - { id: sante, name: Santé, hours: h }\n"

static struct directory *production, *demo;
static struct config_errors errors;

static struct directory *house_open(const char *text)
{
    struct directory *d;
    struct settings s;
    settings_defaults(&s);
    errors = (struct config_errors){.file = "directory.yaml"};
    if (config_directory_read(&d, text, &s, &errors))
        fail_msg("%s", errors.list[0].what);
    return d;
}

static int set_up(void **state)
{
    (void)state;
    production = house_open(HOUSE);
    demo = house_open("demo: true\n" HOUSE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    config_directory_drop(production);
    config_directory_drop(demo);
    return 0;
}

static int read_text(struct ivr_flow *flow, const char *text)
{
    errors = (struct config_errors){.file = "f.yaml"};
    return config_flow_read(flow, text, production, &errors);
}

static const char whole[] =
    "english: true\n"
    "max_repeat: 0\n"
    "general: personne\n"
    "closed: ferme\n"
    "steps:\n"
    "  - { id: bonjour, play: [greet.org, greet.english], next: avis }\n"
    "  - { id: avis, inform: [notice.data], next: choix, must_hear: true }\n"
    "  - { id: choix, menu: [menu.main], slow: menu.main.slow, keys: { 1: sante, 9: personne } }\n"
    "  - { id: sante, queue: sante, say: [menu.chosen.sante] }\n"
    "  - { id: personne, queue: accueil }\n"
    "  - { id: ferme, closed: [closed.ways, closed.bye] }\n";

static void each_word_of_the_file_has_its_field(void **state)
{
    (void)state;
    struct ivr_flow f;
    assert_int_equal(read_text(&f, whole), 0);
    assert_true(f.has_english && f.max_repeat == 0 && f.steps_n == 6);
    assert_true(f.general == 4 && f.closed == 5);
    const struct ivr_step *s = f.steps;
    assert_true(s[0].kind == IVR_PLAY && s[0].prompts_n == 2 && s[0].next == 1);
    assert_int_equal(s[0].prompts[1], PROMPT_GREET_ENGLISH);
    assert_true(s[1].kind == IVR_INFORM && s[1].is_mandatory && s[1].next == 2);
    assert_false(s[0].is_mandatory);
    assert_true(s[2].kind == IVR_MENU && s[2].slow == PROMPT_MENU_MAIN_SLOW);
    assert_true(s[2].choices_n == 2 && s[2].choices[1].key == '9' && s[2].choices[1].step == 4);
    assert_true(s[3].kind == IVR_QUEUE && s[3].queue_id == directory_number_of("sante"));
    assert_int_equal(s[3].prompts[0], PROMPT_MENU_CHOSEN_SANTE);
    assert_true(s[4].queue_id == directory_number_of("accueil") && s[4].prompts_n == 0);
    assert_true(s[5].kind == IVR_CLOSED && s[5].prompts_n == 2);
}

static void the_sentences_of_the_menu_itself_are_there(void **state)
{
    (void)state;
    struct ivr_flow f;
    assert_int_equal(read_text(&f, whole), 0);
    assert_int_equal(f.say[IVR_SAY_AGAIN], PROMPT_MENU_AGAIN);
    assert_int_equal(f.say[IVR_SAY_NO_KEY], PROMPT_MENU_NO_KEY);
    assert_int_equal(f.say[IVR_SAY_WRONG], PROMPT_MENU_WRONG);
    assert_int_equal(f.say[IVR_SAY_PERSON], PROMPT_MENU_PERSON);
    assert_int_equal(f.say[IVR_SAY_DATA], PROMPT_NOTICE_DATA);
}

static void what_is_left_out_is_one_repetition_and_no_english(void **state)
{
    (void)state;
    struct ivr_flow f;
    assert_int_equal(read_text(&f, "general: a\nclosed: b\nsteps:\n  - { id: a, queue: accueil }\n"
                                   "  - { id: b, closed: [closed.bye] }\n"),
                     0);
    assert_true(!f.has_english && f.max_repeat == 1);
}

static void a_wrong_flow_changes_nothing(void **state)
{
    (void)state;
    struct ivr_flow f, before;
    memset(&f, 7, sizeof(f));
    before = f;
    assert_int_equal(read_text(&f, "general: a\nclosed: a\nsteps: [{ id: a, queue: accueil }]\n"),
                     EINVAL);
    assert_memory_equal(&f, &before, sizeof(f));
}

/* steps_n steps, all on the way; prompts_n prompts in the first, choices_n keys in the second. */
static int read_sized(unsigned steps_n, unsigned prompts_n, unsigned choices_n)
{
    char text[16384];
    int n = snprintf(text, sizeof(text), "general: s2\nclosed: s3\nsteps:\n  - { id: s0, play: [");
    for (unsigned i = 0; i < prompts_n; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "%sgreet.org", i ? ", " : "");
    n += snprintf(text + n, sizeof(text) - (size_t)n,
                  "], next: s%u }\n  - { id: s1, menu: [menu.main], keys: {", steps_n > 4 ? 4 : 1);
    for (unsigned i = 0; i < choices_n; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, " %u: s2,", i + 1);
    n += snprintf(text + n, sizeof(text) - (size_t)n,
                  " } }\n  - { id: s2, queue: accueil }\n  - { id: s3, closed: [closed.bye] }\n");
    for (unsigned i = 4; i < steps_n; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n,
                      "  - { id: s%u, play: [greet.org], next: s%u }\n", i,
                      i + 1 < steps_n ? i + 1 : 1);
    struct ivr_flow f;
    return read_text(&f, text);
}

static void every_list_is_bounded_at_its_bound_and_past_it(void **state)
{
    (void)state;
    assert_int_equal(read_sized(IVR_STEPS_MAX, IVR_PROMPTS_MAX, IVR_CHOICES_MAX), 0);
    assert_int_equal(read_sized(IVR_STEPS_MAX + 1, 1, 1), EINVAL);
    assert_int_equal(errors.n, 1);
    assert_int_equal(read_sized(10 * IVR_STEPS_MAX / 4, 1, 1), EINVAL);
    assert_int_equal(read_sized(4, IVR_PROMPTS_MAX + 1, 1), EINVAL);
    assert_int_equal(errors.n, 1);
    assert_int_equal(read_sized(4, 10 * IVR_PROMPTS_MAX, 1), EINVAL);
    assert_int_equal(read_sized(4, 1, IVR_CHOICES_MAX + 1), EINVAL);
    assert_int_equal(errors.n, 1);
    assert_int_equal(read_sized(4, 0, 1), EINVAL);
    assert_int_equal(read_sized(4, 1, 0), EINVAL);
}

static void only_a_demonstration_says_that_it_is_one(void **state)
{
    (void)state;
    static const char says[] = "general: q\nclosed: z\nsteps:\n"
                               "  - { id: a, play: [greet.demo, greet.org], next: q }\n"
                               "  - { id: q, queue: accueil }\n"
                               "  - { id: z, closed: [closed.bye] }\n";
    struct ivr_flow f;
    assert_int_equal(read_text(&f, says), EINVAL);
    assert_int_equal(errors.list[0].line, 4);
    assert_int_equal(errors.list[0].column, 21);
    assert_int_equal(config_flow_read(&f, says, demo, &errors), 0);
    assert_int_equal(config_flow_read(&f, whole, demo, &errors), EINVAL);
}

/* What was read is what the interpreter needs: silence leads to a person. */
static void silence_leads_through_a_flow_that_was_read(void **state)
{
    (void)state;
    struct ivr_flow f;
    struct ivr_call call;
    struct ivr_ask ask;
    assert_int_equal(read_text(&f, whole), 0);
    ivr_step(&f, &call, &(struct ivr_event){.kind = IVR_START}, &ask);
    assert_true(ask.what == IVR_DO_PLAY && ask.prompts[0] == PROMPT_GREET_ORG);
    for (unsigned i = 0; i < 3; i++)
        ivr_step(&f, &call, &(struct ivr_event){.kind = IVR_PLAYED}, &ask);
    assert_int_equal(ask.what, IVR_DO_WAIT);
    ivr_step(&f, &call, &(struct ivr_event){.kind = IVR_TIMER}, &ask);
    assert_int_equal(ask.prompts[0], PROMPT_MENU_NO_KEY); /* max_repeat: 0 */
    ivr_step(&f, &call, &(struct ivr_event){.kind = IVR_PLAYED}, &ask);
    assert_true(ask.what == IVR_DO_QUEUE && ask.queue_id == directory_number_of("accueil"));
}

/* ---- the flows of a directory ---- */

#define NUMBERS                                                                                    \
    HOUSE "numbers:\n"                                                                             \
          "  - { number: \"+33 4 10 00 00 01\", flow: un, hours: h }\n"                            \
          "  - { number: \"+33 4 10 00 00 02\", flow: deux, hours: h }\n"                          \
          "  - { number: \"+33 4 10 00 00 03\", flow: un, hours: h }\n"

static void put(struct folder *folder, const char *name, const char *text)
{
    FILE *f = fopen(folder_file(folder, name), "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void each_flow_of_the_numbers_is_read_once(void **state)
{
    (void)state;
    struct folder folder;
    struct config_flows flows;
    folder_open(&folder);
    put(&folder, "un.yaml", whole);
    put(&folder, "deux.yaml",
        "general: a\nclosed: b\nsteps: [{ id: a, queue: accueil }, { id: b, closed: [closed.bye] "
        "}]");
    put(&folder, "trois.yaml", "nobody: reads this\n");
    struct directory *d = house_open(NUMBERS);
    assert_int_equal(config_flows_load(&flows, folder.path, d, &errors), 0);
    assert_int_equal(flows.n, 2);
    assert_int_equal(config_flows_find(&flows, "un")->steps_n, 6);
    assert_int_equal(config_flows_find(&flows, "deux")->steps_n, 2);
    assert_null(config_flows_find(&flows, "trois"));
    assert_string_equal(errors.file, "directory.yaml");
    config_flows_drop(&flows);
    assert_int_equal(flows.n, 0);
    assert_int_equal(config_flows_load(&flows, folder.path, production, &errors), 0);
    assert_int_equal(flows.n, 0); /* no number, no flow */
    config_flows_drop(&flows);
    config_directory_drop(d);
    folder_drop(&folder);
}

static void all_flows_are_told_in_one_run(void **state)
{
    (void)state;
    struct folder folder;
    struct config_flows flows;
    folder_open(&folder);
    put(&folder, "un.yaml", "general: a\nclosed: b\nsteps: []\n");
    struct directory *d = house_open(NUMBERS);
    assert_int_equal(config_flows_load(&flows, folder.path, d, &errors), EINVAL);
    assert_null(flows.list);
    assert_int_equal(errors.n, 2);
    assert_string_equal(errors.list[0].file, "directory.yaml");
    assert_int_equal(errors.list[0].line, 8);
    assert_int_equal(errors.list[0].column, 42);
    assert_non_null(strstr(errors.list[0].what, "deux"));
    assert_string_equal(errors.list[1].file, folder_file(&folder, "un.yaml"));
    assert_int_equal(errors.list[1].line, 3);
    config_directory_drop(d);
    folder_drop(&folder);
}

static void a_flow_that_cannot_be_read_is_told_so(void **state)
{
    (void)state;
    struct folder folder;
    struct config_flows flows;
    folder_open(&folder);
    put(&folder, "un.yaml", whole);
    assert_int_equal(mkdir(folder_file(&folder, "deux.yaml"), 0700), 0);
    struct directory *d = house_open(NUMBERS);
    assert_int_equal(config_flows_load(&flows, folder.path, d, &errors), EISDIR);
    assert_int_equal(errors.n, 1);
    assert_string_equal(errors.list[0].file, folder_file(&folder, "deux.yaml"));
    assert_int_equal(rmdir(folder_file(&folder, "deux.yaml")), 0);
    config_directory_drop(d);
    folder_drop(&folder);
}

static int read_labelled(struct ivr_flow *f, const char *step, const char *label)
{
    char text[1024];
    const char *const steps[] = {"choix", "sante", "ferme"}, *given[] = {"", "", ""};
    char key[256];
    snprintf(key, sizeof(key), "label: %s, ", label);
    for (unsigned i = 0; i < ARRAY_LEN(steps); i++)
        given[i] = !strcmp(step, steps[i]) ? key : "";
    snprintf(text, sizeof(text),
             "general: sante\nclosed: ferme\nsteps:\n"
             "  - { id: choix, %smenu: [menu.main], keys: { 1: sante } }\n"
             "  - { id: sante, %squeue: sante }\n"
             "  - { id: ferme, %sclosed: [closed.bye] }\n",
             given[0], given[1], given[2]);
    return read_text(f, text);
}

static void a_label_is_of_a_step_that_a_key_chooses(void **state)
{
    (void)state;
    struct ivr_flow f;
    char long_one[IVR_LABEL_BYTES + 1];
    assert_int_equal(read_labelled(&f, "sante", "\"La santé\""), 0);
    assert_string_equal(f.steps[1].label, "La santé");
    assert_int_equal(f.steps[1].number, directory_number_of("sante"));
    assert_int_equal(read_labelled(&f, "ferme", "Fermé"), EINVAL);
    assert_int_equal(errors.list[0].line, 6);
    assert_int_equal(read_labelled(&f, "choix", "Le début"), EINVAL);
    assert_int_equal(read_labelled(&f, "sante", "\"\""), EINVAL);
    memset(long_one, 'a', sizeof(long_one));
    long_one[IVR_LABEL_BYTES] = '\0';
    assert_int_equal(read_labelled(&f, "sante", long_one), EINVAL);
    long_one[IVR_LABEL_BYTES - 1] = '\0';
    assert_int_equal(read_labelled(&f, "sante", long_one), 0);
}

static void a_choice_has_the_words_of_its_label_else_of_what_it_leads_to(void **state)
{
    (void)state;
    struct folder folder;
    struct config_flows flows;
    folder_open(&folder);
    put(&folder, "un.yaml",
        "general: a\nclosed: b\nsteps:\n"
        "  - { id: m, menu: [menu.main], keys: { 1: n, 2: a, 3: c } }\n"
        "  - { id: n, menu: [menu.health], keys: { 1: a, 2: d } }\n"
        "  - { id: a, queue: sante }\n"
        "  - { id: c, inform: [closed.ways], next: a, label: \"Où nous trouver\" }\n"
        "  - { id: d, queue: accueil, label: \"Autre chose\" }\n"
        "  - { id: b, closed: [closed.bye] }\n");
    put(&folder, "deux.yaml", whole);
    struct directory *d = house_open(NUMBERS);
    uint32_t un = directory_number_of("un"), deux = directory_number_of("deux");
    assert_null(directory_choice_words(d, un, directory_number_of("a")));
    if (config_flows_load(&flows, folder.path, d, &errors))
        fail_msg("%s", errors.list[0].what);
    assert_int_equal(config_choices_load(d, &flows), 0);
    assert_string_equal(directory_choice_words(d, un, directory_number_of("a")), "Santé");
    assert_string_equal(directory_choice_words(d, un, directory_number_of("c")), "Où nous trouver");
    assert_string_equal(directory_choice_words(d, un, directory_number_of("d")), "Autre chose");
    assert_string_equal(directory_choice_words(d, un, directory_number_of("n")), "n");
    assert_null(directory_choice_words(d, un, directory_number_of("m"))); /* no key leads there */
    assert_null(directory_choice_words(d, deux, directory_number_of("a")));
    assert_string_equal(directory_choice_words(d, deux, directory_number_of("personne")),
                        "Accueil");
    config_flows_drop(&flows);
    config_directory_drop(d);
    folder_drop(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_of_the_file_has_its_field),
        cmocka_unit_test(the_sentences_of_the_menu_itself_are_there),
        cmocka_unit_test(what_is_left_out_is_one_repetition_and_no_english),
        cmocka_unit_test(a_wrong_flow_changes_nothing),
        cmocka_unit_test(every_list_is_bounded_at_its_bound_and_past_it),
        cmocka_unit_test(only_a_demonstration_says_that_it_is_one),
        cmocka_unit_test(silence_leads_through_a_flow_that_was_read),
        cmocka_unit_test(each_flow_of_the_numbers_is_read_once),
        cmocka_unit_test(all_flows_are_told_in_one_run),
        cmocka_unit_test(a_flow_that_cannot_be_read_is_told_so),
        cmocka_unit_test(a_label_is_of_a_step_that_a_key_chooses),
        cmocka_unit_test(a_choice_has_the_words_of_its_label_else_of_what_it_leads_to),
    };
    return cmocka_run_group_tests_name("config/flow", tests, set_up, tear_down);
}
