"""The queryset is built once for each shape, with marks where values will stand; later calls only bind values."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from threading import local
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Row = TypeVar("Row")
P = ParamSpec("P")


class CannotBeWritten(TypeError):
    """The queryset does something with a value that cannot be repeated with another one: see the message."""


def written(build: Callable[P, QuerySet[Any, Row]]) -> "_Written[P, Row]":
    """Make of a function that builds a queryset one that answers with its rows, its SQL written once a process.

    Keyword arguments annotated `int`, `str`, `date` or `datetime` are values. Everything else (a flag, a limit as
    `Literal`, a tuple of codes) shapes the statement and must be hashable: each shape is written once.

    :raises CannotBeWritten: on the first call, when a value does not reach the database as it is (`[:limit]`,
        `startswith`), or the queryset prefetches.
    """
    statement = _Written(build)
    update_wrapper(statement, build)
    return statement


# What stands for a value while the statement is written: nothing a real statement would hold.
_MARKS: dict[type, Callable[[int], Any]] = {
    # Fits the smallest column: out of its range Django would answer "nothing" without asking the database.
    int: lambda number: 32_611 + number,
    str: lambda number: f"\ue000{number}\ue001",
    date: lambda number: date(1003, 2, 1) + timedelta(days=number),
    datetime: lambda number: datetime(1003, 2, 1, 3, 4, 5, number, tzinfo=UTC),
}


class _Written(Generic[P, Row]):
    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build = build
        self._kinds: dict[str, type] | None = None
        self._model: type[Model] | None = None
        # A compiler belongs to a connection, and a connection to a thread.
        self._kept = local()

    def __call__(self, *args: P.args, **values: P.kwargs) -> list[Row]:
        if args:
            raise TypeError("a written statement is asked by keywords only")
        return list(self._statement(values).rows(values))

    def text(self, **values: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and what is bound to it, to be joined with others into one question."""
        statement = self._statement(values)
        return statement.sql, statement.bound(values)

    def _statement(self, values: dict[str, Any]) -> "_Statement":
        if self._kinds is None:
            self._kinds = self._find_kinds()
        kinds = self._kinds
        if self._model is None:
            self._model = self._build(**values).model  # type: ignore[call-arg]
        alias = router.db_for_read(self._model)
        # A value given or left out makes another statement too.
        shape = tuple((name, None if name in kinds else value) for name, value in values.items())
        kept: dict[Any, _Statement] = self._kept.__dict__.setdefault("statements", {})
        statement = kept.get((alias, shape))
        if statement is None or statement.connection is not connections[alias]:
            fixed = {name: value for name, value in shape if name not in kinds}
            statement = kept[alias, shape] = self._write(alias, fixed, kinds, values)
        return statement

    def _find_kinds(self) -> dict[str, type]:
        kinds = {kind.__name__: kind for kind in _MARKS}
        found = {}
        for name, parameter in inspect.signature(self._build).parameters.items():
            # Annotations may be postponed: then they are texts.
            told = parameter.annotation
            kind = kinds.get(told if isinstance(told, str) else getattr(told, "__name__", ""))
            if kind is not None:
                found[name] = kind
        return found

    def _write(
        self, alias: str, shape: dict[str, Any], kinds: dict[str, type], values: dict[str, Any]
    ) -> "_Statement":
        asked = [name for name in values if name in kinds]
        marks = {name: _MARKS[kinds[name]](number) for number, name in enumerate(asked)}
        queryset: QuerySet[Any, Any] = self._build(**shape, **marks).using(alias)  # type: ignore[call-arg]
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise CannotBeWritten(f"{self._build.__qualname__}: prefetch_related asks more statements")
        connection = connections[alias]
        compiler = queryset.query.get_compiler(using=alias)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return _Statement(connection, queryset, compiler, "", (), {})
        adapted = {_adapted(connection, mark): name for name, mark in marks.items()}
        slots = tuple((adapted.get(value) if _may_be_mark(value) else None, value) for value in parameters)
        missing = set(marks) - {name for name, _ in slots if name}
        if missing:
            raise CannotBeWritten(
                f"{self._build.__qualname__}: {', '.join(sorted(missing))} does not reach the database as it is"
            )
        return _Statement(connection, queryset, compiler, sql, slots, kinds)


def _may_be_mark(value: Any) -> bool:
    return isinstance(value, int | str | date)


def _adapted(connection: BaseDatabaseWrapper, value: Any) -> Any:
    """Give a value as the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


@dataclass
class _Statement:
    """One statement of one thread, ready to be asked with other values."""

    connection: BaseDatabaseWrapper
    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    # Each parameter in order: (name of the value that comes here, "") or (None, what always stands here).
    slots: tuple[tuple[str | None, Any], ...]
    kinds: dict[str, type]

    def bound(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """Put these values where they stand in the statement."""
        return tuple(
            _adapted(self.connection, values[name]) if name is not None else value
            for name, value in self.slots
        )

    def rows(self, values: dict[str, Any]) -> Iterator[Any]:
        """Ask with these values; rows come as the queryset gives them (objects, tuples, dictionaries)."""
        if not self.sql:
            return iter(())
        bound = self.bound(values)
        # The queryset's own iterable makes the rows; its compiler is ours and hands out what is written already.
        self.compiler.as_sql = lambda *args, **kwargs: (self.sql, bound)
        self.queryset.query.get_compiler = lambda *args, **kwargs: self.compiler  # type: ignore[method-assign]
        made: Any = self.queryset._iterable_class
        return iter(made(self.queryset))
