#!/usr/bin/env python3
"""offline.py — the packages on a bare Debian without network: installed, asked their six questions,
a call answered, upgraded, removed, purged.

  offline.py SUITE [PLACE]      SUITE: bookworm or trixie; PLACE: for its roots (build/install)
                                exit 77 (skipped) with a line where that cannot be tried

Called by `./dev test long`. Two roots made by debootstrap: in one the packages are built, as by a
newcomer, and in the other their dependencies are downloaded. From then on there is no network: the
rest happens in a network namespace of its own, with nothing in it but a loopback.
"""
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

from steps import Installed

SKIPPED = 77
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1800              # of one command: a mirror may be slow
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}
FROM_OUTSIDE = ("http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def need():
    if os.geteuid():
        skip("only root makes roots of its own")
    for program in ("debootstrap", "unshare", "chroot"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    if subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True).returncode:
        skip("this kernel, or this container, gives no namespaces")


def run(*command, **how):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=SECONDS, **how)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout[-4000:]}"
                 f"{done.stderr[-4000:]}")
    return done.stdout


def mirror():
    """Of this machine's own Debian."""
    text = run("apt-get", "indextargets", "--format", "$(SITE)")
    return text.splitlines()[0] if text else "http://deb.debian.org/debian"


# ---- with a network ----------------------------------------------------------------------------
def make_base(suite, base):
    if (base / "etc/debian_version").exists():
        return
    shutil.rmtree(base, ignore_errors=True)
    done = subprocess.run(["debootstrap", "--variant=minbase", "--include=ca-certificates", suite,
                           str(base), mirror()], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        shutil.rmtree(base, ignore_errors=True)
        skip(f"debootstrap could not make a root of {suite}: {done.stdout.splitlines()[-1:]}")
    for name in ("etc/resolv.conf", "etc/hosts"):
        shutil.copy("/" + name, base / name)
    shutil.copytree("/etc/apt/apt.conf.d", base / "etc/apt/apt.conf.d", dirs_exist_ok=True)
    shutil.copytree("/usr/local/share/ca-certificates", base / "usr/local/share/ca-certificates",
                    dirs_exist_ok=True)
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", base / "etc/ssl/certs/ca-certificates.crt")


def fresh(base, root):
    shutil.rmtree(root, ignore_errors=True)
    run("cp", "-a", base, root)


def inside(root, *command):
    """With network; /proc and /dev are there as long as the command runs."""
    more = {k: v for k, v in os.environ.items() if k.lower() in FROM_OUTSIDE}
    mounts = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
    return run("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", mounts, root,
               *command, env=ENVIRONMENT | more)


def build(base, place):
    """The packages, by ./dev in a root that has never seen a compiler."""
    root = place / "builder"
    fresh(base, root)
    names = run("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard",
                "-z").split("\0")
    for name in (n for n in names if n and (ROOT / n).is_file()):
        (root / "decroche" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / "decroche" / name)
    said = inside(root, "sh", "-c", "cd /decroche && ./dev package")
    packages = [shutil.copy(p, place) for p in (root / "decroche/build/package").glob("*.deb")]
    print(said.rstrip())
    assert len(packages) == 2, packages
    shutil.rmtree(root)
    return packages


def download(base, place, packages):
    """A bare root with the packages and all that they depend on in /media, nothing installed."""
    root = place / "machine"
    fresh(base, root)
    for package in packages:
        shutil.copy(package, root / "media")
    inside(root, "apt-get", "-q", "update")
    inside(root, "sh", "-c", "apt-get -q -y --no-install-recommends --download-only "
           "-o APT::Keep-Downloaded-Packages=1 -o Dir::Cache::Archives=/media "
           "install /media/decroche*.deb espeak-ng")
    return root


# ---- without -----------------------------------------------------------------------------------
def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 1)      # IFF_UP
        fcntl.ioctl(s, 0x8914, request)                 # SIOCSIFFLAGS


def has_network():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return not s.connect_ex(("192.0.2.1", 9))


def try_offline(root):
    """In namespaces of our own."""
    loopback_up()
    assert not has_network()
    run("mount", "-t", "proc", "proc", root / "proc")
    run("mount", "--rbind", "/dev", root / "dev")
    Installed(root, ROOT, ENVIRONMENT).live()


def main():
    if sys.argv[1] == "--offline":
        try_offline(Path(sys.argv[2]))
        return
    need()
    suite = sys.argv[1]
    place = Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "build/install").resolve() / suite
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.deb"):
        old.unlink()
    make_base(suite, place / "base")
    root = download(place / "base", place, build(place / "base", place))
    done = subprocess.run(["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
                           sys.executable, __file__, "--offline", root])
    if not done.returncode:         # else it is kept to be looked at
        shutil.rmtree(root)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
