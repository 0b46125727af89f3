"""The database itself refuses to change what an edition says."""

from typing import Any

from django.db import migrations

GUARDED = ("municipality_id", "code", "effective_on", "pack", "source", "fingerprint")


def forbid_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" for name in GUARDED)
        schema_editor.execute(
            "CREATE FUNCTION regulations_edition_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {changed} THEN RAISE EXCEPTION 'an edition never changes'; END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER regulations_edition_never_changes BEFORE UPDATE ON regulations_edition "
            "FOR EACH ROW EXECUTE FUNCTION regulations_edition_never_changes()"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER regulations_edition_never_changes BEFORE UPDATE OF {', '.join(GUARDED)} "
            "ON regulations_edition BEGIN SELECT RAISE(ABORT, 'an edition never changes'); END"
        )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER regulations_edition_never_changes ON regulations_edition")
        schema_editor.execute("DROP FUNCTION regulations_edition_never_changes()")
    else:
        schema_editor.execute("DROP TRIGGER regulations_edition_never_changes")


class Migration(migrations.Migration):
    dependencies = [("regulations", "0001_initial")]

    operations = [migrations.RunPython(forbid_changes, allow_changes)]
