/* digit.h — keys of a leg: as events of RTP (RFC 4733) or by INFO, each press told once.
 * Included by the files of phone/ only. */
#ifndef PHONE_DIGIT_H
#define PHONE_DIGIT_H

#include "phone/leg.h"

void leg_key(struct phone *p, struct phone_leg *leg, char key, enum leg_key_way way);
/* Its end, as an event. */
void leg_key_ended(struct phone *p, struct phone_leg *leg, char key);
/* An INFO of its dialog. */
void phone_take_info(struct phone *p, struct phone_leg *leg);

#endif
