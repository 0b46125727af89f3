"""One archive of an installation: the database, the uploaded files, and a manifest with their checksums.

The manifest is written last: an archive that was cut short has none and is never taken for whole.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
CHUNK = 1024 * 1024


class ArchiveError(Exception):
    """The archive cannot be made or read; the text is for the administrator."""


def make(
    path: Path, *, database: dict[str, Any], files: Path, migrations: list[str], version: str, at: datetime
) -> dict[str, Any]:
    """Write the archive and return its manifest; until it is whole it stands under another name.

    :raises ArchiveError: when the file exists or the database cannot be copied.
    """
    if path.exists():
        raise ArchiveError(f"{path} уже есть. Назовите архив иначе или уберите старый.")
    if not path.parent.is_dir():
        raise ArchiveError(f"Нет папки {path.parent}. Создайте её.")
    kind = kind_of(database)
    sums: dict[str, dict[str, Any]] = {}
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gemba-backup-") as folder:
            copy = Path(folder) / DATABASE_NAMES[kind]
            copy_database(database, copy)
            # The database is copied before the files: whatever it mentions is already on the disk.
            with unfinished.open("xb") as out:
                unfinished.chmod(0o600)
                with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as tar:
                    _add(tar, copy, copy.name, sums)
                    for file in _files(files):
                        _add(tar, file, f"files/{file.relative_to(files).as_posix()}", sums)
                    manifest = {
                        "format": FORMAT, "version": version, "made_at": at.isoformat(), "database": kind,
                        "migrations": migrations, "members": sums,
                    }  # fmt: skip
                    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                    info = tarfile.TarInfo(MANIFEST)
                    info.size = len(text)
                    tar.addfile(info, io.BytesIO(text))
                out.flush()
                os.fsync(out.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        raise ArchiveError(f"{path} уже есть. Назовите архив иначе или уберите старый.") from None
    except OSError as problem:
        raise ArchiveError(f"Архив не записан: {problem}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Unpack the archive into an empty folder, checking every byte against the manifest, and return the manifest.

    :raises ArchiveError: when it is not an archive of ours, is cut short or damaged.
    """
    sums: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r:gz") as tar:
            for member in tar:
                name = PurePosixPath(member.name)
                if not member.isfile() or name.is_absolute() or ".." in name.parts:
                    raise ArchiveError(f"{path}: в архиве посторонняя запись «{member.name}».")
                source = tar.extractfile(member)
                assert source is not None
                if member.name == MANIFEST:
                    manifest = json.loads(source.read())
                    continue
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as out:
                    sums[member.name] = _copy(source, out)
                    out.flush()
                    os.fsync(out.fileno())
    except FileNotFoundError:
        raise ArchiveError(f"Нет файла {path}.") from None
    except (tarfile.TarError, EOFError, OSError, ValueError) as problem:
        raise ArchiveError(f"{path}: архив повреждён или это не архив Гембы ({problem}).") from None
    if manifest is None or manifest.get("format") != FORMAT:
        raise ArchiveError(f"{path}: архив неполон или сделан другой программой.")
    for name_, expected in manifest["members"].items():
        if sums.get(name_) != expected:
            raise ArchiveError(f"{path}: «{name_}» не совпадает с описью архива. Возьмите другой архив.")
    if set(sums) != set(manifest["members"]):
        raise ArchiveError(f"{path}: в архиве есть файлы, которых нет в его описи.")
    if DATABASE_NAMES.get(manifest["database"]) not in sums:
        raise ArchiveError(f"{path}: в архиве нет базы данных.")
    return manifest


def kind_of(database: dict[str, Any]) -> str:
    """Name the kind of a database by its settings."""
    return "sqlite" if str(database["ENGINE"]).endswith("sqlite3") else "postgresql"


def copy_database(database: dict[str, Any], target: Path) -> None:
    """Copy the database as it is at one moment, while people work.

    :raises ArchiveError: when it cannot be copied.
    """
    if kind_of(database) == "sqlite":
        if not Path(database["NAME"]).exists():
            raise ArchiveError("Базы данных ещё нет: нечего сохранять.")
        with closing(sqlite3.connect(database["NAME"])) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    # Copies that restore set aside stay where they are.
    with postgresql(database, "pg_dump") as (program, environment):
        run(
            [program, "--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=before_restore_*",
             "--file", str(target), environment["PGDATABASE"]],
            environment,
        )  # fmt: skip


@contextmanager
def postgresql(database: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Find a program of PostgreSQL and the environment that leads it to the database, without a visible password.

    :raises ArchiveError: when the program is not installed.
    """
    program = shutil.which(name)
    if program is None:
        raise ArchiveError(
            f"Нет программы {name}. Установите клиент PostgreSQL: apt-get install postgresql-client"
        )
    given = {
        "PGHOST": database.get("HOST"), "PGPORT": database.get("PORT"), "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"), "PGDATABASE": database["NAME"],
        "PGSSLMODE": database.get("OPTIONS", {}).get("sslmode"),
        "PGSSLROOTCERT": database.get("OPTIONS", {}).get("sslrootcert"),
    }  # fmt: skip
    yield program, {**os.environ, **{key: str(value) for key, value in given.items() if value}}


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a program.

    :raises ArchiveError: with its own words when it fails.
    """
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise ArchiveError(f"{Path(command[0]).name}: {done.stderr.decode(errors='replace').strip()[-2000:]}")


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(place) / name
            if file.is_file() and not file.is_symlink():
                yield file


def _add(tar: tarfile.TarFile, file: Path, name: str, sums: dict[str, dict[str, Any]]) -> None:
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return  # removed by somebody while we were on the way: the copied database may still name it, as it would
    with source:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(source.fileno()).st_size
        info.mtime = int(os.fstat(source.fileno()).st_mtime)
        digest = _Digest(source)
        tar.addfile(info, digest)
        sums[name] = {"size": info.size, "sha256": digest.sum.hexdigest()}


class _Digest:
    """A file that is digested while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read and digest."""
        part = self.source.read(size)
        self.sum.update(part)
        return part


def _copy(source: IO[bytes], out: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while part := source.read(CHUNK):
        out.write(part)
        digest.update(part)
        size += len(part)
    return {"size": size, "sha256": digest.hexdigest()}
