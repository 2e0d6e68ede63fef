/* account.h — accounts, their sessions and the log of them in the store (ADR 35).
 * Writing: by the journal's writer through person.h's port. Reading: by the reader thread alone, on
 * a connection of its own. Cost: one or two b-tree look-ups a question. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "port/account.h"
#include "port/store.h"
#include "sql/sql.h"

/* Lines of the audit log are kept so long. */
#define STORE_AUDIT_MS ((ms_t)365 * 24 * 3600 * 1000)

enum {
    STORE_ACCOUNT_UPDATE,
    STORE_ACCOUNT_INSERT,
    STORE_ACCOUNT_PASSWORD,
    STORE_ACCOUNT_SCOPE,
    STORE_ACCOUNT_NO_SCOPE,
    STORE_ACCOUNT_AUDIT,
    STORE_ACCOUNT_FORGOTTEN,
    STORE_ACCOUNT_NO_PROVIDER,
    STORE_ACCOUNT_PROVIDER,
    STORE_ACCOUNT_ENDED,
    STORE_ACCOUNT_SESSION, /* and one for each further enum session_step */
    STORE_ACCOUNT_WRITES = STORE_ACCOUNT_SESSION + SESSION_ALL_OVER + 1
};

/* The writer's side. */
struct store_account {
    sqlite3 *db; /* borrowed */
    sqlite3_stmt *st[STORE_ACCOUNT_WRITES];
};
MUST_CHECK int store_account_attach(struct store_account *a, sqlite3 *db);
void store_account_detach(struct store_account *a);
/* Inside the open transaction: JOURNAL_ROW_ACCOUNT to JOURNAL_ROW_AUDIT, and JOURNAL_ROW_PROVIDER.
 * What another account has (a login, a person, a mail) changes nothing of it. */
MUST_CHECK int store_account_put(struct store_account *a, const struct journal_row *row);
/* Out of a database that is set aside; one of before accounts has none to give. */
MUST_CHECK int store_account_salvage(struct store_account *a, sqlite3 *from);

/* Of a database that no service has open: all sessions end. For what comes out of a backup, where
 * those that ended since are good again. 0 or errno; one of before accounts has none. */
MUST_CHECK int store_account_end_sessions(const struct sql_args *args);

enum {
    STORE_READ_LOGIN,
    STORE_READ_SESSION,
    STORE_READ_SESSION_ID,
    STORE_READ_SCOPE,
    STORE_READ_NEXT,
    STORE_READ_SESSIONS,
    STORE_READ_COUNT,
    STORE_READ_AUDIT,
    STORE_READ_HAS_AUDIT,
    STORE_READ_ID,
    STORE_READ_AUDIT_OF,
    STORE_READ_SUBJECT,
    STORE_READ_MAIL,
    STORE_READ_PROVIDER,
    STORE_READ_NOTICE,
    STORE_READ_NOTE,
    STORE_ACCOUNT_READS
};

/* The reader's side. */
struct store_accounts {
    sqlite3 *db; /* owned */
    sqlite3_stmt *st[STORE_ACCOUNT_READS];
};
/* 0 or errno; nothing is left open then. */
MUST_CHECK int store_accounts_open(struct store_accounts *a, const struct sql_args *args);
void store_accounts_drop(struct store_accounts *a);
/* All but post, which whoever opens it adds. */
struct accounts_port store_accounts_port(struct store_accounts *a);

#endif
