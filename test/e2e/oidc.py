#!/usr/bin/env python3
"""oidc.py — signing in at an identity provider, in a real browser: npm's oidc-provider in the place
of ProConnect, on another site (localhost) than decroche (127.0.0.1), so that cookies meet what they
meet outside. Sign-in, agent's page, sign-out at both; who is unknown; a state that was tampered
with; keys that turn; a provider that is killed. Once in clear on the loopback, once with TLS on
both sides, as in life.

  oidc.py DECROCHE DEMO PEERS [CASE…]
"""
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from accounts import PASSWORD, Browser as Plain, add, user
from browser import Browser
from papers import Papers
from robots import need, skip, wait_until
from service import Service
from sms import check

SECRET = "un-secret-de-plus-de-trente-deux-signes"
SCRIPT = Path(__file__).resolve().parent / "peers/oidc_provider.mjs"
PEERS = None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Provider:
    def __init__(self, redirect, more):
        self.port, self.redirect, self.more = free_port(), redirect, more
        scheme = "https" if any(str(word).endswith(".pem") for word in more) else "http"
        self.issuer = f"{scheme}://localhost:{self.port}"
        self.start("k1")

    def start(self, kid):
        self.process = subprocess.Popen(
            ["node", SCRIPT, PEERS, str(self.port), self.redirect, kid,
             *map(str, self.more)], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        check(self.process.stdout.readline().strip() == "ready", "the provider did not begin")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class House(Service):
    """A house that knows a provider; who may sign in there is linked by the cases."""

    def __init__(self, decroche, demo, provider_more=(), papers=None, **settings):
        port = free_port()
        self.base = f"{'https' if papers else 'http'}://127.0.0.1:{port}"
        redirect = f"{self.base}/connexion/oidc/retour"
        web = {"port": port}
        if papers:
            pem, key = papers.make("pages")
            web = {"port": 0, "tls_address": "127.0.0.1", "tls_port": port,
                   "tls_certificate": pem, "tls_key": key}
            provider_more = (*provider_more, *papers.make("provider"))
            settings["tls_authority"] = papers.authority
        self.provider = Provider(redirect, provider_more)
        keys = {"issuer": self.provider.issuer, "client_id": "decroche", "redirect": redirect,
                "acr_values": "eidas2", **settings}
        super().__init__(decroche, demo, {"oidc": {k: f'"{v}"' if ":" in str(v) else v
                                                   for k, v in keys.items()},
                                          "web": web})

    def _people(self):
        agents = super()._people()
        with open(self.home / "secrets.yaml", "a", encoding="utf-8") as f:
            f.write(f'oidc: {{ secret: "{SECRET}" }}\n')
        return agents

    def __exit__(self, kind, fault, trace):
        if fault:
            fault.add_note(f"--- {self.said()[-3000:]}")
        super().__exit__(kind, fault, trace)
        self.provider.kill()

    def url(self, path):
        return self.base + path


def linked(house, login, subject, roles="agent"):
    add(house, login, roles)
    code, _, err = user(house, "subject", login, subject)
    check(code == 0, err)


def goes_to_the_provider(browser, house, who, acr="eidas2"):
    browser.open(url=house.url("/connexion"))
    browser.click(at="a.button")
    browser.until(at="#who", has="")
    browser.fill(at="#who", text=who)
    browser.fill(at="#acr", text=acr)
    browser.click(at="button")


def sound(browser, where):
    faults = browser.axe()
    check(faults == [], f"{where}: {faults}")


def shot(browser, name):
    folder = Path(PEERS).parent / "screens"
    if os.environ.get("DECROCHE_TEST") == "long":
        folder.mkdir(exist_ok=True)
        browser.shot(path=str(folder / f"oidc-{name}.png"))


# ---- cases --------------------------------------------------------------------------------------
def a_person_signs_in_there_works_here_and_signs_out_at_both(house, browser):
    linked(house, "zoe", "zoe-123")
    browser.open(url=house.url("/connexion"))
    check("S’identifier avec ProConnect" in browser.text(at="a.button"))
    sound(browser, "the form with its button")
    shot(browser, "form")
    goes_to_the_provider(browser, house, "zoe-123")
    browser.until(at=".session", has="zoe", ms=15000)
    check(browser.where() == "/agent", browser.where())
    errors = [e for e in browser.errors() if "favicon" not in e and "404" not in e]
    check(errors == [], errors)
    browser.click(at=".session button")
    browser.until(at="h1", has="Leave", ms=15000)       # the provider asks, as it likes
    browser.click(at="button[name=logout]")
    browser.until(at="#identifiant", has="", ms=15000)
    check(browser.where() == "/connexion", browser.where())
    browser.click(at="a.button")
    browser.until(at="#who", has="")                    # signed out there, too
    said = house.said()
    check("eyJ" not in said and SECRET not in said, "a token or a secret in the log")
    audit = user(house, "audit")[1]
    check('"detail":"oidc"' in audit and "zoe" not in audit, audit)


def who_has_no_account_is_told_whom_to_ask(house, browser):
    goes_to_the_provider(browser, house, "inconnue")
    browser.until(at=".warning", has="Aucun compte", ms=15000)
    check("inconnue" in browser.text(at="code"), browser.text(at="main"))
    sound(browser, "nobody")
    shot(browser, "nobody")
    check("nobody" in house.said() and '"detail":"nobody"' in user(house, "audit")[1])
    linked(house, "partie", "partie-1")
    check(user(house, "disable", "partie")[0] == 0)
    goes_to_the_provider(browser, house, "partie-1")
    browser.until(at=".warning", has="Aucun compte", ms=15000)     # the same words
    goes_to_the_provider(browser, house, "personne")
    browser.until(at=".warning", has="pas confirmé", ms=15000)
    goes_to_the_provider(browser, house, "partie-1", acr="eidas1")
    browser.until(at=".warning", has="assez sûrement", ms=15000)
    add(house, "ines", "agent")
    check(user(house, "mail", "ines", "Ines.Roy@exemple.gouv.fr")[0] == 0)
    check("attend ines.roy@exemple.gouv.fr" in user(house, "list")[1])
    goes_to_the_provider(browser, house, "ines.roy")
    browser.until(at=".session", has="ines", ms=15000)
    listed = user(house, "list")[1]
    check("lié au fournisseur" in listed and "attend" not in listed, listed)
    check(user(house, "unlink", "ines")[0] == 0)
    browser.go(url=house.url("/agent"))
    check(browser.where() == "/connexion", "its sessions have ended")


def what_this_browser_did_not_begin_is_refused(house, browser):
    linked(house, "lea", "lea-123")
    b = Plain(house)
    status, _, headers = b.ask("GET", "/connexion/oidc")
    check(status == 303, status)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(headers["Location"]).query).items()}
    check(len(asked["state"]) == len(asked["nonce"]) == 64, asked)
    check(asked["code_challenge_method"] == "S256" and asked["acr_values"] == "eidas2", asked)
    check(asked["redirect_uri"] == house.url("/connexion/oidc/retour"), asked)
    cookie = headers["Set-Cookie"]
    check(re.fullmatch(r"decroche-oidc=[0-9a-f]{64}\.[0-9a-f]{16}; Path=/; HttpOnly; "
                       r"SameSite=Lax; Max-Age=600", cookie), cookie)
    own = cookie.split(";")[0]

    def back(cookie=own, **query):
        b.cookie = cookie
        return b.ask("GET", "/connexion/oidc/retour?" + urlencode(query))[0]
    state = asked["state"]
    other = ("0" if state[0] != "0" else "1") + state[1:]
    late = own[:-16] + f"{int(own[-16:], 16) - 600000:016x}"
    check(back(code="c", state=other) == 403)
    check(back(code="c") == 403)
    check(back(cookie=None, code="c", state=state) == 403)
    check(back(cookie=late, code="c", state=state) == 403)  # its instant is in its state
    check(back(cookie=f"{own}; {own}", code="c", state=state) == 403)
    check(back(code="c", state=state, iss="https://evil.example") == 502)
    check(back(code="c" * 1025, state=state) == 502)
    check(back(error="access_denied", state=state) == 403)
    check(back(code="no-code-of-the-provider", state=state) == 502)
    for why in ("bad_state", "no_cookie", "bad_issuer", "denied", "code_refused"):
        check(f"why={why}" in house.said(), (why, house.said()[-2000:]))
        check(wait_until(lambda why=why: f'"detail":"{why}"' in user(house, "audit")[1], 5, 0.1),
              (why, user(house, "audit")))
    goes_to_the_provider(browser, house, "lea-123")
    browser.until(at=".session", has="lea", ms=15000)


