/* cover.c — is the accessible telephone open whenever voice is? See hours.h.
 * Each span of voice is walked over the openings of the accessible hours. With one clock and one
 * calendar, a week without holidays says all; else every day of COVER_YEARS years is looked at, so
 * that each holiday has fallen on each weekday; days of exceptions in any case. Called by
 * config/ when a directory is read. Cost: 7 or 2,557 days for each pair of weeks, days of
 * exceptions; microseconds a day. */
#include "directory/day.h"
#include "directory/hours.h"

#define MINUTE_MS ((ms_t)60000)
#define COVER_YEARS_FROM 2026
#define COVER_YEARS 7

struct cover {
    const struct directory *d;
    uint64_t accessible;
    struct opening_source voice;
    struct directory_gap *gap;
};

/* One span of voice on one day. */
static bool covers_span(const struct cover *c, calendar_day day, const struct day_span *span)
{
    enum zone zone = c->voice.zone;
    ms_t at = calendar_instant(zone, day, span->from_minute);
    ms_t to_at = calendar_instant(zone, day, span->to_minute);
    while (at < to_at) {
        struct directory_opening o = directory_opening_at(c->d, c->accessible, at);
        ms_t until_at = o.until_at < to_at ? o.until_at : to_at;
        if (o.hours == HOURS_OPEN) {
            at = until_at;
            continue;
        }
        struct calendar_local to = calendar_local(zone, until_at);
        *c->gap = (struct directory_gap){.week = c->voice.week_i,
                                         .day = day,
                                         .from_minute = calendar_local(zone, at).minute,
                                         .to_minute = to.day == day ? to.minute : DAY_MINUTES};
        return false;
    }
    return true;
}

static bool covers_days(const struct cover *c, calendar_day from, calendar_day to)
{
    for (calendar_day day = from; day <= to; day++) {
        struct opening_day o = opening_day(&c->voice, day);
        for (unsigned i = 0; i < o.real.n; i++)
            if (!covers_span(c, day, &o.real.span[i]))
                return false;
    }
    return true;
}

/* Do holidays and hours come at the same instants for both? */
static bool is_one_calendar(const struct cover *c)
{
    for (uint32_t w = 0; w < c->d->weeks_n && w < DIRECTORY_PHONE_WEEKS_MAX; w++) {
        if (!(c->accessible >> w & 1))
            continue;
        struct opening_source s = opening_of_week(c->d, w);
        if (s.zone != c->voice.zone || s.holidays != c->voice.holidays ||
            s.week->is_always != c->voice.week->is_always)
            return false;
    }
    return true;
}

static bool is_exception_of(const struct cover *c, const struct directory_exception *x)
{
    bool is_of_one = x->week != DIRECTORY_NONE;
    return x->site == DIRECTORY_NONE &&
           (!is_of_one || x->week == c->voice.week_i ||
            (x->week < DIRECTORY_PHONE_WEEKS_MAX && c->accessible >> x->week & 1));
}

static bool covers_exceptions(const struct cover *c)
{
    for (uint32_t i = 0; i < c->d->exceptions_n; i++) {
        const struct directory_exception *x = &c->d->exceptions[i];
        if (is_exception_of(c, x) && !covers_days(c, x->day, x->until_day))
            return false;
    }
    return true;
}

static bool covers(const struct cover *c)
{
    calendar_day from = 0, to = 0;
    bool is_day = calendar_day_of(&from, COVER_YEARS_FROM, 1, 12); /* a Monday; no holiday soon */
    assert(is_day && !calendar_weekday(from));
    if (!covers_days(c, from, from + WEEK_DAYS - 1)) {
        c->gap->is_weekly = true;
        return false;
    }
    is_day = calendar_day_of(&to, COVER_YEARS_FROM + COVER_YEARS, 1, 1);
    assert(is_day);
    if (!is_one_calendar(c) && !covers_days(c, from, to))
        return false;
    return covers_exceptions(c);
}

bool directory_hours_cover(struct directory_gap *gap, const struct directory *d, uint64_t voice,
                           uint64_t accessible)
{
    for (uint32_t w = 0; w < d->weeks_n && w < DIRECTORY_PHONE_WEEKS_MAX; w++) {
        if (!(voice >> w & 1) || accessible >> w & 1)
            continue; /* the same hours cover themselves */
        const struct cover c = {
            .d = d, .accessible = accessible, .voice = opening_of_week(d, w), .gap = gap};
        if (!covers(&c))
            return false;
    }
    return true;
}
