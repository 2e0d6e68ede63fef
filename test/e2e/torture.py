#!/usr/bin/env python3
"""torture.py — every message of RFC 4475 and RFC 5118: over UDP to the door of the telephone
service alone, then over UDP, TCP and TLS to the whole service. Each answered as EXPECTED.tsv
allows, none fatal, OPTIONS answered after each. Then what only a stream can suffer, over TCP and
TLS: frames that lie, a hundred requests in one write, a byte at a time.

  torture.py DOOR DECROCHE DEMO SHARED   exit 77 (skipped) with a line without the shared data
"""
import concurrent.futures
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from papers import Papers
from robots import need
from service import Service

SETS = ("rfc4475", "rfc5118/wire")
SOURCE = "127.0.0.2"
# Of a stream whose frames cannot be told apart nothing more is read: it waits, or is closed.
SILENT_IN_A_STREAM = ("clerr.dat", "mcl01.dat", "ncl.dat")
FINAL = re.compile(rb"^SIP/2\.0 ([2-6]\d\d)", re.M)
WAIT_S = 0.5                    # for the answer to one of them, by replay_by()
OPTIONS = ("OPTIONS sip:ping@127.0.0.1 SIP/2.0\r\n"
           "Via: SIP/2.0/TCP 127.0.0.2:5060;branch=z9hG4bK{n};rport\r\n"
           "From: <sip:a@b>;tag={n}\r\nTo: <sip:ping@127.0.0.1>\r\nCall-ID: c{n}\r\n"
           "CSeq: 1 {method}\r\nContent-Length: {length}\r\n\r\n{body}")
MANY, SLOW_S = 100, 10          # SLOW_S: PHONE_TCP_SLOW_MS


def expected(folder, proto, place):
    """What is allowed over this transport."""
    path = folder / "EXPECTED.tsv"
    if proto == "udp":
        return path
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row[0] in SILENT_IN_A_STREAM:
            row[1] += "|none"
    out = Path(place) / "EXPECTED.tsv"
    out.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return out


def replay(shared, port, pid, proto="udp"):
    """True when all rows were met."""
    met = True
    for folder in (shared / "data" / s for s in SETS):
        with tempfile.TemporaryDirectory() as place:
            done = subprocess.run(
                [sys.executable, str(shared / "tools" / "replay_sip.py"), "--port", str(port),
                 "--pid", str(pid), "--wait", "0.1", "--src", SOURCE, "--proto", proto, "--expect",
                 str(expected(folder, proto, place)), str(folder)],
                capture_output=True, text=True, timeout=100)
        print(proto, done.stdout, done.stderr, sep="\n")
        met &= done.returncode == 0
    return met


# ---- streams -------------------------------------------------------------------------------------
def way_to(port, trust=None):
    """How a connection to that port is made; trust: of TLS."""
    def connect():
        s = socket.create_connection(("127.0.0.1", port), 2, (SOURCE, 0))
        s = trust.wrap_socket(s, server_hostname="localhost") if trust else s
        s.settimeout(2)
        return s
    return connect


def said_to(connect, message):
    """The final status that came back on a connection of its own; "none"."""
    said, end = b"", time.monotonic() + WAIT_S
    with connect() as s:
        s.settimeout(WAIT_S)
        try:
            s.sendall(message)
            while not FINAL.search(said) and time.monotonic() < end and (data := s.recv(65536)):
                said += data
        except OSError:                 # nothing more came, or it was closed
            pass
    finals = FINAL.findall(said)
    return finals[-1].decode() if finals else "none"


def replay_by(connect, shared):
    """The same over a way that replay_sip.py has not. True when all rows were met."""
    met, n = True, 0
    for folder in (shared / "data" / s for s in SETS):
        with tempfile.TemporaryDirectory() as place:
            rows = [line.split("\t") for line in
                    expected(folder, "tls", place).read_text(encoding="utf-8").splitlines()]
        for name, wanted, *_ in (r for r in rows if (folder / r[0]).is_file()):
            got = said_to(connect, (folder / name).read_bytes())
            if not any(re.fullmatch(w, got) for w in re.split(r"\|(?![^(]*\))", wanted)):
                met = False
                print(f"NOT ok {name}: {got}, wanted {wanted}")
            if is_silent(connect):
                met = False
                print(f"NOT ok {name}: nobody answers afterwards")
            n += 1
    print(f"{'ok ' if met else 'NOT ok '} {n} messages over TLS")
    return met and n > 0


def is_silent(connect):
    with connect() as s:
        s.sendall(ask(f"there{time.monotonic_ns()}"))
        return hears(s, 1) != 1


def ask(n, method="OPTIONS", length=0, body=""):
    return OPTIONS.replace("OPTIONS", method, 1).format(n=n, method=method, length=length,
                                                        body=body).encode()


