"""call_timers.py — cases of call.py: session timers (RFC 4028) and UPDATE (RFC 3311), with SIPp as
a caller that we did not write."""
import time

import sipp
from cases import case
from sipp import Sipp, pause
from world import ODETTE, PUBLIC

THEIRS = "Supported: timer\nAllow: INVITE, ACK, BYE, UPDATE\nSession-Expires: 90;refresher=uac\n"
OURS = THEIRS.replace("uac", "uas")


def calls(w, *how):
    return Sipp(w.service.sip, PUBLIC, xml=sipp.timer_xml(ODETTE, *how))


@case(slow=True)
def timer_agreed(w):
    """Too short is refused; they refresh, by UPDATE and by re-INVITE; the roles change; compact
    headers and Require are understood."""
    refreshes = [pause(1000), ("ask", ("UPDATE", THEIRS, "90;refresher=uac")),
                 pause(1000), ("ask", ("INVITE", THEIRS, "90;refresher=uac")),
                 pause(1000), ("ask", ("UPDATE", OURS, "90;refresher=uas")), pause(1000)]
    short = calls(w, "k: timer\nx: 60\n", 422, "90")
    w.check("a minute is too short", short.wait(10), short.errors)
    required = calls(w, "Require: timer\nx: 1800\n", 200, "1800;refresher=uac")
    w.check("Require: timer is met", required.wait(10), required.errors)
    server = calls(w, "Session-Expires: 600\n", 200, "600;refresher=uas")
    w.check("what a server on the way wants, we refresh", server.wait(10), server.errors)
    caller = calls(w, THEIRS, 200, "90;refresher=uac", refreshes)
    w.check("it is refreshed in each way", caller.wait(20), caller.errors)
    w.outcomes("ivr_abandoned", "ivr_abandoned", "ivr_abandoned")


@case(long=True)
def timer_kept(w):
    """We refresh at half time by UPDATE, twice; who does not refresh is hung up before the end."""
    refreshed = ("asked", ("UPDATE", "Session-Expires: 90;refresher=uac\n"))
    began = time.monotonic()
    kept = calls(w, OURS, 200, "90;refresher=uas", [refreshed, refreshed, pause(1000)])
    gone = calls(w, THEIRS, 200, "90;refresher=uac", [("asked", ("BYE", ""))])
    w.check("who does not refresh is hung up", gone.wait(70), gone.errors)
    w.fact("after", time.monotonic() - began, "s")
    w.check("a minute after the call began", 59 < time.monotonic() - began < 64)
    w.check("the other is refreshed twice", kept.wait(40), kept.errors)
    w.check("at 45 s and at 90 s", 90 < time.monotonic() - began < 96)
