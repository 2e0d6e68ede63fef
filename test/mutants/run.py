#!/usr/bin/env python3
"""run.py — planted faults: each patch of this folder must be found by the property it names.

  run.py ROOT CACHE NAME        one fault: apply, build, run; exit 1 when it is not found
  run.py ROOT CACHE none NAME…  the tree as it is passes the programs that the patches name, and
                                the names given are all the patches that there are
Called by meson (suite mutants). A patch opens with lines that say what it is:
  # finds: prop/rules        the program that must find it: a row of programs or units
  # with: --lives 1000000    arguments for it, when it would stop searching too early
  # property: order          words of a line with FAILED that it must print
  # fault: what a good programmer might have done
Sources are compiled straight from the rows of meson.build; objects of the unchanged tree and what
its schema becomes are made once, in CACHE, and used again. Standard library only.
"""
import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 60                    # a fault must be found within this time of running
BUILD_SECONDS = 300
KEPT_DAYS = 3                   # objects that nobody used for so long are dropped
PARTS = ("src", "schema", "prompts", "test", "tools", "sim", "web", "meson.build")
MAKERS = ("schema", "prompts", "tools", "web")      # of generated sources, and src/*/migrate
FLAGS = ["-std=gnu11", "-O1", "-D_GNU_SOURCE", '-DDECROCHE_VERSION="0"', "-w", "-pthread"]
CAST_PROFILE = "sim/profiles/haute-lisiere.yaml"    # goes with the program, as text
HEADERS = re.compile(r'#include "([^"]+)"')


class Wrong(Exception):
    pass


# ---- what meson.build says ----------------------------------------------------------------------
def array(meson, name):
    """The rows of a literal array; a variable in it becomes its name with a dollar."""
    m = re.search(rf"^{name} = \[.*?^\]", meson, re.S | re.M)

    def value(node):
        if isinstance(node, ast.List):
            return [value(e) for e in node.elts]
        return node.value if isinstance(node, ast.Constant) else "$" + ast.unparse(node)
    return value(ast.parse(m.group()).body[0].value) if m else []


class Plan:
    """Which sources and libraries a test program is made of."""

    def __init__(self, tree):
        text = (tree / "meson.build").read_text()
        self.floors = {row[0]: row for row in array(text, "floors")}
        self.programs = {f"{row[0][0]}/{row[1]}": row for row in array(text, "programs")}
        self.units = {f"{row[0]}/{row[1]}": row for row in array(text, "units")}
        self.outside = dict(re.findall(r"^(\w+) = dependency\('([^']+)'", text, re.M))

    def sources(self, program):
        """Sources from the root of the tree, and the libraries outside, of a program."""
        if program in self.programs:
            row = self.programs[program]
            own, folders = list(row[2]), row[3]
        elif program in self.units:
            folder, stem = self.units[program][:2]
            own, folders = [f"test/unit/{folder}/{stem}.c"], [folder]
        else:
            raise Wrong(f"there is no program {program} in meson.build")
        below = set(folders)
        while more := {low for f in below for low in self.floors[f][2]} - below:
            below |= more
        for f in sorted(below):
            root = "" if f == "sim" else "src/"
            own += [f"{root}{f}/{s}.c" for s in self.floors[f][1]]
        wanted = {"cmocka"} | {self.outside[d[1:]] for f in below for d in self.floors[f][3]
                               if d[1:] in self.outside}
        return own, sorted(wanted - {"threads"})


# ---- building -----------------------------------------------------------------------------------
def call(command, cwd, seconds=BUILD_SECONDS, **more):
    return subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=seconds, **more)


def must(command, cwd, what):
    r = call(command, cwd)
    if r.returncode:
        raise Wrong(f"{what}:\n{r.stdout[-3000:]}")
    return r.stdout


def makers(tree):
    """What generated sources are made of."""
    found = [*(tree / "src").glob("*/migrate/*.sql"), *(tree / CAST_PROFILE).parent.glob(
        Path(CAST_PROFILE).name)]
    for part in MAKERS:
        for folder, _, names in os.walk(tree / part, followlinks=True):
            found += [Path(folder, n) for n in names if not n.endswith((".wav", ".pyc"))]
    return [p.relative_to(tree).as_posix() for p in found]


def generated(tree, cache):
    """What the schema becomes, under gen/ of the tree; made once from the same files. Sources."""
    kept = cache / ("gen-" + digest(tree, makers(tree), {}))
    if not kept.exists():
        generate(tree)
        beside = cache / f"{kept.name}.{os.getpid()}"
        shutil.copytree(tree / "gen", beside)
        shutil.rmtree(tree / "gen")
        try:
            beside.rename(kept)
        except OSError:             # another process was first
            shutil.rmtree(beside)
    os.utime(kept)
    if not (tree / "gen").exists():
        (tree / "gen").symlink_to(kept)
    return [f"gen/{p.relative_to(kept).as_posix()}" for p in sorted(kept.rglob("*.c"))]


