/* kpi.h — the published figures, as folds over events only: whoever has the journal can recompute
 * them. Classes and formulas: design §3.5 and the interministerial definition (Services Publics+,
 * engagement n°6) with the counting rules of the CNAF: calls, not legs; nothing left out.
 * Called by sim/ and the reader thread. Cost: O(1) an event. Integers only; memory is the caller's
 * and holds no pointer: its bytes are the snapshot. */
#ifndef KPI_KPI_H
#define KPI_KPI_H

#include "event/event.h"

/* Waits are counted by whole seconds up to this; longer ones stand in the last bucket. */
#define KPI_WAIT_SECONDS_MAX (4 * 3600)
#define KPI_QUARTER_MS ((ms_t)15 * 60 * 1000)
#define KPI_DAY_MS ((ms_t)24 * 3600 * 1000)
#define KPI_REACHED_WITHIN_MS ((ms_t)24 * 3600 * 1000)
#define KPI_NEVER_AFTER_MS ((ms_t)7 * 24 * 3600 * 1000)
#define KPI_SOON_S_N 3 /* QS(20), QS(60), QS(180) */
#define KPI_INTERVALS_MAX (366 * 96)
#define KPI_PERSONS_MAX (1u << 24)

struct kpi;

struct kpi_limits {
    uint32_t intervals_max; /* quarters of an hour, at most KPI_INTERVALS_MAX */
    uint32_t persons_max;   /* people followed at once for 7 days, at most KPI_PERSONS_MAX */
};

struct kpi_args {
    ms_t from_at;   /* the first quarter holds this instant */
    ms_t offset_ms; /* wall time of the site − UTC: quarters and days are local */
};

/* What happened in one quarter of an hour (by the arrival of the call), or in all. */
struct kpi_counts {
    uint32_t calls[OUTCOME_N];     /* by class; test calls too, in a class of their own */
    uint32_t shed_n;               /* of the turned away: without state, counted by trunk */
    uint32_t gap_n;                /* of all: counted while the journal could not be written */
    uint32_t soon_n[KPI_SOON_S_N]; /* answered within 20, 60, 180 s */
    uint64_t wait_answered_ms, wait_abandoned_ms, talk_ms;
    uint32_t talk_n;     /* conversations behind talk_ms */
    uint32_t withheld_n; /* asked for a person, number withheld: in no figure by person */
    uint32_t repeat_24h_n, repeat_7d_n; /* asked again within … of another call of that person */
    uint32_t identified_n;              /* asked for a person, person known */
    uint32_t persons_n;                 /* by the first call of a person in 7 days */
    uint32_t persons_24h_n;             /* … reached by a person within 24 h */
    uint32_t persons_7d_n;              /* … within 7 days */
    uint32_t persons_lost_n;            /* not followed for want of room */
    /* What agents say of their conversations, the last word of each; not by quarters. */
    uint32_t concluded[CONCLUSION_N];
};

/* A published rate. ppm = n ÷ of, rounded half up on millionths; KPI_NO_RATE when of is 0. */
struct kpi_rate {
    const char *id; /* of its definition */
    uint64_t n, of;
    uint32_t ppm;
};
#define KPI_NO_RATE UINT32_MAX

enum kpi_rate_id {
    KPI_AGENT,               /* the one to publish */
    KPI_AGENT_DIRECT,        /* … without callbacks */
    KPI_AGENT_WITHOUT_SHORT, /* … without abandons under 10 s: beside it, never instead */
    KPI_GLOBAL,              /* with recorded answers, over all calls of the 24 hours */
    KPI_CALLBACK,            /* callbacks honoured ÷ promised */
    KPI_SOON_20,
    KPI_SOON_60,
    KPI_SOON_180,
    KPI_TURNED_AWAY,
    KPI_CUT_OFF,
    KPI_OUT_OF_HOURS,
    KPI_REPEAT_24H,
    KPI_REPEAT_7D,
    KPI_PERSON_24H,
    KPI_RATE_N
};

