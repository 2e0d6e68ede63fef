#!/usr/bin/env python3
"""torture.py — every message of RFC 4475 and RFC 5118 over UDP to the door of the telephone
service: each answered as EXPECTED.tsv allows, none fatal, OPTIONS answered after each.

  torture.py DOOR SHARED     exit 77 (skipped) with a line when the shared data are not there
"""
import subprocess
import sys
from pathlib import Path

SETS = ("rfc4475", "rfc5118/wire")


def main():
    door, shared = sys.argv[1], Path(sys.argv[2])
    tool = shared / "tools" / "replay_sip.py"
    sets = [shared / "data" / s for s in SETS]
    if not tool.exists() or not all(s.is_dir() for s in sets):
        print(f"skipped: no torture messages beside the project ({shared})")
        sys.exit(77)
    failed = False
    with subprocess.Popen([door], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
        port = p.stdout.readline().strip()
        for folder in sets:
            done = subprocess.run(
                [sys.executable, str(tool), "--port", port, "--pid", str(p.pid), "--wait", "0.1",
                 "--src", "127.0.0.2", "--expect", str(folder / "EXPECTED.tsv"), str(folder)],
                capture_output=True, text=True, timeout=100)
            print(done.stdout, done.stderr, sep="")
            failed |= done.returncode != 0
        p.stdin.close()
        print(p.stdout.read().strip())
    sys.exit(failed or p.returncode)


if __name__ == "__main__":
    main()
