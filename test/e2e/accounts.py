#!/usr/bin/env python3
"""accounts.py — people who sign in, from end to end on the demonstration: the cookie, the words and
the time of a refusal, delays, forgery, another secret in time, the end of a session; kill -9.

  accounts.py DECROCHE DEMO [NAME …]
"""
import http.client
import json
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from robots import wait_until
from service import Service

SECONDS = 20
PASSWORD, OTHER = "quatre mots sans rapport", "un autre mot de passe"
PAIR_FREE = 5                   # wrong passwords without a delay: src/access/lockout.h
HASH = re.compile(rb"\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")
HTML = "text/html,application/xhtml+xml"


def must(said, wanted, what):
    assert said == wanted, f"{what}: {said!r}, not {wanted!r}"


def user(service, *words, password=None):
    """`decroche user`: (exit code, standard output, standard error)."""
    done = subprocess.run([service.decroche, "user", *words, "-c", str(service.settings_file)],
                          input=(password or "") + "\n", capture_output=True, text=True,
                          timeout=SECONDS)
    return done.returncode, done.stdout, done.stderr


def add(service, login, roles="agent", scope="tout"):
    must(user(service, "add", login, roles, scope, password=PASSWORD)[0], 0, f"add {login}")


class Browser:
    """As a browser on this machine: one cookie, the headers that browsers send by themselves.
    far: behind a proxy that speaks TLS, for a client at this address."""

    def __init__(self, service, far=None):
        self.service, self.far, self.cookie = service, far, None

    def ask(self, method, path, fields=None, **headers):
        """(status, text, headers)"""
        host = "accueil.example" if self.far else f"127.0.0.1:{self.service.http[1]}"
        scheme = "https" if self.far else "http"
        sent = {"Host": host, "Accept": HTML}
        if method != "GET":
            sent |= {"Origin": f"{scheme}://{host}", "Sec-Fetch-Site": "same-origin",
                     "Content-Type": "application/x-www-form-urlencoded"}
        if self.far:
            sent |= {"X-Forwarded-For": self.far, "X-Forwarded-Proto": "https"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        sent |= {k.replace("_", "-"): v for k, v in headers.items()}
        client = http.client.HTTPConnection(*self.service.http, timeout=SECONDS)
        body = urlencode(fields or {}) if method != "GET" else None
        client.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
        answer = client.getresponse()
        status, text, got = answer.status, answer.read().decode(), dict(answer.getheaders())
        client.close()
        if "Set-Cookie" in got:
            value = got["Set-Cookie"].split(";")[0]
            self.cookie = None if value.endswith("=") else value
        return status, text, got

    def sign_in(self, login, password=PASSWORD, **headers):
        return self.ask("POST", "/connexion", {"identifiant": login, "mot_de_passe": password},
                        **headers)

    def change(self, login, password, fresh, again=None):
        """Another password, and in."""
        return self.ask("POST", "/connexion", {"identifiant": login, "mot_de_passe": password,
                                               "nouveau": fresh, "encore": again or fresh})

    def who(self):
        return self.ask("GET", "/api/v1/session", Accept="application/json")[0]

    def csrf(self):
        return re.search(r'name="csrf" value="(\w{64})"', self.ask("GET", "/connexion")[1])[1]


# ---- cases --------------------------------------------------------------------------------------
def another_password_is_chosen_by_the_person_alone(s):
    add(s, "n.vasseur")
    b, other = Browser(s), Browser(s)
    must(other.sign_in("n.vasseur")[0], 303, "a session of before")
    must(b.change("n.vasseur", PASSWORD, OTHER, PASSWORD)[0], 422, "typed otherwise")
    must(b.change("n.vasseur", OTHER, OTHER + "!")[0], 401, "with a wrong one")
    status, _, headers = b.change("n.vasseur", PASSWORD, OTHER)
    must((status, headers["Location"], b.who()), (303, "/agent", 200), "changed, and in")
    must(other.who(), 401, "sessions of before are over")
    must(other.sign_in("n.vasseur")[0], 401, "the former password")
    s.kill9()
    s.start()
    must(other.sign_in("n.vasseur", OTHER)[0], 303, "on the disk")
    assert '"deed":"password_set"' in user(s, "audit")[1], user(s, "audit")[1]


def a_temporary_one_from_the_command_opens_nothing(s):
    for words in (("add", "p.ferrand", "agent", "tout", "--temporary"),
                  ("password", "p.ferrand", "--temporary")):
        must(user(s, *words, password=PASSWORD)[0], 0, words)
        b = Browser(s)
        must(b.sign_in("p.ferrand")[0], 403, "signed in with a password that another knows")
        must(b.who(), 401, "a session")
        assert '"temporary":true' in user(s, "list", "--json")[1], user(s, "list", "--json")
        must(b.change("p.ferrand", PASSWORD, OTHER)[0], 303, "another was chosen")
        must(b.who(), 200, "in")
        assert '"temporary":true' not in user(s, "list", "--json")[1], "temporary for ever"
    must(user(s, "password", "p.ferrand", password=PASSWORD)[0], 0, "one that stays")
    must(Browser(s).sign_in("p.ferrand")[0], 303, "it stays")
    code, out, why = user(s, "disable", "p.ferrand", "--temporary")
    assert code == 2 and "--temporary" in why and not out, (code, out, why)
    must(Browser(s).sign_in("p.ferrand")[0], 303, "refused, so it is not disabled")


def a_person_signs_in_and_out(s):
    add(s, "n.vasseur", "agent,supervisor")
    b = Browser(s)
    status, text, headers = b.ask("GET", "/connexion")
    must(status, 200, "the form")
    assert 'autocomplete="current-password"' in text and "<script" not in text and \
        "style=" not in text, text
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "form-action 'self'",
                 "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy, policy
    assert "unsafe" not in policy, policy
    must(headers["Referrer-Policy"], "same-origin", "an origin that is told")
    must(headers["Cache-Control"], "no-store", "kept")
    assert "microphone=(self)" in headers["Permissions-Policy"], headers
    must(b.who(), 401, "nobody yet")
    status, _, headers = b.sign_in("n.vasseur")
    must((status, headers["Location"]), (303, "/agent"), "signed in")
    must(headers["Set-Cookie"].split("; ", 1)[1], "Path=/; HttpOnly; SameSite=Strict", "near")
    assert re.fullmatch(r"decroche=[0-9a-f]{64}", b.cookie), b.cookie
    must(b.who(), 200, "it is a session")
    must(b.ask("GET", "/api/v1/agents", Accept="application/json")[0], 200, "a supervisor's page")
    must(b.ask("GET", "/api/v1/accounts", Accept="application/json")[0], 403, "the owner's page")
    before = b.cookie
    b.sign_in("n.vasseur")
    assert b.cookie != before, "the same secret after another sign-in"
    now, b.cookie = b.cookie, before
    must(b.who(), 401, "the session before has ended")
    b.cookie = now
    status, _, headers = b.ask("POST", "/deconnexion", {"csrf": b.csrf()})
    must((status, "Max-Age=0" in headers["Set-Cookie"]), (303, True), "signed out")
    b.cookie = now
    must(b.who(), 401, "ended by the server")


def what_comes_by_tls_has_a_cookie_of_the_host(s):
    add(s, "y.belkacem")
    b = Browser(s, far="203.0.113.9")
    must(b.sign_in("y.belkacem", X_Forwarded_Proto="http")[0], 403, "not over TLS")
    status, _, headers = b.sign_in("y.belkacem")
    must(status, 303, "signed in")
    assert re.fullmatch(r"__Host-decroche=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure",
                        headers["Set-Cookie"]), headers
    must(b.who(), 200, "it is a session")
    secret = b.cookie.split("=")[1]
    b.cookie = f"decroche={secret}"
    must(b.who(), 401, "another name is another cookie")
    b.cookie = f"__Host-decroche={secret}; __Host-decroche={secret}"
    must(b.who(), 401, "two of them: none is believed")


def unknown_and_wrong_are_the_same(s):
    for login in ("c.roussel", "t.kouassi"):
        add(s, login)
    must(user(s, "disable", "t.kouassi")[0], 0, "disabled")
    tries = {"wrong": ("c.roussel", OTHER), "unknown": ("z.personne", OTHER),
             "disabled": ("t.kouassi", PASSWORD)}
    said, took = set(), {name: [] for name in tries}
    for i in range(9):
        for k, (name, (login, password)) in enumerate(tries.items()):
            b = Browser(s, far=f"198.51.{k}.{i + 1}")       # without a delay
            began = time.monotonic()
            status, text, _ = b.sign_in(login, password)
            took[name].append(time.monotonic() - began)
            must(status, 401, name)
            said.add(text)
    must(len(said), 1, "answers that differ")
    middle = {name: statistics.median(t) for name, t in took.items()}
    assert min(t for one in took.values() for t in one) > 0.01, f"no hash was computed: {took}"
    assert max(middle.values()) < 2 * min(middle.values()) + 0.05, f"told by its time: {middle}"


def delays_grow_and_keep_nobody_else_out(s):
    add(s, "i.dasilva")
    known, thief = Browser(s, far="192.0.2.1"), Browser(s, far="192.0.2.66")
    must(known.sign_in("i.dasilva")[0], 303, "from where they always do")
    for i in range(PAIR_FREE):
        must(thief.sign_in("i.dasilva", OTHER)[0], 401, f"wrong {i}")
    must(Browser(s, far="192.0.2.66").sign_in("i.dasilva")[0], 303, "no delay at the bound")
    for i in range(PAIR_FREE + 3):                          # then 1 s, 2 s, 4 s: what is tried
        thief.sign_in("i.dasilva", OTHER)                   # within one counts no more
    status, text, _ = thief.sign_in("i.dasilva")
    must((status, "incorrect" in text), (401, True), "the right one within a delay")
    must(known.sign_in("i.dasilva")[0], 303, "somebody else's delay is not theirs")
    assert wait_until(lambda: thief.sign_in("i.dasilva")[0] == 303, 10, 0.5), "it never ended"
    status = [Browser(s, far="192.0.2.77").sign_in(f"z{i}", OTHER)[0] for i in range(23)]
    assert status[:20] == [401] * 20 and status[-1] == 429, status
    out = user(s, "audit")[1]
    assert '"deed":"delayed"' in out and "dasilva" not in out and "192.0.2" not in out, out


def forged_orders_are_refused(s):
    add(s, "m.lefort", "supervisor")
    b = Browser(s)
    for forged in ({"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
                   {"Sec_Fetch_Site": "same-site"}, {"Origin": "null", "Sec_Fetch_Site": None},
                   {"Origin": None, "Sec_Fetch_Site": None}):
        must(b.sign_in("m.lefort", **forged)[0], 403, forged)
    must(b.cookie, None, "no session of a forged form")
    b.sign_in("m.lefort")
    token, path = b.csrf(), "/api/v1/agents/a02/sign-in"
    must(b.ask("POST", path)[0], 403, "no token")
    must(b.ask("POST", path, {"csrf": "0" * 64})[0], 403, "a wrong one")
    must(b.ask("POST", path, {"csrf": token}, Sec_Fetch_Site="cross-site")[0], 403, "from afar")
    must(b.ask("POST", path, {"csrf": token})[0], 200, "by its field")
    must(b.ask("POST", "/api/v1/agents/a02/ready", X_Decroche_Csrf=token)[0], 200, "by its header")
    must(b.ask("POST", "/api/v1/agents/nobody/ready", X_Decroche_Csrf=token)[0], 404, "absent")


def what_is_foreign_is_not_there(s):
    add(s, "chef.est", "supervisor", "site:saint_elvard")
    add(s, "a.vide", "agent", "tout")
    must(user(s, "agent", "a.vide", "a01")[0], 0, "their agent")
    chief, agent = Browser(s), Browser(s)
    chief.sign_in("chef.est")
    agent.sign_in("a.vide")
    for b, own, foreign in ((chief, "a05", "a01"), (agent, "a01", "a02")):
        token = b.csrf()
        said = [b.ask("POST", f"/api/v1/agents/{a}/sign-in", X_Decroche_Csrf=token)[:2]
                for a in (foreign, "absent")]
        must((said[0], said[0][0]), (said[1], 404), "foreign and absent")
        status, text, _ = b.ask("POST", f"/api/v1/agents/{own}/sign-in", X_Decroche_Csrf=token)
        must(status, 200, "their own")
        must(re.findall(r'"id":"([asx]\d\d)"', text), [own], "whom they see")
    def queues(b):
        text = b.ask("GET", "/api/v1/queues", Accept="application/json")[1]
        return {row["id"] for row in json.loads(text)["queues"]}
    add(s, "chef.impots", "supervisor", "service:impots")
    add(s, "cour", "auditor")
    taxes, court = Browser(s), Browser(s)
    taxes.sign_in("chef.impots")
    court.sign_in("cour")
    must(queues(taxes), {"impots"}, "the queue of a service")
    must(queues(chief), {"accueil", "retraite"}, "the queues of who works there")
    assert len(queues(court)) > 3, "the whole house"
    rows = json.loads(court.ask("GET", "/api/v1/agents", Accept="application/json")[1])["agents"]
    assert len(rows) > 3 and all(r["name"] is None and r["number"] for r in rows), rows
    must(chief.ask("GET", "/api/v1/events", Accept="application/json")[0], 403, "the whole house")
    must(agent.ask("GET", "/api/v1/status", Accept="application/json")[0], 403, "no supervisor")


def a_secret_is_another_in_time(s):
    add(s, "s.legoff")
    b = Browser(s)
    b.sign_in("s.legoff")
    first, token = b.cookie, b.csrf()
    must(b.cookie, first, "not before its time")
    assert wait_until(lambda: b.who() == 200 and b.cookie != first, 10, 0.3), "never another"
    old = Browser(s)
    old.cookie = first
    must((old.who(), old.cookie), (200, first), "the one before, for a moment")
    must(b.csrf(), token, "a form outlives it")
    must(len(user(s, "sessions", "s.legoff")[1].splitlines()), 1, "it is one session")


def a_session_survives_a_death_and_no_change(s):
    add(s, "p.ferrand", "auditor")
    b = Browser(s)
    b.sign_in("p.ferrand")
    s.kill9()
    s.start()
    must(b.who(), 200, "after kill -9")
    for _ in range(2):                  # the same once more is no mistake
        must(user(s, "agent", "p.ferrand", "a01")[0], 0, "the agent of an account")
    must(s.verify(), "", "the journal")
    for words, password in ((("password", "p.ferrand"), OTHER),
                            (("role", "p.ferrand", "agent"), None),
                            (("scope", "p.ferrand", "site:bus"), None),
                            (("end", "p.ferrand"), None), (("disable", "p.ferrand"), None)):
        must(b.who(), 200, ("before", words))
        must(user(s, *words, password=password)[0], 0, words)
        must(b.who(), 401, words)
        b.sign_in("p.ferrand", OTHER)
    must(b.who(), 401, "disabled")
    must(user(s, "enable", "p.ferrand")[0], 0, "enabled")
    b.sign_in("p.ferrand", OTHER)
    must(b.who(), 200, "enabled")


def a_backup_opens_no_session(s):
    add(s, "r.retour")
    b, copy = Browser(s), s.place / "copy.db"
    b.sign_in("r.retour")
    must(s.run("backup", s.journal, copy).returncode, 0, "the backup")
    must(b.who(), 200, "before")
    s.stop()
    must(s.run("restore", copy, s.journal).returncode, 0, "the way back")
    must(s.verify(), "", "what came back")
    s.start()
    must(b.who(), 401, "a session of the backup")
    b.sign_in("r.retour")
    must(b.who(), 200, "the account is there")


def a_stream_ends_with_its_session(s):
    add(s, "v.auditeur", "auditor")
    b = Browser(s)
    b.sign_in("v.auditeur")
    client = http.client.HTTPConnection(*s.http, timeout=40)
    client.request("GET", "/api/v1/events", headers={"Accept": "text/event-stream",
                                                     "Cookie": b.cookie})
    answer = client.getresponse()
    must((answer.status, answer.readline()), (200, b"retry: 2000\n"), "a stream")
    must(user(s, "disable", "v.auditeur")[0], 0, "disabled")
    answer.read()                                           # until the server ends it
    client.close()


def nothing_secret_is_anywhere(s):
    add(s, "x.secret")
    b = Browser(s)
    b.sign_in("x.secret")
    secret = b.cookie.split("=")[1]
    kept = [p for p in Path(s.place).rglob("*") if p.is_file() and ".db" in str(p)]
    for name in kept:
        held = name.read_bytes()
        for text in (PASSWORD.encode(), secret.encode(), bytes.fromhex(secret)):
            assert text not in held, f"{name} has it"
    held = b"".join(p.read_bytes() for p in kept)
    assert HASH.search(held), "not hashed with the limits of ADR 35"
    assert "x.secret" not in s.events().text() and PASSWORD not in s.said(), "told"


def the_command_says_what_is_wrong(s):
    for words, password, code, said in (
            (("add", "Majuscule", "agent"), PASSWORD, 2, "identifiant"),
            (("add", "court", "agent"), "court", 1, "12"),
            (("add", "sans", "chef"), PASSWORD, 2, "rôles"),
            (("add", "nulle.part", "agent", "site:lune"), PASSWORD, 1, "annuaire"),
            (("agent", "personne", "a01"), None, 1, "aucun compte"),
            (("dance",), None, 2, "list"), (("list", "x"), None, 2, "list")):
        done = user(s, *words, password=password)
        assert done[0] == code and said in done[2] and not done[1], (words, done)
    add(s, "deux.fois")
    done = user(s, "add", "deux.fois", "agent", password=PASSWORD)
    assert done[0] == 1 and "existe" in done[2], done
    code, out, _ = user(s, "list")
    assert code == 0 and out.startswith("deux.fois — deux.fois — agent — toute la maison"), out
    must(user(s, "sessions", "deux.fois")[1], "aucune session\n", "none")


CHANGES = {"a_secret_is_another_in_time": {"web": {"session_rotate": "2s"}}}
CASES = [a_person_signs_in_and_out, another_password_is_chosen_by_the_person_alone,
         a_temporary_one_from_the_command_opens_nothing,
         what_comes_by_tls_has_a_cookie_of_the_host,
         unknown_and_wrong_are_the_same, delays_grow_and_keep_nobody_else_out,
         forged_orders_are_refused, what_is_foreign_is_not_there, a_secret_is_another_in_time,
         a_session_survives_a_death_and_no_change, a_backup_opens_no_session,
         a_stream_ends_with_its_session, nothing_secret_is_anywhere,
         the_command_says_what_is_wrong]


def main():
    decroche, demo, *names = sys.argv[1:]
    failed = 0
    for case in [c for c in CASES if not names or c.__name__ in names]:
        try:
            with Service(decroche, demo, CHANGES.get(case.__name__)) as service:
                case(service)
                must(service.stop(signal.SIGTERM), 0, "its end")
            print(f"ok      {case.__name__}", flush=True)
        except (AssertionError, OSError, http.client.HTTPException) as wrong:
            failed += 1
            print(f"FAILED  {case.__name__}: {type(wrong).__name__} {wrong}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
