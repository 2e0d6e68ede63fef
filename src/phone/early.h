/* early.h — sound before the answer (183).
 * Included by the files of phone/ only. */
#ifndef PHONE_EARLY_H
#define PHONE_EARLY_H

#include "phone/leg.h"

/* This operator carries it, and an offer came. */
bool leg_carries_early(const struct phone *p, const struct phone_leg *leg);
/* False: it does not, or it is too late. */
bool leg_early(struct phone *p, struct phone_leg *leg);
/* A 183 was acknowledged: the next one when it is time. */
void leg_early_taken(struct phone *p, struct phone_leg *leg);
/* The timer of a leg with WATCH_EARLY. */
void leg_early_due(struct phone *p, struct phone_leg *leg);

#endif
