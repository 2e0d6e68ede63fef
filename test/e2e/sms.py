#!/usr/bin/env python3
"""sms.py — text messages from end to end: the real service, a gateway by HTTP and one by SMPP.
Retries keep their key, kill -9 loses and doubles nothing, caps hold to the unit, receipts that lie,
come twice or never leave each message in one state, STOP is for good.

  sms.py DECROCHE DEMO
"""
import json
import random
import struct
import sys
import tempfile
import time
import traceback

from cases import AGAIN_MAX, may_try_again
from papers import Papers
from robots import wait_until
from service import Service, write_settings
from smsc import Gateway, Smsc, signature, tell

SECRET, SIGNATURE = "cle-de-la-passerelle", "signature-de-la-passerelle"
RECEIPTS, RECEIVED = "/api/v1/sms/receipts", "/api/v1/sms/received"
OPEN = {"sms": "france", "hours_from": "0s", "hours_to": "24h"}


class House(Service):
    """A service with a gateway and its secrets."""

    def __init__(self, decroche, demo, sms, gate=None, secret=SECRET):
        self.secret = secret
        changes = {"sms": {"sender": '"38000"', "answers": "oui", "rate": 100, **sms,
                           "name": "Services publics Haute-Lisière"},
                   "gate": {**OPEN, **(gate or {})}}
        super().__init__(decroche, demo, changes)

    def _people(self):
        agents = super()._people()
        with open(self.home / "secrets.yaml", "a", encoding="utf-8") as f:
            f.write(f'sms: {{ secret: "{self.secret}", signature: "{SIGNATURE}" }}\n')
        return agents

    def __exit__(self, kind, fault, trace):
        if fault:
            fault.add_note(f"--- {self.threads()}\n{self.said()[-2000:]}")
        super().__exit__(kind, fault, trace)

    def sms(self, *words):
        return self.run("sms", *words, "-c", self.settings_file)

    def test(self, number):
        return self.sms("test", number)

    def messages(self, *more):
        return [json.loads(x) for x in self.sms("list", "--json", *more).stdout.splitlines()]

    def states(self):
        return sorted(m["state"] for m in self.messages())

    def become(self, *states, seconds=12):
        check(wait_until(lambda: self.states() == sorted(states), seconds, 0.05),
              f"wanted {states}, found {self.messages()}\n{self.said()[-2000:]}")

    def told(self, path, message, **mark):
        body = json.dumps(message).encode()
        return tell(self.http, path, body, signature(SIGNATURE, body, **mark))


def check(is_so, what=""):
    if not is_so:
        raise AssertionError(what)


def by_http(gateway):
    return {"driver": "http", "address": gateway.url, "answer_id": "messages.0.id"}


def a_message_goes_is_told_of_once_and_stays_what_it_became(decroche, demo):
    gateway = Gateway()
    with House(decroche, demo, by_http(gateway)) as house:
        done = house.test("06 12 34 56 78")
        check(done.returncode == 0, done.stderr)
        house.become("sent")
        headers, body = gateway.requests[0]
        sent, message = json.loads(body), house.messages()[0]
        check(headers["Authorization"] == f"Bearer {SECRET}", headers)
        check(headers["Idempotency-Key"] == message["reference"] == sent["reference"], headers)
        check(sent["to"] == "+33612345678" and sent["from"] == "38000", sent)
        check(sent["text"].startswith("Services publics Haute-Lisière : ceci est un essai"), sent)
        check("xxxx" in message["to"] and message["id"] == "g1", message)
        receipt = {"id": "g1", "status": "delivered"}
        raw = json.dumps(receipt).encode()
        check(tell(house.http, RECEIPTS, raw, None)[0] == 401)
        other = signature("autre-secret-que-le-notre", raw)
        check(tell(house.http, RECEIPTS, raw, other)[0] == 401)
        check(tell(house.http, RECEIPTS, raw + b" ", signature(SIGNATURE, raw))[0] == 401)
        check(house.told(RECEIPTS, receipt, at_s=int(time.time()) - 301)[0] == 401)
        check(house.told(RECEIPTS, {"id": "g9", "status": "delivered"})[0] == 404)
        check(house.told(RECEIPTS, {"id": "g1", "status": "eaten"})[0] == 400)
        house.become("sent")
        mark = signature(SIGNATURE, raw)
        check(tell(house.http, RECEIPTS, raw, mark)[0] == 200)
        house.become("delivered")       # stored before it was answered
        check(tell(house.http, RECEIPTS, raw, mark)[0] == 409, "repeated")
        check(house.told(RECEIPTS, receipt, at_s=int(time.time()) - 3)[0] == 200, "twice")
        check(house.told(RECEIPTS, {"id": "g1", "status": "failed"})[0] == 200)
        check(house.states() == ["delivered"], "an end was left")
        check(len(gateway.requests) == 1)
        metrics = house.run("status", "-c", house.settings_file, "--json").returncode
        check(metrics == 0)
    gateway.close()


