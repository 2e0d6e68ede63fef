"""call_opened.py — cases of call.py: a machine opens the calls back (callback.confirm: key), and
people who want none: a key, a voice, silence; « c’est noté »; and what `check` says of a house that
may not."""
import time

import sound
from call_back import BACK, arranges, both, far_line, promised
from cases import case
from robots import wait_until
from world import HUMAN, ODETTE, merged

AUTOMATIC = "05 68 12 34 56"
OPENED = merged(BACK, {"callback": {"confirm": "key"}, "caller_id": {"automatic": AUTOMATIC}})
CALLED = "  - { number: \"05 36 49 00 10\""


def with_automatic(home):
    """The number of machines is ours: who calls it back reaches the menu."""
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    row = next(row for row in text.splitlines() if row.startswith(CALLED))
    path.write_text(text.replace(row, row + "\n" + row.replace("05 36 49 00 10", AUTOMATIC)),
                    encoding="utf-8")


def opened(w, tone):
    """Promised; the machine speaks there, the agent hears it ring."""
    far = far_line(w, tone=tone)
    caller = w.queued(ODETTE)
    w.hears(caller, "nobody.unknown", 20)
    arranges(w, caller)
    w.hears(caller, "pair.68.m", 20)     # which number will call
    caller.hang_up()
    phone = w.agent(HUMAN)
    w.agent_hears(phone, "cb.whisper", 10)
    w.check("it rings there", far.wait("talking", seconds=15), lambda: far.log)
    invite = far.log[0][2]
    w.check("showing the number of machines", "<sip:+33568123456@" in invite, invite)
    return far, phone


@case(slow=True, changes=OPENED, edit=with_automatic)
def robot_opens_and_a_key_connects(w):
    """Nobody speaks there; the sentence; a key: the agent, and it is a person."""
    far, phone = opened(w, 0)
    w.hears(far, "cb.robot", 20)
    far.tone(440)
    far.press("1")
    w.order("a key says that it is a person", "offer_joined")
    both(w, far, phone)
    time.sleep(11)
    far.hang_up()
    w.outcomes("callback_honoured")


@case(slow=True, changes=OPENED, edit=with_automatic)
def robot_opens_and_a_voice_connects(w):
    """« Allô ? » brings the agent at once, within the sentence; it was a machine's."""
    far, phone = opened(w, 440)
    w.check("a voice brings the agent before the sentence is over", wait_until(
        lambda: sound.heard(far.heard, 1000, time.time() - 0.5) > 0.8, 4), lambda: w.heard_by(far))
    both(w, far, phone)
    w.check("it is not spoken yet", not w.events().of("offer_joined"))
    phone.press("2")
    tried = w.order("a machine", "callback_tried").of("callback_tried")[0]
    w.check("is no answer", tried["result"] == "machine", tried)
    w.check("both are let go", far.wait("ended", seconds=5))


@case(slow=True, changes=OPENED, edit=with_automatic)
def robot_opens_and_nobody_speaks(w):
    """Eight seconds after the sentence: nobody."""
    far, _ = opened(w, 0)
    w.hears(far, "cb.robot", 20)
    w.check("they are let go", far.wait("ended", seconds=20))
    tried = w.order("an attempt", "callback_tried").of("callback_tried")[0]
    w.check("that reached nobody", tried["result"] == "nobody", tried)


@case(slow=True, changes=OPENED, edit=with_automatic)
def robot_opens_and_nine_is_never(w):
    """9: « C’est noté », and no machine calls this number again."""
    far, _ = opened(w, 0)
    w.hears(far, "cb.robot", 20)
    far.press("9")
    w.hears(far, "cb.never", 10)
    w.order("it is on disk", "never_listed", "callback_cancelled", "contact_settled")
    w.check("then we hang up", far.wait("ended", seconds=8))
    said = w.service.run("never", "check", "05 36 49 12 34", "-c", w.service.settings_file)
    w.check("the command knows it", "oui" in said.stdout.lower() or "ne " in said.stdout.lower(),
            said.stdout)
    w.outcomes("abandoned")


@case(slow=True, changes=BACK)
def called_back_and_wants_no_call(w):
    """The agent presses 4: « Le rappel est annulé », and nobody calls again."""
    far = far_line(w)
    promised(w)
    phone = w.agent(HUMAN)
    w.check("it rings there", far.wait("talking", seconds=20), lambda: far.log)
    both(w, far, phone)
    phone.press("4")
    w.hears(far, "cb.cancel", 10)
    w.order("it is on disk", "callback_cancelled", "contact_settled")
    w.check("then we hang up", far.wait("ended", seconds=8))
    w.check("no attempt was counted", not w.events().of("callback_tried"))
    w.outcomes("abandoned")


@case(changes=BACK)
def robot_without_its_number(w):
    """What `check` and `reload` say of a machine that has no number of its own."""
    path = w.service.settings_file
    text = path.read_text(encoding="utf-8")
    w.check("the settings have callbacks", "\ncallback:" in text or '"callback"' in text, text)
    path.write_text(text.replace('"gap": "1min"', '"gap": "1min", "confirm": "key"')
                    .replace("gap: 1min", "gap: 1min\n  confirm: key"), encoding="utf-8")
    for order in ("check", "reload"):
        done = w.service.run(order, "-c", path)
        said = done.stdout + done.stderr
        w.check(f"{order}: it needs a number", done.returncode and "sans numéro à elle" in said,
                said)
