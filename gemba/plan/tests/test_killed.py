"""The process is killed while a quarter is consolidated: it stays as open as before and is locked at the second try."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MAKE = """
import os, signal, sys
from datetime import UTC, date, datetime
import django
django.setup()
from gemba.organisation.access import system_actor
from gemba.plan import actions
from gemba.plan.actions import collecting
from gemba.plan.models import LockedRow
from gemba.plan.tests.factories import lens_at, of_act
from gemba.organisation.models import Municipality, Organisation
from gemba.organisation.tests.factories import make_organisation

TODAY, AT = date(2027, 1, 2), datetime(2027, 1, 1, 20, tzinfo=UTC)
town = Municipality.objects.first()
if town is None:
    town = of_act("promyshlennovsky")
    schools = [make_organisation(town) for _ in range(5)]
actor = system_actor(town, today=TODAY)
lens = lens_at(town, TODAY, 2026, 4)
"""
# The snapshot is written and the record of acts is about to be: the worst moment to die before the commit.
DIE = (
    MAKE
    + """
for one in schools:
    actions.ask_approval(actor=actor, lens=lens, organisation=one, at=AT, is_zero=True)
    actions.approve_report(actor=actor, lens=lens, organisation=one, at=AT)
actions.accept_all(actor=actor, lens=lens, at=AT)
collecting.record = lambda **_: (print(LockedRow.objects.count(), flush=True), os.kill(os.getpid(), signal.SIGKILL))
actions.lock_quarter(actor=actor, lens=lens, at=AT)
"""
)
AGAIN = MAKE + "actions.lock_quarter(actor=actor, lens=lens, at=AT)\n"


def test_a_killed_consolidation_leaves_the_quarter_open(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "GEMBA"))},
        "GEMBA_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip

    def one(statement: str) -> int:
        with sqlite3.connect(tmp_path / "var" / "gemba.sqlite3") as database:
            found: int = database.execute(statement).fetchone()[0]
            return found

    assert run("manage.py", "migrate", "-v", "0").returncode == 0
    died = run("-c", DIE)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert int(died.stdout.split()[-1]) == 9, "the snapshot was written before the end came"
    assert one("SELECT count(*) FROM plan_lockedrow") == 0
    assert one("SELECT count(*) FROM plan_reportingperiod WHERE locked_at IS NOT NULL") == 0
    assert one("SELECT count(*) FROM plan_report WHERE state = 'accepted'") == 5
    assert one("SELECT count(*) FROM audit_actrecord WHERE act = 'plan.lock_quarter'") == 0
    again = run("-c", AGAIN)
    assert again.returncode == 0, again.stderr
    assert one("SELECT count(*) FROM plan_lockedrow") == 9
    assert one("SELECT count(*) FROM audit_actrecord WHERE act = 'plan.lock_quarter'") == 1
