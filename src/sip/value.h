/* value.h — pieces of header values: lists, parameters, addresses, tokens (RFC 3261 §25.1).
 * Folding is gone already; quoted strings and < > are respected everywhere. */
#ifndef SIP_VALUE_H
#define SIP_VALUE_H

#include "base/text.h"

bool sip_value_is_token_char(char c);
/* Only characters of a token, and at least one. */
bool sip_value_is_token(struct text t);

/* Takes the next element of a comma-separated list from *rest, trimmed; false at the end. */
bool sip_value_next(struct text *rest, struct text *element);
/* Takes what stands before the next ';' from *rest; the same rules. */
bool sip_value_part(struct text *rest, struct text *part);

/* The value of a parameter among ";a=b;c" (params begins with ';' or is empty): trimmed; has: it is
 * there at all, perhaps without value. */
struct text sip_value_param(struct text params, struct text name, bool *has);

/* name-addr or addr-spec with parameters. */
struct sip_address {
    struct text display, uri, params; /* params: from the first ';' on, of the header */
    bool has_brackets;
};
/* False: brackets or quotes that do not close, or nothing in them. */
MUST_CHECK bool sip_value_address(struct text value, struct sip_address *address);

/* Before the first ':' of a URI; empty when there is none or it is no scheme. */
struct text sip_value_scheme(struct text uri);

/* user, host and port of a sip or sips URI; port 0 when it names none. */
struct sip_uri_parts {
    struct text user, host, params; /* user: as written; host: without [ ] */
    uint16_t port;
    bool is_ipv6;
};
MUST_CHECK bool sip_value_uri(struct text uri, struct sip_uri_parts *parts);

/* One Via: "SIP/2.0/UDP host:port;params", with white space where the grammar lets it stand. */
struct sip_via_parts {
    struct text transport, host, params, branch;
    uint16_t port;
    bool has_rport;
};
MUST_CHECK bool sip_value_via(struct text via, struct sip_via_parts *parts);

#endif
