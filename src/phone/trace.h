/* trace.h — what the telephone remembers of its messages: what came through the door, what goes,
 * and whose it is. Included by the files of phone/ only. Cost: a copy each; nothing without a tape.
 */
#ifndef PHONE_TRACE_H
#define PHONE_TRACE_H

#include "phone/leg.h"

void phone_trace_came(struct phone *p, const struct phone_datagram *datagram);
void phone_trace_went(struct phone *p, const struct sip_peer *to, struct text message);
void phone_trace_leg(struct phone *p, const struct phone_leg *leg);
/* How a stream sounded that is over. */
void phone_trace_sound(struct phone *p, const struct media_report *closed);
/* wire.c: phone_transmit(), but not remembered: to strangers, who would push calls out. */
void phone_transmit_unseen(struct phone *p, struct sip_peer *to, struct text message);

#endif
