#!/usr/bin/env python3
"""trials.py — a test call of an access to an operator, from end to end: asked for from the page, a
real INVITE, what came of it in words; what may not be called is not; a change after which the call
no longer passes is undone by the house alone, and one that is good stays.

  trials.py DECROCHE DEMO [NAME …]
"""
import re
import sys

from accounts import Browser, add, must
from robots import wait_until
from service import Service
from telco import Telco

PAGE = "/administration/operateurs"
NUMBER = "06 39 98 00 42"
TRUNKS = """trunks:
  # l’opérateur de la maison
  - {{ id: op, host: "127.0.0.1:{port}", test_number: "06 39 98 00 42", priority: 1 }} # le nôtre
"""


class Operator(Telco):
    """Answers each INVITE with this status."""

    def __init__(self, invited, **how):
        self.invited = invited
        super().__init__(**how)

    def _judge(self, message):
        return (self.invited, []) if message.startswith("INVITE") else super()._judge(message)


def office(s):
    """An administrator's browser."""
    b = Browser(s)
    add(s, "admin", "administrator")
    must(b.sign_in("admin")[0], 303, "signed in")
    return b


def page(b, path=PAGE):
    return b.ask("GET", path)[1]


def tries(b, number=NUMBER):
    return b.ask("POST", "/administration/appel-essai",
                 {"csrf": b.csrf(), "acces": "op", "numero": number})[0]


def says(b, words, seconds=10):
    assert wait_until(lambda: words in page(b), seconds, 0.1), (words, page(b))


def log(b):
    return page(b, "/administration/comptes")


def house(decroche, demo, operator):
    def put(home):
        d = home / "directory.yaml"
        text = re.sub(r"trunks:.*?\n(?=\S)", TRUNKS.format(port=operator.port),
                      d.read_text() + "\nend: 0", flags=re.S)
        d.write_text(text.removesuffix("end: 0"))
    return Service(decroche, demo, edit=put)


def changes(b, **fields):
    """The first access is another from now on: (status, text) of the answer."""
    listed = page(b)
    line = re.search(r"fiche\?liste=operateurs&amp;ligne=(\d+)", listed)[1]
    form = page(b, f"/administration/fiche?liste=operateurs&ligne={line}")
    base = re.search(r'name="base" value="(\w+)"', form)[1]
    sent = dict(re.findall(r'name="(f\.[\w-]+)" type="text" value="([^"]*)"', form))
    sent |= {f"f.{k}": v for k, v in fields.items()}
    return b.ask("POST", "/administration/fiche",
                 {"csrf": b.csrf(), "liste": "operateurs", "ligne": line, "base": base,
                  "faire": "enregistrer", "note": ""} | sent)[:2]


# ---- cases --------------------------------------------------------------------------------------
def a_call_is_made_and_told(decroche, demo):
    with Operator("486 Busy Here") as op, house(decroche, demo, op) as s:
        b = office(s)
        says(b, "Aucun appel d’essai")
        must(tries(b), 303, "asked for")
        says(b, "Occupé")
        assert op.wait("INVITE"), op.heard
        invite = [m for _, method, m in op.heard if method == "INVITE"][0]
        assert invite.startswith("INVITE sip:+33639980042@127.0.0.1"), invite
        op.invited = "404 Not Found"
        tries(b)
        says(b, "ne connaît pas ce numéro")
        for number, why in (("112", "urgence"), ("3646", "court"), ("0899 12 34 56", "surtaxé"),
                            ("<b>", "pas un numéro")):
            n = op.count("INVITE")
            tries(b, number)
            says(b, why)
            must(op.count("INVITE"), n, number)
            assert "<b>" not in page(b)
        must(b.ask("POST", "/administration/appel-essai",
                   {"csrf": b.csrf(), "acces": "rien", "numero": NUMBER})[0], 404, "unknown")
        must(b.ask("POST", "/administration/appel-essai", {"acces": "op", "numero": NUMBER})[0],
             403, "forged")
        assert "op : refusé, 486" in log(b) and "appel d’essai" in log(b), log(b)
        assert not s.events().of("call_arrived", "call_ended"), "it is in the figures"


def a_change_that_stops_calls_is_undone_alone(decroche, demo):
    with Operator("486 Busy Here") as op, Operator("404 Not Found") as other, \
            house(decroche, demo, op) as s:
        b = office(s)
        tries(b)
        says(b, "Occupé")
        before = (s.home / "directory.yaml").read_text()
        assert wait_until(lambda: "L’opérateur répond." in page(b), 15, 0.2), page(b)
        status, text = changes(b, host=f"127.0.0.1:{other.port}")
        must(status, 303, text)
        assert f"127.0.0.1:{other.port}" in (s.home / "directory.yaml").read_text()
        assert other.wait("INVITE"), "the change was not tried"
        must(changes(b, channels="3")[0], 422, "another change meanwhile")
        says(b, "a été défait tout seul", 20)
        must((s.home / "directory.yaml").read_text(), before, "the file")
        assert "réglages défaits tout seuls" in log(b), log(b)
        assert "l’appel d’essai ne passait plus" in page(b, "/administration/historique")
        must(tries(b), 303, "in force as it was")
        says(b, "Occupé")
        n = other.count("INVITE")
        status, text = changes(b, channels="7")     # a good one stays
        must(status, 303, text)
        says(b, "Appel fait après un changement", 20)
        assert wait_until(lambda: changes(b, channels="8")[0] == 303, 10, 0.5), "held for ever"
        assert "channels: \"8\"" in (s.home / "directory.yaml").read_text()
        must(other.count("INVITE"), n, "the other one is called no more")


CASES = (a_call_is_made_and_told, a_change_that_stops_calls_is_undone_alone)


def main():
    decroche, demo, *names = sys.argv[1:]
    for case in CASES:
        if names and not any(n in case.__name__ for n in names):
            continue
        case(decroche, demo)
        print("ok", case.__name__)


if __name__ == "__main__":
    main()
