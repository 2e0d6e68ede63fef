"""Small archives, compiled here: what a pure floor needs is found, object by object."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
import pure  # noqa: E402

HEAD = "#include <stddef.h>\n" \
       "extern int printf(const char *, ...);\nextern void *malloc(size_t);\n" \
       "extern double log(double);\nextern int map_get(int);\nextern int acd_step(int);\n" \
       "extern void *memcpy(void *, const void *, size_t);\n"


class Pure(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)

    def archive(self, path, body):
        name = path.replace("/", "_")
        c, o, a = (Path(self.place.name) / (name + end) for end in ("", ".o", ".a"))
        c.write_text(HEAD + body)
        subprocess.run(["gcc", "-O1", "-fno-builtin", "-c", c, "-o", o], check=True)
        subprocess.run(["ar", "rcsT", a, o], check=True, capture_output=True)
        return str(a)

    def found(self, **bodies):
        where = {"acd": "src/acd/step.c", "base": "src/base/map.c", "plan": "src/plan/erlang.c",
                 "journal": "src/journal/writer.c", "kpi": "src/kpi/fold.c"}
        return "\n".join(pure.check({f: self.archive(where[f], b) for f, b in bodies.items()}))

    def test_a_pure_folder_passes(self):
        self.assertEqual(self.found(base="int map_get(int x) { return x; }",
                                    acd="int acd_step(int x) { return map_get(x); }"), "")

    def test_copies_are_allowed(self):
        self.assertEqual(self.found(base="void *map_put(void *a, void *b, size_t n)"
                                         "{ return memcpy(a, b, n); }"), "")

    def test_input_output_and_allocation_are_found(self):
        self.assertIn("needs printf", self.found(acd='int acd_step(int x) { return printf("a"); }'))
        self.assertIn("needs malloc", self.found(acd="void *acd_a(void) { return malloc(9); }"))

    def test_a_call_upward_is_found(self):
        found = self.found(base="int map_get(int x) { return acd_step(x); }",
                           acd="int acd_step(int x) { return x; }")
        self.assertIn("base: src_base_map needs acd_step", found)

    def test_a_call_to_a_neighbour_is_found(self):
        self.assertIn("needs acd_step", self.found(kpi="int kpi_a(int x) { return acd_step(x); }",
                                                   acd="int acd_step(int x) { return x; }"))

    def test_only_erlang_computes_with_doubles(self):
        self.assertEqual(self.found(plan="double plan_a(double x) { return log(x); }"), "")
        self.assertIn("needs log", self.found(kpi="double kpi_a(double x) { return log(x); }"))

    def test_an_edge_may_need_the_world(self):
        self.assertEqual(self.found(journal="void *journal_a(void) { return malloc(9); }"), "")

    def test_what_others_call_carries_the_name_of_its_folder_or_file(self):
        caller = "extern int %s(int); int acd_step(int x) { return %s(x); }"
        lender = "int %s(int x) { return x; }"
        for name in ("base_find", "map_get"):
            self.assertEqual(self.found(base=lender % name, acd=caller % (name, name)), "")
        self.assertIn("base: src_base_map lends find",
                      self.found(base=lender % "find", acd=caller % ("find", "find")))
        self.assertEqual(self.found(base=lender % "find"), "")

    def test_two_folders_never_show_the_same_name(self):
        self.assertIn("also a name of", self.found(base="int same(int x) { return x; }",
                                                   kpi="int same(int x) { return x; }"))


if __name__ == "__main__":
    unittest.main()
