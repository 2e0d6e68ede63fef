#!/usr/bin/env python3
"""test_prompts.py — levels are measured as P.56 says; tables and files are held to rules."""
import array
import math
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import p56                                                              # noqa: E402
import prompt_music                                                     # noqa: E402
import prompt_table                                                     # noqa: E402

TOOL = ROOT / "tools" / "prompts.py"
WORDS = "Il y a six personnes avant vous."


def sine(seconds, db, hz=1000):
    top = math.sqrt(2) * p56.FULL * 10 ** (db / 20)
    return [round(top * math.sin(2 * math.pi * hz * i / p56.RATE))
            for i in range(round(seconds * p56.RATE))]


def talk(seconds, db, seed=1):
    """Noise with the rhythm of syllables, its active level at db."""
    chance = random.Random(seed)
    raw = [chance.gauss(0, 1) * abs(math.sin(math.pi * 4 * i / p56.RATE)) * 2000
           for i in range(round(seconds * p56.RATE))]
    gain = 10 ** ((db - p56.speech_level([round(x) for x in raw])[0]) / 20)
    return [round(max(-20000, min(20000, x * gain))) for x in raw]


def silence(ms):
    return [0] * (ms * p56.RATE // 1000)


class Level(unittest.TestCase):
    def test_a_steady_tone_has_the_level_of_its_power(self):
        for db in (-10, -24, -40):
            level, active = p56.speech_level(sine(4, db))
            self.assertAlmostEqual(level, db, delta=0.1)
            self.assertAlmostEqual(active, 1, delta=0.02)

    def test_pauses_longer_than_the_hangover_do_not_count(self):
        samples = (sine(3, -24) + silence(3000)) * 3
        level, active = p56.speech_level(samples)
        self.assertAlmostEqual(level, -24, delta=0.5)       # 200 ms of hangover in 3 s
        self.assertAlmostEqual(active, 0.55, delta=0.03)
        self.assertAlmostEqual(p56.rms_db(samples), -27, delta=0.1)

    def test_pauses_shorter_than_the_hangover_belong_to_the_speech(self):
        level, active = p56.speech_level((sine(0.1, -20) + silence(100)) * 20)
        self.assertAlmostEqual(level, -23, delta=0.2)
        self.assertGreater(active, 0.97)

    def test_faint_noise_between_words_is_no_activity(self):
        chance = random.Random(7)
        hum = [round(chance.gauss(0, 25)) for _ in range(3 * p56.RATE)]        # -62 dBov
        level, _ = p56.speech_level((sine(3, -24) + hum) * 2)
        self.assertAlmostEqual(level, -24, delta=0.5)

    def test_ten_decibels_more_are_ten_decibels_more(self):
        a, b = talk(5, -34), [round(x * 10 ** 0.5) for x in talk(5, -34)]
        self.assertAlmostEqual(p56.speech_level(b)[0] - p56.speech_level(a)[0], 10, delta=0.1)

    def test_silence_has_no_level(self):
        self.assertEqual(p56.speech_level(silence(500))[0], -200)
        self.assertEqual(p56.speech_level([])[0], -200)


class Alaw(unittest.TestCase):
    def test_known_values_of_g711(self):
        for x, heard in ((0, 8), (15, 8), (16, 24), (-1, -8), (-17, -24), (511, 504), (512, 528),
                         (32767, 32256), (-32768, -32256)):
            self.assertEqual(p56.alaw_value(x), heard, x)

    def test_what_is_heard_is_not_coded_otherwise_again(self):
        for x in range(-32768, 32768, 11):
            once = p56.alaw_value(x)
            self.assertEqual(p56.alaw_value(once), once)
            self.assertLessEqual(abs(once - x), max(16, abs(x) / 30))


class Table(unittest.TestCase):
    def test_braces_stand_for_each_of_them_the_last_first(self):
        self.assertEqual(prompt_table.expand("a.{0..1}.{m,f}"),
                         ["a.0.m", "a.0.f", "a.1.m", "a.1.f"])
        self.assertEqual(prompt_table.expand("p.{08..10}"), ["p.08", "p.09", "p.10"])

    def test_a_hurried_hand_is_told_the_line(self):
        for text, what in (("L'attente.", "straight apostrophe"), ("C’est noté : oui.", "unbreak"),
                           ("Deux  espaces.", "a space too many"),
                           ("Six personne(s).", "cannot be spoken")):
            with self.assertRaises(SystemExit, msg=text) as e:
                prompt_table.check_text("x:3", "fr", text)
            self.assertIn(what, str(e.exception))
            self.assertIn("x:3", str(e.exception))

    def test_the_tables_name_every_number_and_speak_both_languages(self):
        p = prompt_table.Prompts(ROOT)
        for i in p.ids:
            alone = i.startswith(("minute.", "half.", "am.", "pm."))    # a clock has its language
            folders = [f for f in p.scripts if p.row(f, i)]
            self.assertIn(folders, [["fr", "en"], ["common"]] + [["fr"], ["en"]] * alone, i)


class Files(unittest.TestCase):
    """A small house with one prompt and a music."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "schema").mkdir()
        (self.root / "schema/prompts.toml").write_text('ids = ["six", "wait.music"]\n')
        tables = {"fr": f"| `six` | {WORDS} | | 3 | F | |", "en": "",
                  "common": "| `wait.music` | (music) | | 9 | M | |"}
        for folder, row in tables.items():
            (self.root / "prompts" / folder).mkdir(parents=True)
            (self.root / "prompts" / folder / "script.md").write_text(
                f"| id | text | said | max s | kind | notes |\n|---|---|---|---|---|---|\n{row}\n")

    def run_tool(self, *args):
        return subprocess.run([sys.executable, str(TOOL), *map(str, args)], capture_output=True,
                              text=True, timeout=60)

    def test_a_recording_is_written_down_with_its_words(self):
        r = self.run_tool("recorded", self.root, "fr", "six", "Anne", "Martin")
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertEqual((self.root / "prompts/fr/text.tsv").read_text(),
                         f"id\tvoice\twords\nsix\tAnne Martin\t{WORDS}\n")
        self.assertIn("no such id", self.run_tool("recorded", self.root, "fr", "nine").stderr)

    def test_a_number_without_words_and_words_without_number_stop_the_build(self):
        (self.root / "schema/prompts.toml").write_text('ids = ["six"]\n')
        self.assertIn("wait.music has no number", self.run_tool("enum", self.root, ".").stderr)
        (self.root / "schema/prompts.toml").write_text('ids = ["six", "wait.music", "x"]\n')
        self.assertIn("no prompts/*/script.md says x", self.run_tool("enum", self.root, ".").stderr)

    def test_the_header_holds_numbers_and_words(self):
        self.assertEqual(self.run_tool("enum", self.root, self.root).returncode, 0)
        self.assertIn("    PROMPT_WAIT_MUSIC = 2,\n    PROMPT_N\n",
                      (self.root / "prompts.h").read_text())
        self.assertIn(f'{{"six", 3000, false, \'F\',\n        {{"{WORDS}",\n         NULL}},',
                      (self.root / "prompts.c").read_text())


class Music(unittest.TestCase):
    def test_the_loop_has_no_seam(self):
        samples, _ = p56.read_wav(ROOT / "prompts/common/music.wait.wav")
        steps = array.array("h", samples[-400:] + samples[:400])
        inside = max(abs(a - b) for a, b in zip(samples, samples[1:]))
        self.assertLess(max(abs(a - b) for a, b in zip(steps, steps[1:])), inside)
        self.assertEqual(len(samples), prompt_music.LENGTH)
        self.assertTrue(60 <= len(samples) / p56.RATE <= 90)

    def test_no_note_attacks(self):
        """In any 20 ms the level grows by less than a knock would."""
        samples, _ = p56.read_wav(ROOT / "prompts/common/music.wait.wav")
        levels = [p56.rms_db(samples[i:i + 400]) for i in range(0, len(samples), 400)]
        self.assertLess(max(b - a for a, b in zip(levels, levels[1:])), 9)
        self.assertLess(p56.peak_db(samples), -12)


if __name__ == "__main__":
    unittest.main()
