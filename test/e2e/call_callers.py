"""call_callers.py — cases of call.py: the call, its menu, who waits, who gives up."""
import time

import sipp
import sound
import world
from cases import case
from robots import wait_until
from sipp import Sipp, pause, play
from world import FAMILY, HUMAN, KARIM, ODETTE, PUBLIC, ROBOT, in_three_days


# ---- the call ----------------------------------------------------------------------------------
@case()
def whole(w):
    phone = w.agent(ROBOT)
    caller = w.call()
    first = wait_until(lambda: [p.at for p in caller.heard.packets if p.type == sound.PCMA and
                                sound.db(sound.power(sound.decode(p.payload))) > -40], 2)
    w.check("the first word is heard within a second",
            first and first[0] - caller.at["answered"] < 1)
    w.fact("answered after", (caller.at["answered"] - caller.at["invite"]) * 1000, "ms")
    w.fact("first word after", first[0] - caller.at["answered"], "s")
    menu = w.hears(caller, "menu.main")
    w.check("the menu begins within 8 s, 3 more for greet.demo",
            menu.at - caller.at["answered"] < 11, menu)
    w.fact("menu after", menu.at - caller.at["answered"], "s")
    caller.press(FAMILY)
    w.hears(caller, "menu.chosen.famille")
    w.order("the call is offered to the robot", "call_arrived", "contact_queued", "offer_made",
            seconds=15)
    w.order("the robot picks up", "offer_joined")
    w.hears(caller, "connect.now")
    w.agent_hears(phone, "menu.chosen.famille")
    w.both_hear(caller, phone)
    n, lost, gap, _ = caller.heard.spacing(time.time() - 1)
    w.check("no packet is lost in the talk", lost == 0 and n >= 45 and gap < 0.1, (n, lost, gap))
    n, lost, gap, p99 = caller.heard.spacing()
    w.fact("longest gap", gap * 1000, "ms")
    w.fact("p99 spacing", p99 * 1000, "ms")
    w.check("nor before it", lost == 0 and gap < 0.5, (n, lost, gap))
    caller.hang_up()
    w.check("the caller is let go", caller.wait("ended"))
    events = w.order("the journal tells it all", "call_arrived", "contact_queued", "offer_made",
                     "offer_joined", "offer_media", "offer_media",
                     ("offer_ended", {"why": "caller_left"}), ("call_ended", {"by": "caller"}),
                     ("call_outcome", {"outcome": "test"}))
    sides = [e["side"] for e in events.of("offer_media")]
    w.check("sound of both sides", sorted(sides) == ["agent", "caller"], sides)
    w.agent_hears(phone, "agent.wrap")
    w.order("wrap-up, then ready", "offer_joined", "agent_wrap_up", "agent_ready")
    w.check("the telephone is let go", phone.happened("CALL_CLOSED", 3, 12))
    w.outcomes("test")


@case()
def by_sipp(w):
    """A caller that we did not write: SIPp keys 2, then says its tone."""
    if not sipp.may_play():
        return w.check("(not root: SIPp cannot play sound)", True)
    phone = w.agent(ROBOT)
    steps = [pause(1500), play(sipp.keys(FAMILY)), pause(6000), play(sipp.tone(440, 8)),
             pause(8000)]
    with Sipp(w.service.sip, PUBLIC, steps) as call:
        w.order("the robot picks up", "contact_queued", "offer_joined", seconds=15)
        w.check("the robot hears SIPp", phone.hears(440, 12))
        w.check("SIPp is content", call.wait(30), call.errors)
    w.outcomes("test")


@case()
def by_sipp_in_the_menu(w):
    with Sipp(w.service.sip, PUBLIC, [pause(3000)]) as call:
        w.check("SIPp is content", call.wait(15), call.errors)
    w.outcomes("ivr_abandoned")


@case()
def in_order(w):
    """Two wait; whoever came first is answered first."""
    phone = w.agent(HUMAN, ready=False)
    first = w.queued(ODETTE, tone=440)
    second = w.queued(KARIM, tone=600)
    w.ready(phone)
    w.both_hear(first, phone, 440)
    w.check("the second still waits", sound.heard(second.heard, 1000, time.time() - 1) == 0)
    first.hang_up()
    w.both_hear(second, phone, 600, seconds=15)
    second.hang_up()
    events = w.outcomes("answered", "answered")
    calls = [e["id"] for e in events.of("call_arrived")]
    w.check("in their order", [e["call_id"] for e in events.of("offer_joined")] == calls)


