#!/usr/bin/env python3
"""packaging/decroche.service agrees with what the program does, and systemd accepts it.

    test_unit.py PROGRAM ROOT
"""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, ROOT = Path(sys.argv[1]), Path(sys.argv[2])
UNIT = ROOT / "packaging/decroche.service"
EXPOSURE_MAX = 20           # tenths, of 100: "OK" of systemd ends at 49


def keys(text):
    """{key: [values]} in their order."""
    found = {}
    for key, value in re.findall(r"(?m)^(\w+)=(.*)$", text):
        found.setdefault(key, []).append(value)
    return found


def constant(path, name):
    """Of a #define: a product of whole numbers, casts left out."""
    value = re.search(rf"#define {name} (.*)", (ROOT / path).read_text())[1]
    product = 1
    for number in re.findall(r"\b\d+\b", re.sub(r"/\*.*", "", value)):
        product *= int(number)
    return product


class Unit(unittest.TestCase):
    def setUp(self):
        self.keys = keys(UNIT.read_text())

    def one(self, key):
        self.assertEqual(len(self.keys[key]), 1, key)
        return self.keys[key][0]

    def test_it_waits_longer_than_the_service_drains(self):
        drain_s = constant("src/app/lines.h", "LINES_DRAIN_MS") / 1000
        self.assertEqual(drain_s, 30)
        self.assertGreaterEqual(int(self.one("TimeoutStopSec")), drain_s + 10)

    def test_it_leaves_room_for_three_crashes(self):
        crashes_n = constant("src/journal/aside.h", "JOURNAL_CRASHES_MAX")
        crashes_s = constant("src/journal/aside.h", "JOURNAL_CRASHES_MS") / 1000
        self.assertEqual((crashes_n, crashes_s), (3, 60))
        self.assertGreater(int(self.one("StartLimitBurst")), 2 * crashes_n)
        self.assertLess(int(self.one("RestartSec")) * crashes_n, crashes_s)
        self.assertEqual(self.one("Restart"), "on-failure")

    def test_files_are_enough_for_all_legs(self):
        settings = (ROOT / "schema/settings.toml").read_text()
        legs_max = int(re.search(r"\[phone\.legs_max\][^[]*?\nmax = (\d+)", settings)[1])
        self.assertGreaterEqual(int(self.one("LimitNOFILE")), 2 * legs_max + 512)
        self.assertEqual(self.one("LimitCORE"), "0")

    def test_threads_of_sound_may_go_first(self):
        self.assertEqual(self.one("LimitRTPRIO"), "1")
        self.assertNotIn("yes", self.keys.get("RestrictRealtime", []))
        allowed = [k for k in self.keys["SystemCallFilter"] if not k.startswith("~")][-1]
        self.assertIn("sched_setscheduler", allowed.split())

    def test_what_it_starts_and_reloads(self):
        command = self.one("ExecStart").split()
        self.assertEqual(command[1:3], ["serve", "-c"])
        self.assertRegex(self.one("ExecReload"), r"kill -HUP \$MAINPID$")
        self.assertEqual(self.one("Type"), "simple")    # it says nothing to NOTIFY_SOCKET

    def stop(self, job):
        """The signals that a process gets from what the unit runs to stop it."""
        with tempfile.TemporaryDirectory() as folder:
            systemctl = Path(folder) / "systemctl"
            systemctl.write_text(f"#!/bin/sh\n[ \"$4\" = decroche.service ] && echo '{job}'\n")
            systemctl.chmod(0o755)
            told = ("import signal, sys\n"
                    "signal.signal(signal.SIGUSR2, lambda *a: sys.exit(7))\n"
                    "print(flush=True)\n"
                    "signal.sigtimedwait([signal.SIGTERM], 1.5)\n")
            served = subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE)
            served.stdout.readline()
            path = f"{folder}:/usr/bin:/bin"
            done = subprocess.Popen(["/bin/sh", ROOT / "packaging/decroche-stop", str(served.pid),
                                     "decroche.service"], env={"PATH": path})
            code = served.wait(10)
            served.stdout.close()
            self.assertEqual(done.wait(10), 0)
            return code

    def test_a_restart_leaves_the_calls_and_a_stop_does_not(self):
        script = self.one("ExecStop").split()
        self.assertEqual(script[1:], ["$MAINPID", "%n"])
        install = (ROOT / "packaging/meson.build").read_text()
        self.assertIn("'lib/decroche'", install)
        self.assertEqual(script[0], "+/usr/lib/decroche/stop")
        self.assertEqual(self.stop("12 decroche.service restart running"), 7)
        self.assertEqual(self.stop("12 decroche.service stop running"), 0)
        self.assertEqual(self.stop(""), 0)
        after_a_crash = subprocess.run(["/bin/sh", ROOT / "packaging/decroche-stop", "", "x"])
        self.assertEqual(after_a_crash.returncode, 0)

    def test_no_privilege(self):
        self.assertEqual(self.one("CapabilityBoundingSet"), "")
        self.assertEqual(self.one("NoNewPrivileges"), "yes")
        self.assertEqual(self.one("ProtectSystem"), "strict")
        self.assertNotIn(self.one("User"), ("", "root"))
        families = self.one("RestrictAddressFamilies").split()
        self.assertLessEqual({"AF_INET", "AF_INET6", "AF_UNIX"}, set(families))
        self.assertNotIn("AF_PACKET", families)

    def analyze(self, *words):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not here")
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / UNIT.name
            text = UNIT.read_text().replace("/usr/bin/decroche", str(PROGRAM.resolve()))
            copy.write_text(text.replace("/usr/lib/decroche/stop",
                                         str((ROOT / "packaging/decroche-stop").resolve())))
            return subprocess.run(["systemd-analyze", *words, str(copy)], capture_output=True,
                                  text=True, timeout=60)

    def test_systemd_accepts_it(self):
        done = self.analyze("verify", "--man=no")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_systemd_finds_it_closed(self):
        done = self.analyze("security", "--offline=yes", f"--threshold={EXPOSURE_MAX}")
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
        self.assertIn("Overall exposure level", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
