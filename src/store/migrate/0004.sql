-- Text messages (src/gsm, ADR 23): to send, sent, and those that came. What is queued is here
-- before the gateway hears of it. Rows go sms.keep after their end, and with their person.
CREATE TABLE sms(
    id INTEGER NOT NULL,         -- random; the idempotency key of the gateway
    part INTEGER NOT NULL,       -- of a received one, from 0; else 0
    is_received INTEGER NOT NULL,
    kind INTEGER NOT NULL,       -- enum gsm_kind; received: enum gsm_answer
    state INTEGER NOT NULL,      -- enum gsm_state: 0 queued, 1 sent, 2 delivered, 3 failed
    why INTEGER NOT NULL,        -- enum gsm_why
    coding INTEGER NOT NULL,     -- enum gsm_coding
    n INTEGER NOT NULL,          -- septets, or octets of UCS-2
    tries_n INTEGER NOT NULL,
    code INTEGER NOT NULL,       -- of the gateway, when it refused
    e164 INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    remote TEXT NOT NULL,        -- what the gateway calls it
    octets BLOB NOT NULL,
    PRIMARY KEY(id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX sms_due ON sms(next_at) WHERE state = 0;
CREATE INDEX sms_over ON sms(changed_at) WHERE state > 0;
CREATE INDEX sms_by_remote ON sms(remote) WHERE remote <> '';
CREATE INDEX sms_by_queued ON sms(queued_at);
-- Who said STOP, as a keyed hash of the number: kept for good, and of no other use.
CREATE TABLE sms_stop(
    hash INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE sms_key(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    k0 INTEGER NOT NULL,         -- 128 random bits, made with the table
    k1 INTEGER NOT NULL
) STRICT;