def generate(tree):
    """Headers and sources under gen/ of the tree."""
    out = tree / "gen" / "event"
    out.mkdir(parents=True, exist_ok=True)
    must([sys.executable, "tools/gen.py", "schema", str(out)], tree, "the generator fails")
    if (tree / "tools/gen_settings.py").exists():
        (tree / "gen/settings").mkdir(exist_ok=True)
        must([sys.executable, "tools/gen_settings.py", "schema", "gen/settings"], tree,
             "the generator of settings fails")
    if (tree / "tools/prompts.py").exists():
        (tree / "gen/say").mkdir(exist_ok=True)
        must([sys.executable, "tools/prompts.py", "enum", ".", "gen/say"], tree,
             "the table of prompts fails")
    if (tree / "tools/gen_api.py").exists():
        (tree / "gen/app").mkdir(exist_ok=True)
        must([sys.executable, "tools/gen_api.py", "schema", "gen/app"], tree,
             "the table of routes fails")
    for folder in sorted(p.name for p in (tree / "src").iterdir()):
        embed(tree, folder)
    if (tree / CAST_PROFILE).exists():
        (tree / "gen/sim").mkdir(exist_ok=True)
        must([sys.executable, "tools/embed_text.py", "cast_profile", "sim/cast.h", CAST_PROFILE,
              "gen/sim/cast_profile.c"], tree, "the profile does not embed")
    if (tree / "web").exists():
        (tree / "gen/view").mkdir(exist_ok=True)
        assets = sorted(p.relative_to(tree).as_posix() for p in (tree / "web").iterdir())
        must([sys.executable, "tools/embed_assets.py", "gen/view/assets.c", *assets], tree,
             "what browsers load does not embed")


def embed(tree, folder):
    """The tables of a folder as C, when it has any."""
    scripts = sorted((tree / "src" / folder / "migrate").glob("*.sql"))
    out = f"gen/{folder}/{folder}_migrations.c"
    if not scripts:
        return
    (tree / out).parent.mkdir(parents=True, exist_ok=True)
    must([sys.executable, "tools/embed.py", folder, str(tree / out), *map(str, scripts)], tree,
         "the tables do not embed")


def generated_for(sources, made):
    """Of the generated sources, those whose folder the program links."""
    folders = {s.split("/")[1] for s in sources if s.startswith("src/")}
    folders |= {"sim" for s in sources if s.startswith("sim/")}
    return [g for g in made if g.split("/")[1] in folders]


def pkg(which, libraries):
    text = must(["pkg-config", which, *libraries], "/", "pkg-config") if libraries else ""
    return text.split()


def compile_one(tree, source, out, cflags):
    out.parent.mkdir(parents=True, exist_ok=True)
    must(["cc", *FLAGS, *cflags, "-Isrc", "-Igen", "-I.", "-c", source, "-o", str(out)], tree,
         f"{source} does not compile")


class Reach:
    """Which files a source sees, so that only what a patch changes is compiled again."""

    def __init__(self, tree):
        self.tree, self.seen = tree, {}

    def files(self, path):
        if path in self.seen:
            return self.seen[path]
        self.seen[path] = found = {path}
        file = self.tree / path
        for name in HEADERS.findall(file.read_text(errors="replace")) if file.exists() else []:
            for folder in ("src/", "gen/", ""):
                if (self.tree / (folder + name)).exists():
                    found |= self.files(folder + name)
        return found


def digest(tree, paths, known):
    """known: the digests of files that were read before."""
    h = hashlib.sha256(" ".join(FLAGS).encode())
    for p in sorted(paths):
        if p not in known:
            known[p] = hashlib.sha256((tree / p).read_bytes()).digest()
        h.update(p.encode() + b"\0" + known[p])
    return h.hexdigest()[:32]


def build(tree, cache, program):
    """The program's executable in tree/out; objects are kept in cache by the content they see."""
    sources, libraries = Plan(tree).sources(program)
    sources += generated_for(sources, generated(tree, cache))
    cflags, reach, objects, known = pkg("--cflags", libraries), Reach(tree), [], {}
    for source in sources:
        kept = cache / (digest(tree, reach.files(source), known) + ".o")
        if not kept.exists():
            fresh = tree / "out" / (source.replace("/", "_") + ".o")
            compile_one(tree, source, fresh, cflags)
            copy_whole(fresh, kept)
        os.utime(kept)
        objects.append(str(kept))
    exe = tree / "out" / program.replace("/", "-")
    exe.parent.mkdir(exist_ok=True)
    must(["cc", "-pthread", *objects, *pkg("--libs", libraries), "-lm", "-lresolv", "-o", str(exe)],
         tree, f"{program} does not link")
    return exe


