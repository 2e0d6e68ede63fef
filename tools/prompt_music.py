"""prompt_music.py — sounds without words: tones, pauses, the waiting music. Standard library only.

Called by tools/prompts.py sounds. The music is ours: composed here, synthesised without samples,
the same at each run. It is made for a telephone: the tune lies between 400 and 900 Hz with few
harmonics, no note begins faster than 40 ms, nothing comes back before 80 s. Notes are written into
a ring, so that what rings at the end sounds on at the beginning: the loop has no seam.
"""
import math

import p56

BEAT_S = 60 / 72
BARS, BEATS = 24, 4
LENGTH = round(BARS * BEATS * BEAT_S * p56.RATE)
MUSIC_DB = -29.0
HARMONICS = {"pad": (1.0, 0.35, 0.12, 0.04), "bell": (1.0, 0.16, 0.07),
             "bass": (0.6, 1.0, 0.45, 0.2)}

# One chord a bar, notes by MIDI number; the walk of three strains of eight bars.
CHORDS = {"C": (60, 64, 67, 71), "Am": (57, 60, 64, 67), "F": (57, 60, 65, 69),
          "G": (59, 62, 67, 69), "Em": (59, 64, 67, 71), "Dm": (57, 62, 65, 69),
          "Bb": (58, 62, 65, 69), "Gs": (60, 62, 67, 69)}
WALK = ("C Am F Gs  C Em F G   Am Em F C  Dm Am Bb Gs   C Am Dm G  F Em Dm Gs").split()

# The melody: for each bar (beat, length in beats, note).
MELODY = [
    [(0, 3, 76), (3, 1, 74)], [(0, 2, 72), (2, 2, 69)], [(0, 3, 72), (3, 1, 74)], [(0, 4, 74)],
    [(0, 2, 79), (2, 2, 76)], [(0, 3, 74), (3, 1, 71)], [(0, 2, 72), (2, 2, 69)], [(0, 4, 71)],
    [(1, 2, 72), (3, 1, 76)], [(0, 3, 79)], [(1, 2, 77), (3, 1, 76)], [(0, 4, 72)],
    [(0, 2, 69), (2, 2, 74)], [(0, 3, 76), (3, 1, 72)], [(0, 2, 74), (2, 2, 70)], [(0, 4, 74)],
    [(1, 3, 79)], [(0, 2, 76), (2, 2, 72)], [(0, 3, 77), (3, 1, 74)], [(0, 4, 71)],
    [(0, 2, 81), (2, 2, 77)], [(0, 3, 79), (3, 1, 76)], [(0, 2, 77), (2, 2, 74)], [(1, 3, 72)]]


def hertz(note):
    return 440 * 2 ** ((note - 69) / 12)


def shape(i, n, attack, release):
    """0 … 1 … 0: raised cosines at both ends."""
    if i < attack:
        return 0.5 - 0.5 * math.cos(math.pi * i / attack)
    if i >= n - release:
        return 0.5 + 0.5 * math.cos(math.pi * (i - n + release) / release)
    return 1.0


def wave_of(harmonics, hz):
    """One cycle, 2,048 points: harmonics that a telephone would cut are left out."""
    return [sum(a * math.sin(2 * math.pi * (k + 1) * i / 2048) for k, a in enumerate(harmonics)
                if (k + 1) * hz < 3300) for i in range(2048)]


def play(ring, at_s, length_s, voice, note, loud):
    attack_s, release_s, fall_s = {"pad": (0.5, 1.2, 9), "bell": (0.04, 0.9, 0.9),
                                   "bass": (0.08, 0.6, 1.5)}[voice]
    hz = hertz(note)
    cycle, step, phase = wave_of(HARMONICS[voice], hz), 2048 * hz / p56.RATE, 0.0
    n = round((length_s + release_s) * p56.RATE)
    attack, release = round(attack_s * p56.RATE), round(release_s * p56.RATE)
    start, fall, level = round(at_s * p56.RATE), math.exp(-1 / (fall_s * p56.RATE)), loud
    for i in range(n):
        ring[(start + i) % len(ring)] += level * shape(i, n, attack, release) * cycle[int(phase)]
        phase = (phase + step) % 2048
        level *= fall


def room(ring):
    """A few late and soft copies, around the ring."""
    n, taps = len(ring), ((0.097, 0.22), (0.163, 0.17), (0.271, 0.12), (0.389, 0.08))
    late = [(round(s * p56.RATE), g) for s, g in taps]
    return [x + sum(g * ring[i - d] for d, g in late) for i, x in enumerate(ring[:n])]


def to_level(samples, level_db):
    g = 10 ** ((level_db - p56.speech_level([round(x) for x in samples])[0]) / 20)
    return [x * g for x in samples]


def music():
    ring = [0.0] * LENGTH
    for bar, name in enumerate(WALK):
        at, chord = bar * BEATS * BEAT_S, CHORDS[name]
        for note in chord:
            play(ring, at, BEATS * BEAT_S, "pad", note, 700)
        for beat, low in ((0, chord[0] - 12), (2, chord[2] - 12)):
            play(ring, at + beat * BEAT_S, 1.5 * BEAT_S, "bass", low, 500)
        for beat, beats, note in MELODY[bar]:
            play(ring, at + beat * BEAT_S, beats * BEAT_S, "bell", note, 2600)
        for beat in range(BEATS):           # a broken chord, very soft
            play(ring, at + (beat + 0.5) * BEAT_S, 0.3, "bell", chord[(beat + bar) % 4] + 12, 500)
    return to_level(room(ring), MUSIC_DB)


def tone(hz, ms, peak_db, edge_ms=10):
    n, edge = ms * p56.RATE // 1000, edge_ms * p56.RATE // 1000
    top = p56.FULL * 10 ** (peak_db / 20)
    return [top * shape(i, n, edge, edge) * math.sin(2 * math.pi * hz * i / p56.RATE)
            for i in range(n)]


def silence(ms):
    return [0] * (ms * p56.RATE // 1000)


def connect():
    """Two soft notes, a rising fourth: the handset may lie on the table."""
    return (silence(60) + tone(587.33, 120, -20, 30) + silence(80) + tone(783.99, 120, -20, 30) +
            silence(120))


def ring():
    """What a caller hears in France while it rings there (ITU-T E.180, supplement 2)."""
    return tone(440, 1500, -24, 20) + silence(3500)


SOUNDS = {"tone.ring": ring, "tone.beep": lambda: tone(440, 80, -30), "tone.connect": connect,
          "pause.350": lambda: silence(350), "pause.550": lambda: silence(550), "music.wait": music}
