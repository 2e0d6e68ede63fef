/* trace.h — what the telephone remembers of its messages, record by record on a struct tape: phone/
 * puts them, pages read them (app/pages_trace.c). Nothing here is masked: it never leaves memory
 * but through view/sip_mask.h. */
#ifndef PORT_TRACE_H
#define PORT_TRACE_H

#include "base/address.h"
#include "base/tape.h"
#include "port/counts.h"

/* A longer message is kept to here. */
#define TRACE_MESSAGE_MAX ((size_t)8192)
#define TRACE_CALL_ID_MAX 128

enum trace_kind {
    TRACE_CAME, /* a message, which follows its head */
    TRACE_WENT,
    TRACE_LEG,   /* whose messages these are, by their Call-ID, which follows */
    TRACE_SOUND, /* how leg_id sounded: struct media_counts follows, at its end */
};

struct trace_head {
    ms_t at;                   /* journal time */
    uint64_t leg_id, near_id;  /* TRACE_LEG: near_id: the leg that it was called for; 0: none */
    uint64_t aor;              /* the agent whose telephone it is; 0: none */
    struct address peer, self; /* self: ours, of a message */
    uint32_t trunk_id;         /* of the directory; 0: none */
    uint16_t whole_n;          /* of the message, or UINT16_MAX: its bytes when it came or went */
    uint8_t kind;              /* enum trace_kind */
    bool is_tcp, is_tls, is_test;
};

_Static_assert(sizeof(struct trace_head) + TRACE_MESSAGE_MAX <= TAPE_RECORD_MAX,
               "the longest message fits into a record");

#endif