/* People: reached or not, 7 days after their first call. */
struct kpi_persons {
    uint64_t n, reached_24h_n, reached_7d_n;
    uint64_t followed_n; /* of whom 7 days have passed since the first call */
    uint64_t never_n;    /* … without an answer */
    uint64_t open_n;     /* not reached yet, 7 days not passed */
    uint64_t lost_n;     /* not followed for want of room */
};

/* MENU: from the arrival to the end of calls that asked for nobody and heard no answer. */
enum kpi_wait { KPI_WAIT_ANSWERED, KPI_WAIT_ABANDONED, KPI_WAIT_MENU, KPI_WAIT_N };

/* Nearest-rank percentiles in whole seconds, rounded down; is_over: in the last bucket. */
struct kpi_waits {
    uint64_t n;
    ms_t mean_ms; /* rounded half up */
    uint32_t p50_s, p90_s;
    bool p50_is_over, p90_is_over;
};

size_t kpi_bytes(const struct kpi_limits *limits);

/* Over memory of kpi_bytes(), aligned to 64. */
struct kpi *kpi_open(void *memory, const struct kpi_limits *limits, const struct kpi_args *args);

/* One event, in order. Kinds that count nothing cost nothing. */
void kpi_fold(struct kpi *k, const struct event *ev);
uint64_t kpi_last_id(const struct kpi *k);
/* The journal says that the simulator lived it: whoever shows a figure says so beside it. */
bool kpi_is_simulated(const struct kpi *k);

const struct kpi_counts *kpi_total(const struct kpi *k);
/* Quarter i, 0 … n − 1; calls before the first or after the last stand in the total only. */
uint32_t kpi_intervals_n(const struct kpi *k);
const struct kpi_counts *kpi_interval(const struct kpi *k, uint32_t i);
ms_t kpi_interval_at(const struct kpi *k, uint32_t i);

/* The local day that holds this instant: its calls, and the people whose first call of 7 days it
 * was; followed_n is 0 until 7 days have passed since the day's end. Cost: 96 additions. */
struct kpi_counts kpi_day(const struct kpi *k, ms_t at);
struct kpi_persons kpi_day_persons(const struct kpi *k, ms_t at);

struct kpi_persons kpi_persons(const struct kpi *k);
struct kpi_waits kpi_waits(const struct kpi *k, enum kpi_wait which);

/* Estimates of the wait that were spoken in this band, for people who were then answered: those
 * whose band held the true wait, those answered sooner than its lower bound; the others, later. */
struct kpi_band {
    uint32_t spoken_n, kept_n, sooner_n;
};
struct kpi_band kpi_band(const struct kpi *k, enum band band);

/* What one event counts, into a set of counts of the caller's: a day, a queue. Figures by person
 * stay at zero. */
void kpi_counts_fold(struct kpi_counts *c, const struct event *ev);
/* Adds b to a, for hours, days, services. */
void kpi_counts_add(struct kpi_counts *a, const struct kpi_counts *b);

/* Sums over classes that the formulas name. */
uint64_t kpi_received(const struct kpi_counts *c); /* all but tests */
uint64_t kpi_in_hours(const struct kpi_counts *c); /* … but those outside published hours */
uint64_t kpi_asked(const struct kpi_counts *c);    /* requiring an agent: the denominator */
uint64_t kpi_answered(const struct kpi_counts *c); /* directly or by a callback honoured */
bool kpi_is_asking(enum outcome outcome);

struct kpi_rate kpi_rate(const struct kpi_counts *c, enum kpi_rate_id id);
/* Never reached in 7 days ÷ people followed for 7 days; no rate before that. */
struct kpi_rate kpi_rate_never(const struct kpi_persons *p);
/* The published one with the calls that the operator says it refused for want of lines: they never
 * came to us, so that they stand in no journal, only in its statement. */
#define KPI_REFUSED_MAX 1000000000u
struct kpi_rate kpi_rate_with_operator(const struct kpi_counts *c, uint32_t refused_n);

/* Rounding, all of it. n ÷ of in ppm, half up; ppm in tenths of a per cent as they are printed,
 * half up again: 296 ÷ 339 = 873,156 ppm = 873 tenths = 87.3 %. Not for KPI_NO_RATE. */
uint32_t kpi_ppm(uint64_t n, uint64_t of);
uint32_t kpi_tenths(uint32_t ppm);

#endif
