"""call_robots.py — cases of call.py: `decroche call`, `decroche load` and the call that the house
places to itself."""
import ctypes
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

from cases import case
from robots import free_port, wait_until
from world import PUBLIC

WATCH_S = 10                        # the shortest that the settings allow
WATCHED = {"watch": {"call_every": f"{WATCH_S}s"}}
ALARM = "test_call_failed"
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17


def run(w, *words, seconds=90):
    """(exit code, JSON lines, standard error) of a command of ours."""
    done = subprocess.run([w.service.decroche, *map(str, words)], capture_output=True, text=True,
                          timeout=seconds)
    w.said.append(f"    $ {' '.join(map(str, words))} → {done.returncode} {done.stderr[-400:]}")
    lines = [json.loads(x) for x in done.stdout.splitlines() if x.startswith("{")]
    return done.returncode, lines, done.stderr


def at(w):
    return f"127.0.0.1:{w.service.sip[1]}"


def of(lines, kind):
    return next((x for x in lines if x.get("kind") == kind), None)


# ---- one call ----------------------------------------------------------------------------------
@case()
def call_is_told(w):
    code, lines, _ = run(w, "call", PUBLIC, "--to", at(w), "--keys", "2", "--after", "1s",
                         "--hold", "6s", "--talk", "2s", "--from", "0536491234", "--json")
    kinds = [x["kind"] for x in lines]
    w.check("the call went well", code == 0, lines)
    w.check("it is told in its order", kinds == ["placed", "received", "answered", "sound", "keys",
                                                 "hung_up", "counts", "spacing"], kinds)
    sound, counts = of(lines, "sound"), of(lines, "counts")
    w.check("the first sound came within a second, at the level of a voice",
            sound["after_ms"] < 1000 and -5000 < sound["level_cdb"] < -1000, sound)
    w.check("packets went both ways, none was lost",
            counts["sent"] > 200 and counts["received"] > 200 and counts["lost"] == 0, counts)
    w.check("they came each 20 ms", 19000 < of(lines, "spacing")["p50_us"] < 21500, lines[-1])
    w.order("the key led to the queue", "call_arrived", "contact_queued", "call_outcome")


@case()
def call_that_fails_is_told(w):
    code, lines, _ = run(w, "call", "0536499999", "--to", at(w), "--json")
    w.check("nobody is at that number", code == 1 and of(lines, "refused")["status"] == 404, lines)
    code, lines, _ = run(w, "call", PUBLIC, "--to", f"127.0.0.1:{free_port(2)}", "--json")
    w.check("nobody answers there", code == 1 and of(lines, "refused")["status"] == 408, lines)
    done = subprocess.run([w.service.decroche, "call", "0536499999", "--to", at(w)],
                          capture_output=True, text=True, timeout=20)
    w.check("and in French", re.search("refusé \\(404\\) — personne à ce numéro", done.stdout),
            done.stdout)
    w.check("it was no call for the journal", not w.events().of("call_arrived"))


# ---- many --------------------------------------------------------------------------------------
@case()
def load_with_agents(w):
    """Robots call, robots answer; every call is in the journal with one outcome."""
    code, lines, _ = run(w, "load", "-c", w.service.settings_file, "--to", at(w), "--called",
                         f"{PUBLIC}=3", "--called", "0536490011=1", "--rate", "2", "--calls", "8",
                         "--hold", "12s", "--keys", "2", "--after", "1s", "--agents", "3",
                         "--answer", "1s", "--speak", "30s", "--json")
    r = lines[-1]
    w.check("all went well", code == 0 and r["answered"] == 8 and r["failed"] == 0, r)
    w.check("three agents signed in and answered", r["agents"]["ready"] == 3
            and r["agents"]["answered"] > 0 and r["agents"]["failed"] == 0, r["agents"])
    w.check("nothing was lost", r["rtp"]["lost"] == 0 and r["rtp"]["received"] > 1000, r["rtp"])
    events = w.until(lambda e: len(e.of("call_outcome")) >= 8 and
                     len(e.of("agent_signed_out")) >= 3, 10)
    w.check("each call has its outcome, some are answered",
            len(events.outcomes()) == 8 and "answered" in events.outcomes(), events.outcomes())
    w.check("the robots signed out", len(events.of("agent_signed_out")) == 3)
    w.check("the journal is sound", not w.service.verify())


