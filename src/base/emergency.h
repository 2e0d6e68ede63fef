/* emergency.h — the numbers that must always be reached (CPCE L33-1 and D98-8: free routing of
 * emergency calls), and the social ones that stand beside them: 15, 17, 18, 112, 114, 115, 119,
 * 191, 196, 197, 116000, 116006, 116111, 116117, 3114, 3919, 3977. The one list of the house.
 * Called by gate (who may dial them), settings and config (what may not look like them). Pure. */
#ifndef BASE_EMERGENCY_H
#define BASE_EMERGENCY_H

#include "base/text.h"

/* Exactly as it is dialled, without a prefix: "112", never "0112" nor "112 ". */
bool emergency_is(struct text dialled);
/* Do these digits begin with one? Who dials on would be with them. */
bool emergency_begins(struct text digits);

#endif
