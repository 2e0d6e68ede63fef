/* closed.c — days, dates and hours of openings, as lists of prompts.
 * Called by app/. Cost: a few prompts. The order of the parts is the same in both languages, but
 * the English clock has halves and two halves of the day. */
#include "say/closed.h"
#include "say/value.h"

#define STEP_MIN 5
#define DAY_MIN (24 * 60)
#define DAYS_NAMED 6 /* so far the name of a weekday means one day only */

static_assert(PROMPT_AT_23_M - PROMPT_AT_00_M == 46, "hours stand side by side");
static_assert(PROMPT_MINUTE_55_F - PROMPT_MINUTE_05_F == 10, "minutes stand side by side");
static_assert(PROMPT_MINUTE_55_M - PROMPT_MINUTE_05_M == 9, "minutes without 30, for English");
static_assert(PROMPT_HALF_12_F - PROMPT_HALF_01_F == 11, "halves stand side by side");

static void minutes_in_french(struct say_list *list, unsigned hour, unsigned minute)
{
    say_add(list, PROMPT_AT_00_M + 2 * hour);
    say_add(list, PROMPT_MINUTE_05_F + minute / STEP_MIN - 1);
}

static void minutes_in_english(struct say_list *list, unsigned hour, unsigned minute)
{
    if (minute == 30) {
        say_add(list, PROMPT_HALF_01_F + (hour + 11) % 12);
        return;
    }
    say_add(list, PROMPT_AT_00_M + 2 * hour);
    say_add(list, PROMPT_MINUTE_05_M + minute / STEP_MIN - 1 - (minute > 30));
    say_add(list, hour < 12 ? PROMPT_AM_F : PROMPT_PM_F);
}

void say_hour(struct say_list *list, uint16_t minute, enum prompt_lang lang)
{
    assert(minute < DAY_MIN);
    unsigned told = (minute + STEP_MIN - 1u) / STEP_MIN * STEP_MIN;
    if (told == DAY_MIN)
        told -= STEP_MIN; /* midnight would be another day */
    if (told % 60 == 0)
        say_add(list, PROMPT_AT_00_F + 2 * (told / 60));
    else if (lang == PROMPT_EN)
        minutes_in_english(list, told / 60, told % 60);
    else
        minutes_in_french(list, told / 60, told % 60);
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
