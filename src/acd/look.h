/* look.h — the heart seen from outside: queues, agents, calls and counts, read-only, as plain
 * values. For what shows the state (view, app/readmodel); state.h stays within acd/. Slots are
 * stable while an object lives and are used again later: an id says who it is. Cost: O(1) but for a
 * queue: its agents' pools, those of its agents who are ready, and those who wait with a head
 * start. */
#ifndef ACD_LOOK_H
#define ACD_LOOK_H

#include "acd/acd.h"

struct acd_look_queue {
    uint32_t id;
    enum hours hours;
    ms_t closes_at; /* 0: not known */
    uint32_t waiting_n;
    uint32_t texts_n;                     /* who wrote, whom nobody has taken */
    ms_t asked_at;                        /* of who waits longest; 0: nobody */
    uint32_t agents_n;                    /* who may serve it */
    uint32_t signed_n, active_n, ready_n; /* of these: at work; … not paused; … free for a call */
    enum band band;                       /* what somebody who came now would be told (rule 9) */
    uint32_t helps_n;                     /* sites for whose people help is asked for */
    ms_t shut_until_at;                   /* is_shut: opens by itself then; 0: a person opens it */
    bool is_shut;                         /* by hand; its published hours may say more than hours */
    bool is_production;
};

/* Help that is asked for in a queue (ADR 37). */
struct acd_look_help {
    uint32_t site_id; /* 0: for everybody */
    ms_t until_at;
};

struct acd_look_agent {
    uint32_t id;
    enum agent_state state;
    enum pause pause;            /* PAUSE_NONE when it is not paused */
    uint32_t queue_id;           /* of the offer or conversation in course; 0: none */
    uint32_t contacts_n;         /* it speaks to */
    uint64_t contact_id;         /* offered to it, or the last that it joined; 0: none */
    uint32_t texts_n, texts_max; /* written contacts that it has, and may have */
    uint64_t talk_contact_id;    /* of the conversation that it is in or wraps up; 0: none */
    uint32_t talk_queue_id;      /* of that conversation; 0: none */
    enum conclusion conclusion;  /* what it says of that one */
    ms_t moved_until_at;         /* serves other queues than the directory says; 0: it does not */
    uint32_t queues_n;           /* that it serves: acd_look_agent_queue() */
    ms_t until_at; /* of its wrap-up, or of a pause that ends by itself; 0: it does not */
    bool leaves, is_robot;
};

/* A call whose leg lives. */
struct acd_look_call {
    uint64_t contact_id, call_id, leg_id, person_id;
    uint64_t offer_id; /* of the one in course; 0: none */
    uint32_t queue_id; /* that it was sent to; 0: none yet */
    uint32_t reference;
    ms_t asked_at; /* when; 0: not yet */
    uint16_t node;
    enum acd_look_state {
        ACD_LOOK_MENU,
        ACD_LOOK_WAITING,
        ACD_LOOK_OFFERED,
        ACD_LOOK_JOINED,
        ACD_LOOK_AFTER, /* the agent's leg is over */
    } state;
};

struct acd_look_counts {
    uint32_t contacts_n; /* wishes open */
    uint32_t waiting_n;
    uint32_t agents_n[AGENT_STATE_N]; /* robots are not counted */
};

/* Slots ever used; one of them may be empty: the look answers false. */
uint32_t acd_look_queues_n(const struct acd *a);
uint32_t acd_look_agents_n(const struct acd *a);

bool acd_look_queue(const struct acd *a, uint32_t slot, ms_t now_at, struct acd_look_queue *out);
bool acd_look_agent(const struct acd *a, uint32_t slot, struct acd_look_agent *out);
/* The i-th help of the queue in this slot, in order of sites; i < helps_n. */
struct acd_look_help acd_look_help(const struct acd *a, uint32_t slot, uint32_t i);
/* The i-th queue that the agent in this slot serves: its id; i < queues_n. */
uint32_t acd_look_agent_queue(const struct acd *a, uint32_t slot, uint32_t i);

uint32_t acd_look_calls_n(const struct acd *a);
bool acd_look_call(const struct acd *a, uint32_t slot, struct acd_look_call *out);
/* The same of a call by its id; false: it is over, or there is none. */
bool acd_look_call_of(const struct acd *a, uint64_t call_id, struct acd_look_call *out);
bool acd_look_call_of_contact(const struct acd *a, uint64_t contact_id, struct acd_look_call *out);

