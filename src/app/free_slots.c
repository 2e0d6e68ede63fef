/* free_slots.c — see free_slots.h. Invariant: what is free lies wholly within the hours of the
 * queue and those in which a machine dials, and begins late enough to be told. */
#include "app/free_slots.h"
#include "directory/hours.h"

void free_slots_of(struct free_slots *of, const struct directory *d, uint32_t queue_id)
{
    uint32_t i = directory_service_find(d, queue_id);
    of->directory = d;
    of->queue_id = queue_id;
    of->weeks = i == DIRECTORY_NONE ? 0 : d->services[i].weeks;
    of->zone = directory_clock_of(d, of->weeks).zone;
}

static bool dials_at(const struct free_slots *of, unsigned minute)
{
    return minute >= of->dials_from && minute < of->dials_until;
}

/* A half hour of the clock, on one of the days that are sold. */
static bool begins_at(const struct free_slots *of, ms_t at, unsigned *minute)
{
    struct calendar_local when = calendar_local(of->zone, at);
    calendar_day today = calendar_local(of->zone, of->wall_at).day;
    *minute = when.minute;
    return when.minute % FREE_SLOT_MINUTES == 0 && when.day < today + (calendar_day)FREE_DAYS_N &&
           calendar_instant(of->zone, when.day, when.minute) == at;
}

bool free_slots_is(const struct free_slots *of, ms_t at)
{
    unsigned minute;
    if (at < of->wall_at + FREE_LEAD_MS || !begins_at(of, at, &minute) ||
        of->sold_n(of->arg, of->queue_id, at) >= of->each_max)
        return false;
    if (minute >= FREE_LAST_MINUTE || !dials_at(of, minute) ||
        !dials_at(of, minute + FREE_SLOT_MINUTES - 1) ||
        directory_hours_at(of->directory, of->weeks, at) != HOURS_OPEN)
        return false;
    return directory_opening_at(of->directory, of->weeks, at).until_at >= at + SLOT_MS;
}

unsigned free_slots_day(const struct free_slots *of, const struct free_between *when,
                        ms_t out[FREE_DAY_MAX])
{
    calendar_day day = calendar_local(of->zone, of->wall_at).day + (calendar_day)when->ahead;
    unsigned n = 0;
    for (unsigned m = when->from; m < when->until && n < FREE_DAY_MAX; m += FREE_SLOT_MINUTES) {
        ms_t at = calendar_instant(of->zone, day, m);
        if (free_slots_is(of, at))
            out[n++] = at;
    }
    return n;
}
