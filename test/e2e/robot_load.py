#!/usr/bin/env python3
"""robot_load.py — how many at once, how soon, and for how long, by `decroche load`. Prints lines
"name value unit"; on a line of its own, after "MISSED", what a bound was not held.

  robot_load.py DECROCHE DEMO [CASE …]   waiting, talking, setup, soak; exit 1 when one missed
soak alone is also a test: 20 s of calls, ten minutes of them with DECROCHE_TEST=long.
"""
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import load
from robots import skip, wait_until
from service import Service, serves

WAITING, TALKING = int(os.environ.get("DECROCHE_WAITING", 3000)), 1000
RATE, RATE_S, WINDOW_S = 300, 20, 20
SOAK_RATE, LINGER_S = 20, 45                # a leg answers repetitions half a minute longer
IS_LONG = os.environ.get("DECROCHE_TEST") == "long"
SOAK_S = 600 if IS_LONG else 20
# What is bounded and fills with calls (the trace of messages, pages of the store) is full by then.
WARM_RATE, WARM_CALLS = 60, 12000
SMALL_RING = 1024                           # its pages are all in use after the first calls
BOUNDS = {"robots_waiting_failed": 0, "robots_waiting_lost": 0, "robots_waiting_calm_p99": 25,
          "robots_waiting_cpu": 0.02, "robots_waiting_memory": 16,
          "robots_waiting_first_sound": 1000,
          "robots_setup_failed": 0, "robots_setup_unqueued": 0, "robots_setup_first_sound": 1000,
          "robots_soak_failed": 0, "robots_soak_fds": 0, "robots_soak_threads": 0,
          "robots_soak_legs": 0, "robots_soak_streams": 0, "robots_soak_contacts": 0,
          "robots_soak_slope": 1}
found = {}


def say(name, value, unit):
    found[name] = value
    print(f"{name} {value:.6g} {unit}", flush=True)


def begin(decroche, service, *words):
    return subprocess.Popen([decroche, "load", "--to", f"127.0.0.1:{service.sip[1]}", "--called",
                             load.DIRECT, "--json", *map(str, words)], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)


def end(program, name):
    """The results of a load, and what every load tells."""
    r = json.loads(program.communicate(timeout=900)[0])
    say(f"robots_{name}_calls", r["placed"], "calls")
    say(f"robots_{name}_failed", r["failed"], "calls")
    for status, n in r["by_status"].items():
        say(f"robots_{name}_refused_{status}", n, "calls")
    say(f"robots_{name}_lost", r["rtp"]["lost"], "packets")
    say(f"robots_{name}_p50", r["spacing_us"]["p50"] / 1000, "ms")
    say(f"robots_{name}_p99", r["spacing_us"]["p99"] / 1000, "ms")
    say(f"robots_{name}_calm_p99", r["calm_spacing_us"]["p99"] / 1000, "ms")
    say(f"robots_{name}_answer", r["setup_ms"]["p99"], "ms")
    say(f"robots_{name}_first_sound", r["first_sound_ms"]["p99"], "ms")
    say(f"robots_{name}_late", r["rtp"]["late_ms"], "ms")   # the generator's own
    return r


def wait_with_music(decroche, service, name, n, *more):
    """n callers who wait, and what each costs in a window in which nothing else happens."""
    before_kib, rate = load.resident_kib(service), 100
    program = begin(decroche, service, "--rate", rate, "--calls", n, "--hold",
                    f"{n // rate + 12 + WINDOW_S}s", *more)
    time.sleep(n / rate + 8)
    cpu, began = service.cpu_s(), time.monotonic()
    time.sleep(WINDOW_S)
    minutes = n * (time.monotonic() - began) / 60
    say(f"robots_{name}_cpu", (service.cpu_s() - cpu) / minutes, "s/caller-minute")
    say(f"robots_{name}_memory", (load.resident_kib(service) - before_kib) / n, "KiB/caller")
    say(f"robots_{name}_load", os.getloadavg()[0], "processes")
    end(program, name)


def waiting(decroche, service):
    wait_with_music(decroche, service, "waiting", WAITING, "--mute")


def talking(decroche, service):
    """The same, and the callers send their own sound."""
    wait_with_music(decroche, service, "talking", TALKING)


def setup(decroche, service):
    cpu = service.cpu_s()
    program = begin(decroche, service, "--rate", RATE, "--for", f"{RATE_S}s", "--hold", "4s",
                    "--mute")
    r = end(program, "setup")
    say("robots_setup_cpu", (service.cpu_s() - cpu) / r["placed"] * 1000, "ms/call")
    events = service.until(lambda e: len(e.of("call_outcome")) >= r["placed"], 30)
    say("robots_setup_unqueued", r["placed"] - len(events.of("contact_queued")), "calls")


# ---- soak --------------------------------------------------------------------------------------
def metrics(service):
    with urllib.request.urlopen(f"http://127.0.0.1:{service.http[1]}/metrics", timeout=5) as a:
        return dict(re.findall(r"(?m)^decroche_(\w+) (\S+)$", a.read().decode()))


def state(service):
    folder = Path(f"/proc/{service.program.pid}")
    m = metrics(service)
    return {"fds": len(list((folder / "fd").iterdir())),
            "threads": len(list((folder / "task").iterdir())),
            "legs": int(m["sip_legs"]), "streams": int(m["media_streams"]),
            "contacts": int(m["contacts_open"])}


def slope(points):
    """KiB for each thousand calls, by least squares."""
    n = len(points)
    mx, my = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mx) ** 2 for x, _ in points)
    return sum((x - mx) * (y - my) for x, y in points) / spread * 1000


def soak(decroche, service):
    """As many descriptors, threads, legs, streams and contacts after it as before."""
    wait_until(lambda: "sip_legs" in metrics(service), 10)
    before = state(service)
    if IS_LONG:
        end(begin(decroche, service, "--rate", WARM_RATE, "--for", f"{WARM_CALLS // WARM_RATE}s",
                  "--hold", "1s"), "warm")
    began, points = time.monotonic(), []
    program = begin(decroche, service, "--rate", SOAK_RATE, "--for", f"{SOAK_S}s", "--hold", "3s")
    while program.poll() is None and time.monotonic() - began < SOAK_S:
        time.sleep(2)
        points.append(((time.monotonic() - began) * SOAK_RATE, load.resident_kib(service)))
    end(program, "soak")
    wait_until(lambda: state(service) == before, LINGER_S, 1)
    for what, n in state(service).items():
        say(f"robots_soak_{what}", n - before[what], f"more than {before[what]}")
    if IS_LONG:
        say("robots_soak_slope", slope(points), "KiB/1000 calls")
    say("robots_soak_resident", load.resident_kib(service) / 1024, "MiB")


CASES = [waiting, talking, setup, soak]


def main():
    decroche, demo, only = sys.argv[1], sys.argv[2], sys.argv[3:]
    if not serves(decroche):
        skip("decroche has no serve yet")
    for case in CASES:
        if only and case.__name__ not in only:
            continue
        settings = {"acd": {"contacts_max": 20000}, "log": {"level": "warning"}}
        if case is soak:
            settings.update(journal={"ring_n": SMALL_RING}, acd={"contacts_max": 2000})
        with Service(decroche, demo, settings, load.direct,
                     ports_n=4000 if case is soak else 11600) as service:
            case(os.path.abspath(decroche), service)
            fault = service.verify()
            if fault or not service.is_alive():
                print("MISSED", case.__name__, fault or service.said()[-2000:])
                found["died"] = 1
    sys.exit(load.tell_missed(found, BOUNDS) or "died" in found)


if __name__ == "__main__":
    main()
