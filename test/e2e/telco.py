"""telco.py — an operator's SIP server as a test wants it: asks for credentials, registers us,
answers probes, or says nothing at all; every request is kept.

  with Telco(user="ours", secret="s3cret") as telco: telco.port; telco.wait("REGISTER", 2)
"""
import hashlib
import re
import socket
import threading
import time

REALM, NONCE = "operateur", "7f3a"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def header(message, name):
    m = re.search(rf"^{name}:\s*(.*?)\r$", message, re.M | re.I)
    return m[1] if m else ""


class Telco:
    """min_expires: 423 below it. is_silent: may be set meanwhile. always: this status to all."""

    def __init__(self, user="ours", secret="s3cret", min_expires=0, always=None):
        self.user, self.secret, self.min_expires, self.always = user, secret, min_expires, always
        self.is_silent, self.heard, self.changed = False, [], threading.Condition()
        self.bound_at = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.is_ending = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.is_ending:
            try:
                data, source = self.socket.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            message = data.decode(errors="replace")
            if message.startswith("SIP/2.0"):
                continue
            with self.changed:
                self.heard.append((time.time(), message.split(" ", 1)[0], message))
                self.changed.notify_all()
            if not self.is_silent:
                self._answer(message, source)

    def _answer(self, message, source):
        status, lines = self._judge(message)
        same = [line for line in message.split("\r\n")
                if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)]
        same = [line + ";tag=telco" if line.startswith("To:") and "tag=" not in line else line
                for line in same]
        text = "\r\n".join([f"SIP/2.0 {status}", *same, *lines, "Content-Length: 0", "", ""])
        self.socket.sendto(text.encode(), source)

    def _judge(self, message):
        if self.always:
            return self.always, []
        if not message.startswith("REGISTER"):
            return "200 OK", []
        if not self._is_proved(message):
            return "401 Unauthorized", [f'WWW-Authenticate: Digest realm="{REALM}", '
                                        f'nonce="{NONCE}", algorithm=MD5, qop="auth"']
        expires = int(header(message, "Expires") or 0)
        if expires < self.min_expires:
            return "423 Interval Too Brief", [f"Min-Expires: {self.min_expires}"]
        self.bound_at = time.time()
        return "200 OK", [f"Contact: {header(message, 'Contact')};expires={expires}"]

    def _is_proved(self, message):
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', header(message, "Authorization")))
        if not said:
            return False
        a1 = md5(f"{self.user}:{REALM}:{self.secret}")
        a2 = md5(f"REGISTER:{said.get('uri')}")
        right = md5(":".join([a1, NONCE, said.get("nc", ""), said.get("cnonce", ""), "auth", a2]))
        return said.get("username") == self.user and said.get("response") == right

    def count(self, method):
        return sum(m == method for _, m, _ in self.heard)

    def wait(self, method, times=1, seconds=10.0):
        with self.changed:
            self.changed.wait_for(lambda: self.count(method) >= times, seconds)
        return self.count(method) >= times

    def close(self):
        self.is_ending = True
        self.thread.join(2)
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
