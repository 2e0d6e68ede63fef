"""smsc.py — the other side of text messages, for tests: an HTTP gateway, and an SMPP 3.4 gateway
written from the specification alone, so that it shares no code and no mistake with ours. Both
listen on the loopback, on free ports, and do what a test tells them."""
import hashlib
import hmac
import http.client
import http.server
import json
import socket
import ssl
import struct
import threading
import time

SUBMIT_SM, DELIVER_SM, ENQUIRE_LINK, UNBIND = 0x04, 0x05, 0x15, 0x06
BIND_TRANSCEIVER, GENERIC_NACK, RESPONSE = 0x09, 0x80000000, 0x80000000


# ---- HTTP ---------------------------------------------------------------------------------------
class Gateway:
    """Each request is kept in .requests. answers: a list of (status, headers, body) given in turn,
    then 200 with an id of its own."""

    def __init__(self):
        self.requests, self.answers, self.looks = [], [], threading.Lock()
        self.holds = threading.Event()      # set: requests are answered
        self.holds.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with outer.looks:
                    outer.requests.append((dict(self.headers), body))
                    n = len(outer.requests)
                    status, headers, text = (outer.answers.pop(0) if outer.answers else
                                             (200, {}, json.dumps({"messages": [{"id": f"g{n}"}]})))
                outer.holds.wait(20)
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())
                except OSError:
                    pass        # who asked was killed

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/messages"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.holds.set()
        self.server.shutdown()
        self.server.server_close()


def signature(secret, body, at_s=None):
    at_s = int(time.time()) if at_s is None else at_s
    mac = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={mac.hexdigest()}"


def tell(address, path, message, mark):
    """(status, answer) of the service; mark: its signature, None: none."""
    client = http.client.HTTPConnection(*address, timeout=15)
    headers = {"Content-Type": "application/json"}
    if mark:
        headers["X-Decroche-Signature"] = mark
    client.request("POST", path, message, headers)
    answer = client.getresponse()
    got = answer.status, json.loads(answer.read() or b"{}")
    client.close()
    return got


# ---- SMPP ---------------------------------------------------------------------------------------
def string(data, at):
    end = data.index(0, at)
    return data[at:end].decode("latin-1"), end + 1


def read_submit(body):
    """The fields of a submit_sm that matter."""
    _, at = string(body, 0)
    source_ton, at = body[at], at + 2
    source, at = string(body, at)
    at += 2
    to, at = string(body, at)
    at += 3
    _, at = string(body, at)
    _, at = string(body, at)
    registered, coding, n = body[at], body[at + 2], body[at + 4]
    words, at = body[at + 5:at + 5 + n], at + 5 + n
    reference = struct.unpack(">H", body[at + 4:at + 6])[0]
    return {"from": source, "ton": source_ton, "to": to, "registered": registered,
            "coding": coding, "words": words, "user_reference": reference}


class Smsc:
    """One client at a time. .submits: what came. status_of(n): the answer to the n-th submit.
    papers: (certificate, key) to speak TLS; .handshakes: what became of each: its version, or why
    it failed."""

    def __init__(self, system_id="decroche", password="mot-de-passe", papers=None):
        self.handshakes, self.context = [], None
        if papers:
            self.show(papers)
        self.who = (system_id, password)
        self.submits, self.binds, self.answers, self.sequence = [], [], {}, 1000
        self.status_of = lambda n: 0
        self.client, self.is_open = None, True
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while self.is_open:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            try:
                self.client = self._secure(client)
                self._talk(self.client)
            except (OSError, struct.error, ValueError):
                pass
            client.close()
            if self.client:
                self.client.close()

    def show(self, papers):
        """These from now on: to who comes."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*papers)

    def _secure(self, client):
        if not self.context:
            return client
        client.settimeout(10)
        try:
            secured = self.context.wrap_socket(client, server_side=True)
        except OSError as why:      # ssl.SSLError is one
            self.handshakes.append(str(why))
            raise
        secured.settimeout(None)
        self.handshakes.append(secured.version())
        return secured

    def _read(self, client, n):
        data = b""
        while len(data) < n:
            more = client.recv(n - len(data))
            if not more:
                raise OSError("gone")
            data += more
        return data

    def send(self, command, status, sequence, body=b""):
        self.client.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def _talk(self, client):
        while True:
            length, command, status, sequence = struct.unpack(">IIII", self._read(client, 16))
            body = self._read(client, length - 16)
            if command == BIND_TRANSCEIVER:
                name, at = string(body, 0)
                password, _ = string(body, at)
                self.binds.append((name, password))
                self.send(command | RESPONSE, 0 if (name, password) == self.who else 0x0E,
                          sequence, b"smsc\0")
            elif command == SUBMIT_SM:
                self.submits.append(read_submit(body))
                status = self.status_of(len(self.submits))
                if status is not None:
                    name = f"m{len(self.submits)}".encode() if not status else b""
                    self.send(command | RESPONSE, status, sequence, name + b"\0")
            elif command == ENQUIRE_LINK:
                self.send(command | RESPONSE, 0, sequence)
            elif command & RESPONSE:
                self.answers[sequence] = status

    def deliver(self, source, words, esm_class=0, coding=0, tlvs=b""):
        """Its sequence; .answers[sequence] is the status of its answer."""
        self.sequence += 1
        body = (b"\0\x01\x01" + source.encode() + b"\0\x00\x00" + b"38000\0" +
                bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(words)]) + words +
                tlvs)
        self.send(DELIVER_SM, 0, self.sequence, body)
        return self.sequence

    def receipt(self, name, stat):
        words = (f"id:{name} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 "
                 f"stat:{stat} err:000 text:").encode()
        return self.deliver("33612345678", words, esm_class=0x04)

    def raw(self, data):
        self.client.sendall(data)

    def cut(self):
        self.client.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.is_open = False
        self.server.close()
        if self.client:
            self.client.close()
