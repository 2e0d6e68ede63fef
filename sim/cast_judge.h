/* cast_judge.h — was each promise of the cast kept? Told by the events of the journal alone, and by
 * what the gate answered to keys, which stands in no event. It knows nothing of the state of the
 * heart, nor of what the cast wanted to do.
 * Called by cli/demo_monday.c and tests. Cost: a walk over CAST_CALLS_MAX rows an event. */
#ifndef SIM_CAST_JUDGE_H
#define SIM_CAST_JUDGE_H

#include "event/event.h"
#include "sim/cast.h"

/* Calls of the cast, the router's that were not shed among them. */
#define CAST_CALLS_MAX (CAST_VISITS_N + CAST_FLOOD_CALLS)
#define CAST_AGENTS_MAX 64

enum cast_verdict { CAST_KEPT, CAST_BROKEN, CAST_LATER };

/* One call of theirs, as the events tell it. */
struct cast_call {
    enum cast_who who;
    uint64_t call_id, contact_id; /* contact: the last one that it belonged to */
    ms_t arrived_at, ended_at;
    enum outcome outcome;
    unsigned classes_n;
    bool is_queued, is_refused, is_regained;
    ms_t wait_ms;
};

/* One wish of theirs. */
struct cast_wish {
    enum cast_who who;
    uint64_t contact_id, person_id, needs, offer_id; /* offer: the last one */
    uint32_t reference;
    ms_t key_at, promised_at, not_before_at;
    unsigned queued_n, offers_n, machines_n, joins_n;
    bool is_key_changed, is_early, is_lifted, is_offered_elsewhere, is_rejoined;
};

struct cast_judge {
    struct cast_call calls[CAST_CALLS_MAX];
    struct cast_wish wishes[CAST_CALLS_MAX];
    unsigned calls_n, wishes_n, shed_n, strays_n;
    uint64_t skills[CAST_AGENTS_MAX]; /* of agent 1, 2, … */
    struct event opened;              /* the last contact that was opened */
    bool is_simulated;
};

/* Zeroed to begin with. One event, in order. */
void cast_judge_event(struct cast_judge *j, const struct event *ev);
/* Who this event is about; CAST_NOBODY: none of them. After cast_judge_event(). */
enum cast_who cast_judge_who(const struct cast_judge *j, const struct event *ev);
/* After the last one. *why: what was seen, a sentence in French; of CAST_BROKEN what was not. */
enum cast_verdict cast_judge_of(const struct cast_judge *j, enum cast_who who,
                                const struct cast *cast, const char **why);

#endif
