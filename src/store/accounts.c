/* accounts.c — see account.h: the reader's side, read-only. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/sha.h>

#include "store/account.h"
#include "store/note.h"
#include "store/notice.h"

#define STRING(n) #n
#define LIMIT(n) STRING(n)
#define ACCOUNT_COLUMNS                                                                            \
    "a.id, a.login, a.name, a.agent, a.roles, a.is_whole, a.is_disabled, a.changed_at,"            \
    " a.is_temporary"
#define ACCOUNT_COLUMNS_N 9
#define SESSION_COLUMNS                                                                            \
    "s.id, s.account_id, s.born_at, s.made_at, s.seen_at, s.ends_at, s.is_replaced, s.hash"
/* A disabled account has no session, whatever stands there. */
#define LIVE                                                                                       \
    " JOIN account a ON a.id = s.account_id AND a.is_disabled = 0 WHERE s.ends_at > ?2 AND "

static const char *const reads[STORE_ACCOUNT_READS] = {
    "SELECT " ACCOUNT_COLUMNS ", p.hash FROM account a LEFT JOIN account_password p"
    " ON p.account_id = a.id WHERE a.login = ?1",
    "SELECT " ACCOUNT_COLUMNS ", " SESSION_COLUMNS " FROM account_session s" LIVE "s.hash = ?1",
    "SELECT " SESSION_COLUMNS " FROM account_session s" LIVE "s.id = ?1 AND s.is_replaced = 0",
    "SELECT kind, name FROM account_scope WHERE account_id = ?1 ORDER BY kind, name"
    " LIMIT " LIMIT(ACCOUNT_SCOPE_MAX),
    "SELECT " ACCOUNT_COLUMNS " FROM account a WHERE a.login > ?1 ORDER BY a.login LIMIT 1",
    "SELECT " SESSION_COLUMNS " FROM account_session s" LIVE "s.account_id = ?1"
    " AND s.is_replaced = 0 ORDER BY s.born_at DESC, s.id LIMIT 1 OFFSET ?3",
    "SELECT count(*) FROM account",
    "SELECT id, at, who, deed, about, detail FROM audit_log ORDER BY at DESC, id"
    " LIMIT 1 OFFSET ?1",
    "SELECT 1 FROM audit_log WHERE id = ?1",
    "SELECT " ACCOUNT_COLUMNS " FROM account a WHERE a.id = ?1",
    "SELECT id, at, who, deed, about, detail FROM audit_log WHERE id = ?1",
    "SELECT " ACCOUNT_COLUMNS " FROM account_provider p JOIN account a ON a.id = p.account_id"
    " WHERE p.subject = ?1",
    "SELECT " ACCOUNT_COLUMNS " FROM account_provider p JOIN account a ON a.id = p.account_id"
    " WHERE p.mail = ?1",
    "SELECT subject, mail FROM account_provider WHERE account_id = ?1",
    STORE_NOTICE_READ,
    STORE_NOTE_READ,
};

int store_accounts_open(struct store_accounts *a, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    *a = (struct store_accounts){.db = NULL};
    int err = sql_open(&a->db, &mine);
    for (unsigned i = 0; !err && i < STORE_ACCOUNT_READS; i++)
        err = sql_prepare(&a->st[i], a->db, reads[i]);
    if (err)
        store_accounts_drop(a);
    return err;
}

void store_accounts_drop(struct store_accounts *a)
{
    for (unsigned i = 0; i < STORE_ACCOUNT_READS; i++)
        sqlite3_finalize(a->st[i]);
    sql_drop(a->db);
    *a = (struct store_accounts){.db = NULL};
}

/* ---- columns ------------------------------------------------------------------------------ */

static void take_text(char *to, size_t max, sqlite3_stmt *st, int i)
{
    const unsigned char *text = sqlite3_column_text(st, i);
    size_t n = (size_t)sqlite3_column_bytes(st, i);
    memset(to, 0, max);
    if (text)
        memcpy(to, text, n < max ? n : max - 1);
}

static struct account account_of(sqlite3_stmt *st)
{
    struct account account = {.id = sql_column_u64(st, 0),
                              .roles = (uint8_t)sqlite3_column_int(st, 4),
                              .is_whole = sqlite3_column_int(st, 5) != 0,
                              .is_disabled = sqlite3_column_int(st, 6) != 0,
                              .changed_at = sqlite3_column_int64(st, 7),
                              .is_temporary = sqlite3_column_int(st, 8) != 0};
    take_text(account.login, sizeof(account.login), st, 1);
    take_text(account.name, sizeof(account.name), st, 2);
    take_text(account.agent, sizeof(account.agent), st, 3);
    return account;
}

