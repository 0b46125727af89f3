"""The column of stems, and the question asked of it."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from gemba.kernel.words import normalise, twins


class WordsField(models.TextField[str, str]):
    """Stems of the text of a row, as `kernel.words.normalise` gives them; indexed after every migration.

    Like a counter it is derived: the action that writes the text writes its words too.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class _Words(models.Lookup[bool]):
    """Rows whose words include those asked; the subclasses say how the question is read."""

    prepare_rhs = False

    def stems(self) -> tuple[list[str], bool]:
        """Return the stems asked for, and whether the last one is unfinished."""
        raise NotImplementedError

    def forms(self, stem: str) -> tuple[str, ...]:
        """Return what is asked for instead of the stem alone."""
        return (stem,)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the FTS5 table that stands beside the model's table."""
        return _ask_sqlite(self.lhs, compiler, connection), [self.question(connection)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the GIN index over the same expression."""
        lhs, parameters = self.process_lhs(compiler, connection)
        return f"{vector(lhs)} @@ %s::tsquery", [*parameters, self.question(connection)]

    def question(self, connection: BaseDatabaseWrapper) -> str:
        """Write the question in the language of the database's index."""
        stems, unfinished = self.stems()
        return question_of([self.forms(stem) for stem in stems], unfinished, connection)


def question_of(words: list[tuple[str, ...]], unfinished: bool, connection: BaseDatabaseWrapper) -> str:
    """Write «all these words, each in one of its forms, the last perhaps unfinished» for the database's index."""
    if connection.vendor == "postgresql":
        mark, prefix, any_of, all_of = "'", ":*", " | ", " & "
    else:
        mark, prefix, any_of, all_of = '"', "*", " OR ", " AND "
    quoted = [[f"{mark}{one}{mark}" for one in forms] for forms in words]
    if unfinished:
        quoted[-1] = [f"{one}{prefix}" for one in quoted[-1]]
    return all_of.join(f"({any_of.join(forms)})" for forms in quoted)


def _ask_sqlite(column: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
    opts = column.target.model._meta
    quote = compiler.quote_name_unless_alias
    index = connection.ops.quote_name(index_name(opts.db_table, column.target.column))
    key = f"{quote(column.alias)}.{quote(opts.pk.column)}"
    return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)"  # noqa: S608


@WordsField.register_lookup
class Asked(models.Lookup[str]):
    """`words__asked=question`: rows that answer a question written by `search.queries.question`.

    The question reaches the database as it is, so a statement with it can be written once a process.
    """

    lookup_name = "asked"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the FTS5 table."""
        return _ask_sqlite(self.lhs, compiler, connection), [self.rhs]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the GIN index."""
        lhs, parameters = self.process_lhs(compiler, connection)
        return f"{vector(lhs)} @@ %s::tsquery", [*parameters, self.rhs]


@WordsField.register_lookup
class Matching(_Words):
    """`words__matching="план улучш"`: rows with all these words in any form, the last one perhaps unfinished."""

    lookup_name = "matching"

    def stems(self) -> tuple[list[str], bool]:
        """Stem the question as the text was stemmed.

        :raises ValueError: when it has no word; `search.queries.matching` knows what to do then.
        """
        stems = normalise(str(self.rhs)).split()
        if not stems:
            raise ValueError("a search needs at least one word")
        return stems, True

    def forms(self, stem: str) -> tuple[str, ...]:
        """Ask for the stem with and without a vowel that comes and goes."""
        return twins(stem)


@WordsField.register_lookup
class Stem(_Words):
    """`words__stem="улучшен"`: rows with exactly this stem."""

    lookup_name = "stem"

    def stems(self) -> tuple[list[str], bool]:
        """Take the stem as it is."""
        return [str(self.rhs)], False


def vector(column: str) -> str:
    """Return the PostgreSQL expression that splits at spaces only, exactly as the stems were written."""
    return f"array_to_tsvector(array_remove(string_to_array({column}, ' '), ''))"


def index_name(table: str, column: str) -> str:
    """Name the index of a column."""
    return f"{table}_{column}_found"
