#!/usr/bin/env python3
"""commit.py — said means stored (design §5): the real service on a disk that e2e-hold stops or
refuses. While the commit of a promise is held back, no frame of « C’est noté » leaves, nobody is
dialled, and no order is answered with 200; once it is done, they are. Where the disk refuses, the
caller hears that nothing can be noted and waits on, and the order is answered with an error.

  commit.py DECROCHE DEMO HOLD [CASE …]
"""
import concurrent.futures
import contextlib
import http.client
import os
import re
import sqlite3
import struct
import sys
import tempfile
import threading
import time
import traceback

import world
from call_back import far_line
from robots import need, skip, wait_until
from service import Service, serves
from world import CALLS_BACK, HUMAN, ODETTE, World, Wrong, merged

PASS, HOLD, FAIL_SYNC, FAIL_WRITE = range(4)
SETTINGS = merged(CALLS_BACK, {"callback": {"gap": "1min", "ring": "15s"}})
PROMISE_S, NOTING_S = 2.0, 3.0  # APP_PROMISE_MS; the line's own bound behind it (NOTING_MS)
HELD_S = 1.2                    # well below what makes it a refusal
QUIET_N = 15                    # frames at the beginning of a prompt that others have as well
LATE_S = 0.05                   # this test's own clock
AT_ONCE = 5                     # they mostly listen
CASES = []
hold_library = None


def case(function):
    CASES.append(function)
    return function


class Disk:
    """What hold.c reads: modes as there."""

    def __init__(self):
        fd, self.file = tempfile.mkstemp(prefix="decroche-hold-")
        os.write(fd, bytes(16))
        os.close(fd)
        self.env = {"LD_PRELOAD": hold_library, "HOLD_FILE": self.file}

    def set(self, mode):
        """The instant."""
        fd = os.open(self.file, os.O_RDWR)
        os.pwrite(fd, struct.pack("=i", mode), 0)
        os.close(fd)
        return time.time()

    def counts(self):
        """(syncs that wait, done, operations refused)."""
        with open(self.file, "rb") as f:
            return struct.unpack("=iiii", f.read(16))[1:]

    def close(self):
        os.unlink(self.file)


class Held(World):
    """A world whose service has its journal on such a disk."""

    def SERVICE(self, *args, env=None):         # noqa: N802 — named there
        self.disk = Disk()
        return Service(*args, env=self.disk.env)

    def close(self):
        self.disk.set(PASS)
        super().close()
        self.disk.close()


# ---- a caller on the way to a promise ------------------------------------------------------------
def near_promise(w):
    """One key from it: the number, the pencil and the reference are done, the proof is being said.
    The next that happens is the promise."""
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    caller.press("1")
    w.hears(caller, "cb.number.ok", 20)
    caller.press("1")
    w.hears(caller, "cb.when", 20)
    caller.press("1")
    w.hears(caller, "cb.note", 20)
    caller.press("1")
    w.hears(caller, "cb.proof", 40)
    w.check("the disk is at rest", wait_until(lambda: w.disk.counts()[0] == 0, 2))
    return caller


def said_done(caller, from_at=0, to_at=1e12):
    heard = caller.heard.said(world.prompts, from_at, to_at)
    return [s for s in heard if s.id.startswith("cb.done")]


def held_commit(w, seconds=20):
    """The instant at which a sync waits."""
    w.check("the commit is on its way, and held", wait_until(
        lambda: w.disk.counts()[0] > 0, seconds, 0.01), w.disk.counts)
    return time.time()


def wishes(w):
    with contextlib.closing(sqlite3.connect(f"file:{w.service.journal}?mode=ro", uri=True)) as db:
        return [row[0] for row in db.execute("SELECT contact_id FROM callback_wish")]