def what_the_gateway_cannot_take_comes_again_with_its_key(decroche, demo):
    gateway = Gateway()
    gateway.answers = [(503, {}, "{}"), (429, {"Retry-After": "1"}, "{}"), (200, {}, "<html>")]
    with House(decroche, demo, by_http(gateway)) as house:
        check(house.test("0612345678").returncode == 0)
        house.become("sent", seconds=20)
        keys = {h["Idempotency-Key"] for h, _ in gateway.requests}
        check(len(gateway.requests) == 3 and len(keys) == 1, gateway.requests)
        check(house.messages()[0]["tries"] == 3, house.messages())
        gateway.answers = [(422, {}, "{}")]
        check(house.test("0612345679").returncode == 0)
        house.become("sent", "failed")
        refused = [m for m in house.messages() if m["state"] == "failed"][0]
        check(refused["why"] == "refused" and refused["code"] == 422, refused)
    gateway.close()


def a_killed_service_sends_again_with_the_same_key_and_forgets_nothing(decroche, demo):
    gateway = Gateway()
    with House(decroche, demo, by_http(gateway)) as house:
        gateway.holds.clear()
        for i in range(6):
            check(house.test(f"06123456{i}0").returncode == 0)     # 200: it is on the disk
        check(wait_until(lambda: len(gateway.requests) >= 1, 10, 0.02))
        time.sleep(random.random() / 10)
        house.kill9()
        gateway.holds.set()
        house.start()
        house.become(*["sent"] * 6)
        keys = [h["Idempotency-Key"] for h, _ in gateway.requests]
        wanted = {m["reference"] for m in house.messages()}
        check(set(keys) == wanted and len(wanted) == 6, (keys, wanted))
        before = len(gateway.requests)
        house.kill9()
        house.start()
        time.sleep(0.5)
        check(len(gateway.requests) == before, "what was known as sent was sent again")
    gateway.close()


def caps_hold_to_the_unit(decroche, demo):
    gateway = Gateway()
    with House(decroche, demo, by_http(gateway), {"sms_day_max": 5, "sms_number_day": 2}) as house:
        refused = [house.test("0612345678") for _ in range(4)][2:]
        check(all(d.returncode == 1 and d.stderr for d in refused), refused)
        more = [house.test(f"07{i}1234567").returncode for i in range(8)]
        check(more == [0, 0, 0] + [1] * 5, more)
        house.become(*["sent"] * 5)
        house.kill9()
        house.start()
        check(house.test("0799123456").returncode == 1, "a restart hands out again")
        check(len(gateway.requests) == 5)
        check(house.test("0536490010").returncode == 1)
    gateway.close()
    with House(decroche, demo, by_http(gateway), {"sms": "nowhere"}) as house:
        done = house.test("0612345678")
        check(done.returncode == 1 and "refusé" in done.stderr, done)
        check(house.messages() == [])


