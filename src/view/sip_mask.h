/* sip_mask.h — a SIP message without its secrets: what of it may be shown.
 * Called by view/trace.c, on the reader thread. Pure. Cost: one walk over the bytes.
 * Invariant: of a header whose name is not known here, and of a body that is no SDP, nothing is
 * shown; of a number of SIP_MASK_DIGITS_MIN digits or more its last four are not, wherever it
 * stands (the practice of the itemised bill). */
#ifndef VIEW_SIP_MASK_H
#define VIEW_SIP_MASK_H

#include "base/text.h"

/* Shorter ones are those of the house and of services: 112, 3939, 116 000, lines of agents. */
#define SIP_MASK_DIGITS_MIN 7
#define SIP_MASK_HIDDEN 4
#define SIP_MASK_DIGIT "•"
#define SIP_MASK_VALUE "(masqué)"

/* Any text that may hold a number: a URI, a header's value, a line of SDP. */
void view_mask_numbers(struct text_out *out, struct text t);
/* A whole message, its lines ended by LF. */
void view_mask_message(struct text_out *out, struct text message);

#endif
