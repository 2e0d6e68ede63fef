/* say.c — lists of prompts, their words, and counts of people.
 * Called by app/ and view/. Cost: one pass over the list; say_named(): over the table.
 * Invariant: prompts of one series stand side by side in enum prompt_id (schema/prompts.toml). */
#include <string.h>

#include "say/say.h"

static_assert(PROMPT_WAIT_BEFORE_10 - PROMPT_WAIT_BEFORE_0 == SAY_BEFORE_MAX, "a series");
static_assert(PROMPT_AGENT_READY_MORE - PROMPT_AGENT_READY_0 == SAY_BEFORE_MAX + 1, "a series");
static_assert(PROMPT_AGENT_OUT_LAST_MORE - PROMPT_AGENT_OUT_LAST_1 == SAY_BEFORE_MAX, "a series");

static_assert(PROMPT_MENU_CHOSEN_SITE_64 - PROMPT_MENU_CHOSEN_SITE_01 == SAY_SERVICES_MAX - 1,
              "a series");

void say_add(struct say_list *list, unsigned prompt)
{
    assert(list->n < SAY_LIST_MAX && prompt > PROMPT_NONE && prompt < PROMPT_N);
    list->ids[list->n++] = (uint16_t)prompt;
}

size_t say_text(char *to, size_t size, const struct say_list *list, enum prompt_lang lang)
{
    size_t at = 0;
    assert(size > 0);
    for (unsigned i = 0; i < list->n; i++) {
        const char *words = prompt_rows[list->ids[i]].text[lang];
        size_t n = words ? strlen(words) : 0;
        size_t space = at > 0 && n && words[0] != ','; /* « , est compté… » goes on */
        if (n == 0)
            continue;
        if (at + space + n + 1 > size)
            break;
        memcpy(to + at, " ", space);
        memcpy(to + at + space, words, n);
        at += space + n;
    }
    to[at] = '\0';
    return at;
}

enum prompt_id say_named(const char *name)
{
    size_t n = strlen(name) + 1;
    for (unsigned i = PROMPT_NONE + 1; i < PROMPT_N; i++)
        if (strlen(prompt_rows[i].name) + 1 == n && memcmp(prompt_rows[i].name, name, n) == 0)
            return (enum prompt_id)i;
    return PROMPT_NONE;
}

enum prompt_id say_service(uint32_t i)
{
    return i < SAY_SERVICES_MAX ? PROMPT_MENU_CHOSEN_SITE_01 + i : PROMPT_NONE;
}

enum prompt_id say_before(uint32_t people_n)
{
    return people_n <= SAY_BEFORE_MAX ? PROMPT_WAIT_BEFORE_0 + people_n : PROMPT_NONE;
}

enum prompt_id say_band(enum band band)
{
    static const enum prompt_id prompts[BAND_N] = {
        [BAND_SILENT] = PROMPT_NONE,
        [BAND_B0_2] = PROMPT_WAIT_BAND_0_2,
        [BAND_B2_5] = PROMPT_WAIT_BAND_2_5,
        [BAND_B5_10] = PROMPT_WAIT_BAND_5_10,
        [BAND_B10_15] = PROMPT_WAIT_BAND_10_15,
        [BAND_B10_20] = PROMPT_WAIT_BAND_10_20,
        [BAND_B15_30] = PROMPT_WAIT_BAND_15_30,
        [BAND_B30_60] = PROMPT_WAIT_BAND_30_60,
        [BAND_B60] = PROMPT_WAIT_BAND_60,
        [BAND_UNKNOWN] = PROMPT_WAIT_UNKNOWN,
    };
    assert(band < BAND_N);
    return prompts[band];
}

enum prompt_id say_ready(uint32_t waiting_n)
{
    return waiting_n <= SAY_BEFORE_MAX ? PROMPT_AGENT_READY_0 + waiting_n : PROMPT_AGENT_READY_MORE;
}

enum prompt_id say_out_last(uint32_t waiting_n)
{
    if (waiting_n == 0)
        return PROMPT_NONE;
    return waiting_n <= SAY_BEFORE_MAX ? PROMPT_AGENT_OUT_LAST_1 + waiting_n - 1
                                       : PROMPT_AGENT_OUT_LAST_MORE;
}
