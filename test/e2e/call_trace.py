"""call_trace.py — cases of call.py: `decroche trace`, its ladder of SIP and events, and what is
never in it."""
import json
import re
import time
from xml.etree import ElementTree

from cases import case
from world import ODETTE, PUBLIC

SECRETS = ("response=", "nonce=", "cnonce=", "opaque=")


def trace(w, contact, *more, code=0):
    done = w.service.run("trace", contact, "-c", w.service.settings_file, *more)
    w.check(f"trace {contact} {' '.join(more)} ends with {code}", done.returncode == code,
            lambda: done.stdout + done.stderr)
    said = done.stdout if code == 0 else done.stderr
    return said.replace("\u00a0", " ")


def settled(w):
    """The events, once the contact of a call is over."""
    return w.until(lambda e: e.of("contact_settled"), 15)


def in_order(lines, *wanted):
    """Each is a pattern of one line; others may stand between them."""
    rest = iter(lines)
    return all(any(re.search(pattern, line) for line in rest) for pattern in wanted)


def no_secret(w, text, agent):
    for secret in (ODETTE, ODETTE[1:], PUBLIC, PUBLIC[1:], agent.secret, *SECRETS):
        w.check(f"“{secret}” is not in it", secret not in text, text)


def both_legs(w, lines):
    w.check("the caller's leg, in order, with the events between", in_order(
        lines, r"usager.* → INVITE sip:053649••••@.*CSeq \d+ INVITE, SDP audio .*PCMA.*IPv4",
        r"demande ouverte", r"appel reçu", r"usager.* ← 200 OK .*SDP audio PCMA",
        r"usager.* → ACK ", r"file « .+ »", r"présentée à l’agent r01", r"réponse de l’agent r01",
        r"fin de la présentation : l’agent a raccroché|fin de la présentation : terminé",
        r"usager.* ← BYE ", r"usager.* → 200 OK .*BYE"), lambda: "\n".join(lines))
    w.check("and 100 at once", in_order(lines, "→ INVITE", "← 100 Trying"))
    w.check("the agent's leg, in order", in_order(
        lines, r"présentée à l’agent", r"agent, poste \w+ +← INVITE .*SDP audio PCMA",
        r"agent, poste \w+ +→ 1[08]\d ", r"agent, poste \w+ +→ 200 .*SDP audio",
        r"agent, poste \w+ +← ACK", r"agent, poste \w+ +→ BYE", r"agent, poste \w+ +← 200 .*BYE"),
        lambda: "\n".join(lines))


@case()
def trace_of_a_call(w):
    """Both legs and the events in one order, by any event of the contact or by its reference; no
    password, digest or whole number, in text or in JSON. After a restart: the events alone."""
    agent = w.agent()
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))
    events = settled(w)
    opened = events.of("contact_opened")[-1]
    call = events.of("call_arrived", contact_id=opened["id"])[0]
    text = trace(w, opened["id"])
    both_legs(w, text.splitlines())
    no_secret(w, text, agent.who)
    w.check("whole", "plus en mémoire" not in text, text)
    w.check("a call's event shows its contact", trace(w, call["id"]) == text)
    digits = f"{opened['reference']:07d}"
    check = 10
    for d in digits:                                    # ISO 7064 MOD 11,10
        check = ((check + int(d)) % 10 or 10) * 2 % 11
    reference = digits + str((11 - check) % 10)
    w.check("so does the reference", trace(w, "-".join(re.findall("..", reference))) == text)
    picture = trace(w, call["id"], "--svg")
    no_secret(w, picture, agent.who)
    drawn = ElementTree.fromstring(picture)
    w.check("the picture is XML, with an arrow or a point for each row",
            sum(e.tag.endswith("circle") or "marker-end" in e.attrib for e in drawn.iter())
            == len(re.findall(r"(?m)^ *[0-9]+,[0-9]{3} s", text)), picture)
    trace(w, call["id"], "--svg", "--json", code=2)
    page = json.loads(trace(w, call["id"], "--json"))
    no_secret(w, json.dumps(page, ensure_ascii=False), agent.who)
    sip = [r for r in page["rows"] if "message" in r]
    w.check("JSON has the same rows", len(page["rows"]) == len(re.findall(
        r"(?m)^ *\d+,\d{3} s", text)) and page["contact_id"] == opened["id"], lambda: page)
    w.check("and whole messages, masked", all(
        r["message"] and "CSeq: " in r["message"] for r in sip) and
        {r["side"] for r in sip} == {"caller", "agent"}, lambda: sip)
    w.check("nothing of it in the log", ODETTE not in w.service.said() and
            PUBLIC not in w.service.said())
    w.check("an event of no contact is told", "aucune demande" in trace(w, 1, code=1))
    w.check("and what is no number", "reference" in trace(w, "12x", code=2))
    w.service.kill9()
    w.service.start()
    w.until(lambda e: w.service.run("status", "-c", w.service.settings_file).returncode == 0)
    after = trace(w, opened["id"])
    w.check("after a restart, the events alone, and a line that says so",
            "ne sont plus en mémoire" in after and "INVITE" not in after and
            "réponse de l’agent" in after, after)


@case(changes={"phone": {"trace_bytes": 0}})
def trace_without_sip(w):
    """phone.trace_bytes 0: no message is kept, and the page says why."""
    w.call().hang_up()
    text = trace(w, settled(w).of("contact_opened")[-1]["id"])
    w.check("events alone", "trace_bytes est à 0" in text and "INVITE" not in text and
            "demande ouverte" in text, text)
