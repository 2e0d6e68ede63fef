"""What ./dev promises before it builds anything."""
import subprocess
import unittest
from pathlib import Path

DEV = Path(__file__).resolve().parents[2] / "dev"


def dev(*arguments):
    return subprocess.run([DEV, *arguments], capture_output=True, text=True)


class Dev(unittest.TestCase):
    def test_help_names_every_command(self):
        done = dev("help")
        self.assertEqual(done.returncode, 0)
        for word in ("run", "test", "bench", "package", "fmt", "hooks"):
            self.assertIn("./dev " + word, done.stdout)

    def test_another_word_gives_help_and_exit_2(self):
        done = dev("wibble")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("./dev test", done.stderr)

    def test_another_kind_of_test_gives_help_and_exit_2(self):
        self.assertEqual(dev("test", "wibble").returncode, 2)

    def test_the_shell_of_debian_reads_it(self):
        for script in (DEV, DEV.parent / "tools" / "format.sh", DEV.parent / ".ci" / "run"):
            subprocess.run(["dash", "-n", script], check=True)


if __name__ == "__main__":
    unittest.main()
