-- The journal: what became true, in order. Rows are batches: what one commit brought.
CREATE TABLE journal_batch(
    first_id INTEGER PRIMARY KEY,  -- id of its first event; the next batch begins at first_id + n
    n INTEGER NOT NULL,            -- events in body
    at INTEGER NOT NULL,           -- the latest instant up to its last event, ms since 1970 UTC
    prev_hash BLOB NOT NULL,       -- hash of the batch before; of the first one: meta.origin_hash
    hash BLOB NOT NULL,            -- SHA-256(prev_hash, first_id as 8 bytes, n as 4, body); little-endian
    body BLOB NOT NULL             -- the events, encoded one after the other
) STRICT;
CREATE TRIGGER journal_batch_follows BEFORE INSERT ON journal_batch
    WHEN NEW.first_id <> ifnull((SELECT first_id + n FROM journal_batch ORDER BY first_id DESC LIMIT 1), 1)
    BEGIN SELECT RAISE(ABORT, 'the ids of the journal have no gap and are given once'); END;
CREATE TRIGGER journal_batch_kept BEFORE UPDATE ON journal_batch
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
CREATE TRIGGER journal_batch_stays BEFORE DELETE ON journal_batch
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
-- A closed month: its seal. Months of UTC; the first event of a later month closes the one before.
CREATE TABLE journal_month(
    month INTEGER PRIMARY KEY,     -- 202501
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hash BLOB NOT NULL             -- of its last batch
) STRICT;
CREATE TRIGGER journal_batch_closed BEFORE INSERT ON journal_batch
    WHEN NEW.first_id <= ifnull((SELECT last_id FROM journal_month ORDER BY month DESC LIMIT 1), 0)
    BEGIN SELECT RAISE(ABORT, 'this month is closed'); END;
CREATE TRIGGER journal_month_kept BEFORE UPDATE ON journal_month
    BEGIN SELECT RAISE(ABORT, 'a closed month is read-only'); END;
CREATE TRIGGER journal_month_stays BEFORE DELETE ON journal_month
    BEGIN SELECT RAISE(ABORT, 'a closed month is read-only'); END;
-- Snapshots only save time at start; any of them may be thrown away.
CREATE TABLE snapshot(
    last_id INTEGER PRIMARY KEY,   -- the state after this event
    version INTEGER NOT NULL,
    state_hash INTEGER NOT NULL,
    n INTEGER NOT NULL,            -- bytes
    hash BLOB NOT NULL             -- SHA-256 of the bytes
) STRICT;
CREATE TABLE snapshot_part(
    last_id INTEGER NOT NULL,
    part_i INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY(last_id, part_i)
) STRICT;
