"""The counts that end every test run must be right, above all when something went wrong."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPORT = Path(__file__).resolve().parents[2] / "tools" / "report.py"


def row(name, result, stdout="", stderr=""):
    return {"name": name, "result": result, "duration": 0.5, "stdout": stdout, "stderr": stderr}


class Report(unittest.TestCase):
    def report(self, *arguments):
        done = subprocess.run([sys.executable, REPORT, *arguments], capture_output=True, text=True,
                              check=True)
        return done.stdout

    def run_tests(self, rows, status=0, said="meson said this\n"):
        with tempfile.TemporaryDirectory() as place:
            log = Path(place) / "log"
            log.write_text(said)
            path = Path(place) / "testlog.json"
            if rows is not None:
                path.write_text("".join(json.dumps(r) + "\n" for r in rows))
            return self.report("tests", str(path), str(status), str(log))

    def test_a_second_try_is_told_although_it_passed(self):
        said = self.run_tests([row("e2e/call", "OK", "ok a\nok b  SECOND TRY; beside others: x\n")])
        self.assertTrue(said.startswith("1 0 0\n"))
        self.assertIn("e2e/call", said)
        self.assertIn("SECOND TRY; beside others: x", said)
        self.assertNotIn("ok a", said)

    def test_passed_failed_and_skipped_are_counted_apart(self):
        rows = [row("a", "OK"), row("b", "FAIL", "why\n"), row("c", "SKIP"),
                row("d", "EXPECTEDFAIL")]
        self.assertEqual(self.run_tests(rows).splitlines()[0], "2 1 1")

    def test_every_way_of_not_passing_is_a_failure(self):
        rows = [row(r, r) for r in ("FAIL", "TIMEOUT", "ERROR", "INTERRUPT", "UNEXPECTEDPASS")]
        self.assertEqual(self.run_tests(rows).splitlines()[0], "0 5 0")

    def test_what_a_failed_test_said_is_shown(self):
        told = self.run_tests([row("acd/order", "FAIL", "seed 42\n", "step 7\n"),
                               row("x", "OK", "quiet")])
        self.assertIn("FAIL acd/order", told)
        self.assertIn("seed 42", told)
        self.assertIn("step 7", told)
        self.assertNotIn("quiet", told)

    def test_what_went_wrong_is_shown_however_long_the_rest_is(self):
        told = self.run_tests([row("e2e/call", "FAIL", "NOT ok hold\n" + "trace\n" * 200)])
        self.assertIn("| NOT ok hold", told)
        self.assertIn("lines before", told)

    def test_why_a_test_was_skipped_is_shown(self):
        told = self.run_tests([row("format", "SKIP", "no clang-format\n")])
        self.assertIn("no clang-format", told)

    def test_tests_that_could_not_start_count_as_one_failure(self):
        told = self.run_tests(None, status=1)
        self.assertEqual(told.splitlines()[0], "0 1 0")
        self.assertIn("meson said this", told)

    def test_a_suite_without_tests_is_no_failure(self):
        told = self.run_tests(None, said="No suitable tests defined.\n")
        self.assertEqual(told.splitlines()[0], "0 0 0")

    def test_results_that_are_not_where_they_should_be_are_a_failure(self):
        self.assertEqual(self.run_tests(None).splitlines()[0], "0 1 0")

    def test_output_of_benches_is_passed_on(self):
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "b.json"
            path.write_text(json.dumps(row("acd", "OK", "acd_commands 3000000 /s\n")))
            self.assertEqual(self.report("output", str(path)), "acd_commands 3000000 /s\n")


if __name__ == "__main__":
    unittest.main()