/* A promise that stands: somebody is to be called, is being called, or was called for the last time
 * and keeps the place for a while. */
struct acd_look_callback {
    uint64_t contact_id, person_id, offer_id; /* offer_id: an agent is kept for it now; 0: none */
    uint32_t queue_id, reference;
    ms_t place_at, not_before_at; /* not_before_at 0: as soon as it is its turn */
    ms_t until_at;                /* the place is kept so long, and nobody calls; 0: it goes on */
    uint8_t attempts_n, attempts_max;
    bool is_discreet, is_on_line; /* on the line: has not hung up yet */
    bool is_due;                  /* waits for an agent among the others */
    enum hours hours;             /* of its queue: nobody is called while it is not open */
    enum offer_phase phase;       /* of the offer in course */
    ms_t asked_at;                /* when the person asked for an agent */
    enum band band;               /* the last one told on the line; BAND_SILENT: none */
};
bool acd_look_callback(const struct acd *a, uint32_t slot, struct acd_look_callback *out);
/* The same of a contact by its id; false: nothing is promised to it. */
bool acd_look_callback_of(const struct acd *a, uint64_t contact_id, struct acd_look_callback *out);
/* Somebody wrote, and is to be answered in writing (ADR 31). */
struct acd_look_text {
    uint64_t contact_id, call_id, person_id;
    uint32_t queue_id, reference;
    uint32_t agent_id;     /* who has it; 0: nobody yet */
    ms_t place_at, key_at; /* key: the order of its queue */
    ms_t taken_at;         /* 0: nobody has it */
    ms_t until_at;         /* given up then, or taken from its agent */
    unsigned texts_n;      /* that came */
    bool is_answered;      /* an answer was handed to the operator */
    bool is_unread;        /* something came since the last answer, or that one failed */
    bool is_leaving;       /* an answer is on its way to the operator */
};
bool acd_look_text(const struct acd *a, uint32_t slot, struct acd_look_text *out);
/* The same of a contact by its id; false: it is no written one, or over. */
bool acd_look_text_of(const struct acd *a, uint64_t contact_id, struct acd_look_text *out);

/* A place that may be taken back by calling again (rule 8): of a drop, or of a promise while nobody
 * is being called. */
struct acd_look_place {
    uint64_t contact_id, person_id;
    ms_t place_at;
    ms_t until_at; /* of a drop; 0 else */
    uint8_t returns_n;
    bool is_promise;  /* to be called */
    bool is_by_house; /* …unasked, for we had cut them off */
    bool is_ours;     /* the line was cut by us */
};
bool acd_look_place(const struct acd *a, uint32_t slot, ms_t now_at, struct acd_look_place *out);
/* The same of a contact by its id; false: it has no place that could be taken back. */
bool acd_look_place_of(const struct acd *a, uint64_t contact_id, ms_t now_at,
                       struct acd_look_place *out);
/* So long the place of a lost call of this queue is kept; 0: not at all. */
ms_t acd_look_regain_ms(const struct acd *a, uint32_t queue_id);

/* What may be promised: whether callers of this queue may be called back at all. */
bool acd_calls_back(const struct acd *a, uint32_t queue_id);

/* SLOT_NONE: there is none. */
uint32_t acd_look_queue_slot(const struct acd *a, uint32_t id);
uint32_t acd_look_agent_slot(const struct acd *a, uint32_t id);

/* Who a contact is of, whatever its state; false: it is over. */
struct acd_look_contact {
    uint64_t person_id, needs;
    uint32_t queue_id, reference; /* queue 0: none yet */
    uint32_t entry_id;            /* what they dialled last; 0: not known */
    bool is_pending;              /* nothing is left but the class of its call, at the day's end */
};
bool acd_look_contact_of(const struct acd *a, uint64_t contact_id, struct acd_look_contact *out);
/* Does anything of this person stand: a call, a promise, a place that is kept? Walks over the
 * contacts. */
bool acd_look_person_is_here(const struct acd *a, uint64_t person_id);

/* Walks over queues and agents. */
struct acd_look_counts acd_look_counts(const struct acd *a);

#endif
