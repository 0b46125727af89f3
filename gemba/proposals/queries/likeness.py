"""Proposals like this one, quickly among very many: few rare words bring candidates, the whole text ranks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from gemba.proposals.models import Proposal, StemCount
from gemba.proposals.rules.likeness import (
    MOST_CANDIDATES,
    THRESHOLD,
    keys_of,
    likeness,
    share,
    to_ask,
    weights,
)
from gemba.proposals.rules.states import IMPLEMENTED, State
from gemba.search.fields import WordsField, index_name, vector
from gemba.statements import written

# The row that holds the number of proposals counted.
TOTAL = ""


@WordsField.register_lookup
class AnyStem(models.Lookup[bool]):
    """`likeness__any_stem=["ключ", "щиток"]`: rows with at least one of these keys, in one look-up of the index."""

    lookup_name = "any_stem"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the FTS5 table."""
        column: Any = self.lhs
        opts = column.target.model._meta
        index = connection.ops.quote_name(index_name(opts.db_table, column.target.column))
        quote = compiler.quote_name_unless_alias
        key = f"{quote(column.alias)}.{quote(opts.pk.column)}"
        question = " OR ".join(f'"{stem}"' for stem in self.rhs)
        return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", [question]  # noqa: S608

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Ask the GIN index."""
        lhs, parameters = self.process_lhs(compiler, connection)
        question = " | ".join(f"'{stem}'" for stem in self.rhs)
        return f"{vector(lhs)} @@ %s::tsquery", [*parameters, question]


@dataclass(frozen=True)
class Words:
    """How often the words of a municipality occur, and what each weighs; made once for each nightly count."""

    stamp: tuple[int, int] = (0, 0)
    counts: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    rare: float = 1.0


_words: dict[int, Words] = {}


@written
def _stamp(*, municipality_id: int) -> "QuerySet[StemCount, tuple[int, int]]":
    return StemCount.objects.filter(municipality_id=municipality_id, stem=TOTAL).values_list("pk", "count")


def _words_of(municipality_id: int) -> Words:
    found = _stamp(municipality_id=municipality_id)
    if not found:
        # Nobody has counted yet: every word is as rare as another.
        return Words()
    stamp = found[0]
    kept = _words.get(municipality_id)
    if kept is None or kept.stamp != stamp:
        counts = dict(StemCount.objects.filter(municipality_id=municipality_id).values_list("stem", "count"))
        total = counts.pop(TOTAL, 0)
        weighed = weights(counts, counts, total)
        kept = Words(stamp, counts, weighed, weights([TOTAL], {}, total)[TOTAL])
        _words[municipality_id] = kept
    return kept


def forget_words(*, municipality_id: int) -> None:
    """Let the words of a municipality be read anew."""
    _words.pop(municipality_id, None)


@dataclass(frozen=True)
class Similar:
    """A proposal like the one in hand."""

    pk: int
    number: str
    title: str
    place: str
    state: State
    percent: int

    @property
    def state_title(self) -> str:
        """Return its state in words."""
        return self.state.title

    @property
    def tone(self) -> str:
        """Return the tone of its badge."""
        return self.state.tone

    @property
    def is_done(self) -> bool:
        """Tell whether it has been introduced."""
        return self.state in IMPLEMENTED


def similar(
    *, municipality_id: int, text: str, besides: int | None = None, only_public: bool = False, limit: int = 5
) -> list[Similar]:
    """Return the proposals of the municipality most like the text: introduced ones first, then by likeness."""
    keys = keys_of(text)[:80]
    if not keys:
        return []
    words = _words_of(municipality_id)
    found = Proposal.objects.filter(
        municipality_id=municipality_id, likeness__any_stem=to_ask(keys, words.counts)
    )
    found = found.exclude(state__in=(State.DRAFT, State.DUPLICATE, State.CANCELLED)).exclude(pk=besides or 0)
    if only_public:
        found = found.filter(is_public=True)
    rows = list(found.order_by("-pk").values_list("pk", "likeness")[:MOST_CANDIDATES])
    weigh, rare = words.weights.get, words.rare
    mine = {key: weigh(key, rare) for key in keys}
    # The same keys stand under many proposals: they are compared once.
    scores_of = {
        kept: likeness(mine, {key: weigh(key, rare) for key in kept.split()})
        for kept in {kept for _, kept in rows}
    }
    scored = [(scores_of[kept], pk) for pk, kept in rows]
    best = sorted((pair for pair in scored if pair[0] >= THRESHOLD), reverse=True)[: limit * 4]
    scores = {pk: score for score, pk in best}
    light = Proposal.objects.select_related("organisation").only(
        "title", "state", "number", "number_year", "organisation__short_name", "organisation__name"
    )
    chosen = [
        Similar(
            row.pk, row.number_text, row.title, str(row.organisation), State(row.state), share(scores[row.pk])
        )
        for row in light.filter(pk__in=scores)
    ]
    chosen.sort(key=lambda row: (not row.is_done, -row.percent, -row.pk))
    return chosen[:limit]


def candidates(*, proposal: Proposal) -> list[Similar]:
    """Return what the reviewer should compare a proposal with."""
    text = f"{proposal.problem} {proposal.solution}"
    found = similar(municipality_id=proposal.municipality_id, text=text, besides=proposal.pk, limit=5)
    return [row for row in found if row.number]
