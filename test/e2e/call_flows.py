"""call_flows.py — cases of call.py: the flows of voice-script §14 with their timings, and what a
flow can do beside a menu: digits, hours, languages, somebody by name."""
import tempfile
import time
from pathlib import Path

import sound
import world
from cases import case
from robots import wait_until
from world import CALLS_BACK, FAMILY, HUMAN, KARIM, ODETTE, ROBOT

HEALTH, PENSIONS = "1", "12"    # of the main menu; and of the second
REFERENCE = "47210864"          # of the voice script: its last digit is right
LONE = "a01"                    # health and pensions: one agent of ours for both
MINUTE = 60


def in_order(w, caller, *wanted):
    """Heard in this order, others between them; the instants at which each began."""
    said = iter(caller.heard.said(world.prompts))
    names = [world.prompts.same.get(p, p) for p in wanted]
    found = [next((s for s in said if s.id == name), None) for name in names]
    w.check(f"in order: {', '.join(wanted)}", all(found), lambda: w.heard_by(caller))
    return [s.at for s in found]


def length_of(prompt):
    path = next(p for p in (world.prompts_root / f / f"{prompt}.wav" for f in ("fr", "common"))
                if p.exists())
    return len(sound.read_wav(path)) / sound.RATE


def begins(w, caller):
    """The greeting, judged (§1): the menu within 8 s of the answer, greet.demo not counted."""
    menu = w.hears(caller, "menu.main")
    took = menu.at - caller.at["answered"] - length_of("greet.demo")
    w.fact("menu after", took, "s")
    w.check("the menu begins within 8 s of the answer, without greet.demo", took <= 8, took)
    in_order(w, caller, "greet.demo", "greet.org", "greet.english", "menu.main")
    return menu


# ---- A: ordinary -------------------------------------------------------------------------------
def to_health(w, caller):
    """menu.main, 1 after 4 s; menu.health, 1; the choice is said."""
    menu = begins(w, caller)
    time.sleep(max(0.0, menu.at + 4 - time.time()))
    caller.press(HEALTH)
    w.hears(caller, "menu.health")
    caller.press(HEALTH)
    w.hears(caller, "menu.chosen.sante")


@case(slow=True)
def flow_a_waits(w):
    """As far as the first thing said in the queue: the rest takes minutes (flow_a_five_minutes)."""
    w.agent(LONE, ready=False)
    caller = w.call()
    to_health(w, caller)
    w.hears(caller, "wait.keys.first", 20)
    chosen, entered, _, keys = in_order(w, caller, "menu.chosen.sante",
                                        "queue.enter.kept.10", "wait.before.0", "wait.keys.first")
    w.fact("queue after the choice", entered - chosen, "s")
    w.fact("said at entry", keys + length_of("wait.keys.first") - entered, "s")
    w.check("then music", w.hears(caller, "music.wait", 20))
    caller.hang_up()
    w.outcomes("abandoned")


@case()
def flow_a_is_answered(w):
    """Somebody is ready: a human sentence is possible 25 s after the answer."""
    phone = w.agent(ROBOT)
    caller = w.call()
    to_health(w, caller)
    w.hears(caller, "connect.now", 20)
    w.both_hear(caller, phone)
    joined = w.events().of("offer_joined")[0]["at"] / 1000
    w.fact("somebody after", joined - caller.at["answered"], "s")
    w.check("somebody speaks within 25 s", joined - caller.at["answered"] <= 25)
    caller.hang_up()
    w.outcomes("test")


@case(long=True, changes={"queue": {"handle": "4min"}})
def flow_a_five_minutes(w):
    """The true minutes: 1 and 3 something is said, at 5 the reference; music between them."""
    w.agent(LONE, ready=False)
    caller = w.call()
    to_health(w, caller)
    queued = w.order("queued", "contact_queued").of("contact_queued")[0]["at"] / 1000
    for minutes, prompt in ((1, "wait.before.0"), (3, "wait.before.0"), (5, "wait.ref")):
        due = queued + minutes * MINUTE
        time.sleep(max(0.0, due - 6 - time.time()))
        kind = sound.kind(caller.heard.samples(due - 9)[:2 * sound.RATE])
        w.check(f"music before minute {minutes}", kind == "music", kind)
        said = w.hears(caller, prompt, 30, from_at=due - 2)
        w.fact(f"minute {minutes}", said.at - queued, "s")
        w.check(f"minute {minutes} is told in time", -1 < said.at - due < 12, said)
    rounds = [(e["at"] / 1000 - queued) / MINUTE for e in w.events().of("contact_told")[1:]]
    w.check("told at 1, 3 and 5 minutes", [round(r) for r in rounds] == [1, 3, 5], rounds)
    caller.hang_up()
    w.outcomes("abandoned")