def what_people_answer_is_kept_and_stop_is_for_good(decroche, demo):
    gateway = Gateway()
    with House(decroche, demo, by_http(gateway)) as house:
        words = {"from": "+33612345678", "text": "Où en est ma demande\u00a0? 😀\n\"merci\"",
                 "id": 7}
        check(house.told(RECEIVED, words)[0] == 200)
        check(house.told(RECEIVED, words, at_s=int(time.time()) - 2)[0] == 200, "told again")
        kept = house.messages("--received")
        check(len({m["reference"] for m in kept}) == 1, kept)
        check("".join(m["text"] for m in kept) == words["text"], kept)
        check(kept[0]["from"] == "+33612345678" and kept[0]["answer"] == "words", kept)
        check(house.told(RECEIVED, {"from": "MAIRIE", "text": "x"})[0] == 400)
        check(house.told(RECEIVED, {"from": "0612345678"})[0] == 400)
        check(house.told(RECEIVED, {"from": "0612345678", "text": "Stop. ", "id": "s1"})[0] == 200)
        house.become("sent", "sent")        # that it was received, and that STOP was noted
        check("vous ne recevrez plus" in json.loads(gateway.requests[1][1])["text"])
        check(house.test("0612345678").returncode == 1)
        check(house.test("0612345670").returncode == 0)
        house.kill9()
        house.start()
        done = house.test("06 12 34 56 78")
        check(done.returncode == 1 and "STOP" in done.stderr, done)
        check(json.loads(house.sms("status", "--json").stdout)["stops"] == 1)
    gateway.close()


def by_smpp(smsc):
    return {"driver": "smpp", "address": smsc.address, "system_id": "decroche",
            "answer": "2s", "window": 4}


def smpp_submits_and_takes_receipts_once_twice_or_never(decroche, demo):
    smsc = Smsc()
    with House(decroche, demo, by_smpp(smsc) | {"receipt_wait": "10s"},
               secret="mot-de-passe") as house:
        check(wait_until(lambda: smsc.binds, 8, 0.02), house.said())
        for i in range(3):
            check(house.test(f"061234567{i}").returncode == 0)
        house.become(*["sent"] * 3)
        one = smsc.submits[0]
        check(one["to"] == "33612345670" and one["from"] == "38000" and one["registered"] == 1, one)
        check(one["coding"] == 0 and b"ceci est un essai" in one["words"], one)
        check(one["words"].startswith(b"Services publics Haute-Lisi\x04re : "), one)
        first = smsc.receipt("m1", "DELIVRD")
        check(wait_until(lambda: smsc.answers.get(first) == 0, 6, 0.02), smsc.answers)
        check(house.states() == ["delivered", "sent", "sent"], "answered before it was stored")
        twice = [smsc.receipt("m1", "DELIVRD"), smsc.receipt("m1", "UNDELIV"),
                 smsc.receipt("nobody", "DELIVRD"), smsc.receipt("m2", "ACCEPTD"),
                 smsc.receipt("m2", "UNDELIV")]
        check(wait_until(lambda: all(smsc.answers.get(t) == 0 for t in twice), 8, 0.02),
              smsc.answers)
        house.become("delivered", "failed", "sent")
        house.become("delivered", "failed", "failed", seconds=40)   # the third never comes
        check({m["why"] for m in house.messages()} == {"", "lost", "untold"}, house.messages())
    smsc.close()


