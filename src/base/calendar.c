/* calendar.c — see calendar.h.
 * Called once a minute at most, and by readers of settings. Cost: a few divisions.
 * Invariant: calendar_local() of calendar_instant() is the minute asked for, but in the hour that
 * spring skips. */
#include "base/calendar.h"
#include "base/division.h"

#define MINUTE_MS ((ms_t)60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Days to the first of a month, by eras of 400 years that begin in March (as in civil.c). */
static calendar_day day_number(int32_t year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (calendar_day)(era * 146097 + days - 719468);
}

struct civil calendar_date(calendar_day day)
{
    return civil_of((ms_t)day * DAY_MS);
}

bool calendar_day_of(calendar_day *out, int32_t year, unsigned month, unsigned day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    calendar_day n = day_number(year, month, day);
    if (calendar_date(n).month != month)
        return false; /* past the end of its month */
    *out = n;
    return true;
}

unsigned calendar_weekday(calendar_day day)
{
    return (unsigned)(((int64_t)day % WEEK_DAYS + WEEK_DAYS + 3) % WEEK_DAYS); /* 1970: Thursday */
}

/* What summer does to a zone. */
enum summer { SUMMER_NONE, SUMMER_EUROPE, SUMMER_NORTH_AMERICA };

static const struct {
    const char *name;
    int16_t minutes; /* east of UTC, in winter */
    enum summer summer;
} zones[ZONE_N] = {
    [ZONE_UTC] = {"UTC", 0, SUMMER_NONE},
    [ZONE_EUROPE_PARIS] = {"Europe/Paris", 60, SUMMER_EUROPE},
    [ZONE_AMERICA_GUADELOUPE] = {"America/Guadeloupe", -240, SUMMER_NONE},
    [ZONE_AMERICA_MARTINIQUE] = {"America/Martinique", -240, SUMMER_NONE},
    [ZONE_AMERICA_CAYENNE] = {"America/Cayenne", -180, SUMMER_NONE},
    [ZONE_INDIAN_REUNION] = {"Indian/Reunion", 240, SUMMER_NONE},
    [ZONE_INDIAN_MAYOTTE] = {"Indian/Mayotte", 180, SUMMER_NONE},
    [ZONE_PACIFIC_NOUMEA] = {"Pacific/Noumea", 660, SUMMER_NONE},
    [ZONE_PACIFIC_TAHITI] = {"Pacific/Tahiti", -600, SUMMER_NONE},
    [ZONE_PACIFIC_WALLIS] = {"Pacific/Wallis", 720, SUMMER_NONE},
    [ZONE_AMERICA_ST_BARTHELEMY] = {"America/St_Barthelemy", -240, SUMMER_NONE},
    [ZONE_AMERICA_MARIGOT] = {"America/Marigot", -240, SUMMER_NONE},
    [ZONE_AMERICA_MIQUELON] = {"America/Miquelon", -180, SUMMER_NORTH_AMERICA},
    [ZONE_PACIFIC_MARQUESAS] = {"Pacific/Marquesas", -570, SUMMER_NONE},
    [ZONE_PACIFIC_GAMBIER] = {"Pacific/Gambier", -540, SUMMER_NONE},
    [ZONE_INDIAN_KERGUELEN] = {"Indian/Kerguelen", 300, SUMMER_NONE},
};

const char *calendar_zone_name(enum zone zone)
{
    return zones[zone].name;
}

/* The n-th Sunday (from 1) on or after a day. */
static calendar_day sunday_from(calendar_day day, unsigned n)
{
    unsigned to_sunday = (WEEK_DAYS - 1 - calendar_weekday(day)) % WEEK_DAYS;
    return day + (calendar_day)(to_sunday + (n - 1) * WEEK_DAYS);
}

/* Midnight of the last Sunday of a month of 31 days. */
static ms_t last_sunday_at(int32_t year, unsigned month)
{
    return (ms_t)sunday_from(day_number(year, month, 25), 1) * DAY_MS;
}

/* Summer begins and ends, as instants. Europe: both at 01:00 UTC. North America: both at 02:00 on
 * the wall, so that the first is told in winter's hours and the second in summer's. */
static ms_t summer_begins_at(enum zone zone, int32_t year)
{
    if (zones[zone].summer == SUMMER_EUROPE)
        return last_sunday_at(year, 3) + HOUR_MS;
    ms_t sunday_at = (ms_t)sunday_from(day_number(year, 3, 1), 2) * DAY_MS;
    return sunday_at + 2 * HOUR_MS - zones[zone].minutes * MINUTE_MS;
}

static ms_t summer_ends_at(enum zone zone, int32_t year)
{
    if (zones[zone].summer == SUMMER_EUROPE)
        return last_sunday_at(year, 10) + HOUR_MS;
    ms_t sunday_at = (ms_t)sunday_from(day_number(year, 11, 1), 1) * DAY_MS;
    return sunday_at + HOUR_MS - zones[zone].minutes * MINUTE_MS;
}

ms_t calendar_offset_ms(enum zone zone, ms_t at)
{
    ms_t offset_ms = zones[zone].minutes * MINUTE_MS;
    if (!zones[zone].summer)
        return offset_ms;
    int32_t year = civil_of(at).year;
    bool is_summer = at >= summer_begins_at(zone, year) && at < summer_ends_at(zone, year);
    return offset_ms + (is_summer ? HOUR_MS : 0);
}

struct calendar_local calendar_local(enum zone zone, ms_t at)
{
    ms_t wall = at + calendar_offset_ms(zone, at);
    int64_t day = floor_div(wall, DAY_MS);
    return (struct calendar_local){.day = (calendar_day)day,
                                   .minute = (uint16_t)((wall - day * DAY_MS) / MINUTE_MS)};
}

ms_t calendar_instant(enum zone zone, calendar_day day, unsigned minute)
{
    ms_t wall = (ms_t)day * DAY_MS + (ms_t)minute * MINUTE_MS;
    ms_t summer_at = wall - zones[zone].minutes * MINUTE_MS - HOUR_MS;
    ms_t winter_at = wall - zones[zone].minutes * MINUTE_MS;
    if (!zones[zone].summer)
        return winter_at;
    if (summer_at + calendar_offset_ms(zone, summer_at) == wall)
        return summer_at; /* also the first of two */
    if (winter_at + calendar_offset_ms(zone, winter_at) == wall)
        return winter_at;
    return summer_begins_at(zone, civil_of(winter_at).year); /* skipped */
}

/* Anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8). */
calendar_day calendar_easter(int32_t year)
{
    int32_t a = year % 19, b = year / 100, c = year % 100;
    int32_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int32_t h = (19 * a + b - d - g + 15) % 30;
    int32_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int32_t m = (a + 11 * h + 22 * l) / 451;
    int32_t n = h + l - 7 * m + 114;
    return day_number(year, (unsigned)(n / 31), (unsigned)(n % 31 + 1));
}
