/* who.h — who calls whom, by the headers of an INVITE. Pure; slices of the message. Called by
 * phone/ for each call that comes in. */
#ifndef SIP_WHO_H
#define SIP_WHO_H

#include "sip/read.h"

/* The numbers that a call may be for, the most likely first (design §4): the Request-URI, To, and,
 * where it was sent on to us, whom it was for: Diversion (RFC 5806), then History-Info (RFC 7044)
 * from its beginning. Users of sip and tel URIs as written, without parameters; n of them. */
#define SIP_WHO_CALLED_MAX 8
uint32_t sip_who_called(const struct sip_read *invite, struct text called[SIP_WHO_CALLED_MAX]);

/* The number that calls; empty: withheld (RFC 3323 §4.2, RFC 3325 §9.3), or none is said.
 * is_trusted: P-Asserted-Identity counts (RFC 3325 §5), else nothing but From. */
struct text sip_who_calls(const struct sip_read *invite, bool is_trusted);

/* The user of the URI of a From; empty when there is none. */
struct text sip_who_is(struct text value);

#endif
