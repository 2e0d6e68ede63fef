#!/usr/bin/env python3
"""test_gen.py — the generator refuses a wrong schema with its place; docs/events.md is fresh."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GEN = ROOT / "tools" / "gen.py"


def gen(*args):
    return subprocess.run([sys.executable, str(GEN), *map(str, args)], capture_output=True,
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


if __name__ == "__main__":
    unittest.main()
