#!/usr/bin/env python3
"""call.py — telephone calls from end to end on the demonstration: who is heard, who is reached,
and what the journal says of it. Each case has a service and a journal of its own.

  call.py DECROCHE DEMO [NAME …]    DECROCHE_TEST=quick: without the slow cases
                                    exit 77 (skipped) with a line without baresip or SIPp
"""
import concurrent.futures
import os
import signal
import sys
import time
import traceback

import sipp
import sound
import world
from robots import need, skip, wait_until
from service import serves
from sipp import Sipp, pause, play
from world import FAMILY, HUMAN, KARIM, ODETTE, PUBLIC, ROBOT, World, Wrong

AT_ONCE = 3                 # cases side by side
CASES = []


def case(slow=False, changes=None, edit=None):
    def put(function):
        CASES.append((function, slow, changes, edit))
        return function
    return put


# ---- the call ----------------------------------------------------------------------------------
@case()
def whole(w):
    phone = w.agent(ROBOT)
    caller = w.call()
    first = wait_until(lambda: [p.at for p in caller.heard.packets if p.type == sound.PCMA and
                                sound.db(sound.power(sound.decode(p.payload))) > -40], 2)
    w.check("the first word is heard within a second",
            first and first[0] - caller.at["answered"] < 1)
    w.fact("answered after", (caller.at["answered"] - caller.at["invite"]) * 1000, "ms")
    w.fact("first word after", first[0] - caller.at["answered"], "s")
    menu = w.hears(caller, "menu.main")
    w.check("the menu begins within 8 s, 3 more for greet.demo",
            menu.at - caller.at["answered"] < 11, menu)
    w.fact("menu after", menu.at - caller.at["answered"], "s")
    caller.press(FAMILY)
    w.hears(caller, "menu.chosen.famille")
    w.order("the call is offered to the robot", "call_arrived", "contact_queued", "offer_made",
            seconds=15)
    w.order("the robot picks up", "offer_joined")
    w.hears(caller, "connect.now")
    w.both_hear(caller, phone)
    n, lost, gap, _ = caller.heard.spacing(time.time() - 1)
    w.check("no packet is lost in the talk", lost == 0 and n >= 45 and gap < 0.1, (n, lost, gap))
    n, lost, gap, p99 = caller.heard.spacing()
    w.fact("longest gap", gap * 1000, "ms")
    w.fact("p99 spacing", p99 * 1000, "ms")
    w.check("nor before it", lost == 0 and gap < 0.5, (n, lost, gap))
    caller.hang_up()
    w.check("the caller is let go", caller.wait("ended"))
    events = w.order("the journal tells it all", "call_arrived", "contact_queued", "offer_made",
                     "offer_joined", "offer_media", "offer_media",
                     ("offer_ended", {"why": "caller_left"}), ("call_ended", {"by": "caller"}),
                     ("call_outcome", {"outcome": "test"}))
    sides = [e["side"] for e in events.of("offer_media")]
    w.check("sound of both sides", sorted(sides) == ["agent", "caller"], sides)
    w.order("wrap-up, then ready", "offer_joined", "agent_wrap_up", "agent_ready")
    w.check("the telephone is let go", phone.happened("CALL_CLOSED", 3, 12))
    w.outcomes("test")


@case()
def by_sipp(w):
    """A caller that we did not write: SIPp keys 2, then says its tone."""
    if not sipp.may_play():
        return w.check("(not root: SIPp cannot play sound)", True)
    phone = w.agent(ROBOT)
    steps = [pause(1500), play(sipp.keys(FAMILY)), pause(6000), play(sipp.tone(440, 8)),
             pause(8000)]
    with Sipp(w.service.sip, PUBLIC, steps) as call:
        w.order("the robot picks up", "contact_queued", "offer_joined", seconds=15)
        w.check("the robot hears SIPp", phone.hears(440, 12))
        w.check("SIPp is content", call.wait(30), call.errors)
    w.outcomes("test")


@case()
def by_sipp_in_the_menu(w):
    with Sipp(w.service.sip, PUBLIC, [pause(3000)]) as call:
        w.check("SIPp is content", call.wait(15), call.errors)
    w.outcomes("ivr_abandoned")


