#!/usr/bin/env python3
"""written.py — free text by SMS from end to end: the real service, a gateway by HTTP, agents at the
command line. One contact for all that a number writes, taken in the order of places, answered to
that number, counted by what the operator took; nothing lost or doubled by kill -9.

  written.py DECROCHE DEMO
"""
import datetime
import http.client
import json
import random
import re
import sys
import threading
import time

import api
from robots import wait_until
from sms import RECEIVED, House, by_http, check, main
from smsc import Gateway

ACCEPTED = "Message bien recu. Une personne vous répond par SMS."
DAYS = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"]
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def two_who_write(home):
    """a02 reads, too."""
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[famille, accueil, lang:ar]", "[famille, accueil, ecrit]"),
                    encoding="utf-8")


class Desk(House):
    """A house whose agents answer in writing."""

    def __init__(self, decroche, demo, gateway, sms=None, edit=two_who_write):
        self.edit = edit
        super().__init__(decroche, demo, {**by_http(gateway), **(sms or {})},
                         {"sms_number_day": 100})
        self.gateway = gateway

    def _people(self):
        self.edit(self.home)
        return super()._people()

    def writes(self, number, text, key):
        status = self.told(RECEIVED, {"from": f"+{number}", "text": text, "id": key})[0]
        check(status == 200, (status, self.said()[-2000:]))

    def signs_in(self, *agents):
        for agent in agents:
            done = self.run("agent", agent, "sign-in", "-c", self.settings_file)
            check(done.returncode == 0, done.stderr)

    def texts(self, *words):
        return self.run("texts", *words, "-c", self.settings_file)

    def does(self, *words):
        """As JSON; it must be carried out."""
        done = self.texts(*words, "--json")
        check(done.returncode == 0, (words, done.stdout, done.stderr))
        return json.loads(done.stdout)

    def refused(self, word, *words):
        done = self.texts(*words)
        check(done.returncode == 1 and word in done.stderr, (words, word, done))

    def waiting(self):
        return self.does("list")["texts"]

    def sent(self):
        return [json.loads(body)["text"] for _, body in self.gateway.requests]

    def sends(self, text, seconds=10):
        check(wait_until(lambda: text in self.sent(), seconds, 0.05), (text, self.sent()))

    def is_sent(self, reference):
        def answered():
            return self.does("show", reference)["answered"]
        check(wait_until(answered, 10, 0.1), self.does("show", reference))


def a_text_is_acknowledged_taken_answered_and_counted(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway) as desk:
        check(desk.waiting() == [])
        desk.writes(33612345678, "Où en est ma carte\u00a0?", "k1")
        desk.sends(ACCEPTED)
        one = desk.waiting()[0]
        check(one["state"] == "waiting" and one["number"] == "+3361234xxxx" and one["unread"], one)
        check(one["queue"]["id"] == "accueil" and one["texts"] == 1 and one["agent"] is None, one)
        desk.refused("pas en poste", "next", "a05")
        desk.signs_in("a05", "a01")
        desk.refused("ecrit", "next", "a01")            # reads nothing
        desk.writes(33612345678, "C'est pour un mariage.", "k2")
        card = desk.does("next", "a05")
        check(card["reference"] == one["reference"] and card["place_at"] == one["place_at"], card)
        check(card["state"] == "taken" and card["agent"] == "a05" and card["texts"] == 2, card)
        check(card["number"] == "+33612345678", card)   # over the Unix socket alone
        check([(m["from"], m["text"]) for m in card["messages"] if m["from"] == "person"] ==
              [("person", "Où en est ma carte\u00a0?"), ("person", "C'est pour un mariage.")], card)
        check(desk.sent().count(ACCEPTED) == 1, desk.sent())
        desk.refused("aucun message", "next", "a05")
        reference = card["reference"]
        desk.refused("pas pris", "answer", reference, "a01", "Bonjour")
        answer = "Votre carte est prête, sans rendez-vous."
        card = desk.does("answer", reference, "a05", answer)
        check([m["text"] for m in card["messages"] if m["from"] == "agent"] == [answer], card)
        desk.sends(answer)
        desk.is_sent(reference)
        shown = desk.texts("show", reference).stdout
        check("pris par a05" in shown and answer in shown and "répondu" in shown, shown)
        gone = desk.does("close", reference, "a05")
        check(gone == {"reference": reference, "state": "closed"}, gone)
        check(desk.waiting() == [])
        desk.refused("référence", "show", reference)
        events = desk.events()
        check(events.outcomes() == ["answered"], events.text())
        check(events.of("call_outcome", channel="sms"), events.text())
        check(events.has_in_order("contact_opened", "text_opened", "text_joined", "text_taken",
                                  "text_answered", "text_told", "text_ended", "call_outcome",
                                  ("contact_settled", {"how": "answered"})), events.text())
        check(not events.of("offer_made"), "a telephone rang")
        check("carte" not in events.text() and "612345678" not in events.text(), "in the journal")
        desk.writes(33612345678, "Merci, et pour mon fils\u00a0?", "k3")    # another matter
        check(len(desk.waiting()) == 1)
    gateway.close()


