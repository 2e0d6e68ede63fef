#!/usr/bin/env python3
"""The demonstration from the command line: its situations, its removal, its simulated days.

    demonstration.py PROGRAM ROOT
"""
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM, ROOT = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
SEED = "20261116"
NINE = 1795420800000   # 9:00 in Paris on Monday 23 November 2026, in ms
NUMBERS = ["05 36 49 00 %d" % n for n in (10, 11, 12, 13, 14, 15, 16, 20, 90, 99)]
REAL = """  - { number: "04 10 00 00 10", tariff: normal, flow: accueil, hours: plateforme }
"""
FILLED = {
    "  legal_type: etat": "  name: Mairie de Courvelles\n  legal_type: etat",
    "# numbers:        # à remplir\n#   - {": "numbers:\n  - {",
    "# agents:         # à remplir\n#   - {": "agents:\n  - {",
    "skills: [accueil, ecrit], phone: \"sip:101\"": "skills: [all, ecrit], phone: browser",
}


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


def simulate(journal, days=2):
    return run("sim", "--days", days, "--seed", SEED, "--profile",
               ROOT / "sim/profiles/haute-lisiere.yaml", "--journal", journal)


def tree(folder):
    return {p.relative_to(folder): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.endswith(".lock")}


class House(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="decroche-demonstration-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(ROOT / "demo", self.folder / "demo")
        (self.folder / "prompts").symlink_to(ROOT / "prompts")
        (self.folder / "build").mkdir()
        self.settings = self.folder / "demo/decroche.yaml"
        self.directory = self.folder / "demo/directory.yaml"
        self.simulated = self.folder / "build/demo-simule.db"

    def edit(self, file, before, after):
        text = file.read_text(encoding="utf-8")
        self.assertIn(before, text)
        file.write_text(text.replace(before, after), encoding="utf-8")


class Situations(House):
    def test_each_is_listed_with_what_one_hears(self):
        code, out, err = run("demo")
        self.assertEqual((code, err), (0, ""))
        for number in NUMBERS:
            self.assertIn(number, out)
        self.assertNotIn("en marche\u00a0:", out.split("Ce qui")[0])

    def test_programs_get_one_a_line(self):
        code, out, _ = run("demo", "--json", "-c", self.settings)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 0)
        self.assertEqual([r["number"] for r in rows], NUMBERS)
        self.assertEqual({r["state"] for r in rows}, {"unknown"})   # no service here

    def test_without_a_service_it_says_so_and_nothing_runs(self):
        code, out, _ = run("demo", "-c", self.settings)
        self.assertEqual(code, 0)
        self.assertIn("Le service ne répond pas", out)
        self.assertNotIn("→", out)

    def test_a_number_that_is_not_there_is_said_to_be_absent(self):
        self.edit(self.directory, "05 36 49 00 13", "05 36 49 00 19")
        _, out, _ = run("demo", "--json", "-c", self.settings)
        rows = {r["number"]: r for r in map(json.loads, out.splitlines())}
        self.assertEqual(rows["05 36 49 00 13"]["state"], "absent")

    def test_every_number_of_the_directory_is_told(self):
        text = (ROOT / "demo/directory.yaml").read_text(encoding="utf-8")
        self.assertEqual(sorted(re.findall(r'- \{ number: "([\d ]+)"', text)), sorted(NUMBERS))

    def test_wrong_words(self):
        for words in (["x"], ["--yes"], ["remove"], ["remove", "--json", "-c", "f"], ["-c"]):
            self.assertEqual(run("demo", *words)[0], 2, words)


