/* zones.c — what base/calendar says of every zone, to be compared with the tz database by zones.py:
 * each change of the offset from 2007 to 2037, "ZONE SECONDS MINUTES", and instants of walls around
 * them, "wall ZONE DAY MINUTE SECONDS". */
#include <stdio.h>

#include "base/calendar.h"

#define HALF_HOUR_MS ((ms_t)1800000)

static void around(enum zone zone, ms_t at)
{
    struct calendar_local l = calendar_local(zone, at);
    for (int minute = 0; minute <= DAY_MINUTES; minute += 15)
        printf("wall %s %d %d %lld\n", calendar_zone_name(zone), l.day, minute,
               (long long)(calendar_instant(zone, l.day, (unsigned)minute) / 1000));
}

int main(void)
{
    calendar_day first = 0, last = 0;
    if (!calendar_day_of(&first, 2007, 1, 1) || !calendar_day_of(&last, 2038, 1, 1))
        return 1;
    for (enum zone z = 0; z < ZONE_N; z++) {
        ms_t before_ms = INT64_MIN;
        for (ms_t at = (ms_t)first * 86400000; at < (ms_t)last * 86400000; at += HALF_HOUR_MS) {
            ms_t offset_ms = calendar_offset_ms(z, at);
            if (offset_ms == before_ms)
                continue;
            before_ms = offset_ms;
            printf("%s %lld %lld\n", calendar_zone_name(z), (long long)(at / 1000),
                   (long long)(offset_ms / 60000));
            around(z, at);
        }
    }
    return 0;
}