def while_it_is_closed_the_person_hears_when_it_opens(decroche, demo):
    gateway = Gateway()
    day = datetime.date.today() + datetime.timedelta(days=2)

    def closed(home):
        path = home / "directory.yaml"
        text = path.read_text(encoding="utf-8")
        text = text.replace("hours:\n", f'hours:\n  bientot: {{ {DAYS[day.weekday()]}: '
                            '"08:30-18:00" }\n', 1)
        text = re.sub(r"(\{ id: famille, .*?) \}", r"\1, hours: bientot }", text, count=1)
        path.write_text(text, encoding="utf-8")

    with Desk(decroche, demo, gateway, {"service": "famille"}, closed) as desk:
        desk.writes(33612345678, "Bonjour", "k1")
        name = WEEKDAYS[day.weekday()]
        desk.sends(f"Fermé. Ouverture {name} à 8h30. Votre message est gardé, réponse {name}.")
        check(desk.waiting()[0]["queue"]["id"] == "famille", desk.waiting())
        check(len(desk.sent()) == 1, desk.sent())
    gateway.close()


def order_capacity_and_length_are_kept(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway, {"texts_at_once": 2}) as desk:
        for i in range(4):
            desk.writes(33612345670 + i, f"Demande {i}", f"k{i}")
        order = [t["reference"] for t in desk.waiting()]
        desk.signs_in("a02", "a05")
        check(desk.does("next", "a05")["reference"] == order[0])
        check(desk.does("next", "a02")["reference"] == order[1])
        check(desk.does("next", "a05")["reference"] == order[2])
        desk.refused("autant qu’il peut", "next", "a05")
        check(desk.does("back", order[0], "a05")["state"] == "waiting")
        check(desk.does("next", "a02")["reference"] == order[0])    # its place was kept
        desk.refused("pas pris", "close", order[0], "a05")
        desk.refused("passerait un SMS", "answer", order[2], "a05", "a" * 161)
        desk.refused("passerait un SMS", "answer", order[2], "a05", "ê" * 71)
        desk.refused("écrit", "answer", order[2], "a05", "")
        desk.does("answer", order[2], "a05", "a" * 160)
        desk.sends("a" * 160)
        desk.does("answer", order[2], "a05", "ê" * 70)
        desk.sends("ê" * 70)
        done = desk.run("agent", "a02", "sign-out", "-c", desk.settings_file)
        check(done.returncode == 0, done)
        states = {t["reference"]: t["state"] for t in desk.waiting()}
        check(states[order[0]] == states[order[1]] == "waiting", states)
        check(desk.does("next", "a05")["reference"] == order[0])
    gateway.close()


