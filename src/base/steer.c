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
    if (gap_ms > 0)
        s->at += gap_ms < may_ms ? gap_ms : may_ms;
    else
        s->at -= -gap_ms < may_ms ? -gap_ms : may_ms; /* less than what has elapsed */
    return s->at;
}

ms_t steer_step(struct steer *s, ms_t wall_at)
{
    ms_t gap_ms = wall_at - s->at, by_ms = gap_ms - s->told_ms;
    bool is_small = gap_ms < STEER_GAP_MS && gap_ms > -STEER_GAP_MS;
    if (is_small || (by_ms < STEER_GAP_MS && by_ms > -STEER_GAP_MS)) {
        if (is_small)
            s->told_ms = 0;
        return 0;
    }
    s->told_ms = gap_ms;
    return by_ms;
}
