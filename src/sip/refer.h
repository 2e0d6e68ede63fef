/* refer.h — REFER (RFC 3515): a telephone wants its call to go to somebody else. Pure; a value.
 * Called by phone/. Only whom it names counts: where it says to send is never followed. */
#ifndef SIP_REFER_H
#define SIP_REFER_H

#include "sip/leg.h"
#include "sip/replaces.h"

#define SIP_REFER_USER_MAX 64

struct sip_refer {
    char user[SIP_REFER_USER_MAX]; /* of the URI, unescaped; may be empty */
    uint16_t user_n;
    bool has_replaces, wants_no_news; /* RFC 4488: no NOTIFY */
    struct sip_replaces replaces;     /* slices of bytes */
    char bytes[SIP_CALL_ID_MAX + 2 * SIP_TAG_MAX + 64];
};

/* False: 400: none, more than one, or one that cannot be read. */
MUST_CHECK bool sip_refer_read(struct sip_refer *refer, const struct sip_read *request);

/* The lines and the body of a NOTIFY about it: status 100 while it goes on; then it is over. */
#define SIP_REFER_LINES_MAX 160
void sip_refer_put_lines(struct text_out *out, uint16_t status);
void sip_refer_put_body(struct text_out *out, uint16_t status);

#endif
