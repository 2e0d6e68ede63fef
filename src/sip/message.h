/* message.h — a SIP message as values: what phone/ has read from a datagram, what is to be written.
 * Reading is read.h's; writing is here, so that what we send depends on nothing else.
 * Slices are borrowed from the datagram for the duration of one call. */
#ifndef SIP_MESSAGE_H
#define SIP_MESSAGE_H

#include "base/text.h"

enum sip_method {
    SIP_METHOD_OTHER, /* its name is in method_name */
    SIP_METHOD_INVITE,
    SIP_METHOD_ACK,
    SIP_METHOD_BYE,
    SIP_METHOD_CANCEL,
    SIP_METHOD_OPTIONS,
    SIP_METHOD_REGISTER,
    SIP_METHOD_INFO,
    SIP_METHOD_UPDATE, /* RFC 3311 */
    SIP_METHOD_PRACK,  /* RFC 3262 */
    SIP_METHOD_REFER,  /* RFC 3515 */
    SIP_METHOD_NOTIFY, /* RFC 6665 */
    SIP_METHODS
};

struct text sip_method_name(enum sip_method method);
enum sip_method sip_method_of(struct text name);

#define SIP_VIAS_MAX 70 /* Max-Forwards of the RFC: no honest request has more */
#define SIP_ROUTES_MAX 16

/* A message that came in. */
struct sip_in {
    bool is_request;
    enum sip_method method; /* of the request, or of the CSeq of a response */
    struct text method_name, request_uri;
    uint16_t status;
    struct text vias[SIP_VIAS_MAX]; /* whole header values, in order */
    uint32_t vias_n;
    /* ";received=…;rport=…" for the top Via of our answer (RFC 3581 §4); an empty ";rport" in the
     * Via gives way to it. */
    struct text via_suffix;
    struct text
        routes[SIP_ROUTES_MAX]; /* Record-Route, one route each (split at commas), in order */
    uint32_t routes_n;
    struct text from, to; /* whole header values */
    struct text from_tag, to_tag;
    struct text call_id, contact_uri; /* contact_uri: without < > */
    uint32_t cseq;
    struct text content_type, body;
};

/* What a response of ours says beyond the copied headers. */
struct sip_answer {
    uint16_t status;
    struct text reason;
    struct text to_tag;  /* added to To when the request had none */
    struct text contact; /* URI; none when empty */
    struct text headers; /* whole lines, each with its CRLF */
    struct text content_type, body;
};

/* What a request of ours says. */
struct sip_ask {
    enum sip_method method;
    struct text request_uri;
    struct text via;    /* "SIP/2.0/UDP host:port;branch=…;rport" */
    struct text routes; /* value of one Route header, empty for none */
    struct text from, to, call_id, contact, headers, content_type, body;
    uint32_t cseq;
};

/* Writes a whole message; false when it did not fit (out->is_cut), or for a request whose method
 * has no name here. */
MUST_CHECK bool sip_write_answer(struct text_out *out, const struct sip_in *in,
                                 const struct sip_answer *answer);
/* Another answer to a request that has got one already, written from that earlier one: what it
 * copied from the request stands in it. routes: a Record-Route value, empty for none. */
MUST_CHECK bool sip_write_again(struct text_out *out, struct text earlier, struct text routes,
                                const struct sip_answer *answer);
MUST_CHECK bool sip_write_ask(struct text_out *out, const struct sip_ask *ask);

/* The phrase of a status code (RFC 3261 §21); "Unknown" for others. */
struct text sip_reason(unsigned status);

#endif
