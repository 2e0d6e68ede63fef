"""call_record.py — cases of call.py: conversations that are recorded, and those that are not."""
import json
import os
import struct
import time
import urllib.request

import sound
import world
from cases import case
from robots import wait_until
from world import FAMILY, ODETTE

RATE = 8000


def with_recordings(home):
    """A folder, a key, and the family's queue samples all of its conversations."""
    (home / "rec").mkdir(mode=0o700)
    key = home / "recording.key"
    key.write_text(os.urandom(32).hex() + "\n", encoding="ascii")
    key.chmod(0o600)
    directory = home / "directory.yaml"
    text = directory.read_text(encoding="utf-8")
    assert text.count("{ id: famille,") == 1
    directory.write_text(text.replace("{ id: famille,", "{ id: famille, recording: 100 %,"),
                         encoding="utf-8")


ON = {"recording": {"folder": "rec"}}


def recording(w, *words, code=0):
    done = w.service.run("recording", *words, "-c", w.service.settings_file)
    w.check(f"recording {words[0]} ends with {code}", done.returncode == code,
            lambda: done.stdout + done.stderr)
    return done.stdout if code == 0 else done.stderr


def listed(w):
    return [json.loads(line) for line in recording(w, "list", "--json").splitlines()]


def sides(w, file):
    """The two sides of a WAV, as samples."""
    data = file.read_bytes()
    fmt, channels, rate, _, _, bits = struct.unpack("<HHIIHH", data[20:36])
    n, = struct.unpack("<I", data[54:58])
    w.check("a WAV in A-law, 8 kHz, two sides", data[:4] == b"RIFF" and data[50:54] == b"data" and
            (fmt, channels, rate, bits) == (6, 2, RATE, 8) and n == len(data) - 58)
    codes = data[58:]
    return [sound.decode(codes[side::2]) for side in (0, 1)]


def told(w, caller):
    """Presses the key of a queue that samples; hears the notice. Its instant."""
    time.sleep(0.5)
    caller.press(FAMILY)
    return w.hears(caller, "notice.record")


def gaps(samples, at_least_s=2.0):
    """[(from, until)] in seconds, where nothing at all was kept."""
    found, begun = [], None
    for i in range(0, len(samples) + 1, 80):
        is_still = i < len(samples) and max(map(abs, samples[i:i + 80])) < 20
        begun = (i if begun is None else begun) if is_still else begun
        if not is_still and begun is not None:
            if i - begun >= at_least_s * RATE:
                found.append((begun / RATE, i / RATE))
            begun = None
    return found


