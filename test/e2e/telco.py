"""telco.py — an operator's SIP server as a test wants it: asks for credentials, registers us,
answers probes, or says nothing at all; every request is kept.

  with Telco(user="ours", secret="s3cret") as telco: telco.port; telco.wait("REGISTER", 2)
"""
import hashlib
import re
import socket
import ssl
import threading
import time

REALM, NONCE = "operateur", "7f3a"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def header(message, name):
    m = re.search(rf"^{name}:\s*(.*?)\r$", message, re.M | re.I)
    return m[1] if m else ""


class Telco:
    """min_expires: 423 below it. is_silent: may be set meanwhile. always: this status to all.
    tcp: listens there instead; tls: with these files (certificate, key), and with a third one it
    wants to see a certificate of that authority."""

    def __init__(self, user="ours", secret="s3cret", min_expires=0, always=None, tcp=False,
                 tls=None):
        self.user, self.secret, self.min_expires, self.always = user, secret, min_expires, always
        self.refusals = []
        self.is_silent, self.heard, self.changed = False, [], threading.Condition()
        tcp = tcp or bool(tls)
        self.bound_at, self.tcp, self.connections, self.papers = 0, tcp, [], None
        if tls:
            self.papers = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.papers.load_cert_chain(*tls[:2])
        if tls and len(tls) > 2:
            self.papers.load_verify_locations(tls[2])
            self.papers.verify_mode = ssl.CERT_REQUIRED
        kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind(("127.0.0.1", 0))
        if tcp:
            self.socket.listen()
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.is_ending = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.is_ending:
            try:
                if self.tcp:
                    self._admit(self._secure(self.socket.accept()[0]))
                    continue
                data, source = self.socket.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            self._take(data, lambda text, source=source: self.socket.sendto(text, source))

    def _secure(self, connection):
        if not self.papers:
            return connection
        connection.settimeout(2)
        try:
            return self.papers.wrap_socket(connection, server_side=True)
        except OSError as e:            # whom it does not believe
            self.refusals.append(str(e))
            return None

    def _admit(self, connection):
        if not connection:
            return
        connection.settimeout(0.2)
        self.connections.append(connection)
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        """Messages of one connection; none of ours has a body here."""
        rest = b""
        while not self.is_ending:
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                return
            *whole, rest = (rest + data).split(b"\r\n\r\n")
            for head in whole:
                self._take(head + b"\r\n\r\n", connection.sendall)

    def cut(self):
        """All connections end."""
        for c in self.connections:
            c.shutdown(socket.SHUT_RDWR)
        self.connections = []

    def _take(self, data, send):
        message = data.decode(errors="replace")
        if message.startswith("SIP/2.0"):
            return
        with self.changed:
            self.heard.append((time.time(), message.split(" ", 1)[0], message))
            self.changed.notify_all()
        if not self.is_silent:
            self._answer(message, send)

    def _answer(self, message, send):
        status, lines = self._judge(message)
        same = [line for line in message.split("\r\n")
                if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)]
        same = [line + ";tag=telco" if line.startswith("To:") and "tag=" not in line else line
                for line in same]
        text = "\r\n".join([f"SIP/2.0 {status}", *same, *lines, "Content-Length: 0", "", ""])
        send(text.encode())

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
        for c in self.connections:
            c.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