@case
def promise_waits_for_its_commit(w):
    caller = near_promise(w)
    w.disk.set(HOLD)
    began = held_commit(w)
    time.sleep(HELD_S)
    w.check("nothing is promised on the disk", not w.events().of("callback_promised"))
    released = w.disk.set(PASS)
    w.hears(caller, "cb.done.from", 40)
    early = said_done(caller, began - 1, released)
    w.check("no frame of « C’est noté » left before its commit", not early, early)
    first = said_done(caller, released - LATE_S)
    w.check("and after it, it did", first and first[0].first < QUIET_N, lambda: w.heard_by(caller))
    w.fact("from the commit to its first frame", 1000 * (first[0].at - released), "ms")
    w.check("the promise is there", len(w.events().of("callback_promised")) == 1)
    w.check("and its number", len(wishes(w)) == 1)


def waits_on(w, caller, began):
    """They heard the truth, are where they were, and nothing is left of the promise."""
    w.hears(caller, "err.no_promise", 20)
    w.check("no frame of « C’est noté »", not said_done(caller, began), said_done(caller, began))
    w.check("they are still on the line", caller.state == "talking", lambda: caller.log[-3:])
    w.disk.set(PASS)

    def is_nothing(e):
        return len(e.of("callback_promised")) == len(e.of("callback_withdrawn"))
    events = w.until(is_nothing, 15)
    w.check("whatever was decided is withdrawn", is_nothing(events),
            lambda: events.text()[-3000:])
    w.check("no number is kept", wait_until(lambda: not wishes(w), 5), lambda: wishes(w))
    phone = w.agent(HUMAN)
    events = w.until(lambda e: e.of("offer_made"), 15)
    made = events.of("offer_made")
    w.check("the same person, on the line", [e["contact_id"] for e in made] ==
            [events.of("contact_queued")[0]["contact_id"]] and made[0]["phase"] != "reserved", made)
    w.both_hear(caller, phone)
    caller.hang_up()
    w.outcomes("answered")


@case
def refused_sync_promises_nothing(w):
    """EIO: what the disk says of itself."""
    caller = near_promise(w)
    waits_on(w, caller, w.disk.set(FAIL_SYNC))


@case
def full_disk_promises_nothing(w):
    """ENOSPC."""
    caller = near_promise(w)
    waits_on(w, caller, w.disk.set(FAIL_WRITE))


@case
def slow_commit_promises_nothing(w):
    """It comes after all, when it has been said that it would not."""
    caller = near_promise(w)
    began = w.disk.set(HOLD)
    held_commit(w)
    time.sleep(NOTING_S + 1)
    waits_on(w, caller, began)


@case
def death_before_the_sync(w):
    """kill -9 between the write and its sync: nobody was told. What a dead process has written the
    next one may find; then it says so, else they wait on. In between there is nothing."""
    caller = near_promise(w)
    w.disk.set(HOLD)
    held_commit(w)
    time.sleep(0.2)
    w.check("nothing was said before", not said_done(caller))
    w.service.kill9()
    w.disk.set(PASS)
    w.restart()
    again = time.time()
    is_promised = bool(w.events().of("callback_promised"))
    w.facts.append("promised" if is_promised else "not promised")
    w.check("they are on the line", caller.state == "talking" and not w.events().of("call_ended"),
            lambda: w.events().text()[-2000:])
    w.check("a number is kept with a promise alone", len(wishes(w)) == is_promised)
    if is_promised:
        w.hears(caller, "cb.done.from", 40, from_at=again - 0.5)
    else:
        caller.press("1")
        w.hears(caller, "cb.number.ok", 20)


@case
def death_while_it_is_said(w):
    """kill -9 after the commit: who may not have heard it hears it from the next process."""
    caller = near_promise(w)
    w.until(lambda e: e.of("callback_promised"), 20)
    w.service.kill9()
    w.restart()
    again = time.time()
    w.hears(caller, "cb.done.from", 40, from_at=again - 0.5)
    w.check("we hang up when they do not", caller.wait("ended", seconds=25))
    w.check("it was promised once", len(w.events().of("callback_promised")) == 1)
    w.check("its number is kept", len(wishes(w)) == 1)
    w.check("and is no call of the house", not w.events().of("callback_promised", by_house=True))


