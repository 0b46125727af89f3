"""`gemba check`: is this installation in order?"""

import argparse
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

LEAST_FREE_BYTES = 1024**3
# Two clocks that differ more than this put acts into the wrong order.
MOST_CLOCK_DIFFERENCE = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)


class Finding(NamedTuple):
    """One line of the answer."""

    title: str
    is_right: bool
    text: str


def add_parser(words: Any) -> None:
    """Add the word."""
    check = words.add_parser("check", help="проверить установку: база, место, фоновая работа, часы")
    check.set_defaults(run=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """Print all findings; the exit code is 1 when something is wrong."""
    is_right = True
    for finding in findings():
        is_right = is_right and finding.is_right
        print(f"{'хорошо' if finding.is_right else 'ПЛОХО '}  {finding.title}: {finding.text}")
    return 0 if is_right else 1


def findings() -> Iterator[Finding]:
    """Look at everything; without a database the rest of its questions are not asked."""
    yield from (_settings(), _disk(), _pages())
    database = _database()
    yield database
    if not database.is_right:
        return
    migrations = _migrations()
    yield migrations
    if migrations.is_right:
        yield from (_worker(), _queue(), _editions(), _clock())


def _settings() -> Finding:
    from django.conf import settings

    title = "Настройки"
    if settings.DEBUG:
        return Finding(title, False, "включён GEMBA_DEBUG; он не для работы людей")
    if settings.DEMO and settings.DEMO_BEYOND_LOOPBACK:
        return Finding(title, False, "демонстрация открыта всем: входят без пароля (GEMBA_DEMO)")
    if settings.DEMO:
        return Finding(title, True, "демонстрация, только на этом компьютере")
    if not settings.HTTPS and not set(settings.ALLOWED_HOSTS) <= set(settings.LOOPBACK_HOSTS):
        return Finding(title, False, "без GEMBA_HTTPS=1 пароли идут по сети открыто")
    return Finding(title, True, ", ".join(settings.ALLOWED_HOSTS))


def _disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.VAR).free
    text = f"свободно {free // 1024**2:,} МБ в {settings.VAR}".replace(",", " ")
    return Finding("Место на диске", free >= LEAST_FREE_BYTES, text)


def _pages() -> Finding:
    from django.conf import settings

    is_right = settings.DEBUG or (settings.STATIC_ROOT / "staticfiles.json").exists()
    return Finding("Файлы страниц", is_right, "собраны" if is_right else "не собраны: gemba migrate")


def _database() -> Finding:
    from django.db import DatabaseError, connection

    title = "База данных"
    started = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                [[answer]] = cursor.fetchall()
                if answer != "ok":
                    return Finding(
                        title, False, f"файл повреждён: {answer}; восстановите из архива: gemba restore"
                    )
    except DatabaseError as problem:
        return Finding(title, False, f"не отвечает: {problem}")
    return Finding(title, True, f"{connection.display_name}, {1000 * (time.perf_counter() - started):.0f} мс")


def _migrations() -> Finding:
    from gemba.cli.running import unapplied

    waiting = unapplied()
    return Finding(
        "Миграции", not waiting, f"не применены: {waiting}; выполните gemba migrate" if waiting else "все"
    )


def _worker() -> Finding:
    from django.utils import timezone

    from gemba.jobs.queries import state

    workers = state(now=timezone.now()).workers
    return Finding(
        "Фоновая работа", workers > 0, f"процессов: {workers}" if workers else "не запущена: gemba serve"
    )


def _queue() -> Finding:
    from django.utils import timezone

    from gemba.jobs.queries import state

    now = timezone.now()
    jobs = state(now=now)
    is_late = jobs.oldest_waiting_at is not None and now - jobs.oldest_waiting_at > LONGEST_WAIT
    return Finding(
        "Очередь", not is_late and not jobs.failed,
        f"ждут {jobs.waiting}, идут {jobs.running}, не удались за месяц {jobs.failed}",
    )  # fmt: skip


def _editions() -> Finding:
    from django.apps import apps

    municipalities = apps.get_model("organisation", "Municipality").objects.count()
    editions = apps.get_model("regulations", "Edition").objects.count()
    is_right = municipalities > 0 and editions > 0
    text = f"муниципалитетов {municipalities}, редакций {editions}"
    return Finding("Положения", is_right, text if is_right else f"{text}; загрузите: gemba regulation load")


def _clock() -> Finding:
    from django.db import connection

    title = "Часы"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return Finding(title, True, f"{datetime.now(UTC).astimezone():%d.%m.%Y %H:%M:%S %z}")
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone()
    apart = abs(datetime.now(UTC) - theirs)
    return Finding(
        title, apart <= MOST_CLOCK_DIFFERENCE, f"расхождение с базой {apart.total_seconds():.1f} с"
    )
