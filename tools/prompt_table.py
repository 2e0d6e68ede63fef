"""prompt_table.py — reads prompts/*/script.md and schema/prompts.toml. Standard library only.

A row of a language is one file: its id, what it says, how long it may last, the silence around it.
The first mistake stops with its file and line.
"""
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

LANGS = ("fr", "en")
COMMON = "common"
CHARS_A_SECOND = 14
PAUSE_S = {".": 0.4, "!": 0.4, "?": 0.4, ":": 0.3, ";": 0.3, ",": 0.2}
BEFORE_MS, AFTER_MS = 150, 300
KINDS = {"F", "S", "C", "T", "M", "L", "H"}
WITHOUT_FILE = {"L", "H"}                # words of the moment; words for a human to say
BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass
class Row:
    id: str
    lang: str
    line: int
    text: str           # what the file says
    whole: str          # what is heard, parts included; an example for a carrier
    max_s: float
    kind: str           # F S C of the voice script, P a part, T a tone, M music, L H no file
    before_ms: int = BEFORE_MS
    after_ms: int = AFTER_MS
    note: str = ""

    def is_joined(self):
        """Does something follow in the same sentence?"""
        is_beginning = self.kind == "C" and self.text != self.whole and self.text[-1] not in ".?!"
        return is_beginning or self.id.endswith(".m")

    def has_file(self):
        return self.kind not in WITHOUT_FILE

    def computed_s(self):
        """Length of the sentence by the voice script's rule 7, silences left out."""
        pauses = sum(PAUSE_S.get(c, 0) for c in self.text[:-1])
        return len(self.text) / CHARS_A_SECOND + pauses


def fail(where, what):
    sys.exit(f"{where}: {what}")


def expand(pattern):
    """'a.{1..3}.{m,f}' → its ids; the last braces run first."""
    m = BRACES.search(pattern)
    if not m:
        return [pattern]
    run = re.fullmatch(r"(\d+)\.\.(\d+)", m[1])
    words = m[1].split(",")
    if run:
        words = [str(n).zfill(len(run[1])) for n in range(int(run[1]), int(run[2]) + 1)]
    return [i for w in words for i in expand(pattern[:m.start()] + w + pattern[m.end():])]


def read_ids(path):
    """The ids in the order of their numbers; the first has number 1."""
    ids = [i for p in tomllib.loads(Path(path).read_text(encoding="utf-8"))["ids"]
           for i in expand(p)]
    for i in ids:
        if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", i):
            fail(path, f"'{i}' is no id: a-z 0-9 _ and dots")
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        fail(path, f"stands twice: {', '.join(sorted(twice))}")
    return ids


def cells(line):
    return [c.strip(" ") for c in line.strip().strip("|").split("|")]


def read_tables(path):
    """Each table row below its title: (line, number of columns, cells)."""
    title = False
    for n, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
        if not line.startswith("|"):
            title = False
        elif not title:
            title = cells(line)
        elif not set(line) <= set("|- "):
            row = cells(line)
            if len(row) != len(title):
                fail(f"{path}:{n}", f"{len(row)} columns, {len(title)} in the title")
            yield n, row


def seconds(where, cell):
    if not re.fullmatch(r"\d+(\.\d+)?", cell):
        fail(where, f"'{cell}' is no number of seconds")
    return float(cell)


def check_text(where, lang, text):
    """Typography: what a hurried hand writes is refused."""
    if "'" in text or '"' in text:
        fail(where, "a straight apostrophe or quotation mark; use ’ or « »")
    if "  " in text or text != text.strip(" \u00a0"):
        fail(where, "a space too many")
    if lang == "fr" and re.search(r"(?<![\u00a0\u202f])[:;!?»]|«(?!\u00a0)", text):
        fail(where, "an unbreakable space is missing before : ; ! ? » or after «")
    if re.search(r"\(s\)|\(e\)|…|\.\.\.", text):
        fail(where, "a form that cannot be spoken")


def part_rows(where, lang, n, row):
    """One line of parts: two takes, either may be missing."""
    name, middle, final = row[0].strip("`"), row[1], row[2]
    takes = [(".m", middle), (".f", final)]
    return [Row(name + end, lang, n, text, text, seconds(where, row[3]), "P")
            for end, text in takes if text]


def whole_row(where, lang, n, row):
    if row[4] not in KINDS:
        fail(where, f"kind '{row[4]}' is none of F S C T M L H")
    return Row(row[0].strip("`"), lang, n, row[2] or row[1], row[1], seconds(where, row[3]), row[4],
               note=row[5])


def set_silences(rows, silences):
    for r in rows:
        for prefix, before, middle, final in silences:
            if r.id.startswith(prefix):
                r.before_ms, r.after_ms = before, middle if r.is_joined() else final


class Script:
    """One language: rows by id, pronunciations for synthesis."""

    def __init__(self, path, lang):
        self.path, self.lang, self.rows, self.said = str(path), lang, {}, []
        rows, silences = [], []
        for n, row in read_tables(path):
            where = f"{path}:{n}"
            if len(row) == 2:
                self.said.append(tuple(row))
            elif len(row) == 6:
                rows.append(whole_row(where, lang, n, row))
            elif row[0].startswith("`") and all(c.isdigit() for c in row[1:]):
                silences.append((row[0].strip("`"), *map(int, row[1:])))
            elif len(row) == 4:
                rows += part_rows(where, lang, n, row)
            else:
                fail(where, f"a row of {len(row)} columns is not known here")
        set_silences(rows, silences)
        for r in rows:
            self.keep(r)

    def keep(self, r):
        where = f"{self.path}:{r.line}"
        if r.id in self.rows:
            fail(where, f"{r.id} stands twice")
        if self.lang != COMMON:
            check_text(where, "en" if r.id == "greet.english" else self.lang, r.text)
        self.rows[r.id] = r


class Prompts:
    """All of it: the numbered ids and one Script for each folder of prompts/."""

    def __init__(self, root):
        self.root = Path(root)
        self.ids = read_ids(self.root / "schema" / "prompts.toml")
        self.scripts = {f: Script(self.root / "prompts" / f / "script.md", f)
                        for f in (*LANGS, COMMON)}
        known = set(self.ids)
        for s in self.scripts.values():
            for r in s.rows.values():
                if r.id not in known:
                    fail(f"{s.path}:{r.line}", f"{r.id} has no number: add it at the end of "
                         "schema/prompts.toml")
        for i in self.ids:
            if not any(i in s.rows for s in self.scripts.values()):
                fail("schema/prompts.toml", f"no prompts/*/script.md says {i}")

    def row(self, folder, prompt):
        return self.scripts[folder].rows.get(prompt)

    def path(self, row):
        return self.root / "prompts" / row.lang / f"{row.id}.wav"
