#!/usr/bin/env python3
"""kill.py — kill -9 while many wait (design §3.10): callers over UDP and TCP, with their number and
without, promised a call by key or by the house, agents at work. After each death the journal is
the one of before and more; at the end an account of its own says: nobody lost, nobody overtaken,
nobody called twice for one wish. Prints its seed and what it measured.

  kill.py DECROCHE DEMO      40 callers, 2 deaths; with DECROCHE_TEST=long 500 callers, 20 deaths
DECROCHE_SEED: of the moments, to try them again.
"""
import functools
import os
import random
import sqlite3
import statistics
import sys
import threading
import time

from account import DONE, KEPT, Account
from call_ordinary import with_operator
from caller import Voice
from exchange import Exchange
from robots import Phone, need, skip, wait_until
from service import Service, serves
from sipp import BYE_OF_THEIRS, Sipp, frames_of, may_play, pause, play
from world import CALLS_BACK, FAMILY, PUBLIC, World, Wrong, merged

IS_LONG = os.environ.get("DECROCHE_TEST") == "long"
RESTART_S = 8.0 if "DECROCHE_SANITIZED" in os.environ else 2.0
# promised: by the whole dialogue; hasty: hang up once the number is chosen; these and patient,
# withheld wait over UDP, wired over TCP. at_least: so many must have been promised by a key.
SMALL = {"promised": 8, "hasty": 8, "patient": 14, "withheld": 4, "wired": 6,
         "at_least": 8, "before_n": 8, "deaths": (2, 0, 0), "agents": 2, "serve_s": 30,
         "served_n": 2, "ports": 400, "stay_ms": 60000}
LARGE = {"promised": 208, "hasty": 42, "patient": 160, "withheld": 50, "wired": 40,
         "at_least": 200, "before_n": 0, "deaths": (7, 4, 9), "agents": 8, "serve_s": 600,
         "served_n": 10000, "ports": 2000, "stay_ms": 240000}
