#!/usr/bin/env python3
"""streams.py — a thousand pages that look on: what they cost a house where nothing happens, and how
soon each hears that something has. Each page does as web/live.js does: a stream that stays, and
its part fetched again every fifteen seconds without news. Lines "name value unit"; after "MISSED",
what a bound was not held (exit 1).

  streams.py DECROCHE DEMO [N]      N: a thousand
"""
import http.client
import os
import resource
import selectors
import socket
import statistics
import sys
import threading
import time

from accounts import Browser, add
from service import Service

QUIET_S, WINDOW_S = 15, 30
CPU_MAX, NEWS_MAX_S = 5.0, 1.0
found_missed = []


def say(name, value, unit, most=None):
    print(f"{name} {value:.4g} {unit}", flush=True)
    if most is not None and value > most:
        found_missed.append(f"{name} {value:.4g} {unit}, {most} at most")


class Pages:
    """n streams of one browser, read by one thread: .heard[i] is when the last bytes came."""

    def __init__(self, service, cookie, n):
        self.picker, self.heard = selectors.DefaultSelector(), {}
        self.is_open, self.dead_n = True, 0
        ask = (f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{service.http[1]}\r\nCookie: {cookie}\r\n"
               f"Accept: text/event-stream\r\n\r\n").encode()
        for i in range(n):
            s = socket.create_connection(service.http, 20)
            s.sendall(ask)
            s.setblocking(False)
            self.picker.register(s, selectors.EVENT_READ, i)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while self.is_open:
            for key, _ in self.picker.select(0.1):
                data = key.fileobj.recv(65536)
                if b"data: " in data:
                    self.heard[key.data] = time.monotonic()
                if not data:
                    self.dead_n += 1
                    self.picker.unregister(key.fileobj)

    def close(self):
        self.is_open = False
        self.thread.join()
        for key in list(self.picker.get_map().values()):
            key.fileobj.close()


def fetches(service, cookie, n, seconds):
    """As n pages do without news, evenly; how many."""
    client, done, began = http.client.HTTPConnection(*service.http, timeout=20), 0, time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        if done < now * n / QUIET_S:
            client.request("GET", "/supervision?part=main", headers={
                "Cookie": cookie, "Accept": "text/html",
                "Host": f"127.0.0.1:{service.http[1]}"})
            answer = client.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            done += 1
        else:
            time.sleep(0.002)
    client.close()
    return done


def cost(service, work):
    before, began = service.cpu_s(), time.monotonic()
    work()
    return 100 * (service.cpu_s() - before) / (time.monotonic() - began)


def main():
    decroche, demo, *n = sys.argv[1:]
    n = int(n[0]) if n else 1000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 3 * n)), hard))
    with Service(decroche, demo) as service:
        add(service, "essai", "agent,supervisor")
        browser = Browser(service)
        assert browser.sign_in("essai")[0] == 303
        time.sleep(3)
        say("streams_none", cost(service, lambda: time.sleep(10)), "% of a core")
        pages = Pages(service, browser.cookie, n)
        time.sleep(2)
        say("streams_quiet", cost(service, lambda: time.sleep(WINDOW_S)), "% of a core", CPU_MAX)
        work = cost(service, lambda: fetches(service, browser.cookie, n, WINDOW_S))
        say("streams_fetching", work, "% of a core", CPU_MAX)
        delays = []
        agent = next(iter(service.agents))
        for order in ("sign-in", "ready", "pause-rest"):
            pages.heard.clear()
            began = time.monotonic()
            done = service.run("agent", agent, order, "-c", service.settings_file)
            assert done.returncode == 0, done
            time.sleep(3)
            assert len(pages.heard) == n, f"{len(pages.heard)} of {n} heard of it"
            delays += [t - began for t in pages.heard.values()]
        say("streams_news_p50", 1000 * statistics.median(delays), "ms")
        say("streams_news_last", 1000 * max(delays), "ms", 1000 * NEWS_MAX_S)
        say("streams_lost", pages.dead_n, "of them", 0)
        pages.close()
    for line in found_missed:
        print(f"MISSED {line}")
    sys.exit(bool(found_missed))


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()
