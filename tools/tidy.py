#!/usr/bin/env python3
"""tidy.py — the rules of the house, read from the text of the sources. Standard library only.

  tidy.py [ROOT]     prints each violation as "file:line: what — cure"; exit 1 when there is one.
Called by the tests (suite tools), the pre-commit hook and ./dev fmt; tested by
test/tools/test_tidy.py. The table of floors is in floors.py, the reading of C in ctext.py.
One exemption exists, for what an outside library or a port dictates, with its reason, on the line
before:  /* tidy: RULE — why */  where RULE is parameters, call or mutable.
"""
import re
import sys
from pathlib import Path

import ctext
from floors import (AROUND, FREE_HEADERS, LIBC_FOLDERS, LIBC_HEADERS, MATH_FILE, MAY, OUTSIDE, PURE,
                    SIM_HEADERS, read_rows)

# ---- sizes, calls, words ------------------------------------------------------------------------
FUNCTION_LINES, NESTING, PARAMETERS = 70, 3, 4
FILE_LINES, HEADER_LINES, TIDY_LINES, LINE_CHARS = 600, 200, 400, 100
COPY, PARSE, SPAWN = "memcpy with a known length", "a parser that refuses", "posix_spawn"
BANNED = {
    "strcpy": COPY, "strcat": COPY, "strncpy": COPY, "strncat": COPY, "sprintf": "snprintf",
    "vsprintf": "vsnprintf", "gets": "fgets", "scanf": PARSE, "sscanf": PARSE, "fscanf": PARSE,
    "atoi": PARSE, "atol": PARSE, "atof": PARSE, "atoll": PARSE, "strtok": "a slice and a loop",
    "rand": "base/prng", "srand": "base/prng", "random": "base/prng", "alloca": "an arena",
    "system": SPAWN, "popen": SPAWN, "signal": "sigaction or signalfd", "setjmp": "a verdict",
    "longjmp": "a verdict", "tmpnam": "mkstemp", "mktemp": "mkstemp", "strerror": "strerror_r",
    "localtime": "base/calendar", "gmtime": "base/calendar", "ctime": "base/calendar",
    "asctime": "base/calendar", "mktime": "base/calendar"}
CLOCKS = {n: "the time is passed in; only os/ reads a clock" for n in
          "time gettimeofday clock_gettime ftime timespec_get".split()}
HEAP = {n: "memory is lent by the caller (arena, pool)" for n in
        "malloc calloc realloc free strdup strndup aligned_alloc posix_memalign".split()}
SLEEPS = {n: "no test waits: pass the time in" for n in "sleep usleep nanosleep".split()}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
MACHINE = re.compile(r"(?<![\w.$}])/(work|farm|root|home)/[a-z]")
EXEMPTION = re.compile(r"/\* tidy: (parameters|call|mutable) — \S.*")
TEXT = set(".c .h .py .sh .md .toml .yaml .build .txt .sql .css .js".split()) | {""}
CODE_DIRS = ("src", "sim", "test", "bench", "fuzz")


class File:
    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.split("\n")
        parts = self.path.split("/")
        self.folder = parts[0] if parts[0] != "src" else parts[1].removesuffix(".c")
        self.unit_of = parts[2] if parts[:2] == ["test", "unit"] and len(parts) > 3 else None
        self.is_c = path.suffix in (".c", ".h") and parts[0] in CODE_DIRS
        self.code, self.includes = [], []
        if self.is_c:
            self.code = ctext.mask(self.text)
            for i, line in enumerate(self.lines, 1):
                m = re.match(r'\s*#\s*include\s+([<"])([^">]+)[">]', line)
                if m and self.code[i - 1].strip():
                    self.includes.append((i, m[1] == "<", m[2]))


def read_forbidden(text):
    m = re.search(r"```forbidden\n(.*?)```", text, re.S)
    rows = [r.split("→") for r in (m.group(1).splitlines() if m else []) if "→" in r]
    return {a.strip().lower(): b.strip() for a, b in rows}


class House:
    def __init__(self, root):
        self.root, self.found = Path(root).resolve(), []
        self.files = [File(self.root, p) for p in sorted(self.root.rglob("*")) if self.wanted(p)]
        self.by_path = {f.path: f for f in self.files}
        self.c = [f for f in self.files if f.is_c]
        self.meson = "\n".join(f.text for f in self.files if f.path.endswith("meson.build"))
        self.floors = read_rows(self.text_of("meson.build"))
        self.forbidden = read_forbidden(self.text_of("docs/glossary.md"))

    def wanted(self, p):
        parts = p.relative_to(self.root).parts
        skip = any(x.startswith("build") or x in ("__pycache__", "node_modules", "corpus", "golden")
                   or (x.startswith(".") and x != ".ci") for x in parts[:-1])
        return not skip and p.suffix in TEXT and p.is_file() and not parts[-1].startswith(".")

    def text_of(self, path):
        return self.by_path[path].text if path in self.by_path else ""

    def say(self, f, line, rule, what, cure):
        above = f.lines[line - 2] if line > 1 else ""
        m = EXEMPTION.search(above)
        if not (m and m[1] == rule):
            self.found.append((f.path, line, f"{what} — {cure}"))


