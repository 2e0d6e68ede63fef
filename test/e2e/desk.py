#!/usr/bin/env python3
"""desk.py — the agent's screen in a real browser: what came of a call, written contacts with a real
gateway, the card that opens by a reference, answer sheets, callbacks, the day of one agent, the
alert. Sound in each state (axe-core); nothing that was typed is lost. Pictures go to build/screens
in DECROCHE_TEST=long.

  desk.py DECROCHE DEMO PEERS [CASE…]
"""
import json
import os
import sys
import time
from pathlib import Path

import screens
import sms
from accounts import PASSWORD, add, user
from browser import Browser
from call_ordinary import with_operator
from caller import Caller
from robots import Phone, wait_until
from screens import SIZES, Screens, signs_in, sound
from sms import check
from smsc import Gateway
from written import Desk

PEERS = None
ADVICE = "Votre carte est prête. <b>Sans</b> rendez-vous, venez avec l'ancienne."


def picture(browser, name):
    """Only where somebody looks at them: one for each size."""
    if os.environ.get("DECROCHE_TEST") != "long":
        return
    folder = Path(PEERS).parent / "screens"
    folder.mkdir(exist_ok=True)
    for size, (width, height) in SIZES.items():
        browser.size(width=width, height=height)
        browser.shot(path=str(folder / f"{name}-{size}.png"))
    browser.size(width=1280, height=800)


class Post(Desk):
    """A house with a gateway, and an agent's account that is signed in and at work."""

    def __init__(self, decroche, demo, gateway, agent="a05", **how):
        super().__init__(decroche, demo, gateway, **how)
        self.agent = agent

    def url(self, path):
        return f"http://{self.http[0]}:{self.http[1]}{path}"

    def sits(self, browser, login="camille"):
        add(self, login, "agent")
        check(user(self, "agent", login, self.agent)[0] == 0)
        browser.open(url=self.url("/agent"))
        signs_in(browser, self, login, PASSWORD)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        browser.click(at="#deed-poste button")
        browser.until(at="#state h2", has="En pause")


