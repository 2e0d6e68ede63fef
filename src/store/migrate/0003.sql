-- Whom we promised to call back, and where (src/app/wishes, ADR 25). A row goes with its promise,
-- or with its person.
CREATE TABLE callback_wish(
    contact_id INTEGER PRIMARY KEY, -- of the journal
    person_id INTEGER NOT NULL,     -- 0: withheld, the number was keyed in
    number TEXT NOT NULL,           -- E.164 with its "+"
    shown TEXT NOT NULL,            -- ours, which the call shows; empty: the first of the house
    is_gated INTEGER NOT NULL       -- counted by the gate among the open wishes
) STRICT;
CREATE INDEX callback_wish_by_person ON callback_wish(person_id);
