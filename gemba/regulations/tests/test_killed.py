"""The process is killed in the middle of loading a regulation: nothing of it is found afterwards."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from gemba.regulations.tests.factories import pack_text

ROOT = Path(__file__).resolve().parents[3]
# Everything is written and the record of acts is about to be: the worst moment to die before the commit.
DIE_LATE = """
import os, signal, sys
import django
django.setup()
from gemba.organisation.models import Municipality, Region
from gemba.organisation.access import system_actor
from gemba.regulations import actions
from gemba.regulations.models import ClauseText
from django.utils import timezone

region = Region.objects.create(code="r", name="Область")
town = Municipality.objects.create(
    region=region, code="zarechny", name="Заречный", short_name="Заречный", genitive="Заречного"
)
print("ready", flush=True)
actions.record = lambda **_: (print(ClauseText.objects.count(), flush=True), os.kill(os.getpid(), signal.SIGKILL))
actions.load_edition(
    actor=system_actor(town), municipality=town, source=open(sys.argv[1], "rb").read(), name="x.yaml", at=timezone.now()
)
"""


def test_a_killed_load_leaves_nothing(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "GEMBA"))},
        "GEMBA_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    file = tmp_path / "zarechny.yaml"
    file.write_text(pack_text(), encoding="utf-8")
    migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, timeout=120)
    died = subprocess.run(
        [sys.executable, "-c", DIE_LATE, str(file)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert int(died.stdout.split()[-1]) > 5, "clauses were written before the end came"
    with sqlite3.connect(tmp_path / "var" / "gemba.sqlite3") as database:
        for table in ("regulations_edition", "regulations_clausetext", "audit_actrecord"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM organisation_municipality").fetchone() == (1,)
