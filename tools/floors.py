"""floors.py — the table of floors: who may include whom, which header belongs where.

docs/floors.md says it in words; tidy.py (includes) and pure.py (symbols) enforce it. The rows of
meson.build may be narrower than this table, never wider.
"""
import ast
import re

LOW = {"event", "settings", "base"}
MID = LOW | {"directory", "say"}
HALL = {"acd", "ivr", "gate", "dossier", "survey", "audit"}     # never each other
PURE = MID | HALL | {"sip", "rtc", "gsm", "kpi", "plan", "access"}
EDGES = {"phone", "media", "web", "store", "journal", "sms", "letter", "speech", "config", "record",
         "password", "browser", "history", "oidc"}
ROOF = {"main", "cli"}
AROUND = {"test", "bench", "fuzz"}

MAY = {"base": set(), "os": {"base"}, "sql": {"os", "base"}, "tls": {"base"}, "dtls": {"base"},
       "event": {"base"}, "settings": {"base"},
       "directory": LOW, "say": LOW, "sip": LOW, "rtc": LOW | {"sip"}, "gsm": {"base"},
       "kpi": {"event", "base"}, "access": LOW | {"directory"},
       "plan": LOW | {"acd", "kpi", "directory"}, "port": {"event", "base"},
       "view": PURE | {"port"},
       "app": PURE | {"port", "view", "os"}, "robot": {"base", "port"},
       "sim": PURE | {"app", "port"}}
MAY.update({f: MID for f in HALL})
MAY.update({f: LOW | {"port", "os"} for f in EDGES})
MAY["journal"] |= {"sql"}
MAY["store"] |= {"sql"}
MAY["phone"] |= {"sip", "tls"}
MAY["media"] |= {"rtc"}
MAY["browser"] |= {"rtc", "dtls"}
MAY["sms"] |= {"gsm", "tls"}
MAY["web"] |= {"view", "tls"}
MAY["letter"] |= {"view"}
MAY["config"] |= PURE | {"tls"}
MAY.update({f: set(MAY) | ROOF for f in ROOF})

# Headers of the C library: on pure floors (with port, view, app), in sim, on edges and roofs.
FREE_HEADERS = set("assert errno inttypes limits stdalign stdarg stdatomic stdbool stddef stdint"
                   " string".split())
SIM_HEADERS = FREE_HEADERS | {"stdio", "stdlib"}
LIBC_HEADERS = SIM_HEADERS | set(
    "ctype dirent dlfcn endian fcntl fnmatch getopt glob grp ifaddrs locale math netdb poll pthread"
    " pwd sched setjmp signal spawn strings syslog termios time unistd wchar".split())
LIBC_FOLDERS = ("sys/", "net/", "netinet/", "arpa/", "linux/")
MATH_FILE = "src/plan/erlang.c"     # the one file of the pure floors that computes with doubles

# Outside libraries: (header, the folders that may know it). Tests may know them all.
OUTSIDE = [
    (r"sqlite3\.h|libpq-fe\.h", {"sql", "journal", "store"}),
    (r"yaml\.h", {"config"}),
    (r"re\.h|re_\w+\.h|re/.*|rem\.h|rem_\w+\.h", {"phone"}),
    (r"microhttpd\.h", {"web"}),
    (r"jansson\.h", {"web", "sms", "store", "config", "cli", "main"}),
    (r"openssl/.*", {"phone", "media", "journal", "store", "web", "tls", "dtls", "history",
                    "oidc"}),
    (r"srtp2/.*|opus/.*", {"media"}),
    (r"sodium\.h", {"store", "web", "record", "password"}),
    (r"curl/.*", {"sms", "web", "speech", "oidc"}),
    (r"cjose/.*", {"web"}),
    (r"pango/.*|cairo.*|qrencode\.h", {"letter"}),
    (r"resolv\.h", {"os"}),
    (r"valgrind/.*", {"bench"}),
    (r"cmocka\.h", {"test"}),
]


def read_rows(meson):
    """The floors array of meson.build: {folder: (line, files, lower folders)}."""
    m = re.search(r"^floors = \[.*?^\]", meson, re.S | re.M)
    if not m:
        return {}
    first = meson[:m.start()].count("\n")

    def strings(node):
        return [e.value for e in node.elts if isinstance(e, ast.Constant)]
    rows = [r.elts for r in ast.parse(m.group()).body[0].value.elts]
    return {r[0].value: (first + r[0].lineno, strings(r[1]), strings(r[2])) for r in rows}
