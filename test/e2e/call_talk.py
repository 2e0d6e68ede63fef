"""call_talk.py — cases of call.py: what an agent does with a conversation, by the keys of the
telephone (voice-script §11) and by its own hold."""
import time

import sound
import world
from cases import case
from robots import wait_until
from world import HUMAN, KARIM, TAXES

COLLEAGUE = "a03"               # serves other queues: gets nobody but who is passed on
LINE = "103"
CALLER_HZ, AGENT_HZ, COLLEAGUE_HZ = 440, 1000, 700


def conversation(w, colleague=True):
    """An agent speaks with a caller; a colleague is ready."""
    agent = w.agent(HUMAN, tone=AGENT_HZ)
    other = w.agent(COLLEAGUE, tone=COLLEAGUE_HZ) if colleague else None
    caller = w.queued()
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    return agent, other, caller


def mixed(samples, *hz):
    """Each of these tones is in the last half second, at about the level that its speaker has."""
    levels = [sound.tone_db(samples[-sound.RATE // 2:], h) for h in hz]
    return min(levels) > sound.TONE_DB and max(levels) - min(levels) < 9


def three_hear(w, caller, agent, other):
    """Each one the two others, and not themselves."""
    def caller_samples():
        return caller.heard.samples(time.time() - 0.6)
    for name, samples, hz, own in (
            ("caller", caller_samples, (AGENT_HZ, COLLEAGUE_HZ), CALLER_HZ),
            ("agent", lambda: agent.samples(0.5), (CALLER_HZ, COLLEAGUE_HZ), AGENT_HZ),
            ("colleague", lambda: other.samples(0.5), (CALLER_HZ, AGENT_HZ), COLLEAGUE_HZ)):
        w.check(f"the {name} hears both others", wait_until(lambda: mixed(samples(), *hz), 8, 0.1),
                lambda: [sound.tone_db(samples(), h) for h in hz])
        w.check(f"the {name} does not hear themselves",
                sound.tone_db(samples(), own) < sound.tone_db(samples(), hz[0]) - 20)


@case()
def agent_holds(w):
    """The agent's telephone puts the call on hold and takes it back."""
    agent, _, caller = conversation(w, colleague=False)
    agent.tell("hold")
    w.hears(caller, "hold.start")
    time.sleep(6)
    w.check("on hold, nobody is lost", caller.state == "talking"
            and not w.events().of("contact_returned"))
    w.check("and the agent is not heard",
            sound.heard(caller.heard, AGENT_HZ, time.time() - 1) < 0.2)
    agent.tell("resume")
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    caller.hang_up()
    w.outcomes("answered")


@case()
def agent_consults_and_passes_on(w):
    """*1: the colleague is asked while the caller waits; *2: has the caller."""
    agent, other, caller = conversation(w)
    agent.press("*1" + LINE + "#")
    w.hears(caller, "hold.start")
    w.check("the agent hears the colleague", agent.hears(COLLEAGUE_HZ), "")
    w.check("the colleague hears the agent", other.hears(AGENT_HZ), "")
    w.check("nobody hears the caller", not other.hears(CALLER_HZ, seconds=0.2))
    w.order("the colleague takes no calls meanwhile", ("agent_paused", {"reason": "calling"}))
    agent.press("*2")
    w.both_hear(caller, other, CALLER_HZ, COLLEAGUE_HZ)
    w.order("the caller is the colleague's", ("offer_ended", {"why": "passed"}),
            ("offer_made", {"rule": "passed"}), "offer_joined")
    w.agent_hears(agent, "agent.wrap")
    caller.hang_up()
    w.outcomes("answered")


@case(long=True)
def agent_forgets_the_caller(w):
    """After three minutes of a consultation its agent, alone, hears that somebody waits."""
    agent, other, caller = conversation(w)
    agent.press("*1" + LINE + "#")
    w.hears(caller, "hold.start")
    w.check("the agent hears the colleague", agent.hears(COLLEAGUE_HZ), "")
    time.sleep(170)
    w.agent_hears(agent, "agent.hold.long", 20)
    w.check("and then the colleague again", agent.hears(COLLEAGUE_HZ, 8), "")
    w.check("the colleague hears nothing of it",
            "agent.hold.long" not in [s.id for s in other.said(world.prompts)])
    agent.press("*1")
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    caller.hang_up()
    w.outcomes("answered")


@case()
def agent_passes_on_blindly(w):
    """*2 and a number: it rings there; nobody answers, and the place is kept."""
    agent, _, caller = conversation(w, colleague=False)
    other = w.agent(COLLEAGUE, tone=COLLEAGUE_HZ, answers=False)
    agent.press("*2" + LINE + "#")
    w.hears(caller, "xfer.start")
    w.check("it rings there", other.happened("CALL_INCOMING"), "")
    events = w.order("the caller is first in line again", ("offer_ended", {"why": "no_answer"}),
                     ("contact_returned", {"why": "no_answer"}), seconds=15)
    w.check("with one place", len(events.of("contact_opened")) == 1)
    w.order("and the first agent, free again, has the caller", "offer_joined", "offer_joined",
            seconds=15)
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    caller.hang_up()
    w.outcomes("answered")


def with_codes(home):
    """Taxes are 54 for agents."""
    directory = home / "directory.yaml"
    text = directory.read_text(encoding="utf-8")
    assert text.count("{ id: impots,") == 1
    directory.write_text(text.replace("{ id: impots,", '{ id: impots, code: "54",'),
                         encoding="utf-8")


@case(edit=with_codes)
def agent_sends_to_another_queue(w):
    """*2 and the code of a service: told so, first there by the place, answered by who serves
    it."""
    agent, _, caller = conversation(w, colleague=False)
    other = w.agent(COLLEAGUE, ready=False, tone=COLLEAGUE_HZ)
    second = w.queued(KARIM, keys=TAXES)        # came later, and waits there already
    time.sleep(max(0, 10.5 - (time.time() - caller.at["answered"])))
    agent.press("*254#")
    w.hears(caller, "xfer.start")
    w.hears(caller, "queue.enter")
    events = w.order("with the place it had", ("offer_ended", {"why": "passed"}),
                     "contact_moved", "contact_queued")
    w.check("the key is the place", events.of("contact_queued")[-1]["key_at"] ==
            events.of("contact_opened")[0]["place_at"])
    w.agent_hears(agent, "agent.wrap")
    w.ready(other)
    w.both_hear(caller, other, CALLER_HZ, COLLEAGUE_HZ)
    second.hang_up()
    caller.hang_up()
    w.outcomes("abandoned", "answered")


@case()
def agent_speaks_with_three(w):
    """*3: all hear all; then the agent leaves the two alone by hanging up."""
    agent, other, caller = conversation(w)
    agent.press("*3" + LINE + "#")
    w.hears(caller, "conf.other")
    three_hear(w, caller, agent, other)
    agent.hang_up()
    w.both_hear(caller, other, CALLER_HZ, COLLEAGUE_HZ)
    caller.hang_up()
    w.outcomes("answered")


@case()
def agent_gives_back(w):
    """*4: back to the head of the queue, before who came later."""
    agent, _, caller = conversation(w, colleague=False)
    second = w.queued(KARIM)
    time.sleep(1)
    agent.press("*4")
    w.hears(caller, "wait.regained")
    w.order("with the place it had", ("offer_ended", {"why": "withdrawn"}),
            ("contact_returned", {"why": "withdrawn"}))
    events = w.order("and the next agent has this one first", "offer_joined", "offer_joined",
                     seconds=15)
    joined = [e["contact_id"] for e in events.of("offer_joined")]
    w.check("the same", joined[0] == joined[1], joined)
    second.hang_up()
    caller.hang_up()
    w.outcomes("abandoned", "answered")


@case()
def agent_picks_up_for_another(w):
    """*77: the call that rings in the next room."""
    slow = w.agent(HUMAN, answers=False)
    other = w.agent(COLLEAGUE, tone=COLLEAGUE_HZ, ready=False)
    caller = w.queued()
    w.check("it rings at the first one", slow.happened("CALL_INCOMING"), "")
    w.check("*77 is answered", other.dial("*77"), other.program.said)
    w.both_hear(caller, other, CALLER_HZ, COLLEAGUE_HZ)
    w.order("the journal says who took it", ("offer_ended", {"why": "picked_up"}),
            ("offer_made", {"rule": "picked_up"}), "offer_joined")
    caller.hang_up()
    w.order("and is on pause again", ("agent_paused", {"reason": "sign_in"}), seconds=10)
    w.outcomes("answered")


@case()
def agent_transfers_by_the_telephones_own_key(w):
    """REFER: the telephone hears what came of it and hangs up by itself; the caller is there."""
    agent, other, caller = conversation(w)
    w.check("the transfer key is taken", agent.tell("transfer", LINE), agent.program.said)
    w.both_hear(caller, other, CALLER_HZ, COLLEAGUE_HZ)
    w.order("the caller is the colleague's", ("offer_ended", {"why": "passed"}),
            ("offer_made", {"rule": "passed"}), "offer_joined")
    w.check("the first telephone is free", agent.happened("CALL_CLOSED", 3, 10), agent.program.said)
    caller.hang_up()
    w.outcomes("answered")
