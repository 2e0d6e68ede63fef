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

/* The zones of French territory, by their names in the tz database; what happened before 2007 is
 * not known here (a test compares with that database from then on). Summer in Paris: directive
 * 2000/84/EC, one hour later from the last Sunday of March to the last of October, each at 01:00
 * UTC. In Saint-Pierre-et-Miquelon: as its neighbours, from the second Sunday of March to the first
 * of November, each at 02:00 on the wall. The others have none. The order is that of words in
 * config/directory_words.c; new ones at the end. */
enum zone {
    ZONE_UTC,
    ZONE_EUROPE_PARIS,
    ZONE_AMERICA_GUADELOUPE,
    ZONE_AMERICA_MARTINIQUE,
    ZONE_AMERICA_CAYENNE,
    ZONE_INDIAN_REUNION,
    ZONE_INDIAN_MAYOTTE,
    ZONE_PACIFIC_NOUMEA,
    ZONE_PACIFIC_TAHITI, /* the Society, Tuamotu and Austral islands */
    ZONE_PACIFIC_WALLIS,
    ZONE_AMERICA_ST_BARTHELEMY,
    ZONE_AMERICA_MARIGOT, /* Saint-Martin */
    ZONE_AMERICA_MIQUELON,
    ZONE_PACIFIC_MARQUESAS,
    ZONE_PACIFIC_GAMBIER,
    ZONE_INDIAN_KERGUELEN, /* the districts of the TAAF but Crozet (Reunion's) and Adélie land */
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

/* Public holidays, by territory; the texts stand in holiday.c. */
enum holidays {
    HOLIDAYS_NONE,
    HOLIDAYS_METROPOLE, /* also Saint-Pierre-et-Miquelon and the TAAF */
    HOLIDAYS_ALSACE_MOSELLE,
    HOLIDAYS_ALSACE_MOSELLE_WITHOUT_TEMPLE, /* communes where Good Friday is a day like others */
    HOLIDAYS_GUADELOUPE,
    HOLIDAYS_MARTINIQUE,
    HOLIDAYS_GUYANE,
    HOLIDAYS_REUNION,
    HOLIDAYS_MAYOTTE,
    HOLIDAYS_SAINT_MARTIN,
    HOLIDAYS_SAINT_BARTHELEMY,
    HOLIDAYS_NOUVELLE_CALEDONIE,
    HOLIDAYS_POLYNESIE,
    HOLIDAYS_WALLIS_ET_FUTUNA,
    HOLIDAYS_N
};

bool calendar_is_holiday(enum holidays holidays, calendar_day day);
/* A holiday of some territory of France: who says so of a day says no nonsense. */
bool calendar_is_holiday_anywhere(calendar_day day);
/* Those of the territory that lives by this clock, for whom says no others. */
enum holidays calendar_zone_holidays(enum zone zone);
/* Easter Sunday of a Gregorian year. */
calendar_day calendar_easter(int32_t year);

#endif