def a_text_is_taken_read_answered_and_closed_on_the_screen(decroche, demo):
    gateway = Gateway()
    with Post(decroche, demo, gateway) as house, Browser(PEERS) as browser:
        house.sits(browser)
        check("Aucun message" in browser.text(at="#written"), browser.text(at="#written"))
        house.writes(33612345678, "Où en est <script>alert(1)</script> ma carte\u00a0?", "k1")
        browser.until(at="#written", has="1 message attend")
        browser.press(keys=["e"])
        browser.until(at="#written article h3", has="Demande")
        check("<script>alert(1)</script>" in browser.text(at=".thread"), browser.text(at=".thread"))
        check("33612345678" not in browser.run(expression="document.body.innerHTML"))
        sound(browser, "a written contact")
        picture(browser, "agent-message")

        browser.press(keys=["v"])
        check("textarea" in browser.focus(), browser.focus())
        browser.fill(at="#written textarea", text="Je regarde, un")
        house.writes(33612345678, "C'est pour un mariage.", "k2")
        browser.until(at=".thread", has="mariage")              # the draft stays, and the focus
        browser.press(keys=["End"])
        check(browser.value(at="#written textarea") == "Je regarde, un")
        check("textarea" in browser.focus(), browser.focus())

        browser.fill(at="#written textarea", text="ê" * 71)
        browser.click(at="#written button:has-text('Aperçu')")
        browser.until(at=".preview", has="71 signes sur 70, soit 2 SMS")
        sound(browser, "a preview")
        browser.click(at="#written button:has-text('Envoyer')")
        browser.until(at="#told", has="trop long")
        check(browser.value(at="#written textarea") == "ê" * 71)
        check(browser.axe() == [], browser.axe())
        check(all("400" in e for e in browser.errors()))

        browser.press(keys=["Tab"])
        browser.fill(at="#written textarea", text="")
        browser.click(at="#written h2")
        browser.press(keys=["s"])                               # the first sheet, by its key
        browser.until(at=".sheet[open] .warning", has="n’est plus à jour")
        browser.click(at="#sheet-ou_venir summary")
        browser.click(at="#sheet-ou_venir label")
        check(browser.run(expression="document.querySelector('#sheet-ou_venir input').checked"))
        sound(browser, "sheets")
        picture(browser, "agent-fiche")
        browser.click(at="#sheet-ou_venir .sms button")
        browser.until(at=".preview", has="soit 1 SMS")
        check("place des Halles" in browser.value(at="#written textarea"))
        check(browser.run(expression="document.querySelector('#sheet-ou_venir input').checked"))

        browser.fill(at="#written textarea", text=ADVICE)
        browser.click(at="#written button:has-text('Aperçu')")
        browser.until(at=".preview .words", has=ADVICE)
        picture(browser, "agent-apercu")
        browser.click(at="#written button:has-text('Envoyer')")
        house.sends(ADVICE)
        browser.until(at=".thread .agent .words", has=ADVICE)
        browser.until(at="#written article", has="répondu")
        check(browser.value(at="#written textarea") == "", browser.value(at="#written textarea"))
        check(browser.texts(at="#told p") == [])
        sound(browser, "answered")
        browser.click(at="#written button:has-text('Terminer')")
        browser.until(at="#written", has="Aucun message")
        check(house.events().outcomes() == ["answered"], house.events().text())

        house.writes(33612345679, "Et pour ma pension\u00a0?", "k3")    # not for this service
        browser.until(at="#written", has="1 message attend")
        browser.click(at="#written button:has-text('Prendre')")
        browser.until(at="#written article h3", has="Demande")
        browser.click(at="#written h2")
        browser.press(keys=["l"])
        check("select" in browser.focus(), browser.focus())
        picture(browser, "agent-autre-service")
        browser.run(expression="document.querySelector('#written select').value = 'famille'")
        browser.click(at="#written button:has-text('Lui passer')")
        check(wait_until(lambda: len(house.events().of("text_moved")) == 1, 5, 0.1))
        check(house.waiting()[0]["state"] == "waiting", house.waiting())
        check(wait_until(lambda: browser.texts(at="#written article") == [], 5, 0.1))


