#!/usr/bin/env python3
"""pages_tls.py — pages over TLS by decroche itself, asked by Python: a sign-in, live news,
large bodies both ways, clients that are slow, mute or speak in clear; a certificate that is
renewed, taken away, wrong; as sound as in clear.

  pages_tls.py DECROCHE DEMO [NAME …]
"""
import concurrent.futures
import contextlib
import http.client
import re
import signal
import socket
import ssl
import sys
import tempfile
import time
import traceback
from pathlib import Path

from accounts import PASSWORD, add, must
from papers import Papers, openssl
from robots import need, wait_until
from service import Service, write_settings

SECONDS = 20
REQUEST_S = 15              # src/web/web.h: WEB_REQUEST_MS
BODY_MAX = 65536            # WEB_BODY_MAX
HTTPS = re.compile(r"HTTPS\s+\S*:(\d+)")
OPENED = re.compile(r"pages over TLS, port (\d+)")


class House(Service):
    def __init__(self, decroche, demo, folder):
        self.papers = Papers(folder)
        self.pem, self.key = self.papers.make("pages")
        super().__init__(decroche, demo, {"web": {
            "tls_address": "127.0.0.1", "tls_port": 0, "tls_certificate": self.pem,
            "tls_key": self.key}})

    def port(self):
        """0: it is shut."""
        found = HTTPS.findall(self.said()) + OPENED.findall(self.said())
        return int(found[-1])

    def context(self):
        return ssl.create_default_context(cafile=str(self.papers.authority))

    def client(self):
        return http.client.HTTPSConnection("localhost", self.port(), timeout=SECONDS,
                                           context=self.context())

    def socket(self):
        raw = socket.create_connection(("127.0.0.1", self.port()), SECONDS)
        return self.context().wrap_socket(raw, server_hostname="localhost")

    def ask(self, method, path, body=None, **headers):
        with contextlib.closing(self.client()) as client:
            client.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = client.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())

    def sign_in(self):
        """The cookie."""
        here = f"localhost:{self.port()}"
        status, _, headers = self.ask(
            "POST", "/connexion", f"identifiant=essai&mot_de_passe={PASSWORD.replace(' ', '+')}",
            Host=here, Origin=f"https://{here}", Sec_Fetch_Site="same-origin", Accept="text/html",
            Content_Type="application/x-www-form-urlencoded")
        must(status, 303, "signed in")
        return headers["Set-Cookie"]

    def reload(self, **web):
        """Changed settings, read again: what the command says."""
        self.settings["web"].update(web)
        self.settings_file.write_text(write_settings(self.settings), encoding="utf-8")
        return self.run("reload", "-c", self.settings_file)

    def serial(self):
        """Of the certificate that a newcomer is shown."""
        with self.socket() as s:
            return s.getpeercert()["serialNumber"]


# ---- cases --------------------------------------------------------------------------------------
def a_person_signs_in_over_tls(s):
    add(s, "essai", "agent,supervisor")
    cookie = s.sign_in()
    assert cookie.startswith("__Host-decroche=") and "; Secure" in cookie, cookie
    status, page, headers = s.ask("GET", "/supervision", Cookie=cookie.split(";")[0],
                                  Accept="text/html")
    must((status, b"</html>" in page), (200, True), "the page")
    assert "Strict-Transport-Security" not in headers, "other ports of that name may be in clear"
    must(s.ask("GET", "/api/v1/session", Accept="application/json")[0], 401, "a stranger")


def news_come_live(s):
    add(s, "essai", "agent,supervisor")
    cookie = s.sign_in().split(";")[0]
    with s.socket() as stream:
        stream.sendall(f"GET /live?page=supervision HTTP/1.1\r\nHost: localhost:{s.port()}\r\n"
                       f"Cookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
        head = stream.recv(65536)
        assert b"200" in head.split(b"\r\n")[0] and b"text/event-stream" in head, head
        before, other = s.serial(), s.papers.make("other")
        must(s.reload(tls_certificate=other[0], tls_key=other[1]).returncode, 0, "reload")
        assert wait_until(lambda: s.serial() != before, 10, 0.1), "the old certificate is shown"
        stream.settimeout(SECONDS)
        assert stream.recv(65536), "the stream ended with the old certificate"


def large_bodies_arrive_both_ways(s):
    status, page, _ = s.ask("GET", "/api/v1/openapi.json")
    must((status, page[-2:]), (200, b"}\n"), "a large answer")
    assert len(page) > 100_000, len(page)
    for n, wanted in ((BODY_MAX, {400, 401, 403}), (BODY_MAX + 1, {413}), (20 * BODY_MAX, {413})):
        status, said, _ = s.ask("POST", "/connexion", b"x" * n, Accept="text/html")
        assert status in wanted and said, (n, status)


def many_come_at_once_and_some_are_slow(s):
    def whole(i):
        if i % 6:
            return len(s.ask("GET", "/api/v1/openapi.json")[1])
        with s.socket() as slow:            # reads 1 KiB at a time
            slow.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n"
                         b"Connection: close\r\n\r\n")
            n = b""
            while more := slow.recv(1024):
                n += more
                time.sleep(0.001)
            return len(n.partition(b"\r\n\r\n")[2])
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        sizes = set(pool.map(whole, range(120)))
    must(len(sizes), 1, f"all are whole: {sizes}")


