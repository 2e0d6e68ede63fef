"""browser.py — a real browser for tests: Debian's Chromium, driven by npm's playwright-core, or its
Firefox, by puppeteer-core. Where one of these is not there the test is skipped with a line."""
import json
import queue
import shutil
import subprocess
import threading
from pathlib import Path

from robots import need, skip

SCRIPTS = Path(__file__).resolve().parent / "peers"
CHROMIUM = ("chromium", "playwright-core", "browser.mjs")
FIREFOX = ("firefox-esr", "puppeteer-core", "firefox.mjs")
START_S, ORDER_S = 40, 40


class BrowserError(Exception):
    pass


class Browser:
    """browser.text(at="h1"), browser.open(url=…): each order of its script is a method."""

    def __init__(self, peers, which=CHROMIUM):
        program, driver, script = which
        need("node", program)
        if not (Path(peers) / "node_modules" / driver).is_dir():
            skip(f"npm's {driver} is not in {peers}: ./dev test installs it where npm can "
                 "be reached")
        self.answers, self.n = queue.Queue(), 0
        self.process = subprocess.Popen(["node", SCRIPTS / script, peers, shutil.which(program)],
                                        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        bufsize=1)
        threading.Thread(target=self._read, daemon=True).start()
        self.version = self._next(START_S)["ready"]

    def _read(self):
        for line in self.process.stdout:
            self.answers.put(json.loads(line))
        self.answers.put({"error": "the browser ended by itself"})

    def _next(self, seconds):
        try:
            answer = self.answers.get(timeout=seconds)
        except queue.Empty:
            raise BrowserError(f"no answer of the browser within {seconds} s") from None
        if "error" in answer:
            raise BrowserError(answer["error"])
        return answer

    def __getattr__(self, order):
        def give(**how):
            self.n += 1
            self.process.stdin.write(json.dumps({"id": self.n, "do": order, **how}) + "\n")
            self.process.stdin.flush()
            return self._next(ORDER_S)["value"]
        return give

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
