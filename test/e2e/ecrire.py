#!/usr/bin/env python3
"""ecrire.py — people write to a service on the page /ecrire, in a real browser, and an agent
answers from the screen: read within a second, without a gateway of text messages; nothing lost or
doubled by kill -9; the same without scripts; bounds said in words. Pictures go to build/screens
in DECROCHE_TEST=long.

  ecrire.py DECROCHE DEMO PEERS [CASE…]
"""
import datetime
import http.client
import re
import sys
import time
import urllib.parse
from pathlib import Path

import desk
import screens
import sms
from accounts import PASSWORD, add, user
from browser import Browser
from desk import picture
from robots import wait_until
from screens import Screens, signs_in, sound
from sms import check
from written import DAYS, WEEKDAYS

PEERS = None
LIVE_S = 1.0            # an answer is read after so long (issue: at most 1 s)
HOSTILE = "Bonjour <script>alert(1)</script> « œ ê 😀 » & \"'"
ADVICE = "Votre carte est prête.\nVenez quand vous voulez : 4 place des Halles."


class House(Screens):
    """A house where people write, and no gateway of text messages is set."""

    def __init__(self, decroche, demo, changes=None):
        super().__init__(decroche, demo, {"webtext": {"on": "oui", **(changes or {})}})

    def agent(self, browser, login="camille"):
        add(self, login, "agent")
        check(user(self, "agent", login, "a05")[0] == 0)
        browser.open(url=self.url("/agent"))
        signs_in(browser, self, login, PASSWORD)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        browser.click(at="#deed-poste button")
        browser.until(at="#state h2", has="En pause")

    def ask(self, method, path, fields=None, origin=None):
        client = http.client.HTTPConnection(*self.http, timeout=10)
        body = urllib.parse.urlencode(fields) if fields else None
        ours = f"http://{self.http[0]}:{self.http[1]}"
        client.request(method, path, body, {"Accept": "text/html", "Origin": origin or ours,
                       "Content-Type": "application/x-www-form-urlencoded"})
        answer = client.getresponse()
        text = answer.read().decode()
        client.close()
        return answer, text

    def writes(self, text, key=None, **more):
        """By HTTP alone; the key of its page and the status."""
        key = key or self.key()
        fields = {"cle": key, "service": "accueil", "texte": text, **more}
        return key, self.ask("POST", "/ecrire", fields)[0].status

    def key(self):
        return re.search(r'name="cle" value="(\w{32})"', self.ask("GET", "/ecrire")[1])[1]


def fills(browser, text, name="Karim", number="05 36 49 12 34"):
    browser.click(at="#service-accueil")
    browser.fill(at="#texte", text=text)
    browser.fill(at="#prenom", text=name)
    browser.fill(at="#numero", text=number)


