/* contact.h — a contact: one person's wish for a human, with the call and the offer in course.
 * Part of the state (state.h). */
#ifndef ACD_CONTACT_H
#define ACD_CONTACT_H

#include "event/enums.h"

enum contact_state {
    CONTACT_NONE,     /* free slot */
    CONTACT_OPEN,     /* in the menu: nobody asked for yet */
    CONTACT_WAITING,  /* in lanes */
    CONTACT_OFFERED,  /* an agent is kept or rings */
    CONTACT_JOINED,   /* they speak */
    CONTACT_AFTER,    /* the agent's leg is over, the caller's is not */
    CONTACT_GONE,     /* the caller's leg is over; its class comes in the same step or sweep */
    CONTACT_PENDING,  /* its class will be known later, at closing at the latest */
    CONTACT_DROPPED,  /* nobody on the line; the place is kept for a while */
    CONTACT_PROMISED, /* we call back: not yet; or no more, and the place is kept for a while */
    CONTACT_WRITTEN,  /* wrote, and waits for an agent to take it: in no lane */
    CONTACT_TAKEN,    /* an agent has what it wrote */
    CONTACT_STATES
};

/* Facts about the call in course that its class will need (design §3.5). */
enum contact_flag {
    CONTACT_IS_TEST = 1 << 0,      /* placed by, or joined to, a robot of ours */
    CONTACT_INFORMED = 1 << 1,     /* heard an answer to its end */
    CONTACT_CLOSED = 1 << 2,       /* asked outside the published hours */
    CONTACT_REFUSED = 1 << 3,      /* refused during published hours */
    CONTACT_ASKED = 1 << 4,        /* was queued at least once */
    CONTACT_CONFIRMED = 1 << 5,    /* an agent confirmed at least once */
    CONTACT_ANSWERED = 1 << 6,     /* a conversation that counts took place */
    CONTACT_CUT_SHORT = 1 << 7,    /* our side ended a conversation before 10 s */
    CONTACT_MEDIA_CALLER = 1 << 8, /* of the conversation in course */
    CONTACT_MEDIA_AGENT = 1 << 9,
    CONTACT_SERVED = 1 << 10,   /* someone eligible was signed in at a moment of an earlier wait */
    CONTACT_RETURNED = 1 << 11, /* was offered or joined before: goes first by its old place */
    CONTACT_CLOSING_TOLD = 1 << 12,
    CONTACT_ON_LINE = 1 << 13,   /* the caller's leg lives */
    CONTACT_BY_FAULT = 1 << 14,  /* the leg ended by our fault */
    CONTACT_BY_SYSTEM = 1 << 15, /* we ended the leg */
    CONTACT_SENT_AWAY = 1 << 16, /* was told that we cannot answer before closing */
    CONTACT_DIALLED = 1 << 17,   /* we call: nobody is on the line */
    CONTACT_DISCREET = 1 << 18,  /* says neither service nor subject before they do */
    CONTACT_UNCLASSED = 1 << 19, /* of these: its call has ended and has no class yet */
    CONTACT_UNREAD = 1 << 20,    /* written: something came since the last answer, or it failed */
    CONTACT_LEAVING = 1 << 21,   /* written: an answer is on its way to the operator */
    CONTACT_HELPED = 1 << 22,    /* a ring has opened because help was asked for */
    CONTACT_AGREED = 1 << 23,    /* an agent has agreed with them on another time to be called at */
};

/* Above them, of who is helped (ADR 37): the widest ring that opened by anything else. */
#define CONTACT_HELP_SHIFT 24
#define CONTACT_HELP_MASK (UINT32_C(3) << CONTACT_HELP_SHIFT)

/* Above them: how often its place was taken back by calling again. Of the contact, not of the call;
 * among the flags, for the content of before these returns keeps its hash and its image. */
#define CONTACT_RETURNS_SHIFT 28
#define CONTACT_RETURNS_MASK (UINT32_C(15) << CONTACT_RETURNS_SHIFT)

#define CONTACT_RINGS 4 /* RING_ADVISOR … RING_NETWORK */
/* Scope of the second lane of a contact that has an advisor but no longer waits for him alone. */
#define SCOPE_ADVISOR_TOO CONTACT_RINGS
#define SCOPES (CONTACT_RINGS + 1)

/* Where a waiting contact stands: its ring's lane, its advisor's lane, its queue; and of those whom
 * we call, among those who wait or among those who do not yet. */
enum contact_node { NODE_RING, NODE_ADVISOR, NODE_QUEUE, NODE_DIALLED, NODES };

struct contact {
    /* Content: no slots, no gaps; hashed as words. */
    uint64_t id, call_id, offer_id, person_id, needs, leg_id;
    uint64_t asked_id; /* the event that queued the call in course */
    ms_t place_at, key_at;
    ms_t arrived_at, asked_at; /* of the call in course; asked_at 0: not yet */
    ms_t wait_since_at;        /* 0 when it does not wait */
    ms_t wait_ms, talk_ms;     /* of the call in course, so far */
    ms_t joined_at, due_at;    /* due_at: offer ends, or place lapses */
    ms_t ring_at[CONTACT_RINGS];
    ms_t tell_at, bound_at, told_at, longer_at;
    ms_t not_before_at, drop_first_at;
    uint32_t site_id, area_id, portfolio_id, entry_id, reference;
    uint32_t flags;
    uint16_t node;
    uint8_t state, kind, medium, channel, priority, ring, phase, band, before_told;
    uint8_t attempts_n; /* to call; written: texts that came */
    uint32_t needs_s;   /* seconds of waiting until the needs are lifted; 0: they are not */
    uint64_t hash;      /* of the content, as it last counted (touch.h) */
    /* Slots. */
    uint32_t queue, lane, advisor_lane, network_lane, agent;
    uint32_t agent_next, agent_prev;     /* among the contacts of one agent */
    uint32_t live_next, live_prev;       /* among the live calls and callbacks of a node */
    uint32_t pending_next, pending_prev; /* among the calls that have no class yet */
};

#define CONTACT_WORDS (offsetof(struct contact, hash) / 8)

static inline unsigned contact_returns_n(const struct contact *c)
{
    return c->flags >> CONTACT_RETURNS_SHIFT;
}

/* Of who is helped: the widest ring that is open without it. */
static inline unsigned contact_own_ring(const struct contact *c)
{
    return (c->flags & CONTACT_HELP_MASK) >> CONTACT_HELP_SHIFT;
}

/* When its needs are lifted; MS_NEVER: they are not, or were. */
static inline ms_t contact_needs_until(const struct contact *c)
{
    return c->needs_s ? c->asked_at + (ms_t)c->needs_s * 1000 : MS_NEVER;
}

#endif
