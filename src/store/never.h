/* never.h — numbers that asked never to be called again, as keyed hashes; and their key, a file
 * beside the database, made once, for its owner alone, copied by backup and restore (ADR 28).
 * Written by the journal's writer through port/store.h; read at the start and by the reader. */
#ifndef STORE_NEVER_H
#define STORE_NEVER_H

#include "port/journal.h"
#include "port/never.h"
#include "sql/sql.h"

/* The file of the key: the name of the database and this. */
#define STORE_NEVER_SUFFIX ".never-key"
#define STORE_NEVER_KEY_BYTES 32

struct store_never_key {
    uint8_t bytes[STORE_NEVER_KEY_BYTES];
};

/* 0; ENOENT: there is none; EBADMSG: it has not its length; or errno. */
MUST_CHECK int store_never_key_read(struct store_never_key *key, const char *database);
/* Makes one from the kernel's randomness; EEXIST: there is one. */
MUST_CHECK int store_never_key_make(struct store_never_key *key, const char *database);
/* Beside a copy of the database; one that has no key has none to copy. EEXIST: another is there. */
MUST_CHECK int store_never_key_copy(const char *to, const char *from);

void store_never_hash(uint8_t to[NEVER_HASH_BYTES], const struct store_never_key *key,
                      uint64_t e164);
/* Of the key, never 0: says which it is, and nothing of it. */
uint64_t store_never_mark(const struct store_never_key *key);
/* key must outlive the port. */
struct never_port store_never_port(struct store_never_key *key);

struct store_never {
    sqlite3_stmt *put, *drop, *mark;
};
/* Part of the store's port (person.h). */
MUST_CHECK int store_never_attach(struct store_never *n, sqlite3 *db);
void store_never_detach(struct store_never *n);
MUST_CHECK int store_never_put(struct store_never *n, const struct journal_row *row);
/* Out of a database that is set aside; one of before these rows has none to give. */
MUST_CHECK int store_never_salvage(struct store_never *n, sqlite3 *from);

typedef void store_never_fn(const uint8_t hash[NEVER_HASH_BYTES], void *arg);
struct store_never_reading {
    store_never_fn *fn; /* NULL: they are only counted */
    void *arg;
    uint64_t mark; /* out: of the key that the rows stand under; 0: there never was one */
    uint64_t n;    /* out */
};
MUST_CHECK int store_never_read(struct store_never_reading *r, const struct sql_args *args);

/* Can the list be used? For the start, and for who examines the machine. */
enum store_never_state {
    STORE_NEVER_EMPTY, /* no row, and no key is needed yet */
    STORE_NEVER_WELL,
    STORE_NEVER_LOST,  /* rows, and no key */
    STORE_NEVER_OTHER, /* rows, and the key of others */
};
/* *key is set when the answer is WELL, or EMPTY and there is one. 0 or errno. */
MUST_CHECK int store_never_judge(enum store_never_state *state, struct store_never_key *key,
                                 const char *database);

#endif
