"""Run a command with a throw-away PostgreSQL: `python tests/postgresql.py COMMAND …`.

The cluster stands in a temporary folder, listens on a unix socket and a free loopback port, and is gone with the
command. When started as root the server runs as an ordinary user, as PostgreSQL demands. `DATABASE_URL` tells the
command where it is.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

NOT_FOUND = """\
Не найден сервер PostgreSQL (программы initdb и postgres).
Debian, Ubuntu, Astra Linux: apt-get install postgresql. Или задайте GEMBA_POSTGRESQL_BIN=/путь/к/bin.
No PostgreSQL server found (initdb, postgres). Debian: apt-get install postgresql."""

# What a throw-away cluster need not do: survive a power cut.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}


def binaries() -> Path:
    """Find the folder of the server's programs, the newest version first.

    :raises SystemExit: when there is none.
    """
    given = os.environ.get("GEMBA_POSTGRESQL_BIN")
    places = [Path(given)] if given else []
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        numbered = [place for place in debian.iterdir() if place.name.isdigit()]
        places += [place / "bin" for place in sorted(numbered, key=lambda place: -int(place.name))]
    places += [Path("/usr/pgsql-17/bin"), Path("/usr/pgsql-16/bin"), Path("/usr/pgsql-15/bin")]
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    sys.exit(NOT_FOUND)


def other_user() -> str | None:
    """Name the user to run the server as: nobody's business but root's."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    sys.exit("PostgreSQL не запускается от root, а пользователей postgres и nobody в системе нет.")


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A throw-away server."""

    def __init__(self) -> None:
        self.bin = binaries()
        self.user = other_user()
        self.folder = Path(tempfile.mkdtemp(prefix="gemba-pg-", dir="/tmp"))
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.folder.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Run one of the server's programs as the server's user."""
        return subprocess.run(
            command, user=self.user, cwd=self.folder, env=self.environment(), capture_output=True, check=False
        )

    def environment(self) -> dict[str, str]:
        """Give the server a plain environment of its own."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "TZ": "UTC",
        }

    def start(self) -> None:
        """Create the cluster and wait until it answers."""
        data = self.folder / "data"
        init = [
            str(self.bin / "initdb"),
            "-D",
            str(data),
            "-U",
            "gemba",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        # Russian order of letters, ё among them, comes from ICU; a server built without it sorts by code.
        made = self.run(*init, "--locale-provider=icu", "--icu-locale=ru-RU", "--locale=C.UTF-8")
        if made.returncode:
            shutil.rmtree(data, ignore_errors=True)
            made = self.run(*init, "--locale=C.UTF-8")
        if made.returncode:
            sys.exit(made.stderr.decode(errors="replace"))
        options = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(data), "-p", str(self.port), "-k", str(self.folder),
                 "-c", "listen_addresses=127.0.0.1", *options],
                user=self.user, cwd=self.folder, env=self.environment(), stdout=log, stderr=log,
                # A terminal's Ctrl+C must reach the tests first; the server is ended by us afterwards.
                start_new_session=True,
            )  # fmt: skip
        ready = [
            str(self.bin / "psql"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "gemba",
            "-d",
            "postgres",
        ]
        for _ in range(300):
            if self.server.poll() is not None:
                sys.exit((self.folder / "log").read_text(errors="replace"))
            if self.run(*ready, "-c", "CREATE DATABASE gemba").returncode == 0:
                return
            try:
                self.server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        sys.exit("PostgreSQL не ответил за 30 секунд:\n" + (self.folder / "log").read_text(errors="replace"))

    def stop(self) -> None:
        """End the server by its number and remove the folder."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # "fast": open transactions are rolled back
            try:
                self.server.wait(20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Return the address for DATABASE_URL."""
        return f"postgresql://gemba@127.0.0.1:{self.port}/gemba"


def main(command: list[str]) -> int:
    """Run the command beside a cluster and return its exit code."""
    if not command:
        sys.exit(__doc__)
    cluster = Cluster()
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: object) -> None:
        if child:
            child.send_signal(number)

    try:
        cluster.start()
        signal.signal(signal.SIGTERM, pass_on)
        child = subprocess.Popen(
            command,
            env={
                **os.environ,
                "DATABASE_URL": cluster.url,
                "PATH": f"{cluster.bin}:{os.environ.get('PATH', '')}",
            },
        )
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the command heard it too and ends in its own way
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
