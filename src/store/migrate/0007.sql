-- Which lines several people use (design §3.8, ADR 29): the references given to who calls from one
-- number, for seven days. By person, not by number; a row goes after that, or with its person.
CREATE TABLE line_reference(
    person_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL, -- of the journal
    at INTEGER NOT NULL,         -- ms since 1970
    PRIMARY KEY(person_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_reference_by_instant ON line_reference(at);
