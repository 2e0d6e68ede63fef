"""call_agents.py — cases of call.py: agents at their telephones."""
import time

from cases import case
from world import HUMAN, KARIM, ODETTE, ROBOT


# ---- agents --------------------------------------------------------------------------------------
@case()
def wrong_code(w):
    phone = w.telephone(HUMAN)
    w.check("*71 is answered", phone.dial("*71"))
    time.sleep(0.5)
    phone.press("0000#")
    time.sleep(2)
    w.check("a wrong code signs nobody in", not w.events().of("agent_signed_in"))
    phone.press(phone.who.code + "#")
    w.order("the right one does", "agent_signed_in")


@case(slow=True)
def short_codes(w):
    """Each says what it did, and the journal has it."""
    phone = w.telephone(HUMAN)
    for code, keys, prompts, kind, fields in (
            ("*71", phone.who.code + "#", ("agent.code", "agent.in.phone"), "agent_signed_in", {}),
            ("*75", "", ("agent.pause.ok",), None, {}),
            ("*72", "", ("agent.ready.0",), "agent_ready", {}),
            ("*73", "2", ("agent.pause", "agent.pause.ok"), "agent_paused", {"reason": "meal"}),
            ("*731", "", ("agent.pause.ok",), "agent_paused", {"reason": "rest"}),
            ("*70", "", ("agent.out",), "agent_signed_out", {})):
        closed = phone.count("CALL_CLOSED")
        w.check(f"{code} is answered", phone.dial(code), phone.program.said)
        if keys:
            w.agent_hears(phone, prompts[0])
            phone.press(keys)
        w.agent_hears(phone, prompts[-1])
        w.check("and ends by itself", phone.happened("CALL_CLOSED", closed + 1, 20))
        if kind:
            w.order(f"{code} is in the journal", (kind, fields))
    w.check("another short code is none of ours", not phone.dial("*79", 3))


@case(slow=True)
def agent_practises(w):
    """*76: the telephone rings, a robot speaks and waits for answers; all is as before, nothing
    counts. Not for who is alone."""
    phone = w.agent(HUMAN, ready=False)
    w.check("*76 is answered", phone.dial("*76"), phone.program.said)
    w.agent_hears(phone, "agent.practice.not")
    w.check("and ends by itself", phone.happened("CALL_CLOSED", phone.count("CALL_CLOSED") + 1, 20))
    w.agent(ROBOT, ready=False)
    closed = phone.count("CALL_CLOSED")
    w.check("*76 is answered", phone.dial("*76"), phone.program.said)
    w.agent_hears(phone, "agent.practice")
    w.check("and ends by itself", phone.happened("CALL_CLOSED", closed + 1, 20))
    w.order("the telephone rings and is picked up", ("call_arrived", {"is_test": True}),
            "contact_queued", "agent_ready", "offer_made", "offer_joined")
    for prompt in ("tone.connect", "practice.ask", "practice.more", "practice.bye"):
        w.agent_hears(phone, prompt, 25)
    w.order("the robot hangs up", ("call_ended", {"by": "caller"}),
            ("agent_paused", {"reason": "sign_in"}), seconds=10)
    w.agent_hears(phone, "agent.pause.ok")
    w.check("no queue of it is shown", "Entra" not in w.service.run(
        "status", "-c", w.service.settings_file).stdout)
    w.outcomes("test")


@case()
def agent_does_not_answer(w):
    w.agent(HUMAN, answers=False)
    caller = w.queued()
    w.order("the offer ends after its time; the agent is paused, the caller back in line",
            "offer_made", ("offer_ended", {"why": "no_answer"}),
            ("agent_paused", {"reason": "no_answer"}), seconds=15)
    events = w.order("with the same place", ("contact_returned", {"why": "no_answer"}))
    rang = events.of("offer_ended")[0]["at"] - events.of("offer_made")[0]["at"]
    w.fact("rang", rang / 1000, "s")
    w.check("it rang for 5 s", 4800 <= rang <= 5500, rang)
    time.sleep(1)
    w.check("the caller is still there", caller.state == "talking")
    caller.hang_up()
    w.outcomes("abandoned")


@case()
def agent_declines(w):
    phone = w.agent(HUMAN, answers=False)
    caller = w.queued()
    w.check("the telephone rings", phone.happened("CALL_INCOMING"))
    phone.hang_up()
    w.order("the caller goes back in line", ("offer_ended", {"why": "declined"}),
            ("contact_returned", {"why": "declined"}))
    time.sleep(3)
    caller.hang_up()
    w.outcomes("abandoned")


