"""steps.py — the life of an installed service in a root without network; called by offline.py.
Each step is a sentence that is true, or the end."""
import hashlib
import json
import re
import resource
import stat
import subprocess
import sys
import time

ETC, VAR = "etc/decroche", "var/lib/decroche"
SETTINGS = "/etc/decroche/decroche.yaml"
CONFFILE = "etc/decroche/reponses.exemple"
NUMBER = "0410000010"
BESIDE = "reponses.exemple.dpkg-dist"
READY_S, STOP_S, HEARD_S, SECONDS = 15, 40, 5, 300
RATE, LOUD = 8000, 1000     # a second of sound; of 32,768


class Installed:
    def __init__(self, root, tree, environment):
        self.root, self.environment, self.service = root, environment, None
        self.tree = tree
        sys.path.insert(0, str(tree / "test/e2e"))
        from caller import Caller
        from telco import Telco
        self.caller, self.telco = Caller, Telco

    # ---- judging -----------------------------------------------------------------------------
    def check(self, sentence, truth, more=""):
        if not truth:
            sys.exit(f"NOT: {sentence}\n{more() if callable(more) else more}")
        print(f"    {sentence}", flush=True)
        return truth

    def chroot(self, *command, said=None, code=0):
        done = subprocess.run(["chroot", self.root, *command], env=self.environment,
                              input=said or "", capture_output=True, text=True, timeout=SECONDS)
        told = done.stdout + done.stderr
        if code is not None and done.returncode != code:
            sys.exit(f"NOT: {' '.join(command)} ends with {code}: {done.returncode}\n{told}")
        return told

    def path(self, name):
        return self.root / name

    def mode(self, name):
        st = self.path(name).stat()
        user = {0: "root", self.uid: "decroche"}.get(st.st_uid, st.st_uid)
        group = {0: "root", self.gid: "decroche"}.get(st.st_gid, st.st_gid)
        return f"{user}:{group} {stat.S_IMODE(st.st_mode):04o}"

    # ---- installing --------------------------------------------------------------------------
    def install(self):
        packages = sorted(str(p)[len(str(self.root)):] for p in self.path("media").glob("*.deb"))
        told = self.chroot("dpkg", "-i", *packages)
        self.check(f"{len(packages)} packages are installed without network", True)
        self.check("the end of it says what to do next", "decroche init" in told, told[-2000:])
        line = self.chroot("getent", "passwd", "decroche").split(":")
        self.uid, self.gid = int(line[2]), int(line[3])
        self.check("the user decroche cannot sign in", line[6].strip() == "/usr/sbin/nologin", line)
        modes = {n: self.mode(n) for n in (ETC, VAR, "var/cache/decroche", "run/decroche")}
        self.check("folders belong to whom they should", list(modes.values()) == [
            "root:decroche 0750", *["decroche:decroche 0700"] * 3], modes)
        self.check("the unit is enabled", self.path(
            "etc/systemd/system/multi-user.target.wants/decroche.service").is_symlink())
        page = self.path("usr/share/man/man1/decroche.1.gz")
        self.check("the manual page is there", page.exists())
        unit = next(self.path(p) for p in ("lib/systemd/system/decroche.service",
                                           "usr/lib/systemd/system/decroche.service")
                    if self.path(p).exists()).read_text()
        self.check("the unit waits for the settings", f"ConditionPathExists={SETTINGS}\n" in unit
                   and not self.path(SETTINGS[1:]).exists())
        self.limits(int(re.search(r"(?m)^LimitNOFILE=(.*)$", unit)[1]))
        self.start = re.search(r"(?m)^ExecStart=(.*)$", unit)[1].split()
        told = self.chroot("decroche", "check", "-c", SETTINGS, code=3)
        self.check("check says how to get settings", "decroche init" in told, told)

    def limits(self, files_n):
        """As many files as systemd would give; fewer where this container refuses that."""
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files_n, files_n))
            self.has_limits = True
        except (ValueError, PermissionError):
            self.has_limits = False
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def ask(self, trunk):
        answers = ["Mairie de Courvelles", "", "04 10 00 00 10", f"127.0.0.1:{trunk}", "", "",
                   "toujours", "", "Nadège Vasseur", "", "", ""]
        told = self.chroot("decroche", "init", said="\n".join(answers) + "\n")
        self.check("six questions are answered", "Trois pas encore" in told, told)
        modes = [self.mode(f"{ETC}/{n}") for n in (
            "secrets.yaml", "decroche.yaml", "directory.yaml", "flows/accueil.yaml", "flows")]
        self.check("secrets are the service's alone, the rest it may read", modes == [
            "decroche:decroche 0600", *["root:decroche 0640"] * 3, "root:decroche 0750"], modes)
        if not self.has_limits:
            settings = self.path(SETTINGS[1:])
            settings.write_text(settings.read_text().replace(
                "  port: 5060\n", "  port: 5060\n  legs_max: 1000\n"))
        told = self.chroot("decroche", "init", code=1)
        self.check("a second init changes nothing", "existe déjà" in told, told)

    def as_service(self, *command, code=0):
        return self.chroot("runuser", "-u", "decroche", "--", *command, code=code)

    def examine(self):
        told = self.as_service("decroche", "check", "-c", SETTINGS)
        self.check("check has nothing to say", told.startswith("tout est en ordre"), told)
        told = self.as_service("decroche", "doctor", "-c", SETTINGS, code=None)
        self.check("doctor finds no fault", "\n0 faute," in "\n" + told, told)
        for line in told.splitlines():
            if line.startswith("attention"):
                print(f"      ({line})")

    # ---- serving -----------------------------------------------------------------------------
    def serve(self):
        self.log = open(self.path("serve.log"), "w+")
        self.service = subprocess.Popen(
            ["chroot", self.root, "setpriv", "--reuid=decroche", "--regid=decroche",
             "--clear-groups", "--no-new-privs", *self.start], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + READY_S
        while time.monotonic() < end and "prêt" not in self.said() and self.service.poll() is None:
            time.sleep(0.1)
        self.check("the unit's own command serves, as its user", "prêt" in self.said(), self.said)

    def said(self):
        return self.path("serve.log").read_text()

    def stop(self):
        self.service.terminate()
        self.check("it ends in order", self.service.wait(STOP_S) == 0, self.said)
        self.service = None

    def call(self):
        with self.caller("0536491234") as caller:
            caller.invite(NUMBER, ("127.0.0.1", 5060))
            self.check("a call is answered", caller.wait("talking", seconds=5), self.said)
            time.sleep(HEARD_S)
            samples = caller.heard.samples()
            self.check(f"the caller hears us ({len(caller.heard.packets)} packets)",
                       len(samples) > RATE and max(map(abs, samples)) > LOUD, len(samples))
            caller.hang_up()
            caller.wait("ended", seconds=3)
        time.sleep(1)

    def events(self):
        told = self.as_service("decroche", "replay", f"/{VAR}/decroche.db", "--json")
        return [json.loads(line) for line in told.splitlines() if line.startswith("{")]

    def outcomes_n(self):
        return sum(e["kind"] == "call_outcome" for e in self.events())

    # ---- docs/sauvegarde.md, as it stands ----------------------------------------------------
    def blocks(self, title):
        """The commands under a title of that page; systemd is not here, so its lines are ours."""
        text = (self.tree / "docs/sauvegarde.md").read_text()
        part = text.split(f"## {title}\n")[1].split("\n## ")[0]
        found = re.findall(r"(?s)```sh\n(.*?)```", part)
        return [re.sub(r"(?m)^systemctl .*\n", "", b) for b in found]

    def copy_and_restore(self):
        copy, nightly, verify = self.blocks("Copier")
        back, settings = self.blocks("Revenir")
        before, files = self.events(), self.files()
        self.serve()
        self.chroot("sh", "-e", "-c", copy)
        told = self.chroot("sh", "-e", "-c", copy, code=3)
        self.check("a copy beside the service, and no second one over it", "journal-" in told, told)
        self.chroot("sh", "-e", "-c", verify)
        self.call()
        self.stop()
        self.check("what came after the copy is there", self.outcomes_n() == 2)
        secrets = self.path(f"{ETC}/secrets.yaml")
        secrets.write_text("")
        self.chroot("sh", "-e", "-c", back)
        self.chroot("sh", "-e", "-c", settings)
        events = self.events()
        self.check("the copy is back, and so are the settings", events[:len(before)] == before
                   and self.outcomes_n() == 1 and self.files() == files, events[-3:])
        self.check("the journal that was there is kept beside", len([
            p for p in self.path(VAR).glob("decroche.db*") if ".db-" not in p.name
            and not p.name.endswith(".db")]) > 0, list(self.path(VAR).iterdir()))
        self.chroot("rm", "-rf", "/var/backups/decroche")
        self.check("the nightly script is one that sh reads", not self.chroot(
            "sh", "-n", "-c", nightly))

    # ---- the next version --------------------------------------------------------------------
    def next_version(self):
        """The same program as a newer package, whose conffile is another one."""
        old = next(self.path("media").glob("decroche_*.deb"))
        work = self.path("media/next")
        self.chroot("dpkg-deb", "-R", "/media/" + old.name, "/media/next")
        control = work / "DEBIAN/control"
        text = control.read_text()
        control.write_text(re.sub(r"(?m)^Version: (.*)$", r"Version: 99.\1", text))
        conffile = work / CONFFILE
        conffile.write_text(conffile.read_text() + "# of the next version\n")
        postinst = (work / "DEBIAN/postinst").read_text()
        self.check("an upgrade restarts the service", re.search(
            r"_dh_action=restart", postinst) and "deb-systemd-invoke" in postinst, postinst)
        prerm = work / "DEBIAN/prerm"
        self.check("and stops it only when it is removed", re.search(
            r'"\$1" = "?remove"?', prerm.read_text()), prerm.read_text())
        (work / "DEBIAN/md5sums").unlink()
        self.chroot("dpkg-deb", "-b", "/media/next", "/media/next.deb")
        return "/media/next.deb"

    def files(self):
        names = (CONFFILE, f"{ETC}/decroche.yaml", f"{ETC}/directory.yaml", f"{ETC}/secrets.yaml")
        return {n: hashlib.sha256(self.path(n).read_bytes()).hexdigest() for n in names}

    def upgrade(self):
        with open(self.path(CONFFILE), "a") as f:
            f.write("# changed by the administrator\n")
        before, events = self.files(), self.events()
        self.chroot("dpkg", "--force-confdef", "--force-confold", "-i", self.next_version())
        version = self.chroot("dpkg-query", "-W", "-f", "${Version}", "decroche")
        self.check(f"upgraded to {version}", version.startswith("99."))
        self.check("a changed conffile and all settings are kept", self.files() == before)
        self.check("the new conffile lies beside", self.path(f"{ETC}/{BESIDE}").exists())
        self.check("the journal is the same", self.events() == events)
        self.as_service("decroche", "verify", f"/{VAR}/decroche.db")

    # ---- the end -----------------------------------------------------------------------------
    def remove(self):
        before = self.files()
        self.chroot("dpkg", "-r", "decroche")
        self.check("removed: the program is gone, settings and journal stay",
                   not self.path("usr/bin/decroche").exists() and self.files() == before
                   and self.path(f"{VAR}/decroche.db").exists())
        told = self.chroot("dpkg", "--purge", "decroche", "decroche-prompts")
        self.check("purged: they are gone too, and dpkg said so",
                   not self.path(ETC).exists() and not self.path(VAR).exists()
                   and f"/{VAR} est supprimé" in told, told)
        left = self.chroot("find", "/", "-xdev", "-path", "/media", "-prune", "-o",
                           "-name", "*decroche*", "-print")
        self.check("nothing of the packages is left", not left, left)

    def live(self):
        with self.telco() as telco:
            self.install()
            self.ask(telco.port)
            self.examine()
            self.serve()
            self.call()
            self.stop()
            self.check("the call is in the journal, with its outcome", self.outcomes_n() == 1,
                       self.events)
            self.copy_and_restore()
            self.upgrade()
            self.serve()
            self.call()
            self.stop()
            self.check("the upgraded service goes on with the same journal", self.outcomes_n() == 2)
            self.remove()
