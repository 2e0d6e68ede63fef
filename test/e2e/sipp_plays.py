"""sipp_plays.py — what SIPp plays in call_sip.py: callers and operators with the ways of SIP that
real ones have, each message written out. numbers of messages count for [branch-N]."""
from caller import SDP
from sipp import EMPTY, HEAD, document, head, said, send

TARGET = "sip:[service]@[remote_ip]:[remote_port]"
FIRST = f"To: <{TARGET}>"
BODY = "Content-Type: application/sdp\nContent-Length: [len]\n\n"
COPIED = {name: f"[last_{name}:]\n" for name in ("Via", "From", "To", "Call-ID", "CSeq")}


def sdp(*lines):
    """Our description, with a=sendrecv replaced by these lines where there are any."""
    text = SDP.format(id=1, version=1, net="IP4", host="[media_ip]",
                      port="[media_port]").replace("\r", "")
    return text.replace("a=sendrecv\n", "".join(f"{line}\n" for line in lines)) if lines else text


def keep(header, variable, wanted=".*"):
    """The value of a header of what came, for [$variable]."""
    return said(header, wanted, variable)


def in_body(wanted, variable):
    return (f'<action><ereg regexp="{wanted}" search_in="body" check_it="true" '
            f'assign_to="{variable}"/></action>')


def receive(what, actions="", more=""):
    kind = "response" if str(what).isdigit() else "request"
    actions = actions.replace("</action><action>", "")
    return f'<recv {kind}="{what}"{more}>{actions}</recv>\n'


def play(name, variables, *parts):
    numbers = ",".join(str(i + 1) for i in range(variables))
    return document(name, [*parts, f'<Reference variables="{numbers}"/>\n' if variables else ""])


# ---- callers -------------------------------------------------------------------------------------
def invite(number, lines="", description=None):
    body = BODY + description if description is not None else EMPTY
    return send(head("INVITE", number, FIRST, 1) + lines + body, True)


def ack_of_failure(number, back):
    """back: how many messages before it the INVITE stands."""
    ack = HEAD.format(method="ACK", uri=TARGET, number=number, to="[last_To:]", cseq=1,
                      transport="[transport]")
    return send(ack.replace("[branch]", f"[branch-{back}]") + EMPTY)


def within(number, method, cseq, lines="", description=None):
    body = BODY + description if description is not None else EMPTY
    message = HEAD.format(method=method, uri="[next_url]", number=number, to="[last_To:]",
                          cseq=cseq, transport="[transport]") + "[routes]\n"
    return send(message + lines + body, method != "ACK")


def bye(number, cseq):
    return within(number, "BYE", cseq) + receive(200)


TRYING = '<recv response="100" optional="true"/>\n'


def reliable_early(number, status=None):
    """183 with RSeq, acknowledged late by PRACK; then cancelled, or refused with this status."""
    cancel = HEAD.format(method="CANCEL", uri=TARGET, number=number, to=FIRST, cseq=1,
                         transport="[transport]").replace("[branch]", "[branch-7]")
    end = [receive(status), ack_of_failure(number, 7)] if status else [
        '<pause milliseconds="500"/>\n', send(cancel + EMPTY), receive(200), receive(487),
        ack_of_failure(number, 10)]
    return play("reliable early", 2, invite(number, "Supported: 100rel\n", sdp()), TRYING,
                receive(183, keep("RSeq", 1, "[0-9]+") + keep("Require", 2, "100rel"),
                        ' rrs="true"'),
                '<pause milliseconds="1200"/>\n',
                within(number, "PRACK", 2, "RAck: [$1] 1 INVITE\n"), receive(200),
                *end)


def required(number):
    """Require: 100rel, answered at once: no provisional response but 100."""
    return play("required", 0, invite(number, "Require: 100rel\n", sdp()), TRYING,
                receive(200, more=' rrs="true"'), within(number, "ACK", 1),
                '<pause milliseconds="300"/>\n', bye(number, 2))