def who_speaks_in_clear_or_not_at_all_is_told_or_cut(s):
    with socket.create_connection(("127.0.0.1", s.port()), SECONDS) as clear:
        clear.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        said = clear.recv(4096).decode()
        assert said.startswith("HTTP/1.1 400 ") and "https://" in said, said
    for garbage in (b"\x16\x03\x01\xff\xff" + b"\0" * 300, b"\x16" * 5000, b"\0"):
        with socket.create_connection(("127.0.0.1", s.port()), SECONDS) as wild:
            wild.sendall(garbage)
            with contextlib.suppress(ConnectionError, TimeoutError):
                wild.settimeout(1)
                wild.recv(4096)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", s.port()), SECONDS + 10) as mute, \
            s.socket() as half:
        half.sendall(b"GET / HTTP/1.1\r\n")     # and nothing more
        must(mute.recv(1), b"", "who never greets is cut")
        took_s = time.monotonic() - began
        assert REQUEST_S - 1 < took_s < REQUEST_S + 5, took_s
        assert not half.recv(65536).startswith(b"HTTP/1.1 200"), "half a request"
    old = openssl("s_client", "-connect", f"127.0.0.1:{s.port()}", "-tls1_1", "-cipher",
                  "ALL@SECLEVEL=0", input="")
    assert old.returncode and "Cipher is (NONE)" in old.stdout, "TLS 1.1 was spoken"
    must(s.ask("GET", "/health")[0], 200, "it serves on")


def a_certificate_goes_comes_and_may_be_wrong(s):
    other = s.papers.make("other")
    done = s.reload(tls_key=other[1])
    assert done.returncode and "n’est pas celle du certificat" in done.stderr + done.stdout, done
    must(s.ask("GET", "/health")[0], 200, "the old pair serves on")
    port = s.port()
    must(s.reload(tls_certificate='""', tls_key='""').returncode, 0, "taken away")

    def is_shut():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0
    assert wait_until(is_shut, 10, 0.1), "the port is still open"
    assert wait_until(lambda: s.port() == 0, 10, 0.1), s.said()
    must(s.reload(tls_certificate=s.pem, tls_key=s.key).returncode, 0, "given again")
    assert wait_until(lambda: s.port() != 0, 10, 0.1), s.said()
    must(s.ask("GET", "/health")[0], 200, "served again")
    s.stop()
    s.settings["web"]["tls_certificate"] = s.place / "nowhere.pem"
    try:
        s.start()
        raise AssertionError("it started with a certificate that is not there")
    except RuntimeError as e:
        assert "tls_certificate" in str(e) or "certificat" in str(e), e


CASES = [a_person_signs_in_over_tls, news_come_live, large_bodies_arrive_both_ways,
         many_come_at_once_and_some_are_slow, who_speaks_in_clear_or_not_at_all_is_told_or_cut,
         a_certificate_goes_comes_and_may_be_wrong]


def main():
    need("openssl")
    decroche, demo, *only = sys.argv[1:]
    failed_n = 0
    for case in CASES:
        if only and not any(word in case.__name__ for word in only):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="decroche-papers-") as folder:
            service = House(decroche, demo, Path(folder))
            try:
                case(service)
                print(f"ok      {case.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception:       # whatever went wrong is told; the others run
                failed_n += 1
                print(f"FAILED  {case.__name__}\n{traceback.format_exc()}\n"
                      f"{service.said()[-2000:]}", flush=True)
            finally:
                code = service.stop(signal.SIGTERM) if service.is_alive() else 0
                service.close()
                if code:
                    failed_n += 1
                    print(f"FAILED  {case.__name__}: the service ended with {code}", flush=True)
    return failed_n > 0


if __name__ == "__main__":
    sys.exit(main())
