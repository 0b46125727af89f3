"""Processes of one `gemba serve` end together, even when the first of them is killed."""

import os
import signal
import threading
import time

# Set by the process that starts others: its own number.
VARIABLE = "GEMBA_PARENT_PROCESS"
GRACE_SECONDS = 30


def end_with_parent() -> None:
    """End this process soon after the one that started it has ended in any way."""
    parent = os.environ.pop(VARIABLE, "")
    if parent:
        threading.Thread(target=_watch, args=[int(parent)], name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
