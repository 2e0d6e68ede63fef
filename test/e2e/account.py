"""account.py — a second, simple account of a journal, contact by contact: who waits, who was
promised a call, who was rung for, in which order. Written from docs/events.md, not from the heart.

  account = Account(); account.take(events); account.faults; account.standing()
"""
from collections import Counter

# Where a contact is. Between: its call or its attempt is over, the next event says what follows.
ON_LINE, WAITS, PROMISED, OFFERED, SPEAKS, BETWEEN, KEPT, DONE = (
    "on_line", "waits", "promised", "offered", "speaks", "between", "kept", "done")
IS_OVER = (DONE,)


class Contact:
    def __init__(self, e):
        self.id, self.place_at, self.where = e["id"], e["place_at"], ON_LINE
        self.person_id, self.key_at, self.queue_id, self.offer_id = 0, e["place_at"], 0, 0
        self.is_promised, self.by_house, self.how, self.not_before_at = False, False, None, 0
        self.dials, self.tried_n, self.promises_n, self.has_queued = [], 0, 0, False
        self.calls, self.outcomes, self.was_cut = [], [], False

    def __str__(self):
        return (f"contact {self.id}: {self.where}, place {self.place_at}, promised "
                f"{self.is_promised}, by the house {self.by_house}, dials {self.dials}")


class Account:
    """faults: sentences, empty when all is well. offers: [(instant, contact)] in their order."""

    def __init__(self):
        self.contacts, self.offers, self.by_offer, self.faults = {}, [], {}, []
        self.last_id, self.starts_n, self.shares_n = 0, 0, 0

    def take(self, events):
        """Those that are new."""
        for e in events:
            if e["id"] > self.last_id:
                if e["id"] != self.last_id + 1:
                    self.faults.append(f"an event is missing before {e}")
                self.last_id = e["id"]
                getattr(self, "_" + e["kind"], self._other)(e)
        return self

    def _other(self, e):
        self.starts_n += e["kind"] == "started"

    def _wrong(self, c, why, e):
        self.faults.append(f"{why}: {c}; {e}")

    # ---- calls -------------------------------------------------------------------------------
    def _contact_opened(self, e):
        self.contacts[e["id"]] = Contact(e)
        self.contacts[e["id"]].person_id = e["person_id"]

    def _call_arrived(self, e):
        self.contacts[e["contact_id"]].calls.append(e["id"])

    def _contact_queued(self, e):
        c = self.contacts[e["contact_id"]]
        if c.has_queued and c.key_at != e["key_at"]:
            self._wrong(c, "another place", e)
        c.where, c.queue_id, c.key_at, c.has_queued = WAITS, e["queue_id"], e["key_at"], True

    def _call_ended(self, e):
        c = self.contacts[e["contact_id"]]
        c.was_cut = e["by"] == "fault" and c.where in (WAITS, OFFERED) and not c.is_promised
        c.where = BETWEEN if c.where in (ON_LINE, WAITS) and not c.is_promised else c.where

    def _call_outcome(self, e):
        c = self.contacts[e["contact_id"]]
        c.outcomes.append(e["outcome"])
        if len(c.outcomes) > len(c.calls):
            self._wrong(c, "a call has two classes", e)

    def _contact_dropped(self, e):
        self.contacts[e["contact_id"]].where = KEPT

    def _contact_returned(self, e):
        c = self.contacts[e["contact_id"]]
        c.where, c.offer_id = WAITS, 0

    def _contact_settled(self, e):
        c = self.contacts[e["contact_id"]]
        if c.where == DONE:
            self._wrong(c, "settled twice", e)
        if c.is_promised and e["how"] == "lapsed" and c.not_before_at:
            self._wrong(c, "given up before the last attempt", e)
        c.where, c.how = DONE, e["how"]

    # ---- promises ----------------------------------------------------------------------------
    def _callback_promised(self, e):
        c = self.contacts[e["contact_id"]]
        if c.is_promised:
            self._wrong(c, "promised twice", e)
        c.where, c.is_promised, c.by_house = PROMISED, True, e["by_house"]
        c.not_before_at = e["not_before_at"]
        c.queue_id = e["queue_id"] or c.queue_id

    def _callback_withdrawn(self, e):
        c = self.contacts[e["contact_id"]]
        c.where, c.is_promised = WAITS, False

    def _callback_due(self, e):
        self.contacts[e["contact_id"]].where = WAITS

    def _callback_held(self, e):
        self.contacts[e["contact_id"]].where = PROMISED

    def _callback_tried(self, e):
        c = self.contacts[e["contact_id"]]
        c.where, c.offer_id, c.tried_n = PROMISED, 0, e["attempts_n"]
        c.not_before_at = e["not_before_at"]

    # ---- offers ------------------------------------------------------------------------------
    def _offer_made(self, e):
        c = self.contacts[e["contact_id"]]
        if c.where != WAITS:
            self._wrong(c, "an agent is kept for somebody who does not wait", e)
        if c.is_promised and e["at"] < c.not_before_at:
            self._wrong(c, "an agent is kept too early", e)
        older = [o for o in self.contacts.values() if o.where == WAITS and o is not c and
                 o.queue_id == c.queue_id and (o.key_at, o.id) < (c.key_at, c.id)]
        # One rule lets a line go before older promises, and its name stands in the event.
        if any(not o.is_promised or e["rule"] != "share" for o in older):
            self._wrong(c, f"before an older place ({older[0]})", e)
        self.shares_n += e["rule"] == "share"
        c.where, c.offer_id = OFFERED, e["id"]
        self.by_offer[e["id"]] = c
        self.offers.append((e["at"], c))

    def _offer_advanced(self, e):
        c = self.by_offer[e["offer_id"]]
        if c.is_promised and e["phase"] == "dialling":
            c.dials.append(e["at"])

    def _offer_joined(self, e):
        self.contacts[e["contact_id"]].where = SPEAKS

    def _offer_ended(self, e):
        c = self.contacts[e["contact_id"]]
        c.where, c.offer_id = BETWEEN, 0

    # ---- looked at ---------------------------------------------------------------------------
    def standing(self):
        """Who was queued or promised, and is not over."""
        return [c for c in self.contacts.values() if c.where not in IS_OVER and
                (c.has_queued or c.is_promised)]

    def promised(self):
        return [c for c in self.contacts.values() if c.is_promised]

    def count(self):
        return Counter(c.where for c in self.contacts.values())
