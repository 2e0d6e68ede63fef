#!/usr/bin/env python3
"""pure.py — what the linker says: floors 0–1 call nothing but themselves and a short list.

  pure.py FOLDER=ARCHIVE...     prints each violation with its object and cure; exit 1 when any.
nm tells what each object needs. Allowed: symbols of the folder itself and of the folders below it
(floors.py), and the whitelist: no clock, no input or output, no allocation can hide. For every
folder: what others call is named folder_… or file_…, and no two folders show the same name.
"""
import re
import subprocess
import sys

from floors import MATH_FILE, MAY, PURE

# Copies and comparisons, assert, and what the compiler's hardening adds.
WHITELIST = re.compile(r"mem(cpy|move|set|cmp|chr|mem|rchr)|bcmp|strn?len|__assert_fail|"
                       r"__stack_chk_fail|__mem\w+_chk|_GLOBAL_OFFSET_TABLE_")
MATH = re.compile(r"(log|log1p|exp|expm1|pow|sqrt|lgamma|ceil|floor|fabs|round|fm(ax|in))(_r)?")


def run_nm(archive, *options):
    """(object file stem, symbol) of each line of nm."""
    said = subprocess.run(["nm", "-A", *options, archive], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    pairs = []
    for line in said.splitlines():
        m = re.search(r"([^/:]+)\.o:[0-9a-f ]*\s[A-Za-z] (\S+)$", line)
        if m:
            pairs.append((re.sub(r"\.c$", "", m[1]), m[2]))
    return pairs


def impurities(folder, needed, known):
    computes = re.sub(r"\W", "_", MATH_FILE.removesuffix(".c"))    # as meson names the object
    for member, symbol in needed:
        math = member.endswith(computes) and MATH.fullmatch(symbol)
        if symbol not in known and not WHITELIST.fullmatch(symbol) and not math:
            yield (f"{folder}: {member} needs {symbol} — this floor is pure: pass the result in, "
                   "or do it behind a struct of port/")


def misnamed(folder, defined, called):
    """What other folders call carries the name of this one, or of its file. Generated objects are
    left out: they are named after what the schema calls things."""
    prefixes = {folder} | {re.sub(r".*?" + folder + "_", "", member) for member, _ in defined}
    for member, symbol in defined:
        named = any(symbol == p or symbol.startswith(p + "_") for p in prefixes)
        if symbol in called and not named and not member.startswith("meson-generated"):
            yield f"{folder}: {member} lends {symbol} to others — name it {folder}_…"


def shared_names(defined):
    owner = {}
    for folder, pairs in defined.items():
        for _, symbol in pairs:
            if owner.setdefault(symbol, folder) != folder:
                yield f"{folder}: {symbol} is also a name of {owner[symbol]} — make it static"


def check(archives):
    defined = {f: run_nm(a, "-g", "--defined-only") for f, a in archives.items()}
    needed = {f: run_nm(a, "-u") for f, a in archives.items()}
    found = list(shared_names(defined))
    for folder in archives:
        called = {s for f, pairs in needed.items() if f != folder for _, s in pairs}
        found += misnamed(folder, defined[folder], called)
        if folder in PURE | {"base"}:
            below = {folder} | MAY[folder]
            known = {s for f in below for _, s in defined.get(f, [])}
            found += impurities(folder, needed[folder], known)
    return sorted(set(found))


def main(argv):
    archives = dict(a.split("=", 1) for a in argv[1:])
    found = check(archives)
    print("\n".join(found + [f"pure: {len(archives)} folders, {len(found)} violations"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
