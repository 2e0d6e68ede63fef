/* closed.c — days, dates and hours of openings, as lists of prompts.
 * Called by app/. Cost: a few prompts. The order of the parts is the same in both languages, but
 * the English clock has halves and two halves of the day. */
#include "say/closed.h"
#include "say/hours.h"
#include "say/value.h"

#define STEP_MIN 5
#define DAYS_NAMED 6 /* so far the name of a weekday means one day only */

static_assert(PROMPT_HALF_12_F - PROMPT_HALF_01_F == 11, "halves stand side by side");

void say_hour(struct say_list *list, uint16_t minute, enum prompt_lang lang)
{
    assert(minute < SAY_DAY_MIN);
    unsigned told = (minute + STEP_MIN - 1u) / STEP_MIN * STEP_MIN;
    if (told == SAY_DAY_MIN)
        told -= STEP_MIN; /* midnight would be another day */
    if (lang == PROMPT_EN && told % 60 == 30)
        say_add(list, PROMPT_HALF_01_F + (told / 60 + 11) % 12);
    else
        say_at(list, (uint16_t)told, lang, true);
}

void say_closed(struct say_list *list, const struct say_opening *opening, enum prompt_lang lang)
{
    calendar_day days = opening->day - opening->today;
    assert(days >= 0);
    if (days == 0) {
        say_add(list, PROMPT_CLOSED_TODAY);
    } else if (days == 1) {
        say_add(list, PROMPT_CLOSED_TOMORROW);
    } else if (days <= DAYS_NAMED) {
        say_add(list, PROMPT_CLOSED_DAY);
        say_add(list, PROMPT_DAY_1_M + calendar_weekday(opening->day));
    } else {
        say_add(list, PROMPT_CLOSED_DATE);
        say_date(list, opening->day);
    }
    say_hour(list, opening->minute, lang);
}
