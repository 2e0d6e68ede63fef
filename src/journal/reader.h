/* reader.h — the journal as a thread beside the writer reads it: a connection of its own,
 * read-only. Opened by cli/reader.c, asked through port/committed.h. Waits for the disk, never for
 * the writer. Cost: a call that finds nothing new is one look-up, ~10 µs; an event costs its hash
 * and decoding. Invariant: no transaction stays open between two calls, so that the WAL can be
 * checkpointed. */
#ifndef JOURNAL_READER_H
#define JOURNAL_READER_H

#include "base/types.h"
#include "port/committed.h"

struct journal_reader;

/* The journal must be there. ENOENT, EBADMSG, EACCES, ENOMEM… */
MUST_CHECK int journal_reader_open(struct journal_reader **r, const char *path);
void journal_reader_drop(struct journal_reader *r);

struct committed_port journal_reader_port(struct journal_reader *r);

#endif
