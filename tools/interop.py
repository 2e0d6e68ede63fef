#!/usr/bin/env python3
"""interop.py — docs/interop.md, from what tests have printed: which ways of SIP were tried with
programs that we did not write. Only what ran is a result; what did not is said to be untried.

  interop.py ROWS LOG… > docs/interop.md    ROWS: test/e2e/interop.tsv; LOG: output of call.py,
                                            kamailio.py and linphone.py ("ok NAME", "NOT ok NAME")
"""
import datetime
import re
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = {"SIPp": (["sipp", "-v"], r"SIPp v([\w.]+)"),
            "baresip": (["dpkg-query", "-W", "-f", "${Version}", "baresip-core"], r"^([\d.]+)"),
            "Kamailio": (["kamailio", "-v"], r"kamailio ([\d.]+)"),
            "Linphone": (["dpkg-query", "-W", "-f", "${Version}", "linphone-cli"], r"^([\d.]+)")}
HEAD = """# Interopérabilité

Ce que decroche a réellement échangé avec des programmes que nous n’avons pas écrits. Cette page est
faite par `tools/interop.py` à partir des essais ; rien n’y est écrit à la main, et ce qui n’a pas
tourné est dit « pas essayé ». Pour un autocommutateur précis, voir
[derriere-un-pbx.md](derriere-un-pbx.md).

Essais du {date} : {versions}.

| avec | ce qui a été échangé | RFC | essai | résultat |
|---|---|---|---|---|
"""
WORDS = {True: "réussi", False: "**manqué**", None: "pas essayé"}


def rows(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def results(paths):
    """{case: did it go well}; a case that went wrong once is wrong."""
    found = {}
    for path in paths:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        for word, name in re.findall(r"^(ok|NOT ok) +(\w+)\b", text, re.M):
            found[name] = found.get(name, True) and word == "ok"
    return found


def version(peer):
    command, form = VERSIONS[peer]
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True)
    m = re.search(form, done.stdout + done.stderr, re.M)
    return m[1] if m else None


def page(table, found, versions, date):
    said = ", ".join(f"{peer} {v}" for peer, v in versions.items() if v) or "aucun programme"
    out = [HEAD.format(date=date, versions=said)]
    for peer, case, rfc, what in table:
        out.append(f"| {peer} | {what} | {rfc} | `{case}` | {WORDS[found.get(case)]} |\n")
    tried = sum(found.get(case) is not None for _, case, _, _ in table)
    out.append(f"\n{tried} lignes essayées sur {len(table)}.\n")
    return "".join(out)


def main():
    table, found = rows(sys.argv[1]), results(sys.argv[2:])
    date = datetime.date.today().strftime("%d/%m/%Y")
    sys.stdout.write(page(table, found, {peer: version(peer) for peer in VERSIONS}, date))


if __name__ == "__main__":
    main()
