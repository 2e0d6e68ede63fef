/* number.c — see number.h. Cost: one pass.
 * Invariant: what is accepted has 8 to 15 digits and begins with a country code. */
#include "directory/number.h"

#define DIGITS_MIN 8
#define DIGITS_MAX 15
#define E164_MIN UINT64_C(10000000)
#define E164_PAST UINT64_C(1000000000000000)
#define FRANCE UINT64_C(33)
#define NATIONAL UINT64_C(1000000000) /* a country code stands before nine digits */
#define PREFIX 1000000                /* the first three of nine digits */
#define FICTION_OF_MAYOTTE 63998
#define NATIONAL_DIGITS 10 /* with the leading 0 */
#define BLOCK 10000        /* a reserved block: its last four digits are free */

/* Bytes of a separator: space, dot, hyphen, no-break space, narrow no-break space; 0: none. */
static unsigned separator_n(const char *p)
{
    const unsigned char *c = (const unsigned char *)p;
    if (*c == ' ' || *c == '.' || *c == '-')
        return 1;
    if (c[0] == 0xc2 && c[1] == 0xa0)
        return 2;
    return c[0] == 0xe2 && c[1] == 0x80 && c[2] == 0xaf ? 3 : 0;
}

/* The digits of text; zeros_n: those that lead. False: something else stands there, or too much. */
static bool read_digits(const char *text, uint64_t *v, unsigned *digits_n, unsigned *zeros_n)
{
    for (const char *p = text; *p;) {
        unsigned skip = separator_n(p);
        p += skip;
        if (skip)
            continue;
        if (*p < '0' || *p > '9' || *digits_n == DIGITS_MAX + 2)
            return false;
        *zeros_n += !*v && *p == '0';
        *v = *v * 10 + (uint64_t)(*p++ - '0');
        ++*digits_n;
    }
    return true;
}

/* Numbers of ten digits that belong to another country code than 33: by their first four digits,
 * the leading 0 left out (ARCEP 2018-0881, annex: plans of overseas). */
static uint64_t country_of(uint64_t national)
{
    static const struct {
        uint16_t prefix, country;
    } rows[] = {
        {590, 590}, {690, 590}, {691, 590}, {594, 594}, {694, 594}, {596, 596}, {696, 596},
        {697, 596}, {262, 262}, {692, 262}, {693, 262}, {269, 262}, {639, 262},
    };
    if (national / BLOCK == FICTION_OF_MAYOTTE)
        return FRANCE; /* reserved for works, within the range of Mayotte */
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        if (national / PREFIX == rows[i].prefix)
            return rows[i].country;
    return FRANCE;
}

bool number_e164(uint64_t *out, const char *text)
{
    unsigned digits_n = 0, zeros_n = 0;
    uint64_t v = 0;
    bool has_plus = *text == '+';
    if (!read_digits(text + has_plus, &v, &digits_n, &zeros_n))
        return false;
    if (has_plus || zeros_n == 2) {
        if (has_plus && zeros_n)
            return false;
        digits_n -= zeros_n; /* 00 33… */
    } else if (zeros_n == 1 && digits_n == NATIONAL_DIGITS) {
        v += country_of(v) * NATIONAL;
    } else {
        return false;
    }
    if (digits_n < DIGITS_MIN || digits_n > DIGITS_MAX)
        return false;
    *out = v;
    return true;
}

bool number_is_fiction(uint64_t e164)
{
    static const uint64_t blocks[] = {3319900, 3326191, 3335301, 3346571, 3353649, 3363998};
    for (unsigned i = 0; i < ARRAY_LEN(blocks); i++)
        if (e164 / BLOCK == blocks[i])
            return true;
    return false;
}

/* 081, 082, 089: the same in the plans of overseas ("+262 891 23 45 67"). */
static bool is_dear(uint64_t e164)
{
    uint64_t kind = e164 % NATIONAL / (PREFIX * 10);
    return kind == 81 || kind == 82 || kind == 89;
}

bool number_is_surcharged(uint64_t e164)
{
    return e164 / NATIONAL == FRANCE && is_dear(e164);
}

bool number_is_free(uint64_t e164)
{
    uint64_t kind = e164 % NATIONAL / PREFIX;
    return e164 / NATIONAL == FRANCE && kind >= 800 && kind <= 805;
}

/* The first n digits. */
static uint64_t head_of(uint64_t e164, unsigned n)
{
    uint64_t past = 1;
    while (n-- > 0)
        past *= 10;
    while (e164 >= past)
        e164 /= 10;
    return e164;
}

static bool is_overseas_code(uint64_t country)
{
    return country == 262 || country == 590 || country == 594 || country == 596;
}

bool number_is_whole(uint64_t e164)
{
    uint64_t first = e164 % NATIONAL / (NATIONAL / 10);
    bool is_ours = head_of(e164, 2) == FRANCE || is_overseas_code(head_of(e164, 3));
    if (is_ours)
        return first && (e164 / NATIONAL == FRANCE || is_overseas_code(e164 / NATIONAL));
    return e164 >= E164_MIN && e164 < E164_PAST;
}

bool number_is_mobile(uint64_t e164)
{
    static const uint16_t overseas[] = {690, 691, 692, 693, 694, 696, 697, 639};
    if (number_class(e164) == NUMBER_MOBILE)
        return true;
    for (unsigned i = 0; number_class(e164) == NUMBER_OVERSEAS && i < ARRAY_LEN(overseas); i++)
        if (e164 % NATIONAL / PREFIX == overseas[i])
            return true;
    return false;
}

static bool is_satellite(uint64_t e164)
{
    uint64_t head = head_of(e164, 3);
    return head == 870 || head == 881 || head == 882 || head == 883;
}

enum number_class number_class(uint64_t e164)
{
    uint64_t country = e164 / NATIONAL, kind = e164 % NATIONAL / PREFIX;
    if (is_satellite(e164))
        return NUMBER_SATELLITE;
    bool is_special = kind == 700 || kind < 100 || (kind / 100 == 8 && kind > 809);
    if (is_overseas_code(country))
        return is_dear(e164) ? NUMBER_SURCHARGED : is_special ? NUMBER_SPECIAL : NUMBER_OVERSEAS;
    if (country != FRANCE)
        return NUMBER_ABROAD;
    if (number_is_fiction(e164))
        return NUMBER_FICTION;
    if (number_is_surcharged(e164))
        return NUMBER_SURCHARGED;
    if (number_is_free(e164))
        return NUMBER_FREE;
    if (is_special)
        return NUMBER_SPECIAL;
    return kind / 100 == 6 || kind / 100 == 7 ? NUMBER_MOBILE : NUMBER_FIXED;
}

bool number_is_automatic(uint64_t e164)
{
    static const uint64_t ranges[] = {33162, 33163, 33270, 33271, 33377, 33378,
                                      33424, 33425, 33568, 33569, 33948, 33949};
    uint64_t overseas = e164 / (PREFIX / 10);
    for (unsigned i = 0; i < ARRAY_LEN(ranges); i++)
        if (e164 / PREFIX == ranges[i])
            return true;
    return overseas >= 339475 && overseas <= 339479;
}
