#!/usr/bin/env python3
"""docs/decroche.1 names every command and option of the program, and nothing that it lacks; the
formatters that are here accept it.

    test_man.py PROGRAM PAGE
"""
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM, PAGE = sys.argv[1], Path(sys.argv[2])
WITHOUT_HELP = {"version", "help"}


def said(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=20,
                          check=True).stdout


def commands():
    return re.findall(r"(?m)^  (\w+) +\S", said("help"))


def options(text):
    """Long options, and -c, of a usage text."""
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))


def synopsis():
    """{command: its options} of the page."""
    part = PAGE.read_text().split(".Sh SYNOPSIS")[1].split(".Sh ")[0]
    found = {}
    for block in part.split(".Nm\n")[1:]:
        name = re.match(r"\.Cm (\w+)", block)[1]
        found[name] = {"-" + o for o in re.findall(r"Fl (-?[a-z][a-z-]*)", block)}
    return found


def described(section):
    """Items of a list of the page."""
    part = PAGE.read_text().split(f".Sh {section}\n")[1].split(".Sh ")[0]
    return re.findall(r"(?m)^\.It (.*)$", part)


class Man(unittest.TestCase):
    def test_every_command_has_its_synopsis_and_its_words(self):
        self.assertGreater(len(commands()), 10)
        self.assertEqual(set(synopsis()), set(commands()))
        items = {i.split()[1] for i in described("DESCRIPTION") if i.startswith("Cm ")}
        self.assertEqual(items, set(commands()))

    def test_every_option_stands_where_it_belongs(self):
        for command in sorted(set(commands()) - WITHOUT_HELP):
            usage = said(command, "--help")
            head = usage.split("\n\n")[0]
            wanted = options(head) - {"--help"}
            have = synopsis()[command]
            self.assertEqual(wanted - have, set(), f"{command}: lacks in the page")
            for more in have - wanted:      # accepted though its usage keeps silent of it
                tried = subprocess.run([PROGRAM, command, more, "--help"], capture_output=True,
                                       text=True, timeout=20)
                self.assertEqual(tried.returncode, 0, f"{command} {more}: not in the program")

    def test_every_option_is_explained(self):
        told = set()
        for item in described("OPTIONS"):
            told |= {"-" + o for o in re.findall(r"Fl (-?[a-z][a-z-]*)", item)}
        used = set().union(*synopsis().values()) | {"--help", "-h", "--config"}
        self.assertEqual(told, used)

    def test_the_table_of_options_in_the_sources_is_whole(self):
        source = (PAGE.parents[1] / "src/cli/args.c").read_text()
        table = set(re.findall(r'\{"([a-z-]+)", (?:no|required)_argument', source))
        told = {o[2:] for o in re.findall(r"--[a-z-]+", " ".join(
            "-" + o for item in described("OPTIONS") for o in re.findall(r"Fl (\S+)", item)))}
        self.assertEqual(table - told, set())
        self.assertGreater(len(table), 5)

    def test_exit_codes_and_signals(self):
        self.assertEqual(described("EXIT STATUS"), ["0", "1", "2", "3"])
        signals = " ".join(described("SIGNALS"))
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            self.assertIn(name, signals)

    def accepted(self, *words):
        if not shutil.which(words[0]):
            self.skipTest(f"{words[0]} is not here")
        done = subprocess.run([*words, str(PAGE)], capture_output=True, text=True, timeout=30)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_groff(self):
        page = self.accepted("groff", "-mdoc", "-Tascii", "-ww")
        self.assertIn("doctor", page)

    def test_man(self):
        self.accepted("man", "--warnings", "-l")

    def test_mandoc(self):
        self.accepted("mandoc", "-Tlint", "-Wwarning")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
