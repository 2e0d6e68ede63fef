-- The message of the day (ADR 41): the newest row stands, until its instant or the next one. Rows
-- stay: what was said to who called, from when until when, and by whom.
CREATE TABLE notice(
    n INTEGER PRIMARY KEY,       -- in their order, whatever the clock did
    id INTEGER NOT NULL UNIQUE,  -- random, never 0
    at INTEGER NOT NULL,         -- ms since 1970
    until_at INTEGER NOT NULL,
    by INTEGER NOT NULL,         -- account; 0: a program, or the command line
    words TEXT NOT NULL          -- empty: the one before is over
) STRICT;
