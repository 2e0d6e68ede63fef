#!/usr/bin/env python3
"""robots_test.py — the robots of the end-to-end tests against each other, before they judge the
service: what they say they heard, keyed or lost must be so.

  robots_test.py DOOR ROOT [NAME …]     exit 77 (skipped) with a line without baresip or SIPp
"""
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sipp
import sound
from caller import Caller
from robots import Phone, Program, need, wait_until
from service import Events, Service, read_agents, read_settings, write_settings
from sipp import Sipp, pause, play

STUB = """#!/usr/bin/env python3
import signal, sys, time
if sys.argv[1] == "serve":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = [line for line in open(sys.argv[3]) if line.startswith("  port:")][0].split()[1]
    time.sleep(0.2)
    print(f"decroche: prêt, SIP 127.0.0.1:{port if port != '0' else 5062}, HTTP 127.0.0.1:8081",
          flush=True)
    time.sleep(60)
elif sys.argv[1] == "replay":
    print('{"id":1,"at":5,"kind":"started"}', '{"id":2,"at":6,"kind":"call_outcome","outcome":'
          '"test"}', sep="\\\\n")
"""


def say(what, truth, more=""):
    if not truth:
        raise AssertionError(f"{what} … {str(more)[-2000:]}")
    print(f"    {what}")


# ---- ears ------------------------------------------------------------------------------------
def ears(door, root):
    say("each A-law code survives decoding and encoding",
        all(sound.encode(sound.decode([c]))[0] == c for c in range(256)))
    for hz in (440, 1000, 425):
        s = sound.decode(sound.sine(hz))
        say(f"{hz} Hz is heard at its level", abs(sound.tone_db(s, hz) + 15.25) < 0.2
            and sound.tone_share(s, hz) == 1 and sound.tone_share(s, hz + 30) == 0)
    both = [a + b for a, b in zip(*map(sound.decode, (sound.sine(440), sound.sine(1000))))]
    say("two tones together are neither", sound.tone_share(both, 440) == 0)
    kinds = {"silence": [0] * 16000, "tone": sound.decode(sound.sine(440, 2)),
             "music": sound.read_wav(root / "prompts/common/music.wait.wav")[80000:96000]}
    kinds["speech"] = sound.read_wav(root / "prompts/fr/menu.main.wav")[16000:32000]
    for kind, s in kinds.items():
        say(f"{kind} is known as such", sound.kind(s) == kind, sound.kind(s))


def prompts(door, root):
    known = sound.Prompts(root / "prompts/fr", root / "prompts/common")
    codes = sound.encode(sound.read_wav(root / "prompts/fr/greet.org.wav"))
    with Caller("0536490010") as far, Caller() as near:
        far.voice.codes = codes + sound.SILENCE * (-len(codes) % sound.FRAME)
        near.invite("0536490010", ("127.0.0.1", far.port))
        say("the call is up", near.wait("talking"))
        said = wait_until(lambda: [s for s in near.heard.said(known) if s.last > s.of - 25], 8)
        say("a prompt is named by its bytes, heard to its end",
            said and said[0].id == "greet.org" and said[0].first < 15, near.heard.said(known))


# ---- lines -----------------------------------------------------------------------------------
def lines(door, root):
    with Caller("0536490010") as far, Caller() as near:
        near.tone(440)
        far.tone(1000)
        near.invite("0536490010", ("127.0.0.1", far.port))
        say("answered", near.wait("talking") and far.wait("talking"))
        time.sleep(0.3)
        from_at = time.time()
        time.sleep(1)
        near.press("15#*0")
        say("each key is heard once", wait_until(lambda: len(far.keys_heard) == 5, 3)
            and "".join(k[1] for k in far.keys_heard) == "15#*0", far.keys_heard)
        say("each hears the other's tone", sound.heard(far.heard, 440, from_at, from_at + 1) > 0.85
            and sound.heard(near.heard, 1000, from_at, from_at + 1) > 0.85)
        n, lost, gap, p99 = near.heard.spacing(from_at)
        say("no packet is lost", n > 70 and lost == 0, (n, lost, gap, p99))
        near.hang_up()
        say("both know who hung up", near.wait("ended") and far.wait("ended")
            and (near.ended_by, far.ended_by) == ("us", "them"))


