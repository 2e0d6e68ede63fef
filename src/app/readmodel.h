/* readmodel.h — the reader's own fold: what pages are rendered from, made of committed events only.
 * An acd and a kpi of its own, the counts of the day, since when each agent is in its state, and
 * the newest events. Nothing is shared with the core; its hash is compared with the core's. One
 * thread. Called by cli/reader.c and app/pages.c. Cost: one acd_apply and one kpi_fold an event.
 * Invariant: the same events give the same model, whenever it began. */
#ifndef APP_READMODEL_H
#define APP_READMODEL_H

#include "view/house.h"

/* The newest events, kept for readers who follow and for the comparison of hashes. */
#define READMODEL_RECENT_N 4096
/* A moved clock and a new journal are told for so long. */
#define READMODEL_CLOCK_MS ((ms_t)3600 * 1000)
#define READMODEL_RESET_MS ((ms_t)24 * 3600 * 1000)

struct readmodel;

struct readmodel_args {
    struct acd_limits acd; /* the core's */
    struct kpi_limits kpi;
    const struct directory *directory; /* borrowed; NULL: none, UTC */
};

size_t readmodel_bytes(const struct readmodel_args *args);

/* Over memory of readmodel_bytes(), aligned to 64, zeros. */
struct readmodel *readmodel_open(void *memory, const struct readmodel_args *args);

/* The directory was read again; names, and the zone of the days to come, are those of this one. */
void readmodel_follow(struct readmodel *m, const struct directory *directory);

/* The next event. A journal_event_fn: arg is the model, the answer is true. */
bool readmodel_take(const struct event *ev, void *arg);

/* All that is committed was taken once: from now on figures are shown. */
void readmodel_caught_up(struct readmodel *m);

/* Figures that lack what was committed so long ago are behind; at most twice as long. */
#define READMODEL_BEHIND_MS ((ms_t)1000)

/* What the reader sees around it, once a second and when main told something new. Compares hashes,
 * sets the alarms. */
struct readmodel_signs {
    ms_t now_at;
    const struct vitals *vitals;      /* NULL: main has not told any */
    ms_t silent_ms;                   /* since main told anything */
    int reader_errno;                 /* why the journal cannot be read; 0 */
    const struct vitals_watch *watch; /* NULL: no robot has called yet */
};
/* Bits of enum view_alarm: those that came, those that went. */
struct readmodel_change {
    uint32_t came, went;
};
struct readmodel_change readmodel_watch(struct readmodel *m, const struct readmodel_signs *signs);

/* All for the pages at an instant; borrowed from the model until the next event. */
struct view_house readmodel_house(const struct readmodel *m, ms_t now_at);

/* One of the newest events, or NULL. */
const struct event *readmodel_recent(const struct readmodel *m, uint64_t id);

/* Who was not reached on this day; NULL: nobody, nothing has happened on it. */
struct unreached;
const struct unreached *readmodel_unreached(const struct readmodel *m, calendar_day today);

/* What people had from us before, and what each agent did today. */
struct past;
struct workday;
const struct past *readmodel_past(const struct readmodel *m);
const struct workday *readmodel_workday(const struct readmodel *m);
/* What people chose in the menus. */
struct ways;
const struct ways *readmodel_ways(const struct readmodel *m);

/* Which journal this is: made of its first event; 0 before it. */
uint64_t readmodel_journal(const struct readmodel *m);

#endif
