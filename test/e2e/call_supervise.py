"""call_supervise.py — cases of call.py: a queue that a person closes and opens, an agent who is
moved, what came of a conversation, help, and somebody who was never reached; by the command line,
over reloads and deaths."""
import json
import time
from pathlib import Path

from call_back import BACK, far_line
from cases import case
from robots import wait_until
from world import FAMILY, HUMAN, ODETTE, merged

QUEUE = "famille"


def does(w, sentence, *words, code=0):
    done = w.service.run(*words, "-c", w.service.settings_file)
    w.check(sentence, done.returncode == code, done.stdout + done.stderr)
    return done.stdout + done.stderr


def queue_now(w):
    done = w.service.run("queue", QUEUE, "open", "--json", "-c", w.service.settings_file)
    return next(q for q in json.loads(done.stdout)["queues"] if q["id"] == QUEUE)


def agents_now(w, agent, *words):
    done = w.service.run("agent", agent, *words, "--json", "-c", w.service.settings_file)
    w.check(f"agent {' '.join(words)}", done.returncode == 0, done.stdout + done.stderr)
    return next(a for a in json.loads(done.stdout)["agents"] if a["id"] == agent)


def refused(w, n):
    """One more caller hears that we are closed, and is turned away."""
    caller = w.call(ODETTE)
    time.sleep(0.5)
    caller.press(FAMILY)
    w.hears(caller, "closed.exceptional", 20)
    caller.hang_up()
    events = w.until(lambda e: len(e.of("call_outcome")) == n)
    w.check("it counts as turned away", events.outcomes() == ["turned_away"] * n,
            events.outcomes())


@case(slow=True)
def queue_is_closed_by_hand(w):
    """Over its published hours: a reading of the files and a death do not open it."""
    said = does(w, "it is closed", "queue", QUEUE, "close")
    w.check("its page says how refusals count", "turned_away" in said, said)
    refused(w, 1)
    does(w, "the files are read again", "reload")
    refused(w, 2)
    w.service.kill9()
    w.restart()
    refused(w, 3)
    does(w, "it is opened", "queue", QUEUE, "open")
    w.check("and is open", queue_now(w)["open"])
    caller = w.queued(ODETTE)
    does(w, "closed while somebody waits", "queue", QUEUE, "close")
    w.order("they are told, and stay", "queue_shut", "contact_told")
    w.check("nobody is let go", caller.state == "talking", caller.log[-3:])
    caller.hang_up()
    does(w, "an unknown service", "queue", "fammille", "close", code=1)
    does(w, "an hour that is none", "queue", QUEUE, "close", "25:00", code=1)


@case(slow=True, changes={"queue": {"wrap_up": "1min"}})
def agent_is_moved_and_concludes(w):
    """Moved away: nobody of the queue rings; back: they do. What came of it: in the wrap-up."""
    phone = w.agent(HUMAN)
    agent = HUMAN
    moved = agents_now(w, agent, "move", "sante")
    w.check("serves that queue alone", [q["id"] for q in moved["queues"]] == ["sante"], moved)
    w.check("until an instant", moved["moved_until_at"] > 0, moved)
    does(w, "the files are read again", "reload")
    caller = w.queued(ODETTE)
    does(w, "nothing to conclude yet", "agent", agent, "outcome", "answered", code=1)
    offered = wait_until(lambda: w.events().of("offer_made"), 3)
    w.check("nobody rings there", not offered, offered)
    back = agents_now(w, agent, "move-back")
    w.check("serves those of the directory", len(back["queues"]) > 1 or
            back["queues"][0]["id"] != "sante", back)
    w.order("is offered the caller, and they speak", "agent_moved_back", "offer_made",
            "offer_joined")
    said = agents_now(w, agent, "outcome", "to_call_back")
    w.check("it stands", said["conclusion"] == "to_call_back", said)
    caller.hang_up()
    w.order("the wrap-up begins", "offer_ended", "agent_wrap_up")
    said = agents_now(w, agent, "outcome", "answered")
    w.check("the last one stands", said["conclusion"] == "answered", said)
    day = queue_now(w)["today"]["conclusions"]
    w.check("it is counted once", day["answered"] == 1 and day["to_call_back"] == 0, day)
    does(w, "a word that is none", "agent", agent, "outcome", "happy", code=1)


