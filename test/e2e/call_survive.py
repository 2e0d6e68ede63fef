"""call_survive.py — cases of call.py: calls that go on when the service is restarted, upgraded or
killed: who waits, who speaks, who is rung; and what cannot go on keeps its place."""
import os
import re
import signal
import time

import sound
from call_ordinary import operator
from call_tls import SECURE, encrypted_lines, papers_of, with_papers
from cases import case, processors, stolen_share
from robots import Phone, wait_until
from sipp import BYE_OF_THEIRS, Sipp, ask, keys, may_play, pause, play, tone
from world import FAMILY, HUMAN, KARIM, ODETTE, PUBLIC, ROBOT

ROSE = "0536491207"
# From the last packet that a caller heard to the first of the next process: alone on the machine;
# beside a dozen other cases.
SILENCE_S = 1.0
SILENCE_BUSY_S = 8.0
SHORT_TRIES = 3
STOLEN, STOLEN_TRIES, STOLEN_PAUSE_S = 0.05, 9, 15
CUT_S = 20          # PHONE_CUT_STRICT_MS
# A set of baresip whose REGISTER met nobody tries again after 30 to 60 s (RFC 5626 §4.5).
BACK_S = 75
# Rings on while a busy machine starts the service again.
RINGS_LONG = {"queue": {"offer": "30s"}}
SECOND_MS = 9000    # the second call of SIPp comes so much later
SANITIZED_N = 6 if "DECROCHE_SANITIZED" in os.environ else 1


def hand_over(w):
    """As `systemctl restart` does it: the one leaves, the next one starts."""
    w.service.stop(signal.SIGUSR2, 10)
    return w.restart()


def die(w):
    w.service.kill9()
    return w.restart()


def silence(caller, since):
    """The longest time without a packet since then."""
    at = [p.at for p in caller.heard.packets if p.at >= since]
    at = [since, *at, time.time()]
    return max(b - a for a, b in zip(at, at[1:]))


def went_on(w, caller, since, bound_s=SILENCE_BUSY_S):
    w.check("no BYE has come", caller.state == "talking", lambda: caller.log[-3:])
    took = silence(caller, since)
    w.fact("silence", took, "s")
    w.check(f"silence of at most {bound_s:.0f} s", took <= bound_s, f"{took:.2f} s")


@case(alone=True)
def restart_is_short(w):
    """Who speaks and who waits, on a machine that has time: after a restart, and after a death."""
    phone = w.agent(ROBOT)
    speaks = w.queued(ODETTE)
    w.both_hear(speaks, phone)
    waits = w.queued(KARIM)
    for restart in (hand_over, die):
        is_short(w, restart, speaks, waits)


def is_short(w, restart, *callers):
    """What the service needs, not what the machine has left for it: the best of so many. A try is
    none while other machines take the processors; that, too, is bounded."""
    tries_n = 0
    for i in range(STOLEN_TRIES):
        began, before = time.time(), processors()
        restart(w)
        time.sleep(0.5)
        took = max(silence(caller, began) for caller in callers)
        w.check("no BYE has come", all(caller.state == "talking" for caller in callers))
        w.fact("silence", took, "s")
        if took <= SILENCE_S * SANITIZED_N:
            return
        stolen = stolen_share(before)
        w.fact("taken by other machines", 100 * stolen, "%")
        tries_n += stolen < STOLEN
        if tries_n == SHORT_TRIES:
            break
        time.sleep(min(5 * i, STOLEN_PAUSE_S))
    w.check(f"silence of at most {SILENCE_S * SANITIZED_N:.0f} s, once in {SHORT_TRIES}", False,
            f"{took:.2f} s")


