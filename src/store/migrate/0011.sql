-- Who an account is at the identity provider (ADR 44). One person has one account; a mail is awaited by
-- one account, until the first sign-in.
CREATE TABLE account_provider(
    account_id INTEGER PRIMARY KEY,
    subject BLOB UNIQUE,           -- SHA-256 of issuer, LF, sub; NULL: not linked yet
    mail TEXT UNIQUE               -- in lower case; NULL: none
) STRICT;
