#!/usr/bin/env python3
"""register.py — a telephone that we did not write signs in with its line: baresip registers with
digest at the door, is refused with a wrong secret, and is forgotten when it says so.

  register.py DOOR     exit 77 (skipped) with a line when baresip is not installed
"""
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 20
MODULES = ("account", "menu", "g711", "ausine")


def modules_at():
    for base in Path("/usr/lib").glob("*/baresip/modules"):
        return base
    return Path("/usr/lib/baresip/modules")


def telephone(place, port, secret):
    """baresip with one line; its stdin is a pipe, for it wants no file there."""
    lines = [f"module_path {modules_at()}", "sip_listen 127.0.0.1:0", "net_interface 127.0.0.1"]
    lines += [f"module_app {m}.so" if m in ("account", "menu") else f"module {m}.so"
              for m in MODULES if (modules_at() / f"{m}.so").exists()]
    (place / "config").write_text("\n".join(lines) + "\n")
    (place / "accounts").write_text(
        f"<sip:101@127.0.0.1:{port}>;auth_user=101;auth_pass={secret};regint=120\n")
    (place / "contacts").write_text("")
    return subprocess.Popen(["baresip", "-f", str(place)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            env=dict(os.environ, LC_ALL="C"))


def sign_in(port, secret, words):
    """What baresip printed until one of the words came, or time was up."""
    with tempfile.TemporaryDirectory() as place:
        phone = telephone(Path(place), port, secret)
        said, end = "", time.monotonic() + SECONDS
        while time.monotonic() < end and not any(w in said for w in words):
            if select.select([phone.stdout], [], [], 0.2)[0]:
                said += os.read(phone.stdout.fileno(), 4096).decode(errors="replace")
            if phone.poll() is not None:
                break
        phone.terminate()           # unregisters, as a telephone that is switched off does
        try:
            phone.wait(timeout=5)
        except subprocess.TimeoutExpired:
            phone.kill()
        return said


def main():
    if not shutil.which("baresip"):
        print("skipped: baresip is not installed")
        sys.exit(77)
    with subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as door:
        port = door.stdout.readline().strip()
        good = sign_in(port, "s3cret", ("200 OK", "registered successfully"))
        bad = sign_in(port, "wrong", ("401", "403", "Unauthorized", "200 OK"))
        door.stdin.close()
        end = door.stdout.read()
    ok = "200 OK" in good and "200 OK" not in bad and "bindings 0" in end
    print(f"right secret:\n{good}\nwrong secret:\n{bad}\ndoor: {end}")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
