/* signature.h — did a gateway that knows our secret write this request, just now, and for the first
 * time? Header X-Decroche-Signature: t=SECONDS,v1=HEX, where HEX is HMAC-SHA256 of "SECONDS.BODY".
 * Called by request.c on the reader thread. Cost: one HMAC. */
#ifndef WEB_SIGNATURE_H
#define WEB_SIGNATURE_H

#include "base/text.h"

#define WEB_SIGNATURE_BYTES 32
/* So far its clock and ours may be apart; what is older is no news. */
#define WEB_SIGNATURE_S 300
/* Requests that were carried out, remembered: more within that time are refused as repeated. */
#define WEB_SIGNATURES_MAX 1024

struct web_signature {
    char secret[256]; /* empty: nothing is ever signed well */
    size_t secret_n;
    struct {
        uint8_t mac[WEB_SIGNATURE_BYTES];
        uint64_t at_s;
    } seen[WEB_SIGNATURES_MAX];
    unsigned next;
};

struct web_signed {
    struct text header, body;
    uint64_t now_s;
};

/* NULL or empty: none. False: it is too long, the one before stays. */
MUST_CHECK bool web_signature_follow(struct web_signature *s, const char *secret);
bool web_signature_is_good(const struct web_signature *s, const struct web_signed *r);
/* One that is good: was it carried out before? */
bool web_signature_is_repeated(const struct web_signature *s, const struct web_signed *r);
/* It was carried out. */
void web_signature_keep(struct web_signature *s, const struct web_signed *r);

#endif
