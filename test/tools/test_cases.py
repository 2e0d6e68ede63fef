"""What falls over beside others is tried once more alone; what is broken is not."""
import contextlib
import io
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import cases    # noqa: E402

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


if __name__ == "__main__":
    unittest.main()
