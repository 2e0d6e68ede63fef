/* pace.c — when each stream sends.
 * Called by thread.c each millisecond and by media.c when a stream is opened. */
#include "media/pace.h"

struct pace_span pace_span(ms_t done_at, ms_t now_at)
{
    struct pace_span span = {done_at + 1, now_at, 0};
    ms_t late_ms = now_at - done_at;
    if (late_ms > PACE_CATCH_UP_MS) {
        span.left_out_ms = late_ms - PACE_CATCH_UP_MS;
        span.first_at += span.left_out_ms;
    }
    return span;
}

size_t pace_least(const uint32_t *counts, size_t n)
{
    size_t least = 0;
    for (size_t i = 1; i < n; i++)
        if (counts[i] < counts[least])
            least = i;
    return least;
}
