"""sound.py — what was heard: A-law, tones, levels, and which prompt it was. Standard library only.

Levels are in dBov as in tools/p56.py: a square wave of full scale is 0, a sine of full scale -3.
A Heard holds the packets of one stream with the instant at which the kernel received each.
Cost: a second of sound is judged in about 10 ms.
"""
import array
import math
import sys
import wave
from collections import namedtuple
from pathlib import Path

RATE, FRAME, FRAME_S = 8000, 160, 0.02
FULL = 32768.0
WINDOW_S = 0.1              # tones are multiples of its 10 Hz, so they do not leak into each other
TONE_DB, TONE_SHARE = -45.0, 0.8
SILENCE_DB = -50.0
RESTS = 0.07                # of speech: 0.14 or more in our prompts; of our music: none
PCMA = 8
SILENCE = b"\xd5"

Packet = namedtuple("Packet", "at seq stamp type ssrc payload")     # at: seconds since 1970
Said = namedtuple("Said", "id at to first last of")     # frames first … last of a prompt


# ---- G.711 A-law -----------------------------------------------------------------------------
def _decode(code):
    c = code ^ 0x55
    m = ((c & 15) << 4) + 8
    m = (m + 0x100) << ((c >> 4 & 7) - 1) if c & 0x70 else m
    return m if c & 0x80 else -m


def _encode(sample):
    m = (sample if sample >= 0 else ~sample) >> 4
    segment = m >> 4 if m < 32 else m.bit_length() - 4
    step = (m if segment < 2 else m >> (segment - 1)) & 15
    return ((0x80 if sample >= 0 else 0) | segment << 4 | step) ^ 0x55


DECODE = array.array("h", map(_decode, range(256)))
ENCODE = bytes(_encode(s) for s in range(-32768, 32768))


def decode(codes):
    return array.array("h", map(DECODE.__getitem__, codes))


def encode(samples):
    return bytes(ENCODE[s + 32768] for s in samples)


def sine(hz, seconds=1, peak=8000):
    """A-law; a whole number of Hz, so that a second of it can be repeated."""
    turn = 2 * math.pi * hz / RATE
    return encode(round(peak * math.sin(turn * (i % RATE))) for i in range(round(RATE * seconds)))


