/* hours.c — see hours.h. Cost: a few prompts.
 * Noon and midnight have names of their own when no minutes follow them; English says which half
 * of the day it is, French counts to twenty-three. */
#include "say/closed.h"
#include "say/hours.h"

#define NOON (12 * 60)
#define FIVE 5

static_assert(PROMPT_AT_23_F - PROMPT_AT_00_M == 47, "hours stand side by side, .m then .f");
static_assert(PROMPT_FROM_23_M - PROMPT_FROM_00_M == 23, "hours stand side by side");
static_assert(PROMPT_TO_23_F - PROMPT_TO_00_M == 47, "hours stand side by side, .m then .f");
static_assert(PROMPT_MINUTE_55_F - PROMPT_MINUTE_05_F == 10, "fives stand side by side");
static_assert(PROMPT_MINUTE_55_M - PROMPT_MINUTE_05_M == 9, "fives but 30 stand side by side");
static_assert(PROMPT_MINUTE_59_F - PROMPT_MINUTE_01_M == 95, "the other minutes, .m then .f");

/* 1 … 59. Those of the clock's marks were numbered before the others. */
static unsigned minutes_of(unsigned minute, bool is_last)
{
    if (minute % FIVE)
        return PROMPT_MINUTE_01_M + 2 * (minute - 1 - minute / FIVE) + is_last;
    if (is_last)
        return PROMPT_MINUTE_05_F + minute / FIVE - 1;
    if (minute == 30)
        return PROMPT_MINUTE_30_M;
    return PROMPT_MINUTE_05_M + minute / FIVE - 1 - (minute > 30);
}

static void add_half_of_day(struct say_list *list, uint16_t minute, bool is_last)
{
    if (minute < NOON)
        say_add(list, is_last ? PROMPT_AM_F : PROMPT_AM_M);
    else
        say_add(list, is_last ? PROMPT_PM_F : PROMPT_PM_M);
}

/* Hours of one preposition: alone at noon or midnight, or with minutes to come. */
struct hour_parts {
    unsigned first, step; /* 00, and from one hour to the next */
    unsigned noon, midnight;
};

static const struct hour_parts at = {PROMPT_AT_00_M, 2, PROMPT_AT_NOON_M, PROMPT_AT_MIDNIGHT_M};
static const struct hour_parts from = {PROMPT_FROM_00_M, 1, PROMPT_FROM_NOON_M,
                                       PROMPT_FROM_MIDNIGHT_M};
static const struct hour_parts to = {PROMPT_TO_00_M, 2, PROMPT_TO_NOON_M, PROMPT_TO_MIDNIGHT_M};

static bool is_named(uint16_t minute)
{
    return minute % NOON == 0;
}

/* The hour within a sentence that goes on, and its minutes when it has some. */
static void add_hour(struct say_list *list, const struct hour_parts *h, uint16_t minute)
{
    if (is_named(minute)) {
        say_add(list, minute ? h->noon : h->midnight);
        return;
    }
    say_add(list, h->first + h->step * (minute / 60u));
    if (minute % 60)
        say_add(list, minutes_of(minute % 60u, false));
}

/* The same at the end of a sentence; h: of two takes. */
static void end_hour(struct say_list *list, const struct hour_parts *h, uint16_t minute)
{
    bool has_minutes = minute % 60;
    say_add(list, h->first + h->step * (minute / 60u) + !has_minutes);
    if (has_minutes)
        say_add(list, minutes_of(minute % 60u, true));
}

static void add_english_last(struct say_list *list, const struct hour_parts *h, uint16_t minute)
{
    if (minute % 60 == 0) {
        end_hour(list, h, minute); /* « at nine a.m. » is one file */
        return;
    }
    add_hour(list, h, minute);
    add_half_of_day(list, minute, true);
}

static void add(struct say_list *list, const struct hour_parts *h, const struct say_span *span,
                enum prompt_lang lang)
{
    assert(span->to < SAY_DAY_MIN);
    if (span->is_last && lang == PROMPT_EN) {
        add_english_last(list, h, span->to);
    } else if (span->is_last) {
        end_hour(list, h, span->to);
    } else {
        add_hour(list, h, span->to);
        if (lang == PROMPT_EN && !is_named(span->to))
            add_half_of_day(list, span->to, false);
    }
}

void say_at(struct say_list *list, uint16_t minute, enum prompt_lang lang, bool is_last)
{
    add(list, &at, &(struct say_span){.to = minute, .is_last = is_last}, lang);
}

void say_between(struct say_list *list, const struct say_span *span, enum prompt_lang lang)
{
    bool is_same_half = span->from / NOON == span->to / NOON;
    assert(span->from < SAY_DAY_MIN);
    add_hour(list, &from, span->from);
    if (lang == PROMPT_EN && !is_same_half && !is_named(span->from) && !is_named(span->to))
        add_half_of_day(list, span->from, false);
    add(list, &to, span, lang);
}

void say_quiet(struct say_list *list, struct say_span span, enum prompt_lang lang)
{
    span.is_last = true;
    say_add(list, PROMPT_WAIT_QUIET);
    say_between(list, &span, lang);
}

void say_expected(struct say_list *list, uint16_t minute, enum prompt_lang lang)
{
    say_add(list, PROMPT_NOBODY_EXPECTED);
    say_hour(list, minute, lang);
    say_add(list, PROMPT_NOBODY_STAY);
}