def a_long_text_is_kept_as_far_as_it_goes_and_says_so(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway) as desk:
        desk.writes(33612345678, "a" * 1024, "k1")
        desk.writes(33612345678, "b" * 1022 + "éé", "k2")
        desk.writes(33612345678, "c" * 8192, "k3")
        status = desk.told(RECEIVED, {"from": "+33612345678", "text": "d" * 8193, "id": "k4"})[0]
        check(status == 400, status)
        card = desk.does("show", desk.waiting()[0]["reference"])
        texts = [m["text"] for m in card["messages"] if m["from"] == "person"]
        check(texts == ["a" * 1024, "b" * 1021 + "…", "c" * 1021 + "…"], [t[-9:] for t in texts])
    gateway.close()


def stop_and_annuler_end_what_is_open(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway) as desk:
        desk.signs_in("a05")
        desk.writes(33612345678, "Bonjour", "k1")
        desk.writes(33612345678, "Annuler", "k2")
        check(desk.waiting() == [])
        desk.writes(33612345678, "Finalement si", "k3")
        card = desk.does("next", "a05")
        desk.writes(33612345678, "STOP", "k4")
        check(desk.waiting() == [])
        desk.refused("référence", "answer", card["reference"], "a05", "Bonjour")
        desk.writes(33612345678, "Et alors\u00a0?", "k5")   # nobody may answer: kept, no contact
        check(desk.waiting() == [])
        check(any(m["text"] == "Et alors\u00a0?" for m in desk.messages("--received")))
        events = desk.events()
        check(events.outcomes() == ["abandoned", "abandoned"], events.text())
        check([e["how"] for e in events.of("text_ended")] == ["cancelled", "stopped"])
    gateway.close()


def kill_9_loses_and_doubles_no_text_and_no_answer(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway) as desk:
        for i in range(8):
            desk.writes(33612345600 + i, f"Demande {i}", f"k{i}")
        desk.signs_in("a05")
        card = desk.does("next", "a05")
        check(wait_until(lambda: len(gateway.requests) == 8, 10, 0.05), desk.sent())
        gateway.holds.clear()
        desk.does("answer", card["reference"], "a05", "Bonjour, votre dossier est complet.")
        before = desk.waiting()
        time.sleep(0.2)
        desk.kill9()
        gateway.holds.set()
        desk.start()
        after = desk.waiting()
        check([(t["reference"], t["place_at"], t["state"], t["texts"], t["number"]) for t in after]
              == [(t["reference"], t["place_at"], t["state"], t["texts"], t["number"])
                  for t in before], (before, after))
        for i in range(8):          # the gateway did not hear that we have them
            desk.writes(33612345600 + i, f"Demande {i}", f"k{i}")
        check([t["texts"] for t in desk.waiting()] == [1] * 8, desk.waiting())
        desk.writes(33612345600, "Et une pièce de plus.", "k9")
        card = desk.does("show", card["reference"])
        check([m["text"] for m in card["messages"] if m["from"] == "person"] ==
              ["Demande 0", "Et une pièce de plus."], card)
        desk.is_sent(card["reference"])
        check(desk.sent().count(ACCEPTED) == 8, desk.sent())
        desk.does("close", card["reference"], "a05")
        check(desk.events().outcomes() == ["answered"], desk.events().text())
        check(len(desk.waiting()) == 7 and desk.verify() == "", desk.said())
    gateway.close()


def a_death_in_a_burst_parts_no_words_from_their_contact(decroche, demo):
    """At any instant: each number has one contact with its one text, and one acknowledgement."""
    gateway, n = Gateway(), 40
    with Desk(decroche, demo, gateway, {"rate": 1000}) as desk:
        def tell_all():
            heard = []
            for i in range(n):
                message = {"from": f"+{33612340000 + 10000 * i}", "text": f"Demande {i}",
                           "id": f"k{i}"}
                try:
                    heard.append(desk.told(RECEIVED, message)[0])
                except (OSError, http.client.HTTPException):
                    break               # it is dead
            return heard

        burst = threading.Thread(target=tell_all)
        burst.start()
        time.sleep(random.random() / 4)
        desk.kill9()
        burst.join()
        desk.start()
        check(tell_all() == [200] * n)  # what was not told 200 is told again
        found = desk.does("list")["texts"]
        check(len({t["number"] for t in found}) == len(found) == n, found)
        check(all(t["texts"] == 1 for t in found), found)
        places = [t["place_at"] for t in found]
        check(places == sorted(places), places)
        for t in found:
            texts = [m["text"] for m in desk.does("show", t["reference"])["messages"]
                     if m["from"] == "person"]
            check(len(texts) == 1, (t, texts))
        # one that was sent as we died goes again under its key
        def keys():
            return {(json.loads(body)["to"], headers["Idempotency-Key"])
                    for headers, body in gateway.requests}
        check(wait_until(lambda: len(keys()) >= n, 10, 0.05), len(keys()))
        check(len(keys()) == n, "acknowledged twice")
        check(desk.verify() == "", desk.said())
    gateway.close()


