"""call_slots.py — cases of call.py: who calls while it is closed, or waits, and chooses the half
hour in which to be called (voice-script §4, §5)."""
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from call_back import BACK, both, far_line
from call_pending import does, listed, the_one
from cases import case
from world import HUMAN, ODETTE, closed_now, merged

CLOSED = "0536490014"       # situation 14: closed but for a quarter of an hour a week
HALF_HOUR_MS = 30 * 60 * 1000
PARIS = ZoneInfo("Europe/Paris")


def notes(w, caller):
    """From the pencil to « Vous pouvez raccrocher »."""
    w.hears(caller, "cb.note", 20)
    caller.press("1")
    w.hears(caller, "cb.ref")
    w.hears(caller, "cb.proof", 30)
    return w.hears(caller, "cb.done.from", 40)


def first_page(w, caller):
    w.hears(caller, "cb.number.ok", 20)
    caller.press("1")


def chooses_at_door(w):
    """Closed: the first half hour is chosen, and noted; the caller."""
    caller = w.call(ODETTE, CLOSED)
    w.hears(caller, "closed.callback", 20)
    caller.press("1")
    first_page(w, caller)
    w.hears(caller, "cb.slots", 20)
    caller.press("1")
    notes(w, caller)
    return caller


def at_its_time(w, from_at):
    """The wall clock goes on until then, for a process that begins."""
    w.service.kill9()
    w.wall.move(from_at - int(time.time() * 1000) + 2000)
    w.restart()


@case(slow=True, changes=BACK, wall=True, edit=closed_now)
def slot_of_a_closed_number(w):
    """Closed: a half hour is chosen, and nothing stands in the queue until it comes; then, after a
    death of the service, an agent calls under the reference that was told."""
    caller = chooses_at_door(w)
    sold = w.order("it was noted before", "slot_sold").of("slot_sold")[0]
    told = w.events().of("reference_told")[0]["reference"]
    w.check("under the reference that was told", sold["reference"] == told, sold)
    w.check("for half an hour", sold["until_at"] - sold["from_at"] == HALF_HOUR_MS, sold)
    caller.hang_up()
    w.outcomes("out_of_hours")
    w.order("and no contact is open", "slot_sold", "contact_settled")
    at_its_time(w, sold["from_at"])
    far = far_line(w)
    phone = w.agent(HUMAN)
    opened = w.order("it is a call of its own", "slot_sold", "call_arrived",
                     "callback_promised").of("contact_opened")[-1]
    w.check("with the same reference", opened["reference"] == told, opened)
    w.agent_hears(phone, "cb.whisper", 15)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    phone.press("1")
    both(w, far, phone)
    time.sleep(11)
    far.hang_up()
    w.outcomes("out_of_hours", "callback_honoured")


@case(slow=True, changes=BACK, wall=True, edit=closed_now)
def slot_past_midnight(w):
    """The same when the day ends between: what was not known of it is decided before its first call
    of the next."""
    now = datetime.now(PARIS)
    late = now.replace(hour=23, minute=40, second=0)
    late += timedelta(days=late < now)
    at_its_time(w, int(late.timestamp() * 1000))
    slot_of_a_closed_number(w)
    w.order("the day was closed first", "day_closed", ("call_arrived", {"channel": "callback"}),
            ("call_outcome", {"outcome": "callback_honoured"}))


@case(slow=True, changes=BACK, wall=True)
def slot_of_who_waits(w):
    """Nobody is there; « pour choisir l’heure, tapez 2 »: today, and the place is kept; the
    service dies before it is time."""
    caller = w.queued(ODETTE)
    w.hears(caller, "cb.offer", 30)
    caller.press("1")
    first_page(w, caller)
    w.hears(caller, "cb.when", 20)
    caller.press("2")
    w.hears(caller, "cb.slots", 20)
    caller.press("1")
    notes(w, caller)
    promised = w.order("promised", "callback_promised").of("callback_promised")[0]
    caller.hang_up()
    at_its_time(w, promised["not_before_at"])
    far = far_line(w)
    phone = w.agent(HUMAN)
    w.agent_hears(phone, "cb.whisper", 20)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    phone.press("1")
    both(w, far, phone)


@case(slow=True, changes=BACK, edit=closed_now)
def slot_is_given_back(w):
    """It is listed with the promises, and can be cancelled there: the half hour is free, and the
    person may choose another one."""
    for again in range(2):
        chooses_at_door(w).hang_up()
        reference = the_one(w, state="slot", number="+3353649xxxx")
        if again:
            return
        said = does(w, "a time is not put off", 1, "later", reference, "now")
        w.check("in words", "une heure choisie ne se change pas" in said, said)
        does(w, "it is cancelled", 0, "cancel", reference, "person")
        w.order("that is written down", "slot_sold", "slot_cancelled")
        w.check("nothing is left", not listed(w))


@case(changes=merged(BACK, {"callback": {"slots": 0}}), edit=closed_now)
def no_slots(w):
    """Where none are sold a closed number says nothing of them."""
    caller = w.call(ODETTE, CLOSED)
    w.hears(caller, "closed.bye", 40)
    w.check("nothing is offered", not [s for s in caller.heard.said(world_prompts())
                                       if s.id == "closed.callback"], lambda: w.heard_by(caller))


def world_prompts():
    import world                        # its prompts are read after this file
    return world.prompts
