/* app.h — commands in → decide → journal → effects out. Owns the order of things, no rule.
 * One thread. Time is passed in: main.c gives the steered clock, sim/ a false one.
 * Called by main.c and sim/. Cost: one acd_step and one append a command. */
#ifndef APP_APP_H
#define APP_APP_H

#include "acd/acd.h"
#include "port/edges.h"
#include "port/journal.h"

/* Effects held for their commit, of each class; past it the oldest of class ordered goes at once.
 */
#define APP_HELD_MAX 8192
/* Commands kept while the journal takes nothing; past it they are refused. */
#define APP_BACKLOG_MAX 16384
/* An effect of class ordered waits no longer than this for its commit. */
#define APP_ORDERED_MS 100
/* A spoken promise waits no longer than this; then the person hears that we cannot note it. */
#define APP_PROMISE_MS 2000
/* A snapshot every so many events, when app_args does not say. */
#define APP_SNAPSHOT_EVENTS 50000

struct app;

struct app_args {
    struct acd *acd;                    /* borrowed */
    const struct journal_port *journal; /* borrowed */
    const struct edges_port *edges;     /* borrowed */
    uint64_t epoch;                     /* of this opening of the journal; fences older writers */
    uint32_t snapshot_events;           /* 0: APP_SNAPSHOT_EVENTS */
    uint16_t node;
    bool is_simulated; /* an empty journal gets the mark as its first event */
    uint64_t seed;     /* of the simulation */
};

struct app_status {
    enum journal_health health;
    uint64_t last_id, committed_id;
    uint32_t held_n, backlog_n; /* effects waiting for their commit; commands waiting for room */
    uint64_t gap_n;             /* contacts counted for a later EV_GAP */
    uint64_t forced_n;          /* ordered effects let go because too many were held */
};

/* Memory for an app over an acd of these limits. */
size_t app_bytes(const struct acd_limits *limits);

/* Over memory of app_bytes(), aligned to 64. Nothing is read or written yet. */
struct app *app_open(void *memory, const struct acd_limits *limits, const struct app_args *args);

/* Start: newest sound snapshot, then the events after it. Then CMD_STARTED, and every leg that
 * this node had is lost: their calls end as cut_off, their contacts keep their place.
 * 0, or the journal's errno (EBADMSG: the caller sets the file aside and starts a new one). */
MUST_CHECK int app_start(struct app *app, ms_t now_at);

/* The same in two steps, where calls of the life before may go on: the state alone first… */
MUST_CHECK int app_read(struct app *app, ms_t now_at);
/* …then, for each call that goes on, whose leg it has… */
void app_keep(struct app *app, uint64_t call_id);
/* …and the start; the calls that were not kept end as cut_off. */
void app_begin(struct app *app);

/* The last event of the life before, as app_start() read it; 0: there was none. */
ms_t app_before_at(const struct app *app);

/* One command, at now_at (journal time; never goes back). All it entails is done, offers made,
 * effects emitted or held for the commit. With the journal behind, calls in course go on and new
 * ones are told that we are overloaded (ACD_REFUSED_FULL); with no room at all, the commands of
 * those in course wait. */
enum acd_verdict app_command(struct app *app, const struct command *cmd, ms_t now_at);

/* The same for CMD_CALL_ARRIVED: row, a person met for the first time, commits with its events.
 * NULL: none. */
enum acd_verdict app_arrival(struct app *app, const struct command *cmd,
                             const struct journal_row *row, ms_t now_at);

/* Rows that belong to no event, given to the writer before all that is decided from now on: when an
 * event of later is committed, so are they. Only after app_has_room(); n <= JOURNAL_APPEND_MAX. */
bool app_has_room(const struct app *app);
void app_rows(struct app *app, const struct journal_row *rows, unsigned n);
struct app_rows {
    struct journal_row *rows;
    unsigned n; /* <= JOURNAL_APPEND_MAX */
};

/* A command with rows that commit in one transaction with its events. A row of a text message or a
 * thread that names this contact gets the id of the command's first event: that of the contact
 * which it opens. Only after app_has_room(); refused, or without an event, no row is given. */
#define APP_CONTACT_NEW UINT64_MAX
enum acd_verdict app_with_rows(struct app *app, const struct command *cmd,
                               const struct app_rows *rows, ms_t now_at);

/* Fires due timers and lets go the effects whose commit, or 100 ms, has come. */
void app_run(struct app *app, ms_t now_at);

/* When app_run() must be called, at the latest; also call it when the journal says it committed. */
ms_t app_next_at(const struct app *app);

/* For folds beside the core (kpi in sim, readmodel): each event once, in order, as it becomes true,
 * those read at start included. */
typedef void app_event_fn(const struct event *ev, void *arg);
void app_on_event(struct app *app, app_event_fn *fn, void *arg);

void app_status(const struct app *app, struct app_status *status);

#endif