# ---- B: landline, no SMS, callback --------------------------------------------------------------
def to_the_end(w, caller, prompt, seconds=20):
    """Heard whole; a person's hand comes a second later."""
    found = w.hears(caller, prompt, seconds)
    time.sleep(found.of * 0.02 + 1)
    return found


@case(slow=True, changes=CALLS_BACK)
def flow_b(w):
    """A landline. Nobody is there: that is said, and that we can call back. Four keys; the
    reference and the proof come before « vous pouvez raccrocher »."""
    caller = w.call(ODETTE)
    begins(w, caller)
    caller.press(PENSIONS)
    w.hears(caller, "menu.chosen.retraite")
    to_the_end(w, caller, "cb.offer", 30)
    chosen, nobody, offer = in_order(w, caller, "menu.chosen.retraite", "nobody.unknown",
                                     "cb.offer")
    w.fact("the truth after the choice", nobody - chosen, "s")
    caller.press("1")
    to_the_end(w, caller, "cb.number.ok")
    caller.press("1")
    to_the_end(w, caller, "cb.when")
    caller.press("1")
    to_the_end(w, caller, "cb.note")
    caller.press("1")
    done = to_the_end(w, caller, "cb.done.from", 60)
    in_order(w, caller, "cb.number", "cb.when", "cb.note", "cb.ref", "cb.proof",
             "cb.done.asap.today", "cb.done.from")
    told_s = done.at - offer
    w.fact("flow B, from the offer", told_s, "s")
    w.check("the script says 80 s, a second for each key included", 55 < told_s < 90, told_s)
    w.order("promised", "callback_promised")
    caller.hang_up()
    w.order("its class is not known yet", "call_ended", "call_pending")


# ---- C: no key at all: call_callers.no_key -----------------------------------------------------
# ---- keys --------------------------------------------------------------------------------------
@case()
def types_ahead(w):
    """1 1 at once, during the greeting: through both menus."""
    caller = w.call()
    time.sleep(0.3)
    caller.press("11", ms=60, gap_ms=40)
    events = w.order("queued", "contact_queued")
    w.hears(caller, "menu.chosen.sante")
    w.check("one call, one queue", len(events.of("contact_queued")) == 1)
    w.check("nobody heard the menus", "menu.main" not in
            [s.id for s in caller.heard.said(world.prompts) if s.last > 25], w.heard_by(caller))
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def one_press_both_ways(w):
    """RFC 4733 and SIP INFO of one press: one key; a moment later: another."""
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.press(HEALTH)
    caller.info(HEALTH)
    w.hears(caller, "menu.health")
    time.sleep(1)
    w.check("still in the second menu", not w.events().of("contact_queued"))
    caller.info("2")
    w.hears(caller, "menu.chosen.retraite")
    w.order("a key by INFO alone counts", "contact_queued")
    w.check("each was answered", not [x for x in caller.log if " 405 " in x[2].splitlines()[0]])
    caller.hang_up()
    w.outcomes("turned_away")


# ---- digits, news, somebody by name ------------------------------------------------------------
FLOW = """english: true
general: personne
closed: ferme
steps:
  - { id: bonjour,  play: [greet.demo, greet.org], next: numero }
  - { id: numero,   collect: [verify.enter], is: reference, wrong: verify.unknown, next: relu }
  - { id: relu,     say: typed, next: merci }
  - { id: merci,    say: { number: "05 36 49 00 10" }, next: heures }
  - id: heures
    branch:
      - { hours: demo_toujours, next: nomme }
    else: personne
  - { id: nomme,    transfer: a02, else: famille }
  - { id: famille,  queue: famille }
  - { id: personne, queue: accueil }
  - { id: ferme,    closed: [closed.bye] }
"""


