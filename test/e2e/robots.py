"""robots.py — programs that we start and end: a place of their own, what they said, free ports;
and Phone: an agent's desk telephone, a baresip that we tell what to do.

  with Phone("190", "secret", port, tone=1000) as phone:
      phone.registered(); phone.dial("*71"); phone.press("4821#"); phone.heard().tone(440)
"""
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import sound

SKIPPED = 77
MODULES = ["g711", "ausine", "sndfile"]
APPLICATIONS = ["menu", "ctrl_tcp"]
REGISTERED = re.compile(r"(?:\{\d/(?:UDP|TCP|TLS)/v\d\}|reg: \S+(?: \(prio \d\))?:) (\d{3}) ")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def need(*programs):
    for p in programs:
        if not shutil.which(p):
            skip(f"{p} is not installed")


def free_port(kind=socket.SOCK_STREAM, host="127.0.0.1"):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind((host, 0))
        return s.getsockname()[1]


PORTS_N = 8         # of one draw
_DRAWS = itertools.count(random.randrange(1250))


def free_ports(kind=socket.SOCK_DGRAM, host="127.0.0.1"):
    """The first of PORTS_N ports that nobody uses, even, below those that the kernel gives away and
    those of the services under test; never twice the same in one program."""
    while True:
        first = 10000 + PORTS_N * (next(_DRAWS) % 1250)
        held = []
        try:
            for port in range(first, first + PORTS_N):
                held.append(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind))
                held[-1].bind((host, port))
            return first
        except OSError:
            continue
        finally:
            for s in held:
                s.close()


# A nap that lasts so much longer than it was to: the machine stood still, for us and for what we
# wait for. That is no time of theirs; it is told, and made up for, so much at most.
STILL_S, MADE_UP_S_MAX = 0.5, 60


def wait_until(what, seconds=10.0, step=0.05):
    """The first true value of what(), or its last one when the time is up."""
    end, left = time.monotonic() + seconds, MADE_UP_S_MAX
    while not (value := what()) and (began := time.monotonic()) < end:
        time.sleep(step)
        still = min(time.monotonic() - began - step, left)
        if still > STILL_S:
            end, left = end + still, left - still
            print(f"the machine stood still for {still:.1f} s", flush=True)
    return value


class Program:
    """A process of ours: its lines are read as they come; it is ended by its pid, never by name."""

    def __init__(self, command, cwd=None, env=None):
        self.lines, self.came = [], threading.Condition()
        self.process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env=dict(os.environ, LC_ALL="C.UTF-8", **(env or {})))
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.came:
                self.lines.append((time.time(), line.decode(errors="replace").rstrip()))
                self.came.notify_all()
        with self.came:
            self.came.notify_all()

    def said(self):
        return "\n".join(line for _, line in self.lines)

    def line_with(self, what, seconds=10.0):
        """The first line that holds it; None when it does not come."""
        def find():
            return next((line for _, line in self.lines if what in line), None)
        with self.came:
            self.came.wait_for(lambda: find() or not self.is_alive(), seconds)
        return find()

    def is_alive(self):
        return self.process.poll() is None

    def end(self, sign=signal.SIGTERM, seconds=5.0):
        """Its exit code; None: it had to be killed."""
        if self.is_alive():
            self.process.send_signal(sign)
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        self.reader.join(2)
        return code


def baresip_modules():
    found = list(Path("/usr/lib").glob("*/baresip/modules")) + [Path("/usr/lib/baresip/modules")]
    return found[0]


