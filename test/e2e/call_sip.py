"""call_sip.py — cases of call.py: SIP as it is deployed, with SIPp as callers and operators that we
did not write: reliable provisional responses, delayed offers, holds, several parts, redirections,
forks; and packets of other sizes, with baresip and a line of ours."""
import re
import socket
import time

import sipp
import sipp_plays
import world
from call_callers import closed_by_early_media
from caller import Voice
from cases import case
from robots import wait_until
from sipp import Sipp
from sound import sine
from world import HUMAN, ODETTE, PUBLIC, ROBOT

CLOSED = "0536490011"


def all_pass(w, seconds=20, **runs):
    """Scenarios side by side: name=(number, XML)."""
    calls = {name: Sipp(w.service.sip, to, xml=xml) for name, (to, xml) in runs.items()}
    w.people += calls.values()
    for name, call in calls.items():
        w.check(f"{name.replace('_', ' ')}: every message as the scenario says", call.wait(seconds),
                lambda call=call: call.errors() + call.program.said()[-3000:])


@case()
def sip_callers(w):
    all_pass(w, delayed_offer=(PUBLIC, sipp_plays.delayed_offer(ODETTE)),
             held=(PUBLIC, sipp_plays.held("0536491301")),
             several_parts=(PUBLIC, sipp_plays.several_parts("0536491302")),
             required_100rel=(PUBLIC, sipp_plays.required("0536491303")),
             unknown_option=(PUBLIC, sipp_plays.unknown_option("0536491304")),
             diversion=(PUBLIC, sipp_plays.sent_on(
                 "0536491305", f"Diversion: <tel:{PUBLIC}>;reason=unconditional\n")),
             history=(PUBLIC, sipp_plays.sent_on(
                 "0536491306", f"History-Info: <sip:{PUBLIC}@op>;index=1, <sip:x@op>;index=1.1\n")))
    w.outcomes(*["ivr_abandoned"] * 6)


@case(edit=closed_by_early_media)
def sip_reliable_early(w):
    """A closed message before any answer: the 183 is repeated until its PRACK."""
    all_pass(w, reliable=(CLOSED, sipp_plays.reliable_early(ODETTE)))
    w.outcomes("out_of_hours")


def dialog_of(phone):
    """The dialog that we have with this telephone, as we are to be told of it: from what it wrote
    down of our INVITE and its answers."""
    said = phone.program.said()
    invite = said[said.rindex("INVITE sip:"):]
    call_id = re.search(r"Call-ID: (\S+)", invite)[1]
    ours = re.search(r"From: .*;tag=(\w+)", invite)[1]
    theirs = re.search(r"\nTo: .*;tag=(\w+)", invite)[1]
    return f"{call_id};to-tag={ours};from-tag={theirs}"


@case(slow=True)
def sip_requests_cross(w):
    """At 45 s our refresh and a hold of theirs are under way at once: both hear 491 where both
    offer (RFC 3261 §14.1, RFC 3311 §5.2), both come again and are taken; the call goes on."""
    runs = {}
    for i, (ours, theirs, status) in enumerate((("INVITE", "INVITE", 491),
                                                ("INVITE", "UPDATE", 491),
                                                ("UPDATE", "INVITE", 200))):
        capture = w.service.place / f"tone-{i}.pcap"
        sipp.pcap(capture, sipp.tone(440, 60)[1])
        number = f"053649130{i}"
        runs[f"our_{ours}_their_{theirs}"] = (PUBLIC, sipp_plays.crossing(
            number, ours, theirs, status, capture))
    all_pass(w, 70, **runs)
    w.outcomes(*["ivr_abandoned"] * 3)


@case(slow=True)
def sip_replaces(w):
    """A conversation goes on at another telephone of the same line; another line takes nothing."""
    phone = w.agent(ROBOT)
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    named, other = dialog_of(phone), w.service.agents[HUMAN]
    stolen = sipp_plays.replacing(other.line, other.secret, named)
    thief = Sipp(w.service.sip, PUBLIC, xml=stolen, number=other.line)
    taken = sipp_plays.replacing(phone.line, phone.who.secret, named)
    w.people.append(thief)
    w.check("another line is refused", not thief.wait(8) and "481" in thief.errors(),
            thief.errors)
    w.both_hear(caller, phone)
    new = Sipp(w.service.sip, PUBLIC, xml=taken, number=phone.line)
    w.people.append(new)
    w.check("the old telephone is let go, and told why", wait_until(
        lambda: "Call completed elsewhere" in phone.program.said(), 8), phone.program.said)
    w.check("the caller is kept", caller.state == "talking" and not w.events().of("offer_ended"))
    w.check("every message as the scenario says", new.wait(10), lambda: new.errors())
    w.order("then the new one hangs up", "offer_ended", seconds=5)
    w.outcomes("test")


# ---- operators -----------------------------------------------------------------------------------
class Operator(Sipp):
    """SIPp as the operator at its port."""

    def __init__(self, xml):
        super().__init__(("127.0.0.1", 9), "telco", xml=xml)


def by_operators(w, *ports, more=""):
    """The demonstration's accesses lead to these ports."""
    path = w.service.home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    for was, port in zip((5070, 5071), ports):
        text = text.replace(f'"127.0.0.1:{was}", probe: false', f'"127.0.0.1:{port}", probe: false'
                            + more)
    path.write_text(text, encoding="utf-8")
    done = w.service.run("reload", "-c", w.service.settings_file)
    w.check("the files are accepted", done.returncode == 0, done.stdout + done.stderr)


def operator(w, xml):
    found = Operator(xml)
    w.people.append(found)
    return found


def went(w, who):
    w.check("every message as the scenario says", who.wait(10),
            lambda: who.errors() + who.program.said()[-3000:])