def with_digits(home):
    """The direct line asks for a reference, reads it back, and asks for a02 by name."""
    (home / "flows" / "direct_retraite.yaml").write_text(FLOW, encoding="utf-8")
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8").replace("{ id: a02,", "{ id: a02, direct: true,")
    row = "flow: direct_retraite, hours: plateforme"
    path.write_text(text.replace(row, "flow: direct_retraite, hours: demo_toujours, "
                                      "accessible: demo_toujours"),
                    encoding="utf-8")


@case(edit=with_digits)
def digits(w):
    caller = w.call(to="0536490020")
    w.hears(caller, "verify.enter", 20)
    caller.press("47210865", ms=60, gap_ms=60)
    w.hears(caller, "verify.unknown", 10)
    w.check("a wrong check digit leads nowhere", not w.events().of("contact_queued"))
    pressed = time.time()
    caller.press("47*", ms=60, gap_ms=60)
    w.hears(caller, "verify.enter", 10, from_at=pressed + 0.3)
    pressed = time.time()
    for digit in REFERENCE[:2]:
        caller.info(digit)
        time.sleep(0.3)
    caller.press(REFERENCE[2:], ms=60, gap_ms=60)
    w.hears(caller, "pair.10.f", 20, from_at=pressed)
    said = [s.id for s in caller.heard.said(world.prompts, pressed) if s.id.startswith("pair.")]
    pairs = [p.split(".")[1] for p in said]
    w.check("read back, then a number, by pairs",
            pairs[:9] == ["47", "21", "08", "64", "05", "36", "49", "00", "10"], said)
    events = w.order("then the queue", "contact_queued")
    w.check("what was typed is in no event", REFERENCE not in events.text())
    w.check("nor in the log", REFERENCE not in w.service.said())
    caller.hang_up()
    w.outcomes("turned_away")


@case(slow=True, edit=with_digits)
def digits_of_nobody(w):
    """Two silences in an entry, or ** : a person."""
    caller, other = w.call(to="0536490020"), w.call(KARIM, to="0536490020")
    w.hears(other, "verify.enter", 20)
    other.press("4**", ms=60, gap_ms=60)
    w.hears(other, "menu.person")
    w.hears(caller, "verify.enter", 20)
    w.hears(caller, "menu.again", 25)
    w.hears(caller, "menu.no_key", 30)
    events = w.until(lambda e: len(e.of("contact_queued")) == 2, 15)
    w.check("both wait for a person", len(events.of("contact_queued")) == 2)
    caller.hang_up()
    other.hang_up()
    w.outcomes("turned_away", "turned_away")


@case(slow=True, edit=with_digits)
def somebody_by_name(w):
    """a02 by name: rung although the robot is idle for longer."""
    w.agent(ROBOT)
    time.sleep(0.5)
    phone = w.agent(HUMAN)
    caller = w.call(to="0536490020")
    w.hears(caller, "verify.enter", 20)
    caller.press(REFERENCE, ms=60, gap_ms=60)
    w.hears(caller, "connect.now", 30)
    w.both_hear(caller, phone)
    offers = w.events().of("offer_made")
    w.check("one offer, by the ring of the advisor",
            [o["ring"] for o in offers] == ["advisor"], offers)
    caller.hang_up()
    w.outcomes("answered")


# ---- languages ---------------------------------------------------------------------------------
def english_prompts(*names):
    """Only these, so that little is read."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            (Path(folder) / f"{name}.wav").symlink_to(world.prompts_root / "en" / f"{name}.wav")
        return sound.Prompts(Path(folder))


def hears_english(w, caller, english, prompt):
    found = wait_until(lambda: prompt in [s.id for s in caller.heard.said(english)], 10, 0.1)
    w.check(f"“{prompt}” is heard in English", found)


@case(slow=True, changes={"queue": {"language": "8s"}})
def eight(w):
    """8 during the greeting: English from the menu on; who speaks it is asked for, then anyone."""
    english = english_prompts("menu.main", "menu.chosen.famille", "queue.direct")
    phone = w.agent(HUMAN)                  # no English
    caller = w.call()
    time.sleep(0.5)
    caller.press("8")
    hears_english(w, caller, english, "menu.main")
    caller.press(FAMILY)
    hears_english(w, caller, english, "menu.chosen.famille")
    w.both_hear(caller, phone, seconds=15)
    events = w.events()
    w.check("nobody speaks English: anyone, at once",
            [e["needs"] for e in events.of("contact_queued")] == [0])
    speaker = w.agent(ROBOT, ready=False)   # speaks all languages, paused
    other = w.call(KARIM)
    time.sleep(0.5)
    other.press("8" + FAMILY, ms=60, gap_ms=200)
    caller.hang_up()
    queued = w.until(lambda e: len(e.of("contact_queued")) == 2).of("contact_queued")[1]
    w.check("somebody speaks English: wanted for 8 s", queued["needs"] == 1 and
            queued["needs_until_at"] - queued["at"] == 8000, queued)
    lifted = w.order("then anyone", ("needs_lifted", {"why": "time"}), seconds=15)
    took = (lifted.of("needs_lifted")[0]["at"] - queued["at"]) / 1000
    w.fact("anyone after", took, "s")
    w.check("in time", 8 <= took < 9.5, took)
    w.both_hear(other, phone, seconds=15)
    w.check("the other telephone stays quiet", not speaker.count("CALL_INCOMING"))
    other.hang_up()
    w.outcomes("answered", "answered")
