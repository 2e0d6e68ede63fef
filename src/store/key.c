/* key.c — see key.h. */
#include <errno.h>
#include <sys/random.h>

#include "store/key.h"

int store_key_make(sqlite3 *db, const char *insert)
{
    sqlite3_stmt *st = NULL;
    uint64_t key[2];
    ssize_t n = getrandom(key, sizeof(key), 0);
    if (n != (ssize_t)sizeof(key))
        return n < 0 ? errno : EIO;
    int err = sql_prepare(&st, db, insert);
    if (err)
        return err;
    sql_bind_u64(st, 1, key[0]);
    sql_bind_u64(st, 2, key[1]);
    err = sql_do(st);
    sqlite3_finalize(st);
    return err;
}

int store_key_read(uint64_t *k0, uint64_t *k1, sqlite3 *db, const char *select)
{
    sqlite3_stmt *st = NULL;
    bool is_row = false;
    int err = sql_prepare(&st, db, select);
    if (!err)
        err = sql_step(st, &is_row);
    if (!err && !is_row)
        err = ENOENT;
    if (!err) {
        *k0 = sql_column_u64(st, 0);
        *k1 = sql_column_u64(st, 1);
    }
    sqlite3_finalize(st);
    return err;
}
