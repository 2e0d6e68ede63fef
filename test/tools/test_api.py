#!/usr/bin/env python3
"""test_api.py — openapi.json is whole, its examples fit, its page is fresh; a wrong row of
schema/api.toml is refused with its place; and the validator itself refuses what it must."""
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GEN = ROOT / "tools" / "gen_api.py"
sys.path.insert(0, str(ROOT / "test" / "support"))
from fits import misfits, resolve  # noqa: E402

OPERATION = {"operationId", "summary", "x-summary-fr", "x-who", "x-roles", "security",
             "responses"}


def gen(*args):
    return subprocess.run([sys.executable, str(GEN), *map(str, args)], capture_output=True,
                          text=True, timeout=60)


def walk(node, path="#"):
    """Every object of the document: (where, object)."""
    if isinstance(node, dict):
        yield path, node
    rows = node.items() if isinstance(node, dict) else enumerate(node) \
        if isinstance(node, list) else ()
    for key, value in rows:
        yield from walk(value, f"{path}/{key}")


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = gen(ROOT / "schema", "--openapi")
        assert done.returncode == 0, done.stderr
        cls.whole = json.loads(done.stdout)

    def operations(self):
        for path, methods in self.whole["paths"].items():
            for method, operation in methods.items():
                yield path, method, operation

    def test_the_page_is_fresh(self):
        page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
        self.assertEqual(gen(ROOT / "schema", "--doc").stdout, page,
                         "run: python3 tools/gen_api.py schema --doc > docs/api.md")

    def test_every_link_of_the_page_leads_somewhere(self):
        page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
        heads = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-")
                 for h in re.findall(r"(?m)^#+ (.*)$", page)}
        for target in re.findall(r"\]\(([^)]+)\)", page):
            name, _, anchor = target.partition("#")
            if name:
                self.assertTrue((ROOT / "docs" / name).exists(), target)
            else:
                self.assertIn(anchor, heads)

    def test_it_has_what_openapi_asks_for(self):
        self.assertEqual(self.whole["openapi"], "3.1.0")
        self.assertEqual({"title", "version", "description", "license"}, set(self.whole["info"]))
        names = [op["operationId"] for _, _, op in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        for path, method, op in self.operations():
            with self.subTest(path=path, method=method):
                self.assertIn(method, ("get", "post", "patch", "delete"))
                self.assertEqual(set(op) - {"parameters"}, OPERATION)
                for status, answer in op["responses"].items():
                    self.assertRegex(status, r"^[2-5]\d\d$")
                    self.assertTrue(answer["description"] and answer["content"])

    def test_every_reference_resolves_and_every_component_is_used(self):
        used = set()
        for where, node in walk(self.whole):
            if "$ref" in node:
                with self.subTest(where=where):
                    self.assertIsInstance(resolve(self.whole, node["$ref"]), dict)
                    used.add(node["$ref"].rpartition("/")[2])
        self.assertEqual(used, set(self.whole["components"]["schemas"]))

    def test_every_parameter_of_a_path_is_declared_and_no_other(self):
        for path, method, op in self.operations():
            declared = [p for p in op.get("parameters", []) if p["in"] == "path"]
            with self.subTest(path=path, method=method):
                self.assertEqual(sorted(re.findall(r"\{(\w+)\}", path)),
                                 sorted(p["name"] for p in declared))
                self.assertTrue(all(p["required"] for p in declared))

    def test_every_example_and_default_fits(self):
        seen = 0
        for where, node in walk(self.whole):
            schema = node.get("schema", node)
            for word, of in (("example", schema), ("default", node)):
                if word in node and not where.endswith("/properties"):
                    seen += 1
                    self.assertEqual(misfits(self.whole, of, node[word]), [], where)
        self.assertGreater(seen, 20)

    def test_every_event_of_the_schema_is_a_shape_of_its_own(self):
        rows = set(re.findall(r"(?m)^\[(\w+)\]", (ROOT / "schema/events.toml").read_text()))
        event = self.whole["components"]["schemas"]["Event"]
        self.assertEqual(set(event["discriminator"]["mapping"]), rows)
        self.assertEqual(len(event["oneOf"]), len(rows))


class Fits(unittest.TestCase):
    """The validator refuses: a test that it could not fail would say nothing."""

    def test_each_wrong_value_is_refused(self):
        whole = {"a": {"type": "object", "required": ["n"], "properties": {
            "n": {"type": "integer", "minimum": 0, "maximum": 9},
            "t": {"type": ["string", "null"], "pattern": "^x+$"},
            "l": {"type": "array", "maxItems": 1, "items": {"type": "boolean"}},
            "e": {"type": "string", "enum": ["p", "q"]}, "c": {"const": True}}}}
        for good in ({"n": 0}, {"n": 9, "t": None, "l": [], "e": "p", "c": True},
                     {"n": 1, "t": "xx", "l": [True]}):
            self.assertEqual(misfits(whole, {"$ref": "#/a"}, good), [])
        for wrong in ({}, [], None, {"n": -1}, {"n": 10}, {"n": "1"}, {"n": True}, {"n": 1.0},
                      {"n": 1, "other": 1}, {"n": 1, "t": "y"}, {"n": 1, "t": 2},
                      {"n": 1, "l": [True, True]}, {"n": 1, "l": [1]}, {"n": 1, "e": "r"},
                      {"n": 1, "c": 1}, {"n": 1, "c": False}):
            self.assertNotEqual(misfits(whole, {"$ref": "#/a"}, wrong), [], wrong)

    def test_choices_and_unknown_words(self):
        either = [{"type": "string"}, {"type": "null"}]
        self.assertEqual(misfits({}, {"anyOf": either}, None), [])
        self.assertNotEqual(misfits({}, {"anyOf": either}, 1), [])
        self.assertNotEqual(misfits({}, {"oneOf": [{"type": "string"}, {"enum": ["a"]}]}, "a"), [])
        self.assertNotEqual(misfits({}, {"allOf": []}, 1), [])


GOOD = '''[info]
title = "t"
version = "1"
en = "e"
fr = "f"
[type.Error]
doc = "d"
fields = [{ name = "error", type = "text", eg = "x", doc = "d" }]
[type.Thing]
doc = "d"
fields = [{ name = "n", type = "u32", eg = 1, doc = "d" }]
[[route]]
give = "thing"
method = "GET"
path = "/things/{id}"
who = "token"
en = "e"
fr = "f"
parameters = [{ in = "path", name = "id", type = "text", doc = "d" }]
answers = [[200, "Thing", "d"]]
'''


class Mistakes(unittest.TestCase):
    def of(self, text):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("enums", "commands", "events", "effects"):
            (folder / f"{name}.toml").write_text((ROOT / "schema" / f"{name}.toml").read_text())
        (folder / "api.toml").write_text(text)
        return folder, gen(folder, folder)

    def test_a_good_one_makes_a_row_and_the_description(self):
        folder, done = self.of(GOOD)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn('X(thing, GET, "/things/{id}", TOKEN, false, 0u, RIGHTS_NOTHING)',
                      (folder / "routes.h").read_text())
        self.assertIn('\\"/things/{id}\\"', (folder / "openapi.c").read_text())

    def test_each_mistake_is_told_with_its_place(self):
        route, kind = "schema/api.toml GET /things", "schema/api.toml [type.Thing]"
        for was, now, place, what in [
                ('"token"', '"king"', route, "who is one of"),
                ('who = "token"', 'who = "token"\nroles = ["chief"]', route, "roles are of"),
                ('who = "token"', 'who = "near"\nroles = ["agent"]', route, "roles open what"),
                ('who = "token"', 'who = "session"', route, "nobody may ask"),
                ('who = "token"', 'who = "token"\nabout = "all"', route, "about is one of"),
                ('"GET"', '"BREW"', "schema/api.toml BREW", "method of GET POST"),
                ('"/things/{id}"', '"/things"', route, "at most one parameter"),
                ('"/things/{id}"', '"/{id}/{other}"', "", "at most one parameter"),
                ('"/things/{id}"', '"things"', "", "a path is made of"),
                ('[[200, "Thing"', '[[99, "Thing"', route, "an answer is"),
                ('[[200, "Thing"', '[[200, "Thong"', route, "type 'Thong' is unknown"),
                ('[[200, "Thing"', '[[200, "Error"', kind, "nothing uses it"),
                ('give = "thing"', 'give = "a thing"', route, "no name of a function"),
                ('fr = "f"\nparam', 'param', route, "missing or unknown: fr"),
                ('fr = "f"\nparam', 'fr = "f"\nx = 1\nparam', route, "missing or unknown: x"),
                ('"u32"', '"float"', kind, "type 'float' is unknown"),
                ('"u32", eg = 1', '"u32", eg = "1"', kind, "eg '1' is no u32"),
                ('"u32", eg = 1', '"u32"', kind, "eg is missing"),
                ('"u32", eg = 1', '"enum colour"', kind, "type 'enum colour' is unknown"),
                ('[type.Thing]\ndoc = "d"', '[type.Thing]', kind, "a line of doc is missing"),
                ('[type.Thing]', '[type.EventThing]', "", "an enum or event has that name"),
                ("[[route]]", GOOD[GOOD.index("[[route]]"):] + "[[route]]", route, "stands twice")]:
            with self.subTest(what=what, now=now):
                self.assertEqual(GOOD.count(was) > 0, True)
                _, done = self.of(GOOD.replace(was, now, 1))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(place, done.stderr)
                self.assertIn(what, done.stderr)


if __name__ == "__main__":
    unittest.main()