def goes_on(w, restart):
    phone = w.agent(ROBOT)
    first = w.queued(ODETTE)
    w.both_hear(first, phone)
    second = w.queued(KARIM, tone=620)
    third = w.call(ROSE)
    w.hears(third, "menu.main")
    time.sleep(0.5)
    began = time.time()
    restart(w)
    again = time.time()
    time.sleep(1.5)
    for caller in (first, second, third):
        went_on(w, caller, began)
    w.both_hear(first, phone)
    w.hears(third, "menu.main", from_at=again)
    third.press(FAMILY)
    w.until(lambda e: len(e.of("contact_queued")) >= 3)
    w.check("no call has ended", not w.events().of("call_ended"), lambda: w.events().text()[-3000:])
    first.hang_up()
    w.order("the one who waited is next", "call_ended", "agent_ready", "offer_made", seconds=40)
    made = w.events().of("offer_made")[-1]["contact_id"]
    w.check("by the place", made == w.events().of("contact_opened")[1]["id"])
    w.both_hear(second, phone, caller_hz=620)
    second.hang_up()
    third.hang_up()
    w.outcomes("test", "test", "abandoned")


@case(slow=True)
def restart_goes_on(w):
    goes_on(w, hand_over)


@case(slow=True)
def killed_goes_on(w):
    goes_on(w, die)


@case(changes=RINGS_LONG)
def killed_while_it_rings(w):
    """The telephone rings on; who answers it speaks with the caller, and nobody was rung twice."""
    phone = w.agent(ROBOT, answers=False)
    caller = w.queued(ODETTE)
    w.check("the telephone rings", phone.happened("CALL_INCOMING"))
    closed = phone.count("CALL_CLOSED")
    time.sleep(0.5)
    die(w)
    time.sleep(1)
    w.check("it rings on, once", phone.count("CALL_INCOMING") == 1 and
            phone.count("CALL_CLOSED") == closed and caller.state == "talking", phone.program.said)
    phone.pick_up()
    w.both_hear(caller, phone)
    w.check("one offer", len(w.events().of("offer_made")) == 1)
    caller.hang_up()
    w.outcomes("test")


@case()
def killed_in_an_emergency_call(w):
    """112 goes on: the person at our telephone and the emergency service hear each other again."""
    phone = w.telephone(HUMAN)
    far = operator(w)
    w.check("112 is answered", phone.dial("112"), phone.program.said)

    def both():
        return sound.heard(far.heard, 1000, time.time() - 1) > 0.8 and phone.hears(1000, 1)
    w.check("they hear each other", wait_until(both, 8), lambda: w.heard_by(far))
    began = time.time()
    die(w)
    time.sleep(1)
    went_on(w, far, began)
    w.check("they still do", wait_until(both, 8), lambda: w.heard_by(far))
    phone.hang_up()
    w.check("and it ends for both", far.wait("ended", seconds=5))


@case(slow=True)
def restart_without_the_agents_line(w):
    """A telephone that never comes back: its caller is back at the head, and is told."""
    phone = w.agent(ROBOT, tcp=True)
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    phone.kill()
    hand_over(w)
    again = time.time()
    time.sleep(CUT_S - 5)
    w.check("not before the bound", not w.events().of("contact_returned"))
    w.order("the caller waits again", "offer_ended", "contact_returned", seconds=15)
    w.check("at the same place", w.events().of("contact_returned")[0]["why"] == "agent_lost")
    w.hears(caller, "wait.agent_lost", from_at=again)
    w.check("and was not let go", caller.state == "talking", lambda: caller.log[-3:])


# ---- over TCP and TLS: a connection does not outlive the process ---------------------------------
def connected(w, restart, **how):
    """A telephone and a caller, each by its connection, who speak while the service is restarted.
    The caller, the telephone, and when it began."""
    phone = w.agent(ROBOT, often=True, **how)
    caller = w.call(ODETTE, tcp=True)
    time.sleep(0.5)
    caller.press(FAMILY)
    w.both_hear(caller, phone)
    time.sleep(0.5)
    began = time.time()
    restart(w)
    time.sleep(1)
    went_on(w, caller, began)
    w.both_hear(caller, phone)
    w.check("no call has ended", not w.events().of("call_ended"), lambda: w.events().text()[-3000:])
    return caller, phone


def comes_back(w, caller):
    """By another connection; what it says first is one of its call."""
    caller.reconnect()
    caller.info("9")
    w.check("it is answered there", caller.wait_for(
        lambda: "SIP/2.0 200" in caller.log[-1][2] and "INFO" in caller.log[-1][2], 5),
        lambda: caller.log[-3:])


