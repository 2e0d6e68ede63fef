/* day.c — see day.h.
 * A day's spans are those of its weekday, less holidays and published exceptions (what people could
 * know), and less or more all exceptions (what is). Cost: the exceptions of no site, and of this
 * one, that begin up to that day.
 * Invariant: exceptions of one day apply as the file says them, those of the site last. */
#include "directory/day.h"

struct directory_clock opening_clock(const struct directory *d, const struct directory_clock *clock)
{
    const struct directory_organisation *o = &d->organisation;
    if (clock->is_own)
        return *clock;
    return (struct directory_clock){.zone = o->zone, .holidays = o->holidays};
}

static struct opening_source source_of(const struct directory *d, uint32_t week,
                                       const struct directory_clock *clock)
{
    struct directory_clock c = opening_clock(d, clock);
    return (struct opening_source){.d = d,
                                   .week = &d->weeks[week],
                                   .week_i = week,
                                   .site_i = DIRECTORY_NONE,
                                   .zone = c.zone,
                                   .holidays = c.holidays};
}

struct opening_source opening_of_week(const struct directory *d, uint32_t week)
{
    return source_of(d, week, &d->weeks[week].clock);
}

struct opening_source opening_of_site(const struct directory *d, uint32_t site)
{
    struct opening_source s = source_of(d, d->sites[site].week, &d->sites[site].clock);
    s.site_i = site;
    return s;
}

bool opening_is_touched(const struct opening_source *source, const struct directory_exception *x)
{
    if (x->week != DIRECTORY_NONE)
        return x->week == source->week_i;
    if (x->site != DIRECTORY_NONE)
        return x->site == source->site_i;
    return !source->week->is_always;
}

/* Leaves what lies before a minute; stops follow their spans (NULL: nobody asks). */
static void cut(struct day_hours *h, struct directory_stops *stops, unsigned close_minute)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->n; i++) {
        if (h->span[i].from_minute >= close_minute)
            continue;
        h->span[n] = h->span[i];
        if (stops)
            stops->place[n] = stops->place[i];
        if (h->span[n].to_minute > close_minute)
            h->span[n].to_minute = (uint16_t)close_minute;
        n++;
    }
    h->n = (uint8_t)n;
}

static void apply(struct day_hours *h, struct directory_stops *stops,
                  const struct directory_exception *x)
{
    if (!x->is_opening) {
        cut(h, stops, x->close_minute);
        return;
    }
    *h = x->open;
    if (stops)
        *stops = x->stops;
}

/* The first exception of a site or of one behind it; DIRECTORY_NONE: of no site. */
static uint32_t exceptions_of(const struct directory *d, uint32_t site)
{
    uint32_t from = 0, to = site == DIRECTORY_NONE ? 0 : d->exceptions_n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2, other = d->exceptions[middle].site;
        if (other == DIRECTORY_NONE || other < site)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static void apply_all(struct opening_day *o, const struct opening_source *source, uint32_t site,
                      calendar_day day)
{
    const struct directory *d = source->d;
    for (uint32_t i = exceptions_of(d, site); i < d->exceptions_n; i++) {
        const struct directory_exception *x = &d->exceptions[i];
        if (x->site != site || x->day > day)
            break;
        if (x->until_day < day || !opening_is_touched(source, x))
            continue;
        apply(&o->real, &o->stops, x);
        if (x->is_published)
            apply(&o->known, NULL, x);
    }
}

struct opening_day opening_day(const struct opening_source *source, calendar_day day)
{
    unsigned weekday = calendar_weekday(day);
    struct opening_day o = {.known = source->week->day[weekday],
                            .stops = source->week->stops[weekday]};
    if (!source->week->is_always && calendar_is_holiday(source->holidays, day))
        o.known.n = 0;
    o.real = o.known;
    apply_all(&o, source, DIRECTORY_NONE, day);
    if (source->site_i != DIRECTORY_NONE)
        apply_all(&o, source, source->site_i, day);
    return o;
}
