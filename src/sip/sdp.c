/* sdp.c — see sdp.h. Called by sip/offer and phone/. Cost: linear in the body.
 * Invariant: what is read fits its bound; nothing is read past the body. */
#include "sip/sdp.h"

bool sip_sdp_address_is_zero(const struct sip_sdp_address *address)
{
    unsigned any = 0;
    for (unsigned i = 0; i < (address->family == 4 ? 4 : 16); i++)
        any |= address->bytes[i];
    return address->family && !any;
}
