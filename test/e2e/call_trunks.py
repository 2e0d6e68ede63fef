"""call_trunks.py — cases of call.py: operators who want a REGISTER, are silent, or refuse us."""
import time

from cases import case
from call_reload import accepted, change
from telco import Telco


def with_trunks(w, *telcos, secret="s3cret"):
    """The directory gets these operators, by reload."""
    rows = [f'  - {{ id: op{i}, host: "localhost:{t.port}", user: ours, register: true, '
            f'priority: {i + 1}, channels: 30, transport: {"tcp" if t.tcp else "udp"} }}\n'
            for i, t in enumerate(telcos)]
    change(w, "directory.yaml", ("trunks:  ", "trunks:\n" + "".join(rows) + "#"))
    rows = [f'  - {{ id: op{i}, secret: "{secret}" }}\n' for i, _ in enumerate(telcos)]
    change(w, "secrets.yaml", ("agents:\n", "trunks:\n" + "".join(rows) + "agents:\n"))
    accepted(w)


def status(w):
    return w.service.run("status", "--socket", w.service.settings["web"]["socket"]).stdout


def until(w, words, seconds=15):
    end = time.monotonic() + seconds
    while words not in status(w) and time.monotonic() < end:
        time.sleep(0.2)
    w.check(f"status says “{words}”", words in status(w), lambda: status(w))


@case()
def trunk_registers(w):
    """By name; two operators; 401, 423; what the status says when one falls silent and is back."""
    with Telco() as one, Telco(min_expires=1200) as two:
        with_trunks(w, one, two)
        w.check("the first is registered with", one.wait("REGISTER", 2) and two.wait("REGISTER", 3))
        until(w, "Accès op0\u00a0: répond, enregistré, 0 appel sur 30 voies")
        until(w, "Accès op1\u00a0: répond, enregistré")
        one.is_silent = True
        began = time.monotonic()
        until(w, "Accès op0\u00a0: ne répond pas", 20)
        w.fact("known to be silent after", time.monotonic() - began, "s")
        w.check("health says it with its cure", "pare-feu" in status(w), lambda: status(w))
        one.is_silent = False
        until(w, "Accès op0\u00a0: répond")
        w.call()


@case()
def trunk_refuses(w):
    """A wrong secret is given twice at most, then once a minute; calls go on."""
    with Telco() as one, Telco(always="503 Service Unavailable") as two:
        with_trunks(w, one, two, secret="wrong")
        w.check("it is tried", one.wait("REGISTER", 2))
        time.sleep(6)
        w.check("and not again and again", one.count("REGISTER") == 2,
                lambda: one.count("REGISTER"))
        until(w, "Accès op0\u00a0: répond, pas enregistré")
        until(w, "Accès op1\u00a0: ne répond pas, pas enregistré")
        w.check("the log says so", w.service.program.line_with("refuses our name or secret", 5))
        w.check("the secret is nowhere", "wrong" not in w.service.said())
        w.call()
