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
#include "acd/contact.h"
#include "base/arena.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/tree.h"

struct agent {
    uint64_t hash; /* as it last counted (touch.h) */
    uint32_t id, pool;
    uint32_t offered;  /* contact slot of the one offer outstanding */
    uint32_t contacts; /* first of those it speaks to */
    uint32_t queue;    /* slot: of the conversation whose wrap-up this is, or missed offer */
    uint32_t written, written_n; /* first of the written contacts that it has */
    ms_t idle_at, until_at;      /* until_at: end of wrap-up, or automatic return; 0 none */
    uint32_t idle_next[MEDIUM_N], idle_prev[MEDIUM_N];
    uint8_t load[MEDIUM_N];
    uint8_t state, pause, plan_pause;
    bool plan_leaves, is_auto_back_used;
    uint8_t idle_mask; /* media in whose idle list it stands */
    /* The conversation by voice that it is in, or wraps up, and what it says of it. */
    uint64_t talk_offer_id, talk_contact_id, talk_call_id;
    uint8_t conclusion;
    /* Moved until then: it serves the queues of its pool; these are of the directory. 0: it is not.
     */
    ms_t moved_until_at;
    uint32_t own_queues[ACD_QUEUES_PER_AGENT]; /* slots, in order */
    uint8_t own_queues_n;
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
    uint64_t served_id;  /* the event that left it without an eligible agent; 0: never had one */
    uint32_t queue, scope_id;
    uint32_t n;                        /* contacts waiting here */
    uint32_t refs;                     /* contacts that name it, here or as their network lane */
    uint32_t eligible_n;               /* signed-in agents who may take its contacts */
    uint32_t chain_next;               /* lanes of one (queue, scope, scope_id) */
    uint32_t spare_next, spare_prev;   /* lanes that nobody names, kept for the next who does */
    uint32_t orphan_next, orphan_prev; /* lanes whose contacts nobody may take */
    uint8_t scope, medium;             /* scope: enum ring, or SCOPE_ADVISOR_TOO */
    bool is_orphan;
    bool is_soft;    /* the needs of its contacts may be lifted */
    bool is_dialled; /* we call its contacts */
};

/* One minute of a queue: how many left the waiting, and how long anybody waited at all. The pace at
 * which a queue moves shows only while somebody waits. */
struct rate_minute {
    uint32_t minute; /* since 1970 */
    uint32_t left_n; /* had waited, and were offered or gave up */
    uint32_t busy_ms;
};
#define RATE_BUSY_MS_MAX ((ms_t)ACD_RATE_MINUTES * 60000)

/* Somebody has asked for help in a queue: for the people of a site, 0: for all. */
struct help {
    ms_t until_at;
    uint32_t site_id;
};

struct queue {
    uint64_t hash;               /* as it last counted (touch.h) */
    uint32_t id;                 /* 0: free slot */
    struct tree waiting;         /* all who wait, in order */
    uint32_t members;            /* first membership */
    uint32_t agents_n;           /* pools' agents that serve it */
    uint32_t waiting_n, named_n; /* contacts waiting; contacts that name it */
    uint32_t scope_n[SCOPES];    /* contacts waiting in lanes of each scope */
    struct tree promised;        /* to be called, by the instant before which they are not */
    struct tree dialled;         /* to be called, who wait now */
    struct tree written;         /* who wrote, whom nobody has taken: never among the waiting */
    uint32_t written_n;
    uint32_t reserved_n; /* agents kept for them, who do not speak with them yet */
    uint8_t attempts_max, share_percent;
    bool must_hold; /* somebody waits to be called, and the queue is not open */
    ms_t gap_ms, keep_ms, dial_ms;
    ms_t ring_ms[CONTACT_RINGS];
    ms_t offer_ms, wrap_up_ms, short_ms, no_answer_back_ms, handle_ms, regain_ms, closing_lead_ms;
    ms_t closes_at, lead_at, opened_at, busy_since_at;
    ms_t sweep_key_at;
    uint64_t sweep_id;
    uint8_t hours;     /* as callers meet it */
    uint8_t own_hours; /* as the directory says */
    uint8_t sweep;     /* 0 none, 1 before closing, 2 at closing */
    bool is_production;
    bool is_shut;    /* by hand: while its own hours say open, it is closed by a person */
    bool is_helping; /* not all who waited when help was asked for were looked at */
    uint8_t helps_n;
    ms_t shut_until_at; /* 0: until a person opens it */
    ms_t help_key_at;   /* whose turn it was last */
    uint64_t help_id;
    struct help helps[ACD_HELPS_PER_QUEUE]; /* in order of sites */
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
    uint32_t idle_n[MEDIUM_N], sweeps_n, helps_n, holds_n, lost_n, pending_n, contacts_live_n;
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
