"""`gemba serve`, `gemba worker`, `gemba migrate`, `gemba version`."""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import threading
from typing import Any

from gemba.cli import parents

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# A worker that falls at once is not started anew in a whirl.
RESTART_SECONDS = 5.0


def add_parser(words: Any) -> None:
    """Add the words of running."""
    serve = words.add_parser("serve", help="запустить сервер и фоновую работу")
    serve.add_argument("--host", default="127.0.0.1", help="адрес, на котором слушать (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="порт (8000; 0 — любой свободный)")
    serve.add_argument("--processes", type=int, default=0, help="сколько процессов сервера (по числу ядер)")
    serve.add_argument("--threads", type=int, default=2, help="сколько потоков в каждом (2)")
    serve.add_argument(
        "--without-worker",
        action="store_true",
        help="без фоновой работы: её ведёт «gemba worker» на другом узле",
    )
    serve.set_defaults(run=run_serve)

    worker = words.add_parser("worker", help="вести только фоновую работу и расписание")
    worker.set_defaults(run=run_worker)

    migrate = words.add_parser("migrate", help="привести базу данных и файлы страниц к этой версии")
    migrate.set_defaults(run=run_migrate)

    version = words.add_parser("version", help="показать версию")
    version.set_defaults(run=run_version, django_required=False)


def run_serve(arguments: argparse.Namespace) -> int:
    """Start the server and the worker, and end both together."""
    from django.conf import settings

    host = "127.0.0.1" if arguments.host == "localhost" else arguments.host
    if settings.DEMO and host not in LOOPBACK and not settings.DEMO_BEYOND_LOOPBACK:
        sys.exit(
            f"Демонстрация не открывается на {host}: в неё входят без пароля.\n"
            "Уберите GEMBA_DEMO или, если это и нужно, задайте ещё и GEMBA_DEMO_BEYOND_LOOPBACK=1."
        )
    waiting = unapplied()
    if waiting:
        sys.exit(f"База данных не готова (изменений: {waiting}). Выполните: gemba migrate")
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        sys.exit("Файлы страниц не собраны. Выполните: gemba migrate")
    port = free_port(host, arguments.port)

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ[parents.VARIABLE] = str(os.getpid())
    server = Granian(
        "gemba.cli.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=arguments.processes or cores(),
        blocking_threads=arguments.threads,
        # A fallen process is started anew; a start that always fails is not repeated in a whirl.
        respawn_failed_workers=True,
        websockets=False,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
    )
    with contextlib.ExitStack() as beside:
        if not arguments.without_worker:
            beside.enter_context(WorkerBeside())
        shown = f"[{host}]" if ":" in host else host
        print(f"Гемба: http://{shown}:{port}/  (остановить — Ctrl+C)", flush=True)
        server.serve()
    return 0


class WorkerBeside:
    """The worker process beside the server: started with it, started anew when it falls, ended with it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.ending = threading.Event()
        self.keeper = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def __enter__(self) -> None:
        self._start()
        self.keeper.start()

    def __exit__(self, *error: object) -> None:
        self.ending.set()
        self.keeper.join(RESTART_SECONDS)
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(30)  # the piece of work in hand is finished
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gemba.cli.main", "worker"],
            env={**os.environ, parents.VARIABLE: str(os.getpid())},
            # Ctrl+C is for the server; it ends the worker in its turn.
            start_new_session=True,
        )

    def _keep(self) -> None:
        while not self.ending.wait(RESTART_SECONDS):
            if self.process and self.process.poll() is not None:
                print(
                    f"Фоновая работа остановилась (код {self.process.returncode}), запускаем снова.",
                    flush=True,
                )
                self._start()


def run_worker(arguments: argparse.Namespace) -> int:
    """Run background work until told to end."""
    from gemba.jobs.worker import worker

    parents.end_with_parent()
    worker()
    return 0


def run_migrate(arguments: argparse.Namespace) -> int:
    """Apply migrations and collect the files of pages."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print("База данных и файлы страниц готовы.")
    return 0


def run_version(arguments: argparse.Namespace) -> int:
    """Print the version."""
    print(f"gemba {version()}")
    return 0


def version() -> str:
    """Return the version of the product."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("gemba")
    except PackageNotFoundError:
        return "0 (не установлена)"


def unapplied() -> int:
    """Count migrations that the database still waits for."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def cores() -> int:
    """Count the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_port(host: str, port: int) -> int:
    """Return the port when nobody holds it; 0 asks for any free one.

    :raises SystemExit: when it is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            reason = problem.strerror or str(problem)
            sys.exit(f"Порт {port} на {host} занят или запрещён ({reason}). Выберите другой: --port 8001")
        found: int = probe.getsockname()[1]
        return found
