/* robot.h — robots on the telephone: callers who place calls and agents who answer them, another
 * brain than app/ over the same edges. They measure what a person would notice.
 * Called by cli/ (call, load, the watch of serve) and tests. Pure: time is passed in, legs and
 * sounds are asked of port/phone.h, memory is given. Cost: O(log n) a happening.
 * Everything is bounded: robots at once, calls, keys, tries; statistics are fixed tables. */
#ifndef ROBOT_ROBOT_H
#define ROBOT_ROBOT_H

#include "base/histogram.h"
#include "port/phone.h"

#define ROBOT_CALLERS_MAX 12000 /* at once */
#define ROBOT_AGENTS_MAX 1000
#define ROBOT_CALLED_MAX 16          /* numbers that are called by turns */
#define ROBOT_STATUS_MAX 700         /* of a refusal; larger ones are none */
#define ROBOT_RATE_MILLI_MAX 1000000 /* calls in 1,000 s: 1,000 a second */
/* What is due later than a turn can do is placed in the next ones: no storm after a pause. */
#define ROBOT_PLACED_PER_TURN 64
/* An answer without any sound for so long is told as such. */
#define ROBOT_UNHEARD_MS ((ms_t)5000)
/* Rings so long, then the robot gives up. */
#define ROBOT_SETUP_MS ((ms_t)60000)
/* A telephone that died lies about for so long: longer than a BYE is repeated. */
#define ROBOT_DEAD_MS ((ms_t)40000)
/* An agent who cannot sign in tries again, so often. */
#define ROBOT_SIGN_TRIES 10

enum robot_mode {
    ROBOT_ANSWERS, /* after answer_ms, speaks talk_ms, hangs up */
    ROBOT_IGNORES, /* never picks up; is ready again soon after */
    ROBOT_REFUSES, /* is busy, at once */
    /* answers; talk_ms later neither sound nor SIP comes from it; back after ROBOT_DEAD_MS */
    ROBOT_DIES,
};

struct robot_agent {
    uint32_t line;          /* of phone_trunk.number: its own access */
    struct text user, code; /* borrowed: the line, and the digits to sign in with; code may be
                             * empty: it is signed in already */
    enum robot_mode mode;
    ms_t answer_ms, talk_ms;
};

struct robot_called {
    struct text number; /* borrowed; as it is dialled */
    uint32_t weight;    /* of all weights together; at least 1 */
};

/* What callers do. A time of 0: never, or not at all. */
struct robot_plan {
    const struct robot_called *called; /* borrowed */
    uint32_t called_n;
    struct text caller; /* our number as it is shown; empty: withheld */
    struct text keys;   /* pressed keys_after_ms after the answer; at most MEDIA_KEYS_MAX */
    ms_t keys_after_ms;
    uint32_t rate_milli; /* calls in a thousand seconds */
    uint32_t calls_n;    /* so many at most; 0: until for_ms */
    ms_t for_ms;         /* no call is placed later than this after the begin */
    ms_t setup_ms;       /* gives up when it is not answered by then; 0: ROBOT_SETUP_MS */
    ms_t hold_ms;        /* hangs up so long after the answer */
    ms_t patience_ms;    /* the mean of another such time, drawn for each call */
    ms_t talk_ms;        /* speaks so long after the answer (and after the keys), then is silent */
    bool is_mute;        /* sends nothing at all */
    bool ends_on_sound;  /* hangs up once it has heard something */
};

enum robot_news_kind {
    ROBOT_PLACED,
    ROBOT_RINGS,
    ROBOT_UP,
    ROBOT_SOUND,   /* after_ms since the answer, level_cdb */
    ROBOT_KEYS,    /* they were sent */
    ROBOT_NO_KEYS, /* the other side takes none */
    ROBOT_UNHEARD, /* ROBOT_UNHEARD_MS without a sound */
    ROBOT_HUNG_UP, /* by us */
    ROBOT_ENDED,   /* by the other side */
    ROBOT_BROKEN,  /* neither sound nor SIP comes any more */
    ROBOT_REFUSED, /* status; 408: nobody answered */
    ROBOT_NO_ROOM, /* it could not even be placed */
    ROBOT_COUNTED, /* counts, after the end */
};

struct robot_news {
    enum robot_news_kind kind;
    uint32_t caller_i; /* which caller; not of ROBOT_COUNTED */
    ms_t at, after_ms; /* after_ms: since the INVITE; of a sound and an end: since the answer */
    int32_t level_cdb;
    uint16_t status;
    struct media_counts counts;
};
typedef void robot_tell_fn(const struct robot_news *news, void *arg);

/* Counts so far. Every placed call is, in the end, one of: hung_up, ended, broken, refused. */
struct robot_stats {
    uint64_t placed_n, no_room_n, up_n, heard_n, unheard_n;
    uint64_t hung_up_n, ended_n, broken_n, refused_n;
    uint32_t refused[ROBOT_STATUS_MAX];  /* by status; 408: no answer at all */
    struct histogram setup_ms, sound_ms; /* INVITE to 200; answer to first sound */
    uint64_t sent_n, received_n, lost_n; /* RTP, of legs that are over; agents' too */
    uint32_t jitter_ms_max, counted_n;
    uint64_t offered_n, answered_n, died_n;   /* agents: calls that came, were answered */
    uint32_t agents_ready_n, agents_failed_n; /* signed in once; gave up */
    uint32_t calls_most_n;                    /* callers at once, at most */
};

/* Short codes of the house that agents sign in to; borrowed. */
struct robot_codes {
    struct text sign_in, ready, sign_out;
};

struct robot_args {
    const struct phone_port *phone; /* borrowed, as all below */
    const struct robot_plan *plan;
    const struct robot_agent *agents;
    uint32_t agents_n, callers_max;
    struct robot_codes codes; /* of agents */
    uint16_t tone_id;         /* of the media engine: what robots say; MEDIA_PROMPT_NONE: silence */
    uint64_t seed;
    robot_tell_fn *tell; /* NULL: nobody listens */
    void *tell_arg;
};

struct robot;
size_t robot_bytes(uint32_t callers_max, uint32_t agents_n);
/* Over zeroed memory of robot_bytes(), aligned to 64. Agents sign in at once; calls begin with
 * robot_begin(). */
struct robot *robot_open(void *memory, const struct robot_args *args, ms_t now_at);
void robot_begin(struct robot *r, ms_t now_at);

/* For phone_args; arg: struct robot. */
void robot_report(const struct phone_report *report, void *arg);
bool robot_knows(struct text called, uint64_t aor, void *arg);

/* Before phone_run() of a turn, for the instants of its reports; and what is due, after it. */
void robot_time(struct robot *r, ms_t now_at);
void robot_run(struct robot *r);
ms_t robot_next_at(const struct robot *r);

/* No further call; those that stand are hung up at once. */
void robot_stop(struct robot *r);
/* Agents sign out by their short code; how many are still about it. */
void robot_sign_out(struct robot *r);
uint32_t robot_leaving_n(const struct robot *r);
/* No further call will be placed, and no caller is left. */
bool robot_is_done(const struct robot *r);
/* Legs whose counts have not come yet. */
uint32_t robot_uncounted_n(const struct robot *r);
/* No further call is to be placed. */
bool robot_has_placed(const struct robot *r);
uint32_t robot_callers_n(const struct robot *r);
const struct robot_stats *robot_stats(const struct robot *r);
/* Calls that did not go as a caller would wish: refused, broken, unheard, not even placed. */
uint64_t robot_failed_n(const struct robot_stats *s);

#endif