def a_person_writes_an_agent_answers_and_a_death_changes_nothing(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as person, Browser(PEERS) as agent:
        house.agent(agent)
        check(person.open(url=house.url("/ecrire")) == 200)
        sound(person, "the form")
        picture(person, "ecrire")
        fills(person, HOSTILE)
        check("Il reste" in person.text(at="#reste"), person.text(at="#reste"))
        person.click(at="main button")
        person.until(at="#state", has="Vous êtes la prochaine personne.")
        check("Vous gardez votre place même si la page se ferme." in person.text(at="#state"))
        check(re.fullmatch(r"/ecrire/[0-9a-f]{32}", person.where()), person.where())
        check(person.texts(at="#thread .words") == [HOSTILE], person.texts(at="#thread .words"))
        sound(person, "waiting")
        picture(person, "ecrire-attend")
        path = person.where()

        agent.until(at="#written", has="1 message attend")
        agent.press(keys=["e"])
        agent.until(at="#written article", has="par le site")
        for said in ("Karim", "05\u00a036\u00a049\u00a012\u00a034"):
            check(said in agent.text(at="#written article"), agent.text(at="#written article"))
        check(agent.texts(at=".thread .words") == [HOSTILE], agent.texts(at=".thread .words"))
        check("SMS" not in agent.text(at="#written article"), agent.text(at="#written article"))
        sound(agent, "an agent reads it")
        person.until(at="#state", has="Camille vous répond.", ms=5000)

        house.kill9()
        house.start()
        person.errors()             # the page looked while nobody was there
        check(person.go(url=house.url(path)) == 200)
        check(person.texts(at="#thread .words") == [HOSTILE], "lost by a death")
        person.until(at="#state", has="Camille vous répond.")
        person.fill(at="#texte", text="Je suis toujours là")      # a draft stays
        agent.go(url=house.url("/agent"))
        agent.until(at="#written article", has="par le site")
        agent.fill(at="#written textarea", text=ADVICE)
        agent.click(at="#written button:has-text('Aperçu')")
        agent.until(at=".preview", has="signes sur 500")
        picture(agent, "agent-ecrire")
        agent.click(at="#written button:has-text('Envoyer')")
        agent.until(at=".thread .agent .words", has="Votre carte est prête.")
        person.until(at="#thread .agent .words", has="Votre carte est prête.", ms=5000)
        check(person.value(at="#texte") == "Je suis toujours là")
        sound(person, "answered")
        picture(person, "ecrire-repondu")

        person.click(at="button:has-text('Envoyer')")
        agent.until(at=".thread", has="toujours là")
        person.click(at="button:has-text('J’ai terminé')")
        person.until(at="#state", has="C’est terminé.")
        check(person.texts(at="textarea") == [], "a box is left")
        sound(person, "over")
        picture(person, "ecrire-termine")
        agent.until(at="#written", has="Aucun message")
        events = house.events()
        check(events.outcomes() == ["answered"], events.text())
        check(events.of("call_outcome", channel="web"), events.text())
        check("Karim" not in events.text() and "Bonjour" not in events.text(), "in the journal")
        secret = path.rsplit("/", 1)[1].encode()
        for file in Path(house.home).rglob("*"):
            if file.is_file():
                check(secret not in file.read_bytes(), f"the secret stands in {file}")
        check(house.verify() == "", house.said())


def a_preview_stays_until_its_draft_changes(decroche, demo):
    """Whatever happens in the house meanwhile."""
    with House(decroche, demo) as house, Browser(PEERS) as agent:
        house.agent(agent)
        check(house.writes("Bonjour")[1] == 303)
        agent.until(at="#written", has="1 message attend")
        agent.press(keys=["e"])
        agent.until(at="#written article", has="par le site")

        def previews():
            agent.fill(at="#written textarea", text="Oui.")
            agent.click(at="#written button:has-text('Aperçu')")
            agent.until(at=".preview", has="4 signes sur 500")
        previews()
        check(house.writes("Deux")[1] == 303)
        agent.until(at="#written", has="1 message attend")      # the page is as the house is
        check(agent.texts(at=".preview .words") == ["Oui."], agent.text(at="#written"))
        sound(agent, "a preview")
        agent.fill(at="#written textarea", text="Oui, oui.")
        check(agent.texts(at=".preview") == [], "another text than what was shown")
        previews()
        agent.click(at="#written button:has-text('Envoyer')")
        agent.until(at=".thread .agent .words", has="Oui.")
        check(agent.texts(at=".preview") == [], "sent, and still shown")


def an_answer_is_read_within_a_second(decroche, demo):
    """From the order of the agent to the page, by the clock of one machine, several times."""
    with House(decroche, demo) as house, Browser(PEERS) as person:
        check(house.run("agent", "a05", "sign-in", "-c", house.settings_file).returncode == 0)
        key, status = house.writes("Bonjour")
        check(status == 303, status)
        person.open(url=house.url(f"/ecrire/{key}"))
        done = house.run("texts", "next", "a05", "-c", house.settings_file, "--json")
        reference = re.search(r'"reference":"(\d+)', done.stdout)[1]
        late = []
        for i in range(5):
            done = house.run("texts", "answer", reference, "a05", f"Réponse {i}", "-c",
                             house.settings_file)
            began = time.time()         # stored: the command has answered
            check(done.returncode == 0, done.stderr)
            person.until(at="#thread", has=f"Réponse {i}", ms=5000)
            late.append(time.time() - began)
        check(sorted(late)[2] <= LIVE_S, late)


def without_a_script_it_is_the_same(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as person:
        check(person.open(url=house.url("/ecrire"), script=False) == 200)
        fills(person, "Bonjour", number="pas un numéro")
        person.click(at="main button")
        person.until(at="#erreur", has="numéro de téléphone")
        check(person.value(at="#texte") == "Bonjour" and person.value(at="#prenom") == "Karim")
        person.fill(at="#numero", text="")
        person.click(at="main button")
        person.until(at="#state", has="Vous êtes dans la file.")
        check(house.run("agent", "a05", "sign-in", "-c", house.settings_file).returncode == 0)
        done = house.run("texts", "next", "a05", "-c", house.settings_file, "--json")
        reference = re.search(r'"reference":"(\d+)', done.stdout)[1]
        house.run("texts", "answer", reference, "a05", "Oui, tout à fait.", "-c",
                  house.settings_file)
        person.click(at="#again a")
        person.until(at="#thread", has="Oui, tout à fait.")
        person.fill(at="#texte", text="Merci")
        person.click(at="button:has-text('Envoyer')")
        person.until(at="#thread", has="Merci")
        person.click(at="button:has-text('J’ai terminé')")
        person.until(at="#state", has="C’est terminé.")


def in_english_in_the_dark_and_narrow(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as person:
        person.open(url=house.url("/ecrire?langue=en"), scheme="dark")
        sound(person, "the form in English")
        picture(person, "ecrire-en")
        fills(person, "Hello")
        person.click(at="main button")
        person.until(at="#state", has="You are the next person.")
        sound(person, "waiting in English, dark")
        picture(person, "ecrire-attend-en")
        for width in (320, 390):
            person.size(width=width, height=844)
            check(person.wide() <= 0, f"{width}: scrolls sideways by {person.wide()}")


def closed_hours_are_said_and_the_message_is_kept(decroche, demo):
    day = datetime.date.today() + datetime.timedelta(days=2)

    def closed(home):
        path = home / "directory.yaml"
        text = path.read_text(encoding="utf-8")
        text = text.replace("hours:\n", f'hours:\n  bientot: {{ {DAYS[day.weekday()]}: '
                            '"08:30-18:00" }\n', 1)
        text = re.sub(r"(\{ id: accueil, .*?) \}", r"\1, hours: bientot }", text, count=1)
        path.write_text(text, encoding="utf-8")

    class Closed(House):
        def _people(self):
            closed(self.home)
            return super()._people()

    name = WEEKDAYS[day.weekday()]
    with Closed(decroche, demo) as house, Browser(PEERS) as person:
        person.open(url=house.url("/ecrire"))
        fills(person, "Bonjour")
        person.click(at="main button")
        person.until(at="#state", has=f"Fermé. Ouverture {name} à 8\u00a0h\u00a030. Votre message "
                                      f"est gardé, réponse {name}.")
        sound(person, "closed")
        picture(person, "ecrire-ferme")


def bounds_are_said_with_their_cure(decroche, demo):
    with House(decroche, demo, {"open_max": 3, "address_max": 2}) as house, \
            Browser(PEERS) as person:
        first, status = house.writes("Un")
        check(status == 303 and house.writes("Un", key=first)[1] == 303)
        check(house.writes("Deux")[1] == 303)
        check(house.writes("Trois")[1] == 429)                  # from this address
        check(house.ask("POST", "/ecrire", {"cle": house.key(), "service": "accueil",
                        "texte": "Quatre"}, origin="https://evil.example")[0].status == 403)
        for i in range(5):
            answer, _ = house.ask("POST", f"/ecrire/{first}", {"texte": f"Et {i}", "n": i + 1})
            check(answer.status == 303, answer.status)
        answer, text = house.ask("POST", f"/ecrire/{first}", {"texte": "Encore", "n": 9})
        check(answer.status == 429 and "dans une minute" in text, (answer.status, text))
        answer, text = house.ask("POST", "/ecrire", {"cle": house.key(), "service": "accueil",
                                                    "texte": "x" * 501})
        check(answer.status == 422 and "500 signes au plus" in text, answer.status)
        check(house.ask("POST", "/ecrire", {"texte": "x" * 70000})[0].status == 413)
        unknown = house.ask("GET", f"/ecrire/{'0' * 32}")
        check(unknown[0].status == 404 and "Aucune demande à cette adresse" in unknown[1])
        for name, wanted in (("Cache-Control", "no-store"), ("Referrer-Policy", "same-origin")):
            check(house.ask("GET", f"/ecrire/{first}")[0].headers[name] == wanted, name)
        check("noindex" in house.ask("GET", f"/ecrire/{first}")[1])
        person.open(url=house.url("/ecrire"))
        fills(person, "Bonjour")
        person.click(at="main button")
        person.until(at="#erreur", has="viennent de cette connexion")
        check(person.value(at="#texte") == "Bonjour" and "erreur" in person.focus())
        check(person.axe() == [], person.axe())


def a_full_house_and_a_closed_page_say_where_to_telephone(decroche, demo):
    with House(decroche, demo, {"open_max": 1, "address_max": 5}) as house, \
            Browser(PEERS) as person:
        check(house.writes("Un")[1] == 303)
        person.open(url=house.url("/ecrire"))
        fills(person, "Bonjour")
        answer, text = house.ask("POST", "/ecrire", {"cle": house.key(), "service": "accueil",
                                 "texte": "Deux"})
        check(answer.status == 503 and "05 36 49 00 10" in text, (answer.status, text))
        check(answer.headers["Retry-After"] == "5")
        check(wait_until(lambda: house.events().of("shed"), 10, 0.1), house.events().text())
        person.click(at="main button")
        person.until(at="#erreur", has="Trop de messages attendent")
        picture(person, "ecrire-plein")
    with House(decroche, demo, {"on": "non"}) as house, Browser(PEERS) as person:
        check(person.open(url=house.url("/ecrire")) == 404)
        person.until(at="main", has="05 36 49 00 10")
        check(person.axe() == [] and person.texts(at="form") == [], person.axe())
        picture(person, "ecrire-non")
        check(house.writes("Un", key="0" * 32)[1] == 422)


CASES = [a_person_writes_an_agent_answers_and_a_death_changes_nothing,
         a_preview_stays_until_its_draft_changes,
         an_answer_is_read_within_a_second,
         without_a_script_it_is_the_same,
         in_english_in_the_dark_and_narrow,
         closed_hours_are_said_and_the_message_is_kept,
         bounds_are_said_with_their_cure,
         a_full_house_and_a_closed_page_say_where_to_telephone]


if __name__ == "__main__":
    PEERS = screens.PEERS = desk.PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