def smpp_lives_through_throttling_lies_and_cuts(decroche, demo):
    smsc = Smsc()
    smsc.status_of = lambda n: 0x58 if n <= 2 else None if n == 3 else 0
    with House(decroche, demo, by_smpp(smsc), secret="mot-de-passe") as house:
        check(wait_until(lambda: smsc.binds, 8, 0.02), house.said())
        check(house.test("0612345678").returncode == 0)
        house.become("sent", seconds=40)     # throttled twice, once without an answer
        check(len(smsc.submits) == 4, smsc.submits)
        check(len({s["user_reference"] for s in smsc.submits}) == 1, smsc.submits)
        lies = [struct.pack(">IIII", 0xFFFFFFFF, 5, 0, 1), struct.pack(">IIII", 8, 5, 0, 1),
                struct.pack(">IIII", 5000, 5, 0, 2), b"\0\0\0\x01" * 64]
        for lie in lies:
            binds = len(smsc.binds)
            smsc.raw(lie)
            check(wait_until(lambda: len(smsc.binds) > binds, 12, 0.02),
                  (lie, smsc.binds, house.said()))
            time.sleep(0.1)
        # lengths that lie inside of a PDU: refused alone, the session lives
        binds = len(smsc.binds)
        smsc.send(5, 0, 77, b"\0\x01\x01336\0\0\0" + b"9" * 40)
        check(wait_until(lambda: 77 in smsc.answers, 5, 0.02) and smsc.answers[77] != 0)
        said = smsc.deliver("33612345678", b"Bonjour, o\x06 en est-on ?")
        wide = smsc.deliver("33612345678", "œuvre 😀".encode("utf-16-be"), coding=8)
        stop = smsc.deliver("33612345678", b"STOP")
        check(wait_until(lambda: all(smsc.answers.get(s) == 0 for s in (said, wide, stop)), 8),
              smsc.answers)
        check(len(smsc.binds) == binds, "the session was lost")
        texts = {m["text"] for m in house.messages("--received")}
        check(texts == {"Bonjour, où en est-on ?", "œuvre 😀", "STOP"}, texts)
        check(wait_until(lambda: len(smsc.submits) == 6, 8, 0.05), smsc.submits)   # received; STOP
        check(house.test("0612345678").returncode == 1)
        smsc.cut()
        check(house.test("0712345678").returncode == 0)
        check(wait_until(lambda: len(smsc.submits) == 7, 15, 0.05), smsc.submits)
        check(house.is_alive() and house.verify() == "", house.said())
    smsc.close()


def over_tls(smsc, authority, name="localhost", **more):
    """The gateway by its address; its certificate is for a name, unless name is None."""
    named = {"tls_name": name} if name else {}
    return by_smpp(smsc) | {"tls": "oui", "tls_authority": authority} | named | more


def smpp_over_tls_takes_messages_receipts_and_texts(decroche, demo):
    with tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
        papers = Papers(folder)
        smsc = Smsc(papers=papers.make("smsc"))
        with House(decroche, demo, over_tls(smsc, papers.authority, None),  # IP:127.0.0.1 is in it
                   secret="mot-de-passe") as house:
            check(wait_until(lambda: smsc.binds, 8, 0.02), house.said())
            check(smsc.handshakes == ["TLSv1.3"], smsc.handshakes)
            check(house.test("0612345678").returncode == 0)
            house.become("sent")
            receipt = smsc.receipt("m1", "DELIVRD")
            said = smsc.deliver("33612345678", b"Bonjour, o\x06 en est-on ?")
            check(wait_until(lambda: all(smsc.answers.get(s) == 0 for s in (receipt, said)), 8),
                  smsc.answers)
            house.become("delivered", "sent")                   # who writes hears that we read
            smsc.status_of = lambda n: None if n == 3 else 0    # takes it, and is gone
            check(house.test("0712345678").returncode == 0)
            check(wait_until(lambda: len(smsc.submits) == 3, 8, 0.02), house.said())
            smsc.cut()
            house.become("delivered", "sent", "sent", seconds=25)
            check(len({s["user_reference"] for s in smsc.submits[2:]}) == 1, smsc.submits)
            check(len(smsc.submits) == 4 and len(smsc.binds) == 2, (smsc.submits, smsc.binds))
            check(house.is_alive() and house.verify() == "", house.said())
        smsc.close()


def fault_of(house):
    """What status says to programs, and to people."""
    raw = house.run("status", "-c", house.settings_file, "--json").stdout
    return json.loads(raw)["sms_fault"], house.run("status", "-c", house.settings_file).stdout


