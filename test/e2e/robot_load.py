#!/usr/bin/env python3
"""robot_load.py — how many at once, how soon, and for how long, by `decroche load`. Prints lines
"name value unit"; on a line of its own, after "MISSED", what a bound was not held.

  robot_load.py DECROCHE DEMO [CASE …]   waiting, talking, bridged, setup, soak; exit 1 when one
                                         missed
soak alone is also a test: 20 s of calls, ten minutes of them with DECROCHE_TEST=long.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import load
from robots import skip, wait_until
from service import Service, serves

WAITING, TALKING = int(os.environ.get("DECROCHE_WAITING", 3000)), 1000
BRIDGED, BRIDGED_RATE = int(os.environ.get("DECROCHE_BRIDGED", 1000)), 25
PACKETS_PER_MINUTE = 3000
SIGN_IN_S, ANSWER_S = 90, 15                # of all agents; from the last call until it is joined
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
          "robots_bridged_unjoined": 0, "robots_bridged_failed": 0, "robots_bridged_parted": 0,
          "robots_bridged_lost": 0, "robots_bridged_agents_lost": 0,
          "robots_setup_failed": 0, "robots_setup_unqueued": 0, "robots_setup_first_sound": 1000,
          "robots_soak_failed": 0, "robots_soak_fds": 0, "robots_soak_threads": 0,
          "robots_soak_legs": 0, "robots_soak_streams": 0, "robots_soak_contacts": 0,
          "robots_soak_slope": 1}
found = {}


def say(name, value, unit):
    found[name] = value
    print(f"{name} {value:.6g} {unit}", flush=True)


def begin(decroche, service, *words):
    """Callers; begin_robots(): also agents, or agents alone."""
    return begin_robots(decroche, service, "--called", load.DIRECT, *words)


def begin_robots(decroche, service, *words):
    return subprocess.Popen([decroche, "load", "--to", f"127.0.0.1:{service.sip[1]}", "--json",
                             *map(str, words)], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)


def end(program, name):
    """The results of a load, and what every load tells."""
    r = json.loads(program.communicate(timeout=900)[0])
    say(f"robots_{name}_calls", r["placed"], "calls")
    say(f"robots_{name}_failed", r["failed"], "calls")
    for status, n in r["by_status"].items():
        say(f"robots_{name}_refused_{status}", n, "calls")
    for kind in ("no_room", "broken", "unheard"):
        if r[kind]:
            say(f"robots_{name}_{kind}", r[kind], "calls")
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
    wait_with_music(decroche, service, "joined", TALKING)


def setup(decroche, service):
    cpu = service.cpu_s()
    program = begin(decroche, service, "--rate", RATE, "--for", f"{RATE_S}s", "--hold", "4s",
                    "--mute")
    r = end(program, "setup")
    say("robots_setup_cpu", (service.cpu_s() - cpu) / r["placed"] * 1000, "ms/call")
    events = service.until(lambda e: len(e.of("call_outcome")) >= r["placed"], 30)
    say("robots_setup_unqueued", r["placed"] - len(events.of("contact_queued")), "calls")


# ---- bridged -----------------------------------------------------------------------------------
def staff(home):
    """As many agents as calls, each with a line of ours and the skill that the number asks for."""
    path = home / "directory.yaml"
    head, rest = path.read_text(encoding="utf-8").split("\nagents:\n", 1)
    rows = "".join(f'  - {{ id: load{i}, name: "Poste {i}", site: plateforme,'
                   f' skills: [retraite], phone: "sip:{7000 + i}" }}\n' for i in range(BRIDGED))
    path.write_text(f"{head}\nagents:\n{rows}{rest}", encoding="utf-8")
    load.direct(home)


def agents_in(service, state):
    with urllib.request.urlopen(f"http://127.0.0.1:{service.http[1]}/metrics", timeout=5) as a:
        return int(re.search(rf'(?m)^decroche_agents{{state="{state}"}} (\d+)$',
                             a.read().decode())[1])


def sign_in(decroche, service):
    """A program of agents of its own, so that what they lost is told apart; all are ready."""
    lines = service.place / "lines"
    lines.write_text("".join(f"{a.line} {a.secret} {a.code}\n" for a in service.agents.values()
                             if a.id.startswith("load")), encoding="utf-8")
    began = time.monotonic()
    program = begin_robots(decroche, service, "--agents-from", lines, "--answer", "1s", "--speak",
                           "20min", "--for", "1h")
    wait_until(lambda: agents_in(service, "ready") >= BRIDGED, SIGN_IN_S, 0.5)
    say("robots_bridged_sign_in", time.monotonic() - began, "s")
    say("robots_bridged_ready", agents_in(service, "ready"), "agents")
    return program


def bridged(decroche, service):
    """Each caller is given to an agent by the queue; all of them talk at once, both ways."""
    agents = sign_in(decroche, service)
    before_kib = load.resident_kib(service)
    hold_s = BRIDGED / BRIDGED_RATE + ANSWER_S + WINDOW_S + 5
    callers = begin(decroche, service, "--rate", BRIDGED_RATE, "--calls", BRIDGED, "--hold",
                    f"{hold_s:.0f}s", "--talk", f"{hold_s:.0f}s")
    wait_until(lambda: agents_in(service, "joined") >= BRIDGED,
               BRIDGED / BRIDGED_RATE + ANSWER_S, 0.5)
    joined, cpu, began = agents_in(service, "joined"), service.cpu_s(), time.monotonic()
    before = metrics(service)
    time.sleep(WINDOW_S)
    seconds, cpu, after = time.monotonic() - began, service.cpu_s() - cpu, metrics(service)
    still = agents_in(service, "joined")
    sent = int(after["media_packets_sent_total"]) - int(before["media_packets_sent_total"])
    say("robots_bridged_at_once", joined, "calls")
    say("robots_bridged_unjoined", BRIDGED - joined, "calls")
    say("robots_bridged_parted", joined - still, "calls in the window")
    say("robots_bridged_passed", sent / seconds / max(joined, 1) / 2, "packets/s a leg")
    # What a busy machine did not send costs nothing, and must not make us look cheap.
    say("robots_bridged_cpu", cpu / max(sent / 2 / PACKETS_PER_MINUTE, 1), "s/call-minute")
    say("robots_bridged_memory", (load.resident_kib(service) - before_kib) / max(joined, 1),
        "KiB/call")
    say("robots_bridged_load", os.getloadavg()[0], "processes")
    end(callers, "bridged")
    agents.send_signal(signal.SIGINT)
    r = end(agents, "bridged_agents")
    say("robots_bridged_answered", r["agents"]["answered"], "calls")


# ---- soak --------------------------------------------------------------------------------------
def metrics(service):
    with urllib.request.urlopen(f"http://127.0.0.1:{service.http[1]}/metrics", timeout=5) as a:
        return dict(re.findall(r"(?m)^decroche_(\w+) (\S+)$", a.read().decode()))


def state(service):
    """Files are counted before we ask: the answer's own connection is one, as long as it closes."""
    folder = Path(f"/proc/{service.program.pid}")
    fds = len(list((folder / "fd").iterdir()))
    m = metrics(service)
    return {"fds": fds,
            "threads": len(list((folder / "task").iterdir())),
            "legs": int(m["sip_legs"]), "streams": int(m["media_streams"]),
            "contacts": int(m["contacts_open"])}


