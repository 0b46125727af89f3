"""The worker: runs queued work one piece at a time, gives the schedule its turns, shows that it lives."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from types import FrameType

from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from gemba.jobs import actions
from gemba.jobs.rules import SIGN_OF_LIFE

log = logging.getLogger("gemba.jobs")

IDLE_SECONDS = 1.0
TICK_SECONDS = 20.0


class Runner:
    """One worker process."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.ending = threading.Event()
        self.runner = TaskRunner(
            queue_names=["*"], excluded_queue_names=[], interval=IDLE_SECONDS, batch=False,
            backend_name="default", startup_delay=False, max_tasks=None, worker_id=self.name,
        )  # fmt: skip

    def end(self, number: int, frame: FrameType | None) -> None:
        """Finish the piece in hand, then end."""
        self.ending.set()

    def run(self, *, until_idle: bool = False) -> None:
        """Work until told to end, or until nothing is left to do."""
        self._show_life()
        pulse = threading.Thread(target=self._pulse, name="pulse", daemon=True)
        pulse.start()
        log.info("worker %s started", self.name)
        next_tick = 0.0
        try:
            while not self.ending.is_set():
                close_old_connections()
                try:
                    # Time itself goes wrong on a laptop that slept: a tick too many is harmless, a missed one is not.
                    now = timezone.now()
                    if now.timestamp() >= next_tick:
                        next_tick = now.timestamp() + TICK_SECONDS
                        actions.take_over(now=now)
                        actions.give_turns(now=now)
                    work = self._claim()
                except OperationalError:
                    log.warning("the database did not answer, trying on", exc_info=True)
                    work = None
                    if until_idle:
                        raise
                if work is not None:
                    self.runner.run_task(work)
                elif until_idle:
                    return
                else:
                    self.ending.wait(IDLE_SECONDS)
        finally:
            self.ending.set()
            pulse.join(SIGN_OF_LIFE.total_seconds())
            actions.sign_off(name=self.name)
            log.info("worker %s ended", self.name)

    def _claim(self) -> DBTaskResult[..., None] | None:
        ready = DBTaskResult.objects.ready()
        # Looking takes no lock: an idle worker never keeps writers waiting.
        if not ready.order_by().exists():
            return None
        with transaction.atomic():
            work: DBTaskResult[..., None] | None = ready.get_locked()
            if work is not None:
                work.claim(self.name)
        return work

    def _show_life(self) -> None:
        actions.sign_of_life(
            name=self.name, host=socket.gethostname(), process=os.getpid(), now=timezone.now()
        )

    def _pulse(self) -> None:
        """Show life beside the work, which may take long."""
        while not self.ending.wait(SIGN_OF_LIFE.total_seconds()):
            try:
                self._show_life()
            except OperationalError:
                log.warning("could not write the sign of life", exc_info=True)
            finally:
                connection.close()


def worker() -> None:
    """Run a worker in this process until it is told to end (SIGTERM, SIGINT)."""
    runner = Runner()
    signal.signal(signal.SIGTERM, runner.end)
    signal.signal(signal.SIGINT, runner.end)
    runner.run()


def work_off() -> None:
    """Run all work that is due now, in this process: for tests and for demo data."""
    Runner().run(until_idle=True)
