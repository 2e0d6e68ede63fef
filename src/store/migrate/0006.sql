-- Half hours that were sold to be called in (src/app/slots, ADR 27). A row goes when the person has
-- been called, or with its person.
CREATE TABLE callback_slot(
    contact_id INTEGER PRIMARY KEY, -- of the journal, under which it was sold
    person_id INTEGER NOT NULL,     -- 0: withheld, the number was keyed in
    number TEXT NOT NULL,           -- E.164 with its "+"
    shown TEXT NOT NULL,            -- ours, which the call shows; empty: the first of the house
    needs INTEGER NOT NULL,         -- skills that were asked for
    from_at INTEGER NOT NULL,       -- ms since 1970, on the wall
    until_at INTEGER NOT NULL,
    queue_id INTEGER NOT NULL,
    reference INTEGER NOT NULL,     -- that the person was told, without its check digit
    entry_id INTEGER NOT NULL,      -- the number of ours that was called
    is_discreet INTEGER NOT NULL,
    is_promised INTEGER NOT NULL    -- its contact stands in the heart, which calls
) STRICT;
CREATE INDEX callback_slot_by_person ON callback_slot(person_id);
