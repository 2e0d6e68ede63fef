"""pages.py — a house with a real journal, and clients of its pages: polite ones, rude ones.
Imported by web.py, which gets where the programs are on its command line."""
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE, DECROCHE, DEMO, BUILD = sys.argv[1:5]
TOKEN = "0123456789abcdef-the-token"
SECONDS = 20


class House:
    """The service under test. bounds: connections, per address, streams, request ms, slow ms."""

    def __init__(self, folder, *bounds):
        self.folder, self.socket = folder, os.path.join(folder, "socket")
        self.process = subprocess.Popen(
            [HOUSE, DEMO, folder, TOKEN, *map(str, bounds)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])
        self.wait_for(lambda: self.get("/api/v1/status")[0] == 200)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said.endswith("ok\n"), said
        return said[:-3].strip()

    def last_id(self):
        return int(self.tell("last"))

    def get(self, path, method="GET", body=None, token=TOKEN, headers=None, unix=False):
        """(status, body, headers)"""
        if unix:
            client = http.client.HTTPConnection("localhost", timeout=SECONDS)
            client.sock = self.connect_unix()
        else:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        sent = dict(headers or {})
        if token and not unix:
            sent["Authorization"] = "Bearer " + token
        client.request(method, path, body, sent)
        answer = client.getresponse()
        got = answer.status, answer.read(), dict(answer.getheaders())
        client.close()
        return got

    def json(self, path, **more):
        status, body, _ = self.get(path, **more)
        return status, json.loads(body)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), SECONDS)

    def connect_unix(self):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(SECONDS)
        s.connect(self.socket)
        return s

    def wait_for(self, is_so):
        end = time.monotonic() + SECONDS
        while not is_so():
            assert time.monotonic() < end, "it never became so"
            time.sleep(0.02)

    def caught_up(self):
        last = self.last_id()
        self.wait_for(lambda: self.json("/api/v1/status")[1]["last_id"] >= last)
        return last

    def alarms(self):
        return [a["alarm"] for a in self.json("/health")[1]["alarms"]]

    def rss_kib(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    def must_have_grown_by_less(self, kib, before):
        if BUILD == "plain":        # a sanitizer keeps what was freed
            assert self.rss_kib() - before < kib, (before, self.rss_kib())

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(SECONDS)
        assert code == 0, f"the house ended with {code}"


@contextlib.contextmanager
def house(*bounds):
    with tempfile.TemporaryDirectory() as folder:
        h = House(folder, *bounds)
        try:
            yield h
            h.end()
        finally:
            if h.process.poll() is None:
                h.process.kill()
                h.process.wait()


def read_until(s, is_enough):
    """What came, until it is enough or the other side closed."""
    got = b""
    while not is_enough(got):
        try:
            piece = s.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        got += piece
    return got


def hold(h):
    """A connection that is served and stays open."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        s = h.connect()
        s.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        if b" 200 OK" in read_until(s, lambda got: b"committed_id" in got or b"cure" in got):
            return s
        s.close()
    raise AssertionError("no place")


def raw(h, request):
    """All that the server says to these bytes, until it closes."""
    with h.connect() as s:
        s.sendall(request)
        with contextlib.suppress(OSError):
            s.shutdown(socket.SHUT_WR)
        return read_until(s, lambda got: False)


class Stream:
    """A subscriber to events."""

    def __init__(self, h, last=None, query=""):
        self.client = http.client.HTTPConnection("127.0.0.1", h.port, timeout=SECONDS)
        headers = {"Accept": "text/event-stream", "Authorization": "Bearer " + TOKEN}
        if last:
            headers["Last-Event-ID"] = last
        self.client.request("GET", "/api/v1/events" + query, headers=headers)
        self.answer = self.client.getresponse()
        self.status, self.text = self.answer.status, ""
        if self.status == 200:
            assert self.answer.getheader("Content-Type").startswith("text/event-stream")
            while "retry: 2000\n\n" not in self.text:
                self.read()
        else:
            self.text = self.answer.read().decode()
            self.close()

    def read(self):
        piece = self.answer.read1(65536)
        assert piece, "the stream ended"
        self.text += piece.decode()

    def events(self, n):
        """The first n events, or more: (cursor, kind, data)."""
        wanted = r"id: (\w+)\nevent: (\w+)\ndata: (\{.*?\})\n\n"
        while len(re.findall(wanted, self.text)) < n:
            self.read()
        return [(c, k, json.loads(d)) for c, k, d in re.findall(wanted, self.text)]

    def close(self):
        self.answer.close()
        self.client.close()
