/* account.c — see account.h: the writer's side. Invariants: no row can make a commit fail, which
 * would be tried for ever: a login that is taken is ignored; a hash once ended is never good again.
 */
#include <errno.h>
#include <string.h>

#include "store/account.h"

/* In the order of the numbers of account.h. */
static const char *const writes[STORE_ACCOUNT_WRITES] = {
    ("UPDATE account SET name = ?3, agent = ?4, roles = ?5, is_whole = ?6, is_disabled = ?7,"
     " changed_at = ?8, is_temporary = ?9 WHERE id = ?1 AND login = ?2"),
    "INSERT OR IGNORE INTO account VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    "INSERT INTO account_password VALUES(?1, ?2) ON CONFLICT DO UPDATE SET hash = ?2",
    "INSERT OR IGNORE INTO account_scope VALUES(?1, ?2, ?3)",
    "DELETE FROM account_scope WHERE account_id = ?1",
    "INSERT OR IGNORE INTO audit_log VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    "DELETE FROM audit_log WHERE at <= ?1",
    "DELETE FROM account_provider WHERE account_id = ?1",
    "INSERT OR IGNORE INTO account_provider VALUES(?1, ?2, ?3)",
    "DELETE FROM account_session WHERE ends_at <= ?1",
    "INSERT OR IGNORE INTO account_session VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
    "UPDATE account_session SET seen_at = ?2, ends_at = ?3 WHERE id = ?1 AND is_replaced = 0",
    "UPDATE account_session SET is_replaced = 1, ends_at = ?2 WHERE hash = ?1 AND is_replaced = 0",
    "DELETE FROM account_session WHERE id = ?1",
    "DELETE FROM account_session WHERE account_id = ?1",
};

int store_account_attach(struct store_account *a, sqlite3 *db)
{
    int err = 0;
    *a = (struct store_account){.db = db};
    for (unsigned i = 0; !err && i < STORE_ACCOUNT_WRITES; i++)
        err = sql_prepare(&a->st[i], db, writes[i]);
    return err;
}

void store_account_detach(struct store_account *a)
{
    for (unsigned i = 0; i < STORE_ACCOUNT_WRITES; i++)
        sqlite3_finalize(a->st[i]);
    *a = (struct store_account){.db = NULL};
}

static void bind_text(sqlite3_stmt *st, int i, const char *text, size_t max)
{
    sqlite3_bind_text(st, i, text, (int)strnlen(text, max), SQLITE_TRANSIENT);
}

static int run_account(sqlite3_stmt *st, const struct account *account)
{
    sql_bind_u64(st, 1, account->id);
    bind_text(st, 2, account->login, sizeof(account->login));
    bind_text(st, 3, account->name, sizeof(account->name));
    bind_text(st, 4, account->agent, sizeof(account->agent));
    sqlite3_bind_int(st, 5, account->roles);
    sqlite3_bind_int(st, 6, account->is_whole);
    sqlite3_bind_int(st, 7, account->is_disabled);
    sqlite3_bind_int64(st, 8, account->changed_at);
    sqlite3_bind_int(st, 9, account->is_temporary);
    return sql_do(st);
}

static int put_account(struct store_account *a, const struct account *account)
{
    int err = run_account(a->st[STORE_ACCOUNT_UPDATE], account);
    if (err || sqlite3_changes(a->db))
        return err;
    return run_account(a->st[STORE_ACCOUNT_INSERT], account);
}

static int put_password(struct store_account *a, const struct account_password *password)
{
    sqlite3_stmt *st = a->st[STORE_ACCOUNT_PASSWORD];
    sql_bind_u64(st, 1, password->account_id);
    bind_text(st, 2, password->hash, sizeof(password->hash));
    return sql_do(st);
}

static int put_scope(struct store_account *a, const struct account_scope *scope)
{
    sqlite3_stmt *st = a->st[scope->is_none ? STORE_ACCOUNT_NO_SCOPE : STORE_ACCOUNT_SCOPE];
    sql_bind_u64(st, 1, scope->account_id);
    if (!scope->is_none) {
        sqlite3_bind_int(st, 2, scope->kind);
        bind_text(st, 3, scope->name, sizeof(scope->name));
    }
    return sql_do(st);
}

static int put_made(struct store_account *a, const struct account_session *session)
{
    sqlite3_stmt *st = a->st[STORE_ACCOUNT_SESSION];
    const ms_t at[] = {session->born_at, session->made_at, session->seen_at, session->ends_at};
    sqlite3_bind_int64(a->st[STORE_ACCOUNT_ENDED], 1, session->made_at);
    int err = sql_do(a->st[STORE_ACCOUNT_ENDED]);
    if (err)
        return err;
    sqlite3_bind_blob(st, 1, session->hash, SESSION_HASH_BYTES, SQLITE_TRANSIENT);
    sql_bind_u64(st, 2, session->id);
    sql_bind_u64(st, 3, session->account_id);
    for (unsigned i = 0; i < ARRAY_LEN(at); i++)
        sqlite3_bind_int64(st, (int)i + 4, at[i]);
    return sql_do(st);
}

