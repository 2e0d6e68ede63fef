#!/usr/bin/env python3
"""prompts.py DECROCHE PROMPTS: two meters, written apart, agree about the files (ITU-T P.56).

The program's is in whole numbers (src/base/level.c), the renderer's in floating point (tools/p56.py).
Also the joints: parts that follow each other have equal levels, begin and end in silence (no click),
and a composed sentence lasts as long as its parts. And the music: within the telephone's band,
without a beat, without a seam.
"""
import cmath
import json
import math
import subprocess
import sys
from pathlib import Path

decroche, prompts = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(prompts.parent / "tools"))
import p56                                                              # noqa: E402

EVERY = 37                      # files between those that are measured twice
EDGE = 16                       # 2 ms
QUIET = 330                     # -40 dBFS: what may stand at the edge of a part
JOINT_DB = 2.5                  # between two parts of one sentence


def fail(what):
    sys.exit(f"FAILED: {what}")


def near(name, got, wanted, most):
    if abs(got - wanted) > most:
        fail(f"{name}: {got:.2f} and {wanted:.2f} differ by more than {most}")


told = subprocess.run([decroche, "prompts", "sheet", "--json", str(prompts)], stdout=subprocess.PIPE,
                      text=True, check=True, timeout=60).stdout.splitlines()
sheet = {row["file"]: row for row in map(json.loads, told)}
if len(sheet) < 1900:
    fail(f"{len(sheet)} files in the sheet")


def samples_of(name):
    samples, why = p56.read_wav(prompts / name)
    return samples if samples else fail(f"{name}: {why}")


def of(name):
    return sheet[str(prompts / name)]


# ---- the meter ----------------------------------------------------------------------------------
for file, row in list(sheet.items())[::EVERY]:
    samples = samples_of(Path(file).relative_to(prompts))
    heard = p56.through_alaw(samples)
    near(f"{file}: active level", row["level_dbov"], p56.speech_level(heard)[0], 0.15)
    near(f"{file}: peak", row["peak_dbfs"], p56.peak_db(heard), 0.15)
    near(f"{file}: milliseconds", row["ms"], len(samples) / 8, 1)

# ---- the joints ---------------------------------------------------------------------------------
SENTENCES = {
    "fr": [["wait.ref", "pair.47.m", "pair.21.m", "pair.08.m", "pair.64.f"],
           ["closed.day", "day.1.m", "at.08.m", "minute.30.f"],
           ["closed.date", "weekday.4.m", "date.12.m", "month.11.m", "at.09.f"],
           ["slot.today", "from.14.m", "to.14.m", "minute.30.m", "slot.key.1"],
           ["cb.done.slot", "day.5.m", "from.09.m", "to.09.m", "minute.30.f", "cb.hang_up"],
           ["verify.call", "day.2.m", "at.09.m", "minute.12.m", "verify.answered"],
           ["agent.missed", "at.10.m", "minute.04.f", "agent.missed.resume"],
           ["agent.whisper.sante", "agent.whisper", "minutes.6.f", "agent.whisper.answer"],
           ["count.87.m", "decimal.3.f"]],
    "en": [["wait.ref", "pair.47.m", "pair.21.m", "pair.08.m", "pair.64.f"],
           ["closed.day", "day.1.m", "half.08.f"],
           ["slot.today", "from.14.m", "to.14.m", "minute.30.m", "pm.m", "slot.key.1"],
           ["verify.call", "day.2.m", "at.09.m", "minute.12.m", "am.m", "verify.answered"],
           ["count.87.m", "decimal.3.f"]]}

for lang, sentences in SENTENCES.items():
    for parts in sentences:
        files = [f"{lang}/{p}.wav" for p in parts]
        whole = [x for f in files for x in samples_of(f)]
        levels = [of(f)["level_dbov"] for f in files]
        if max(levels) - min(levels) > JOINT_DB:
            fail(f"{' '.join(parts)}: levels {levels}")
        for f in files:
            s = samples_of(f)
            if max(abs(x) for x in [*s[:EDGE], *s[-EDGE:]]) > QUIET:
                fail(f"{f} clicks where it is joined")
        near(" ".join(parts), sum(of(f)["ms"] for f in files), len(whole) / 8, len(parts))
        near(f"{' '.join(parts)}: level of the whole", p56.speech_level(whole)[0], -24, 1.5)

# ---- the music ----------------------------------------------------------------------------------
music = samples_of("common/music.wait.wav")


def spectrum(part):
    """Power by bin; len(part) a power of two."""
    n = len(part)
    if n == 1:
        return [complex(part[0])]
    even, odd = spectrum(part[::2]), spectrum(part[1::2])
    turn = [cmath.exp(-2j * math.pi * k / n) * odd[k] for k in range(n // 2)]
    return [e + t for e, t in zip(even, turn)] + [e - t for e, t in zip(even, turn)]


SIZE = 8192
inside = outside = 0.0
for at in range(0, len(music) - SIZE, len(music) // 8):
    for k, v in enumerate(spectrum(music[at:at + SIZE])[:SIZE // 2]):
        hz = k * 8000 / SIZE
        inside, outside = (inside + abs(v) ** 2, outside) if 300 <= hz <= 3400 \
            else (inside, outside + abs(v) ** 2)
if not 60 <= len(music) / 8000 <= 90:
    fail(f"the music lasts {len(music) / 8000:.0f} s")
if inside / (inside + outside) < 0.8:
    fail(f"{100 * inside / (inside + outside):.0f} % of the music lies within 300-3400 Hz")

# A strong beat would come back in the envelope, in steps of 50 ms, 60 to 180 times a minute.
steps = [math.sqrt(sum(x * x for x in music[i:i + 400]) / 400) for i in range(0, len(music), 400)]
mean = sum(steps) / len(steps)
flat = [x / mean - 1 for x in steps]
power = sum(x * x for x in flat)
beat = max(sum(a * b for a, b in zip(flat, flat[lag:])) / power for lag in range(7, 21))
if max(steps) / mean > 3:
    fail(f"the music has a stroke {20 * math.log10(max(steps) / mean):.1f} dB above its mean")
if beat > 0.6:
    fail(f"the music has a beat: {beat:.2f} of its envelope comes back")
print(f"{len(sheet)} files; the music: {100 * inside / (inside + outside):.0f} % in the band, "
      f"beat {beat:.2f}, {len(music) / 8000:.0f} s")
