/* session.h — the life of a call on one leg: who may send what, when messages cross (RFC 3261 §9,
 * §13, §15). A table: [state][event] → next state and what to do.
 * phone/ keeps one state per leg, beside its dialog and its INVITE transaction. */
#ifndef SIP_SESSION_H
#define SIP_SESSION_H

#include "base/types.h"

enum sip_session_state {
    SIP_SESSION_NONE,
    /* the called side */
    SIP_SESSION_RINGING, /* INVITE received, not answered */
    SIP_SESSION_EARLY,   /* the same, and our 183 has a description: they hear us (RFC 3960) */
    /* A 183 that is to be acknowledged was sent, its PRACK is not here (RFC 3262 §3); and the same,
     * but it was answered meanwhile: the 2xx waits. */
    SIP_SESSION_SOUNDED,
    SIP_SESSION_PICKED_UP,
    SIP_SESSION_ANSWERED, /* 2xx sent, its ACK not yet here */
    SIP_SESSION_LEAVING,  /* we hang up, but must wait for the ACK (§15) */
    /* the calling side */
    SIP_SESSION_CALLING,       /* INVITE sent, nothing heard */
    SIP_SESSION_HEARD,         /* a provisional answer came */
    SIP_SESSION_CANCEL_WANTED, /* to be cancelled as soon as something is heard (§9.1) */
    SIP_SESSION_CANCELLED,     /* CANCEL sent, the final answer awaited */
    /* both */
    SIP_SESSION_TALKING,
    SIP_SESSION_CLOSING, /* BYE sent */
    SIP_SESSION_ENDED,
    SIP_SESSION_STATES
};

enum sip_session_event {
    SIP_SESSION_WE_ANSWER,
    SIP_SESSION_WE_SOUND,        /* 183 */
    SIP_SESSION_WE_SOUND_SURELY, /* by one that is to be acknowledged */
    SIP_SESSION_WE_REFUSE,
    SIP_SESSION_WE_HANG_UP,
    SIP_SESSION_GOT_CANCEL,
    SIP_SESSION_GOT_ACK,
    SIP_SESSION_GOT_BYE,
    SIP_SESSION_NO_ACK, /* 64 × T1 after our 2xx */
    SIP_SESSION_GOT_PRACK,
    SIP_SESSION_NO_PRACK, /* 64 × T1 after our 183 */
    SIP_SESSION_GOT_1XX,
    SIP_SESSION_GOT_2XX, /* first or repeated */
    SIP_SESSION_GOT_FAILURE,
    SIP_SESSION_NO_ANSWER, /* the INVITE or BYE timed out, or its transport failed */
    SIP_SESSION_BYE_DONE,  /* any final answer to our BYE */
    SIP_SESSION_EVENTS
};

/* What to do, as bits; in this order. */
enum sip_session_action {
    SIP_SESSION_SEND_2XX = 1 << 0,
    SIP_SESSION_SEND_REFUSAL = 1 << 1, /* the status that our side chose */
    SIP_SESSION_SEND_487 = 1 << 2,     /* to the INVITE */
    SIP_SESSION_SEND_OK = 1 << 3,      /* 200 to the CANCEL or BYE that came */
    SIP_SESSION_SEND_481 = 1 << 4,
    SIP_SESSION_SEND_ACK = 1 << 5,
    SIP_SESSION_SEND_CANCEL = 1 << 6,
    SIP_SESSION_SEND_BYE = 1 << 7,
    SIP_SESSION_TELL_UP = 1 << 8,    /* both sides agree: media may flow */
    SIP_SESSION_TELL_HEARD = 1 << 9, /* it rings there */
    SIP_SESSION_TELL_END = 1 << 10,  /* once: the leg is over */
    /* The BYE says that our 2xx has arrived: its transaction needs no ACK (SIP_TX_GOT_ACK). */
    SIP_SESSION_STOP_2XX = 1 << 11,
    SIP_SESSION_SEND_183 = 1 << 12,
};

/* Moves *state; returns what to do. An event that a state has no use for changes nothing and asks
 * for nothing, except that a BYE or CANCEL always gets an answer. */
unsigned sip_session_happens(enum sip_session_state *state, enum sip_session_event event);

/* We have called, and nothing final was said. */
static inline bool sip_session_is_young(enum sip_session_state state)
{
    return state == SIP_SESSION_CALLING || state == SIP_SESSION_HEARD;
}

#endif
