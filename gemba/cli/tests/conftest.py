"""Installations of the tests: a folder and a database of their own, on the kind of database the tests run on."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

URL = os.environ.get("DATABASE_URL", "")


class Installation:
    """A folder with data, a database, and the command that works on them."""

    def __init__(self, var: Path) -> None:
        var.mkdir()
        self.var = var
        self.name = f"gemba_{uuid4().hex[:12]}"
        if URL:
            self.url = URL.rpartition("/")[0] + f"/{self.name}"
            parts = psycopg.conninfo.conninfo_to_dict(self.url)
            self.database: dict[str, Any] = {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": self.name,
                "USER": parts.get("user", ""),
                "PASSWORD": parts.get("password", ""),
                "HOST": parts.get("host", ""),
                "PORT": parts.get("port", ""),
            }
        else:
            self.url = f"sqlite:///{var}/gemba.sqlite3"
            self.database = {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{var}/gemba.sqlite3"}

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("GEMBA_")},
            "DATABASE_URL": self.url,
            "GEMBA_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "GEMBA_LOG_LEVEL": "WARNING",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def gemba(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the command and return what it said."""
        return subprocess.run(
            [sys.executable, "-m", "gemba.cli.main", *words],
            env={**self.environment, **more}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database directly."""
        if URL:
            with psycopg.connect(self.url, autocommit=True) as server:
                cursor = server.execute(query)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.database["NAME"])) as file:
            rows = file.execute(query).fetchall()
            file.commit()
            return rows

    def create(self, template: str = "") -> "Installation":
        """Create the database on the server; the embedded one creates itself."""
        if URL:
            with psycopg.connect(URL, autocommit=True) as server:
                server.execute(
                    f'CREATE DATABASE "{self.name}"' + (f' TEMPLATE "{template}"' if template else "")
                )
        return self

    def drop(self) -> None:
        """Remove the database from the server."""
        if URL:
            with psycopg.connect(URL, autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    """Make empty installations; their databases go with the test."""
    made: list[Installation] = []

    def make() -> Installation:
        made.append(Installation(tmp_path / f"var{len(made)}").create())
        return made[-1]

    yield make
    for one in made:
        one.drop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Make an installation as `gemba migrate` leaves it, once: it is copied, never used."""
    here = Installation(tmp_path_factory.mktemp("prepared") / "var").create()
    done = here.gemba("migrate")
    assert done.returncode == 0, done.stderr
    yield here
    here.drop()


@pytest.fixture
def ready(prepared: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Make an installation that is ready to be served."""
    here = Installation(tmp_path / "ready").create(template=prepared.name)
    shutil.copytree(prepared.var, here.var, dirs_exist_ok=True)
    yield here
    here.drop()


@pytest.fixture
def small(installation: Callable[[], Installation]) -> Callable[[str], Installation]:
    """Make an installation with one table and one file, without Django: quick to kill and to restore."""

    def make(word: str) -> Installation:
        new = installation()
        new.sql("CREATE TABLE word (text varchar(100) NOT NULL)")
        new.sql(f"INSERT INTO word VALUES ('{word}')")
        (new.var / "files" / "scans").mkdir(parents=True)
        (new.var / "files" / "scans" / "приказ.txt").write_text(word)
        return new

    return make
