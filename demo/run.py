#!/usr/bin/env python3
"""run.py — what `./dev run` shows: the service on the demonstration directory, one real call placed
and answered by telephones that we did not write (baresip), its sound checked in both directions,
its story told from the journal, and how to call oneself; 30 simulated days beside, and what the
service says of itself. The service stays up.

  run.py DECROCHE [--settings FILE] [--once]     starts the service; --once: ends it after the call
  run.py DECROCHE --sip PORT --journal FILE …    the service is already up
"""
import argparse
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "test" / "e2e"))

import sound                                                        # noqa: E402
from robots import Phone, Program, wait_until                       # noqa: E402
from service import HTTP, READY, read_settings                      # noqa: E402

CALLER, PUBLIC, KEY, CHOICE = "0536491234", "0536490010", "2", "Famille, logement, aides"
ENTRY, ROBOT = "accueil", "r01"
PROFILE, SEED = HERE.parent / "sim/profiles/haute-lisiere.yaml", "20261116"
CALLER_HZ, AGENT_HZ, TALK_S = 440, 1000, 4
NB, THIN = "\u00a0", "\u202f"
OUTCOMES = {"test": "essai", "answered": "décroché", "abandoned": "abandon", "cut_off": "coupé",
            "abandoned_short": "abandon court", "turned_away": "refusé"}
BANDS = {"b0_2": "moins de deux minutes", "b2_5": "deux à cinq minutes",
         "b5_10": "cinq à dix minutes", "b10_15": "dix à quinze minutes",
         "b10_20": "dix à vingt minutes", "b15_30": "un quart d’heure à une demi-heure",
         "b30_60": "une demi-heure à une heure", "b60": "plus d’une heure"}
TOLD = {"direct": f"annonce{NB}: quelqu’un va répondre tout de suite", "longer":
        f"annonce{NB}: c’est plus long que prévu", "agent_lost":
        f"annonce{NB}: la ligne de l’agent s’est coupée"}


class Failed(Exception):
    """The call did not go as it should: a sentence for the reader."""


# ---- words -------------------------------------------------------------------------------------
def number(n, places=0):
    return f"{n:.{places}f}".replace(".", ",")


def shown(digits):
    """0536491234 → 05 36 49 12 34, with spaces that do not break."""
    return NB.join(digits[i:i + 2] for i in range(0, len(digits), 2))


def pitch(hz, level_db):
    return f"{hz:_}{NB}Hz, {number(level_db)}{NB}dB".replace("_", THIN).replace("-", "−")


def quoted(text):
    return f"«{NB}{text}{NB}»"


def number_of(word):
    """The 32 bits by which events name a word of the directory (src/directory/lookup.c)."""
    h = 0xcbf29ce484222325
    for byte in word.encode():
        h = (h ^ byte) * 0x100000001b3 % 2 ** 64
    return (h ^ h >> 32) % 2 ** 32 or 1


class Directory:
    """Names behind the numbers of events, and lines, as far as this program needs them."""

    def __init__(self, settings_file):
        home = settings_file.parent
        self.settings = read_settings(settings_file.read_text(encoding="utf-8"))

        def text(folder, default):
            path = home / self.settings.get(folder, {}).get("path", default)
            return path.read_text(encoding="utf-8") if path.exists() else ""
        people = text("directory", "directory.yaml")
        secrets = text("secrets", "secrets.yaml")
        rows = re.findall(r'- \{ id: (\w+), +name: (?:"([^"]+)"|([^,]+)),(.*)\}', people)
        self.names = {number_of(r[0]): r[1] or r[2] for r in rows}
        self.agents = {r[0]: (r[1] or r[2], m[1]) for r in rows
                       if (m := re.search(r'phone: "sip:(\w+)"', r[3]))}
        self.secrets = {m[1]: (m[2], m[3]) for m in re.finditer(
            r'id: (\w+), +secret: "([^"]+)"(?:, +code: "(\d+)")?', secrets)}

    def name(self, n):
        return self.names.get(n, str(n))


