"""A whole installation for the journeys: its own data, the demo's invented people, `gemba serve` as it is installed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.sources import BASE

READY = "/ui/health/"
WAIT = 60
# As the installed command does it; the tests need not know where it was installed.
START = "from gemba.cli.main import main; raise SystemExit(main())"


class House:
    """A running installation."""

    def __init__(self, url: str, var: Path) -> None:
        self.url = url
        self.var = var

    def gemba(self, *words: str) -> str:
        """Run a command of the administrator in this installation and return what it said."""
        return run(self.var, *words)

    def asked(self, code: str) -> str:
        """Run a few lines inside the installation, for what nobody can read on a screen, and return what they printed."""
        start = "from gemba.cli.main import start_django; start_django()\n"
        return _python(self.var, start + code)


def run(var: Path, *words: str) -> str:
    """Run `gemba …` and return what it printed."""
    return _python(var, START, *words)


def _python(var: Path, code: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=BASE, env=surroundings(var), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout


def surroundings(var: Path) -> dict[str, str]:
    """Return the environment of the installation: nothing of the one the tests run in."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GEMBA_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "GEMBA_VAR": str(var), "GEMBA_DEMO": "1", "PYTHONUNBUFFERED": "1"}


@contextmanager
def opened(var: Path) -> Iterator[House]:
    """Fill an installation and serve it until the journeys end."""
    run(var, "migrate")
    run(var, "demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (var / "serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-c", START, "serve", "--port", str(port)],
        cwd=BASE, env=surroundings(var), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, server, var)
        yield House(url, var)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def _wait(url: str, server: subprocess.Popen[bytes], var: Path) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        assert server.poll() is None, (var / "serve.log").read_text()
        try:
            with urllib.request.urlopen(url + READY, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer: " + (var / "serve.log").read_text())
