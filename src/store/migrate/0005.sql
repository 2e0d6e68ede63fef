-- Numbers that asked never to be called again (ADR 28): HMAC-SHA-256 of the E.164 number under a
-- key that is a file beside the database. Without that file nobody can tell which numbers.
CREATE TABLE never_number(
    hash BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE never_key(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    mark INTEGER NOT NULL          -- made of the key: another file is noticed
) STRICT;
