/* keep.h — where the telephones are, as bytes: kept in a file beside the journal, so that a service
 * that was killed rings them again at once instead of waiting for each to register anew.
 * Called by main.c. Only what a REGISTER said; no secret. */
#ifndef PHONE_KEEP_H
#define PHONE_KEEP_H

#include "phone/phone.h"

/* Grows with each change of the bindings. */
uint64_t phone_keep_version(const struct phone *p);

/* Room that phone_keep_save() needs at most. */
size_t phone_keep_max(const struct phone *p);
/* The bindings as bytes; their length. */
size_t phone_keep_save(const struct phone *p, uint8_t *to);

/* Takes back those whose time is not over. How many; 0 for bytes of another layout, or damaged. */
uint32_t phone_keep_load(struct phone *p, const uint8_t *bytes, size_t n, ms_t now_at);

#endif
