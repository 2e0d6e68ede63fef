#!/usr/bin/env python3
"""`decroche init`: the files that it writes, what it refuses and why, and that whatever it takes
passes `decroche check`.

    init.py PROGRAM ROOT
"""
import itertools
import os
import pty
import random
import re
import select
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, ROOT = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
GOLDEN = ROOT / "test/golden/init"
FILES = ("decroche.yaml", "directory.yaml", "flows/accueil.yaml", "secrets.yaml")
HAS_ESPEAK = any(os.access(Path(p) / "espeak-ng", os.X_OK) for p in os.environ["PATH"].split(":"))
SEED = 20261122
RANDOM_N = 50 if os.environ.get("DECROCHE_TEST") == "quick" else 200

PLAIN = {"name": "Mairie de Courvelles", "number": "04 10 00 00 10", "trunk": "192.0.2.1",
         "hours": "lun-ven 8:30-12:00 13:30-17:00, sam 9:00-12:00", "agent": "Nadège Vasseur",
         "address": "192.0.2.2", "networks": "192.0.2.0/24", "timezone": "Europe/Paris"}
# Golden cases: what differs from PLAIN
CASES = {
    "mairie": {},
    "ordinaire": {"legal": "prive", "name": "L’« Aide » \"d’urgence\" \\ 96", "hours": "toujours",
                  "trunk": "sip.operateur.fr:5080", "trunk.user": "0410000010",
                  "trunk.secret": "motdepasse-96", "agent.phone": "06 12 34 56 78",
                  "agent.number": "04 10 00 00 90", "timezone": "Indian/Reunion"},
    "etat": {"legal": "etat", "hours": "lun-ven 9h-12h", "accessible": "lun-ven 8:30-12:30",
             "agent.phone": "a101", "voice": "/usr", "trunk": "[2001:db8::1]:5060",
             "address": "2001:db8::2", "networks": "2001:db8::/32, 10.0.0.0/8"},
}
# A wrong answer, after right ones; what is said of it and of its cure
WRONG = [
    ("name", "x" * 96, "", ""),
    ("name", "x" * 192, "trop longue (192 octets)", "191 octets au plus"),
    ("name", "Mairie\x1b[D", "un signe que l’on ne voit pas", "retapez-la"),
    ("legal", "mairie", "mairie", "etat"),
    ("number", "12", "12", ""),
    ("number", "05 36 49 00 10", "numéro de fiction", "le vrai numéro"),
    ("trunk", "sip..x", "cette adresse ne se lit pas", "sip.operateur.fr"),
    ("trunk", "192.0.2.1:0", "cette adresse ne se lit pas", "192.0.2.1:5060"),
    ("trunk", "0.0.0.0", "n’est l’adresse de personne", "celle de l’opérateur"),
    ("trunk.user", "u" * 96, "", ""),
    ("trunk.user", "notre nom", "des signes qu’une adresse SIP n’a pas", "sans accent"),
    ("trunk.secret", "x" * 65, "", ""),
    ("address", "0.0.0.0", "n’est pas l’adresse d’une machine", "une en IPv4 et une en IPv6"),
    ("address", "serveur", "n’est pas l’adresse d’une machine", "une en IPv4 et une en IPv6"),
    ("address", "2001:db8::2", "l’un est en IPv4, l’autre en IPv6", "même famille"),
    ("hours", "lun-ven", "ces heures ne se lisent pas", "attendu"),
    ("hours", "lun-ven 12:00-9:00", "finissent avant", ""),
    ("hours", "lun-ven 9:00-12:00 11:00-13:00", "se chevauchent", ""),
    ("hours", "demain 9:00-12:00", "demain", ""),
    ("hours", "lun 9:00-12:00, lun 13:00-14:00", "", ""),
    ("accessible", "lun-ven 9:00-12:00", "ne couvrent pas", "aux mêmes heures"),
    ("accessible", "non", "", "attendu"),
    ("agent", "x" * 96, "", ""),
    ("agent.phone", "browser", "navigateur", "sip:101"),
    ("agent.phone", "04 10 00 00 10", "l’un de nos numéros", ""),
    ("agent.phone", "sip:", "", ""),
    ("networks", "partout", "", ""),
    ("voice", "/n/existe/pas", "n’existe pas", "la voix livrée"),
    ("voice", "aucun-tel-programme -x", "pas sur cette machine", "espeak-ng"),
    ("voice", "sh -c \"a", "ne se lit pas", "guillemets"),
    ("timezone", "Mars/Olympus", "", "")]


