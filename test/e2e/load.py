#!/usr/bin/env python3
"""load.py — how many at once, and how soon: SIPp calls the service, bench/sink.c listens for all.
Prints lines "name value unit"; on a line of its own, after "MISSED", what a bound was not held.

  load.py DECROCHE DEMO SINK [CASE …]   cases: setup, waiting, slow_disk; exit 1 when one missed
"""
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from robots import need, skip
from service import Service, serves
from sipp import EMPTY, Sipp, document, head, send
from sound import FRAME_S

DIRECT = "0536490098"
FLOW = """general: retraite
closed: ferme
steps:
  - { id: bonjour, play: [greet.demo], next: retraite }
  - { id: retraite, queue: retraite }
  - { id: ferme, closed: [closed.bye] }
"""
WAITING = int(os.environ.get("DECROCHE_WAITING", 1000))
WINDOW_S = 20
RATE, RATE_S, HOLD_MS = 200, 20, 4000       # greet.demo takes two seconds of it
DISK_BYTES, DISK_S = 400 << 20, 20
BOUNDS = {"load_setup_failed": 0, "load_waiting_lost": 0, "load_waiting_p99": 25,
          "load_slow_disk_first": 150, "load_slow_disk_answer": 150}
PACKETS_PER_MINUTE = 60 / FRAME_S
found = {}


def say(name, value, unit):
    found[name] = value
    print(f"{name} {value:.6g} {unit}", flush=True)


def direct(home):
    """A number, open at any hour, whose callers are in the queue after one short sentence."""
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    row = ('  - { number: "05 36 49 00 98", tariff: normal, flow: direct, hours: demo_toujours,'
           ' accessible: demo_toujours }\n')
    head, rest = text.split("\n  - { number:", 1)
    path.write_text(f"{head}\n{row}  - {{ number:{rest}", encoding="utf-8")
    (home / "flows" / "direct.yaml").write_text(FLOW, encoding="utf-8")


SDP = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=ptime:20
"""


def caller_xml(port, hold_ms):
    """A caller whose sound goes to the sink; each has another number. Two clocks run from the
    INVITE: 2 to the first answer, 1 to the 200."""
    number = "053649[call_number]"
    invite = send(head("INVITE", number, "To: <sip:[service]@[remote_ip]:[remote_port]>", 1)
                  + SDP.format(port=port), True, True)
    return document("waits", [
        '<nop start_rtd="2"/>\n', invite, '<recv response="100" optional="true" rtd="2"/>\n',
        '<recv response="180" optional="true"/>\n', '<recv response="200" rtd="1" rrs="true"/>\n',
        send(head("ACK", number, "[last_To:]", 1) + EMPTY),
        f'<pause milliseconds="{hold_ms}"/>\n',
        send(head("BYE", number, "[last_To:]", 2) + EMPTY, True), '<recv response="200"/>\n'])


class Ears:
    """bench/sink.c."""

    def __init__(self, sink):
        self.process = subprocess.Popen([sink], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline())

    def begin(self):
        self.process.stdin.write("begin\n")
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.write("end\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(5)


def callers(service, ears, hold_ms, **how):
    arguments = ["-aa", "-trace_stat", "-fd", 1, "-stf", "stat.csv", "-trace_rtt", "-rtt_freq", 1]
    for name, value in how.items():
        arguments += [f"-{name}", value]
    return Sipp(service.sip, DIRECT, xml=caller_xml(ears.port, hold_ms), arguments=arguments)


def counts(run):
    """(made, successful, failed, retransmissions): the last row of SIPp's own statistics."""
    with open(run.place / "stat.csv", newline="") as f:
        row = list(csv.DictReader(f, delimiter=";"))[-1]
    return [int(row[k]) for k in ("TotalCallCreated", "SuccessfulCall(C)", "FailedCall(C)",
                                  "Retransmissions(C)")]


def slowest(run, clock):
    """The longest time in ms that SIPp saw on this clock; 0: none."""
    longest = 0.0
    for path in Path(run.place).glob("*_rtt.csv"):
        for line in path.read_text().splitlines():
            words = line.split(";")
            if len(words) >= 3 and words[2].strip() == str(clock):
                longest = max(longest, float(words[1]))
    return longest


