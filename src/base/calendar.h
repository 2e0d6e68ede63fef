/* calendar.h — days, weekdays, time zones and public holidays, all by rule: no file, no system
 * zone. Called by directory/hours, config and app (opening hours are local). Pure arithmetic. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/civil.h"
#include "base/week.h"

/* A civil day: days since 1970-01-01. Years 1 … 9999. */
typedef int32_t calendar_day;

/* False: there is no such day (30 February, month 13). */
bool calendar_day_of(calendar_day *out, int32_t year, unsigned month, unsigned day);
/* Year, month and day; the hour is midnight. */
struct civil calendar_date(calendar_day day);
/* 0 is Monday. */
unsigned calendar_weekday(calendar_day day);

/* The zones of French territory whose rule is simple; Europe/Paris by directive 2000/84/EC: one
 * hour later from the last Sunday of March to the last of October, each at 01:00 UTC. */
enum zone {
    ZONE_UTC,
    ZONE_EUROPE_PARIS,
    ZONE_AMERICA_GUADELOUPE,
    ZONE_AMERICA_MARTINIQUE,
    ZONE_AMERICA_CAYENNE,
    ZONE_INDIAN_REUNION,
    ZONE_INDIAN_MAYOTTE,
    ZONE_PACIFIC_NOUMEA,
    ZONE_PACIFIC_TAHITI,
    ZONE_PACIFIC_WALLIS,
    ZONE_N
};

/* "Europe/Paris". */
const char *calendar_zone_name(enum zone zone);

/* What a clock on the wall shows. */
struct calendar_local {
    calendar_day day;
    uint16_t minute; /* of the day */
};

ms_t calendar_offset_ms(enum zone zone, ms_t at);
struct calendar_local calendar_local(enum zone zone, ms_t at);
/* The instant at which the wall shows this minute (24:00 is the next day's first). A minute that is
 * skipped in spring is the instant of the change; one that comes twice in autumn is the first. */
ms_t calendar_instant(enum zone zone, calendar_day day, unsigned minute);

/* Code du travail L3133-1; in Alsace and Moselle also L3134-13. */
enum holidays { HOLIDAYS_NONE, HOLIDAYS_METROPOLE, HOLIDAYS_ALSACE_MOSELLE, HOLIDAYS_N };

bool calendar_is_holiday(enum holidays holidays, calendar_day day);
/* Easter Sunday of a Gregorian year. */
calendar_day calendar_easter(int32_t year);

#endif
