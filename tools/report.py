#!/usr/bin/env python3
"""report.py — reads the JSON lines that `meson test` leaves behind.

report.py tests JSON STATUS LOG   first line "passed failed skipped", then what the failed ones said
report.py output JSON             what the programs printed (benches: "name value unit")
"""
import json
import os
import re
import sys

PASSED = ("OK", "EXPECTEDFAIL")
LINES_SHOWN = 60
FAULTS_SHOWN = 10
FAULT = re.compile(r"NOT ok |.*(ERROR: \w+Sanitizer|WARNING: Thread|runtime error:|FAILED )")
NO_TESTS = re.compile(r"No (suitable )?(tests|benchmarks) defined")


def rows(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def counts(found):
    passed = sum(r["result"] in PASSED for r in found)
    skipped = sum(r["result"] == "SKIP" for r in found)
    return passed, len(found) - passed - skipped, skipped


def tail(text):
    """The end of it; before that, the lines that say what went wrong."""
    lines = text.rstrip().splitlines()
    cut = len(lines) - LINES_SHOWN
    if cut <= 0:
        return lines
    return [line for line in lines if FAULT.match(line)][-FAULTS_SHOWN:] + \
           [f"… {cut} lines before"] + lines[-LINES_SHOWN:]


def tell(row):
    """What a failed test printed; for a skipped one, its reason."""
    said = (row.get("stdout") or "") + (row.get("stderr") or "")
    if row["result"] == "SKIP":
        return [f"    skipped {row['name']}: {said.strip().splitlines()[-1]}" if said.strip()
                else f"    skipped {row['name']}"]
    return [f"    {row['result']} {row['name']} ({row['duration']:.1f} s)"] + \
           ["    | " + line for line in tail(said)]


def second_tries(row):
    """Passed, but only once it was alone: told, so that nobody forgets it."""
    return ["    | " + line for line in (row.get("stdout") or "").splitlines()
            if "SECOND TRY" in line]


def tests(path, status, log):
    found = rows(path)
    with open(log, encoding="utf-8", errors="replace") as f:
        said = f.read()
    if not found and not (status == 0 and NO_TESTS.search(said)):   # they did not even start
        print("0 1 0")
        print("\n".join("    | " + line for line in tail(said)))
        return
    print(*counts(found))
    for row in found:
        if row["result"] not in PASSED:
            print("\n".join(tell(row)))
        elif second_tries(row):
            print("\n".join([f"    {row['name']}", *second_tries(row)]))


def main(argv):
    if len(argv) == 5 and argv[1] == "tests":
        tests(argv[2], int(argv[3]), argv[4])
    elif len(argv) == 3 and argv[1] == "output":
        for row in rows(argv[2]):
            sys.stdout.write(row.get("stdout") or "")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv)