def unknown_option(number):
    return play("unknown", 1, invite(number, "Require: 100rel, magic\n", sdp()), TRYING,
                receive(420, keep("Unsupported", 1, "^ *magic *$")), ack_of_failure(number, 3))


def delayed_offer(number):
    """INVITE and re-INVITE without a description: ours is in the 200, theirs in the ACK."""
    offered = in_body("m=audio [0-9]+ RTP/AVP 8 0 101", 1)
    again = in_body("m=audio [0-9]+ RTP/AVP", 2)
    return play("delayed", 2, invite(number), TRYING,
                receive(200, offered, ' rrs="true"'), within(number, "ACK", 1, "", sdp()),
                '<pause milliseconds="500"/>\n', within(number, "INVITE", 2), TRYING,
                receive(200, again), within(number, "ACK", 2, "", sdp()),
                '<pause milliseconds="500"/>\n', bye(number, 3))


def held(number):
    """Held and resumed by re-INVITE, then by UPDATE."""
    parts = [invite(number, "", sdp()), TRYING, receive(200, more=' rrs="true"'),
             within(number, "ACK", 1)]
    wanted = (("INVITE", "a=sendonly", "a=recvonly"), ("INVITE", "a=sendrecv", "a=sendrecv"),
              ("UPDATE", "a=inactive", "a=inactive"), ("UPDATE", "a=sendrecv", "a=sendrecv"))
    for i, (method, ours, theirs) in enumerate(wanted):
        parts += ['<pause milliseconds="200"/>\n', within(number, method, i + 2, "", sdp(ours)),
                  TRYING if method == "INVITE" else "", receive(200, in_body(theirs, i + 1))]
        parts += [within(number, "ACK", i + 2)] if method == "INVITE" else []
    return play("held", len(wanted), *parts, bye(number, len(wanted) + 2))


def several_parts(number):
    """The description beside the words of an old network (ISUP)."""
    body = ("Content-Type: multipart/mixed;boundary=edge\nContent-Length: [len]\n\n"
            "--edge\nContent-Type: application/isup;version=itu-t92+\n\n01 00 49\n"
            f"--edge\nContent-Type: application/sdp\n\n{sdp()}\n--edge--\n")
    return play("several parts", 0,
                send(head("INVITE", number, FIRST, 1) + body, True), TRYING,
                receive(200, more=' rrs="true"'), within(number, "ACK", 1),
                '<pause milliseconds="300"/>\n', bye(number, 2))


def sent_on(number, lines):
    """To a number that is nobody's here: whom it was for stands in these lines."""
    to = "To: <sip:elsewhere@[remote_ip]>"
    first = head("INVITE", number, to, 1).replace(TARGET, "sip:elsewhere@[remote_ip]", 1)
    return play("sent on", 0, send(first + lines + BODY + sdp(), True), TRYING,
                receive(200, more=' rrs="true"'), within(number, "ACK", 1),
                '<pause milliseconds="300"/>\n', bye(number, 2))


def replacing(line, secret, replaces):
    """A telephone of that line takes the place of another, proved by digest; then it hangs up."""
    proof = f"[authentication username={line} password={secret}]\n"
    lines = f"Replaces: {replaces}\n"
    again = head("INVITE", line, FIRST, 2) + lines + proof + BODY + sdp()
    return play("replacing", 0, invite(line, lines, sdp()), receive(401, more=' auth="true"'),
                ack_of_failure(line, 2), send(again, True), TRYING,
                receive(200, more=' rrs="true"'), within(line, "ACK", 2),
                '<pause milliseconds="1500"/>\n',
                bye(line, 3))


def of_theirs(status, kept, lines="", description=None):
    """An answer to a request that was kept in these four variables."""
    copied = "".join(f"{n}:[${v}]\n" for n, v in zip(("Via", "From", "To", "CSeq"), kept))
    body = BODY + description if description is not None else EMPTY
    return send(f"SIP/2.0 {status}\n{copied}Call-ID: [call_id]\n"
                f"Contact: <sip:caller@[local_ip]:[local_port]>\n{lines}{body}")


