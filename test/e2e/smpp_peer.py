#!/usr/bin/env python3
"""smpp_peer.py — text messages by SMPP with a gateway that we did not write: npm's `smpp`, in clear
and over TLS. What our own gateway of the tests (smsc.py) reads of the specification, it might read
as wrongly as we do.

  smpp_peer.py DECROCHE DEMO PEERS    PEERS: the folder where ./dev test had npm install it; exit 77
                                      (skipped) with a line where it is not there
"""
import json
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from papers import Papers
from robots import need, skip, wait_until
from sms import House, check

SCRIPT = Path(__file__).resolve().parent / "peers/smpp_peer.mjs"
ENQUIRE_S = 45          # we ask after 30 s of silence


class Peer:
    """The gateway: .said is what it told, in order."""

    def __init__(self, peers, papers=()):
        self.said = []
        self.process = subprocess.Popen(["node", SCRIPT, peers, *map(str, papers)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1)
        threading.Thread(target=self._read, daemon=True).start()
        self.address = f"127.0.0.1:{self.wait(lambda s: 'port' in s)['port']}"

    def _read(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def all(self, of):
        return [s for s in self.said if of(s)]

    def wait(self, of, n=1, seconds=10):
        """The n-th that is so."""
        check(wait_until(lambda: len(self.all(of)) >= n, seconds, 0.02), self.said)
        return self.all(of)[n - 1]

    def order(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def takes(self, what, name, **more):
        """Ordered, and answered with this status."""
        self.order(what, **more)
        return self.wait(lambda s: s.get("answered") == name)["status"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def messages_go_and_receipts_come(house, peer):
    bind = peer.wait(lambda s: "bind" in s)
    check(bind == {"bind": "decroche", "version": 0x34, "known": True}, bind)
    for i in range(3):
        check(house.test(f"061234567{i}").returncode == 0)
    house.become(*["sent"] * 3)
    first = peer.wait(lambda s: "submit" in s)
    check(first["to"] == "33612345670" and first["from"] == "38000", first)
    check(first["coding"] == 0 and first["receipt"] == 1 and first["to_npi"] == 1, first)
    check(first["words"].startswith("Services publics Haute-Lisière : ceci est un essai"), first)
    low = {int(m["reference"], 16) & 0xFFFF for m in house.messages()}
    check({s["reference"] for s in peer.all(lambda s: "submit" in s)} == low, peer.said)
    check(peer.takes("receipt", "n1", id="n1", stat="DELIVRD") == 0)
    check(peer.takes("tlv", "n2", id="n2", state="UNDELIVERABLE") == 0)
    house.become("delivered", "failed", "sent")
    check(peer.takes("receipt", "n3", id="n3", stat="ENROUTE") == 0)
    house.become("delivered", "failed", "sent")


def what_people_write_comes_as_they_wrote_it(house, peer):
    words = ["ANNULER", "Où en est ma demande ? [n° 12] 5 €", "Œuvre 😀 en pièces", "STOP"]
    for text in words:
        check(peer.takes("text", text, **{"from": "33612345678", "words": text}) == 0, text)
    kept = {m["text"]: m for m in house.messages("--received")}
    check(set(kept) == set(words), kept)
    check(kept["ANNULER"]["answer"] == "cancel" and kept["STOP"]["answer"] == "stop", kept)
    check(kept[words[1]]["from"] == "+33612345678" and kept[words[1]]["answer"] == "words", kept)
    first = peer.wait(lambda s: s.get("submit") == 4)     # of two texts, one answer
    check(first["words"].startswith("Message bien re"), first)
    last = peer.wait(lambda s: s.get("submit") == 5)      # STOP is noted
    check("vous ne recevrez plus" in last["words"], last)


def both_ask_whether_the_other_is_there(house, peer):
    check(peer.takes("enquire", "enquire") == 0)
    peer.wait(lambda s: "enquired" in s, seconds=ENQUIRE_S)
    check(len(peer.all(lambda s: "bind" in s)) == 1, peer.said)


def who_unbinds_is_answered_and_found_again(house, peer):
    check(peer.takes("unbind", "unbind") == 0)
    peer.wait(lambda s: "bind" in s, n=2, seconds=20)
    check(house.test("0712345678").returncode == 0)
    peer.wait(lambda s: s.get("submit") == 6)
    check(not peer.all(lambda s: "error" in s), peer.said)
    check(house.is_alive() and house.verify() == "", house.said())


STEPS = [messages_go_and_receipts_come, what_people_write_comes_as_they_wrote_it,
         both_ask_whether_the_other_is_there, who_unbinds_is_answered_and_found_again]


def one(decroche, demo, peers, papers):
    peer = Peer(peers, papers.make("smsc") if papers else ())
    sms = {"driver": "smpp", "address": peer.address, "system_id": "decroche", "answer": "2s"}
    if papers:
        sms |= {"tls": "oui", "tls_authority": papers.authority}
    try:
        with House(decroche, demo, sms, secret="mot-de-passe") as house:
            for step in STEPS:
                step(house, peer)
    finally:
        peer.close()


def main():
    decroche, demo, peers = *sys.argv[1:3], str(Path(sys.argv[3]).resolve())
    need("node", "openssl")
    if not (Path(peers) / "node_modules/smpp").is_dir():
        skip(f"npm's smpp is not in {peers}: ./dev test installs it where npm can be reached")
    failed_n = 0
    with tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
        for name, papers in (("in_clear", None), ("over_tls", Papers(folder))):
            began = time.monotonic()
            try:
                one(decroche, demo, peers, papers)
                print(f"ok      npm_smpp_{name} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception:       # whatever went wrong is told; the other runs
                failed_n += 1
                print(f"FAILED  npm_smpp_{name}\n{traceback.format_exc()}", flush=True)
    return failed_n > 0


if __name__ == "__main__":
    sys.exit(main())