@case()
def in_order(w):
    """Two wait; whoever came first is answered first."""
    phone = w.agent(HUMAN, ready=False)
    first = w.queued(ODETTE, tone=440)
    second = w.queued(KARIM, tone=600)
    w.ready(phone)
    w.both_hear(first, phone, 440)
    w.check("the second still waits", sound.heard(second.heard, 1000, time.time() - 1) == 0)
    first.hang_up()
    w.both_hear(second, phone, 600, seconds=15)
    second.hang_up()
    events = w.outcomes("answered", "answered")
    calls = [e["id"] for e in events.of("call_arrived")]
    w.check("in their order", [e["call_id"] for e in events.of("offer_joined")] == calls)


# ---- the menu ------------------------------------------------------------------------------------
@case(slow=True)
def no_key(w):
    """Voice-script §14 C: a pulse telephone, a tremor."""
    caller = w.call()
    events = w.until(lambda e: e.of("contact_queued"), 85)
    w.check("no key at all leads to the queue", events.of("contact_queued"))
    took = events.of("contact_queued")[0]["at"] / 1000 - caller.at["answered"]
    w.fact("queued after", took, "s")
    w.check("within 80 s", took <= 80, f"{took:.1f} s")
    said = [s.id for s in caller.heard.said(world.prompts)]
    order = iter(said)
    w.check("told patiently", all(any(s == p for s in order) for p in (
        "menu.main", "menu.again", "menu.main.slow", "menu.no_key")), said)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def zero(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.press("0")
    w.hears(caller, "menu.person")
    w.order("0 reaches a person", "contact_queued")
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def wrong_keys(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.press("9")
    w.hears(caller, "menu.wrong")
    again = time.time()
    w.hears(caller, "menu.main", from_at=again)
    caller.press("9")
    w.hears(caller, "menu.no_key")
    w.order("two wrong keys reach a person", "contact_queued")
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def star(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    time.sleep(2)
    caller.press("*")
    pressed = time.time()
    found = w.hears(caller, "menu.main", from_at=pressed + 0.3)
    w.check("* begins the menu anew", found.first < 50 and found.at - pressed < 1.5, found)
    caller.hang_up()
    w.outcomes("ivr_abandoned")


@case()
def unknown_number(w):
    caller = w.line()
    caller.invite("0536499999", w.service.sip)
    w.check("an unknown number is refused (404)", caller.wait("ended", seconds=3)
            and caller.status == 404, lambda: caller.status)
    w.check("and is no call", not w.events().of("call_arrived"))


@case()
def stranger(w):
    caller = w.line(host="127.0.0.9")
    caller.invite(PUBLIC, w.service.sip)
    time.sleep(2)
    w.check("a source that is not allowed hears nothing",
            not [x for x in caller.log if x[1] == "<"])
    caller.vanish()
    w.check("and leaves no trace", not w.events().of("call_arrived"))


# ---- who gives up --------------------------------------------------------------------------------
@case()
def leaves_in_menu(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.hang_up()
    w.order("", ("call_ended", {"by": "caller"}))
    w.outcomes("ivr_abandoned")


@case()
def leaves_with_nobody_there(w):
    caller = w.queued()
    w.hears(caller, "nobody.unknown")
    time.sleep(1)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def leaves_with_somebody_there(w):
    w.agent(HUMAN, ready=False)
    caller = w.queued(ODETTE)
    w.hears(caller, "wait.before.0")
    short = w.queued(KARIM)
    short.hang_up()
    w.hears(caller, "music.wait", 30)
    time.sleep(2.2)
    heard = sound.kind(caller.heard.samples(time.time() - 2))
    w.check("it is music", heard == "music", heard)
    caller.hang_up()
    w.outcomes("abandoned", "abandoned_short")


@case(slow=True, changes={"queue": {"short": "10s"}})
def leaves_after_twelve_seconds(w):
    caller = w.queued()
    time.sleep(12)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def cancels(w):
    """Around the answer: whoever wins the race, the call ends once."""
    for delay_s in (0, 0.005, 0.02, 0.05, 0.1):
        caller = w.line()
        caller.invite(PUBLIC, w.service.sip)
        time.sleep(delay_s)
        caller.hang_up()
        w.check(f"a call cancelled after {delay_s * 1000:.0f} ms ends",
                caller.wait("ended", seconds=5), lambda: caller.log)
        w.check("with 487, or answered and hung up", caller.status in (487, 200),
                lambda: caller.status)
    events = w.until(lambda e: len(e.of("call_outcome")) == len(e.of("call_arrived")))
    w.outcomes(*["ivr_abandoned"] * len(events.of("call_arrived")))


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


# ---- the service dies ----------------------------------------------------------------------------
def killed(w, sentence, *outcomes, pending=0):
    w.service.kill9()
    w.restart()
    arrived = len(w.events().of("call_arrived"))
    events = w.until(lambda e: len(e.of("call_outcome", "call_pending")) >= arrived)
    w.check(sentence, len(events.of("call_pending")) == pending, lambda: events.text()[-3000:])
    w.outcomes(*outcomes)


@case()
def killed_in_menu(w):
    w.hears(w.call(), "menu.main")
    killed(w, "a call in the menu was cut off", "cut_off")


@case()
def killed_while_waiting(w):
    w.agent(HUMAN, ready=False)
    w.queued(ODETTE)
    w.queued(KARIM)
    time.sleep(1)
    killed(w, "those who waited were cut off", "cut_off", "cut_off")
    w.call()
    w.check("the next call is answered", True)


@case()
def killed_while_ringing(w):
    phone = w.agent(HUMAN, answers=False)
    w.queued()
    w.check("the telephone rings", phone.happened("CALL_INCOMING"))
    time.sleep(0.5)
    killed(w, "a call that rang was cut off", "cut_off")


@case()
def killed_in_talk(w):
    phone = w.agent(HUMAN)
    w.both_hear(w.queued(), phone)
    killed(w, "a talk cut short waits for its class", pending=1)


@case()
def killed_in_talk_with_robot(w):
    phone = w.agent(ROBOT)
    w.both_hear(w.queued(), phone)
    killed(w, "a test stays a test", "test")


@case()
def drains(w):
    """Ctrl-C: calls are told or ended, never left; the exit is clean."""
    caller = w.call()
    w.hears(caller, "menu.main")
    code = w.service.stop(signal.SIGINT, 15)
    w.check("it ends cleanly", code == 0, lambda: f"exit {code}\n{w.service.said()[-1000:]}")
    w.check("the caller was let go", caller.wait("ended", seconds=3), lambda: caller.log[-3:])
    arrived = len(w.events().of("call_arrived"))
    w.check("and the call has its outcome", len(w.events().outcomes()) == arrived == 1)
    w.check("the journal is sound", not w.service.verify(), w.service.verify)


@case()
def drains_but_not_a_talk(w):
    phone = w.agent(HUMAN)
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    waiting = w.queued(KARIM)
    world.interrupt(w.service)
    w.check("who waits is told and let go", waiting.wait("ended", seconds=15)
            and waiting.ended_by == "them", lambda: waiting.state)
    late = w.line("0639981241")
    late.invite(PUBLIC, w.service.sip)
    w.check("who calls now is refused (503)", late.wait("ended", seconds=3) and late.status == 503,
            lambda: late.status)
    w.check("who speaks goes on", caller.state == "talking" and phone.hears(440, 3))
    caller.hang_up()
    w.check("then it ends", wait_until(lambda: not w.service.is_alive(), 15)
            and w.service.exit_code() == 0, w.service.exit_code)
    w.outcomes("answered", "cut_off")


# ---- running -------------------------------------------------------------------------------------
def run(decroche, demo, row):
    function, _, changes, edit = row
    began, fault, said, facts = time.monotonic(), None, [], []
    try:
        with World(decroche, demo, changes, edit) as w:
            try:
                said, facts = w.said, w.facts
                function(w)
                if not w.service.is_alive() and not function.__name__.startswith("drains"):
                    raise Wrong(f"the service ended by itself\n{w.service.said()[-2000:]}")
            except Exception as e:
                detail = str(e) if isinstance(e, Wrong) else traceback.format_exc()
                fault = f"{detail}\n{w.trace()}"
    except Exception:
        fault = traceback.format_exc()
    return function.__name__, time.monotonic() - began, said, facts, fault


def main():
    decroche, demo, only = sys.argv[1], sys.argv[2], sys.argv[3:]
    need("baresip", "sipp")
    if not serves(decroche):
        skip("decroche has no serve yet")
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    quick = os.environ.get("DECROCHE_TEST") == "quick"
    rows = [r for r in CASES if (r[0].__name__ in only if only else not (quick and r[1]))]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(1 if only else AT_ONCE) as pool:
        for name, seconds, said, facts, fault in pool.map(lambda r: run(decroche, demo, r), rows):
            print(f"{'NOT ok' if fault else 'ok    '} {name:28s} {seconds:6.1f} s   "
                  f"{', '.join(facts)}", flush=True)
            if fault or only:
                print("\n".join(said))
            if fault:
                failed += 1
                print("\n".join("    " + line for line in fault.splitlines()), flush=True)
    print(f"{len(rows) - failed} of {len(rows)} cases")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