static int put_session(struct store_account *a, const struct account_session *session)
{
    if (session->step == SESSION_MADE || session->step > SESSION_ALL_OVER)
        return session->step ? EINVAL : put_made(a, session);
    sqlite3_stmt *st = a->st[STORE_ACCOUNT_SESSION + session->step];
    if (session->step == SESSION_REPLACED)
        sqlite3_bind_blob(st, 1, session->hash, SESSION_HASH_BYTES, SQLITE_TRANSIENT);
    else
        sql_bind_u64(st, 1, session->step == SESSION_ALL_OVER ? session->account_id : session->id);
    if (session->step == SESSION_REPLACED)
        sqlite3_bind_int64(st, 2, session->ends_at);
    if (session->step == SESSION_SEEN) {
        sqlite3_bind_int64(st, 2, session->seen_at);
        sqlite3_bind_int64(st, 3, session->ends_at);
    }
    return sql_do(st);
}

static int put_audit(struct store_account *a, const struct account_audit *audit)
{
    sqlite3_stmt *st = a->st[STORE_ACCOUNT_AUDIT];
    sqlite3_bind_int64(a->st[STORE_ACCOUNT_FORGOTTEN], 1, audit->at - STORE_AUDIT_MS);
    int err = sql_do(a->st[STORE_ACCOUNT_FORGOTTEN]);
    if (err)
        return err;
    sql_bind_u64(st, 1, audit->id);
    sqlite3_bind_int64(st, 2, audit->at);
    sql_bind_u64(st, 3, audit->who);
    sqlite3_bind_int(st, 4, audit->deed);
    sql_bind_u64(st, 5, audit->about);
    bind_text(st, 6, audit->detail, sizeof(audit->detail));
    return sql_do(st);
}

static int put_provider(struct store_account *a, const struct account_provider *provider)
{
    sqlite3_stmt *st = a->st[STORE_ACCOUNT_PROVIDER];
    sql_bind_u64(a->st[STORE_ACCOUNT_NO_PROVIDER], 1, provider->account_id);
    int err = sql_do(a->st[STORE_ACCOUNT_NO_PROVIDER]);
    if (err || (!provider->is_linked && !provider->mail[0]))
        return err;
    sql_bind_u64(st, 1, provider->account_id);
    if (provider->is_linked)
        sqlite3_bind_blob(st, 2, provider->subject, sizeof(provider->subject), SQLITE_TRANSIENT);
    else
        sqlite3_bind_null(st, 2);
    if (provider->mail[0])
        bind_text(st, 3, provider->mail, sizeof(provider->mail));
    else
        sqlite3_bind_null(st, 3);
    return sql_do(st);
}

int store_account_put(struct store_account *a, const struct journal_row *row)
{
    switch (row->kind) {
    case JOURNAL_ROW_ACCOUNT:
        return put_account(a, &row->account);
    case JOURNAL_ROW_PASSWORD:
        return put_password(a, &row->password);
    case JOURNAL_ROW_SCOPE:
        return put_scope(a, &row->scope);
    case JOURNAL_ROW_SESSION:
        return put_session(a, &row->session);
    case JOURNAL_ROW_AUDIT:
        return put_audit(a, &row->audit);
    case JOURNAL_ROW_PROVIDER:
        return put_provider(a, &row->provider);
    default:
        return EINVAL;
    }
}

/* ---- out of a database that is set aside -------------------------------------------------- */

static int copy_table(sqlite3_stmt *to, sqlite3 *old, const char *select)
{
    sqlite3_stmt *from = NULL;
    bool is_row = false;
    int err = sql_prepare(&from, old, select);
    if (!err)
        err = sql_step(from, &is_row);
    while (!err && is_row) {
        for (int i = 0; i < sqlite3_column_count(from); i++)
            sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        err = sql_do(to);
        if (!err)
            err = sql_step(from, &is_row);
    }
    sqlite3_finalize(from);
    return err;
}

int store_account_salvage(struct store_account *a, sqlite3 *from)
{
    static const struct {
        unsigned to;
        const char *select;
    } tables[] = {
        {STORE_ACCOUNT_INSERT, "SELECT * FROM account ORDER BY id"},
        {STORE_ACCOUNT_PASSWORD, "SELECT * FROM account_password ORDER BY account_id"},
        {STORE_ACCOUNT_SCOPE, "SELECT * FROM account_scope"},
        {STORE_ACCOUNT_SESSION, "SELECT hash, id, account_id, born_at, made_at, seen_at, ends_at"
                                " FROM account_session WHERE is_replaced = 0"},
        {STORE_ACCOUNT_AUDIT, "SELECT * FROM audit_log"},
        {STORE_ACCOUNT_PROVIDER, "SELECT * FROM account_provider ORDER BY account_id"},
    };
    int first = 0;
    for (unsigned i = 0; i < ARRAY_LEN(tables); i++) {
        int err = copy_table(a->st[tables[i].to], from, tables[i].select);
        first = first ? first : err;
    }
    return first;
}

/* ---- out of a backup ---------------------------------------------------------------------- */

int store_account_end_sessions(const struct sql_args *args)
{
    static const char exists[] =
        "SELECT count(*) FROM sqlite_master WHERE name = 'account_session'";
    sqlite3 *db = NULL;
    int64_t n = 0;
    int err = sql_open(&db, args);
    if (!err)
        err = sql_number(&n, db, exists);
    if (!err && n)
        err = sql_run(db, "DELETE FROM account_session");
    if (!err)
        err = sql_fold(db);
    sql_drop(db);
    return err;
}