def sheet_of_monday(home):
    """The sheet with a line to be sent is about what r12a answers, too."""
    path = home / "fiches/ou_venir.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("services: [accueil", "services: [lundi, accueil"),
                    encoding="utf-8")


def talks_with(house, browser, number):
    """r12a, free, speaks with who calls from this number."""
    browser.press(keys=["d"])
    browser.until(at="#state h2", has="Disponible")
    caller = Caller(number)
    caller.invite("0536490012", house.sip)
    browser.until(at="#state h2", has="En conversation", ms=25000)
    return caller


def a_text_message_goes_to_who_is_on_the_telephone(decroche, demo):
    gateway = Gateway()
    with Post(decroche, demo, gateway, agent="r12a", edit=sheet_of_monday) as house, \
            Browser(PEERS) as browser:
        agent = house.agents["r12a"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        house.sits(browser)
        caller = talks_with(house, browser, "0639981240")
        browser.click(at="#sheet-ou_venir summary")
        words = browser.text(at="#sheet-ou_venir .sms .words")
        sound(browser, "a line to be sent")
        picture(browser, "agent-sms")
        browser.click(at="#sheet-ou_venir .sms button:has-text('au téléphone')")
        browser.until(at="#told .notice", has="en route")
        check(wait_until(lambda: len(gateway.requests) == 1, 10, 0.1), gateway.requests)
        sent = json.loads(gateway.requests[0][1])
        check(sent["to"] == "+33639981240" and sent["text"] == words, (sent, words))
        browser.click(at=".talk button:has-text('numéro de demande')")
        check(wait_until(lambda: len(gateway.requests) == 2, 10, 0.1), browser.text(at="#told"))
        check("votre demande" in json.loads(gateway.requests[1][1])["text"], gateway.requests[1])
        check("639981240" not in browser.run(expression="document.body.innerHTML"))
        sound(browser, "sent")
        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        second = talks_with(house, browser, "anonymous")
        browser.click(at=".talk button:has-text('numéro de demande')")
        browser.until(at="#told .warning", has="masqué")
        check(len(gateway.requests) == 2, gateway.requests)
        second.hang_up()
        for one in (caller, second, phone):
            one.close()


def person_of_monday(home):
    """r12a is a person, whose calls are no tests; the sheet is about what they answer."""
    sheet_of_monday(home)
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("robot: true, skills: [lundi],   phone: \"sip:191\"",
                                 "skills: [lundi],   phone: \"sip:191\""), encoding="utf-8")


class CallsBack(Post):
    """One half hour of each is sold, at any hour."""

    def _settle(self, changes, *more):
        gate = {**changes["gate"], "callbacks": "france"}
        super()._settle({**changes, "gate": gate, "callback": {"slots": 1, "ring": "15s"},
                         "queue": {"wrap_up": "90s"}}, *more)

    def callbacks(self):
        done = self.run("callbacks", "--json", "-c", self.settings_file)
        check(done.returncode == 0, done.stderr)
        return json.loads(done.stdout)["callbacks"]

    def spoken_for(self, seconds):
        """The conversation in course has lasted so long."""
        joined = self.events().of("offer_joined")[-1]["at"] / 1000
        time.sleep(max(0, joined + seconds - time.time()))


def chooses_half(browser, nth=0):
    """The value of that half hour, which is chosen."""
    return browser.run(expression=f"""(() => {{
        const half = document.querySelectorAll('#slots input[type=radio]')[{nth}];
        half.click();
        return half.value;
    }})()""")


def notes_it(browser, has):
    browser.click(at="#slots button:has-text('Noter ce rappel')")
    browser.until(at="#told", has=has)


def an_agreed_half_hour_is_promised_written_and_taken_back(decroche, demo):
    """In the conversation and in its wrap-up; what somebody else had meanwhile is refused."""
    gateway = Gateway()
    with CallsBack(decroche, demo, gateway, agent="r12a", edit=person_of_monday) as house, \
            Browser(PEERS) as browser:
        agent = house.agents["r12a"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        house.sits(browser)
        caller = talks_with(house, browser, "0639981240")
        caller.tone(440)
        browser.press(keys=["b"])
        browser.until(at="#slots[open] details[open] summary", has="2")
        check("06\u00a039\u00a098\u00a0xx" in browser.text(at="#slot-number"),
              browser.text(at="#slot-number"))
        sound(browser, "free half hours")
        picture(browser, "agent-creneaux")
        house.spoken_for(11)
        half = chooses_half(browser)
        notes_it(browser, "C’est noté. Rappel ")
        sold = house.events().of("slot_sold")
        check([str(e["from_at"]) for e in sold] == [half] and sold[0]["agent_id"], sold)
        check("Votre numéro de demande est le" in browser.text(at="#agreed .say"))
        check(wait_until(lambda: len(gateway.requests) == 1, 10, 0.1), gateway.requests)
        sent = json.loads(gateway.requests[0][1])
        check(sent["to"] == "+33639981240" and "nous vous rappelons" in sent["text"], sent)
        check([c["state"] for c in house.callbacks()] == ["slot"], house.callbacks())
        check("639981240" not in browser.run(expression="document.body.innerHTML"))
        check(len(log_of(house, "slot_agreed")) == 1)
        sound(browser, "agreed on")
        picture(browser, "agent-rappel-convenu")

        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        check(house.events().outcomes() == ["answered"], house.events().text())
        browser.until(at="#agreed", has="Référence")
        check(browser.texts(at="#agreed .say") == [])
        sound(browser, "agreed on, after the call")
        browser.click(at="#agreed button")
        browser.until(at="#told .notice", has="Le rappel est annulé")
        check(house.callbacks() == [], house.callbacks())
        check([e["by"] for e in house.events().of("slot_cancelled")] == ["agent"])
        check(len(log_of(house, "slot_undone")) == 1)
        browser.press(keys=["b"])
        check(chooses_half(browser) == half)                # free again
        notes_it(browser, "C’est noté. Rappel ")
        check(len(house.callbacks()) == 1, house.callbacks())

        second = talks_with(house, browser, "anonymous")
        second.tone(440)
        browser.press(keys=["b"])
        browser.until(at="#slot-number", has="n’est pas connu")
        sound(browser, "of a withheld number")
        picture(browser, "agent-creneaux-masque")
        house.spoken_for(11)
        check(chooses_half(browser) != half)
        browser.fill(at="#slot-other", text="08 99 12 34 56")
        notes_it(browser, "surtaxé")
        browser.fill(at="#slot-other", text="05 36 49 13 02")
        browser.run(expression=f"document.querySelector('#slots input:checked').value = '{half}'")
        notes_it(browser, "vient d’être prise")             # shown a minute ago, sold since
        picture(browser, "agent-creneau-pris")
        browser.until(at="#slots[open] details[open] summary", has="2")
        check(browser.value(at="#slot-other") == "05 36 49 13 02")
        chooses_half(browser)
        notes_it(browser, "C’est noté. Rappel ")
        check(len(house.callbacks()) == 2, house.callbacks())
        check(all("409" in e for e in browser.errors()))
        second.hang_up()
        for one in (caller, second, phone):
            one.close()


def who_was_called_back_is_written_to_and_agrees_on_a_time(decroche, demo):
    gateway, far = Gateway(), Caller("0639981240")
    far.tone(440)

    def behind_the_operator(home):
        person_of_monday(home)
        with_operator(home, far.port)
    with CallsBack(decroche, demo, gateway, agent="r12a", edit=behind_the_operator) as house, \
            Browser(PEERS) as browser:
        agent = house.agents["r12a"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        house.sits(browser)
        caller = Caller("0639981240")
        caller.invite("0536490012", house.sip)
        check(wait_until(lambda: house.events().of("contact_queued"), 20, 0.2))
        for _ in range(2):                                  # called back, at that number
            time.sleep(1)
            caller.press("1")
        time.sleep(1)
        caller.hang_up()
        check(wait_until(lambda: house.events().of("callback_promised"), 10, 0.2),
              house.events().text())
        before = len(gateway.requests)
        browser.press(keys=["d"])
        check(far.wait("talking", seconds=30), house.events().text())
        time.sleep(1)
        phone.press("1")
        browser.until(at="#state h2", has="En conversation", ms=20000)
        browser.until(at="#call", has="rappel promis")
        browser.click(at="#call button:has-text('numéro de demande')")
        browser.until(at="#told .notice", has="en route")
        check(wait_until(lambda: len(gateway.requests) > before, 10, 0.1), house.said()[-2000:])
        sent = json.loads(gateway.requests[-1][1])
        check(sent["to"] == "+33639981240" and "votre demande" in sent["text"], sent)
        browser.click(at="#sheet-ou_venir summary")
        browser.click(at="#sheet-ou_venir .sms button:has-text('au téléphone')")
        check(wait_until(lambda: len(gateway.requests) == before + 2, 10, 0.1))
        sound(browser, "called back")
        picture(browser, "agent-rappele")
        house.spoken_for(11)
        browser.press(keys=["b"])
        chooses_half(browser, 1)
        notes_it(browser, "C’est noté. Rappel ")
        far.hang_up()
        check(wait_until(lambda: house.events().outcomes() == ["callback_honoured"], 10, 0.2),
              house.events().text())
        check([c["state"] for c in house.callbacks()] == ["slot"], house.callbacks())
        for one in (caller, far, phone):
            one.close()


def without_a_script_what_was_typed_comes_back(decroche, demo):
    gateway = Gateway()
    with Post(decroche, demo, gateway) as house, Browser(PEERS) as browser:
        house.sits(browser)
        house.writes(33612345678, "Bonjour", "k1")
        browser.until(at="#written", has="1 message attend")
        browser.scripts(on=False)
        browser.go(url=house.url("/agent"))
        browser.click(at="#written button:has-text('Prendre')")
        browser.until(at="#written article h3", has="Demande")
        browser.fill(at="#written textarea", text="x" * 161)
        browser.click(at="#written button:has-text('Envoyer')")
        browser.until(at="#told", has="trop long")
        check(browser.value(at="#written textarea") == "x" * 161)
        browser.fill(at="#written textarea", text="Bonjour à vous")
        browser.click(at="#written button:has-text('Envoyer')")
        browser.until(at=".thread .agent .words", has="Bonjour à vous")
        check(browser.value(at="#written textarea") == "")
        browser.click(at="#written button:has-text('Rendre')")
        browser.until(at="#written", has="1 message attend")
        check(wait_until(lambda: house.waiting()[0]["state"] == "waiting", 5, 0.1))


PUBLIC = "0536490010"
NOTE = "Rappeler <b>sa fille</b>, <script>alert(1)</script> après 18 h"


def what_was_chosen_is_shown_and_a_note_outlives_the_call(decroche, demo):
    """Key 2 of the public number's menu; the note is there at the next call of the same number,
    once its card is open."""
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        agent = house.agents["a02"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        add(house, "yanis", "agent")
        check(user(house, "agent", "yanis", "a02")[0] == 0)
        browser.open(url=house.url("/agent"))
        signs_in(browser, house, "yanis", PASSWORD)
        browser.click(at="#deed-poste button")
        browser.until(at="#state h2", has="En pause")
        browser.click(at="#deed-disponible button")
        browser.until(at="#state h2", has="Disponible")
        caller = Caller("0536491303")
        caller.invite(PUBLIC, house.sip)
        check(wait_until(lambda: press_until_queued(caller, house, "2"), 20, 1))
        browser.until(at="#state h2", has="En conversation", ms=20000)
        browser.until(at="#way", has="Famille, logement, aides")
        left = house.events().of("menu_left")[-1]
        check(left["how"] == "chosen" and len(left["steps"]) == 1, left)
        browser.press(keys=["i"])
        check("textarea" in browser.focus(), browser.focus())
        browser.fill(at="#note", text=NOTE)
        browser.click(at="#deed-note button")
        browser.until(at="#told .notice", has="La note est enregistrée")
        browser.until(at="#notes", has=NOTE)
        check(browser.value(at="#note") == "", browser.value(at="#note"))
        check(log_of(house, "noted") != [])
        sound(browser, "a note")
        picture(browser, "agent-note")
        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        browser.fill(at="#note", text="Et le dossier est complet.")
        browser.click(at="#deed-note button")
        browser.until(at="#notes", has="complet")
        sound(browser, "a note after the call")
        browser.click(at="#deed-disponible button")
        browser.until(at="#state h2", has="Disponible")
        second = Caller("0536491303")
        second.invite(PUBLIC, house.sip)
        check(wait_until(lambda: press_until_queued(second, house, "0", 2), 20, 1))
        browser.until(at="#state h2", has="En conversation", ms=20000)
        browser.until(at="#way", has="une personne (touche 0)")
        check(browser.texts(at="#notes") == [])         # folded: nothing of another call
        browser.press(keys=["n"])
        browser.until(at="#notes", has="complet")
        check(NOTE in browser.text(at="#notes"))
        sound(browser, "notes of an open card")
        picture(browser, "agent-notes")
        for one in (caller, second, phone):
            one.close()


def press_until_queued(caller, house, key, n=1):
    """The greeting and the demonstration's sentence may not be cut short."""
    caller.press(key)
    return len(house.events().of("contact_queued")) >= n


def with_check_digit(number):
    """ISO 7064 MOD 11,10, as people are told it."""
    p = 10
    for digit in f"{number:07d}":
        s = (int(digit) + p) % 10 or 10
        p = 2 * s % 11
    return f"{number:07d}{(11 - p) % 10}"


def log_of(house, deed):
    """Lines of the audit log about that, as whoever runs the machine reads them."""
    return wait_until(lambda: [line for line in user(house, "audit")[1].splitlines()
                               if deed in line], 5, 0.2)


def the_card_opens_by_a_reference_or_a_name_and_folds_for_the_next(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        before = Caller("0536491301")
        before.invite("0536490012", house.sip)              # nobody is at work there
        check(wait_until(lambda: house.events().of("contact_queued"), 20, 0.2))
        before.hang_up()
        check(wait_until(lambda: house.events().outcomes() == ["turned_away"], 10, 0.2))
        agent = house.agents["r12a"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        add(house, "lent", "agent")
        check(user(house, "agent", "lent", "r12a")[0] == 0)
        browser.open(url=house.url("/agent"))
        signs_in(browser, house, "lent", PASSWORD)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        browser.click(at="#deed-poste button")
        browser.until(at="#state h2", has="En pause")
        browser.press(keys=["d"])
        browser.until(at="#state h2", has="Disponible")
        caller = Caller("0536491301")
        caller.invite("0536490012", house.sip)
        browser.until(at="#state h2", has="En conversation", ms=20000)
        browser.until(at="#card", has="Le dossier reste plié")
        check(browser.texts(at="#past") == [])
        sound(browser, "folded")
        picture(browser, "agent-appel")

        browser.press(keys=["f"])
        check("reference" in browser.focus(), browser.focus())
        browser.press(keys=[*"12345678", "Enter"])
        browser.until(at="#told", has="n’est pas celle de la personne")
        check(browser.texts(at="#past") == [])
        sound(browser, "a wrong reference")
        contact_id = house.events().of("offer_joined")[-1]["contact_id"]
        reference = next(with_check_digit(e["reference"])
                         for e in house.events().of("contact_opened") if e["id"] == contact_id)
        browser.fill(at="#reference", text=" ".join(reference[i:i + 2] for i in (0, 2, 4, 6)))
        browser.press(keys=["Enter"])
        browser.until(at="#past", has="n’a pu joindre personne")
        check(browser.texts(at="#told p") == [])
        rows = log_of(house, "card_opened")
        check(rows[0].count("card_opened") == 1 and reference in rows[0], rows)
        check("536491301" not in rows[0], rows)
        sound(browser, "open")
        picture(browser, "agent-dossier")
        browser.press(keys=["5"])                           # an order leaves it open
        browser.until(at=".outcome [aria-pressed=true]", has="orienté")
        check(browser.texts(at="#past") != [])
        check(house.events().of("call_alerted") == [])
        browser.press(keys=["a"])
        check(wait_until(lambda: len(house.events().of("call_alerted")) == 1, 5, 0.1))
        check("3114" in browser.text(at=".alarm") and browser.texts(at="#told p") == [])
        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        picture(browser, "agent-suite")
        browser.until(at="#day", has="orienté ailleurs")
        check("conversations\n1" in browser.text(at="#day"), browser.text(at="#day"))

        other = Caller("0536491302")
        other.invite("0536490012", house.sip)
        browser.press(keys=["d"])
        browser.until(at="#state h2", has="En conversation", ms=20000)
        browser.until(at="#card", has="Le dossier reste plié")
        check(browser.texts(at="#past") == [] and browser.texts(at="#told p") == [])
        browser.press(keys=["n"])
        browser.until(at="#card", has="première fois")
        for one in (before, caller, other, phone):
            one.close()


CASES = [the_card_opens_by_a_reference_or_a_name_and_folds_for_the_next,
         a_text_is_taken_read_answered_and_closed_on_the_screen,
         what_was_chosen_is_shown_and_a_note_outlives_the_call,
         a_text_message_goes_to_who_is_on_the_telephone,
         an_agreed_half_hour_is_promised_written_and_taken_back,
         who_was_called_back_is_written_to_and_agrees_on_a_time,
         without_a_script_what_was_typed_comes_back]


if __name__ == "__main__":
    PEERS = screens.PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
