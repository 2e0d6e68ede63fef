#!/usr/bin/env python3
"""test_gen.py — the generators refuse a wrong schema with its place; their pages are fresh."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GEN = ROOT / "tools" / "gen.py"
GEN_SETTINGS = ROOT / "tools" / "gen_settings.py"


def gen(*args, tool=GEN):
    return subprocess.run([sys.executable, str(tool), *map(str, args)], capture_output=True,
                          text=True, timeout=60)


class Gen(unittest.TestCase):
    def with_schema(self, stem, text):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("enums", "commands", "events", "effects"):
            (folder / f"{name}.toml").write_text((ROOT / "schema" / f"{name}.toml").read_text())
        (folder / f"{stem}.toml").write_text(text)
        return gen(folder, folder)

    def test_the_document_is_fresh(self):
        doc = (ROOT / "docs/events.md").read_text()
        self.assertEqual(gen(ROOT / "schema", "--doc").stdout, doc,
                         "run: python3 tools/gen.py schema --doc > docs/events.md")

    def test_an_unknown_type_is_named_with_its_event(self):
        r = self.with_schema("events", '[a]\nkind = 1\ndoc = "x"\nfields = ["n float"]\n')
        self.assertEqual(r.returncode, 1)
        self.assertIn("schema/events.toml [a]: type 'float' is unknown", r.stderr)

    def test_a_kind_that_stands_twice_is_refused(self):
        one = 'doc = "x"\nfields = []\n'
        r = self.with_schema("events", f"[a]\nkind = 1\n{one}[b]\nkind = 1\n{one}")
        self.assertIn("a kind stands twice", r.stderr)

    def test_a_row_without_its_meaning_is_refused(self):
        r = self.with_schema("effects", '[a]\nclass = "now"\nfields = []\n')
        self.assertIn("a line of doc is missing", r.stderr)


class GenSettings(unittest.TestCase):
    def with_key(self, text):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "settings.toml").write_text('[log]\ndoc = "x"\n[log.level]\n' + text)
        return gen(folder, folder, tool=GEN_SETTINGS)

    def test_the_page_is_fresh(self):
        page = (ROOT / "docs/settings.md").read_text()
        self.assertEqual(gen(ROOT / "schema", "--doc", tool=GEN_SETTINGS).stdout, page,
                         "run: python3 tools/gen_settings.py schema --doc > docs/settings.md")

    def test_a_good_key_makes_a_field_a_default_and_a_row(self):
        r = self.with_key('type = "ms"\ndefault = "1h30"\nmax = "7j"\ndoc = "x"\n')
        self.assertEqual((r.returncode, r.stderr), (0, ""))
        r = self.with_key('type = "text"\ndefault = ""\nmin = 0\nmax = 9\ndoc = "x"\n')
        self.assertEqual((r.returncode, r.stderr), (0, ""))

    def test_each_mistake_is_told_with_its_key(self):
        bound = 'max = 9\ndoc = "x"\n'
        for text, what in [
                ('type = "float"\ndefault = 1\n' + bound, "type 'float' is unknown"),
                ('type = "u32"\n' + bound, "a default is missing"),
                ('type = "u32"\ndefault = 1\nmax = 9\n', "a line of doc is missing"),
                ('type = "u32"\ndefault = 1\ndoc = "x"\n', "a bound is missing: max"),
                ('type = "u32"\ndefault = 10\n' + bound, "the default 10 is out of its bounds"),
                ('type = "u32"\ndefault = 1\nmaks = 2\n' + bound, "unknown: maks"),
                ('type = "ms"\ndefault = "10"\n' + bound, "'9' is not a duration"),
                ('type = "text"\ndefault = "0123456789"\n' + bound, "longer than max"),
                ('type = "text"\ndefault = ""\n' + bound, "shorter than min"),
                ('type = "enum"\nvalues = ["a"]\ndefault = "b"\n' + bound,
                 "the default 'b' is none of the values")]:
            r = self.with_key(text)
            self.assertEqual(r.returncode, 1, text)
            self.assertIn("schema/settings.toml [log.level]: ", r.stderr)
            self.assertIn(what, r.stderr)


if __name__ == "__main__":
    unittest.main()
