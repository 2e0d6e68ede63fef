"""call_ends.py — cases of call.py: the service is killed at any moment, or told to end."""
import signal
import time

import world
from cases import case
from robots import wait_until
from world import HUMAN, KARIM, ODETTE, PUBLIC, ROBOT


# ---- the machine dies ----------------------------------------------------------------------------
def killed(w, sentence, *outcomes, pending=0):
    w.service.kill9()
    w.service.forget_calls()
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


@case(alone=True)       # a busy machine may need ten seconds to start again: then it is an answer
def killed_in_talk(w):
    phone = w.agent(HUMAN)
    w.both_hear(w.queued(), phone)
    killed(w, "a talk cut short waits for its class", pending=1)


@case(slow=True)
def killed_after_a_real_talk(w):
    phone = w.agent(HUMAN)
    begun = w.both_hear(w.queued(), phone)
    time.sleep(max(0, begun + 11 - time.time()))
    killed(w, "ten seconds of talk were an answer", "answered")


@case()
def killed_in_talk_with_robot(w):
    phone = w.agent(ROBOT)
    w.both_hear(w.queued(), phone)
    killed(w, "a test stays a test", "test")


def without(folder, who):
    """The agent leaves the directory, and the secrets with it."""
    for name in ("directory.yaml", "secrets.yaml"):
        file = folder / name
        rows = file.read_text(encoding="utf-8").splitlines(True)
        file.write_text("".join(r for r in rows if f"id: {who}," not in r), encoding="utf-8")


@case()
def left_the_directory(w):
    """Who left while the service was down is signed out, and their telephone takes no calls."""
    phone = w.agent(HUMAN)
    w.service.kill9()
    without(w.service.home, HUMAN)
    w.restart()
    events = w.until(lambda e: e.of("agent_dropped"))
    w.check("who left is signed out and forgotten",
            events.has_in_order("agent_ready", "agent_signed_out", "agent_dropped"), events.text)
    w.call().press("2")
    time.sleep(3)
    w.check("their telephone does not ring", not phone.count("CALL_INCOMING"), phone.program.said)


@case()
def drains_cut_while_talking(w):
    """A second signal ends it at once: both telephones hear that the call is over."""
    phone = w.agent(ROBOT)
    caller = w.queued()
    w.both_hear(caller, phone)
    closed = phone.count("CALL_CLOSED")
    world.interrupt(w.service)
    time.sleep(0.5)
    w.check("who speaks may finish", w.service.is_alive() and caller.state == "talking")
    code = w.service.stop(signal.SIGTERM, 5)
    w.check("the second signal ends it", code == 0, lambda: f"exit {code}")
    w.check("the caller is let go", caller.wait("ended", seconds=3), lambda: caller.log[-3:])
    w.check("and so is the agent", phone.happened("CALL_CLOSED", closed + 1, 3))
    w.check("the journal is sound", not w.service.verify(), w.service.verify)


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
