/* history.h — every text that the files of the settings ever had, who changed them and when, in a
 * folder beside the journal: an index with a line a version, and each text once, under the SHA-256
 * of its bytes. Nothing is ever changed or removed there.
 * Written by one thread at a time (cli/serve_admin.c), read by others meanwhile: a line is written
 * when its text is on the disk, and what has no end is no line yet. */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include "base/text.h"

/* Behind the name of the journal. */
#define HISTORY_SUFFIX ".reglages"
#define HISTORY_FILE_BYTES 64
#define HISTORY_NOTE_BYTES 160
#define HISTORY_HASH_BYTES 65 /* hexadecimal, with its NUL */
/* Decades of an office that changes something each day. */
#define HISTORY_VERSIONS_MAX 20000
#define HISTORY_TEXT_MAX (4u << 20)

struct history_version {
    uint32_t number;               /* from 1, without gaps */
    ms_t at;                       /* wall clock */
    uint64_t by_id;                /* an account; 0: on the machine, by hand */
    char file[HISTORY_FILE_BYTES]; /* a name, not a path */
    char note[HISTORY_NOTE_BYTES]; /* in their words; one line */
    char hash[HISTORY_HASH_BYTES];
};

/* SHA-256 of a text, as the index has it. */
void history_hash(char to[HISTORY_HASH_BYTES], struct text text);

/* Makes the folder when it is missing, for its owner alone. 0 or errno. */
MUST_CHECK int history_open(const char *folder);
/* Adds a version: number and hash are filled in. ENOSPC: HISTORY_VERSIONS_MAX; EFBIG: the text;
 * or errno. Nothing is added then. */
MUST_CHECK int history_add(const char *folder, struct history_version *version, struct text text);

/* All versions, the oldest first: *list to free. No folder yet: none, and 0. EINVAL: a line is
 * none of ours; those before it are there. */
MUST_CHECK int history_list(const char *folder, struct history_version **list, uint32_t *n);
/* A text, NUL-terminated, to free. EIO: its bytes are no longer those that were written. */
MUST_CHECK int history_text(const char *folder, const char *hash, char **text, size_t *n);

#endif
