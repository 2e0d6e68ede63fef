"""sip_text.py — SIP messages as text: what caller.py needs of RFC 3261, no more."""
import random

LONG = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
        "c": "content-type", "k": "supported"}
WORDS = {100: "Trying", 180: "Ringing", 200: "OK", 404: "Not Found", 481: "No Such Call",
         486: "Busy Here", 487: "Request Terminated"}


def BRANCH():
    return f"z9hG4bK{random.getrandbits(64):016x}"


class Message:
    """status: of an answer, else 0. method: of a request, else "". Names in small letters."""

    def __init__(self, data):
        self.text = data.decode(errors="replace")
        head, _, self.body = self.text.partition("\r\n\r\n")
        first, *lines = head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n")
        words = first.split(" ", 2)
        self.status = int(words[1]) if first.startswith("SIP/2.0") else 0
        self.method, self.uri = ("", "") if self.status else words[:2]
        self.fields = []
        for line in lines:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            self.fields.append((LONG.get(name, name), value.strip()))

    def all(self, name):
        return [v for n, v in self.fields if n == name]

    def __getitem__(self, name):
        return next(iter(self.all(name)), "")

    def media(self):
        """(address, port) of the first audio stream in the body; port 0: none."""
        host, port, is_audio = "", 0, False
        for line in self.body.splitlines():
            if line.startswith("m="):
                is_audio = not port and line.startswith("m=audio ")
                port = int(line.split()[1]) if is_audio else port
            elif line.startswith("c=") and (is_audio or not host):
                host = line.split()[2]
        return host, port


def uri_of(value):
    """The URI of a Contact."""
    return value[value.index("<") + 1:value.index(">")] if "<" in value else value.split(";")[0]


def text_of(first, fields, body):
    lines = [first]
    for name, value in fields:
        lines += [f"{name}: {v}" for v in ([value] if isinstance(value, str) else value)]
    if body and not any(name == "Content-Type" for name, _ in fields):
        lines.append("Content-Type: application/sdp")
    return "\r\n".join(lines + [f"Content-Length: {len(body)}", "", body])


def request(method, uri, fields, body=""):
    return text_of(f"{method} {uri} SIP/2.0",
                   list(fields.items()) + [("Max-Forwards", "70")], body)


def answer_to(m, status, tag, contact, body=""):
    to = m["to"] if ";tag=" in m["to"] or status == 100 else f"{m['to']};tag={tag}"
    fields = [("Via", m.all("via")), ("Record-Route", m.all("record-route")), ("From", m["from"]),
              ("To", to), ("Call-ID", m["call-id"]), ("CSeq", m["cseq"]), ("Contact", contact)]
    return text_of(f"SIP/2.0 {status} {WORDS.get(status, 'Answer')}", fields, body)