# ---- the call ----------------------------------------------------------------------------------
class Journal:
    def __init__(self, decroche, path):
        self.decroche, self.path = decroche, path

    def events(self, after_id=0):
        done = subprocess.run([self.decroche, "replay", str(self.path), "--json", "--from",
                               str(after_id + 1)], capture_output=True, text=True, timeout=60)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait(self, kind, after_id, seconds):
        found = wait_until(lambda: [e for e in self.events(after_id) if e["kind"] == kind],
                           seconds, 0.2)
        return found[0] if found else None


def short_code(phone, journal, dialled, keys, kind, after_id):
    """Dials, keys and hangs up; the journal must say so. baresip sends keys when it has the time:
    it hangs up once they were understood."""
    if not phone.dial(dialled):
        raise Failed(f"{dialled} est resté sans réponse")
    time.sleep(0.5)
    phone.press(keys)
    if not keys or not journal.wait(kind, after_id, 8):
        time.sleep(0.5)
    phone.hang_up()
    if not journal.wait(kind, after_id, 8):
        raise Failed(f"{dialled} n’a pas été compris")


def sign_in(phone, journal, code, before):
    """*71, the code, #; then *72. A run that was broken off may have left the robot signed in."""
    after_id = before[-1]["id"] if before else 0
    ours = [e["kind"] for e in before if e["kind"] in ("agent_signed_in", "agent_signed_out")
            and e["agent_id"] == number_of(ROBOT)]
    if not phone.registered():
        raise Failed("le téléphone de l’agent n’a pas pu s’enregistrer")
    if ours and ours[-1] == "agent_signed_in":
        short_code(phone, journal, "*70", "1", "agent_signed_out", after_id)
    short_code(phone, journal, "*71", code + "#", "agent_signed_in", after_id)
    short_code(phone, journal, "*72", "", "agent_ready", after_id)


def level(phone, hz):
    """The level of the tone in the last second heard; None: it is not there."""
    heard = phone.samples(1)
    is_there = len(heard) >= sound.RATE and sound.tone_share(heard, hz) >= 0.8
    return sound.tone_db(heard, hz) if is_there else None


def place_call(directory, journal, port):
    """One real call. (The events of the call, what caller and agent heard of each other in dB)."""
    if ROBOT not in directory.agents or ROBOT not in directory.secrets:
        raise Failed(f"l’agent {ROBOT} n’a ni poste ni mot de passe dans l’annuaire")
    line, (secret, code) = directory.agents[ROBOT][1], directory.secrets[ROBOT]
    before = journal.events()
    after_id = before[-1]["id"] if before else 0
    with Phone(line, secret, port, tone=AGENT_HZ) as agent, \
            Phone(CALLER, None, port, tone=CALLER_HZ) as caller:
        sign_in(agent, journal, code, before)
        if not caller.dial(PUBLIC):
            raise Failed("l’appel n’a pas été pris")
        time.sleep(6)                   # hears the greeting
        caller.press(KEY)
        if not journal.wait("offer_joined", after_id, 30):
            raise Failed("l’agent n’a pas été joint")
        heard = wait_until(lambda: (level(caller, AGENT_HZ), level(agent, CALLER_HZ)), 1)
        end = time.monotonic() + 10
        while None in heard and time.monotonic() < end:
            time.sleep(0.2)
            heard = (level(caller, AGENT_HZ), level(agent, CALLER_HZ))
        time.sleep(TALK_S)
        caller.hang_up()
        if not journal.wait("call_outcome", after_id, 10):
            raise Failed("l’appel n’a pas reçu de résultat")
        journal.wait("agent_wrap_up", after_id, 3)
        agent.hang_up()                 # the sentence after the talk
        short_code(agent, journal, "*70", "1", "agent_signed_out", after_id)    # robots do not stay
    events = journal.events(after_id)
    call = next(e for e in events if e["kind"] == "call_arrived")
    return [e for e in events if call["id"] in (e["id"], e.get("call_id")) or
            call["contact_id"] in (e["id"], e.get("contact_id")) or is_of(e, events, call)], heard


