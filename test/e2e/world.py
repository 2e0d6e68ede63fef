"""world.py — one service of its own with the people around it, for one case of call.py: callers,
agents at their telephones, what they hear, and what the journal says of it."""
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import sound
from caller import Caller
from robots import Phone, wait_until
from service import Events, Service

PUBLIC = "0536490010"           # the demonstration's number: always open, menu, all services
# A sanitizer makes a start slower than a person would notice; there it is only bounded.
RESTART_S = 8.0 if "DECROCHE_SANITIZED" in os.environ else 5.0   # beside a dozen other cases
ODETTE, KARIM = "0536491234", "0639981240"
FAMILY, TAXES = "2", "4"        # keys of the main menu
HUMAN, ROBOT = "a02", "r01"     # an agent for family and reception; the robot for everything
# Nobody is called back unless a case says so: a call that we cut off is then one that was cut off.
QUICK = {"queue": {"offer": "5s", "wrap_up": "2s", "short": "3s"}, "gate": {"callbacks": "nowhere"}}
CALLS_BACK = {"gate": {"callbacks": "france", "hours_from": "0h", "hours_to": "24h"}}
prompts = None                  # sound.Prompts of the tree, read once
prompts_root = None             # its folder


wall_library = None             # e2e-wall, for services whose wall clock a case moves


def in_three_days():
    return ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")[(time.gmtime().tm_wday + 3) % 7]


def closed_now(home):
    """Situation 14 opens for a quarter of an hour a week: not at the hour of this test."""
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    before, after = '{ lun: "04:00-04:15" }', f'{{ {in_three_days()}: "04:00-04:15" }}'
    assert before in text, "the hours of situation 14 are not where they were"
    path.write_text(text.replace(before, after), encoding="utf-8")


class Wall:
    """The wall clock of one service: a file that wall.c has mapped."""

    def __init__(self):
        fd, self.file = tempfile.mkstemp(prefix="decroche-wall-")
        os.close(fd)
        self.env = {"LD_PRELOAD": wall_library, "WALL_FILE": self.file}
        self.move(0)

    def move(self, by_ms):
        fd = os.open(self.file, os.O_RDWR)
        os.pwrite(fd, by_ms.to_bytes(8, sys.byteorder, signed=True), 0)
        os.close(fd)

    def close(self):
        os.unlink(self.file)


class Wrong(AssertionError):
    """A sentence that is not true."""


def merged(*tables):
    out = {}
    for table in tables:
        for folder, keys in table.items():
            out[folder] = {**out.get(folder, {}), **keys}
    return out


