"""call_faults.py — cases of call.py: the machine fails and calls go on: a disk that refuses, at
start and later; a wall clock that jumps."""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import world
from cases import case
from robots import wait_until
from world import FAMILY, HUMAN, KARIM, ODETTE, ROBOT

FULL_BYTES = 4096           # no file may grow beyond it: a disk that takes nothing more
HOUR_MS = 3600 * 1000


def limit(pid, size):
    subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={size}:unlimited"], check=True)


def health(w):
    url = f"http://127.0.0.1:{w.service.http[1]}/health"
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        return json.load(e)


def alarms(w):
    return [a["alarm"] for a in health(w)["alarms"]]


@case()
def disk_refuses(w):
    """Calls go on; the reference, a promise, is refused in words; all is told afterwards."""
    phone = w.agent(ROBOT)
    w.check("all is well", not alarms(w))
    talks = w.queued(ODETTE)
    w.both_hear(talks, phone)
    limit(w.service.program.pid, FULL_BYTES)
    later = w.queued_blind(KARIM)
    w.check("the alarm stands in /health", wait_until(lambda: "journal_down" in alarms(w), 10))
    later.press("3")
    w.hears(later, "err.no_promise")
    w.check("no reference was said", not any(
        s.id == world.prompts.same["wait.ref"] for s in later.heard.said(world.prompts)))
    w.both_hear(talks, phone)
    talks.hang_up()
    time.sleep(1)
    later.hang_up()
    time.sleep(1)
    limit(w.service.program.pid, "unlimited")
    w.check("the alarm goes by itself", wait_until(lambda: not alarms(w), 10), lambda: health(w))
    w.outcomes("test", "abandoned_short")


@case()
def disk_refuses_from_the_start(w):
    """No journal can be begun: calls are answered, counted, and told once there is one."""
    w.service.stop()
    w.service.refuse_disk()
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.hang_up()
    time.sleep(1)
    limit(w.service.program.pid, "unlimited")
    w.check("it starts itself anew", wait_until(
        lambda: w.service.said().count("prêt") >= 2, 20), lambda: w.service.said()[-800:])
    events = w.order("what was served blind is told", ("gap", {"n": 1}))
    w.check("as a call that left in the menu", events.of("gap")[0]["outcomes"][9] == 1,
            lambda: events.of("gap"))
    w.check("the journal is sound", not w.service.verify(), w.service.verify)


@case()
def sentences_with_the_disk_gone(w):
    """Neither journal nor files: the folder of the prompts is deleted, the disk takes nothing; the
    greeting, the menu and the words of the end are heard all the same, from memory."""
    w.service.stop()
    own = w.service.place / "prompts"
    shutil.copytree(w.service.settings["voice"]["path"], own)
    w.service.settings["voice"]["path"] = own
    w.service.refuse_disk()
    time.sleep(2)                       # the files are being read
    shutil.rmtree(own)
    caller = w.call()
    w.hears(caller, "menu.main")
    os.kill(w.service.program.pid, signal.SIGTERM)
    w.hears(caller, "err.system")
    w.check("and then let go", caller.wait("ended", seconds=15))


@case()
def telephones_are_where_they_were(w):
    """Killed and back: the next caller reaches the agent, whose telephone did not register anew."""
    phone = w.agent(HUMAN)
    time.sleep(2)
    before = phone.registrations()
    w.service.kill9()
    w.restart()
    caller = w.queued()
    w.both_hear(caller, phone)
    w.check("without a new registration", phone.registrations() == before)


def jumps(w, by_ms):
    phone = w.agent(ROBOT)
    caller = w.call()
    w.wall.move(by_ms)
    time.sleep(1)
    w.order("the jump is an event", "clock_step")
    caller.press(FAMILY)
    w.both_hear(caller, phone)
    arrived = w.events().of("call_arrived")[0]["at"]
    joined = w.order("answered", "offer_joined").of("offer_joined")[0]["at"]
    w.check("no timer has moved", 0 < joined - arrived < 30000, joined - arrived)
    caller.hang_up()
    w.order("wrap-up of two seconds, then ready", "agent_wrap_up", "agent_ready", seconds=6)
    times = [e["at"] for e in w.events()]
    w.check("journal time never goes back", times == sorted(times))
    w.outcomes("test")


@case()
def blind_twice(w):
    """The disk refuses at two starts in a row: what the first life counted is told by the third."""
    w.service.stop()
    w.service.env = {"DECROCHE_UNTOLD": "3 1000 2000" + 12 * " 0"}
    w.service.refuse_disk()
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.hang_up()
    time.sleep(1)
    limit(w.service.program.pid, "unlimited")
    w.check("it starts itself anew", wait_until(
        lambda: w.service.said().count("prêt") >= 2, 20), lambda: w.service.said()[-800:])
    w.order("what both served is told", ("gap", {"n": 4, "from_at": 1000}))


def file_of(fd):
    """What an open file of a process is; nothing when it was closed meanwhile."""
    try:
        return os.readlink(fd)
    except FileNotFoundError:
        return ""


@case()
def damaged_journal(w):
    """It is set aside at the start, and nobody looks into the old file any more."""
    w.service.stop()
    with contextlib.closing(sqlite3.connect(w.service.journal)) as db, db:
        db.execute("DELETE FROM snapshot")
        db.execute("DROP TRIGGER journal_batch_kept")
        db.execute("UPDATE journal_batch SET body = zeroblob(length(body)) WHERE first_id ="
                   " (SELECT min(first_id) FROM journal_batch WHERE first_id > 1)")
    w.restart()
    w.order("a new one begins", "journal_reset", "started")
    fds = Path(f"/proc/{w.service.program.pid}/fd")
    stale = [name for name in map(file_of, fds.iterdir()) if name.endswith("(deleted)")]
    w.check("no file of the old one is open", not stale, lambda: stale)
    w.call()
    w.check("calls are answered", True)


@case(wall=True)
def midnight_passed_while_down(w):
    """The day's closing is said by the life that finds it missing, and only then."""
    w.service.kill9()
    w.restart()
    w.check("the same day is not closed by a restart", not w.events().of("day_closed"))
    w.service.kill9()
    w.wall.move(24 * 3600 * 1000)
    w.restart()
    events = w.until(lambda e: e.of("day_closed"))
    w.check("the day that ended while it was down is closed", len(events.of("day_closed")) == 1,
            events.text)
    w.check("the start is no jump of the clock", not events.of("clock_step"), events.text)


@case(wall=True)
def wall_an_hour_on(w):
    jumps(w, HOUR_MS)


@case(wall=True)
def wall_an_hour_back(w):
    jumps(w, -HOUR_MS)
