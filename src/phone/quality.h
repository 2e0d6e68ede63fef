/* quality.h — how the calls of one access sounded, counted when their streams are over.
 * Included by trunk.h. Cost: one estimate a call (base/mos.h); a walk over 16 minutes a look. */
#ifndef PHONE_QUALITY_H
#define PHONE_QUALITY_H

#include "phone/phone.h"

#define QUALITY_MINUTE_MS ((ms_t)60000)
/* The present minute, and those before it that are recent. */
#define QUALITY_MINUTES ((unsigned)(PHONE_RECENT_MS / QUALITY_MINUTE_MS) + 1)
/* A way of fewer packets (5 s of 20 ms) says nothing about a line. */
#define QUALITY_PACKETS_MIN 250u

struct phone_quality {
    struct phone_sound_counts so_far; /* but recent_… */
    struct quality_minute {
        ms_t minute; /* since 1970 */
        uint32_t judged_n, bad_n;
    } minutes[16];
};
_Static_assert(QUALITY_MINUTES == 16, "a row for each recent minute");

/* A stream is over. */
void quality_add(struct phone_quality *q, const struct media_counts *c, ms_t now_at);
struct phone_sound_counts quality_look(const struct phone_quality *q, ms_t now_at);

#endif