@case(changes=ON, edit=with_recordings)
def record_of_a_call(w):
    """Told, with three seconds to refuse; both sides in one file that nobody reads without a
    reason; digits that the caller keys are not in it."""
    agent = w.agent()
    caller = w.call(ODETTE)
    told(w, caller)
    caller.press("1")                           # no other key interrupts it
    events = w.until(lambda e: e.of("contact_queued"), 20)
    w.check("the queue comes after the notice", events.of("contact_queued"))
    w.hears(caller, "rec.on")
    w.both_hear(caller, agent)
    agent.press("*5")
    w.hears(caller, "rec.off")
    paused = time.time()
    time.sleep(1)
    agent.press("*5")
    w.check("the caller hears that it goes on", wait_until(lambda: len(
        [s for s in caller.heard.said(world.prompts) if s.id == "rec.on"]) == 2, 5))
    time.sleep(2)
    caller.press("4")
    caller.press("8")
    keyed = time.time()
    time.sleep(5)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=8))
    offer = w.until(lambda e: e.of("offer_ended"), 5).of("offer_made")[0]
    time.sleep(1.5)
    rows = listed(w)
    w.check("one recording, under the id of its offer", [r["recording"] for r in rows] ==
            [offer["id"]] and not rows[0]["is_damaged"], rows)
    sealed = (w.service.home / "rec" / f"{offer['id']}.rec").read_bytes()
    w.check("it is not readable", bytes([0xd5]) * 100 not in sealed)
    wav = w.service.home / "call.wav"
    recording(w, "export", offer["id"], "--wav", wav, code=2)
    w.check("nothing is given without a reason", not wav.exists())
    recording(w, "export", 999999, "--wav", wav, "--reason", "réclamation", code=1)
    recording(w, "export", offer["id"], "--wav", wav, "--reason", "réclamation 12")
    w.check("for its owner alone", wav.stat().st_mode & 0o777 == 0o600)
    left, right = sides(w, wav)
    begun = rows[0]["begun_at"] / 1000
    w.check("the caller is on the left", sound.tone_share(left[2 * RATE:4 * RATE], 440) > 0.8)
    w.check("the agent is on the right", sound.tone_share(right[3 * RATE:4 * RATE], 1000) > 0.8)
    at = paused - begun
    w.check("the agent's pause is silence", any(
        g[0] < at < g[1] for g in gaps(left, 1.0)) and any(g[0] < at < g[1]
                                                          for g in gaps(right, 1.0)),
            lambda: (at, gaps(left, 0.5), gaps(right, 0.5)))
    at = keyed - begun
    w.check("from before the first key until after the last, neither is kept",
            all(any(-1 < g[0] - at < 0.2 and 3.2 < g[1] - g[0] < 4.6 for g in gaps(side))
                for side in (left, right)), lambda: (at, gaps(left), gaps(right)))
    w.check("then both again", sound.tone_share(left[round((at + 3.5) * RATE):
                                                     round((at + 4.5) * RATE)], 440) > 0.8)
    recording(w, "export", offer["id"], "--wav", wav, "--reason", "encore", code=3)
    lines = [json.loads(x) for x in recording(w, "audit").splitlines()]
    w.check("who read it and why is noted", [x["reason"] for x in lines] == ["réclamation 12"] and
            lines[0]["recording"] == offer["id"] and lines[0]["reader"].startswith("uid "), lines)
    recording(w, "export", offer["id"], "--wav", w.service.home / "2.wav", "--reason", "encore")
    audit = w.service.home / "rec" / "audit.jsonl"
    audit.write_text(audit.read_text(encoding="utf-8").replace("réclamation 12", "formation"),
                     encoding="utf-8")
    w.check("a changed line is noticed", "chaîne" in recording(w, "audit", code=1))


@case(changes=ON, edit=with_recordings)
def record_refused_by_key(w):
    """Key 7 in the notice: it is noted, then said; nothing is recorded, the call goes on."""
    agent = w.agent()
    caller = w.call(ODETTE)
    told(w, caller)
    caller.press("7")
    w.hears(caller, "notice.refused")
    w.order("noted before the queue", "recording_refused", "contact_queued", seconds=15)
    w.both_hear(caller, agent)
    agent.hang_up()
    caller.wait("ended", seconds=8)
    w.until(lambda e: e.of("offer_ended"), 5)
    time.sleep(1)
    w.check("nothing was recorded", listed(w) == [] and not list(
        (w.service.home / "rec").glob("*.rec")))
    said = [s.id for s in caller.heard.said(world.prompts)]
    w.check("rec.on was never said", "rec.on" not in said, said)


@case(changes=ON, edit=with_recordings)
def record_where_the_folder_is_gone(w):
    """The disk refuses: who was told that it begins hears that it has stopped; an alarm; the call
    goes on."""
    agent = w.agent()
    caller = w.call(ODETTE)
    told(w, caller)
    (w.service.home / "rec").rmdir()
    w.hears(caller, "rec.off", seconds=25)
    w.both_hear(caller, agent)
    url = f"http://127.0.0.1:{w.service.http[1]}/health"

    def alarms():
        with urllib.request.urlopen(url, timeout=3) as answer:
            return [a["alarm"] for a in json.load(answer)["alarms"]]
    w.check("the alarm stands in /health", wait_until(lambda: "recording_failed" in alarms(), 5))
    agent.hang_up()
    caller.wait("ended", seconds=8)
    w.outcomes("test")
