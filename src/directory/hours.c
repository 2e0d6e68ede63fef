/* hours.c — see hours.h.
 * The next change is found by walking from one border of a span to the next; each kind of hours has
 * its own cursor, because each may have its own clock. Called once per queue and change. Cost:
 * kinds of hours × spans a border, days of one kind that never opens: HOURS_LOOK_DAYS. */
#include "directory/day.h"
#include "directory/hours.h"

/* Several kinds of hours that are open together. */
struct union_of {
    struct opening_source source[DIRECTORY_PHONE_WEEKS_MAX];
    ms_t border_at[DIRECTORY_PHONE_WEEKS_MAX]; /* cursors of opening_from() */
    unsigned n;
};

static void take_weeks(struct union_of *u, const struct directory *d, uint64_t weeks)
{
    u->n = 0;
    for (uint32_t w = 0; w < d->weeks_n && w < DIRECTORY_PHONE_WEEKS_MAX; w++)
        if (weeks >> w & 1)
            u->source[u->n++] = opening_of_week(d, w);
}

static void take_site(struct union_of *u, const struct directory *d, uint32_t site)
{
    u->n = d->sites[site].week == DIRECTORY_NONE ? 0 : 1;
    if (u->n)
        u->source[0] = opening_of_site(d, site);
}

static bool is_within(const struct day_hours *h, unsigned minute)
{
    for (unsigned i = 0; i < h->n; i++)
        if (minute >= h->span[i].from_minute && minute < h->span[i].to_minute)
            return true;
    return false;
}

static enum hours hours_at(const struct union_of *u, ms_t at)
{
    enum hours best = HOURS_CLOSED_PUBLISHED;
    for (unsigned i = 0; i < u->n; i++) {
        struct calendar_local now = calendar_local(u->source[i].zone, at);
        struct opening_day o = opening_day(&u->source[i], now.day);
        if (is_within(&o.real, now.minute))
            return HOURS_OPEN;
        if (is_within(&o.known, now.minute))
            best = HOURS_CLOSED_BY_PERSON;
    }
    return best;
}

/* The first border of these spans of a day after an instant. */
static ms_t border_of(const struct day_hours *h, calendar_day day, enum zone zone, ms_t after_at)
{
    ms_t best_at = MS_NEVER;
    for (unsigned i = 0; i < h->n; i++) {
        const unsigned borders[] = {h->span[i].from_minute, h->span[i].to_minute};
        for (unsigned b = 0; b < ARRAY_LEN(borders); b++) {
            ms_t at = calendar_instant(zone, day, borders[b]);
            if (at > after_at && at < best_at)
                best_at = at;
        }
    }
    return best_at;
}

/* The first instant after another at which a span of this kind begins or ends; at most until a day
 * of its own calendar. */
static ms_t next_border(const struct opening_source *s, ms_t after_at, ms_t until_at)
{
    calendar_day last = calendar_local(s->zone, until_at).day;
    for (calendar_day day = calendar_local(s->zone, after_at).day; day <= last; day++) {
        struct opening_day o = opening_day(s, day);
        ms_t known_at = border_of(&o.known, day, s->zone, after_at);
        ms_t real_at = border_of(&o.real, day, s->zone, after_at);
        if (known_at != MS_NEVER || real_at != MS_NEVER)
            return known_at < real_at ? known_at : real_at;
    }
    return MS_NEVER;
}

static unsigned earliest(const struct union_of *u)
{
    unsigned first = 0;
    for (unsigned i = 1; i < u->n; i++)
        if (u->border_at[i] < u->border_at[first])
            first = i;
    return first;
}

static struct directory_opening opening_from(struct union_of *u, ms_t at)
{
    struct directory_opening o = {hours_at(u, at), MS_NEVER};
    ms_t until_at = at + (ms_t)HOURS_LOOK_DAYS * DAY_MINUTES * 60000;
    for (unsigned i = 0; i < u->n; i++)
        u->border_at[i] = next_border(&u->source[i], at, until_at);
    while (u->n) {
        unsigned i = earliest(u);
        ms_t border_at = u->border_at[i];
        if (border_at == MS_NEVER)
            break;
        if (hours_at(u, border_at) != o.hours) {
            o.until_at = border_at;
            break;
        }
        u->border_at[i] = next_border(&u->source[i], border_at, until_at);
    }
    return o;
}

static ms_t opens_from(struct union_of *u, ms_t at)
{
    /* closed by a person, then by the published hours, then open: three states a change */
    for (unsigned i = 0; i < 2 * HOURS_LOOK_DAYS; i++) {
        struct directory_opening o = opening_from(u, at);
        if (o.hours == HOURS_OPEN || o.until_at == MS_NEVER)
            return o.hours == HOURS_OPEN ? at : MS_NEVER;
        at = o.until_at;
    }
    return MS_NEVER;
}

enum hours directory_hours_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    struct union_of u;
    take_weeks(&u, d, weeks);
    return hours_at(&u, at);
}

struct directory_opening directory_opening_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    struct union_of u;
    take_weeks(&u, d, weeks);
    return opening_from(&u, at);
}

ms_t directory_opens_at(const struct directory *d, uint64_t weeks, ms_t at)
{
    struct union_of u;
    take_weeks(&u, d, weeks);
    return opens_from(&u, at);
}

struct directory_opening directory_site_opening_at(const struct directory *d, uint32_t site,
                                                   ms_t at)
{
    struct union_of u;
    take_site(&u, d, site);
    return opening_from(&u, at);
}

ms_t directory_site_opens_at(const struct directory *d, uint32_t site, ms_t at)
{
    struct union_of u;
    take_site(&u, d, site);
    return opens_from(&u, at);
}

struct directory_clock directory_clock_of(const struct directory *d, uint64_t weeks)
{
    uint32_t week = weeks ? (uint32_t)__builtin_ctzll(weeks) : DIRECTORY_NONE;
    const struct directory_clock none = {0};
    return opening_clock(d, week < d->weeks_n ? &d->weeks[week].clock : &none);
}
