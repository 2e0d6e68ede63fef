/* steer.c — see steer.h. Called once a turn. Cost: a few additions.
 * Invariant: steer_now() never goes back, whatever the wall does. */
#include "base/steer.h"

#define PER_STEP_MS ((ms_t)1000) /* elapsed for each ms of steering */

void steer_open(struct steer *s, ms_t wall_at, ms_t boot_ms, ms_t last_at)
{
    *s = (struct steer){.at = wall_at > last_at ? wall_at : last_at, .boot_ms = boot_ms};
}

ms_t steer_now(struct steer *s, ms_t wall_at, ms_t boot_ms)
{
    ms_t elapsed_ms = boot_ms > s->boot_ms ? boot_ms - s->boot_ms : 0;
    s->boot_ms += elapsed_ms;
    s->at += elapsed_ms;
    s->owed_ms += elapsed_ms;
    ms_t may_ms = s->owed_ms / PER_STEP_MS, gap_ms = wall_at - s->at;
    s->owed_ms %= PER_STEP_MS;
    ms_t by_ms = gap_ms > may_ms ? may_ms : gap_ms < -may_ms ? -may_ms : gap_ms;
    s->at += by_ms; /* backwards by less than what has elapsed */
    s->told_ms -= by_ms;
    return s->at;
}

ms_t steer_step(struct steer *s, ms_t wall_at)
{
    ms_t gap_ms = wall_at - s->at, by_ms = gap_ms - s->told_ms;
    if (by_ms < STEER_GAP_MS && by_ms > -STEER_GAP_MS) {
        if (!gap_ms)
            s->told_ms = 0; /* on the wall again: what drifted slowly is forgotten */
        return 0;
    }
    s->told_ms = gap_ms;
    return by_ms;
}
