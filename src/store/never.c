/* never.c — see never.h. Cost: one b-tree write a row; a hash of two blocks a number. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "os/file.h"
#include "store/never.h"

#define NUMBER_BYTES 24
#define MARK_WORDS "decroche: never called again"
#define READ_MARK "SELECT mark FROM never_key WHERE id = 1"

/* ---- the key ------------------------------------------------------------------------------ */

int store_never_key_read(struct store_never_key *key, const char *database)
{
    char path[OS_PATH_MAX];
    uint8_t bytes[STORE_NEVER_KEY_BYTES + 1]; /* one more is no key either */
    size_t n = 0;
    int err = os_path_join(path, database, STORE_NEVER_SUFFIX);
    if (!err)
        err = os_file_read(path, bytes, sizeof(bytes), &n);
    if (!err && n != STORE_NEVER_KEY_BYTES)
        err = EBADMSG;
    if (!err)
        memcpy(key->bytes, bytes, STORE_NEVER_KEY_BYTES);
    explicit_bzero(bytes, sizeof(bytes));
    return err;
}

static int write_key(const struct store_never_key *key, const char *database)
{
    char path[OS_PATH_MAX];
    int err = os_path_join(path, database, STORE_NEVER_SUFFIX);
    if (!err && os_file_exists(path))
        err = EEXIST; /* never another in its place: the rows would mean nothing */
    return err ? err : os_file_write(path, key->bytes, sizeof(key->bytes));
}

int store_never_key_make(struct store_never_key *key, const char *database)
{
    ssize_t n = getrandom(key->bytes, sizeof(key->bytes), 0);
    if (n != (ssize_t)sizeof(key->bytes))
        return n < 0 ? errno : EIO;
    return write_key(key, database);
}

int store_never_key_copy(const char *to, const char *from)
{
    struct store_never_key key, there;
    int err = store_never_key_read(&key, from);
    if (err == ENOENT)
        return 0;
    if (!err && store_never_key_read(&there, to) == 0 &&
        !memcmp(key.bytes, there.bytes, sizeof(key.bytes)))
        return 0;
    return err ? err : write_key(&key, to);
}

static void hmac(uint8_t to[NEVER_HASH_BYTES], const struct store_never_key *key, const char *words)
{
    unsigned n = NEVER_HASH_BYTES;
    const uint8_t *done = HMAC(EVP_sha256(), key->bytes, sizeof(key->bytes),
                               (const unsigned char *)words, strlen(words), to, &n);
    assert(done && n == NEVER_HASH_BYTES); /* no memory for it: who is listed would be called */
}

void store_never_hash(uint8_t to[NEVER_HASH_BYTES], const struct store_never_key *key,
                      uint64_t e164)
{
    char number[NUMBER_BYTES];
    snprintf(number, sizeof(number), "+%" PRIu64, e164);
    hmac(to, key, number);
}

uint64_t store_never_mark(const struct store_never_key *key)
{
    uint8_t hash[NEVER_HASH_BYTES];
    uint64_t mark = 0;
    hmac(hash, key, MARK_WORDS);
    for (unsigned i = 0; i < sizeof(mark); i++)
        mark = mark << 8 | hash[i];
    return mark ? mark : 1;
}

static void hash_fn(void *arg, uint8_t to[NEVER_HASH_BYTES], uint64_t e164)
{
    store_never_hash(to, arg, e164);
}

struct never_port store_never_port(struct store_never_key *key)
{
    return (struct never_port){.arg = key, .hash = hash_fn, .mark = store_never_mark(key)};
}

/* ---- writing ------------------------------------------------------------------------------ */

int store_never_attach(struct store_never *n, sqlite3 *db)
{
    int err = sql_prepare(&n->put, db, "INSERT OR IGNORE INTO never_number VALUES(?1, ?2)");
    if (!err)
        err = sql_prepare(&n->drop, db, "DELETE FROM never_number WHERE hash = ?1");
    if (!err)
        err = sql_prepare(&n->mark, db, "INSERT OR REPLACE INTO never_key VALUES(1, ?1)");
    return err;
}

void store_never_detach(struct store_never *n)
{
    sqlite3_finalize(n->put);
    sqlite3_finalize(n->drop);
    sqlite3_finalize(n->mark);
    *n = (struct store_never){.put = NULL};
}

int store_never_put(struct store_never *n, const struct journal_row *row)
{
    sqlite3_stmt *st = row->never.is_gone ? n->drop : n->put;
    sqlite3_bind_blob(st, 1, row->never.hash, NEVER_HASH_BYTES, SQLITE_TRANSIENT);
    if (!row->never.is_gone)
        sqlite3_bind_int64(st, 2, row->never.at);
    int err = sql_do(st);
    if (err || row->never.is_gone)
        return err;
    sql_bind_u64(n->mark, 1, row->never.mark);
    return sql_do(n->mark);
}

/* ---- reading ------------------------------------------------------------------------------ */

static int read_mark(uint64_t *mark, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    *mark = 0;
    int err = sql_prepare(&st, db, READ_MARK);
    if (!err)
        err = sql_step(st, &is_row);
    if (!err && is_row)
        *mark = sql_column_u64(st, 0);
    sqlite3_finalize(st);
    return err;
}

struct reading {
    struct store_never_reading *r;
    struct store_never *to; /* salvage */
};

static int take_row(const struct reading *g, sqlite3_stmt *st)
{
    struct journal_row row = {.kind = JOURNAL_ROW_NEVER};
    const void *hash = sqlite3_column_blob(st, 0);
    if (sqlite3_column_bytes(st, 0) != NEVER_HASH_BYTES)
        return EBADMSG;
    memcpy(row.never.hash, hash, NEVER_HASH_BYTES);
    row.never.at = sqlite3_column_int64(st, 1);
    row.never.mark = g->r->mark;
    g->r->n++;
    if (g->r->fn)
        g->r->fn(row.never.hash, g->r->arg);
    return g->to ? store_never_put(g->to, &row) : 0;
}

static int read_rows(const struct reading *g, sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    g->r->n = 0;
    int err = read_mark(&g->r->mark, db);
    if (!err)
        err = sql_prepare(&st, db, "SELECT hash, at FROM never_number ORDER BY hash");
    if (!err)
        err = sql_step(st, &is_row);
    while (!err && is_row) {
        err = take_row(g, st);
        if (!err)
            err = sql_step(st, &is_row);
    }
    sqlite3_finalize(st);
    return err;
}

int store_never_read(struct store_never_reading *r, const struct sql_args *args)
{
    struct sql_args mine = *args;
    sqlite3 *db = NULL;
    mine.is_read_only = true;
    int err = sql_open(&db, &mine);
    if (!err)
        err = read_rows(&(struct reading){.r = r}, db);
    sql_drop(db);
    return err;
}

int store_never_salvage(struct store_never *n, sqlite3 *from)
{
    struct store_never_reading r = {.fn = NULL};
    return read_rows(&(struct reading){.r = &r, .to = n}, from);
}

int store_never_judge(enum store_never_state *state, struct store_never_key *key,
                      const char *database)
{
    const struct sql_args sql = {.path = database};
    struct store_never_reading r = {.fn = NULL};
    int err = store_never_read(&r, &sql);
    int key_err = store_never_key_read(key, database);
    if (!err && key_err && key_err != ENOENT && key_err != EBADMSG)
        err = key_err;
    if (!r.n)
        *state = STORE_NEVER_EMPTY;
    else if (key_err)
        *state = STORE_NEVER_LOST;
    else
        *state = store_never_mark(key) == r.mark ? STORE_NEVER_WELL : STORE_NEVER_OTHER;
    return err;
}
