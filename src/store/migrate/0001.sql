-- Who is calling: number → random person id. The journal knows the id only.
-- Erasing a person = deleting these rows; the journal stays exact.
CREATE TABLE person_number(
    number TEXT PRIMARY KEY,       -- E.164 with its "+"
    person_id INTEGER NOT NULL     -- 64 random bits, never 0
) STRICT, WITHOUT ROWID;
CREATE INDEX person_number_by_id ON person_number(person_id);
