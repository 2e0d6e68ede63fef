#!/usr/bin/env python3
"""firefox.py — the pages of those who work here in Debian's Firefox: sound for axe-core, used by
the keyboard, and a telephone. What browser_calls.py does with Chromium, in short.

  firefox.py DECROCHE DEMO PEERS [NAME …]    PEERS: the folder where ./dev test had npm install
                        puppeteer-core and axe-core; exit 77 (skipped) where it, or Firefox, is not
                        there
"""
import sys
from pathlib import Path

import browser_calls as calls
import sms
from accounts import PASSWORD, add
from browser import FIREFOX, Browser
from robots import wait_until
from screens import signs_in, sound
from sms import check

PEERS = None
QUIET_DB = -60
PAGES = ("/supervision", "/supervision?ecran=grand", "/administration", "/administration/fiches",
         "/administration/phrases", "/administration/comptes")


def page_hears(browser, is_loud):
    check(wait_until(lambda: (browser.level() > QUIET_DB) == is_loud, 8, 0.1),
          (is_loud, browser.level()))


def a_call_is_answered_by_keys_and_both_hear(decroche, demo):
    with calls.House(decroche, demo) as house, Browser(PEERS, FIREFOX) as browser:
        house.puts_on(browser)
        sound(browser, "headset on")
        caller = calls.calls(house)
        calls.is_at(browser, "rings", 25)
        sound(browser, "ringing")
        browser.press(keys=["r"])
        calls.is_at(browser, "call")
        page_hears(browser, True)
        calls.caller_hears(caller, calls.PAGE_HZ)
        sound(browser, "in a call")
        caller.tone(0)
        page_hears(browser, False)
        caller.tone(calls.CALLER_HZ)
        page_hears(browser, True)
        browser.press(keys=["h"])
        browser.until(at="#phone-say", has="musique d’attente")
        browser.press(keys=["h"])
        calls.caller_hears(caller, calls.PAGE_HZ)
        browser.go(url=house.url("/agent"))     # loaded anew: the call stays
        calls.is_at(browser, "call")
        calls.caller_hears(caller, calls.PAGE_HZ)
        check(not house.events().of("contact_returned"))
        browser.press(keys=["x"])
        check(caller.wait("ended", seconds=15), caller.state)
        browser.until(at="#state h2", has="Vous terminez le dossier")
        check(house.events().has_in_order("offer_made", "offer_joined", "call_ended"))
        caller.close()


def every_page_is_sound(decroche, demo):
    with calls.House(decroche, demo) as house, Browser(PEERS, FIREFOX) as browser:
        add(house, "chef", "administrator")
        browser.open(url=house.url("/administration"))
        signs_in(browser, house, "chef", PASSWORD)
        browser.until(at="h1", has="Administration")
        for path in PAGES:
            check(browser.go(url=house.url(path)) == 200, path)
            sound(browser, path)
            check(browser.wide() <= 0, path)


CASES = [a_call_is_answered_by_keys_and_both_hear, every_page_is_sound]


if __name__ == "__main__":
    PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS, FIREFOX).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
