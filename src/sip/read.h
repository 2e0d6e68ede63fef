/* read.h — a SIP message from bytes (RFC 3261 §7, §25), for every message that comes in.
 * One reader, ours, because four of the torture messages of RFC 4475 that must be answered are
 * refused by libre before anybody sees them. Pure; what it refuses it says with the status to
 * answer. */
#ifndef SIP_READ_H
#define SIP_READ_H

#include "sip/message.h"
#include "sip/value.h"

#define SIP_MESSAGE_MAX 65535
#define SIP_HEADERS_MAX 160
/* A body may be this much shorter than Content-Length says: phones that count their line ends wrong
 * (an example of RFC 5118 does). Beyond it the message was cut on the way: 400. */
#define SIP_LENGTH_SLACK 32

/* Headers that have a meaning here; others are SIP_HEADER_OTHER. */
enum sip_header_id {
    SIP_HEADER_OTHER,
    SIP_HEADER_VIA,
    SIP_HEADER_FROM,
    SIP_HEADER_TO,
    SIP_HEADER_CALL_ID,
    SIP_HEADER_CSEQ,
    SIP_HEADER_CONTACT,
    SIP_HEADER_MAX_FORWARDS,
    SIP_HEADER_RECORD_ROUTE,
    SIP_HEADER_CONTENT_LENGTH,
    SIP_HEADER_CONTENT_TYPE,
    SIP_HEADER_EXPIRES,
    SIP_HEADER_REQUIRE,
    SIP_HEADER_AUTHORIZATION,
    SIP_HEADER_PROXY_AUTHORIZATION,
    SIP_HEADER_WWW_AUTHENTICATE,
    SIP_HEADER_PROXY_AUTHENTICATE,
    SIP_HEADER_MIN_EXPIRES,
    SIP_HEADER_RETRY_AFTER,
    SIP_HEADER_ACCEPT,
    SIP_HEADER_ALLOW,
    SIP_HEADER_USER_AGENT,
    SIP_HEADER_P_ASSERTED_IDENTITY,
    SIP_HEADER_PRIVACY,
    SIP_HEADER_DIVERSION,
    SIP_HEADER_REASON,
    SIP_HEADER_SESSION_EXPIRES,
    SIP_HEADER_MIN_SE,
    SIP_HEADER_SUPPORTED,
    SIP_HEADER_RSEQ,
    SIP_HEADER_RACK,
    SIP_HEADER_HISTORY_INFO,
    SIP_HEADER_REPLACES,
    SIP_HEADER_JOIN,
    SIP_HEADER_REFER_TO,
    SIP_HEADER_REFER_SUB,
    SIP_HEADER_IDS
};

struct sip_header {
    enum sip_header_id id;
    struct text name, value;
};

struct sip_read {
    struct sip_in in;
    struct sip_header headers[SIP_HEADERS_MAX];
    uint32_t headers_n;
    struct sip_via_parts via; /* the top one */
    struct text method_of_cseq;
    uint32_t max_forwards; /* 70 when absent, as RFC 2543 has none */
    uint32_t expires;
    bool has_expires;
    uint16_t refusal;    /* SIP_READ_REFUSED: the status to answer */
    struct text because; /* its phrase */
};

enum sip_read_verdict {
    SIP_READ_OK,
    SIP_READ_REFUSED, /* a request that may be answered with refusal, statelessly */
    SIP_READ_DROPPED, /* nothing may be sent: a broken response, or nobody to answer */
};

/* Reads the n ≤ SIP_MESSAGE_MAX bytes of one datagram. Changes them: folded header lines become
 * one. The slices in *out point into them. */
enum sip_read_verdict sip_read(struct sip_read *out, char *bytes, size_t n);

/* The i-th header of this id, an empty slice with p NULL when there are fewer. */
struct text sip_read_header(const struct sip_read *r, enum sip_header_id id, uint32_t i);
/* Is this token in the list that the headers of this id make together? */
bool sip_read_lists(const struct sip_read *r, enum sip_header_id id, struct text token);

#endif
