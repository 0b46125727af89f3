"""Make and keep the index beside every table with a `WordsField`.

This stands outside migrations on purpose. On SQLite the index is a table of its own, held true by triggers, and
Django remakes a table (dropping its triggers silently) for many alterations: so after every `migrate` the index is
compared with what it must be and made anew where it differs.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gemba.search.fields import WordsField, index_name, vector


def after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Keep the word indexes of the models of one module."""
    fields: list[WordsField] = [
        field
        for model in sender.get_models()
        for field in model._meta.local_fields
        if isinstance(field, WordsField) and not model._meta.proxy
    ]
    if not fields:
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for field in fields:
        if field.model._meta.db_table in tables:
            keep_index(connection, field)


def _names(field: WordsField) -> tuple[str, str]:
    """Return the table and the column of a field."""
    assert field.column is not None
    return field.model._meta.db_table, field.column


def keep_index(connection: BaseDatabaseWrapper, field: WordsField) -> None:
    """Make the index of one column if it is missing or incomplete."""
    if connection.vendor == "postgresql":
        _keep_postgresql(connection, field)
    else:
        _keep_sqlite(connection, field)


def _keep_postgresql(connection: BaseDatabaseWrapper, field: WordsField) -> None:
    table, column = _names(field)
    quote = connection.ops.quote_name
    name = quote(index_name(table, column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON {quote(table)} USING gin ({vector(quote(column))})"
        )


def _keep_sqlite(connection: BaseDatabaseWrapper, field: WordsField) -> None:
    name = index_name(*_names(field))
    wanted = _sqlite_objects(connection, field)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE name IN (%s, %s, %s, %s)",
            [name, f"{name}__added", f"{name}__removed", f"{name}__changed"],
        )
        if dict(cursor.fetchall()) == wanted:
            return
        quote = connection.ops.quote_name
        with transaction.atomic(using=connection.alias):
            for part in wanted:
                if part != name:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {quote(part)}")
            cursor.execute(f"DROP TABLE IF EXISTS {quote(name)}")
            for sql in wanted.values():
                cursor.execute(sql)
            cursor.execute(f"INSERT INTO {quote(name)} ({quote(name)}) VALUES ('rebuild')")  # noqa: S608


def _sqlite_objects(connection: BaseDatabaseWrapper, field: WordsField) -> dict[str, str]:
    """Return the table and the triggers of an index, name → statement, as SQLite keeps them."""
    quote = connection.ops.quote_name
    primary = field.model._meta.pk.column
    assert primary is not None
    name = index_name(*_names(field))
    index, table, column, key = (quote(part) for part in (name, *_names(field), primary))
    remove = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    add = f"INSERT INTO {index} (rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608
    return {
        name: (
            f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content={table}, content_rowid={key},"
            " tokenize='unicode61 remove_diacritics 0', prefix='2 3 4', columnsize=0)"
        ),
        f"{name}__added": (
            f"CREATE TRIGGER {quote(name + '__added')} AFTER INSERT ON {table} BEGIN {add} END"
        ),
        f"{name}__removed": (
            f"CREATE TRIGGER {quote(name + '__removed')} AFTER DELETE ON {table} BEGIN {remove} END"
        ),
        f"{name}__changed": (
            f"CREATE TRIGGER {quote(name + '__changed')} AFTER UPDATE OF {column} ON {table}"
            f" BEGIN {remove} {add} END"
        ),
    }
