"""What there is to see about background work."""

from dataclasses import dataclass
from datetime import datetime

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gemba.jobs.models import Worker
from gemba.jobs.rules import DEAD_AFTER


@dataclass(frozen=True, slots=True)
class State:
    """The state of background work at one moment."""

    workers: int
    waiting: int
    oldest_waiting_at: datetime | None
    running: int
    failed: int


def state(*, now: datetime) -> State:
    """Count living workers and pieces of work: due and waiting, running, failed within the last kept month."""
    ready = DBTaskResult.objects.ready().order_by("enqueued_at")
    oldest = ready.values_list("enqueued_at", flat=True).first()
    return State(
        workers=Worker.objects.filter(seen_at__gte=now - DEAD_AFTER).count(),
        waiting=ready.count(),
        oldest_waiting_at=oldest,
        running=DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).count(),
        failed=DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count(),
    )
