/* snapshot.h — pictures of the state, so that a start need not replay everything.
 * Written in parts, one a transaction, between commits of events: a picture of 30 MB delays no
 * commit by more than one part. Its head row comes last: without it the parts do not exist.
 * The last two are kept; a damaged one is skipped. Called by the writer and at start. */
#ifndef JOURNAL_SNAPSHOT_H
#define JOURNAL_SNAPSHOT_H

#include "port/journal.h"
#include "sql/sql.h"

#define SNAPSHOT_PART_BYTES ((size_t)256 * 1024)
#define SNAPSHOT_BYTES_MAX ((size_t)256 * 1024 * 1024)
#define SNAPSHOTS_KEPT 2

struct snapshot_job;

/* A copy of the snapshot, to be written. EFBIG past SNAPSHOT_BYTES_MAX; ENOMEM. */
MUST_CHECK int snapshot_job_new(struct snapshot_job **job, const struct journal_snapshot *snapshot);
void snapshot_job_drop(struct snapshot_job *job);

/* It may be written once this event is committed. */
uint64_t snapshot_job_last_id(const struct snapshot_job *job);

/* A part of it is in the database. */
bool snapshot_job_has_begun(const struct snapshot_job *job);

/* Writes one more part, or at the end the head row. 0 or errno, then the job is good for nothing.
 */
MUST_CHECK int snapshot_job_step(struct snapshot_job *job, sqlite3 *db, bool *is_done);

/* The newest sound one with last_id ≤ last_id_max; its bytes in *bytes, owned by the caller (free).
 * ENOENT when there is none. bad_n: how many were skipped. */
struct snapshot_query {
    uint64_t last_id_max;
    uint8_t *bytes;
    unsigned sound_n, bad_n;
};
MUST_CHECK int snapshot_load(struct journal_snapshot *s, struct snapshot_query *q, sqlite3 *db);

/* Counts sound and damaged ones, for verify. */
MUST_CHECK int snapshot_count(struct snapshot_query *q, sqlite3 *db);

#endif
