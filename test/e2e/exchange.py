"""exchange.py — an operator for callbacks: every telephone behind it rings, most pick up, speak for
some seconds and hang up, one in five is busy. Each INVITE is kept: number, instant, Call-ID.

  with Exchange(speak_s=3) as far: far.port; far.invites
"""
import select
import socket
import threading
import time

from caller import SDP, Voice, udp_pair
from sip_text import BRANCH, Message, answer_to, request, uri_of

RING_S, BYE_S, FRAME_S = 0.3, 0.5, 0.02
BUSY_OF = 5             # one in so many


class Talk:
    """One call: ringing, up, or over."""

    def __init__(self, m, sender, number, now):
        self.m, self.sender, self.number = m, sender, number
        self.tag, self.voice, self.cseq = BRANCH()[7:], Voice(), 0
        self.state, self.due, self.over_at, self.byes_n = "rings", now + RING_S, 0, 0
        self.peer = m.media()


class Exchange:
    """invites: [(instant, number as dialled, Call-ID)], repetitions left out. busy_n, byes_n: how
    many were refused, how many hung up by themselves."""

    def __init__(self, speak_s=3.0):
        self.speak_s, self.talks, self.invites, self.is_open = speak_s, {}, [], True
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind(("127.0.0.1", 0))
        self.port = self.sip.getsockname()[1]
        self.rtp, self.rtcp = udp_pair("127.0.0.1")
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        frame_due = time.monotonic()
        while self.is_open:
            wait = max(0.0, frame_due - time.monotonic())
            for s in select.select([self.sip, self.rtp, self.rtcp], [], [], wait)[0]:
                data, sender = s.recvfrom(65536)
                if s is self.sip and data.strip(b"\r\n\0"):
                    self._take(Message(data), sender)
            if time.monotonic() >= frame_due:
                frame_due = time.monotonic() + FRAME_S
                self._pace()

    def _contact(self):
        return f"<sip:exchange@127.0.0.1:{self.port}>"

    def _answer(self, m, sender, status, tag="none", body=""):
        self.sip.sendto(answer_to(m, status, tag, self._contact(), body).encode(), sender)

    # ---- what we are told --------------------------------------------------------------------
    def _take(self, m, sender):
        talk = self.talks.get(m["call-id"])
        if m.status or m.method == "ACK":
            if talk and m.status and "BYE" in m["cseq"]:
                talk.state = "over"
        elif m.method == "INVITE" and not talk:
            number = uri_of(m.uri).partition(":")[2].partition("@")[0]
            self.invites.append((time.time(), number, m["call-id"]))
            self.talks[m["call-id"]] = talk = Talk(m, sender, number, time.monotonic())
            self._answer(m, sender, 180, talk.tag)
        elif m.method == "CANCEL" and talk and talk.state == "rings":
            talk.state = "over"
            self._answer(m, sender, 200, talk.tag)
            self._answer(talk.m, sender, 487, talk.tag)
        elif m.method == "BYE" and talk:
            talk.state = "over"
            self._answer(m, sender, 200, talk.tag)
        elif m.method != "INVITE":
            self._answer(m, sender, 200 if m.method == "OPTIONS" or talk else 481)

    # ---- what they do ------------------------------------------------------------------------
    def _pace(self):
        now = time.monotonic()
        for talk in list(self.talks.values()):
            if talk.state == "rings" and now >= talk.due:
                self._pick_up(talk, now)
            elif talk.state == "up":
                for packet in talk.voice.packets():
                    self.rtp.sendto(packet, talk.peer)
            if talk.state == "up" and now >= talk.due:
                self._hang_up(talk, now)

    def _pick_up(self, talk, now):
        if int(talk.number[-4:]) % BUSY_OF == 0:
            talk.state = "over"
            self._answer(talk.m, talk.sender, 486, talk.tag)
            return
        talk.state, talk.due = "up", now + self.speak_s
        body = SDP.format(id=1, version=1, net="IP4", host="127.0.0.1",
                          port=self.rtp.getsockname()[1])
        self._answer(talk.m, talk.sender, 200, talk.tag, body)

    def _hang_up(self, talk, now):
        """BYE, said three times at most: a service that was killed knows nothing of this call."""
        talk.due, talk.byes_n, talk.cseq = now + BYE_S, talk.byes_n + 1, talk.cseq + 1
        talk.state = "over" if talk.byes_n > 3 else "up"
        fields = {"Via": f"SIP/2.0/UDP 127.0.0.1:{self.port};branch={BRANCH()}",
                  "From": f"{talk.m['to']};tag={talk.tag}", "To": talk.m["from"],
                  "Call-ID": talk.m["call-id"], "CSeq": f"{talk.cseq} BYE"}
        text = request("BYE", uri_of(talk.m["contact"]), fields)
        self.sip.sendto(text.encode(), talk.sender)

    def close(self):
        self.is_open = False
        self.thread.join(2)
        for s in (self.sip, self.rtp, self.rtcp):
            s.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
