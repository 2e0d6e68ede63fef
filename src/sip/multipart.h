/* multipart.h — the session description in a body of several parts (RFC 2046 §5.1, RFC 5621), as
 * operators send it beside the words of their own network. Pure. Called by phone/ at the door. */
#ifndef SIP_MULTIPART_H
#define SIP_MULTIPART_H

#include "sip/read.h"

#define SIP_MULTIPART_PARTS_MAX 8
#define SIP_MULTIPART_BOUNDARY_MAX 70 /* RFC 2046 §5.1.1 */

/* Puts the first part that is application/sdp in place of a multipart body, with its type. Changes
 * nothing where there is none, or where the parts cannot be told apart. */
void sip_multipart_open(struct sip_read *read);

#endif
