#!/usr/bin/env python3
"""linphone.py — Linphone (its command line) as an agent's telephone and as a caller: registers,
keys, is called, is heard, holds, resumes, hangs up.

  linphone.py DECROCHE DEMO   DECROCHE_TEST=long only, else exit 77 (skipped) with a line; the same
                              without linphonec
"""
import array
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

import sound
import world
from robots import Phone, Program, free_ports, need, skip, wait_until
from world import HUMAN, PUBLIC, ROBOT, World

SETTINGS = """[sip]
sip_port={sip}
sip_tcp_port=0
sip_tls_port=0
use_ipv6=0
use_info={by_info}
use_rfc2833={by_rtp}
[rtp]
audio_rtp_port={rtp}
[sound]
echocancellation=0
[video]
capture=0
display=0
automatically_initiate=0
automatically_accept=0
"""
LINE = re.compile(r"^ *(\d+): (\w+) \(\d+\) enabled", re.M)
EVENTS = {"CALL_ESTABLISHED": " connected.", "CALL_CLOSED": " ended ("}
CALLER_HZ, AGENT_HZ, TONE_S = 440, 1000, 120
HEAD_BYTES = 44                 # of a WAV file
LOUD = 2000                     # a sample of speech


class Linphone(Phone):
    """As robots.Phone, of which it is another make. info: its keys go by INFO alone."""

    def __init__(self, line, secret, port, info=False, answers=True):
        self.place = Path(tempfile.mkdtemp(prefix="decroche-linphone-"))
        self.line, self.secret, self.house = line, secret, f"127.0.0.1:{port}"
        self.calls_n = 0
        (self.place / ".local/share/linphone").mkdir(parents=True)
        (self.place / "rc").write_text(SETTINGS.format(
            sip=free_ports(), rtp=free_ports(), by_info=int(info), by_rtp=int(not info)))
        orders = self.place / "orders"
        os.mkfifo(orders)
        auto = "-a" if answers else ""
        self.program = Program(["sh", "-c", f"exec linphonec {auto} -c rc -d 5 -l log <orders"],
                               cwd=self.place, env={"HOME": str(self.place)})
        self.orders = open(orders, "w", encoding="ascii")
        self.program.line_with("linphonec>")
        self.tell("ipv6 disable")
        self.tell("codec list")
        wait_until(lambda: LINE.search(self.program.said()), 5)
        time.sleep(0.3)
        for number, name in LINE.findall(self.program.said()):
            if name != "PCMA":
                self.tell(f"codec disable {number}")
        self.tell("soundcard use files")
        self.tell(f"record {self.place / 'heard.wav'}")
        self.say(AGENT_HZ)

    def tell(self, command, params=None, seconds=5.0):
        self.orders.write(f"{command} {params or ''}\n")
        self.orders.flush()
        return True

    @property
    def events(self):
        """What is worth telling when a case went wrong: the first lines of messages, its errors."""
        file = self.place / "log"
        said = file.read_text(errors="replace") if file.exists() else ""
        return re.findall(r"(?m)^(?:SIP/2.0 |[A-Z]+ sip:|.*(?:-error-|-warning-)).*", said)[-40:]

    def count(self, kind):
        return self.program.said().count(EVENTS[kind])

    def happened(self, kind, times=1, seconds=10.0):
        return time.time() if wait_until(lambda: self.count(kind) >= times, seconds) else 0

    def registered(self, seconds=10.0):
        self.tell(f"register sip:{self.line}@127.0.0.1 sip:{self.house} {self.secret}")

        def asked():
            self.tell("status register")
            return self.program.line_with("registered, identity=", 0.5)
        return bool(wait_until(asked, seconds, 0.3))

    def dial(self, number, seconds=5.0):
        before = self.count("CALL_ESTABLISHED")
        self.tell("call", f"sip:{number}@{self.house}")
        return bool(self.happened("CALL_ESTABLISHED", before + 1, seconds))

    def press(self, digits, gap_s=1.0):
        """A key a second, which is its own pace."""
        for d in digits:
            self.tell(d)
            time.sleep(gap_s)

    def hang_up(self):
        return self.tell("terminate")

    def say(self, hz):
        tone = self.place / f"tone-{hz}.wav"
        sound.write_wav(tone, [s for _ in range(TONE_S) for s in sound.decode(sound.sine(hz))])
        return self.tell("play", str(tone))

    def samples(self, last_s=None):
        """Its file has a head only once the call is over."""
        file = self.place / "heard.wav"
        data = file.read_bytes()[HEAD_BYTES:] if file.exists() else b""
        found = array.array("h", data[:len(data) // 2 * 2])
        return found[-round(last_s * sound.RATE):] if last_s else found

    def close(self):
        if self.program.is_alive():
            self.tell("quit")
        self.orders.close()
        code = self.program.end() if self.program.is_alive() else None
        shutil.rmtree(self.place, ignore_errors=True)
        return code


def telephone(w, who, **how):
    agent = w.service.agents[who]
    phone = Linphone(agent.line, agent.secret, w.service.sip[1], **how)
    phone.who = agent
    w.people.append(phone)
    return phone


def agent(w):
    """It signs in by keys (RFC 4733), is called, is heard, holds, resumes and hangs up."""
    phone = telephone(w, ROBOT)
    w.check("it registers", phone.registered(), phone.program.said)
    w.short_code(phone, "*71", "agent_signed_in", phone.who.code + "#")
    w.ready(phone)
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, phone)
    number = re.findall(r"Call (\d+) with", phone.program.said())[-1]
    phone.tell(f"pause {number}")
    w.hears(caller, "hold.start")
    time.sleep(4)
    w.check("on hold, nobody is lost", caller.state == "talking"
            and not w.events().of("contact_returned"))
    w.check("and it is not heard", sound.heard(caller.heard, AGENT_HZ, time.time() - 1) < 0.2)
    phone.tell(f"resume {number}")
    w.both_hear(caller, phone)
    phone.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))