@case(slow=True)
def load_agents_who_die_or_ignore(w):
    words = ("load", "-c", w.service.settings_file, "--to", at(w), "--called", PUBLIC, "--calls",
             "1", "--keys", "2", "--after", "1s", "--agents", "3", "--answer", "500ms", "--json")
    code, lines, _ = run(w, *words, "--hold", "22s", "--speak", "2s", "--agents-do", "die")
    w.check("a telephone died", code == 0 and lines[-1]["agents"]["died"] > 0, lines)
    w.order("the heart noticed, and the caller kept the place", "offer_joined",
            ("offer_ended", {"why": "agent_lost"}), "contact_returned")
    code, lines, _ = run(w, *words, "--hold", "10s", "--agents-do", "ignore")
    agents = lines[-1]["agents"]
    w.check("who ignores is offered calls and answers none", code == 0 and agents["offered"] > 0
            and agents["answered"] == 0, agents)


@case()
def load_that_is_interrupted_ends_in_order(w):
    program = subprocess.Popen([w.service.decroche, "load", "--to", at(w), "--called", PUBLIC,
                                "--for", "60s", "--rate", "5", "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(w.events().of("call_arrived")) >= 6, 20)
    program.send_signal(signal.SIGINT)
    said, _ = program.communicate(timeout=20)
    r = json.loads(said)
    w.check("results are printed all the same", r["is_cut"] and r["placed"] >= 6
            and r["hung_up"] == r["placed"] and program.returncode == 0, r)
    events = w.until(lambda e: len(e.of("call_outcome")) >= r["answered"], 10)
    w.check("no call is left", len(events.of("call_outcome")) == len(events.of("call_arrived")))


@case()
def load_knows_its_bounds(w):
    base = ("load", "--called", PUBLIC, "--calls", "1")
    for words, wanted in (
            (("--to", "192.0.2.1:5060"), "pour elle seule (127.0.0.1)"),
            (("--to", at(w), "--rate", "1001"), "0.001 to 1000"),
            (("--to", at(w), "--calls", "1000001"), "1 to 1000000"),
            (("--to", at(w), "--calls", "100000", "--rate", "1000", "--hold", "1h"), "12000"),
            (("--to", at(w), "--hold", "25h"), "24h at most"),
            (("--to", at(w), "--agents", "1001"), "1 to 1000"),
            (("--to", at(w), "--agents", "1"), "whose lines"),
            (("--to", at(w), "--keys", "12345678901234567"), "1 to 16 keys"),
            (("--to", at(w), "--keys", "a"), "0 to 9"),
            (("--to", at(w), "--for", "5s"), "either --calls"),
            (("--to", at(w), "--calls", "100000", "--rate", "0.5"), "24"),
            (("--to", "example.fr"), "an IP address"),
            ((), "-c FILE or --to")):
        code, _, said = run(w, *base, *words)
        w.check(f"refused: {' '.join(words)}", code == 2 and wanted in said, said)
    code, _, _ = run(w, "load", "--to", at(w), "--called", PUBLIC, "--calls", "1", "--hold", "1s")
    w.check("what is sane is done", code == 0)


# ---- the house calls itself --------------------------------------------------------------------
def health(w):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{w.service.http[1]}/health", timeout=3) as a:
            return json.load(a)
    except urllib.error.HTTPError as e:
        return json.load(e)


def alarm(w):
    return next((a for a in health(w)["alarms"] if a["alarm"] == ALARM), None)


def metric(w, name):
    url = f"http://127.0.0.1:{w.service.http[1]}/metrics"
    with urllib.request.urlopen(url, timeout=3) as answer:
        m = re.search(rf"^decroche_{name} (\S+)$", answer.read().decode(), re.M)
    return float(m[1]) if m else 0


def tests(w, n, seconds):
    """The events, once n calls of the house to itself have their class."""
    return w.until(lambda e: e.outcomes().count("test") >= n, seconds)


@case(slow=True, changes=WATCHED)
def watch_calls_each_number_in_turn(w):
    events = tests(w, 3, 4 * WATCH_S)
    calls = events.of("call_arrived")
    w.check("its calls are tests, marked at their birth", len(calls) >= 3
            and all(e["is_test"] for e in calls), calls)
    w.check("each to another number", len({e["entry_id"] for e in calls[:3]}) == 3, calls)
    w.check("no agent could be rung: none is in a queue", not events.of("contact_queued"))
    w.check("all is well", alarm(w) is None and metric(w, "test_calls_total") >= 2
            and metric(w, "test_calls_failed_total") == 0)
    w.fact("answered after", metric(w, "test_call_setup_seconds") * 1000, "ms")
    w.fact("heard after", metric(w, "test_call_first_sound_seconds") * 1000, "ms")
    code, lines, _ = run(w, "status", "-c", w.service.settings_file, "--json")
    today = lines[0]["today"]
    w.check("no rate has heard of them", today["received"] == 0 and today["asked"] == 0
            and today["calls"]["test"] >= 3, today)
    hashes = [w.service.run("replay", w.service.journal, "--hash").stdout for _ in range(2)]
    w.check("the journal replays", hashes[0] and not w.service.verify())


class Stopped:
    """The main thread of a service stands still, and no other."""

    def __init__(self, pid):
        self.pid, self.ptrace = pid, ctypes.CDLL(None, use_errno=True).ptrace
        self.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        self.ptrace.restype = ctypes.c_long
        for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
            if self.ptrace(request, self.pid, None, None):
                raise PermissionError("this machine lets nobody stop a thread (ptrace)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.waitpid(self.pid, 0x40000000)            # __WALL: it has stopped
        self.ptrace(PTRACE_DETACH, self.pid, None, None)


@case(slow=True, changes=WATCHED)
def watch_sees_a_main_thread_that_hangs(w):
    tests(w, 1, 3 * WATCH_S)
    began = time.monotonic()
    try:
        stopped = Stopped(w.service.program.pid)
    except PermissionError as e:
        print(f"skipped: {e}")
        return
    with stopped:
        found = wait_until(lambda: alarm(w), 60, 0.2)
        w.check("the alarm stands within a minute", found)
        w.fact("alarm after", time.monotonic() - began, "s")
        w.check("it names what failed", found["why"] == "no answer", found)
        w.check("the house is down", health(w)["status"] == "down")
        code, _, _ = run(w, "status", "--nagios", "-c", w.service.settings_file)
        w.check("for Nagios too", code == 2)
    w.check("the next good call ends it", wait_until(lambda: not alarm(w), 2 * WATCH_S + 5, 0.2))
    w.check("the log says both", re.search(r"level=alarm part=watch .*no answer", w.service.said())
            and "answered and heard again" in w.service.said(), w.service.said())
    calls = tests(w, 2, 5).of("call_arrived")
    w.check("a late INVITE became no caller", all(e["is_test"] for e in calls), calls)


@case(slow=True, changes=WATCHED)
def watch_sees_a_whole_process_that_stands_still(w):
    """Then only another process can say so: that is what --nagios is for."""
    w.service.program.process.send_signal(signal.SIGSTOP)
    try:
        code, _, _ = run(w, "status", "--nagios", "-c", w.service.settings_file)
        w.check("critical: it does not answer", code == 2)
    finally:
        w.service.program.process.send_signal(signal.SIGCONT)


def quiet(home):
    (home / "silent").mkdir()


@case(slow=True, changes={**WATCHED, "voice": {"path": "silent", "speech_command": '""'}},
      edit=quiet)
def watch_hears_that_nothing_is_heard(w):
    found = wait_until(lambda: alarm(w), 3 * WATCH_S, 0.3)
    w.check("answered, but nothing is heard", found and "nothing is heard" in found["why"], found)


@case(slow=True, changes={**WATCHED, "phone": {"legs_max": 4}})
def watch_says_that_it_was_refused(w):
    run(w, "load", "--to", at(w), "--called", PUBLIC, "--calls", "4", "--rate", "20",
        "--hold", "14s")
    found = "refused with 503" in w.service.said() or wait_until(
        lambda: alarm(w) and "503" in alarm(w)["why"], 3 * WATCH_S, 0.3)
    w.check("refused with 503", found, w.service.said())
    w.check("a test is no caller who was turned away", not w.events().of("shed"))


def no_trunk(home):
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^trunks:.*\n(  .*\n?)*", "", text), encoding="utf-8")


@case(slow=True, changes={**WATCHED, "phone": {"address": "127.0.0.9", "networks": "127.0.0.8/32"}},
      edit=no_trunk)
def watch_needs_no_trunk_and_no_loopback_address(w):
    events = tests(w, 1, 3 * WATCH_S)
    w.check("it is answered where nobody else may call", "test" in events.outcomes(), events)
    w.check("all is well", not alarm(w))
