#!/usr/bin/env python3
"""policy.py — callbacks with and without, as a page and a plot.

  policy.py BENCH ROOT write    makes docs/callback-policy.md and .svg from what the bench counts
  policy.py BENCH ROOT check    the same, compared with the files; exit 1 when they differ, somebody
                                was passed over or starved, or promises were broken too often

BENCH is bench-policy (test/prop/policy.c), which counts from the events of simulated days.
Integers, so that the same seed gives the same files everywhere. Standard library only."""
import subprocess
import sys
from pathlib import Path

PROFILE = "sim/profiles/rappels-nancy.yaml"
DAYS, SEED, LOADS = 60, 1, (80, 90, 100, 110, 120, 130)
KEPT_PM_MIN = 950               # promises kept, of a thousand
HARD, THIN = "\u00a0", "\u202f"
PAGE, PLOT = "docs/callback-policy.md", "docs/callback-policy.svg"


def rows(bench, root, loads=LOADS):
    """The rows of the bench, and whether it found its own account sound."""
    r = subprocess.run([bench, str(root / PROFILE), str(DAYS), str(SEED), *map(str, loads)],
                       capture_output=True, text=True, check=False)
    head, *lines = r.stdout.splitlines()
    keys = head.split("\t")
    found = [dict(zip(keys, line.split("\t"))) for line in lines]
    return [{k: v if k == "callbacks" else int(v) for k, v in row.items()} for row in found], \
        r.returncode == 0


def problems(found):
    for r in found:
        where = f"load {r['load']} %, {r['callbacks']}"
        if r["violations"]:
            yield f"property FAILED: order: {where}: {r['violations']} passed over"
        if r["starved"]:
            yield f"property FAILED: starvation: {where}: {r['starved']}"
        if r["callbacks"] == "with" and r["kept_pm"] < KEPT_PM_MIN:
            yield f"property FAILED: kept: {where}: {r['kept_pm']} of a thousand"


# ---- French text -------------------------------------------------------------------------------
def percent(pm):
    return f"{pm // 10},{pm % 10}{HARD}%"


def number(n):
    return f"{n:,}".replace(",", THIN)


def duration(s):
    if s >= 3600:
        return f"{s // 3600}{HARD}h{HARD}{s // 60 % 60:02}"
    return f"{s // 60}{HARD}min{HARD}{s % 60:02}" if s >= 60 else f"{s}{HARD}s"


def table(head, lines):
    out = ["| " + " | ".join(head) + " |", "|" + "---:|" * len(head)]
    return "\n".join(out + ["| " + " | ".join(line) + " |" for line in lines])


def both(found):
    """(without, with) of each load."""
    by = {(r["load"], r["callbacks"]): r for r in found}
    return [(by[n, "without"], by[n, "with"]) for n in sorted({r["load"] for r in found})]


def compared(found):
    return table(
        ("Charge", "Rappels", "Demandes", "Servies", "Abandons", "Attente en ligne, moyenne",
         "neuf sur dix", "Agents libres"),
        [(f"{r['load']}{HARD}%", "avec" if r["callbacks"] == "with" else "sans",
          number(r["asked"]), percent(r["served_pm"]), percent(r["left_pm"]),
          duration(r["line_mean_s"]), duration(r["line_p90_s"]), percent(r["idle_pm"]))
         for pair in both(found) for r in pair])


def promised(found):
    return table(
        ("Charge", "Promis", "Appelés dans le délai dit", "dont plus tôt que dit", "Honorés",
         "Délai, moyenne", "neuf sur dix", "le plus long", "Agents gardés"),
        [(f"{r['load']}{HARD}%", number(r["promised"]), percent(r["kept_pm"]),
          percent(r["sooner_pm"]), percent(r["honoured_pm"]), duration(r["called_mean_s"]),
          duration(r["called_p90_s"]), duration(r["called_max_s"]), percent(r["kept_agent_pm"]))
         for _, r in both(found)])


def justice(found):
    return table(
        ("Charge", "Rappels", "Dépassements sans règle", "Dépassements par la part réservée",
         "Plus de 2 h ouvrées sans appel", "Pas encore appelés à la fin"),
        [(f"{r['load']}{HARD}%", "avec" if r["callbacks"] == "with" else "sans",
          number(r["violations"]), number(r["by_share"]), number(r["starved"]),
          number(r["not_called"])) for pair in both(found) for r in pair])