# ---- cases -------------------------------------------------------------------------------------
def setup(service, ears):
    """Calls set up and queued, each hung up after a while."""
    before = service.cpu_s()
    with callers(service, ears, HOLD_MS, r=RATE, m=RATE * RATE_S, l=RATE * RATE_S) as run:
        run.wait(RATE_S + HOLD_MS / 1000 + 40)
        made, good, failed, again = counts(run)
        say("load_setup_rate", RATE, "calls/s")
        say("load_setup_calls", made, "calls")
        say("load_setup_failed", max(failed, RATE * RATE_S - good), "calls")
        say("load_setup_repeated", again, "messages")
        say("load_setup_cpu", (service.cpu_s() - before) / max(good, 1) * 1000, "ms/call")
        say("load_setup_first", slowest(run, 2), "ms")
        say("load_setup_answer", slowest(run, 1), "ms")
    events = service.until(lambda e: len(e.of("call_outcome")) >= made, 30)
    say("load_setup_not_queued", made - len(events.of("contact_queued")), "calls")
    say("load_setup_unclassed", made - len(events.of("call_outcome")), "calls")


def waiting(service, ears):
    """Callers who wait with music."""
    hold_ms = round((WAITING / 100 + WINDOW_S + 20) * 1000)
    before_kib = resident_kib(service)
    with callers(service, ears, hold_ms, r=100, m=WAITING, l=WAITING) as run:
        time.sleep(WAITING / 100 + 12)          # all are there, greetings are over
        kib = resident_kib(service) - before_kib
        ears.begin()
        cpu = service.cpu_s()
        time.sleep(WINDOW_S)
        cpu = service.cpu_s() - cpu
        h = ears.end()
        run.program.end(signal.SIGUSR1, 30)     # SIPp: no new calls, end those that stand
    minutes = max(h["packets"], 1) / PACKETS_PER_MINUTE
    say("load_waiting_callers", h["streams"], "callers")
    say("load_waiting_packets", h["packets"] / (h["streams"] * h["seconds"] or 1), "packets/s")
    say("load_waiting_lost", h["lost"], "packets")
    say("load_waiting_unheard", h["overflow"], "packets")
    say("load_waiting_p50", h["p50_ms"], "ms")
    say("load_waiting_p99", h["p99_ms"], "ms")
    say("load_waiting_longest", h["max_ms"], "ms")
    say("load_waiting_cpu", cpu / minutes, "s/caller-minute")
    say("load_waiting_memory", kib / max(h["streams"], 1), "KiB/caller")


def write_much(path, until):
    """Another program that writes and flushes on the same disk."""
    block = os.urandom(4 << 20)
    while time.monotonic() < until:
        with open(path, "wb") as f:
            for _ in range(DISK_BYTES // len(block)):
                f.write(block)
            f.flush()
            os.fsync(f.fileno())
        os.unlink(path)


def slow_disk(service, ears):
    """The slowest answer while somebody else writes 400 MB again and again."""
    writer = threading.Thread(target=write_much, args=(service.place / "much",
                                                       time.monotonic() + DISK_S))
    writer.start()
    with callers(service, ears, 1000, r=20, m=20 * (DISK_S - 3), l=100) as run:
        run.wait(DISK_S + 60)
        made, good, failed, _ = counts(run)
        say("load_slow_disk_calls", made, "calls")
        say("load_slow_disk_failed", max(failed, made - good), "calls")
        say("load_slow_disk_first", slowest(run, 2), "ms")
        say("load_slow_disk_answer", slowest(run, 1), "ms")
    writer.join()


def resident_kib(service):
    pages = int(Path(f"/proc/{service.program.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1024


def tell_missed(found_of, bounds):
    """True when a bound was not held; each is told."""
    missed = [n for n, most in bounds.items() if found_of.get(n, 0) > most]
    for n in missed:
        print(f"MISSED {n} {found_of[n]:.6g}, {bounds[n]} at most")
    return bool(missed)


CASES = [setup, waiting, slow_disk]
SETTINGS = {"acd": {"contacts_max": 20000}, "log": {"level": "warning"}}


def main():
    decroche, demo, sink, only = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    need("sipp")
    if not serves(decroche):
        skip("decroche has no serve yet")
    for case in CASES:
        if only and case.__name__ not in only:
            continue
        with Service(decroche, demo, SETTINGS, direct, ports_n=4 * WAITING) as service, \
                Ears(sink) as ears:
            case(service, ears)
            fault = service.verify()
            if fault or not service.is_alive():
                print("MISSED", case.__name__, fault or service.said()[-2000:])
                found["load_died"] = 1
    sys.exit(tell_missed(found, BOUNDS) or "load_died" in found)


if __name__ == "__main__":
    main()
