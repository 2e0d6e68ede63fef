"""call_tls.py — cases of call.py: signalling over TLS. Telephones are baresip, what TLS versions
are spoken is asked by openssl; the operator is telco.py over the TLS of Python."""
import os
import re
import shutil
import time
import urllib.request

import tls_calls
from call_callers import operator_of_ipv6
from call_reload import accepted, change, reload
from call_sip import dialog_of
from call_trunks import status, until
from cases import case
from papers import Papers, openssl
from robots import Phone, wait_until
from telco import Telco
from world import HUMAN, PUBLIC, ROBOT

SECURE = {"phone": {"tls_certificate": "papers/house.pem", "tls_key": "papers/house.key"}}


def with_papers(home):
    """An authority, and the house's certificate."""
    Papers(home / "papers").make("house")


def papers_of(w):
    return w.service.home / "papers"


def shown(w, *how):
    """What openssl says of our TLS."""
    host, port = w.service.tls
    return openssl("s_client", "-connect", f"{host}:{port}", "-CAfile",
                   papers_of(w) / "authority.pem", "-verify_return_error", *how, input="")


def serial(w):
    done = openssl("x509", "-noout", "-subject", input=shown(w).stdout)
    return done.stdout.strip()


@case(changes=SECURE, edit=with_papers)
def tls_from_end_to_end(w):
    """A telephone (baresip) registers and is called over TLS, in the clear once it has refused our
    encrypted offer; the versions that are spoken."""
    agent = w.agent(tls=papers_of(w) / "authority.pem")
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    with urllib.request.urlopen(f"http://127.0.0.1:{w.service.http[1]}/metrics", timeout=5) as a:
        metrics = a.read().decode()
    w.check("a connection of TLS is counted", "sip_tls_connections 1" in metrics, metrics)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))
    for version, is_spoken in (("-tls1_3", True), ("-tls1_2", True), ("-tls1_1", False),
                               ("-tls1", False)):
        done = shown(w, version)
        w.check(f"{version[1:]} is {'spoken' if is_spoken else 'refused'}",
                ("Verify return code: 0 (ok)" in done.stdout and done.returncode == 0)
                == is_spoken, done.stdout + done.stderr)
    done = shown(w, "-tls1_2", "-cipher", "AES128-SHA256:AES256-SHA")
    w.check("ciphers without forward secrecy are refused", done.returncode != 0, done.stdout)
    w.outcomes("test")


@case(changes=SECURE, edit=with_papers)
def tls_certificate_changes_during_a_call(w):
    """Another certificate by reload: who speaks goes on, over the same connection; who connects
    next is shown the new one. A key that does not fit is refused, with its line."""
    agent = w.agent(tls=papers_of(w) / "authority.pem")
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    papers = papers_of(w)
    w.check("the first certificate is shown", "CN = localhost" in serial(w), serial(w))
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", 30, "-subj", "/CN=second", "-out", papers / "second.pem",
            "-keyout", papers / "second.key")
    (papers / "second.key").chmod(0o600)
    shutil.copy(papers / "second.pem", papers / "house.pem")
    done = reload(w)
    w.check("a certificate without its key is refused, on its line", done.returncode != 0
            and "decroche.yaml" in done.stdout + done.stderr
            and "pas celle du certificat" in done.stdout + done.stderr, done.stdout + done.stderr)
    w.check("and the old one is still shown", "CN = localhost" in serial(w), serial(w))
    shutil.copy(papers / "second.key", papers / "house.key")
    accepted(w)
    said = openssl("s_client", "-connect", "%s:%d" % w.service.tls, input="").stdout
    w.check("new connections get the new one", "CN = second" in said, said)
    w.check("nobody was let go", caller.state == "talking")
    w.both_hear(caller, agent)
    agent.hang_up()
    w.check("its hang-up comes over its old connection", caller.wait("ended", seconds=5))


def with_operator(w, telco, *more):
    row = (f'  - {{ id: op0, host: "localhost:{telco.port}", user: ours, register: true, '
           f'transport: tls, channels: 30, {", ".join(more)} }}\n')
    change(w, "directory.yaml", ("trunks:  ", "trunks:\n" + row + "#"))
    change(w, "secrets.yaml", ("agents:\n",
                               'trunks:\n  - { id: op0, secret: "s3cret" }\nagents:\n'))
    accepted(w)


