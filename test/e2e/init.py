#!/usr/bin/env python3
"""init.py — what `decroche init` writes answers the telephone: six answers, the service on them,
the first agent with the code and password that it drew, a caller who reaches them.

  init.py DECROCHE ROOT         exit 77 (skipped) with a line without baresip
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import world
from robots import free_port, need
from service import Agent, Service
from world import World, Wrong

NUMBER = "0410000010"
ANSWERS = {"name": "Mairie de Courvelles", "number": "04 10 00 00 10", "hours": "toujours",
           "agent": "Nadège Vasseur", "address": "127.0.0.1", "networks": "127.0.0.1/32"}


class Written(Service):
    """Its secrets are those that were written."""

    def _people(self):
        directory = (self.home / "directory.yaml").read_text(encoding="utf-8")
        secrets = (self.home / "secrets.yaml").read_text(encoding="utf-8")
        line = re.search(r'phone: "sip:(\w+)"', directory)[1]
        m = re.search(r'id: (\w+), secret: "(\w+)", code: "(\d+)"', secrets)
        return {m[1]: Agent(m[1], line, m[2], m[3], False)}


class Reception(World):
    SERVICE = Written


def talk(w):
    phone = w.agent("a01")
    caller = w.line()
    caller.invite(NUMBER, w.service.sip)
    w.check("the call is answered", caller.wait("talking", seconds=3), lambda: caller.at)
    w.both_hear(caller, phone, seconds=30)
    caller.hang_up()
    w.outcomes("answered")


def main():
    need("baresip")
    decroche, root = sys.argv[1], Path(sys.argv[2]).resolve()
    world.load_prompts(root / "prompts")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "written"
        answers = ANSWERS | {"trunk": f"127.0.0.1:{free_port()}"}
        sets = [f"--set={k}={v}" for k, v in answers.items()]
        subprocess.run([decroche, "init", folder, *sets], check=True, stdout=subprocess.DEVNULL)
        voice = {"voice": {"path": root / "prompts"}}
        with Reception(decroche, folder, voice) as w:
            try:
                talk(w)
            except Wrong as e:
                sys.exit(f"NOT ok: {e}\n{w.trace()}")
            print("\n".join(w.said))


if __name__ == "__main__":
    main()
