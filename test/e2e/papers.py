"""papers.py — certificates for a case, made by openssl: an authority, and who is signed by it.

  papers = Papers(folder); papers.make("house", "localhost") → (house.pem, house.key)
"""
import subprocess
from pathlib import Path


def openssl(*arguments, **how):
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                          timeout=20, **how)


class Papers:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.authority = self.folder / "authority.pem"
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-days", 400, "-subj", "/CN=Test authority", "-out", self.authority,
                  "-keyout", self.folder / "authority.key")

    def _run(self, *arguments):
        done = openssl(*arguments)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def make(self, name, host="localhost", days=30, ip="127.0.0.1"):
        """The files of a certificate for this host, signed by the authority."""
        pem, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        wish, more = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        more.write_text(f"subjectAltName=DNS:{host},IP:{ip}\n")
        self._run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-subj", f"/CN={host}", "-out", wish, "-keyout", key)
        self._run("x509", "-req", "-in", wish, "-CA", self.authority,
                  "-CAkey", self.folder / "authority.key", "-CAcreateserial", "-days", days,
                  "-extfile", more, "-out", pem)
        key.chmod(0o600)
        return pem, key

    def pin(self, pem):
        said = openssl("x509", "-in", pem, "-noout", "-fingerprint", "-sha256").stdout
        return said.partition("=")[2].strip()
