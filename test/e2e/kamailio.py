#!/usr/bin/env python3
"""kamailio.py — Kamailio in front of the service: as the operator's border (a proxy that stays on
the way of each call) and as the registrar that we register with. SIPp and baresip around it.

  kamailio.py DECROCHE DEMO   DECROCHE_TEST=long only, else exit 77 (skipped) with a line; the same
                              without kamailio, baresip or SIPp
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import sipp_plays
import world
from call_callers import closed_by_early_media
from robots import Program, free_port, need, skip, wait_until
from sipp import Sipp
from world import HUMAN, ODETTE, PUBLIC, World

CLOSED, SECRET = "0536490011", "s3cret"
SETTINGS = """#!KAMAILIO
debug=1
log_stderror=yes
disable_tcp=yes
children=2
auto_aliases=no
listen=udp:127.0.0.1:{port}
mpath="{modules}"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (is_method("OPTIONS") && !has_totag()) {{ sl_send_reply("200", "OK"); exit; }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("border", "{secret}", "0")) {{
            www_challenge("border", "1");
            exit;
        }}
        save("location");
        exit;
    }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK")) {{ if (t_check_trans()) t_relay(); exit; }}
        sl_send_reply("404", "Not Here");
        exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
    t_check_trans();
    record_route();
    $var(registers) = {registers};
    if ($sp == {house}) {{
        $du = "sip:127.0.0.1:{operator}";
    }} else if ($var(registers) == 1) {{
        $rU = "ours";
        if (!lookup("location")) {{ sl_send_reply("404", "Not Registered"); exit; }}
    }} else {{
        $du = "sip:127.0.0.1:{house}";
    }}
    t_relay();
}}
"""


def modules():
    return next(p for p in Path("/usr/lib").glob("*/kamailio/modules"))


class Border:
    """Kamailio between `house` (our port) and an operator's machine behind it."""

    def __init__(self, port, house, operator=9, registers=False):
        self.place = Path(tempfile.mkdtemp(prefix="decroche-kamailio-"))
        self.at = ("127.0.0.1", port)
        path = self.place / "kamailio.cfg"
        path.write_text(SETTINGS.format(port=port, modules=modules(), secret=SECRET, house=house,
                                        operator=operator, registers="1" if registers else "0"))
        self.program = Program(["kamailio", "-f", str(path), "-DD", "-E", "-Y", str(self.place),
                                "-P", str(self.place / "pid"), "-m", "64", "-M", "8"])

    def answers(self):
        """It is there: an OPTIONS gets its 200."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            s.settimeout(0.2)
            s.sendto((f"OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{s.getsockname()[1]}"
                      ";branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:h>\r\nCall-ID: x\r\n"
                      "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n").encode(),
                     self.at)
            try:
                return s.recv(4096).startswith(b"SIP/2.0 200")
            except OSError:
                return False

    def close(self):
        self.program.end(signal.SIGTERM, 5)
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        if not wait_until(self.answers, 15, 0.2):
            said = self.program.said()
            self.close()
            raise RuntimeError(f"kamailio did not start:\n{said}")
        return self

    def __exit__(self, *_):
        self.close()


def lead(w, port, more=""):
    """Our first access leads to this port."""
    path = w.service.home / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"127.0.0.1:5070", early_media: true, probe: false',
                        f'"127.0.0.1:{port}", early_media: true{more}')
    path.write_text(text.replace('"127.0.0.1:5070", probe: false', f'"127.0.0.1:{port}"{more}'),
                    encoding="utf-8")
    path = w.service.home / "secrets.yaml"
    text = path.read_text(encoding="utf-8")
    if more:
        path.write_text(text.replace("agents:\n", f'trunks:\n  - {{ id: demo, secret: "{SECRET}" }}'
                                     "\nagents:\n"), encoding="utf-8")
    done = w.service.run("reload", "-c", w.service.settings_file)
    w.check("the files are accepted", done.returncode == 0, done.stdout + done.stderr)


def passes(w, sentence, call):
    with call:
        w.check(sentence, call.wait(60), lambda: call.errors() + call.program.said()[-2000:])


def border(w):
    """Callers by the border: each way of theirs, with its Record-Route in every message."""
    port = free_port(socket.SOCK_DGRAM)
    lead(w, port)
    with Border(port, w.service.sip[1]) as proxy:
        plays = {"a delayed offer": (PUBLIC, sipp_plays.delayed_offer(ODETTE)),
                 "held and resumed": (PUBLIC, sipp_plays.held("0536491301")),
                 "several parts": (PUBLIC, sipp_plays.several_parts("0536491302")),
                 "Require: 100rel": (PUBLIC, sipp_plays.required("0536491303")),
                 "an unknown option": (PUBLIC, sipp_plays.unknown_option("0536491304")),
                 "a reliable 183": (CLOSED, sipp_plays.reliable_early("0536491305", 480))}
        for sentence, (to, xml) in plays.items():
            passes(w, sentence, Sipp(proxy.at, to, xml=xml))
        caller = w.line()
        caller.invite(PUBLIC, proxy.at)
        w.check("a line is answered", caller.wait("talking", seconds=5), lambda: caller.log)
        w.hears(caller, "greet.org")
        caller.hang_up()
        w.check("and let go", caller.wait("ended", seconds=5))


def outbound(w):
    """112 by the border, to an operator of reliable responses."""
    port, far = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
    phone = w.telephone(HUMAN)
    lead(w, port)
    with Border(port, w.service.sip[1], far) as _:
        xml = sipp_plays.reliable_operator(is_routed=True)
        with Sipp(("127.0.0.1", 9), "telco", xml=xml, port=far) as operator:
            w.check("it is answered", phone.dial("112"), phone.program.said)
            phone.hang_up()
            w.check("every message as the scenario says", operator.wait(10), operator.errors)


def registrar(w):
    """We register by digest; calls for our name come by the binding: their number is in To."""
    port = free_port(socket.SOCK_DGRAM)
    with Border(port, w.service.sip[1], registers=True) as proxy:
        lead(w, port, ", user: ours, register: true")
        status = ["status", "--socket", w.service.settings["web"]["socket"]]
        w.check("we are registered", wait_until(
            lambda: "répond, enregistré" in w.service.run(*status).stdout, 15, 0.3),
            lambda: w.service.run(*status).stdout)
        caller = w.line()
        caller.invite(PUBLIC, proxy.at)
        w.check("a call for our name is answered", caller.wait("talking", seconds=5),
                lambda: caller.log)
        w.hears(caller, "greet.org")
        caller.hang_up()
        w.check("and let go", caller.wait("ended", seconds=5))


def main():
    decroche, demo = sys.argv[1:3]
    if os.environ.get("DECROCHE_TEST") != "long":
        skip("Kamailio is tried by ./dev test long")
    need("kamailio", "sipp", "baresip")
    world.load_prompts(os.path.join(os.path.dirname(os.path.abspath(demo)), "prompts"))
    print(subprocess.run(["kamailio", "-v"], capture_output=True, text=True).stdout.splitlines()[0])
    failed = False
    for trial, edit in ((border, closed_by_early_media), (outbound, None), (registrar, None)):
        with World(decroche, demo, edit=edit) as w:
            try:
                trial(w)
                print(f"ok     kamailio_{trial.__name__}", flush=True)
            except Exception:
                failed = True
                print(f"NOT ok kamailio_{trial.__name__}\n{traceback.format_exc()}\n{w.trace()}",
                      flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
