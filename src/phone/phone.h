/* phone.h — the telephone service: opened by main.c, asked through port/phone.h.
 * UDP and TCP on one port, the door, the register, transactions, and legs with their media streams.
 * All of it on the main thread; nothing here waits. Cost: a few hash lookups a datagram; about 5
 * KiB a leg, 2 KiB a transaction, touched only while used. */
#ifndef PHONE_PHONE_H
#define PHONE_PHONE_H

#include <stdatomic.h>

#include "base/tape.h"
#include "os/log.h"
#include "phone/register.h"
#include "port/phone.h"
#include "tls/context.h"

#define PHONE_TRUNKS_MAX 32
/* Lines that a robot registers elsewhere. */
#define PHONE_LINES_MAX 1000
#define PHONE_LEGS_MAX 65536
/* Transactions for each leg: INVITE, its CANCEL or BYE, a probe, and those that linger. */
#define PHONE_TX_PER_LEG 4
#define PHONE_TX_MIN 256
/* An agent's telephone: asked each so often while it is silent, and given so long (design §3.4). */
#define PHONE_PROBE_EVERY_MS ((ms_t)10000)
#define PHONE_PROBE_ANSWER_MS ((ms_t)2000)
/* Any other silent leg; what does not answer within a transaction's life is gone. */
#define PHONE_PROBE_SLOW_MS ((ms_t)30000)
/* Who was cut off by our restart cannot be asked until they connect again: silent for so long they
 * are gone. An agent's telephone sooner, for somebody hears nothing meanwhile: three intervals of
 * RTCP, with which even a muted one shows that it is there. */
#define PHONE_CUT_MS ((ms_t)60000)
#define PHONE_CUT_STRICT_MS ((ms_t)20000)
/* Our BYE waits for them so often for a transaction's life, in all longer than what a telephone
 * needs to register again that asks for no time of its own. */
#define PHONE_BYES_MAX 10

/* A probe without an answer, or an INVITE without any, for so long: the next trunk is tried. */
#define PHONE_TRUNK_SILENT_MS ((ms_t)2000)
/* Nothing but a 100 for so long: the next one is tried, if there is one. */
#define PHONE_TRUNK_TRYING_MS ((ms_t)15000)
#define PHONE_TRUNK_ADDRESSES 4
#define PHONE_TRUNK_HOST_MAX 96
#define PHONE_TRUNK_USER_MAX 96
#define PHONE_TRUNK_SECRET_MAX 65

struct phone;

/* May sound be encrypted (SRTP), must it be? Only over TLS, where its keys are not seen. */
enum phone_srtp { PHONE_SRTP_REFUSE, PHONE_SRTP_ALLOW, PHONE_SRTP_REQUIRE };

/* An access to an operator. */
struct phone_trunk {
    uint32_t number; /* of the directory; not 0 */
    uint32_t at_n;   /* 0: its name has not been resolved yet */
    struct address at[PHONE_TRUNK_ADDRESSES];
    struct text host, user, secret; /* host: of URIs; user empty: no credentials. Copied */
    uint32_t channels, outbound;    /* calls at once, 0: not told; those kept for calls out */
    uint8_t priority;               /* 1: first */
    bool registers, is_unprobed;
    bool is_tcp, is_tls; /* TLS: it is heard over that alone */
    uint8_t srtp;        /* enum phone_srtp */
    bool is_early;       /* carries sound before an answer */
    bool may_redirect;   /* its 3xx is followed, to its own machines and for the same number */
    bool is_line;        /* a robot's: registers under its user, is never chosen for calls out */
};
/* How its calls sounded: streams that are over, so far, and those of the last quarter of an hour.
 */
struct phone_sound_counts {
    uint64_t received_n, lost_n;       /* RTP packets: those that came and those that did not */
    uint64_t sent_n, peer_lost_n;      /* ours, and their losses as they were reported */
    uint64_t jitter_ms, round_trip_ms; /* sums, over so many streams that knew theirs: */
    uint32_t jitter_n, round_trip_n;
    uint32_t judged_n, bad_n;               /* long enough to be judged; below MOS_BAD either way */
    uint32_t recent_judged_n, recent_bad_n; /* of them, in the last PHONE_RECENT_MS */
};
#define PHONE_RECENT_MS ((ms_t)15 * 60 * 1000)

/* What it looks like from here. */
struct phone_trunk_look {
    uint32_t number, calls_in_n, calls_out_n, channels;
    bool is_up, is_down, registers, is_bound; /* neither up nor down: not known yet */
    struct phone_sound_counts sound;
};

