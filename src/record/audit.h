/* audit.h — who did what to recordings: one line of JSON each in FOLDER/audit.jsonl, on the disk
 * before anything is given, each with the SHA-256 of the line before. Called by record.c (purges)
 * and cli/recording (readings, orders), in any process: a lock keeps them apart. Cost: two fsyncs
 * at most. Invariant: a line is never changed; a changed or missing one breaks the chain. */
#ifndef RECORD_AUDIT_H
#define RECORD_AUDIT_H

#include "base/json.h"
#include "os/file.h"

#define RECORD_AUDIT_NAME "/audit.jsonl"
#define RECORD_AUDIT_LINE_MAX ((size_t)4096)
#define RECORD_HASH_DIGITS 64

struct record_deed {
    const char *what; /* "export", "purge", "trouble" */
    uint64_t id;      /* of the recording; 0: of none */
    ms_t at, begun_at;
    uint64_t bytes_n;
    const char *sha256;         /* of the file; NULL: not told */
    struct text reader, reason; /* empty: not told */
};

/* 0: it is on the disk. ENAMETOOLONG: reader and reason do not fit into a line. */
MUST_CHECK int record_audit_add(const char *folder, const struct record_deed *deed);
/* *lines_n: lines whose chain holds. EBADMSG: the next one does not. ENOENT: nothing was done yet.
 */
MUST_CHECK int record_audit_verify(const char *folder, uint64_t *lines_n);
/* Of a file's bytes, as lower hexadecimal digits with a NUL. */
MUST_CHECK int record_hash(char to[RECORD_HASH_DIGITS + 1], const char *path);

#endif
