/* callback.c — see callback.h. Cost: a prompt a digit at most.
 * A French number is told as it is dialled: +33 is read 0 (voice-script §10). */
#include "say/callback.h"
#include "say/reference.h"

#define NATIONAL_DIGITS 10
#define PAIR_BEFORE_PAUSE 1 /* 700 ms after the second pair */
#define DAYS_NAMED 6

static_assert(PROMPT_SLOT_DAY_7 - PROMPT_SLOT_DAY_1 == 6, "days stand side by side");
static_assert(PROMPT_SLOT_KEY_2 - PROMPT_SLOT_KEY_1 == 1, "keys stand side by side");
static_assert(PROMPT_DIGIT_9_F - PROMPT_DIGIT_0_M == 19, "digits, .m then .f");
static_assert(PROMPT_PAIR_99_F - PROMPT_PAIR_00_M == 199, "pairs, .m then .f");

/* ---- numbers ---- */

struct digits {
    char d[SAY_NUMBER_DIGITS_MAX + 1];
    unsigned n;
    bool is_foreign;
};

static bool read_digits(struct digits *out, struct text number)
{
    static const struct text france = {"+33", 3};
    bool has_plus = number.n && number.p[0] == '+';
    bool is_french = has_plus && number.n >= france.n && text_starts_fold(number, france);
    *out = (struct digits){.is_foreign = has_plus && !is_french};
    if (is_french)
        out->d[out->n++] = '0';
    struct text rest = text_after(number, is_french ? france.n : has_plus);
    if (!rest.n || rest.n > SAY_NUMBER_DIGITS_MAX - out->n)
        return false;
    for (size_t i = 0; i < rest.n; i++) {
        if (rest.p[i] < '0' || rest.p[i] > '9')
            return false;
        out->d[out->n++] = rest.p[i];
    }
    return true;
}

static void add_pairs(struct say_list *list, const struct digits *number)
{
    for (unsigned i = 0; i < number->n / 2; i++) {
        unsigned pair =
            (unsigned)(number->d[2 * i] - '0') * 10 + (unsigned)(number->d[2 * i + 1] - '0');
        say_add(list, PROMPT_PAIR_00_M + 2 * pair + (2 * i + 2 == number->n));
        if (i == PAIR_BEFORE_PAUSE)
            say_add(list, PROMPT_PAUSE_350);
    }
}

bool say_number(struct say_list *list, struct text number, enum say_pace pace)
{
    struct digits digits;
    if (!read_digits(&digits, number))
        return false;
    if (pace == SAY_PAIRS && !digits.is_foreign && digits.n == NATIONAL_DIGITS) {
        add_pairs(list, &digits);
        return true;
    }
    if (digits.is_foreign)
        say_add(list, PROMPT_DIGIT_PLUS_M);
    for (unsigned i = 0; i < digits.n; i++)
        say_add(list, PROMPT_DIGIT_0_M + 2 * (unsigned)(digits.d[i] - '0') + (i + 1 == digits.n));
    return true;
}

/* The carrier comes first, and goes away again when there is no number behind it. */
static bool add_carried(struct say_list *list, enum prompt_id carrier, struct text number,
                        enum say_pace pace)
{
    say_add(list, carrier);
    if (say_number(list, number, pace))
        return true;
    list->n--;
    return false;
}

bool say_callback_number(struct say_list *list, struct text number, enum say_pace pace)
{
    if (!add_carried(list, PROMPT_CB_NUMBER, number, pace))
        return false;
    say_add(list, PROMPT_CB_NUMBER_OK);
    return true;
}

bool say_callback_from(struct say_list *list, struct text number, enum say_pace pace)
{
    return add_carried(list, PROMPT_CB_DONE_FROM, number, pace);
}

/* ---- times ---- */

static unsigned days_ahead(const struct say_slots *page, unsigned i)
{
    calendar_day days = page->slots[i].day - page->today;
    assert(days >= 0 && days <= DAYS_NAMED);
    return (unsigned)days;
}