def init(folder, answers=None, *options, said=None):
    """answers: by --set; said: on standard input."""
    sets = [f"--set={k}={v}" for k, v in (answers or {}).items()]
    return subprocess.run([PROGRAM, "init", str(folder), *sets, *options], capture_output=True,
                          text=True, timeout=60, input=said)


def check(folder):
    return subprocess.run([PROGRAM, "check", "-c", folder / "decroche.yaml"], capture_output=True,
                          text=True, timeout=60)


def masked(text):
    """Without what was drawn by lot, whose form is looked at here."""
    text, token_n = re.subn(r'token: "[0-9a-f]{48}"', 'token: "TOKEN"', text)
    text, code_n = re.subn(r'code: "[0-9]{6}"', 'code: "CODE"', text)
    text = re.sub(r'secret: "[a-km-np-z2-9]{16}"', 'secret: "SECRET"', text)
    return text, (token_n, code_n)


class Init(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name) / "etc"

    def tearDown(self):
        self.place.cleanup()

    def assert_nothing(self):
        self.assertEqual([p for p in Path(self.place.name).rglob("*") if p.is_file()], [])

    def assert_written(self, done):
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        for name in FILES:
            mode = (self.folder / name).stat().st_mode & 0o777
            self.assertEqual(mode, 0o600 if name == "secrets.yaml" else 0o640, name)
        self.assertEqual(len([p for p in self.folder.rglob("*") if p.is_file()]), len(FILES))

    def test_files_are_those_of_the_golden_folder(self):
        for case, changes in CASES.items():
            with self.subTest(case):
                folder = self.folder = Path(self.place.name) / case
                self.assert_written(init(folder, PLAIN | changes))
                for name in FILES:
                    text, counts = masked((folder / name).read_text())
                    if name == "secrets.yaml":
                        self.assertEqual(counts, (1, 1))
                    golden = GOLDEN / f"{case}.{Path(name).name}"
                    if "DECROCHE_GOLDEN" in os.environ:
                        golden.write_text(text)
                    self.assertEqual(text, golden.read_text(), golden)

    def test_what_it_writes_passes_check_without_a_word(self):
        for case, changes in CASES.items():
            with self.subTest(case):
                self.folder = Path(self.place.name) / case
                self.assert_written(init(self.folder, PLAIN | changes | {"prompts": ROOT / "prompts"}))
                done = check(self.folder)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertTrue(done.stdout.startswith("tout est en ordre"), done.stdout)

    def test_random_answers_pass_check(self):
        lot = random.Random(SEED)
        for n in range(RANDOM_N):
            with self.subTest(seed=SEED, n=n):
                answers = random_answers(lot)
                folder = self.folder = Path(self.place.name) / str(n)
                done = init(folder, answers | {"prompts": ROOT / "prompts"})
                self.assertEqual((done.returncode, done.stderr), (0, ""), answers)
                done = check(folder)
                self.assertEqual((done.returncode, done.stdout[:17]), (0, "tout est en ordre"),
                                 (answers, done.stdout))

    def test_a_wrong_answer_is_told_with_its_cure_and_writes_nothing(self):
        for key, answer, what, cure in WRONG:
            with self.subTest(f"{key} = {answer}"):
                answers = PLAIN | ({"trunk.user": "u"} if key == "trunk.secret" else {})
                done = init(self.folder, answers | {key: answer})
                self.assertEqual(done.returncode, 1, done.stdout)
                first, _, rest = done.stderr.partition("\n")
                self.assertTrue(first.startswith((key + ": ", "--set: ")), done.stderr)
                self.assertIn(what, first)
                self.assertTrue(rest.startswith("    → "), done.stderr)
                self.assertIn(cure, rest.splitlines()[0])
                self.assert_nothing()

    def test_what_is_wanted_and_lacks_is_all_told_at_once(self):
        done = init(self.folder, {"legal": "prive"})
        self.assertEqual(done.returncode, 1)
        for key in ("name", "number", "trunk", "hours", "agent"):
            self.assertIn(f"il manque la réponse «\u00a0{key}\u00a0»", done.stderr)
        self.assert_nothing()

    def test_a_question_that_there_is_not(self):
        done = init(self.folder, PLAIN | {"nummer": "x"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("vouliez-vous dire «\u00a0number\u00a0»", done.stderr)
        self.assertEqual(init(self.folder, None, "--set", "name").returncode, 1)
        self.assertEqual(init(self.folder, None, "--nonsense").returncode, 2)
        self.assertEqual(init(self.folder, None, "another").returncode, 2)
        self.assertEqual(init(self.folder, None, "--answers", "/no/such/file").returncode, 3)
        self.assert_nothing()

    def put_answers(self, text):
        path = Path(self.place.name) / "answers"
        path.write_text(text)
        return init(self.folder, None, "--answers", path), path

    def test_a_file_of_answers(self):
        text = (ROOT / "packaging/reponses.exemple").read_text()
        keys = re.findall(r"(?m)^([a-z.]+) =$", text)
        for key, value in PLAIN.items():
            self.assertIn(key, keys)
            text = re.sub(rf"(?m)^{re.escape(key)} =$", f"{key} = {value}\r", text)
        done, path = self.put_answers(text)
        path.unlink()
        self.assert_written(done)
        self.assertEqual(masked((self.folder / "directory.yaml").read_text())[0],
                         (GOLDEN / "mairie.directory.yaml").read_text())

    def test_set_takes_the_place_of_the_file(self):
        path = Path(self.place.name) / "answers"
        path.write_text("".join(f"{k} = {v}\n" for k, v in PLAIN.items()))
        done = init(self.folder, {"name": "Préfecture"}, "--answers", path)
        path.unlink()
        self.assert_written(done)
        self.assertIn('name: "Préfecture"', (self.folder / "directory.yaml").read_text())

    def test_a_wrong_file_of_answers_has_its_lines(self):
        done, path = self.put_answers("# x\nname = A\nname = B\nwhat\nzzz = 1\n")
        self.assertEqual(done.returncode, 1)
        for place, what in (("3:1", "est déjà plus haut"), ("4:1", "n’est pas une réponse"),
                            ("5:1", "question inconnue")):
            self.assertIn(f"{path}:{place}: ", done.stderr)
            self.assertIn(what, done.stderr)

    def test_bounds(self):
        plain = "".join(f"{k} = {v}\n" for k, v in PLAIN.items())
        lines_n = plain.count("\n")
        done, path = self.put_answers(plain + "#\n" * (1000 - lines_n))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.folder = Path(self.place.name) / "other"
        for text, word in ((plain + "#\n" * (1001 - lines_n), "trop de lignes"),
                           (plain + "#" * 1023 + "\n", "trop longue")):
            done, _ = self.put_answers(text)
            self.assertEqual(done.returncode, 1)
            self.assertIn(word, done.stderr)
        done, _ = self.put_answers(plain + "#" * 1022 + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        third, long = Path(self.place.name) / "third", Path(self.place.name) / "long"
        for size, code in ((191, 0), (192, 1), (1920, 1)):
            done = init(long, PLAIN | {"voice": "sh " + "x" * (size - 3)})
            self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(init(third, PLAIN, *["--set=name=A"] * (65 - len(PLAIN))).returncode, 2)
        self.assertEqual(init(third, PLAIN, *["--set=name=A"] * (64 - len(PLAIN))).returncode, 0)

    def test_it_never_writes_over_what_is_there(self):
        self.assert_written(init(self.folder, PLAIN))
        before = {n: (self.folder / n).read_text() for n in FILES}
        for name in FILES:
            for other in FILES:
                (self.folder / other).unlink(missing_ok=True)
            (self.folder / name).write_text("mine")
            done = init(self.folder, PLAIN)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{self.folder / name} existe déjà", done.stdout)
            self.assertEqual([p for p in self.folder.rglob("*") if p.is_file()],
                             [self.folder / name])
        self.assertEqual(init(self.folder, PLAIN, "--force").returncode, 0)
        aside = list(self.folder.glob("*/*.bak-*")) + list(self.folder.glob("*.bak-*"))
        self.assertEqual([p.read_text() for p in aside], ["mine"])
        self.assertRegex(aside[0].name, r"^secrets\.yaml\.bak-\d{4}-\d\d-\d\d-\d{6}$")
        self.assertNotEqual((self.folder / "secrets.yaml").read_text(), before["secrets.yaml"])

    def test_where_nothing_can_be_written_nothing_is(self):
        done = init("/proc/decroche", PLAIN)
        self.assertEqual(done.returncode, 3)
        self.assertIn("name another FOLDER", done.stderr)

    def test_check_of_settings_that_are_not_there_names_init(self):
        done = check(self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("→ decroche init", done.stdout)

    def test_a_slash_at_the_end_is_no_other_folder(self):
        done = init(f"{self.folder}//", PLAIN)
        self.assert_written(done)
        self.assertIn(f"-c {self.folder}/decroche.yaml", done.stdout)

    # ---- the dialogue ----

    LINES = ["Mairie de Courvelles", "", "04 10 00 00 10", "192.0.2.1", "", "192.0.2.2",
             "lun-ven 9:00-12:00", "", "Nadège Vasseur", "", "192.0.2.0/24", ""]

    def test_six_questions(self):
        done = init(self.folder, said="\n".join(self.LINES) + "\n")
        self.assert_written(done)
        self.assertEqual(re.findall(r"(?m)^([1-6])/6  ", done.stdout), list("123456"))
        self.assertEqual(done.stdout.count("> "), len(self.LINES))
        code = re.search(r'code: "(\d+)"', (self.folder / "secrets.yaml").read_text())[1]
        secret = re.search(r'secret: "(\w+)"', (self.folder / "secrets.yaml").read_text())[1]
        end = done.stdout[done.stdout.index("Trois pas encore"):]
        for word in ("decroche check -c", "decroche doctor -c", "decroche serve -c", f"le code {code}",
                     f"mot de passe {secret}", "compte 101", "serveur 192.0.2.2"):
            self.assertIn(word, end)
        self.assertEqual("espeak-ng n’est pas" in end, not HAS_ESPEAK)

    def test_a_mistake_is_asked_again(self):
        wrong = ["", "Mairie de Courvelles", "mairie", "collectivite", "zero", "04 10 00 00 10",
                 "..", "192.0.2.1", "", "0.0.0.0", "192.0.2.2", "jamais", "lun-ven 9:00-12:00",
                 "lun 9:00-10:00", "", "x" * 2000, "Nadège Vasseur", "browser", "", "partout",
                 "192.0.2.0/24", "/n/existe/pas", ""]
        done = init(self.folder, said="\n".join(wrong) + "\n")
        self.assert_written(done)
        self.assertEqual(done.stdout.count("     non\u00a0: "), len(wrong) - len(self.LINES))
        self.assertEqual(done.stdout.count("       → "), len(wrong) - len(self.LINES))

    def terminal(self, *lines):
        """What a person sees who types these at a terminal: (all of it, exit code)."""
        pid, fd = pty.fork()
        if not pid:
            os.execv(PROGRAM, [PROGRAM, "init", str(self.folder)])
        seen = b""
        for line in lines:
            seen += self.until_prompt(fd)
            os.write(fd, line.encode())
        seen += self.until_prompt(fd)
        os.close(fd)
        return seen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    @staticmethod
    def until_prompt(fd):
        seen = b""
        try:
            while not seen.endswith(b"> ") and select.select([fd], [], [], 20)[0]:
                seen += os.read(fd, 4096)
        except OSError:                         # the other end is closed
            pass
        return seen

    def test_a_password_is_not_shown(self):
        lines = [*self.LINES[:4], "ours", "tres-secret", *self.LINES[5:]]
        seen, code = self.terminal(*[x + "\n" for x in lines])
        self.assertEqual(code, 0, seen)
        self.assertIn("Nadège Vasseur", seen)
        self.assertNotIn("tres-secret", seen)
        self.assertIn("secret: tres-secret }", (self.folder / "secrets.yaml").read_text())

    def test_interrupted_at_the_password_the_terminal_is_as_before(self):
        lines = [x + "\n" for x in (*self.LINES[:4], "ours")]
        seen, code = self.terminal(*lines, "half\x03")
        self.assertEqual(code, 1, seen)
        self.assertIn("rien n’a été écrit", seen)
        self.assertNotIn("half", seen)
        self.assert_nothing()

    def test_the_end_of_input_anywhere_writes_nothing(self):
        for n in range(len(self.LINES)):
            done = init(self.folder, said="".join(x + "\n" for x in self.LINES[:n]))
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stdout.endswith("Arrêté\u00a0: rien n’a été écrit.\n"))
            self.assert_nothing()


def random_hours(lot):
    days = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"]
    if lot.random() < 0.1:
        return "toujours"
    first = lot.randrange(5)
    last = lot.randrange(first, 6)
    parts = [days[first] if first == last else f"{days[first]}-{days[last]}"]
    morning, noon, back, evening = (lot.randrange(*x) for x in ((6, 10), (11, 13), (13, 15), (16, 21)))
    hours = [f"{morning}:00-{noon}:{lot.choice(['15', '30'])} {back}:45-{evening}:00",
             f"{morning:02}:30-{evening}:00", f"{morning}h-{noon}h"]
    text = f"{parts[0]} {lot.choice(hours)}"
    return text + (f", {days[last + 1]} 9:00-12:00" if lot.random() < 0.4 else "")


def random_answers(lot):
    letters = "abcdefghijklmnopqrstuvwxyzéèçœ ’'\"\\:#{}[]&*!|>%@`,-0123456789«»"
    word = lambda n: "x" + "".join(lot.choice(letters) for _ in range(lot.randrange(n)))
    number = lambda: f"0{lot.choice('12345')} {lot.randrange(20, 60):02} {lot.randrange(10, 99)} " \
                     f"{lot.randrange(100):02} {lot.randrange(100):02}"
    numbers = iter({number() for _ in range(9)} - {None})
    fiction = ("01 99", "02 61", "03 53", "04 65", "05 36")
    real = (n for n in itertools.chain(numbers) if not n.startswith(fiction))
    v4 = lambda: ".".join(str(lot.randrange(1, 220)) for _ in range(4))
    a = {"name": word(40), "number": next(real), "agent": word(40), "hours": random_hours(lot),
         "trunk": lot.choice([v4(), f"{v4()}:{lot.randrange(1, 65536)}", "sip.exemple.fr",
                              "[2001:db8::7]:5060"]),
         "networks": f"{v4()}/{lot.randrange(8, 33)}",
         "legal": lot.choice(["etat", "securite_sociale", "collectivite", "prive"]),
         "timezone": lot.choice(["Europe/Paris", "Indian/Mayotte", "America/Cayenne"])}
    a["address"] = "2001:db8::8" if a["trunk"].startswith("[") else v4()
    if lot.random() < 0.3:
        a["address"] = f"{v4()}, 2001:db8::9"
    if lot.random() < 0.4:
        a |= {"trunk.user": "".join(lot.choices("ab09+-._~", k=lot.randrange(1, 20))),
              "trunk.secret": word(20).strip()}
    if lot.random() < 0.4:
        a["agent.phone"] = f"06 {lot.randrange(10, 39)} 45 {lot.randrange(10, 99)} 01"
        if lot.random() < 0.5:
            a["agent.number"] = next(real)
    elif lot.random() < 0.5:
        a["agent.phone"] = f"sip:{lot.randrange(10, 9999)}"
    return a


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