class World:
    SERVICE = Service

    def __init__(self, decroche, demo, changes=None, edit=None, wall=False):
        self.people, self.said, self.facts = [], [], []
        self.wall = Wall() if wall else None
        self.service = self.SERVICE(decroche, demo, merged(QUICK, changes or {}), edit,
                                    env=self.wall.env if wall else None)

    # ---- judging -----------------------------------------------------------------------------
    def check(self, sentence, truth, more=""):
        self.said.append(f"    {sentence}")
        if not truth:
            more = more() if callable(more) else more
            raise Wrong(f"NOT: {sentence}\n{more}")
        return truth

    def fact(self, what, value, unit):
        """A measure worth telling, good or bad."""
        self.facts.append(f"{what} {value:.3g} {unit}")

    def events(self):
        return self.service.events()

    def until(self, true_of, seconds=10.0):
        return self.service.until(true_of, seconds)

    def order(self, sentence, *wanted, seconds=10.0):
        """The journal says this in this order, now or soon."""
        events = self.until(lambda e: e.has_in_order(*wanted), seconds)
        self.check(sentence, events.has_in_order(*wanted), f"wanted: {wanted}")
        return events

    def outcomes(self, *wanted, seconds=10.0):
        """Every call has one outcome, and these are they, in any order."""
        events = self.until(lambda e: len(e.of("call_outcome")) >= len(wanted), seconds)
        time.sleep(0.3)
        events = self.events()
        calls = [e["id"] for e in events.of("call_arrived")]
        classed = [e["call_id"] for e in events.of("call_outcome")]
        self.check("no call has two outcomes", len(set(classed)) == len(classed))
        self.check(f"the outcomes are {', '.join(wanted) or 'none'}",
                   sorted(events.outcomes()) == sorted(wanted) and set(classed) <= set(calls),
                   lambda: f"{events.outcomes()} of {len(calls)} calls")
        self.check("the journal is sound", not self.service.verify(), self.service.verify)
        return events

    # ---- callers -----------------------------------------------------------------------------
    def line(self, number=ODETTE, host="127.0.0.1", tone=440, tcp=False, sound_host=None):
        caller = Caller(number, host, tcp=tcp, sound_host=sound_host)
        caller.tone(tone)
        self.people.append(caller)
        return caller

    def call(self, number=ODETTE, to=PUBLIC, **how):
        """A call that was answered."""
        caller = self.line(number, **how)
        caller.invite(to, self.service.at(caller.host))
        self.check("the call is answered within a second", caller.wait("talking", seconds=3)
                   and caller.at["answered"] - caller.at["invite"] < 1, lambda: caller.at)
        return caller

    def queued(self, number=ODETTE, keys=FAMILY, tone=440, **how):
        """A caller who is in the queue, by a key pressed during the greeting. Before that: none."""
        before = len(self.events().of("contact_queued"))
        caller = self.call(number, tone=tone, **how)
        time.sleep(0.5)
        caller.press(keys)
        events = self.until(lambda e: len(e.of("contact_queued")) > before, 15)
        self.check("a key leads to the queue", len(events.of("contact_queued")) > before)
        return caller

    def queued_blind(self, number=ODETTE, keys=FAMILY):
        """The same while nothing can be read from the journal: by what the caller hears."""
        caller = self.call(number)
        time.sleep(0.5)
        caller.press(keys)
        self.hears(caller, "menu.chosen.famille")
        time.sleep(3)
        return caller

    def hears(self, caller, prompt, seconds=15.0, from_at=0):
        """The first time that this was said to the caller."""
        name = prompts.same.get(prompt, prompt)

        def find():
            return next((s for s in caller.heard.said(prompts, from_at) if s.id == name), None)
        found = wait_until(find, seconds, 0.1)
        self.check(f"“{prompt}” is heard", found, lambda: self.heard_by(caller))
        return found

    def agent_hears(self, phone, prompt, seconds=8.0):
        found = wait_until(lambda: prompt in [s.id for s in phone.said(prompts)], seconds, 0.1)
        self.check(f"the agent hears “{prompt}”", found, lambda: self.heard_by(phone))

    def heard_by(self, who):
        said = who.heard.said(prompts) if isinstance(who, Caller) else who.said(prompts)
        return "heard: " + ", ".join(f"{s.id}[{s.first}-{s.last}/{s.of}]" for s in said)

    def both_hear(self, caller, phone, caller_hz=440, agent_hz=1000, seconds=8.0):
        self.check("the agent hears the caller", phone.hears(caller_hz, seconds), lambda: "")
        begun = time.time()
        self.check("the caller hears the agent", wait_until(
            lambda: sound.heard(caller.heard, agent_hz, time.time() - 1) > 0.8, seconds),
            lambda: self.heard_by(caller))
        return begun

    # ---- agents ------------------------------------------------------------------------------
    def telephone(self, who=ROBOT, **how):
        """The telephone of an agent, registered."""
        agent = self.service.agents[who]
        port = (self.service.tls if how.get("tls") else self.service.sip)[1]
        phone = Phone(agent.line, agent.secret, port, **how)
        phone.who = agent
        self.people.append(phone)
        self.check(f"the telephone of {who} registers", phone.registered(), phone.program.said)
        return phone

    def short_code(self, phone, code, kind, keys=""):
        """Dials, keys, hangs up; the journal must have what was asked for. baresip sends its keys
        when its sound thread has the time: it hangs up once they have been understood."""
        before, closed = len(self.events().of(kind)), phone.count("CALL_CLOSED")
        self.check(f"{code} is answered", phone.dial(code), phone.program.said)
        time.sleep(0.5)
        phone.press(keys)
        if keys:
            self.until(lambda e: len(e.of(kind)) > before)
        else:
            time.sleep(0.5)
        phone.hang_up()
        events = self.until(lambda e: len(e.of(kind)) > before)
        self.check(f"{code} is understood ({kind})", len(events.of(kind)) > before,
                   phone.program.said)
        phone.happened("CALL_CLOSED", closed + 1, 5)

    def agent(self, who=ROBOT, ready=True, **how):
        """An agent at the telephone: signed in with the code, paused; or ready."""
        phone = self.telephone(who, **how)
        self.short_code(phone, "*71", "agent_signed_in", phone.who.code + "#")
        if ready:
            self.ready(phone)
        return phone

    def ready(self, phone):
        """Ready comes with the end of that call."""
        self.short_code(phone, "*72", "agent_ready")

    # ---- the end -----------------------------------------------------------------------------
    def restart(self, within_s=RESTART_S):
        took = self.service.start()
        self.fact("restart", took, "s")
        self.check(f"it is ready again within {within_s:.0f} s", took <= within_s, f"{took:.2f} s")
        return took

    def trace(self):
        """What is left when a case went wrong: for the log."""
        state = "alive" if self.service.is_alive() else f"ended: {self.service.exit_code()}"
        out = [f"--- service ({state})", self.service.said()[-3000:]]
        for p in self.people:
            if isinstance(p, Caller):
                out.append(f"--- caller {p.number}: {p.state}, {p.at}")
                out += [f"{at:.3f} {way} {text.splitlines()[0]}" for at, way, text in p.log[-30:]]
                out.append(self.heard_by(p))
            elif not isinstance(p, Phone):
                out += ["--- SIPp", p.program.said()[-1500:], p.errors()[-3000:]]
            else:
                out += [f"--- telephone {p.line}", p.program.said()[-1500:], str(p.events)]
                out.append(self.heard_by(p))
        try:
            events = [e for e in self.events() if not e["kind"].endswith(("_set", "_hours"))]
            out += ["--- journal", Events(events).text()[-6000:]]
        except Exception as e:          # the trace of a failure must not fail
            out.append(str(e))
        return "\n".join(out)

    def close(self):
        for p in reversed(self.people):
            p.__exit__(None, None, None)
        self.service.close()
        if self.wall:
            self.wall.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def load_prompts(root):
    global prompts, prompts_root
    prompts_root = Path(root)
    if prompts is None:
        prompts = sound.Prompts(Path(root) / "fr", Path(root) / "common")


def interrupt(service):
    """Ctrl-C."""
    os.kill(service.program.pid, signal.SIGINT)
