"""call_hostile.py — cases of call.py: strangers who send into a conversation."""
import random
import re
import socket
import struct
import time
import urllib.request

import sound
from cases import case

STRANGE_HZ = 3000
PACKETS = 150                   # three seconds of sound, from each address


def rtp(kind, number, stamp, ssrc, payload, marker=False):
    return struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), number & 0xffff,
                       stamp & 0xffffffff, ssrc) + payload


def inject(w, host, to):
    """Sound, keys, RTCP with a BYE and noise, at the pace of a telephone; to: where the caller's
    own packets go."""
    dice = random.Random(20261122)
    tone = sound.sine(STRANGE_HZ)
    bye = struct.pack("!BBHI", 0x80, 201, 1, 99) + struct.pack("!BBHI", 0x81, 203, 1, 99)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((host, 0))
        for i in range(PACKETS):
            s.sendto(rtp(8, 7000 + i, 160 * i, 99, tone[160 * i % 8000:][:160], i == 0), to)
            s.sendto(rtp(101, 9000 + i, 0, 99, bytes([10, 0x8a, 3, 32]), i == 0), to)   # *
            s.sendto(bye, (to[0], to[1] + 1))
            s.sendto(bye, to)
            s.sendto(dice.randbytes(dice.randrange(1, 200)), to)
            s.sendto(dice.randbytes(dice.randrange(1, 200)), (to[0], to[1] + 1))
            time.sleep(0.02)


def refused(w):
    url = f"http://127.0.0.1:{w.service.http[1]}/metrics"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return int(re.search(rb"(?m)^decroche_media_packets_refused_total (\d+)",
                             answer.read())[1])


@case()
def strangers_send_into_a_call(w):
    """From another address, and from another port of the caller's own: nobody hears them, their
    keys do nothing, their goodbye ends nothing; the log says so once a leg, not once a packet."""
    agent = w.agent()
    caller = w.queued(keys="2")
    w.both_hear(caller, agent)
    begun = time.time()
    for host in ("127.0.0.9", "127.0.0.1"):
        inject(w, host, caller.peer)
    w.check("the agent goes on hearing the caller", agent.hears(440, 4))
    w.check("and the caller the agent, as if nothing were sent",
            sound.heard(caller.heard, 1000, begun + 0.5) > 0.9)
    w.check("and nobody else", not agent.hears(STRANGE_HZ, 1))
    w.check("the call goes on", not caller.wait("ended", seconds=0.5))
    events = w.events()
    w.check("no key of theirs did anything", not events.of("call_ended", "offer_ended"))
    # Of sound nothing comes so far: the kernel knows the peer's port (connect).
    w.check("their reports came, and were refused", refused(w) > 30, lambda: refused(w))
    said = [x for x in w.service.said().splitlines() if "media" in x or "stranger" in x]
    w.check("few lines in the log", len(said) < 10, said)
    caller.hang_up()
    w.outcomes("test")
