#!/usr/bin/env python3
"""browser_calls.py — calls at a page: Debian's Chromium is the telephone of an agent, a SIP caller
speaks with it. The demonstration's service; sound is known by its tones.

  browser_calls.py DECROCHE DEMO PEERS [NAME …]    PEERS: the folder where ./dev test had npm
                        install playwright-core and axe-core; exit 77 (skipped) where it, or
                        Chromium, is not there
"""
import os
import sys
import time
from pathlib import Path

import sms
from accounts import PASSWORD, add, user
from browser import Browser
from caller import Caller
from robots import Phone, wait_until
from screens import SIZES, signs_in, sound
from service import Service
from sms import check
from sound import heard

AGENT, NUMBER = "r12a", "0536490012"
PAGE_HZ, CALLER_HZ = 1000, 440
NEAR_HZ = 15
LOST_S = 5.0            # design §3.4: the caller is at the head again
ANSWER_MS = 300         # issue 6: heard after the click
BUSY_MS = 1000
NEWCOMER_S = 120        # issue 6: from the sign-in to the first call
PEERS = None


class House(Service):
    def __init__(self, decroche, demo):
        super().__init__(decroche, demo, changes={"media": {"browser_port": "free"},
                                                  "queue": {"wrap_up": "10s", "offer": "30s"}})
        add(self, "lent", "agent")
        check(user(self, "agent", "lent", AGENT)[0] == 0)

    def url(self, path):
        return f"http://{self.http[0]}:{self.http[1]}{path}"

    def signs_in(self, browser, **how):
        browser.open(url=self.url("/agent"), **how)
        signs_in(browser, self, "lent", PASSWORD)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")

    def puts_on(self, browser, **how):
        """The headset, and is free."""
        self.signs_in(browser, microphone=PAGE_HZ, **how)
        browser.click(at="#phone-on")
        is_at(browser, "ready")
        browser.press(keys=["m"])
        browser.until(at="#state h2", has="En pause")
        browser.press(keys=["d"])
        browser.until(at="#state h2", has="Disponible")


def is_at(browser, state, seconds=10):
    try:
        browser.until(at=f"#phone[data-state={state}] h2", has="Téléphone", ms=int(seconds * 1000))
    except Exception as e:
        raise AssertionError((state, browser.text(at="#phone"), browser.errors())) from e


def page_hears(browser, hz, seconds=8):
    found = {}

    def is_so():
        found.update(browser.hear())
        return abs(found["hz"] - hz) < NEAR_HZ and found["db"] > -40
    check(wait_until(is_so, seconds, 0.05), f"the page hears {found}, not {hz} Hz")


def caller_hears(caller, hz, seconds=8):
    check(wait_until(lambda: heard(caller.heard, hz, time.time() - 0.6) > 0.8, seconds, 0.1),
          f"the caller does not hear {hz} Hz")


def calls(house):
    caller = Caller("0536491301")
    caller.tone(CALLER_HZ)
    caller.invite(NUMBER, house.sip)
    return caller


def speaks(house, browser):
    """A caller who speaks with the page."""
    caller = calls(house)
    is_at(browser, "rings", 25)
    browser.press(keys=["r"])
    is_at(browser, "call")
    page_hears(browser, CALLER_HZ)
    caller_hears(caller, PAGE_HZ)
    return caller


def the_answer_is_heard_at_once(decroche, demo):
    """The best of three. On a machine that has more to do than processors, the browser's buffers
    grow: then it is measured, and only what nobody would bear is a fault."""
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.puts_on(browser)
        waits = []
        for _ in range(3):
            caller = calls(house)
            is_at(browser, "rings", 25)
            page_hears(browser, 440)
            check(wait_until(lambda: browser.hear().get("isSilent"), 8, 0.01), "it never rests")
            waits.append(browser.clickAndHear(at="#phone-answer"))
            is_at(browser, "call")
            caller.hang_up()
            caller.close()
            browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
            browser.press(keys=["d"])
            browser.until(at="#state h2", has="Disponible")
            is_at(browser, "ready")
        print("  heard", ", ".join(f"{ms:.0f}" for ms in waits), "ms after the click")
        load = os.getloadavg()[0]
        bound = ANSWER_MS if load <= os.cpu_count() else BUSY_MS
        check(0 < min(waits) <= bound, (waits, load))


