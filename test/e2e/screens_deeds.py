#!/usr/bin/env python3
"""screens_deeds.py — what a supervisor does from the board, in a real browser and by keys: help, a
service closed and opened, an agent moved, somebody called back; told in words when it cannot be;
the same after a death of the house. Pictures go to build/screens in DECROCHE_TEST=long.

  screens_deeds.py DECROCHE DEMO PEERS [CASE…]
"""
import os
import sys
from pathlib import Path

import screens
import sms
from accounts import PASSWORD, add
from browser import Browser
from caller import Caller
from robots import wait_until
from screens import BOARD, SIZES, Screens, Monday, signs_in, sound
from sms import check

SERVICE, AGENT = "/supervision/services/", "/supervision/agents/"
LOST = "/supervision/injoints"


def signed_in(browser, house, login="chef"):
    add(house, login, "supervisor")
    browser.open(url=house.url("/connexion"))
    signs_in(browser, house, login, PASSWORD)
    browser.until(at="h1", has="En ce moment")


def help_is_asked_for_and_ended_by_keys(decroche, demo):
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        signed_in(browser, house)
        browser.run(expression="document.querySelector('#services a[href*=\"/famille\"]').focus()")
        browser.press(keys=["Enter"])
        browser.until(at="h1", has="Famille")
        check(browser.where() == SERVICE + "famille", browser.where())
        sound(browser, "a service")
        browser.press(keys=["a"])
        browser.until(at="#help .stand", has="Pour tous")
        check("par chef" in browser.text(at="#help .stand"), browser.text(at="#help .stand"))
        sound(browser, "help is asked for")
        browser.go(url=house.url(SERVICE + "famille?langue=en"))
        check("by chef" in browser.text(at="#help .stand"), browser.text(at="#help .stand"))
        browser.go(url=house.url(BOARD))
        browser.until(at="#services .tag", has="aide jusqu’à")
        browser.go(url=house.url(SERVICE + "famille"))
        browser.click(at="#help .stand button")
        browser.until(at="#help:not(:has(.stand))", has="Ouvre tout de suite")
        browser.run(expression="document.getElementById('minutes').removeAttribute('max')")
        browser.fill(at="#minutes", text="241")
        browser.press(keys=["Enter"])
        browser.until(at="[role=alert]", has="de 1 à 240 minutes")
        check(browser.axe() == [], browser.axe())
        check(house.events().has_in_order("help_asked", "help_ended"))


def a_service_is_closed_and_opened_and_says_how_it_counts(decroche, demo):
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        house.settings["web"]["port"] = house.http[1]
        signed_in(browser, house)
        browser.go(url=house.url(SERVICE + "famille"))
        check("compte comme refusé" in browser.text(at="#closing"))
        browser.click(at="#closing button")             # the box is not ticked: nothing is sent
        check("confirme" in browser.focus(), browser.focus())
        browser.run(expression="document.getElementById('confirme').removeAttribute('required')")
        browser.click(at="#closing button")
        browser.until(at="[role=alert]", has="cocher la case")
        browser.run(expression="document.getElementById('confirme').focus()")
        browser.press(keys=["Space", "Enter"])
        browser.until(at="#closing", has="Fermé à la main")
        check("par chef" in browser.text(at="#closing"), browser.text(at="#closing"))
        check(browser.axe() == [], browser.axe())
        before = browser.text(at="#closing")
        house.kill9()
        house.start()
        browser.go(url=house.url(SERVICE + "famille"))
        check(browser.text(at="#closing") == before, (before, browser.text(at="#closing")))
        browser.press(keys=["r"])
        browser.until(at="#closing", has="Les horaires publiés valent")
        check(house.events().has_in_order("queue_shut", "queue_reopened"))


def an_agent_is_moved_and_comes_back(decroche, demo):
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser, Monday(house):
        signed_in(browser, house)
        browser.until(at="#agents a", has="Nadège")
        browser.click(at="#agents a:has-text('Nadège')")
        browser.until(at="#move", has="Services auxquels répondre")
        check("Personne en conversation" in browser.text(at="#listen"), browser.text(at="#listen"))
        sound(browser, "an agent")
        browser.go(url=house.url("/supervision/alertes"))
        browser.until(at="#list", has="Qui est venu")
        sound(browser, "the alerts of the day")
        browser.go(url=house.url(AGENT + "a01"))
        browser.run(expression="for (const b of document.querySelectorAll('#move [name^=vers_]'))"
                               " b.checked = b.name === 'vers_impots'")
        browser.press(keys=["d"])
        browser.until(at="#state", has="jusqu’à la fin du jour")
        said = browser.text(at="#state")
        check("Répond à\u00a0: Impôts." in said and "par chef" in said, said)
        sound(browser, "an agent who is moved")
        browser.go(url=house.url(BOARD))
        browser.until(at="#agents .tag", has="déplacé")
        browser.go(url=house.url(AGENT + "a01"))
        browser.press(keys=["r"])
        browser.until(at="#state:not(:has([role=status]))", has="Répond à")
        browser.run(expression="for (const b of document.querySelectorAll('#move [name^=vers_]'))"
                               " b.checked = false")
        browser.press(keys=["d"])
        browser.until(at="[role=alert]", has="dire les services")
        check(house.events().has_in_order("agent_moved", "agent_moved_back"))