def each_hangs_up(w, restart, **how):
    """First the telephone, then the caller, each after a restart of its own."""
    caller, phone = connected(w, restart, **how)
    comes_back(w, caller)
    phone.hang_up()
    w.check("the caller hears the BYE of the telephone", caller.wait("ended", seconds=5) and
            caller.ended_by == "them", lambda: caller.log[-3:])
    w.order("and the agent is free", "offer_ended", "agent_ready", "call_ended")
    second = w.call(KARIM, tcp=True)
    time.sleep(0.5)
    second.press(FAMILY)
    w.until(lambda e: len(e.of("offer_made")) == 2, 15)
    if w.until(lambda e: len(e.of("offer_joined")) == 2 or e.of("agent_paused", reason="line_lost"),
               8).of("agent_paused", reason="line_lost"):
        w.ready(phone)          # its connection was gone, and it had not registered again yet
    w.both_hear(second, phone)
    closed = phone.count("CALL_CLOSED")
    restart(w)
    second.reconnect()
    second.hang_up()
    w.check("the caller's BYE is answered", second.wait("ended", seconds=5),
            lambda: second.log[-3:])
    w.check("the telephone hears ours, once it is there again",
            phone.happened("CALL_CLOSED", closed + 1, BACK_S), phone.program.said)
    w.outcomes("test", "test")


@case(slow=True)
def tcp_restart_goes_on(w):
    each_hangs_up(w, hand_over, tcp=True)


@case(slow=True)
def tcp_killed_goes_on(w):
    each_hangs_up(w, die, tcp=True)


@case(alone=True)
def tcp_restart_is_short(w):
    """As restart_is_short, by connections."""
    phone = w.agent(ROBOT, tcp=True)
    speaks = w.call(ODETTE, tcp=True)
    time.sleep(0.5)
    speaks.press(FAMILY)
    w.both_hear(speaks, phone)
    for restart in (hand_over, die):
        is_short(w, restart, speaks)
        w.both_hear(speaks, phone)


@case(changes=RINGS_LONG)
def tcp_killed_while_it_rings(w):
    """A telephone over TCP rings on; its answer comes by a new connection."""
    phone = w.agent(ROBOT, answers=False, tcp=True)
    caller = w.queued(ODETTE)
    w.check("the telephone rings", phone.happened("CALL_INCOMING"))
    time.sleep(0.5)
    die(w)
    time.sleep(1)
    phone.pick_up()
    w.both_hear(caller, phone)
    w.check("one offer", len(w.events().of("offer_made")) == 1)
    caller.hang_up()
    w.outcomes("test")


def succeeded(calls, seconds):
    """How many calls of SIPp went as the scenario says, once it has ended."""
    calls.wait(seconds)
    found = re.findall(r"Successful call\s*\|\s*\d+\s*\|\s*(\d+)", calls.program.said())
    return int(found[-1]) if found else 0


def of_sipp(w, restart):
    """Callers that we did not write, over TCP: one who waits says BYE over a new connection; one
    who is joined after the restart hears ours there. (SIPp connects again only when it has failed
    to send: that is a second call, which is lost for it.)"""
    w.check("SIPp may play keys", may_play())
    how = ("-t", "t1", "-m", 2, "-r", 1, "-rp", SECOND_MS, "-aa", "-max_reconnect", 9,
           "-reconnect_close", "false", "-reconnect_sleep", 100, "-max_socket", 100)
    begin = [pause(1500), play(keys(FAMILY)), pause(600), play(tone(440, 60)),
             pause(2 * SECOND_MS)]
    waits = Sipp(w.service.sip, PUBLIC, [*begin, ask("OPTIONS"), pause(1000)], number=ODETTE,
                 arguments=how)
    speaks = Sipp(w.service.sip, PUBLIC, [*begin, ask("OPTIONS"), BYE_OF_THEIRS], number=KARIM,
                  arguments=how)
    w.people += [waits, speaks]
    events = w.until(lambda e: len(e.of("contact_queued")) >= 2, 2 * SECOND_MS / 1000)
    w.check("both wait", len(events.of("contact_queued")) == 2)
    restart(w)
    w.check("both go on", "2 lines go on" in w.service.said(), w.service.said)
    w.check("the one who waited says BYE over a new connection", succeeded(waits, 40) == 1,
            lambda: waits.errors() + waits.program.said()[-3000:])
    phone = w.agent(ROBOT)
    w.check("the agent hears the other one", phone.hears(440, 20), phone.program.said)
    phone.hang_up()
    w.check("who hears BYE over a new connection", succeeded(speaks, 20) == 1,
            lambda: speaks.errors() + speaks.program.said()[-3000:])
    w.outcomes("turned_away", "test")


