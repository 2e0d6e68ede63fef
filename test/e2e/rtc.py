#!/usr/bin/env python3
"""rtc.py — browsers as telephones: Debian's Chromium against the engine and the sessions of a house
(rtc.c), on loopback. Both ways of the handshake, G.711 and Opus; sound measured by its frequency
and level on both sides; keys; strangers; networks that change; a laptop whose battery ends.

  rtc.py HOUSE PEERS    PEERS: the folder where ./dev test had npm install playwright-core; exit 77
                        (skipped) with a line where it, or Chromium, is not there
"""
import json
import queue
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

from robots import need, skip, wait_until
from sms import check

SCRIPT = Path(__file__).resolve().parent / "peers/rtc_browser.mjs"
CHROMIUM = "/usr/bin/chromium"
TONE_HZ, TONE_DB = 440, -15.3       # of the house: a peak of 8000 in 32767, its mean square
PAGE_HZ, PAGE_LEVEL, PAGE_DB = 1000, 0.2, -17.0     # of a page
NEAR_HZ, NEAR_DB = 12, 2.0
REJOIN_S = 5                        # what is promised
CONSENT_S = 30                      # RFC 7675; checks come each 2 to 3 s
QUIET_DB = -60


class House:
    """rtc.c: .said has its own news, each with when it came."""

    def __init__(self, program, role):
        self.said, self.answers = [], queue.Queue()
        self.process = subprocess.Popen([program, role], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        check(self.process.stdout.readline().startswith(b"port "), "the house has no port")
        self.lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            words = line.decode().split()
            if words[0] in ("state", "key"):
                self.said.append((time.monotonic(), words))
            elif words[0] == "answer":
                self.answers.put((words[1], self.process.stdout.read(int(words[2])).decode()))
            else:
                self.answers.put(words)

    def ask(self, line, body=b""):
        with self.lock:
            self.process.stdin.write(line.encode() + b"\n" + body)
            self.process.stdin.flush()
            return self.answers.get(timeout=10)

    def join(self, session, codec, sdp):
        body = sdp.encode()
        return self.ask(f"join {session} {codec} {len(body)}", body)

    def states(self, session):
        return [(at, w[2]) for at, w in self.said if w[:2] == ["state", session]]

    def is_now(self, session, state):
        states = self.states(session)
        return bool(states) and states[-1][1] == state

    def counts(self):
        return dict(zip(("received", "refused", "sessions", "up"),
                        map(int, self.ask("counts")[1:])))

    def close(self):
        self.process.stdin.close()
        check(self.process.wait(10) == 0, "the house ended with a fault")


class Browser:
    """Chromium: offers of its pages go to .house, whatever house that is by then."""

    def __init__(self, peers):
        self.house, self.answers, self.n = None, {}, 0
        self.process = subprocess.Popen(["node", SCRIPT, peers, CHROMIUM], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = self.process.stdout.readline()
        check(ready, "Chromium did not start")
        print("  Chromium", json.loads(ready)["ready"])
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "offer" in said:
                self._offer(said)
            else:
                self.answers[said["n"]] = said

    def _offer(self, said):
        answer = self.house.join(said["id"], said["codec"], said["sdp"])
        good = isinstance(answer, tuple)
        body = {"id": answer[0], "sdp": answer[1]} if good else {"refused": " ".join(answer[2:])}
        self._write({"do": "answer", "offer": said["offer"], "body": body})

    def _write(self, order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def __call__(self, what, name, **more):
        self.n += 1
        n = self.n
        self._write({"do": what, "name": name, "n": n, **more})
        check(wait_until(lambda: n in self.answers, 20, 0.005), f"{what} {name}: no answer")
        answer = self.answers.pop(n)
        check("error" not in answer, answer)
        return answer["result"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


class Page:
    """A telephone of a browser; .session is the house's id of it."""
    names = 0

    def __init__(self, browser, codec="pcma", hz=PAGE_HZ, microphone=False):
        Page.names += 1
        self.browser, self.codec, self.hz, self.session = browser, codec, hz, "0"
        self.name = f"page {Page.names}"
        self("open", hz=hz, level=PAGE_LEVEL, microphone=microphone)
        self("connect")

    def __call__(self, what, **more):
        return self.browser(what, self.name, **more)

    def join(self, restarts=False):
        answer = self("join", id=self.session, codec=self.codec, restarts=restarts)
        check("sdp" in answer, answer)
        self.session = answer["id"]
        return self

    def up(self, seconds=5):
        check(wait_until(lambda: self.browser.house.is_now(self.session, "up"), seconds, 0.01),
              (self.name, self.browser.house.states(self.session)))
        return self

    def do(self, what):
        check(self.browser.house.ask(f"do {self.session} {what}")[0] == "done", what)

    def hears(self, hz, db=None, seconds=8):
        """Until so; returns how long that took."""
        began, heard = time.monotonic(), {}

        def is_so():
            heard.update(self("hear"))
            return abs(heard["hz"] - hz) < NEAR_HZ and heard["db"] > QUIET_DB and (
                db is None or abs(heard["db"] - db) < NEAR_DB)
        check(wait_until(is_so, seconds, 0.02), f"{self.name} hears {heard}, not {hz} Hz {db} dB")
        return time.monotonic() - began

    def is_deaf(self, seconds=5):
        check(wait_until(lambda: self("hear")["db"] < QUIET_DB, seconds, 0.02), self("hear"))


def sound_goes_both_ways(browser, role, codec):
    """The house's tone at a page, and the page's own, sent back: level and frequency of both."""
    page = Page(browser, codec).join().up()
    page.do("tone")
    page.hears(TONE_HZ, TONE_DB)
    page.do("echo")
    page.hears(PAGE_HZ, PAGE_DB)
    facts = page("facts")
    check(facts["role"] == ("server" if role == "active" else "client"), facts)
    check(facts["codec"] == ("audio/opus" if codec == "opus" else "audio/PCMA"), facts)
    check(facts["received"] > 20 and facts["lost"] == 0, facts)
    print(f"    {codec}, house {role}: {facts}")
    page("press", key="5")
    check(wait_until(lambda: any(w == ["key", page.session, "5"] for _, w in browser.house.said)),
          browser.house.said)
    return page


def two_codecs_talk(browser):
    """A page in G.711 and one in Opus hear each other, and not themselves."""
    a, b = Page(browser, "pcma", 600).join().up(), Page(browser, "opus", 1500).join().up()
    a.do(f"bridge {b.session}")
    a.hears(1500, PAGE_DB)
    b.hears(600, PAGE_DB)
    return a, b


def strangers_change_nothing(browser, page):
    page.do("tone")
    page.hears(TONE_HZ, TONE_DB)
    before = browser.house.counts()
    check(browser.house.ask("forge 0")[0] == "forged")
    check(wait_until(lambda: browser.house.counts()["refused"] >= before["refused"] + 300))
    after = browser.house.counts()
    check(after["refused"] == before["refused"] + 300 and after["up"] == before["up"], after)
    page.hears(TONE_HZ, TONE_DB)


def a_network_that_changes_keeps_the_call(browser, a, b):
    """restartIce() under the session's id: the same keys, and never without sound; then another
    connection: new keys. The call is not set up again by anybody."""
    for kind in ("the same connection", "another connection"):
        browser.house.said.clear()
        began = time.monotonic()
        if kind == "another connection":
            a("hangUp")
            a("connect")
        a.join(restarts=kind == "the same connection")
        if kind == "another connection":
            a.up(REJOIN_S)
        a.hears(1500, PAGE_DB, REJOIN_S)
        b.hears(600, PAGE_DB, REJOIN_S)
        took = time.monotonic() - began
        states = [s for _, s in browser.house.states(a.session)]
        print(f"    {kind}: heard again both ways after {took:.2f} s, {states}")
        check(took < REJOIN_S, took)
        check(states[-2:] == (["joining", "up"] if kind == "another connection" else []), states)


def a_microphone_is_heard(browser):
    """The fake device of Chromium beeps: through all that it does to a voice, and back."""
    page = Page(browser, microphone=True).join().up()
    page.do("echo")
    check(wait_until(lambda: page("hear")["db"] > QUIET_DB, 8, 0.02), page("hear"))


def what_is_refused_is_refused_in_words(browser):
    page = Page(browser)
    answer = page("join", id="1234", codec="pcma", restarts=False)
    check("sdp" not in answer, answer)
    verdict = browser.house.join("0", "pcma", "v=0\r\ns=-\r\n")
    check(verdict[0] == "refused" and "DTLS-SRTP" in " ".join(verdict), verdict)


def who_hangs_up_is_over_at_once(browser, page):
    page("hangUp")
    check(wait_until(lambda: browser.house.is_now(page.session, "over"), 5, 0.02),
          browser.house.states(page.session))


def a_battery_that_ends_is_noticed(house, session, crashed_at):
    """Nothing says goodbye: consent is what ends, and nothing is sent any more."""
    check(wait_until(lambda: house.is_now(session, "silent"),
                     crashed_at + CONSENT_S + 5 - time.monotonic(), 0.1), house.states(session))
    took = house.states(session)[-1][0] - crashed_at
    print(f"    no consent after {took:.1f} s")
    check(CONSENT_S - 6 < took < CONSENT_S + 3, took)


def all_of_it(browser, program):
    houses = []
    crashed = []
    for role in ("passive", "active"):
        browser.house = House(program, role)
        houses.append(browser.house)
        pages = [sound_goes_both_ways(browser, role, codec) for codec in ("pcma", "opus")]
        pages[0]("crash")
        crashed.append((browser.house, pages[0].session, time.monotonic()))
        strangers_change_nothing(browser, pages[1])
        what_is_refused_is_refused_in_words(browser)
        a, b = two_codecs_talk(browser)
        a_network_that_changes_keeps_the_call(browser, a, b)
        a_microphone_is_heard(browser)
        who_hangs_up_is_over_at_once(browser, pages[1])
    for house, session, at in crashed:
        a_battery_that_ends_is_noticed(house, session, at)
    for house in houses:
        house.close()


def main(program, peers):
    need("node")
    if not Path(CHROMIUM).exists():
        skip("Chromium is not installed (Debian's package chromium): no browser to speak with")
    if not (Path(peers) / "node_modules/playwright-core").is_dir():
        skip("npm's playwright-core is not there (./dev test installs it): no browser to drive")
    browser = Browser(peers)
    try:
        all_of_it(browser, program)
    finally:
        browser.close()
    print("browsers speak, hear, press, come back and go")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except AssertionError:
        traceback.print_exc()
        sys.exit(1)
