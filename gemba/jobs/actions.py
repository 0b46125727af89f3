"""Ask for background work, give the schedule its turns, take over from the dead, clear away the old."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gemba.jobs import schedule
from gemba.jobs.models import Turn, Worker
from gemba.jobs.rules import DEAD_AFTER
from gemba.jobs.work import run

ATTEMPTS = 4
KEEP_FINISHED = timedelta(days=30)
KEEP_TURNS = timedelta(days=400)


def enqueue(
    function: str | Callable[..., object],
    *,
    run_at: datetime | None = None,
    attempts: int = ATTEMPTS,
    **arguments: Any,
) -> str:
    """Ask for `function(**arguments)` in the background and return the number of the work.

    Inside a transaction it is asked for when, and only if, the transaction succeeds. Arguments are plain JSON values.
    """
    work = run.using(run_after=run_at) if run_at else run
    result = work.enqueue(path=schedule.path_of(function), arguments=arguments, attempt=1, attempts=attempts)
    return result.id


def give_turns(*, now: datetime) -> list[str]:
    """Enqueue every regular job whose turn has come and was not given yet; return their names."""
    zone = ZoneInfo(settings.TIME_ZONE)
    calendar = schedule.calendar()
    given = []
    for entry in schedule.entries():
        due_at = entry.every.latest_due(now, zone, calendar)
        if due_at is None or Turn.objects.filter(name=entry.name, due_at=due_at).exists():
            continue
        try:
            with transaction.atomic():
                Turn.objects.create(name=entry.name, due_at=due_at, given_at=now)
                enqueue(entry.function, at=due_at.isoformat())
        except IntegrityError:
            continue  # another worker was quicker
        given.append(entry.name)
    return given


def sign_of_life(*, name: str, host: str, process: int, now: datetime) -> None:
    """Write down that the worker lives."""
    if not Worker.objects.filter(name=name).update(seen_at=now):
        Worker.objects.create(name=name, host=host, process=process, started_at=now, seen_at=now)


def sign_off(*, name: str) -> None:
    """Forget a worker that ended in order."""
    Worker.objects.filter(name=name).delete()


def take_over(*, now: datetime) -> int:
    """Put the work of dead workers back into the queue; return how many pieces.

    Work that has killed several workers is given up as failed, so that it does not kill the rest.
    """
    dead = Worker.objects.filter(seen_at__lt=now - DEAD_AFTER)
    dead_names = set(dead.values_list("name", flat=True))
    running = list(DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).order_by())
    if not dead_names and not running:
        return 0
    alive = set(Worker.objects.values_list("name", flat=True)) - dead_names
    orphans = [
        work for work in running
        # A worker writes its sign of life before its first claim: one that is not in the table is gone.
        if work.worker_ids and work.worker_ids[-1] not in alive
    ]  # fmt: skip
    with transaction.atomic():
        for work in orphans:
            if len(work.worker_ids) >= ATTEMPTS:
                changed = {
                    "status": TaskResultStatus.FAILED,
                    "finished_at": now,
                    "exception_class_path": "builtins.RuntimeError",
                    "traceback": f"the worker died {len(work.worker_ids)} times while running this",
                }
            else:
                changed = {"status": TaskResultStatus.READY}
            # Only if nobody else took it over meanwhile.
            DBTaskResult.objects.filter(
                pk=work.pk, status=TaskResultStatus.RUNNING, worker_ids=work.worker_ids
            ).update(**changed)
        Worker.objects.filter(name__in=dead_names, seen_at__lt=now - DEAD_AFTER).delete()
    return len(orphans)


def clear_away(*, at: datetime) -> None:
    """Delete what finished long ago: results of work and old turns."""
    DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_FINISHED).delete()
    Turn.objects.filter(due_at__lt=at - KEEP_TURNS).delete()
