/* acd.h — the heart: who waits, who answers whom, how each call ends. Pure and event-sourced.
 * Commands with their instant go in, events come out, the state is the fold of the events
 * (design §3 rules 1–6 and 9–12). No clock, no I/O, no allocation, no floating point.
 * Called by app/, plan/ and sim/; the same code runs live, in replay and in simulation. */
#ifndef ACD_ACD_H
#define ACD_ACD_H

#include "acd/limits.h"
#include "event/command.h"
#include "event/event.h"

struct acd;

/* What one step says. The caller sets next_id; step numbers its events from there. */
struct event_batch {
    uint64_t next_id;
    unsigned n;
    struct event ev[ACD_EVENTS_PER_STEP];
};

enum acd_verdict {
    ACD_DONE,
    ACD_MORE,            /* done so far; call again with CMD_TICK at the same instant */
    ACD_NOTHING,         /* well understood, nothing to change (asked twice, crossed on the way) */
    ACD_REFUSED_UNKNOWN, /* no such queue, agent, call or offer (any more) */
    ACD_REFUSED_STATE,   /* not in the state that this needs */
    ACD_REFUSED_CLOSED,  /* the queue is closed; the call was told so by an event */
    ACD_REFUSED_FULL,    /* a limit of struct acd_limits is reached */
    ACD_REFUSED_RANGE,   /* a field is outside its bounds */
    ACD_REFUSED_IN_USE,  /* the queue or agent is still needed */
    ACD_REFUSED_ROBOT,   /* a robot cannot serve a queue that a production trunk feeds */
};

/* It was taken, or was so already. */
static inline bool acd_is_taken(enum acd_verdict v)
{
    return v == ACD_DONE || v == ACD_MORE || v == ACD_NOTHING;
}

/* Memory that limits need, in bytes. */
size_t acd_bytes(const struct acd_limits *limits);

/* An empty state over memory of acd_bytes(), aligned to 64, lent for its life. */
struct acd *acd_open(void *memory, const struct acd_limits *limits);

/* Decide. Reads the state, changes it only through acd_apply(). now_at never goes back. */
enum acd_verdict acd_step(struct acd *a, const struct command *cmd, ms_t now_at,
                          struct event_batch *out);

/* Record a fact. Total: any event the journal holds applies, or the program is wrong and stops. */
void acd_apply(struct acd *a, const struct event *ev);

/* When must CMD_TICK come, at the latest? MS_NEVER when nothing is due. Never a periodic poll. */
ms_t acd_next_at(const struct acd *a);

/* Equal states, equal hashes, whatever slots the objects live in. Kept up to date event by event.
 */
uint64_t acd_hash(const struct acd *a);

/* Back to the empty state of acd_open(). */
void acd_clear(struct acd *a);

/* The last event applied and its instant, 0 at first. */
uint64_t acd_last_id(const struct acd *a);
ms_t acd_last_at(const struct acd *a);

/* Stops the program (assert) when an invariant of the state is broken; between steps only, with no
 * due work left. Cost: a walk over everything. For tests. */
void acd_check(const struct acd *a);

/* Snapshot: size of and image of the state; load answers false on bytes of another layout. */
#define ACD_IMAGE_VERSION 3
size_t acd_image_bytes(const struct acd *a);
void acd_image_save(const struct acd *a, uint8_t *to);
bool acd_image_load(struct acd *a, const uint8_t *from, size_t n);

#endif