TEXT = """# Rappeler plutôt que faire attendre : ce que cela change

Cette page est faite par `tools/policy.py` à partir de journées simulées par le cœur qui sert en
vrai. Ne la corrigez pas à la main : un test la recalcule et refuse la moindre différence.

![Part servie et attente, avec et sans rappels, selon la charge](callback-policy.svg)

**Le centre** : quatorze conseillers (`{profile}`), {days} jours, graine {seed}. **La charge** :
le travail demandé par les premiers appels, rapporté à celui que les agents présents peuvent faire
; à 100 %, les nouvelles tentatives de qui a abandonné s’y ajoutent encore. **La règle** : le
rappel est proposé à qui a attendu 2 min, ou s’entend dire qu’il attendra au moins 2 min ; il
garde sa place ; au plus la moitié des agents au travail est gardée pour rappeler tant que
quelqu’un attend en ligne. **Suppositions**, sans source publiée : la moitié accepte ; à chaque
essai 15 % ne répondent pas et 10 % sont un répondeur ; 5 % rappellent malgré la promesse ; qui
masque son numéro n’est pas rappelé ; trois essais, espacés de 45 min.

## Avec et sans

{compared}

« Servies » : décrochées, ou rappelées et jointes, sur toutes les demandes d’une personne. «
Agents libres » : part du temps de travail, pauses exclues, où l’agent n’a personne.

## Les promesses

{promised}

Le délai dit est la fourchette qui suit celle de l’attente en ligne (« d’ici cinq à dix minutes »
à qui attendrait deux à cinq minutes) : avec la même fourchette, jusqu’à une promesse sur six
était en retard à 130 %. Une promesse est tenue quand le premier appel part avant la borne haute.
Presque tous sont donc appelés *plus tôt* que la borne basse : la promesse est « d’ici », pas « à
partir de ». Les délais de plusieurs heures sont ceux de promesses faites juste avant la fermeture
et tenues le lendemain ; ils comptent comme non tenus quand la fourchette dite était passée. «
Agents gardés » : part du temps de travail entre la réservation de l’agent et la première parole.

## L’ordre

{justice}

Compté à part du cœur, d’après les seuls événements : personne n’est dépassé sans que l’événement
porte le nom de la règle, et chacun est appelé.

## Ce qu’il faut en retenir

- Les rappels ne créent pas de temps d’agent. La part servie bouge de moins de trois points, dans un
  sens ou dans l’autre : du temps va à des téléphones qui sonnent dans le vide, et qui aurait
  abandonné reste dans la file, à sa place.
- Ils remplacent une attente en ligne par une attente chez soi. Ce qui manque au-delà de 100 %, ce
  sont des agents.
- Pas mesuré ici : les créneaux, les SMS avant l’appel, un numéro autre que celui de l’appel,
  plusieurs sites.

Refaire : `tools/policy.py build/gcc/test/bench-policy . write`. Les comptes bruts : `bench-policy
{profile} {days} {seed} {loads}`.
"""


def spaced(text):
    """Spaces before : ; ? ! % and within « » do not break."""
    for mark in ":;?!%»":
        text = text.replace(f" {mark}", f"{HARD}{mark}")
    return text.replace("« ", f"«{HARD}")


def page(found):
    words = TEXT.format(profile=PROFILE, days=DAYS, seed=SEED, loads=" ".join(map(str, LOADS)),
                        compared="\0", promised="\1", justice="\2")
    text = spaced(words)
    return text.replace("\0", compared(found)).replace("\1", promised(found)) \
               .replace("\2", justice(found))


# ---- the plot ----------------------------------------------------------------------------------
WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP = 960, 430, 70, 70, 360, 110
SHAPES = {"circle": '<circle cx="{x}" cy="{y}" r="4.5" fill="{fill}" stroke="{ink}"/>',
          "square": '<rect x="{l}" y="{t}" width="9" height="9" fill="{fill}" stroke="{ink}"/>',
          "diamond": '<path d="M{x} {t0}L{r0} {y}L{x} {b0}L{l0} {y}Z" fill="{fill}" '
                     'stroke="{ink}"/>'}


