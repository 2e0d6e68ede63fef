#!/usr/bin/env python3
"""conversation.py — what an agent does with a call from the page: Debian's Chromium is the
telephone of the agent, a baresip that of the colleague, a SIP caller speaks with them; who hears
whom is known by tones.

  conversation.py DECROCHE DEMO PEERS [NAME …]    as browser_calls.py
"""
import sys
import time
from pathlib import Path

import browser_calls
import desk
import sms
import sound as tones
from accounts import PASSWORD
from browser import Browser
from browser_calls import CALLER_HZ, PAGE_HZ, House, caller_hears, page_hears, speaks
from robots import Phone, wait_until
from desk import picture
from screens import sound
from sms import check
from sound import heard

COLLEAGUE, COLLEAGUE_HZ = "a01", 1500
PEERS = None


def chooses(browser, value):
    browser.run(expression=f"document.getElementById('qui').value = '{value}'")


def caller_hears_no(caller, hz):
    check(wait_until(lambda: heard(caller.heard, hz, time.time() - 0.4) < 0.1, 5, 0.1),
          f"the caller hears {hz} Hz")


def caller_hears_both(caller, *hz):
    """In one mix: neither tone is most of what is heard."""
    def levels():
        samples = caller.heard.samples(time.time() - 0.6)
        return [tones.tone_db(samples[-tones.RATE // 2:], h) for h in hz]
    check(wait_until(lambda: min(levels()) > tones.TONE_DB, 8, 0.1), levels())


def at_work(house, agent, hz):
    """A colleague with a desk telephone that answers by itself, free."""
    entry = house.agents[agent]
    phone = Phone(entry.line, entry.secret, house.sip[1], tone=hz)
    check(phone.registered())
    for code, keys, kind in (("*71", entry.code + "#", "agent_signed_in"),
                             ("*72", "", "agent_ready")):
        check(phone.dial(code), phone.program.said())
        time.sleep(0.5)
        phone.press(keys)
        if not keys:
            phone.hang_up()
        check(wait_until(lambda: house.events().of(kind), 8, 0.1), house.events().text())
        phone.hang_up()
    return phone


def a_colleague_is_consulted_joins_and_takes_the_call(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        phone = at_work(house, COLLEAGUE, COLLEAGUE_HZ)
        house.puts_on(browser)
        caller = speaks(house, browser)
        sound(browser, "in conversation")
        picture(browser, "agent-conversation")
        browser.press(keys=["o"])
        browser.until(at="#told", has="Dites d’abord qui")
        check(all("400" in e for e in browser.errors()))
        browser.fill(at="#numero", text="08 99 12 34 56")
        browser.click(at="#call h2")
        browser.press(keys=["o"])
        browser.until(at="#told", has="vers l’extérieur ne sont pas ouverts")
        check(all("409" in e for e in browser.errors()))
        page_hears(browser, CALLER_HZ)
        check(browser.value(at="#numero") == "08 99 12 34 56")
        browser.fill(at="#numero", text="")
        browser.click(at="#call h2")
        browser.press(keys=["g"])
        check("qui" in browser.focus(), browser.focus())
        chooses(browser, f"agent:{COLLEAGUE}")
        browser.click(at="#call h2")
        browser.press(keys=["o"])
        browser.until(at="#third", has="Vous parlez avec Nadège Vasseur", ms=15000)
        # What was refused before is no longer told, once the answer is there; the page may have
        # shown the colleague before it.
        check(wait_until(lambda: browser.texts(at="#told p") == [], 5, 0.1),
              browser.texts(at="#told p"))
        page_hears(browser, COLLEAGUE_HZ)
        caller_hears_no(caller, PAGE_HZ)
        sound(browser, "consulting")
        picture(browser, "agent-consultation")
        browser.press(keys=["j"])
        browser.until(at="#third", has="Vous êtes à trois, avec Nadège Vasseur")
        caller_hears_both(caller, PAGE_HZ, COLLEAGUE_HZ)
        sound(browser, "all three")
        browser.press(keys=["u"])
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        caller_hears(caller, COLLEAGUE_HZ)
        caller_hears_no(caller, PAGE_HZ)
        check(house.events().of("offer_ended", why="passed"), house.events().text())
        caller.hang_up()
        for one in (caller, phone):
            one.close()


CASES = [a_colleague_is_consulted_joins_and_takes_the_call]


if __name__ == "__main__":
    PEERS = desk.PEERS = browser_calls.PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