def smpp_over_tls_believes_nobody_else_and_says_why(decroche, demo):
    with tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
        papers = Papers(folder)
        good, old = papers.make("smsc"), papers.make("old", days=0)
        stranger = Papers(folder + "/stranger").make("smsc")
        time.sleep(1.2)         # the old one is out of date now
        smsc = Smsc(papers=old)
        wrongs = [("certificate_expired", "a expiré", old),
                  ("certificate_name", "au nom d’une autre machine", papers.make("b", "b.example")),
                  ("certificate_authority", "aucune autorité connue", stranger)]
        with House(decroche, demo, over_tls(smsc, papers.authority),
                   secret="mot-de-passe") as house:
            check(house.test("0612345678").returncode == 0)
            for fault, words, shown in wrongs:
                smsc.show(shown)
                check(wait_until(lambda f=fault: fault_of(house)[0] == f, 30, 0.1), house.said())
                check(words in fault_of(house)[1], fault_of(house))
                check(f"fault={fault}" in house.said(), house.said())
            check(smsc.binds == [] and house.states() == ["queued"], smsc.binds)
            smsc.show(good)
            house.become("sent", seconds=40)
            check(wait_until(lambda: fault_of(house)[0] == "none", 5, 0.1) and smsc.binds)
        smsc.close()


def a_password_in_clear_is_warned_of_and_wrong_papers_refused(decroche, demo):
    smsc = Smsc()
    with House(decroche, demo, by_smpp(smsc), secret="mot-de-passe") as house:
        def checked(**changes):
            was = dict(house.settings["sms"])
            house.settings["sms"].update(changes)
            file = house.home / "tried.yaml"
            file.write_text(write_settings(house.settings), encoding="utf-8")
            house.settings["sms"] = was
            return house.run("check", "-c", file)
        check("passent en clair" not in checked().stdout, "this machine")
        check("passent en clair" not in checked(address="10.1.2.3:2775").stdout, "our network")
        done = checked(address="smpp.operateur.example:2775")
        check(done.returncode == 0 and "passent en clair" in done.stdout, done)
        done = checked(address="smpp.operateur.example:3550", tls="oui")
        check(done.returncode == 0 and "passent en clair" not in done.stdout, done)
        done = checked(tls="oui", tls_authority="none.pem", tls_pin='"AB:CD"')
        check(done.returncode == 1 and "fichier d’autorité" in done.stdout, done)
        check("empreinte SHA-256 ne se lit pas" in done.stdout, done)
        done = checked(tls_authority="none.pem")
        check(done.returncode == 1 and "TLS ne l’est pas" in done.stdout, done)
    smsc.close()


CASES = [a_message_goes_is_told_of_once_and_stays_what_it_became,
         what_the_gateway_cannot_take_comes_again_with_its_key,
         a_killed_service_sends_again_with_the_same_key_and_forgets_nothing,
         caps_hold_to_the_unit,
         what_people_answer_is_kept_and_stop_is_for_good,
         smpp_submits_and_takes_receipts_once_twice_or_never,
         smpp_lives_through_throttling_lies_and_cuts,
         smpp_over_tls_takes_messages_receipts_and_texts,
         smpp_over_tls_believes_nobody_else_and_says_why,
         a_password_in_clear_is_warned_of_and_wrong_papers_refused]


def fault_of_case(case, decroche, demo):
    """"" when it went well, else what went wrong."""
    try:
        case(decroche, demo)
        return ""
    except Exception:           # whatever went wrong is told; the other cases run
        return traceback.format_exc()


def why(fault):
    return next(line for line in fault.splitlines() if not line.startswith((" ", "Traceback")))


def main(cases):
    """Those that a word of the command line names, or all, one after the other; its exit code.
    What falls over once, while other tests run beside it, is tried once more, and both are told."""
    decroche, demo, *only = sys.argv[1:]
    failed_n, again_n = 0, 0
    for case in cases:
        if only and not any(word in case.__name__ for word in only):
            continue
        began, more = time.monotonic(), ""
        fault = fault_of_case(case, decroche, demo)
        if may_try_again(fault) and again_n < AGAIN_MAX and not only:
            again_n += 1
            print(f"fell    {case.__name__}\n{fault}", flush=True)
            more = f"   SECOND TRY; beside others: {why(fault)}"
            fault = fault_of_case(case, decroche, demo)
        failed_n += bool(fault)
        print(f"FAILED  {case.__name__}{more}\n{fault}" if fault else
              f"ok      {case.__name__} ({time.monotonic() - began:.1f} s){more}", flush=True)
    return failed_n > 0


if __name__ == "__main__":
    sys.exit(main(CASES))