def crossing(number, ours, theirs, status, capture):
    """Our refresh (`ours`) meets a hold of theirs, which hears this status; ours hears 491, comes
    again within two seconds and is taken; then the hold is said once more."""
    def keeping(first):
        return receive(ours, "".join(keep(n, first + i) for i, n in enumerate(
            ("Via", "From", "To", "CSeq"))))

    def hold(cseq, heard, variable):
        words = in_body("a=recvonly", variable) if heard == 200 else keep("CSeq", variable)
        parts = [request(theirs, cseq, timer + BODY + sdp("a=sendonly")),
                 TRYING if theirs == "INVITE" else "", receive(heard, words)]
        if theirs == "INVITE":
            ack = request("ACK", cseq)
            parts.append(ack if heard == 200 else ack.replace("[branch]", "[branch-3]"))
        return parts

    def request(method, cseq, rest=EMPTY):
        text = HEAD.format(method=method, uri="[next_url]", number=number, cseq=cseq,
                           to=f"{FIRST}[peer_tag_param]", transport="[transport]") + "[routes]\n"
        return send(text + rest, method != "ACK")
    timer = ("Supported: timer\nSession-Expires: 90;refresher=uas\n"
             f"Allow: INVITE, ACK, BYE{', UPDATE' if ours == 'UPDATE' else ''}\n")
    of_invite = [receive("ACK")] if ours == "INVITE" else []
    agreed_on = "Session-Expires: 90;refresher=uac\n"
    return play("crossing", 10, invite(number, timer, sdp()), TRYING,
                receive(200, more=' rrs="true"'), within(number, "ACK", 1),
                f'<nop><action><exec play_pcap_audio="{capture}"/></action></nop>\n',  # unprobed
                keeping(1), *hold(2, status, 5),
                of_theirs("491 Request Pending", (1, 2, 3, 4)), *of_invite, keeping(6),
                of_theirs("200 OK", (6, 7, 8, 9), agreed_on, sdp() if of_invite else None),
                *of_invite, '<pause milliseconds="500"/>\n', *hold(3, 200, 10),
                '<pause milliseconds="500"/>\n', request("BYE", 4), receive(200))


# ---- operators: what we dial ---------------------------------------------------------------------
def answer(status, lines="", description=None, tag="telco", of=None):
    """of: the numbers of what was kept of the INVITE, when something came since."""
    copied = dict(COPIED, To="[last_To:];tag=" + tag + "\n", RecordRoute="[last_Record-Route:]\n")
    if of:
        names = ("Via", "CSeq", "To", "Record-Route")
        copied.update((n.replace("-", ""), f"{n}:[${v}]\n") for n, v in zip(names, of))
        copied["To"] = f"To:[${of[2]}];tag={tag}\n"
        copied["Via"] += f"Via: [${of[4]}]\n" if len(of) > 4 else ""
    contact = "Contact: <sip:telco@[local_ip]:[local_port]>\n"
    body = BODY + description if description is not None else EMPTY
    return send(f"SIP/2.0 {status}\n{''.join(copied.values())}{contact}{lines}{body}")


def agreed():
    """200 to a request within the call."""
    return send(f"SIP/2.0 200 OK\n{''.join(COPIED.values())}{EMPTY}")


CHALLENGE = 'WWW-Authenticate: Digest realm="op", nonce="n1", algorithm=MD5, qop="auth"\n'


def refused(lines, status="401 Unauthorized"):
    """The answer to a request within the call."""
    return send(f"SIP/2.0 {status}\n{''.join(COPIED.values())}{lines}{EMPTY}")


