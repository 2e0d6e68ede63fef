-- What agents noted of somebody (ADR 48): erased with the person, and after a year.
CREATE TABLE person_note(
    n INTEGER PRIMARY KEY,       -- in their order, whatever the clock did
    id INTEGER NOT NULL UNIQUE,  -- random, never 0
    person_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    by INTEGER NOT NULL,         -- account
    at INTEGER NOT NULL,         -- ms since 1970
    words TEXT NOT NULL
) STRICT;
CREATE INDEX person_note_of ON person_note(person_id, n);