def keys_turn_and_a_provider_that_is_gone_stops_nobody(house, browser):
    linked(house, "zoe", "zoe-123", "supervisor")
    goes_to_the_provider(browser, house, "zoe-123")
    browser.until(at=".session", has="zoe", ms=15000)
    house.provider.kill()
    house.provider.start("k2")                          # other keys, at once
    goes_to_the_provider(browser, house, "zoe-123")
    browser.until(at=".session", has="zoe", ms=15000)
    check("asked anew" in house.said())
    house.provider.kill()
    house.kill9()
    house.start()                                       # and nobody to discover
    browser.open(url=house.url("/connexion"))
    check(wait_until(lambda: "does not answer" in house.said(), 10, 0.1), house.said())
    check(browser.open(url=house.url("/connexion/oidc")) == 503)
    check("ne répond pas" in browser.text(at=".warning"), browser.text(at="main"))
    sound(browser, "the provider is gone")
    shot(browser, "gone")
    browser.fill(at="#identifiant", text="zoe")
    browser.fill(at="#mot_de_passe", text=PASSWORD)
    browser.press(keys=["Enter"])
    browser.until(at=".session", has="zoe", ms=15000)   # the password does
    browser.click(at=".session button")
    browser.until(at="#identifiant", has="", ms=15000)