static void add_slot(struct say_list *list, const struct say_slots *page, unsigned i,
                     enum prompt_lang lang)
{
    const struct say_slot *slot = &page->slots[i];
    const struct say_span span = {slot->from, slot->to, false};
    unsigned days = days_ahead(page, i);
    if (days < 2)
        say_add(list, days ? PROMPT_SLOT_TOMORROW : PROMPT_SLOT_TODAY);
    else
        say_add(list, PROMPT_SLOT_DAY_1 + calendar_weekday(slot->day));
    say_between(list, &span, lang);
    say_add(list, PROMPT_SLOT_KEY_1 + i);
}

void say_slots(struct say_list *list, const struct say_slots *page, enum prompt_lang lang)
{
    assert(page->n >= 1 && page->n <= SAY_SLOTS_MAX);
    for (unsigned i = 0; i < page->n; i++)
        add_slot(list, page, i, lang);
    say_add(list, PROMPT_CB_SLOTS);
}

void say_slot_done(struct say_list *list, const struct say_slots *page, enum prompt_lang lang)
{
    const struct say_slot *slot = &page->slots[0];
    const struct say_span span = {slot->from, slot->to, true};
    unsigned days = days_ahead(page, 0);
    if (days < 2) {
        say_add(list, days ? PROMPT_CB_DONE_SLOT_TOMORROW : PROMPT_CB_DONE_SLOT_TODAY);
    } else {
        say_add(list, PROMPT_CB_DONE_SLOT);
        say_add(list, PROMPT_DAY_1_M + calendar_weekday(slot->day));
    }
    say_between(list, &span, lang);
    say_add(list, PROMPT_CB_HANG_UP);
}

/* Whom we call also waits for a share of the agents, and for one to call: at 130 % of the load one
 * in six would be called later than the band of the line (docs/callback-policy.md). */
enum band say_asap_band(enum band band)
{
    static const enum band further[BAND_N] = {
        [BAND_SILENT] = BAND_SILENT,   [BAND_B0_2] = BAND_B2_5,     [BAND_B2_5] = BAND_B5_10,
        [BAND_B5_10] = BAND_B10_20,    [BAND_B10_15] = BAND_B15_30, [BAND_B10_20] = BAND_B15_30,
        [BAND_B15_30] = BAND_B30_60,   [BAND_B30_60] = BAND_B60,    [BAND_B60] = BAND_B60,
        [BAND_UNKNOWN] = BAND_UNKNOWN,
    };
    assert(band < BAND_N);
    return further[band];
}

enum prompt_id say_asap_done(enum band band)
{
    static const enum prompt_id prompts[BAND_N] = {
        [BAND_SILENT] = PROMPT_CB_DONE_ASAP_TODAY, [BAND_B0_2] = PROMPT_CB_DONE_ASAP_0_2,
        [BAND_B2_5] = PROMPT_CB_DONE_ASAP_2_5,     [BAND_B5_10] = PROMPT_CB_DONE_ASAP_5_10,
        [BAND_B10_15] = PROMPT_CB_DONE_ASAP_10_15, [BAND_B10_20] = PROMPT_CB_DONE_ASAP_10_20,
        [BAND_B15_30] = PROMPT_CB_DONE_ASAP_15_30, [BAND_B30_60] = PROMPT_CB_DONE_ASAP_30_60,
        [BAND_B60] = PROMPT_CB_DONE_ASAP_60,       [BAND_UNKNOWN] = PROMPT_CB_DONE_ASAP_TODAY,
    };
    return prompts[say_asap_band(band)];
}

void say_callback_reference(struct say_list *list, uint32_t reference)
{
    say_add(list, PROMPT_CB_REF);
    say_reference_pairs(list, reference);
    say_add(list, PROMPT_PAUSE_550);
    say_reference_digits(list, reference);
}
