/* hours.c — see hours.h.
 * A day's spans are those of its weekday, less holidays and published exceptions (what people could
 * know), less the other exceptions (what is). The next change is found by walking from one border
 * of a span to the next. Called once per queue and change. Cost: kinds of hours × spans a border.
 */
#include "directory/hours.h"

/* The spans of one kind of hours on one day. */
struct spans {
    struct day_hours known, real;
};

static void cut(struct day_hours *h, unsigned close_minute)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->n; i++) {
        if (h->span[i].from_minute >= close_minute)
            continue;
        h->span[n] = h->span[i];
        if (h->span[n].to_minute > close_minute)
            h->span[n].to_minute = (uint16_t)close_minute;
        n++;
    }
    h->n = (uint8_t)n;
}

static struct spans spans_of(const struct directory *d, unsigned week, calendar_day day)
{
    const struct directory_week *w = &d->weeks[week];
    struct spans s = {.known = w->day[calendar_weekday(day)]};
    if (!w->is_always && calendar_is_holiday(d->organisation.holidays, day))
        s.known.n = 0;
    s.real = s.known;
    for (uint32_t i = 0; i < d->exceptions_n; i++) {
        const struct directory_exception *x = &d->exceptions[i];
        if (x->day != day || !(x->weeks >> week & 1))
            continue;
        cut(&s.real, x->close_minute);
        if (x->is_published)
            cut(&s.known, x->close_minute);
    }
    return s;
}

static bool is_within(const struct day_hours *h, unsigned minute)
{
    for (unsigned i = 0; i < h->n; i++)
        if (minute >= h->span[i].from_minute && minute < h->span[i].to_minute)
            return true;
    return false;
}

enum hours directory_hours_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    struct calendar_local now = calendar_local(d->organisation.zone, at);
    enum hours best = HOURS_CLOSED_PUBLISHED;
    for (unsigned w = 0; w < d->weeks_n; w++) {
        if (!(weeks >> w & 1))
            continue;
        struct spans s = spans_of(d, w, now.day);
        if (is_within(&s.real, now.minute))
            return HOURS_OPEN;
        if (is_within(&s.known, now.minute))
            best = HOURS_CLOSED_BY_PERSON;
    }
    return best;
}

static int border_of(const struct day_hours *h, int after_minute, int best)
{
    for (unsigned i = 0; i < h->n; i++) {
        const int borders[] = {h->span[i].from_minute, h->span[i].to_minute};
        for (unsigned b = 0; b < ARRAY_LEN(borders); b++)
            if (borders[b] > after_minute && (best < 0 || borders[b] < best))
                best = borders[b];
    }
    return best;
}

/* The first minute of this day after after_minute at which some span begins or ends; −1: none. */
static int next_border(const struct directory *d, uint64_t weeks, calendar_day day,
                       int after_minute)
{
    int best = -1;
    for (unsigned w = 0; w < d->weeks_n; w++) {
        if (!(weeks >> w & 1))
            continue;
        struct spans s = spans_of(d, w, day);
        best = border_of(&s.known, after_minute, best);
        best = border_of(&s.real, after_minute, best);
    }
    return best;
}

struct directory_opening directory_opening_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    struct directory_opening o = {directory_hours_at(d, weeks, at), MS_NEVER};
    enum zone zone = d->organisation.zone;
    struct calendar_local now = calendar_local(zone, at);
    int minute = -1;
    for (calendar_day day = now.day; day <= now.day + HOURS_LOOK_DAYS;) {
        minute = next_border(d, weeks, day, minute);
        if (minute < 0) {
            day++;
            continue;
        }
        ms_t border_at = calendar_instant(zone, day, (unsigned)minute);
        if (border_at > at && directory_hours_at(d, weeks, border_at) != o.hours) {
            o.until_at = border_at;
            return o;
        }
    }
    return o;
}

ms_t directory_opens_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    /* closed by a person, then by the published hours, then open: three states a change */
    for (unsigned i = 0; i < 2 * HOURS_LOOK_DAYS; i++) {
        struct directory_opening o = directory_opening_at(d, weeks, at);
        if (o.hours == HOURS_OPEN || o.until_at == MS_NEVER)
            return o.hours == HOURS_OPEN ? at : MS_NEVER;
        at = o.until_at;
    }
    return MS_NEVER;
}
