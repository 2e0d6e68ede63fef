"""caller.py — a telephone line in Python: SIP over UDP or TCP, A-law, keys (RFC 4733), and an
exact record of what came and when. It keeps to RFC 3261 where a call needs it, and breaks off on
demand.

One thread for each Caller; the methods hand it work and return at once, wait() waits.
"""
import random
import re
import select
import socket
import struct
import threading
import time

from sip_text import BRANCH, Message, answer_to, request, uri_of
from sound import FRAME, FRAME_S, PCMA, RATE, SILENCE, Heard, Packet, sine

SO_TIMESTAMPNS = 35
KEYS = "0123456789*#ABCD"
KEY_TYPE = 101
KEY_VOLUME = 10             # -10 dBm0
T1, T2, INVITE_LIFE, BYE_LIFE = 0.5, 4.0, 32.0, 4.0
SDP = ("v=0\r\no=- {id} {version} IN {net} {host}\r\ns=-\r\nc=IN {net} {host}\r\nt=0 0\r\n"
       "m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
       "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n")


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def bracketed(host):
    """As a URI has it."""
    return f"[{host}]" if ":" in host else host


def udp(host, port=0):
    s = socket.socket(family_of(host), socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.bind((host, port))
    s.setblocking(False)
    return s


def udp_pair(host):
    """RTP at an even port, RTCP at the next."""
    for _ in range(100):
        rtp = udp(host)
        port = rtp.getsockname()[1]
        try:
            if port % 2 == 0:
                return rtp, udp(host, port + 1)
        except OSError:
            pass
        rtp.close()
    raise OSError("no pair of ports")


def receive(s):
    """(bytes, instant of the kernel, sender), or None."""
    try:
        data, notes, _, sender = s.recvmsg(65536, 128)
    except OSError:                     # nothing now, or it has ended
        return None
    at = time.time()
    for level, what, value in notes:
        if level == socket.SOL_SOCKET and what == SO_TIMESTAMPNS:
            seconds, nanos = struct.unpack("ll", value[:16])
            at = seconds + nanos / 1e9
    return data, at, sender


class Voice:
    """What a line sends: sound every 20 ms, or keys in its place."""

    def __init__(self):
        self.ssrc, self.seq = random.getrandbits(32), random.getrandbits(16)
        self.stamp, self.codes, self.i = random.getrandbits(32), SILENCE * RATE, 0
        self.keys, self.is_mute = [], False     # keys: (what, duration in samples, marker, end)

    def press(self, digits, ms=100, gap_ms=80):
        for d in digits:
            frames = max(1, ms // 20)
            for i in range(frames):
                self.keys.append((d, FRAME * (i + 1), i == 0, False))
            self.keys += [(d, FRAME * frames, False, True)] * 3      # RFC 4733 §2.5.1.4
            self.keys += [None] * max(1, gap_ms // 20)

    def packets(self):
        """The packets of the next 20 ms."""
        out = []
        key = self.keys.pop(0) if self.keys else None
        if key:
            d, length, is_first, is_end = key
            if is_first:
                self.key_stamp = self.stamp
            body = struct.pack("!BBH", KEYS.index(d), 0x80 * is_end | KEY_VOLUME, length)
            out.append(self._packet(KEY_TYPE, self.key_stamp, is_first, body))
            while is_end and self.keys and self.keys[0] and self.keys[0][3]:
                out.append(self._packet(KEY_TYPE, self.key_stamp, False, body))
                self.keys.pop(0)
        elif not self.is_mute:
            codes = self.codes[self.i:self.i + FRAME]
            out.append(self._packet(PCMA, self.stamp, False, codes))
        self.i = (self.i + FRAME) % len(self.codes)
        self.stamp = (self.stamp + FRAME) % 2 ** 32
        return out

    def _packet(self, kind, stamp, has_mark, body):
        head = struct.pack("!BBHII", 0x80, 0x80 * has_mark | kind, self.seq, stamp, self.ssrc)
        self.seq = (self.seq + 1) % 65536
        return head + body


class Caller:
    """state: idle, calling, ringing, talking, ended. status: the final answer to our INVITE.
    at: the instants (seconds since 1970) of invite, first, ringing, answered, bye, ended. ptime: of
    the packets that it wishes for, in ms. sound_host: of its sound, when that is elsewhere."""

    def __init__(self, number="0536491234", host="127.0.0.1", answers=True, tcp=False,
                 sound_host=None):
        self.number, self.host, self.answers, self.tcp = number, host, answers, tcp
        self.display = ""               # before the address, in From: a quoted string and a blank
        self.name = bracketed(host)
        self.sip, self.torn = socket.socket(family_of(host)) if tcp else udp(host), b""
        if tcp:
            self.sip.bind((host, 0))
        self.sound_host = sound_host or host
        self.rtp, self.rtcp = udp_pair(self.sound_host)
        self.port = self.sip.getsockname()[1]
        self.state, self.status, self.ended_by, self.at = "idle", 0, None, {}
        self.heard, self.keys_heard, self.log, self.rtcp_n = Heard(), [], [], 0
        self.voice, self.peer, self.is_deaf = Voice(), None, False
        self.call_id = self.tag = self.remote = self.invite_ = None
        self.cseq, self.version, self.ptime = random.randrange(1, 10000), 0, 20
        self.repeats = {}               # of what is not answered: name → [due, wait, until, bytes]
        self.work, self.changed = [], threading.Condition()
        self.waker, self.bell = socket.socketpair()
        self.bell.setblocking(False)
        self.is_open, self.frame_due = True, 0.0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    # ---- asked from outside ------------------------------------------------------------------
    def invite(self, number, to, cancels=False):
        """cancels: the CANCEL follows in the same instant, sooner than RFC 3261 §9.1 wishes."""
        self._do(self._invite, number, to, cancels)

    def hang_up(self):
        self._do(self._hang_up)

    cancel = hang_up                    # before the answer a CANCEL, after it a BYE

    def answer(self):
        self._do(self._accept)

    def press(self, digits, **how):
        self._do(self.voice.press, digits, **how)

    def info(self, key, ms=100):
        """The key by SIP INFO, in the dialog."""
        self._do(self._info, key, ms)

    def tone(self, hz):
        codes = sine(hz)
        self._do(lambda: setattr(self.voice, "codes", codes))

    def mute(self, is_mute=True):
        """No packet at all, or again."""
        self._do(lambda: setattr(self.voice, "is_mute", is_mute))

    def vanish(self):
        """As if the cable were cut: nothing is sent, nothing is answered."""
        self.is_deaf = True

    def lose_connection(self):
        """Of TCP: it is cut; the sound goes on."""
        self._do(self._lose_connection)

    def reconnect(self):
        """Of TCP: by another connection from now on."""
        self._do(self._reconnect)

    def wait(self, *states, seconds=10.0):
        with self.changed:
            self.changed.wait_for(lambda: self.state in states, seconds)
        return self.state in states

    def wait_for(self, what, seconds=10.0):
        """Until what() is true; looked at with each change, and every 50 ms."""
        end = time.monotonic() + seconds
        while not what() and time.monotonic() < end:
            time.sleep(0.05)
        return bool(what())

    def close(self):
        if self.is_open:
            self._do(self._close)
            self.thread.join(3)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.state in ("calling", "ringing", "talking") and not self.is_deaf:
            self.hang_up()
            self.wait("ended", seconds=2)
        self.close()

    # ---- the thread --------------------------------------------------------------------------
    def _do(self, what, *args, **how):
        self.work.append((what, args, how))
        self.waker.send(b".")

    def _run(self):
        while self.is_open:
            now = time.monotonic()
            due = [r[0] for r in self.repeats.values()]
            if self.state == "talking" and self.peer:
                due.append(self.frame_due)
            wait = max(0.0, min(due, default=now + 1) - now)
            ready, _, _ = select.select([self.bell, self.sip, self.rtp, self.rtcp], [], [], wait)
            if self.bell in ready:
                self.bell.recv(4096)
                while self.work:
                    what, args, how = self.work.pop(0)
                    what(*args, **how)
            for s in ready:
                while self.is_open and s is not self.bell and (got := receive(s)):
                    if not self.is_deaf:
                        self._take(s, *got)
            if self.is_open and not self.is_deaf:
                self._pace()
                self._repeat()

    def _close(self):
        self.is_open = False
        for s in (self.sip, self.rtp, self.rtcp, self.bell, self.waker):
            s.close()

    def _take(self, s, data, at, sender):
        if s is self.sip and self.tcp:
            self._take_stream(data, at)
        elif s is self.sip and data.strip(b"\r\n\0"):
            self._take_sip(Message(data), at, sender)
        elif s is self.rtcp:
            self.rtcp_n += 1
        elif s is self.rtp and len(data) >= 12 and data[0] >> 6 == 2:
            skip = 12 + 4 * (data[0] & 15)
            _, kind, seq, stamp, ssrc = struct.unpack("!BBHII", data[:12])
            packet = Packet(at, seq, stamp, kind & 127, ssrc, data[skip:])
            self.heard.add(packet)
            if kind & 127 == KEY_TYPE and len(packet.payload) >= 4:
                self._take_key(packet)

    def _lose_connection(self):
        self.sip.close()
        self.sip, self.tcp = udp(self.host), False      # nobody speaks there

    def _reconnect(self):
        self.sip.close()
        self.sip, self.torn, self.tcp = socket.socket(family_of(self.host)), b"", True
        self.sip.bind((self.host, 0))
        self.port = self.sip.getsockname()[1]
        self.sip.connect(self.to)
        self.sip.setblocking(False)

    def _take_stream(self, data, at):
        if not data:
            self._lose_connection()
            return
        self.torn += data
        while b"\r\n\r\n" in self.torn:
            head, _, rest = self.torn.partition(b"\r\n\r\n")
            n = int(re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)[1])
            if len(rest) < n:
                return
            self.torn = rest[n:]
            self._take_sip(Message(head + b"\r\n\r\n" + rest[:n]), at, self.to)

    def _take_key(self, p):
        if p.payload[0] < 16 and (not self.keys_heard or self.keys_heard[-1][2] != p.stamp):
            self.keys_heard.append((p.at, KEYS[p.payload[0]], p.stamp))

    def _pace(self):
        now = time.monotonic()
        if self.state != "talking" or not self.peer or now < self.frame_due:
            return
        if now - self.frame_due > 0.2:
            self.frame_due = now
        self.frame_due += FRAME_S
        for packet in self.voice.packets():
            self._send(self.rtp, packet, self.peer)

    def _repeat(self):
        now = time.monotonic()
        for name, r in list(self.repeats.items()):
            if now >= r[2]:
                del self.repeats[name]
                self._become("ended", by="nobody answered")
            elif now >= r[0]:
                self._send(self.sip, r[3], self.to)
                r[1] = min(2 * r[1], T2) if name != "INVITE" else 2 * r[1]
                r[0] = now + r[1]

    def _send(self, s, data, to):
        try:
            if s is self.sip and self.tcp:
                s.sendall(data)
            else:
                s.sendto(data, to)
        except OSError:
            pass                        # nobody there: what a line would notice by silence

    def _become(self, state, by=None, at=None):
        if self.state == "ended":
            return
        with self.changed:
            self.state = state
            name = {"talking": "answered"}.get(state, state)
            self.at.setdefault(name, at or time.time())
            self.ended_by = by or self.ended_by
            if state == "talking":
                self.frame_due = time.monotonic()
            self.changed.notify_all()

    # ---- SIP: what we send -------------------------------------------------------------------
    def _say(self, text, kind=None, life=INVITE_LIFE):
        data = text.encode()
        self.log.append((time.time(), ">", text))
        self._send(self.sip, data, self.to)
        if kind and not self.tcp:
            now = time.monotonic()
            self.repeats[kind] = [now + T1, T1, now + life, data]

    def _sdp(self):
        self.version += 1
        net = "IP6" if ":" in self.sound_host else "IP4"
        text = SDP.format(id=self.port, version=self.version, host=self.sound_host, net=net,
                          port=self.rtp.getsockname()[1])
        return text.replace("ptime:20", f"ptime:{self.ptime}")

    def _request(self, method, branch=None, cseq=None, body="", **more):
        contact = f"<sip:{self.number}@{self.name}:{self.port}{';transport=tcp' * self.tcp}>"
        via = f"SIP/2.0/{'TCP' if self.tcp else 'UDP'} {self.name}:{self.port}"
        return request(method, self.target, {
            "Via": f"{via};rport;branch={branch or BRANCH()}",
            "Route": self.route, "From": self.us, "To": self.them, "Call-ID": self.call_id,
            "CSeq": f"{cseq or self.cseq} {method}", "Contact": contact, **more}, body)

    def _invite(self, number, to, cancels):
        self.to, self.route = to, []
        if self.tcp:
            self.sip.connect(to)
            self.sip.setblocking(False)
        self.target = f"sip:{number}@{bracketed(to[0])}:{to[1]}"
        self.call_id, self.tag = f"{random.getrandbits(64):x}@{self.host}", BRANCH()[7:]
        self.us = f"{self.display}<sip:{self.number}@{self.name}>;tag={self.tag}"
        self.them = f"<{self.target}>"
        self.invite_branch, self.is_cancelled = BRANCH(), False
        self.invite_ = self._request("INVITE", self.invite_branch, body=self._sdp())
        self.at["invite"] = time.time()
        self._become("calling")
        self._say(self.invite_, "INVITE")
        if cancels:
            self.is_cancelled = True
            self._say(self._request("CANCEL", self.invite_branch), "CANCEL")

    def _info(self, key, ms):
        if self.state == "talking":
            self.cseq += 1
            body = f"Signal={key}\r\nDuration={ms}\r\n"
            self._say(self._request("INFO", body=body,
                                    **{"Content-Type": "application/dtmf-relay"}), "INFO")

    def _hang_up(self):
        self.at["bye"] = time.time()
        if self.state == "talking":
            self.cseq += 1
            self._say(self._request("BYE"), "BYE", BYE_LIFE)
        elif self.state in ("calling", "ringing") and self.remote is None and self.invite_:
            self.is_cancelled = True
            if "first" in self.at:      # RFC 3261 §9.1: not before a provisional answer
                self._say(self._request("CANCEL", self.invite_branch), "CANCEL")
        elif self.state == "ringing":
            self._refuse(486)

    # ---- SIP: what we are told ---------------------------------------------------------------
    def _take_sip(self, m, at, sender):
        self.log.append((at, "<", m.text))
        if m.status:
            self._take_answer(m, at)
        elif m.method == "INVITE" and self.call_id in (None, m["call-id"]):
            self._take_invite(m, sender)
        elif m["call-id"] != self.call_id:
            if m.method != "ACK":
                self._answer(m, sender, 200 if m.method == "OPTIONS" else 481)
        else:
            self._take_request(m, sender)

    def _answer(self, m, to, status, body=""):
        text = answer_to(m, status, self.tag or BRANCH()[7:],
                         f"<sip:{self.number}@{self.name}:{self.port}>", body)
        self.log.append((time.time(), ">", text))
        self._send(self.sip, text.encode(), to)

    def _take_request(self, m, sender):
        if m.method == "ACK":
            self.repeats.pop("200", None)
        elif m.method == "BYE":
            self._answer(m, sender, 200)
            self._become("ended", by="them")
        elif m.method == "CANCEL":
            self._answer(m, sender, 200)
            self._refuse(487)
        else:
            self._answer(m, sender, 200, self._sdp() if m.body and m.method == "UPDATE" else "")

    def _take_invite(self, m, sender):
        if self.state == "talking" or self.state == "ended":     # a new offer in the dialog
            self._learn_media(m)
            return self._answer(m, sender, 200 if self.state == "talking" else 481, self._sdp())
        if self.state == "ringing":
            return self._answer(m, sender, 180)
        self.to, self.asked, self.call_id, self.tag = sender, m, m["call-id"], BRANCH()[7:]
        self.us, self.them = f"{m['to']};tag={self.tag}", m["from"]
        self.target, self.route = uri_of(m["contact"]), m.all("record-route")
        self.remote = m["from"]
        self._answer(m, sender, 180)
        self._become("ringing")
        if self.answers:
            self._accept()

    def _accept(self):
        if self.state == "ringing" and self.remote:
            self._learn_media(self.asked)
            self._become("talking")
            self._say(answer_to(self.asked, 200, self.tag,
                                f"<sip:{self.number}@{self.name}:{self.port}>", self._sdp()), "200")

    def _refuse(self, status):
        if self.state == "ringing" and self.remote:
            self._answer(self.asked, self.to, status)
            self._become("ended", by="us" if status == 486 else "them")

    def _take_answer(self, m, at):
        name = m["cseq"].split()[1]
        if name == "INVITE":
            self.repeats.pop("INVITE", None)
            self._take_progress(m, at)
        elif m.status >= 200:
            self.repeats.pop(name, None)
            if name == "BYE":
                self._become("ended", by="us")

    def _take_progress(self, m, at):
        self.at.setdefault("first", at)
        if m.status < 200:
            if m.status > 100 and self.state == "calling":
                self._become("ringing", at=at)
            if self.is_cancelled and "CANCEL" not in self.repeats:
                self._say(self._request("CANCEL", self.invite_branch), "CANCEL")
            return
        self.status = m.status
        self.them = m["to"]
        if m.status >= 300:
            self._say(self._request("ACK", self.invite_branch))
            self._become("ended", by="us" if self.is_cancelled else "them")
            return
        self.target, self.route = uri_of(m["contact"]), m.all("record-route")[::-1]
        self._say(self._request("ACK"))
        if self.state in ("calling", "ringing"):
            self._learn_media(m)
            self._become("talking", at=at)
            if self.is_cancelled:
                self._hang_up()

    def _learn_media(self, m):
        host, port = m.media()
        if port:
            self.peer = (host, port)