@case(slow=True)
def agent_with_two_telephones(w):
    """Both ring; the one that is picked up has the call and the other one falls silent. The other
    way round for the next caller. Declined on one, declined on both."""
    desk = w.agent(HUMAN, ready=False, tone=1000, answers=False)
    other = w.telephone(HUMAN, tone=700, answers=False)
    w.ready(desk)
    sets, outcomes = [(desk, 1000), (other, 700)], []
    for n, ((takes, hz), (leaves, _)) in enumerate((sets, sets[::-1]), 1):
        closed = leaves.count("CALL_CLOSED")
        caller = w.queued()
        for phone in (takes, leaves):
            w.check("it rings", phone.happened("CALL_INCOMING", n, 15), phone.program.said)
        time.sleep(0.5)
        takes.pick_up()
        w.both_hear(caller, takes, 440, hz)
        w.check("the other one falls silent", leaves.happened("CALL_CLOSED", closed + 1, 3),
                leaves.program.said)
        w.check("and is told why", 'cause=200;text="Call completed elsewhere"' in
                leaves.program.said(), leaves.program.said)
        joined = w.order("one offer, one conversation", *["offer_joined"] * n)
        w.check("and no more", len(joined.of("offer_made")) == n)
        time.sleep(10)
        takes.hang_up()
        w.check("the caller is let go", caller.wait("ended", seconds=40))
        outcomes.append("answered")
    caller = w.queued()
    w.check("both ring", desk.happened("CALL_INCOMING", 3, 15)
            and other.happened("CALL_INCOMING", 3, 15))
    closed = desk.count("CALL_CLOSED")
    other.hang_up()
    w.order("the agent has declined", ("offer_ended", {"why": "declined"}))
    w.check("the other one falls silent", desk.happened("CALL_CLOSED", closed + 1, 3))
    caller.hang_up()
    w.outcomes(*outcomes, "abandoned_short")


@case()
def agent_hangs_up(w):
    phone = w.agent(HUMAN)
    caller = w.queued()
    joined = w.both_hear(caller, phone)
    time.sleep(max(0, joined + 10.5 - time.time()))
    phone.hang_up()
    w.check("the caller is let go", caller.wait("ended", seconds=40)
            and caller.ended_by == "them")
    w.order("", ("offer_ended", {"why": "finished"}))
    w.outcomes("answered")


@case()
def agent_hangs_up_at_once(w):
    """Sooner than 10 s: not known before the end of the day whether it was an answer."""
    phone = w.agent(HUMAN)
    caller = w.queued()
    w.both_hear(caller, phone)
    phone.hang_up()
    w.check("the caller is let go", caller.wait("ended", seconds=40))
    w.order("its class waits", ("offer_ended", {"why": "finished"}), "call_pending")
    w.outcomes()


@case()
def agent_dies(w):
    """Back at the head, told so, and served before whoever came later."""
    phone = w.agent(HUMAN)
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    w.queued(KARIM)
    phone.kill()
    died = time.time()
    events = w.order("the caller goes back to the head", ("offer_ended", {"why": "agent_lost"}),
                     ("contact_returned", {"why": "agent_lost"}), seconds=10)
    took = events.of("contact_returned")[-1]["at"] / 1000 - died
    w.fact("back in line after", took, "s")
    w.check("within 5 s", took <= 5.0, f"{took:.2f} s")
    w.hears(caller, "wait.agent_lost", from_at=died)
    w.order("the agent is paused", ("agent_paused", {"reason": "line_lost"}))
    robot = w.agent(ROBOT)
    events = w.order("and is the first to be answered", ("offer_joined", {"call_id": events.of(
        "call_arrived")[0]["id"]}))
    w.check("as one who returned", events.of("offer_made")[-1]["rule"] == "returned")
    w.both_hear(caller, robot)


@case()
def quiet_agent_is_not_lost(w):
    """Silence alone never ends a leg: the telephone answers OPTIONS."""
    phone = w.agent(ROBOT)
    caller = w.queued()
    w.both_hear(caller, phone)
    caller.mute()
    time.sleep(7)
    w.check("the call goes on", caller.state == "talking"
            and not w.events().of("contact_returned"))
    caller.hang_up()
    w.outcomes("test")
