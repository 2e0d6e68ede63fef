/* model.h — a second, slow and simple account of the heart, folded from its events alone.
 * Used by the property tests; shares no code with src/acd beyond its public header. Every question
 * is answered by looking at everything. */
#ifndef TEST_PROP_MODEL_H
#define TEST_PROP_MODEL_H

#include "acd/acd.h"

#define MODEL_CONTACTS 4096
#define MODEL_AGENTS 64
#define MODEL_QUEUES 16

enum model_contact_state {
    MC_NONE,
    MC_OPEN,
    MC_WAITING,
    MC_OFFERED,
    MC_JOINED,
    MC_AFTER,
    MC_ENDED, /* call over, waiting for class or settlement */
    MC_DROPPED
};

struct model_contact {
    uint64_t id, call_id, offer_id, person_id, needs;
    enum model_contact_state state;
    enum medium medium;
    uint32_t queue_id, site_id, area_id, portfolio_id, agent_id;
    unsigned ring, outcomes_n;
    ms_t place_at, key_at, asked_at, joined_at, dropped_until_at, last_told_at, wait_since_at;
    ms_t ring_at[4];
    ms_t needs_until_at; /* 0: they are not lifted */
    unsigned before_told;
    bool is_line, on_line, pending, is_test, informed, closed, refused, confirmed, answered,
        cut_short;
    bool media[2], was_served, call_over;
    bool told_cannot, told_closing; /* that we cannot before closing; anything about closing */
    bool was_there;                 /* waited on the line when the queue closed */
    bool was_pending, was_moved;
    ms_t drop_first_at;
    unsigned returns_n; /* its place was taken back so often */
    enum ended_by by;
    enum outcome outcome;
    enum offer_phase phase;
    uint16_t node;
    ms_t ended_at, offer_ends_at;
};

struct model_agent {
    uint32_t id, site_id, area_id, portfolio_id, queue_ids[ACD_QUEUES_PER_AGENT];
    unsigned queues_n, load[MEDIUM_N], capacity[MEDIUM_N];
    uint64_t skills, offer_id;
    enum agent_state state;
    enum pause pause;
    bool is_robot, plan_leaves, plan_pause, asked_ready, auto_back_used;
    bool must_pause;          /* missed an offer in the step in course */
    uint32_t missed_queue_id; /* of the offer that it did not answer */
    ms_t idle_at, until_at;
};

struct model_queue {
    uint32_t id;
    enum hours hours;
    bool is_production;
    ms_t closes_at, regain_ms, short_ms, offer_ms, ring_ms[4];
    ms_t closing_lead_ms, lead_at; /* lead_at: when the waiting are to be told; 0 done or none */
    ms_t sweep_key_at;             /* those behind it are told that we cannot */
    uint64_t sweep_id;
};

struct model {
    struct model_contact contacts[MODEL_CONTACTS];
    struct model_agent agents[MODEL_AGENTS];
    struct model_queue queues[MODEL_QUEUES];
    ms_t head_start_ms[ACD_PRIORITIES];
    unsigned contacts_n, agents_n, queues_n;
    uint64_t lost_nodes; /* bits: nodes below 64 whose calls are being ended */
    uint64_t last_id;
    ms_t now_at;
    bool ready_asked[MODEL_AGENTS];
    bool ending_asked; /* the command in course ends a call */
    struct {
        uint64_t contact_id;
        uint32_t agent_id;
    } passing; /* what the command in course passes on, and to whom; ids 0: nothing */
    struct {
        uint64_t to_id, call_id, person_id;
        uint16_t node;
    } rejoining; /* a call that has left its contact for another one */
};

/* Why a property does not hold, or NULL. The string begins with the property's name. */
const char *model_fold(struct model *m, const struct event *ev);
/* What must hold when a step is complete and nothing is due. */
const char *model_at_rest(const struct model *m);

struct model_contact *model_contact(struct model *m, uint64_t contact_id);
struct model_contact *model_by_offer(struct model *m, uint64_t offer_id);
struct model_agent *model_agent(struct model *m, uint32_t id);
struct model_queue *model_queue(struct model *m, uint32_t id);

/* Has the agent what the contact needs, wherever it sits and whatever it does? */
bool model_competent(const struct model_agent *g, const struct model_contact *c);
/* Is the agent within a ring of the contact? */
bool model_in_ring(const struct model_agent *g, const struct model_contact *c, unsigned ring);
/* Is anybody signed in who could ever take this contact? */
bool model_served(const struct model *m, const struct model_contact *c);

/* Rings and needs (design §3.2). */
const char *model_ring_opened(struct model *m, struct model_contact *c, const struct event *ev);
const char *model_needs_lifted(struct model *m, struct model_contact *c, const struct event *ev);
const char *model_rings_queued(const struct model *m, const struct model_contact *c,
                               const struct model_queue *q);
/* Waits for somebody who has them although nobody has, or past their time. */
const char *model_needs_at_rest(const struct model *m, const struct model_contact *c);

/* Closing (design §3.12): the hours and sweeps of a queue, what was said about closing, who is let
 * go, and what must hold at rest. */
const char *model_closing_hours(struct model *m, const struct event *ev);
const char *model_closing_sweep(struct model *m, const struct event *ev);
const char *model_closing_told(struct model *m, struct model_contact *c, const struct event *ev);
const char *model_closing_let_go(struct model *m, const struct model_contact *c);
const char *model_closing_at_rest(const struct model *m);

/* A place that is taken back by calling again (design §3.8). */
const char *model_rejoins(struct model *m, struct model_contact *c, const struct event *ev);
const char *model_regained(struct model *m, struct model_contact *c, const struct event *ev);
const char *model_dropped(struct model *m, struct model_contact *c, const struct event *ev);
bool model_keeps_place(struct model *m, const struct model_contact *c);

/* Would the agent take a contact of this medium now? */
bool model_open(const struct model_agent *g, enum medium medium);

#endif
