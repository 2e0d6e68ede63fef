/* info.h — a key in the body of an INFO (RFC 6086), as telephones and gateways send it that have no
 * telephone-event: application/dtmf-relay ("Signal=5", "Duration=160") and application/dtmf ("5").
 * No RFC says how; both are what the field does. Called by phone/digit.c. Pure. */
#ifndef SIP_INFO_H
#define SIP_INFO_H

#include "sip/message.h"

enum sip_info_verdict {
    SIP_INFO_KEY,     /* *key: 0-9 * # A-D */
    SIP_INFO_NOTHING, /* no body, or a signal that is no key (a flash) */
    SIP_INFO_FOREIGN, /* a body of another kind: 415 */
    SIP_INFO_DAMAGED, /* of this kind, and not to be read: 400 */
};

enum sip_info_verdict sip_info_read(const struct sip_in *in, char *key);

#endif