@case()
def sip_reliable_operator(w):
    """Two reliable responses on the way to 112, each acknowledged in order; sound by the first."""
    phone = w.telephone(HUMAN)
    far = operator(w, sipp_plays.reliable_operator())
    by_operators(w, far.port)
    w.check("it is answered", phone.dial("112"), phone.program.said)
    time.sleep(1)
    phone.hang_up()
    went(w, far)


@case()
def sip_forking_operator(w):
    """The first telephone that is picked up has the call, the other one is let go."""
    phone = w.telephone(HUMAN)
    far = operator(w, sipp_plays.forking_operator())
    by_operators(w, far.port)
    w.check("it is answered", phone.dial("112"), phone.program.said)
    time.sleep(1)
    phone.hang_up()
    went(w, far)


@case()
def sip_redirecting_operator(w):
    """A 302 to anywhere is not followed: the next operator is called. Allowed, and to a machine of
    its own, it is."""
    phone, other = w.telephone(HUMAN), w.line(ODETTE)
    far = operator(w, sipp_plays.redirecting_operator("<sip:112@192.0.2.1>"))
    by_operators(w, far.port, other.port)
    w.check("the next one answers", phone.dial("112"), phone.program.said)
    w.check("nobody else was called", other.wait("talking", seconds=5), lambda: other.log)
    phone.hang_up()
    went(w, far)
    w.check("it ends", other.wait("ended", seconds=5))
    path = w.service.home / "directory.yaml"
    own = operator(w, sipp_plays.redirecting_operator("<sip:112@127.0.0.1;again=yes>", "again=yes"))
    text = path.read_text(encoding="utf-8").replace(
        f'"127.0.0.1:{far.port}", probe: false',
        f'"127.0.0.1:{own.port}", probe: false, redirects: allow')
    path.write_text(text, encoding="utf-8")
    by_operators(w)
    w.check("where it leads is called, and answers", phone.dial("112"), phone.program.said)
    phone.hang_up()
    went(w, own)


@case(slow=True)
def sip_trying_operator(w):
    """100 and nothing more: after fifteen seconds the next operator is called, the first
    cancelled."""
    phone, other = w.telephone(HUMAN), w.line(ODETTE)
    far = operator(w, sipp_plays.trying_operator())
    by_operators(w, far.port, other.port)
    began = time.monotonic()
    w.check("it is answered", phone.dial("112", 25), phone.program.said)
    w.check("by the next one", other.wait("talking", seconds=20), lambda: other.log)
    w.fact("after", time.monotonic() - began, "s")
    w.check("not before its time", time.monotonic() - began > 14)
    phone.hang_up()
    went(w, far)


def with_secret(home):
    path = home / "secrets.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("agents:\n", 'trunks:\n  - { id: demo, secret: "s3cret" }\n'
                                 "agents:\n"), encoding="utf-8")


@case()
def sip_asking_operator(w):
    """Who hangs up is proved too: 401 to our BYE."""
    is_proved(w, sipp_plays.asking_operator())


@case()
def sip_proving_operator(w):
    """Who acknowledges its 183 is proved too: 401 to our PRACK."""
    is_proved(w, sipp_plays.proving_operator())


def is_proved(w, plays):
    phone = w.telephone(HUMAN)
    far = operator(w, plays)
    with_secret(w.service.home)
    by_operators(w, far.port, more=", user: ours")
    w.check("it is answered", phone.dial("112"), phone.program.said)
    time.sleep(0.5)
    phone.hang_up()
    went(w, far)


# ---- packets of other sizes ----------------------------------------------------------------------
def spoken(caller):
    """What is said, in packets of whatever size: cut into frames anew."""
    codes = b"".join(p.payload for p in caller.heard.between())
    return world.prompts.said([(i / 8000, codes[i:i + 160]) for i in range(0, len(codes), 160)])


@case(slow=True)
def sip_packet_sizes(w):
    """10 to 60 ms as each line wishes; baresip, which wishes for 40, speaks with one of 60."""
    agent = w.agent(ROBOT, ptime=40)
    lines = {ms: w.line(f"05364913{ms}") for ms in (10, 30, 60)}
    for ms, caller in lines.items():
        caller.ptime = ms
        caller.invite(PUBLIC, w.service.sip)
    for ms, caller in lines.items():
        w.check(f"{ms} ms: answered", caller.wait("talking", seconds=3), lambda c=caller: c.log)
        w.check(f"{ms} ms: the greeting is heard", wait_until(
            lambda c=caller: "greet.org" in [s.id for s in spoken(c)], 15, 0.2))
        sizes = {len(p.payload) for p in caller.heard.between()}
        w.check(f"{ms} ms: each packet is of that size", sizes == {ms * 8}, sizes)
    lines[60].press("2")
    w.both_hear(lines[60], agent)
    for caller in lines.values():
        caller.hang_up()
    w.outcomes("ivr_abandoned", "ivr_abandoned", "test")


@case(slow=True)
def sip_stranger_sound(w):
    """Who sends sound to the ports of a conversation is neither heard in it nor answered."""
    agent = w.agent()
    caller = w.queued(ODETTE)
    w.both_hear(caller, agent)
    voice = Voice()
    voice.codes = sine(2500)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.setblocking(False)
        for _ in range(100):
            for packet in voice.packets():
                stranger.sendto(packet, caller.peer)
            time.sleep(0.02)
        w.check("the agent does not hear the stranger", not agent.hears(2500, 1))
        w.check("and hears the caller", agent.hears(440, 5))
        try:
            w.check("nothing is sent there", not stranger.recv(2048))
        except BlockingIOError:
            pass
    w.both_hear(caller, agent)
    caller.hang_up()
    w.outcomes("test")
