"""call_tcp.py — cases of call.py: signalling over TCP, from callers, telephones and operators."""
import time

from cases import case
from call_trunks import until, with_trunks
from telco import Telco
from world import KARIM


@case()
def tcp_from_end_to_end(w):
    """A caller and a telephone (baresip) over TCP: heard both ways; each side may hang up."""
    agent = w.agent(tcp=True)
    caller = w.call(tcp=True)
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    w.check("all of it went over one connection", all(
        "SIP/2.0/TCP" in text for _, way, text in caller.log if way == "<"), lambda: caller.log)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))
    other = w.call(KARIM)
    time.sleep(0.5)
    other.press("2")
    w.both_hear(other, agent)
    other.hang_up()
    w.outcomes("test", "test")


@case()
def tcp_telephone_that_loses_its_connection(w):
    """Its machine is gone: nobody rings there, and the caller is not sent to it."""
    agent = w.agent(tcp=True)
    agent.kill()
    w.order("the agent is paused at once, with the reason",
            ("agent_paused", {"reason": "line_lost"}), seconds=3)
    w.queued()
    time.sleep(1)
    w.check("nobody was rung", not w.events().of("offer_made"), lambda: w.events().text())


@case()
def tcp_caller_that_loses_its_connection(w):
    """A call that is up goes on without its connection: sound needs none."""
    agent = w.agent()
    caller = w.call(tcp=True)
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    caller.lose_connection()
    began = time.time() + 0.5
    time.sleep(1.5)
    w.check("they still hear each other", agent.hears(440, 3) and caller.heard.between(began))
    agent.hang_up()
    w.order("it ends", "call_outcome")


@case()
def tcp_operator(w):
    """Registered over TCP; over a new connection when that was cut; silent when nobody listens."""
    with Telco(tcp=True) as one, Telco() as two:
        with_trunks(w, one, two)
        w.check("it registers over TCP", one.wait("REGISTER", 2))
        w.check("and says so", "SIP/2.0/TCP" in one.heard[0][2] and
                "transport=tcp" in one.heard[0][2], lambda: one.heard[0][2])
        until(w, "Accès op0\u00a0: répond, enregistré, 0 appel sur 30 voies")
        until(w, "Accès op1\u00a0: répond, enregistré")
        one.cut()
        w.check("a cut connection is made anew", one.wait("OPTIONS", one.count("OPTIONS") + 1, 15))
        until(w, "Accès op0\u00a0: répond, enregistré")
        one.close()
        until(w, "Accès op0\u00a0: ne répond pas", 20)
        w.call()