PLAN = LARGE if IS_LONG else SMALL
SETTINGS = merged(CALLS_BACK, {
    "queue": {"offer": "15s", "wrap_up": "1s", "short": "3s"},
    "callback": {"gap": "1min", "ring": "15s", "attempts": 2, "keep": "0s"},
    "gate": {"range_day_max": 5000, "wishes_day_max": 5000, "callbacks_day_max": 5000,
             "callbacks_day_euros": 10000, "all_day_max": 10000, "all_day_euros": 10000,
             "dials_per_wish": 10, "wishes_day": 10},
    "phone": {"legs_max": PLAN["ports"] // 2 - 10}})
GAP_S = 55              # of callback.gap, and of what is tried again after a fault: a minute
STORE_MS = 20000        # from the attempt on disk to the dial: the words that the agent hears
FIRST_NUMBER = 536492000
MENU_MS = 6000          # until a pressed key has led to the queue
TALK_S = 25             # of an agent: the words (8 s), the ring, and until they have hung up there


class Campaign(World):
    SERVICE = functools.partial(Service, ports_n=PLAN["ports"])


def staff(home):
    """Agents of this campaign alone, for the queue of families."""
    path = home / "directory.yaml"
    head, rest = path.read_text(encoding="utf-8").split("\nagents:\n", 1)
    rows = "".join(f'  - {{ id: kill{i}, name: "Poste {i}", site: plateforme,'
                   f' skills: [famille, accueil, sante], phone: "sip:{7000 + i}" }}\n'
                   for i in range(PLAN["agents"]))
    path.write_text(f"{head}\nagents:\n{rows}{rest}", encoding="utf-8")


class Hand(threading.Thread):
    """An agent's hand: 1 for who is called, 1 once they speak; puts down after some seconds."""

    def __init__(self, phone):
        super().__init__(daemon=True)
        self.phone, self.is_open = phone, True
        self.start()

    def run(self):
        seen_n = 0
        while self.is_open:
            time.sleep(0.2)
            if self.phone.count("CALL_ESTABLISHED") == seen_n:
                continue
            seen_n, closed_n = seen_n + 1, self.phone.count("CALL_CLOSED")
            until = time.monotonic() + TALK_S
            while self.is_open and time.monotonic() < until and \
                    self.phone.count("CALL_CLOSED") == closed_n:
                time.sleep(0.7)
                self.phone.press("1")
            self.phone.hang_up()

    def close(self):
        self.is_open = False
        self.join(3)


# ---- callers -----------------------------------------------------------------------------------
class Fingers:
    """Keys of one telephone, one after another: the same sound goes on, each capture has a name."""

    def __init__(self):
        self.voice, self.n = Voice(), 0

    def press(self, digit):
        self.n += 1
        self.voice.stamp += 8000                # a second later
        self.voice.press(digit)
        return f"press-{self.n}", frames_of(self.voice, len(self.voice.keys))

    def asks(self, keys_n=4):
        """From the queue to the reference: that we call, this number, soon, a pencil."""
        return [step for _ in range(keys_n) for step in (play(self.press("1")), pause(900))]


def crowd(w, name, first, then, tcp=False):
    """These callers of the plan begin; each has a number of its own, or none (first: None). then:
    what their fingers do once they wait."""
    n, hand = PLAN[name], Fingers()
    rows = w.service.place / f"{name}.csv"
    rows.write_text("SEQUENTIAL\n" + "".join(
        f"{'0' + str(first + i) if first else 'anonymous'}\n" for i in range(n)), encoding="ascii")
    rate = n if tcp else max(3, n // 8)
    begin = [pause(1500), play(hand.press(FAMILY)), pause(MENU_MS)]
    calls = Sipp(w.service.sip, PUBLIC, [*begin, *then(hand)], number="[field0]", arguments=(
        "-inf", rows, "-m", n, "-r", rate, "-l", n, "-aa", *(("-t", "t1") if tcp else ())))
    w.people.append(calls)
    return n


def callers(w):
    """They begin to call; how many they are. Who asks tries again a minute later, should a death
    have come between."""
    def waits(_):
        return [pause(PLAN["stay_ms"])]

    def asks(hand):
        return [*hand.asks(), pause(62000), *hand.asks(), pause(62000), *hand.asks(), BYE_OF_THEIRS]
    number = FIRST_NUMBER
    for name, then in (("promised", asks), ("hasty", lambda hand: hand.asks(2)),
                       ("patient", waits), ("wired", waits)):
        number += crowd(w, name, number, then, tcp=name == "wired")
    return number - FIRST_NUMBER + crowd(w, "withheld", None, waits)


# ---- deaths ------------------------------------------------------------------------------------
def numbers_of(w):
    """{contact: number} of the promises that stand, as the store has them."""
    db = sqlite3.connect(f"file:{w.service.journal}?mode=ro", uri=True)
    try:
        return dict(db.execute("SELECT contact_id, number FROM callback_wish"))
    finally:
        db.close()


class Deaths:
    """Kills the service at moments drawn by chance, and looks at what the next one has."""

    def __init__(self, w, chance):
        self.w, self.chance, self.took, self.account = w, chance, [], Account()
        self.n, self.numbers = 0, {}

    def look(self):
        self.account.take(self.w.events())
        self.numbers.update(numbers_of(self.w))

    def one(self):
        """One in four comes while the process before is hardly up."""
        is_soon = self.n and self.chance.randrange(4) == 0
        time.sleep(self.chance.uniform(0, 0.4) if is_soon else self.chance.uniform(1, 7))
        before = self.w.events()
        self.numbers.update(numbers_of(self.w))
        # As if minutes lay between: three deaths in one are another matter (design §5).
        (self.w.service.place / "journal.db.starts").unlink(missing_ok=True)
        self.w.service.kill9()
        took = self.w.service.start()
        self.n += 1
        self.took.append(took)
        after = self.w.events()
        self.w.check(f"death {self.n}: nothing that was committed is lost",
                     after[:len(before)] == before)
        self.account.take(after)
        self.judge(f"death {self.n}")

    def judge(self, when):
        self.w.check(f"{when}: nobody lost, nobody overtaken, nothing twice",
                     not self.account.faults, lambda: "\n".join(self.account.faults[:5]))


# ---- at the end --------------------------------------------------------------------------------
def one_wish_each(w, account):
    """A person has one promise, a call one contact; who was cut off is promised, or counted so."""
    of_person = {}
    for c in account.promised():
        w.check("a promise has a person", c.person_id, c)
        of_person.setdefault(c.person_id, []).append(c)
    w.check("nobody is promised two calls for one wish",
            all(len(cs) == 1 for cs in of_person.values()),
            lambda: [list(map(str, cs)) for cs in of_person.values() if len(cs) > 1])
    cut = [c for c in account.contacts.values() if c.was_cut]
    forgotten = [c for c in cut if not c.is_promised and c.person_id and c.where in (DONE, KEPT)]
    w.check("who was cut off while waiting is called back by the house", not forgotten,
            lambda: "\n".join(map(str, forgotten)))
    silent = [c for c in cut if not c.person_id and c.outcomes != ["cut_off"]]
    w.check("or, without a number, counted as cut off by us", not silent,
            lambda: "\n".join(map(str, silent)))
    w.fact("cut off", len(cut), "callers")
    w.fact("of them by the house", sum(c.by_house for c in account.promised()), "promises")


def house_numbers(w, account):
    """{contact: number} of whom the house itself promised a call: where they called from."""
    db = sqlite3.connect(f"file:{w.service.journal}?mode=ro", uri=True)
    try:
        known = dict(db.execute("SELECT person_id, number FROM person_number"))
    finally:
        db.close()
    known = {p % (1 << 64): number for p, number in known.items()}    # SQLite's are signed
    return {c.id: known[c.person_id] for c in account.promised()
            if c.by_house and c.person_id in known}


def dialled_once(w, deaths, far):
    """Each INVITE has an attempt in the journal, noted before it; two of them are a gap apart."""
    called, of_number = {}, {}
    for at, number, _ in far.invites:
        called.setdefault(number, []).append(at)
    for contact_id, number in {**house_numbers(w, deaths.account), **deaths.numbers}.items():
        of_number.setdefault(number, []).append(deaths.account.contacts[contact_id])
    w.check("only those are called who were promised it", set(called) <= set(of_number),
            lambda: set(called) - set(of_number))
    for number, at in called.items():
        dials = sorted(d for c in of_number[number] for d in c.dials)
        w.check("nobody is dialled without an attempt on disk", len(at) <= len(dials), number)
        w.check("each is noted before it goes",
                all(any(0 <= 1000 * t + 50 - d < STORE_MS for d in dials) for t in at),
                (at, dials))
        w.check("nobody is dialled twice for one attempt",
                all(b - a >= GAP_S for a, b in zip(at, at[1:])), (number, at))
    w.check("a number has one promise", all(len(cs) == 1 for cs in of_number.values()),
            lambda: [list(map(str, cs)) for cs in of_number.values() if len(cs) > 1])
    w.fact("dialled", len(far.invites), "times")


def is_served(account):
    return all(c.where == DONE for c in account.promised())


def work(w):
    """Agents come, by the command; their telephones pick up by themselves."""
    hands = []
    for i in range(PLAN["agents"]):
        who = w.service.agents[f"kill{i}"]
        phone = Phone(who.line, who.secret, w.service.sip[1])
        w.people.append(phone)
        w.check(f"{who.id} registers", phone.registered(), phone.program.said)
        for order in ("sign-in", "ready"):
            done = w.service.run("agent", who.id, order, "-c", w.service.settings_file)
            w.check(f"{who.id}: {order}", done.returncode == 0, done.stdout + done.stderr)
        hands.append(Hand(phone))
    return hands


def dies(w, far, seed):
    deaths = Deaths(w, random.Random(seed))
    first, second, third = PLAN["deaths"]
    n = callers(w)

    def by_key():
        deaths.look()
        return sum(not c.by_house for c in deaths.account.promised())
    wait_until(lambda: by_key() >= PLAN["before_n"], 30, 0.2)
    for _ in range(first):
        deaths.one()
    wait_until(lambda: by_key() >= PLAN["at_least"], 200 if IS_LONG else 45, 0.5)
    w.fact("promised by a key", by_key(), "callers")
    w.check(f"at least {PLAN['at_least']} were", by_key() >= PLAN["at_least"],
            deaths.account.count())
    for _ in range(second):
        deaths.one()
    hands = work(w)
    for _ in range(third):
        deaths.one()

    def over():
        deaths.look()
        kept_n = sum(c.how == "answered" for c in deaths.account.promised())
        return kept_n >= PLAN["served_n"] or is_served(deaths.account)
    wait_until(over, PLAN["serve_s"], 1)
    for hand in hands:
        hand.close()
    deaths.look()
    deaths.judge("at the end")
    account = deaths.account
    tell(w, deaths, n)
    w.check("somebody was served", account.offers)
    if IS_LONG:
        w.check("every promise was kept, or tried as often as it may be", is_served(account),
                lambda: "\n".join(str(c) for c in account.promised() if c.where != DONE))
    one_wish_each(w, account)
    dialled_once(w, deaths, far)
    w.check("the journal is sound", not w.service.verify(), w.service.verify)
    worst = max(deaths.took)
    w.check(f"each restart takes {RESTART_S:.0f} s at most", worst <= RESTART_S, deaths.took)


def tell(w, deaths, n):
    account = deaths.account
    queued_n = sum(c.has_queued for c in account.contacts.values())
    w.fact("callers", n, "")
    w.fact("contacts", len(account.contacts), "")
    w.fact("of them queued", queued_n, "")
    w.fact("deaths", deaths.n, "")
    w.fact("restart, median", statistics.median(deaths.took), "s")
    w.fact("restart, worst", max(deaths.took), "s")
    w.fact("offers", len(account.offers), "")
    w.fact("the share of the line", account.shares_n, "times")
    for how in ("answered", "lapsed"):
        w.fact(f"promises {how}", sum(c.how == how for c in account.promised()), "")


def main():
    need("baresip", "sipp")
    if not serves(sys.argv[1]):
        skip("decroche has no serve yet")
    if not may_play():
        skip("SIPp may not play keys here")
    seed = int(os.environ.get("DECROCHE_SEED", random.randrange(10 ** 6)))
    print(f"seed {seed}", flush=True)
    with Exchange() as far:
        def edit(home):
            staff(home)
            with_operator(home, far.port)
        with Campaign(sys.argv[1], sys.argv[2], SETTINGS, edit) as w:
            try:
                dies(w, far, seed)
                fault = None
            except Exception as e:
                fault = str(e) if isinstance(e, Wrong) else repr(e)
                print(w.service.said()[-3000:], w.events().text(), sep="\n")
            print("\n".join(w.facts))
            print(f"NOT ok: {fault} (DECROCHE_SEED={seed})" if fault else "ok")
    sys.exit(bool(fault))


if __name__ == "__main__":
    main()
