#!/usr/bin/env python3
"""`decroche doctor` finds the faults that were put there, and no others; `decroche status --nagios`
says how the service is. Each on settings in a folder of its own, loopback only.

    doctor.py PROGRAM ROOT
"""
import json
import os
import re
import resource
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

PROGRAM, ROOT = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(ROOT / "test/e2e"))
from papers import Papers                           # noqa: E402: its folder was not known before
DIRECTORY = """demo: {demo}
organisation: {{ name: Mairie, accessible: bureau }}
hours: {{ bureau: {{ lun-ven: "09:00-17:00" }} }}
services: [{{ id: accueil, name: Accueil, hours: bureau }}]
agents: [{{ id: a01, name: Anne, skills: [accueil, ecrit] }}]
trunks: [{trunks}]
"""
SIP_ANSWER = "SIP/2.0 {}\r\n{}Content-Length: 0\r\n\r\n"
LEGS = 40


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def free_sip_port():
    """A port that is free over UDP and over TCP, below those that the kernel gives away."""
    for port in range(16000 + os.getpid() % 4000, 20999):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise OSError("no port that is free over UDP and over TCP")


def free_pairs(n):
    """The first of n even ports of UDP below those that the kernel gives away."""
    for first in range(21000, 31000, 2 * n):
        held = []
        try:
            for port in range(first, first + 2 * n):
                held.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                held[-1].bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for s in held:
                s.close()
    raise OSError("no free range of ports")