@case(slow=True)
def tcp_restart_of_sipp(w):
    of_sipp(w, hand_over)


@case(slow=True)
def tcp_killed_of_sipp(w):
    of_sipp(w, die)


def encrypted(w, restart):
    """Two sets of baresip over TLS, their sound encrypted by SDES: both are heard as before."""
    authority = papers_of(w) / "authority.pem"
    phone = w.agent(ROBOT, often=True, tls=authority, encryption="srtp-mand")
    caller = Phone(ODETTE, None, w.service.tls[1], tone=440, tls=authority, encryption="srtp-mand")
    w.people.append(caller)
    w.check("the caller is answered", caller.dial(PUBLIC), caller.program.said)
    time.sleep(0.5)
    caller.press(FAMILY)

    def both():
        return phone.hears(440, 8) and caller.hears(1000, 8)
    w.check("they hear each other", both())
    before = (len(caller.samples()), len(phone.samples()))
    for i in range(2):
        restart(w)
        time.sleep(1.5)
        w.check("a new second of sound came to each", all(
            n > m + sound.RATE // 2 for n, m in
            zip((len(caller.samples()), len(phone.samples())), before)),
            lambda: (before, len(caller.samples()), len(phone.samples())))
        w.check("they hear each other as before", both())
        w.check("encrypted", encrypted_lines(w)[0] == (2, 2), lambda: encrypted_lines(w))
        before = (len(caller.samples()), len(phone.samples()))
    w.check("nobody has ended it", not w.events().of("call_ended"))
    said = w.service.said()
    w.check("no key in the log", "inline:" not in said, said)
    closed = phone.count("CALL_CLOSED")
    caller.hang_up()
    w.check("the telephone hears our BYE", phone.happened("CALL_CLOSED", closed + 1, BACK_S),
            phone.program.said)
    w.outcomes("test")


@case(slow=True, changes=SECURE, edit=with_papers)
def srtp_restart_goes_on(w):
    encrypted(w, hand_over)


@case(slow=True, changes=SECURE, edit=with_papers)
def srtp_killed_goes_on(w):
    encrypted(w, die)


@case(changes=SECURE, edit=with_papers)
def srtp_leaves_no_key(w):
    """Keys stand in the rows of this machine's memory while the call lives; no longer."""
    authority = papers_of(w) / "authority.pem"
    phone = w.agent(ROBOT, tls=authority, encryption="srtp-mand")
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    rows = rows_of(w)
    w.check("the rows are this user's alone", rows.stat().st_mode & 0o777 == 0o600)
    w.check("a key is in them", b"inline:" in rows.read_bytes())
    caller.hang_up()
    w.order("the call ends", "call_ended")
    w.check("and none afterwards", wait_until(lambda: b"inline:" not in rows.read_bytes(), 5))
    phone.happened("CALL_CLOSED", 3, 5)
    w.outcomes("test")


@case()
def restart_that_comes_late(w):
    """Nobody is kept waiting by a service that was away for long: they are let go, with their
    place."""
    w.agent(ROBOT, ready=False)
    caller = w.queued(ODETTE)
    time.sleep(0.3)
    w.service.stop(signal.SIGUSR2, 10)
    age(w, 61)
    w.restart()
    w.check("a BYE comes", caller.wait("ended", seconds=5), lambda: caller.log[-3:])
    w.outcomes("cut_off")
    w.check("the place is kept", w.events().of("contact_dropped"))


@case()
def restart_with_damaged_rows(w):
    """Rows that nobody can read are as none: the service starts, calls are cut off, and counted."""
    w.agent(ROBOT, ready=False)
    w.queued(ODETTE)
    time.sleep(0.3)
    w.service.stop(signal.SIGUSR2, 10)
    rows = rows_of(w)
    data = bytearray(rows.read_bytes())
    for i in range(4096, len(data), 97):
        data[i] ^= 0x55
    rows.write_bytes(data)
    w.restart()
    w.outcomes("cut_off")
    w.check("and the next call is answered", w.call(KARIM).state == "talking")


