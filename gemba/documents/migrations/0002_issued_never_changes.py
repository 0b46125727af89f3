"""The database itself refuses to change an issued document and a stored content."""

from typing import Any

from django.db import migrations

NEVER = {"documents_issueddocument": ("UPDATE",), "documents_blob": ("UPDATE",)}


def forbid(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION documents_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'an issued document never changes'; END $$"
        )
    for table, verbs in NEVER.items():
        for verb in verbs:
            name = f"{table}_no_{verb.lower()}"
            if is_postgresql:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW "
                    "EXECUTE FUNCTION documents_never_changes()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END"
                )


def allow(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, verbs in NEVER.items():
        for verb in verbs:
            name = f"{table}_no_{verb.lower()}"
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if is_postgresql else f"DROP TRIGGER {name}")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION documents_never_changes()")


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunPython(forbid, allow)]
