/* number.h — telephone numbers as France writes them.
 * Called by config/directory.c and, later, by gate and phone. Pure. */
#ifndef DIRECTORY_NUMBER_H
#define DIRECTORY_NUMBER_H

#include "base/types.h"

/* "05 36 49 00 10", "+33 5 36 49 00 10", "0033…" → 33536490010. The ten digits that people of
 * overseas dial have the country code of their own: "0262 12 34 56" → 262262123456. Spaces, dots
 * and hyphens part; false: not a number that can be dialled from anywhere (E.164: 15 digits at
 * most). */
bool number_e164(uint64_t *out, const char *text);

/* What a call to it costs, by its pattern alone (ARCEP 2012-0856, plan 2022-1583): 081x, 082x and
 * 089x are surcharged, 0800 to 0805 are free. Both false: the price of a call. */
bool number_is_surcharged(uint64_t e164);
bool number_is_free(uint64_t e164);

/* One of the six blocks reserved for works of fiction (ARCEP 2018-0881, art. 2.5.12): it can
 * neither call nor be called. */
bool number_is_fiction(uint64_t e164);

/* What kind of number it is, by its pattern alone (ARCEP 2018-0881 and 2022-1583, annexes). */
enum number_class {
    NUMBER_ABROAD,
    NUMBER_FIXED,      /* 01 to 05, 09, and 0806 to 0809, which cost what those cost */
    NUMBER_MOBILE,     /* 06, 07 */
    NUMBER_OVERSEAS,   /* the ten digits of +262, +590, +594, +596 */
    NUMBER_FREE,       /* 0800 to 0805 */
    NUMBER_SURCHARGED, /* 081, 082, 089, of overseas too */
    NUMBER_SPECIAL,    /* machines (0700), and what of 08 is none of these, of overseas too */
    NUMBER_FICTION,
    NUMBER_SATELLITE, /* +870, +881, +882, +883: the dearest of all (ITU-T E.164 annex A) */
    NUMBER_CLASSES
};
enum number_class number_class(uint64_t e164);

/* Has it the digits that its plan gives it? Those of +33, +262, +590, +594 and +596: nine behind
 * the code, the first no zero ("+33 0899…" is none); others: 8 to 15 in all. */
bool number_is_whole(uint64_t e164);

/* One of the ranges from which a machine may call ("numéros polyvalents vérifiés", ARCEP
 * 2022-1583): 0162, 0163, 0270, 0271, 0377, 0378, 0424, 0425, 0568, 0569, 0948, 0949, and 09475 to
 * 09479. */
bool number_is_automatic(uint64_t e164);

/* A mobile telephone of France or overseas: it can be sent a text message. */
bool number_is_mobile(uint64_t e164);

#endif
