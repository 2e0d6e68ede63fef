"""call_back.py — cases of call.py: callers who are called back. They wait, press 1, hear the
number, the reference and the proof; an agent hears whom, is on the line while it rings, and says
who answered."""
import time

import sound
from call_ordinary import with_operator
from cases import case
from robots import wait_until
from world import CALLS_BACK, HUMAN, ODETTE, PUBLIC, merged

# At any hour of the day, as the demonstration; the second attempt comes soon.
BACK = merged(CALLS_BACK, {"callback": {"gap": "1min", "ring": "15s"}})
# voice-script §14, flow B: 80 s with the hand of a person on the keys.
FLOW_B_S = 85.0


def far_line(w, number=ODETTE, **how):
    """The telephone of who is called, behind our only operator."""
    far = w.line(number, **how)
    with_operator(w.service.home, far.port)
    done = w.service.run("reload", "-c", w.service.settings_file)
    w.check("the files are accepted", done.returncode == 0, done.stdout + done.stderr)
    return far


def arranges(w, caller, number="1"):
    """From key 1 to « Vous pouvez raccrocher. »; a person presses each key a second late."""
    began = time.time()
    caller.press("1")
    w.hears(caller, "cb.number" if number == "1" else "cb.number.hidden")
    if number == "1":
        w.hears(caller, "cb.number.ok", 20)
    time.sleep(1)
    caller.press(number)
    w.hears(caller, "cb.when", 20)
    time.sleep(1)
    caller.press("1")
    w.hears(caller, "cb.note", 20)
    time.sleep(1)
    caller.press("1")
    w.hears(caller, "cb.ref")
    w.hears(caller, "cb.proof", 30)
    found = w.hears(caller, "cb.done.from", 40)
    w.order("it was promised before", "callback_promised")
    return began, found


def promised(w, number=ODETTE):
    """Waits with nobody there, is promised a call, hangs up."""
    caller = w.queued(number)
    w.hears(caller, "nobody.unknown", 20)
    arranges(w, caller)
    caller.hang_up()
    w.order("the call ends, its class is not known yet", "callback_promised", "call_ended",
            "call_pending")
    return caller


def both(w, far, phone):
    w.check("they hear each other", wait_until(
        lambda: sound.heard(far.heard, 1000, time.time() - 1) > 0.8 and phone.hears(440, 1), 10),
        lambda: w.heard_by(far))


@case(slow=True, changes=BACK)
def called_back(w):
    """Flow B, then the call: told whom before the dial, our number shown, a human speaks first."""
    far = far_line(w)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    w.hears(caller, "cb.offer", 20)
    began, found = arranges(w, caller)
    told_s = time.time() - began + (found.of - found.last) * 0.02
    w.fact("flow B, from the first key", told_s, "s")
    w.check(f"it takes {FLOW_B_S:.0f} s at most", told_s <= FLOW_B_S, told_s)
    w.check("we hang up when they do not", caller.wait("ended", seconds=25))
    phone = w.agent(HUMAN)
    w.order("an agent is kept", "callback_due", "offer_made")
    w.agent_hears(phone, "cb.whisper", 10)
    w.check("it rings there", far.wait("talking", seconds=15), lambda: far.log)
    w.order("the attempt was noted first", "offer_made", "offer_advanced")
    invite = far.log[0][2]
    w.check("by the number, showing the one that was called",
            "INVITE sip:+33536491234@" in invite and "<sip:+33536490010@" in invite, invite)
    both(w, far, phone)
    w.check("it is not spoken yet", not w.events().of("offer_joined"))
    w.check("no word of ours is said to them", not far.heard.said(world_prompts()),
            lambda: w.heard_by(far))
    phone.press("1")
    w.order("a key says that it is", "offer_joined")
    both(w, far, phone)
    time.sleep(2)
    far.hang_up()
    w.order("it is honoured", "offer_joined", "call_outcome", "contact_settled")
    w.outcomes("callback_honoured")


def world_prompts():
    import world                        # its prompts are read after this file
    return world.prompts


