"""Measure the pages of one prepared database: over a real connection and in process. Prints JSON.

Started by `bench.py`, which sets the environment; starts one server and ends it by its number.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

BASE = Path(__file__).resolve().parents[2]
SECONDS_A_PAGE = 3.0
WARM = 4
_CONTROL = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)")


def main() -> int:
    """Measure every page that this version has and print what was found."""
    sys.path.insert(0, str(BASE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.urls import NoReverseMatch

    from gemba.organisation.models import Municipality
    from tests.load.registry import Scene, collect

    scene = Scene(Municipality.objects.filter(code__startswith="fill-").order_by("code").first())
    if scene.municipality is None:
        sys.exit("Нет придуманного края: gemba fill")
    found = []
    only = os.environ.get("GEMBA_BENCH_ONLY", "")
    with Server() as server:
        sessions: dict[str, str] = {}
        for page in collect():
            if only and only not in f"{page.module} {page.name}":
                continue
            try:
                address = quote(page.address(scene), safe="/?=&~%+:.,-")
            except NoReverseMatch:
                continue
            if page.role not in sessions:
                sessions[page.role] = sign_in(scene.user(page.role))
            row = {"module": page.module, "name": page.name, "target_ms": page.target_ms, "note": page.note}
            row |= over_connection(server.port, page, address, sessions[page.role], scene)
            row |= in_process(page, address, scene)
            found.append(row)
            print(
                f"{row['p50']:9.1f} мс  {row['cpu']:8.1f} мс CPU  {row['sql']:3} SQL  {page.module}: {page.name}",
                file=sys.stderr,
                flush=True,
            )
    json.dump({"pages": found, "rows": count_rows()}, sys.stdout, ensure_ascii=False)
    return 0


class Server:
    """`gemba serve` on a free port of the loopback."""

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gemba.cli.main", "serve", "--port", "0", "--without-worker"],
            cwd=BASE, stdout=subprocess.PIPE, text=True, env={**os.environ, "GEMBA_LOG_LEVEL": "ERROR"},
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.search(r":(\d+)/", line)
        if not match:
            raise SystemExit(f"Сервер не запустился: {line or self.process.wait(10)}")
        self.port = int(match[1])
        for _ in range(200):
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/sign-in/")
                connection.getresponse().read()
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit("Сервер не ответил за 10 секунд.")

    def __exit__(self, *error: object) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def sign_in(user: Any) -> str:
    """Return the key of a session of the account."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="gemba.organisation.authentication.LoginBackend")
    return client.cookies["gemba_session"].value


def over_connection(port: int, page: Any, address: str, session: str, scene: Any) -> dict[str, Any]:
    """Ask for the page again and again over one connection that stays open; count and time are bounded."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    token = "a" * 32
    headers = {"Cookie": f"gemba_session={session}; csrftoken={token}", "Accept-Encoding": "gzip"}
    if page.htmx:
        headers |= {"HX-Request": "true", "HX-Target": page.htmx}

    def ask() -> tuple[float, int, int]:
        body, method = None, "GET"
        if page.data:
            method, body = "POST", urlencode({**page.data(scene), "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection.request(method, address, body=body, headers=headers)
        answer = connection.getresponse()
        size = len(answer.read())
        return 1000 * (time.perf_counter() - started), answer.status, size

    first, status, size = ask()
    if status not in page.status:
        raise SystemExit(f"{page.module}: {page.name} отвечает {status} ({address})")
    is_slow = first > 400
    for _ in range(0 if is_slow else WARM):
        ask()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < page.most and (time.perf_counter() - began < SECONDS_A_PAGE or len(times) < 2):
        taken, status, size = ask()
        if status not in page.status:
            raise SystemExit(f"{page.module}: {page.name} отвечает {status} ({address})")
        times.append(taken)
    connection.close()
    ordered = sorted(times)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))],
        "per_second": 1000 * len(times) / sum(times),
        "asked": len(times),
        "bytes": size,
    }


def in_process(page: Any, address: str, scene: Any) -> dict[str, Any]:
    """Ask without a server: how many statements the page makes, and its median without the network."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.user(page.role), backend="gemba.organisation.authentication.LoginBackend")
    more = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": page.htmx} if page.htmx else {}

    def ask() -> None:
        answer = client.post(address, page.data(scene), **more) if page.data else client.get(address, **more)
        if answer.streaming:
            for _ in answer.streaming_content:
                pass

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    # Now: the next request forgets them. Transactions opened and closed are no questions.
    asked = [row["sql"] for row in captured.captured_queries if not _CONTROL.match(row["sql"])]
    times = []
    began = time.perf_counter()
    while len(times) < min(page.most, 30) and (time.perf_counter() - began < 1.5 or len(times) < 2):
        # Processor time, not the clock: neighbours on the machine do not spoil it.
        started = time.process_time()
        ask()
        times.append(1000 * (time.process_time() - started))
    return {"sql": len(asked), "cpu": statistics.median(times)}


def count_rows() -> dict[str, int]:
    """Count what the database holds."""
    from django.apps import apps

    names = {
        "муниципалитетов": "organisation.Municipality", "организаций": "organisation.Organisation",
        "людей": "organisation.Person", "предложений": "proposals.Proposal", "событий": "proposals.ProposalEvent",
    }  # fmt: skip
    found = {title: apps.get_model(name).objects.count() for title, name in names.items()}
    from gemba.organisation.models import Municipality
    from gemba.proposals.models import Proposal

    first = Municipality.objects.filter(code__startswith="fill-").order_by("code").first()
    return found | {
        "предложений в измеряемом муниципалитете": Proposal.objects.filter(municipality=first).count()
    }


if __name__ == "__main__":
    sys.exit(main())
