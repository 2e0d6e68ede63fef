/* browser.h — browsers as telephones (ADR 36): a session for each page that is signed in, with a
 * stream of the engine that lives as long as the session does, whatever becomes of the network.
 * Called on the main thread. Asks the engine by port/media.h, and OpenSSL by dtls/. Who may join,
 * and what a session is for, others say. */
#ifndef BROWSER_BROWSER_H
#define BROWSER_BROWSER_H

#include "os/log.h"
#include "port/media.h"
#include "rtc/offer.h"

#define BROWSER_SESSIONS_MAX 4096
/* Handshakes begun in a second: each is some 1 ms of this thread. Who comes later repeats. */
#define BROWSER_HANDSHAKES_MAX 20
/* A handshake that is longer under way is given up; its browser may begin another. */
#define BROWSER_SHAKE_MS 15000
/* A session without sound that nobody joins again is forgotten. */
#define BROWSER_KEEP_MS 300000
/* Datagrams taken in one turn. */
#define BROWSER_TURN_MAX 64

enum browser_state {
    BROWSER_JOINING, /* answered; no keys yet */
    BROWSER_UP,      /* sound flows */
    BROWSER_SILENT,  /* no consent: keys are kept, nothing is sent */
    BROWSER_OVER,    /* the connection was closed, or never came to be; to be joined anew */
    BROWSER_STATES,
};

enum browser_event {
    BROWSER_CHOSEN, /* a pair was chosen */
    BROWSER_KEYED,  /* the handshake is done */
    BROWSER_QUIET,  /* consent lost */
    BROWSER_ENDED,  /* DTLS: goodbye, or failed */
    BROWSER_AGAIN,  /* joined again by the same connection (restartIce): what works of it goes on */
    BROWSER_ANEW,   /* by another connection */
    BROWSER_EVENTS,
};

/* The table: what becomes of a session. */
enum browser_state browser_next(enum browser_state state, enum browser_event event);

/* Told when the state changed; BROWSER_STATES: the session is forgotten. */
typedef void browser_tell_fn(uint64_t id, enum browser_state state, void *arg);

struct browser_args {
    const struct media_port *media; /* borrowed */
    struct address_pair self;       /* where pages reach the port; ports ignored */
    uint16_t port;                  /* media_browser_port() */
    uint32_t sessions_max;          /* at most BROWSER_SESSIONS_MAX */
    bool is_active;                 /* we begin handshakes where the offer leaves it open */
    struct os_log *log;             /* borrowed; NULL: silent */
    browser_tell_fn *tell;          /* NULL: nobody wants to know */
    void *arg;
};

struct browsers;

/* 0, EINVAL (a bound, no address, no port), ENOMEM. */
MUST_CHECK int browser_open(struct browsers **b, const struct browser_args *args);
/* Ends all sessions. NULL is fine. */
void browser_drop(struct browsers *b);

enum browser_verdict {
    BROWSER_JOINED,
    BROWSER_REFUSED, /* the offer; answer.why says more */
    BROWSER_FULL,    /* sessions_max, or the engine's streams or coders */
    BROWSER_UNKNOWN, /* no session of this id: a new one is to be opened */
};

struct browser_offer {
    uint64_t id; /* of the session to be joined again; 0: a new one */
    struct text sdp;
    struct rtc_wish wish;
    ms_t at; /* by the boot clock, as all instants here */
};

struct browser_answer {
    uint64_t id; /* random: who knows it may join again */
    struct media_ref ref;
    enum rtc_verdict why;
    char sdp[RTC_ANSWER_MAX];
    size_t sdp_n;
};

/* A new session, or the same one over another way: its stream, and whatever it is bridged with,
 * stays. Anything but BROWSER_JOINED: nothing has changed. */
enum browser_verdict browser_join(struct browsers *b, const struct browser_offer *offer,
                                  struct browser_answer *answer);
/* Ends a session: false: there is none. */
bool browser_leave(struct browsers *b, uint64_t id);

/* What its stream shall do: list, then, peer, keys and the like; what was negotiated is set here.
 * ESTALE: no such session; else as media_port.set(). */
MUST_CHECK int browser_set(struct browsers *b, uint64_t id, const struct media_want *does);

/* Looks at a report of the engine. True: it was about the way of a session, and is dealt with;
 * false: about its sound, or of another stream, and for others. */
bool browser_report(struct browsers *b, const struct media_report *r, ms_t now_at);

/* Datagrams that came, handshakes that must be repeated, sessions to be forgotten. When it must be
 * called again at the latest, unless the engine rings before. */
ms_t browser_run(struct browsers *b, ms_t now_at);

struct browser_counts {
    uint32_t sessions_n, up_n;
    uint64_t handshakes_n, failed_n, put_off_n; /* put_off: past BROWSER_HANDSHAKES_MAX */
};
void browser_counts(const struct browsers *b, struct browser_counts *counts);

#endif
