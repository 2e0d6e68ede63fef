"""call_families.py — cases of call.py: one service with an address of each family (IPv4 and IPv6):
callers, telephones and operators of both, among each other, over every transport."""
import time

from call_survive import die, hand_over, silence, SILENCE_BUSY_S
from call_tls import SECURE, papers_of, with_papers
from cases import case
from robots import wait_until
from sipp import Sipp, pause
from world import FAMILY, HUMAN, KARIM, ODETTE, PUBLIC, ROBOT, merged

FOUR, SIX = "127.0.0.1", "::1"
BOTH = {"phone": {"address": f'"{FOUR}, {SIX}"', "networks": f'"{FOUR}/32, {SIX}/128"'}}


def operators_of_both(home):
    """The demonstration's operator, and a second one in IPv6."""
    file = home / "directory.yaml"
    text = file.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if f"{FOUR}:5071" in line)
    second = row.replace(f"{FOUR}:5071", f"[{SIX}]:5071").replace("id: ", "id: six_")
    file.write_text(text.replace(row, f"{row}\n{second}"), encoding="utf-8")


def with_both_and_papers(home):
    with_papers(home)
    operators_of_both(home)


@case(changes=BOTH, edit=operators_of_both)
def two_families(w):
    """Callers of both (SIPp too), a telephone (baresip) of each: heard both ways, side by side."""
    for host in (FOUR, SIX):
        with Sipp(w.service.at(host), PUBLIC, [pause(1000)]) as call:
            w.check(f"SIPp calls from {host}, and hangs up", call.wait(15), call.errors)
    w.outcomes("ivr_abandoned", "ivr_abandoned")
    four, six = w.agent(HUMAN, host=FOUR, tone=700), w.agent(ROBOT, host=SIX)
    hears = {}
    for number, host, tone in ((ODETTE, SIX, 440), (KARIM, FOUR, 520)):
        caller = w.queued(number, host=host, tone=tone)
        w.check("somebody speaks with them", wait_until(
            lambda: four.hears(tone, 0.3) or six.hears(tone, 0.3), 10))
        hears[host] = (six, 1000) if six.hears(tone, 0.3) else (four, 700)
        w.both_hear(caller, hears[host][0], tone, hears[host][1])
    w.check("each has one of them", hears[FOUR] != hears[SIX])
    names = {name for caller in w.people if hasattr(caller, "log")
             for _, way, text in caller.log if way == "<" for name in (FOUR, f"[{SIX}]")
             if f"Contact: <sip:decroche@{name}:" in text or f"@{name}:" in text}
    w.check("each is told where we are in its own family", names == {FOUR, f"[{SIX}]"}, names)


@case(changes=BOTH, edit=operators_of_both, slow=True)
def telephones_of_two_families_ring(w):
    """A line with a telephone of each: both ring for one caller, whichever is picked up is heard.
    So the stream that was opened for the first turns to the family of the second."""
    desk = w.agent(HUMAN, ready=False, tone=1000, answers=False, host=FOUR)
    other = w.telephone(HUMAN, tone=700, answers=False, host=SIX)
    w.ready(desk)
    sets = [(desk, 1000), (other, 700)]
    for n, ((takes, hz), (leaves, _)) in enumerate((sets[::-1], sets), 1):
        closed = leaves.count("CALL_CLOSED")
        caller = w.queued(host=(SIX, FOUR)[n % 2])
        for phone in (takes, leaves):
            w.check("it rings", phone.happened("CALL_INCOMING", n, 15), phone.program.said)
        time.sleep(0.5)
        takes.pick_up()
        w.both_hear(caller, takes, 440, hz)
        w.check("the other one falls silent", leaves.happened("CALL_CLOSED", closed + 1, 3))
        time.sleep(10)
        takes.hang_up()
        w.check("the caller is let go", caller.wait("ended", seconds=40))
    w.outcomes("answered", "answered")


@case(changes=BOTH, edit=operators_of_both)
def sound_of_the_other_family(w):
    """Asked over the one, with a description of the other (a gateway that translates nothing): each
    is heard. Of a family in which nobody is there: 488, and the service goes on."""
    agent = w.agent(ROBOT)
    for host, sound_host in ((FOUR, SIX), (SIX, FOUR)):
        caller = w.queued(host=host, sound_host=sound_host)
        w.both_hear(caller, agent)
        caller.hang_up()
        w.check("it ended", caller.wait("ended", seconds=5))
        time.sleep(3)


@case(changes=merged(SECURE, BOTH), edit=with_both_and_papers)
def two_families_encrypted(w):
    """A telephone over TLS in IPv6 with encrypted sound, a caller over TCP in IPv4; and one over
    TCP in IPv6."""
    agent = w.agent(host=SIX, tls=papers_of(w) / "authority.pem", encryption="srtp-mand")
    for number, host in ((ODETTE, FOUR), (KARIM, SIX)):
        caller = w.queued(number, host=host, tcp=True)
        w.both_hear(caller, agent)
        caller.hang_up()
        w.check("it ended", caller.wait("ended", seconds=5))
        time.sleep(3)


@case(changes=BOTH, edit=operators_of_both, slow=True)
def two_families_survive(w):
    """A caller in IPv6 with a telephone in IPv4, and the other way round: both conversations go on
    after a restart and after a death, at the ports that the others know."""
    four, six = w.agent(HUMAN, host=FOUR, tone=700), w.agent(ROBOT, host=SIX)
    callers = [w.queued(ODETTE, host=SIX), w.queued(KARIM, host=FOUR)]
    w.check("both are joined", len(w.until(
        lambda e: len(e.of("offer_joined")) == 2, 15).of("offer_joined")) == 2)
    for phone in (four, six):
        w.check("the telephone hears its caller", phone.hears(440, 10))
    for again in (hand_over, die):
        began = time.time()
        again(w)
        time.sleep(1)
        for caller in callers:
            w.check("no BYE has come", caller.state == "talking", lambda: caller.log[-3:])
            w.check("and there is sound", silence(caller, began) <= SILENCE_BUSY_S)
        for phone in (four, six):
            w.check("the telephone hears its caller", phone.hears(440, 5))
    for caller in callers:
        caller.hang_up()
        w.check("it ended", caller.wait("ended", seconds=5))