@case(slow=True, changes=BACK)
def called_back_twice(w):
    """A machine is no answer: again after the gap, and the agent hears which attempt it is."""
    far = far_line(w)
    promised(w)
    phone = w.agent(HUMAN)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    both(w, far, phone)
    phone.press("2")
    w.order("a machine", "callback_tried")
    w.check("both are let go", far.wait("ended", seconds=5))
    again = w.line(ODETTE)
    with_operator_again(w, again, far)
    events = w.until(lambda e: len(e.of("offer_made")) == 2, 75)
    gap = events.of("offer_made")[1]["at"] - events.of("callback_tried")[0]["at"]
    w.check("a minute later", 60000 <= gap < 66000, gap)
    w.agent_hears(phone, "cb.try.2", 10)
    w.check("it rings once more", again.wait("talking", seconds=15), lambda: again.log)
    phone.press("1")
    both(w, again, phone)
    time.sleep(11)
    phone.hang_up()
    w.check("they are let go", again.wait("ended", seconds=5))
    w.outcomes("callback_honoured")


def with_operator_again(w, line, before):
    path = w.service.home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"127.0.0.1:{before.port}", f"127.0.0.1:{line.port}"),
                    encoding="utf-8")
    done = w.service.run("reload", "-c", w.service.settings_file)
    w.check("the files are accepted", done.returncode == 0, done.stdout + done.stderr)


@case(slow=True, changes=BACK)
def callback_survives_kill_9(w):
    """The promise, its number and its place are there after a crash, and it is called once."""
    far = far_line(w)
    promised(w)
    w.service.kill9()
    w.restart()
    phone = w.agent(HUMAN)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    phone.press("1")
    both(w, far, phone)
    far.hang_up()
    w.outcomes("callback_honoured")
    w.check("one call", sum("INVITE" in text.splitlines()[0] for _, way, text in far.log
                            if way == "<") == 1, far.log)


@case(slow=True, changes=BACK)
def cut_off_and_called_back(w):
    """Who waited over TCP when we died, and does not come back, is called by the house itself."""
    far = far_line(w)
    caller = w.call(ODETTE, tcp=True)
    time.sleep(0.5)
    caller.press("2")
    w.until(lambda e: e.of("contact_queued"), 15)
    w.service.kill9()
    caller.__exit__(None, None, None)
    w.people.remove(caller)
    w.restart()
    events = w.until(lambda e: e.of("callback_promised"), 90)
    w.check("the house promises it", [e["by_house"] for e in events.of("callback_promised")] ==
            [True], lambda: events.text()[-3000:])
    phone = w.agent(HUMAN)
    w.check("it rings there", far.wait("talking", seconds=80), lambda: far.log)
    phone.press("1")
    both(w, far, phone)
    far.hang_up()
    w.order("it is honoured", "callback_promised", "offer_joined", "contact_settled")


@case(slow=True, changes=BACK)
def no_callback_to_bad_numbers(w):
    """Premium, short, satellite, too few digits: refused in words; nobody is dialled."""
    far = far_line(w)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    caller.press("1")
    w.hears(caller, "cb.number")
    caller.press("2")
    w.hears(caller, "cb.number.enter", 20)
    caller.press("0899123456")
    w.hears(caller, "cb.number.refused")
    time.sleep(1)
    caller.press("0088216#")
    w.hears(caller, "cb.number.count")
    time.sleep(1)
    caller.press("0033899123456#")
    w.hears(caller, "cb.number.stuck")
    caller.hang_up()
    w.check("nobody is dialled", not far.log, far.log)
    w.check("nothing is promised", not w.events().of("callback_promised"))
    w.outcomes("turned_away")


@case(slow=True, changes=BACK)
def hidden_number_is_keyed_in(w):
    """Who withholds the number keys one in, and is called there."""
    far = far_line(w, "0639981242")
    caller = w.line("anonymous")
    caller.invite(PUBLIC, w.service.sip)
    w.check("the call is answered", caller.wait("talking", seconds=3))
    time.sleep(0.5)
    caller.press("2")
    w.hears(caller, "nobody.unknown", 30)
    arranges(w, caller, number="0639981242")
    caller.hang_up()
    phone = w.agent(HUMAN)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    w.check("by that number", "INVITE sip:+33639981242@" in far.log[0][2], far.log[0][2])
    phone.press("1")
    both(w, far, phone)
    far.hang_up()
    w.outcomes("callback_honoured")
