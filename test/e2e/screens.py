#!/usr/bin/env python3
"""screens.py — the pages that people look at, in a real browser, over a real house with callers who
wait: sound for everybody (axe-core), narrow and enlarged, dark, without scripts, live within a
second, honest when the house is gone. Pictures of each go to build/screens in DECROCHE_TEST=long.

  screens.py DECROCHE DEMO PEERS [CASE…]
"""
import http.client
import os
import re
import sys
import time
from pathlib import Path

import sms
from accounts import PASSWORD, add, user
from browser import Browser
from caller import Caller
from robots import Phone, wait_until
from service import Service
from sms import check

SIZES = {"1280x800": (1280, 800), "390x844": (390, 844)}
LIVE_S = 1.0            # what happens stands on the board after so long (issue: at most 1 s behind)
BOARD = "/supervision"
PEERS = None


class Screens(Service):
    """A house, its address for browsers, and who may look at it."""

    def __init__(self, decroche, demo, changes=None):
        super().__init__(decroche, demo, changes)
        token = re.search(r'token: "(\w+)"', (self.home / "secrets.yaml").read_text())[1]
        self.headers = {"Authorization": f"Bearer {token}"}

    def url(self, path):
        return f"http://{self.http[0]}:{self.http[1]}{path}"

    def order(self, *paths):
        for path in paths:
            client = http.client.HTTPConnection(*self.http, timeout=10)
            client.request("POST", path, headers=self.headers)
            answer = client.getresponse()
            check(answer.status == 200, (path, answer.read()))
            client.close()

    def open(self, browser, path=BOARD, **how):
        return browser.open(url=self.url(path), headers=self.headers, **how)


def waiting(house, n=2):
    """Callers who wait where nobody is at work."""
    found = [Caller(f"05364912{i:02d}") for i in range(n)]
    for c in found:
        c.invite("0536490013", house.sip)
    check(wait_until(lambda: len(house.events().of("contact_queued")) >= n, 15, 0.1),
          house.events().outcomes())
    return found


class Monday:
    """Two robots speak, one person waits, somebody works without a call, somebody is paused."""

    def __init__(self, house):
        self.house, self.phones = house, []
        for robot in ("r12a", "r12b"):
            agent = house.agents[robot]
            self.phones.append(Phone(agent.line, agent.secret, house.sip[1]))
            check(self.phones[-1].registered())
            house.order(f"/api/v1/agents/{robot}/sign-in", f"/api/v1/agents/{robot}/ready")
        house.order("/api/v1/agents/a01/sign-in", "/api/v1/agents/a01/pause?reason=meal")
        self.callers = [Caller(f"05364913{i:02d}") for i in range(3)]
        for c in self.callers:
            c.invite("0536490012", house.sip)
        check(wait_until(lambda: len(house.events().of("offer_joined")) == 2, 20, 0.2))
        check(wait_until(lambda: len(house.events().of("contact_queued")) == 3, 20, 0.2))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in [*self.callers, *self.phones]:
            one.close()


def sound(browser, where):
    faults = browser.axe()
    check(faults == [], f"{where}: {faults}")
    errors = browser.errors()
    check(errors == [], f"{where}: {errors}")


