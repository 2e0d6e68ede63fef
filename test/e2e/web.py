#!/usr/bin/env python3
"""web.py — the pages of a house with a real journal, asked by clients that we did not write and by
some that do not behave: every answer, every bound and one past it.

  web.py HOUSE DECROCHE FOLDER-OF-DEMO plain|sanitized [TEST...]
"""
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from pages import DECROCHE, SECONDS, TOKEN, House, Stream, hold, house, raw, read_until


# ---- who may see what ---------------------------------------------------------------------------
def health_and_metrics_need_no_token_on_this_machine():
    with house() as h:
        status, health = h.json("/health", token=None)
        assert status == 200 and health["status"] == "well" and health["alarms"] == [], health
        assert health["figures"]["ready"]
        assert h.get("/metrics", token=None)[0] == 200
        for field in ("X-Forwarded-For", "Forwarded"):      # somebody far away, by a proxy
            assert h.get("/health", token=None, headers={field: "for=1.2.3.4"})[0] == 401
            assert h.get("/health", headers={field: "for=1.2.3.4"})[0] == 200


def the_interface_wants_the_token_and_says_the_same_to_none_and_wrong():
    with house() as h:
        for path in ("status", "agents", "queues", "events", "nothing"):
            none = h.get("/api/v1/" + path, token=None)
            assert none[0] == 401 and none[2]["WWW-Authenticate"].startswith("Bearer")
            for wrong in ("x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "y" * 300):
                said = h.get("/api/v1/" + path, token=wrong)
                del said[2]["Date"], none[2]["Date"]
                assert said == none, (said, none)
                none[2]["Date"] = said[2]["Date"] = ""
        assert h.get("/api/v1/status", token=None,
                     headers={"Authorization": "Basic " + TOKEN})[0] == 401
        assert h.get("/api/v1/status", token=None,
                     headers={"Authorization": "bearer  " + TOKEN})[0] == 200
        assert h.json("/api/v1/nothing")[0] == 404


def the_unix_socket_needs_no_token_and_is_for_its_user_alone():
    with house() as h:
        assert os.stat(h.socket).st_mode & 0o777 == 0o600
        for path in ("/health", "/metrics", "/api/v1/status", "/api/v1/events"):
            assert h.get(path, unix=True)[0] == 200
        if os.getuid() == 0:
            os.chmod(h.socket, 0o666)
            os.chmod(h.folder, 0o755)
            ask = ("import socket,os;os.setuid(65534);s=socket.socket(socket.AF_UNIX);"
                   f"s.connect({h.socket!r});print(s.recv(4096).decode())")
            said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
            assert " 403 " in said.stdout and '"cure"' in said.stdout, said
            said = subprocess.run([DECROCHE, "status", "--socket", h.socket], user=65534,
                                  capture_output=True, text=True)
            assert said.returncode == 3 and "accès refusé" in said.stderr, said
    assert not os.path.exists(h.socket)


def every_answer_has_its_headers_and_every_refusal_its_cure():
    with house() as h:
        for path, status in (("/health", 200), ("/api/v1/status", 200), ("/nothing", 404),
                             ("/api/v1/events?after=zz", 400), ("/health/", 404),
                             ("/api/v1/events?limit=501", 400), ("/api/v1/events?limit=0", 400),
                             ("/api/v1/events?after=" + "0" * 24, 410), ("/../etc/passwd", 404)):
            got, body, headers = h.get(path)
            assert got == status, (path, got, body)
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Type"].startswith("application/json")
            assert status == 200 or set(json.loads(body)) == {"error", "cure"}
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"):
            got, body, headers = h.get("/api/v1/status", method=method)
            assert got == 405 and headers["Allow"] == "GET, HEAD" and json.loads(body)["cure"]
        status, body, headers = h.get("/api/v1/status", method="HEAD")
        assert status == 200 and body == b"" and int(headers["Content-Length"]) > 100
        assert h.get("/api/v1/events", method="HEAD",
                     headers={"Accept": "text/event-stream"})[0] == 200


# ---- bounds -------------------------------------------------------------------------------------
def what_is_too_long_is_refused_in_words():
    with house() as h:
        prefix = len("/health?")
        assert h.get("/health?" + "a" * (2048 - prefix))[0] == 200
        for n in (2049, 10000):
            status, body = h.json("/health?" + "a" * (n - prefix))
            assert status == 414 and body["cure"], (n, status)
        assert h.get("/health", headers={"X-A": "b" * 7000})[0] == 200
        status, body = h.json("/health", headers={"X-A": "b" * 8192})
        assert status == 431 and body["cure"]
        assert raw(h, b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\n\r\n")[:12] in (
            b"HTTP/1.1 414", b"HTTP/1.0 414", b"HTTP/1.1 431", b"")
        assert h.get("/health", method="POST", body=b"x" * 65536)[0] == 405
        status, body = h.json("/health", method="POST", body=b"x" * 65537)
        assert status == 413 and body["cure"]
        chunks = b"1000\r\n" + b"y" * 4096 + b"\r\n"
        said = raw(h, b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                   chunks * 17 + b"0\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 413"), said[:80]
        assert h.get("/health")[0] == 200


def requests_may_come_in_a_row():
    with house() as h:
        one = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
        paths = [b"/health", b"/nothing", b"/metrics", b"/api/v1/status", b"/health"]
        said = raw(h, b"".join(one % p for p in paths[:-1]) + one.replace(
            b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % paths[-1])
        got = [int(n) for n in re.findall(rb"HTTP/1.1 (\d+)", said)]
        assert got == [200, 404, 200, 401, 200], got


def bytes_that_are_no_http_harm_nobody():
    chance = random.Random(7)
    with house() as h:
        for _ in range(100):
            n = chance.choice((1, 10, 100, 5000))
            junk = bytes(chance.randrange(256) for _ in range(n))
            head = chance.choice((b"", b"GET /health HTTP/1.1\r\n", b"GET /api/v1/events?after="))
            raw(h, head + junk + chance.choice((b"", b"\r\n\r\n")))
        assert h.get("/health")[0] == 200


def a_client_that_drips_is_cut_while_others_are_served():
    with house(0, 0, 0, 1500, 1500) as h:
        drips = [h.connect() for _ in range(20)]
        begun, cut = time.monotonic(), 0
        for s in drips:
            s.settimeout(0.02)
        for byte in b"GET /health HTTP/1.1\r\nX-Slow: 1234567890123456789012345678901234567890":
            for s in drips:
                with contextlib.suppress(OSError):
                    s.send(bytes([byte]))
            assert h.get("/health")[0] == 200
            time.sleep(0.1)
            if time.monotonic() - begun > 5:
                break
        for s in drips:
            with contextlib.suppress(TimeoutError):
                try:
                    cut += read_until(s, lambda got: False) == b""
                except OSError:
                    cut += 1
            s.close()
        assert cut == 20, cut
        idle = h.connect()          # connected, silent
        idle.settimeout(5)
        assert read_until(idle, lambda got: False) == b""


def past_the_connections_one_hears_it():
    with house(8, 0, 0) as h:
        held = [hold(h) for _ in range(8)]
        for _ in range(80):         # ten times the bound
            said = raw(h, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert said.startswith(b"HTTP/1.1 503") and b'"cure"' in said, said
        for s in held:
            s.close()
        h.wait_for(lambda: h.get("/health")[0] == 200)


def past_the_connections_of_one_address_others_are_served():
    with house(8, 4, 0) as h:
        held = [hold(h) for _ in range(4)]
        assert b"from this address" in raw(h, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert h.get("/health", unix=True)[0] == 200
        for s in held:
            s.close()
        h.wait_for(lambda: h.get("/health")[0] == 200)


def thousands_of_visits_leave_nothing_behind():
    with house(256, 64, 64) as h:       # what is there at once stays small
        def visit(n):
            for i in range(n):
                h.wait_for(lambda: h.get(("/api/v1/status", "/metrics")[i % 2])[0] == 200)
                with h.connect() as s:
                    s.sendall(b"GET /health HT")
        visit(200)
        before = h.rss_kib()
        visit(1500)
        h.must_have_grown_by_less(4096, before)


# ---- what is told -------------------------------------------------------------------------------
def the_figures_are_those_of_the_events():
    with house() as h:
        h.tell("phones 1")
        h.tell("agent a01")
        h.tell("call sante")         # rings at a01
        h.tell("calls 3")            # wait
        h.tell("wait 61000")
        h.caught_up()
        status = h.json("/api/v1/status")[1]
        assert status["waiting"] >= 3 and status["longest_wait_ms"] == 61000, status
        queues = {q["id"]: q for q in h.json("/api/v1/queues")[1]["queues"]}
        assert queues["sante"]["waiting"] == status["waiting"]
        assert queues["sante"]["name"] == "Santé et remboursements" and queues["sante"]["open"]
        assert queues["retraite"]["waiting"] == 0 and queues["retraite"]["today"]["received"] == 0
        agents = {a["id"]: a for a in h.json("/api/v1/agents")[1]["agents"]}
        assert agents["a01"]["name"] == "Nadège Vasseur" and agents["r01"]["robot"]
        assert agents["a02"]["state"] == "signed_out"
        h.tell("hangup")
        h.tell("wait 3600000")
        h.caught_up()
        today = h.json("/api/v1/status")[1]["today"]
        assert today["received"] == sum(today["calls"].values()) >= 1, today
        h.tell("wait 86400000")      # tomorrow, nothing yet
        h.caught_up()
        assert h.json("/api/v1/status")[1]["today"]["received"] == 0


def events_come_in_pages_without_gap_and_without_persons():
    with house() as h:
        h.tell("agent a01")
        h.tell("calls 40")
        h.tell("hangup")
        last, ids, after, pages = h.caught_up(), [], "", 0
        while True:
            page = h.json("/api/v1/events?limit=7" + after)[1]
            assert len(page["events"]) <= 7
            for event in page["events"]:
                ids.append(event["id"])
                assert event.get("person_id", 0) == 0 and event.get("reference", 0) == 0, event
            after, pages = "&after=" + page["next"], pages + 1
            if not page["more"]:
                break
        assert ids == list(range(1, last + 1)) and pages == -(-last // 7)
        assert h.json("/api/v1/events?limit=7" + after)[1] == {
            "events": [], "next": page["next"], "more": False}
        assert len(h.json("/api/v1/events?limit=500")[1]["events"]) == min(last, 500)


def old_events_come_from_the_disk():
    with house() as h:
        for _ in range(3):
            h.tell("calls 1000")     # more than the newest kept in memory
        last, ids, after = h.caught_up(), [], ""
        assert last > 8000
        while len(ids) < last:
            page = h.json("/api/v1/events?limit=500" + after)[1]
            ids += [event["id"] for event in page["events"]]
            after = "&after=" + page["next"]
        assert ids == list(range(1, last + 1))


def a_stream_tells_what_happens_and_goes_on_where_it_was():
    with house() as h:
        last = h.caught_up()
        live = Stream(h)
        assert live.status == 200
        h.tell("call sante")
        first = live.events(3)
        assert [e[2]["id"] for e in first[:3]] == [last + 1, last + 2, last + 3]
        assert all(kind == data["kind"] for _, kind, data in first), live.text
        live.close()
        h.tell("calls 5")
        now = h.caught_up()
        again = Stream(h, last=first[1][0])
        got = again.events(now - last - 2)
        assert [e[2]["id"] for e in got] == list(range(last + 3, now + 1)), got
        again.close()
        assert Stream(h, last="0" * 24).status == 410
        assert Stream(h, last="<script>").status == 400
        whole = Stream(h, query="?after=" + h.json("/api/v1/events?limit=1")[1]["next"])
        assert whole.events(now - 1)[-1][2]["id"] == now
        whole.close()


def streams_are_bounded_and_a_slow_one_is_cut():
    with house(0, 0, 3, 0, 1500) as h:
        streams = [Stream(h) for _ in range(3)]
        assert all(s.status == 200 for s in streams)
        refused = Stream(h)
        assert refused.status == 503 and '"cure"' in refused.text
        slow = streams[0]
        before = h.rss_kib()
        begun = time.monotonic()
        for _ in range(200):        # more than its socket takes
            h.tell("calls 100")
            if time.monotonic() - begun > 8:
                break
        h.caught_up()
        h.wait_for(lambda: Stream(h).status == 200)      # the slow one's place is free
        h.must_have_grown_by_less(65536, before)
        slow.close()
        for s in streams[1:]:
            s.close()


def a_house_ends_with_its_streams_open():
    with house() as h:
        streams = [Stream(h) for _ in range(5)] + [h.connect() for _ in range(5)]
        h.tell("call sante")
        h.end()
        for s in streams:
            s.close()
        h.process.stdin = open(os.devnull, "w", encoding="utf-8")


def what_is_wrong_is_said_with_its_cure():
    with house() as h:
        h.tell("agent a01")
        h.wait_for(lambda: h.alarms() == ["no_phone_registered"])
        h.tell("phones 1")
        h.wait_for(lambda: h.alarms() == [])
        h.tell("disk 28")
        h.wait_for(lambda: h.alarms() == ["journal_down"])
        status, health = h.json("/health")
        assert status == 200 and health["status"] == "degraded"
        assert health["alarms"][0]["why"] == "the disk is full" and health["alarms"][0]["cure"]
        h.tell("disk 116")           # ESTALE: fenced
        h.wait_for(lambda: h.alarms() == ["journal_fenced"])
        assert h.json("/health")[0] == 503 and h.json("/health")[1]["status"] == "down"
        h.tell("disk 0")
        h.tell("clock 90000")
        h.wait_for(lambda: h.alarms() == ["clock_step"])
        h.tell("wait 3600001")
        h.tell("tick")
        h.wait_for(lambda: h.alarms() == [])
        h.tell("mismatch")
        h.wait_for(lambda: h.alarms() == ["state_mismatch"])
        h.tell("silence")
        h.wait_for(lambda: "main_silent" in h.alarms())
        assert h.json("/health")[0] == 503
        h.tell("tick")
        h.wait_for(lambda: h.alarms() == ["state_mismatch"])


def metrics_can_be_read_by_a_machine():
    with house() as h:
        h.tell("agent a01")
        h.tell("calls 2")
        h.caught_up()
        _, body, headers = h.get("/metrics")
        assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
        kinds, seen = {}, set()
        for line in body.decode().splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                assert name not in kinds, name
                kinds[name] = kind
            elif not line.startswith("# HELP "):
                m = re.fullmatch(r'(\w+)(\{\w+="(?:[^"\\\n]|\\.)*"\})? (\d+(?:\.\d+)?)', line)
                assert m and m[1] in kinds and line.rsplit(" ", 1)[0] not in seen, line
                assert (kinds[m[1]] == "counter") == m[1].endswith("_total"), line
                seen.add(line.rsplit(" ", 1)[0])
        assert 'decroche_queue_waiting{queue="sante"}' in seen
        assert 'decroche_calls_total{outcome="abandoned"}' in seen
        assert 'decroche_agents{state="offered"}' in seen


def a_restart_finds_all_again_and_takes_the_stale_socket_away():
    with tempfile.TemporaryDirectory() as folder:
        first = House(folder)
        first.tell("agent a01")
        first.tell("calls 500")
        cursor = first.json("/api/v1/events?limit=500")[1]["next"]
        first.caught_up()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        assert os.path.exists(first.socket)
        second = House(folder)
        second.caught_up()
        page = second.json("/api/v1/events?limit=1&after=" + cursor)[1]
        assert page["events"][0]["id"] == 501
        for _ in range(3):           # the reader alone, again
            second.port = int(second.tell("reopen"))
            second.wait_for(lambda: second.get("/api/v1/status")[0] in (200, 503))
            second.caught_up()
        assert second.alarms().count("state_mismatch") == 0
        second.end()


def decroche_status_shows_it():
    with house() as h:
        h.tell("agent a01")
        h.tell("calls 2")
        h.caught_up()
        run = lambda *a: subprocess.run([DECROCHE, "status", *a], capture_output=True, text=True)
        said = run("--socket", h.socket)
        assert said.returncode == 0 and "Santé et remboursements" in said.stdout, said
        assert "lundi 16\u00a0novembre 2026, 10:00:00" in said.stdout
        assert json.loads(run("--socket", h.socket, "--json").stdout)["waiting"] == 1
        watch = subprocess.Popen([DECROCHE, "status", "--socket", h.socket, "--watch"],
                                 stdout=subprocess.PIPE, text=True)
        heads = [line for _, line in zip(range(40), watch.stdout) if "novembre 2026" in line]
        watch.send_signal(signal.SIGINT)
        watch.wait(SECONDS)
        assert len(heads) >= 2
    said = run("--socket", h.socket)
    assert said.returncode == 3 and "aucun service à l’écoute sur" in said.stderr, said
    assert run().returncode == 2
    assert run("--socket", "a", "-c", "b").returncode == 2


TESTS = [
    health_and_metrics_need_no_token_on_this_machine,
    the_interface_wants_the_token_and_says_the_same_to_none_and_wrong,
    the_unix_socket_needs_no_token_and_is_for_its_user_alone,
    every_answer_has_its_headers_and_every_refusal_its_cure,
    what_is_too_long_is_refused_in_words, requests_may_come_in_a_row,
    bytes_that_are_no_http_harm_nobody, a_client_that_drips_is_cut_while_others_are_served,
    past_the_connections_one_hears_it, past_the_connections_of_one_address_others_are_served,
    thousands_of_visits_leave_nothing_behind, the_figures_are_those_of_the_events,
    events_come_in_pages_without_gap_and_without_persons, old_events_come_from_the_disk,
    a_stream_tells_what_happens_and_goes_on_where_it_was,
    streams_are_bounded_and_a_slow_one_is_cut, a_house_ends_with_its_streams_open,
    what_is_wrong_is_said_with_its_cure, metrics_can_be_read_by_a_machine,
    a_restart_finds_all_again_and_takes_the_stale_socket_away, decroche_status_shows_it,
]


def main():
    failed = 0
    only = sys.argv[5:]
    for test in TESTS:
        if only and test.__name__ not in only:
            continue
        begun = time.monotonic()
        try:
            test()
            print(f"ok      {test.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
        except Exception:       # each is told, the others go on
            failed += 1
            print(f"FAILED  {test.__name__}", flush=True)
            traceback.print_exc()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
