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
        column: Any = self.lhs
        opts = column.target.model._meta
        quote = compiler.quote_name_unless_alias
        index = connection.ops.quote_name(index_name(opts.db_table, column.target.column))
        stems, unfinished = self.stems()
        words = [[f'"{one}"' for one in self.forms(stem)] for stem in stems]
        if unfinished:
            words[-1] = [f"{one}*" for one in words[-1]]
        question = " AND ".join(f"({' OR '.join(word)})" for word in words)
        key = f"{quote(column.alias)}.{quote(opts.pk.column)}"
        return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", [question]  # noqa: S608

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the GIN index over the same expression."""
        lhs, parameters = self.process_lhs(compiler, connection)
        stems, unfinished = self.stems()
        words = [[f"'{one}'" for one in self.forms(stem)] for stem in stems]
        if unfinished:
            words[-1] = [f"{one}:*" for one in words[-1]]
        question = " & ".join(f"({' | '.join(word)})" for word in words)
        return f"{vector(lhs)} @@ %s::tsquery", [*parameters, question]


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