def not_answered(door, root):
    with Caller("0536490010", answers=False) as far, Caller() as near:
        near.invite("0536490010", ("127.0.0.1", far.port))
        near.wait("ringing")
        near.cancel()
        say("a call that rings is cancelled", near.wait("ended") and near.status == 487)
    with Caller("0536490010", answers=False) as far, Caller() as near:
        near.invite("0536490010", ("127.0.0.1", far.port))
        far.wait("ringing")
        far.hang_up()
        say("or declined", near.wait("ended") and near.status == 486)
    with Caller("0536490010") as far, Caller() as near:
        near.invite("0536490010", ("127.0.0.1", far.port))
        near.wait("talking")
        near.vanish()
        time.sleep(0.3)
        n = len(far.heard.packets)
        far.hang_up()
        time.sleep(0.5)
        say("or its cable is cut", len(far.heard.packets) == n and far.state == "talking")


def with_sipp(door, root):
    need("sipp")
    builtin = subprocess.run(["sipp", "-sd", "uas"], capture_output=True, text=True)
    with Sipp(("127.0.0.1", 9), "x", xml=builtin.stdout) as uas, Caller() as near:
        time.sleep(0.5)
        near.invite("service", ("127.0.0.1", uas.port))
        say("SIPp answers us", near.wait("talking", seconds=5), uas.program.said()[-500:])
        near.hang_up()
        say("and is content", near.wait("ended") and uas.wait(10), uas.errors())
    steps = [pause(400), play(sipp.keys("2#")), pause(900), play(sipp.tone(440, 2)), pause(2000)]
    if not sipp.may_play():
        print("    (not root: SIPp cannot play sound)")
        steps = [pause(500)]
    with Caller("0536490010") as far:
        with Sipp(("127.0.0.1", far.port), "0536490010", steps) as call:
            say("SIPp calls us, keys, speaks and hangs up", call.wait(20) and far.wait("ended"),
                call.errors())
        if len(steps) > 1:
            end = far.at["ended"]
            say("its keys are heard", "".join(k[1] for k in far.keys_heard) == "2#", far.keys_heard)
            say("its tone is heard", sound.heard(far.heard, 440, end - 1.7, end - 0.3) > 0.85)