def a_call_is_answered_and_spoken(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.signs_in(browser, microphone=PAGE_HZ)
        sound(browser, "the desk telephone")
        house.puts_on(browser)
        sound(browser, "headset on")
        browser.click(at="#phone-more summary")
        browser.click(at="#phone-echo")
        page_hears(browser, PAGE_HZ)
        sound(browser, "test of the headset")
        browser.click(at="#phone-echo")
        caller = calls(house)
        is_at(browser, "rings", 25)
        check("Répondre" in browser.text(at="#phone-answer"))
        sound(browser, "ringing")
        page_hears(browser, 440)
        browser.click(at="#phone-answer")
        is_at(browser, "call")
        page_hears(browser, CALLER_HZ)
        caller_hears(caller, PAGE_HZ)
        sound(browser, "in a call")
        browser.press(keys=["c"])
        check(wait_until(lambda: heard(caller.heard, PAGE_HZ, time.time() - 0.4) < 0.1, 5, 0.1),
              "muted, and heard")
        browser.press(keys=["c"])
        caller_hears(caller, PAGE_HZ)
        browser.press(keys=["h"])
        browser.until(at="#phone-say", has="musique d’attente")
        check(wait_until(lambda: heard(caller.heard, PAGE_HZ, time.time() - 0.4) < 0.1, 5, 0.1),
              "held, and heard")
        browser.press(keys=["h"])
        caller_hears(caller, PAGE_HZ)
        browser.click(at="#phone-keys summary")
        sound(browser, "keys")
        for key in "*4":        # back to the queue, at its place: it rings here again
            browser.click(at=f"[data-press='{key}']")
            time.sleep(0.3)
        check(back_at_the_head(house, time.time()) < LOST_S)
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        browser.press(keys=["d"])
        is_at(browser, "rings", 25)
        browser.press(keys=["r"])
        is_at(browser, "call")
        caller_hears(caller, PAGE_HZ)
        browser.press(keys=["x"])
        check(caller.wait("ended", seconds=15), caller.state)
        is_at(browser, "ready")
        browser.until(at="#state h2", has="Vous terminez le dossier")
        check(house.events().has_in_order("offer_made", "offer_joined", "call_ended"))
        caller.close()


class Newcomer:
    """Somebody who has never seen the page: reads each new line of it, then looks for the button
    that has these words, and presses it with the mouse. .seconds: what people take for it
    (reading aloud; the keystroke-level model of Card, Moran and Newell, 1980), and what the page
    made them wait."""
    WORDS_S = 180 / 60          # read; adults read French at 195 a minute (Brysbaert, 2019)
    DECIDE_S, POINT_S, PRESS_S = 1.35, 1.1, 0.2

    def __init__(self, browser):
        self.browser, self.seconds, self.known, self.words_n = browser, 0.0, set(), 0

    def reads(self):
        lines = set(self.browser.text(at="main").splitlines()) - self.known
        self.known |= lines
        words_n = sum(len(line.split()) for line in lines)
        self.words_n += words_n
        self.seconds += words_n / self.WORDS_S

    def presses(self, words, then, has):
        self.reads()
        began = time.monotonic()
        self.browser.click(at=f"main button:visible:has-text('{words}')")
        self.browser.until(at=then, has=has, ms=25000)
        self.seconds += (self.DECIDE_S + self.POINT_S + self.PRESS_S +
                         time.monotonic() - began)


def who_has_never_seen_it_takes_a_call_within_two_minutes(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.signs_in(browser, microphone=PAGE_HZ)
        newcomer = Newcomer(browser)
        newcomer.presses("Utiliser le casque", "#phone[data-state=ready] h2", "Téléphone")
        newcomer.presses("Se mettre en poste", "#state h2", "En pause")
        newcomer.presses("Disponible", "#state h2", "Disponible")
        caller = calls(house)           # when a call comes is no matter of the page
        is_at(browser, "rings", 25)
        browser.until(at="#state h2", has="Un appel vous est présenté")
        newcomer.presses("Répondre", "#phone[data-state=call] h2", "Téléphone")
        caller_hears(caller, PAGE_HZ)
        page_hears(browser, CALLER_HZ)
        print(f"  {newcomer.seconds:.0f} s, of which {newcomer.words_n} words read")
        check(newcomer.seconds <= NEWCOMER_S, newcomer.seconds)
        caller.hang_up()
        caller.close()


def the_caller_hangs_up_and_the_next_one_rings(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.puts_on(browser)
        caller = speaks(house, browser)
        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        browser.press(keys=["d"])
        second = speaks(house, browser)
        second.hang_up()
        is_at(browser, "ready")
        for c in (caller, second):
            c.close()


def back_at_the_head(house, since, n=1):
    """Seconds until the caller waits again."""
    check(wait_until(lambda: len(house.events().of("contact_returned")) >= n, 15, 0.02),
          house.events().text())
    return house.events().of("contact_returned")[n - 1]["at"] / 1000 - since


def a_killed_tab_gives_the_caller_back(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.puts_on(browser)
        caller = speaks(house, browser)
        began = time.time()
        browser.crash()
        seconds = back_at_the_head(house, began)
        print(f"  at the head again {seconds:.1f} s after the tab was killed")
        check(seconds <= LOST_S, seconds)
        check(caller.state == "talking")
        caller.hang_up()
        caller.close()


def a_page_that_is_loaded_anew_keeps_the_call(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.puts_on(browser)
        caller = speaks(house, browser)
        began = time.time()
        browser.go(url=house.url("/agent"))
        is_at(browser, "call")
        page_hears(browser, CALLER_HZ)
        caller_hears(caller, PAGE_HZ)
        print(f"  heard both ways {time.time() - began:.1f} s after it was loaded anew")
        check(not house.events().of("contact_returned"))
        browser.press(keys=["x"])
        check(caller.wait("ended", seconds=15), caller.state)
        caller.close()


def a_restart_loses_no_caller(decroche, demo):
    """The call is lost, for its keys were in memory alone; the caller keeps the place, is told, and
    the page finds the service again by itself."""
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.settings["web"]["port"] = house.http[1]
        house.puts_on(browser)
        caller = speaks(house, browser)
        house.kill9()
        house.start()
        began = time.time()
        back_at_the_head(house, began)
        check(house.events().of("contact_told", what="agent_lost"), house.events().text())
        check(caller.state == "talking")
        is_at(browser, "ready", 30)
        print(f"  the headset is ready {time.time() - began:.1f} s after the start")
        caller.hang_up()
        caller.close()


def a_refused_microphone_is_told_and_the_desk_telephone_rings(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.signs_in(browser)
        browser.click(at="#phone-on")
        browser.until(at="#phone-say", has="refuse le microphone")
        check("téléphone de bureau" in browser.text(at="#phone-say"))
        sound(browser, "microphone refused")
        agent = house.agents[AGENT]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        browser.press(keys=["m"])
        browser.until(at="#state h2", has="En pause")
        browser.press(keys=["d"])
        caller = calls(house)
        browser.until(at="#state h2", has="En conversation", ms=25000)
        caller_hears(caller, 1000)
        caller.hang_up()
        phone.close()
        caller.close()


def another_tab_takes_over(decroche, demo):
    with House(decroche, demo) as house, Browser(PEERS) as browser:
        house.puts_on(browser)
        browser.tab(url=house.url("/agent"))
        is_at(browser, "ready")
        check(browser.elsewhere(at="#phone-say", has="une autre page"), "the first page says so")
        caller = speaks(house, browser)
        caller.hang_up()
        caller.close()


def pictures(decroche, demo):
    """Only where somebody looks at them."""
    if os.environ.get("DECROCHE_TEST") != "long":
        return
    folder = Path(PEERS).parent / "screens"
    folder.mkdir(exist_ok=True)
    for name, (width, height) in SIZES.items():
        with House(decroche, demo) as house, Browser(PEERS) as browser:
            def shot(what):
                browser.shot(path=str(folder / f"casque-{what}-{name}.png"))
            house.signs_in(browser, width=width, height=height, microphone=PAGE_HZ)
            shot("eteint")
            house.puts_on(browser, width=width, height=height)
            browser.click(at="#phone-more summary")
            shot("pret")
            caller = calls(house)
            is_at(browser, "rings", 25)
            shot("sonne")
            browser.press(keys=["r"])
            is_at(browser, "call")
            browser.click(at="#phone-keys summary")
            time.sleep(1)
            wide = browser.run(expression="document.getElementById('phone').scrollWidth - "
                                          "document.getElementById('phone').clientWidth")
            check(wide <= 0, (name, wide))
            shot("en-ligne")
            caller.hang_up()
            caller.close()


CASES = [who_has_never_seen_it_takes_a_call_within_two_minutes,
         a_call_is_answered_and_spoken, the_answer_is_heard_at_once,
         the_caller_hangs_up_and_the_next_one_rings, a_killed_tab_gives_the_caller_back,
         a_page_that_is_loaded_anew_keeps_the_call, a_restart_loses_no_caller,
         a_refused_microphone_is_told_and_the_desk_telephone_rings, another_tab_takes_over,
         pictures]


if __name__ == "__main__":
    PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