@case(changes=SECURE, edit=with_papers)
def tls_operator_that_wants_our_certificate(w):
    """Mutual TLS: it is registered with once each has proved itself; to an operator that shows the
    certificate of somebody else nothing is sent."""
    papers = Papers(w.service.place / "operator")
    files = papers.make("operator")
    with Telco(tls=(*files, papers_of(w) / "authority.pem")) as telco:
        shutil.copy(papers.authority, papers_of(w) / "operator.pem")
        with_operator(w, telco, "tls_authority: papers/operator.pem")
        w.check("it registers over TLS", telco.wait("REGISTER", 2), lambda: telco.refusals)
        w.check("and says so", "SIP/2.0/TLS" in telco.heard[0][2] and
                "transport=tls" in telco.heard[0][2], lambda: telco.heard[0][2])
        until(w, "Accès op0\u00a0: répond, enregistré, 0 appel sur 30 voies")
        was, now = "tls_authority: papers/operator.pem", "tls_authority: papers/authority.pem"
        telco.cut()
        change(w, "directory.yaml", (was, now))
        accepted(w)
        telco.cut()
        before = len(telco.heard)
        until(w, "Accès op0\u00a0: ne répond pas", 20)
        w.check("nothing is sent to whom it does not believe", len(telco.heard) == before)
        w.check("and the log says why", "TLS handshakes failed" in w.service.said(),
                lambda: w.service.said())
        change(w, "directory.yaml", (now, f'tls_pin: "{papers.pin(files[0])}"'))
        accepted(w)
        until(w, "Accès op0\u00a0: répond, enregistré", 20)
        w.check("by its pin it is believed again", len(telco.heard) > before,
                lambda: status(w))


def shown_with(w, to, *how):
    """An operator's connection to us, as openssl makes it: is it let in?"""
    done = openssl("s_client", "-connect", to, "-tls1_2", *how, input="")
    return "Verify return code" in done.stdout and done.returncode == 0 \
        and "alert" not in done.stderr


@case()
def tls_opens_by_reload(w):
    """The first certificate opens the door, without a restart; an operator that must prove itself
    is let in with its certificate alone. A call goes on meanwhile."""
    caller = w.call()
    with_papers(w.service.home)
    operator = Papers(w.service.place / "operator")
    mine, other = operator.make("operator"), operator.make("other", host="autre.example")
    shutil.copy(operator.authority, papers_of(w) / "operator.pem")
    change(w, "decroche.yaml", ("phone:\n", "phone:\n" + "".join(
        f"  {k}: {v}\n" for k, v in SECURE["phone"].items())))
    change(w, "directory.yaml", ("trunks:  ", (
        'trunks:\n  - { id: op0, host: "localhost:9", transport: tls, probe: false, '
        'tls_mutual: true, tls_authority: papers/operator.pem }\n#')))
    accepted(w)
    line = w.service.program.line_with("SIP over TLS is open", 3)
    w.check("the log says that it is open", line, w.service.said)
    to = "127.0.0.1:" + re.search(r"port (\d+)", line)[1]
    wait_until(lambda: shown_with(w, to, "-cert", mine[0], "-key", mine[1]), 5, 0.2)
    for what, how, is_let_in in (
            ("without a certificate", (), False),
            ("with the certificate of another name", ("-cert", other[0], "-key", other[1]), False),
            ("with its own", ("-cert", mine[0], "-key", mine[1]), True)):
        w.check(f"{what} it is {'' if is_let_in else 'not '}let in",
                shown_with(w, to, *how) == is_let_in, w.service.said)
    w.check("nobody was let go", caller.state == "talking")
    caller.hang_up()
    w.outcomes("ivr_abandoned")


MANDATORY = {"phone": {**SECURE["phone"], "srtp": "require"}}


def with_papers_and_a_line_that_needs_them(home):
    with_papers(home)
    file = home / "directory.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"sip:190"', '"sip:190", encrypted: true'), encoding="utf-8")


@case(changes=SECURE, edit=with_papers_and_a_line_that_needs_them)
def srtp_agent_and_plain_caller(w):
    """A telephone (baresip) that wants SDES, a caller in the clear: both hear each other; what the
    trace tells of it, and what it does not. This line, and no other, is refused without TLS."""
    who = w.service.agents[ROBOT]
    for line, status in ((who, 403), (w.service.agents[HUMAN], 200)):
        phone = Phone(line.line, line.secret, w.service.sip[1])
        w.people.append(phone)
        wait_until(lambda: {200, 403} & set(phone.registrations()), 5)
        w.check(f"without TLS the line {line.line} hears {status}",
                status in phone.registrations(), phone.program.said)
    agent = w.agent(tls=papers_of(w) / "authority.pem", encryption="srtp-mand")
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    began = time.time() + 0.5
    time.sleep(1.5)
    w.check("no packet is lost on the way", len(caller.heard.between(began)) >= 45,
            lambda: len(caller.heard.between(began)))
    contact = w.events().of("contact_queued")[0]["id"]
    told = w.service.run("trace", contact, "--socket", w.service.settings["web"]["socket"])
    w.check("the trace says that it is encrypted, over TLS",
            "chiffré A" in told.stdout and "[TLS" in told.stdout, told.stdout + told.stderr)
    told = w.service.run("trace", contact, "--json", "--socket",
                         w.service.settings["web"]["socket"])
    w.check("and never a key", "a=crypto:(masqu" in told.stdout and "inline:" not in told.stdout
            and "inline:" not in w.service.said(), told.stdout)
    caller.hang_up()
    w.outcomes("test")


