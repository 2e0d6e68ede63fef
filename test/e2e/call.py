#!/usr/bin/env python3
"""call.py — telephone calls from end to end on the demonstration: who is heard, who is reached,
and what the journal says of it. Each case has a service and a journal of its own.

  call.py DECROCHE DEMO [NAME …]    DECROCHE_TEST=quick: without the slow cases; the long ones
                                    with long only; DECROCHE_SANITIZED: a third of quick, but for
                                    long; DECROCHE_WALL: e2e-wall, preloaded where a case moves the
                                    wall clock; without it (a sanitized build bears none): none of
                                    those. exit 77 (skipped) with a line without baresip or SIPp
"""
import os
import sys

import call_again                                   # noqa: F401: each gathers its cases
import call_agents                                  # noqa: F401
import call_back                                    # noqa: F401
import call_callers                                 # noqa: F401
import call_codecs                                  # noqa: F401
import call_ends                                    # noqa: F401
import call_families                               # noqa: F401
import call_faults                                  # noqa: F401
import call_flows                                   # noqa: F401
import call_hostile                                 # noqa: F401
import call_listen                                  # noqa: F401
import call_opened                                  # noqa: F401
import call_ordinary                                # noqa: F401
import call_pending                                 # noqa: F401
import call_record                                  # noqa: F401
import call_reload                                  # noqa: F401
import call_robots                                  # noqa: F401
import call_sip                                     # noqa: F401
import call_situations                              # noqa: F401
import call_slots                                   # noqa: F401
import call_supervise                               # noqa: F401
import call_survive                                 # noqa: F401
import call_talk                                    # noqa: F401
import call_tcp                                     # noqa: F401
import call_timers                                  # noqa: F401
import call_tls                                     # noqa: F401
import call_trace                                   # noqa: F401
import call_trunks                                  # noqa: F401
import world
from cases import run_all
from robots import need, skip
from service import serves


def main():
    need("baresip", "sipp", "openssl", "prlimit")
    if not serves(sys.argv[1]):
        skip("decroche has no serve yet")
    world.wall_library = os.environ.get("DECROCHE_WALL")
    sys.exit(not run_all(sys.argv[1], sys.argv[2], sys.argv[3:]))


if __name__ == "__main__":
    main()
