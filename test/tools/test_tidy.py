"""A small good house, then one planted violation per rule: each must be found, at its line."""
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
import tidy  # noqa: E402

MESON = """project('x', 'c')
floors = [
  ['base', ['map'], [], []],
  ['event', ['kind'], ['base'], []],
  ['acd', ['step'], ['event', 'base'], []],
  ['journal', ['writer'], ['event', 'base'], [sqlite]], # a comment, a variable
]
units = [
  ['acd', 'step'],
]
roof = [['src/main.c'], ['acd']]
"""
GLOSSARY = "# Words\n\n```forbidden\npatron → usager\n```\n"


def header(path, body):
    guard = path.replace("src/", "").replace("/", "_").replace(".", "_").upper()
    name = path.split("/")[-1]
    return f"/* {name} — what. */\n#ifndef {guard}\n#define {guard}\n{body}\n#endif\n"


def good():
    return {
        "meson.build": MESON,
        "docs/glossary.md": GLOSSARY,
        "src/base/map.h": header("src/base/map.h",
                                 "#include <stdint.h>\nint map_get(uint32_t key);"),
        "src/base/map.c": '/* map.c — a map. */\n#include "base/map.h"\n\n'
                          "int map_get(uint32_t key)\n{\n    return (int)key;\n}\n",
        "src/event/kind.c": '/* kind.c — kinds. */\n#include <string.h>\n\n#include "base/map.h"\n',
        "src/acd/step.c": '/* step.c — one step. */\n#include "base/map.h"\n',
        "src/journal/writer.c": "/* writer.c — the writer. */\n#include <sqlite3.h>\n"
                                "#include <stdio.h>\n",
        "src/main.c": '/* main.c — the roof. */\n#include "base/map.h"\nstatic int turns;\n',
        "test/unit/acd/step.c": "/* step.c — steps. */\n#include <cmocka.h>\n",
    }


def nested(n, close):
    lines = ["    " * (i + 1) + "if (x > %d)%s" % (i, " {" if close else "") for i in range(n)]
    lines += ["    " * (n + 1) + "x++;"]
    lines += ["    " * (n - i) + "}" for i in range(n)] if close else []
    return "int f(int x)\n{\n" + "\n".join(lines) + "\n    return x;\n}\n"


