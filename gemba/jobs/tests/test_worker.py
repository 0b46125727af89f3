"""The worker in this process and in others."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gemba.jobs import schedule
from gemba.jobs.actions import ATTEMPTS, clear_away, enqueue, give_turns, sign_of_life, take_over
from gemba.jobs.models import Turn, Worker
from gemba.jobs.queries import state
from gemba.jobs.rules import DEAD_AFTER
from gemba.jobs.tests import work_to_do
from gemba.jobs.worker import work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def only() -> Iterator[Callable[..., None]]:
    """Leave only the regular jobs of the test in the schedule."""
    kept = dict(schedule._entries)
    schedule._entries.clear()
    yield schedule.register
    schedule._entries.clear()
    schedule._entries.update(kept)


@pytest.fixture
def file(tmp_path: Path, only: Callable[..., None]) -> str:
    return str(tmp_path / "lines")


def lines(file: str) -> list[str]:
    return Path(file).read_text().split() if Path(file).exists() else []


def test_work_is_done_once(file: str) -> None:
    enqueue(work_to_do.note, file=file)
    work_off()
    work_off()
    assert lines(file) == ["done"]


def test_work_asked_for_in_a_failed_transaction_is_never_done(file: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(work_to_do.note, file=file)
        raise RuntimeError
    work_off()
    assert lines(file) == []


def test_work_for_later_waits(file: str) -> None:
    enqueue(work_to_do.note, file=file, run_at=timezone.now() + timedelta(hours=1))
    work_off()
    assert lines(file) == []
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        work_off()
    assert lines(file) == ["done"]


def test_failed_work_is_tried_again_later_and_given_up_at_last(file: str) -> None:
    enqueue(work_to_do.fail, file=file, attempts=3)
    work_off()
    work_off()
    assert lines(file) == ["failed"], "the second attempt must wait"
    start = timezone.now()
    for hours in (1, 2, 20, 40):
        with time_machine.travel(start + timedelta(hours=hours)):
            work_off()
    assert lines(file) == ["failed"] * 3
    assert state(now=timezone.now()).failed == 3
    assert "printer" in DBTaskResult.objects.failed().first().traceback  # type: ignore[union-attr]


def test_a_lambda_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="function of a module"):
        enqueue(lambda: None)


def test_a_turn_is_given_once_with_the_due_moment(only: Callable[..., None]) -> None:
    only("tests.moment", work_to_do.note_moment, daily_at="03:30")
    work_to_do.MOMENTS.clear()
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        assert give_turns(now=now) == ["tests.moment"]
        assert give_turns(now=now) == []
        work_off()
    assert work_to_do.MOMENTS == [datetime(2026, 11, 20, 20, 30, tzinfo=UTC)]
    assert give_turns(now=now + timedelta(days=1)) == ["tests.moment"]


def test_a_name_is_registered_once(only: Callable[..., None]) -> None:
    only("tests.moment", work_to_do.note_moment, daily_at="03:30")
    only("tests.moment", work_to_do.note_moment, daily_at="03:30")
    with pytest.raises(ValueError, match="twice"):
        only("tests.moment", work_to_do.note_moment, daily_at="03:31")
    with pytest.raises(ValueError, match="one of"):
        only("tests.other", work_to_do.note_moment)


def test_the_work_of_a_dead_worker_goes_back_and_of_a_living_one_does_not(file: str) -> None:
    now = timezone.now()
    sign_of_life(name="dead", host="h", process=1, now=now - DEAD_AFTER - timedelta(seconds=1))
    sign_of_life(name="alive", host="h", process=2, now=now)
    for name in ("dead", "alive", "unknown"):
        enqueue(work_to_do.note, file=file, text=name)
        DBTaskResult.objects.ready().get().claim(name)
    assert take_over(now=now) == 2
    assert set(Worker.objects.values_list("name", flat=True)) == {"alive"}
    work_off()
    assert sorted(lines(file)) == ["dead", "unknown"]


def test_work_that_kills_workers_is_given_up(file: str) -> None:
    enqueue(work_to_do.note, file=file)
    for number in range(ATTEMPTS):
        DBTaskResult.objects.ready().get().claim(f"gone-{number}")
        take_over(now=timezone.now())
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_the_old_is_cleared_away(file: str) -> None:
    now = timezone.now()
    enqueue(work_to_do.note, file=file)
    Turn.objects.create(name="x", due_at=now - timedelta(days=500), given_at=now)
    work_off()
    clear_away(at=now)
    assert DBTaskResult.objects.count() == 1 and Turn.objects.count() == 0
    clear_away(at=now + timedelta(days=31))
    assert DBTaskResult.objects.count() == 0


def test_a_worker_signs_off(file: str) -> None:
    work_off()
    assert state(now=timezone.now()).workers == 0


# --- other processes ----------------------------------------------------------------------------


def start(code: str) -> subprocess.Popen[bytes]:
    """Start Python beside us on the same test database."""
    name = connection.settings_dict["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "GEMBA_LOG_LEVEL": "WARNING",
        },
    )


WORK_OFF = (
    "from gemba.jobs import schedule; schedule._entries.clear();"
    "from gemba.jobs.worker import work_off; work_off()"
)


def test_two_workers_do_every_piece_once(file: str) -> None:
    for number in range(60):
        enqueue(work_to_do.note, file=file, text=str(number))
    workers = [start(WORK_OFF), start(WORK_OFF)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(map(int, lines(file))) == list(range(60))


def test_two_workers_give_one_turn(file: str) -> None:
    code = (
        "from gemba.jobs import schedule; schedule._entries.clear();"
        "schedule.register('t', 'gemba.jobs.tests.work_to_do.note_moment', daily_at='00:00');"
        "from datetime import datetime, UTC; from gemba.jobs.actions import give_turns;"
        "[give_turns(now=datetime(2026, 1, day, 12, tzinfo=UTC)) for day in range(1, 28)]"
    )
    workers = [start(code), start(code)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert Turn.objects.count() == 27
    assert DBTaskResult.objects.count() == 27


def test_what_a_killed_worker_was_doing_is_done_by_the_next(file: str) -> None:
    enqueue(work_to_do.sleep_once, file=file)
    victim = start(WORK_OFF)
    for _ in range(300):
        if lines(file):
            break
        time.sleep(0.1)
    victim.kill()
    victim.wait()
    assert lines(file) == ["started"]
    work_off()
    assert lines(file) == ["started"], "the killed worker is not known to be dead yet"
    with time_machine.travel(timezone.now() + DEAD_AFTER + timedelta(seconds=5)):
        work_off()
    assert lines(file) == ["started", "started", "finished"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
