/* state.h — what the heart remembers: queues, contacts, agents, and who may meet whom.
 * Included by the files of acd/ only. Everything here changes in acd_apply() alone.
 *
 * Eligibility in two halves. A *pool* is a set of agents who may take the same contacts (same
 * queues, skills, capacities, site, area, portfolio). A *lane* is a set of waiting contacts who may
 * be taken by the same agents (same queue, needs, medium, and scope of their open ring). An agent
 * that becomes ready looks at the first contact of the few lanes it serves; a contact that begins
 * to wait looks at the longest-idle agent of the pools of its queue. */
#ifndef ACD_STATE_H
#define ACD_STATE_H

#include "acd/acd.h"
#include "base/arena.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/tree.h"

enum contact_state {
    CONTACT_NONE,    /* free slot */
    CONTACT_OPEN,    /* in the menu: nobody asked for yet */
    CONTACT_WAITING, /* in lanes */
    CONTACT_OFFERED, /* an agent is kept or rings */
    CONTACT_JOINED,  /* they speak */
    CONTACT_AFTER,   /* the agent's leg is over, the caller's is not */
    CONTACT_GONE,    /* the caller's leg is over; its class comes in the same step or sweep */
    CONTACT_PENDING, /* its class will be known later, at closing at the latest */
    CONTACT_DROPPED, /* nobody on the line; the place is kept for a while */
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
};

#define CONTACT_RINGS 4 /* RING_ADVISOR … RING_NETWORK */
/* Scope of the second lane of a contact that has an advisor but no longer waits for him alone. */
#define SCOPE_ADVISOR_TOO CONTACT_RINGS
#define SCOPES (CONTACT_RINGS + 1)

/* Where a waiting contact stands: its ring's lane, its advisor's lane, its queue. */
enum contact_node { NODE_RING, NODE_ADVISOR, NODE_QUEUE, NODES };

struct contact {
    /* Content: no slots, no gaps; hashed as words. */
    uint64_t id, call_id, offer_id, person_id, needs, leg_id;
    ms_t place_at, key_at;
    ms_t arrived_at, asked_at; /* of the call in course; asked_at 0: not yet */
    ms_t wait_since_at;        /* 0 when it does not wait */
    ms_t wait_ms, talk_ms;     /* of the call in course, so far */
    ms_t joined_at, due_at;    /* due_at: offer ends, or place lapses */
    ms_t ring_at[CONTACT_RINGS];
    ms_t tell_at, bound_at, told_at, longer_at;
    ms_t not_before_at, drop_first_at;
    uint32_t site_id, area_id, portfolio_id, entry_id, reference;
    uint16_t flags, node;
    uint8_t state, kind, medium, channel, priority, ring, phase, band, before_told, attempts_n;
    uint8_t zero[6];
    /* Slots. */
    uint32_t queue, lane, advisor_lane, network_lane, agent;
    uint32_t agent_next, agent_prev; /* among the contacts of one agent */
    uint32_t live_next, live_prev;   /* among the live calls of a node, or the pending ones */
};

#define CONTACT_WORDS (offsetof(struct contact, queue) / 8)

struct agent {
    uint32_t id, pool;
    uint32_t offered;       /* contact slot of the one offer outstanding */
    uint32_t contacts;      /* first of those it speaks to */
    uint32_t queue;         /* slot: of the last conversation or missed offer */
    ms_t idle_at, until_at; /* until_at: end of wrap-up, or automatic return; 0 none */
    uint32_t idle_next[MEDIUM_N], idle_prev[MEDIUM_N];
    uint8_t load[MEDIUM_N];
    uint8_t state, pause, plan_pause;
    bool plan_leaves, is_auto_back_used;
    uint8_t idle_mask; /* media in whose idle list it stands */
};

#define POOL_QUEUES ACD_QUEUES_PER_AGENT

struct pool {
    uint64_t skills;
    uint64_t map_key;
    uint32_t site_id, area_id, portfolio_id;
    uint32_t agents_n, signed_n, active_n; /* set up, signed in, signed in and not paused */
    uint32_t idle_first[MEDIUM_N], idle_last[MEDIUM_N];
    uint32_t queues[POOL_QUEUES]; /* slots */
    uint8_t capacity[MEDIUM_N];
    uint8_t queues_n;
    bool is_robot;
};

