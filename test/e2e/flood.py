#!/usr/bin/env python3
"""flood.py — 20,000 messages a second from strangers, from one address and from a thousand, and
from the network of our own telephones, beside five callers a second: these are answered and heard
as ever, memory comes back, the log does not fill.

  flood.py DECROCHE DEMO FLOOD     a few seconds each; 90 s each with DECROCHE_TEST=long
"""
import json
import os
import re
import subprocess
import sys
import time

import load
from service import Service

IS_LONG = os.environ.get("DECROCHE_TEST") == "long"
SECONDS = 90 if IS_LONG else 4
FLOOD, CALLS = 20000, 5
MORE_KIB = 64 * 1024
STRANGERS, TELEPHONES = "127.0.0.1/32", "127.0.0.1/32, 127.1.0.0/16"
LINES_A_MINUTE = 20         # of the log, in all


def callers(decroche, service, seconds):
    return subprocess.Popen(
        [decroche, "load", "--to", f"127.0.0.1:{service.sip[1]}", "--called", load.DIRECT, "--rate",
         str(CALLS), "--for", f"{seconds}s", "--hold", "2s", "--json"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)


def under(decroche, service, flood, sources):
    """True when the callers noticed nothing."""
    before_kib, said_n, cpu = load.resident_kib(service), len(service.said()), service.cpu_s()
    calls = callers(decroche, service, SECONDS)
    done = subprocess.run([flood, str(service.sip[1]), str(FLOOD), str(SECONDS), str(sources)],
                          capture_output=True, text=True, timeout=SECONDS + 60)
    more_kib = load.resident_kib(service) - before_kib
    r = json.loads(calls.communicate(timeout=120)[0])
    sent, late = map(int, re.match(r"sent (\d+) late (\d+)", done.stdout).groups())
    lines = service.said()[said_n:].count("\n")
    time.sleep(1)
    back_kib = load.resident_kib(service) - before_kib
    print(f"from {sources}: {sent} messages in {SECONDS} s ({late} ms late), "
          f"{(service.cpu_s() - cpu) / SECONDS * 100:.0f} % of a core; "
          f"{r['placed']} calls, {r['failed']} failed, answer {r['setup_ms']['p99']} ms (p99), "
          f"{r['rtp']['lost']} packets lost; {more_kib:.0f} KiB more, {back_kib:.0f} afterwards; "
          f"{lines} lines", flush=True)
    rules = {"the flood came": sent >= FLOOD * SECONDS * 0.8,
             "99.9 % of the calls went well": r["placed"] >= CALLS * SECONDS - 2
             and r["failed"] <= r["placed"] / 1000,
             "memory": more_kib <= MORE_KIB and back_kib <= MORE_KIB / 8,
             "the log": lines <= 5 + LINES_A_MINUTE * SECONDS / 60}
    for rule, holds in rules.items():
        if not holds:
            print(f"MISSED {rule}\n{done.stderr}{service.said()[-1500:]}")
    return all(rules.values())


def flooded(decroche, demo, flood, networks, sources):
    with Service(decroche, demo, {"log": {"level": "info"}, "phone": {"networks": networks}},
                 load.direct) as service:
        warm = callers(decroche, service, 3)    # what is bounded is in use: pools, the trace
        subprocess.run([flood, str(service.sip[1]), str(FLOOD), "4", "1000"], check=True)
        warm.communicate(timeout=60)
        print("networks:", networks)
        ok = all([under(decroche, service, flood, n) for n in sources])
        fault = service.verify()
        if fault or not service.is_alive():
            print("MISSED", fault or service.said()[-2000:])
            ok = False
    return ok


def main():
    decroche, demo, flood = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    ok = all([flooded(decroche, demo, flood, STRANGERS, (1, 1000)),
              flooded(decroche, demo, flood, TELEPHONES, (1000,))])
    sys.exit(not ok)


if __name__ == "__main__":
    main()
