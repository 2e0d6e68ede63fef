/* value.c — what a scalar may say. Called by table.c and readers with forms of their own.
 * Cost: one pass over the text. Invariant: pure; no locale, no floating point; every number is
 * checked against overflow; false leaves *out as it was. */
#include <string.h>

#include "config/value.h"

#define SECOND ((ms_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NUMBER_MAX ((int64_t)1000000000000000000)
#define PPM_ONE 1000000
#define SPACE_NBSP "\xc2\xa0"
#define SPACE_NNBSP "\xe2\x80\xaf"

/* Spaces that a Frenchman puts in a number: plain, no-break, narrow no-break. */
static const char *skip_spaces(const char *p)
{
    for (;;) {
        if (*p == ' ')
            p++;
        else if (!strncmp(p, SPACE_NBSP, 2))
            p += 2;
        else if (!strncmp(p, SPACE_NNBSP, 3))
            p += 3;
        else
            return p;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits with single separators between groups. NULL: no digit here, or too large. */
static const char *read_digits(int64_t *out, const char *p)
{
    int64_t v = 0;
    if (!is_digit(*p))
        return NULL;
    while (is_digit(*p)) {
        if (v > (NUMBER_MAX - 9) / 10)
            return NULL;
        v = v * 10 + (*p++ - '0');
        const char *next = *p == '_' ? p + 1 : skip_spaces(p);
        if (next != p && is_digit(*next))
            p = next;
    }
    *out = v;
    return p;
}

/* A decimal number times 10^places, rounded down; "," and "." both part. */
static const char *read_decimal(int64_t *out, const char *p, unsigned places)
{
    int64_t v;
    p = read_digits(&v, p);
    if (!p || v > NUMBER_MAX / 10000000)
        return NULL;
    bool has_point = (*p == '.' || *p == ',') && is_digit(p[1]);
    p += has_point;
    for (unsigned i = 0; i < places; i++)
        v = v * 10 + (has_point && is_digit(*p) ? *p++ - '0' : 0);
    while (has_point && is_digit(*p))
        p++;
    *out = v;
    return p;
}

bool config_integer(int64_t *out, const char *text)
{
    int64_t v;
    bool is_negative = *text == '-';
    const char *p = read_digits(&v, text + is_negative);
    if (!p || *p)
        return false;
    *out = is_negative ? -v : v;
    return true;
}

bool config_ppm(uint32_t *out, const char *text)
{
    int64_t v;
    const char *p = read_decimal(&v, text, 6);
    if (!p)
        return false;
    p = skip_spaces(p);
    if (*p == '%') {
        p++;
        v /= 100;
    }
    if (*p || v > PPM_ONE)
        return false;
    *out = (uint32_t)v;
    return true;
}

bool config_milli(uint32_t *out, const char *text)
{
    int64_t v;
    const char *p = read_decimal(&v, text, 3);
    if (!p || *p || v > UINT32_MAX)
        return false;
    *out = (uint32_t)v;
    return true;
}

bool config_degrees(int32_t *out, const char *text)
{
    int64_t v;
    bool is_negative = *text == '-';
    const char *p = read_decimal(&v, text + is_negative, 6);
    if (!p || *p || v > (int64_t)180 * PPM_ONE)
        return false;
    *out = (int32_t)(is_negative ? -v : v);
    return true;
}

static const struct unit {
    const char *name;
    ms_t ms;
} units[] = {
    {"ms", 1},           {"s", SECOND},      {"min", MINUTE},      {"h", HOUR},
    {"j", DAY},          {"d", DAY},         {"jours", DAY},       {"jour", DAY},
    {"days", DAY},       {"day", DAY},       {"heures", HOUR},     {"heure", HOUR},
    {"minutes", MINUTE}, {"minute", MINUTE}, {"secondes", SECOND}, {"seconde", SECOND},
};

static const struct unit *read_unit(const char **p)
{
    size_t n = 0;
    while ((*p)[n] >= 'a' && (*p)[n] <= 'z')
        n++;
    for (unsigned i = 0; i < ARRAY_LEN(units); i++)
        if (strlen(units[i].name) == n && !strncmp(units[i].name, *p, n)) {
            *p += n;
            return &units[i];
        }
    return NULL;
}

/* One part, "1h" or "30min"; a bare number after a larger unit counts in the next one ("1h30"). */
static const char *read_part(ms_t *sum, ms_t *smallest, const char *p)
{
    int64_t v;
    p = read_digits(&v, p);
    if (!p)
        return NULL;
    p = skip_spaces(p);
    ms_t unit_ms = *smallest == HOUR ? MINUTE : *smallest == MINUTE ? SECOND : 0;
    const struct unit *unit = *p ? read_unit(&p) : NULL;
    if (unit)
        unit_ms = unit->ms;
    else if (*p)
        return NULL;
    if (!unit_ms || unit_ms >= *smallest || v > NUMBER_MAX / DAY)
        return NULL;
    *sum += v * unit_ms;
    *smallest = unit_ms;
    return skip_spaces(p);
}

bool config_duration(ms_t *out, const char *text)
{
    ms_t sum = 0, smallest = MS_NEVER;
    const char *p = text;
    if (!strcmp(text, "0")) {
        *out = 0;
        return true;
    }
    do {
        p = read_part(&sum, &smallest, p);
    } while (p && *p);
    if (!p)
        return false;
    *out = sum;
    return true;
}

static const char *read_time(uint16_t *minute, const char *p)
{
    unsigned hour = 0, rest = 0;
    unsigned digits = is_digit(p[0]) ? (is_digit(p[1]) ? 2 : 1) : 0;
    if (!digits)
        return NULL;
    for (unsigned i = 0; i < digits; i++)
        hour = hour * 10 + (unsigned)(*p++ - '0');
    if (*p != ':' && *p != 'h')
        return NULL;
    bool is_bare = *p++ == 'h' && !is_digit(*p); /* "9h" */
    if (!is_bare && !(is_digit(p[0]) && is_digit(p[1])))
        return NULL;
    if (!is_bare) {
        rest = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
        p += 2;
    }
    if (rest > 59 || hour * 60 + rest > DAY_MINUTES)
        return NULL;
    *minute = (uint16_t)(hour * 60 + rest);
    return p;
}

bool config_time(uint16_t *minute, const char *text)
{
    uint16_t m;
    const char *p = read_time(&m, text);
    if (!p || *p)
        return false;
    *minute = m;
    return true;
}

static const char *read_dash(const char *p)
{
    p = skip_spaces(p);
    if (*p == '-')
        return skip_spaces(p + 1);
    if (!strncmp(p, "–", strlen("–")))
        return skip_spaces(p + strlen("–"));
    return NULL;
}

static const char *read_span(struct day_span *span, const char *p)
{
    p = read_time(&span->from_minute, p);
    if (p)
        p = read_dash(p);
    if (p)
        p = read_time(&span->to_minute, p);
    return p && span->from_minute < span->to_minute ? p : NULL;
}

bool config_hours(struct day_hours *out, const char *text)
{
    struct day_hours h = {0};
    bool is_closed = !strcmp(text, "closed") || !strcmp(text, "fermé");
    for (const char *p = text; !is_closed;) {
        if (h.n == DAY_SPANS_MAX)
            return false;
        p = read_span(&h.span[h.n], p);
        if (!p || (h.n && h.span[h.n].from_minute <= h.span[h.n - 1].to_minute))
            return false;
        h.n++;
        if (!*p)
            break;
        const char *next = skip_spaces(p);
        if (next == p || !*next)
            return false;
        p = next;
    }
    *out = h;
    return true;
}

static const char *read_day(unsigned *day, const char *p)
{
    static const char *const names[WEEK_DAYS] = {"lun", "mar", "mer", "jeu", "ven", "sam", "dim"};
    for (unsigned i = 0; i < WEEK_DAYS; i++)
        if (!strncmp(p, names[i], 3)) {
            *day = i;
            return p + 3;
        }
    return NULL;
}

static uint8_t range_mask(unsigned from, unsigned to)
{
    unsigned mask = 0;
    for (unsigned i = from; i <= to; i++)
        mask |= 1u << i;
    return (uint8_t)mask;
}

bool config_days(uint8_t *mask, const char *text)
{
    unsigned day[WEEK_DAYS], n = 0;
    const char *p = text;
    for (;;) {
        if (n == WEEK_DAYS)
            return false;
        p = read_day(&day[n], p);
        if (!p || (n && day[n] <= day[n - 1]))
            return false;
        n++;
        if (!*p)
            break;
        if (*p++ != '-')
            return false;
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum |= 1u << day[i];
    *mask = n == 2 ? range_mask(day[0], day[1]) : (uint8_t)sum;
    return true;
}

bool config_date(calendar_day *out, const char *text)
{
    static const char form[] = "dddd-dd-dd";
    unsigned field[3] = {0}, f = 0;
    for (unsigned i = 0; i < sizeof(form) - 1; i++) {
        if (form[i] == '-' ? text[i] != '-' : !is_digit(text[i]))
            return false;
        if (form[i] == '-')
            f++;
        else
            field[f] = field[f] * 10 + (unsigned)(text[i] - '0');
    }
    return !text[sizeof(form) - 1] && calendar_day_of(out, (int32_t)field[0], field[1], field[2]);
}

bool config_bool(bool *out, const char *text)
{
    bool yes = !strcmp(text, "true") || !strcmp(text, "oui");
    if (!yes && strcmp(text, "false") && strcmp(text, "non"))
        return false;
    *out = yes;
    return true;
}