/* A pool's membership of a queue: index pool × POOL_QUEUES + i, in a list per queue. */
struct member {
    uint32_t next, prev;
};

struct lane {
    uint64_t needs;
    struct tree waiting; /* node slots */
    ms_t served_at;      /* last instant at which eligible_n was above 0; 0: never seen */
    uint32_t queue, scope_id;
    uint32_t n;                        /* contacts waiting here */
    uint32_t refs;                     /* contacts that name it, here or as their network lane */
    uint32_t eligible_n;               /* signed-in agents who may take its contacts */
    uint32_t chain_next;               /* lanes of one (queue, scope, scope_id) */
    uint32_t spare_next, spare_prev;   /* lanes that nobody names, kept for the next who does */
    uint32_t orphan_next, orphan_prev; /* lanes whose contacts nobody may take */
    uint8_t scope, medium;             /* scope: enum ring, or SCOPE_ADVISOR_TOO */
    bool is_orphan;
};

struct rate_minute {
    uint32_t minute; /* since 1970 */
    uint32_t left_n; /* contacts that left the queue: answered or given up */
};

struct queue {
    uint32_t id;                 /* 0: free slot */
    struct tree waiting;         /* all who wait, in order */
    uint32_t members;            /* first membership */
    uint32_t agents_n;           /* pools' agents that serve it */
    uint32_t waiting_n, named_n; /* contacts waiting; contacts that name it */
    uint32_t scope_n[SCOPES];    /* contacts waiting in lanes of each scope */
    ms_t ring_ms[CONTACT_RINGS];
    ms_t offer_ms, wrap_up_ms, short_ms, no_answer_back_ms, handle_ms, regain_ms, closing_lead_ms;
    ms_t closes_at, lead_at, opened_at;
    ms_t sweep_key_at;
    uint64_t sweep_id;
    uint8_t hours;
    uint8_t sweep; /* 0 none, 1 before closing, 2 at closing */
    bool is_production;
    struct rate_minute rate[ACD_RATE_MINUTES + 1];
};

#define ACD_NODES_MAX 64

struct node {
    uint32_t live, live_last; /* contacts with a leg there: first those without an agent */
    uint16_t id;
    bool is_used, is_lost;
};

/* Everything countable, in one place: it is part of the image and of the hash. */
struct counters {
    uint64_t last_id;
    ms_t last_at;
    uint32_t contacts_n, agents_n, queues_n, pools_n, lanes_n; /* slots ever used */
    uint32_t contact_free, agent_free, pool_free;              /* free lists */
    uint32_t orphans, pending, day_left_n;
    uint32_t lanes_named_n, spare_first, spare_last;
    uint32_t idle_n[MEDIUM_N], sweeps_n, lost_n, pending_n, contacts_live_n;
    ms_t head_start_ms[ACD_PRIORITIES];
    uint64_t outcomes_n[OUTCOME_N];
    uint64_t epoch, sum; /* sum: of the hashes of all objects (touch.h) */
    struct node nodes[ACD_NODES_MAX];
};

/* Objects that the event in course changes: slots, or SLOT_NONE. */
struct touched {
    uint32_t contact, agent, queue;
};

struct acd {
    struct acd_limits limits;
    struct touched touched;
    struct counters k;
    struct contact *contacts;
    struct tree_node *nodes; /* NODES of each contact */
    struct agent *agents;
    struct pool *pools;
    struct member *members;
    struct lane *lanes;
    struct queue *queues;
    struct map ids; /* contact, call, offer id → contact */
    struct map agent_ids, queue_ids;
    struct map pool_keys; /* content → pool */
    struct map chains;    /* (queue, scope, scope_id) → first lane */
    struct heap timers;   /* contacts, then agents, then queues */
};

static inline uint32_t tree_node_of(uint32_t contact, enum contact_node which)
{
    return contact * NODES + which;
}

static inline uint32_t contact_of_node(uint32_t node)
{
    return node / NODES;
}

/* Timer items: one numbering for three kinds. */
static inline uint32_t timer_of_agent(const struct acd *a, uint32_t agent)
{
    return a->limits.contacts_max + agent;
}

static inline uint32_t timer_of_queue(const struct acd *a, uint32_t queue)
{
    return a->limits.contacts_max + a->limits.agents_max + queue;
}

#endif
