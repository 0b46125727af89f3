"""The one task behind all background work: find the function, call it, ask for another attempt when it fails."""

import logging
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from gemba.jobs.rules import next_attempt_after

log = logging.getLogger("gemba.jobs")


@task()
def run(path: str, arguments: dict[str, Any], attempt: int, attempts: int) -> None:
    """Call the function; after a failure ask for the next attempt and let the failure be kept."""
    try:
        function = import_string(path)
        if isinstance(arguments.get("at"), str):
            arguments = {**arguments, "at": datetime.fromisoformat(arguments["at"])}
        function(**arguments)
    except Exception:
        wait = next_attempt_after(attempt, attempts)
        if wait is None:
            log.exception("%s failed for the last time (attempt %d)", path, attempt)
        else:
            log.warning(
                "%s failed (attempt %d of %d), again in %s", path, attempt, attempts, wait, exc_info=True
            )
            later = run.using(run_after=timezone.now() + wait)
            later.enqueue(path=path, arguments=_plain(arguments), attempt=attempt + 1, attempts=attempts)
        raise


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in arguments.items()
    }
