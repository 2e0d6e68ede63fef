"""service.py — `decroche serve` on a copy of the demonstration in a folder of its own: free ports,
its own journal; started, stopped, killed, started again, and its journal read.

  with Service(decroche, demo, {"queue": {"offer": "5s"}}) as service:
      Caller().invite("0536490010", service.sip); print(service.events().outcomes())
"""
import json
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import namedtuple
from pathlib import Path

from robots import Program, wait_until

READY_S, STOP_S = 10, 10
READY = re.compile(r"SIP\s+\S*:(\d+)")
TLS = re.compile(r"TLS\s+\S*:(\d+)")
HTTP = re.compile(r"HTTP\s+\S*?:(\d+)")
PORTS_N = 400               # of the range for media
Agent = namedtuple("Agent", "id line secret code is_robot")


# ---- settings: the YAML of the demonstration is two levels of plain words ----------------------
def read_settings(text):
    """{folder: {key: value}}; values are left as they are written."""
    found, folder = {}, None
    for line in text.splitlines():
        line = re.sub(r"\s+#.*$|^#.*$", "", line).rstrip()
        if m := re.match(r"(\w+):\s*\{(.*)\}$", line):
            found[m[1]] = dict(re.findall(r"(\w+):\s*([^,]+?)\s*(?:,|$)", m[2]))
        elif m := re.match(r"(\w+):$", line):
            folder = found[m[1]] = {}
        elif m := re.match(r"\s+(\w+):\s*(.+)$", line):
            folder[m[1]] = m[2]
        elif line:
            raise ValueError(f"settings: {line!r} is neither a folder nor a key")
    return found


def write_settings(settings):
    out = []
    for folder, keys in settings.items():
        out += [f"{folder}:"] + [f"  {k}: {v}" for k, v in keys.items()]
    return "\n".join(out) + "\n"


def read_agents(text):
    """{id: Agent} of the directory: who has a telephone line of ours; with secrets of our own."""
    found = {}
    for n, m in enumerate(re.finditer(r"^ *- \{ id: (\w+),(.*\"sip:(\w+)\".*)\}", text, re.M)):
        found[m[1]] = Agent(m[1], m[3], f"secret-of-{m[1]}-{random.randrange(10 ** 9)}",
                            str(4821 + n), "robot: true" in m[2])
    return found


def write_secrets(agents):
    rows = [f'  - {{ id: {a.id}, secret: "{a.secret}", code: "{a.code}" }}\n'
            for a in agents.values()]
    return f'api: {{ token: "{random.getrandbits(128):032x}" }}\nagents:\n' + "".join(rows)