def every_page_is_sound_for_everybody(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        for path, status in ((BOARD, 200), (BOARD + "?ecran=grand", 200), ("/rien", 404)):
            for scheme in ("light", "dark"):
                check(house.open(browser, path, scheme=scheme) == status, path)
                check(browser.axe() == [], (path, scheme, browser.axe()))
        with Monday(house):
            for path in (BOARD, BOARD + "?langue=en"):
                for scheme in ("light", "dark"):
                    house.open(browser, path, scheme=scheme)
                    sound(browser, f"{path} {scheme}, people wait")
            states = browser.texts(at="#agents h3 .count")
            check(states == ["0", "0", "2", "0", "1"], states)
            check("repas" in browser.text(at="#agents") or "meal" in browser.text(at="#agents"))


def nothing_is_wider_than_its_screen(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        callers = waiting(house, 1)
        for width, height, scale in ((390, 844, 1), (320, 640, 1), (1280, 800, 2), (1280, 800, 4)):
            house.open(browser, width=width, height=height, scale=scale)
            check(browser.wide() <= 0, (width, scale, browser.wide()))
        callers[0].hang_up()


def what_happens_is_on_the_board_within_a_second(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        house.open(browser)
        row = "#services tr:has-text('Situation 13')"
        check(browser.texts(at=row + " td")[0] == "0", browser.texts(at=row + " td"))
        behind = []
        for n in range(1, 4):
            callers = waiting(house, 1) if n == 1 else callers + waiting_more(house, n)
            ms = browser.until(at=row + " td:nth-of-type(1)", has=str(n))
            queued_at = house.events().of("contact_queued")[n - 1]["at"] / 1000
            behind.append(time.time() - queued_at)
            check(ms < 5000)
        check(min(behind) <= LIVE_S, behind)
        check(re.match(r"\d+\s", browser.text(at=row + " time")), browser.texts(at=row + " td"))
        for c in callers:
            c.hang_up()
        browser.until(at=row + " td:nth-of-type(1)", has="0")
        check(browser.errors() == [])


def waiting_more(house, n):
    c = Caller(f"05364912{n:02d}")
    c.invite("0536490013", house.sip)
    wait_until(lambda: len(house.events().of("contact_queued")) >= n, 15, 0.05)
    return [c]


def focus_and_what_is_open_stay(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        house.open(browser)
        browser.click(at="#today summary")
        check("summary" in browser.focus(), browser.focus())
        callers = waiting(house, 1)
        browser.until(at="#services tr:has-text('Situation 13') td:nth-of-type(1)", has="1")
        check("summary" in browser.focus(), browser.focus())
        check(browser.run(expression="document.querySelector('#today details').open"))
        callers[0].hang_up()


def it_says_so_when_the_house_is_gone_and_comes_back(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        house.settings["web"]["port"] = house.http[1]       # the same after a restart
        house.open(browser)
        house.kill9()
        browser.until(at=".warning", has="ne sont plus à jour", ms=35000)
        house.start()
        check(wait_until(lambda: browser.texts(at=".warning") == [], 20, 0.2))


def without_scripts_it_is_the_same_page(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        callers = waiting(house, 1)
        house.open(browser, script=False)
        check(browser.texts(at="#services tr:has-text('Situation 13') td")[0] == "1")
        callers[0].hang_up()


def strangers_see_nothing_and_words_are_inert(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        check(browser.open(url=house.url(BOARD)) == 200 and browser.where() == "/connexion")
        check(house.open(browser, "/rien") == 404)
        check("n’existe pas" in browser.text(at="h1"), browser.text(at="h1"))
        check(house.open(browser, BOARD + "?langue=%3Cscript%3Ealert(1)%3C/script%3E") == 200)
        check(browser.run(expression="document.documentElement.lang") == "fr")
        check(house.open(browser, language="en-GB") == 200)
        check(browser.text(at="h1") == "Now")
        browser.click(at=".language a")
        browser.until(at="h1", has="En ce moment")


def signs_in(browser, house, login, password):
    if browser.where() != "/connexion":
        browser.go(url=house.url(BOARD))
    check(browser.where() == "/connexion", browser.where())
    browser.fill(at="#identifiant", text=login)
    browser.fill(at="#mot_de_passe", text=password)
    browser.press(keys=["Enter"])


def a_supervisor_signs_in_and_sees_what_is_theirs(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        add(house, "chef", "supervisor")
        add(house, "sante", "supervisor", "service:sante")
        add(house, "agent", "agent")
        browser.open(url=house.url("/connexion"))
        sound(browser, "sign in")
        signs_in(browser, house, "chef", "not this one at all")
        browser.until(at="[role=alert]", has="incorrect")
        check("alert" in browser.focus(), browser.focus())
        sound_but_401(browser)
        signs_in(browser, house, "chef", PASSWORD)
        browser.until(at="h1", has="En ce moment")
        check(browser.where() == BOARD and browser.text(at="nav [aria-current]") == "Supervision")
        sound(browser, "signed in")
        with Monday(house):
            browser.until(at="#agents", has="Robot lent A")
        browser.click(at=".session button")
        browser.until(at="h1", has="Connexion")
        signs_in(browser, house, "sante", PASSWORD)
        browser.until(at="h1", has="En ce moment")
        check(browser.texts(at="#services tbody th") == ["Santé et remboursements"],
              browser.texts(at="#services tbody th"))
        check(browser.texts(at="#quarters, #lines") == [])
        browser.click(at=".session button")
        browser.until(at="h1", has="Connexion")
        signs_in(browser, house, "agent", PASSWORD)
        browser.until(at="h1", has="Mon poste")
        check(browser.go(url=house.url(BOARD)) == 403)
        check("compte" in browser.text(at="main"), browser.text(at="main"))


def an_agent_works_by_keys_and_sees_the_call(decroche, demo):
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        add(house, "lent", "agent")
        check(user(house, "agent", "lent", "r12a")[0] == 0)
        add(house, "sans", "agent")
        browser.open(url=house.url("/agent"))
        signs_in(browser, house, "sans", PASSWORD)
        browser.until(at="main", has="n’est lié à aucun agent")
        sound(browser, "an account without an agent")
        browser.click(at=".session button")
        browser.until(at="h1", has="Connexion")
        signs_in(browser, house, "lent", PASSWORD)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        agent = house.agents["r12a"]
        phone = Phone(agent.line, agent.secret, house.sip[1])
        check(phone.registered())
        sound(browser, "signed out")
        browser.click(at=".keys button")            # switched off, and on again
        browser.press(keys=["m"])
        time.sleep(0.5)
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        sound(browser, "keys are off")
        browser.click(at=".keys button")
        for key, state in (("m", "En pause"), ("d", "Disponible"), ("p", "En pause"),
                           ("d", "Disponible")):
            browser.press(keys=[key])
            browser.until(at="#state h2", has=state)
            sound(browser, state)
        caller = Caller("0536491301")
        caller.invite("0536490012", house.sip)
        browser.until(at="#state h2", has="En conversation", ms=20000)
        check("Situation 12" in browser.text(at="#call"), browser.text(at="#call"))
        check("0536491301" not in browser.run(expression="document.body.innerHTML"))
        sound(browser, "in conversation")
        browser.press(keys=["2"])
        browser.until(at=".outcome [aria-pressed=true]", has="à rappeler")
        check("button" in browser.focus(), browser.focus())
        sound(browser, "concluded")
        caller.hang_up()
        browser.until(at="#state h2", has="Vous terminez le dossier", ms=10000)
        browser.until(at="#state", has="Disponible dans")
        sound(browser, "wrap-up")
        browser.press(keys=["4"])                   # the last word stands
        browser.until(at=".outcome [aria-pressed=true]", has="rendez-vous")
        browser.press(keys=["t"])
        browser.until(at="#state time[data-until]", has="3 min")
        check(house.events().of("conversation_concluded")[-1]["conclusion"] == "appointment")
        check(browser.where() == "/agent" and browser.texts(at="#told p") == [])
        browser.press(keys=["q"])
        browser.until(at="#state h2", has="Vous n’êtes pas en poste")
        check(house.events().has_in_order("agent_signed_in", "agent_ready", "agent_paused",
                                          "agent_ready", "offer_joined", "agent_signed_out"))
        phone.close()
        caller.close()


def sound_but_401(browser):
    """What a wrong password answers is an error for the browser's console alone."""
    check(browser.axe() == [], browser.axe())
    check(all("401" in e for e in browser.errors()))


def pictures(decroche, demo):
    """Only where somebody looks at them."""
    if os.environ.get("DECROCHE_TEST") != "long":
        return
    folder = Path(PEERS).parent / "screens"
    folder.mkdir(exist_ok=True)
    with Screens(decroche, demo) as house, Browser(PEERS) as browser:
        with Monday(house) as monday:
            monday.callers.pop().hang_up()
            time.sleep(2)
            for name, (width, height) in SIZES.items():
                house.open(browser, width=width, height=height)
                browser.shot(path=str(folder / f"supervision-{name}.png"))
            house.open(browser, scheme="dark")
            browser.shot(path=str(folder / "supervision-dark.png"))
            house.open(browser, BOARD + "?ecran=grand", width=1920, height=1080)
            browser.shot(path=str(folder / "supervision-1920x1080.png"), whole=False)
            add(house, "lent", "agent")
            check(user(house, "agent", "lent", "r12a")[0] == 0)
            for name, (width, height) in SIZES.items():
                browser.open(url=house.url("/connexion"), width=width, height=height)
                browser.shot(path=str(folder / f"connexion-{name}.png"))
                signs_in(browser, house, "lent", PASSWORD)
                browser.until(at="#state h2", has="En conversation")
                browser.shot(path=str(folder / f"agent-{name}.png"))


CASES = [every_page_is_sound_for_everybody, nothing_is_wider_than_its_screen,
         what_happens_is_on_the_board_within_a_second, focus_and_what_is_open_stay,
         it_says_so_when_the_house_is_gone_and_comes_back, without_scripts_it_is_the_same_page,
         strangers_see_nothing_and_words_are_inert,
         a_supervisor_signs_in_and_sees_what_is_theirs,
         an_agent_works_by_keys_and_sees_the_call, pictures]


if __name__ == "__main__":
    PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