OF_INVITE = keep("Via", 1) + keep("CSeq", 2) + keep("To", 3)
# Of a proxy: its Record-Route, and the Via below its own.
ROUTE = keep("Record-Route", 7) + (
    '<action><ereg regexp="SIP/2.0/UDP [0-9.:]*;received=[0-9a-zA-Z.=;]*" search_in="msg" '
    'check_it="true" assign_to="8"/></action>')


def kept(is_routed):
    """What is kept of an INVITE, and its numbers; routed: a proxy stays on the way."""
    return (OF_INVITE + ROUTE, (1, 2, 3, 7, 8)) if is_routed else (OF_INVITE, (1, 2, 3))


def reliable_operator(is_routed=False):
    """Two reliable responses, the first with its description; the 200 says it no more."""
    keeps, of = kept(is_routed)
    first = "Require: 100rel\nRSeq: 4711\n"
    return play("reliable operator", 8 if is_routed else 6,
                receive("INVITE", keeps + keep("Supported", 4, "timer")),
                answer("183 Session Progress", first, sdp()),
                receive("PRACK", keep("RAck", 5, "4711 [0-9]+ INVITE")), agreed(),
                answer("180 Ringing", first.replace("4711", "4712"), of=of),
                receive("PRACK", keep("RAck", 6, "4712 [0-9]+ INVITE")), agreed(),
                '<pause milliseconds="300"/>\n', answer("200 OK", of=of),
                receive("ACK"), receive("BYE"), agreed())


def proving_operator():
    """183 by which we are heard; its PRACK is asked for a proof."""
    return play("proving operator", 6,
                receive("INVITE", OF_INVITE),
                answer("183 Session Progress", "Require: 100rel\nRSeq: 4711\n", sdp()),
                receive("PRACK", keep("RAck", 4, "4711 [0-9]+ INVITE")), refused(CHALLENGE),
                receive("PRACK", keep("RAck", 5, "4711 [0-9]+ INVITE") +
                        keep("Authorization", 6, 'username="ours"')), agreed(),
                '<pause milliseconds="300"/>\n', answer("200 OK", of=(1, 2, 3)),
                receive("ACK"), receive("BYE"), agreed())


def forking_operator():
    """Two telephones ring; both are picked up: the second is acknowledged and hung up."""
    return play("forking operator", 4,
                receive("INVITE", OF_INVITE), answer("180 Ringing", tag="one"),
                answer("183 Session Progress", "", sdp(), tag="two"),
                answer("200 OK", "", sdp(), tag="two"), receive("ACK"),
                answer("200 OK", "", sdp(), tag="one", of=(1, 2, 3)), receive("ACK"),
                receive("BYE", keep("To", 4, "tag=one")), agreed(), receive("BYE"), agreed())


def redirecting_operator(contact, followed=""):
    """followed: words of the URI that we are called by then; the call is taken."""
    called = ('<action><ereg regexp="^INVITE [^ ]*' + followed + '" search_in="msg" '
              'check_it="true" assign_to="1"/></action>')
    taken = [receive("INVITE", called), answer("200 OK", "", sdp()), receive("ACK"),
             receive("BYE"), agreed()] if followed else []
    return play("redirecting operator", len(taken) and 1, receive("INVITE"),
                answer("302 Moved Temporarily", f"Contact: {contact}\n").replace(
                    "Contact: <sip:telco@[local_ip]:[local_port]>\n", ""), receive("ACK"), *taken)


def trying_operator():
    """100 and nothing more, until it is left: CANCEL."""
    return play("trying operator", 3, receive("INVITE", OF_INVITE), answer("100 Trying"),
                receive("CANCEL"), agreed(), answer("487 Request Terminated", of=(1, 2, 3)),
                receive("ACK"))


def asking_operator():
    """Who hangs up? 401 to our BYE, each time it is asked."""
    return play("asking operator", 4,
                receive("INVITE", OF_INVITE), answer("200 OK", "", sdp()), receive("ACK"),
                receive("BYE"), refused(CHALLENGE),
                receive("BYE", keep("Authorization", 4, 'username="ours"')), agreed())
