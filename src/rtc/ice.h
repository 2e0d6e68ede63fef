/* ice.h — the ICE-lite agent of one session (RFC 8445 §2.5, §7.3): it answers checks, and what they
 * prove is kept here: from where the browser may speak, where it wants to be spoken to, and whether
 * it still does (RFC 7675). Called by the media thread with checks whose MESSAGE-INTEGRITY is good.
 * Plain data; time is passed in. */
#ifndef RTC_ICE_H
#define RTC_ICE_H

#include "base/address.h"

/* Addresses that a session may speak from at once; past them the one heard longest ago gives way,
 * never the chosen one. */
#define ICE_PAIRS_MAX 4
/* Without a check a pair has no consent any more (RFC 7675 §5.1). */
#define ICE_CONSENT_MS 30000

#define ICE_UFRAG_BYTES 8     /* ours; 47 bits (RFC 8445 §5.3 wants 24) */
#define ICE_PASSWORD_BYTES 24 /* ours; 142 bits (128) */

enum ice_state {
    ICE_WAITING, /* nobody has proved anything yet */
    ICE_VALID,   /* a pair is good; none is chosen */
    ICE_CHOSEN,  /* sound goes to the chosen pair */
    ICE_LOST,    /* the chosen pair lost its consent: nothing is sent */
    ICE_STATES,
};

enum ice_event {
    ICE_CHECKED,   /* a good check */
    ICE_NOMINATED, /* a good check with USE-CANDIDATE */
    ICE_EXPIRED,   /* no consent for the chosen pair */
    ICE_EVENTS,
};

struct ice_pair {
    struct address remote; /* family 0: none */
    ms_t checked_at;
};

struct ice {
    enum ice_state state;
    uint8_t chosen_i; /* of pairs; in ICE_CHOSEN and ICE_LOST */
    struct ice_pair pairs[ICE_PAIRS_MAX];
};

struct ice_check {
    struct address from;
    bool is_used;
    ms_t at;
};

/* What a check has changed. */
struct ice_news {
    bool is_chosen;           /* sound goes to check.from from now on, and did not before */
    bool is_valid;            /* check.from may speak from now on */
    struct address forgotten; /* may not any more; family 0: none */
};

/* The table: what becomes of a state. */
enum ice_state ice_next(enum ice_state state, enum ice_event event);

void ice_begin(struct ice *ice);
struct ice_news ice_check(struct ice *ice, const struct ice_check *check);

/* True, once: the chosen pair has had no check for ICE_CONSENT_MS. */
bool ice_expire(struct ice *ice, ms_t now_at);

/* May packets of this address be looked at? Their pair is proved, and its consent is not over. */
bool ice_may_speak(const struct ice *ice, const struct address *from, ms_t now_at);

/* Where to send; NULL: nowhere. */
const struct address *ice_chosen(const struct ice *ice);

#endif
