#!/usr/bin/env python3
"""The pages for administrators say what is true: commands and options that the program has, links
that lead somewhere, settings, alarms and sentences that exist, firewall lines that are read.

    docs.py PROGRAM ROOT
"""
import os
import re
import shutil
import subprocess
import sys
import tomllib
import unittest
from pathlib import Path

PROGRAM, ROOT = sys.argv[1], Path(sys.argv[2]).resolve()
PAGES = [ROOT / "docs" / f"{name}.md" for name in (
    "installation", "derriere-un-pbx", "ports", "sauvegarde", "que-se-passe-t-il-si",
    "enregistrements", "comptes")]
FRENCH = [*PAGES, ROOT / "README.fr.md"]
# Words between `…` with a dot that are no settings
FILES = (".yaml", ".md", ".db", ".db-wal", ".sock", ".exemple", ".bak-DATE", ".fr", ".conf", ".tsv",
         ".wav", ".rec", ".jsonl")


def text_of(page):
    return page.read_text(encoding="utf-8")


def blocks(page, language):
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text_of(page))


def commands(page):
    """Each `decroche …` of a shell block or between back quotes, as words."""
    lines = [x for b in blocks(page, "sh") for x in b.splitlines()]
    lines += re.findall(r"`(decroche [a-z][^`]*)`", text_of(page))
    for line in lines:
        for m in re.finditer(r"(?:^|-- |[;&|] )decroche ([a-z].*)", line):
            yield m[1].split()


def usage(command):
    done = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, timeout=20)
    return done.stdout if done.returncode == 0 else ""


class Docs(unittest.TestCase):
    def test_every_command_and_option_is_one_of_the_program(self):
        told = subprocess.run([PROGRAM, "help"], capture_output=True, text=True, check=True).stdout
        known = re.findall(r"(?m)^  (\w+) +\S", told)
        seen = set()
        for page in FRENCH:
            for words in commands(page):
                with self.subTest(page=page.name, command=" ".join(words)):
                    self.assertIn(words[0], known)
                    seen.add(words[0])
                    for option in (w for w in words if w.startswith("-")):
                        self.assertIn(option, usage(words[0]))
        self.assertLessEqual({"init", "check", "doctor", "status", "backup", "restore"}, seen)

    def test_every_link_leads_somewhere(self):
        for page in FRENCH:
            for to in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(page)):
                self.assertTrue((page.parent / to).exists(), f"{page.name}: {to}")

    def test_every_setting_is_one(self):
        schema = tomllib.loads((ROOT / "schema/settings.toml").read_text())
        for page in PAGES:
            for word in re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", text_of(page)):
                folder, key = word.split(".")
                if folder in schema and not word.endswith(FILES):
                    self.assertIn(key, schema[folder], f"{page.name}: {word}")
                else:
                    self.assertTrue(word.endswith(FILES), f"{page.name}: {word}")

    def test_every_alarm_is_one(self):
        words = (ROOT / "src/view/words.c").read_text()
        alarms = set(re.findall(r'\{"([a-z_]+)",\n', words))
        page = text_of(ROOT / "docs/que-se-passe-t-il-si.md")
        told = set(re.findall(r"\(`([a-z_]+)`", page)) - {"turned_away", "iotop"}
        self.assertGreater(len(told), 6)
        self.assertLessEqual(told, alarms)

    def test_every_sentence_is_spoken(self):
        script = (ROOT / "prompts/fr/script.md").read_text()
        page = " ".join(text_of(ROOT / "docs/que-se-passe-t-il-si.md").split())
        said = re.findall(r"entend « ([^»]+?) »|heures : « ([^»]+?) »", page)
        sentences = [a or b for a, b in said]
        sentences = [s.replace("\u00a0", " ") for s in sentences if s.endswith(".")]
        self.assertEqual(len(sentences), 3 + len([s for s in sentences if "panne" in s]))
        for sentence in sentences:
            for part in re.split(r"(?<=\.) ", sentence):
                self.assertIn(part, script)

    def test_the_firewall_is_one_that_nft_reads(self):
        rules = blocks(ROOT / "docs/ports.md", "nft")
        self.assertEqual(len(rules), 1)
        if not shutil.which("nft") or os.geteuid():
            self.skipTest("nft is not here, or not for this user")
        done = subprocess.run(["nft", "-c", "-f", "-"], input=rules[0], capture_output=True, text=True)
        if "Operation not permitted" in done.stderr or "Protocol not supported" in done.stderr:
            self.skipTest("this kernel does not let nft look")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_ports_are_those_of_the_settings(self):
        schema = tomllib.loads((ROOT / "schema/settings.toml").read_text())
        first, last = (schema["media"][k]["default"] for k in ("port_first", "port_last"))
        page = text_of(ROOT / "docs/ports.md")
        self.assertIn(f"udp dport {first}-{last} ", page)
        self.assertIn(f"to any port {first}:{last}\n", page)
        self.assertIn(f"udp dport {schema['phone']['port']['default']} ", page)

    def test_shell_blocks_are_read_by_sh(self):
        for page in FRENCH:
            for block in blocks(page, "sh"):
                done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), f"{page.name}\n{block}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