class Panel:
    """One plot: its place, its highest value, how values are written."""

    def __init__(self, index, title, most, each, written):
        self.x0, self.title, self.most = LEFT + index * (PANEL + GAP), title, most
        self.each, self.written = each, written

    def x(self, load):
        return round(self.x0 + (load - LOADS[0]) / (LOADS[-1] - LOADS[0]) * PANEL)

    def y(self, value):
        return round(TOP + 260 - value / self.most * 260)

    def frame(self):
        yield f'<text x="{self.x0}" y="{TOP - 20}" font-weight="bold">{self.title}</text>'
        for v in range(0, self.most + 1, self.each):
            y = self.y(v)
            yield f'<path d="M{self.x0} {y}H{self.x0 + PANEL}" stroke="#ccc"/>'
            yield f'<text x="{self.x0 - 8}" y="{y + 4}" text-anchor="end">{self.written(v)}</text>'
        for load in LOADS:
            yield (f'<text x="{self.x(load)}" y="{TOP + 282}" text-anchor="middle">{load}{HARD}%'
                   f'</text>')

    def line(self, points, look):
        ink, dash, shape, fill = look
        at = [(self.x(load), self.y(v)) for load, v in points]
        path = "L".join(f"{x} {y}" for x, y in at)
        yield f'<path d="M{path}" fill="none" stroke="{ink}" stroke-width="2"{dash}/>'
        for x, y in at:
            yield SHAPES[shape].format(x=x, y=y, l=x - 4.5, t=y - 4.5, t0=y - 6, b0=y + 6, l0=x - 6,
                                       r0=x + 6, fill=fill, ink=ink)

    def key(self, row, look, words):
        ink, dash, shape, fill = look
        y, x = TOP + 308 + 18 * row, self.x0
        yield f'<path d="M{x} {y}H{x + 34}" stroke="{ink}" stroke-width="2"{dash}/>'
        yield SHAPES[shape].format(x=x + 17, y=y, l=x + 12.5, t=y - 4.5, t0=y - 6, b0=y + 6,
                                   l0=x + 11, r0=x + 23, fill=fill, ink=ink)
        yield f'<text x="{x + 44}" y="{y + 4}">{words}</text>'


WITHOUT = ("#000", "", "circle", "#fff")
WITH = ("#000", ' stroke-dasharray="7 4"', "square", "#000")
CALLED = ("#666", ' stroke-dasharray="2 4"', "diamond", "#666")


def drawn(panel, found, lines):
    out = list(panel.frame())
    for row, (callbacks, field, look, words) in enumerate(lines):
        points = [(r["load"], r[field]) for r in found if r["callbacks"] == callbacks]
        out += panel.line(points, look)
        out += panel.key(row, look, words)
    return out


def plot(found):
    served = Panel(0, "Demandes servies", 1000, 200, lambda v: f"{v // 10}{HARD}%")
    longest = max(r[k] for r in found for k in ("line_p90_s", "called_p90_s"))
    waits = Panel(1, "Attente, neuf personnes sur dix", (longest // 180 + 1) * 180, 180,
                  lambda v: f"{v // 60}{HARD}min")
    ends = " ".join(f"À {a['load']}{HARD}% : servies {percent(a['served_pm'])} sans, "
                    f"{percent(b['served_pm'])} avec ; en ligne {duration(a['line_p90_s'])} sans, "
                    f"{duration(b['line_p90_s'])} avec ; rappelés en {duration(b['called_p90_s'])}."
                    for a, b in both(found))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
             f'aria-labelledby="title desc" font-family="sans-serif" font-size="13" fill="#000">',
             '<title id="title">Part servie et attente, avec et sans rappels, selon la charge'
             '</title>', f'<desc id="desc">{spaced(ends)}</desc>',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    parts += drawn(served, found, [("without", "served_pm", WITHOUT, "sans rappels"),
                                   ("with", "served_pm", WITH, "avec rappels")])
    parts += drawn(waits, found, [("without", "line_p90_s", WITHOUT, "en ligne, sans rappels"),
                                  ("with", "line_p90_s", WITH, "en ligne, avec rappels"),
                                  ("with", "called_p90_s", CALLED,
                                   "de la promesse au premier appel")])
    parts.append(f'<text x="{LEFT}" y="24">Charge en abscisse : travail demandé, rapporté à celui '
                 f'des agents présents</text>'.replace(" :", f"{HARD}:"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def main(argv):
    if len(argv) != 4 or argv[3] not in ("write", "check"):
        sys.exit(__doc__)
    root = Path(argv[2])
    found, sound = rows(argv[1], root)
    wrong = list(problems(found)) + ([] if sound else ["property FAILED: order: of the bench"])
    for path, text in ((PAGE, page(found)), (PLOT, plot(found))):
        if argv[3] == "write":
            (root / path).write_text(text, encoding="utf-8")
        elif (root / path).read_text(encoding="utf-8") != text:
            wrong.append(f"property FAILED: {path} is not what the bench counts: policy.py write")
    print("\n".join(wrong) or f"{len(found)} rows, no rule broken")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
