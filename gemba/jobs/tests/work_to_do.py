"""Work that the tests ask for: each run leaves a line in a file."""

import time
from datetime import datetime
from pathlib import Path


def note(*, file: str, text: str = "done") -> None:
    with Path(file).open("a") as lines:
        lines.write(text + "\n")


def fail(*, file: str) -> None:
    note(file=file, text="failed")
    raise RuntimeError("the printer is on fire")


def note_moment(*, at: datetime) -> None:
    assert isinstance(at, datetime) and at.tzinfo is not None
    MOMENTS.append(at)


def sleep_once(*, file: str) -> None:
    """Hang at the first run, so that the worker can be killed at it."""
    first = not Path(file).exists()
    note(file=file, text="started")
    if first:
        time.sleep(60)
    note(file=file, text="finished")


MOMENTS: list[datetime] = []