def copy_whole(source, to):
    """Another process sees the object whole or not at all."""
    beside = to.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, beside)
    beside.replace(to)


def forget_old(cache):
    for p in [*cache.glob("*.o"), *cache.glob("gen-*")]:
        if p.stat().st_mtime >= time.time() - KEPT_DAYS * 86400:
            continue
        if p.is_dir():
            shutil.rmtree(p, ignore_errors=True)
        else:
            p.unlink(missing_ok=True)


# ---- one fault ----------------------------------------------------------------------------------
def head(patch):
    rows = re.findall(r"^# (\w+): (.+)$", patch.read_text(), re.M)
    lacks = {"finds", "property", "fault"} - {k for k, _ in rows}
    if lacks:
        raise Wrong(f"{patch.name} does not say {', '.join(sorted(lacks))}")
    return dict(rows)


def link(source, to, changed):
    """A link; of a folder in which something changes: a folder of links; what changes: a copy."""
    inside = [c for c in changed if c == source or source in c.parents]
    if not inside:
        to.symlink_to(source)
    elif source.is_dir():
        to.mkdir()
        for p in source.iterdir():
            link(p, to / p.name, inside)
    else:
        shutil.copyfile(source, to)


def link_tree(root, tree, changed=()):
    for part in PARTS:
        link(root / part, tree / part, [root / c for c in changed])


def run(exe, tree, arguments, seconds):
    """(exit code, what it said); the code is None when the time was over."""
    env = {k: v for k, v in os.environ.items() if k != "DECROCHE_TEST"}
    try:
        r = call([str(exe), *arguments], tree, seconds, env=env)
        return r.returncode, r.stdout
    except subprocess.TimeoutExpired as e:
        said = e.stdout or b""
        return None, said.decode(errors="replace") if isinstance(said, bytes) else said


def failed_with(said, word, code):
    """Is word on a line of a failure, or of the test during which the program was stopped?"""
    lines = [s for s in said.splitlines() if "FAILED" in s]
    if code < 0:
        lines += [s for s in said.splitlines() if "[ RUN" in s][-1:]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", s) for s in lines)


def judge(says, code, said):
    """What is wrong with the way this fault was met, or nothing."""
    if code is None:
        return f"NOT FOUND in {SECONDS} s"
    if code == 0:
        return "NOT FOUND: the program passes"
    if not failed_with(said, says["property"], code):
        return "found by another property:\n" + said[-1000:]
    return None


def plant(root, cache, name):
    patch = root / "test/mutants" / (name + ".patch")
    says = head(patch)
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder)
        link_tree(root, tree, re.findall(r"^(?:---|\+\+\+) [ab]/(\S+)", patch.read_text(), re.M))
        env = dict(os.environ, GIT_CEILING_DIRECTORIES=str(tree.parent))
        applied = call(["git", "apply", "-C1", str(patch)], tree, env=env)
        if applied.returncode:
            raise Wrong(f"{name}: the patch no longer applies; plant it again\n{applied.stdout}")
        exe = build(tree, cache, says["finds"])
        began = time.monotonic()
        code, said = run(exe, tree, says.get("with", "").split(), SECONDS)
        took = time.monotonic() - began
    why = judge(says, code, said)
    print(f"{name}: {why or 'found by ' + says['property']} after {took:.1f} s — {says['fault']}")
    return 1 if why else 0


def check_sound(root, cache, listed):
    """No fault, no finding; and no patch that no row names."""
    patches = sorted((root / "test/mutants").glob("*.patch"))
    there = {p.stem for p in patches}
    if there != set(listed):
        raise Wrong(f"rows of mutants in meson.build and patches differ: {there ^ set(listed)}")
    failed_n = 0
    with tempfile.TemporaryDirectory(prefix="mutant-none-") as folder:
        tree = Path(folder)
        link_tree(root, tree)
        for program in sorted({head(p)["finds"] for p in patches}):
            began = time.monotonic()
            code, said = run(build(tree, cache, program), tree, [], SECONDS)
            failed_n += code != 0
            print(f"{program}: {'passes' if code == 0 else 'FAILED without a fault'} "
                  f"after {time.monotonic() - began:.1f} s")
            if code:
                print(said[-1000:])
    return 1 if failed_n else 0


def main(argv):
    if len(argv) < 4:
        sys.exit(__doc__)
    root, cache = Path(argv[1]).resolve(), Path(argv[2]).resolve()
    cache.mkdir(parents=True, exist_ok=True)
    try:
        if argv[3] == "none":
            forget_old(cache)
            return check_sound(root, cache, argv[4:])
        return plant(root, cache, argv[3])
    except Wrong as e:
        print(f"{argv[3]}: FAILED: {e}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
