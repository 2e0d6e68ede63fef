"""prompt_render.py — speaks the table with an engine, for developers. Standard library only.

Called by tools/prompts.py render; never by ./dev or CI, and the product needs no engine. The engine
is pico2wave (SVOX Pico, 16 kHz); another one is another function like pico(). What follows is the
same for any engine: cut, down to 8 kHz, level by P.56, silences of the table.
"""
import array
import math
import os
import re
import subprocess
import tempfile
import wave
from operator import mul
from pathlib import Path

import p56

VOICES = {"fr": ("fr-FR", "SVOX Pico fr-FR"), "en": ("en-GB", "SVOX Pico en-GB")}
LEVEL_DB, PEAK_DB = -24.0, -4.0
SESSION_DB = 1.0            # how far one file may stay from the level when its neighbours hold it
FRAME = 40                  # 5 ms
SOUND_DB = -60.0            # a frame above it is sound: consonants end softly
HASTE = 1.1                 # past this part of s max the engine is hurried (judged: 1.2)
HEARD_DB = -57.0            # a little above what src/say/judge.c calls sound
SENTENCE_GAP_MS = 600       # the engine's 0.8 s between sentences is too long on the telephone
CUT_GAP_MS = 1000           # a silence that long is the one asked for, where a take is cut
CUT = '<break time="1000ms"/>'  # the engine passes over longer ones
PACE, SLOW, FASTEST = 92, 80, 120   # in percent of the engine's own pace; SLOW is 15 % slower


def pico(text, voice, pace):
    """Samples at 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.wav")
        marked = f'<speed level="{pace}">{text}</speed>'
        subprocess.run([os.environ.get("PICO2WAVE", "pico2wave"), "-l", voice, "-w", path, marked],
                       check=True, stdout=subprocess.DEVNULL)
        with wave.open(path) as w:
            assert (w.getframerate(), w.getnchannels(), w.getsampwidth()) == (16000, 1, 2)
            return array.array("h", w.readframes(w.getnframes()))


def low_pass(taps_n, cut):
    """A windowed sinc; cut in parts of the rate."""
    half = (taps_n - 1) / 2
    taps = [(2 * cut if i == half else math.sin(2 * math.pi * cut * (i - half)) /
             (math.pi * (i - half))) * (0.54 - 0.46 * math.cos(2 * math.pi * i / (taps_n - 1)))
            for i in range(taps_n)]
    return [t / sum(taps) for t in taps]


TAPS = low_pass(95, 3650 / 16000)


def halve(samples):
    """16 kHz → 8 kHz."""
    n = len(TAPS)
    pad = [0] * (n // 2)
    wide = pad + list(samples) + pad
    return [sum(map(mul, TAPS, wide[i:i + n])) for i in range(0, len(samples), 2)]


def high_pass(samples, hz=120):
    """Takes away what a telephone does not carry, so that the level is that of what is heard."""
    keep = math.exp(-2 * math.pi * hz / p56.RATE)
    out, low = [], 0.0
    for x in samples:
        low = keep * low + (1 - keep) * x
        out.append(x - low)
    return out


def brighten(samples, share=0.3):
    """As a handset does (ITU-T P.830 modified IRS, roughly): 5 dB more at 3 kHz than at 300 Hz.
    Without it a synthetic voice sounds dull beside the agent's."""
    return [x - share * before for before, x in zip([0, *samples], samples)]


def sounds(samples):
    """[(first frame, frame after the last)] of each stretch of sound."""
    floor = 10 ** (SOUND_DB / 10) * p56.FULL ** 2 * FRAME
    found, start = [], None
    frames_n = len(samples) // FRAME
    for i in range(frames_n + 1):
        part = samples[i * FRAME:(i + 1) * FRAME]
        loud = i < frames_n and sum(x * x for x in part) > floor
        if loud and start is None:
            start = i
        if not loud and start is not None:
            found.append((start, i))
            start = None
    return found


def split_takes(samples):
    """What lies between the long silences that were asked for."""
    takes, gap = [], CUT_GAP_MS // 5
    for a, b in sounds(samples):
        if takes and a - takes[-1][1] < gap:
            takes[-1][1] = b
        else:
            takes.append([a, b])
    return [samples[max(0, (a - 2) * FRAME):(b + 3) * FRAME] for a, b in takes]