def is_of(event, events, call):
    """Events that name only the offer, and the wrap-up of the agent who had it."""
    offers = {e["id"]: e["agent_id"] for e in events
              if e["kind"] == "offer_made" and e["call_id"] == call["id"]}
    return event.get("offer_id") in offers or (
        event["kind"] == "agent_wrap_up" and event["agent_id"] in offers.values())


# ---- the story ---------------------------------------------------------------------------------
def told(event):
    if event["what"] in TOLD:
        return TOLD[event["what"]]
    before = event["before_n"]
    words = {0: "personne avant", 1: "une personne avant"}.get(before, f"{before} personnes avant")
    said = ([words] if before <= 10 else []) + (
        [f"attente de {BANDS[event['band']]}"] if event["band"] in BANDS else [])
    return f"annonce{NB}: {', '.join(said)}" if said else "annonce"


def sentence(event, directory):
    """An event in French; None: not for this page."""
    kind = event["kind"]
    if kind == "contact_told":
        return told(event)
    if kind == "offer_media":
        return "son de l’usager" if event["side"] == "caller" else "son de l’agent"
    if kind == "offer_ended":
        return f"fin de la conversation, après {number(event['talk_ms'] / 1000, 1)}{NB}s"
    name = directory.name(event.get("queue_id", event.get("agent_id", 0)))
    return {
        "contact_opened": f"demande ouverte{NB}: la place est donnée",
        "call_arrived": "appel reçu",
        "contact_queued": f"file {quoted(name)}",
        "offer_made": f"le poste de {directory.name(event.get('agent_id', 0))} sonne",
        "offer_joined": "réponse",
        "contact_returned": "retour en tête de file",
        "call_ended": "l’usager a raccroché" if event.get("by") == "caller" else "fin de l’appel",
        "call_outcome": f"résultat{NB}: {OUTCOMES.get(event.get('outcome'), '?')}",
        "agent_wrap_up": f"post-appel de {name}",
    }.get(kind)


def print_story(events, directory):
    start = next(e["at"] for e in events if e["kind"] == "call_arrived")
    for e in events:
        words = sentence(e, directory)
        if words:
            print(f"    {number((e['at'] - start) / 1000, 2):>7}{NB}s   {words:<52} "
                  f"événement{NB}{e['id']}")


def print_addresses(args, directory, sip, pid):
    """How to call, and how to answer by a telephone."""
    program = shorter(args.decroche)
    print(f" 2. Appelez vous-même{NB}: sip:{ENTRY}@127.0.0.1:{sip}   "
          f"(touches 1 à 4, 0{NB}: quelqu’un, *{NB}: répéter)")
    print(f"    ou une autre situation{NB}: {program} demo -c {shorter(args.settings)}")
    humans = [a for a in directory.agents if a != ROBOT and a in directory.secrets]
    if humans:
        name, line = directory.agents[humans[0]]
        secret, code = directory.secrets[humans[0]]
        print(f"    Répondez{NB}: un téléphone SIP, enregistré à 127.0.0.1:{sip}, poste {line}, "
              f"mot de passe {secret}")
        print(f"    ({name}){THIN}; faites *71, le code {code} et #, puis *72.")
    if pid:
        print(f"    Coupez-moi{NB}: kill -9 {pid}, puis ./dev run{NB}: le journal, les places et "
              f"les comptes sont repris.")


# Who signs in at the pages of the demonstration: login, role, agent of the directory, screen.
ACCOUNTS = [("camille", "agent", "a05", "/agent"), ("martine", "supervisor", None, "/supervision"),
            ("paul", "administrator", None, "/administration")]


def user(args, *words, password=""):
    return subprocess.run([args.decroche, "user", *words, "-c", str(args.settings)],
                          input=password + "\n", capture_output=True, text=True, timeout=30)


