"""call_survive.py — cases of call.py: calls that go on when the service is restarted, upgraded or
killed: who waits, who speaks, who is rung; and what cannot go on keeps its place."""
import os
import signal
import time
from pathlib import Path

import sipp
import sound
from cases import case
from robots import wait_until
from sipp import Sipp
from world import FAMILY, HUMAN, KARIM, ODETTE, PUBLIC, ROBOT

ROSE = "0536491207"
# From the last packet that a caller heard to the first of the next process.
SILENCE_S = 6.0 if "DECROCHE_SANITIZED" in os.environ else 1.0


def hand_over(w):
    """As `systemctl restart` does it: the one leaves, the next one starts."""
    w.service.stop(signal.SIGUSR2, 10)
    return w.restart()


def die(w):
    w.service.kill9()
    return w.restart()


def silence(caller, since):
    """The longest time without a packet since then."""
    at = [p.at for p in caller.heard.packets if p.at >= since]
    at = [since, *at, time.time()]
    return max(b - a for a, b in zip(at, at[1:]))


def went_on(w, caller, since):
    w.check("no BYE has come", caller.state == "talking", lambda: caller.log[-3:])
    took = silence(caller, since)
    w.fact("silence", took, "s")
    w.check(f"silence of at most {SILENCE_S:.0f} s", took <= SILENCE_S, f"{took:.2f} s")


def goes_on(w, restart):
    phone = w.agent(ROBOT)
    first = w.queued(ODETTE)
    w.both_hear(first, phone)
    second = w.queued(KARIM, tone=620)
    third = w.call(ROSE)
    w.hears(third, "menu.main")
    time.sleep(0.5)
    began = time.time()
    restart(w)
    again = time.time()
    time.sleep(1.5)
    for caller in (first, second, third):
        went_on(w, caller, began)
    w.both_hear(first, phone)
    w.hears(third, "menu.main", from_at=again)
    third.press(FAMILY)
    w.until(lambda e: len(e.of("contact_queued")) >= 3)
    w.check("no call has ended", not w.events().of("call_ended"), lambda: w.events().text()[-3000:])
    first.hang_up()
    w.order("the one who waited is next", "call_ended", "agent_ready", "offer_made", seconds=40)
    made = w.events().of("offer_made")[-1]["contact_id"]
    w.check("by the place", made == w.events().of("contact_opened")[1]["id"])
    w.both_hear(second, phone, caller_hz=620)
    second.hang_up()
    third.hang_up()
    w.outcomes("test", "test", "abandoned")


@case(slow=True)
def restart_goes_on(w):
    goes_on(w, hand_over)


@case(slow=True)
def killed_goes_on(w):
    goes_on(w, die)
