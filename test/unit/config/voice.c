/* voice.c — which files of prompts a service needs, and which of them lack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "config/voice.h"
#include "test/support/folder.h"
#include "test/support/voices.h"

static struct folder folder;
static char voices[FOLDER_PATH_MAX], last[CONFIG_PATH_BYTES];
static struct config_flow flow;
static struct config_flows flows;

static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    snprintf(voices, sizeof(voices), "%s", folder_file(&folder, "voices"));
    voices_put(voices);
    flow = (struct config_flow){.flow = {.steps = {{.kind = IVR_MENU,
                                                    .prompts_n = 1,
                                                    .prompts = {PROMPT_MENU_MAIN},
                                                    .slow = PROMPT_MENU_MAIN_SLOW}},
                                         .steps_n = 1,
                                         .say = {[IVR_SAY_AGAIN] = PROMPT_MENU_AGAIN}}};
    flows = (struct config_flows){.list = &flow, .n = 1};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    voices_drop(voices);
    folder_drop(&folder);
    return 0;
}

static void note(const char *path, void *arg)
{
    unsigned *n = arg;
    (*n)++;
    memcpy(last, path, strlen(path) + 1);
}

static unsigned missing_n(void)
{
    unsigned told_n = 0;
    const struct config_voice_args args = {
        .folder = voices, .flows = &flows, .missing = note, .arg = &told_n};
    unsigned n = config_voice_check(&args);
    assert_int_equal(n, told_n);
    return n;
}

static void take_away(const char *name)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof(path), "%s/%s", voices, name);
    assert_int_equal(unlink(path), 0);
}

static void a_whole_folder_lacks_nothing(void **state)
{
    (void)state;
    assert_int_equal(missing_n(), 0);
    flow.flow.has_english = true;
    assert_int_equal(missing_n(), 0);
}

static void english_is_needed_where_it_is_offered(void **state)
{
    (void)state;
    take_away("en/queue.enter.wav");
    take_away("en/menu.main.wav");
    assert_int_equal(missing_n(), 0);
    flow.flow.has_english = true;
    assert_int_equal(missing_n(), 2);
    assert_non_null(strstr(last, "/en/queue.enter.wav"));
}

static void a_menu_is_needed_where_a_flow_says_it(void **state)
{
    (void)state;
    take_away("fr/menu.papers.wav");
    take_away("fr/greet.price.free.wav");
    assert_int_equal(missing_n(), 0);
    take_away("fr/menu.main.wav");
    take_away("fr/menu.main.slow.wav");
    take_away("fr/menu.again.wav");
    assert_int_equal(missing_n(), 3);
    flows.n = 0;
    assert_int_equal(missing_n(), 0);
}

static void what_every_service_says_is_always_needed(void **state)
{
    (void)state;
    flows.n = 0;
    take_away("fr/wait.still.wav");
    assert_int_equal(missing_n(), 1);
    take_away("common/music.wait.wav");
    assert_int_equal(missing_n(), 2);
    assert_non_null(strstr(last, "/common/music.wait.wav"));
    take_away("fr/agent.code.wav");
    assert_int_equal(missing_n(), 3);
}

static void a_path_is_that_of_the_language_that_exists(void **state)
{
    (void)state;
    char path[CONFIG_PATH_BYTES];
    assert_true(config_voice_path(path, "v", PROMPT_GREET_ORG, PROMPT_EN));
    assert_string_equal(path, "v/en/greet.org.wav");
    assert_true(config_voice_path(path, "v", PROMPT_PAUSE_350, PROMPT_EN));
    assert_string_equal(path, "v/common/pause.350.wav");
    assert_false(config_voice_path(path, "v", PROMPT_MINUTE_05_F, PROMPT_EN));
    assert_false(config_voice_path(path, "v", PROMPT_NONE, PROMPT_FR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_folder_lacks_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(english_is_needed_where_it_is_offered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_menu_is_needed_where_a_flow_says_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_every_service_says_is_always_needed, set_up,
                                        tear_down),
        cmocka_unit_test(a_path_is_that_of_the_language_that_exists),
    };
    return cmocka_run_group_tests_name("config/voice", tests, NULL, NULL);
}