def who_was_never_reached_is_called_back(decroche, demo):
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        signed_in(browser, house)
        browser.go(url=house.url(LOST))
        check("apparaîtra ici" in browser.text(at="#unreached"), browser.text(at="#unreached"))
        sound(browser, "nobody was lost")
        caller = Caller("0536491201")
        caller.invite("0536490013", house.sip)
        check(wait_until(lambda: house.events().of("contact_queued"), 15, 0.1))
        caller.hang_up()
        check(wait_until(lambda: house.events().of("call_outcome"), 15, 0.1))
        browser.until(at="#unreached tbody", has="Situation 13")
        row = browser.text(at="#unreached tbody tr")
        check("xxxx" in row and "491201" not in row, row)
        check("1201" not in browser.run(expression="document.body.innerText"))
        sound(browser, "somebody was lost")
        browser.click(at="#unreached tbody button")
        browser.until(at="[role=alert]", has="place est encore gardée")
        check(browser.axe() == [], browser.axe())
        caller.close()


def a_message_is_typed_heard_and_ended(decroche, demo):
    hostile = "<img src=x onerror=alert(1)>\"' & fermé"
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        signed_in(browser, house)
        browser.click(at="#notice a")
        browser.until(at="h1", has="Message du jour")
        sound(browser, "no message")
        browser.fill(at="#texte", text=hostile)
        browser.click(at="#write button")
        browser.until(at="#now .say", has="fermé")
        check(hostile in browser.text(at="#now .say"), browser.text(at="#now .say"))
        check("par chef" in browser.text(at="#now"), browser.text(at="#now"))
        sound(browser, "a message")
        browser.until(at="#now", has="entendu par qui appelle", ms=20000)
        sound(browser, "a message that is heard")
        check(browser.run(expression="fetch(document.querySelector('audio').src)"
                                     ".then((r) => r.headers.get('content-type'))") == "audio/wav")
        browser.go(url=house.url(BOARD))
        check(hostile in browser.text(at="#notice"), browser.text(at="#notice"))
        check(browser.texts(at="main img") == [])
        browser.go(url=house.url(BOARD + "?ecran=grand"))
        check(browser.texts(at="main form, main a") == [])
        check(hostile in browser.text(at="#notice"), browser.text(at="#notice"))
        browser.go(url=house.url("/supervision/message"))
        browser.click(at="#now button")
        browser.until(at="#now", has="Rien.")


def hostile_names_of_callers_are_inert(decroche, demo):
    """A display name that is markup, by SIP, on the board and on the list of who was lost."""
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        signed_in(browser, house)
        caller = Caller("0536491201")
        caller.display = '"<script>document.title=1</script>" '
        caller.invite("0536490013", house.sip)
        check(wait_until(lambda: house.events().of("contact_queued"), 15, 0.1))
        browser.until(at="#services tr:has-text('Situation 13') td:nth-of-type(1)", has="1")
        sound(browser, "somebody waits")
        caller.hang_up()
        check(wait_until(lambda: house.events().of("call_outcome"), 15, 0.1))
        browser.go(url=house.url(LOST))
        browser.until(at="#unreached tbody", has="Situation 13")
        for path in (LOST, BOARD):
            browser.go(url=house.url(path))
            check("document.title" not in browser.run(expression="document.body.innerHTML"))
            check("Lisière" in browser.run(expression="document.title"))
        check(browser.errors() == [])
        caller.close()


def who_may_not_is_shown_no_form(decroche, demo):
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        add(house, "cour", "auditor")
        add(house, "sante", "supervisor", "service:sante")
        browser.open(url=house.url("/connexion"))
        signs_in(browser, house, "cour", PASSWORD)
        browser.until(at="h1", has="En ce moment")
        browser.go(url=house.url(SERVICE + "famille"))
        browser.until(at="h1", has="Famille")
        check(browser.texts(at="main form") == [] and browser.texts(at="#agents a") == [])
        sound(browser, "an auditor")
        check(browser.go(url=house.url(AGENT + "a01")) == 403)
        check(browser.go(url=house.url(LOST)) == 403)
        browser.errors()
        browser.click(at=".session button")
        browser.until(at="h1", has="Connexion")
        signs_in(browser, house, "sante", PASSWORD)
        browser.until(at="h1", has="En ce moment")
        check(browser.go(url=house.url(SERVICE + "famille")) == 404)
        check(browser.go(url=house.url(SERVICE + "sante")) == 200)
        check("toute la maison" in browser.text(at="#closing"), browser.text(at="#closing"))


def pictures(decroche, demo):
    if os.environ.get("DECROCHE_TEST") != "long":
        return
    folder = Path(screens.PEERS).parent / "screens"
    folder.mkdir(exist_ok=True)
    with Screens(decroche, demo) as house, Browser(screens.PEERS) as browser:
        add(house, "chef", "supervisor")
        with Monday(house) as monday:
            monday.callers.pop().hang_up()
            house.order("/api/v1/queues/famille/help", "/api/v1/queues/impots/close?until=23:59",
                        "/api/v1/agents/a01/move?queues=impots,route")
            for name, (width, height) in SIZES.items():
                browser.open(url=house.url("/connexion"), width=width, height=height)
                signs_in(browser, house, "chef", PASSWORD)
                browser.until(at="h1", has="En ce moment")
                for path, file in ((BOARD, "tableau"), (SERVICE + "famille", "service"),
                                   (SERVICE + "impots", "ferme"), (AGENT + "a01", "agent-deplace"),
                                   (LOST, "injoints"), ("/supervision/message", "message")):
                    browser.go(url=house.url(path))
                    check(browser.wide() <= 0, (path, width, browser.wide()))
                    browser.shot(path=str(folder / f"{file}-{name}.png"))


CASES = [help_is_asked_for_and_ended_by_keys, a_service_is_closed_and_opened_and_says_how_it_counts,
         an_agent_is_moved_and_comes_back, who_was_never_reached_is_called_back,
         who_may_not_is_shown_no_form,
         a_message_is_typed_heard_and_ended, hostile_names_of_callers_are_inert, pictures]


if __name__ == "__main__":
    screens.PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(screens.PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
