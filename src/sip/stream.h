/* stream.h — where one message ends in a stream of bytes (RFC 3261 §18.3), and the pings between
 * them (RFC 5626 §3.5.1). Pure. Called by phone/ for each piece that comes over TCP. */
#ifndef SIP_STREAM_H
#define SIP_STREAM_H

#include "base/text.h"

enum sip_stream_verdict {
    SIP_STREAM_MORE,    /* nothing is whole yet */
    SIP_STREAM_BLANK,   /* n bytes that mean nothing: an empty line, a pong */
    SIP_STREAM_PING,    /* n bytes; to be answered with one empty line (RFC 5626 §4.4.1) */
    SIP_STREAM_MESSAGE, /* n bytes, a whole message by its Content-Length */
    SIP_STREAM_BROKEN,  /* no SIP, or where the next one begins cannot be known: to be closed */
};

/* What stands at the beginning of bytes; messages are at most max long. Without Content-Length a
 * message has no body. Cost: one walk over its head. */
enum sip_stream_verdict sip_stream_cut(struct text bytes, size_t max, size_t *n);

#endif
