#!/usr/bin/env python3
"""recordings.py — a sentence recorded by the place, sent over HTTP as web/record.js sends it: heard
at the level of the others, kept in the history, taken back; what is no sound, too long, too large
or one too many at once is refused in words.

  recordings.py DECROCHE DEMO [NAME …]
"""
import http.client
import math
import re
import socket
import struct
import sys

from accounts import Browser, add, must
from robots import wait_until
from service import Service

PATH = "/administration/enregistrement?nom=greet.org"
SOUND_MAX, BODY_MAX, LARGE_MAX = 2 << 20, 65536, 4   # PAGES_SOUND_MAX, WEB_BODY_MAX, WEB_LARGE_MAX


def wav(seconds=2.0, rate=16000, level=0.3, hz=300):
    n = int(seconds * rate)
    samples = [int(32767 * level * math.sin(2 * math.pi * hz * i / rate) *
                   (1 if i * 10 // rate % 3 else .1)) for i in range(n)]
    data = struct.pack(f"<{n}h", *samples)
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
            struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16) +
            b"data" + struct.pack("<I", len(data)) + data)


class Studio(Browser):
    """An administrator's browser."""

    def __init__(self, service):
        super().__init__(service)
        add(service, "admin", "administrator")
        must(self.sign_in("admin")[0], 303, "signed in")
        self.token = self.csrf()

    def headers(self, **more):
        host = f"127.0.0.1:{self.service.http[1]}"
        return {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin",
                "Accept": "text/html", "Content-Type": "audio/wav", "Cookie": self.cookie,
                "X-Decroche-Csrf": self.token} | more

    def send(self, body, path=PATH, **more):
        """(status, text, where to)"""
        client = http.client.HTTPConnection(*self.service.http, timeout=20)
        client.request("POST", path, body, self.headers(**more))
        answer = client.getresponse()
        said = answer.status, answer.read().decode(), answer.getheader("Location")
        client.close()
        return said

    def says_length(self, n, path):
        """What is refused by its head is refused before its body is sent."""
        client = http.client.HTTPConnection(*self.service.http, timeout=20)
        client.putrequest("POST", path, skip_host=True)
        for key, value in self.headers(**{"Content-Length": str(n)}).items():
            client.putheader(key, value)
        client.endheaders()
        status = client.getresponse().status
        client.close()
        return status

    def page(self, path):
        return self.ask("GET", f"/administration/{path}")[1]


def house(decroche, demo):
    return Service(decroche, demo, {"voice": {"own": "voix"}})


# ---- cases --------------------------------------------------------------------------------------
def a_recording_is_heard_kept_and_taken_back(decroche, demo):
    with house(decroche, demo) as s:
        b = Studio(s)
        file = s.home / "voix/fr/greet.org.wav"
        status, text, to = b.send(wav())
        must(status, 303, text)
        assert to.startswith("/administration/phrase?nom=greet.org&fait="), to
        first = file.read_bytes()
        must(struct.unpack("<IIHH", first[24:28] + first[28:36]), (8000, 16000, 2, 16), "its form")
        page = b.page("phrase?nom=greet.org")
        assert "Votre voix" in page and "−24," in page and "data-recorder=" in page, page
        client = http.client.HTTPConnection(*s.http, timeout=10)
        client.request("GET", "/administration/son.wav?nom=greet.org", headers=b.headers())
        must(client.getresponse().read(), first, "as callers hear it")
        client.close()
        must(b.send(wav(1.5, hz=500))[0], 303, "another one")
        second = file.read_bytes()
        assert second != first
        log = b.page("historique")
        assert "son-fr-greet.org" in log, log
        n = re.findall(r"version\?n=(\d+)", log)[1]
        must(b.ask("POST", "/administration/version", {"csrf": b.token, "n": n})[0], 303, "undone")
        must(file.read_bytes(), first, "the one of before")
        must(b.ask("POST", PATH, {"csrf": b.token, "faire": "retirer"})[0], 303, "taken away")
        assert not file.exists()
        assert "son-fr-greet.org, version" in b.page("comptes")
        must(b.ask("GET", "/administration/fichier?nom=son-fr-greet.org")[0], 404, "no text")


def what_is_no_sentence_is_refused_in_words(decroche, demo):
    with house(decroche, demo) as s:
        b = Studio(s)
        for body, why in ((b"RIFFnothing", "pas un son"), (b"rien", "pas un son"),
                          (wav(2, level=0), "on n’y entend rien"),
                          (wav(15), "silences compris"),
                          (wav(61, rate=8000), "plus long qu’une minute")):
            status, text, _ = b.send(body)
            must((status, why in text), (422, True), (why, text[-600:]))
        must(b.send(wav(), PATH.replace("greet.org", "rien"))[0], 404, "no such sentence")
        must(b.send(wav(), PATH.replace("greet.org", "../x"))[0], 404, "nor a path")
        must(b.send(wav(), **{"X-Decroche-Csrf": "0" * 64})[0], 403, "forged")
        assert not (s.home / "voix").exists() or not list((s.home / "voix").rglob("*.wav"))


def bodies_have_their_bounds(decroche, demo):
    with house(decroche, demo) as s:
        b = Studio(s)
        must(b.send(wav()[:44] + bytes(SOUND_MAX - 44))[0], 422, "at the bound")
        must(b.says_length(SOUND_MAX + 1, PATH), 413, "past it")
        must(b.says_length(BODY_MAX + 1, "/administration/phrase"), 413, "elsewhere")
        slow = []
        for _ in range(LARGE_MAX):
            c = socket.create_connection(s.http)
            head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nRIFF"
            c.sendall(head.encode())
            slow.append(c)
        assert wait_until(lambda: b.send(wav())[0] == 503, 5, 0.1), "no bound at once"
        must(b.ask("GET", "/administration")[0], 200, "other pages")
        for c in slow:
            c.close()
        assert wait_until(lambda: b.send(wav())[0] == 303, 5, 0.1), "never again"


CASES = (a_recording_is_heard_kept_and_taken_back, what_is_no_sentence_is_refused_in_words,
         bodies_have_their_bounds)


def main():
    decroche, demo, *names = sys.argv[1:]
    for case in CASES:
        if names and not any(n in case.__name__ for n in names):
            continue
        case(decroche, demo)
        print("ok", case.__name__)


if __name__ == "__main__":
    main()