struct phone_args {
    const char *address;    /* bound: "127.0.0.1", "192.0.2.1, 2001:db8::1" */
    const char *advertised; /* what others see, of one family or both; empty: the same */
    uint16_t port;          /* 0: any */
    const char *realm;
    const struct phone_source *sources; /* copied */
    uint32_t sources_n;                 /* at most PHONE_SOURCES_MAX */
    bool tells_strangers, is_md5_alone;
    uint8_t srtp;                /* enum phone_srtp, of our own telephones */
    bool has_tcp;                /* on the same port */
    bool has_tls;                /* on tls_port: once there is a certificate, and to operators */
    uint16_t tls_port;           /* 0: any */
    const struct tls_book *book; /* borrowed until phone_secure(); NULL: no certificates */
    bool is_measuring;           /* robots: PHONE_SOUND, PHONE_COUNTED */
    uint32_t lines_max; /* robots: accesses besides PHONE_TRUNKS_MAX, at most PHONE_LINES_MAX */
    uint32_t legs_max, registrations_max, accounts_max;
    uint64_t first_leg_id;          /* larger than any of an earlier life */
    const struct media_port *media; /* borrowed */
    struct os_log *log;             /* borrowed; NULL: silent */
    struct tape *trace;             /* borrowed; NULL: no message is remembered */
    phone_report_fn *report;
    phone_knows_fn *knows;
    void *report_arg; /* of both */
    /* The stream of a leg that is not one of ours, to be bridged with; gen 0: nobody's. NULL: there
     * are no others. */
    struct media_ref (*stream)(void *arg, uint64_t leg_id);
    void *stream_arg;
};

/* The house's own robot, which calls each minute to see whether it is answered. Its calls are tests
 * (PHONE_ARRIVED is_test) because they come from this very socket, which the process itself holds,
 * and show this call's token as their caller: no other program can send the one, nobody else knows
 * the other, and it is good for one call. */
#define PHONE_TOKEN_N 16 /* hexadecimal digits, behind a plus or not */
struct phone_watch {
    struct address at;      /* of the robot's telephone; only read after phone_watch() */
    _Atomic uint64_t token; /* of its next call; 0: none */
};

/* For status and /metrics. */
struct phone_totals {
    uint32_t legs_n, registrations_n, transactions_n;
    uint32_t legs_tls_n, legs_srtp_n; /* of the legs: over TLS; whose sound is encrypted */
    uint64_t calls_in_n, calls_out_n, shed_n;
    uint64_t unknown_n,
        broken_n; /* INVITEs to a number that is nobody's; legs ended by LEG_CHECK */
    uint64_t strangers_n, dropped_n, refused_n, passed_n, unsent_n, cut_n;
    uint32_t connections_n;     /* of TCP, and of TLS */
    uint32_t secure_n;          /* of TLS alone */
    uint64_t unproved_n;        /* handshakes that failed */
    struct address stranger_at; /* of the last stranger */
    uint64_t lost_n;            /* RTP packets that did not come, of streams that have ended */
};

/* 0, or EINVAL (an address, a bound), ENOMEM, EADDRINUSE, EADDRNOTAVAIL… */
MUST_CHECK int phone_open(struct phone **p, const struct phone_args *args);
void phone_drop(struct phone *p);

/* A line of the house, before the first datagram or later. */
enum phone_account_verdict phone_line_add(struct phone *p, uint64_t aor, struct text username,
                                          struct text secret);

/* This line comes over TLS, with encrypted sound, or not at all; said again after each add. */
void phone_line_encrypt(struct phone *p, struct text username);

/* The files were read again: the sources, tells_strangers, is_md5_alone and srtp of these. Between
 * it and phone_follow_end() the lines are added anew; those that are not, and those with another
 * secret, are reported PHONE_AWAY at the next turn. False: too many sources, nothing was changed.
 */
MUST_CHECK bool phone_follow(struct phone *p, const struct phone_args *args);
void phone_follow_end(struct phone *p);
/* Certificates, for connections from now on; those that there are go on. book: borrowed until the
 * next one. The first certificate opens the door of TLS. 0, or errno of that. */
MUST_CHECK int phone_secure(struct phone *p, const struct tls_book *book);
/* The sources alone: a name has become an address. */
void phone_sources(struct phone *p, const struct phone_source *sources, uint32_t n);

/* All accesses, at most PHONE_TRUNKS_MAX, then lines_max lines; those that are there already, by
 * their number and host, keep their registration and their calls. Again whenever names or files
 * have changed. */
void phone_trunks(struct phone *p, const struct phone_trunk *trunks, uint32_t n);
/* False: there are no more than i. */
bool phone_trunk_look(const struct phone *p, uint32_t i, struct phone_trunk_look *look);

/* Borrowed until phone_drop(): calls of this robot may come in, whatever the sources are. */
void phone_watch(struct phone *p, struct phone_watch *watch);

struct phone_port phone_port(struct phone *p);
/* The stream of a leg of ours, for who has others; gen 0: none. arg: the phone. */
struct media_ref phone_stream(void *arg, uint64_t leg_id);

int phone_fd(const struct phone *p);
uint16_t phone_bound(const struct phone *p);
/* The port of TLS; 0: nobody is let in. */
uint16_t phone_bound_secure(const struct phone *p);

/* Takes what has come in, at most a batch; fires timers; reports of the media engine. */
void phone_run(struct phone *p, ms_t now_at);
/* When phone_run() must come, at the latest. */
ms_t phone_next_at(const struct phone *p);

/* Calls shed from a trunk since the last time: false when there are none (any more). */
bool phone_shed_take(struct phone *p, uint32_t *trunk_id, uint32_t *n);

struct phone_totals phone_totals(const struct phone *p);

#endif