# ---- telephones ------------------------------------------------------------------------------
def phone_registers(door, root):
    need("baresip")
    with subprocess.Popen([door], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as d:
        port = int(d.stdout.readline())
        with Phone("101", "s3cret", port) as phone:
            say("a telephone signs in with its line", phone.registered(), phone.program.said())
        with Phone("101", "wrong", port) as phone:
            say("and not with a wrong secret", not phone.registered()
                and 401 in phone.registrations(), phone.program.said())
        d.stdin.close()
        say("and says goodbye when it is switched off", "bindings 0" in d.stdout.read())


def phone_talks(door, root):
    need("baresip")
    with Caller("*71") as far, Phone("190", None, far.port, tone=1000) as phone:
        far.tone(440)
        say("it dials a short code", phone.dial("*71") and far.wait("talking")
            and "INVITE sip:*71@" in far.log[0][2], phone.program.said())
        phone.press("4821#")
        say("it keys", wait_until(lambda: len(far.keys_heard) == 5, 3)
            and "".join(k[1] for k in far.keys_heard) == "4821#", far.keys_heard)
        from_at = time.time()
        say("it hears", phone.hears(440), sound.db(sound.power(phone.samples(1))))
        time.sleep(max(0, from_at + 1 - time.time()))
        say("it is heard", sound.heard(far.heard, 1000, from_at, from_at + 1) > 0.85)
        phone.hang_up()
        say("it hangs up", far.wait("ended") and far.ended_by == "them")


def phone_rings(door, root):
    need("baresip")
    for way in ("answers", "declines", "lets it ring", "dies"):
        with Caller("house", answers=False) as house, Caller() as near, \
                Phone("190", None, house.port, answers=way in ("answers", "dies")) as phone:
            phone.tell("dial", "100")
            house.wait("ringing")
            user, at = house.target.removeprefix("sip:").split("@")
            house.hang_up()             # 486: now it is known where the telephone is
            phone.happened("CALL_CLOSED")
            near.invite(user, ("127.0.0.1", int(at.partition(";")[0].rpartition(":")[2])))
            rang = way in ("answers", "dies") or phone.happened("CALL_INCOMING")
            if way == "answers":
                say("it answers by itself", near.wait("talking"), phone.program.said())
                say("and says its tone", wait_until(lambda: sound.heard(near.heard, 1000) > 0.8))
            elif way == "declines":
                phone.hang_up()
                say("it declines (486)", rang and near.wait("ended") and near.status == 486)
            elif way == "lets it ring":
                say("it rings on", rang and near.wait("ringing") and not near.wait("ended",
                                                                                  seconds=2))
                near.cancel()
                say("until it is cancelled", near.wait("ended") and near.status == 487)
            else:
                near.wait("talking")
                time.sleep(0.5)
                phone.kill()
                time.sleep(0.2)
                n = len(near.heard.packets)
                time.sleep(0.5)
                say("it dies without a word", n > 10 and len(near.heard.packets) == n
                    and near.state == "talking")


# ---- the service, by a stub --------------------------------------------------------------------
def service(door, root):
    place = Path(tempfile.mkdtemp(prefix="decroche-stub-"))
    stub = place / "decroche"
    stub.write_text(STUB.replace("\\\\", "\\"), encoding="utf-8")
    stub.chmod(0o755)
    settings = read_settings((root / "demo/decroche.yaml").read_text(encoding="utf-8"))
    say("settings survive reading and writing", settings["queue"]["offer"] == "20s" and
        read_settings(write_settings(settings)) == settings)
    agents = read_agents((root / "demo/directory.yaml").read_text(encoding="utf-8"))
    say("agents with a line are found", agents["a01"].line == "101" and "a05" not in agents)
    with Service(stub, root / "demo", {"queue": {"offer": "5s"}}) as s:
        say("it is ready", s.sip == ("127.0.0.1", 5062) and s.http == ("127.0.0.1", 8081))
        say("its journal is read", s.events().outcomes() == ["test"])
        s.kill9()
        say("it is killed", not s.is_alive())
        say("it starts again on the same port", s.start() < 5 and s.sip[1] == 5062
            and s.settings["phone"]["port"] == 5062)
        say("it stops", s.stop() == 0)
    events = Events([{"kind": "a", "x": 1}, {"kind": "b"}, {"kind": "a", "x": 2}])
    say("an order of events is seen", events.has_in_order("a", "b", ("a", {"x": 2}))
        and not events.has_in_order("b", "a", "b") and len(events.of("a", x=1)) == 1)
    p = Program(["sh", "-c", "echo one; echo two; sleep 30"])
    say("a line is waited for", p.line_with("two", 5) == "two"
        and p.line_with("three", 0.2) is None and p.end(signal.SIGTERM) == -15)
    stub.unlink()
    place.rmdir()


CASES = [ears, prompts, lines, not_answered, with_sipp, phone_registers, phone_talks, phone_rings,
         service]


def main():
    door, root, only = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    need("baresip", "sipp")
    failed = 0
    for case in CASES:
        if only and case.__name__ not in only:
            continue
        print(case.__name__)
        try:
            case(door, root)
        except AssertionError as e:
            failed += 1
            print(f"    NOT: {e}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
