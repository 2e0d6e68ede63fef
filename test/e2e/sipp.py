"""sipp.py — SIPp, a caller that we did not write: scenarios made from a few words, sound and keys
from captures that we make (SIPp plays them from its own media port; for that it must be root).

  with Sipp(to, "0536490010", [pause(8000), play(keys("2")), play(tone(440, 10))]) as call: …
"""
import os
import shutil
import signal
import socket
import struct
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from caller import SDP, Voice
from robots import Program, free_ports
from sound import sine

HEAD = """{method} {uri} SIP/2.0
Via: SIP/2.0/{transport} [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[local_ip]:[local_port]>;tag=[call_number]
{to}
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:{number}@[local_ip]:[local_port]>
Max-Forwards: 70
"""
EMPTY = "Content-Length: 0\n\n"
ETHERNET, PCAP_MAGIC = 1, 0xa1b2c3d4


# ---- captures ------------------------------------------------------------------------------------
def pcap(path, frames):
    """frames: [(seconds, RTP packet)]. SIPp puts its own addresses and checksums in."""
    out = [struct.pack("<IHHiIII", PCAP_MAGIC, 2, 4, 0, 0, 65535, ETHERNET)]
    for at, rtp in frames:
        udp = struct.pack("!HHHH", 4000, 4000, 8 + len(rtp), 0) + rtp
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                         b"\x7f\0\0\1", b"\x7f\0\0\1") + udp
        data = bytes(12) + b"\x08\0" + ip
        out.append(struct.pack("<IIII", int(at), round(at % 1 * 1e6), len(data), len(data)) + data)
    Path(path).write_bytes(b"".join(out))


def frames_of(voice, n):
    return [(i * 0.02, p) for i in range(n) for p in voice.packets()]


def tone(hz, seconds):
    """A capture: (name, frames)."""
    voice = Voice()
    voice.codes = sine(hz)
    return f"tone-{hz}-{seconds}", frames_of(voice, round(seconds * 50))


def keys(digits):
    voice = Voice()
    voice.press(digits)
    return f"keys-{digits}".replace("*", "s").replace("#", "h"), frames_of(voice, len(voice.keys))


