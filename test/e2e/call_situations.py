"""call_situations.py — cases of call.py: the numbers to dial of the demonstration, one situation
each (12 to 16), with telephones in the place of its robots."""
import json
import time

import sound
import world
from cases import case
from robots import wait_until
from world import CALLS_BACK, ODETTE, closed_now

BUSY, ABSENT, CLOSED, CUT, DEAF, ECHO = (f"05364900{n}" for n in (12, 13, 14, 15, 16, 99))
TALK_S = 10                     # then the line of r15 dies
BACK_S = 5                      # the caller is back at the head of the queue
WAITING_N = 9
OPENINGS = [f"closed.{when}" for when in ("today", "tomorrow", "day", "date")]


def heard_in_order(w, caller, *wanted):
    said = [s.id for s in caller.heard.said(world.prompts)]
    order = iter(said)
    w.check(f"{', '.join(wanted)}, in this order", all(any(s == p for s in order) for p in wanted),
            said)


def demo_states(w):
    """{"12": "runs" …}, as `decroche demo` tells it of this service."""
    done = w.service.run("demo", "--json", "-c", w.service.settings_file)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {r["number"][-2:]: r["state"] for r in rows}


@case(slow=True)
def busy_monday(w):
    """12: three slow robots speak, nine wait, and the tenth is told so."""
    for robot in ("r12a", "r12b", "r12c"):
        w.agent(robot)
    callers = [w.call(f"05364912{n:02}", BUSY) for n in range(3 + WAITING_N)]
    w.order("three speak", "offer_joined", "offer_joined", "offer_joined", seconds=30)
    w.until(lambda e: len(e.of("contact_queued")) == 3 + WAITING_N, 30)
    w.check("decroche demo says that 12 runs", demo_states(w)["12"] == "runs", demo_states(w))
    me = w.call(ODETTE, BUSY)
    w.hears(me, "queue.enter.kept.10", 30)
    w.hears(me, f"wait.before.{WAITING_N}")
    for caller in [me, *reversed(callers)]:
        caller.hang_up()
    events = w.until(lambda e: len(e.of("call_outcome")) == 4 + WAITING_N, 20)
    w.check("every call has its class", len(events.of("call_outcome")) == 4 + WAITING_N)
    w.check("those who spoke to a robot are tests", events.outcomes().count("test") == 3,
            events.outcomes())


@case()
def by_name(w):
    """As ./dev run says it: sip:accueil."""
    caller = w.call(ODETTE, "accueil")
    w.hears(caller, "greet.demo")
    caller.hang_up()
    w.outcomes("ivr_abandoned")


@case(changes=CALLS_BACK, edit=closed_now)
def nobody_there(w):
    """13: open, nobody signed in: said, and counted as refused."""
    states = demo_states(w)
    w.check("decroche demo says that 13 and 14 run, and 12, 15, 16 do not",
            [states[n] for n in ("12", "13", "14", "15", "16")] ==
            ["stands", "runs", "runs", "stands", "stands"], states)
    caller = w.call(ODETTE, ABSENT)
    w.hears(caller, "nobody.unknown", 25)
    w.hears(caller, "cb.offer", 20)
    caller.hang_up()
    w.outcomes("turned_away")


@case(edit=closed_now)
def closed_house(w):
    """14: closed, when we open, and the other ways; never a bare hang-up."""
    caller = w.call(ODETTE, CLOSED)
    w.check("we say goodbye and let the caller go", caller.wait("ended", seconds=60))
    said = [s.id for s in caller.heard.said(world.prompts)]
    opening = [p for p in said if p in OPENINGS]
    w.check("when we open is said, once", len(opening) == 1, said)
    heard_in_order(w, caller, *opening, "closed.ways", "closed.urgent", "closed.bye")
    w.outcomes("out_of_hours")


@case(slow=True)
def line_dies(w):
    """15: the caller is told, is back at the head within 5 s, and another robot answers."""
    first, second = w.agent("r15"), w.agent("r15b", answers=False)
    caller = w.call(ODETTE, CUT)
    w.both_hear(caller, first, seconds=40)
    time.sleep(TALK_S)
    first.kill()
    died_at = time.time()
    w.hears(caller, "wait.agent_lost", from_at=died_at)
    second.pick_up()            # as people do: after a moment
    events = w.order("back to the head, then the next", ("contact_returned", {"why": "agent_lost"}),
                     "offer_made", "offer_joined")
    back_s = events.of("contact_returned")[0]["at"] / 1000 - died_at
    w.fact("back at the head after", back_s, "s")
    w.check(f"within {BACK_S} s", back_s <= BACK_S)
    w.both_hear(caller, second)
    caller.hang_up()
    w.outcomes("test")


@case(slow=True)
def never_picks_up(w):
    """16: the next agent, and the first one is paused with the reason."""
    w.agent("r16", answers=False)
    second = w.agent("r16b")
    caller = w.call(ODETTE, DEAF)
    w.order("the first does not answer, the second does", ("offer_ended", {"why": "no_answer"}),
            ("agent_paused", {"reason": "no_answer"}), "offer_made", "offer_joined", seconds=60)
    w.both_hear(caller, second)
    caller.hang_up()
    w.outcomes("test")


@case()
def echo(w):
    """99: one hears oneself 300 ms later; a key, and the losses and the unevenness are said."""
    caller = w.call(ODETTE, ECHO, tone=440)
    w.hears(caller, "echo.intro", 20)
    caller.press("1")                                   # who knows it does not wait for its end
    w.check("the caller hears itself", wait_until(
        lambda: sound.heard(caller.heard, 440, time.time() - 1) > 0.8, 10))
    caller.tone(600)
    began = time.time()
    w.check("what it says now comes back, too", wait_until(
        lambda: sound.heard(caller.heard, 600, time.time() - 0.2) > 0.5, 5, 0.02))
    w.fact("after", time.time() - began, "s")
    w.check("after 300 ms, and not long after", 0.28 < time.time() - began < 1.0)
    caller.press("5")
    w.hears(caller, "echo.loss")
    w.hears(caller, "echo.jitter")
    w.check("we say goodbye and let the caller go", caller.wait("ended", seconds=30))
    heard_in_order(w, caller, "echo.intro", "echo.loss", "percent.0.f", "echo.jitter", "closed.bye")
    w.outcomes("ivr_resolved")
