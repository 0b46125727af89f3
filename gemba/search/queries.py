"""Find rows by words, in any of their forms."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connections, router
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from gemba.kernel.words import normalise, twins
from gemba.search.fields import question_of

M = TypeVar("M", bound=Model)


def matching(queryset: QuerySet[M], words_text: str, column: str = "words") -> QuerySet[M]:
    """Keep the rows that have all the words, in any form; the last word may be unfinished.

    Nothing asked keeps every row, as an empty search box does; a question without a letter or digit finds none.
    `column` may lead through relations: `"organisation__words"`.
    """
    if not words_text.strip():
        return queryset
    if not normalise(words_text):
        return queryset.none()
    return queryset.filter(**{f"{column}__matching": words_text})


def question(model: type[Model], words_text: str) -> str:
    """Write what `matching` asks, for `column__asked` in a statement written once; nothing when there is no word."""
    stems = normalise(words_text).split()
    if not stems:
        return ""
    connection = connections[router.db_for_read(model)]
    return question_of([twins(stem) for stem in stems], True, connection)


def any_question(model: type[Model], stems: Sequence[str]) -> str:
    """Write «at least one of these stems», for `column__asked`."""
    connection = connections[router.db_for_read(model)]
    return question_of([tuple(stems)], False, connection)


def similar(queryset: QuerySet[M], text: str, column: str = "words", limit: int = 10) -> list[M]:
    """Return the rows that share most words with the text, at least one, the most similar and then newest first.

    Words of one or two letters carry no meaning and are left out; the first twelve different words count.
    """
    stems = list(dict.fromkeys(stem for stem in normalise(text).split() if len(stem) > 2))[:12]
    if not stems:
        return []
    any_of = Q()
    score: Combinable = Value(0, output_field=IntegerField())
    for stem in stems:
        has = Q(**{f"{column}__stem": stem})
        any_of |= has
        score = score + Case(When(has, then=Value(1)), default=Value(0), output_field=IntegerField())
    ranked = queryset.filter(any_of).annotate(shared_words=score)
    return list(ranked.order_by("-shared_words", "-pk")[:limit])
