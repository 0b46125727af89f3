"""Backup and restore: whole or not at all, even when killed."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gemba.cli import archive, restoring
from gemba.cli.archive import ArchiveError
from gemba.cli.tests.conftest import URL, Installation

Small = Callable[[str], Installation]


def backup(installation: Installation, path: Path, migrations: tuple[str, ...] = ("a.0001",)) -> Path:
    archive.make(
        path, database=installation.database, files=installation.var / "files", migrations=list(migrations),
        version="1", at=datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    return path


def restore(installation: Installation, path: Path) -> Path:
    restoring.prepare(path, installation.var, installation.database, {"a.0001"}, "20261121_120000")
    return restoring.switch(installation.var, installation.database)


def words(installation: Installation) -> tuple[str, str]:
    """Return the word of the database and the word of the file."""
    [[text]] = installation.sql("SELECT text FROM word")
    return text, (installation.var / "files" / "scans" / "приказ.txt").read_text()


def test_what_was_saved_comes_back_and_the_old_is_kept(small: Small, tmp_path: Path) -> None:
    here = small("старое")
    path = backup(here, tmp_path / "a.tar.gz")
    assert path.stat().st_mode & 0o077 == 0, "an archive holds personal data"
    here.sql("UPDATE word SET text = 'новое'")
    (here.var / "files" / "scans" / "приказ.txt").write_text("новое")
    (here.var / "files" / "ещё.txt").write_text("новое")
    kept = restore(here, path)
    assert words(here) == ("старое", "старое")
    assert not (here.var / "files" / "ещё.txt").exists()
    assert (kept / "files" / "scans" / "приказ.txt").read_text() == "новое"
    if URL:
        assert here.sql(f'SELECT text FROM "{kept.name}".word') == [("новое",)]
    else:
        assert list(here.var.glob("gemba.sqlite3.before_restore_*"))
    assert not (here.var / "restoring").exists() and not (here.var / "restored").exists()


def test_an_archive_moves_to_an_empty_installation(
    small: Small, installation: Callable[[], Installation], tmp_path: Path
) -> None:
    path = backup(small("слово"), tmp_path / "a.tar.gz")
    there = installation()
    restore(there, path)
    assert words(there) == ("слово", "слово")


def test_a_restored_database_is_saved_again_without_what_was_set_aside(small: Small, tmp_path: Path) -> None:
    here = small("слово")
    restore(here, backup(here, tmp_path / "a.tar.gz"))
    there = small("другое")
    restore(there, backup(here, tmp_path / "b.tar.gz"))
    assert words(there) == ("слово", "слово")
    if URL:
        assert len(there.sql("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")) == 1


def test_an_existing_archive_is_not_overwritten(small: Small, tmp_path: Path) -> None:
    here = small("слово")
    (tmp_path / "a.tar.gz").write_text("важное")
    with pytest.raises(ArchiveError, match="уже есть"):
        backup(here, tmp_path / "a.tar.gz")
    assert (tmp_path / "a.tar.gz").read_text() == "важное"
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize("damage", ["cut", "changed", "text", "missing", "stranger", "outside"])
def test_a_damaged_archive_changes_nothing(small: Small, tmp_path: Path, damage: str) -> None:
    here = small("слово")
    path = backup(here, tmp_path / "a.tar.gz")
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[: len(data) * 2 // 3])
    elif damage == "changed":
        path.write_bytes(_with_member(path, "files/scans/приказ.txt", "подменено"))
    elif damage == "text":
        path.write_text("это не архив")
    elif damage == "missing":
        path.unlink()
    elif damage == "stranger":
        path.write_bytes(_with_member(path, "files/лишнее.txt", "лишнее"))
    else:
        path.write_bytes(_with_member(path, "../outside.txt", "лишнее"))
    with pytest.raises(ArchiveError):
        restore(here, path)
    assert words(here) == ("слово", "слово")
    assert not (here.var / "restoring").exists()
    assert not (here.var.parent / "outside.txt").exists() and not (here.var / "outside.txt").exists()


def _with_member(path: Path, name: str, text: str) -> bytes:
    """Return the archive with one member put in or replaced, the manifest left as it was."""
    out = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
        info = tarfile.TarInfo(name)
        info.size = len(text.encode())
        new.addfile(info, io.BytesIO(text.encode()))
        for member in old:
            if member.name != name:
                new.addfile(member, old.extractfile(member))
    return out.getvalue()


def test_an_archive_of_a_newer_version_is_refused(small: Small, tmp_path: Path) -> None:
    here = small("слово")
    path = backup(here, tmp_path / "a.tar.gz", migrations=("a.0001", "a.0002"))
    with pytest.raises(ArchiveError, match="более новой версией"):
        restore(here, path)
    assert words(here) == ("слово", "слово")


KILLED = """
import os, shutil, signal, subprocess, sys
from pathlib import Path
from gemba.cli import archive, restoring
countdown = [int(sys.argv[1])]

def deadly(step):
    def walk(*args, **kwargs):
        if countdown[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        countdown[0] -= 1
        return step(*args, **kwargs)
    return walk

for place, name in [(Path, "rename"), (Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (shutil, "rmtree"),
                    (shutil, "copyfile"), (subprocess, "run"), (os, "fsync")]:
    setattr(place, name, deadly(getattr(place, name)))
var, database = Path(sys.argv[3]), eval(sys.argv[4])
restoring.prepare(Path(sys.argv[2]), var, database, {"a.0001"}, "20261121_120000")
restoring.switch(var, database)
"""


def test_killed_at_any_step_the_data_is_wholly_old_or_wholly_new(small: Small, tmp_path: Path) -> None:
    path = backup(small("новое"), tmp_path / "a.tar.gz")
    outcomes = set()
    for step in range(60):
        here = small("старое")
        command = [sys.executable, "-c", KILLED, str(step), str(path), str(here.var), repr(here.database)]
        killed = subprocess.run(command, capture_output=True, text=True, check=False)
        # As every `gemba` command does at its start.
        restoring.finish_interrupted(here.var, here.database)
        outcome = words(here)
        assert outcome in {("старое", "старое"), ("новое", "новое")}, f"step {step}"
        outcomes.add(outcome)
        if outcome == ("новое", "новое") and not URL:
            assert [kept.name for kept in here.var.glob("gemba.sqlite3.before*")], (
                f"step {step}: the old is lost"
            )
        # And the next restore is not hindered by what was left.
        if step % 5 == 0:
            restoring.prepare(path, here.var, here.database, {"a.0001"}, "20261121_120001")
            restoring.switch(here.var, here.database)
            assert words(here) == ("новое", "новое")
        if killed.returncode == 0:
            break
        assert killed.returncode == -9, killed.stderr
    else:
        raise AssertionError("the restore never came to its end")
    assert len(outcomes) == 2


def test_two_restores_at_once_are_refused(small: Small) -> None:
    here = small("слово")
    with (
        restoring.alone(here.var),
        pytest.raises(SystemExit, match="Сейчас идёт восстановление"),
        restoring.alone(here.var),
    ):
        raise AssertionError("the second one came in")
