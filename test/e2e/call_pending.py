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


@case(slow=True, changes=BACK)
def never_called_again(w):
    """Who asks so while a call is promised: cancelled, 0 INVITE, and no other is promised, by the
    reason; a crash and another start change nothing."""
    far = far_line(w)
    promised(w)
    the_one(w, state="waiting")
    done = w.service.run("never", "add", "05 36 49 12 34", "-c", w.service.settings_file)
    w.check("it is noted", done.returncode == 0 and "ne plus être appelé" in done.stdout,
            done.stdout + done.stderr)
    w.order("what was promised is cancelled", "callback_cancelled", "call_outcome", "never_listed")
    w.check("nothing is promised any more", listed(w) == [], listed(w))
    key = w.service.journal.with_name("journal.db.never-key")
    w.check("its key is for its owner alone", key.stat().st_mode & 0o777 == 0o600
            and key.stat().st_size == 32, oct(key.stat().st_mode))
    w.service.kill9()
    w.restart()
    said = w.service.run("never", "check", "+33536491234", "-c", w.service.settings_file).stdout
    w.check("it is known after a crash", "ne plus être appelé" in said, said)
    said = w.service.run("never", "check", "0536491235", "-c", w.service.settings_file).stdout
    w.check("another one is not", "peut être appelé" in said, said)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    caller.press("1")
    w.hears(caller, "cb.number.ok", 20)
    time.sleep(1)
    caller.press("1")
    w.hears(caller, "cb.number.refused")
    caller.hang_up()
    reason = w.service.run("never", "count", "--json", "-c", w.service.settings_file).stdout
    w.check("one is listed", json.loads(reason) == {"count": 1}, reason)
    promised(w, "0639981242")
    reference = the_one(w, state="waiting")
    said = does(w, "nor may another promise go there", 1, "number", reference, "0536491234")
    w.check("for that reason", "a demandé à ne plus être appelé" in said, said)
    w.check("nobody was dialled", not far.log, far.log)
    done = w.service.run("never", "remove", "0536491234", "-c", w.service.settings_file)
    w.check("it is taken off", done.returncode == 0 and "peut être appelé" in done.stdout,
            done.stdout + done.stderr)
    does(w, "then it may", 0, "number", reference, "0536491234")


@case(slow=True, changes=BACK)
def never_without_its_key(w):
    """The key is lost: nobody is called back by a machine, and that is told."""
    done = w.service.run("never", "add", "0536491299", "-c", w.service.settings_file)
    w.check("it is noted", done.returncode == 0, done.stdout + done.stderr)
    key = w.service.journal.with_name("journal.db.never-key")
    kept = key.read_bytes()
    copy = w.service.journal.with_name("copy.db")
    done = w.service.run("backup", w.service.journal, copy)
    w.check("a backup has the key beside it", done.returncode == 0 and kept ==
            copy.with_name("copy.db.never-key").read_bytes(), done.stdout + done.stderr)
    w.service.stop()
    key.unlink()
    w.restart()
    w.check("the log says so", "the key is lost" in w.service.said(), w.service.said()[-2000:])
    done = w.service.run("never", "add", "0536491298", "-c", w.service.settings_file)
    w.check("no number is added", done.returncode == 1 and "illisible" in done.stderr,
            done.stdout + done.stderr)
    w.check("no key is made in its place", not key.exists())
    done = w.service.run("doctor", "-c", w.service.settings_file)
    w.check("the doctor knows the cure", "clé de la liste" in done.stdout, done.stdout)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    caller.press("1")
    w.hears(caller, "cb.number.ok", 20)
    time.sleep(1)
    caller.press("1")
    w.hears(caller, "err.no_promise")
    caller.hang_up()
    w.service.stop()
    done = w.service.run("restore", copy, w.service.journal)
    w.check("the backup brings it back", done.returncode == 0 and key.read_bytes() == kept,
            done.stdout + done.stderr)
    w.restart()
    said = w.service.run("never", "check", "0536491299", "-c", w.service.settings_file).stdout
    w.check("with its key it is read again", "ne plus être appelé" in said, said)
