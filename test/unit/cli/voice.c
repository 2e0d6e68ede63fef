/* voice.c — which sound a prompt gets: its own, ours, a spoken one, or whatever can be played; and
 * that what did not change is not given again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/voice.h"
#include "config/voice.h"
#include "os/clock.h"
#include "test/support/folder.h"
#include "test/support/tone.h"

#define WAIT_MS 30000
#define ID PROMPT_QUEUE_ENTER

static struct folder folder;
static char ours[FOLDER_PATH_MAX], own[FOLDER_PATH_MAX], cache[FOLDER_PATH_MAX], speaks[900];
static struct directory directory;
static struct directory_service service;
static struct config_flows flows;

/* How long each sound is that came, in ms without silences; 0: none came. */
static unsigned came_ms[PROMPT_N], came_n;
/* Which one of all that came; 0: none. */
static unsigned turn_of[PROMPT_N];

static const char *const folders[] = {"voix", "voix/fr", "own", "own/fr", "cache"};

static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    for (unsigned i = 0; i < ARRAY_LEN(folders); i++)
        assert_int_equal(mkdir(folder_file(&folder, folders[i]), 0700), 0);
    snprintf(ours, sizeof(ours), "%s", folder_file(&folder, "voix"));
    snprintf(own, sizeof(own), "%s", folder_file(&folder, "own"));
    snprintf(cache, sizeof(cache), "%s", folder_file(&folder, "cache"));
    tone_put(folder_file(&folder, "a.wav"), (struct tone){0, 900, 0, -1200});
    snprintf(speaks, sizeof(speaks), "sh -c \"cat >> $1/said; cat $1/a.wav\" voice %s",
             folder.path);
    service = (struct directory_service){.id = "eau", .name = "Eau et assainissement"};
    directory = (struct directory){
        .organisation = {.name = "Mairie de Rochemarne"}, .services = &service, .services_n = 1};
    flows = (struct config_flows){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = ARRAY_LEN(folders); i-- > 0;) {
        struct folder inner;
        snprintf(inner.path, sizeof(inner.path), "%s", folder_file(&folder, folders[i]));
        folder_drop(&inner);
    }
    folder_drop(&folder);
    return 0;
}

static void put(const char *part, const char *name, struct tone t)
{
    char path[FOLDER_PATH_MAX];
    snprintf(path, sizeof(path), "%s/fr/%s.wav", part, name);
    tone_put(path, t);
}

static struct voice *open_voice(const char *command)
{
    struct voice *v;
    const struct voice_args args = {.command = command, .cache = cache, .timeout_ms = 10000};
    assert_int_equal(voice_open(&v, &args), 0);
    return v;
}

static void note(const struct voice_found *f)
{
    came_n++;
    if (f->lang == PROMPT_FR) {
        came_ms[f->id] = (unsigned)(f->n / 8) - 450;
        turn_of[f->id] = came_n;
    }
    free(f->samples);
}

/* A whole look at the files, and what comes of it for `more_ms` after it is done. */
static void look(struct voice *v, ms_t more_ms)
{
    const struct voice_place place = {{&directory, &flows, NULL}, ours, own};
    struct voice_found f;
    ms_t until = os_clock_boot_ms() + WAIT_MS, last = 0;
    memset(came_ms, 0, sizeof(came_ms));
    came_n = 0;
    assert_true(voice_ask(v, &place));
    while (!last || os_clock_boot_ms() < last) {
        assert_true(os_clock_boot_ms() < until);
        while (voice_next(v, &f))
            note(&f);
        if (!last && voice_is_done(v))
            last = os_clock_boot_ms() + more_ms;
        voice_wait(v, 20);
    }
}

static bool near_ms(unsigned got, unsigned wanted)
{
    return got + 30 > wanted && got < wanted + 30;
}

static void a_file_of_the_place_comes_before_ours(void **state)
{
    (void)state;
    struct voice *v = open_voice("");
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    put(ours, "queue.direct", (struct tone){150, 1600, 300, -2400});
    put(own, "queue.enter", (struct tone){150, 1700, 300, -2400});
    look(v, 0);
    assert_true(near_ms(came_ms[ID], 1700));
    assert_true(near_ms(came_ms[PROMPT_QUEUE_DIRECT], 1600));
    assert_int_equal(came_n, 2);
    voice_drop(v);
}

static void what_did_not_change_is_not_given_again(void **state)
{
    (void)state;
    struct voice *v = open_voice("");
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    look(v, 0);
    assert_int_equal(came_n, 1);
    look(v, 0);
    assert_int_equal(came_n, 0);
    put(own, "queue.enter", (struct tone){150, 1800, 300, -2400});
    look(v, 0);
    assert_int_equal(came_n, 1);
    assert_true(near_ms(came_ms[ID], 1800));
    voice_drop(v);
}

/* The first pass reads, the second listens. */
static void a_file_that_is_unfit_gives_place_to_the_next(void **state)
{
    (void)state;
    struct voice *v = open_voice("");
    put(own, "queue.enter", (struct tone){150, 1700, 300, -1200});
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    look(v, 0);
    look(v, 0);
    assert_true(!came_n || near_ms(came_ms[ID], 1500)); /* the second pass may have come before */
    put(own, "queue.enter", (struct tone){150, 1750, 300, -2400});
    look(v, 0);
    assert_true(near_ms(came_ms[ID], 1750));
    put(own, "queue.enter", (struct tone){150, 6000, 300, -2400}); /* too long */
    look(v, 0);
    assert_true(near_ms(came_ms[ID], 1500));
    voice_drop(v);
}