def settled(service):
    """Once nothing has changed for some seconds: what a start opens late is not a leak."""
    seen, same_n = state(service), 0
    for _ in range(60):
        time.sleep(0.5)
        now = state(service)
        same_n = same_n + 1 if now == seen else 0
        seen = now
        if same_n == 8:
            break
    return seen


def slope(points):
    """KiB for each thousand calls, by least squares."""
    n = len(points)
    mx, my = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mx) ** 2 for x, _ in points)
    return sum((x - mx) * (y - my) for x, y in points) / spread * 1000


def soak(decroche, service):
    """As many descriptors, threads, legs, streams and contacts after it as before."""
    wait_until(lambda: "sip_legs" in metrics(service), 10)
    before = settled(service)
    if IS_LONG:
        end(begin(decroche, service, "--rate", WARM_RATE, "--for", f"{WARM_CALLS // WARM_RATE}s",
                  "--hold", "1s"), "warm")
    began, points = time.monotonic(), []
    program = begin(decroche, service, "--rate", SOAK_RATE, "--for", f"{SOAK_S}s", "--hold", "3s")
    while program.poll() is None and time.monotonic() - began < SOAK_S:
        time.sleep(2)
        points.append(((time.monotonic() - began) * SOAK_RATE, load.resident_kib(service)))
    end(program, "soak")
    after = before if wait_until(lambda: state(service) == before, LINGER_S, 1) else state(service)
    for what, n in after.items():       # not looked at again: our own connection may be closing
        say(f"robots_soak_{what}", n - before[what], f"more than {before[what]}")
    if IS_LONG:
        say("robots_soak_slope", slope(points), "KiB/1000 calls")
    say("robots_soak_resident", load.resident_kib(service) / 1024, "MiB")


CASES = [waiting, talking, bridged, setup, soak]


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
        if case is bridged:
            settings["acd"]["agents_max"] = BRIDGED + 100
        with Service(decroche, demo, settings, staff if case is bridged else load.direct,
                     ports_n=4000 if case is soak else 11600) as service:
            case(os.path.abspath(decroche), service)
            fault = service.verify()
            if fault or not service.is_alive():
                print("MISSED", case.__name__, fault or service.said()[-2000:])
                found["died"] = 1
    sys.exit(load.tell_missed(found, BOUNDS) or "died" in found)


if __name__ == "__main__":
    main()