def over_tls_a_stranger_in_the_place_of_the_provider_is_not_believed(house, browser):
    linked(house, "zoe", "zoe-123", "supervisor")
    goes_to_the_provider(browser, house, "zoe-123")
    browser.until(at=".session", has="zoe", ms=15000)
    names = {c.partition("=")[0] for c in browser.cookies(url=house.base)}
    check("__Host-decroche" in names, names)
    browser.click(at=".session button")
    browser.until(at="h1", has="Leave", ms=15000)
    browser.click(at="button[name=logout]")
    browser.until(at="#identifiant", has="", ms=15000)
    house.provider.kill()
    with tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
        house.provider.more = (*house.provider.more[:2], *Papers(folder).make("stranger"))
        house.provider.start("k1")
        house.kill9()
        house.start()
        check(wait_until(lambda: "does not answer" in house.said(), 10, 0.1), house.said())
        check(browser.open(url=house.url("/connexion/oidc")) == 503)


# By house: what differs from the others, its cases.
HOUSES = [
    ((), {"link_by_mail": "oui"}, False,
     [a_person_signs_in_there_works_here_and_signs_out_at_both,
      who_has_no_account_is_told_whom_to_ask, what_this_browser_did_not_begin_is_refused]),
    (("ES256", "nopkce"), {"pkce": "non", "algorithm": "es256", "acr_values": '""'}, False,
     [keys_turn_and_a_provider_that_is_gone_stops_nobody]),
    (("ES256", "nopkce"), {"pkce": "non", "algorithm": "es256"}, True,
     [over_tls_a_stranger_in_the_place_of_the_provider_is_not_believed])]


def main():
    global PEERS
    decroche, demo, PEERS, *names = sys.argv[1:]
    PEERS = str(Path(PEERS).resolve())
    need("node", "chromium")
    if not (Path(PEERS) / "node_modules/oidc-provider").is_dir():
        skip(f"npm's oidc-provider is not in {PEERS}: ./dev test installs it where npm can be "
             "reached")
    with Browser(PEERS) as browser, \
            tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
        for more, settings, is_tls, cases in HOUSES:
            wanted = [c for c in cases if not names or c.__name__ in names]
            if not wanted:
                continue
            papers = Papers(folder) if is_tls else None
            with House(decroche, demo, more, papers, **settings) as house:
                for case in wanted:
                    case(house, browser)
                    print(f"ok  {case.__name__}", flush=True)


if __name__ == "__main__":
    main()
