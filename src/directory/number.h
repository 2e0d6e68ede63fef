/* number.h — telephone numbers as France writes them.
 * Called by config/directory.c and, later, by gate and phone. Pure. */
#ifndef DIRECTORY_NUMBER_H
#define DIRECTORY_NUMBER_H

#include "base/types.h"

/* "05 36 49 00 10", "+33 5 36 49 00 10", "0033…" → 33536490010. Spaces, dots and hyphens part;
 * false: not a number that can be dialled from anywhere (E.164: 15 digits at most). */
bool number_e164(uint64_t *out, const char *text);

/* One of the six blocks reserved for works of fiction (ARCEP 2018-0881, art. 2.5.12): it can
 * neither call nor be called. */
bool number_is_fiction(uint64_t e164);

#endif
