"""Put an archive in the place of the present data, whole or not at all.

Everything is unpacked and checked aside first, in `restoring/`. One rename, to `restored/`, is the moment of decision:
killed before it, the old data stands untouched; killed after it, the next `gemba` command finishes the move. On
PostgreSQL the decision is the commit of the one transaction that fills the new schema. The old data is kept aside.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from gemba.cli import archive
from gemba.cli.archive import ArchiveError, kind_of

KEPT = "before_restore_"


def prepare(path: Path, var: Path, database: dict[str, Any], known: set[str], stamp: str) -> dict[str, Any]:
    """Unpack and check the archive aside; the present data is not touched.

    :raises ArchiveError: when it is damaged, of another kind of database or from a newer version.
    """
    aside = var / "restoring"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        manifest = archive.unpack(path, aside)
        kind = kind_of(database)
        if manifest["database"] != kind:
            raise ArchiveError(
                f"Архив сделан с базы {manifest['database']}, а здесь {kind}. Задайте DATABASE_URL иначе."
            )
        newer = sorted(set(manifest["migrations"]) - known)
        if newer:
            raise ArchiveError(
                f"Архив сделан более новой версией ({manifest['version']}; неизвестно: {newer[0]})."
                " Установите её и повторите."
            )
        if kind == "sqlite":
            _check_sqlite(aside / archive.DATABASE_NAMES[kind])
        (aside / "files").mkdir(exist_ok=True)
        (aside / "stamp").write_text(stamp)
        _sync(aside)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return manifest


def switch(var: Path, database: dict[str, Any]) -> Path:
    """Put what was prepared in the place of the present data and return the folder where the old files are kept.

    :raises ArchiveError: when PostgreSQL refuses; the old data is then in force.
    """
    aside = var / "restoring"
    if kind_of(database) == "postgresql":
        try:
            _fill_postgresql(aside, database, _stamp(aside))
        except BaseException:
            if not _is_filled(aside, database):
                shutil.rmtree(aside, ignore_errors=True)
            raise
    aside.rename(var / "restored")
    _sync(var)
    return _move_in(var, database)


def finish_interrupted(var: Path, database: dict[str, Any]) -> None:
    """Finish a restore that was killed after its decision.

    :raises SystemExit: when somebody restores right now.
    """
    aside, new = var / "restoring", var / "restored"
    if not aside.exists() and not new.exists():
        return
    with alone(var):
        if _is_filled(aside, database):
            aside.rename(new)
        if new.exists():
            _move_in(var, database)


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """Let only one process restore; the lock ends with the process, however it ends.

    :raises SystemExit: when another one restores.
    """
    with (var / "restore.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Сейчас идёт восстановление из архива. Дождитесь его конца.")
        yield


def _move_in(var: Path, database: dict[str, Any]) -> Path:
    """Move the old aside and the new in; killed at any step, it may be called again."""
    new = var / "restored"
    stamp = _stamp(new)
    kept = var / f"{KEPT}{stamp}"
    kept.mkdir(exist_ok=True, mode=0o700)
    if kind_of(database) == "sqlite" and (new / archive.DATABASE_NAMES["sqlite"]).exists():
        place = Path(database["NAME"])
        # Beside its place, not in the folder: a rename within one file system is done or not done.
        aside = place.with_name(f"{place.name}.{KEPT}{stamp}")
        for suffix in ("", "-wal", "-shm"):
            old = place.with_name(place.name + suffix)
            if old.exists() and not aside.with_name(aside.name + suffix).exists():
                old.rename(aside.with_name(aside.name + suffix))
        beside = place.with_name(f".{place.name}.restored")
        shutil.copyfile(new / archive.DATABASE_NAMES["sqlite"], beside)
        beside.chmod(0o600)
        beside.replace(place)
        _sync(place.parent)
        (new / archive.DATABASE_NAMES["sqlite"]).unlink()
    if (new / "files").exists():
        if (var / "files").exists():
            (var / "files").rename(kept / "files")
        (new / "files").rename(var / "files")
    _sync(var)
    # The folder with the stamp goes in one step; what is left of it then means nothing.
    done = var / f"restored-{stamp}"
    new.rename(done)
    shutil.rmtree(done)
    return kept


def _check_sqlite(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as connection:
            [answer] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as problem:
        answer = str(problem)
    if answer != "ok":
        raise ArchiveError(f"База данных в архиве повреждена: {answer}. Возьмите другой архив.")


def _fill_postgresql(aside: Path, database: dict[str, Any], stamp: str) -> None:
    """Set the old schema aside and fill a new one, in one transaction."""
    script = aside / "database.sql"
    with archive.postgresql(database, "pg_restore") as (program, environment):
        archive.run(
            [program, "--no-owner", "--no-privileges", "--file", str(script), str(aside / "database.dump")],
            environment,
        )
    start = f'ALTER SCHEMA public RENAME TO "{KEPT}{stamp}"; CREATE SCHEMA public;'
    with archive.postgresql(database, "psql") as (program, environment):
        done = subprocess.run(
            [program, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
             "--command", start, "--file", str(script)],
            env={**environment, "PGOPTIONS": "-c lock_timeout=15s"}, capture_output=True, check=False,
        )  # fmt: skip
    script.unlink()
    if done.returncode:
        raise ArchiveError(
            f"PostgreSQL не принял архив: {done.stderr.decode(errors='replace').strip()[-2000:]}"
        )


def _is_filled(aside: Path, database: dict[str, Any]) -> bool:
    """Tell whether PostgreSQL committed the restore that was being prepared here."""
    if kind_of(database) != "postgresql" or not (aside / "stamp").exists():
        return False
    query = f"SELECT 1 FROM pg_namespace WHERE nspname = '{KEPT}{_stamp(aside)}'"  # noqa: S608
    with archive.postgresql(database, "psql") as (program, environment):
        done = subprocess.run(
            [program, "--no-psqlrc", "--tuples-only", "--no-align", "--command", query],
            env=environment, capture_output=True, check=False,
        )  # fmt: skip
    return done.stdout.strip() == b"1"


def _stamp(folder: Path) -> str:
    stamp = (folder / "stamp").read_text()
    assert stamp.replace("_", "").isalnum(), "the stamp becomes a name in the database"
    return stamp


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def describe(manifest: dict[str, Any]) -> str:
    """Say in a line what the archive holds."""
    size = sum(member["size"] for member in manifest["members"].values())
    return json.dumps(
        {"версия": manifest["version"], "сделан": manifest["made_at"], "файлов": len(manifest["members"]) - 1,
         "мегабайт": round(size / 1024**2, 1)}, ensure_ascii=False,
    )  # fmt: skip


def drop_prepared(var: Path) -> None:
    """Forget what was prepared."""
    shutil.rmtree(var / "restoring", ignore_errors=True)