static void nothing_else_being_there_a_bad_file_is_played(void **state)
{
    (void)state;
    struct voice *v = open_voice("");
    put(own, "queue.enter", (struct tone){150, 1700, 300, -1200});
    look(v, 300);
    assert_true(near_ms(came_ms[ID], 1700));
    voice_drop(v);
}

/* The same tone for each prompt of the table but one. */
static void put_all_but(enum prompt_id one)
{
    char path[CONFIG_PATH_BYTES];
    for (unsigned id = PROMPT_NONE + 1; id < PROMPT_N; id++)
        if (id != one && id != ID && config_voice_path(path, ours, id, PROMPT_FR) &&
            !prompt_rows[id].is_common)
            assert_int_equal(symlink("queue.enter.wav", path), 0);
}

static void what_no_file_says_is_spoken(void **state)
{
    (void)state;
    char said[1 << 17];
    struct voice *v = open_voice(speaks);
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    put_all_but(PROMPT_QUEUE_DIRECT);
    look(v, 0);
    assert_true(near_ms(came_ms[ID], 1500));
    assert_true(near_ms(came_ms[PROMPT_QUEUE_DIRECT], 900));
    assert_true(near_ms(came_ms[PROMPT_GREET_ORG], 900));
    assert_true(near_ms(came_ms[PROMPT_MENU_CHOSEN_SITE_01], 900));
    assert_int_equal(came_ms[PROMPT_MENU_CHOSEN_SITE_02], 0);
    assert_int_equal(came_ms[PROMPT_MENU_CHOSEN_SANTE], 0); /* it has no such service */
    assert_int_equal(came_ms[PROMPT_NOTICE_DAY], 0);
    FILE *f = fopen(folder_file(&folder, "said"), "rb");
    assert_non_null(f);
    said[fread(said, 1, sizeof(said) - 1, f)] = '\0';
    fclose(f);
    assert_non_null(strstr(said, "Bonjour. Vous appelez\u00a0: Mairie de Rochemarne.\n"));
    assert_non_null(strstr(said, "Eau et assainissement.\n"));
    assert_null(strstr(said, "Haute-Lisière"));
    assert_null(strstr(said, "You are in the queue")); /* no flow of it offers English */
    voice_drop(v);
}

/* Who calls while sentences are still being spoken hears what was recorded. */
static void what_has_a_file_does_not_wait_for_what_is_spoken(void **state)
{
    (void)state;
    struct voice *v = open_voice(speaks);
    memset(turn_of, 0, sizeof(turn_of));
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    put_all_but(PROMPT_QUEUE_DIRECT);
    look(v, 0);
    unsigned last_file = 0, first_spoken = came_n + 1;
    for (unsigned id = 0; id < PROMPT_N; id++) {
        bool is_file = near_ms(came_ms[id], 1500);
        if (turn_of[id] && is_file && turn_of[id] > last_file)
            last_file = turn_of[id];
        if (turn_of[id] && !is_file && turn_of[id] < first_spoken)
            first_spoken = turn_of[id];
    }
    assert_true(turn_of[PROMPT_GREET_ORG] && turn_of[PROMPT_QUEUE_DIRECT] && last_file);
    assert_true(PROMPT_GREET_ORG < ID); /* in the order of the table it would come first */
    assert_true(last_file < first_spoken);
    voice_drop(v);
}

/* Our own sentence of another place is never said here, not even for want of another. */
static void no_name_of_another_place_is_said(void **state)
{
    (void)state;
    struct voice *v = open_voice("decroche-no-such-program");
    put(ours, "greet.org", (struct tone){150, 1500, 300, -2400});
    put(ours, "queue.enter", (struct tone){150, 1500, 300, -2400});
    look(v, 0);
    assert_int_equal(came_ms[PROMPT_GREET_ORG], 0);
    assert_int_equal(came_n, 1);
    directory.is_demo = true;
    look(v, 0);
    assert_true(near_ms(came_ms[PROMPT_GREET_ORG], 1500));
    voice_drop(v);
}

static void the_house_ends_in_the_middle(void **state)
{
    (void)state;
    ms_t before = os_clock_boot_ms();
    struct voice *v = open_voice("sleep 60");
    const struct voice_place place = {{&directory, &flows, NULL}, ours, own};
    assert_true(voice_ask(v, &place));
    assert_true(voice_ask(v, &place));
    voice_drop(v);
    voice_drop(NULL);
    assert_true(os_clock_boot_ms() - before < 10000);
    v = open_voice("say \"without end"); /* told, and nothing is spoken */
    voice_drop(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_of_the_place_comes_before_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_did_not_change_is_not_given_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_unfit_gives_place_to_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_else_being_there_a_bad_file_is_played, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_no_file_says_is_spoken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_has_a_file_does_not_wait_for_what_is_spoken, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_name_of_another_place_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_house_ends_in_the_middle, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