def answer_over_tls(door, shown):
    """Each connection's OPTIONS with 200; who does not believe us is left alone."""
    while True:
        try:
            with shown.wrap_socket(door.accept()[0], server_side=True) as s:
                asked = s.recv(8192).decode()
                copied = "".join(line + "\r\n" for line in asked.split("\r\n")
                                 if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq"))
                s.sendall(SIP_ANSWER.format("200 OK", copied).encode())
                s.recv(1)
        except ssl.SSLError:
            continue
        except OSError:
            return


class Operator:
    """Answers OPTIONS with this line, or never (None); counts what it heard."""

    def __init__(self, status, others_first=False):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.status, self.heard = self.socket.getsockname()[1], status, []
        self.others_first = others_first
        threading.Thread(target=self.run, daemon=True).start()

    def answer(self, text, status, call_id):
        keep = "".join(line + "\r\n" for line in text.split("\r\n")
                       if re.match(r"(Via|From|To|CSeq):", line))
        return SIP_ANSWER.format(status, keep + f"Call-ID: {call_id}\r\n").encode()

    def run(self):
        while True:
            try:
                data, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            text = data.decode()
            self.heard.append(text)
            call_id = re.search(r"Call-ID: (\S+)", text)[1]
            if self.others_first:
                self.socket.sendto(self.answer(text, "403 Forbidden", "another"), peer)
                self.socket.sendto(self.answer(text, "100 Trying", call_id), peer)
            if self.status:
                self.socket.sendto(self.answer(text, self.status, call_id), peer)

    def close(self):
        self.socket.close()


class Doctor(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        (self.folder / "flows").mkdir()
        (self.folder / "prompts").symlink_to(ROOT / "prompts")
        self.sip, self.http = free_sip_port(), free_port(socket.SOCK_STREAM)
        self.first = free_pairs(LEGS)
        self.put_settings()
        self.put_directory()
        self.put("secrets.yaml", 'api: { token: "0123456789abcdef" }\n').chmod(0o600)

    def tearDown(self):
        self.place.cleanup()

    def put(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def put_settings(self, phone="", voice="", more=""):
        self.put("decroche.yaml",
                 f"phone: {{ port: {self.sip}, legs_max: {LEGS}{phone} }}\n"
                 f"web: {{ port: {self.http} }}\n"
                 f"media: {{ port_first: {self.first}, port_last: {self.first + 2 * LEGS - 1} }}\n"
                 "acd: { contacts_max: 1000, agents_max: 20, queues_max: 8, lanes_max: 64 }\n"
                 f"voice: {{ path: prompts{voice} }}\n"
                 + more)

    def put_directory(self, *trunks, demo="true"):
        self.put("directory.yaml", DIRECTORY.format(trunks=", ".join(trunks), demo=demo))

    def run_doctor(self, *options, before=None):
        done = subprocess.run([PROGRAM, "doctor", "-c", self.folder / "decroche.yaml", *options],
                              capture_output=True, text=True, timeout=50, preexec_fn=before)
        return done.returncode, done.stdout, done.stderr

    def doctor(self, before=None):
        """[(level, subject, what, cure)]; the sum and the exit code agree with them."""
        code, out, err = self.run_doctor("--json", before=before)
        rows = [json.loads(line) for line in out.splitlines()]
        total = rows.pop()
        found = [(r["level"], r["subject"], r["what"], r["cure"]) for r in rows]
        levels = [f[0] for f in found]
        self.assertEqual([levels.count(x) for x in ("faute", "attention", "bien")],
                         [total["faults"], total["attention"], total["well"]], err)
        self.assertEqual(code, int(levels.count("bien") < len(levels)), err)
        self.assertEqual(levels, sorted(levels, key=["faute", "attention", "bien"].index))
        for level, _, what, cure in found:
            self.assertEqual(cure == "", level == "bien", what)
            said = (what + cure).replace("probe: false", "")    # a line of a file
            self.assertNotRegex(said, r"[^\u00a0][:;!?»](\s|$)|«[^\u00a0]")
        return found

    def has(self, found, level, subject, what):
        self.assertTrue([f for f in found if f[:2] == (level, subject) and re.search(what, f[2])],
                        f"{level} {subject} {what} lacks in:\n" + "\n".join(map(str, found)))

    def faults(self, found):
        return [f[1] for f in found if f[0] == "faute"]

    def test_a_sound_machine_has_no_fault(self):
        found = self.doctor()
        self.assertEqual(self.faults(found), [], found)
        self.assertEqual({f[1] for f in found},
                         {"fichiers", "droits", "disque", "ports", "limites", "horloge", "aléa",
                          "accès", "certificats", "annonces", "ne plus appeler"})
        self.has(found, "bien", "ports", rf"SIP \(UDP\) 127\.0\.0\.1:{self.sip} est libre")
        self.has(found, "bien", "ports", f"{LEGS} paires libres, 0 prises")
        self.has(found, "bien", "disque", "écriture est sur le disque en")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()),
                         ["decroche.yaml", "directory.yaml", "flows", "prompts", "secrets.yaml"])

    def test_people_read_it_in_lines(self):
        (self.folder / "secrets.yaml").chmod(0o644)
        code, out, _ = self.run_doctor()
        self.assertEqual(code, 1)
        self.assertRegex(out, r"(?m)^attention  droits\u00a0: les secrets sont lisibles .*\n {11}→ ")
        self.assertRegex(out.splitlines()[-1],
                         r"^\d+ fautes?, \d+ points? d’attention, \d+ points? en ordre$")

    def test_ports_that_others_hold(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as http, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp:
            sip.bind(("127.0.0.1", self.sip))
            http.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            http.bind(("0.0.0.0", self.http))
            http.listen()
            rtp.bind(("127.0.0.1", self.first + 1))
            found = self.doctor()
        me = rf"(processus {os.getpid()})"
        self.has(found, "faute", "ports", rf"{self.sip} est pris par .*{re.escape(me)}")
        self.has(found, "faute", "ports", rf"{self.http} est pris par .*{re.escape(me)}")
        self.has(found, "attention", "ports", f"{LEGS - 1} paires libres, 1 prises")
        self.assertEqual(self.faults(found), ["ports", "ports"])

    def test_an_address_of_another_machine(self):
        self.put_settings(phone=", address: 192.0.2.1")
        self.has(self.doctor(), "faute", "ports", r"192\.0\.2\.1:\d+ ne peut pas être pris")

    def test_rights(self):
        (self.folder / "secrets.yaml").chmod(0o640)
        self.put_directory(demo="false")
        self.put_settings(more="journal: { path: nulle-part/decroche.db }\n")
        found = self.doctor()
        self.has(found, "faute", "droits", "secrets sont lisibles par d’autres .*mode 640")
        self.has(found, "faute", "droits", "journal.path .*ne peut pas être écrit")
        self.assertIn("chmod 600", next(f[3] for f in found if "secrets sont" in f[2]))

    def test_a_journal_that_others_read(self):
        self.put("decroche.db", "").chmod(0o644)
        self.has(self.doctor(), "attention", "droits", "le journal .* est lisible par d’autres")

    def test_limits(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        found = self.doctor(before=few)
        self.has(found, "faute", "limites", f"100 au plus .* il en faut {2 * LEGS + 512}")
        self.put_settings(more="journal: { ring_n: 16777216 }\n")
        found = self.doctor()
        need = next(int(m[1]) for f in found if (m := re.search(r": (\d+) Mio au plus", f[2])))
        self.assertGreater(need, 16777216 * 160 >> 20)

    def test_a_clock_that_was_set_back(self):
        journal = self.put("decroche.db", "")
        journal.chmod(0o600)
        self.has(self.doctor(), "bien", "horloge", "source du noyau")
        later = time.time() + 3600
        os.utime(journal, (later, later))
        found = self.doctor()
        self.has(found, "attention", "horloge",
                 r"retard .* 3[56]\d\d s.*écrit plus tard qu’il n’est")
        self.assertIn("timedatectl", next(f[3] for f in found if "retard" in f[2]))

    def test_recordings_without_a_place(self):
        self.put_settings(more="recording: { folder: rec }\n")
        self.has(self.doctor(), "faute", "fichiers", "enregistrements, ou leur clé")
        (self.folder / "rec").mkdir(mode=0o700)
        self.put("recording.key", "ab" * 32 + "\n").chmod(0o600)
        self.assertEqual(self.faults(self.doctor()), [])

    def test_randomness(self):
        self.has(self.doctor(), "bien", "aléa", "noyau.* est prêt")

    def test_cores(self):
        if Path("/proc/sys/kernel/core_pattern").read_text().startswith("|"):
            self.has(self.doctor(), "attention", "limites", "core_pattern est un tube")
            return

        def no_core():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        self.has(self.doctor(before=no_core), "bien", "limites", "aucun fichier core")

    def test_operators(self):
        rows = [Operator("200 OK", others_first=True), Operator("405 Method Not Allowed"),
                Operator("403 Forbidden"), Operator(None), Operator("200 OK")]
        closed = free_port(socket.SOCK_DGRAM)
        trunks = [f'{{ id: t{i}, host: "127.0.0.1:{o.port}"{", probe: false" if i == 4 else ""} }}'
                  for i, o in enumerate(rows)]
        self.put_directory(*trunks, f'{{ id: t5, host: "127.0.0.1:{closed}" }}')
        began = time.monotonic()
        found = self.doctor()
        self.assertLess(time.monotonic() - began, 10)
        for row in rows:
            row.close()
        self.has(found, "bien", "accès", "t0.* répond .*200 OK")
        self.has(found, "bien", "accès", "t1.* répond .*405")
        self.has(found, "attention", "accès", "t2.* refuse .*403 Forbidden")
        self.has(found, "faute", "accès", "t3.* se tait .*2 s")
        self.has(found, "bien", "accès", "t4.* n’est pas interrogé")
        self.has(found, "faute", "accès", "t5.* ne peut être joint .*refused")
        self.assertEqual(rows[4].heard, [])
        self.assertGreaterEqual(len(rows[3].heard), 2)      # repeated as RFC 3261 wants
        self.assertTrue(all(t.startswith("OPTIONS sip:127.0.0.1:") for t in rows[3].heard))
        self.assertNotIn("INVITE", "".join(rows[0].heard + rows[3].heard))

    # ---- TLS ----
    def papers(self, days=90):
        papers = Papers(self.folder / "papers")
        papers.make("house", "sip.mairie.example", days=days)
        self.put_settings(phone=f", tls_port: {free_port(socket.SOCK_STREAM)}, "
                                "tls_certificate: papers/house.pem, "
                                "tls_key: papers/house.key")
        return papers

    def test_certificates(self):
        self.papers()
        found = self.doctor()
        self.has(found, "bien", "certificats", r"des téléphones vaut jusqu’au 20\d\d-\d\d-\d\d")
        self.has(found, "bien", "certificats", "au nom de sip.mairie.example")
        self.papers(days=29)
        found = self.doctor()
        self.has(found, "attention", "certificats", "ne vaut plus que jusqu’au")
        self.assertIn("decroche reload", next(f[3] for f in found if "ne vaut plus" in f[2]))
        (self.folder / "papers/house.pem").unlink()
        found = self.doctor()
        self.has(found, "faute", "certificats", "ne se lit pas")
        self.has(found, "faute", "fichiers", "un fichier est faux")

    def test_operators_over_tls(self):
        papers = self.papers()
        others = Papers(self.folder / "others")
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(*papers.make("operator", "localhost"))
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=answer_over_tls, args=(door, shown), daemon=True).start()
            port = door.getsockname()[1]
            for authority, level, what in (
                    (papers.authority, "bien", "t0.* répond .*200 OK"),
                    (others.authority, "faute", "t0.* n’est pas cru.*issuer")):
                self.put_directory(f'{{ id: t0, host: "localhost:{port}", transport: tls, '
                                   f'tls_authority: "{authority}" }}')
                found = self.doctor()
                self.has(found, level, "accès", what)
                self.has(found, "bien", "certificats", "de l’autorité de «\u00a0t0\u00a0» vaut")

    def test_the_gateway_of_text_messages(self):
        self.put("secrets.yaml", 'api: { token: "0123456789abcdef" }\n'
                                 'sms: { secret: "mot" }\n').chmod(0o600)
        Papers(self.folder / "papers")
        sms = ("sms: {{ driver: smpp, address: \"localhost:3550\", sender: \"38000\", "
               "system_id: nous, tls: oui{} }}\n")
        for more, level, what in (
                (", tls_authority: papers/authority.pem", "bien", "passerelle de SMS vaut jusqu’au"),
                (", tls_authority: none.pem", "faute", "passerelle de SMS ne se lit pas"),
                ("", "bien", "l’opérateur de SMS est cru par les autorités de la machine")):
            self.put_settings(more=sms.format(more))
            self.has(self.doctor(), level, "certificats", what)

    def test_a_name_without_address(self):
        self.put_directory('{ id: loin, host: "operateur.invalid" }', demo="false")
        began = time.monotonic()
        found = self.doctor()
        self.assertLess(time.monotonic() - began, 15)
        self.has(found, "faute", "noms", "operateur.invalid.* n’a pas d’adresse")

    def test_wrong_files_are_one_fault_and_the_rest_is_looked_at(self):
        self.put_directory("{ id: t0, hots: x }")
        found = self.doctor()
        self.has(found, "faute", "fichiers", r"un fichier est faux \(\d+ erreur")
        self.assertIn("decroche check -c", next(f[3] for f in found if f[1] == "fichiers"))
        self.assertIn("disque", {f[1] for f in found})

    def test_prompts(self):
        (self.folder / "prompts").unlink()
        self.has(self.doctor(), "faute", "annonces", "n’existe pas")
        (self.folder / "prompts/fr").mkdir(parents=True)
        self.has(self.doctor(), "attention", "annonces", r"\d+ annonces manquent, dont .*wav")

    def test_a_synthesis(self):
        silent = [("no-such-program-here {text}", "No such file"), ("false", ""), ("sleep 9", "")]
        for command, why in silent:
            self.put_settings(voice=f', speech_command: "{command}", speech_timeout: 1s')
            self.has(self.doctor(), "attention", "annonces", f"ne parle pas .{command}.*{why}")
        sound = next((ROOT / "prompts/fr").glob("*.wav"))
        for command in (f"cat {sound}", f"cp {sound} {{file}}"):
            self.put_settings(voice=f', speech_command: "{command}"')
            self.has(self.doctor(), "bien", "annonces", "la synthèse parle")

    def test_usage_and_no_settings(self):
        done = subprocess.run([PROGRAM, "doctor"], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 2)
        (self.folder / "decroche.yaml").unlink()
        code, out, err = self.run_doctor()
        self.assertEqual((code, out), (3, ""))
        self.assertIn("No such file", err)

    # ---- beside the running service ----
    def nagios(self, *options):
        done = subprocess.run([PROGRAM, "status", "--nagios", *options], capture_output=True,
                              text=True, timeout=20)
        return done.returncode, done.stdout

    def test_beside_the_running_service(self):
        settings = self.folder / "decroche.yaml"
        self.assertEqual(self.nagios("-c", settings),
                         (2, "DECROCHE CRITICAL - aucun service à l’écoute\n"))
        service = subprocess.Popen([PROGRAM, "serve", "-c", settings], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        try:
            self.assertIn("prêt", service.stdout.readline())
            self.look_beside(service, settings)
        finally:
            service.terminate()
            self.assertEqual(service.wait(timeout=40), 0)
            service.stdout.close()

    def look_beside(self, service, settings):
        found = self.doctor()
        self.assertEqual(self.faults(found), [], found)
        for kind in ("SIP", "HTTP"):
            self.has(found, "bien", "ports",
                     rf"{kind} .* tenu par notre service \(processus {service.pid}\)")
        self.has(found, "bien", "limites", "le service tourne et a la sienne")
        self.has(found, "bien", "droits", "le journal .* n’est lisible que par son maître")
        self.assertEqual(stat.S_IMODE((self.folder / "decroche.db").stat().st_mode), 0o600)
        end = time.monotonic() + 10
        while time.monotonic() < end and "|" not in self.nagios("-c", settings)[1]:
            time.sleep(0.05)
        code, line = self.nagios("-c", settings)
        self.assertEqual(code, 0, line)
        self.assertRegex(line, r"^DECROCHE OK - 0 en attente, .*\|( [a-z_]+=\d+s?;;;0){7}\n$")
        code, line = self.nagios("--socket", self.folder / "decroche.sock")
        self.assertEqual(code, 0, line)

    def test_nagios_that_does_not_know(self):
        for wrong in (["--nope"], [], ["-c", self.folder / "no.yaml"]):
            code, line = self.nagios(*wrong)
            self.assertEqual(code, 3, wrong)
            self.assertRegex(line, r"^DECROCHE UNKNOWN - [^|\n]+\n$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
