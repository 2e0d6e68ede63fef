"""call_ordinary.py — cases of call.py: an agent with an ordinary telephone, whom we reach by an
operator; who signs in by a call with a code, hears whom it is about, and presses 1."""
import time

import sound
from cases import case
from robots import wait_until
from world import HUMAN, ODETTE, ROBOT

SIGN_IN, THIERRY = "0536490090", "0536490041"       # a04's telephone
CODE = "4824"


def with_operator(home, port):
    """The demonstration's first access leads to this port."""
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("127.0.0.1:5070", f"127.0.0.1:{port}"), encoding="utf-8")


def give_code(home):
    path = home / "secrets.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f'  - {{ id: a04, code: "{CODE}" }}\n',
                    encoding="utf-8")


def operator(w):
    """A line that answers what we dial; our only trunk from now on. give_code must have come."""
    far = w.line(THIERRY, tone=1000)
    with_operator(w.service.home, far.port)
    give_code(w.service.home)
    done = w.service.run("reload", "-c", w.service.settings_file)
    w.check("the files are accepted", done.returncode == 0, done.stdout + done.stderr)
    return far


def sign_in(w, number=THIERRY, code=CODE, key="1"):
    phone = w.call(number, to=SIGN_IN)
    w.hears(phone, "agent.code")
    phone.press(code + "#")
    if key:
        w.hears(phone, "agent.in")
        phone.press(key)
    return phone


@case()
def ordinary_telephone(w):
    """Signed in by code, rung by the operator, whispered to, and answered with 1."""
    far = operator(w)
    phone = sign_in(w)
    w.check("the call ends by itself", phone.wait("ended", seconds=15))
    w.order("ready", "agent_signed_in", "agent_ready")
    caller = w.queued(ODETTE)
    w.check("the telephone rings", far.wait("talking", seconds=10), lambda: far.log)
    invite = far.log[0][2]
    w.check("by its number, showing ours", "INVITE sip:+33536490041@" in invite
            and "<sip:+33536490010@" in invite, invite)
    for prompt in ("agent.whisper.famille", "agent.whisper.answer"):
        w.hears(far, prompt, 10)
    w.check("nobody is joined before the key", not w.events().of("offer_joined"))
    far.press("1")
    w.order("the key joins", "offer_joined")
    w.check("they hear each other", wait_until(
        lambda: sound.heard(far.heard, 440, time.time() - 1) > 0.8
        and sound.heard(caller.heard, 1000, time.time() - 1) > 0.8, 8),
        lambda: w.heard_by(far) + w.heard_by(caller))
    time.sleep(1)
    caller.hang_up()
    w.check("the telephone is let go", far.wait("ended", seconds=10))
    w.order("ready again by itself", "agent_wrap_up", "agent_ready", seconds=10)
    w.outcomes("answered")


@case()
def ordinary_agent_practises(w):
    """Key 6 of the menu: the mobile is rung, the robot is announced, 1 answers it."""
    far = operator(w)
    w.agent(ROBOT, ready=False)
    phone = sign_in(w, key="6")
    w.hears(phone, "agent.practice")
    w.check("the call ends by itself", phone.wait("ended", seconds=15))
    w.check("the telephone rings", far.wait("talking", seconds=10), lambda: far.log)
    for prompt in ("agent.practice", "agent.whisper.answer"):
        w.hears(far, prompt, 10)
    far.press("1")
    w.order("the key joins", "offer_joined")
    w.hears(far, "practice.ask", 15)
    far.hang_up()
    w.order("all is as before", "offer_ended", ("agent_paused", {"reason": "sign_in"}))
    w.outcomes("test")


@case()
def voicemail_is_no_answer(w):
    """Picked up, and no key: the next agent, and the first one paused."""
    far = operator(w)
    sign_in(w).wait("ended", seconds=15)
    caller = w.queued(ODETTE)
    w.check("it picks up", far.wait("talking", seconds=10))
    w.order("no key is no answer", ("offer_ended", {"why": "no_answer"}),
            ("agent_paused", {"reason": "no_answer"}), seconds=15)
    w.check("it is let go", far.wait("ended", seconds=5))
    w.check("the caller waits on", caller.state == "talking"
            and not w.events().of("offer_joined"))
    caller.hang_up()
    w.outcomes("abandoned")


@case()
def ordinary_code(w):
    """The number alone signs nobody in: neither does a wrong code, nor another telephone."""
    operator(w)
    for number, code in ((THIERRY, "0000"), ("0536490043", CODE), ("anonymous", CODE)):
        phone = sign_in(w, number, code, key="")
        w.hears(phone, "agent.code.bad")
        phone.hang_up()
    w.check("nobody is signed in", not w.events().of("agent_signed_in"))
    phone = sign_in(w, key="9")
    w.hears(phone, "agent.out")
    w.order("in and out again", "agent_signed_in", "agent_signed_out")
    w.check("these are no calls of the public", not w.events().of("call_arrived"))


