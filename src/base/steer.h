/* steer.h — journal time: a clock that never goes back and follows the wall's as a ship its course.
 * At start the later of the wall and the last event; then the time since boot, moved towards the
 * wall by at most 1 ms a second. Who moves the wall clock by an hour moves no timer.
 * Called by main.c with both clocks read. Pure. */
#ifndef BASE_STEER_H
#define BASE_STEER_H

#include "base/types.h"

/* A gap to the wall that steering would not close soon: told once, an event and an alarm. */
#define STEER_GAP_MS ((ms_t)5000)

struct steer {
    ms_t at, boot_ms;
    ms_t owed_ms; /* elapsed and not yet used for steering */
    ms_t told_ms; /* what is left of the gaps that were told */
};

void steer_open(struct steer *s, ms_t wall_at, ms_t boot_ms, ms_t last_at);
/* Journal time now. */
ms_t steer_now(struct steer *s, ms_t wall_at, ms_t boot_ms);
/* The wall has jumped by so much since this was last asked; 0: it has not. */
ms_t steer_step(struct steer *s, ms_t wall_at);

#endif
