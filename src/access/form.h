/* form.h — what a browser says, taken apart: a cookie, a field of a form, and from where it comes.
 * Called by app/. Pure; nothing is copied but a field's value. What is malformed is nothing. */
#ifndef ACCESS_FORM_H
#define ACCESS_FORM_H

#include "base/address.h"
#include "base/text.h"

/* Fields of one form that are looked through; what stands behind them is not there. */
#define FORM_FIELDS_MAX 32

/* The value of a cookie (RFC 6265 §4.2.1). False: none of this very name, or two of them. */
MUST_CHECK bool form_cookie(struct text *value, struct text header, struct text name);

/* A field of application/x-www-form-urlencoded, decoded; name: of letters that are not encoded.
 * False: there is none, it stands twice, an escape is wrong, it holds a NUL, or it does not fit. */
MUST_CHECK bool form_field(struct text_out *out, struct text body, const char *name);

/* What a browser tells of itself (Fetch Metadata; RFC 6454). */
struct form_source {
    struct text site;   /* Sec-Fetch-Site; empty: none */
    struct text origin; /* Origin; empty: none */
    struct text host;   /* Host */
};
/* Was it sent by a page of ours? False also when nothing says so. */
bool form_is_ours(const struct form_source *source);

/* Is this Host a name of the machine itself (localhost, 127.…, [::1]), whatever the port? */
bool form_is_loopback(struct text host);

/* The client for which a proxy speaks: the last of X-Forwarded-For, which the nearest proxy put.
 * False: it is no address. */
MUST_CHECK bool form_client(struct address *client, struct text forwarded_for);

/* Hexadecimal of both cases into n bytes; false when it is not exactly that. */
MUST_CHECK bool form_hex(uint8_t *to, size_t n, struct text t);

#endif
