"""call_trace.py — cases of call.py: `decroche trace`, its ladder of SIP and events, and what is
never in it."""
import json
import re
import shutil
import struct
import subprocess
import time
import urllib.request
from xml.etree import ElementTree

from cases import case
from world import ODETTE, PUBLIC

SECRETS = ("response=", "nonce=", "cnonce=", "opaque=")


def trace(w, contact, *more, code=0):
    done = w.service.run("trace", contact, "-c", w.service.settings_file, *more)
    w.check(f"trace {contact} {' '.join(map(str, more))} ends with {code}", done.returncode == code,
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


def sounds(w, contact, text):
    """Each leg tells at its end how it sounded: nothing is lost on loopback."""
    for whose in ("usager", "agent"):
        w.check(f"how the leg of the {whose} sounded", re.search(
            whose + r".* ≈ son : reçu d’eux : 0 perdu sur \d+ .*MOS 4,[34]", text), text)
    rows = [r for r in json.loads(trace(w, contact, "--json"))["rows"] if "sound" in r]
    w.check("JSON has the same counts, both ways", {r["side"] for r in rows} == {"caller", "agent"}
            and all(r["sound"]["received"]["packets"] > 20 and r["sound"]["packets_sent"] > 20 and
                    r["sound"]["received"]["mos_thousandths"] > 4300 for r in rows), rows)
    url = f"http://127.0.0.1:{w.service.http[1]}/metrics"
    metrics = urllib.request.urlopen(url, timeout=5).read()
    w.check("/metrics has a row for how accesses sound",
            b"# TYPE decroche_trunk_rtp_lost_total counter" in metrics)


def packets(data):
    """(seconds, source, target, text) of each packet of a capture: pcap, raw IP."""
    magic, _, _, _, _, _, linktype = struct.unpack("=IHHIIII", data[:24])
    assert (magic, linktype) == (0xa1b2c3d4, 101)
    at, out = 24, []
    while at < len(data):
        s, us, n, whole_n = struct.unpack("=IIII", data[at:at + 16])
        ip = data[at + 16:at + 16 + n]
        assert ip[0] == 0x45 and ip[9] == 17 and len(ip) == n <= whole_n
        ports = struct.unpack(">HH", ip[20:24])
        out.append((s + us / 1e6, ports[0], ports[1], ip[28:].decode()))
        at += 16 + n
    return out


def capture(w, contact, text, agent):
    """--pcap: the messages alone, masked; never over a file that is there."""
    file = w.service.home / "call.pcap"
    w.check("nothing is printed with --pcap", trace(w, contact, "--pcap", file) == "")
    found = packets(file.read_bytes())
    lines = re.findall(r"(?m)^ *\d+,\d{3} s  .* [→←] (.*?)  \[", text)
    w.check("a packet for each message, in order", [p[3].split("\r\n")[0] for p in found] ==
            [p[3].split("\r\n")[0] for p in sorted(found, key=lambda p: p[0])] and
            len(found) == len(lines), lambda: (lines, found))
    w.check("from and to our port", all(w.service.sip[1] in p[1:3] for p in found), found)
    no_secret(w, "".join(p[3] for p in found), agent)
    w.check("for its owner only", file.stat().st_mode & 0o777 == 0o600)
    if shutil.which("tcpdump"):
        read = subprocess.run(["tcpdump", "-nvv", "-A", "-r", file], capture_output=True, text=True,
                              timeout=20)
        w.check("tcpdump reads it, checksums and all", read.returncode == 0 and
                read.stdout.count("SIP") >= len(found) and
                not re.search(r"bad (udp )?cksum", read.stdout),
                lambda: read.stdout + read.stderr)
    said = trace(w, contact, "--pcap", file, code=3)
    w.check("a file that is there is refused", "--force" in said and
            packets(file.read_bytes()) == found, said)
    file.write_text("old")
    trace(w, contact, "--pcap", file, "--force")
    w.check("unless it is said", packets(file.read_bytes()) == found)
    said = trace(w, contact, "--pcap", w.service.home / "none" / "x.pcap", code=3)
    w.check("a folder that is not there is told", "No such file" in said, said)
    other = w.service.home / "other.pcap"
    trace(w, 1, "--pcap", other, code=1)
    trace(w, contact, "--pcap", other, "--svg", code=2)
    trace(w, contact, "--force", code=2)
    w.check("and what fails leaves no file", not other.exists())


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
    sounds(w, opened["id"], text)
    capture(w, opened["id"], text, agent.who)
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
    w.check("the picture is XML, with an arrow, a point or a wave for each row",
            sum(e.tag.endswith("circle") or "marker-end" in e.attrib or e.text == "≈"
                for e in drawn.iter())
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