# ---- floors -------------------------------------------------------------------------------------
def check_rows(h):
    plan = h.by_path.get("meson.build")
    for folder, (line, _, lower) in h.floors.items():
        if folder not in MAY:
            h.say(plan, line, "floors", f"folder {folder} is in no row of the table of floors",
                  "give it a floor in docs/floors.md and tools/tidy.py")
        for low in lower:
            if low not in MAY.get(folder, set()) and folder in MAY:
                h.say(plan, line, "floors", f"{folder} may not stand on {low}",
                      "app or main.c brings them together")


def may_include(h, f, target):
    if f.unit_of:
        return target in {f.unit_of, f.folder} | MAY.get(f.unit_of, set(MAY))
    if f.folder in AROUND:
        return target not in AROUND - {f.folder}
    if target == f.folder:
        return True
    row = h.floors.get(f.folder)
    return target in MAY.get(f.folder, set()) and (not row or target in row[2] or target == "port")


def check_own_include(h, f, line, name):
    target = name.split("/")[0]
    if "/" not in name:
        h.say(f, line, "floors", f'"{name}" does not show its floor', "write the include from src/")
    elif not may_include(h, f, target):
        known = target in MAY.get(f.folder, set())
        h.say(f, line, "floors", f"{f.unit_of or f.folder} may not include {target}",
              "add it to the row of this folder in meson.build" if known else
              "pass it as a value or by a struct of port/; app and main.c bring folders together")


def check_outside_include(h, f, line, name):
    stem = name.removesuffix(".h")
    if f.folder in PURE | {"port", "view", "app"}:
        good = stem in FREE_HEADERS or (stem == "math" and f.path == MATH_FILE)
        why = "no I/O, clock or allocation on this floor: ask by port/, or move it to an edge"
    else:
        allowed = SIM_HEADERS if f.folder == "sim" else LIBC_HEADERS
        good = stem in allowed or (f.folder != "sim" and name.startswith(LIBC_FOLDERS))
        why = "this library has another folder (docs/floors.md); a new one needs an ADR"
        good = good or any(re.fullmatch(pattern, name) and f.folder in who | {"test"}
                           for pattern, who in OUTSIDE)
    if not good:
        h.say(f, line, "floors", f"{f.folder} may not include <{name}>", why)


def check_includes(h):
    for f in h.c:
        for line, outside, name in f.includes:
            (check_outside_include if outside else check_own_include)(h, f, line, name)


def check_cycles(h):
    def goal(name):
        return h.by_path.get("src/" + name) or h.by_path.get(name)
    done, path = set(), []

    def walk(f):
        path.append(f)
        for line, outside, name in f.includes:
            to = None if outside else goal(name)
            if to in path:
                ring = " → ".join(x.path for x in path[path.index(to):] + [to])
                h.say(f, line, "cycle", f"include cycle {ring}", "declare the struct instead")
            elif to and to not in done:
                walk(to)
        done.add(path.pop())
    for f in h.c:
        if f not in done:
            walk(f)


# ---- sizes --------------------------------------------------------------------------------------
def check_functions(h):
    for f in h.c:
        for fn in ctext.functions(f.code):
            if fn.lines > FUNCTION_LINES:
                h.say(f, fn.line, "size",
                      f"{fn.name} has {fn.lines} lines, {FUNCTION_LINES} at most",
                      "branches stay in it, loops and arithmetic go to leaves")
            if fn.parameters > PARAMETERS:
                h.say(f, fn.line, "parameters", f"{fn.name} has {fn.parameters} parameters, "
                      f"{PARAMETERS} at most", "one const struct …_args *")
            if fn.depth > NESTING:
                h.say(f, fn.depth_line, "size",
                      f"{fn.name} nests {fn.depth} deep, {NESTING} at most",
                      "leave early, or give the inner loop a name")


def check_sizes(h):
    for f in h.files:
        program = f.path in ("dev", ".ci/run") or f.path.endswith((".py", ".sh"))
        if not f.is_c and not program:
            continue
        most = HEADER_LINES if f.path.endswith(".h") else FILE_LINES
        most = TIDY_LINES if f.path == "tools/tidy.py" else most
        n = len(f.lines) - 1
        if n > most:
            h.say(f, n, "size", f"{n} lines, {most} at most", "find its second concept and split")
        for i, line in enumerate(f.lines, 1):
            if len(line) > LINE_CHARS:
                h.say(f, i, "size", f"{len(line)} characters, {LINE_CHARS} at most", "break it")