def keys_by_info(w):
    """The same keys by SIP INFO alone."""
    phone = telephone(w, ROBOT, info=True)
    w.check("it registers", phone.registered(), phone.program.said)
    w.short_code(phone, "*71", "agent_signed_in", phone.who.code + "#")
    w.check("its keys came by INFO", "INFO sip:" in (phone.place / "log").read_text(
        errors="replace"))


def caller(w):
    """It calls, hears the menu, chooses by a key, speaks with an agent, hangs up."""
    desk = w.agent(ROBOT)
    phone = telephone(w, HUMAN, answers=False)
    w.check("it registers", phone.registered(), phone.program.said)  # it learns its address by it
    phone.say(CALLER_HZ)
    w.check("it is answered", phone.dial(PUBLIC), phone.program.said)
    w.check("it hears the greeting", wait_until(        # its frames are not those that we sent
        lambda: max(map(abs, phone.samples(1.0)), default=0) > LOUD, 10))
    phone.press("2")
    w.order("its key leads to the queue", "contact_queued")
    w.check("the agent hears it", desk.hears(CALLER_HZ, 10))
    w.check("it hears the agent", phone.hears(1000, 10))
    phone.hang_up()
    w.check("it ends", desk.happened("CALL_CLOSED", 3))


def main():
    decroche, demo = sys.argv[1:3]
    if os.environ.get("DECROCHE_TEST") != "long":
        skip("Linphone is tried by ./dev test long")
    need("linphonec", "baresip")
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    failed = False
    for trial in (agent, keys_by_info, caller):
        with World(decroche, demo) as w:
            try:
                trial(w)
                print(f"ok     linphone_{trial.__name__}", flush=True)
            except Exception:
                failed = True
                print(f"NOT ok linphone_{trial.__name__}\n{traceback.format_exc()}\n{w.trace()}",
                      flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
