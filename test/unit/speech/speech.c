/* speech.c — questions and answers: spoken once, kept, bounded, ended in the middle. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "os/clock.h"
#include "speech/cache.h"
#include "speech/speech.h"
#include "test/support/folder.h"
#include "test/support/tone.h"

#define WAIT_MS 20000

static struct folder folder, cache;
static char command[600], kept[FOLDER_PATH_MAX];

/* A voice: says the same tone for all words, and notes that it was asked. */
static int set_up(void **state)
{
    (void)state;
    folder_open(&folder);
    folder_open(&cache);
    snprintf(kept, sizeof(kept), "%s", cache.path);
    tone_put(folder_file(&folder, "a.wav"), (struct tone){100, 1000, 100, -1200});
    snprintf(command, sizeof(command), "sh -c \"echo x >> $1/n; cat $1/a.wav\" voice %s",
             folder.path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_drop(&folder);
    folder_drop(&cache);
    return 0;
}

static struct speech *open_voice(const char *how, const char *where)
{
    struct speech *s;
    const struct speech_args args = {.command = how, .cache = where, .timeout_ms = 10000};
    assert_int_equal(speech_open(&s, &args), 0);
    return s;
}

static struct speech_question question(uint64_t id, const char *words)
{
    struct speech_question q = {.id = id, .lang = "fr", .before_ms = 150, .after_ms = 300};
    q.words_n = (uint16_t)strlen(words);
    memcpy(q.words, words, q.words_n);
    return q;
}

static struct speech_answer next(struct speech *s)
{
    struct speech_answer a;
    ms_t until = os_clock_boot_ms() + WAIT_MS;
    while (!speech_next(s, &a)) {
        assert_true(os_clock_boot_ms() < until);
        speech_wait(s, 100);
    }
    return a;
}

static struct speech_answer ask(struct speech *s, const char *words)
{
    struct speech_question q = question(7, words);
    assert_true(speech_ask(s, &q));
    return next(s);
}

static long times_spoken(void)
{
    struct stat st;
    return stat(folder_file(&folder, "n"), &st) ? 0 : (long)st.st_size / 2;
}

static void what_was_spoken_once_is_kept(void **state)
{
    (void)state;
    struct speech *s = open_voice(command, kept);
    struct speech_answer first = ask(s, "Bonjour."), again = ask(s, "Bonjour.");
    assert_int_equal(first.err, 0);
    assert_int_equal(first.id, 7);
    assert_int_equal(times_spoken(), 1);
    assert_int_equal(again.n, first.n);
    assert_memory_equal(again.samples, first.samples, first.n * 2);
    speech_answer_drop(&again);
    speech_drop(s);
    s = open_voice(command, kept); /* another life */
    again = ask(s, "Bonjour.");
    assert_int_equal(times_spoken(), 1);
    speech_answer_drop(&again);
    again = ask(s, "Au revoir.");
    assert_int_equal(times_spoken(), 2);
    speech_answer_drop(&again);
    speech_answer_drop(&first);
    speech_drop(s);
}

static void another_voice_or_a_broken_file_is_spoken_anew(void **state)
{
    (void)state;
    char path[OS_PATH_MAX], other[700];
    struct speech *s = open_voice(command, kept);
    struct speech_question q = question(1, "Bonjour.");
    struct speech_answer a = ask(s, "Bonjour.");
    speech_answer_drop(&a);
    assert_true(speech_cache_path(path, kept, command, &q));
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs("RIFF", f);
    fclose(f);
    a = ask(s, "Bonjour.");
    assert_int_equal(a.err, 0);
    assert_int_equal(times_spoken(), 2);
    speech_answer_drop(&a);
    speech_drop(s);
    snprintf(other, sizeof(other), "%s fast", command);
    s = open_voice(other, kept);
    a = ask(s, "Bonjour.");
    assert_int_equal(times_spoken(), 3);
    speech_answer_drop(&a);
    speech_drop(s);
}

static void without_a_cache_it_speaks_each_time(void **state)
{
    (void)state;
    struct speech *s = open_voice(command, "");
    for (unsigned i = 0; i < 2; i++) {
        struct speech_answer a = ask(s, "Bonjour.");
        assert_int_equal(a.err, 0);
        speech_answer_drop(&a);
    }
    assert_int_equal(times_spoken(), 2);
    speech_drop(s);
    s = open_voice(command, "/nowhere/at/all/voice");
    struct speech_answer a = ask(s, "Bonjour.");
    assert_int_equal(a.err, 0);
    speech_answer_drop(&a);
    speech_drop(s);
}

static void a_voice_that_is_not_there_says_so(void **state)
{
    (void)state;
    struct speech *s = open_voice("decroche-no-such-voice", "");
    assert_int_equal(ask(s, "Bonjour.").err, ENOENT);
    assert_int_equal(ask(s, "Bonjour.").err, ENOENT);
    speech_drop(s);
    s = open_voice("echo no sound", "");
    assert_int_equal(ask(s, "Bonjour.").err, EINVAL);
    speech_drop(s);
    const struct speech_args wrong[] = {{.command = "", .cache = ""},
                                        {.command = "say {file}", .cache = ""}};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(speech_open(&s, &wrong[i]), EINVAL);
}

static void so_many_questions_and_no_more(void **state)
{
    (void)state;
    struct speech *s = open_voice(command, "");
    struct speech_question q = question(0, "Bonjour.");
    for (q.id = 0; q.id < SPEECH_QUESTIONS_MAX; q.id++)
        assert_true(speech_ask(s, &q));
    assert_false(speech_ask(s, &q)); /* answered or not: nobody took an answer */
    for (uint64_t i = 0; i < SPEECH_QUESTIONS_MAX; i++) {
        struct speech_answer a = next(s);
        assert_int_equal(a.id, i);
        speech_answer_drop(&a);
    }
    assert_true(speech_ask(s, &q));
    speech_drop(s); /* with a question open */
}

static void the_house_ends_while_it_speaks(void **state)
{
    (void)state;
    ms_t before = os_clock_boot_ms();
    struct speech *s = open_voice("sleep 60", "");
    struct speech_question q = question(1, "Bonjour.");
    assert_true(speech_ask(s, &q));
    speech_drop(s);
    assert_true(os_clock_boot_ms() - before < 10000);
    speech_drop(NULL);
}

static void the_oldest_half_goes_when_too_many_are_kept(void **state)
{
    (void)state;
    char name[64];
    for (unsigned i = 0; i <= SPEECH_CACHE_FILES_MAX; i++) {
        snprintf(name, sizeof(name), "%032u.wav", i);
        FILE *f = fopen(folder_file(&cache, name), "wb");
        assert_non_null(f);
        fclose(f);
        const struct timespec at[2] = {{1000000 + i, 0}, {1000000 + i, 0}};
        assert_int_equal(utimensat(AT_FDCWD, folder_file(&cache, name), at, 0), 0);
        if (i + 1 == SPEECH_CACHE_FILES_MAX) {
            assert_int_equal(speech_cache_open(kept), 0);
            assert_int_equal(folder_count(&cache, ".wav"), SPEECH_CACHE_FILES_MAX);
        }
    }
    assert_int_equal(speech_cache_open(kept), 0);
    assert_int_equal(folder_count(&cache, ".wav"), SPEECH_CACHE_FILES_MAX / 2);
    snprintf(name, sizeof(name), "%032u.wav", SPEECH_CACHE_FILES_MAX);
    assert_true(os_file_exists(folder_file(&cache, name)));
    assert_false(os_file_exists(folder_file(&cache, "00000000000000000000000000000000.wav")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_spoken_once_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_voice_or_a_broken_file_is_spoken_anew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_a_cache_it_speaks_each_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_voice_that_is_not_there_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_many_questions_and_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_house_ends_while_it_speaks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_half_goes_when_too_many_are_kept, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
