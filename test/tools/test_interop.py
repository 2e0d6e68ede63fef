"""The page of what was tried with whom says what ran, and nothing else."""
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import interop  # noqa: E402

LOG = "ok     one                    2.7 s   restart 1 s\nNOT ok two   1.0 s\nok two  1.0 s\n" \
      "    ok three in the middle\n"


class Interop(unittest.TestCase):
    def setUp(self):
        self.log = Path(self.id() + ".log")
        self.log.write_text(LOG)
        self.addCleanup(self.log.unlink)

    def test_a_case_is_what_it_was_and_once_wrong_is_wrong(self):
        self.assertEqual(interop.results([self.log]), {"one": True, "two": False})

    def test_what_did_not_run_is_said_to_be_untried(self):
        table = [["SIPp", "one", "1", "a"], ["SIPp", "two", "2", "b"], ["SIPp", "four", "4", "d"]]
        page = interop.page(table, interop.results([self.log]), {"SIPp": "3.6"}, "01/01/2026")
        self.assertIn("| SIPp | a | 1 | `one` | réussi |", page)
        self.assertIn("| SIPp | b | 2 | `two` | **manqué** |", page)
        self.assertIn("| SIPp | d | 4 | `four` | pas essayé |", page)
        self.assertIn("2 lignes essayées sur 3.", page)

    def test_each_row_names_a_case_that_there_is(self):
        text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "test/e2e").glob("*.py"))
        cases = set(re.findall(r"^def (\w+)\(w\)", text, re.M))
        cases |= {f"{other}_{c}" for c in cases for other in ("kamailio", "linphone")}
        for peer, case, _, _ in interop.rows(ROOT / "test/e2e/interop.tsv"):
            self.assertIn(peer, interop.VERSIONS)
            self.assertIn(case, cases)

    def test_the_page_that_is_kept_has_each_row(self):
        page = (ROOT / "docs/interop.md").read_text(encoding="utf-8")
        for _, case, _, what in interop.rows(ROOT / "test/e2e/interop.tsv"):
            self.assertIn(f"| {what} |", page)
            self.assertIn(f"`{case}`", page)


if __name__ == "__main__":
    unittest.main()
