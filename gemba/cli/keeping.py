"""`gemba backup FILE`, `gemba restore FILE`."""

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(words: Any) -> None:
    """Add the words of keeping."""
    backup = words.add_parser("backup", help="сохранить базу и файлы в один архив; работать при этом можно")
    backup.add_argument("file", metavar="ФАЙЛ", type=Path, help="куда, например gemba-2026-11-21.tar.gz")
    backup.set_defaults(run=run_backup)

    restore = words.add_parser("restore", help="восстановить из архива; Гемба должна быть остановлена")
    restore.add_argument("file", metavar="ФАЙЛ", type=Path, help="архив, сделанный «gemba backup»")
    restore.add_argument(
        "--replace", action="store_true", help="заменить нынешние данные; они сохраняются рядом"
    )
    restore.add_argument("--check", action="store_true", help="только проверить архив")
    restore.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    """Make the archive."""
    from django.conf import settings
    from django.utils import timezone

    from gemba.cli import archive, restoring
    from gemba.cli.running import version

    try:
        manifest = archive.make(
            arguments.file,
            database=settings.DATABASES["default"],
            files=settings.MEDIA_ROOT,
            migrations=_applied(),
            version=version(),
            at=timezone.localtime(),
        )
    except archive.ArchiveError as problem:
        sys.exit(str(problem))
    print(f"{arguments.file}: {restoring.describe(manifest)}")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Check the archive and put it in the place of the present data."""
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    from gemba.cli import archive, restoring

    database: dict[str, Any] = settings.DATABASES["default"]
    if not arguments.check:
        _refuse_while_people_work(arguments.replace)
    connections.close_all()
    stamp = timezone.localtime().strftime("%Y%m%d_%H%M%S")
    try:
        manifest = restoring.prepare(arguments.file, settings.VAR, database, _known(), stamp)
        if arguments.check:
            restoring.drop_prepared(settings.VAR)
            print(f"Архив в порядке: {restoring.describe(manifest)}")
            return 0
        kept = restoring.switch(settings.VAR, database)
    except archive.ArchiveError as problem:
        sys.exit(f"{problem}\nДанные не изменены.")
    print(f"Восстановлено: {restoring.describe(manifest)}")
    print(
        f"Прежние данные: {kept}"
        + (f", схема {kept.name} базы" if database["ENGINE"].endswith("postgresql") else "")
    )
    print("Теперь выполните: gemba migrate")
    return 0


def _refuse_while_people_work(replace: bool) -> None:
    """Stop when there is data and nobody said to replace it, or when somebody works with it.

    :raises SystemExit: in these cases.
    """
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from gemba.jobs.queries import state

    try:
        tables = connection.introspection.table_names()
        if "jobs_worker" in tables and state(now=timezone.now()).workers:
            sys.exit(
                "Гемба работает. Остановите её (и подождите полторы минуты, если она упала) и повторите."
            )
        if replace or "organisation_municipality" not in tables:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organisation_municipality")
            [count] = cursor.fetchone()
    except DatabaseError:
        if replace:
            return  # a damaged database is the very reason to restore
        sys.exit("Нынешняя база не читается. Чтобы заменить её архивом, добавьте --replace.")
    if count:
        sys.exit(
            f"Здесь уже есть данные (муниципалитетов: {count}). Чтобы заменить их архивом, добавьте --replace."
        )


def _applied() -> list[str]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _known() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {
        f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces
    }
    return {f"{app}.{name}" for app, name in loader.disk_migrations} | replaced