def read_wav(path, is_whole=False):
    """Samples of a 16-bit file at 8 kHz; one that is still being written has no length in its head.
    Of a higher rate, or of two channels, the mean of what falls into one of our samples; whole: all
    of them."""
    with open(path, "rb") as f:
        bytes_ = f.read()
    at = bytes_.find(b"data")
    data = array.array("h", bytes_[at + 8:len(bytes_) - (len(bytes_) - at) % 2]) if at > 0 else \
        array.array("h")
    if sys.byteorder == "big":
        data.byteswap()
    n = int.from_bytes(bytes_[22:24], "little") * max(1, rate_of(path) // RATE)
    if n < 2 or is_whole:
        return data
    return array.array("h", (sum(data[i:i + n]) // n for i in range(0, len(data) - n + 1, n)))


def rate_of(path):
    with open(path, "rb") as f:
        return int.from_bytes(f.read(28)[24:28], "little")


def write_wav(path, samples):
    with wave.open(str(path), "wb") as w:
        w.setparams((1, 2, RATE, 0, "NONE", ""))
        w.writeframes(array.array("h", samples).tobytes())


# ---- levels and tones ------------------------------------------------------------------------
def db(power):
    return 10 * math.log10(power / FULL ** 2) if power > 0 else -200.0


def power(samples):
    return sum(x * x for x in samples) / len(samples) if samples else 0.0


def tone_power(samples, hz):
    """Goertzel: the power of a sine of that frequency. Cost: a multiplication a sample."""
    k = 2 * math.cos(2 * math.pi * hz / RATE)
    a = b = 0.0
    for x in samples:
        a, b = x + k * a - b, a
    n = len(samples)
    return 2 * (a * a + b * b - k * a * b) / n ** 2 if n else 0.0


def tone_db(samples, hz):
    return db(tone_power(samples, hz))


def windows(samples, seconds=WINDOW_S):
    n = round(RATE * seconds)
    return [samples[i:i + n] for i in range(0, len(samples) - n + 1, n)]


def is_tone(samples, hz):
    """Mostly this sine, and loud enough to be meant."""
    p, t = power(samples), tone_power(samples, hz)
    return db(t) > TONE_DB and t > TONE_SHARE * p


def tone_share(samples, hz):
    """The part of the time in which this tone, and little else, is heard."""
    found = [is_tone(w, hz) for w in windows(samples)]
    return sum(found) / len(found) if found else 0.0


def frequency(samples):
    """Of a pure tone, by the distance of its zero crossings; 0 when there are none."""
    up = [i + a / (a - b) for i, (a, b) in enumerate(zip(samples, samples[1:])) if a < 0 <= b]
    return RATE * (len(up) - 1) / (up[-1] - up[0]) if len(up) > 1 else 0.0


def kind(samples):
    """"silence", "tone", "speech" or "music" of two seconds or more. Speech rests between words:
    its level falls by 20 dB again and again. Our music never rests so."""
    levels = [db(power(w)) for w in windows(samples, FRAME_S)]
    if not levels or max(levels) < SILENCE_DB:
        return "silence"
    loud = [w for w in windows(samples) if db(power(w)) > SILENCE_DB]
    pure = [w for w in loud if is_tone(w, frequency(w))]
    if len(pure) > 0.8 * len(loud):
        return "tone"
    top = sorted(levels)[int(0.95 * (len(levels) - 1))]
    rests = sum(x < top - 20 for x in levels) / len(levels)
    return "speech" if rests > RESTS else "music"


# ---- prompts, known by their bytes -------------------------------------------------------------
class Prompts:
    """The service sends a prompt as it was encoded once, frame by frame: a frame that stands in
    one prompt alone names it. Prompts of the same words are one sound: same has its name."""

    def __init__(self, *folders):
        owners, names, self.same = {}, {}, {}
        for path in (p for f in folders for p in sorted(Path(f).glob("*.wav"))):
            codes = encode(read_wav(path))
            codes += SILENCE * (-len(codes) % FRAME)
            self.same[path.stem] = names.setdefault(codes, path.stem)
            if self.same[path.stem] != path.stem:
                continue
            for i in range(0, len(codes), FRAME):
                place = (path.stem, i // FRAME, len(codes) // FRAME)
                owners.setdefault(codes[i:i + FRAME], set()).add(place)
        self.owner = {k: v.pop() for k, v in owners.items() if len(v) == 1}

    def said(self, frames):
        """[(at, payload)] → what was said, in order. A pause of 2 s, or a step back, is another
        time; an interrupted prompt has a small `last`."""
        out = []
        for at, payload in frames:
            name, i, of = self.owner.get(payload, (None, 0, 0))
            if name is None:
                continue
            if out and out[-1].id == name and i > out[-1].last and at < out[-1].to + 2:
                out[-1] = out[-1]._replace(to=at + FRAME_S, last=i)
            else:
                out.append(Said(name, at, at + FRAME_S, i, i, of))
        return out


# ---- a stream as it came ---------------------------------------------------------------------
class Heard:
    """Packets of one stream of ours, in the order of their arrival."""

    def __init__(self):
        self.packets = []

    def add(self, packet):
        self.packets.append(packet)

    def between(self, from_at=0, to_at=math.inf):
        return [p for p in list(self.packets) if from_at <= p.at < to_at and p.type == PCMA]

    def samples(self, from_at=0, to_at=math.inf):
        """Sound on the time line of the sender; what did not come is silence."""
        found = self.between(from_at, to_at)
        if not found:
            return array.array("h")
        start, out, base = found[0].at, array.array("h"), None
        for p in found:
            if base is None or p.ssrc != base[0] or \
                    abs(self._place(base, p) - (p.at - start) * RATE) > RATE / 5:
                base = (p.ssrc, p.stamp, max(len(out), round((p.at - start) * RATE)))
            place = self._place(base, p)
            if place > len(out):
                out.extend([0] * (place - len(out)))
            out[place:place + len(p.payload)] = decode(p.payload)
        return out

    @staticmethod
    def _place(base, p):
        _, stamp, place = base
        step = (p.stamp - stamp + 2 ** 31) % 2 ** 32 - 2 ** 31
        return max(0, place + step)

    def said(self, prompts, from_at=0, to_at=math.inf):
        return prompts.said([(p.at, p.payload) for p in self.between(from_at, to_at)])

    def spacing(self, from_at=0, to_at=math.inf):
        """(packets, lost by their numbers, longest gap in s, p99 of the spacing in s), keys and
        all."""
        found = [p for p in list(self.packets) if from_at <= p.at < to_at]
        gaps = sorted(b.at - a.at for a, b in zip(found, found[1:]))
        lost = sum((b.seq - a.seq - 1) % 65536 for a, b in zip(found, found[1:])
                   if a.ssrc == b.ssrc and 0 < (b.seq - a.seq) % 65536 < 3000)
        p99 = gaps[min(len(gaps) - 1, int(0.99 * len(gaps)))] if gaps else 0.0
        return len(found), lost, gaps[-1] if gaps else 0.0, p99


def heard(recording, hz, from_at=0, to_at=math.inf):
    """The part of the time in which the tone is heard: 1 all of it."""
    return tone_share(recording.samples(from_at, to_at), hz)
