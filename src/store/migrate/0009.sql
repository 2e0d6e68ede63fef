-- Who may ask for pages (ADR 35). No event speaks of them; each change has its row in audit_log, in
-- the same transaction.
CREATE TABLE account(
    id INTEGER PRIMARY KEY,        -- random, never 0
    login TEXT NOT NULL UNIQUE,    -- never changed
    name TEXT NOT NULL,            -- as others see them: a name, or an alias
    agent TEXT NOT NULL,           -- id in the directory; empty: none
    roles INTEGER NOT NULL,        -- bits: 1 << enum account_role
    is_whole INTEGER NOT NULL,     -- the whole house; else account_scope
    is_disabled INTEGER NOT NULL,
    changed_at INTEGER NOT NULL    -- ms since 1970
) STRICT;
CREATE TABLE account_password(
    account_id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL             -- argon2id, as a string
) STRICT;
CREATE TABLE account_scope(
    account_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,         -- enum account_scope_kind
    name TEXT NOT NULL,            -- id in the directory
    PRIMARY KEY(account_id, kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE account_session(
    hash BLOB PRIMARY KEY,         -- SHA-256 of the cookie's secret
    id INTEGER NOT NULL,           -- random; stays when the secret is another
    account_id INTEGER NOT NULL,
    born_at INTEGER NOT NULL,      -- of the sign-in
    made_at INTEGER NOT NULL,      -- of this secret
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    is_replaced INTEGER NOT NULL   -- by another secret: good for a moment still
) STRICT, WITHOUT ROWID;
CREATE INDEX account_session_by_account ON account_session(account_id);
CREATE INDEX account_session_by_id ON account_session(id);
CREATE INDEX account_session_by_end ON account_session(ends_at);
CREATE TABLE audit_log(
    id INTEGER PRIMARY KEY,        -- random: what a page waits for
    at INTEGER NOT NULL,
    who INTEGER NOT NULL,          -- account; 0: the owner of the service, over its socket
    deed INTEGER NOT NULL,         -- enum account_deed
    about INTEGER NOT NULL,        -- account
    detail TEXT NOT NULL           -- roles, scope; never a password, never an address
) STRICT;
CREATE INDEX audit_log_by_instant ON audit_log(at);