def open_accounts(args, directory, password):
    """Made at the first start, given the password of this one at each. Why not; None: all are."""
    known = user(args, "list", "--json").stdout
    for login, role, agent, _ in ACCOUNTS:
        done = (user(args, "password", login, password=password) if f'"{login}"' in known else
                user(args, "add", login, role, "tout", password=password))
        if not done.returncode and agent:
            done = user(args, "agent", login, agent)
            user(args, "name", login, directory.name(number_of(agent)))
        if done.returncode:
            return done.stderr.strip()
    return None


def print_pages(args, directory, http):
    """Browsers on this machine may sign in without TLS (docs/comptes.md)."""
    password = "-".join(f"{secrets.randbelow(10000):04}" for _ in range(3))
    fault = open_accounts(args, directory, password)
    if fault:
        print(f"    Les comptes n’ont pas pu être ouverts{NB}: {fault}")
        return
    print(f" 3. Répondez, supervisez, réglez{NB}: http://127.0.0.1:{http}/connexion   "
          f"mot de passe{NB}: {password}")
    for login, _, _, screen in ACCOUNTS:
        print(f"    {login:<8} {screen}")


def shorter(path):
    """A path as one would type it from here."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def simulated_days(args, journal):
    """30 days lived by the simulator, in a journal of their own: made once. One line about them."""
    beside = journal.with_name(f"{journal.stem}-simule{journal.suffix}")
    if not beside.exists():
        done = subprocess.run(
            [args.decroche, "sim", "--days", "30", "--seed", SEED, "--profile", str(PROFILE),
             "--journal", str(beside)], capture_output=True, text=True, timeout=120)
        if done.returncode:
            print(f"    Les 30 jours simulés n’ont pas pu être faits{NB}: {done.stderr.strip()}")
            return
    print(f"    30 jours simulés, marqués «{NB}simulé{NB}»{NB}: "
          f"{shorter(args.decroche)} replay {shorter(beside)} --results")


# Who makes the situations of `decroche demo` live: when they begin, who they are, how they
# behave. The first of a pair is ready before the second, so it is rung first.
SITUATIONS = [
    (0, ["r01"], ["--answer", "3s", "--speak", "30s"]),
    (0, ["r15"], ["--agents-do", "die", "--speak", "10s"]),
    (0, ["r16"], ["--agents-do", "ignore"]),
    (0, ["r12a", "r12b", "r12c"], ["--answer", "2s", "--speak", "90s", "--called", "0536490012",
                                   "--rate", "0.04", "--hold", "1h", "--patience", "585s"]),
    (8, ["r15b"], ["--answer", "6s", "--speak", "20s"]),
    (8, ["r16b"], ["--answer", "2s", "--speak", "20s"]),
]
WAITING = ["--called", "0536490012", "--calls", "12", "--rate", "4", "--hold", "1h",
           "--patience", "585s"]    # who waits already; the next ones come one by one


class Robots:
    """Robots of the situations, by `decroche load`: real telephones, ended by their pid."""

    def __init__(self, args):
        self.args, self.directory, self.programs = args, Directory(args.settings), []
        self.place = Path(tempfile.mkdtemp(prefix="decroche-demo-"))
        self.is_ending = threading.Event()
        self.thread = threading.Thread(target=self._begin, daemon=True)
        self.thread.start()

    def _begin(self):
        began = time.monotonic()
        for after, names, how in SITUATIONS:
            if self.is_ending.wait(max(0, began + after - time.monotonic())):
                return
            lines = self.place / names[0]
            lines.write_text("".join(
                f"{self.directory.agents[n][1]} {self.directory.secrets[n][0]} "
                f"{self.directory.secrets[n][1]}\n" for n in names), encoding="utf-8")
            self._load([*how, "--for", "24h", "--agents", str(len(names)),
                        "--agents-from", str(lines)])
        self._load(WAITING)

    def _load(self, how):
        self.programs.append(Program([self.args.decroche, "load", "-c", str(self.args.settings),
                                      "--seed", str(len(self.programs) + 1), *how]))

    def close(self):
        self.is_ending.set()
        self.thread.join(5)
        for p in self.programs:
            p.process.send_signal(signal.SIGINT)
        for p in self.programs:
            p.end(signal.SIGINT, 8)
        shutil.rmtree(self.place, ignore_errors=True)


def print_status(args):
    """What the service itself says of this moment, as a page of its own."""
    command = [args.decroche, "status", "-c", str(args.settings)]
    print(f"    Ce qu’il dit de lui-même{NB}: {shorter(args.decroche)} status "
          f"-c {shorter(args.settings)} --watch", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    for line in (done.stdout or done.stderr).splitlines():
        print(f"    {THIN}│ {line}")


# ---- the whole ---------------------------------------------------------------------------------
def show(args, sip, http, pid):
    """True when the call went as it should."""
    directory = Directory(args.settings)
    path = args.settings.parent / directory.settings["journal"]["path"]
    journal = Journal(args.decroche, args.journal or path)
    print("decroche — démonstration (données fictives) — Haute-Lisière", flush=True)
    good = True
    try:
        if not shutil.which("baresip"):
            raise Failed("le téléphone baresip n’est pas installé (paquet baresip-core)")
        print(f" 1. Un appel réel se passe, par deux téléphones baresip{NB}: "
              f"{shown(CALLER)} → {shown(PUBLIC)} …", flush=True)
        events, heard = place_call(directory, journal, sip)
        print_story(events, directory)
        good = None not in heard
        if good:
            print(f"    Son vérifié dans les deux sens{NB}: "
                  f"l’usager entend l’agent ({pitch(AGENT_HZ, heard[0])}),\n"
                  f"{' ' * 37}"
                  f"l’agent entend l’usager ({pitch(CALLER_HZ, heard[1])}).")
        else:
            hears = ["n’entend pas" if h is None else "entend" for h in heard]
            print(f"    Le son n’est pas passé{NB}: l’usager {hears[0]} l’agent, "
                  f"l’agent {hears[1]} l’usager.")
    except Failed as e:
        print(f"    L’appel d’essai n’a pas abouti{NB}: {e}.")
        good = False
    print_addresses(args, directory, sip, pid)
    if http:
        print_pages(args, directory, http)
    simulated_days(args, Path(journal.path).resolve())
    if http:
        print_status(args)
    sys.stdout.flush()
    return good


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("decroche", type=lambda x: str(Path(x).resolve()))
    p.add_argument("--settings", type=lambda x: Path(x).resolve(), default=HERE / "decroche.yaml")
    p.add_argument("--once", action="store_true")
    p.add_argument("--sip", type=int)
    p.add_argument("--http", type=int)
    p.add_argument("--journal", type=Path)
    p.add_argument("--pid", type=int)
    return p.parse_args()


def end(*_):
    raise KeyboardInterrupt


def main():
    args = arguments()
    for sign in (signal.SIGINT, signal.SIGTERM):    # whoever ends us, nobody is left behind
        signal.signal(sign, end)
    if args.sip:
        sys.exit(not show(args, args.sip, args.http, args.pid))
    service, robots = Program([args.decroche, "serve", "-c", str(args.settings)]), None
    try:
        wait_until(lambda: READY.search(service.said()) or not service.is_alive(), 10)
        ready, http = READY.search(service.said()), HTTP.search(service.said())
        if not ready:
            print(f"decroche n’a pas démarré{NB}:\n{service.said()}")
            sys.exit(1)
        good = show(args, int(ready[1]), int(http[1]) if http else None, service.pid)
        if not args.once:
            robots = Robots(args)
            print(f"    Les robots (10, 12, 15, 16) se mettent en poste (10{NB}s).\n"
                  f"    Le service reste ouvert{THIN}; Ctrl-C le ferme.", flush=True)
            service.process.wait()
        sys.exit(not good)
    except KeyboardInterrupt:
        print()
    finally:
        if robots:
            robots.close()
        code = service.end(signal.SIGTERM, 40)
        if code:
            print(service.said()[-2000:])


if __name__ == "__main__":
    main()
