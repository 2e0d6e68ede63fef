/* trunk.h — one access to an operator as it looks from here: are we registered there, and does it
 * answer. Two small tables; time is passed in. phone/ sends what they ask for. Called by phone/.
 * Registration: RFC 3261 §10.2, 423 §21.4.17, credentials §22.2; probing by OPTIONS: §11. */
#ifndef SIP_TRUNK_H
#define SIP_TRUNK_H

#include "base/types.h"

/* What we ask for; the operator's answer counts, within bounds. */
#define SIP_TRUNK_EXPIRES_S 600u
#define SIP_TRUNK_EXPIRES_S_MAX 86400u
/* Challenges answered in one registration: an operator who always asks again is not asked for ever.
 */
#define SIP_TRUNK_PROOFS_MAX 2
/* 423 answered in one registration. */
#define SIP_TRUNK_BRIEFS_MAX 2
/* After a failure: first, then twice as long each time, at most; after wrong credentials. */
#define SIP_TRUNK_AGAIN_MS ((ms_t)5000)
#define SIP_TRUNK_AGAIN_MS_MAX ((ms_t)300000)
#define SIP_TRUNK_REFUSED_MS ((ms_t)60000)
/* Probes: while it answers, while it does not, and how long an answer may take: with these a trunk
 * that died is known by the next call after 2 s, and without calls after 12 s. */
#define SIP_TRUNK_PROBE_MS ((ms_t)10000)
#define SIP_TRUNK_PROBE_DOWN_MS ((ms_t)2000)
#define SIP_TRUNK_ANSWER_MS ((ms_t)2000)

enum sip_trunk_registration {
    SIP_TRUNK_IDLE,    /* nothing is under way: bound or not, see bound_until_at */
    SIP_TRUNK_ASKING,  /* REGISTER sent */
    SIP_TRUNK_PROVING, /* REGISTER sent, with the answer to a challenge */
    SIP_TRUNK_REGISTRATIONS
};

enum sip_trunk_register_event {
    SIP_TRUNK_REGISTER_DUE,
    SIP_TRUNK_GOT_OK,        /* value: the seconds granted; 0: none were said */
    SIP_TRUNK_GOT_CHALLENGE, /* 401, 407 */
    SIP_TRUNK_GOT_STALE,     /* the same, with stale=true: the proof was right, but late */
    SIP_TRUNK_GOT_BRIEF,     /* 423; value: Min-Expires */
    SIP_TRUNK_GOT_FAILURE,   /* any other final answer */
    SIP_TRUNK_GOT_NOTHING,   /* nobody answered, or it could not be sent */
    SIP_TRUNK_REGISTER_EVENTS
};

enum sip_trunk_link { SIP_TRUNK_UNKNOWN, SIP_TRUNK_UP, SIP_TRUNK_DOWN, SIP_TRUNK_LINKS };

enum sip_trunk_probe_event {
    SIP_TRUNK_PROBE_DUE,
    SIP_TRUNK_PROBE_ANSWERED, /* any final answer but 503: somebody is there */
    SIP_TRUNK_PROBE_LOST,     /* nothing within SIP_TRUNK_ANSWER_MS, or 503 */
    SIP_TRUNK_SUSPECT,        /* a call found nobody there */
    SIP_TRUNK_PROBE_EVENTS
};

/* What to do, as bits. */
enum sip_trunk_action {
    SIP_TRUNK_SEND_REGISTER = 1 << 0, /* without credentials */
    SIP_TRUNK_SEND_PROOF = 1 << 1,    /* with the answer to the challenge that came */
    SIP_TRUNK_SEND_PROBE = 1 << 2,
    SIP_TRUNK_TELL_BOUND = 1 << 3,   /* for the log: it was not before */
    SIP_TRUNK_TELL_REFUSED = 1 << 4, /* wrong name or secret */
    SIP_TRUNK_TELL_FAILED = 1 << 5,
    SIP_TRUNK_TELL_UP = 1 << 6, /* it was not before */
    SIP_TRUNK_TELL_DOWN = 1 << 7,
};

struct sip_trunk {
    enum sip_trunk_registration registration;
    enum sip_trunk_link link;
    bool registers; /* the operator wants it */
    bool is_unprobed;
    uint8_t proofs_n, briefs_n;
    uint32_t expires_s; /* asked for */
    ms_t register_at, bound_until_at, again_ms;
    ms_t probe_at;  /* of the next probe */
    ms_t answer_at; /* at which a probe is lost; MS_NEVER: none is out */
};

/* At now_at: registers at once when it is to, and probes. */
struct sip_trunk_wish {
    bool registers;
    bool is_unprobed; /* it may be tried always, and is never known to be up or down */
};
void sip_trunk_open(struct sip_trunk *t, struct sip_trunk_wish wish, ms_t now_at);

unsigned sip_trunk_register(struct sip_trunk *t, enum sip_trunk_register_event event,
                            uint32_t value, ms_t now_at);
unsigned sip_trunk_probe(struct sip_trunk *t, enum sip_trunk_probe_event event, ms_t now_at);

/* The first that is due at now_at; false: nothing is (any more). */
bool sip_trunk_due(struct sip_trunk *t, ms_t now_at, unsigned *actions);
ms_t sip_trunk_next_at(const struct sip_trunk *t);

bool sip_trunk_is_bound(const struct sip_trunk *t, ms_t now_at);
/* May a call be tried there? One that was never probed may. */
bool sip_trunk_is_usable(const struct sip_trunk *t, ms_t now_at);

#endif
