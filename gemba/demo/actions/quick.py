"""Put very many plain rows into a table, past the cost of making an object of each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model


def insert_rows(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows given as values of the named columns; the values are those the database keeps."""
    quote = connection.ops.quote_name
    # All first: a generator may ask the database, which is busy while rows are copied.
    ready = list(rows)
    table, names = quote(model._meta.db_table), ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
            return
        ready = [tuple(str(value) if type(value) is date else value for value in row) for row in ready]
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", ready)  # noqa: S608


def kept_moment(at: datetime) -> Any:
    """Return a moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)


def blank_row(model: type[Model]) -> dict[str, Any]:
    """Return the values of a new row by attribute, in the order of columns, as the database keeps them."""
    return {
        field.attname: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
    }


def reserve_keys(model: type[Model], count: int) -> list[int]:
    """Take the next keys of a table; the caller's transaction keeps others away from them."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds the only lock for writing; SQLite itself moves the counter on after explicit keys.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        [(last,)] = cursor.fetchall()
        return list(range(last + 1, last + count + 1))


def prepare_for_much() -> None:
    """Let the embedded database keep more in memory and wait for no disk while much is written."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # A killed process loses nothing that is committed; only a power cut could.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-786432")
