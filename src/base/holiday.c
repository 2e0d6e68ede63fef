/* holiday.c — public holidays of each territory of France, by rule.
 * Called by directory/hours and config. Eleven days of Code du travail L3133-1 everywhere, and rows
 * of what each territory adds; fixed dates, or days counted from Easter. Cost: a dozen compares.
 * Invariant: a function of territory and day alone; customary days (mi-carême, Schœlcher, the
 * feasts of Islam in Mayotte, L3422-2) are not law: they are exceptions of the directory. */
#include "base/calendar.h"

#define EVERY_YEAR_FROM 1
#define NO_END 9999

/* One more day: month × 100 + day, or, where that is 0, days after Easter; from … to: years. */
struct more {
    uint8_t holidays; /* enum holidays */
    uint16_t month_day;
    int8_t after_easter;
    int16_t from_year, to_year;
};

#define FIXED(territory_, month_day_)                                                              \
    {                                                                                              \
        territory_, month_day_, 0, EVERY_YEAR_FROM, NO_END                                         \
    }
#define EASTER(territory_, days_)                                                                  \
    {                                                                                              \
        territory_, 0, days_, EVERY_YEAR_FROM, NO_END                                              \
    }

static const struct more more[] = {
    /* Alsace and Moselle: L3134-13. Good Friday only in communes with a Protestant temple or a
     * mixed church, so that it is another set of days than Saint Stephen's alone. */
    EASTER(HOLIDAYS_ALSACE_MOSELLE, -2),
    FIXED(HOLIDAYS_ALSACE_MOSELLE, 1226),
    FIXED(HOLIDAYS_ALSACE_MOSELLE_WITHOUT_TEMPLE, 1226),
    /* The abolition of slavery: L3422-2 (loi 83-550, décret 83-1003). Saint-Martin: the code says
     * 27 May by an error; 28 May by délibération of 5 November 2015 and the yearly circular of the
     * prefecture since 2018 (loi 2017-256). */
    FIXED(HOLIDAYS_GUADELOUPE, 527),
    FIXED(HOLIDAYS_MARTINIQUE, 522),
    FIXED(HOLIDAYS_GUYANE, 610),
    FIXED(HOLIDAYS_REUNION, 1220),
    FIXED(HOLIDAYS_MAYOTTE, 427),
    FIXED(HOLIDAYS_SAINT_MARTIN, 528),
    FIXED(HOLIDAYS_SAINT_BARTHELEMY, 1009),
    /* Citizenship: accord interprofessionnel territorial, art. 74. */
    FIXED(HOLIDAYS_NOUVELLE_CALEDONIE, 924),
    /* The Gospel and Good Friday; autonomy gave way to Matāri’i i ni’a in 2025 (loi du pays adopted
     * on 6 May 2025, JOPF 11 NA of 25 June 2025, report 23-2025). */
    FIXED(HOLIDAYS_POLYNESIE, 305),
    EASTER(HOLIDAYS_POLYNESIE, -2),
    {HOLIDAYS_POLYNESIE, 629, 0, EVERY_YEAR_FROM, 2024},
    {HOLIDAYS_POLYNESIE, 1120, 0, 2025, NO_END},
    /* Saint Peter Chanel, the Territory (administration supérieure; secondary sources only). */
    FIXED(HOLIDAYS_WALLIS_ET_FUTUNA, 428),
    FIXED(HOLIDAYS_WALLIS_ET_FUTUNA, 729),
};

/* Code du travail L3133-1. Easter Monday, Ascension, Whit Monday by their distance from Easter. */
static bool is_national(unsigned month_day, calendar_day since_easter)
{
    static const uint16_t fixed[] = {101, 501, 508, 714, 815, 1101, 1111, 1225};
    for (unsigned i = 0; i < ARRAY_LEN(fixed); i++)
        if (month_day == fixed[i])
            return true;
    return since_easter == 1 || since_easter == 39 || since_easter == 50;
}

bool calendar_is_holiday(enum holidays holidays, calendar_day day)
{
    if (holidays == HOLIDAYS_NONE)
        return false;
    struct civil c = calendar_date(day);
    unsigned month_day = c.month * 100u + c.day;
    calendar_day since_easter = day - calendar_easter(c.year);
    bool is_one = is_national(month_day, since_easter);
    for (unsigned i = 0; i < ARRAY_LEN(more) && !is_one; i++) {
        const struct more *m = &more[i];
        bool is_day = m->month_day ? m->month_day == month_day : m->after_easter == since_easter;
        is_one =
            m->holidays == holidays && is_day && c.year >= m->from_year && c.year <= m->to_year;
    }
    return is_one;
}

bool calendar_is_holiday_anywhere(calendar_day day)
{
    for (enum holidays h = HOLIDAYS_METROPOLE; h < HOLIDAYS_N; h++)
        if (calendar_is_holiday(h, day))
            return true;
    return false;
}

enum holidays calendar_zone_holidays(enum zone zone)
{
    static const uint8_t own[ZONE_N] = {
        [ZONE_UTC] = HOLIDAYS_METROPOLE,
        [ZONE_EUROPE_PARIS] = HOLIDAYS_METROPOLE,
        [ZONE_AMERICA_GUADELOUPE] = HOLIDAYS_GUADELOUPE,
        [ZONE_AMERICA_MARTINIQUE] = HOLIDAYS_MARTINIQUE,
        [ZONE_AMERICA_CAYENNE] = HOLIDAYS_GUYANE,
        [ZONE_INDIAN_REUNION] = HOLIDAYS_REUNION,
        [ZONE_INDIAN_MAYOTTE] = HOLIDAYS_MAYOTTE,
        [ZONE_PACIFIC_NOUMEA] = HOLIDAYS_NOUVELLE_CALEDONIE,
        [ZONE_PACIFIC_TAHITI] = HOLIDAYS_POLYNESIE,
        [ZONE_PACIFIC_WALLIS] = HOLIDAYS_WALLIS_ET_FUTUNA,
        [ZONE_AMERICA_ST_BARTHELEMY] = HOLIDAYS_SAINT_BARTHELEMY,
        [ZONE_AMERICA_MARIGOT] = HOLIDAYS_SAINT_MARTIN,
        [ZONE_AMERICA_MIQUELON] = HOLIDAYS_METROPOLE,
        [ZONE_PACIFIC_MARQUESAS] = HOLIDAYS_POLYNESIE,
        [ZONE_PACIFIC_GAMBIER] = HOLIDAYS_POLYNESIE,
        [ZONE_INDIAN_KERGUELEN] = HOLIDAYS_METROPOLE,
    };
    return (enum holidays)own[zone];
}
