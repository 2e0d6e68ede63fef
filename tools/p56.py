"""p56.py — WAV files, A-law and the level of speech (ITU-T P.56, method B). Standard library only.

Levels are in dBov: 0 dB is the mean power of a square wave of full scale (32768), so that a sine of
full scale is at -3.01. Cost: about a second for a minute of 8 kHz sound.
"""
import array
import math
import sys
import wave
from itertools import accumulate

RATE = 8000
FULL = 32768.0
STEP_S = 0.03          # time constant of both smoothings of the envelope
HANG_S = 0.2           # activity goes on so long after the envelope has fallen
MARGIN_DB = 15.9       # between the active level and the threshold that defines activity
BITS = 16


def read_wav(path):
    """(samples, fault): the samples of an 8 kHz mono 16-bit WAV, or why it is none."""
    try:
        with wave.open(str(path)) as w:
            form = (w.getframerate(), w.getnchannels(), w.getsampwidth())
            if form != (RATE, 1, 2):
                return None, "{} Hz, {} channels, {} bytes; 8000, 1, 2 wanted".format(*form)
            samples = array.array("h", w.readframes(w.getnframes()))
    except (wave.Error, EOFError, OSError) as e:
        return None, f"no WAV file: {e}"
    if sys.byteorder == "big":
        samples.byteswap()
    return samples, None


def write_wav(path, samples):
    data = array.array("h", (max(-32768, min(32767, round(x))) for x in samples))
    if sys.byteorder == "big":
        data.byteswap()
    with wave.open(str(path), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(data.tobytes())


def alaw_value(x):
    """One sample as it is after A-law (ITU-T G.711): 13 bits, eight segments, their middles."""
    sign, x = (1, x) if x >= 0 else (-1, -x - 1)
    x = min(x >> 3, 4095) if x > 0 else 0
    segment = max(0, x.bit_length() - 5)
    shift = max(1, segment)
    return sign * ((((x >> shift) << shift) + (1 << (shift - 1))) << 3)


ALAW = array.array("h", (alaw_value(x - 32768) for x in range(65536)))


def through_alaw(samples):
    """What the caller hears of these samples."""
    return array.array("h", (ALAW[x + 32768] for x in samples))


def db(power):
    return 10 * math.log10(power) if power > 0 else -200.0


def rms_db(samples):
    n = len(samples)
    return db(sum(x * x for x in samples) / n / FULL ** 2) if n else -200.0


def peak_db(samples):
    return 2 * db(max((abs(x) for x in samples), default=0) / FULL)


def envelope(samples, rate):
    """P.56 §8.2: the rectified signal, smoothed twice."""
    keep = math.exp(-1 / (rate * STEP_S))
    new = 1 - keep
    once = accumulate(map(abs, samples), lambda p, x: keep * p + new * x, initial=0.0)
    twice = accumulate(once, lambda q, p: keep * q + new * p)
    next(twice)
    return twice


def count_runs(envelope_of, hang, n):
    """Thresholds are powers of two, so the octave of the envelope says which are exceeded. Octaves
    last long (the envelope is slow): their runs are counted, not the samples."""
    runs, before, start = [], None, 0
    for i, q in enumerate(envelope_of):
        octave = int(q).bit_length()        # 2**(octave-1) <= q: thresholds 0 … octave-1
        if octave != before:
            if before is not None:
                runs.append((before, start, i))
            before, start = octave, i
    runs.append((before, start, n))
    active, until = [0] * BITS, [0] * BITS  # until: the end of what is counted for each threshold
    for octave, start, end in runs:
        for j in range(min(octave, BITS)):
            active[j] += min(end + hang, n) - max(start, until[j])
            until[j] = min(end + hang, n)
    return active


def speech_level(samples, rate=RATE):
    """(active speech level in dBov, share of the time that is active), P.56 §8.4-8.5."""
    square = sum(x * x for x in samples)
    if not samples or not square:
        return -200.0, 0.0
    points = []                             # (active level, its distance to the threshold)
    hang = round(rate * HANG_S)
    for j, n in enumerate(count_runs(envelope(samples, rate), hang, len(samples))):
        if n:
            level = db(square / n / FULL ** 2)
            points.append((level, level - 2 * db(2 ** j / FULL)))
    level = between(points)
    return level, db_share(square, len(samples), level)


def between(points):
    """The active level where it lies MARGIN_DB above its threshold: straight line in dB."""
    for (a, da), (b, d_b) in zip(points, points[1:]):
        if da >= MARGIN_DB >= d_b:
            t = (da - MARGIN_DB) / (da - d_b) if da != d_b else 0
            return a + t * (b - a)
    return points[-1][0] if points and points[-1][1] > MARGIN_DB else points[0][0]


def db_share(square, n, level):
    return min(1.0, square / n / FULL ** 2 / 10 ** (level / 10))
