/* site.c — where a site is on a day, and where one may go next: for what travels (a bus, a
 * permanence held in a town hall) as for what does not. See hours.h. Called by the pages and the
 * menu, later. Cost: one day of hours a day that is looked at. */
#include "directory/day.h"
#include "directory/hours.h"

static const char *place_of(const struct directory *d, unsigned place)
{
    return place ? d->places[place - 1] : "";
}

unsigned directory_site_stops(struct directory_stop out[DAY_SPANS_MAX], const struct directory *d,
                              uint32_t site, calendar_day day)
{
    if (d->sites[site].week == DIRECTORY_NONE)
        return 0;
    struct opening_source s = opening_of_site(d, site);
    struct opening_day o = opening_day(&s, day);
    for (unsigned i = 0; i < o.real.n; i++)
        out[i] = (struct directory_stop){
            .place = place_of(d, o.stops.place[i]),
            .from_at = calendar_instant(s.zone, day, o.real.span[i].from_minute),
            .to_at = calendar_instant(s.zone, day, o.real.span[i].to_minute)};
    return o.real.n;
}

calendar_day directory_site_day(const struct directory *d, uint32_t site, ms_t at)
{
    return calendar_local(opening_clock(d, &d->sites[site].clock).zone, at).day;
}

bool directory_site_next_stop(struct directory_stop *out, const struct directory *d, uint32_t site,
                              ms_t at)
{
    calendar_day today = directory_site_day(d, site, at);
    for (calendar_day day = today; day <= today + HOURS_LOOK_DAYS; day++) {
        struct directory_stop stops[DAY_SPANS_MAX];
        unsigned n = directory_site_stops(stops, d, site, day);
        for (unsigned i = 0; i < n; i++)
            if (stops[i].to_at > at) {
                *out = stops[i];
                return true;
            }
    }
    return false;
}