class Range:
    """n ports for media that no other program of these tests has until close(): blocks below those
    that the kernel gives away; the TCP port of a block's first number is its lock."""
    BLOCK_N, BLOCKS_N, FIRST = 400, 30, 20000       # 20000 to 31999

    def __init__(self, n):
        blocks_n, self.locks = -(-n // self.BLOCK_N), []
        for _ in range(600):
            begin = random.randrange(self.BLOCKS_N - blocks_n + 1)
            for i in range(self.BLOCKS_N - blocks_n + 1):
                block = (begin + i) % (self.BLOCKS_N - blocks_n + 1)
                self.first = self.FIRST + block * self.BLOCK_N
                if self._take(blocks_n):
                    return
            time.sleep(0.1)
        raise OSError("no range of ports for media")

    def _take(self, blocks_n):
        try:
            for i in range(blocks_n):
                self.locks.append(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                self.locks[-1].bind(("127.0.0.1", self.first + i * self.BLOCK_N))
            return True
        except OSError:
            self.close()
            return False

    def close(self):
        while self.locks:
            self.locks.pop().close()


def serves(decroche):
    """Can it answer telephones?"""
    done = subprocess.run([decroche, "help"], capture_output=True, text=True, timeout=20)
    return re.search(r"^\s+serve\s", done.stdout, re.M)


class Events(list):
    """Lines of the journal, as dictionaries."""

    def of(self, *kinds, **fields):
        return [e for e in self if e["kind"] in kinds and
                all(e.get(k) == v for k, v in fields.items())]

    def outcomes(self):
        return [e["outcome"] for e in self.of("call_outcome")]

    def has_in_order(self, *wanted):
        """Each is a kind, or (kind, {field: value}); others may stand between them."""
        rest = iter(self)
        for w in wanted:
            kind, fields = (w, {}) if isinstance(w, str) else w
            if not any(e["kind"] == kind and all(e.get(k) == v for k, v in fields.items())
                       for e in rest):
                return False
        return True

    def text(self):
        return "\n".join(json.dumps(e, ensure_ascii=False) for e in self)


class Service:
    """changes: settings of this run, {folder: {key: value}}. edit: a function that may change the
    files, given their folder; media.browser_port "free": one that is. sip: (host, port) of the
    running service."""

    def __init__(self, decroche, demo, changes=None, edit=None, ports_n=PORTS_N, env=None):
        self.env = env
        self.decroche = str(Path(decroche).resolve())
        self.place = Path(tempfile.mkdtemp(prefix="decroche-service-"))
        self.home = self.place / "demo"
        shutil.copytree(demo, self.home)
        self.settings_file = self.home / "decroche.yaml"
        self.journal = self.place / "journal.db"
        self.settings = read_settings(self.settings_file.read_text(encoding="utf-8"))
        self.sip, self.http, self.program, self.tls = None, None, None, None
        (self.place / "voice").mkdir()          # what it spoke once is there at its next start
        self._settle(changes or {}, Path(demo).resolve(), ports_n)
        if edit:
            edit(self.home)
        self.agents = self._people()
        try:
            self.start()
        except RuntimeError:
            self.close()
            raise

    def _people(self):
        """The agents with a line; everybody's secrets are of this service alone."""
        agents = read_agents((self.home / "directory.yaml").read_text(encoding="utf-8"))
        secrets = self.home / "secrets.yaml"
        secrets.write_text(write_secrets(agents), encoding="utf-8")
        secrets.chmod(0o600)
        return agents

    def _settle(self, changes, demo, ports_n):
        self.ports = Range(ports_n)
        first = self.ports.first
        prompts = demo / self.settings.get("voice", {}).get("path", "../prompts")
        ours = {"phone": {"port": 0, "tls_port": 0, "md5_alone": "true", "legs_max": ports_n // 2},
                "web": {"port": 0, "socket": self.place / "live.sock"},
                "media": {"port_first": first, "port_last": first + ports_n - 1,
                          "browser_port": 0},
                "journal": {"path": self.journal}, "watch": {"call_every": "0s"},
                "voice": {"path": prompts.resolve(), "speech_cache": self.place / "voice"}}
        for more in (ours, changes):
            for folder, keys in more.items():
                self.settings.setdefault(folder, {}).update(keys)
        if self.settings["media"]["browser_port"] == "free":
            self.settings["media"].update(port_last=first + ports_n - 3,
                                          browser_port=first + ports_n - 1)

    def start(self, seconds=READY_S, under=()):
        """Returns the seconds until it was ready."""
        self.settings_file.write_text(write_settings(self.settings), encoding="utf-8")
        began = time.monotonic()
        self.program = Program([*under, self.decroche, "serve", "-c", str(self.settings_file)],
                               cwd=self.place, env=self.env)
        wait_until(lambda: self._ready() or not self.program.is_alive(), seconds, 0.01)
        if not self._ready():
            said = self.program.said()
            self.program.end(signal.SIGKILL)
            raise RuntimeError(f"decroche serve was not ready within {seconds} s:\n{said}")
        if self.settings["phone"]["port"] == 0:         # the same after a restart
            self.settings["phone"]["port"] = self.sip[1]
        if self.settings["phone"]["tls_port"] == 0 and self.tls:
            self.settings["phone"]["tls_port"] = self.tls[1]
        return time.monotonic() - began

    def refuse_disk(self):
        """Starts on a disk that takes nothing: without a journal, so without HTTP."""
        for name in list(self.place.glob("journal.db*")):
            shutil.rmtree(name) if name.is_dir() else name.unlink()
        self.start(under=("prlimit", "--fsize=512:unlimited"))

    def _ready(self):
        said = self.program.said()
        if m := READY.search(said):
            self.sip = (self.addresses()[0], int(m[1]))
        if t := TLS.search(said):
            self.tls = (self.sip[0], int(t[1]))
        if h := HTTP.search(said):
            self.http = ("127.0.0.1", int(h[1]))
        return m

    def addresses(self):
        """One, or one of each family."""
        return [a.strip() for a in self.settings["phone"]["address"].strip('"').split(",")]

    def at(self, host):
        """Where somebody of this family calls it."""
        near = [a for a in self.addresses() if (":" in a) == (":" in host)]
        return (near or self.addresses())[0], self.sip[1]

    def stop(self, sign=signal.SIGTERM, seconds=STOP_S):
        """Its exit code; None: it had to be killed."""
        return self.program.end(sign, seconds)

    def kill9(self):
        self.program.end(signal.SIGKILL)

    def forget_calls(self):
        """As if the machine had died with it: no leg of its calls is there any more."""
        for name in self.place.glob("*.calls"):
            name.unlink()

    def is_alive(self):
        return self.program.is_alive()

    def exit_code(self):
        return self.program.process.poll()

    def cpu_s(self):
        """Processor seconds so far, of all its threads."""
        fields = Path(f"/proc/{self.program.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    # ---- its journal -------------------------------------------------------------------------
    def run(self, *arguments):
        return subprocess.run([self.decroche, *map(str, arguments)], capture_output=True,
                              text=True, timeout=60)

    def events(self):
        done = self.run("replay", self.journal, "--json")
        if done.returncode:
            raise RuntimeError(f"decroche replay: {done.stdout[-500:]}{done.stderr}")
        return Events(json.loads(line) for line in done.stdout.splitlines() if line)

    def until(self, true_of, seconds=10.0):
        """The events, once this is true of them; or the last ones."""
        wait_until(lambda: true_of(self.events()), seconds, 0.2)
        return self.events()

    def verify(self):
        """"" when the journal is sound, else what verify says."""
        done = self.run("verify", self.journal)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def said(self):
        return self.program.said()

    def threads(self):
        """What each is doing, in words of the kernel; how it ended when it is no more."""
        if not self.is_alive():
            return f"the service ended by itself ({self.exit_code()})"
        rows = []
        for task in sorted(Path(f"/proc/{self.program.pid}/task").iterdir()):
            try:
                fields = (task / "stat").read_text().rpartition(")")[2].split()
                rows.append(f"{(task / 'comm').read_text().strip()}: {fields[0]} "
                            f"{(task / 'wchan').read_text()}, {int(fields[11])} ticks")
            except OSError:     # it has just ended
                pass
        return "\n".join(rows)

    def close(self):
        if self.program and self.program.is_alive():
            self.stop()
        self.ports.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
