/* cast.h — callers whose gestures are written, among those of chance: the cast of the
 * demonstration (decroche demo monday). They speak with the house as the world does: commands in,
 * effects out; who they are is known by their legs (node CAST_NODE), so that the journal alone
 * says what became of them (cast_judge.h).
 * Called by sim/run.c. Cost: a walk over CAST_VISITS_N visits an event.
 * Invariant: same seed, same effects: the same commands at the same instants. */
#ifndef SIM_CAST_H
#define SIM_CAST_H

#include "acd/acd.h"
#include "event/effect.h"
#include "gate/gate.h"
#include "plan/profile.h"

#define CAST_NODE 2          /* of their legs; the world's callers are on node 1 */
#define CAST_FLOOD_CALLS 200 /* of the router: 20 a second for 10 s */
#define CAST_STAFF_N 4
#define CAST_VISITS_N 10
#define CAST_NOTES_MAX 8

enum cast_who {
    CAST_NOBODY,
    CAST_ODETTE,
    CAST_SELAM,
    CAST_CCAS,
    CAST_MARIA,
    CAST_LUCIE,
    CAST_JEAN,
    CAST_ROUTER,
    CAST_KARIM, /* writes: not played, the written channel comes later */
    CAST_N
};

/* What is said and done, and stands in no event: a number that was keyed, and the gate's answer. */
struct cast_note {
    ms_t at;
    enum cast_who who;
    enum gate_verdict verdict;
    unsigned number_i; /* the n-th number that this person gives, from 0 */
};

struct cast_args {
    uint64_t seed;
    ms_t from_at;         /* the hour begins */
    uint32_t first_agent; /* agents of the cast have this id and those after it */
};

struct cast;

/* sim/profiles/haute-lisiere.yaml, as text: the service in which they call. */
extern const char cast_profile[];

/* The hour's service: that of a profile, with what the cast needs (agents of its own not counted).
 * No mishap of chance: no line dies, no queue is closed by a person. */
void cast_house(struct plan_profile *profile);

size_t cast_bytes(void);
/* Over memory of cast_bytes(), aligned to 64. */
struct cast *cast_open(void *memory, const struct cast_args *args);
/* The heart in which they look whose place is kept; before the first command. */
void cast_meet(struct cast *c, const struct acd *acd);

ms_t cast_next_at(const struct cast *c);
/* Lets the first thing due happen. True when it is a command, now in *cmd. */
bool cast_due(struct cast *c, ms_t now_at, struct command *cmd);
/* True: it was for the cast alone, the world does not see it. */
bool cast_effect(struct cast *c, const struct effect *effect, ms_t now_at);
/* All of them are done. */
bool cast_is_over(const struct cast *c);

unsigned cast_notes(const struct cast *c, const struct cast_note **notes);

/* The leg of a call of theirs; CAST_NOBODY: of somebody else. */
enum cast_who cast_of_leg(uint16_t node, uint64_t leg_id);
/* Their numbers, as they are shown by the demonstration; "" for a withheld one. number_i: of those
 * that they give by keys. NULL past the last. */
const char *cast_number(enum cast_who who);
const char *cast_given(enum cast_who who, unsigned number_i);
/* Which of them may be called, as the gate said; past the last while none may. */
unsigned cast_accepted(const struct cast *c, enum cast_who who);
/* The skill that a person of the cast insists on; 0: none. */
uint64_t cast_skill(enum cast_who who);
/* "portugais"; "" for none of theirs. */
const char *cast_skill_words(uint64_t needs);
/* The id of the first agent of the cast. */
uint32_t cast_first_agent(const struct cast *c);

#endif
