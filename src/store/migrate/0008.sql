-- Written contacts that are open (ADR 31): from which number, so that what it writes next joins the
-- same contact, and the answer finds it. The texts themselves stand in sms, by contact_id; while a
-- contact is open they are not forgotten. A row goes with its contact, or with its person.
CREATE TABLE sms_thread(
    contact_id INTEGER PRIMARY KEY, -- of the journal
    person_id INTEGER NOT NULL,     -- 0: not known
    e164 INTEGER NOT NULL
) STRICT;
CREATE INDEX sms_by_contact ON sms(contact_id) WHERE contact_id <> 0;
