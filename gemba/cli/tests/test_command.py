"""The command as an administrator types it, in processes of its own."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gemba.cli.tests.conftest import Installation

Make = Callable[[], Installation]
MUNICIPALITY = "SELECT count(*) FROM organisation_municipality"


class Serving:
    """A running `gemba serve`."""

    def __init__(self, here: Installation, *words: str, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gemba.cli.main", "serve", "--port", "0", "--processes", "1", *words],
            env={**here.environment, **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/", self.said)):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(self.said)
            self.said += line
        self.url = found.group(0)

    def get(self, path: str) -> int:
        """Ask for a page, waiting until the server is up; return the status."""
        for _ in range(100):
            try:
                with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as answer:
                return answer.code
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not answer")


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(here: Installation, *words: str, **more: str) -> Serving:
        started.append(Serving(here, *words, **more))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        if one.process.stdout:
            one.process.stdout.close()


def workers(here: Installation) -> list[int]:
    """Return the process numbers of the workers that signed on."""
    return [number for [number] in here.sql("SELECT process FROM jobs_worker")]


def wait(what: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def children(process: int) -> list[int]:
    """Return the numbers of the processes that a process started."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == process:
                found.append(int(place.name))
    return found


def test_the_server_answers_and_the_worker_works_and_both_end(
    ready: Installation, serve: Callable[..., Serving]
) -> None:
    running = serve(ready)
    assert running.get("ui/health/") == 200
    wait(lambda: len(workers(ready)) == 1)
    checked = ready.gemba("check")
    assert re.search(r"хорошо +Фоновая работа: процессов: 1", checked.stdout), checked.stdout + checked.stderr
    # Restoring under the hands of people is refused.
    archive = ready.var.parent / "a.tar.gz"
    assert ready.gemba("backup", str(archive)).returncode == 0
    assert "Остановите" in ready.gemba("restore", "--replace", str(archive)).stderr
    [worker] = workers(ready)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(40) == 0
    assert not is_alive(worker)
    assert workers(ready) == []


def test_a_fallen_worker_is_started_anew_and_ends_with_a_killed_server(
    ready: Installation, serve: Callable[..., Serving]
) -> None:
    running = serve(ready)
    wait(lambda: len(workers(ready)) == 1)
    [first] = workers(ready)
    subprocess.run(["kill", "-9", str(first)], check=True)
    wait(lambda: len(workers(ready)) == 2)
    [second] = set(workers(ready)) - {first}
    assert running.get("ui/health/")
    beside = children(running.process.pid)
    assert len(beside) >= 2 and second in beside
    running.process.kill()
    running.process.wait()
    wait(lambda: not any(map(is_alive, beside)))


def test_the_demo_does_not_open_to_others_unless_told_twice(ready: Installation) -> None:
    refused = ready.gemba("serve", "--host", "0.0.0.0", GEMBA_DEMO="1")
    assert refused.returncode == 1
    assert "GEMBA_DEMO_BEYOND_LOOPBACK=1" in refused.stderr


def test_a_taken_port_is_named(ready: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = ready.gemba("serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1 and "занят" in refused.stderr and "Traceback" not in refused.stderr


def test_an_unprepared_database_is_not_served(installation: Make) -> None:
    refused = installation().gemba("serve")
    assert refused.returncode == 1 and "gemba migrate" in refused.stderr


def test_backup_and_restore_through_the_command(ready: Installation, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    (ready.var / "files").mkdir(exist_ok=True)
    (ready.var / "files" / "приказ.txt").write_text("приказ")
    made = ready.gemba("backup", str(path))
    assert made.returncode == 0, made.stderr
    assert "Архив в порядке" in ready.gemba("restore", "--check", str(path)).stdout
    (ready.var / "files" / "приказ.txt").unlink()
    done = ready.gemba("restore", str(path))
    assert done.returncode == 0, done.stderr
    assert (ready.var / "files" / "приказ.txt").read_text() == "приказ"
    assert ready.sql(MUNICIPALITY) == [(0,)]
    assert ready.gemba("migrate").returncode == 0


def test_data_is_not_replaced_unless_told(ready: Installation, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    assert ready.gemba("backup", str(path)).returncode == 0
    assert found(ready).returncode == 0
    refused = ready.gemba("restore", str(path))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert ready.sql(MUNICIPALITY) == [(1,)]
    assert ready.gemba("restore", "--replace", str(path)).returncode == 0
    assert ready.sql(MUNICIPALITY) == [(0,)]


def found(here: Installation, code: str = "vydumanny") -> subprocess.CompletedProcess[str]:
    return here.gemba(
        "found", "--region", "Выдуманный край", "--code", code, "--name", "Выдуманный округ", "--short-name", "Округ",
        "--genitive", "Выдуманного округа", "--administrator", "orlova",
    )  # fmt: skip


def test_the_first_administrator_gets_a_password(ready: Installation) -> None:
    done = found(ready)
    assert re.search(r"имя orlova, пароль \S{10,}", done.stdout), done.stderr
    assert ready.sql("SELECT role FROM organisation_rolegrant") == [("admin",)]
    again = found(ready, code="другой код")
    assert again.returncode == 1 and "Ничего не создано" in again.stderr
    assert ready.sql(MUNICIPALITY) == [(1,)]


def test_check_says_what_is_wrong(installation: Make) -> None:
    done = installation().gemba("check")
    assert done.returncode == 1
    assert "ПЛОХО" in done.stdout and "gemba migrate" in done.stdout


def test_a_wrong_word_is_answered_in_russian(installation: Make) -> None:
    done = installation().gemba("serv")
    assert done.returncode == 2
    assert "нет такого" in done.stderr and "gemba --help" in done.stderr


def test_version_needs_no_settings(installation: Make) -> None:
    done = installation().gemba("version", DATABASE_URL="mysql://x")
    assert done.returncode == 0 and done.stdout.startswith("gemba ")


def test_the_nightly_backup_keeps_the_newest_and_touches_nothing_else(
    ready: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("2026-01-01-020000", "2026-01-02-020000", "2026-01-03-020000"):
        (folder / f"gemba-{day}.tar.gz").write_text("old")
    (folder / "важное.tar.gz").write_text("not ours")
    command = tmp_path / "gemba"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m gemba.cli.main "$@"\n')
    command.chmod(0o755)
    script = Path(__file__).resolve().parents[3] / "deploy" / "backup.sh"
    more = {"GEMBA_BACKUPS": str(folder), "GEMBA_BACKUPS_KEPT": "2", "GEMBA_COMMAND": str(command)}
    done = subprocess.run(
        [script], env={**ready.environment, **more}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "gemba-2026-01-03-020000.tar.gz" and names[-1] == "важное.tar.gz"
    assert len(names) == 3
