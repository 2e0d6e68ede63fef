"""call_again.py — cases of call.py: callers whose call was lost and who call again. The place is
given back at once, or asked about by a key, or not theirs to take; who takes it back is called no
more."""
import time

from call_back import BACK, far_line, promised, world_prompts
from cases import case
from world import FAMILY, HUMAN, KARIM, ODETTE

SHORT_S = 3.2                   # who hangs up before is counted apart
SELAM, CCAS = "0639981241", "0536490060"


def drops(w, number, *said):
    """Waits until this was heard, and the line is lost. The contact."""
    caller = w.queued(number)
    for prompt in said:
        w.hears(caller, prompt, 20)
    time.sleep(SHORT_S)
    contact_id = w.events().of("contact_queued")[-1]["contact_id"]
    ended_n = len(w.events().of("call_ended"))
    caller.hang_up()
    w.until(lambda e: len(e.of("call_ended")) > ended_n, 5)
    return contact_id


def is_contact(w, sentence, contact_id, is_it=True):
    found = w.events().of("contact_queued")[-1]["contact_id"]
    w.check(sentence, (found == contact_id) == is_it, (found, contact_id))


def answered(w, caller, phone):
    w.both_hear(caller, phone)
    time.sleep(1)
    caller.hang_up()


@case(slow=True)
def selam_calls_again(w):
    """Cut, calls again: the place before who came meanwhile, one contact, two calls."""
    phone = w.agent(HUMAN, ready=False)
    kept = drops(w, SELAM, "queue.enter.kept.10", "wait.before.0")
    meanwhile = w.queued(KARIM)
    w.hears(meanwhile, "queue.enter.kept.10", 20)
    again = w.queued(SELAM)
    w.hears(again, "wait.regained", 20)
    events = w.order("one contact", "contact_dropped", "call_rejoins", "contact_settled",
                     "place_regained", "contact_queued")
    is_contact(w, "the same", kept)
    w.check("with the place of the first call", events.of("contact_queued")[-1]["key_at"] ==
            events.of("contact_opened")[0]["place_at"])
    again.press("3")
    w.hears(again, "wait.ref", 20)
    events = w.order("and its reference", "reference_told")
    w.check("of the first call", events.of("reference_told")[0]["reference"] ==
            events.of("contact_opened")[0]["reference"])
    w.ready(phone)
    answered(w, again, phone)
    meanwhile.hang_up()
    w.outcomes("abandoned", "abandoned", "answered")


@case(slow=True)
def several_drops_are_asked(w):
    """Two lost calls of one number: by a key, in words that promise no call."""
    w.agent(HUMAN, ready=False)
    one, two = w.queued(SELAM), w.queued(SELAM)
    newest = w.events().of("contact_queued")[-1]["contact_id"]
    one.hang_up()
    two.hang_up()
    w.until(lambda e: len(e.of("contact_dropped")) == 2, 5)
    again = w.call(SELAM)
    time.sleep(0.5)
    again.press(FAMILY)
    w.hears(again, "cb.again", 20)
    w.check("nobody waits before the key", len(w.events().of("contact_queued")) == 2)
    again.press("1")
    w.hears(again, "wait.regained", 20)
    is_contact(w, "the newest", newest)
    again.hang_up()
    w.until(lambda e: len(e.of("contact_dropped")) == 3, 5)


@case(slow=True)
def shared_line_is_never_asked(w):
    """The CCAS of Valsombre: two people within ten minutes are two contacts."""
    w.agent(HUMAN, ready=False)
    first = drops(w, CCAS, "queue.enter", "wait.before.0")
    second = w.queued(CCAS)
    w.hears(second, "queue.enter", 20)
    w.hears(second, "wait.before.0", 20)
    w.check("and nothing of a place kept", not any(
        "kept" in s.id for s in second.heard.said(world_prompts())), lambda: w.heard_by(second))
    time.sleep(SHORT_S)
    is_contact(w, "two contacts", first, is_it=False)
    w.check("nothing is taken back", not w.events().of("place_regained"))
    second.hang_up()
    w.outcomes("abandoned", "abandoned")


@case(slow=True)
def withheld_number_regains_nothing(w):
    """Nobody knows who it was."""
    w.agent(HUMAN, ready=False)
    first = drops(w, "anonymous", "queue.enter")
    second = w.queued("anonymous")
    w.hears(second, "queue.enter", 20)
    time.sleep(SHORT_S)
    is_contact(w, "two contacts", first, is_it=False)
    second.hang_up()
    w.check("no place is kept", not w.events().of("contact_dropped"))
    w.outcomes("abandoned", "abandoned")


@case(slow=True, changes=BACK)
def promised_and_calls_again(w):
    """A call is promised: asked, waits on the line with the old place, answered, never called."""
    far = far_line(w)
    promised(w)
    kept = w.events().of("callback_promised")[0]["contact_id"]
    again = w.call(ODETTE)
    time.sleep(0.5)
    again.press(FAMILY)
    w.hears(again, "cb.exists", 20)
    again.press("1")
    w.hears(again, "wait.regained", 20)
    is_contact(w, "the same contact", kept)
    w.order("the promise is taken back", "callback_cancelled", "place_regained")
    phone = w.agent(HUMAN)
    answered(w, again, phone)
    w.ready(phone)
    time.sleep(8)
    w.check("nobody is dialled", not far.log, far.log)
    w.outcomes("turned_away", "answered")


@case(slow=True, changes=BACK)
def cut_off_and_calls_again(w):
    """Over TCP when we died: promised a call by the house; who calls before it hears that we are
    sorry, has the place back, and is not called a second time."""
    far = far_line(w)
    caller = w.call(ODETTE, tcp=True)
    time.sleep(0.5)
    caller.press("2")
    kept = w.until(lambda e: e.of("contact_queued"), 15).of("contact_queued")[0]["contact_id"]
    w.service.kill9()
    caller.__exit__(None, None, None)
    w.people.remove(caller)
    w.restart()
    events = w.until(lambda e: e.of("callback_promised"), 90)
    w.check("the house promises it", [e["by_house"] for e in events.of("callback_promised")] ==
            [True], lambda: events.text()[-3000:])
    again = w.queued(ODETTE)
    w.hears(again, "wait.regained.ours", 20)
    is_contact(w, "the same contact", kept)
    phone = w.agent(HUMAN)
    answered(w, again, phone)
    w.ready(phone)
    time.sleep(8)
    w.check("nobody is dialled", not far.log, far.log)
    events = w.events()
    w.check("two calls, two classes", len(events.of("call_outcome")) == 2, events.outcomes())
    w.check("the last one answered", events.outcomes()[-1] == "answered", events.outcomes())


@case(slow=True, changes=BACK)
def drop_survives_kill_9(w):
    """Lost before the crash, called after it: the journal has the place, the store the person."""
    w.agent(HUMAN, ready=False)
    kept = drops(w, SELAM, "queue.enter.kept.10")
    w.service.kill9()
    w.restart()
    again = w.queued(SELAM)
    w.hears(again, "wait.regained", 20)
    is_contact(w, "the same contact", kept)
    again.hang_up()
