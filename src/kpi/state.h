/* state.h — what the files of kpi/ share. Nobody else includes it.
 * All of it lies in the caller's block, found by offsets from struct kpi. */
#ifndef KPI_STATE_H
#define KPI_STATE_H

#include "kpi/kpi.h"

/* A person from its first call on, until 7 days after its last. */
struct kpi_person {
    uint64_t person_id; /* 0: left before its turn */
    ms_t first_at, last_at;
    uint32_t interval; /* of first_at; KPI_OUTSIDE when in none */
    bool is_reached_24h, is_reached_7d;
    bool is_settled; /* 7 days are over; kept for the repeated calls of 7 days to come */
    uint8_t zero;    /* no gaps: equal folds are equal bytes with every compiler */
};
#define KPI_OUTSIDE UINT32_MAX

/* People in the order of their first call: a ring; and an open-addressed index by id. */
struct kpi_ring {
    uint32_t first, n, persons_max, index_mask;
    size_t persons_at, index_at; /* offsets in the block */
    uint64_t settled_n, never_n; /* whose 7 days are settled; of these, never reached */
    uint64_t lost_n;             /* that never entered */
};

struct kpi_histogram {
    uint64_t n, sum_ms;
    uint32_t seconds[KPI_WAIT_SECONDS_MAX + 1];
};

struct kpi {
    uint64_t last_id;
    ms_t last_at, first_quarter; /* local time ÷ 15 min */
    ms_t offset_ms;
    uint64_t simulated_n; /* marks seen */
    uint32_t intervals_max, intervals_n;
    size_t intervals_at;
    struct kpi_counts total;
    struct kpi_histogram waits[KPI_WAIT_N];
    struct kpi_band bands[BAND_N];
    struct kpi_ring ring;
};

/* interval.c: the quarter of an instant, or KPI_OUTSIDE; and its counts, NULL for KPI_OUTSIDE. */
uint32_t kpi_interval_of(struct kpi *k, ms_t at);
struct kpi_counts *kpi_interval_counts(struct kpi *k, uint32_t i);

/* person.c */
size_t kpi_person_bytes(uint32_t persons_max);
void kpi_person_open(struct kpi *k, size_t at, uint32_t persons_max);
/* A call that asked for a person, of a known one; reached_at: MS_NEVER when not answered. */
struct kpi_asking {
    uint64_t person_id;
    ms_t arrived_at, reached_at;
    uint32_t interval;
};
void kpi_person_asked(struct kpi *k, const struct kpi_asking *call);

#endif