@case
def dial_waits_for_its_commit(w):
    """The attempt is on the disk before their telephone rings."""
    far = far_line(w)
    caller = near_promise(w)
    w.hears(caller, "cb.done.from", 40)
    caller.hang_up()
    w.order("the call ends", "callback_promised", "call_ended")
    phone = w.agent(HUMAN, answers=False)
    w.check("the agent's telephone rings", phone.happened("CALL_INCOMING"), phone.program.said)
    time.sleep(0.5)
    w.disk.set(HOLD)
    phone.pick_up()
    held_commit(w)
    phone.press("1")                            # knows whom
    time.sleep(HELD_S)
    w.check("their telephone is silent", not far.log, far.log)
    released = w.disk.set(PASS)
    w.check("then it rings", far.wait("talking", seconds=10), lambda: w.events().text()[-2000:])
    w.check("not before", far.log[0][0] >= released - LATE_S, (far.log[0][0], released))
    w.check("once", sum(text.startswith("INVITE") for _, way, text in far.log if way == "<") == 1)


# ---- the interface ---------------------------------------------------------------------------
def order(w, path):
    """A thread whose .answer is (status, instant), None until it comes."""
    token = re.search(r'token: "(\w+)"', (w.service.home / "secrets.yaml").read_text())[1]

    def ask():
        client = http.client.HTTPConnection(*w.service.http, timeout=30)
        client.request("POST", path, headers={"Authorization": "Bearer " + token})
        thread.answer = client.getresponse().status, time.time()
        client.close()
    thread = threading.Thread(target=ask, daemon=True)
    thread.answer = None
    thread.start()
    return thread


@case
def order_waits_for_its_commit(w):
    w.disk.set(HOLD)
    asked = order(w, f"/api/v1/agents/{HUMAN}/sign-in")
    held_commit(w)
    time.sleep(HELD_S)
    w.check("no answer while the commit is held", asked.answer is None, asked.answer)
    released = w.disk.set(PASS)
    asked.join(10)
    w.check("200 after it", asked.answer and asked.answer[0] == 200 and
            asked.answer[1] >= released - LATE_S, asked.answer)
    w.check("and it is there", len(w.events().of("agent_signed_in")) == 1)


@case
def refused_disk_answers_no_order(w):
    for mode in (FAIL_SYNC, FAIL_WRITE):
        began = w.disk.set(mode)
        asked = order(w, f"/api/v1/agents/{HUMAN}/sign-in")
        asked.join(15)
        w.check("an error", asked.answer and asked.answer[0] == 503, asked.answer)
        w.fact("refused after", asked.answer[1] - began, "s")
        w.disk.set(PASS)
        w.until(lambda e: e.of("agent_signed_in"), 10)
        asked = order(w, f"/api/v1/agents/{HUMAN}/sign-out")
        asked.join(10)
        w.check("and later it is answered", asked.answer and asked.answer[0] == 200, asked.answer)


# ---- running ---------------------------------------------------------------------------------
def run(decroche, demo, function):
    began, fault, facts = time.monotonic(), None, []
    try:
        with Held(decroche, demo, SETTINGS) as w:
            try:
                facts = w.facts
                function(w)
            except Exception as e:
                fault = f"{e if isinstance(e, Wrong) else traceback.format_exc()}\n{w.trace()}"
    except Exception:
        fault = traceback.format_exc()
    return function.__name__, time.monotonic() - began, facts, fault


def main():
    global hold_library
    need("baresip")
    decroche, demo, hold_library, *only = sys.argv[1:]
    hold_library = os.path.abspath(hold_library)
    if not serves(decroche):
        skip("decroche has no serve yet")
    if "DECROCHE_SANITIZED" in os.environ:
        skip("a sanitizer has its own fdatasync")
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    rows, failed_n = [c for c in CASES if not only or c.__name__ in only], 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for name, seconds, facts, fault in pool.map(lambda c: run(decroche, demo, c), rows):
            print(f"{'NOT ok' if fault else 'ok    '} {name:36s} {seconds:5.1f} s   "
                  f"{', '.join(facts)}", flush=True)
            if fault:
                print(fault, flush=True)
            failed_n += bool(fault)
    print(f"{len(rows) - failed_n} of {len(rows)} cases")
    sys.exit(not rows or failed_n > 0)


if __name__ == "__main__":
    main()
