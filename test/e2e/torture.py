#!/usr/bin/env python3
"""torture.py — every message of RFC 4475 and RFC 5118 over UDP: to the door of the telephone
service alone, then to the whole service. Each answered as EXPECTED.tsv allows, none fatal, OPTIONS
answered after each.

  torture.py DOOR DECROCHE DEMO SHARED   exit 77 (skipped) with a line without the shared data
"""
import subprocess
import sys
from pathlib import Path

from service import Service

SETS = ("rfc4475", "rfc5118/wire")
SOURCE = "127.0.0.2"


def replay(shared, port, pid):
    """True when all rows were met."""
    met = True
    for folder in (shared / "data" / s for s in SETS):
        done = subprocess.run(
            [sys.executable, str(shared / "tools" / "replay_sip.py"), "--port", str(port), "--pid",
             str(pid), "--wait", "0.1", "--src", SOURCE, "--expect", str(folder / "EXPECTED.tsv"),
             str(folder)], capture_output=True, text=True, timeout=100)
        print(done.stdout, done.stderr, sep="")
        met &= done.returncode == 0
    return met


def at_the_door(door, shared):
    with subprocess.Popen([door], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
        met = replay(shared, p.stdout.readline().strip(), p.pid)
        p.stdin.close()
        print(p.stdout.read().strip())
    return met and p.returncode == 0


def add_trunk(home):
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    row = f"  - {{ id: torture, host: \"{SOURCE}\" }}\n"
    path.write_text(text.replace("  - { id: demo,", row + "  - { id: demo,", 1), encoding="utf-8")


def at_the_service(decroche, demo, shared):
    with Service(decroche, demo, {"phone": {"networks": f"127.0.0.1/32, {SOURCE}/32"}},
                 add_trunk) as service:
        met = replay(shared, service.sip[1], service.program.pid)
        print(service.said()[-2000:])
        return met and service.is_alive() and service.stop() == 0


def main():
    door, decroche, demo, shared = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    if not all((shared / "data" / s).is_dir() for s in SETS):
        print(f"skipped: no torture messages beside the project ({shared})")
        sys.exit(77)
    ok = at_the_door(door, shared)
    ok &= at_the_service(decroche, demo, shared)
    sys.exit(not ok)


if __name__ == "__main__":
    main()