def shorten_gaps(samples, most_ms):
    most, out, done = most_ms // 5, [], 0
    stretches = sounds(samples)
    for (_, end), (start, _) in zip(stretches, stretches[1:]):
        if start - end > most:
            cut = end + most // 2
            out += samples[done * FRAME:cut * FRAME]
            done = start - (most - most // 2)
    return out + samples[done * FRAME:]


def fade(samples, n=40):
    for i in range(min(n, len(samples) // 2)):
        g = 0.5 - 0.5 * math.cos(math.pi * (i + 0.5) / n)
        samples[i] *= g
        samples[-1 - i] *= g
    return samples


def limit(samples, peak_db=PEAK_DB):
    """Turns down 5 ms around a peak; nothing is clipped."""
    most = p56.FULL * 10 ** (peak_db / 20)
    width = 80
    gain = [1.0] * len(samples)
    for i, x in enumerate(samples):
        if abs(x) > most:
            g = most / abs(x)
            for k in range(max(0, i - width), min(len(samples), i + width + 1)):
                w = 0.5 + 0.5 * math.cos(math.pi * (k - i) / (width + 1))
                gain[k] = min(gain[k], 1 - (1 - g) * w)
    return [x * g for x, g in zip(samples, gain)]


def gain_db(samples, by_db):
    g = 10 ** (by_db / 20)
    return [x * g for x in samples]


def trim(samples):
    """From the first to the last frame that src/say/judge.c calls sound, and 10 ms around them."""
    heard = p56.through_alaw(array.array("h", map(round, samples)))
    loud = [i for i in range(0, len(heard), FRAME) if p56.rms_db(heard[i:i + FRAME]) > HEARD_DB]
    return samples[max(0, loud[0] - 2 * FRAME):loud[-1] + 3 * FRAME]


def finish(samples, row):
    """Level, limit, silences. The level of the take that the part was cut from is kept within
    SESSION_DB, because a short word alone is measured lower than in its sentence."""
    done = trim(samples)
    before, after = [[0] * (ms * p56.RATE // 1000) for ms in (row.before_ms, row.after_ms)]

    def level(s):
        heard = p56.through_alaw(array.array("h", map(round, before + s + after)))
        return p56.speech_level(heard)[0]
    off = level(done) - LEVEL_DB
    keep = max(-SESSION_DB, min(SESSION_DB, off)) if row.kind in "PC" else 0
    for _ in range(3):
        done = trim(limit(gain_db(done, LEVEL_DB + keep - level(done))))
    done = fade(done)
    return before + done + after


def spoken(text, pronunciations):
    for written, said in pronunciations:
        text = re.sub(r"(?<!\w)" + re.escape(written) + r"(?!\w)", said, text)
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def with_digits(prompts, row, words):
    """French numbers of several words are given to the engine as digits: « soixante et onze » would
    be spoken with a rest around « et »."""
    numbers = {prompts.row("fr", f"pair.{n}.f").text.rstrip("."): str(n) for n in range(17, 100)}
    if row.lang != "fr" or row.kind != "P":
        return words
    for said in sorted(numbers, key=len, reverse=True):
        words = re.sub(rf"(?<![\w-]){said}(?![\w-]| et )", numbers[said], words)
    return words.replace(" et une", "-et-une")


def take(row, words, voice, pace):
    """The row's sound at 8 kHz. A take that something follows is spoken with something after it."""
    words = words.lstrip(", ")
    bare = words.rstrip(" ,.:")
    if row.kind == "P":
        words = f"{bare}, {CUT} {bare}."
    elif row.is_joined():
        words = f"{bare}, {CUT} {bare.split()[-1]}."
    samples = brighten(high_pass(halve(pico(words, voice, pace))))
    samples = gain_db(samples, LEVEL_DB - p56.speech_level(samples)[0])
    wanted = 2 if row.kind == "P" or row.is_joined() else 1
    takes = split_takes(samples) if wanted == 2 else [samples]
    if len(takes) != wanted:
        raise ValueError(f"{row.id}: {len(takes)} takes in '{words}', {wanted} wanted")
    one = takes[-1] if row.kind == "P" and not row.is_joined() else takes[0]
    stretches = sounds(one)
    one = one[max(0, (stretches[0][0] - 2) * FRAME):(stretches[-1][1] + 3) * FRAME]
    return shorten_gaps(one, SENTENCE_GAP_MS if pace > SLOW else SENTENCE_GAP_MS * 5 // 4)


def render(prompts, row):
    """Speaks one row and writes its file; says how long it lasts, and the voice."""
    lang = "en" if row.id == "greet.english" else row.lang
    voice, name = VOICES[lang]
    words = with_digits(prompts, row, spoken(row.text, prompts.scripts[lang].said))
    pace = SLOW if row.id.endswith(".slow") else PACE
    while True:
        samples = finish(take(row, words, voice, pace), row)
        if len(samples) / p56.RATE <= row.max_s * HASTE or pace >= FASTEST:
            break
        pace += 5
    path = Path(prompts.path(row))
    p56.write_wav(path, samples)
    return len(samples) / p56.RATE, pace, name