class Phone:
    """answers: it picks up by itself. tone: what it says, in Hz. Registers when it has a secret.
    tcp: by one connection; tls: the file of the authority that it believes, by one connection of
    TLS to localhost. encryption: "srtp-mand" for SDES, "srtp" for either. ptime: of its packets,
    in ms. codecs: as baresip names them, the best first, with commas. often: it registers every
    three seconds, not once a minute."""

    def __init__(self, line, secret, port, tone=1000, answers=True, host="127.0.0.1", tcp=False,
                 tls=None, encryption=None, ptime=20, codecs="PCMA/8000/1",
                 often=False):
        self.place = Path(tempfile.mkdtemp(prefix="decroche-phone-"))
        ip = f"[{host}]" if ":" in host else host
        self.line, self.house, self.calls_n = line, f"{ip}:{port}", 0
        self.tls, self.encryption = tls, encryption
        self.events, self.replies, self.changed = [], {}, threading.Condition()
        control, self.ptime, self.codecs, self.often = free_port(), ptime, codecs, often
        self._settings(secret, (tone, answers, tcp, ip), control)
        self.program = Program(["baresip", "-f", str(self.place), "-s"], cwd=self.place)
        self.control = wait_until(lambda: self._connect(control), 10, 0.1)
        if not self.control:
            self.close()
            raise RuntimeError(f"baresip did not start:\n{self.program.said()}")
        threading.Thread(target=self._listen, daemon=True).start()

    def _settings(self, secret, how, control):
        tone, answers, tcp, ip = how
        modules = baresip_modules()
        lines = [f"module_path {modules}", f"sip_listen {ip}:0", f"net_interface {ip.strip('[]')}",
                 f"audio_source ausine,{tone}", "ausrc_srate 48000", "ausrc_channels 2",
                 f"snd_path {self.place}", f"ctrl_tcp_listen 127.0.0.1:{control}"]
        lines += [f"module {m}.so" for m in MODULES]
        lines += [f"module {m}.so" for m in ("g722", "opus") if m in self.codecs.lower()]
        if self.encryption:
            lines.append("module srtp.so")
        if self.tls:
            lines.append(f"sip_cafile {self.tls}")
        lines += ["module_tmp account.so"] + [f"module_app {m}.so" for m in APPLICATIONS]
        (self.place / "config").write_text("\n".join(lines) + "\n")
        who = f";auth_user={self.line};auth_pass={secret};regint=60" if secret else ";regint=0"
        who += ";rwait=5" if secret and self.often else ""      # per cent
        who += f";mediaenc={self.encryption}" if self.encryption else ""
        mode = "auto" if answers else "manual"
        self.way = ";transport=tls" if self.tls else ";transport=tcp" if tcp else ""
        (self.place / "accounts").write_text(
            f"<sip:{self.line}@{self.house}{self.way}>{who};answermode={mode};"
            f"audio_codecs={self.codecs};ptime={self.ptime}\n")
        (self.place / "contacts").write_text("")

    # ---- its control: netstrings of JSON -----------------------------------------------------
    def _connect(self, port):
        try:
            return socket.create_connection(("127.0.0.1", port), 1)
        except OSError:
            return None

    def _listen(self):
        self.control.settimeout(None)
        buffer = b""
        while True:
            try:
                more = self.control.recv(65536)
            except OSError:
                more = b""
            if not more:
                return
            buffer += more
            while b":" in buffer:
                head, _, rest = buffer.partition(b":")
                n = int(head)
                if len(rest) <= n:
                    break
                self._note(json.loads(rest[:n]))
                buffer = rest[n + 1:]

    def _note(self, said):
        with self.changed:
            if said.get("event"):
                self.events.append((time.time(), said.get("type"), said.get("param", "")))
            else:
                self.replies[said.get("token")] = said
            self.changed.notify_all()

    def tell(self, command, params=None, seconds=5.0):
        """Says it; True when baresip took it."""
        token = f"t{len(self.replies)}"
        said = {"command": command, "token": token, **({"params": params} if params else {})}
        body = json.dumps(said).encode()
        self.control.sendall(b"%d:%s," % (len(body), body))
        with self.changed:
            self.changed.wait_for(lambda: token in self.replies, seconds)
            return bool(self.replies.get(token, {}).get("ok"))

    def happened(self, kind, times=1, seconds=10.0):
        """The instant at which this event came for the n-th time; 0: it did not. (A set that picks
        up by itself says no CALL_INCOMING.)"""
        def find():
            at = [e[0] for e in self.events if e[1] == kind]
            return at[times - 1] if len(at) >= times else 0
        with self.changed:
            self.changed.wait_for(find, seconds)
        return find()

    def count(self, kind):
        return sum(e[1] == kind for e in self.events)

    # ---- what an agent does ------------------------------------------------------------------
    def registrations(self):
        """The last answers to REGISTER so far (its first event may come before we listen)."""
        return [int(n) for n in REGISTERED.findall(self.program.said())]

    def registered(self, seconds=10.0):
        return 200 in wait_until(self.registrations, seconds)

    def dial(self, number, seconds=5.0):
        """True when the call was answered."""
        before = self.count("CALL_ESTABLISHED")
        self.tell("dial", number)
        return bool(self.happened("CALL_ESTABLISHED", before + 1, seconds))

    def press(self, digits, gap_s=0.25):
        for d in digits:
            self.tell("sndcode", d)
            time.sleep(gap_s)

    def pick_up(self):
        return self.tell("accept")

    def hang_up(self):
        """In a call, or to one that rings (486)."""
        return self.tell("hangup")

    def say(self, hz):
        return self.tell("ausrc", f"ausine,{hz}")

    def recordings(self, what="dec"):
        """Of what it heard; enc: of what it said, before its own encoder."""
        return sorted(self.place.glob(f"dump-*-{what}.wav"))

    def samples(self, last_s=None):
        """What its newest call heard, silence of missing packets left out; or the end of it."""
        files = self.recordings()
        found = sound.read_wav(files[-1]) if files else []
        return found[-round(last_s * sound.RATE):] if last_s else found

    def said(self, prompts):
        """The prompts that its newest call heard (frames as they came; instants are its own)."""
        codes = sound.encode(self.samples())
        return prompts.said([(i / sound.RATE, codes[i:i + sound.FRAME])
                             for i in range(0, len(codes) - sound.FRAME + 1, sound.FRAME)])

    def hears(self, hz, seconds=5.0, of_s=1.0, share=0.8):
        """Until the tone fills that share of the last second of the recording."""
        return wait_until(lambda: len(self.samples(of_s)) >= of_s * sound.RATE and
                          sound.tone_share(self.samples(of_s), hz) >= share, seconds, 0.1)

    def kill(self):
        """As when the set loses its power."""
        self.program.end(signal.SIGKILL)

    def close(self):
        if getattr(self, "control", None):
            self.control.close()
        code = self.program.end() if self.program.is_alive() else None
        shutil.rmtree(self.place, ignore_errors=True)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