@case(slow=True)
def help_is_asked_for(w):
    """Shown, survives a death, ended by hand."""
    does(w, "help is asked for", "queue", QUEUE, "help", "montaubry", "15")
    w.service.kill9()
    w.restart()
    asked = queue_now(w)["help"]
    w.check("for that site, after the death too", [h["site"] for h in asked] == ["montaubry"],
            asked)
    does(w, "it is ended", "queue", QUEUE, "end-help", "montaubry")
    w.check("and gone", not queue_now(w)["help"])
    w.order("by hand", "help_asked", "help_ended")


@case(slow=True, changes=merged(BACK, {"queue": {"regain": "20s"}}))
def unreached_is_called_back(w):
    """Waits in vain, stands on the list, is promised a call by one word, and is called."""
    far = far_line(w)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    caller.hang_up()
    w.until(lambda e: e.of("call_outcome"))
    listed = json.loads(does(w, "there is a list", "unreached", "list", "--json"))
    w.check("one person", [u["calls"] for u in listed["unreached"]] == [1], listed)
    one = listed["unreached"][0]
    w.check("masked", one["number"] == "+3353649xxxx", one)
    said = does(w, "their place is kept still", "unreached", "callback", one["reference"], code=1)
    w.check("it says so", "place est encore gardée" in said, said)
    w.until(lambda e: e.of("contact_settled"), 40)
    does(w, "one word", "unreached", "callback", one["reference"])
    w.order("it is promised", "contact_settled", "callback_promised")
    listed = json.loads(does(w, "the list", "unreached", "list", "--json"))
    w.check("and says so", listed["unreached"][0]["promised"], listed)
    does(w, "once is enough", "unreached", "callback", one["reference"], code=1)
    phone = w.agent(HUMAN)
    w.agent_hears(phone, "cb.whisper", 10)
    w.check("their telephone rings", wait_until(lambda: far.log, 20), phone.program.said)
    phone.hang_up()


SPOKEN_S = 3.0          # what the synthesis of this case says lasts longer, whatever it is given


def spoken_as(prompt):
    wav = Path(__file__).resolve().parents[2] / "prompts/fr" / f"{prompt}.wav"
    return {"voice": {"speech_command": f"cat {wav}"}}


def before_menu(w, caller):
    """Seconds between the end of the greeting and the menu; its level is another than the file's,
    so that it is known by the time that it takes."""
    menu = w.hears(caller, "menu.main", 25)
    return menu.at - w.hears(caller, "greet.english", 1).to


@case(slow=True, changes=spoken_as("closed.urgent"))
def message_of_the_day(w):
    """Heard behind the greeting, before the menu, after a death too, and no longer at its end."""
    def shown():
        return does(w, "shown", "message", "show")
    said = does(w, "it is set", "message", "set", "Le site est en panne.\nMerci.", "23:59")
    w.check("it is shown", "Le site est en panne. Merci." in said, said)
    for life in ("", "after a death"):
        if life:
            w.service.kill9()
            w.restart()
        w.check("it is heard",
                wait_until(lambda: "entendu par qui appelle" in shown(), 15, 0.3))
        caller = w.call(ODETTE)
        took = before_menu(w, caller)
        w.check(f"behind the greeting, before the menu {life}", took > SPOKEN_S, took)
        caller.hang_up()
    for words, why in (("x" * 201, "200\u00a0lettres"), (" ", "pas de texte")):
        said = does(w, "refused", "message", "set", words, code=1)
        w.check("and why", why in said, said)
    said = does(w, "an hour that is over", "message", "set", "Trop tard.", "00:00", code=1)
    w.check("says so", "heure est passée" in said, said)
    w.check("the one before stands", "Le site est en panne." in shown())
    does(w, "it is ended", "message", "end")
    w.check("and not shown", "aucun message" in shown())
    time.sleep(1.5)
    caller = w.call(ODETTE)
    w.check("nothing is said any more", before_menu(w, caller) < 1)
    caller.hang_up()
