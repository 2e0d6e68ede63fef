"""What falls over beside others is tried once more alone; what is broken is not."""
import contextlib
import io
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import cases    # noqa: E402
import robots   # noqa: E402
import sms      # noqa: E402

SLOW = "NOT: “echo.intro” is heard\n--- service (alive)"
DEAD = "NOT: “echo.intro” is heard\n--- service (exit 1)"
SANITIZED = "NOT: x\n--- service (alive)\n==1==ERROR: AddressSanitizer: heap-use-after-free"


class Cases(unittest.TestCase):
    def run_all(self, faults):
        """faults: of each case, those of its tries; what was printed, and whether all is well."""
        tries = {name: list(each) for name, each in faults.items()}

        def run(_, __, row):
            name = row[0].__name__
            return name, 1.0, [], [], tries[name].pop(0)

        def function(name):
            return type(name, (), {})
        rows = [(function(name), (False, False), None, None, False) for name in faults]
        out = io.StringIO()
        with mock.patch.object(cases, "run", run), mock.patch.object(cases, "CASES", rows), \
             mock.patch.object(cases, "idle_share", lambda: 1.0), \
             mock.patch.object(cases.world, "load_prompts", lambda _: None), \
             contextlib.redirect_stdout(out):
            is_well = cases.run_all("decroche", "demo", [])
        return out.getvalue(), bool(is_well), tries

    def test_second_try_is_told(self):
        said, is_well, left = self.run_all({"a": [None], "b": [SLOW, None]})
        self.assertTrue(is_well)
        self.assertIn("SECOND TRY; beside others: NOT: “echo.intro” is heard", said)
        self.assertEqual(left["b"], [])

    def test_twice_is_a_failure(self):
        said, is_well, _ = self.run_all({"a": [SLOW, SLOW]})
        self.assertFalse(is_well)
        self.assertIn("0 of 1 cases", said)

    def test_what_is_broken_has_no_second_try(self):
        for fault in (DEAD, SANITIZED):
            _, is_well, left = self.run_all({"a": [fault, None]})
            self.assertFalse(is_well)
            self.assertEqual(left["a"], [None])

    def test_many_are_no_accident(self):
        faults = {f"c{i}": [SLOW, None] for i in range(cases.AGAIN_MAX + 1)}
        said, is_well, _ = self.run_all(faults)
        self.assertFalse(is_well)
        self.assertIn(f"{cases.AGAIN_MAX} of {cases.AGAIN_MAX + 1} cases", said)


class Time:
    """A clock of its own: its naps last as long as was asked, but for those that are named."""

    def __init__(self, long):
        self.now, self.naps_n, self.long = 0.0, 0, long

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.naps_n += 1
        self.now += seconds + self.long.get(self.naps_n, 0)


class Waits(unittest.TestCase):
    def wait(self, long, until):
        clock, out = Time(long), io.StringIO()
        with mock.patch.object(robots, "time", clock), contextlib.redirect_stdout(out):
            came = robots.wait_until(lambda: clock.naps_n >= until, 10, 1)
        return came, clock.now, out.getvalue()

    def test_time_is_up(self):
        came, now, said = self.wait({}, 99)
        self.assertEqual((came, now, said), (False, 10.0, ""))

    def test_a_machine_that_stands_still_is_told_and_made_up_for(self):
        came, now, said = self.wait({2: 30.0}, 9)
        self.assertEqual((came, now), (True, 39.0))
        self.assertIn("the machine stood still for 30.0 s", said)

    def test_not_for_ever(self):
        came, now, _ = self.wait({n: 30.0 for n in range(1, 99)}, 99)
        self.assertFalse(came)
        self.assertLessEqual(now, 10 + robots.MADE_UP_S_MAX + 31)

    def test_a_little_late_is_late(self):
        came, now, said = self.wait({n: robots.STILL_S for n in range(1, 99)}, 9)
        self.assertEqual((came, said), (False, ""))
        self.assertLess(now, 12)


class Messages(unittest.TestCase):
    """sms.py and written.py: the same rule, one case after the other."""

    def run_all(self, faults):
        tries = list(faults)

        def a_case(_, __):
            if fault := tries.pop(0):
                raise AssertionError(fault)
        out = io.StringIO()
        with mock.patch.object(sms.sys, "argv", ["sms.py", "decroche", "demo"]), \
             contextlib.redirect_stdout(out):
            is_failed = sms.main([a_case])
        return out.getvalue(), is_failed, tries

    def test_second_try_is_told(self):
        said, is_failed, _ = self.run_all(["no bind", None])
        self.assertFalse(is_failed)
        self.assertIn("SECOND TRY; beside others: AssertionError: no bind", said)

    def test_twice_is_a_failure(self):
        self.assertTrue(self.run_all(["no bind", "no bind"])[1])

    def test_what_is_broken_has_no_second_try(self):
        for fault in ("the service ended by itself (-11)", "ERROR: AddressSanitizer: x"):
            _, is_failed, left = self.run_all([fault, None])
            self.assertTrue(is_failed)
            self.assertEqual(left, [None])


if __name__ == "__main__":
    unittest.main()