def may_play():
    """SIPp sends captures through a raw socket."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).close()
        return True
    except PermissionError:
        return False


# ---- scenarios -----------------------------------------------------------------------------------
def pause(ms):
    return ("pause", ms)


def play(capture):
    return ("play", capture)


def ask(method):
    """A request within the call, answered with 200."""
    return ("ask", method)


BYE_OF_THEIRS = ("bye", None)       # the last step: the other side hangs up


def send(text, repeats=False, start=False):
    marks = (' retrans="500"' if repeats else "") + (' start_rtd="1"' if start else "")
    return f"<send{marks}><![CDATA[\n{text}\n]]></send>\n"


def head(method, number, to, cseq):
    uri = "sip:[service]@[remote_ip]:[remote_port]" if method == "INVITE" else "[next_url]"
    route = "" if method == "INVITE" else "[routes]\n"
    return HEAD.format(method=method, uri=uri, number=number, to=to, cseq=cseq,
                       transport="[transport]") + route


def caller_xml(steps, place, number):
    """INVITE, its answer, the steps, BYE (or theirs, where that is the last step)."""
    sdp = SDP.format(id=1, version=1, net="IP[media_ip_type]", host="[media_ip]",
                     port="[media_port]").replace("\r", "")
    first = "To: <sip:[service]@[remote_ip]:[remote_port]>"
    out = [send(head("INVITE", number, first, 1)
                + "Content-Type: application/sdp\nContent-Length: [len]\n\n" + sdp, True, True)]
    out += [f'<recv response="{s}" optional="true"/>\n' for s in (100, 180, 183)]
    out.append('<recv response="200" rtd="1" rrs="true"/>\n')
    out.append(send(head("ACK", number, "[last_To:]", 1) + EMPTY))
    cseq, is_theirs = 1, False
    for what, value in steps:
        if what == "pause":
            out.append(f'<pause milliseconds="{value}"/>\n')
        elif what == "ask":
            cseq += 1
            out.append(send(head(value, number, "[last_To:]", cseq) + EMPTY, True))
            out.append('<recv response="200"/>\n')
        elif what == "bye":
            copied = "".join(f"[last_{h}:]\n" for h in ("Via", "From", "To", "Call-ID", "CSeq"))
            out += ['<recv request="BYE"/>\n', send(f"SIP/2.0 200 OK\n{copied}{EMPTY}")]
            is_theirs = True
        else:
            name, frames = value
            path = Path(place) / f"{name}.pcap"
            pcap(path, frames)
            out.append(f'<nop><action><exec play_pcap_audio="{escape(str(path))}"/></action></nop>')
    if not is_theirs:
        out.append(send(head("BYE", number, "[last_To:]", cseq + 1) + EMPTY, True))
        out.append('<recv response="200"/>\n')
    return document("caller", out)


def early_xml(number, status):
    """INVITE, a 183 with a description, and at the end this refusal instead of an answer."""
    sdp = SDP.format(id=1, version=1, net="IP[media_ip_type]", host="[media_ip]",
                     port="[media_port]").replace("\r", "")
    target = "sip:[service]@[remote_ip]:[remote_port]"
    out = [send(head("INVITE", number, f"To: <{target}>", 1)
                + "Content-Type: application/sdp\nContent-Length: [len]\n\n" + sdp, True)]
    out += ['<recv response="100" optional="true"/>\n', '<recv response="183"/>\n',
            f'<recv response="{status}"/>\n']
    ack = HEAD.format(method="ACK", uri=target, number=number, to="[last_To:]", cseq=1,
                      transport="[transport]")
    out.append(send(ack.replace("[branch]", "[branch-4]") + EMPTY))     # RFC 3261 §17.1.1.3
    return document("early", out)


def said(name, wanted, variable):
    """The message that came has this header, and it is like that; else the call fails."""
    return (f'<action><ereg regexp="{escape(wanted)}" search_in="hdr" header="{name}:" '
            f'check_it="true" assign_to="{variable}"/></action>')


def asked_xml(number, place, method, lines):
    """A request of theirs, answered with these lines; each OPTIONS before it as well. place: a
    number for its labels that no other has."""
    copied = "".join(f"[last_{h}:]\n" for h in ("Via", "From", "To", "Call-ID", "CSeq"))
    contact = f"Contact: <sip:{number}@[local_ip]:[local_port]>\n"
    probed, again, done = 3 * place, 3 * place + 1, 3 * place + 2
    ok = send(f"SIP/2.0 200 OK\n{copied}{EMPTY}").replace("<send", f'<send next="{again}"', 1)
    return (f'<label id="{again}"/>\n<recv request="OPTIONS" optional="true" next="{probed}"/>\n'
            f'<recv request="{method}" next="{done}"/>\n<label id="{probed}"/>\n{ok}'
            f'<label id="{done}"/>\n' + send(f"SIP/2.0 200 OK\n{copied}{contact}{lines}{EMPTY}"))


def timer_xml(number, lines, status, wanted, later=()):
    """INVITE with these header lines; its answer, which says this of its timer. Once it is up:
    later: pauses; ("ask", (method, lines, wanted)) for a request of ours; ("asked", (method,
    lines)) for one of theirs, however long it takes. At the end our BYE, unless theirs was it."""
    sdp = SDP.format(id=1, version=1, net="IP[media_ip_type]", host="[media_ip]",
                     port="[media_port]").replace("\r", "")
    body = "Content-Type: application/sdp\nContent-Length: [len]\n\n" + sdp
    target = "sip:[service]@[remote_ip]:[remote_port]"
    name = "Session-Expires" if status == 200 else "Min-SE"
    cseq, variables = 1, 1
    out = [send(head("INVITE", number, f"To: <{target}>", 1) + lines + body, True),
           '<recv response="100" optional="true"/>\n',
           f'<recv response="{status}" rrs="true">{said(name, wanted, 1)}</recv>\n']
    if status != 200:
        ack = HEAD.format(method="ACK", uri=target, number=number, to="[last_To:]", cseq=1,
                          transport="[transport]")
        out.append(send(ack.replace("[branch]", "[branch-3]") + EMPTY))
        return document("timer", out + ['<Reference variables="1"/>\n'])
    out.append(send(head("ACK", number, "[last_To:]", 1) + EMPTY))
    for what, value in later:
        if what == "pause":
            out.append(f'<pause milliseconds="{value}"/>\n')
            continue
        if what == "asked":
            out.append(asked_xml(number, len(out), *value))
            continue
        method, more, answer = value
        variables, cseq = variables + 1, cseq + 1
        within = head(method, number, "[last_To:]", cseq) + more
        out.append(send(within + (body if method == "INVITE" else EMPTY), True))
        out += ['<recv response="100" optional="true"/>\n'] if method == "INVITE" else []
        out.append(f'<recv response="200">{said(name, answer, variables)}</recv>\n')
        out += [send(head("ACK", number, "[last_To:]", cseq) + EMPTY)] if method == "INVITE" else []
    if not later or later[-1] != ("asked", ("BYE", "")):
        them = f"To: <{target}>[peer_tag_param]"    # what came last may have been a request
        out.append(send(head("BYE", number, them, cseq + 1) + EMPTY, True))
        out.append('<recv response="200"/>\n')
    numbers = ",".join(str(i + 1) for i in range(variables))
    return document("timer", out + [f'<Reference variables="{numbers}"/>\n'])


def document(name, parts):
    return (f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="{name}">\n'
            + "".join(parts) + "</scenario>\n")


def memory():
    """A folder that no disk makes wait; None: there is none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Sipp:
    """A run of SIPp; steps: a caller; xml: any other scenario. arguments: its own. port: where it
    is; None: anywhere."""

    def __init__(self, to, service, steps=(), number="0536491234", xml=None, arguments=(),
                 port=None):
        self.place = Path(tempfile.mkdtemp(prefix="decroche-sipp-", dir=memory()))
        path = self.place / "scenario.xml"
        path.write_text(xml or caller_xml(steps, self.place, number), encoding="ascii")
        there, here = (f"[{to[0]}]", "::1") if ":" in to[0] else (to[0], "127.0.0.1")
        media = free_ports(host=here)       # RTP and RTCP of sound, of video; one of its own
        self.port = port or media + 4
        command = ["sipp", f"{there}:{to[1]}", "-sf", str(path), "-s", service, "-i", here,
                   "-p", str(self.port), "-mi", here, "-mp", str(media), "-nostdin",
                   "-trace_err", "-error_file", str(self.place / "errors")]
        command += [str(a) for a in arguments or ("-m", 1)]
        self.program = Program(command, cwd=self.place, env={"TERM": "dumb"})

    def wait(self, seconds=60):
        """True when every call went as the scenario says."""
        try:
            return self.program.process.wait(seconds) == 0
        except Exception:               # still running: the caller of this judges
            return False

    def errors(self):
        path = self.place / "errors"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self):
        self.program.end(signal.SIGTERM, 3)
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def present():
    return shutil.which("sipp") is not None and os.access(shutil.which("sipp"), os.X_OK)
