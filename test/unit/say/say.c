/* say.c — tests of say/say.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "say/say.h"

static const char *words(enum prompt_id prompt, enum prompt_lang lang)
{
    return prompt_rows[prompt].text[lang];
}

static void people_before_are_counted_to_ten_and_nobody_hears_more(void **state)
{
    (void)state;
    assert_string_equal(words(say_before(0), PROMPT_FR), "Vous êtes la prochaine personne.");
    assert_string_equal(words(say_before(1), PROMPT_FR), "Il y a une personne avant vous.");
    assert_string_equal(words(say_before(6), PROMPT_FR), "Il y a six personnes avant vous.");
    assert_string_equal(words(say_before(10), PROMPT_EN), "There are ten people before you.");
    assert_int_equal(say_before(11), PROMPT_NONE);
    assert_int_equal(say_before(UINT32_MAX), PROMPT_NONE);
}

static void each_band_has_its_sentence(void **state)
{
    (void)state;
    assert_int_equal(say_band(BAND_SILENT), PROMPT_NONE);
    assert_string_equal(words(say_band(BAND_B5_10), PROMPT_FR),
                        "L’attente est de cinq à dix minutes.");
    for (unsigned band = BAND_SILENT + 1; band < BAND_N; band++)
        assert_non_null(words(say_band((enum band)band), PROMPT_EN));
}

static void an_agent_hears_how_many_wait(void **state)
{
    (void)state;
    assert_string_equal(words(say_ready(7), PROMPT_FR),
                        "Vous allez recevoir des appels. Sept personnes attendent.");
    assert_int_equal(say_ready(0), PROMPT_AGENT_READY_0);
    assert_int_equal(say_ready(11), PROMPT_AGENT_READY_MORE);
    assert_int_equal(say_out_last(0), PROMPT_NONE);
    assert_int_equal(say_out_last(1), PROMPT_AGENT_OUT_LAST_1);
    assert_int_equal(say_out_last(400), PROMPT_AGENT_OUT_LAST_MORE);
}

static void every_prompt_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned i = PROMPT_NONE + 1; i < PROMPT_N; i++)
        assert_int_equal(say_named(prompt_rows[i].name), i);
    assert_int_equal(say_named("menu"), PROMPT_NONE);
    assert_int_equal(say_named(""), PROMPT_NONE);
}

static void numbers_of_prompts_stay_what_they_were(void **state)
{
    (void)state;
    assert_int_equal(PROMPT_GREET_DEMO, 1);
    assert_int_equal(PROMPT_AGENT_OUT_LAST_MORE, 112);
    assert_int_equal(PROMPT_MUSIC_WAIT, 477);
}

static void text_that_does_not_fit_ends_after_a_whole_prompt(void **state)
{
    (void)state;
    struct say_list list = {0};
    char text[40];
    say_add(&list, PROMPT_QUEUE_ENTER);
    say_add(&list, PROMPT_TONE_CONNECT);
    say_add(&list, PROMPT_QUEUE_DIRECT);
    size_t n = say_text(text, sizeof(text), &list, PROMPT_FR);
    assert_string_equal(text, "Vous êtes dans la file d’attente.");
    assert_int_equal(n, strlen(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_before_are_counted_to_ten_and_nobody_hears_more),
        cmocka_unit_test(each_band_has_its_sentence),
        cmocka_unit_test(an_agent_hears_how_many_wait),
        cmocka_unit_test(every_prompt_is_found_by_its_name),
        cmocka_unit_test(numbers_of_prompts_stay_what_they_were),
        cmocka_unit_test(text_that_does_not_fit_ends_after_a_whole_prompt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
