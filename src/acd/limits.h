/* limits.h — every bound of the core has a name; each has a test at it and past it.
 * The pools' sizes come from settings at start; the rest is fixed. */
#ifndef ACD_LIMITS_H
#define ACD_LIMITS_H

#include "base/types.h"

/* Pools over the memory given at start (design §3). */
struct acd_limits {
    uint32_t contacts_max; /* wishes open at once */
    uint32_t agents_max;
    uint32_t queues_max;
    uint32_t lanes_max; /* groups of waiting contacts with the same eligibility */
};
#define ACD_CONTACTS_DEFAULT 100000
#define ACD_AGENTS_DEFAULT 20000
#define ACD_QUEUES_DEFAULT 4096
#define ACD_LANES_DEFAULT 16384
#define ACD_POOL_MAX (1u << 22) /* no limit above may pass this */

/* Events of one step; when more is to be said, the verdict is ACD_MORE. */
#define ACD_EVENTS_PER_STEP 64
/* The most that one unit of work (one due timer, one offer, one command) says. */
#define ACD_EVENTS_PER_UNIT 16

#define ACD_QUEUES_PER_AGENT 16
#define ACD_CAPACITY_MAX 8 /* contacts of one medium at once for one agent */
#define ACD_PRIORITIES 8

#define ACD_HEAD_START_MS_MAX ((ms_t)60 * 60 * 1000) /* bounded: nobody starves (rule 1) */
#define ACD_DURATION_MS_MAX ((ms_t)7 * 24 * 60 * 60 * 1000)

/* Our side hung up sooner than this: not an answer (rule 5). */
#define ACD_ANSWERED_MS_MIN ((ms_t)10 * 1000)

/* Of a callback: attempts at most; what an agent may need to find out who has answered; and after a
 * fault of ours it is tried again so soon. */
#define ACD_ATTEMPTS_MAX 9
#define ACD_RETURNS_MAX 3 /* a place is taken back so often by calling again (rule 8) */
#define ACD_CALLBACK_ASK_MS ((ms_t)30 * 60 * 1000)
#define ACD_CALLBACK_AGAIN_MS ((ms_t)60 * 1000)

/* Of a written contact: texts that one person writes to it; kept so long for somebody to take it;
 * and an agent who has it and does nothing has it no more after so long (ADR 31). */
#define ACD_TEXTS_MAX 50
#define ACD_TEXT_KEEP_MS ((ms_t)7 * 24 * 60 * 60 * 1000)
#define ACD_TEXT_HOLD_MS ((ms_t)60 * 60 * 1000)

/* A wrap-up lasts so much longer each time that its agent asks, and ends so long from then at most.
 */
#define ACD_MORE_TIME_MS ((ms_t)3 * 60 * 1000)
#define ACD_WRAP_UP_MS_MAX ((ms_t)15 * 60 * 1000)

/* Of what supervisors do (ADR 37): sites that ask for help in one queue at once, and for how long;
 * and until when an agent serves other queues, or a queue stays closed by hand. */
#define ACD_HELPS_PER_QUEUE 8
#define ACD_HELP_MS_MAX ((ms_t)4 * 60 * 60 * 1000)

/* Rhythm of what a waiting person is told (rule 11). */
#define ACD_TELL_FIRST_MS ((ms_t)60 * 1000)
#define ACD_TELL_EVERY_MS ((ms_t)120 * 1000)
#define ACD_LONGER_EVERY_MS ((ms_t)300 * 1000)
#define ACD_BEFORE_TOLD_MAX 10 /* above, the count is not said (voice-script §3) */
#define ACD_BEFORE_NONE 255

/* The rate of a queue is that of its last minutes (rule 9). */
#define ACD_RATE_MINUTES 15
#define ACD_RATE_EVENTS_MIN 6

#endif