class Tidy(unittest.TestCase):
    def found(self, changes):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**good(), **changes}.items():
                if text is not None:
                    p = Path(root) / path
                    p.parent.mkdir(parents=True, exist_ok=True)
                    p.write_text(text, encoding="utf-8")
            return [f"{p}:{line}: {what}" for p, line, what in tidy.check(root).found]

    def finds(self, changes, place, words):
        found = self.found(changes)
        self.assertTrue(any(f.startswith(place + ":") and words in f for f in found),
                        f"\nwanted {place}: …{words}…\nfound " + "\n      ".join(found))

    def step(self, body):
        """The violation stands in src/acd/step.c, from line 3 on."""
        return {"src/acd/step.c": '/* step.c — one step. */\n#include "base/map.h"\n' + body}

    def passes(self, body):
        self.assertEqual(self.found(self.step(body)), [])

    def test_a_good_house_is_left_in_peace(self):
        self.assertEqual(self.found({}), [])

    def test_the_real_table_rejects_a_row_that_stands_too_high(self):
        meson = MESON.replace("['event', 'base'], []]", "['event', 'base', 'journal'], []]")
        self.finds({"meson.build": meson}, "meson.build:5", "acd may not stand on journal")

    def test_an_unknown_folder_has_no_floor(self):
        meson = MESON.replace("  ['acd',", "  ['misc', [], [], []],\n  ['acd',")
        self.finds({"meson.build": meson}, "meson.build:5", "folder misc")

    def test_an_upward_include_is_found(self):
        text = '/* map.c — a map. */\n#include "base/map.h"\n#include "acd/acd.h"\n'
        self.finds({"src/base/map.c": text}, "src/base/map.c:3", "base may not include acd")

    def test_an_include_outside_the_row_is_found(self):
        self.finds(self.step('#include "say/say.h"\n'), "src/acd/step.c:3", "meson.build")

    def test_an_edge_does_not_know_another(self):
        text = '/* writer.c — the writer. */\n#include "store/store.h"\n'
        self.finds({"src/journal/writer.c": text}, "src/journal/writer.c:2", "include store")

    def test_an_edge_does_not_know_app(self):
        text = '/* writer.c — the writer. */\n#include "app/app.h"\n'
        self.finds({"src/journal/writer.c": text}, "src/journal/writer.c:2", "may not include app")

    def test_a_unit_test_knows_its_folder_and_below(self):
        text = '/* step.c — steps. */\n#include "app/app.h"\n'
        self.finds({"test/unit/acd/step.c": text}, "test/unit/acd/step.c:2", "may not include app")

    def test_a_relative_include_is_found(self):
        self.finds(self.step('#include "step.h"\n'), "src/acd/step.c:3", "does not show its floor")

    def test_a_commented_include_is_none(self):
        self.passes('/* #include "app/app.h" */\n// #include "app/app.h"\n')

    def test_input_output_headers_stay_off_pure_floors(self):
        for name in ("stdio.h", "pthread.h", "unistd.h", "time.h", "stdlib.h", "math.h"):
            self.finds(self.step(f"#include <{name}>\n"), "src/acd/step.c:3", f"<{name}>")

    def test_sqlite_stays_in_journal_and_store(self):
        text = "/* writer.c — x. */\n#include <yaml.h>\n"
        self.finds({"src/journal/writer.c": text}, "src/journal/writer.c:2", "<yaml.h>")
        self.finds(self.step("#include <sqlite3.h>\n"), "src/acd/step.c:3", "<sqlite3.h>")

    def test_an_include_cycle_is_found(self):
        one = header("src/base/one.h", '#include "base/two.h"')
        two = header("src/base/two.h", '#include "base/one.h"')
        self.finds({"src/base/one.h": one, "src/base/two.h": two}, "src/base/two.h:4", "cycle")

    def test_a_long_function_is_found_at_its_first_line(self):
        body = "static int\nf(int x)\n{\n" + "    x++;\n" * 67 + "    return x;\n}\n"
        self.finds(self.step("\n" + body), "src/acd/step.c:4", "f has 72 lines, 70 at most")
        self.passes("\n" + body.replace("    x++;\n", "", 2))

    def test_deep_nesting_is_found_with_and_without_braces(self):
        for close, line in ((True, 8), (False, 9)):
            self.finds(self.step(nested(4, close)), f"src/acd/step.c:{line}", "nests 4 deep")
            self.passes(nested(3, close))

    def test_initialisers_and_chains_of_else_do_not_nest(self):
        chain = "    if (x)\n        x++;\n" + "    else if (x > 2) {\n        x--;\n    }\n" * 5
        table = "    const int t[2][2] = {{1, 2}, {3, 4}};\n" \
                "    struct p p = {.a = {.b = {.c = {0}}}};\n"
        loop = "    for (int i = 0; i < 3; i++) {\n        if (x)\n            x++;\n    }\n"
        self.passes("int f(int x)\n{\n" + chain + table + loop * 3 + "    return x;\n}\n")

    def test_macros_with_braces_do_not_confuse(self):
        self.passes("#define EACH(x) \\\n    do { \\\n        use(x); \\\n    } while (0)\n"
                    "static inline int f(void) { return 1; }\n"
                    "int g(int x)\n{\n#if 1\n    x++;\n#else\n    x--;\n#endif\n    return x;\n}\n")

    def test_a_fifth_parameter_is_found(self):
        body = "void f(int a, int b, int c, int d, int e)\n{\n}\n"
        self.finds(self.step(body), "src/acd/step.c:3", "f has 5 parameters, 4 at most")
        self.passes("void f(int a, int (*b)(int, int), int c, int d)\n{\n}\n")

    def test_an_exemption_needs_its_reason(self):
        body = "void f(int a, int b, int c, int d, int e)\n{\n}\n"
        self.passes("/* tidy: parameters — port/journal.h dictates them */\n" + body)
        self.finds(self.step("/* tidy: parameters */\n" + body), "src/acd/step.c:4", "parameters")
        self.finds(self.step("/* tidy: call — no */\n" + body), "src/acd/step.c:4", "parameters")

    def test_file_sizes(self):
        self.finds(self.step("\n" * 600), "src/acd/step.c:602", "602 lines, 600 at most")
        self.finds({"src/base/map.h": header("src/base/map.h", "\n" * 200)},
                   "src/base/map.h:205", "200 at most")
        self.finds({"tools/long.py": "\n" * 601}, "tools/long.py:601", "600 at most")
        self.finds({"tools/tidy.py": "\n" * 401}, "tools/tidy.py:401", "400 at most")

    def test_generated_files_may_be_long(self):
        self.passes("/* Generated by tools/x.py. */\n" + "\n" * 600 + "/* " + "x" * 99 + " */\n")

    def test_line_length_counts_characters(self):
        self.passes("/* " + "é" * 90 + " */\n")
        self.finds(self.step("/* " + "e" * 99 + " */\n"), "src/acd/step.c:3", "105 characters")
        self.finds({"dev": "#" * 101 + "\n"}, "dev:1", "101 characters")

    def test_every_banned_call_is_found(self):
        for name in list(tidy.BANNED) + list(tidy.CLOCKS) + list(tidy.HEAP):
            body = f"int f(void)\n{{\n    {name}(0);\n}}\n"
            self.finds(self.step(body), "src/acd/step.c:5", name)

    def test_names_that_only_look_banned_pass(self):
        self.passes("int f(int x)\n{\n    return map_time(x) + p->time(x) + acd_system(1);\n}\n")
        self.passes('/* time(0) */\nstatic const char *const s = "time(0)";\n')

    def test_only_os_reads_the_clock(self):
        meson = MESON.replace("]\nunits", "  ['os', ['clock'], ['base'], []],\n]\nunits")
        text = "/* clock.c — x. */\nint os_clock(void)\n{\n    return clock_gettime(0, 0);\n}\n"
        self.assertEqual(self.found({"meson.build": meson, "src/os/clock.c": text}), [])

    def test_no_test_sleeps(self):
        text = "/* step.c — s. */\nint f(void)\n{\n    usleep(1);\n}\n"
        self.finds({"test/unit/acd/step.c": text}, "test/unit/acd/step.c:4", "usleep")

    def test_mutable_data_is_found_outside_main(self):
        for line in ("static int n;", "    static int n = 0;", "int acd_n = 3;",
                     "struct acd *acd_one;", "static const char *names[] = {0};",
                     "static int (*fn)(int) = 0;", "int acd_a, acd_b;",
                     "static struct a b[2] = {{1}};"):
            self.finds(self.step(line + "\n"), "src/acd/step.c:3", "outlives")

    def test_constant_data_and_functions_pass(self):
        self.passes('static const char *const names[] = {"a"};\nstatic const struct a b = {1};\n'
                    "static int f(int (*cb)(int));\nstatic struct a *g(void);\nstruct acd;\n"
                    "extern const int x;\nstep_fn step_one;\n"
                    "static int (*const fn)(int) = 0;\nenum e { A, B };\n")

    def test_each_file_says_its_purpose(self):
        self.finds({"src/acd/step.c": '#include "base/map.h"\n'}, "src/acd/step.c:1", "purpose")
        self.finds({"src/base/map.h": "/* map.h — x. */\n"}, "src/base/map.h:1", "guard")

    def test_typedef_of_a_struct(self):
        self.finds(self.step("typedef struct a a;\n"), "src/acd/step.c:3", "typedef")
        self.passes("typedef int acd_fn(int x);\n")

    def test_dead_files_are_found(self):
        self.finds({"src/acd/old.c": "/* old.c — x. */\n"}, "src/acd/old.c:1", "no build uses")
        stray = {"test/unit/acd/map.c": "/* map.c — x. */\n"}
        self.finds(stray, "test/unit/acd/map.c:1", "no build")
        self.finds({"bench/old.c": "/* old.c — x. */\n"}, "bench/old.c:1", "no build uses")
        self.finds({"src/acd/old.h": header("src/acd/old.h", "")}, "src/acd/old.h:1", "no file")

    def test_forbidden_words(self):
        self.finds(self.step("int acd_patron_n(void);\n"), "src/acd/step.c:3", "usager")
        self.finds(self.step("/* Two patrons. */\n"), "src/acd/step.c:3", "usager")
        self.passes("int acd_patronage(void);\n")
        self.passes('static const char *const text = "un patron";\n')

    def test_unfinished_words_and_machine_paths(self):
        self.finds(self.step("/* TO" "DO later */\n"), "src/acd/step.c:3", "unfinished")
        self.finds({"docs/x.md": "see /ro" "ot/x\n"}, "docs/x.md:1", "one machine")

    def test_generated_and_hidden_folders_are_not_read(self):
        bad = "int x;\n"
        self.assertEqual(self.found({"build/gcc/src/acd/x.c": bad, ".cache/x.c": bad}), [])


if __name__ == "__main__":
    unittest.main()
