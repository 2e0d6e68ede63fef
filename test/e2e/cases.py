"""cases.py — the cases of call.py: gathered by @case(), each run with a service of its own, many
side by side; a line for each, with what it measured, and its trace when it went wrong."""
import concurrent.futures
import os
import sys
import threading
import time
import traceback

import world
from world import World, Wrong

# So many at any time; more while the machine has time: they mostly wait. A sanitized program needs
# three times the processor.
SURE, AT_ONCE = (4, 8) if "DECROCHE_SANITIZED" in os.environ else (8, 12)
IDLE, LOOK_S = 0.35, 0.5 # that share of it, seen for so long
# A sanitized service takes each so many-th of the quick cases: some of every file.
SAMPLE = 3
CASES = []

ALONE = set()           # names
AGAIN_MAX = 5           # more than that is no accident
# What no second try makes good: the service itself says that it is broken.
BROKEN = ("Sanitizer", "runtime error:", "the service ended by itself", "Assertion `")


def case(slow=False, changes=None, edit=None, wall=False, long=False, alone=False):
    """changes, edit: as Service takes them; wall: its wall clock is w.wall. long: minutes, in
    DECROCHE_TEST=long only. alone: it measures time, so no other case runs beside it. A case that
    drains its service says so in its name."""
    def put(function):
        CASES.append((function, (slow, long), changes, edit, wall))
        if alone:
            ALONE.add(function.__name__)
        return function
    return put


class Door:
    """Lets cases in, one after another."""

    def __init__(self):
        self.looks, self.counts, self.inside_n = threading.Lock(), threading.Lock(), 0

    def __enter__(self):
        with self.looks:
            while self.inside_n >= SURE and idle_share() < IDLE:
                pass
            self._count(1)

    def __exit__(self, *_):
        self._count(-1)

    def _count(self, n):
        with self.counts:
            self.inside_n += n


def processors():
    """What all of them have done so far: idle, taken from this machine by others, in all."""
    with open("/proc/stat", encoding="ascii") as f:
        times = [int(t) for t in f.readline().split()[1:]]
    return times[3] + times[4], times[7], sum(times)    # idle, and waiting for a disk


def idle_share():
    """Of all processors, from now on."""
    idle, _, all_of_it = processors()
    time.sleep(LOOK_S)
    idle_then, _, all_then = processors()
    return (idle_then - idle) / max(all_then - all_of_it, 1)


def stolen_share(since):
    """What others have taken from this machine since then (processors())."""
    _, stolen, all_of_it = since
    _, stolen_then, all_then = processors()
    return (stolen_then - stolen) / max(all_then - all_of_it, 1)


def may_try_again(fault):
    is_dead = fault and "--- service (" in fault and "--- service (alive)" not in fault
    return fault and not is_dead and not any(word in fault for word in BROKEN)


def again(decroche, demo, row, first):
    """Beside a dozen others a machine may be too slow for what a case measures: what fell over is
    tried once more with nothing beside it, and both tries are told."""
    name, seconds, said, facts, fault = run(decroche, demo, row)
    why = first[4].splitlines()[0]
    return name, seconds, said, [*facts, f"SECOND TRY; beside others: {why}"], fault


def run(decroche, demo, row):
    function, _, changes, edit, wall = row
    began, fault, said, facts = time.monotonic(), None, [], []
    try:
        with World(decroche, demo, changes, edit, wall) as w:
            try:
                said, facts = w.said, w.facts
                function(w)
                if not w.service.is_alive() and not function.__name__.startswith("drains"):
                    raise Wrong(f"the service ended by itself\n{w.service.said()[-2000:]}")
            except Exception as e:
                detail = str(e) if isinstance(e, Wrong) else traceback.format_exc()
                fault = f"{detail}\n{w.trace()}"
    except Exception:
        fault = traceback.format_exc()
    return function.__name__, time.monotonic() - began, said, facts, fault


def run_all(decroche, demo, only):
    """True when every case went well."""
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    how = os.environ.get("DECROCHE_TEST")
    is_sample = "DECROCHE_SANITIZED" in os.environ and how != "long" and not only
    how = "quick" if is_sample else how
    left_out = {"quick": lambda slow, long: slow or long, "long": lambda slow, long: False}.get(
        how, lambda slow, long: long)
    rows = [r for r in CASES if (r[0].__name__ in only if only else not left_out(*r[1]))]
    if not world.wall_library:
        rows = [r for r in rows if not r[4]]
    rows = rows[::SAMPLE] if is_sample else rows
    rows.sort(key=lambda r: not r[1][0])        # the slow ones first, so that none is left alone
    last = [r for r in rows if r[0].__name__ in ALONE]
    rows = [r for r in rows if r[0].__name__ not in ALONE]
    failed, door = [], Door()

    def let_in(row):
        with door:
            return run(decroche, demo, row)

    def results():
        fallen = []
        with concurrent.futures.ThreadPoolExecutor(1 if only else AT_ONCE) as pool:
            for row, result in zip(rows, pool.map(let_in, rows)):
                if may_try_again(result[4]) and not only:
                    fallen.append((row, result))
                else:
                    yield result
        yield from (run(decroche, demo, row) for row in last)
        for row, first in fallen[:AGAIN_MAX]:
            yield again(decroche, demo, row, first)
        yield from (first for _, first in fallen[AGAIN_MAX:])
    for name, seconds, said, facts, fault in results():
        print(f"{'NOT ok' if fault else 'ok    '} {name:28s} {seconds:6.1f} s   "
              f"{', '.join(facts)}", flush=True)
        if fault or only:
            print("\n".join(said))
        if fault:
            failed.append(f"NOT ok {name}: {fault.splitlines()[0]}")
            print("\n".join("    " + line for line in fault.splitlines()), flush=True)
    n = len(rows) + len(last)
    print("\n".join([*failed, f"{n - len(failed)} of {n} cases"]))
    sys.stdout.flush()
    return n and not failed
