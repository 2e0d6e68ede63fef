/* world.h — a world around the core: people who call, wait, give up, call again; agents who come,
 * pause, miss calls, lose their line; hours, closings, days. Discrete events, no ticks.
 * It sees of the house what people see: effects. It answers with commands, later.
 * Called by sim/ and by plan's own questions. Cost: O(log callers) an event; pure, memory given.
 * Invariant: same profile, same seed, same effects: the same commands at the same instants. */
#ifndef PLAN_WORLD_H
#define PLAN_WORLD_H

#include "event/command.h"
#include "event/effect.h"
#include "plan/profile.h"

struct plan_world;

struct plan_world_args {
    const struct plan_profile *profile; /* borrowed for the life of the world */
    uint64_t seed;
    ms_t midnight_at;       /* local midnight that begins day 0 */
    uint8_t weekday;        /* of day 0; 0 is Monday */
    ms_t from_at, until_at; /* calls are placed in [from, until) */
    uint16_t node;          /* of the callers' legs */
};

/* What the world saw, for reports and tests. */
struct plan_world_counts {
    uint64_t calls_n; /* placed, redials and robots included */
    uint64_t fresh_n; /* first calls of a person */
    uint64_t redials_n, robots_n;
    uint64_t unheard_n; /* nobody took the line: rang in vain for a minute */
    uint64_t unborn_n;  /* people left out: more alive than callers_max */
    uint64_t landlines_n, withheld_n, shared_n, written_n;
    uint64_t offered_n, promised_n, again_n; /* callbacks; promised, and called all the same */
    uint64_t line_deaths_n, closings_n, absences_n, crashes_n;
    uint32_t live_n; /* legs up now */
    uint32_t live_peak_n;
};

size_t plan_world_bytes(const struct plan_profile *profile);

/* Over memory of plan_world_bytes(), aligned to 64. Its first commands (queues, agents, hours) are
 * due at from_at. */
struct plan_world *plan_world_open(void *memory, const struct plan_world_args *args);

/* When something happens next; MS_NEVER: nothing will. */
ms_t plan_world_next_at(const struct plan_world *w);

/* Lets the first thing due at now_at happen. True when it is a command, now in *cmd. */
bool plan_world_due(struct plan_world *w, ms_t now_at, struct command *cmd);

/* The house did something. What follows from it comes by plan_world_due(), never at once. */
void plan_world_effect(struct plan_world *w, const struct effect *effect, ms_t now_at);

/* The house fell at now_at and is up again at back_at: legs are gone, phones come back. */
void plan_world_crash(struct plan_world *w, ms_t now_at, ms_t back_at);

/* No leg is up, and none will be before the next arrival. */
bool plan_world_is_quiet(const struct plan_world *w);

struct plan_world_counts plan_world_counts(const struct plan_world *w);

#endif