def held(desk, agent="a05"):
    """What this agent answers now."""
    return next(t["reference"] for t in desk.waiting() if t["agent"] == agent)


def each_answer_fits_what_is_declared(decroche, demo):
    gateway = Gateway()
    with Desk(decroche, demo, gateway, {"texts_at_once": 1}) as desk:
        h = api.House(desk)
        one, mine = "/api/v1/texts/{reference}", "?agent=a05"
        for i in range(4):
            desk.writes(33612345670 + i, f"Demande {i}", f"k{i}")
        desk.signs_in("a05", "a02")
        for form in ("application/json", "text/plain"):
            def ask(wanted, method, path, query="", reference=None, body=None, form=form):
                status, said = h.ask(method, path, query, reference=reference, body=body,
                                     Accept=form)
                check(status == wanted, (method, path, query, status, said))
                return said

            ask(200, "GET", "/api/v1/texts")
            ask(400, "GET", "/api/v1/texts", "?limit=0")
            ask(404, "GET", one, reference="47210864")
            ask(400, "POST", "/api/v1/texts/next")
            ask(404, "POST", "/api/v1/texts/next", "?agent=nobody")
            first = desk.waiting()[0]["reference"]
            ask(409, "POST", one + "/answer", mine, first, b'{"text":"Bonjour"}')
            for deed in ("/close", "/back"):
                ask(409, "POST", one + deed, mine, first)
                ask(400, "POST", one + deed, "", first)
                ask(404, "POST", one + deed, mine, "47210864")
            ask(404, "POST", one + "/answer", mine, "47210864", b'{"text":"Bonjour"}')
            ask(200, "POST", "/api/v1/texts/next", mine)
            ask(409, "POST", "/api/v1/texts/next", mine)
            ask(200, "GET", one, reference=first)
            ask(400, "POST", one + "/answer", mine, first, b"Bonjour")
            ask(200, "POST", one + "/answer", mine, first, b'{"text":"Bonjour"}')
            desk.is_sent(first)
            ask(200, "POST", one + "/back", mine, first)
            ask(400, "POST", one + "/move", "", first)
            ask(404, "POST", one + "/move", f"{mine}&service=rien", first)
            ask(409, "POST", one + "/move", f"{mine}&service=retraite", first)
            ask(200, "POST", "/api/v1/texts/next", mine)
            ask(200, "POST", one + "/move", f"{mine}&service=retraite", first)
            ask(200, "POST", "/api/v1/texts/next", mine)
            ask(200, "POST", one + "/close", mine, held(desk))
        for method, path, status, media in api.declared(h):
            is_here = path.startswith("/api/v1/texts") and status not in (401, 500, 503)
            check(not is_here or (method, path, status, media) in h.asked,
                  (method, path, status, media))
    gateway.close()


CASES = [a_text_is_acknowledged_taken_answered_and_counted,
         while_it_is_closed_the_person_hears_when_it_opens,
         order_capacity_and_length_are_kept,
         a_long_text_is_kept_as_far_as_it_goes_and_says_so,
         stop_and_annuler_end_what_is_open,
         kill_9_loses_and_doubles_no_text_and_no_answer,
         a_death_in_a_burst_parts_no_words_from_their_contact,
         each_answer_fits_what_is_declared]


if __name__ == "__main__":
    sys.exit(main(CASES))
