/* vitals.h — what the house shows of itself that is no event: plain numbers, written by the main
 * thread through base/latest.h once a second and on change, copied by the reader thread.
 * All zeros is a good beginning. A counter (…_n "so far") counts since this process started. */
#ifndef VIEW_VITALS_H
#define VIEW_VITALS_H

#include "base/latest.h"
#include "gate/gate.h"

/* The state whose hash is told is at most so many events old, so that the reader's twin is compared
 * at least as often. */
#define VITALS_HASH_EVENTS 1000
/* The main thread puts its vitals at least as often; silent for VITALS_SILENT_MS, it hangs. */
#define VITALS_PUT_MS 1000
#define VITALS_SILENT_MS 5000

#define VITALS_VERSION_BYTES 32

/* As enum journal_health of port/journal.h; app/pages.c asserts it. */
enum vitals_journal { VITALS_JOURNAL_WELL, VITALS_JOURNAL_BEHIND, VITALS_JOURNAL_DOWN };

#define VITALS_TRUNKS_MAX 32
/* An access sounds bad: at least so many bad calls in a quarter of an hour, and one in so many. */
#define VITALS_BAD_MIN 3
#define VITALS_BAD_ONE_IN 10
enum vitals_link { VITALS_LINK_UNKNOWN, VITALS_LINK_UP, VITALS_LINK_DOWN };
enum vitals_registration { VITALS_UNASKED, VITALS_BOUND, VITALS_UNBOUND };

struct vitals {
    char version[VITALS_VERSION_BYTES]; /* NUL-terminated */
    ms_t started_at;                    /* of this process, wall clock */

    /* The journal: app_status(), journal_trouble(). */
    uint32_t journal;      /* enum vitals_journal */
    int32_t journal_errno; /* why it is DOWN; 0 when it is not */
    uint64_t last_id, committed_id;
    uint64_t hash_id, hash; /* acd_hash() of the core when acd_last_id() was hash_id; 0, 0: never */
    uint32_t held_n, backlog_n; /* effects waiting for their commit; commands waiting for room */
    uint64_t gap_n;             /* contacts counted for a later EV_GAP */
    uint64_t forced_n;          /* so far: ordered effects let go because too many were held */

    /* The telephone. */
    uint32_t legs_n;          /* open now */
    uint32_t legs_tls_n;      /* of these: over TLS */
    uint32_t legs_srtp_n;     /* of these: whose sound is encrypted */
    uint32_t registrations_n; /* telephones of agents that can be reached now */
    uint64_t calls_shed_n;    /* so far: refused without state (overload) */
    uint64_t strangers_n;     /* so far: datagrams of unknown sources; struct phone_door */
    uint64_t sip_passed_n, sip_refused_n, sip_dropped_n; /* so far: sound; answered with an error;
                                                          * no SIP at all */
    uint32_t connections_n, secure_n; /* open now: of TCP and TLS; of TLS alone */
    uint64_t unproved_n;              /* so far: handshakes of TLS that failed */

    /* Accesses to operators: phone_trunk_look(). */
    uint32_t trunks_n;
    struct vitals_trunk {
        uint32_t number;                            /* of the directory */
        uint16_t calls_in_n, calls_out_n, channels; /* channels 0: not told */
        uint8_t link;                               /* enum vitals_link */
        uint8_t registration;                       /* enum vitals_registration */
        /* How its calls sounded, those that are over: struct phone_sound_counts. */
        uint64_t received_n, lost_n, sent_n, peer_lost_n, jitter_ms, round_trip_ms;
        uint32_t jitter_n, round_trip_n, judged_n, bad_n, recent_judged_n, recent_bad_n;
    } trunks[VITALS_TRUNKS_MAX];

    /* The media engine: struct media_totals; lost_n summed over the final counts of streams. */
    uint32_t streams_n; /* open now */
    uint32_t zero;
    uint64_t sent_n, send_failed_n, received_n, media_refused_n, lost_n, late_ms;

    /* Pages that are telephones. */
    uint32_t browser_port; /* 0: none can be */
    uint32_t pages_up_n;   /* with sound */

    /* Recordings: struct record_totals; all 0 where nothing is ever recorded. */
    uint32_t recordings_n;   /* going on now */
    int32_t recording_errno; /* why nothing can be recorded, or purged; 0: all is well */
    uint64_t recordings_made_n, recordings_failed_n, recordings_refused_n, recordings_purged_n;
    uint64_t recording_packets_lost_n; /* that their listeners heard, and a file lacks */

    struct vitals_sms {
        bool is_on, is_up; /* a gateway is set; it takes messages */
        uint8_t fault;     /* enum gsm_fault */
        uint32_t stops_n;
        uint64_t queued_n, refused_n, sent_n, delivered_n, failed_n, trouble_n, received_n;
    } sms;                 /* so far in this process */
    struct gate_look gate; /* what went out today, and what was refused */
    uint32_t slots_max;    /* half hours to be called in that are sold of each, by queue; 0: none */
};
/* What the robot of the house saw at its last call: told by a thread of its own, so that it is true
 * also when main hangs. */
enum vitals_fault {
    VITALS_CALL_WELL, /* answered, and something was heard */
    VITALS_CALL_UNANSWERED,
    VITALS_CALL_REFUSED,  /* status */
    VITALS_CALL_SILENT,   /* answered, and nothing was heard */
    VITALS_CALL_BROKEN,   /* broken off before anything was heard */
    VITALS_CALL_UNPLACED, /* it could not call: no socket, no port */
    VITALS_CALL_FAULTS,
};
struct vitals_watch {
    uint64_t calls_n, failed_n; /* so far; 0: no call yet */
    ms_t at;                    /* of the last verdict, wall clock */
    uint32_t fault;             /* enum vitals_fault */
    uint32_t status;
    uint32_t setup_ms, sound_ms; /* of the last good call */
};

_Static_assert(sizeof(struct vitals) <= LATEST_BYTES_MAX, "vitals do not fit into a latest value");

#endif