static struct account_session session_of(sqlite3_stmt *st, int i)
{
    struct account_session session = {.id = sql_column_u64(st, i),
                                      .account_id = sql_column_u64(st, i + 1),
                                      .born_at = sqlite3_column_int64(st, i + 2),
                                      .made_at = sqlite3_column_int64(st, i + 3),
                                      .seen_at = sqlite3_column_int64(st, i + 4),
                                      .ends_at = sqlite3_column_int64(st, i + 5),
                                      .is_replaced = sqlite3_column_int(st, i + 6) != 0};
    if (sqlite3_column_bytes(st, i + 7) == SESSION_HASH_BYTES)
        memcpy(session.hash, sqlite3_column_blob(st, i + 7), SESSION_HASH_BYTES);
    return session;
}

/* 0: there is a row, and st is to be reset; ENOENT or errno: it was. */
static int first_row(sqlite3_stmt *st)
{
    bool is_row = false;
    int err = sql_step(st, &is_row);
    return err ? err : is_row ? 0 : ENOENT;
}

/* ---- questions ---------------------------------------------------------------------------- */

static int find(void *arg, struct text login, struct account *account, char *hash)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_LOGIN];
    sqlite3_bind_text(st, 1, login.p ? login.p : "", (int)login.n, SQLITE_TRANSIENT);
    int err = first_row(st);
    if (err)
        return err;
    *account = account_of(st);
    if (hash)
        take_text(hash, ACCOUNT_HASH_BYTES, st, ACCOUNT_COLUMNS_N);
    sqlite3_reset(st);
    return 0;
}

/* tidy: parameters — dictated by port/account.h */
static int find_session(void *arg, const uint8_t hash[SESSION_HASH_BYTES], ms_t now_at,
                        struct account_session *session, struct account *account)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_SESSION];
    sqlite3_bind_blob(st, 1, hash, SESSION_HASH_BYTES, SQLITE_TRANSIENT);
    sqlite3_bind_int64(st, 2, now_at);
    int err = first_row(st);
    if (err)
        return err;
    *account = account_of(st);
    *session = session_of(st, ACCOUNT_COLUMNS_N);
    sqlite3_reset(st);
    return 0;
}

static int find_session_id(void *arg, uint64_t id, ms_t now_at, struct account_session *session)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_SESSION_ID];
    sql_bind_u64(st, 1, id);
    sqlite3_bind_int64(st, 2, now_at);
    int err = first_row(st);
    if (err)
        return err;
    *session = session_of(st, 0);
    sqlite3_reset(st);
    return 0;
}

static int read_scope(void *arg, uint64_t account_id, struct account_scope scope[], unsigned *n)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_SCOPE];
    bool is_row = false;
    *n = 0;
    sql_bind_u64(st, 1, account_id);
    int err = sql_step(st, &is_row);
    while (!err && is_row && *n < ACCOUNT_SCOPE_MAX) {
        struct account_scope *to = &scope[(*n)++];
        *to = (struct account_scope){.account_id = account_id,
                                     .kind = (uint8_t)sqlite3_column_int(st, 0)};
        take_text(to->name, sizeof(to->name), st, 1);
        err = sql_step(st, &is_row);
    }
    sqlite3_reset(st);
    return err;
}

static int find_next(void *arg, const char *after, struct account *account)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_NEXT];
    sqlite3_bind_text(st, 1, after, -1, SQLITE_TRANSIENT);
    int err = first_row(st);
    if (err)
        return err;
    *account = account_of(st);
    sqlite3_reset(st);
    return 0;
}

/* tidy: parameters — dictated by port/account.h */
static int find_nth_session(void *arg, uint64_t account_id, ms_t now_at, unsigned i,
                            struct account_session *session)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_SESSIONS];
    sql_bind_u64(st, 1, account_id);
    sqlite3_bind_int64(st, 2, now_at);
    sqlite3_bind_int64(st, 3, i);
    int err = first_row(st);
    if (err)
        return err;
    *session = session_of(st, 0);
    sqlite3_reset(st);
    return 0;
}

static int count(void *arg, uint64_t *n)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_COUNT];
    int err = first_row(st);
    *n = err ? 0 : sql_column_u64(st, 0);
    sqlite3_reset(st);
    return err;
}

static int find_by_id(void *arg, uint64_t id, struct account *account)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_ID];
    sql_bind_u64(st, 1, id);
    int err = first_row(st);
    if (err)
        return err;
    *account = account_of(st);
    sqlite3_reset(st);
    return 0;
}

