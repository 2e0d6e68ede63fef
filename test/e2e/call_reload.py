"""call_reload.py — cases of call.py: the files of a running service are read again."""
import json
import signal
import time

from cases import case
from robots import wait_until
from world import FAMILY, HUMAN, ODETTE, PUBLIC, ROBOT

OTHER = "0536490018"


def change(w, name, *pairs):
    """Replaces words of a file of the demonstration."""
    path = w.service.home / name
    text = path.read_text(encoding="utf-8")
    for was, now in pairs:
        w.check(f"{name} has “{was[:40]}”", was in text)
        text = text.replace(was, now)
    path.write_text(text, encoding="utf-8")


def reload(w, *more):
    return w.service.run("reload", "-c", w.service.settings_file, *more)


def accepted(w):
    done = reload(w)
    w.check("the files are accepted", done.returncode == 0 and "en vigueur" in done.stdout,
            done.stdout + done.stderr)


@case()
def reload_keeps_calls(w):
    """Who is in the menu, waits or speaks goes on; who calls next meets the new files."""
    phone = w.agent(HUMAN)
    talking = w.queued(ODETTE)
    w.both_hear(talking, phone)
    waiting = w.queued("0536491301")
    menu = w.call("0536491302")
    change(w, "directory.yaml", ("05 36 49 00 10", "05 36 49 00 18"))
    change(w, "flows/accueil.yaml", ("2: famille", "2: impots"), ("4: impots", "4: famille"))
    accepted(w)
    w.check("nobody was let go", all(c.state == "talking" for c in (talking, waiting, menu)))
    w.both_hear(talking, phone)
    menu.press(FAMILY)
    w.hears(menu, "menu.chosen.famille")
    late = w.line("0536491303")
    late.invite(PUBLIC, w.service.sip)
    w.check("the old number is nobody's any more", late.wait("ended", seconds=3)
            and late.status == 404, lambda: late.log)
    new = w.call("0536491304", to=OTHER)
    time.sleep(0.5)
    new.press(FAMILY)
    w.hears(new, "menu.chosen.impots")
    talking.hang_up()
    w.order("who waited is answered", "offer_ended", "offer_joined", seconds=15)
    w.check("twins agree", not w.service.verify(), w.service.verify)


def at_rest(w):
    """How many events there are, once the start has told the whole directory."""
    counts = [-1]

    def is_still():
        counts.append(len(w.events()))
        return counts[-1] == counts[-2]
    wait_until(is_still, 10, 0.4)
    return counts[-1]


@case()
def reload_refused(w):
    """A wrong file changes nothing, and says what, where and the cure."""
    before = at_rest(w)
    change(w, "directory.yaml", ("skills: [sante, retraite]", "skills: [sante, retraitte]"))
    change(w, "flows/accueil.yaml", ("next: choix", "next: choi"))
    done = reload(w)
    w.check("it is refused", done.returncode == 1, done.stdout)
    w.check("with file, line and cure", "directory.yaml:" in done.stderr
            and "retraite" in done.stderr and "rien n’a changé" in done.stderr, done.stderr)
    change(w, "directory.yaml", ("skills: [sante, retraitte]", "skills: [sante, retraite]"))
    told = json.loads(reload(w, "--json").stdout)
    w.check("programs are told the same", told["accepted"] is False
            and told["errors"][0]["file"].endswith("accueil.yaml")
            and told["errors"][0]["line"] > 0, told)
    w.service.program.process.send_signal(signal.SIGHUP)
    w.check("a signal tells the log", w.service.program.line_with('part=reload msg="refused', 5))
    w.check("the journal has nothing of it", len(w.events()) == before)
    w.call()


def without_family(w, agent, other):
    """The queue of family leaves, and an agent becomes another one."""
    change(w, "directory.yaml", ("  - { id: famille,", "  - { id: logement,"),
           ("skills: [famille, accueil, lang:ar]", "skills: [accueil, lang:ar]"),
           ("skills: [accueil, famille, identite, lang:en]", "skills: [accueil, lang:en]"),
           ("retraite, famille, identite, route", "retraite, identite, route"),
           (f"  - {{ id: {agent},", f"  - {{ id: {other},"))
    change(w, "flows/accueil.yaml", ("queue: famille,  say: [menu.chosen.famille]",
                                     "queue: logement, say: [menu.chosen.famille]"))
    change(w, "secrets.yaml", (f"id: {agent},", f"id: {other},"))
    accepted(w)


@case()
def reload_departures(w):
    """A queue and an agent leave the directory: nobody who waits or speaks is dropped."""
    human = w.agent(HUMAN)
    talking = w.queued(ODETTE)
    w.both_hear(talking, human)
    waiting = w.queued("0536491301")
    without_family(w, "a03", "a33")
    w.order("the agent who left is forgotten", "agent_dropped")
    time.sleep(2)
    w.check("nobody is let go", waiting.state == "talking" == talking.state)
    w.check("the queue is still there", not w.events().of("queue_dropped"))
    talking.hang_up()
    w.order("who waited is answered by who served that queue", "offer_ended", "offer_joined",
            seconds=15)
    w.both_hear(waiting, human)
    waiting.hang_up()
    w.order("then the queue goes", "queue_dropped", seconds=15)
    w.outcomes("answered", "answered")


@case(changes={"queue": {"regain": "1s"}})
def reload_empties_a_queue(w):
    """The queue leaves, and everybody who served it too: who waits is told, and let go."""
    w.agent(ROBOT, ready=False)
    waiting = w.queued(ODETTE)
    without_family(w, "r01", "r02")
    w.hears(waiting, "wait.closing.cannot", 15)
    w.check("the caller is let go", waiting.wait("ended", seconds=30))
    w.order("and the queue goes when no place is kept in it", "queue_dropped", seconds=10)
    w.outcomes("cut_off")


@case()
def reload_secrets(w):
    """Another password: the telephone that was signed in with the old one is not rung any more."""
    phone = w.agent(HUMAN)
    w.check("ready", w.events().of("agent_ready"))
    change(w, "secrets.yaml", (phone.who.secret, "another-secret-of-the-line"))
    accepted(w)
    w.order("the agent is paused", ("agent_paused", {"reason": "line_lost"}))
    caller = w.queued()
    w.hears(caller, "queue.enter.kept.10", 15)
    w.check("and not rung", not w.events().of("offer_made"))
    caller.hang_up()


def calm(w, seconds=30):
    """Until the service has read its voices again and rests."""
    end, before = time.monotonic() + seconds, -1.0
    while w.service.cpu_s() - before > 0.05 and time.monotonic() < end:
        before = w.service.cpu_s()
        time.sleep(0.5)


@case()
def reload_again_and_again(w):
    """Signals one upon the other, while pages are asked for: the last files are in force, and what
    is shown is of files that are still there."""
    process = w.service.program.process
    talking = w.call()
    for i in range(24):
        process.send_signal(signal.SIGHUP)
        time.sleep(0.03)
        if i % 6 == 0:
            shown = w.service.run("status", "-c", w.service.settings_file)
            w.check("pages answer meanwhile", shown.returncode == 0, shown.stdout + shown.stderr)
    accepted(w)
    w.check("the service is there", process.poll() is None, w.service.program.process)
    w.check("nobody was let go", talking.state == "talking")
    talking.press(FAMILY)
    w.hears(talking, "menu.chosen.famille")
    calm(w)
    w.call()
    w.check("twins agree", not w.service.verify(), w.service.verify)
