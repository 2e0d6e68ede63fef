/* value.c — see value.h. Cost: a few digits. */
#include "say/value.h"

static_assert(PROMPT_PAIR_99_M - PROMPT_PAIR_00_M == 198, "pairs stand side by side");
static_assert(PROMPT_DIGIT_9_M - PROMPT_DIGIT_0_M == 18, "digits stand side by side");
static_assert(PROMPT_DAY_7_M - PROMPT_DAY_1_M == 6, "days stand side by side");
static_assert(PROMPT_WEEKDAY_7_M - PROMPT_WEEKDAY_1_M == 6, "weekdays stand side by side");
static_assert(PROMPT_DATE_31_M - PROMPT_DATE_1_M == 30, "dates stand side by side");
static_assert(PROMPT_MONTH_12_M - PROMPT_MONTH_1_M == 11, "months stand side by side");

static void add_digit(struct say_list *list, char digit, bool is_last)
{
    say_add(list, PROMPT_DIGIT_0_M + 2u * (unsigned)(digit - '0') + is_last);
}

void say_digits(struct say_list *list, const char *digits, unsigned n)
{
    assert(n <= SAY_DIGITS_MAX);
    for (unsigned i = 0; i < n; i += 2) {
        unsigned pair = (unsigned)(digits[i] - '0') * 10;
        if (i + 1 == n) {
            add_digit(list, digits[i], true);
            return;
        }
        pair += (unsigned)(digits[i + 1] - '0');
        say_add(list, PROMPT_PAIR_00_M + 2 * pair + (i + 2 >= n));
        if (i == 2 && n > 4)
            say_add(list, PROMPT_PAUSE_350);
    }
}

void say_day(struct say_list *list, unsigned weekday)
{
    assert(weekday < WEEK_DAYS);
    say_add(list, PROMPT_DAY_1_M + weekday);
}

void say_date(struct say_list *list, calendar_day day)
{
    struct civil date = calendar_date(day);
    say_add(list, PROMPT_WEEKDAY_1_M + calendar_weekday(day));
    say_add(list, PROMPT_DATE_1_M + date.day - 1u);
    say_add(list, PROMPT_MONTH_1_M + date.month - 1u);
}
