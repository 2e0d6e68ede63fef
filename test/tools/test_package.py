#!/usr/bin/env python3
"""The files of packaging/ agree with the program, with meson.build and with ./dev.

    test_package.py PROGRAM ROOT
"""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, ROOT = sys.argv[1], Path(sys.argv[2])
DEBIAN = ROOT / "packaging/debian"
# What dpkg-buildpackage asks for and ./dev names by what brings it, or Debian has anyway.
BROUGHT = {"debhelper-compat": "debhelper"}


def words_of(path, name):
    """Of NAME='…' in a shell script."""
    return re.search(rf"(?m)^ *(?:local )?{name}='([^']*)'", path.read_text())[1].split()


class Package(unittest.TestCase):
    def test_completion_knows_every_command(self):
        told = subprocess.run([PROGRAM, "help"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(words_of(ROOT / "packaging/decroche.bash", "commands"),
                         re.findall(r"(?m)^  (\w+) +\S", told))

    def complete(self, *line):
        """What bash would offer for this line, its last word begun."""
        if not shutil.which("bash"):
            self.skipTest("bash is not here")
        script = (f'source "{ROOT}/packaging/decroche.bash"; decroche() {{ "{PROGRAM}" "$@"; }}; '
                  'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _decroche; echo "${COMPREPLY[*]}"')
        done = subprocess.run(["bash", "-c", script, "bash", *line], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_completion_completes(self):
        self.assertEqual(self.complete("decroche", "ser"), ["serve"])
        self.assertEqual(self.complete("decroche", "prompts", "s"), ["sheet"])
        self.assertEqual(self.complete("decroche", "status", "--w"), ["--watch"])
        self.assertEqual(self.complete("decroche", "replay", "--zz"), [])

    def test_versions_agree(self):
        version = re.search(r"version: '([^']*)'", (ROOT / "meson.build").read_text())[1]
        first = (DEBIAN / "changelog").read_text().splitlines()[0]
        self.assertTrue(first.startswith(f"decroche ({version}) "), first)

    def test_dev_installs_what_the_package_is_built_with(self):
        control = (DEBIAN / "control").read_text()
        wanted = re.search(r"(?ms)^Build-Depends: (.*?)\n\S", control)[1]
        names = {re.match(r"\s*(\S+)", w)[1] for w in wanted.split(",")}
        names = {BROUGHT.get(n, n) for n in names}
        self.assertLessEqual(names, set(words_of(ROOT / "dev", "PACKAGE_TOOLS")))

    def test_packages_of_60_megabytes_and_not_a_byte_more(self):
        with tempfile.TemporaryDirectory() as folder:
            for size, code in ((60_000_000, 0), (60_000_001, 1), (600_000_000, 1)):
                for name, share in (("a", size // 2), ("b", size - size // 2)):
                    with open(f"{folder}/{name}.deb", "wb") as f:
                        f.truncate(share)
                done = subprocess.run(["sh", ROOT / "packaging/size.sh", folder],
                                      capture_output=True, text=True)
                self.assertEqual((done.returncode, "at most" in done.stderr), (code, bool(code)))

    def test_the_shell_of_debian_reads_the_scripts(self):
        packaging = ROOT / "packaging"
        for script in (packaging / "build.sh", packaging / "size.sh",
                       DEBIAN / "decroche.postinst", DEBIAN / "decroche.postrm"):
            subprocess.run(["dash", "-n", script], check=True)

    def test_purge_alone_deletes(self):
        text = (DEBIAN / "decroche.postrm").read_text()
        self.assertEqual(len(re.findall(r"rm -rf", text)), 2)
        self.assertLess(text.index('[ "$1" = purge ]'), text.index("rm -rf"))
        for script in DEBIAN.glob("*.p*"):
            if script.name != "decroche.postrm":
                self.assertNotRegex(script.read_text(), r"\brm\b", script.name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
