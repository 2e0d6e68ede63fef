/* civil.c — an instant as people of UTC read it.
 * Called by event/print, journal, os/log. Days to dates by eras of 400 years (146,097 days) whose
 * years begin in March, so that the leap day is the last one: a few divisions, no loop.
 * Invariant: total on every ms_t. */
#include <string.h>

#include "base/civil.h"
#include "base/division.h"

#define DAY_MS ((ms_t)24 * 60 * 60 * 1000)
#define ERA_DAYS 146097
#define DAYS_BEFORE_1970 719468 /* from 1 March of year 0 */

struct civil civil_of(ms_t at)
{
    int64_t days = floor_div(at, DAY_MS);
    int64_t rest = (at % DAY_MS + DAY_MS) % DAY_MS;
    days += DAYS_BEFORE_1970;
    int64_t era = floor_div(days, ERA_DAYS);
    int64_t of_era = days - era * ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; /* from March */
    struct civil c = {
        .day = (uint8_t)(of_year - (153 * month + 2) / 5 + 1),
        .month = (uint8_t)(month < 10 ? month + 3 : month - 9),
        .hour = (uint8_t)(rest / 3600000),
        .minute = (uint8_t)(rest / 60000 % 60),
        .second = (uint8_t)(rest / 1000 % 60),
        .ms = (uint16_t)(rest % 1000),
    };
    c.year = (int32_t)(year + era * 400 + (c.month <= 2));
    return c;
}

int64_t civil_month(ms_t at)
{
    struct civil c = civil_of(at);
    return (int64_t)c.year * 100 + c.month;
}

static char *digits(char *p, unsigned v, unsigned n)
{
    for (unsigned i = n; i > 0; i--, v /= 10)
        p[i - 1] = (char)('0' + v % 10);
    return p + n;
}

static unsigned shown_year(const struct civil *c)
{
    return c->year >= 0 && c->year <= 9999 ? (unsigned)c->year : 9999;
}

void civil_text(char to[CIVIL_TEXT_BYTES], ms_t at)
{
    struct civil c = civil_of(at);
    memcpy(to, "0000-00-00T00:00:00.000Z", CIVIL_TEXT_BYTES);
    digits(to, shown_year(&c), 4);
    digits(to + 5, c.month, 2);
    digits(to + 8, c.day, 2);
    digits(to + 11, c.hour, 2);
    digits(to + 14, c.minute, 2);
    digits(to + 17, c.second, 2);
    digits(to + 20, c.ms, 3);
}

void civil_stamp(char to[CIVIL_STAMP_BYTES], ms_t at)
{
    struct civil c = civil_of(at);
    char *p = digits(to, shown_year(&c), 4);
    p = digits(digits(p, c.month, 2), c.day, 2);
    *p++ = 'T';
    p = digits(digits(digits(p, c.hour, 2), c.minute, 2), c.second, 2);
    *p++ = 'Z';
    *p = '\0';
}
