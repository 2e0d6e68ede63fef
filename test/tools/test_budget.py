"""A budget passes above the count, fails under it, and says by how much."""
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

BUDGET = Path(__file__).resolve().parents[2] / "tools" / "budget.py"


@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not here")
class Budget(unittest.TestCase):
    def run_budget(self, limit, *command):
        return subprocess.run([sys.executable, BUDGET, "name", str(limit), *command],
                              capture_output=True, text=True)

    def test_within_the_budget(self):
        done = self.run_budget(10**9, "true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^name_instructions [1-9]\d+ instructions$")

    def test_over_the_budget(self):
        done = self.run_budget(1, "true")
        self.assertEqual(done.returncode, 1)
        self.assertIn("over its budget of 1 by", done.stdout)

    def test_a_program_that_fails_is_not_cheap(self):
        self.assertNotEqual(self.run_budget(10**9, "false").returncode, 0)


if __name__ == "__main__":
    unittest.main()