class Monday(House):
    """decroche demo monday: an hour with the cast, each promise judged by the events."""

    def setUp(self):
        super().setUp()
        self.journal = self.folder / "lundi.db"

    def monday(self, *more):
        return run("demo", "monday", "--fast", "--journal", self.journal, *more)

    def test_the_hour_is_told_as_recorded(self):
        record = ROOT / "test/golden/sim/lundi.txt"
        code, out, err = self.monday()
        self.assertEqual((code, err), (0, ""))
        out = out.replace(str(self.journal), "lundi.db")
        if os.environ.get("DECROCHE_GOLDEN") == "write":
            record.write_text(out, encoding="utf-8")
        self.assertEqual(out, record.read_text(encoding="utf-8"))

    def test_programs_get_objects_and_the_journal_recounts_them(self):
        code, out, err = self.monday("--json", "--seed", "4")
        self.assertEqual((code, err), (0, ""))
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertTrue(all(r["simulated"] for r in rows))
        told = [r["promise"] for r in rows if r.get("verdict") == "kept"]
        self.assertEqual(len(told), 7)
        self.assertEqual([r["promise"] for r in rows if r.get("verdict") == "later"],
                         ["Karim Haddad"])
        times = [r["at"] for r in rows if "at" in r]
        self.assertEqual(times, sorted(times))
        code, out, _ = run("replay", self.journal, "--results", "--json")
        counted = json.loads(out.splitlines()[-1])
        self.assertTrue(counted["simulated"])
        self.assertEqual(counted["calls"], rows[-1]["counts"])
        self.assertEqual(run("verify", self.journal)[0], 0)

    def test_no_number_of_a_caller_stands_in_the_journal(self):
        self.assertEqual(self.monday()[0], 0)
        _, events, _ = run("replay", self.journal, "--json")
        for number in ("536491234", "639981241", "899000000", "639981242"):
            self.assertNotIn(number, events)
        self.assertNotIn("Odette", events)

    def test_the_same_seed_is_the_same_journal_another_one_is_not(self):
        hashes = set()
        for seed in (5, 5, 6):
            self.assertEqual(self.monday("--seed", seed)[0], 0)
            hashes.add(run("replay", self.journal, "--hash")[1])
        self.assertEqual(len(hashes), 2)

    def test_a_second_run_replaces_the_first_and_says_so(self):
        _, first, _ = self.monday()
        self.assertIn("Journal simulé\u00a0: ", first)
        code, second, _ = self.monday()
        self.assertEqual(code, 0)
        self.assertIn("Le journal simulé d’avant est remplacé", second)
        code, _, err = self.monday("--json")
        self.assertEqual(code, 0)
        self.assertIn("remplacé", err)

    def test_what_is_no_simulated_journal_stays_as_it_is(self):
        self.journal.write_bytes(b"a letter")
        code, out, err = self.monday()
        self.assertEqual((code, out), (1, ""))
        self.assertIn("n’est pas un journal simulé, il reste tel quel", err)
        self.assertEqual(self.journal.read_bytes(), b"a letter")

    def test_it_stands_beside_the_journal_of_the_settings(self):
        code, out, _ = run("demo", "monday", "--fast", "-c", self.settings)
        self.assertEqual(code, 0, out)
        self.assertTrue((self.folder / "build/demo-lundi.db").exists())
        self.assertIn("demo-lundi.db", run("demo", "remove", "-c", self.settings)[1])

    def test_wrong_words_are_told_in_french(self):
        for words, said in ((["--vite"], "argument inconnu\u00a0: --vite"),
                            (["--seed", "x"], "la graine est un nombre entier"),
                            (["--seed", "1000000000000001"], "la graine est un nombre entier"),
                            (["--seed"], "il manque une valeur après --seed"),
                            (["-c", "f", "--journal", "g"], "gardez l’un"),
                            (["--journal", ""], "vide ou trop long")):
            code, out, err = run("demo", "monday", *words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(said, err)
        self.assertEqual(self.monday("--seed", "1000000000000000")[0], 0)
        code, _, err = run("demo", "monday", "--fast", "--journal", self.folder / "no/x.db")
        self.assertEqual(code, 3, err)
        self.assertEqual(run("demo", "monday", "-c", self.folder / "none.yaml")[0], 3)

    def test_ctrl_c_ends_it_and_the_journal_is_whole(self):
        told = subprocess.Popen([PROGRAM, "demo", "monday", "--journal", str(self.journal)],
                                stdout=subprocess.PIPE, text=True)
        self.assertIn("lundi 23 novembre 2026", told.stdout.readline())
        told.send_signal(signal.SIGINT)
        out, _ = told.communicate(timeout=30)
        self.assertEqual(told.returncode, 0)
        self.assertIn("Arrêté.", out)
        self.assertNotIn("PAS TENU", out)
        self.assertEqual(run("verify", self.journal)[0], 0)

    def test_a_pipe_that_closes_ends_it(self):
        told = subprocess.Popen([PROGRAM, "demo", "monday", "--fast", "--journal",
                                 str(self.journal)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        told.stdout.close()
        _, err = told.communicate(timeout=30)
        self.assertEqual((told.returncode, err), (0, ""))

    def test_a_disk_that_is_full_is_told(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "demo", "monday", "--fast", "--journal",
                                   str(self.journal)], stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn("la sortie", done.stderr)

    def test_the_board_shows_the_hour_and_goes_with_it(self):
        place = self.folder / "tmp"
        place.mkdir()
        told = subprocess.Popen([PROGRAM, "demo", "monday", "--fast", "--board", "--journal",
                                 str(self.journal)], stdout=subprocess.PIPE, text=True,
                                env=os.environ | {"TMPDIR": str(place)})
        lines = []
        while told.poll() is None and not any("reste affiché" in line for line in lines):
            lines.append(told.stdout.readline())
        port = re.search(r"http://127\.0\.0\.1:(\d+)/supervision", "".join(lines))[1]

        def ask(method, path):
            client = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
            client.request(method, path, headers={"Accept": "text/html"})
            answer = client.getresponse()
            said = answer.status, answer.read().decode()
            client.close()
            return said
        end = time.monotonic() + 20
        while "Famille, logement, aides" not in (page := ask("GET", "/supervision")[1]):
            self.assertLess(time.monotonic(), end, page)
            time.sleep(0.1)
        for words in ("Simulation", "personne n’a attendu", "appels demandaient quelqu’un"):
            self.assertIn(words, page)
        self.assertEqual(ask("POST", "/supervision/services/service-1")[0] // 100, 4)
        code, _, err = self.monday("--board", port)
        self.assertEqual(code, 3)
        self.assertIn("prenez un autre port", err)
        self.assertEqual(len(list(place.iterdir())), 1)
        told.send_signal(signal.SIGINT)
        told.communicate(timeout=30)
        self.assertEqual(told.returncode, 0)
        self.assertEqual(list(place.iterdir()), [])

    def test_it_goes_twelve_times_faster_than_it_went(self):
        told = subprocess.Popen([PROGRAM, "demo", "monday", "--json", "--journal",
                                 str(self.journal)], stdout=subprocess.PIPE, text=True)
        began = time.monotonic()
        first = json.loads(told.stdout.readline())
        waited = time.monotonic() - began
        told.send_signal(signal.SIGTERM)
        told.communicate(timeout=30)
        since = (first["at"] - NINE) / 1000
        self.assertGreater(waited, since / 12 - 1)
        self.assertLess(waited, since / 12 + 10)


class Removal(House):
    def remove(self, *more):
        return run("demo", "remove", "-c", self.settings, *more)

    def test_without_yes_it_prints_and_changes_nothing(self):
        before = tree(self.folder)
        code, out, _ = self.remove()
        self.assertEqual(code, 1)
        self.assertIn("rien ne l’est encore", out)
        self.assertIn("10 numéros", out)
        self.assertEqual(tree(self.folder), before)

    def test_what_is_no_demonstration_is_not_touched(self):
        self.assertEqual(self.remove("--yes")[0], 0)
        text = self.directory.read_text(encoding="utf-8")
        for before, after in FILLED.items():
            self.assertIn(before, text)
            text = text.replace(before, after)
        self.directory.write_text(text, encoding="utf-8")
        (self.folder / "build/demo.db").write_bytes(b"")
        before = tree(self.folder)
        code, _, err = self.remove("--yes")
        self.assertEqual(code, 1)
        self.assertIn("n’est pas une démonstration", err)
        self.assertEqual(tree(self.folder), before)

    def test_afterwards_check_says_what_is_left_and_then_is_content(self):
        for name in ("demo.db", "demo.db-wal", "demo.db.starts", "demo.db.phones",
                     "demo.db.aside-20261116T080000Z-operator"):
            (self.folder / "build" / name).write_bytes(b"")
        self.assertEqual(simulate(self.simulated)[0], 0)
        code, out, err = self.remove("--yes")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("il manque la clé «\u00a0name\u00a0»", out)
        self.assertEqual(list((self.folder / "build").iterdir()), [])
        whole = "".join(p.read_text(encoding="utf-8") for p in (self.folder / "demo").rglob("*.yaml"))
        for gone in ("05 36 49", "06 39 98", "01 99 00", "robot:", "greet.demo", "Vasseur",
                     "Situation", "demo_", "ligne-", "demonstration-sans-secret", "demo: true"):
            self.assertNotIn(gone, whole.replace("../build/demo", ""), gone)
        for kept in ("plateforme:", "id: accueil", "queue: sante", "2026-12-24"):
            self.assertIn(kept, whole)
        secrets = self.folder / "demo/secrets.yaml"
        self.assertEqual(stat.S_IMODE(secrets.stat().st_mode), 0o600)
        for before, after in FILLED.items():
            self.edit(self.directory, before, after)
        code, out, _ = run("check", "-c", self.settings)
        self.assertEqual(code, 1)
        self.assertIn("il manque la clé «\u00a0api\u00a0»", out)      # and nothing else
        self.assertEqual(out.count("\u00a0: attention") + 1, out.count("→"))
        self.edit(secrets, '# api: { token: "…" }', 'api: { token: "0123456789abcdef" }')
        code, out, _ = run("check", "-c", self.settings)
        self.assertEqual(code, 0, out)

    def test_real_rows_stay(self):
        self.edit(self.directory, "hours:\n", REAL + "hours:\n")
        self.edit(self.directory, "shared_lines:", '  - { id: a07, name: Jeanne Durand, skills: '
                  '[all], phone: "sip:107" }\nshared_lines:')
        secrets = self.folder / "demo/secrets.yaml"
        with secrets.open("a", encoding="utf-8") as f:
            f.write('  - { id: a07, secret: "un-vrai-secret", code: "7351" }\n')
        code, out, err = self.remove("--yes")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("04 10 00 00 10", self.directory.read_text(encoding="utf-8"))
        self.assertIn("Jeanne Durand", self.directory.read_text(encoding="utf-8"))
        self.assertIn("un-vrai-secret", secrets.read_text(encoding="utf-8"))
        self.assertNotIn("Vasseur", self.directory.read_text(encoding="utf-8"))

    def test_a_journal_that_is_not_simulated_is_not_taken_for_the_simulated_one(self):
        self.simulated.write_bytes(b"des notes")
        self.assertEqual(self.remove("--yes")[0], 0)
        self.assertEqual(self.simulated.read_bytes(), b"des notes")

    def test_wrong_files_are_left_alone(self):
        self.edit(self.directory, "demo: true", "démo: true")
        before = tree(self.folder)
        code, _, err = self.remove("--yes")
        self.assertEqual(code, 1)
        self.assertIn("ces fichiers ont des fautes", err)
        self.assertEqual(tree(self.folder), before)


class Simulated(House):
    def test_every_figure_says_so(self):
        self.assertEqual(simulate(self.simulated)[0], 0)
        code, out, _ = run("replay", self.simulated, "--results")
        self.assertEqual(code, 0)
        self.assertIn("JOURNAL SIMULÉ, graine " + SEED, out)
        for line in out.splitlines():
            if re.search(r"\d+/\d+/2026|\[[a-z0-9-]+\]$|N\u00a0=|^Appels|^  \w.*\d$", line):
                self.assertIn("simulé", line)
        self.assertGreater(out.count("simulé"), 30)

    def test_and_every_rate_for_programs(self):
        self.assertEqual(simulate(self.simulated)[0], 0)
        _, out, _ = run("replay", self.simulated, "--results", "--json")
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([r["day"] for r in rows], ["2026-11-16", "2026-11-17", "all"])
        for row in rows:
            self.assertTrue(row["simulated"])
            for name, rate in row["rates"].items():
                self.assertIs(rate["simulated"], True, name)
        for key in ("received", "asked"):
            self.assertEqual(rows[0][key] + rows[1][key], rows[2][key])

    def test_one_seed_one_file(self):
        again = self.folder / "build/again.db"
        self.assertEqual((simulate(self.simulated)[0], simulate(again)[0]), (0, 0))
        self.assertEqual(self.simulated.read_bytes(), again.read_bytes())

    def test_no_file_is_written_over(self):
        for content in (b"", b"des notes"):
            self.simulated.write_bytes(content)
            code, _, err = simulate(self.simulated)
            self.assertEqual((code, self.simulated.read_bytes()), (3, content))
            self.assertIn("name a new file", err)

    def test_no_service_continues_it(self):
        self.assertEqual(simulate(self.simulated)[0], 0)
        self.edit(self.settings, "../build/demo.db", "../build/demo-simule.db")
        before = tree(self.folder)
        code, _, err = run("serve", "-c", self.settings)
        self.assertEqual(code, 3)
        self.assertIn("simulated, no service continues it", err)
        self.assertEqual(tree(self.folder), before)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
