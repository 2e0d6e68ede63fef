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

#endif
