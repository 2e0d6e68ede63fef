/* registrar.c — see registrar.h. Called by phone/.
 * Cost: at most SIP_REGISTRAR_CONTACTS_MAX² compares of URIs and as many heap changes.
 * Invariant: a binding that is used is in the list of its address and has a timer. */
#include "sip/registrar.h"

unsigned sip_registrar_status(enum sip_registrar_verdict verdict)
{
    static const uint16_t statuses[] = {
        [SIP_REGISTRAR_OK] = 200,   [SIP_REGISTRAR_TOO_BRIEF] = 423, [SIP_REGISTRAR_LATE] = 500,
        [SIP_REGISTRAR_BAD] = 400,  [SIP_REGISTRAR_TOO_LONG] = 400,  [SIP_REGISTRAR_TOO_MANY] = 403,
        [SIP_REGISTRAR_FULL] = 503,
    };
    return statuses[verdict];
}
