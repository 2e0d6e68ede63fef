#!/usr/bin/env python3
"""budget.py — a bench may not need more instructions than its budget.

  budget.py NAME LIMIT PROGRAM [ARGUMENT...]
Runs it under callgrind: instructions do not depend on the load of the machine, so a failure is a
change of the code. Prints "NAME_instructions COUNT instructions". A new compiler may move the count
by some per cent: budgets are set 15 % above what was measured. Exit 77 (skipped) without valgrind.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def count(command):
    with tempfile.TemporaryDirectory() as place:
        out = os.path.join(place, "out")
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        done = subprocess.run(tool + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True)
        if done.returncode != 0:
            sys.exit(f"budget: {command[0]} ended with {done.returncode}\n{done.stderr[-2000:]}")
    m = re.search(r"Collected : (\d+)", done.stderr)
    if not m:
        sys.exit(f"budget: callgrind said nothing to count\n{done.stderr[-2000:]}")
    return int(m[1])


def main(argv):
    if len(argv) < 4:
        sys.exit(__doc__)
    name, limit, command = argv[1], int(argv[2]), argv[3:]
    if not shutil.which("valgrind"):
        print("budget: skipped, valgrind is not here")
        return 77
    n = count(command)
    print(f"{name}_instructions {n} instructions")
    if n > limit:
        print(f"{name} is over its budget of {limit} by {(n - limit) * 100 / limit:.1f} % — "
              "make it cheaper; raise the budget in meson.build only with the reason in the commit")
    return 1 if n > limit else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