def taken_up_badly(w, before_n):
    """Killed; then so many starts died over the rows: the last one has left them aside."""
    w.agent(ROBOT, ready=False)
    caller = w.queued(ODETTE)
    time.sleep(0.3)
    w.service.kill9()
    rows = rows_of(w)
    data = bytearray(rows.read_bytes())
    data[24:28] = (before_n - 1).to_bytes(4, "little")
    rows.write_bytes(data)
    rows.rename(f"{rows}.tried")
    w.restart()
    return caller


@case()
def killed_while_taken_up(w):
    """A start that died over the rows has lost nobody: the next one takes them up."""
    caller = taken_up_badly(w, 1)
    w.check("the line goes on", "1 lines go on" in w.service.said(), w.service.said)
    w.check("nobody was let go", not w.events().of("call_ended") and caller.state == "talking")
    w.check("the rows are in their place", wait_until(rows_of(w).exists, 2))
    w.check("once", not list(w.service.place.glob("*.tried")))
    die(w)
    w.check("and a later start takes them up as ever", "1 lines go on" in w.service.said(),
            w.service.said)


@case()
def killed_by_the_rows(w):
    """Two starts have died over them: the third one does without, and answers."""
    taken_up_badly(w, 2)
    w.check("nobody goes on", "lines go on" not in w.service.said(), w.service.said)
    w.outcomes("cut_off")
    w.check("nothing is left aside", not list(w.service.place.glob("*.tried")))
    w.check("and the next call is answered", w.call(KARIM).state == "talking")


@case()
def drains_and_leaves_no_rows(w):
    """An end in order lets everybody go: who starts next finds nobody to go on with, and no number
    is left behind."""
    phone = w.agent(ROBOT)
    caller = w.queued(ODETTE)
    w.both_hear(caller, phone)
    rows = rows_of(w)
    w.check("a row is there", ODETTE[1:].encode() in rows.read_bytes())
    os.kill(w.service.program.pid, signal.SIGTERM)
    time.sleep(0.3)
    w.service.stop(signal.SIGTERM, 5)
    w.check("the caller is let go", caller.wait("ended", seconds=3), lambda: caller.log[-3:])
    w.check("no row is left", not rows.exists())
    w.restart()
    w.check("nobody goes on", "lines go on" not in w.service.said(), w.service.said)
    w.outcomes("test")


def rows_of(w):
    return next(w.service.place.glob("*.calls"))


def age(w, seconds):
    """The process has been away for so long: its last sign of life is that much older."""
    rows = rows_of(w)
    data = bytearray(rows.read_bytes())
    at = int.from_bytes(data[16:24], "little") - 1000 * seconds
    data[16:24] = at.to_bytes(8, "little")
    rows.write_bytes(data)


WAITING_N = 200


@case(long=True)
def two_hundred_survive(w):
    """An upgrade, a rollback and a crash with 200 callers who wait: each scenario of SIPp goes on
    to its own BYE, and all have been there from the beginning to the end."""
    w.check("SIPp may play keys", may_play())
    w.agent(ROBOT, ready=False)
    calls = Sipp(w.service.sip, PUBLIC, [pause(1500), play(keys(FAMILY)), pause(45000)],
                 arguments=("-m", WAITING_N, "-r", 40, "-l", WAITING_N, "-aa"))
    w.people.append(calls)
    w.until(lambda e: len(e.of("contact_queued")) >= WAITING_N, 30)
    order = [e["contact_id"] for e in w.events().of("contact_queued")]
    w.check("200 wait", len(order) == WAITING_N, len(order))
    for restart in (hand_over, hand_over, die):
        restart(w)
        time.sleep(2)
        said = w.service.said()
        w.check("all go on", f"{WAITING_N} lines go on" in said, said[-600:])
        w.check("nobody has left", not w.events().of("call_ended"))
    w.check("every message as the scenario says", calls.wait(90),
            lambda: calls.errors() + calls.program.said()[-3000:])
    w.outcomes(*["abandoned"] * WAITING_N, seconds=30)
