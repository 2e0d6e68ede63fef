"""call_pending.py — cases of call.py: promises to call back that somebody changes or takes back, by
the interface or the command line, before they are kept."""
import json
import time

from call_back import BACK, both, far_line, promised
from cases import case
from robots import wait_until
from world import HUMAN, ODETTE

OTHER = "0536491299"


def ask(w, *words):
    return w.service.run("callbacks", *words, "-c", w.service.settings_file)


def listed(w):
    return json.loads(ask(w, "list", "--json").stdout)["callbacks"]


def the_one(w, **fields):
    """The one promise that stands, once its fields are these; its reference."""
    found = wait_until(lambda: [c for c in listed(w) if all(c[k] == v for k, v in fields.items())],
                       10)
    w.check(f"it is listed: {fields}", found and len(found) == 1, lambda: ask(w, "list").stdout)
    return found[0]["reference"]


def does(w, sentence, code, *words):
    done = ask(w, *words)
    w.check(sentence, done.returncode == code, done.stdout + done.stderr)
    return done.stdout + done.stderr


@case(slow=True, changes=BACK)
def callback_is_cancelled(w):
    """Listed, masked; taken back while it waits: nobody is dialled."""
    far = far_line(w)
    w.check("nothing is promised yet", "aucun rappel promis" in ask(w).stdout, ask(w).stdout)
    promised(w)
    reference = the_one(w, state="waiting", kind="asked", number="+3353649xxxx", attempts=0)
    w.check("one at a time it is shown whole", "+33536491234" in ask(w, "show", reference).stdout,
            ask(w, "show", reference).stdout)
    said = does(w, "it is cancelled", 0, "cancel", reference, "person")
    w.check("in words", "annulé" in said, said)
    w.order("it is over", "callback_cancelled", "call_outcome", "contact_settled")
    w.outcomes("abandoned")
    said = does(w, "nothing is left", 1, "cancel", reference)
    w.check("in words too", "aucun rappel promis" in said, said)
    phone = w.agent(HUMAN)
    caller = w.queued(ODETTE)
    caller.hang_up()
    time.sleep(2)
    w.check("nobody is dialled", not far.log, far.log)
    phone.hang_up()


@case(slow=True, changes=BACK)
def callback_is_put_off_and_brought_back(w):
    """Not before a later time, though an agent is free; then as soon as it is its turn."""
    far = far_line(w)
    promised(w)
    reference = the_one(w, state="waiting")
    soon = str(int((time.time() + 3600) * 1000))
    does(w, "it is put off", 0, "later", reference, soon)
    the_one(w, state="later", not_before_at=int(soon))
    phone = w.agent(HUMAN)
    time.sleep(3)
    w.check("nobody is called yet", not far.log and not w.events().of("offer_made"), far.log)
    does(w, "a time that is over is refused", 1, "later", reference, "1000000000000")
    does(w, "so is what is no time", 1, "later", reference, "25:00")
    does(w, "it is brought back", 0, "later", reference, "now")
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    said = does(w, "what is being called is not changed", 1, "later", reference, soon)
    w.check("in words", "appelé en ce moment" in said, said)
    does(w, "nor cancelled", 1, "cancel", reference)
    phone.press("1")
    both(w, far, phone)
    far.hang_up()
    w.outcomes("callback_honoured")


@case(slow=True, changes=BACK)
def callback_goes_to_another_number(w):
    """As the gate allows; the new number is on the disk before it is said to be."""
    far = far_line(w, OTHER)
    promised(w)
    reference = the_one(w, state="waiting")
    for number, why in (("0899123456", "surtaxé"), ("3646", "court"), ("05", "téléphone")):
        said = does(w, f"{number} is refused", 1, "number", reference, number)
        w.check("in words", why in said, said)
    does(w, "another one is taken", 0, "number", reference, "+33 5 36 49 12 99")
    w.order("the journal tells that, and no number", "callback_renumbered")
    the_one(w, number="+3353649xxxx", state="waiting")
    w.service.kill9()
    w.restart()
    phone = w.agent(HUMAN)
    w.check("it rings there, after a crash too", far.wait("talking", seconds=20), lambda: far.log)
    w.check("by that number", "INVITE sip:+33536491299@" in far.log[0][2], far.log[0][2])
    phone.press("1")
    both(w, far, phone)
    far.hang_up()
    w.outcomes("callback_honoured")
