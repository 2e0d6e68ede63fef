/* headset.h — a page as the telephone of its agent (ADR 36, 39): sessions of browser.h with whose
 * they are, and the same port that phone/ has. The roof puts this one before that one: what is not
 * about a page is passed on, so nobody above knows the difference.
 * All on the main thread. Times are of the boot clock. */
#ifndef BROWSER_HEADSET_H
#define BROWSER_HEADSET_H

#include "browser/browser.h"
#include "port/headsets.h"
#include "port/phone.h"

/* A page that said goodbye while somebody is with its agent is waited for so long; one that went
 * without a word is known by MEDIA_LOST_MS of silence (design §3.4: the caller at the head within
 * five seconds). */
#define HEADSET_GRACE_MS MEDIA_LOST_MS
/* An agent without a call, whose page has gone, is taken for away then: pages are loaded anew. */
#define HEADSET_AWAY_MS 10000
/* Reports of the engine passed in one turn. */
#define HEADSET_REPORTS_MAX 1024
/* Ids of legs: its place, and how many there were before it. */
#define HEADSET_PLACE_BITS 12
#define HEADSET_LEGS_BITS 35
_Static_assert(BROWSER_SESSIONS_MAX == 1 << HEADSET_PLACE_BITS, "each session has a place");

enum headset_state { HEADSET_IDLE, HEADSET_RINGING, HEADSET_UP, HEADSET_STATES };
enum headset_event {
    HEADSET_CALLED,
    HEADSET_ANSWERED, /* by the page */
    HEADSET_ENDED,    /* by whomever */
    HEADSET_EVENTS
};
/* The table: what becomes of the telephone; HEADSET_STATES: that cannot be now. */
enum headset_state headset_next(enum headset_state state, enum headset_event event);

struct headset_args {
    const struct media_port *media; /* borrowed: the engine */
    struct address_pair self;       /* of browser_args, as all up to sessions_max */
    uint16_t port;
    uint32_t sessions_max;
    const uint16_t *ring_id;      /* borrowed: what an agent hears ring, as the engine has it */
    uint64_t first_leg_id;        /* 2^HEADSET_LEGS_BITS from here on are nobody else's */
    struct headsets_board *board; /* borrowed; NULL: nobody looks */
    struct os_log *log;           /* borrowed; NULL: silent */
    phone_report_fn *report;      /* the app's */
    void *report_arg;
    os_clock_fn *boot_ms;
};

struct headsets;

/* 0, EINVAL, ENOMEM. */
MUST_CHECK int headset_open(struct headsets **h, const struct headset_args *args);
/* Ends all sessions. NULL is fine. */
void headset_drop(struct headsets *h);

/* Given to phone/ in the place of the engine: the same, without the reports that are for pages. */
struct media_port headset_media(struct headsets *h);
/* Given to phone/ as the app's: all but the leaving of a telephone whose agent has a page. arg: the
 * headsets. */
phone_report_fn headset_hears;
/* Given to phone/: the stream of a leg that is not its own. arg: the headsets. */
struct media_ref headset_stream(void *arg, uint64_t leg_id);

/* The telephones behind, and the stream of a leg of theirs. Said once, before any call. */
struct headset_behind {
    struct phone_port port;
    struct media_ref (*stream)(void *arg, uint64_t leg_id);
    void *arg;
};
void headset_put_before(struct headsets *h, const struct headset_behind *behind);
struct phone_port headset_port(struct headsets *h);

/* What a page asks for; it is the agent's, others have proved that. */
enum headset_deed {
    HEADSET_JOIN,    /* a session; page_id 0: a page that takes over whatever there is */
    HEADSET_LEAVE,   /* the telephone on the desk from now on */
    HEADSET_ANSWER,  /* what rings */
    HEADSET_HANG_UP, /* what rings or is up */
    HEADSET_HOLD,    /* whom they speak with hears music */
    HEADSET_RESUME,  /* … speaks with them again */
    HEADSET_ECHO,    /* they hear themselves; only without a call */
    HEADSET_SILENCE, /* … no longer */
    HEADSET_DEEDS
};
enum headset_verdict {
    HEADSET_DONE,
    HEADSET_UNKNOWN, /* no such page of this agent: another one took over, or too late */
    HEADSET_NOT_NOW, /* nothing rings; or somebody is there */
    HEADSET_REFUSED, /* the offer: answer.why */
    HEADSET_FULL,
};
struct headset_ask {
    enum headset_deed deed;
    uint32_t agent_id;
    uint64_t page_id; /* random, of the answer to its first offer */
    struct text sdp;  /* HEADSET_JOIN */
};
struct headset_told {
    uint64_t page_id;
    struct browser_answer answer; /* HEADSET_JOIN */
};
enum headset_verdict headset_ask(struct headsets *h, const struct headset_ask *ask,
                                 struct headset_told *told);

/* Handshakes, what is due; then when it is due again. Never polled: asked for after each turn. */
void headset_run(struct headsets *h, ms_t now_at);
ms_t headset_next_at(const struct headsets *h);

void headset_counts(const struct headsets *h, struct browser_counts *counts);

#endif
