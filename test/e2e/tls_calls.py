"""tls_calls.py — many short calls over TLS, each by a connection of its own: INVITE with an
encrypted offer, 200, ACK, BYE. Beside the programs that we did not write, for what they cannot:
a measure of how many are set up in a second; and a request into a call of theirs."""
import base64
import os
import re
import socket
import ssl
import threading
import time

OFFER = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=audio 9 RTP/SAVP 8\r\na=crypto:1 AEAD_AES_128_GCM inline:{}\r\n")


PLAIN = OFFER.split("a=crypto")[0].replace("RTP/SAVP", "RTP/AVP")
BESIDE = OFFER.replace("RTP/SAVP", "RTP/AVP")      # keys, though the line says in the clear
WAIT_S = 5


def request(method, number, call, more="", body=""):
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (f"{method} sip:{number}@localhost SIP/2.0\r\n"
            f"Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK{call}{method};rport\r\n"
            f"From: <sip:0536491234@localhost>;tag={call}\r\nTo: <sip:{number}@localhost>{more}\r\n"
            f"Call-ID: {call}\r\nCSeq: {2 if method == 'BYE' else 1} "
            f"{method}\r\nContact: <sip:a@127.0.0.1:9;transport=tls>\r\n"
            f"Max-Forwards: 70\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}").encode()


def answer(s, wanted):
    """The first message with this status, whole; what came before it is passed over."""
    text = ""
    while f"SIP/2.0 {wanted}" not in text or not text.endswith("\n"):
        more = s.recv(8192).decode()
        if not more:
            raise OSError(f"closed before {wanted}: {text[-300:]}")
        text += more
        if "SIP/2.0 4" in text or "SIP/2.0 5" in text:
            raise OSError(text)
    return text[text.index(f"SIP/2.0 {wanted}"):]


def one_call(context, to, number, name):
    """False: it was not answered, or not encrypted."""
    with socket.create_connection(to, 10) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as s:
        key = base64.b64encode(os.urandom(28)).decode()
        s.sendall(request("INVITE", number, name, body=OFFER.format(key)))
        ok = answer(s, 200)
        while "a=crypto" not in ok:
            ok += s.recv(8192).decode()
        tag = ";tag=" + ok.split("\r\nTo: ")[1].split(";tag=")[1].split("\r\n")[0]
        s.sendall(request("ACK", number, name, tag) + request("BYE", number, name, tag))
        answer(s, 200)
        return "RTP/SAVP" in ok


def final(s):
    """Of an answer: its status, and its description."""
    text, end = "", time.monotonic() + WAIT_S
    while not (m := re.search(r"SIP/2\.0 ([2-6]\d\d) .*?Content-Length: (\d+)\r\n\r\n(.*)", text,
                              re.S)) or len(m[3]) < int(m[2]):
        s.settimeout(max(end - time.monotonic(), 0.01))
        more = s.recv(8192).decode()
        if not more:
            raise OSError(f"closed: {text[-300:]}")
        text += more
    return int(m[1]), m[3]


def begun(to, number, authority, offer):
    """What a new call with this offer hears; it is ended at once."""
    context, name = ssl.create_default_context(cafile=authority), os.urandom(6).hex()
    with socket.create_connection(to, 10) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as s:
        key = base64.b64encode(os.urandom(28)).decode()
        s.sendall(request("INVITE", number, name, body=offer.format(key)))
        return final(s)


def intrude(to, authority, dialog, method, cseq, offer):
    """What a request with this offer hears, said as by the telephone of this dialog: call_id,
    theirs, ours (tags), contact. By a connection of its own."""
    context, key = ssl.create_default_context(cafile=authority), os.urandom(28)
    body = offer.format(base64.b64encode(key).decode())

    def said(method, body):
        return (f"{method} sip:decroche@localhost SIP/2.0\r\n"
                f"Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK{cseq}{key.hex()[:8]};rport\r\n"
                f"From: <sip:t@localhost>;tag={dialog['theirs']}\r\n"
                f"To: <sip:h@localhost>;tag={dialog['ours']}\r\nCall-ID: {dialog['call_id']}\r\n"
                f"CSeq: {cseq} {method}\r\nContact: {dialog['contact']}\r\nMax-Forwards: 70\r\n"
                f"{'Content-Type: application/sdp' + chr(13) + chr(10) if body else ''}"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
    with socket.create_connection(to, 10) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as s:
        s.sendall(said(method, body))
        status, _ = final(s)
        if method == "INVITE":
            s.sendall(said("ACK", ""))
        return status


def run(to, number, authority, threads_n, calls_n):
    """(how many were answered and encrypted, seconds, what went wrong)"""
    context = ssl.create_default_context(cafile=authority)
    good, wrong = [], []

    def some(i):
        for k in range(calls_n):
            try:
                good.append(one_call(context, to, number, f"{os.urandom(6).hex()}x{i}x{k}"))
            except OSError as e:
                wrong.append(str(e))
    workers = [threading.Thread(target=some, args=(i,)) for i in range(threads_n)]
    began = time.monotonic()
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return sum(good), time.monotonic() - began, wrong