# ---- calls, data, heads, words ------------------------------------------------------------------
def banned_for(f):
    calls = dict(BANNED)
    if f.folder not in ("os", "bench"):
        calls.update(CLOCKS)
    if f.folder in PURE | {"port", "view"}:
        calls.update(HEAP)
    if f.folder == "test" and not f.path.startswith("test/e2e/"):
        calls.update(SLEEPS)
    return calls


def check_calls(h):
    for f in h.c:
        calls = banned_for(f)
        pattern = re.compile(r"(?<![\w.>])(" + "|".join(calls) + r")\s*\(")
        for i, line in enumerate(f.code, 1):
            for m in pattern.finditer(line):
                h.say(f, i, "call", f"{m[1]}() is not used here", calls[m[1]])


def is_constant(declaration):
    after = declaration.rsplit("*", 1)[-1] if "*" in declaration else declaration
    return re.search(r"\bconst\b", after) is not None


def check_data(h):
    """Data that outlives its function and can change: state belongs to a struct that is passed."""
    starts = re.compile(r"^(\s*static\b(?!\s+inline|_assert)|(?!static|extern|typedef|return|goto)"
                        r"[A-Za-z_]\w*\s+[\w *]*\w+\s*(\[[^]]*\]\s*)*[=;])")
    for f in h.c:
        if f.path == "src/main.c" or f.folder in AROUND:
            continue
        for i, line in enumerate(f.code, 1):
            if not starts.match(line) or re.match(r"(struct|union|enum)\s+\w+\s*;", line):
                continue
            text = " ".join(f.code[i - 1:i + 4]) + ";"
            stop = re.search(r"\(\s*\*|[=;{(]", text)
            if stop[0] in "({":     # a function, a type
                continue
            end = text.index(")") if stop[0][0] == "(" else stop.start()
            if not is_constant(text[:end]):
                h.say(f, i, "mutable", "data that can change outlives its function",
                      "put it into a struct that is passed, or make it const (char *const names[])")


def check_heads(h):
    for f in h.c:
        name = f.path.rsplit("/", 1)[1]
        if not f.text.startswith(f"/* {name} — "):
            h.say(f, 1, "head", "the file does not say its purpose", f"open with /* {name} — why")
        guard = re.sub(r"\W", "_", re.sub(r"^src/", "", f.path)).upper()
        if name.endswith(".h") and f"#ifndef {guard}\n#define {guard}\n" not in f.text:
            h.say(f, 1, "head", "include guard missing or misnamed", f"#ifndef {guard}")
        for i, line in enumerate(f.code, 1):
            if re.match(r"\s*typedef\s+(struct|union)\b", line):
                h.say(f, i, "head", "typedef of a struct", "write struct name at each use")


def check_dead(h):
    used = {n for f in h.c for _, outside, n in f.includes if not outside}
    for f in h.files:
        if f.path.startswith("tools/") and f.path.endswith(".py"):
            used |= set(re.findall(r'#include \\?"([\w/.]+)', f.text))
    for f in h.c:
        base = re.sub(r"^src/", "", f.path).removesuffix(".c")
        stem = base.rsplit("/", 1)[-1]
        if f.path.endswith(".h"):
            if base not in used:
                h.say(f, 1, "dead", "no file includes this header", "use it or delete it")
        elif f.folder in h.floors:
            if base.removeprefix(f.folder + "/") not in h.floors[f.folder][1]:
                h.say(f, 1, "dead", "no build uses this file", "add it to floors in meson.build")
        else:
            row = rf"'{f.unit_of}',\s*'{stem}'" if f.unit_of else rf"'([\w./-]*/)?{stem}(\.c)?'"
            if not re.search(row, h.meson):
                h.say(f, 1, "dead", "no build uses this file", "add its row to meson.build")


def check_words(h):
    words = None
    if h.forbidden:
        words = re.compile(r"(?<![A-Za-z0-9])(" + "|".join(map(re.escape, h.forbidden)) +
                           r")s?(?![A-Za-z0-9])", re.I)
    for f in h.files:
        for i, line in enumerate(f.lines, 1):
            if UNFINISHED.search(line):
                h.say(f, i, "words", "unfinished by its own words", "finish it, or open an issue")
            if MACHINE.search(line):
                h.say(f, i, "words", "a path of one machine", "a relative path, or a setting")
            m = words and (f.is_c or f.path.startswith("schema/")) and words.search(line)
            if m:
                h.say(f, i, "words", f"the word '{m[1]}' has another name here",
                      h.forbidden[m[1].lower()] + " (docs/glossary.md)")


RULES = (check_rows, check_includes, check_cycles, check_functions, check_sizes, check_calls,
         check_data, check_heads, check_dead, check_words)


def check(root):
    h = House(root)
    for rule in RULES:
        rule(h)
    return h


def main(argv):
    h = check(argv[1] if len(argv) > 1 else Path(__file__).resolve().parent.parent)
    for path, line, what in sorted(h.found):
        print(f"{path}:{line}: {what}")
    print(f"tidy: {len(h.files)} files, {len(h.found)} violations")
    return 1 if h.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
