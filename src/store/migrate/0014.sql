-- Who wrote on the page /ecrire (ADR 54): the page of their own is found by the hash of the secret in
-- its address. What was written stands in sms, by contact_id, and is not forgotten before this row,
-- which goes sms.keep after its contact was over, or with its person.
CREATE TABLE web_thread(
    contact_id INTEGER PRIMARY KEY, -- of the journal
    hash BLOB NOT NULL UNIQUE,      -- SHA-256
    person_id INTEGER NOT NULL,
    e164 INTEGER NOT NULL,          -- as it was typed; 0: none
    queue_id INTEGER NOT NULL,
    reference INTEGER NOT NULL,
    name TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL      -- 0: open
) STRICT;
CREATE INDEX web_thread_over ON web_thread(closed_at) WHERE closed_at > 0;