# ---- the menu ------------------------------------------------------------------------------------
@case(slow=True)
def no_key(w):
    """Voice-script §14 C: a pulse telephone, a tremor."""
    caller = w.call()
    events = w.until(lambda e: e.of("contact_queued"), 85)
    w.check("no key at all leads to the queue", events.of("contact_queued"))
    took = events.of("contact_queued")[0]["at"] / 1000 - caller.at["answered"]
    w.fact("queued after", took, "s")
    w.check("within 80 s", took <= 80, f"{took:.1f} s")
    said = [s.id for s in caller.heard.said(world.prompts)]
    order = iter(said)
    w.check("told patiently", all(any(s == p for s in order) for p in (
        "menu.main", "menu.again", "menu.main.slow", "menu.no_key")), said)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def zero(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.press("0")
    w.hears(caller, "menu.person")
    w.order("0 reaches a person", "contact_queued")
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def wrong_keys(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.press("9")
    w.hears(caller, "menu.wrong")
    again = time.time()
    w.hears(caller, "menu.main", from_at=again)
    caller.press("9")
    w.hears(caller, "menu.no_key")
    w.order("two wrong keys reach a person", "contact_queued")
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def star(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    time.sleep(2)
    caller.press("*")
    pressed = time.time()
    found = w.hears(caller, "menu.main", from_at=pressed + 0.3)
    w.check("* begins the menu anew", found.first < 50 and found.at - pressed < 1.5, found)
    caller.hang_up()
    w.outcomes("ivr_abandoned")


@case()
def unknown_number(w):
    caller = w.line()
    caller.invite("0536499999", w.service.sip)
    w.check("an unknown number is refused (404)", caller.wait("ended", seconds=3)
            and caller.status == 404, lambda: caller.status)
    w.check("and is no call", not w.events().of("call_arrived"))


@case()
def stranger(w):
    caller = w.line(host="127.0.0.9")
    caller.invite(PUBLIC, w.service.sip)
    time.sleep(2)
    w.check("a source that is not allowed hears nothing",
            not [x for x in caller.log if x[1] == "<"])
    caller.vanish()
    w.check("and leaves no trace", not w.events().of("call_arrived"))


# ---- who gives up --------------------------------------------------------------------------------
@case()
def leaves_in_menu(w):
    caller = w.call()
    w.hears(caller, "menu.main")
    caller.hang_up()
    w.order("", ("call_ended", {"by": "caller"}))
    w.outcomes("ivr_abandoned")


@case()
def leaves_with_nobody_there(w):
    caller = w.queued()
    w.hears(caller, "nobody.unknown")
    time.sleep(1)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def leaves_with_somebody_there(w):
    w.agent(HUMAN, ready=False)
    caller = w.queued(ODETTE)
    w.hears(caller, "wait.before.0")
    short = w.queued(KARIM)
    short.hang_up()
    w.hears(caller, "music.wait", 30)
    time.sleep(2.2)
    heard = sound.kind(caller.heard.samples(time.time() - 2))
    w.check("it is music", heard == "music", heard)
    caller.hang_up()
    w.outcomes("abandoned", "abandoned_short")


@case(slow=True, changes={"queue": {"short": "10s"}})
def leaves_after_twelve_seconds(w):
    caller = w.queued()
    time.sleep(12)
    caller.hang_up()
    w.outcomes("turned_away")


@case()
def cancels(w):
    """Around the answer: whoever wins the race, the call ends once."""
    statuses = []
    for delay_s in (None, None, None, 0, 0.005, 0.02, 0.1):
        caller = w.line()
        caller.invite(PUBLIC, w.service.sip, cancels=delay_s is None)
        time.sleep(delay_s or 0)
        if delay_s is not None:
            caller.hang_up()
        w.check("a call that is cancelled ends", caller.wait("ended", seconds=5),
                lambda: caller.log)
        w.check("with 487, or answered and hung up", caller.status in (487, 200),
                lambda: caller.status)
        statuses.append(caller.status)
    w.fact("cancelled in time", statuses.count(487), f"of {len(statuses)}")
    events = w.until(lambda e: len(e.of("call_outcome")) == len(e.of("call_arrived")))
    w.outcomes(*["ivr_abandoned"] * len(events.of("call_arrived")))


@case(changes={"phone": {"legs_max": 4}})
def full(w):
    """More lines than there is room for: refused at once, and counted."""
    callers = [w.call(f"05364912{n}") for n in range(30, 34)]
    late = w.line("0536491290")
    late.invite(PUBLIC, w.service.sip)
    w.check("one too many is refused (503)", late.wait("ended", seconds=3)
            and late.status == 503, lambda: late.log)
    events = w.order("and counted as shed", "shed")
    w.check("once", sum(e["n"] for e in events.of("shed")) == 1)
    callers[0].hang_up()
    callers[0].wait("ended")
    time.sleep(0.5)
    w.call("0536491291")


def closed_until_later(home):
    """The number with hours opens in three days."""
    day = in_three_days()
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("\nhours:\n", f'\nhours:\n  rare: {{ {day}: "08:30-18:00" }}\n')
    row = '{ number: "05 36 49 00 11", tariff: normal, flow: accueil, hours: '
    path.write_text(text.replace(row + "plateforme", row + "rare"), encoding="utf-8")


@case(slow=True, edit=closed_until_later)
def closed(w):
    caller = w.call(to="0536490011")
    day = f"day.{(time.gmtime().tm_wday + 3) % 7 + 1}.m"
    for prompt in ("greet.org", day, "at.08.m", "minute.30.f", "closed.ways", "closed.bye"):
        w.hears(caller, prompt, 40)
    w.check("then the house hangs up", caller.wait("ended", seconds=10)
            and caller.ended_by == "them")
    w.outcomes("out_of_hours")


def closed_by_early_media(home):
    closed_until_later(home)
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"127.0.0.1:5070",', '"127.0.0.1:5070", early_media: true,'),
                    encoding="utf-8")


@case(slow=True, edit=closed_by_early_media)
def closed_costs_nothing(w):
    """Where the operator carries sound before an answer: the message is heard, and the call is
    refused; by a line of ours and by SIPp. An open number is answered as ever."""
    other = Sipp(w.service.sip, "0536490011", xml=sipp.early_xml("0536491234", 480))
    caller = w.line()
    caller.invite("0536490011", w.service.sip)
    w.check("it rings, with sound", caller.wait("ringing", seconds=3), lambda: caller.log)
    for prompt in ("greet.org", "at.08.m", "minute.30.f", "closed.ways", "closed.bye"):
        w.hears(caller, prompt, 40)
    w.check("then it is refused, and was never answered", caller.wait("ended", seconds=10)
            and caller.status == 480 and "answered" not in caller.at, lambda: caller.log)
    w.check("a 183 was said four times or more", sum(
        text.startswith("SIP/2.0 183") for _, way, text in caller.log if way == "<") >= 4,
        lambda: caller.log)
    w.check("SIPp hears a 183 and a 480, no 200", other.wait(30), other.errors)
    opened = w.call()
    w.check("an open number is answered", "SIP/2.0 183" not in str(opened.log))
    opened.hang_up()
    w.outcomes("out_of_hours", "out_of_hours", "ivr_abandoned")


@case(slow=True)
def keys_while_waiting(w):
    """2 where am I, 3 my reference, 5 the music."""
    w.agent(HUMAN, ready=False)
    caller = w.queued()
    w.hears(caller, "wait.keys.first", 20)
    for key, prompt in (("2", "wait.before.0"), ("0", "wait.zero"), ("5", "wait.music_off")):
        pressed = time.time()
        caller.press(key)
        w.hears(caller, prompt, from_at=pressed)
    time.sleep(8)
    begun = time.time()
    time.sleep(2)
    w.check("the music is off", sound.kind(caller.heard.samples(begun)) == "silence",
            lambda: sound.kind(caller.heard.samples(begun)))
    w.check("the line is not", caller.heard.spacing(begun)[0] > 90, caller.heard.spacing(begun))
    caller.press("5")
    w.hears(caller, "wait.music_on")
    pressed = time.time()
    caller.press("3")
    w.hears(caller, "wait.ref", from_at=pressed)
    w.hears(caller, "wait.ref.again", from_at=pressed)
    events = w.order("the journal has the reference", "reference_told")
    told = f"{events.of('reference_told')[0]['reference']:07d}"
    said = [s.id for s in caller.heard.said(world.prompts, pressed) if s.id.startswith("pair.")]
    spoken = "".join(p.split(".")[1] for p in said[:4])
    w.check("it is the one that is spoken, by pairs", spoken[:7] == told, (told, said))
    caller.hang_up()
    w.outcomes("abandoned")


@case()
def strangers_in_the_log(w):
    """However many there are: one line a minute, with how many and the last address."""
    for host in ("127.0.0.7", "127.0.0.8"):
        stranger = w.line(host=host)
        for _ in range(20):
            stranger.sip.sendto(b"OPTIONS sip:a SIP/2.0\r\n\r\n", w.service.sip)
    caller = w.line(host="127.0.0.9")
    caller.invite(PUBLIC, w.service.sip)
    line = w.service.program.line_with("last_stranger=127.0.0.9", 5)
    w.check("the log has one line of them", line and "part=door" in line, w.service.said)
    time.sleep(2)
    w.check("and no second one", w.service.said().count("part=door") == 1, w.service.said)


IPV6 = {"phone": {"address": "\"::1\"", "networks": "\"::1/128\""}}


def operator_of_ipv6(home):
    file = home / "directory.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("127.0.0.1:5071", "[::1]:5071"), encoding="utf-8")


@case(changes=IPV6, edit=operator_of_ipv6)
def over_ipv6(w):
    """Callers (one is SIPp) and a telephone (baresip) of the next protocol: heard both ways."""
    agent = w.agent(host="::1")
    with Sipp(w.service.sip, PUBLIC, [pause(1000)]) as call:
        w.check("SIPp calls over IPv6, and hangs up", call.wait(15), call.errors)
    caller = w.call(host="::1")
    time.sleep(0.5)
    caller.press(FAMILY)
    w.both_hear(caller, agent)
    caller.hang_up()
    w.outcomes("test", "ivr_abandoned")
