#!/usr/bin/env python3
"""faults.py — the machine fails and calls go on: a disk that refuses, at start and later; a wall
clock that jumps. Cases in the words of call.py, each with a service of its own.

  faults.py DECROCHE DEMO WALL [NAME …]   WALL: e2e-wall, preloaded; exit 77 without baresip or SIPp
"""
import json
import os
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request

import world
from robots import need, skip, wait_until
from service import serves
from world import FAMILY, KARIM, ODETTE, ROBOT, World, Wrong

CASES = []
FULL_BYTES = 4096           # no file may grow beyond it: a disk that takes nothing more
HOUR_MS = 3600 * 1000


def case(function):
    CASES.append(function)
    return function


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


@case
def disk_refuses(w, _):
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
        s.id == "wait.ref" for s in later.heard.said(world.prompts)))
    w.both_hear(talks, phone)
    talks.hang_up()
    time.sleep(1)
    later.hang_up()
    time.sleep(1)
    limit(w.service.program.pid, "unlimited")
    w.check("the alarm goes by itself", wait_until(lambda: not alarms(w), 10), lambda: health(w))
    w.outcomes("test", "abandoned_short")


@case
def disk_refuses_from_the_start(w, _):
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


def jumps(w, wall, by_ms):
    phone = w.agent(ROBOT)
    caller = w.call()
    wall.move(by_ms)
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


@case
def wall_an_hour_on(w, wall):
    jumps(w, wall, HOUR_MS)


@case
def wall_an_hour_back(w, wall):
    jumps(w, wall, -HOUR_MS)


# ---- running -------------------------------------------------------------------------------------
class Wall:
    def __init__(self, library, place):
        self.file = os.path.join(place, "wall")
        self.env = {"LD_PRELOAD": os.path.abspath(library), "WALL_FILE": self.file}
        self.move(0)

    def move(self, by_ms):
        """In place, for the service has the file mapped."""
        fd = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(fd, by_ms.to_bytes(8, sys.byteorder, signed=True), 0)
        os.close(fd)


def run(decroche, demo, library, function):
    fault = None
    with world.place() as place:
        wall = Wall(library, place)
        env = wall.env if function.__name__.startswith("wall") else None
        with World(decroche, demo, env=env) as w:
            try:
                function(w, wall)
            except Exception as e:
                detail = str(e) if isinstance(e, Wrong) else traceback.format_exc()
                fault = f"{detail}\n{w.trace()}"
    return fault


def main():
    decroche, demo, library, only = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    need("baresip", "sipp", "prlimit")
    if not serves(decroche):
        skip("decroche has no serve yet")
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    failed = 0
    for function in [f for f in CASES if not only or f.__name__ in only]:
        began = time.monotonic()
        fault = run(decroche, demo, library, function)
        failed += fault is not None
        print(f"{'NOT ok' if fault else 'ok    '} {function.__name__:32s} "
              f"{time.monotonic() - began:6.1f} s", flush=True)
        if fault:
            print("\n".join("    " + line for line in fault.splitlines()), flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