def hears(s, wanted, seconds=2.0):
    """How many status lines came until `wanted` of them; -1: it was closed before."""
    said, end = b"", time.monotonic() + seconds
    s.settimeout(0.1)
    while said.count(b"SIP/2.0 ") < wanted and time.monotonic() < end:
        try:
            data = s.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            data = b""
        if not data:
            return -1 if said.count(b"\r\nCSeq") < wanted else wanted
        said += data
    return said.count(b"\r\nCSeq")


def is_closed(s, seconds):
    s.settimeout(seconds)
    try:
        while s.recv(65536):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def streams(name, connect):
    """Each: (sentence, truth). A good request on a new connection is answered after each."""
    def all_at_once():
        with connect() as s:
            s.sendall(b"".join(ask(f"many{i}") for i in range(MANY)))
            return hears(s, MANY) == MANY

    def invites_at_once():      # nobody is at that number: 100 would come before anything else
        with connect() as s:
            s.sendall(b"".join(ask(f"inv{i}", "INVITE") for i in range(MANY)))
            return hears(s, MANY) >= MANY

    def length_too_short():     # the rest of the body is read as the next message: an odd method
        with connect() as s:
            s.sendall(ask("short", length=2, body="x" * 400) + ask("after"))
            return hears(s, 2) == 2

    def noise_in_between():
        with connect() as s:
            s.sendall(ask("loud", length=2, body="\0\1" * 200 + "\r\n\r\n") + ask("after"))
            return is_closed(s, 3)

    def length_too_long():      # the next request is its body; then nothing comes: closed
        with connect() as s:
            s.sendall(ask("long", length=60000) + ask("hidden"))
            return is_closed(s, SLOW_S + 5)

    def no_end():
        with connect() as s:
            try:
                s.sendall(b"A" * 300000)
            except OSError:
                return True
            return is_closed(s, 3)

    def byte_by_byte():
        with connect() as s:
            message, began = ask("slow"), time.monotonic()
            for i in range(len(message)):
                try:
                    s.sendall(message[i:i + 1])
                except OSError:
                    break
                time.sleep(1 if i < 8 else 0.5)
                if time.monotonic() - began > SLOW_S + 5:
                    return False
            return time.monotonic() - began < SLOW_S + 5

    def cut_anywhere():
        message = ask("cut0")
        for i in range(0, len(message), 7):
            with connect() as s:
                s.sendall(message[:i])
        with connect() as s:
            s.sendall(message[:40])
            time.sleep(0.2)
            s.sendall(message[40:] + ask("cut1"))
            return hears(s, 2) == 2

    ok = True
    for attack in (all_at_once, invites_at_once, length_too_short, noise_in_between,
                   length_too_long, no_end, byte_by_byte, cut_anywhere):
        truth = attack()
        there = not is_silent(connect)
        print(f"{'ok ' if truth and there else 'NOT ok '} {name} {attack.__name__}"
              f"{'' if there else ': nobody answers afterwards'}")
        ok &= truth and there
    return ok


def at_the_door(door, shared):
    with subprocess.Popen([door], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
        met = replay(shared, p.stdout.readline().strip(), p.pid)
        p.stdin.close()
        print(p.stdout.read().strip())
    return met and p.returncode == 0


def add_trunk(home):
    path = home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    row = f"  - {{ id: torture, host: \"{SOURCE}\" }}\n"
    path.write_text(text.replace("  - { id: demo,", row + "  - { id: demo,", 1), encoding="utf-8")


def prepare(home):
    add_trunk(home)
    Papers(home / "papers").make("house")


def at_the_service(decroche, demo, shared):
    phone = {"networks": f"127.0.0.1/32, {SOURCE}/32", "tls_certificate": "papers/house.pem",
             "tls_key": "papers/house.key"}
    with Service(decroche, demo, {"phone": phone}, prepare) as service:
        trust = ssl.create_default_context(cafile=service.home / "papers" / "authority.pem")
        ways = {"tcp": way_to(service.sip[1]), "tls": way_to(service.tls[1], trust)}
        met = replay(shared, service.sip[1], service.program.pid)
        met &= replay(shared, service.sip[1], service.program.pid, "tcp")
        met &= replay_by(ways["tls"], shared)
        with concurrent.futures.ThreadPoolExecutor() as side_by_side:
            met &= all(list(side_by_side.map(streams, ways, ways.values())))
        print(service.said()[-2000:])
        return met and service.is_alive() and service.stop() == 0


def main():
    door, decroche, demo, shared = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    if not all((shared / "data" / s).is_dir() for s in SETS):
        print(f"skipped: no torture messages beside the project ({shared})")
        sys.exit(77)
    need("openssl")
    ok = at_the_door(door, shared)
    ok &= at_the_service(decroche, demo, shared)
    sys.exit(not ok)


if __name__ == "__main__":
    main()