@case()
def emergency_call(w):
    """112 from a telephone of the house goes out at once; other numbers hear why not."""
    phone = w.telephone(HUMAN)
    w.check("without an operator that answers it is said at once", phone.dial("112"))
    w.agent_hears(phone, "agent.sos", 15)
    phone.happened("CALL_CLOSED", 1, 15)
    far = operator(w)
    w.check("112 is answered", phone.dial("112"), phone.program.said)
    w.check("as it was dialled", "INVITE sip:112@" in far.log[0][2], far.log[0][2])
    w.check("they hear each other", wait_until(
        lambda: sound.heard(far.heard, 1000, time.time() - 1) > 0.8 and phone.hears(1000, 1), 8),
        lambda: w.heard_by(far))
    phone.hang_up()
    w.check("and it ends for both", far.wait("ended", seconds=5))
    w.check("a mobile is answered too", phone.dial("0612345678"), phone.program.said)
    w.agent_hears(phone, "agent.sos", 15)
    w.check("none of it is a call of the public", not w.events().of("call_arrived"))
    late = w.line(ODETTE)
    late.invite("112", w.service.sip)
    w.check("nobody else reaches 112 by us", late.wait("ended", seconds=3)
            and late.status == 404, lambda: late.log)


@case(changes={"gate": {"agents": "france"}})
def agent_calls_outside(w):
    """By the gate: a number of the demonstration's operator; a surcharged one is refused in words;
    nobody is sent to who speaks outside, and after it callers are again."""
    far = operator(w)
    agent = w.agent(HUMAN)
    w.check("a mobile of fiction is dialled", agent.dial("0639981240"), agent.program.said)
    w.check("by its digits for anywhere", "INVITE sip:+33639981240@" in far.log[0][2],
            far.log[0][2])
    w.order("the agent is aside", ("agent_paused", {"reason": "calling"}))
    w.check("they hear each other", wait_until(
        lambda: sound.heard(far.heard, 1000, time.time() - 1) > 0.8 and agent.hears(1000, 1), 8),
        lambda: w.heard_by(far))
    caller = w.queued(ODETTE)
    w.check("who calls meanwhile waits", not w.events().of("offer_made"))
    far.hang_up()
    w.both_hear(caller, agent)
    caller.hang_up()
    w.outcomes("answered")
    w.check("a surcharged number is answered", agent.dial("0899123456"), agent.program.said)
    w.agent_hears(agent, "agent.out.refused", 10)


def shown(w):
    return w.service.run("status", "-c", w.service.settings_file).stdout


@case(changes={"gate": {"agents": "france", "day_max_agent": 1}})
def caps_outlive_a_kill(w):
    """One call a day of an agent: the second is refused, after kill -9 and a new start too; the
    operator is asked for nothing; status, the alarm and the log say so, and no number is kept. A
    higher cap that is read again lets one more out."""
    far = operator(w)
    agent = w.agent(HUMAN)
    w.check("the first is dialled", agent.dial("0639981240"), agent.program.said)
    far.hang_up()
    agent.happened("CALL_CLOSED", 1, 10)
    w.check("it is shown", wait_until(lambda: "appels d’agents\u00a01 sur 500" in shown(w), 5),
            lambda: shown(w))
    w.check("and no cap yet", "gate_cap" not in w.service.said(), w.service.said)
    w.service.kill9()
    w.restart()
    w.check("it is counted after the kill", "appels d’agents\u00a01 sur 500" in shown(w),
            lambda: shown(w))
    asked = len(far.log)
    w.check("the second is answered", agent.dial("0639981240", 15), agent.program.said)
    w.agent_hears(agent, "agent.out.cap", 10)
    w.check("the operator was asked for nothing",
            not [m for m in far.log[asked:] if "INVITE" in str(m)], lambda: far.log[asked:])
    w.check("the cap is in the status", wait_until(
        lambda: "atteint\u00a0: plafond du jour de cet agent" in shown(w), 5), lambda: shown(w))
    w.check("and in the log", wait_until(lambda: "cap=agent" in w.service.said(), 5),
            w.service.said)
    agent.happened("CALL_CLOSED", 1, 15)
    path = w.service.settings_file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("day_max_agent: 1", "day_max_agent: 2"), encoding="utf-8")
    done = w.service.run("reload", "-c", path)
    w.check("a higher cap is read", done.returncode == 0, done.stdout + done.stderr)
    w.check("one more is dialled", agent.dial("0639981240", 15), agent.program.said)
    w.check("by the operator", [m for m in far.log[asked:] if "INVITE" in str(m)],
            lambda: far.log[asked:])
    w.check("both are counted", wait_until(lambda: "appels d’agents\u00a02 sur 500" in shown(w), 5),
            lambda: shown(w))
    agent.hang_up()
    kept = w.service.journal.read_bytes() + w.service.journal.with_name(
        w.service.journal.name + "-wal").read_bytes()
    w.check("no number is kept", b"639981240" not in kept and (33639981240).to_bytes(
        8, "big") not in kept and (33639981240).to_bytes(8, "little") not in kept)


@case()
def operator_cannot(w):
    """No operator takes the call: the agent is passed over, the caller told nothing wrong."""
    far = operator(w)
    far.answers = False
    sign_in(w).wait("ended", seconds=15)
    far.close()
    caller = w.queued(ODETTE)
    w.order("the offer fails", "offer_made", "offer_ended", seconds=15)
    w.check("the caller is still there", caller.state == "talking")
    caller.hang_up()
    w.outcomes("abandoned")
