/* result.c — see result.h. Cost: a few prompts. */
#include "say/result.h"

#define DAYS_NAMED 6 /* so far back the name of a weekday means one day only */

static_assert(PROMPT_MINUTES_60_F - PROMPT_MINUTES_1_F == 59, "minutes stand side by side");
static_assert(PROMPT_PERCENT_100_F - PROMPT_PERCENT_0_F == 100, "percentages stand side by side");
static_assert(PROMPT_COUNT_99_M - PROMPT_COUNT_0_M == 99, "counts stand side by side");
static_assert(PROMPT_DECIMAL_9_F - PROMPT_DECIMAL_0_F == 9, "decimals stand side by side");

/* ---- agents ---- */

static unsigned minutes_of(uint32_t waited_min)
{
    return waited_min > SAY_MINUTES_MAX ? PROMPT_MINUTES_MORE_F
                                        : PROMPT_MINUTES_1_F + waited_min - 1;
}

void say_whisper(struct say_list *list, const struct say_whisper *whisper)
{
    if (whisper->about != PROMPT_NONE)
        say_add(list, whisper->about);
    if (whisper->waited_min && whisper->wants_key)
        say_add(list, PROMPT_AGENT_WHISPER);
    if (whisper->waited_min)
        say_add(list, minutes_of(whisper->waited_min));
    if (whisper->wants_key)
        say_add(list, PROMPT_AGENT_WHISPER_ANSWER);
}

void say_callback_whisper(struct say_list *list, const struct say_whisper *whisper,
                          unsigned attempt)
{
    struct say_whisper mine = *whisper;
    say_add(list, PROMPT_CB_WHISPER);
    mine.wants_key = true; /* « attend depuis » */
    say_whisper(list, &mine);
    list->n--;
    if (attempt > 1)
        say_add(list, attempt == 2 ? PROMPT_CB_TRY_2 : PROMPT_CB_TRY_3);
    if (whisper->wants_key)
        say_add(list, PROMPT_AGENT_WHISPER_ANSWER);
}

void say_missed(struct say_list *list, uint16_t minute, enum prompt_lang lang)
{
    say_add(list, PROMPT_AGENT_MISSED);
    say_at(list, minute, lang, true);
    say_add(list, PROMPT_AGENT_MISSED_RESUME);
}

/* ---- how a call was counted ---- */

static void add_date(struct say_list *list, calendar_day day)
{
    struct civil date = calendar_date(day);
    say_add(list, PROMPT_VERIFY_CALL_DATE);
    say_add(list, PROMPT_WEEKDAY_1_M + calendar_weekday(day));
    say_add(list, PROMPT_DATE_1_M + date.day - 1u);
    say_add(list, PROMPT_MONTH_1_M + date.month - 1u);
}

static void add_day(struct say_list *list, const struct say_call *call)
{
    calendar_day ago = call->today - call->day;
    assert(ago >= 0);
    if (ago == 0) {
        say_add(list, PROMPT_VERIFY_CALL_TODAY);
    } else if (ago == 1) {
        say_add(list, PROMPT_VERIFY_CALL_YESTERDAY);
    } else if (ago <= DAYS_NAMED) {
        say_add(list, PROMPT_VERIFY_CALL);
        say_add(list, PROMPT_DAY_1_M + calendar_weekday(call->day));
    } else {
        add_date(list, call->day);
    }
}

bool say_counted(struct say_list *list, const struct say_call *call, enum prompt_lang lang)
{
    static const enum prompt_id ends[OUTCOME_N] = {
        [OUTCOME_ANSWERED] = PROMPT_VERIFY_ANSWERED,
        [OUTCOME_CALLBACK_HONOURED] = PROMPT_VERIFY_ANSWERED,
        [OUTCOME_CALLBACK_FAILED] = PROMPT_VERIFY_REFUSED_CALLBACK_FAILED,
        [OUTCOME_ABANDONED] = PROMPT_VERIFY_ABANDONED,
        [OUTCOME_TURNED_AWAY] = PROMPT_VERIFY_REFUSED_TURNED_AWAY,
        [OUTCOME_CUT_OFF] = PROMPT_VERIFY_REFUSED_CUT_OFF,
        [OUTCOME_IVR_RESOLVED] = PROMPT_VERIFY_OUT_MENU,
        [OUTCOME_IVR_ABANDONED] = PROMPT_VERIFY_OUT_MENU,
        [OUTCOME_OUT_OF_HOURS] = PROMPT_VERIFY_OUT_CLOSED,
    };
    assert(call->outcome < OUTCOME_N);
    if (!ends[call->outcome])
        return false;
    add_day(list, call);
    say_at(list, call->minute, lang, false);
    say_add(list, ends[call->outcome]);
    return true;
}

void say_percent(struct say_list *list, uint32_t permille)
{
    assert(permille <= SAY_PERMILLE_MAX);
    if (permille % 10 == 0) {
        say_add(list, PROMPT_PERCENT_0_F + permille / 10);
        return;
    }
    say_add(list, PROMPT_COUNT_0_M + permille / 10);
    say_add(list, PROMPT_DECIMAL_0_F + permille % 10);
}

/* The number comes last: its voice is held up, which is heard as unfinished, not as wrong. */
static void say_jitter(struct say_list *list, uint32_t jitter_ms)
{
    if (jitter_ms > SAY_JITTER_MS_MAX) {
        say_add(list, PROMPT_ECHO_JITTER_MORE);
        return;
    }
    say_add(list, PROMPT_ECHO_JITTER);
    say_add(list, PROMPT_COUNT_0_M + jitter_ms);
}

void say_echo(struct say_list *list, const struct say_echo *echo)
{
    uint64_t sent_n = (uint64_t)echo->heard_n + echo->lost_n;
    if (!echo->heard_n) {
        say_add(list, PROMPT_ECHO_NOTHING);
        return;
    }
    uint32_t lost = (uint32_t)((echo->lost_n * (uint64_t)SAY_PERMILLE_MAX + sent_n / 2) / sent_n);
    say_add(list, PROMPT_ECHO_LOSS);
    say_percent(list, lost);
    say_jitter(list, echo->jitter_ms);
}