@case(changes=MANDATORY, edit=with_papers)
def srtp_required(w):
    """Who comes without TLS does not register, and hears why; who comes with TLS but without
    encryption is refused; who has both calls and is called."""
    plain = w.service.agents["a02"]
    phone = Phone(plain.line, plain.secret, w.service.sip[1])
    w.people.append(phone)
    wait_until(lambda: phone.registrations(), 5)
    w.check("a telephone without TLS is refused", 403 in phone.registrations() and
            200 not in phone.registrations() and "TLS Required" in phone.program.said(),
            phone.program.said)
    half = w.telephone("a02", tls=papers_of(w) / "authority.pem")
    w.check("one without encryption does not call", not half.dial("*71", 2)
            and "488" in half.program.said(), half.program.said)
    half.close()
    agent = w.agent(tls=papers_of(w) / "authority.pem", encryption="srtp-mand")
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))


def encrypted_lines(w):
    """(by TLS, with encrypted sound), as /metrics and status tell; "" of status where none is."""
    with urllib.request.urlopen(f"http://127.0.0.1:{w.service.http[1]}/metrics", timeout=5) as a:
        metrics = dict(re.findall(r"(?m)^decroche_sip_legs_(\w+) (\d+)$", a.read().decode()))
    said = re.search(r"par TLS\s: (\d+) · au son chiffré\s: (\d+)", status(w))
    return (int(metrics["tls"]), int(metrics["srtp"])), said and (int(said[1]), int(said[2]))


@case(changes=SECURE, edit=with_papers)
def srtp_is_not_given_up(w):
    """Who is in an encrypted call and offers the clear, by re-INVITE or UPDATE, with keys beside
    it or not, hears 488; the call goes on, encrypted and heard. A new call with keys beside the
    clear is answered in the clear."""
    agent = w.agent(tls=papers_of(w) / "authority.pem", encryption="srtp-mand")
    caller = w.call()
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    named = re.match(r"(.*);to-tag=(.*);from-tag=(.*)", dialog_of(agent))
    contact = re.findall(rf"Contact: (<sip:{agent.line}-[^>]*>)", agent.program.said())[-1]
    dialog = {"call_id": named[1], "ours": named[2], "theirs": named[3], "contact": contact}
    authority = papers_of(w) / "authority.pem"
    w.check("one line of two is encrypted", wait_until(lambda: encrypted_lines(w) == (
        (1, 1), (1, 1)), 5, 0.3), lambda: encrypted_lines(w))
    cseq = 1000
    for offer in (tls_calls.PLAIN, tls_calls.BESIDE):
        for method in ("INVITE", "UPDATE"):
            cseq += 1
            heard = tls_calls.intrude(w.service.tls, authority, dialog, method, cseq, offer)
            w.check(f"{method} into the clear is refused (488)", heard == 488, heard)
    heard = tls_calls.intrude(w.service.tls, authority, dialog, "UPDATE", cseq + 1, "")
    w.check("the dialog is the right one: without an offer it is taken", heard == 200, heard)
    time.sleep(1)
    agent.say(800)
    w.both_hear(caller, agent, agent_hz=800)
    w.check("still encrypted", encrypted_lines(w) == ((1, 1), (1, 1)), lambda: encrypted_lines(w))
    heard, answer = tls_calls.begun(w.service.tls, PUBLIC, authority, tls_calls.BESIDE)
    w.check("a new call with keys beside the clear is answered in the clear", heard == 200
            and "RTP/AVP" in answer and "crypto" not in answer, answer)
    caller.hang_up()


SIXTH = {"phone": {**SECURE["phone"], "address": '"::1"', "networks": '"::1/128"'}}


def with_papers_of_ipv6(home):
    with_papers(home)
    operator_of_ipv6(home)


@case(changes=SIXTH, edit=with_papers_of_ipv6)
def srtp_over_ipv6(w):
    """The same over the next protocol: brackets in Via, IN IP6 in the description."""
    agent = w.agent(host="::1", tls=papers_of(w) / "authority.pem", encryption="srtp-mand")
    caller = w.call(host="::1")
    time.sleep(0.5)
    caller.press("2")
    w.both_hear(caller, agent)
    agent.hang_up()
    w.check("the caller hears the end", caller.wait("ended", seconds=5))


# Of processor time alone: under load the wall says nothing.
CALLS_PER_CORE_S = 150


@case(changes=SECURE, edit=with_papers)
def tls_calls_set_up(w):
    """Many calls, a connection and keys for each: how many a second."""
    threads_n, calls_n = 20, 15
    cpu_s = w.service.cpu_s()
    good_n, seconds, wrong = tls_calls.run(w.service.tls, PUBLIC, papers_of(w) / "authority.pem",
                                           threads_n, calls_n)
    cpu_s = w.service.cpu_s() - cpu_s
    w.check("each is answered and encrypted", good_n == threads_n * calls_n, lambda: wrong[:3])
    w.fact("set up over TLS", good_n / seconds, "calls/s")
    w.fact("of one core", good_n / cpu_s, "calls/s")
    w.check(f"a core sets up more than {CALLS_PER_CORE_S} a second",
            good_n / cpu_s > CALLS_PER_CORE_S or "DECROCHE_SANITIZED" in os.environ,
            lambda: f"{cpu_s:.2f} s for {good_n}")