/* ---- who they are at the identity provider ------------------------------------------------ */

static int take_account(sqlite3_stmt *st, struct account *account)
{
    int err = first_row(st);
    if (err)
        return err;
    *account = account_of(st);
    sqlite3_reset(st);
    return 0;
}

static int find_by_subject(void *arg, const uint8_t subject[SESSION_HASH_BYTES],
                           struct account *account)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_SUBJECT];
    sqlite3_bind_blob(st, 1, subject, SESSION_HASH_BYTES, SQLITE_TRANSIENT);
    return take_account(st, account);
}

static int find_by_mail(void *arg, const char *mail, struct account *account)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_MAIL];
    sqlite3_bind_text(st, 1, mail, -1, SQLITE_TRANSIENT);
    return take_account(st, account);
}

static int read_provider(void *arg, uint64_t account_id, struct account_provider *provider)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_PROVIDER];
    sql_bind_u64(st, 1, account_id);
    int err = first_row(st);
    *provider = (struct account_provider){.account_id = account_id};
    if (err)
        return err;
    provider->is_linked = sqlite3_column_bytes(st, 0) == SESSION_HASH_BYTES;
    if (provider->is_linked)
        memcpy(provider->subject, sqlite3_column_blob(st, 0), SESSION_HASH_BYTES);
    take_text(provider->mail, sizeof(provider->mail), st, 1);
    sqlite3_reset(st);
    return 0;
}

/* ---- the log ------------------------------------------------------------------------------ */

/* Of a statement that has its parameter. */
static int take_audit(sqlite3_stmt *st, struct account_audit *audit)
{
    int err = first_row(st);
    if (err)
        return err;
    *audit = (struct account_audit){.id = sql_column_u64(st, 0),
                                    .at = sqlite3_column_int64(st, 1),
                                    .who = sql_column_u64(st, 2),
                                    .deed = (uint8_t)sqlite3_column_int(st, 3),
                                    .about = sql_column_u64(st, 4)};
    take_text(audit->detail, sizeof(audit->detail), st, 5);
    sqlite3_reset(st);
    return 0;
}

static int read_audit(void *arg, unsigned n, struct account_audit *audit)
{
    struct store_accounts *a = arg;
    sqlite3_bind_int64(a->st[STORE_READ_AUDIT], 1, n);
    return take_audit(a->st[STORE_READ_AUDIT], audit);
}

static int read_audit_of(void *arg, uint64_t id, struct account_audit *audit)
{
    struct store_accounts *a = arg;
    sql_bind_u64(a->st[STORE_READ_AUDIT_OF], 1, id);
    return take_audit(a->st[STORE_READ_AUDIT_OF], audit);
}

static bool has_audit(void *arg, uint64_t id)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_HAS_AUDIT];
    sql_bind_u64(st, 1, id);
    int err = first_row(st);
    sqlite3_reset(st);
    return !err;
}

static int read_notice(void *arg, struct notice *notice)
{
    struct store_accounts *a = arg;
    return store_notice_read(a->st[STORE_READ_NOTICE], notice);
}

static int read_note(void *arg, const struct accounts_note_of *of, struct note *note)
{
    struct store_accounts *a = arg;
    sqlite3_stmt *st = a->st[STORE_READ_NOTE];
    sql_bind_u64(st, 1, of->person_id);
    sqlite3_bind_int64(st, 2, of->n);
    sqlite3_bind_int64(st, 3, of->now_at - NOTE_KEPT_MS);
    return store_note_read(st, note);
}

static bool make_random(void *arg, void *to, size_t n)
{
    (void)arg;
    return getrandom(to, n, 0) == (ssize_t)n;
}

static void make_hash(void *arg, uint8_t to[SESSION_HASH_BYTES], struct text bytes)
{
    (void)arg;
    SHA256((const unsigned char *)bytes.p, bytes.n, to);
}

struct accounts_port store_accounts_port(struct store_accounts *a)
{
    return (struct accounts_port){.arg = a,
                                  .find = find,
                                  .session = find_session,
                                  .session_id = find_session_id,
                                  .scope = read_scope,
                                  .next = find_next,
                                  .nth_session = find_nth_session,
                                  .count = count,
                                  .audit = read_audit,
                                  .by_id = find_by_id,
                                  .audit_of = read_audit_of,
                                  .by_subject = find_by_subject,
                                  .by_mail = find_by_mail,
                                  .provider = read_provider,
                                  .notice = read_notice,
                                  .note = read_note,
                                  .has_audit = has_audit,
                                  .random = make_random,
                                  .hash = make_hash};
}
