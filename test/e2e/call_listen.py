"""call_listen.py — cases of call.py: a supervisor in the conversation of an agent, who hears whom,
who was told, what the journal says; and the alert of an agent."""
import time

import sound
import world
from cases import case
from robots import wait_until
from world import FAMILY, HUMAN, ODETTE

SUPERVISOR = "a03"
CALLER_HZ, AGENT_HZ, SUPERVISOR_HZ = 440, 1000, 700


def with_listening(home):
    """The family's calls may be listened to, by the agent of line 103."""
    directory = home / "directory.yaml"
    text = directory.read_text(encoding="utf-8")
    for was, now in (("{ id: famille,", "{ id: famille, listening: oui,"),
                     ("{ id: a03,", "{ id: a03, role: supervisor,")):
        assert text.count(was) == 1
        text = text.replace(was, now)
    directory.write_text(text, encoding="utf-8")


def conversation(w, refuses=False):
    """The caller hears the notice, and refuses or not; speaks with the agent."""
    agent = w.agent(HUMAN, tone=AGENT_HZ)
    supervisor = w.agent(SUPERVISOR, ready=False, tone=SUPERVISOR_HZ)
    caller = w.call(ODETTE)
    time.sleep(0.5)
    caller.press(FAMILY)
    w.hears(caller, "notice.listen")
    if refuses:
        caller.press("7")
        w.hears(caller, "notice.refused")
    w.until(lambda e: e.of("offer_joined"), 20)
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    return agent, supervisor, caller


def hears(samples, *hz, but=()):
    """All of these tones are there, and none of those."""
    last = samples[-sound.RATE // 2:]
    levels = [sound.tone_db(last, h) for h in hz]
    return min(levels) > sound.TONE_DB and all(
        sound.tone_db(last, h) < max(levels) - 20 for h in but)


def who_hears(w, caller, agent, supervisor, rows):
    """rows: name → (tones heard, tones not heard)."""
    samples = {"caller": lambda: caller.heard.samples(time.time() - 0.6),
               "agent": lambda: agent.samples(0.5), "supervisor": lambda: supervisor.samples(0.5)}
    for name, (these, others) in rows.items():
        w.check(f"the {name} hears {these} and not {others}", wait_until(
            lambda: hears(samples[name](), *these, but=others), 10, 0.1),
            lambda: [sound.tone_db(samples[name](), h)
                     for h in (CALLER_HZ, AGENT_HZ, SUPERVISOR_HZ)])


def listens(w, supervisor, code="*78102"):
    """Dials, and is called back; picks up by itself."""
    calls = supervisor.count("CALL_ESTABLISHED")
    w.check(f"{code} is answered", supervisor.dial(code), supervisor.program.said)
    w.agent_hears(supervisor, "listen.ring")
    w.check("the telephone is called", supervisor.happened("CALL_ESTABLISHED", calls + 2, 10),
            supervisor.program.said)


@case(slow=True, edit=with_listening)
def supervisor_listens_whispers_joins(w):
    """Hears both, unheard; then heard by the agent alone; then by both. All of it in the journal,
    each before it is heard."""
    agent, supervisor, caller = conversation(w)
    listens(w, supervisor)
    w.order("noted", ("call_listened", {"mode": "listen", "by_alert": False}))
    w.agent_hears(agent, "agent.listened")
    who_hears(w, caller, agent, supervisor, {
        "supervisor": ((CALLER_HZ, AGENT_HZ), (SUPERVISOR_HZ,)),
        "agent": ((CALLER_HZ,), (SUPERVISOR_HZ,)), "caller": ((AGENT_HZ,), (SUPERVISOR_HZ,))})
    supervisor.press("2")
    w.order("noted", ("call_listened", {"mode": "whisper"}))
    who_hears(w, caller, agent, supervisor, {
        "agent": ((CALLER_HZ, SUPERVISOR_HZ), (AGENT_HZ,)),
        "caller": ((AGENT_HZ,), (SUPERVISOR_HZ,))})
    supervisor.press("3")
    w.hears(caller, "conf.other")
    who_hears(w, caller, agent, supervisor, {
        "caller": ((AGENT_HZ, SUPERVISOR_HZ), (CALLER_HZ,)),
        "agent": ((CALLER_HZ, SUPERVISOR_HZ), (AGENT_HZ,)),
        "supervisor": ((CALLER_HZ, AGENT_HZ), (SUPERVISOR_HZ,))})
    supervisor.hang_up()
    w.order("noted that it is over", ("call_listened", {"mode": "join"}),
            ("call_listened", {"mode": "none"}))
    w.agent_hears(agent, "agent.unlistened")
    who_hears(w, caller, agent, supervisor, {"caller": ((AGENT_HZ,), (SUPERVISOR_HZ,)),
                                             "agent": ((CALLER_HZ,), (SUPERVISOR_HZ,))})
    w.order("the supervisor is as before", ("agent_paused", {"reason": "calling"}),
            ("agent_paused", {"reason": "sign_in"}))
    listens(w, supervisor)
    caller.hang_up()
    w.agent_hears(supervisor, "listen.over")
    w.order("over before the call is", ("call_listened", {"mode": "none"}),
            ("call_listened", {"mode": "listen"}), ("call_listened", {"mode": "none"}),
            "call_ended")
    w.outcomes("answered")


@case(edit=with_listening)
def supervisor_is_refused_by_key_7(w):
    """Nobody listens to who has pressed 7; but help comes."""
    agent, supervisor, caller = conversation(w, refuses=True)
    closed = supervisor.count("CALL_CLOSED")
    w.check("*78102 is answered", supervisor.dial("*78102"), supervisor.program.said)
    w.agent_hears(supervisor, "listen.refused")
    w.check("and ends by itself", supervisor.happened("CALL_CLOSED", closed + 1, 10))
    w.check("nobody listens", not w.events().of("call_listened"))
    calls = supervisor.count("CALL_ESTABLISHED")
    agent.press("*9")
    w.check("the supervisor is called", supervisor.happened("CALL_ESTABLISHED", calls + 1, 10),
            supervisor.program.said)
    w.order("noted", "call_alerted", ("call_listened", {"mode": "join", "by_alert": True}))
    w.agent_hears(supervisor, "alert.call")
    who_hears(w, caller, agent, supervisor, {
        "caller": ((AGENT_HZ, SUPERVISOR_HZ), (CALLER_HZ,)),
        "agent": ((CALLER_HZ, SUPERVISOR_HZ), (AGENT_HZ,)),
        "supervisor": ((CALLER_HZ, AGENT_HZ), (SUPERVISOR_HZ,))})
    said = [s.id for s in caller.heard.said(world.prompts)]
    w.check("the caller was told nothing of it", "conf.other" not in said
            and "agent.listened" not in said, said)
    caller.hang_up()
    w.outcomes("answered")


@case()
def agent_alerts_and_nobody_is_there(w):
    agent = w.agent(HUMAN, tone=AGENT_HZ)
    caller = w.queued()
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    agent.press("*9")
    w.agent_hears(agent, "alert.none")
    w.order("noted all the same", "call_alerted")
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    caller.hang_up()
    w.outcomes("answered")
